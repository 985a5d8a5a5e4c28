"""What goes in and comes out: encodings, standard input, several outputs, colours, pipes, hash seeds."""

from __future__ import annotations

import codecs
import csv
import io
import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest

from srmcheck.report import FORMATS
from tests.e2e.test_exit_codes import FAILING, change, plan, srmcheck

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "report-v1.schema.json").read_text(encoding="utf-8"))
BUCKET = plan(change("aws_s3_bucket.a", "aws_s3_bucket", ["create"], {"bucket": "a"}))


@pytest.mark.parametrize(
    "data",
    [
        BUCKET.encode(),
        codecs.BOM_UTF8 + BUCKET.encode(),
        codecs.BOM_UTF16_LE + BUCKET.encode("utf-16-le"),
        codecs.BOM_UTF16_BE + BUCKET.encode("utf-16-be"),
    ],
    ids=["utf-8", "utf-8-bom", "utf-16-le", "utf-16-be"],
)
def test_encodings_and_names(tmp_path: Path, data: bytes) -> None:
    reports = []
    for name in ("plan.json", "tfplan", "release_4711.tf.json"):
        (tmp_path / name).write_bytes(data)
        done = srmcheck(tmp_path, "--format", "json", name)
        assert done.returncode == 1, done.stdout.decode()
        reports.append([(item["policy_id"], item["resource"]) for item in json.loads(done.stdout)["findings"]])
    assert reports[0] == reports[1] == reports[2] != []


def test_standard_input(tmp_path: Path) -> None:
    done = srmcheck(tmp_path, "-", stdin=BUCKET.encode())
    assert done.returncode == 1
    assert b"Terraform plan stdin" in done.stdout
    framed = srmcheck(tmp_path, "-", stdin=FAILING.encode())
    assert b"Runtime: python2.7" in framed.stdout


def test_several_formats_in_one_run(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    done = srmcheck(
        tmp_path,
        "--format",
        "text",
        "--format",
        "matrix",
        "--output",
        "json=r.json",
        "--output",
        "matrix-csv=m.csv",
        "t.yaml",
    )
    assert done.returncode == 1
    assert b"Summary" in done.stdout and b"The Shared Responsibility Model of" in done.stdout
    document = json.loads((tmp_path / "r.json").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(document)
    lines = list(csv.DictReader(io.StringIO((tmp_path / "m.csv").read_text(encoding="utf-8"))))
    assert {line["address"] for line in lines if line["kind"] == "cell"} == {"F"}


def test_no_colour_in_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    assert b"\x1b" not in srmcheck(tmp_path, "t.yaml").stdout


def test_the_same_bytes_whatever_the_hash_seed_and_the_order_of_paths(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    (tmp_path / "plan.json").write_text(BUCKET, encoding="utf-8")
    seen = set()
    for seed, paths in (("0", ["t.yaml", "plan.json"]), ("1", ["plan.json", "t.yaml"]), ("7", ["."])):
        formats = [word for name in FORMATS for word in ("--format", name)]
        seen.add(srmcheck(tmp_path, *formats, *paths, environment={"PYTHONHASHSEED": seed}).stdout)
    assert len(seen) == 1


def test_a_reader_that_leaves_causes_no_noise(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    process = subprocess.Popen(
        [sys.executable, "-m", "srmcheck", "--format", "json", "t.yaml"],
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert process.stderr.read() == b""
    process.stderr.close()
    process.wait(60)


def test_explain_and_graph(tmp_path: Path) -> None:
    (tmp_path / "t.yaml").write_text(FAILING, encoding="utf-8")
    done = srmcheck(tmp_path, "explain", "F", "t.yaml")
    assert done.returncode == 0, done.stderr.decode()
    assert b'Runtime = "python2.7"' in done.stdout
    assert b"SRM-LAMBDA-003" in done.stdout
    graph = srmcheck(tmp_path, "graph", "t.yaml")
    assert graph.returncode == 0
    assert [json.loads(line)["resource"]["address"] for line in graph.stdout.splitlines()] == ["F"]


def test_explain_names_what_was_meant(tmp_path: Path) -> None:
    (tmp_path / "plan.json").write_text(BUCKET, encoding="utf-8")
    done = srmcheck(tmp_path, "explain", "aws_s3_bucket.b", "plan.json")
    assert done.returncode == 2
    assert b"did you mean aws_s3_bucket.a?" in done.stderr
