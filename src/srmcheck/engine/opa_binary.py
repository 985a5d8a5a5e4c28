"""An `opa` binary on PATH, started on this machine's loopback for the run (docs: engines).

The bundle goes into a directory of its own that only this user can read, and every request must carry a token that only
this run knows. The digest that the server reports holds a random part too: what else may have taken the port cannot
answer in its place.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import IO

from srmcheck.diagnostics import Diagnostic, EngineError
from srmcheck.engine import opa_guard
from srmcheck.engine.base import Decision, Task
from srmcheck.engine.bundle import Bundle, pack
from srmcheck.engine.opa_server import DEFAULT_TIMEOUT, OpaServerEngine, OpaSettings

START_SECONDS = 15.0
_ATTEMPTS = 3
_BUNDLE = "bundle.tar.gz"
_KEPT_ENVIRONMENT = ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG", "GOMAXPROCS", "GOMEMLIMIT")

_AUTHZ = """package system.authz

default allow := false

allow if input.identity == {token}
"""


class OpaBinaryEngine:
    """Starts `opa` (or the file `program`) with the bundle, and ends it: on close, on leaving the `with` block, and when
    this process ends in any way. `timeout` is in seconds, for one batch.

    Raises EngineError where there is no opa, or it does not start.
    """

    def __init__(self, bundle: Bundle, program: str | None = None, timeout: float = DEFAULT_TIMEOUT) -> None:
        path = program or shutil.which("opa")
        if path is None:
            raise EngineError(
                Diagnostic(
                    summary="OPA is not installed",
                    detail="--engine opa needs the program opa (1.0 or later) on PATH, and there is none.",
                    hint="Install it (openpolicyagent.org/docs/latest/#running-opa), or leave --engine out to use the "
                    "embedded engine.",
                )
            )
        self._process: subprocess.Popen[bytes] | None = None
        self._directory: Path | None = None
        self._log: IO[bytes] | None = None
        self._server: OpaServerEngine | None = None
        atexit.register(self.close)
        try:
            self._server = self._start(path, bundle, timeout)
        except BaseException:
            self.close()
            raise

    def __enter__(self) -> OpaBinaryEngine:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def version(self) -> str:
        return self._running().version

    def evaluate(self, tasks: Iterable[Task]) -> Iterator[Decision]:
        return self._running().evaluate(tasks)

    def close(self) -> None:
        if self._server is not None:
            self._server.close()
            self._server = None
        self._end_process()
        if self._log is not None:
            self._log.close()
            self._log = None
        atexit.unregister(self.close)

    def _running(self) -> OpaServerEngine:
        if self._server is None:
            raise EngineError(Diagnostic(summary="Policy engine was used after it was closed"))
        return self._server

    def _start(self, path: str, bundle: Bundle, timeout: float) -> OpaServerEngine:
        for attempt in range(1, _ATTEMPTS + 1):
            token = secrets.token_urlsafe(32)
            mine = replace(bundle, digest=f"{bundle.digest}+{secrets.token_hex(16)}")
            port = _free_port()
            self._directory = _write(mine, token)
            self._log = tempfile.TemporaryFile()  # noqa: SIM115
            self._process = _spawn(path, self._directory, port, self._log)
            server = OpaServerEngine(OpaSettings(f"http://127.0.0.1:{port}", token=token, timeout=timeout), mine.digest)
            if self._wait_until_ready(server):
                return server
            server.close()
            self._end_process()
            said = _said(self._log)
            if attempt == _ATTEMPTS or "address already in use" not in said:
                raise _not_started(said)
        raise AssertionError("unreachable")

    def _wait_until_ready(self, server: OpaServerEngine) -> bool:
        """Whether the server answers with our digest in time; False if the process ended before."""
        assert self._process is not None
        deadline = time.monotonic() + START_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                return False
            if server.is_up():
                server.check()
                return True
            time.sleep(0.02)
        return False

    def _end_process(self) -> None:
        process, directory = self._process, self._directory
        self._process = self._directory = None
        if process is not None:
            if process.stdin is not None:
                with contextlib.suppress(OSError):
                    process.stdin.close()  # the guard ends OPA then, and itself
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.terminate()
        if directory is not None:
            shutil.rmtree(directory, ignore_errors=True)


def _write(bundle: Bundle, token: str) -> Path:
    """The bundle with the authorization policy, as a file in a new directory with mode 0700."""
    files = dict(bundle.files())
    manifest = json.loads(files[".manifest"])
    files[".manifest"] = json.dumps({**manifest, "roots": [*manifest["roots"], "system"]}).encode()
    files["srmcheck_authz.rego"] = _AUTHZ.format(token=json.dumps(token)).encode()
    directory = Path(tempfile.mkdtemp(prefix="srmcheck-opa-"))
    (directory / _BUNDLE).write_bytes(pack(files))
    return directory


def _spawn(path: str, directory: Path, port: int, log: IO[bytes]) -> subprocess.Popen[bytes]:
    command = [
        path,
        "run",
        "--server",
        f"--addr=127.0.0.1:{port}",
        "--authentication=token",
        "--authorization=basic",
        "--log-level=error",
        "--skip-version-check",
        "--bundle",
        str(directory / _BUNDLE),
    ]
    environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
    guard = [sys.executable, "-I", "-S", opa_guard.__file__, str(directory)] if sys.executable else []
    try:
        return subprocess.Popen(
            [*guard, *command], stdin=subprocess.PIPE, stdout=log, stderr=log, cwd=directory, env=environment
        )
    except OSError as error:
        raise _not_started("") from error


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _said(log: IO[bytes] | None) -> str:
    if log is None:
        return ""
    log.seek(0)
    return log.read(4000).decode(errors="replace")


def _not_started(said: str) -> EngineError:
    """What OPA said is about the policies and itself, no document was sent: the kind of fault is told, and where."""
    if "rego_parse_error" in said or "rego_compile_error" in said or "rego_type_error" in said:
        why = "it refuses the policies. They may need a newer OPA (1.0 or later)."
    elif "unknown flag" in said or "unknown command" in said:
        why = "it does not know our options. It may be too old (1.0 or later is needed)."
    else:
        why = f"it ended, or did not answer within {START_SECONDS:g} seconds."
    return EngineError(
        Diagnostic(
            summary="OPA could not be started",
            detail=f"The program opa was started on 127.0.0.1, and {why}",
            hint="Run `opa version`, and `opa check --strict` on your own policies.",
        )
    )
