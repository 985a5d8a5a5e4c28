"""Reports: nothing of a template escapes onto the terminal, and no planted secret is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from srmcheck.report import Options, render
from srmcheck.report.frame import frame
from srmcheck.report.mask import mask_line
from srmcheck.report.style import Style, columns, wrap
from tests.unit.report.samples import FULL, SSH, UNKNOWN

ANY = st.text(max_size=200)
SECRETS = st.text(
    st.sampled_from("abcdefghjkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789!%&*+?@^_~ "), min_size=8, max_size=40
).filter(lambda text: text.strip() == text and not text.startswith(("!", "&", "*", "%", "@", "?", "-")))


@given(ANY, st.integers(1, 300), st.integers(20, 120), st.booleans())
def test_a_frame_fits_and_shows_no_control_character(text: str, column: int, width: int, secret: bool) -> None:
    line = text.replace("\n", " ")
    shown = frame(
        lambda file, number: line, "f", 1, column, 1, secret=secret, style=Style(False), colour="low", width=width
    )
    assert 1 <= len(shown) <= 2
    for one in shown:
        assert not any(ord(character) < 32 or 127 <= ord(character) < 160 for character in one)


@given(ANY, st.integers(10, 120))
def test_wrapping_loses_no_word(text: str, width: int) -> None:
    lines = wrap(text, width, "  ")
    assert (
        "".join("".join(line.split()) for line in lines)
        == "".join("".join(wrap(word, 10_000, "")[0].split()) for word in text.split())
        or not text.isprintable()
    )
    assert all(columns(line) <= width or len(line.split()) == 1 for line in lines if line.isascii())


@pytest.mark.parametrize(
    "pattern",
    [
        'password = "{}"',
        '"MasterUserPassword": "{}",',
        "MasterUserPassword: '{}'",
        '  secret_key="{}" # rotated',
        '{{ name = "API_TOKEN", value = "{}" }}',
        '{{"Name": "DB_PASSWORD", "Value": "{}"}}',
        'tokens = ["x", "{}"]',
        "- {{Name: DB_PASSWORD, Value: {}}}",
        "Variables: {{DB_PASSWORD: {}, OTHER: x}}",
        "DB_PASSWORD: {}",
    ],
)
@given(secret=SECRETS)
def test_a_literal_under_a_secret_like_name_is_never_shown(pattern: str, secret: str) -> None:
    assert secret not in mask_line(pattern.format(secret), False)


@pytest.mark.parametrize("pattern", ['value = "{}"', "Value: '{}'", "- '{}'", '"Value": "{}"', "  Value: {}", "  - {}"])
@given(secret=SECRETS)
def test_a_literal_at_a_secret_place_is_never_shown(pattern: str, secret: str) -> None:
    if pattern.endswith("{}") and (secret.lower() in ("true", "false", "null", "yes", "no") or secret[0] in "{|>#'\""):
        return
    assert secret not in mask_line(pattern.format(secret), True)


@pytest.mark.parametrize("line", ["  - 22222***", "- some AKIAIOSFODNN7EXAMPLE rest", "  - x***y"])
def test_a_mask_in_a_secret_hides_nothing_of_the_rest(line: str) -> None:
    assert mask_line(line, True).strip() in ("- ***", "***")


@settings(max_examples=50)
@given(ANY, ANY, ANY)
def test_hostile_names_stay_on_their_line(address: str, message: str, source: str) -> None:
    findings = (replace(SSH, resource=address, message=message), replace(UNKNOWN, resource=address))
    report = replace(FULL, findings=findings)
    for name in ("text", "matrix", "github", "markdown", "junit"):
        text = render(report, name, Options(read_line=lambda file, line: source.replace("\n", " ")))
        assert not any(
            (ord(character) < 32 and character != "\n") or 127 <= ord(character) < 160 or character in "\u2028\u202e"
            for character in text
        )
