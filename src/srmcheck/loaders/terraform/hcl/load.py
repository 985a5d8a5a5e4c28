"""A Terraform root directory to a Template: its files read, its modules opened, every resource evaluated."""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass, field
from pathlib import Path

from srmcheck.conditions import conjoin
from srmcheck.diagnostics import Diagnostic
from srmcheck.loaders.terraform.hcl import functions
from srmcheck.loaders.terraform.hcl.bodies import default_tags, resource_body
from srmcheck.loaders.terraform.hcl.config import Configuration, Declaration, configure
from srmcheck.loaders.terraform.hcl.evaluate import Evaluator
from srmcheck.loaders.terraform.hcl.given import given_values
from srmcheck.loaders.terraform.hcl.instances import ResourceInstance
from srmcheck.loaders.terraform.hcl.modules import ModuleInstance, Root, as_diagnostic, report_place
from srmcheck.loaders.terraform.hcl.partial import EvalError
from srmcheck.loaders.terraform.hcl.placing import Budget
from srmcheck.loaders.terraform.hcl.reading import Reader, shown_path
from srmcheck.loaders.terraform.hcl.sources import Sources
from srmcheck.template import Scope, SourceResource, Template
from srmcheck.values import Place

RECURSION = 8000
MOST_RESOURCES = 100_000
_LOCK = re.compile(r'provider\s+"[^"]*/hashicorp/aws"\s*\{[^}]*?\bversion\s*=\s*"([^"\s]+)"')


def load_hcl(directory: Path, name: str, *, boundary: Path) -> Template:
    """The Terraform root module in `directory`, as Template `name`. Nothing outside of `boundary` is read, whatever
    links or module paths say. What cannot be read or evaluated is a diagnostic; nothing is raised for it."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, RECURSION))
    try:
        return _Loader(directory, name, boundary).run()
    finally:
        sys.setrecursionlimit(before)


@dataclass
class _Loader:
    directory: Path
    name: str
    boundary: Path
    reader: Reader = field(init=False)
    evaluator: Evaluator = field(init=False)
    configurations: dict[str, Configuration] = field(default_factory=dict)
    said: set[tuple[object, ...]] = field(default_factory=set)
    outside: dict[str, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.reader = Reader(self.boundary.resolve())
        self.evaluator = Evaluator(functions.call)

    def run(self) -> Template:
        shown = shown_path(self.directory.as_posix(), ".")
        configuration = self._configuration(self.directory, shown)
        root = Root(
            evaluator=self.evaluator,
            directory=self.directory,
            given={},
            open_module=Sources(self.reader, self.directory, shown, self._say, self._configuration).open,
            report=self._report,
            reader=self.reader,
            shown=shown,
        )
        for local, required in configuration.required.items():
            if required.is_aws:
                root.default_provider = local
        module = ModuleInstance(root, configuration, self.directory)
        root.given = given_values(self.reader, self.directory, shown, module)
        resources = self._resources(module)
        default = module.provider(root.default_provider)
        incomplete = dict(root.incomplete)
        incomplete.update(dict.fromkeys(f"{file}: not read" for file in self.reader.unread))
        return Template(
            name=self.name,
            language="terraform",
            format="hcl",
            resources=tuple(resources),
            files=dict(sorted(self.reader.files.items())),
            provider_version=self._locked_version(),
            provider_constraints=self._constraints(),
            diagnostics=tuple(self.reader.diagnostics),
            incomplete=tuple(incomplete),
            unread=dict(sorted(self.evaluator.unread.items())),
            region=default.region,
        )

    def _configuration(self, directory: Path, shown: str) -> Configuration:
        """The declarations of a directory, read once."""
        known = self.configurations.get(shown)
        if known is None:
            known = configure(shown, self.reader.configuration(directory, shown))
            self.configurations[shown] = known
            self.reader.diagnostics.extend(known.diagnostics)
        return known

    def _resources(self, root: ModuleInstance) -> list[SourceResource]:
        """All resources, depth first in the order of the files."""
        found: list[SourceResource] = []
        budget = Budget()
        stack = [root]
        while stack:
            module = stack.pop()
            for key, declaration in module.configuration.resources.items():
                try:
                    members = module.group(key).members
                except EvalError as error:
                    self._report(error)
                    mode = "data." if key[0] == "data" else ""
                    prefix = f"{module.address}." if module.address else ""
                    self._lost(module, f"{prefix}{mode}{key[1]}.{key[2]}")
                    continue
                for member in members:
                    if len(found) >= MOST_RESOURCES:
                        self._lost(module, "more resources than srmcheck keeps")
                        return found
                    instance = module.instance(key, member)
                    found.append(self._resource(module, instance, declaration, budget))
            children: list[ModuleInstance] = []
            for name in module.configuration.calls:
                opened = module.children(name)
                if not isinstance(opened, str):
                    children.extend(opened[1].values())
            stack.extend(reversed(children))
        return found

    def _lost(self, module: ModuleInstance, what: str) -> None:
        module.root.incomplete.setdefault(f"{what}: its instances cannot be evaluated")

    def _resource(
        self, module: ModuleInstance, instance: ResourceInstance, declaration: Declaration, budget: Budget
    ) -> SourceResource:
        header = declaration.source.location(declaration.block.start, declaration.block.header_end, module.via)
        body = resource_body(instance, budget, self._report)
        provider = module.provider_of(instance)
        region = provider.region
        if isinstance(body.value, dict) and instance.kind != "aws_cloudformation_stack_set_instance":
            own = body.value.get("region")
            if own is not None and isinstance(own.value, str) and instance.mode == "managed":
                region = own.value
        exists = conjoin(*module.existence(), instance.exists)
        return SourceResource(
            instance.address,
            instance.kind,
            body,
            Scope(provider.name, provider.account, region),
            exists,
            instance.mode,
            Place(instance.address, (), header),
            default_tags=default_tags(instance, provider.default_tags, budget),
        )

    def _report(self, error: EvalError) -> None:
        """An error of an expression, said once for its place."""
        key = (error.summary, error.detail, *report_place(error))
        if key not in self.said:
            self.said.add(key)
            self.reader.diagnostics.append(as_diagnostic(error))

    def _say(self, diagnostic: Diagnostic) -> None:
        key = (diagnostic.summary, diagnostic.file, diagnostic.line, diagnostic.column)
        if key not in self.said:
            self.said.add(key)
            self.reader.diagnostics.append(diagnostic)

    def _constraints(self) -> tuple[str, ...]:
        """What the modules that were read require of the version of hashicorp/aws."""
        required = (one for known in self.configurations.values() for one in known.required.values())
        return tuple(dict.fromkeys(one.version for one in required if one.is_aws and one.version))

    def _locked_version(self) -> str | None:
        """The version of hashicorp/aws in the lock file, if there is one."""
        path = self.directory / ".terraform.lock.hcl"
        if not path.is_file():
            return None
        text = self.reader.text(path, shown_path(self.directory.as_posix(), path.name))
        found = _LOCK.search(text) if text is not None else None
        return found.group(1) if found else None
