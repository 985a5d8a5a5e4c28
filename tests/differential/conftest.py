"""A real OPA beside the embedded engine."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.opa import ScratchOpa, opa_process


@pytest.fixture(scope="session")
def scratch_opa() -> Iterator[ScratchOpa]:
    with opa_process() as url:
        yield ScratchOpa(url)
