"""Starts a new policy: the Rego file with its METADATA, its test, and the twin fixtures (docs: CONTRIBUTING).

What is written compiles, and its test and fixtures fail until the policy says something.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import srmcheck
from srmcheck.diagnostics import ConfigError, Diagnostic
from srmcheck.policy.locate import catalogue_file
from srmcheck.policy.model import parse_path
from srmcheck.policy.own_files import DATA, KEYWORDS, LIBRARY, RESERVED_ROOTS
from srmcheck.results import SHIPPED

_ID = re.compile(r"[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*-[0-9]{3}")
_NAME = re.compile(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)*")
_WIDTH = 110
_LINK = "https://docs.aws.amazon.com/"


def scaffold(
    id: str,
    service: str | None,
    name: str | None,
    directory: Path,
    type_name: str | None = None,
    terraform_type: Callable[[str], str | None] = lambda _: None,
) -> list[Path]:
    """Writes the files of a new policy `id` below `directory` and gives their paths.

    `service` is the folder and package (`s3`), `name` the file and the package's last part (`bucket_versioning`); for an id
    of one's own (ACME-S3-001) they follow from the id if they are not given. What the catalogue says about an id of
    srmcheck's, where it is there, fills the METADATA. `type_name` is the judged type of an own one, `terraform_type` gives
    the Terraform type for it, None where there is none. Nothing is overwritten.

    Raises ConfigError for a bad id, name or type, and files that exist.
    """
    if not _ID.fullmatch(id):
        raise ConfigError(Diagnostic("Bad policy id", detail=_EXPECTED["id"].format(id)))
    is_own = not id.startswith(SHIPPED)
    _, *middle, number = id.split("-")
    service = service or (middle[-1].lower() if is_own and middle else "")
    name = name or (f"policy_{number}" if is_own else "")
    for text, what in ((service, "service"), (name, "name")):
        if not _NAME.fullmatch(text) or text in KEYWORDS or text in (LIBRARY, DATA):
            raise ConfigError(Diagnostic("Bad policy " + what, detail=_EXPECTED[what].format(text)))
    root = _root(id, directory / "policies") if is_own else "srmcheck"
    entry = {} if is_own else _catalogue_entry(id)
    types = _types_of(type_name or "AWS::S3::Bucket") if is_own else _judged_types(entry)
    first = next(iter(types))
    files = {
        Path("policies", service, f"{name}.rego"): _policy(id, root, service, name, entry, types),
        Path("policies", service, f"{name}_test.rego"): _test(id, root, service, name, first),
        Path("fixtures", "cloudformation", service, f"{name}.yaml"): _cloudformation(first),
    }
    terraform = terraform_type(first) if is_own else next(iter(entry.get("terraform_types", ())), "aws_s3_bucket")
    if terraform is not None:
        files[Path("fixtures", "terraform", service, name, "main.tf")] = _terraform(terraform)
    written = [directory / path for path in files]
    for path in written:
        if path.exists():
            raise ConfigError(
                Diagnostic(
                    "File exists",
                    file=str(path),
                    detail="A new policy never overwrites a file.",
                    hint="choose another name",
                )
            )
    for path, text in zip(written, files.values(), strict=True):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return written


_EXPECTED = {
    "id": "{!r} is no policy id; expected capital letters and three digits, as in ACME-S3-001.",
    "service": "{!r} is no service; expected small letters, digits and underscores, as in s3.",
    "name": "{!r} is no policy name; expected small letters, digits and underscores, as in bucket_versioning.",
}


def _root(id: str, policies: Path) -> str:
    """What the packages of own policies start with: as those that are there, else after the id."""
    for file in sorted(policies.glob("*/*.rego")):
        match = re.search(r"(?m)^package[ \t]+(\w+)\.", file.read_text(encoding="utf-8", errors="replace"))
        if match:
            return match[1]
    root = id.split("-")[0].lower()
    return f"{root}_policies" if root in RESERVED_ROOTS else root


def _types_of(type_name: str) -> dict[str, list[str]]:
    """The judged type of an own policy, with a property to begin with."""
    from srmcheck.policy.known_paths import near_type
    from srmcheck.schema import load

    known = load().get(type_name)
    if known is None:
        raise ConfigError(Diagnostic(f"Unknown resource type: {type_name[:80]}", hint=near_type(type_name)))
    scalars = sorted(name for name, shape in known.root.properties.items() if shape.kind in ("string", "boolean"))
    return {type_name: (scalars or sorted(known.root.properties))[:1]}


def _catalogue_entry(id: str) -> Mapping[str, Any]:
    path = catalogue_file()
    if path is None:
        return {}
    import yaml

    for entry in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader):
        if entry["id"] == id:
            return dict(entry)
    return {}


def _judged_types(entry: Mapping[str, Any]) -> dict[str, list[str]]:
    """The types that the catalogue names, each with the paths in backticks of its text that the type has. Where there is
    none, the first property of the first type stands for it."""
    from srmcheck.schema import load

    named = re.findall(r"`([A-Z][A-Za-z0-9]*(?:\[\])?(?:\.[A-Z][A-Za-z0-9]*(?:\[\])?)*)`", entry.get("fails_when", ""))
    found: dict[str, list[str]] = {}
    for name in entry.get("resource_types", ("AWS::S3::Bucket",)):
        known = load().get(name)
        if known is not None:
            paths = [path for path in dict.fromkeys(named) if known.root.at(parse_path(path)) is not None]
            found[name] = paths or sorted(known.root.properties)[:1]
    return found


def metadata_block(title: str, description: str, links: Sequence[str], custom: Mapping[str, Any]) -> str:
    """A METADATA comment block, in the house's layout, ready to stand above `package`."""
    lines = ["METADATA", *_pair("title", title, 0), *_pair("description", description, 0)]
    if links:
        lines.append("related_resources:")
        lines.extend(f"  - ref: {link}" for link in links)
    lines.append("custom:")
    for key, value in custom.items():
        lines.extend(_pair(key, value, 2))
    return "".join(f"# {line}\n" for line in lines)


