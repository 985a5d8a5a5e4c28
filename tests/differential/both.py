"""One module, one document, two engines."""

from __future__ import annotations

from typing import Any

import orjson

from srmcheck.engine.embedded import regorus_module
from tests.opa import RAISED, UNDEFINED, ScratchOpa


class Both:
    """A module in both engines; both must take it."""

    def __init__(self, opa: ScratchOpa, text: str) -> None:
        complaints = opa.load(text)
        assert not complaints, complaints
        self._opa = opa
        self._text = text
        self._engine = self._embedded()

    def _embedded(self) -> Any:
        engine = regorus_module().Engine()
        engine.add_policy("scratch.rego", self._text)
        return engine

    def ask(self, path: str, document: Any) -> tuple[Any, Any]:
        """What the embedded engine and OPA answer; numbers are compared as written, so both are dumped again."""
        text = orjson.dumps(document)
        return self._ask_embedded(path, text), normal(self._opa.ask(path, text))

    def _ask_embedded(self, path: str, document: bytes) -> Any:
        try:
            self._engine.set_input_json(document.decode())
            value = orjson.loads(self._engine.eval_rule_as_json(f"data.{path}"))
        except Exception:
            return RAISED
        except BaseException as error:
            if type(error).__name__ != "PanicException":
                raise
            self._engine = self._embedded()
            return RAISED
        return UNDEFINED if value == UNDEFINED else normal(value)


def normal(value: Any) -> Any:
    """A value with integral fractions as integers, as documents have them."""
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, list):
        return [normal(part) for part in value]
    if isinstance(value, dict):
        return {key: normal(part) for key, part in value.items()}
    return value
