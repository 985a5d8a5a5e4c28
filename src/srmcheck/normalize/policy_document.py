"""Policy documents that `aws_iam_policy_document` data sources make (docs: normalization, "Policy documents").

Blocks become the form that `documents.py` describes; source documents come first, a statement replaces an earlier one with
the same sid, override documents do so last, and a statement without sid is added. Places stay those in the data source.
Source: registry.terraform.io/providers/hashicorp/aws/latest/docs/data-sources/iam_policy_document
"""

from __future__ import annotations

from collections.abc import Mapping

from srmcheck.normalize.coerce import POLICY, Coercer
from srmcheck.normalize.documents import policy
from srmcheck.normalize.merge import branches
from srmcheck.normalize.references import MOST_BRANCHES, References
from srmcheck.values import ABSENT, NOTHING, Choice, Node, Reference, Spread, Text, Unknown, lift, text_of

TYPE = "aws_iam_policy_document"
ATTRIBUTES = frozenset({"json", "minified_json"})
CIRCULAR = Unknown("policy document that refers to itself")
MAY_BE_REPLACED = Unknown("statement that an override document may replace")
MOST_DEPTH = 16

_LISTS = {"actions": "Action", "not_actions": "NotAction", "resources": "Resource", "not_resources": "NotResource"}
_PRINCIPALS = {"principals": "Principal", "not_principals": "NotPrincipal"}


