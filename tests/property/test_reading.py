"""Reading and detection: any bytes give a template, nothing, or an InputError."""

from __future__ import annotations

import json
from contextlib import suppress

from hypothesis import given
from hypothesis import strategies as st

from srmcheck.diagnostics import InputError
from srmcheck.loaders.detect import detect, may_be_template

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["format_version", "planned_values", "Resources", "terraform_version", "lineage", "serial", "Type"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=10,
)


@given(st.binary(max_size=200), st.booleans())
def test_any_bytes(data: bytes, named: bool) -> None:
    may_be_template(data)
    with suppress(InputError):
        detect(data, "file", named=named)


@given(JSON, st.booleans(), st.integers(0, 200))
def test_any_json_whole_and_cut(value: object, named: bool, length: int) -> None:
    data = json.dumps(value).encode()
    for part in (data, data[:length], b"\xff\xfe" + json.dumps(value).encode("utf-16-le")):
        with suppress(InputError):
            detect(part, "file", named=named)


@given(st.text(max_size=100), st.booleans())
def test_a_marked_file_is_what_it_is_without_its_mark(text: str, named: bool) -> None:
    def outcome(data: bytes) -> object:
        try:
            return detect(data, "file", named=named)
        except InputError as error:
            return error.diagnostic.summary

    plain = text.encode()
    assert outcome(b"\xef\xbb\xbf" + plain) == outcome(plain) or text.startswith("\ufeff")
