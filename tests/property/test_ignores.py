"""Whatever is written behind `srmcheck:ignore`, and around it: nothing raises, and what is covered lies in the file."""

from __future__ import annotations

import json

from hypothesis import given, settings
from hypothesis import strategies as st

from srmcheck.loaders.cloudformation.ignores import cloudformation_ignores
from srmcheck.loaders.terraform.comments import comments
from srmcheck.loaders.terraform.ignores import terraform_ignores
from srmcheck.loaders.terraform.ignores_json import terraform_json_ignores
from srmcheck.suppress.baseline import parse_baseline
from srmcheck.suppress.directive import Directive, Fault, directive_text, parse_directive
from srmcheck.suppress.marks import Ignores

ANY = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=120)
PIECES = st.lists(
    st.sampled_from(
        [
            "SRM-S3-003",
            "reason=",
            '"',
            "'",
            "why",
            "until=",
            "2027-01-31",
            " ",
            ",",
            "\\",
            "=",
            "*",
            "#",
            "//",
            "/*",
            "*/",
            "\n",
            "\r\n",
            "{",
            "}",
            "[",
            "]",
            "${",
            "%{",
            "<<EOT",
            "EOT",
            "x = 1",
            'resource "a" "b" {',
            "- ",
            ": ",
            "|",
            "&a ",
            "*a ",
            "srmcheck:ignore ",
            "# srmcheck:ignore SRM-S3-003 reason='x'",
            "Resources:",
            "  ",
        ]
    ),
    max_size=40,
).map("".join)
TEXT = st.one_of(ANY, PIECES)


def is_sound(found: Ignores, text: str) -> None:
    lines = text.count("\n") + text.count("\r") + 1
    for mark in found.marks:
        assert 1 <= mark.line <= lines
        if mark.start is not None:
            assert (1, 1) <= mark.start <= mark.end
            assert mark.end[0] <= lines
    for item in found.diagnostics:
        assert item.level == "error" and item.detail and item.hint


@given(TEXT)
def test_any_text_behind_the_word(text: str) -> None:
    found = parse_directive(text)
    assert isinstance(found, (Directive, Fault))
    if isinstance(found, Directive):
        assert found.ids and found.reason
    assert not isinstance(directive_text(f"srmcheck:ignore {text}"), Fault)


@given(st.lists(st.from_regex(r"SRM-[A-Z0-9]{1,8}-[0-9]{3}", fullmatch=True), min_size=1, max_size=4), ANY)
def test_any_reason_comes_back(ids: list[str], reason: str) -> None:
    quoted = reason.replace("\\", "\\\\").replace('"', '\\"')
    found = parse_directive(f' {", ".join(ids)} reason="{quoted}"')
    if reason.split():
        assert isinstance(found, Directive)
        assert found.ids == tuple(dict.fromkeys(ids)) and found.reason == " ".join(reason.split())
    else:
        assert isinstance(found, Fault)


@settings(max_examples=300)
@given(TEXT, TEXT)
def test_terraform(before: str, behind: str) -> None:
    for text in (before, f"{before}\n# srmcheck:ignore {behind}", f"{before} /* srmcheck:ignore {behind}"):
        is_sound(terraform_ignores(text, "a.tf"), text)
        found = comments(text)
        assert all(start < end <= len(text) for start, end in found.ends.items())
        assert all(opener < closer for closer, opener in found.openers.items())


@settings(max_examples=300)
@given(TEXT, TEXT)
def test_cloudformation(before: str, behind: str) -> None:
    for text in (
        before,
        f"{before}\n# srmcheck:ignore {behind}",
        f"Resources:\n  A: # srmcheck:ignore {behind}\n    B: 1\n",
    ):
        is_sound(cloudformation_ignores(text, "t.yaml"), text)


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), ANY, TEXT.map(lambda text: f"srmcheck:ignore {text}")),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["//", "id", "reason", "until", "ignore", "srmcheck", "x"]), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(JSON)
def test_json(value: object) -> None:
    text = json.dumps({"resource": {"t": {"b": value}}, "//": value})
    is_sound(terraform_json_ignores(text, "a.tf.json"), text)
    text = json.dumps({"Metadata": {"srmcheck": value}, "Resources": {"A": {"Metadata": {"srmcheck": value}}}})
    is_sound(cloudformation_ignores(text, "t.json"), text)


@given(
    st.one_of(
        st.binary(max_size=80),
        JSON.map(lambda value: json.dumps({"schema": "srmcheck.baseline/v1", "findings": value}).encode()),
    )
)
def test_any_baseline(data: bytes) -> None:
    from srmcheck.diagnostics import ConfigError

    try:
        parse_baseline(data, "b.json")
    except ConfigError as error:
        assert error.diagnostic.detail and error.diagnostic.hint
