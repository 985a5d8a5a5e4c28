"""An OPA server that wants a client's certificate: --opa-ca-cert, --opa-client-cert, --opa-client-key."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.test_own_policies import srmcheck
from tests.opa import require_opa
from tests.own_policies import TEMPLATE


def certificate(folder: Path, name: str, *more: str) -> None:
    """A certificate and its key, signed by the authority in the folder; that authority itself for the name "ca"."""
    signed = [] if name == "ca" else ["-CA", "ca.pem", "-CAkey", "ca.key"]
    kind = "critical,CA:TRUE" if name == "ca" else "CA:FALSE"
    command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-keyout", f"{name}.key", "-out", f"{name}.pem", "-subj", f"/CN={name}", "-days", "2"]
    command += ["-addext", f"basicConstraints={kind}", *signed, *more]
    subprocess.run(command, cwd=folder, check=True, capture_output=True)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    if shutil.which("openssl") is None:
        pytest.skip("needs the program openssl")
    opa = require_opa()
    folder = tmp_path_factory.mktemp("tls")
    (folder / "t.yaml").write_text(TEMPLATE, encoding="utf-8")
    try:
        certificate(folder, "ca")
        certificate(folder, "server", "-addext", "subjectAltName=IP:127.0.0.1")
        certificate(folder, "client")
    except subprocess.CalledProcessError:
        pytest.skip("needs openssl 3.0 or later")
    assert srmcheck(folder, "bundle", "-o", "bundle.tar.gz")[0] == 0
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [opa, "run", "--server", f"--addr=https://127.0.0.1:{port}", "--log-level=error", "--skip-version-check"]
    command += ["--tls-cert-file=server.pem", "--tls-private-key-file=server.key", "--tls-ca-cert-file=ca.pem"]
    command += ["--authentication=tls", "--bundle", "bundle.tar.gz"]
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline and process.poll() is None:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield folder, f"https://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(10)


CLIENT = ("--opa-client-cert", "client.pem", "--opa-client-key", "client.key")


def test_with_a_certificate(server: tuple[Path, str]) -> None:
    folder, url = server
    asked = srmcheck(folder, "t.yaml", "--opa-url", url, "--opa-ca-cert", "ca.pem", *CLIENT)
    assert asked == srmcheck(folder, "t.yaml")


def test_without_one(server: tuple[Path, str]) -> None:
    folder, url = server
    code, _, err = srmcheck(folder, "t.yaml", "--opa-url", url, "--opa-ca-cert", "ca.pem")
    assert code == 4 and "OPA server cannot be reached" in err
    code, _, err = srmcheck(folder, "t.yaml", "--opa-url", url, *CLIENT)
    assert code == 4 and "--opa-ca-cert" in err


def test_a_key_alone(server: tuple[Path, str]) -> None:
    folder, url = server
    code, _, err = srmcheck(folder, "t.yaml", "--opa-url", url, "--opa-client-key", "client.key")
    assert code == 2 and "--opa-client-cert" in err
