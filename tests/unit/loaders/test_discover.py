"""What is found below the paths that the user names."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from srmcheck.loaders import discover as module
from srmcheck.loaders.discover import Discovery, boundary_of, discover

PLAN = json.dumps(
    {
        "format_version": "1.2",
        "terraform_version": "1.11.4",
        "resource_changes": [],
        "configuration": {
            "root_module": {
                "resources": [{"mode": "managed", "type": "aws_s3_bucket", "name": "a"}],
                "module_calls": {"m": {}},
            }
        },
    }
)
STATE = json.dumps({"version": 4, "terraform_version": "1.11.4", "serial": 1, "lineage": "x", "resources": []})
TEMPLATE = "Resources:\n  B:\n    Type: AWS::S3::Bucket\n"
HCL = 'resource "aws_s3_bucket" "a" {}\n'


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def write(files: dict[str, str]) -> None:
    for name, text in files.items():
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def no_stdin() -> bytes:
    raise AssertionError("nobody asked for standard input")


def look(*paths: str, stdin: Callable[[], bytes] = no_stdin, root: Path | None = None) -> Discovery:
    return discover(paths, read_stdin=stdin, root=root)


def names(found: Discovery) -> list[tuple[str, str]]:
    return [(item.kind, item.name) for item in found.found]


def said(found: Discovery) -> list[tuple[str, str | None, str]]:
    return [(item.summary, item.file, item.level) for item in found.diagnostics]


def test_a_folder_is_walked_in_the_order_of_names() -> None:
    write({"z/t.yaml": TEMPLATE, "a/plan.json": PLAN, "a/b/c/tfplan": PLAN, "t.template": TEMPLATE, "state.out": STATE})
    assert names(look(".")) == [
        ("plan", "a/b/c/tfplan"),
        ("plan", "a/plan.json"),
        ("state", "state.out"),
        ("cloudformation", "t.template"),
        ("cloudformation", "z/t.yaml"),
    ]


def test_files_are_named_as_the_user_named_them(here: Path) -> None:
    write({"a/plan.json": PLAN})
    for path in ("a", "./a/", str(here / "a"), "a/../a"):
        assert names(look(path)) == [("plan", "a/plan.json")]


def test_other_files_are_passed_over() -> None:
    write({"package.json": "{}", "k8s.yaml": "kind: Service\n", "README.md": "# Resources:\n", "x.png": PLAN})
    found = look(".")
    assert names(found) == []
    assert said(found) == [("No template found", ".", "note")]


def test_hidden_and_foreign_folders_are_left_out() -> None:
    write({f"{name}/plan.json": PLAN for name in (".git", ".terraform", ".hidden", "node_modules")})
    assert names(look(".")) == []


def test_a_hidden_folder_that_is_named_is_walked() -> None:
    write({".github/t.yaml": TEMPLATE})
    assert names(look(".github")) == [("cloudformation", ".github/t.yaml")]


def test_a_named_file_of_another_kind_is_an_error() -> None:
    write({"k8s.yaml": "kind: Service\n"})
    assert said(look("k8s.yaml")) == [("Not a template that srmcheck reads", "k8s.yaml", "error")]


def test_a_path_that_is_not_there_is_an_error_and_the_rest_is_read() -> None:
    write({"plan.json": PLAN})
    found = look("ghost", "plan.json", "plan.json/x")
    assert names(found) == [("plan", "plan.json")]
    assert said(found) == [
        ("No such file or directory", "ghost", "error"),
        ("No such file or directory", "plan.json/x", "error"),
    ]


def test_a_broken_file_in_a_folder_is_an_error_and_the_rest_is_read() -> None:
    write({"a.json": PLAN[:-5], "b.json": PLAN})
    found = look(".")
    assert names(found) == [("plan", "b.json")]
    assert said(found) == [("JSON is cut off", "a.json", "error")]


def test_standard_input() -> None:
    found = look("-", stdin=PLAN.encode)
    assert names(found) == [("plan", "stdin")]
    assert said(look("-", stdin=lambda: b"")) == [("Empty file", "stdin", "error")]


def test_a_file_that_is_named_twice_is_read_once() -> None:
    write({"a/plan.json": PLAN})
    assert names(look("a/plan.json", "a", "./a/plan.json")) == [("plan", "a/plan.json")]


def test_every_input_has_its_digest() -> None:
    write({"plan.json": PLAN})
    assert len(look("plan.json").found[0].sha256) == 64


def test_a_plan_covers_the_configuration_beside_it() -> None:
    write({"plan.json": PLAN, "main.tf": HCL})
    found = look(".")
    assert names(found) == [("plan", "plan.json")]
    assert said(found) == [("Configuration covered by its plan", ".", "note")]


def test_a_plan_that_lacks_a_block_covers_nothing() -> None:
    write({"infra/plan.json": PLAN, "infra/main.tf": HCL + 'resource "aws_s3_bucket" "new" {}\n'})
    found = look(".")
    assert names(found) == [("hcl", "infra"), ("plan", "infra/plan.json")]
    assert said(found) == [("Plan of another configuration", "infra/plan.json", "note")]


def test_a_configuration_is_found_by_its_folder() -> None:
    write({"infra/main.tf": HCL, "infra/other.tf": "", "other/x.tofu": HCL})
    assert names(look(".")) == [("hcl", "infra"), ("hcl", "other")]


def test_a_named_tf_file_stands_for_its_folder() -> None:
    write({"infra/main.tf": HCL, "infra/other.tf": ""})
    found = look("infra/main.tf")
    assert names(found) == [("hcl", "infra")]
    assert said(found) == [("Checked with the rest of its folder", "infra/main.tf", "note")]


def test_a_plan_that_is_called_tf_json_is_a_plan() -> None:
    write({"x.tf.json": PLAN})
    assert names(look("x.tf.json")) == [("plan", "x.tf.json")]
    assert names(look(".")) == [("plan", "x.tf.json")]


def test_a_state_beside_a_configuration_is_checked_only_if_named() -> None:
    write({"main.tf": HCL, "terraform.tfstate": STATE, "terraform.tfstate.backup": STATE})
    found = look(".")
    assert names(found) == [("hcl", ".")]
    assert said(found) == [("State not checked", "terraform.tfstate", "note")]
    assert ("state", "terraform.tfstate") in names(look("terraform.tfstate"))


def test_a_called_module_is_no_root() -> None:
    write({"main.tf": 'module "m" {\n  source = "./modules/m"\n}\n', "modules/m/main.tf": HCL})
    assert names(look(".")) == [("hcl", ".")]


def test_links() -> None:
    write({"repo/.git/HEAD": "x", "repo/infra/plan.json": PLAN, "repo/shared/t.yaml": TEMPLATE, "out/t.yaml": TEMPLATE})
    Path("repo/infra/same.json").symlink_to("plan.json")
    Path("repo/infra/inside.yaml").symlink_to("../shared/t.yaml")
    Path("repo/infra/outside.yaml").symlink_to("../../out/t.yaml")
    Path("repo/infra/folder").symlink_to("../../out")
    Path("repo/infra/nowhere.yaml").symlink_to("ghost.yaml")
    Path("repo/infra/anything.txt").symlink_to("../../out/t.yaml")
    found = look("repo/infra")
    assert names(found) == [("cloudformation", "repo/infra/inside.yaml"), ("plan", "repo/infra/plan.json")]
    assert said(found) == [
        ("Link leads out of the root", "repo/infra/folder", "outside"),
        ("Link leads nowhere", "repo/infra/nowhere.yaml", "error"),
        ("Link leads out of the root", "repo/infra/outside.yaml", "error"),
    ]
    wide = look("repo/infra", root=Path())
    assert ("cloudformation", "repo/infra/outside.yaml") in names(wide)


def test_links_in_a_circle_end() -> None:
    write({"a/plan.json": PLAN})
    Path("a/up").symlink_to("..")
    Path("a/loop").symlink_to("loop")
    assert names(look(".")) == [("plan", "a/plan.json")]


def test_the_root_is_the_git_work_tree(here: Path) -> None:
    write({"repo/.git/HEAD": "x", "repo/a/b/x": ""})
    assert boundary_of(Path("repo/a/b")) == here / "repo"
    assert boundary_of(Path("repo")) == here / "repo"


def test_without_git_the_root_is_the_folder(here: Path) -> None:
    write({"a/b/x": ""})
    if boundary_of(here) == here:  # else these tests run inside a work tree
        assert boundary_of(Path("a/b")) == here / "a" / "b"


def test_a_path_outside_of_the_root_option_is_an_error() -> None:
    write({"a/plan.json": PLAN, "b/x": ""})
    assert said(look("a", root=Path("b"))) == [("Outside of the root", "a", "error")]


def test_too_many_files_are_said(monkeypatch: pytest.MonkeyPatch) -> None:
    write({f"{number}.txt": "" for number in range(5)})
    monkeypatch.setattr(module, "MOST_FILES", 3)
    assert ("Too many files", ".", "error") in said(look("."))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_that_cannot_be_read_is_an_error() -> None:
    write({"a/b/plan.json": PLAN})
    Path("a/b").chmod(0)
    try:
        assert said(look("a"))[0][:2] == ("Folder cannot be read", "a/b")
    finally:
        Path("a/b").chmod(0o755)


def test_a_name_that_is_no_text_is_shown_with_escapes() -> None:
    try:
        Path(os.fsdecode(b"bad\xff.yaml")).write_text(TEMPLATE, encoding="utf-8")
    except OSError:
        pytest.skip("the file system takes no such names")
    assert names(look(".")) == [("cloudformation", "bad\\udcff.yaml")]
