"""A running OPA, or a fleet behind one address, asked through `opa-python-client` (docs: engines).

The server must hold our bundle: documents go in batches to its dispatcher rule, which says which policies it holds.
Whatever is not a complete answer is an EngineError.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import orjson

from srmcheck.diagnostics import ConfigError, Diagnostic, EngineError
from srmcheck.engine.answers import MalformedAnswer, malformed_answer, rule_value
from srmcheck.engine.base import Decision, Package, RuleValues, Task
from srmcheck.engine.bundle import ENTRY_PACKAGE
from srmcheck.engine.documents import beyond_bounds

MAX_BATCH_BYTES = 8 * 1024 * 1024
MAX_BATCH_DOCUMENTS = 500
CONNECT_SECONDS = 5.0
DEFAULT_TIMEOUT = 30.0


_HOST = re.compile(r"[a-z0-9._-]+|[0-9a-f:.]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class OpaSettings:
    """How to reach an OPA server. `url` is scheme, host and port only; `token` is sent as a bearer token; `ca_file`
    replaces the system's certificate authorities; `cert_file` and `key_file` are the client certificate; `timeout` is
    in seconds, for connecting (5 s at most) and between the bytes of an answer."""

    url: str
    token: str | None = field(default=None, repr=False)
    ca_file: str | None = None
    cert_file: str | None = None
    key_file: str | None = None
    timeout: float = DEFAULT_TIMEOUT


def parse_url(url: str) -> tuple[bool, str, int, bool]:
    """`https://opa.example.com:8181` to (TLS, host, port, whether it is this machine). Without a port: 80, or 443 with
    TLS. The host of an IPv6 address keeps its brackets.

    Raises ConfigError for anything else: the client takes no path prefix, and a password has no place in an address.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise _bad_url("It is no URL with a port between 0 and 65535.") from None
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise _bad_url("It must start with http:// or https:// and name a host.")
    if not _HOST.fullmatch(parts.hostname) or any(char.isspace() for char in url) or port == 0:
        raise _bad_url("Its host or its port is none.")
    if parts.username is not None or parts.password is not None:
        raise _bad_url("It must not hold a user or a password.")
    if parts.path not in ("", "/") or parts.query or parts.fragment:
        raise _bad_url("It must end after the port: a path prefix is not supported.")
    https = parts.scheme == "https"
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return https, host, port or (443 if https else 80), _is_loopback(parts.hostname)


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def _bad_url(why: str) -> ConfigError:
    return ConfigError(
        Diagnostic(
            summary="Address of the OPA server is unusable",
            detail=f"The value of --opa-url is not the address of an OPA server. {why}",
            hint="Give scheme, host and port: --opa-url https://opa.example.com:8181. The token goes into "
            "SRMCHECK_OPA_TOKEN.",
        )
    )