def _pair(key: str, value: Any, indent: int) -> list[str]:
    pad = " " * indent
    name = _scalar(key)
    if isinstance(value, Mapping):
        if not value:
            return [f"{pad}{name}: {{}}"]
        flow = f"{pad}{name}: {_flow(value)}"
        if len(flow) <= _WIDTH and indent >= 4 and not any(isinstance(item, Mapping) for item in value.values()):
            return [flow]
        return [f"{pad}{name}:"] + [line for k, v in value.items() for line in _pair(k, v, indent + 2)]
    if isinstance(value, (list, tuple)):
        flow = f"{pad}{name}: {_flow(value)}"
        if len(flow) <= _WIDTH:
            return [flow]
        return [f"{pad}{name}:", *_wrapped_list(value, indent + 2)]
    flow = f"{pad}{name}: {_scalar(value)}"
    if len(flow) <= _WIDTH or not isinstance(value, str):
        return [flow]
    return [f"{pad}{name}: >-", *_wrapped_text(value, indent + 2)]


def _wrapped_list(values: Sequence[Any], indent: int) -> list[str]:
    lines: list[str] = []
    line = " " * indent + "["
    for number, value in enumerate(values):
        item = _flow(value) + ("," if number < len(values) - 1 else "]")
        if len(line) + len(item) + 1 > _WIDTH:
            lines.append(line.rstrip())
            line = " " * (indent + 1)
        line += item + " "
    lines.append(line.rstrip())
    return lines


def _wrapped_text(text: str, indent: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in text.split():
        if line and indent + len(line) + 1 + len(word) > _WIDTH:
            lines.append(" " * indent + line)
            line = word
        else:
            line = f"{line} {word}" if line else word
    lines.append(" " * indent + line)
    return lines


def _flow(value: Any) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_scalar(k)}: {_flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_flow(item) for item in value) + "]"
    text = _scalar(value)
    if isinstance(value, str) and text == value and any(mark in value for mark in ",[]{}"):
        return "'" + value.replace("'", "''") + "'"
    return text


def _scalar(value: Any) -> str:
    import yaml

    return (
        str(yaml.safe_dump(value, width=10_000, allow_unicode=True, default_flow_style=True))
        .removesuffix("...\n")
        .strip()
    )


def _policy(
    id: str, root: str, service: str, name: str, entry: Mapping[str, Any], types: Mapping[str, Sequence[str]]
) -> str:
    remediation = entry.get("remediation", {"terraform": "Say what to set.", "cloudformation": "Say what to set."})
    custom: dict[str, Any] = {
        "id": id,
        "severity": entry.get("severity", "medium"),
        "responsibility": entry.get("responsibility", "data-protection"),
        "service": service.replace("_", ""),
        "since": srmcheck.__version__ if root == "srmcheck" else "1.0.0",
        "profile": "all" if "Off in the default profile" in entry.get("fails_when", "") else "default",
        "types": types,
    }
    if entry.get("yields_to"):
        custom["yields_to"] = entry["yields_to"]
    custom["remediation"] = {language: remediation[language] for language in ("terraform", "cloudformation")}
    for key in ("frameworks", "equivalents"):
        if entry.get(key):
            custom[key] = entry[key]
    title = entry.get("title", "The compliant condition, in one short sentence")
    description = entry.get("fails_when", "What is wrong, why it matters, and what an absent value means.")
    path = next(iter(types.values()))[0].split("[]")[0]
    steps = ", ".join(f'"{step}"' for step in path.split("."))
    return f"""{metadata_block(title, description, [_LINK], custom)}package {root}.{service}.{name}

import data.srmcheck.lib.finding
import data.srmcheck.lib.resource

# Say what good looks like, and deny its negation. METADATA names every path that is read here.
deny contains finding.at([{steps}], "say what is wrong, in the words of the template") if not is_good

settled contains [] if is_good

is_good if resource.text(input.resource, [{steps}]) == "write the condition here"
"""


def _test(id: str, root: str, service: str, name: str, type_name: str) -> str:
    lines = "\n".join(sorted(["import data.srmcheck.lib.documents", f"import data.{root}.{service}.{name} as policy"]))
    return f"""package {root}.{service}.{name}_test

{lines}

# {id}: a test for each case that the policy's text names, the absent value among them.

test_pass if count(policy.deny) == 0 with input as documents.of("{type_name}", {{"Write": "the good value"}})

test_fail_absent if count(policy.deny) == 1 with input as documents.of("{type_name}", {{}})
"""


def _terraform(type_name: str) -> str:
    return f"""# The name of a resource is its verdict (docs/fixtures.md).

provider "aws" {{
  region = "eu-west-1"
}}

resource "{type_name}" "pass_on" {{
  # write the good value
}}

# say what an absent value means
resource "{type_name}" "fail_absent" {{
}}
"""


def _cloudformation(type_name: str) -> str:
    return f"""# The name of a resource is its verdict (docs/fixtures.md).
AWSTemplateFormatVersion: "2010-09-09"

Resources:
  PassOn:
    Type: {type_name}
    Properties: {{}} # write the good value

  # say what an absent value means
  FailAbsent:
    Type: {type_name}
"""
