"""The settings of one run, as the command line gives them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from srmcheck.gate import Gate

EngineName = Literal["embedded", "opa"]


@dataclass(frozen=True, slots=True)
class Config:
    """What to check and how.

    `paths` are files and folders, "-" standard input. `source` is where a plan's `.tf` files are, if not beside it.
    `root` widens what may be read. `scope` "account" says that the templates are an account baseline. `opa_url` asks a
    running OPA in place of `engine`; `opa_token` never appears in any output. With `debug`, a fault of srmcheck itself is
    raised; else it is a diagnostic of the template that met it, and the other templates are checked.

    `policy_dirs` are folders of users' own policies, `data_files` set parameters of policies.

    `select` and `ignore` are terms that say which policies run (policy.select). `inline_ignores` off: ignores in templates
    count for nothing. `baseline` is the file with the findings that are known. `today` is the day in UTC (`YYYY-MM-DD`) by
    which ignores end; "": none of them does. `places` has file and line of the settings that a file gave, by name.
    """

    paths: tuple[str, ...] = (".",)
    source: Path | None = None
    root: Path | None = None
    scope: Literal["template", "account"] = "template"
    profile: Literal["default", "all"] = "default"
    engine: EngineName = "embedded"
    opa_url: str | None = None
    opa_token: str | None = field(default=None, repr=False)
    opa_ca_cert: Path | None = None
    opa_client_cert: Path | None = None
    opa_client_key: Path | None = None
    opa_timeout: float = 30.0
    show_passed: bool = False
    debug: bool = False
    policy_dirs: tuple[Path, ...] = ()
    data_files: tuple[Path, ...] = ()
    select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    inline_ignores: bool = True
    baseline: Path | None = None
    today: str = ""
    places: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    gate: Gate = field(default_factory=Gate)