class OpaServerEngine:
    """Asks an OPA server. `digest` is that of the policies here: the server must hold the same. `bundle_command` writes the
    bundle for it.

    Raises ConfigError for an unusable address.
    """

    def __init__(
        self, settings: OpaSettings, digest: str, bundle_command: str = "srmcheck bundle --output bundle.tar.gz"
    ) -> None:
        https, host, port, loopback = parse_url(settings.url)
        if settings.key_file and not settings.cert_file:
            raise ConfigError(
                Diagnostic(
                    summary="Client certificate is incomplete",
                    detail="A key was given for the OPA server, and no certificate.",
                    hint="Give --opa-client-cert too.",
                )
            )
        self._settings = settings
        self._digest = digest
        self._bundle_command = bundle_command
        self._name = f"{'https' if https else 'http'}://{host}:{port}"
        self._version: str | None = None
        self._client: Any = self._connect(https, host, port, loopback)

    def _connect(self, https: bool, host: str, port: int, loopback: bool) -> Any:
        from opa_client.opa import OpaClient  # slow to import

        settings = self._settings
        cert = (settings.cert_file, settings.key_file) if settings.key_file else settings.cert_file
        client = OpaClient(
            host=host,
            port=port,
            ssl=(settings.ca_file or True) if https else False,
            cert=cert,
            token=settings.token,
            retries=1,
            timeout=(min(CONNECT_SECONDS, settings.timeout), settings.timeout),
        )
        session = client._session
        session.max_redirects = 0  # a redirect would take the documents elsewhere
        session.auth = _unchanged  # else an entry in ~/.netrc replaces the token
        if loopback:
            session.trust_env = False  # no proxy between us and this machine
        elif settings.ca_file:
            from requests.utils import get_environ_proxies

            session.trust_env = False  # else REQUESTS_CA_BUNDLE replaces the file
            session.proxies = get_environ_proxies(self._name)
        return client

    @property
    def version(self) -> str:
        """ "opa 1.22.2"; asks the server once."""
        if self._version is None:
            self.check()
        return self._version or "opa"

    def check(self) -> None:
        """Asks the server whether it is there and holds our policies. Raises EngineError if not."""
        self._request([])

    def is_up(self) -> bool:
        """Whether something answers its health check."""
        return self._client is not None and bool(self._client.check_health())

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Decision]:
        """One decision for each task, in order, asked in batches. See Engine for what is raised."""
        for batch in _batches(tasks):
            fit = [item for item in batch if isinstance(item, Task)]
            decisions = iter(self._decisions(fit) if fit else ())
            for item in batch:
                yield item if isinstance(item, Decision) else next(decisions)

    def close(self) -> None:
        if self._client is not None:
            self._client.close_connection()
            self._client = None

    def _decisions(self, batch: list[Task]) -> list[Decision]:
        """The decisions of one batch. If a policy raises, its packages are halved until one stands alone, then its
        documents: what raises fails by itself."""
        try:
            answers = self._request(batch)
        except _PolicyRaised as raised:
            names = list(dict.fromkeys(package.name for task in batch for package in task.packages))
            if len(names) > 1:
                half = frozenset(names[: len(names) // 2])
                parts = zip(self._some(batch, half), self._some(batch, half, others=True), strict=True)
                return [Decision({**a.answers, **b.answers}, {**a.failed, **b.failed}) for a, b in parts]
            if len(batch) > 1:
                middle = len(batch) // 2
                return [*self._decisions(batch[:middle]), *self._decisions(batch[middle:])]
            return [Decision({}, {name: raised.diagnostic(name, batch[0].label) for name in names})]
        return [self._decision(task, answer) for task, answer in zip(batch, answers, strict=True)]

    def _some(self, batch: list[Task], names: frozenset[str], *, others: bool = False) -> list[Decision]:
        """The decisions of a batch by the packages of these names only, or by the others."""
        tasks = [
            Task(task.document, tuple(one for one in task.packages if (one.name in names) != others), task.label)
            for task in batch
        ]
        asked = [task for task in tasks if task.packages]
        decisions = iter(self._decisions(asked) if asked else ())
        return [next(decisions) if task.packages else Decision({}) for task in tasks]

    def _decision(self, task: Task, answer: Any) -> Decision:
        if not isinstance(answer, dict):
            raise self._nonsense("an answer is no object")
        answers: dict[str, RuleValues] = {}
        failed: dict[str, Diagnostic] = {}
        for package in task.packages:
            values = answer.get(package.name)
            if not isinstance(values, dict) or not values.keys() <= set(package.rules):
                raise self._nonsense(f"there is no answer of package {package.name} about {task.label}")
            missing = [rule for rule in package.rules if rule != "not_applicable" and rule not in values]
            if missing:
                raise self._nonsense(f"package {package.name} gave no {missing[0]} about {task.label}")
            try:
                answers[package.name] = {rule: rule_value(rule, value) for rule, value in values.items()}
            except MalformedAnswer as error:
                failed[package.name] = malformed_answer(error, package.name, task.label)
        return Decision(answers, failed)

    def _request(self, tasks: list[Task]) -> list[Any]:
        """The answers of the dispatcher to some tasks. Raises _PolicyRaised, and EngineError for all else."""
        if self._client is None:
            raise EngineError(Diagnostic(summary="Policy engine was used after it was closed"))
        plans: dict[tuple[Package, ...], int] = {}
        documents = [
            {"plan": plans.setdefault(task.packages, len(plans)), "input": orjson.loads(task.document)}
            for task in tasks
        ]
        asked = [{package.name: list(package.rules) for package in packages} for packages in plans]
        result = self._result(self._post({"plans": asked, "documents": documents}))
        held = result.get("packages")
        answers = result.get("answers")
        if not isinstance(held, dict) or not isinstance(answers, list):
            raise self._nonsense("the dispatcher's answer lacks packages or answers")
        for plan in asked:
            for name, rules in plan.items():
                if not isinstance(held.get(name), list) or not set(rules) <= set(held[name]):
                    raise self._other_policies(f"it lacks package {name}, or a rule of it")
        if len(answers) != len(tasks):
            raise self._nonsense(f"{len(tasks)} documents were sent, and {len(answers)} answers came back")
        return answers

    def _result(self, body: Any) -> Mapping[str, Any]:
        """The dispatcher's result in an answer of OPA, its digest checked."""
        if not isinstance(body, dict):
            raise self._nonsense("the answer is no object")
        if "result" not in body:  # 200 and {}: a missing package, a missing rule and undefined look alike
            raise self._other_policies("it has no srmcheck bundle")
        result = body["result"]
        if not isinstance(result, dict) or not isinstance(result.get("digest"), str):
            raise self._nonsense("the dispatcher's answer has no digest")
        if result["digest"] != self._digest:
            raise self._other_policies("its bundle has another digest")
        told = result.get("opa")
        if isinstance(told, list) and told and isinstance(told[0], str) and told[0].isprintable():
            self._version = f"opa {told[0][:40]}"
        else:
            self._version = "opa"
        return result

    def _post(self, document: Mapping[str, Any]) -> Any:
        import requests

        try:
            return self._client.query_rule(
                document, ENTRY_PACKAGE, "batch", query_params={"strict-builtin-errors": "true"}
            )
        except requests.exceptions.HTTPError as error:
            raise self._refused(error.response) from None
        except requests.exceptions.SSLError:
            raise self._unreachable(
                "the TLS handshake failed",
                "Check --opa-ca-cert, --opa-client-cert and --opa-client-key, and the server's certificate.",
            ) from None
        except requests.exceptions.Timeout:
            raise EngineError(
                Diagnostic(
                    summary="OPA server is too slow",
                    detail=f"{self._name} did not answer within {self._settings.timeout:g} seconds.",
                    hint="Give it more time with --opa-timeout, or look at the server's load.",
                )
            ) from None
        except (requests.exceptions.JSONDecodeError, requests.exceptions.ContentDecodingError, UnicodeError):
            raise self._nonsense("the answer is no JSON") from None
        except requests.exceptions.TooManyRedirects:
            raise self._nonsense("it redirects to another address") from None
        except (requests.exceptions.ConnectionError, requests.exceptions.ChunkedEncodingError):
            raise self._unreachable("no connection, or it was cut", "Is the server up, and the port right?") from None
        except (requests.exceptions.RequestException, OSError):
            raise self._unreachable("the request failed", "Check the certificate files and the address.") from None
        except RecursionError:
            raise self._nonsense("the answer nests too deeply") from None

    def _refused(self, response: Any) -> Exception:
        """What an HTTP error means. The body is read for codes and places only: its texts quote values."""
        status = response.status_code
        if status in (401, 403):
            return EngineError(
                Diagnostic(
                    summary="OPA server refused the request",
                    detail=f"{self._name} answered {status}: the token or the client certificate is missing or wrong.",
                    hint="Give the token in SRMCHECK_OPA_TOKEN, and check the server's authorization policy.",
                )
            )
        errors = _errors(response)
        if status == 500 and errors and errors[0].get("code") in _FAULTS:
            return _PolicyRaised(errors[0])
        if status == 413:
            return self._nonsense("413: it takes no requests of 8 MiB; raise its limit")
        return self._nonsense(f"HTTP status {status}")

    def _nonsense(self, why: str) -> EngineError:
        return EngineError(
            Diagnostic(
                summary="OPA server gave an answer that makes no sense",
                detail=f"{self._name}: {why}.",
                hint="Is this an OPA server (1.0 or later), and nothing in between that changes its answers?",
            )
        )

    def _other_policies(self, why: str) -> EngineError:
        return EngineError(
            Diagnostic(
                summary="OPA server holds other policies",
                detail=f"{self._name}: {why}. Expected {self._digest}.",
                hint=f"Let it load the bundle that this version of srmcheck writes: {self._bundle_command}",
            )
        )

    def _unreachable(self, why: str, hint: str) -> EngineError:
        return EngineError(
            Diagnostic(summary="OPA server cannot be reached", detail=f"{self._name}: {why}.", hint=hint)
        )


class _PolicyRaised(Exception):
    """OPA says that the evaluation raised: `place` in a policy, and `fault` in our words."""

    def __init__(self, error: Mapping[str, Any]) -> None:
        super().__init__()
        location = error.get("location")
        place: Mapping[str, Any] = location if isinstance(location, dict) else {}
        self.file = place["file"].lstrip("/") if isinstance(place.get("file"), str) else None
        self.line = place["row"] if isinstance(place.get("row"), int) else None
        self.column = place["col"] if isinstance(place.get("col"), int) else None
        self.fault = _FAULTS[str(error["code"])]

    def diagnostic(self, package: str, label: str) -> Diagnostic:
        """What the user is told, of a package that was asked about one resource."""
        return Diagnostic(
            summary="Policy raised an error",
            file=self.file,
            line=self.line,
            column=self.column,
            detail=f"The package {package} stopped at {label}: {self.fault}.",
            hint="Guard the expression (is_string, is_array, resource.text ...), or report the policy as a bug.",
        )


_FAULTS = {
    "eval_builtin_error": "a built-in got a value that it does not take",
    "eval_type_error": "a built-in got a value of the wrong type",
    "eval_conflict_error": "two bodies of one rule gave different values",
}


def _errors(response: Any) -> list[Mapping[str, Any]]:
    try:
        body = response.json()
    except (ValueError, RecursionError):
        return []
    errors = body.get("errors") if isinstance(body, dict) else None
    return [error for error in errors if isinstance(error, dict)] if isinstance(errors, list) else []


def _unchanged(request: Any) -> Any:
    return request


def _batches(tasks: Iterable[Task]) -> Iterator[list[Task | Decision]]:
    """Tasks in batches of at most MAX_BATCH_BYTES and MAX_BATCH_DOCUMENTS; in the place of one whose document is beyond
    the bounds its decision."""
    batch: list[Task | Decision] = []
    size = 0
    for task in tasks:
        refused = beyond_bounds(task.document, task.label)
        if refused is not None:
            batch.append(Decision({}, {package.name: refused for package in task.packages}))
            continue
        # the client escapes what is not ASCII: two bytes become six at most, three bytes six
        length = len(task.document) if task.document.isascii() else 3 * len(task.document)
        if batch and (size + length > MAX_BATCH_BYTES or len(batch) >= MAX_BATCH_DOCUMENTS):
            yield batch
            batch, size = [], 0
        batch.append(task)
        size += length
    if batch:
        yield batch
