"""Values for root variables from files, by Terraform's precedence: terraform.tfvars, terraform.tfvars.json, then
`*.auto.tfvars` and `*.auto.tfvars.json` in the order of their names; the later wins.

Source: developer.hashicorp.com/terraform/language/values/variables#variable-definition-precedence
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

from srmcheck.diagnostics import Diagnostic
from srmcheck.loaders.terraform.hcl.convert import nodes
from srmcheck.loaders.terraform.hcl.partial import EvalError
from srmcheck.loaders.terraform.hcl.reading import Reader, shown_path
from srmcheck.loaders.terraform.hcl.scope import Scope
from srmcheck.values import Node

if TYPE_CHECKING:
    from srmcheck.loaders.terraform.hcl.modules import ModuleInstance


def given_values(reader: Reader, directory: Path, shown: str, module: ModuleInstance) -> dict[str, Node]:
    """The values by variable name. What cannot be read is a diagnostic."""
    values: dict[str, Node] = {}
    names = reader.names(directory) or []
    first = [name for name in ("terraform.tfvars", "terraform.tfvars.json") if name in names]
    automatic = [name for name in names if name.endswith((".auto.tfvars", ".auto.tfvars.json"))]
    for name in [*first, *automatic]:
        label = shown_path(shown, name)
        path = directory / name
        if name.endswith(".json"):
            values.update(_json(reader, path, label))
        else:
            values.update(_hcl(reader, path, label, module))
    return values


def _hcl(reader: Reader, path: Path, label: str, module: ModuleInstance) -> dict[str, Node]:
    parsed = reader.parse(path, label)
    if parsed is None:
        reader.unread.append(label)
        return {}
    values: dict[str, Node] = {}
    scope = Scope(module, parsed.source)
    for block in parsed.body.blocks:
        line, column = parsed.source.position(block.start)
        reader.diagnostics.append(
            Diagnostic(
                "Unexpected block", label, line, column, "A variables file holds arguments only.", "Remove the block."
            )
        )
    for name, attribute in parsed.body.attributes.items():
        try:
            values[name] = module.evaluator.evaluate(attribute.expr, scope)
        except EvalError as error:
            module.root.report(error)
    return values


def _json(reader: Reader, path: Path, label: str) -> dict[str, Node]:
    text = reader.text(path, label)
    if text is None:
        reader.unread.append(label)
        return {}
    try:
        data = json.loads(text)
        if not isinstance(data, dict):
            raise ValueError
    except (ValueError, RecursionError):
        reader.unread.append(label)
        reader.diagnostics.append(
            Diagnostic("Invalid JSON", label, detail="A variables file in JSON is one object.", hint="Mend the file.")
        )
        return {}
    return {name: nodes(value) for name, value in data.items()}
