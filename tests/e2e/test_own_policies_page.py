"""docs/own-policies.md, run as it is written."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

from tests.opa import require_opa

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "own-policies.md").read_text(encoding="utf-8")
_BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_FILE = re.compile(r"`([\w./]+\.\w+)`:\s*$")
CODES = {
    "srmcheck policies new ACME-S3-001 --name owner_tag --type AWS::S3::Bucket --dir acme": 0,
    "srmcheck test acme": 0,
    "srmcheck --policy-dir acme/policies --select 'ACME-*' template.yaml": 1,
    "srmcheck --policy-dir acme/policies --data acme/parameters.yaml --select 'ACME-*' template.yaml": 0,
    "srmcheck bundle --output bundle.tar.gz --policy-dir acme/policies": 0,
}


def test_every_step(tmp_path: Path) -> None:
    """Files are written where the page names them, commands are run in its order, with the exit codes that it tells."""
    tools = tmp_path / "bin"
    tools.mkdir()
    (tools / "srmcheck").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m srmcheck "$@"\n', encoding="utf-8")
    (tools / "srmcheck").chmod(0o755)
    (tools / "opa").symlink_to(require_opa())
    environment = {**os.environ, "PATH": f"{tools}{os.pathsep}{os.environ['PATH']}"}
    work = tmp_path / "work"
    work.mkdir()
    ran: dict[str, int] = {}
    written: list[str] = []
    for match in _BLOCK.finditer(PAGE):
        language, text = match.groups()
        named = _FILE.search(PAGE[: match.start()].rstrip())
        if language == "sh":
            for line in text.splitlines():
                done = subprocess.run(["sh", "-c", line], cwd=work, env=environment, capture_output=True, text=True)
                ran[line] = done.returncode
                assert done.returncode == CODES[line], f"{line}\n{done.stdout}{done.stderr}"
                if line == "srmcheck test acme":
                    assert "note: many unknown" not in done.stdout
                    assert "embedded, opa" in done.stdout
        elif named is not None:
            file = work / named[1]
            assert file.parent.is_dir(), named[1]
            file.write_text(text, encoding="utf-8")
            written.append(named[1])
    assert ran == CODES
    assert len(written) == 6


def test_the_settings_of_the_page(tmp_path: Path) -> None:
    from srmcheck.commands.settings_file import read_settings

    (block,) = (text for language, text in _BLOCK.findall(PAGE) if text.startswith("policy-dir"))
    (tmp_path / "s.yaml").write_text(block, encoding="utf-8")
    found = read_settings((), tmp_path / "s.yaml")
    assert found is not None and set(found.settings) == {"policy_dirs", "data_files"}


def test_what_is_written_is_formatted(tmp_path: Path) -> None:
    for number, text in enumerate(text for language, text in _BLOCK.findall(PAGE) if language == "rego"):
        (tmp_path / f"{number}.rego").write_text(text, encoding="utf-8")
    done = subprocess.run([require_opa(), "fmt", "--diff", str(tmp_path)], capture_output=True, text=True, check=True)
    assert done.stdout == ""
