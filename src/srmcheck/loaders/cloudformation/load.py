"""A CloudFormation template's text to a Template."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from srmcheck.conditions import TRUE, Condition
from srmcheck.diagnostics import Diagnostic, InputError
from srmcheck.loaders.cloudformation.dynamic import resolved
from srmcheck.loaders.cloudformation.evaluate import BY_TRANSFORM, Context, Evaluator
from srmcheck.loaders.cloudformation.foreach import PREFIX, Loops
from srmcheck.loaders.cloudformation.notes import Notes
from srmcheck.loaders.cloudformation.parameters import pseudo_parameters, read_parameters
from srmcheck.loaders.cloudformation.reading import read
from srmcheck.loaders.cloudformation.transforms import (
    BY_SAM,
    SAM_APPLICATION,
    SAM_MAKES,
    SAM_TYPES,
    expands_into_more,
    include,
    name_unread,
    read_transforms,
)
from srmcheck.loaders.cloudformation.tree import Array, Broken, Object, Tree, entry, text_at
from srmcheck.loaders.cloudformation.when import Conditions
from srmcheck.template import Format, SourceResource, Template
from srmcheck.values import Node, Place, Unknown

TOO_COMPLEX = "nested too deeply"


def load_cloudformation(
    text: str, name: str, *, sha256: str = "", parameters: Mapping[str, str] | None = None
) -> Template:
    """The template in `text` (JSON or YAML, decoded, without a byte order mark) with its functions evaluated.

    `name` is the file as the user named it, `sha256` its digest; `parameters` are values for parameters, and for pseudo
    parameters by their full name (`AWS::Region`). The template's diagnostics tell what could not be read or evaluated.
    Raises InputError for text that cannot be read at all, and for what is no template; docs: cloudformation.
    """
    document = read(text, name)
    if not isinstance(document.root, Object):
        raise InputError(
            Diagnostic(
                "Not a CloudFormation template",
                name,
                *document.notes.lines.at(document.root.start),
                detail="A template is a mapping with the section Resources.",
            )
        )
    loader = _Loader(document.root, document.notes, parameters or {})
    resources = loader.resources()
    given = parameters or {}
    return Template(
        name,
        "cloudformation",
        loader.format(resources),
        resources,
        files=MappingProxyType({name: sha256}),
        diagnostics=document.notes.diagnostics(),
        incomplete=tuple(dict.fromkeys((*loader.incomplete, *loader.made_by_sam))),
        hidden=SAM_MAKES if loader.made_by_sam and not loader.incomplete else (),
        unread=MappingProxyType(dict(sorted(document.notes.unread.items()))),
        account=given.get("AWS::AccountId"),
        region=given.get("AWS::Region"),
        partition=given.get("AWS::Partition"),
    )


class _Loader:
    def __init__(self, root: Object, notes: Notes, given: Mapping[str, str]) -> None:
        self.root = root
        self.notes = notes
        self.transforms = read_transforms(root, notes)
        self.incomplete = list(self.transforms.incomplete)
        self.made_by_sam: list[str] = []
        names = {**read_parameters(entry(root, "Parameters"), given, notes), **pseudo_parameters(given)}
        self.context = Context(notes, names, entry(root, "Mappings"), loose=self.transforms.loose)
        # A collection is evaluated before it is known what the template declares.
        early = Context(notes, names, self.context.mappings, loose="reference in the collection of a loop")
        self.loops = Loops(Evaluator(early))
        self.context.conditions = Conditions(self._conditions())
        if "Rules" in root.items:
            notes.unread["Rules section"] += 1

    def _conditions(self) -> Mapping[str, Tree]:
        section = entry(self.root, "Conditions")
        if section is None:
            return {}
        section = self._expanded(section)
        if not isinstance(section, Object):
            self.notes.add("Conditions is no mapping", section, level="error")
            return {}
        if "*" in section.items or "Fn::Transform" in section.items:
            self.context.loose = self.context.loose or "reference to something that a loop may make"
        return {key: tree for key, tree in section.items.items() if key not in ("*", "Fn::Transform")}

    def _expanded(self, tree: Tree) -> Tree:
        return self.loops.expand(tree) if _has_loops(tree) else tree

    # --- resources -------------------------------------------------------------------------------------------------

    def resources(self) -> tuple[SourceResource, ...]:
        """All resources, in the order of the template."""
        section = entry(self.root, "Resources")
        if not isinstance(section, Object) or not section.items:
            self.notes.add(
                "Template without resources",
                section or self.root,
                "A template has a section Resources, a mapping with at least one resource.",
                "is this a template of another kind, or a part of one?",
                level="error",
            )
            return ()
        expanded = self._expanded(section)
        assert isinstance(expanded, Object)
        self._more(expanded)
        self.context.resources = frozenset(key for key in expanded.items if key not in ("*", "Fn::Transform"))
        if any((text_at(entry(tree, "Type")) or "").startswith(SAM_TYPES) for tree in expanded.items.values()):
            self.context.loose = self.context.loose or BY_SAM
        self._check_conditions()
        found: list[SourceResource] = []
        unread: dict[str, list[str]] = {}
        for address, tree in expanded.items.items():
            if address not in self.context.resources:
                continue
            span = expanded.keys[address]
            resource = self._resource(address, tree, span)
            if resource is None:
                self.incomplete.append("a resource that cannot be read")
                continue
            found.append(resource)
            kind = expands_into_more(resource.type)
            if kind is not None:
                unread.setdefault(kind, []).append(address)
        for kind, addresses in unread.items():
            name_unread(kind, addresses, expanded.keys[addresses[0]][0], self.notes)
            by_sam = kind.startswith(SAM_TYPES) and kind != SAM_APPLICATION
            (self.made_by_sam if by_sam else self.incomplete).append(f"{kind} is not evaluated")
        return tuple(found)

    def _more(self, resources: Object) -> None:
        """Reasons why there may be resources that are not written."""
        if "Fn::Transform" in resources.items:
            include(self.notes, resources.items["Fn::Transform"])
            self.incomplete.append("a transform in Resources")
            self.context.loose = self.context.loose or "reference to something that an include may declare"
        for loop in self.loops.open_loops:
            self.notes.unread["Fn::ForEach"] += 1
            self.notes.add(
                "Loop not evaluated",
                loop,
                "The collection of this loop is not known before deployment.",
                "give the parameter that it runs over a default or a value",
                level="outside",
            )
        if "*" in resources.items:
            self.incomplete.append("a loop in Resources that is not evaluated")
            self.context.loose = self.context.loose or "reference to something that a loop may make"

    def _check_conditions(self) -> None:
        """Evaluates the conditions in the order of the template, so that what is wrong in one is told, used or not."""
        evaluator = Evaluator(self.context)
        conditions = self.context.conditions
        for name in conditions.names:
            conditions.named(name, evaluator, self.root)

    def _resource(self, address: str, tree: Tree, span: tuple[int, int]) -> SourceResource | None:
        kind = text_at(entry(tree, "Type"))
        if not isinstance(tree, Object) or kind is None:
            if not isinstance(tree, Broken):  # of those the reader has told
                self._no_type(tree)
            return None
        place = Place(address, (), self.notes.lines.span(*span))
        exists: Condition = TRUE
        evaluator = Evaluator(self.context, address)
        try:
            exists = self._exists(tree, evaluator)
            body = resolved(self._body(tree, evaluator.assuming(exists)))
        except RecursionError:
            self.notes.add(
                "Resource too complex", span[0], "Its functions lead too deep into each other.", level="error"
            )
            body = Node({"*": Node(Unknown(TOO_COMPLEX), place)}, place)
        return SourceResource(address, kind, body, exists=exists, place=place)

    def _no_type(self, tree: Tree) -> None:
        if isinstance(tree, Object) and "Fn::Transform" in tree.items:
            include(self.notes, tree)
            return
        self.notes.add(
            "Resource without a type",
            tree,
            "A resource is a mapping with a Type, which is text.",
            "an entry that is no resource belongs into another section",
            level="error",
        )

    def _exists(self, tree: Object, evaluator: Evaluator) -> Condition:
        written = entry(tree, "Condition")
        if written is None:
            return TRUE
        conditions = self.context.conditions
        name = text_at(written)
        return conditions.formula(written, evaluator) if name is None else conditions.named(name, evaluator, written)

    def _body(self, tree: Object, evaluator: Evaluator) -> Node:
        """The properties as a dict; what cannot be told about them is under the key "*"."""
        properties = entry(tree, "Properties")
        if properties is None:
            body = Node({}, evaluator.place(tree, ()))
        elif isinstance(properties, Object) and (
            list(properties.items) == ["Fn::Transform"] or not _is_call(properties)
        ):
            place = evaluator.place(properties, ())
            body = Node(evaluator.entries(properties, ()), place)
        else:
            if not isinstance(properties, Broken):
                self.notes.add(
                    "Properties is no mapping",
                    properties,
                    "Properties are a mapping of names to values.",
                    level="error",
                )
            reason = properties.reason if isinstance(properties, Broken) else "properties that cannot be read"
            place = evaluator.place(properties, ())
            body = Node({"*": Node(Unknown(reason), place)}, place)
        if "Fn::Transform" in tree.items and isinstance(body.value, dict):
            self.notes.unread["Fn::Transform"] += 1
            body = Node({**body.value, "*": Node(Unknown(BY_TRANSFORM), body.place)}, body.place)
        return body

    # --- kind of template ------------------------------------------------------------------------------------------

    def format(self, resources: tuple[SourceResource, ...]) -> Format:
        """SAM by its transform or a type of its own, CDK by the metadata that it writes."""
        if self.transforms.is_sam or any(resource.type.startswith(SAM_TYPES) for resource in resources):
            return "sam"
        section = entry(self.root, "Resources")
        if isinstance(section, Object):
            for tree in section.items.values():
                if text_at(entry(tree, "Type")) == "AWS::CDK::Metadata":
                    return "cdk"
                metadata = entry(tree, "Metadata")
                if isinstance(metadata, Object) and "aws:cdk:path" in metadata.items:
                    return "cdk"
        return "template"


def _is_call(tree: Object) -> bool:
    return any(
        key.startswith("Fn::") and not key.startswith(PREFIX) and key != "Fn::Transform" for key in tree.items
    ) or (list(tree.items) == ["Ref"])


def _has_loops(tree: Tree) -> bool:
    stack = [tree]
    while stack:
        current = stack.pop()
        if isinstance(current, Object):
            if any(key.startswith(PREFIX) for key in current.items):
                return True
            stack.extend(current.items.values())
        elif isinstance(current, Array):
            stack.extend(current.items)
    return False


def looks_like_template(value: object) -> bool:
    """Whether the top level of a parsed file, as plain values or as this package's tree, is a CloudFormation template:
    `Resources` holds an entry with a text as `Type` (`AWS::S3::Bucket`, `Custom::X`), or a loop, or the format version is
    named beside it."""
    if isinstance(value, Object):
        section = value.items.get("Resources")
        if not isinstance(section, Object):
            return False
        kinds = [text_at(entry(tree, "Type")) for tree in section.items.values()]
        keys = list(section.items)
        named = "AWSTemplateFormatVersion" in value.items
    elif isinstance(value, Mapping):
        plain = value.get("Resources")
        if not isinstance(plain, Mapping):
            return False
        kinds = [item.get("Type") if isinstance(item, Mapping) else None for item in plain.values()]
        keys = [str(key) for key in plain]
        named = "AWSTemplateFormatVersion" in value
    else:
        return False
    if named or any(isinstance(kind, str) and "::" in kind for kind in kinds):
        return True
    return any(key.startswith(PREFIX) or key == "Fn::Transform" for key in keys)
