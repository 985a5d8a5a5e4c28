"""Where a module call's module is: a folder beside it, one that `terraform init` downloaded, or outside.

Source: developer.hashicorp.com/terraform/language/modules/sources
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from srmcheck.diagnostics import Diagnostic, Level
from srmcheck.loaders.terraform.hcl.config import Configuration, Declaration
from srmcheck.loaders.terraform.hcl.reading import LOCAL, Reader, shown_path

if TYPE_CHECKING:
    from srmcheck.loaders.terraform.hcl.modules import ModuleInstance

_PLAN = "Check a plan, which holds them: terraform show -json tfplan > plan.json; srmcheck plan.json"


@dataclass
class Sources:
    """Opens the modules of one root directory. `say` takes diagnostics, `read` gives a directory's configuration."""

    reader: Reader
    directory: Path
    shown: str
    say: Callable[[Diagnostic], None]
    read: Callable[[Path, str], Configuration]
    _downloaded: Mapping[str, tuple[str, str]] | None = field(default=None, init=False)

    def open(self, caller: ModuleInstance, call: Declaration) -> tuple[Configuration, Path] | str:
        """The module that a call names, or why it is not there."""
        source = call.text("source")
        address = caller.child_address(call.block.labels[0])
        if source is None:
            detail = f"The source of {address} is missing or computed, so its resources are not seen."
            return self._refuse(call, "Module source is not plain text", detail, _PLAN)
        if LOCAL.match(source):
            directory = Path(shown_path(caller.directory.as_posix(), source) or ".")
            shown = shown_path(caller.configuration.shown, source)
        else:
            found = self._fetched(caller, call.block.labels[0], source)
            if found is None:
                detail = (
                    f"{address} is not part of this folder, so its resources are not seen and its outputs are unknown."
                )
                self._refuse(call, "Module is not local", detail, _PLAN, "outside")
                return "module that is not downloaded"
            directory, shown = found
        if not self.reader.inside(directory):
            detail = f"The source of {address} lies outside the root, where srmcheck reads nothing."
            return self._refuse(call, "Path leads outside", detail, "Widen the root with --root DIR.")
        if not directory.is_dir():
            detail = f"The source of {address} is no folder."
            hint = "Check the path; it is relative to the folder of the calling module."
            return self._refuse(call, "Module not found", detail, hint)
        return self.read(directory, shown), directory

    def _refuse(self, call: Declaration, summary: str, detail: str, hint: str, level: Level = "error") -> str:
        line, column = call.source.position(call.block.start)
        self.say(Diagnostic(summary, call.source.name, line, column, detail, hint, level))
        return summary[0].lower() + summary[1:]

    def _fetched(self, caller: ModuleInstance, name: str, source: str) -> tuple[Path, str] | None:
        """The folder into which init put a module, if it did so for this source."""
        if self._downloaded is None:
            self._downloaded = self._manifest()
        recorded, directory = self._downloaded.get(".".join([*caller.names, name]), ("", ""))
        if not directory or not (recorded == source or recorded.endswith(f"/{source}")):
            return None
        return Path(shown_path(self.directory.as_posix(), directory) or "."), shown_path(self.shown, directory)

    def _manifest(self) -> Mapping[str, tuple[str, str]]:
        """`.terraform/modules/modules.json`: source and folder by the names of the calls that lead to a module."""
        path = self.directory / ".terraform" / "modules" / "modules.json"
        if not path.is_file():
            return {}
        text = self.reader.text(path, shown_path(self.shown, ".terraform/modules/modules.json"))
        try:
            entries = json.loads(text)["Modules"] if text is not None else []
            return {
                str(entry["Key"]): (str(entry["Source"]), str(entry["Dir"]).replace("\\", os.sep))
                for entry in entries
                if not Path(str(entry["Dir"])).is_absolute()
            }
        except (ValueError, KeyError, TypeError, RecursionError):
            self.say(
                Diagnostic(
                    "Module manifest cannot be read",
                    shown_path(self.shown, ".terraform/modules/modules.json"),
                    detail="It does not list modules as terraform init writes it.",
                    hint="Run terraform init again.",
                )
            )
            return {}
