"""Where the expressions of a plan's configuration lead: to which attributes of which instances, to which variables.

A plan keeps of an expression only the references in it, longest first (`["aws_x.y.arn", "aws_x.y"]`), never what is
done with them. They are followed through module calls and outputs to resources, data sources and root variables, in
the module instance and with the instance key of the one who asks. Locals are not in a plan: what leads there is open.
An index that is an expression loses what follows it (`x[each.key].id` is `["x", "each.key"]`): the instance is that
with the same key where there is one, the attribute is not known.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from srmcheck.loaders.terraform.addresses import InstanceKey, Key, Traversal
from srmcheck.loaders.terraform.configuration import CallConfig, Expression
from srmcheck.loaders.terraform.inventory import Inventory, ModuleInstance, Record
from srmcheck.loaders.terraform.resolution import (
    MISSING,
    Chain,
    Context,
    Resolution,
    Rest,
    Target,
    VariableUse,
    dig,
    holds_true,
    longest,
)

_MOST_HOPS = 40
_MOST_TARGETS = 256


class Resolver:
    """Follows expressions. Results are kept for each expression, module instance and, where it matters, key."""

    def __init__(self, inventory: Inventory, variables: Mapping[str, Any], complete: bool) -> None:
        self._inventory = inventory
        self._variables = variables
        self._complete = complete
        self._chains: dict[int, tuple[tuple[Chain, ...], bool]] = {}
        self._known: dict[tuple[int, int, InstanceKey], Resolution] = {}
        self._busy: set[tuple[int, int, InstanceKey]] = set()
        self._pending: dict[int, bool] = {}
        self._groups: dict[tuple[int, Rest], Resolution] = {}

    def context(self, record: Record) -> Context:
        """Who asks, for the expressions of a resource."""
        config = record.config
        if config is None or not config.by:
            return Context(record.module)
        siblings = record.module.instances.get((record.mode, record.type, record.name), {})
        return Context(record.module, config.by, config.repeat, record.key, len(siblings))

    def resolve(self, expression: Expression, context: Context) -> Resolution:
        """What `expression` leads to."""
        chains, keyed = self._split(expression)
        memo = (id(expression), id(context.module), context.key if keyed else None)
        found = self._known.get(memo)
        if found is None:
            found = Resolution()
            self._busy.add(memo)
            self._expression(expression, context, (), 0, found)
            for chain in chains if found.pending else ():
                if len(chains) > 1:
                    part = Resolution()
                    self._chain(chain, None, context, (), 0, part)
                    if not part.pending:
                        continue
                found.name = chain.text
                break
            found.candidates = () if found.open and not found.targets else self._candidates(found)
            self._busy.discard(memo)
            self._known[memo] = found
        return found

    def variable(self, name: str, path: Rest) -> object:
        """The value of a root variable at `path`; `MISSING` if there is none."""
        holder = self._variables.get(name)
        value: object = holder.get("value", None) if isinstance(holder, dict) else MISSING
        if value is MISSING:
            declared = self._inventory.configuration.root.variables.get(name)
            value = declared.get("default", MISSING) if isinstance(declared, dict) else MISSING
        return dig(value, path) if path else value

    def written(self, expression: Expression, context: Context) -> tuple[tuple[str, ...], bool]:
        """The texts in the template that an expression may give, as constants or through variables of modules, and whether
        a single reference leads to what it gives."""
        found: list[str] = []
        lone = True
        todo: list[tuple[Expression, Context]] = [(expression, context)]
        for _ in range(_MOST_HOPS):
            if not todo:
                break
            expression, context = todo.pop()
            value = expression.get("constant_value")
            found.extend([value] if isinstance(value, str) and value else [])
            chains = self._split(expression)[0]
            lone = lone and len(chains) < 2
            todo.extend(part for chain in chains if (part := self._argument(chain, context)) is not None)
        return tuple(found), lone

    def _argument(self, chain: Chain, context: Context) -> tuple[Expression, Context] | None:
        """What a variable of a called module is given, or its default; None for any other reference."""
        module = context.module
        if chain.steps is None or len(chain.steps) != 2 or chain.steps[0] != "var" or module.parent is None:
            return None
        name = chain.steps[1]
        if module.call is None or module.config is None or not isinstance(name, str):
            return None
        given = module.call.expressions.get(name)
        if isinstance(given, dict):
            return given, _caller(module, module.call)
        declared = module.config.variables.get(name)
        return ({"constant_value": declared.get("default")}, context) if isinstance(declared, dict) else None

    def _candidates(self, found: Resolution) -> tuple[str, ...]:
        """The addresses that an unknown may name: the targets and, where there are several, what they lead on to."""
        meant = found.meant
        addresses = dict.fromkeys(target.record.address for target in meant)
        if len(addresses) > 1 and not found.open:
            for target in meant:
                expression = _configured(target)
                if expression is None or not self.is_pending(target):
                    continue
                context = self.context(target.record)
                memo = (id(expression), id(context.module), context.key)
                if memo in self._busy or len(self._busy) > _MOST_HOPS:
                    continue
                further = self.resolve(expression, context)
                addresses.update(dict.fromkeys(further.candidates))
                if further.open:
                    found.open = True
        return tuple(addresses)

    def is_pending(self, target: Target) -> bool:
        """Whether the attribute is known after apply only (of a lost one: whether anything of the instance is)."""
        record = target.record
        attribute = target.attribute
        if attribute:
            head = attribute[0]
            if record.inferred:
                return head not in record.values
            unknown = record.unknown
            return isinstance(unknown, dict) and isinstance(head, str) and holds_true(unknown.get(head))
        found = self._pending.get(id(record))
        if found is None:
            found = record.inferred or holds_true(record.unknown)
            self._pending[id(record)] = found
        return found

    def _split(self, expression: Expression) -> tuple[tuple[Chain, ...], bool]:
        """The references of an expression, longest only, and whether they depend on the key of who asks."""
        found = self._chains.get(id(expression))
        if found is None:
            chains = tuple(longest(expression.get("references")))
            keyed = any(chain.steps is not None and chain.steps[0] in ("each", "count") for chain in chains)
            found = self._chains[id(expression)] = (chains, keyed)
        return found

    def _expression(self, expression: object, context: Context, rest: Rest, hops: int, out: Resolution) -> None:
        if not isinstance(expression, dict) or hops > _MOST_HOPS or len(out.targets) > _MOST_TARGETS:
            _lose(out)
            return
        chains, _ = self._split(expression)
        if not chains:
            if "constant_value" not in expression:
                out.function_only = True
                out.pending = True
            return
        for position, chain in enumerate(chains):
            following = chains[position + 1].steps if position + 1 < len(chains) else None
            # of several references nobody knows which one further steps belong to
            self._chain(chain, following, context, rest if len(chains) == 1 or not rest else None, hops, out)

    def _chain(self, chain: Chain, following: Rest, context: Context, rest: Rest, hops: int, out: Resolution) -> None:
        steps = chain.steps
        if steps is None or len(steps) < 2:
            _lose(out)
            return
        self._steps(steps, following, context, rest, hops, out)

    def _steps(
        self, steps: Traversal, following: Rest, context: Context, rest: Rest, hops: int, out: Resolution
    ) -> None:
        match steps:
            case ("path" | "terraform" | "count", *_) | ("each", "key", *_):
                pass
            case ("var", str(name), *inner):
                self._variable(name, _join(tuple(inner), rest), context.module, hops, out)
            case ("each", "value", *inner):
                self._each(context, _join(tuple(inner), rest), hops, out)
            case ("module", str(name), *inner):
                self._module(name, tuple(inner), following, context, rest, hops, out)
            case ("data", str(type_), str(name), *inner):
                self._resource(("data", type_, name), tuple(inner), following, context, rest, out)
            case ("resource", str(type_), str(name), *inner):
                self._resource(("managed", type_, name), tuple(inner), following, context, rest, out)
            case ("local", *_):
                if out.local is None:
                    out.local = ".".join(step for step in steps[:2] if isinstance(step, str))
                _lose(out)
            case ("self" | "ephemeral" | "provider", *_):
                _lose(out)
            case (str(type_), str(name), *inner):
                self._resource(("managed", type_, name), tuple(inner), following, context, rest, out)
            case _:
                _lose(out)

    def _variable(self, name: str, path: Rest, module: ModuleInstance, hops: int, out: Resolution) -> None:
        declared = module.config.variables.get(name) if module.config is not None else None
        if isinstance(declared, dict) and declared.get("sensitive") is True:
            out.touches_sensitive = True
            if not hops or path is not None:
                out.sensitive = True
        if module.parent is None:
            out.variables[VariableUse(name, path)] = None
            if self.variable(name, None) is MISSING:
                _lose(out)
            return
        call = module.call
        if call is None:
            _lose(out)
        elif name in call.expressions:
            self._expression(call.expressions[name], _caller(module, call), path, hops + 1, out)
        elif not (isinstance(declared, dict) and "default" in declared):
            _lose(out)

    def _each(self, context: Context, rest: Rest, hops: int, out: Resolution) -> None:
        """`each.value`: the element with this key of what for_each goes over; of a set it is the key itself."""
        if context.by != "for_each" or context.repeat is None or not isinstance(context.key, str):
            _lose(out)
            return
        outer = Context(context.module)
        for chain in self._split(context.repeat)[0]:
            steps = chain.steps
            if steps is None or len(steps) < 2:
                _lose(out)
                continue
            holds = self._holds_elements(steps, context.module)
            if holds is not None:
                self._steps((*steps, Key(context.key)) if holds else steps, None, outer, rest, hops + 1, out)
            else:
                self._steps(steps, None, outer, None, hops + 1, out)

    def _holds_elements(self, steps: Traversal, module: ModuleInstance) -> bool | None:
        """Whether what for_each names is a collection by the keys of who asks, one whole object, or (None) a part."""
        config = module.config
        if config is None:
            return None
        match steps:
            case ("data", str(type_), str(name)):
                resource = config.resources.get(("data", type_, name))
                return resource is not None and bool(resource.by)
            case ("module", str(name)):
                call = config.calls.get(name)
                return call is not None and bool(call.by)
            case ("var" | "local" | "each" | "module", *_):
                return True
            case (str(type_), str(name)):
                resource = config.resources.get(("managed", type_, name))
                return resource is not None and bool(resource.by)
            case _:
                return None

    def _module(
        self, name: str, inner: Traversal, following: Rest, context: Context, rest: Rest, hops: int, out: Resolution
    ) -> None:
        module = context.module
        call = module.config.calls.get(name) if module.config is not None else None
        if call is None:
            _lose(out)
            return
        if not call.by:
            picked: Iterable[ModuleInstance] = (module.child(name, None),)
        else:
            siblings = module.children.get(name, {})
            key, inner = _leading_key(inner)
            if key is None and not inner and rest:
                key, rest = _leading_key(rest)
            if key is None:
                key = _same_key(following, context, len(siblings))
            picked = (siblings[key],) if key in siblings and key is not None else siblings.values()
            if not siblings:
                _lose(out)
        steps = _join(inner, rest)
        if not call.module.outputs:
            _lose(out)
        if steps and isinstance(steps[0], str) and steps[0] in call.module.outputs:
            outputs: Sequence[Any] = (call.module.outputs[steps[0]],)
            steps = steps[1:]
        else:
            outputs, steps = tuple(call.module.outputs.values()), None
        for child in picked:
            for output in outputs:
                expression = output.get("expression") if isinstance(output, dict) else None
                self._expression(expression, Context(child), steps, hops + 1, out)

    def _resource(
        self,
        which: tuple[str, str, str],
        inner: Traversal,
        following: Rest,
        context: Context,
        rest: Rest,
        out: Resolution,
    ) -> None:
        module = context.module
        config = module.config.resources.get(which) if module.config is not None else None
        instances = module.instances.get(which)
        if config is None:
            _lose(out)
        elif not instances:
            if not self._complete:
                _lose(out)
        elif config.by:
            key, inner = _leading_key(inner)
            if key is None and not inner and rest:
                key, rest = _leading_key(rest)
            narrowed = _same_key(following, context, len(instances)) if key is None else None
            if key is not None and key in instances:
                self._add(instances[key], inner, rest, out)
            elif narrowed is not None and narrowed in instances:
                _target(instances[narrowed], inner or None, self, out)
            elif len(instances) > _MOST_TARGETS:
                _lose(out)
            else:
                every = self._every(instances, inner or None)
                out.targets.update(every.targets)
                out.pending = out.pending or every.pending
        else:
            for record in instances.values():
                self._add(record, inner, rest, out)

    def _every(self, instances: Mapping[InstanceKey, Record], attribute: Rest) -> Resolution:
        """An attribute of all instances of a resource."""
        memo = (id(instances), attribute)
        found = self._groups.get(memo)
        if found is None:
            found = self._groups[memo] = Resolution()
            for record in instances.values():
                _target(record, attribute, self, found)
        return found

    def _add(self, record: Record, inner: Traversal, rest: Rest, out: Resolution) -> None:
        """`inner` is written after the instance; `rest` comes from outside, and is taken where it fits."""
        attribute: Rest = inner or None
        if not rest:
            pass
        elif not inner:
            head = rest[0]
            unknown = record.unknown if isinstance(record.unknown, dict) else {}
            attribute = rest if isinstance(head, str) and (head in record.values or head in unknown) else None
        elif isinstance(inner[-1], str) and isinstance(dig(record.values, inner), (dict, list)):
            attribute = inner + rest
        _target(record, attribute, self, out)


def _target(record: Record, attribute: Rest, resolver: Resolver, out: Resolution) -> None:
    target = Target(record, attribute)
    out.targets[(record.address, attribute)] = target
    if not out.pending and resolver.is_pending(target):
        out.pending = True


def _lose(out: Resolution) -> None:
    out.open = True
    out.pending = True


def _join(inner: Traversal, rest: Rest) -> Rest:
    if rest is None:
        return inner or None
    return inner + rest


def _leading_key(inner: Traversal) -> tuple[InstanceKey, Traversal]:
    if inner and isinstance(inner[0], Key):
        return inner[0].value, inner[1:]
    return None, inner


def _caller(module: ModuleInstance, call: CallConfig) -> Context:
    """Who asks, for the arguments of the call that made `module`."""
    parent = module.parent or module
    if not call.by:
        return Context(parent)
    return Context(parent, call.by, call.repeat, module.key, len(parent.children.get(module.name, ())))


def _same_key(following: Rest, context: Context, others: int) -> InstanceKey:
    """The key that an index by `each.key`, `each.value` or `count.index` stands for, if the reference that follows is
    one. With more instances than there are to point to, a count index is not taken as it is (`count.index % 2`)."""
    if following == ("each", "key") or following == ("each", "value"):
        return context.key if isinstance(context.key, str) else None
    if following == ("count", "index") and isinstance(context.key, int) and context.total <= others:
        return context.key
    return None


def _configured(target: Target) -> Expression | None:
    config = target.record.config
    if config is None or not target.attribute or not isinstance(target.attribute[0], str):
        return None
    expression = config.expressions.get(target.attribute[0])
    return expression if isinstance(expression, dict) and "references" in expression else None
