"""Code frames: the line that a finding or a diagnostic is about, with a mark under it."""

from __future__ import annotations

from srmcheck.report.mask import mask_line
from srmcheck.report.options import ReadLine
from srmcheck.report.style import Style, clean, columns

MOST_LINES = 5


def frame(
    read_line: ReadLine,
    file: str,
    line: int,
    column: int | None,
    end_line: int | None,
    *,
    secret: bool,
    style: Style,
    colour: str,
    width: int,
) -> list[str]:
    """The lines of the span with their numbers, the first one underlined from `column`; a span of more than MOST_LINES
    lines, or one that is secret, shows its first line only. Empty if the line cannot be read."""
    last = end_line or line
    if last < line or last - line >= MOST_LINES or secret:
        last = line
    number_width = len(str(last))
    room = max(width - number_width - 5, 20)
    shown: list[str] = []
    for number in range(line, last + 1):
        text = read_line(file, number)
        if text is None:
            return []
        masked = mask_line(text, secret)
        start = max((column or 1) - 1, 0) if number == line else 0
        if number == line and not column:
            start = len(masked) - len(masked.lstrip())
        body, underline = _window(masked, start, room)
        shown.append(f"{style('dim', f'{number:>{number_width}} |')} {body}".rstrip())
        if number == line and underline:
            shown.append(f"{style('dim', ' ' * number_width + ' |')} {style(colour, underline)}")
    return shown


def _window(text: str, start: int, room: int) -> tuple[str, str]:
    """The part of `text` around `start` that fits, cleaned, and the underline below it (empty if `start` lies beyond)."""
    text = text.rstrip()
    cut = 0
    if len(text) > room:
        cut = max(0, min(start - 8, len(text) - room + 1))
    before, after = clean(text[cut:start]), clean(text[max(start, cut) :])
    lead = "…" if cut else ""
    body = f"{lead}{before}{after}"
    if columns(body) > room:
        body = f"{body[: room - 1]}…"
    if start >= len(text):
        return body, ""
    indent = columns(lead + before)
    length = max(1, columns(body) - indent)
    return body, " " * indent + "^" * length
