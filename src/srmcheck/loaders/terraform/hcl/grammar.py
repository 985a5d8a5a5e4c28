"""python-hcl2's grammar, mended, as a Lark parser.

The rules are read from the installed package and amended here, each amendment with its reason; one that no longer finds
its rule is an InternalError, never a grammar that reads something else. The terminals are ours (`lexer`). Building takes
a second, so the tables are kept in the user's cache directory; a cache that is broken or cannot be written is no error.
"""

from __future__ import annotations

import contextlib
import io
import os
import pickle
import re
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from srmcheck.diagnostics import Diagnostic, InternalError

if TYPE_CHECKING:
    from lark import Lark

_TERMINALS = """
NL_OR_COMMENT IF IN FOR ELSE ENDIF ENDFOR NAME NUMBER INT_INDEX STRING_CHARS DBLQUOTE DBLQUOTE_END HEREDOC HEREDOC_TRIM
HEREDOC_END INTERP_START DIRECTIVE_START STRIP_START STRIP_END DOUBLE_EQ NEQ LT GT LEQ GEQ MINUS ASTERISK SLASH PERCENT
DOUBLE_AMP DOUBLE_PIPE PLUS NOT QMARK LPAR RPAR LBRACE RBRACE LSQB RSQB COMMA DOT EQ COLON ATTR_SPLAT SPLAT
FOR_OBJECT_ARROW ELLIPSIS COLONS
"""

# What replaces a rule of the package, by the rule's name; None drops it.
_RULES: Mapping[str, str | None] = {
    # two starts: a file, and the text of a template; every argument and block ends with its line
    "start": "start : body",
    "body": "body : NL_OR_COMMENT? (_item NL_OR_COMMENT)* _item?\n_item : attribute | block",
    "attribute": "attribute : NAME EQ expression",
    "_attribute_name": None,
    "block": "block : NAME (NAME | string)* LBRACE (block_body | attribute?) RBRACE\n"
    "block_body : NL_OR_COMMENT (_item NL_OR_COMMENT)*",
    "new_line_or_comment": None,
    # which names are keywords is the lexer's to say
    "keyword": None,
    "literal_value": None,
    "int_lit": None,
    "float_lit": "number : NUMBER",
    "string": "string : DBLQUOTE string_part* DBLQUOTE_END",
    # escapes are part of the literal text: the package's own swallow what follows them
    "string_part": "?string_part : STRING_CHARS | interpolation | template_if_start | template_else | template_endif\n"
    "  | template_for_start | template_endfor",
    "template_string": None,
    "interpolation": "interpolation : INTERP_START STRIP_START? expression STRIP_END? RBRACE",
    "template_if_start": "template_if_start : DIRECTIVE_START STRIP_START? IF expression STRIP_END? RBRACE",
    "template_else": "template_else : DIRECTIVE_START STRIP_START? ELSE STRIP_END? RBRACE",
    "template_endif": "template_endif : DIRECTIVE_START STRIP_START? ENDIF STRIP_END? RBRACE",
    "template_for_start": "template_for_start : DIRECTIVE_START STRIP_START? FOR NAME (COMMA NAME)? IN expression"
    " STRIP_END? RBRACE",
    "template_endfor": "template_endfor : DIRECTIVE_START STRIP_START? ENDFOR STRIP_END? RBRACE",
    # `!!x` and `- -x`
    "unary_op": "!unary_op : (MINUS | NOT) unary_expr",
    # newlines separate the items of an object, as commas do, and nothing else does
    "object": "object : LBRACE NL_OR_COMMENT? (object_elem (COMMA NL_OR_COMMENT? | NL_OR_COMMENT))* object_elem? RBRACE",
    "object_elem": "object_elem : expression (EQ | COLON) expression",
    "object_elem_key": None,
    "heredoc_template": "heredoc_template : HEREDOC string_part* HEREDOC_END",
    "heredoc_template_trim": "heredoc_template_trim : HEREDOC_TRIM string_part* HEREDOC_END",
    "function_call": "function_call : NAME (COLONS NAME)* LPAR arguments? RPAR",
    "arguments": "arguments : expression (COMMA expression)* (COMMA | ELLIPSIS)?",
    "tuple": "tuple : LSQB (expression COMMA)* expression? RSQB",
    "identifier": "identifier : NAME",
    "short_index": "short_index : DOT INT_INDEX",
    "get_attr": "get_attr : DOT NAME",
    "attr_splat": "attr_splat : ATTR_SPLAT",
    "full_splat": "full_splat : SPLAT",
    "for_intro": "!for_intro : FOR NAME (COMMA NAME)? IN expression COLON",
    # the ladder of operators, kept, but for the newlines that the lexer drops inside brackets
}
_EXTRA = "template : string_part*\nsole : expression\n"
_RULE = re.compile(r"^[!?]?(\w+)\s*:", re.MULTILINE)


