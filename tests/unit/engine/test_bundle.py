from __future__ import annotations

import io
import json
import tarfile
from pathlib import Path

import pytest

from srmcheck.diagnostics import PolicyError
from srmcheck.engine.bundle import ENTRY_FILE, Bundle, digest, generate_dispatcher, package_of
from srmcheck.policy import load_policies
from srmcheck.policy.load import sources
from srmcheck.policy.locate import policies_dir
from srmcheck.policy.metadata import without_comments
from tests.unit.engine.toys import BUNDLE, DATA, MODULES, RULES


def test_digest_is_that_of_the_index() -> None:
    """A server with the whole bundle and a client that loads a few policies agree on the digest."""
    policies = load_policies(profile="all")
    texts = {
        name: without_comments(text.decode())
        for name, text in sources(policies_dir()).items()
        if name.endswith(".rego")
    }
    assert digest(texts, policies.data) == policies.digest


def test_digest_tells_apart() -> None:
    same = digest(dict(reversed(list(MODULES.items()))), json.loads(json.dumps(DATA)))
    assert same == BUNDLE.digest and same.startswith("sha256:") and len(same) == 71
    others = [
        digest({**MODULES, "s3/more.rego": "package p\n"}, DATA),
        digest({**MODULES, "s3/dated.rego": MODULES["s3/dated.rego"] + "\n"}, DATA),
        digest({name.upper(): text for name, text in MODULES.items()}, DATA),
        digest(MODULES, {"toys": {"data": {"old": []}}}),
    ]
    assert len({same, *others}) == 5


def test_files(tmp_path: Path) -> None:
    BUNDLE.write(tmp_path)
    manifest = json.loads((tmp_path / ".manifest").read_text())
    assert manifest == {"revision": BUNDLE.digest, "roots": ["srmcheck", "toys"], "rego_version": 1}
    assert json.loads((tmp_path / "data.json").read_text()) == DATA
    assert (tmp_path / "s3" / "dated.rego").read_text() == MODULES["s3/dated.rego"]
    assert BUNDLE.digest in (tmp_path / ENTRY_FILE).read_text()


def test_archive_is_the_same_every_time() -> None:
    again = Bundle(dict(reversed(list(MODULES.items()))), DATA, dict(reversed(list(RULES.items()))))
    assert again.archive() == BUNDLE.archive()
    with tarfile.open(fileobj=io.BytesIO(BUNDLE.archive())) as tar:
        assert sorted(tar.getnames()) == sorted(BUNDLE.files())
        assert all(member.mtime == 0 and member.uid == 0 for member in tar)


@pytest.mark.parametrize("name", ["/x.rego", "../x.rego", "a/../../x.rego", "a\\x.rego", "x.txt", ENTRY_FILE])
def test_file_names_stay_inside(name: str) -> None:
    with pytest.raises(PolicyError):
        Bundle({name: "package p\n"}, {}, {}).files()


@pytest.mark.parametrize("name", ["", "a b", "a\n", 'a"', "a..b", "1a", "ä", "a.b\nr := 1"])
def test_names_that_would_be_code(name: str) -> None:
    with pytest.raises(PolicyError):
        generate_dispatcher({name: ("deny",)}, "sha256:0")
    with pytest.raises(PolicyError):
        generate_dispatcher({"p": (name,)}, "sha256:0")


def test_dispatcher_is_in_order() -> None:
    assert generate_dispatcher(dict(reversed(list(RULES.items()))), "d") == generate_dispatcher(RULES, "d")


def test_package_of() -> None:
    assert package_of("# package no\n\npackage a.b_c\n\nr := 1\n") == "a.b_c"
    assert package_of("r := 1\n") is None
