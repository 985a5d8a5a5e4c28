"""What changes or adds to a template before it is deployed: macros, includes, SAM, nested stacks, modules."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from srmcheck.loaders.cloudformation.notes import Notes, safe_name
from srmcheck.loaders.cloudformation.tree import Array, Object, Tree, entry, text_at

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
SAM_PREFIX = "AWS::Serverless-"
SAM_TYPES = "AWS::Serverless::"
SAM_APPLICATION = "AWS::Serverless::Application"
_SAM_SERVICES = (
    "ApiGateway ApiGatewayV2 AppSync CloudFormation CodeDeploy Cognito DynamoDB Events IAM IoT Lambda Logs Route53 SNS SQS "
    "Scheduler StepFunctions"
)
SAM_MAKES = tuple(f"AWS::{service}::" for service in _SAM_SERVICES.split())
"""How the types begin of all that SAM makes, but for an application, which is a stack of its own. Source:
docs.aws.amazon.com/serverless-application-model/latest/developerguide/sam-specification-generated-resources.html"""
NESTED_STACK = "AWS::CloudFormation::Stack"
BY_SAM = "reference to something that SAM may make"
MODULE_SUFFIX = "::MODULE"


@dataclass(frozen=True, slots=True)
class Transforms:
    """`is_sam`: the SAM transform is there. `loose`: why names may be declared that the template does not declare, None
    if they may not. `incomplete`: reasons why there may be resources that are not in it."""

    is_sam: bool
    loose: str | None
    incomplete: tuple[str, ...]


def read_transforms(root: Object, notes: Notes) -> Transforms:
    """The Transform section and Fn::Transform at the top level. Names each macro: the template is judged as written."""
    section = root.items.get("Transform")
    trees: Iterable[Tree] = section.items if isinstance(section, Array) else [] if section is None else [section]
    is_sam, loose = False, None
    incomplete: list[str] = []
    if "Fn::Transform" in root.items:
        trees = [*trees, root.items["Fn::Transform"]]
    for tree in trees:
        name = text_at(tree) or text_at(entry(tree, "Name"))
        if name is None or name == LANGUAGE_EXTENSIONS:
            continue
        if name.startswith(SAM_PREFIX):
            is_sam = True
            loose = loose or BY_SAM
        elif name == "AWS::Include":
            include(notes, tree)
            incomplete.append("AWS::Include at the top level")
            loose = "reference to something that an include may declare"
        else:
            shown = safe_name(name) or "of another name"
            notes.unread[f"macro {shown}"] += 1
            notes.add(
                "Macro not evaluated",
                tree,
                f"The macro {shown} may change the template before it is deployed; it is judged as written.",
                "check what it makes: aws cloudformation get-template --template-stage Processed",
            )
            loose = loose or "reference to something that a macro may declare"
    return Transforms(is_sam, loose, tuple(incomplete))


def include(notes: Notes, at: Tree) -> None:
    """Counts and names a snippet that stands where it can bring resources."""
    notes.unread["Fn::Transform"] += 1
    notes.add(
        "Included snippet not read",
        at,
        "A transform adds to the template what is not in it; what it may bring is unknown.",
        "check what it makes: aws cloudformation get-template --template-stage Processed",
        level="outside",
    )


def expands_into_more(type_name: str) -> str | None:
    """What a resource of this type stands for that is not read yet: a short name, None for an ordinary resource."""
    if type_name.startswith(SAM_TYPES):
        return type_name
    if type_name == NESTED_STACK:
        return "nested stack"
    if type_name.endswith(MODULE_SUFFIX):
        return "module"
    return None


def name_unread(kind: str, addresses: list[str], at: Tree | int, notes: Notes) -> None:
    """Says which resources stand for others that are not read."""
    notes.unread[kind] += len(addresses)
    shown = [safe_name(address) or "…" for address in addresses[:10]]
    more = f" and {len(addresses) - 10} more" if len(addresses) > 10 else ""
    notes.add(
        "Resources not read",
        at,
        f"What {kind} stands for is not evaluated yet: {', '.join(shown)}{more}.",
        "check the template after processing, or the child template by itself",
        level="outside",
    )