class PolicyDocuments:
    """Renders the policy document data sources of one template, each once."""

    def __init__(self, references: References) -> None:
        self._references = references
        self._coercer = Coercer(references, self.rendered)
        self._made: dict[str, Node] = {}
        self._active: set[str] = set()

    def rendered(self, reference: Reference) -> Node | None:
        """The document that a reference to such a data source's `json` gives; None for any other reference."""
        if reference.attribute not in ATTRIBUTES:
            return None
        source = self._references.by_address.get(reference.address)
        if source is None or source.mode != "data" or source.type != TYPE:
            return None
        if not isinstance(source.body.value, dict):
            return source.body if isinstance(source.body.value, Unknown) else None
        address = source.address
        made = self._made.get(address)
        if made is None:
            if address in self._active or len(self._active) >= MOST_DEPTH:
                return Node(CIRCULAR, source.place)
            self._active.add(address)
            try:
                self._coercer.scope = source.scope
                made = self._made[address] = self._render(source.body, source.body.value)
            finally:
                self._active.discard(address)
        return made

    def _render(self, node: Node, body: Mapping[str, Node]) -> Node:
        for attribute in ("json", "minified_json"):
            known = body.get(attribute)
            if known is not None and isinstance(known.value, str) and "statement" not in body:
                return self._coercer.coerce(known, POLICY)
        version = body.get("version")
        head = {
            "Version": version if version is not None and version.value is not None else Node("2012-10-17", node.place)
        }
        if "policy_id" in body:
            head["Id"] = body["policy_id"]
        own = Node(self._statements(body.get("statement", NOTHING)), node.place)
        statements = Node(list[Node](), node.place)
        for document in self._documents(body.get("source_policy_documents", NOTHING)):
            statements = _merged(statements, document)
        statements = _merged(statements, own)
        for document in self._documents(body.get("override_policy_documents", NOTHING)):
            statements = _merged(statements, document)
        place = node.place
        return lift(statements, lambda list_of: Node({**head, "Statement": list_of}, place, None, node.secret))

    def _documents(self, node: Node) -> list[Node]:
        """The statements of each of some documents: a list, an unknown, or a choice of them."""
        node = self._coercer.opened(node)
        value = node.value
        if isinstance(value, Choice):
            longest = max((len(self._documents(branch)) for _, branch in value.branches), default=0)
            return [
                Node(
                    Choice(
                        tuple(
                            (guard, documents[number] if number < len(documents) else Node(list[Node]()))
                            for guard, documents in (
                                (guard, self._documents(branch)) for guard, branch in value.branches
                            )
                        )
                    )
                )
                for number in range(longest)
            ]
        if isinstance(value, Unknown):
            return [node]
        found: list[Node] = []
        for element in value if isinstance(value, list) else []:
            if isinstance(element.value, Spread):
                found.extend(self._documents(element.value.of))
            else:
                found.append(lift(self._coercer.coerce(element, POLICY), _statements_of))
        return found

    # Statements

    def _statements(self, node: Node) -> list[Node]:
        """The statements of the blocks, in the one form."""
        made = self._blocks(node)
        document = policy(Node({"Statement": Node(made)}), self._coercer).value
        assert isinstance(document, dict)
        statements = document["Statement"].value
        return statements if isinstance(statements, list) else []

    def _blocks(self, node: Node) -> list[Node]:
        node = self._coercer.opened(node)
        value = node.value
        if isinstance(value, dict):
            return [self._statement(node)]
        if isinstance(value, Unknown):
            return [Node(Spread(node), node.place)]
        if isinstance(value, Choice):
            lists = [(guard, self._blocks(branch)) for guard, branch in value.branches]
            if all(len(one) < 2 and not (one and isinstance(one[0].value, Spread)) for _, one in lists):
                return [Node(Choice(tuple((guard, one[0] if one else NOTHING) for guard, one in lists)), node.place)]
            spread = Node(Choice(tuple((guard, Node(one)) for guard, one in lists)), node.place)
            return [Node(Spread(spread), node.place)]
        made: list[Node] = []
        for element in value if isinstance(value, list) else []:
            if isinstance(element.value, Spread):
                made.extend(self._blocks(element.value.of))
            elif element.value is not ABSENT:
                made.append(lift(element, self._statement))
        return made

    def _statement(self, node: Node) -> Node:
        body = node.value
        if not isinstance(body, dict):
            return node
        statement: dict[str, Node] = {}
        sid = body.get("sid")
        if sid is not None and sid.value not in (ABSENT, None, ""):
            statement["Sid"] = sid
        allow = Node("Allow", node.place)
        effect = body.get("effect", allow)
        statement["Effect"] = lift(effect, lambda one: allow if one.value in (ABSENT, None, "") else one)
        for attribute, name in _LISTS.items():
            values = body.get(attribute)
            if values is not None and values.value not in (ABSENT, None, []):
                statement[name] = _variables(self._coercer.opened(values))
        for attribute, name in _PRINCIPALS.items():
            principal = self._principals(body.get(attribute, NOTHING))
            if principal.value is not ABSENT:
                statement[name] = principal
        condition = self._conditions(body.get("condition", NOTHING))
        if condition.value is not ABSENT:
            statement["Condition"] = condition
        if "*" in body:
            statement["*"] = body["*"]
        return node.with_value(statement)

    def _principals(self, node: Node) -> Node:
        entries, unknown = _entries(node)
        if not entries:
            return NOTHING if unknown is None else unknown
        if len(entries) == 1 and unknown is None and entries[0][0].always and _is_anyone(entries[0][1]):
            identifiers = entries[0][1]["identifiers"].value
            assert isinstance(identifiers, list)
            return identifiers[0]
        made: dict[str, list[Node]] = {}
        for wrap, body in entries:
            kind = body.get("type", NOTHING).value
            if not isinstance(kind, str):
                return body.get("type", node)
            values = self._coercer.opened(_variables(body.get("identifiers", Node([]))))
            made.setdefault("AWS" if kind == "*" else kind, []).extend(wrap(values))
        if unknown is not None:
            for listed in made.values():
                listed.append(Node(Spread(unknown), unknown.place))
        principal = {kind: Node(listed, node.place) for kind, listed in made.items()}
        if unknown is not None:
            principal["*"] = unknown
        return Node(principal, node.place)

    def _conditions(self, node: Node) -> Node:
        entries, unknown = _entries(node)
        if not entries:
            return NOTHING if unknown is None else unknown
        made: dict[str, dict[str, Node]] = {}
        for wrap, body in entries:
            operator, key = body.get("test", NOTHING).value, body.get("variable", NOTHING).value
            if not isinstance(operator, str) or not isinstance(key, str):
                return body.get("variable", node) if isinstance(operator, str) else body.get("test", node)
            values = self._coercer.opened(_variables(body.get("values", Node([]))))
            keys = made.setdefault(operator, {})
            known = keys.get(key)
            more = wrap(values)
            if (
                known is None
                and len(more) == 1
                and isinstance(more[0].value, Spread)
                and more[0].value.of is not values
            ):
                keys[key] = _there_or_not(more[0].value.of)
                continue
            before = known.value if known is not None and isinstance(known.value, list) else []
            keys[key] = Node([*before, *more], node.place)
        condition = {operator: Node(dict(keys), node.place) for operator, keys in made.items()}
        if unknown is not None:
            condition["*"] = unknown
        return Node(condition, node.place)


class _Wrap:
    """Puts the values of one block in the place of list elements, under the condition of the block."""

    def __init__(self, choice: Choice | None = None, chosen: Node | None = None) -> None:
        self._choice = choice
        self._chosen = chosen
        self.always = choice is None

    def __call__(self, values: Node) -> list[Node]:
        if self._choice is None:
            return values.value if isinstance(values.value, list) else [Node(Spread(values), values.place)]
        branches_ = tuple(
            (guard, values if branch is self._chosen else Node(list[Node]())) for guard, branch in self._choice.branches
        )
        return [Node(Spread(Node(Choice(branches_), values.place)), values.place)]


