"""Settings files: found, read, checked with their places, and described by the published schema."""

from __future__ import annotations

import importlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from srmcheck.commands.settings import KEYS
from srmcheck.commands.settings_file import read_settings
from srmcheck.diagnostics import ConfigError
from srmcheck.report import FORMATS

SCHEMA = json.loads((Path(__file__).parents[3] / "schemas" / "config-v1.schema.json").read_text(encoding="utf-8"))


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A git work tree with a folder in it, where srmcheck is started."""
    (tmp_path / "repo" / ".git").mkdir(parents=True)
    (tmp_path / "repo" / "infra" / "prod").mkdir(parents=True)
    monkeypatch.chdir(tmp_path / "repo")
    return tmp_path / "repo"


def values(paths: tuple[str, ...] = (".",), named: Path | None = None) -> dict[str, Any]:
    found = read_settings(paths, named)
    assert found is not None
    return {option: setting.value for option, setting in found.settings.items()}


def fault(text: str, file: str = "srmcheck.yaml", named: Path | None = None) -> tuple[str, int | None, str]:
    Path(file).write_text(text, encoding="utf-8")
    with pytest.raises(ConfigError) as raised:
        read_settings((".",), named)
    found = raised.value.diagnostic
    assert found.file == Path(file).as_posix()
    return found.summary, found.line, f"{found.detail} {found.hint}"


def test_none(here: Path) -> None:
    assert read_settings(("infra/prod",)) is None
    (here / "pyproject.toml").write_text("[project]\nname = 'srmcheck-user'\n", encoding="utf-8")
    assert read_settings(("infra/prod",)) is None


@pytest.mark.parametrize("name", ["srmcheck.yaml", "srmcheck.yml", "pyproject.toml"])
@pytest.mark.parametrize("folder", [".", "infra", "infra/prod"])
@pytest.mark.parametrize("path", ["infra/prod", "infra/prod/plan.json", "infra/prod/none.json"])
def test_found_upward(here: Path, name: str, folder: str, path: str) -> None:
    (here / "infra" / "prod" / "plan.json").write_text("{}", encoding="utf-8")
    text = "[tool.srmcheck]\nfail-on = 'low'\n" if name.endswith("toml") else "fail-on: low\n"
    (here / folder / name).write_text(text, encoding="utf-8")
    found = read_settings((path, "."))
    assert found is not None
    assert found.file == Path(folder, name).as_posix()
    assert found.settings["fail_on"].value == "low"
    assert found.settings["fail_on"].line == text.count("\n")


def test_the_nearest_counts(here: Path) -> None:
    (here / "srmcheck.yaml").write_text("fail-on: low\n", encoding="utf-8")
    (here / "infra" / "srmcheck.yml").write_text("strict: true\n", encoding="utf-8")
    (here / "infra" / "prod" / "pyproject.toml").write_text("[project]\n# srmcheck\n", encoding="utf-8")
    assert values(("infra/prod",)) == {"strict": True}
    assert values(("-",)) == {"fail_on": "low"}


def test_not_beyond_the_work_tree(here: Path) -> None:
    (here.parent / "srmcheck.yaml").write_text("fail-on: low\n", encoding="utf-8")
    assert read_settings(("infra/prod",)) is None
    assert read_settings(("..",)) is not None  # no work tree: the folder alone
    (here / ".git").rmdir()
    (here / "srmcheck.yaml").write_text("fail-on: low\n", encoding="utf-8")
    assert read_settings(("infra",)) is None


def test_links_are_followed_and_may_not_lead_out(here: Path) -> None:
    outside = here.parent / "outside.yaml"
    outside.write_text("fail-on: low\n", encoding="utf-8")
    (here / "srmcheck.yaml").symlink_to(outside)
    with pytest.raises(ConfigError, match="leads outside"):
        read_settings((".",))
    assert values(named=Path("srmcheck.yaml")) == {"fail_on": "low"}


def test_several_files_side_by_side(here: Path) -> None:
    (here / "srmcheck.yaml").write_text("fail-on: low\n", encoding="utf-8")
    (here / "pyproject.toml").write_text("[tool.other]\nx = 'srmcheck'\n", encoding="utf-8")
    assert values() == {"fail_on": "low"}
    (here / "pyproject.toml").write_text("[tool.srmcheck]\n", encoding="utf-8")
    with pytest.raises(ConfigError, match="Several settings files"):
        read_settings((".",))


EVERYTHING = """\
format: [text, json]
output: {matrix: out/m.txt}
fail-on: high
fail-on-unknown: true
exit-zero: no
strict: yes
allow-nothing: true
select: ["SRM-S3-*", "service:kms"]
ignore: SRM-S3-009
policy-dir: [policies, more]
data: data.yaml
profile: all
scope: account
baseline: known.json
inline-ignores: false
show-passed: true
source: ..
root: /
engine: opa
opa-url: http://127.0.0.1:8181
opa-ca-cert: ca.pem
opa-client-cert: cert.pem
opa-client-key: key.pem
opa-timeout: 5
"""
EVERYTHING_TOML = """\
[tool.srmcheck]
format = ["text", "json"]
fail-on = "high"
fail-on-unknown = true
exit-zero = false
strict = true
allow-nothing = true
select = ["SRM-S3-*", "service:kms"]
ignore = "SRM-S3-009"
policy-dir = ["policies", "more"]
data = "data.yaml"
profile = "all"
scope = "account"
baseline = "known.json"
inline-ignores = false
show-passed = true
source = ".."
root = "/"
engine = "opa"
opa-url = "http://127.0.0.1:8181"
opa-ca-cert = "ca.pem"
opa-client-cert = "cert.pem"
opa-client-key = "key.pem"
opa-timeout = 5
[tool.srmcheck.output]
matrix = "out/m.txt"
"""


@pytest.mark.parametrize(("name", "text"), [("all.yaml", EVERYTHING), ("all.toml", EVERYTHING_TOML)])
def test_every_setting_in_a_file_that_is_named(here: Path, name: str, text: str) -> None:
    (here / "infra" / "out").mkdir()
    (here / "infra" / name).write_text(text, encoding="utf-8")
    found = values(named=Path("infra") / name)
    assert found == {
        "formats": ("text", "json"),
        "outputs": (("matrix", Path("infra/out/m.txt")),),
        "fail_on": "high",
        "fail_on_unknown": True,
        "exit_zero": False,
        "strict": True,
        "allow_nothing": True,
        "select": ("SRM-S3-*", "service:kms"),
        "ignore": ("SRM-S3-009",),
        "policy_dirs": (Path("infra/policies"), Path("infra/more")),
        "data_files": (Path("infra/data.yaml"),),
        "profile": "all",
        "scope": "account",
        "baseline": Path("infra/known.json"),
        "inline_ignores": False,
        "show_passed": True,
        "source": Path(),
        "root": Path("/"),
        "engine": "opa",
        "opa_url": "http://127.0.0.1:8181",
        "opa_ca_cert": Path("infra/ca.pem"),
        "opa_client_cert": Path("infra/cert.pem"),
        "opa_client_key": Path("infra/key.pem"),
        "opa_timeout": 5.0,
    }
    assert set(found) == {key.option for key in KEYS}


def test_paths_are_relative_to_the_file(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (here / "srmcheck.yaml").write_text("baseline: ci/known.json\n", encoding="utf-8")
    monkeypatch.chdir(here / "infra")
    assert values(("prod",)) == {"baseline": Path("../ci/known.json")}


@pytest.mark.parametrize("key", [key.name for key in KEYS if key.trusted])
def test_what_a_found_file_may_not_set(here: Path, key: str) -> None:
    line = yaml.safe_load(EVERYTHING)[key]
    summary, at, words = fault(f"strict: true\n{key}: {json.dumps(line)}\n")
    assert (summary, at) == ("Setting not taken from a file that was found", 2)
    assert f"--{key}" in words and "--config srmcheck.yaml" in words


@pytest.mark.parametrize(
    "text",
    ["baseline: ../known.json", "baseline: /etc/passwd", "source: ../..", "policy-dir: [a, ../x]", "data: /x.yaml"],
)
def test_where_a_found_file_may_not_lead(here: Path, text: str) -> None:
    summary, line, _ = fault(f"{text}\n")
    assert (summary, line) == ("Setting leads outside", 1)


WRONG = "Setting with a value that it cannot have"


@pytest.mark.parametrize(
    ("text", "summary", "line", "word"),
    [
        ("strict: true\nfial-on: high\n", "Unknown setting", 2, "did you mean fail-on?"),
        ("fail_on: high\n", "Unknown setting", 1, "did you mean fail-on?"),
        ("zzz: 1\n", "Unknown setting", 1, "inline-ignores"),
        ("fail-on: hihg\n", WRONG, 1, "did you mean high?"),
        ("fail-on: [high]\n", WRONG, 1, "critical, high"),
        ("fail-on:\n", WRONG, 1, "critical, high"),
        ("strict: 'yes'\n", WRONG, 1, "true or false"),
        ("strict: 1\n", WRONG, 1, "true or false"),
        ("format: txt\n", WRONG, 1, "did you mean text?"),
        ("format: {text: x}\n", WRONG, 1, "a list of formats"),
        ("select: 3\n", WRONG, 1, "a text or a list of texts"),
        ("select: [a, [b]]\n", WRONG, 1, "a text or a list of texts"),
        ("select: ['']\n", WRONG, 1, "a text or a list of texts"),
        ("baseline: 3\n", WRONG, 1, "a path"),
        ("baseline: ''\n", WRONG, 1, "a path"),
        ("- strict\n", "Settings file cannot be read", 1, "A mapping"),
        ("strict: true\nstrict: false\n", "Settings file cannot be read", 2, "line 1"),
        ("strict: {\n", "Settings file cannot be read", 2, "YAML"),
        ("a: &a [*a]\n", "Settings file cannot be read", 1, "alias"),
        ("strict: !Foo x\n", "Settings file cannot be read", 1, "CloudFormation"),
        ("[" * 3000, "Settings file cannot be read", 1, "levels"),
    ],
)
def test_faults_of_yaml(here: Path, text: str, summary: str, line: int, word: str) -> None:
    found = fault(text)
    assert found[:2] == (summary, line)
    assert word in found[2]


@pytest.mark.parametrize(
    ("text", "summary", "line", "word"),
    [
        ("[tool.srmcheck]\n\nfial-on = 'high'\n", "Unknown setting", 3, "did you mean fail-on?"),
        ('[tool]\n["tool".srmcheck]\n"strict" = "x"\n', WRONG, 3, "true or false"),
        ("[tool.srmcheck.output]\nmatrix = 'x'\n", "Setting not taken from a file that was found", 1, "--output"),
        ("tool = {srmcheck = {strict = 1}}\n", WRONG, 1, "true or false"),
        ("[tool]\nsrmcheck = 3\n", "Settings file cannot be read", None, "a table"),
        ("[tool.srmcheck]\nstrict = tru\n", "Settings file cannot be read", 2, "TOML"),
    ],
)
def test_faults_of_toml(here: Path, text: str, summary: str, line: int | None, word: str) -> None:
    found = fault(text, "pyproject.toml")
    assert found[:2] == (summary, line)
    assert word in found[2]


@pytest.fixture
def python_310(here: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """As on Python 3.10: no tomllib. The texts that tomli was given."""
    import tomli

    (here / "pyproject.toml").write_text("[tool.srmcheck]\n", encoding="utf-8")
    read_settings((".",))  # what is imported at the first call is imported as this Python does
    texts: list[str] = []

    def loads(text: str) -> dict[str, Any]:
        texts.append(text)
        return real(text)

    real = tomli.loads
    monkeypatch.setattr(tomli, "loads", loads)
    monkeypatch.setattr(sys, "version_info", (3, 10, 18, "final", 0))
    monkeypatch.setitem(sys.modules, "tomllib", None)
    with pytest.raises(ImportError):
        importlib.import_module("tomllib")
    return texts


def test_without_tomllib_tomli_reads_the_project_file(here: Path, python_310: list[str]) -> None:
    (here / "infra" / "out").mkdir()
    (here / "infra" / "all.toml").write_text(EVERYTHING_TOML, encoding="utf-8")
    with_tomli = values(named=Path("infra") / "all.toml")
    assert python_310 == [EVERYTHING_TOML]
    assert with_tomli["fail_on"] == "high" and with_tomli["select"]
    (here / "pyproject.toml").write_text("[tool.srmcheck]\nstrict = true\n", encoding="utf-8")
    assert values() == {"strict": True}


@pytest.mark.parametrize(
    ("text", "line", "word"),
    [
        ("[tool.srmcheck]\nstrict = tru\n", 2, "TOML"),
        ("[tool.srmcheck]\n\nfial-on = 'high'\n", 3, "did you mean fail-on?"),
    ],
)
def test_without_tomllib_faults_have_their_lines(
    here: Path, python_310: list[str], text: str, line: int, word: str
) -> None:
    found = fault(text, "pyproject.toml")
    assert python_310 == [text]
    assert found[1] == line
    assert word in found[2]


def test_a_broken_project_file_of_others_is_not_ours(here: Path) -> None:
    (here / "pyproject.toml").write_text("[project\nname = 'srmcheck'", encoding="utf-8")
    assert read_settings((".",)) is None


@pytest.mark.parametrize(
    ("text", "word"),
    [("opa-timeout: 0\n", "seconds"), ("opa-timeout: .nan\n", "seconds"), ("opa-timeout: true\n", "seconds")],
)
def test_faults_of_a_named_file(here: Path, text: str, word: str) -> None:
    assert word in fault(text, "my.yaml", Path("my.yaml"))[2]


def test_outputs_whose_folder_is_not_there(here: Path) -> None:
    for text in ("output: {json: none/x.json}\n", "output: {json: infra}\n"):
        assert fault(text, "my.yaml", Path("my.yaml"))[0] == "Setting with a path that cannot be"
    assert "mapping of formats" in fault("output: json\n", "my.yaml", Path("my.yaml"))[2]
    assert "did you mean json?" in fault("output: {jsn: x}\n", "my.yaml", Path("my.yaml"))[2]


def test_named_files_that_cannot_be(here: Path) -> None:
    for name, data in (("none.yaml", None), ("large.yaml", b"#" * (1 << 21)), ("bytes.yaml", b"\xff"), ("x.toml", b"")):
        if data is not None:
            Path(name).write_bytes(data)
        with pytest.raises(ConfigError) as raised:
            read_settings((".",), Path(name))
        assert raised.value.diagnostic.file == name


@pytest.mark.parametrize("text", ["", "# nothing\n\n", "---\n"])
def test_an_empty_file_says_nothing(here: Path, text: str) -> None:
    (here / "srmcheck.yaml").write_text(text, encoding="utf-8")
    assert values() == {}


# --- the published schema -----------------------------------------------------------------------------------------------


def test_the_schema_has_the_same_settings() -> None:
    assert list(SCHEMA["properties"]) == [key.name for key in KEYS]
    for key in KEYS:
        entry = SCHEMA["properties"][key.name]
        assert entry["description"].lower().startswith(key.about.lower())
        assert ("--config" in entry["description"]) is key.trusted
        if key.kind == "choice":
            assert entry["enum"] == list(key.choices)
    assert SCHEMA["$defs"]["format"]["enum"] == list(FORMATS)


PROBES: tuple[Any, ...] = (
    *(True, 1, 0.05, 30, 4000, "text", "high", "all", "account", "opa", "x", "", None, {}, {"text": "x"}, {"text": 1}),
    *({"nope": "x"}, [], ["text"], ["a", 1], ["a", ""], ["", ""], [["a"]]),
)


@pytest.mark.parametrize("key", [key.name for key in KEYS])
def test_the_schema_agrees_with_the_check(here: Path, key: str) -> None:
    for probe in PROBES:
        document = {key: probe}
        (here / "probe.yaml").write_text(yaml.safe_dump(document), encoding="utf-8")
        valid = jsonschema.Draft202012Validator(SCHEMA).is_valid(document)
        try:
            read_settings((".",), Path("probe.yaml"))
            taken = True
        except ConfigError:
            taken = False
        assert taken is valid, (key, probe)


def test_nothing_heavy_is_imported_without_a_settings_file(here: Path) -> None:
    code = (
        "import sys; from srmcheck.commands.settings_file import read_settings; assert read_settings(('.',)) is None; "
        "heavy = {'yaml', 'tomllib', 'tomli', 'difflib', 'srmcheck.commands.settings', 're'} & set(sys.modules); "
        "print(sorted(heavy - {'re'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=here)
    assert done.stdout.strip() == "[]"