def amended(source: str) -> str:
    """The grammar that we parse with, from the text of the package's `hcl2.lark`.

    Raises InternalError if a rule that is to be amended is not there, which means another python-hcl2 than the pinned.
    """
    start = source.index("// Rules\n")
    rules: list[str] = []
    amended_rules: set[str] = set()
    text = re.sub(r"//[^\n]*\n", "\n", source[start:])
    heads = list(_RULE.finditer(text))
    for head, following in zip(heads, [*heads[1:], None], strict=True):
        name = head.group(1)
        rule = text[head.start() : following.start() if following else len(text)].strip()
        if name in _RULES:
            amended_rules.add(name)
            replacement = _RULES[name]
            if replacement is not None:
                rules.append(replacement)
        else:
            rules.append(_kept(rule))
    missing = sorted(set(_RULES) - amended_rules)
    if missing:
        raise InternalError(
            Diagnostic(
                "The grammar of python-hcl2 has changed",
                detail=f"It lacks the rules {', '.join(missing)}, which srmcheck amends.",
                hint="Install the version of python-hcl2 that srmcheck names.",
            )
        )
    declared = "".join(f"%declare {name}\n" for name in _TERMINALS.split())
    return "\n".join(rules) + "\n" + _EXTRA + declared


def _kept(rule: str) -> str:
    """A rule of the package without its newlines; the lexer gives none where they do not count."""
    rule = re.sub(r"\s*new_line_or_comment\?", "", rule)
    rule = re.sub(r"\bidentifier\b(?=.*\bIN\b)", "NAME", rule)
    return re.sub(r"^\s*\|\s*(int_lit|template_string|literal_value)\s*\n", "", rule, flags=re.MULTILINE).replace(
        "float_lit", "number"
    )


def parser(callbacks: object, cache: bool = True) -> Lark:
    """The Lark parser (starts `start`, `template` and `sole`) that calls the methods of `callbacks`."""
    from lark import Lark
    from lark import __version__ as lark_version

    source = _package_grammar()
    path = _cache_file(f"hcl-{lark_version}-{_digest(source)}") if cache else None
    if path is not None:
        loaded = _load(path, callbacks)
        if loaded is not None:
            return loaded
    built = Lark(
        amended(source),
        parser="lalr",
        lexer="basic",
        start=["start", "template", "sole"],
        keep_all_tokens=True,
        maybe_placeholders=False,
        transformer=callbacks,
    )
    if path is not None:
        _save(path, built)
    return built


def _package_grammar() -> str:
    """The text of python-hcl2's grammar, without importing the package (70 ms)."""
    from importlib.util import find_spec

    spec = find_spec("hcl2")
    if spec is None or not spec.submodule_search_locations:
        raise InternalError(Diagnostic("python-hcl2 is not installed", hint="Install srmcheck again."))
    folder = Path(next(iter(spec.submodule_search_locations)))
    return (folder / "hcl2.lark").read_text(encoding="utf-8")


def _digest(source: str) -> str:
    import hashlib

    return hashlib.sha256((source + repr(_RULES) + _TERMINALS + _EXTRA).encode()).hexdigest()[:16]


def _cache_file(name: str) -> Path | None:
    """Where the tables are kept: below XDG_CACHE_HOME, LOCALAPPDATA or the home directory's .cache."""
    for variable in ("XDG_CACHE_HOME", "LOCALAPPDATA"):
        folder = os.environ.get(variable)
        if folder and Path(folder).is_absolute():
            return Path(folder) / "srmcheck" / f"{name}.bin"
    try:
        return Path.home() / ".cache" / "srmcheck" / f"{name}.bin"
    except RuntimeError:
        return None


class _Plain(pickle.Unpickler):
    """Reads plain data only: a cache file can make no object and call nothing."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"{module}.{name} is no plain data")


def _load(path: Path, callbacks: object) -> Lark | None:
    from lark import Lark

    try:
        data = _Plain(io.BytesIO(path.read_bytes())).load()
        loaded: Lark = Lark._load_from_dict(data["data"], data["memo"], transformer=callbacks)  # type: ignore[no-untyped-call]
        return loaded
    except Exception:
        return None


def _save(path: Path, built: Lark) -> None:
    buffer = io.BytesIO()
    built.save(buffer, exclude_options=["transformer"])
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(buffer.getvalue())
            Path(name).replace(path)
        except OSError:
            Path(name).unlink(missing_ok=True)
