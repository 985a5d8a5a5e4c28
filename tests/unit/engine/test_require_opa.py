"""Without the program opa the tests that need it are skipped, and fail in CI."""

from __future__ import annotations

import pytest

from tests import opa


def test_there(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opa, "find_opa", lambda: "/usr/bin/opa")
    assert opa.require_opa() == "/usr/bin/opa"


def test_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opa, "find_opa", lambda: None)
    monkeypatch.delenv("CI", raising=False)
    with pytest.raises(pytest.skip.Exception, match="opa on PATH"):
        opa.require_opa()
    monkeypatch.setenv("CI", "true")
    with pytest.raises(pytest.fail.Exception, match="opa on PATH"):
        opa.require_opa()
