"""Users' own policies: what is taken, and what is refused, with file and line."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from srmcheck.diagnostics import ConfigError, Diagnostic, PolicyError
from srmcheck.policy import PolicySet, load_policies
from srmcheck.policy.own_files import MOST_BYTES
from tests.own_policies import LIBRARY, POLICY, write

ID = "ACME-S3-001"
FILE = "policies/s3/owner_tag.rego"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return write(tmp_path)


def load(*folders: str, **more: Path) -> PolicySet:
    return load_policies(own=[Path(folder) for folder in folders or ("policies",)], data=list(more.values()))


def refused(*folders: str) -> list[Diagnostic]:
    with pytest.raises(PolicyError) as raised:
        load(*folders)
    return [raised.value.diagnostic, *raised.value.others]


def refused_text(old: str, new: str, text: str = POLICY) -> Diagnostic:
    """What is said, alone, of the policy with one piece replaced; its place is where the new piece stands."""
    assert old in text
    Path(FILE).write_text(text.replace(old, new), encoding="utf-8")
    (said,) = refused()
    assert said.file == FILE
    return said


def test_they_stand_among_the_others(here: Path) -> None:
    found = load()
    shipped = load_policies()
    assert [policy.id for policy in found.policies if not policy.id.startswith("SRM-")] == [ID]
    assert len(found.policies) == len(shipped.policies) + 1
    assert ID in {policy.id for policy in found.for_types(["AWS::S3::Bucket"])}
    for policy in shipped.policies:
        assert set(found.modules_for([policy])) == set(shipped.modules_for([policy]))
        assert policy in found.policies
    (own,) = (policy for policy in found.policies if policy.id == ID)
    assert set(found.modules_for([own])) == {
        *("acme/s3/owner_tag.rego", "acme/lib/tags.rego", "lib/finding.rego", "lib/resource.rego"),
    }
    assert found.shown[own.file] == FILE
    assert found.placed(Diagnostic("x", own.file, 3)).file == FILE
    assert {policy.id for policy in found.for_types(["AWS::EC2::VPC"])} == {
        policy.id for policy in shipped.for_types(["AWS::EC2::VPC"])
    }


def test_the_digest_is_that_of_the_rules_and_the_data_wherever_they_lie(here: Path) -> None:
    before = load().digest
    assert before != load_policies().digest
    shutil.copytree("policies", "elsewhere/my-policies")
    assert load("elsewhere/my-policies").digest == before
    Path(FILE).write_text(POLICY.replace("# title: Buckets", "# title: All buckets"), encoding="utf-8")
    assert load().digest == before
    Path(FILE).write_text(POLICY.replace("default: Owner", "default: Team"), encoding="utf-8")
    assert load().digest != before


def test_two_folders(here: Path) -> None:
    Path("more/s3").mkdir(parents=True)
    other = (
        POLICY.replace(ID, "OTHER-S3-001")
        .replace("package acme.", "package other.")
        .replace("import data.acme.lib.tags\n", "")
    )
    other = other.replace("tags.has(", "has(") + "\nhas(judged, path, key) if judged.address == concat(key, path)\n"
    Path("more/s3/owner_tag.rego").write_text(other, encoding="utf-8")
    found = load("policies", "more")
    assert {policy.package for policy in found.policies if policy.id.endswith("-S3-001")} >= {
        "acme.s3.owner_tag",
        "other.s3.owner_tag",
    }
    shutil.copytree("policies", "copy")
    assert {said.summary for said in refused("policies", "copy")} == {"Package name is taken"}
    Path("more/s3/owner_tag.rego").write_text(other.replace("OTHER-S3-001", ID), encoding="utf-8")
    (said,) = refused("policies", "more")
    assert (said.summary, said.file) == ("Policy id is taken", "more/s3/owner_tag.rego")


def test_data_of_ones_own(here: Path) -> None:
    Path("policies/data").mkdir()
    Path("policies/data/teams.yaml").write_text("teams: {date: '2099-01-02', names: [a, b]}\n", encoding="utf-8")
    text = POLICY.replace("is_owned if tags", 'is_owned if "me" in data.acme.data.teams.names\n\nis_owned if tags')
    Path(FILE).write_text(text, encoding="utf-8")
    found = load()
    assert found.data["acme"] == {"data": {"teams": {"date": "2099-01-02", "names": ["a", "b"]}}}
    assert found.data_date == "2099-01-02"
    Path("policies/data/teams.json").write_text('{"teams": {}}', encoding="utf-8")
    assert refused()[0].summary == "Data is there twice"
    Path("policies/data/teams.json").write_text('{"names": 1}', encoding="utf-8")
    assert (refused()[0].summary, refused()[0].file) == ("Bad policy data", "policies/data/teams.json")


@pytest.mark.parametrize(
    ("old", "new", "summary", "words"),
    [
        ("ACME-S3-001", "SRM-S3-900", "Policy id is reserved", "srmcheck's"),
        ("#   severity: high\n", "", "Bad METADATA", "severity is missing"),
        ("#   severity: high", "#   severity: hihg", "Bad METADATA", "expected one of"),
        ("#   since", "#   sinse: 1\n#   since", "Bad METADATA", "unknown key 'sinse'"),
        ("# METADATA\n", "", "METADATA missing", "METADATA"),
        ("#   types:", "#  types:", "METADATA is no YAML", ""),
        ("'Tags[].Key'", "'Tags[].Kye'", "Path that the type does not have", "did you mean Tags[].Key?"),
        ("'Tags[].Key'", "Tags.Key", "Path that the type does not have", "Tags is a list: write Tags[].Key"),
        ("'Tags[].Key'", "'BucketName[]'", "Path that the type does not have", "BucketName is no list"),
        ("AWS::S3::Bucket:", "AWS::S3::Buket:", "Unknown resource type", "did you mean AWS::S3::Bucket?"),
        ("default: Owner", "default: 3", "Bad METADATA", "type string"),
        ("default: []", "default: [1.5]", "Bad METADATA", "a list of"),
        ("package acme.s3.owner_tag", "package srmcheck.s3.owner_tag", "Package name is taken", "acme.s3.owner_tag"),
        ("package acme.s3.owner_tag", "package system.s3.owner_tag", "Package name is taken", "acme.s3.owner_tag"),
        ("package acme.s3.owner_tag", "package acme.s3.owner", "Bad package", "asks for acme.s3.owner_tag"),
        ("settled contains [] if is_owned", "settled contains [] if http.send({}).x", "Built-in function is not allowed", "http.send"),
        ("settled contains [] if is_owned", "settled contains [] if time.now_ns() > 1", "Built-in function is not allowed", "time.now_ns"),
        ("settled contains [] if is_owned", "settled contains [] if nothing(1)", "Built-in function is not allowed", "nothing"),
        ("settled contains [] if is_owned", "settled contains [] if tags.nothing(1)", "Function that does not exist", "tags.nothing"),
        ("settled contains [] if is_owned", "settled contains [] if not input.x < 5", "Negation of what may be undefined", "input.x"),
        ("settled contains [] if is_owned", "settled contains [] if z > 5", "Variable without a value", "z"),
        ("settled contains [] if is_owned", 'settled contains [] if is_owned with input as {"a": 1}', "`with` outside a test", ""),
        ("deny contains finding", "deny := finding", "Verdict rule has another form", "deny is no set"),
        ('parameters["ACME-S3-001"].key', 'parameters["ACME-S3-001"].kye', "Reference to nothing that is known", ""),
        ("is_owned\n\nis_owned", "is_owned\n\nsettled contains [] if input.resource.properties.Tagz\n\nis_owned",
         "Path that the METADATA does not name", "Tagz"),
        ("is_owned\n\nis_owned", "is_owned\n\nsettled contains [] if input.resource.name\n\nis_owned",
         "Path that the METADATA does not name", "no name"),
        ('["Tags"], data', '["Tag"], data', "Path that the METADATA does not name", "Tag"),
        ("data.acme.lib.tags", "data.acme.lib.tgas as tags", "Function that does not exist", ""),
    ],
)  # fmt: skip
def test_refused(here: Path, old: str, new: str, summary: str, words: str) -> None:
    said = refused_text(old, new)
    assert said.summary == summary
    assert words in f"{said.detail} {said.hint}"
    text = Path(FILE).read_text(encoding="utf-8")
    assert said.line is not None and 1 <= said.line <= text.count("\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("'Tags[].Key'", "'Tags[].Kye'"),
        ("AWS::S3::Bucket:", "AWS::S3::Buket:"),
        ("package acme.s3.owner_tag", "package srmcheck.s3.owner_tag"),
        ('["Tags"], data', '["Tag"], data'),
        ("settled contains [] if is_owned", "settled contains [] if http.send({}).x"),
    ],
)
def test_the_line_is_that_of_the_fault(here: Path, old: str, new: str) -> None:
    line = refused_text(old, new).line
    text = Path(FILE).read_text(encoding="utf-8")
    assert line == text[: text.index(new)].count("\n") + 1


def test_recursion(here: Path) -> None:
    Path("policies/lib/tags.rego").write_text(f"{LIBRARY}\ndeep(x) if deep(x)\n", encoding="utf-8")
    (said,) = refused()
    assert (said.summary, said.file, said.line) == ("Recursion", "policies/lib/tags.rego", 11)


def test_a_reference_to_another_policy(here: Path) -> None:
    other = POLICY.replace(ID, "ACME-S3-002").replace("owner_tag", "other")
    other = other.replace("settled contains [] if is_owned", "settled contains [] if data.acme.s3.owner_tag.is_owned")
    Path("policies/s3/other.rego").write_text(other, encoding="utf-8")
    (said,) = refused()
    assert (said.summary, said.file) == ("Reference to another policy", "policies/s3/other.rego")
    other = other.replace("data.acme.s3.owner_tag.is_owned", "data.srmcheck.s3.tls_only.deny")
    Path("policies/s3/other.rego").write_text(other, encoding="utf-8")
    assert refused()[0].summary == "Reference to nothing that is known"


def test_a_library_that_reads_what_a_policy_does_not_name(here: Path) -> None:
    text = (
        LIBRARY.replace("resource.list(judged, path)", "input.resource.properties.Tags")
        + "\nx if input.resource.properties.BucketName\n"
    )
    Path("policies/lib/tags.rego").write_text(text, encoding="utf-8")
    (said,) = refused()
    assert (said.file, said.line) == ("policies/lib/tags.rego", 11)
    assert "BucketName" in said.detail and ID in said.detail


def test_a_library_is_found_without_an_import(here: Path) -> None:
    text = POLICY.replace("import data.acme.lib.tags\n", "").replace("tags.has(", "data.acme.lib.tags.has(")
    Path(FILE).write_text(text, encoding="utf-8")
    found = load()
    assert "acme/lib/tags.rego" in found.modules_for([one for one in found.policies if one.id == ID])


def test_relations_mean_one_thing(here: Path) -> None:
    related = (
        "#   related: {bucket_policies: {type: [AWS::S3::BucketPolicy], by: [Bucket], reads: ['PolicyDocument.**']}}\n"
    )
    text = POLICY.replace("#   parameters:\n", f"{related}#   parameters:\n")
    Path(FILE).write_text(text, encoding="utf-8")
    load()
    name = next(
        relation.name
        for policy in load_policies().policies
        for relation in policy.related
        if "AWS::S3::Bucket" in (relation.of or policy.types)
    )
    Path(FILE).write_text(text.replace("bucket_policies", name).replace("AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy")
                          .replace("by: [Bucket]", "by: ['Topics[]']"), encoding="utf-8")  # fmt: skip
    assert [said.summary for said in refused()] == ["Relation differs"]


def test_relations_go_by_names(here: Path) -> None:
    """A path that leads to a list would join nothing, in silence."""
    related = "#   related: {senders: {type: [AWS::SQS::QueuePolicy], by: [Queues], reads: ['PolicyDocument.**']}}\n"
    said = refused_text("#   parameters:\n", f"{related}#   parameters:\n")
    assert (said.summary, said.hint) == ("Path that names no resource", "write Queues[]")
    Path(FILE).write_text(Path(FILE).read_text(encoding="utf-8").replace("[Queues]", "['Queues[]']"), encoding="utf-8")
    load()


def test_all_faults_are_told_at_once(here: Path) -> None:
    Path(FILE).write_text(POLICY.replace("severity: high", "severity: x"), encoding="utf-8")
    for name, text in (("a", POLICY.replace(ID, "SRM-S3-001")), ("b", "package")):
        Path(f"policies/s3/{name}.rego").write_text(text.replace("owner_tag", name), encoding="utf-8")
    assert [(said.file, said.summary) for said in refused()] == [
        ("policies/s3/a.rego", "Policy id is reserved"),
        ("policies/s3/b.rego", "Package missing"),
        (FILE, "Bad METADATA"),
    ]


def test_places_that_cannot_be(here: Path) -> None:
    for place, summary in (
        ("top.rego", "Policy lies elsewhere"),
        ("s3/deep/x.rego", "Policy lies elsewhere"),
        ("s3/owner-tag.rego", "Policy has an unusable file name"),
        ("s3/default.rego", "Policy has an unusable file name"),
        ("data/x.rego", "Policy has an unusable file name"),
    ):
        file = Path("policies", place)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(POLICY, encoding="utf-8")
        (said,) = refused()
        assert (said.file, said.summary) == (file.as_posix(), summary)
        file.unlink()
    assert {said.hint for said in refused(".")} == {"did you mean --policy-dir policies?"}


@pytest.mark.parametrize("folder", ["none", "empty", FILE])
def test_folders_that_are_none(here: Path, folder: str) -> None:
    Path("empty/lib").mkdir(parents=True)
    Path("empty/lib/x.rego").write_text("package acme.lib.x\n", encoding="utf-8")
    with pytest.raises(ConfigError):
        load(folder)


def test_what_leads_outside_or_is_too_large(here: Path) -> None:
    Path("outside.rego").write_text(POLICY, encoding="utf-8")
    Path("policies/s3/link.rego").symlink_to(here / "outside.rego")
    assert [said.summary for said in refused()] == ["Policy leads outside"]
    Path("policies/s3/link.rego").unlink()
    Path("policies/s3/loop").symlink_to(here / "policies")
    load()
    Path("policies/s3/large.rego").write_text("#" * (MOST_BYTES + 1), encoding="utf-8")
    assert [said.summary for said in refused()] == ["Policy is too large"]
    Path("policies/s3/large.rego").write_bytes(b"\xff")
    assert refused()[0].summary == "Policy is no UTF-8"


def test_crlf_and_a_byte_order_mark(here: Path) -> None:
    Path(FILE).write_bytes(b"\xef\xbb\xbf" + POLICY.replace("\n", "\r\n").encode())
    assert load().digest.startswith("sha256:")


@pytest.mark.parametrize("text", ["", "package acme.s3.x", "[" * 5000, "# METADATA\n# " + "[" * 5000 + "\npackage acme.s3.x",
                                  "# METADATA\n# a: &a [*a]\npackage acme.s3.x", "# METADATA\n# \x00\npackage acme.s3.x",
                                  'package acme.s3.x\n\nx := "' + "a" * 5000])  # fmt: skip
def test_nothing_but_a_policy_error_comes_of_any_text(here: Path, text: str) -> None:
    Path("policies/s3/x.rego").write_text(text, encoding="utf-8")
    assert refused()
