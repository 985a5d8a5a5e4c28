from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from srmcheck.loaders.terraform.hcl import functions, load_hcl
from srmcheck.loaders.terraform.hcl.config import configure
from srmcheck.loaders.terraform.hcl.evaluate import Evaluator
from srmcheck.loaders.terraform.hcl.modules import ModuleInstance, Root
from srmcheck.loaders.terraform.hcl.parse import parse_body
from srmcheck.loaders.terraform.hcl.reading import ParsedFile, Reader
from srmcheck.loaders.terraform.hcl.syntax import Source
from srmcheck.template import Template
from srmcheck.values import Node

Evaluate = Callable[..., Node]
Load = Callable[..., Template]


@pytest.fixture
def evaluate(tmp_path: Path) -> Evaluate:
    """Evaluates an expression in a module that holds the given text. Raises EvalError."""

    def run(expression: str, text: str = "") -> Node:
        whole = f"{text}\nlocals {{\n  asked = {expression}\n}}\n"
        parsed = ParsedFile("main.tf", Source("main.tf", whole), parse_body(whole))
        root = Root(
            evaluator=Evaluator(functions.call),
            directory=tmp_path,
            given={},
            open_module=lambda module, call: "not there",
            report=lambda error: None,
            reader=Reader(tmp_path.resolve()),
        )
        module = ModuleInstance(root, configure("", [parsed]), tmp_path)
        for key in module.configuration.resources:
            for member in module.group(key).members:
                module.instance(key, member)
        return module.local("asked")

    return run


@pytest.fixture
def load(tmp_path: Path) -> Load:
    """Loads a root module from files given as text, `main` as main.tf."""

    def run(main: str = "", files: dict[str, str] | None = None, root: str = ".") -> Template:
        for name, text in {f"{root}/main.tf": main, **(files or {})}.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        return load_hcl(tmp_path / root, "test", boundary=tmp_path)

    return run
