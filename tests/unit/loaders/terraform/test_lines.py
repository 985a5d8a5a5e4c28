"""Places in the `.tf` files beside a plan."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from srmcheck.loaders.terraform.lines import SourceFiles
from srmcheck.loaders.terraform.plan import load_plan
from srmcheck.source import Call, Location
from srmcheck.values import Place, walk
from tests.unit.loaders.terraform.plans import DATA, document

ROOT = """\
# resource "aws_x" "a" {}
resource "aws_x" "a" {
  name = "one"
  text = <<EOT
resource "aws_x" "b" {
EOT

  # rule { port = 1 }
  rule {
    port = 22
    cidrs = ["10.0.0.0/8"]
  }

  rule {
    port  = 443
    cidrs = [
      "0.0.0.0/0",
    ]
  }

  dynamic "option" {
    for_each = var.options
    content {
      key = option.value
    }
  }
}

module "m" {
  source = "./m"
}

module "far" {
  source  = "acme/far/aws"
  version = "1.0.0"
}

module "out" {
  source = "../outside"
}

data "aws_x" "a" {
  name = "data"
}
"""
INNER = """\
module "deep" {
  count = 2
  source = "./deep"
}

resource "aws_x" "a" { name = "inner" }
"""
DEEP = """\


resource "aws_x" "a" {
  name = "deep"
}
"""


@pytest.fixture
def files(tmp_path: Path) -> SourceFiles:
    root = tmp_path / "root"
    (root / "m" / "deep").mkdir(parents=True)
    (tmp_path / "outside").mkdir()
    (root / "main.tf").write_text(ROOT)
    (root / "m" / "main.tf").write_text(INNER)
    (root / "m" / "deep" / "main.tf").write_text(DEEP)
    (tmp_path / "outside" / "main.tf").write_text('resource "aws_x" "a" {}\n')
    return SourceFiles(root, root, "infra")


def where(
    files: SourceFiles, address: str, *path: str | int, values: dict[str, Any] | None = None
) -> tuple[str, int, int]:
    found = files.locate(Place(address, path), values)
    assert found is not None
    return found.file, found.line, found.end_line


def test_a_resource_is_at_its_header(files: SourceFiles) -> None:
    assert files.locate(Place("aws_x.a")) == Location("infra/main.tf", 2, 1, 2, 21)
    assert where(files, 'aws_x.a["key"]') == ("infra/main.tf", 2, 2)


def test_an_argument_is_at_its_line_and_an_absent_one_at_the_header(files: SourceFiles) -> None:
    assert files.locate(Place("aws_x.a", ("name",))) == Location("infra/main.tf", 3, 3, 3, 15)
    assert where(files, "aws_x.a", "text") == ("infra/main.tf", 4, 6)
    assert where(files, "aws_x.a", "kms_key_id") == ("infra/main.tf", 2, 2)


def test_data_sources_have_their_own(files: SourceFiles) -> None:
    assert where(files, "data.aws_x.a", "name") == ("infra/main.tf", 43, 43)


def test_nested_blocks_are_told_apart_by_what_they_say(files: SourceFiles) -> None:
    https = {"port": 443, "cidrs": ["0.0.0.0/0"]}
    ssh = {"port": 22, "cidrs": ["10.0.0.0/8"]}
    values = {"rule": [https, ssh]}  # not in the order of the file
    assert where(files, "aws_x.a", "rule", 0, "port", values=values) == ("infra/main.tf", 15, 15)
    assert where(files, "aws_x.a", "rule", 0, "cidrs", 0, values=values) == ("infra/main.tf", 16, 18)
    assert where(files, "aws_x.a", "rule", 1, "port", values=values) == ("infra/main.tf", 10, 10)
    assert where(files, "aws_x.a", "rule", 1, "self", values=values) == ("infra/main.tf", 9, 9)
    assert where(files, "aws_x.a", "rule", values=values) == ("infra/main.tf", 9, 9)


def test_blocks_that_cannot_be_told_apart_are_at_the_header(files: SourceFiles) -> None:
    assert where(files, "aws_x.a", "rule", 0, "port") == ("infra/main.tf", 2, 2)


def test_a_dynamic_block_is_the_place_of_what_it_makes(files: SourceFiles) -> None:
    values = {"option": [{"key": "x"}]}
    assert where(files, "aws_x.a", "option", 0, "key", values=values) == ("infra/main.tf", 21, 21)


def test_in_modules_with_the_calls_on_the_way(files: SourceFiles) -> None:
    assert where(files, "module.m.aws_x.a", "name") == ("infra/m/main.tf", 6, 6)
    found = files.locate(Place('module.m["k"].module.deep[1].aws_x.a', ("name",)))
    assert found is not None
    assert (found.file, found.line) == ("infra/m/deep/main.tf", 4)
    assert found.via == (
        Call("infra/main.tf", 29, 'module.m["k"]'),
        Call("infra/m/main.tf", 1, 'module.m["k"].module.deep[1]'),
    )


def test_a_module_that_is_not_local_is_at_its_call(files: SourceFiles) -> None:
    assert files.locate(Place("module.far.module.x.aws_x.a", ("name",))) == Location("infra/main.tf", 33, 1, 33, 13)


def test_nothing_outside_the_boundary_is_read(files: SourceFiles) -> None:
    assert where(files, "module.out.aws_x.a") == ("infra/main.tf", 38, 38)


def test_a_link_that_leads_out_is_not_followed(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (tmp_path / "secret.tf").write_text('resource "aws_x" "a" {}\n')
    (root / "link.tf").symlink_to(tmp_path / "secret.tf")
    (root / "gone.tf").symlink_to(tmp_path / "gone.tf")
    assert SourceFiles(root, root, "").locate(Place("aws_x.a")) is None
    assert SourceFiles(root, tmp_path, "").locate(Place("aws_x.a")) is not None


def test_names_are_shown_as_the_user_named_the_folder(tmp_path: Path) -> None:
    (tmp_path / "live" / "eu").mkdir(parents=True)
    (tmp_path / "modules" / "m").mkdir(parents=True)
    (tmp_path / "live" / "eu" / "main.tf").write_text('module "m" {\n  source = "../../modules/m"\n}\n')
    (tmp_path / "modules" / "m" / "main.tf").write_text('resource "aws_x" "a" {}\n')
    directory = tmp_path / "live" / "eu"
    place = Place("module.m.aws_x.a")
    shown = {
        given: found.file
        for given in ("", ".", "eu", "live/eu", "../eu", "/abs/live/eu")
        if (found := SourceFiles(directory, tmp_path, given).locate(place)) is not None
    }
    assert shown == {
        "": "../../modules/m/main.tf",
        ".": "../../modules/m/main.tf",
        "eu": "../modules/m/main.tf",
        "live/eu": "modules/m/main.tf",
        "../eu": "../../modules/m/main.tf",
        "/abs/live/eu": "/abs/modules/m/main.tf",
    }


def test_an_override_file_has_the_last_word(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_x" "a" {\n  name = "one"\n  size = 1\n}\n')
    (tmp_path / "z_override.tf").write_text('\nresource "aws_x" "a" {\n  name = "two"\n}\n')
    files = SourceFiles(tmp_path, tmp_path, ".")
    assert where(files, "aws_x.a", "name") == ("z_override.tf", 3, 3)
    assert where(files, "aws_x.a", "size") == ("main.tf", 3, 3)
    assert where(files, "aws_x.a", "gone") == ("main.tf", 1, 1)


def test_a_tofu_file_stands_in_for_the_tf_file_of_its_name(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('resource "aws_x" "a" {}\n')
    (tmp_path / "main.tofu").write_text('\nresource "aws_x" "a" {}\n')
    assert where(SourceFiles(tmp_path, tmp_path, "."), "aws_x.a") == ("main.tofu", 2, 2)


def test_files_as_people_have_them(tmp_path: Path) -> None:
    text = '\ufeff# é\r\nresource "aws_x" "a" {\r\n  name = "é"\r\n}\r\n'
    (tmp_path / "main.tf").write_bytes(text.encode())
    (tmp_path / "broken.tf").write_bytes(b'\xff\xfe resource "aws_y" "a" {')
    (tmp_path / "folder.tf").mkdir()
    files = SourceFiles(tmp_path, tmp_path, "")
    assert files.locate(Place("aws_x.a", ("name",))) == Location("main.tf", 3, 3, 3, 13)


def test_a_module_that_calls_itself_comes_to_an_end(tmp_path: Path) -> None:
    (tmp_path / "main.tf").write_text('module "m" {\n  source = "./."\n}\n')
    files = SourceFiles(tmp_path, tmp_path, "")
    assert files.locate(Place(".".join(["module.m"] * 80) + ".aws_x.a")) is None


@pytest.mark.parametrize("address", ["", "aws_x", "aws_x.none", "module.none.aws_x.a", "aws_x.a.b.c"])
def test_what_is_not_there_has_no_place(files: SourceFiles, address: str) -> None:
    assert files.locate(Place(address, ("name",))) is None


def test_an_empty_folder_and_none_at_all(tmp_path: Path) -> None:
    assert SourceFiles(tmp_path, tmp_path, "").locate(Place("aws_x.a")) is None
    assert SourceFiles(tmp_path / "none", tmp_path, "").locate(Place("aws_x.a")) is None


def test_what_the_source_sets(files: SourceFiles) -> None:
    assert files.dynamics("aws_x.a") == {"option"}
    assert files.dynamics("data.aws_x.a") == frozenset()
    assert files.may_set("aws_x.a", ("option", "key")) is True
    assert files.may_set("aws_x.a", ("option", "other")) is False
    assert files.may_set("aws_x.a", ("option",)) is True
    assert files.may_set("aws_x.a", ("nothing", "key")) is None
    assert files.may_set("aws_x.none", ("name",)) is None


@pytest.mark.parametrize("case", ["count_index", "dynamic", "modules", "secrets"])
def test_every_place_of_a_real_plan_cuts_out_what_it_names(case: str) -> None:
    template = load_plan(document(case), "plan.json", source=SourceFiles(DATA / case, DATA / case, ""))
    seen = 0
    for resource in template.resources:
        for node in walk(resource.body):
            assert node.place is not None
            location = template.locate(node.place)
            assert location is not None
            lines = (DATA / case / location.file).read_text().splitlines()
            text = lines[location.line - 1][location.column - 1 :]
            names = [step for step in node.place.path if isinstance(step, str)]
            starts = ("resource", "data", "dynamic", *names)
            assert text.startswith(starts), node.place
            if names and text.startswith(names[0]):
                seen += 1
    assert seen > 20


def test_without_a_source_there_is_no_place() -> None:
    template = load_plan(document("dynamic"), "plan.json")
    assert template.locate(Place("aws_instance.mixed")) is None