def _entries(node: Node) -> tuple[list[tuple[_Wrap, dict[str, Node]]], Node | None]:
    """The blocks that are there, each with what wraps its values, and an unknown if there may be more."""
    found: list[tuple[_Wrap, dict[str, Node]]] = []
    unknown: Node | None = None
    stack = [node]
    while stack:
        current = stack.pop()
        value = current.value
        if isinstance(value, dict):
            found.append((_Wrap(), value))
        elif isinstance(value, list):
            stack.extend(reversed(value))
        elif isinstance(value, Spread):
            stack.append(value.of)
        elif isinstance(value, Unknown):
            unknown = unknown or current
        elif isinstance(value, Choice):
            for _, branch in value.branches:
                inner = branch.value
                if isinstance(inner, list) and len(inner) == 1:
                    inner = inner[0].value
                if isinstance(inner, dict):
                    found.append((_Wrap(value, branch), inner))
                elif inner is not ABSENT and inner != []:
                    unknown = unknown or Node(Unknown("depends on a condition"), current.place)
    return found, unknown


def _there_or_not(values: Node) -> Node:
    """A condition key that is there in some branches only."""
    return lift(values, lambda one: NOTHING if one.value == [] else one)


def _is_anyone(body: Mapping[str, Node]) -> bool:
    identifiers = body.get("identifiers", NOTHING).value
    return (
        body.get("type", NOTHING).value == "*"
        and isinstance(identifiers, list)
        and len(identifiers) == 1
        and identifiers[0].value == "*"
    )


def _variables(node: Node) -> Node:
    """Policy variables, which the data source writes `&{...}`, as IAM knows them."""

    def replaced(one: Node) -> Node:
        value = one.value
        if isinstance(value, list):
            made = [lift(element, replaced) for element in value]
            return one if all(new is old for new, old in zip(made, value, strict=True)) else one.with_value(made)
        if isinstance(value, Spread):
            return one.with_value(Spread(lift(value.of, replaced)))
        if isinstance(value, str) and "&{" in value:
            return one.with_value(value.replace("&{", "${"))
        if isinstance(value, Text) and any(isinstance(part, str) and "&{" in part for part in value.parts):
            parts = [part.replace("&{", "${") if isinstance(part, str) else part for part in value.parts]
            return one.with_value(text_of(parts))
        return one

    return lift(node, replaced)


def _statements_of(document: Node) -> Node:
    value = document.value
    if isinstance(value, dict):
        return value.get("Statement", Node(list[Node]()))
    if value is ABSENT or value is None or value == "":
        return Node(list[Node]())
    return document


def _merged(first: Node, second: Node) -> Node:
    """The statements of two documents: those of the second replace those with the same sid."""
    if sum(1 for _ in branches(first)) * sum(1 for _ in branches(second)) > MOST_BRANCHES:
        return Node(Unknown("too many possible policy documents"), first.place)
    return lift(first, lambda left: lift(second, lambda right: _merged_lists(left, right)))


def _merged_lists(first: Node, second: Node) -> Node:
    if not isinstance(first.value, list):
        return first
    if not isinstance(second.value, list):
        if not isinstance(second.value, Unknown):
            return first
        return first.with_value([*map(_perhaps_replaced, first.value), Node(Spread(second), second.place)])
    earlier, added = list(first.value), list[Node]()
    for new in second.value:
        sid = _sid(new)
        if sid is None:
            earlier = [*map(_perhaps_replaced, earlier)]
        if not sid or not _replaced(earlier, new, sid):
            added.append(new)
    return first.with_value([*earlier, *added])


def _replaced(statements: list[Node], new: Node, sid: str) -> bool:
    """Puts a statement in the place of the one with its sid; False if there is none."""
    for number, old in enumerate(statements):
        known = _sid(old)
        if known == sid:
            statements[number] = lift(new, lambda one: old if one.value is ABSENT else one)  # noqa: B023
            return True
        if known is None:
            statements[number] = _perhaps_replaced(old)
    return False


def _sid(statement: Node) -> str | None:
    """The sid of a statement, "" if it has none, None if it is not known."""
    sids: set[str | None] = set()
    for _, one in branches(statement):
        value = one.value
        if value is ABSENT:
            continue
        if not isinstance(value, dict):
            return None
        sid = value.get("Sid", NOTHING).value
        sids.add("" if sid in (ABSENT, None, "") else sid if isinstance(sid, str) else None)
    return sids.pop() if len(sids) == 1 else ("" if not sids else None)


def _perhaps_replaced(statement: Node) -> Node:
    """A statement that another one with an unknown sid may replace: unknown, unless it has no sid."""
    if _sid(statement) == "" or isinstance(statement.value, (Spread, Unknown)):
        return statement
    return Node(MAY_BE_REPLACED, statement.place)
