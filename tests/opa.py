"""The real OPA in tests: who needs it says so with `require_opa`, and starts servers with `scratch_opa`."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import requests

UNDEFINED = "<undefined>"
RAISED = "<raised>"


def find_opa() -> str | None:
    """The program `opa` on PATH, or where `go install` puts it."""
    found = shutil.which("opa")
    if found is None:
        installed = Path.home() / "go" / "bin" / "opa"
        found = str(installed) if installed.is_file() else None
    return found


def require_opa() -> str:
    """The path of `opa`. Where there is none the test is skipped, in CI it fails."""
    found = find_opa()
    if found is None:
        why = "needs the program opa on PATH (go install github.com/open-policy-agent/opa@v1.22.2)"
        if os.environ.get("CI") == "true":
            pytest.fail(f"CI {why}")
        pytest.skip(why)
    return found


class ScratchOpa:
    """An OPA server that takes modules from tests and answers about them, errors of built-ins included."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._session = requests.Session()
        self._session.trust_env = False

    def load(self, text: str, name: str = "scratch") -> list[str]:
        """Loads a module in place of the last of that name; what OPA complains about (it keeps the old one then)."""
        response = self._session.put(f"{self._url}/v1/policies/{name}", data=text.encode(), timeout=30)
        if response.ok:
            return []
        body = response.json()
        return [str(error["message"]) for error in body.get("errors") or [body]]

    def ask(self, path: str, document: bytes) -> Any:
        """The value at a path (dots) for an input document as JSON text; UNDEFINED or RAISED."""
        response = self._session.post(
            f"{self._url}/v1/data/{path.replace('.', '/')}?strict-builtin-errors=true",
            data=b'{"input":' + document + b"}",
            timeout=30,
        )
        if response.status_code == 500:
            return RAISED
        response.raise_for_status()
        return json.loads(response.content).get("result", UNDEFINED)


@contextmanager
def opa_process(*arguments: str) -> Iterator[str]:
    """`opa run --server` with more arguments on a free port of this machine, ended at the end; its address."""
    opa = require_opa()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    url = f"http://127.0.0.1:{port}"
    command = [opa, "run", "--server", f"--addr=127.0.0.1:{port}", "--log-level=error", "--skip-version-check"]
    process = subprocess.Popen([*command, *arguments], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait(url, process)
        yield url
    finally:
        process.terminate()
        process.wait(10)


def _wait(url: str, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 30
    session = requests.Session()
    session.trust_env = False
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"opa ended with {process.returncode}")
        try:
            if session.get(f"{url}/health", timeout=1).ok:
                return
        except requests.RequestException:
            time.sleep(0.05)
    pytest.fail("opa did not start")
