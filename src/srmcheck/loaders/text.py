"""Reads files as people have them: bytes with a limit, UTF-8 or UTF-16 with a byte order mark (docs: usage)."""

from __future__ import annotations

import codecs
import os
import stat
from pathlib import Path
from typing import Any

from srmcheck.diagnostics import Diagnostic, InputError

MOST_BYTES = 256 * 1024 * 1024
"""A plan of tens of megabytes is legitimate; beyond this nobody's is."""

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


def read_bytes(path: Path, name: str) -> bytes:
    """The content of a file, pipe or device; `name` is how the user named it. Raises InputError if it is not there, is a
    directory, may not be read, or holds more than MOST_BYTES."""
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno())
            if stat.S_ISREG(size.st_mode) and size.st_size > MOST_BYTES:
                raise too_large(name)
            data = file.read(MOST_BYTES + 1)
    except FileNotFoundError:
        raise InputError(
            Diagnostic("No such file or directory", name, hint="check the spelling, and where srmcheck was started")
        ) from None
    except IsADirectoryError:
        raise InputError(Diagnostic("A directory, where a file is expected", name)) from None
    except PermissionError:
        raise InputError(
            Diagnostic("File cannot be read", name, detail="Permission is denied.", hint="allow this user to read it")
        ) from None
    except OSError as error:
        raise InputError(
            Diagnostic("File cannot be read", name, detail=f"{error.strerror or 'Input error'}.")
        ) from None
    if len(data) > MOST_BYTES:
        raise too_large(name)
    return data


def too_large(name: str) -> InputError:
    """The error for a file beyond MOST_BYTES."""
    return InputError(
        Diagnostic(
            "File too large",
            name,
            detail=f"It holds more than {MOST_BYTES // 1024 // 1024} MiB.",
            hint="split the configuration, or check the plans of its parts one by one",
        )
    )


def decode(data: bytes, name: str) -> str:
    """The text of a file: UTF-8, or what its byte order mark says. Raises InputError for other bytes."""
    encoding, start = "utf-8", 0
    for mark, marked in _MARKS:
        if data.startswith(mark):
            encoding, start = marked, len(mark)
            break
    try:
        text = data[start:].decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            Diagnostic(
                "Not text in UTF-8 or UTF-16",
                name,
                data.count(b"\n", 0, start + error.start) + 1 if encoding == "utf-8" else None,
                detail="Some bytes are no characters of that encoding.",
                hint="save the file as UTF-8",
            )
        ) from None
    if "\0" in text:
        raise InputError(
            Diagnostic(
                "Not text",
                name,
                text.count("\n", 0, text.index("\0")) + 1,
                detail="The file holds NUL bytes: it is binary, or UTF-16 without a byte order mark.",
                hint="save the file as UTF-8",
            )
        )
    return text


def has_mark(data: bytes) -> bool:
    """Whether the bytes start with a byte order mark other than UTF-8's."""
    return any(data.startswith(mark) for mark, _ in _MARKS[1:])


def parse_json(data: bytes, name: str) -> Any:
    """The JSON value in UTF-8 `data`. Raises InputError that says where it breaks: in the middle, at its end (the file was
    cut), after its end, or by nesting; it quotes nothing of the file."""
    import orjson

    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        position = error.pos
        reason = str(error).lower()
    if "utf-8" in reason:
        decode(data, name)
    line, column = _at(data, position)
    if "recursion" in reason or "depth" in reason:
        raise InputError(
            Diagnostic(
                "Values nested too deeply",
                name,
                line,
                column,
                "srmcheck reads JSON up to a depth of 1,024.",
                "no tool writes a template like this: is the file what it should be?",
            )
        )
    rest = data.decode("utf-8", "replace")[position:]
    if not rest.strip():
        raise InputError(
            Diagnostic(
                "JSON is cut off",
                name,
                line,
                column,
                "The file ends in the middle of a value, so resources may be missing.",
                "write it again, and see that the command that writes it succeeds and the disk has room",
            )
        )
    if "trailing character" in reason or "unexpected content after" in reason:
        raise InputError(
            Diagnostic(
                "Text after the JSON",
                name,
                line,
                column,
                "The JSON value ends before this place.",
                "let the command that writes the file write nothing else (2>&1 mixes messages in)",
            )
        )
    raise InputError(Diagnostic("Not valid JSON", name, line, column, "The file cannot be read beyond this place."))


def _at(data: bytes, position: int) -> tuple[int, int]:
    """Line and column, from 1, of a position in characters."""
    text = data.decode("utf-8", "replace")
    position = min(position, len(text))
    return text.count("\n", 0, position) + 1, position - (text.rfind("\n", 0, position) + 1) + 1
