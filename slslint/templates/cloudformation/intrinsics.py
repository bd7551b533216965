"""The intrinsic functions, each evaluated to the branches of what it gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Hole, Pattern, Ref, Text, show
from slslint.source import Span
from slslint.templates.cloudformation.branches import MAX_BRANCHES, Branches, Settled, joined
from slslint.templates.cloudformation.expand import transformed
from slslint.templates.cloudformation.nodes import AsJson, Computed, Reference, Undecided, field
from slslint.templates.document import span
from slslint.value import ALWAYS, Absent, Known, Origin, Plain, Unknown, When, agree

if TYPE_CHECKING:
    from slslint.templates.cloudformation.template import Template

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_PSEUDO = {
    name: Pattern((Hole(name),))
    for name in (
        "AWS::AccountId", "AWS::NotificationARNs", "AWS::Partition", "AWS::Region", "AWS::StackId", "AWS::StackName",
        "AWS::URLSuffix",
    )
}  # fmt: skip


def _one(settled: Settled) -> Branches:
    return ((ALWAYS, settled),)


def _unknown(why: str, node: Node) -> Branches:
    return _one(Unknown(why, span(node)))


def _ref(template: Template, argument: Node, node: Node, given: When) -> Branches:
    if not isinstance(argument, ScalarNode):
        return _each_text(template, argument, node, given, _named)
    return _one(_named(template, argument.value, node))


def _named(template: Template, name: str, node: Node) -> Settled:
    found = _value(template, name, node, span(node))
    return Computed(found, node) if isinstance(found, Known) else found


def _value(template: Template, name: str, node: Node, at: Span) -> Plain[Text] | SequenceNode:
    """What a parameter, a pseudo-parameter or the id of a resource gives; a list for a parameter that holds one."""
    if name == "AWS::NoValue":
        return Absent(at)
    decided = template.decided.get(name)
    if decided is not None and (name in _PSEUDO or name in template.parameters):
        if not isinstance(decided, str):
            return Known(decided, at, Origin.DERIVED)
        return _parameter_value(template, name, decided, Origin.WRITTEN, node, at)
    if name in template.parameters:
        default = field(template.parameters[name], "Default")
        if isinstance(default, ScalarNode) and not _from_store(_type(template, name)):
            return _parameter_value(template, name, default.value, Origin.DERIVED, node, at)
        if isinstance(default, ScalarNode) and not _is_list(_type(template, name)):
            return Known(Pattern((Hole(f"resolve:ssm:{default.value}"),)), at, Origin.DERIVED)
        if _is_list(_type(template, name)):
            return Unknown(f"the parameter `{name}` has no default", at)
        return Known(Pattern((Hole(name),)), at)
    if name in template.ids:
        return Known(Ref(template.called.get(name, name)), at)
    if name in _PSEUDO:
        return Known(_PSEUDO[name], at)
    return Unknown(f"`{name}` is not defined in this template", at)


def _parameter_value(
    template: Template, name: str, text: str, origin: Origin, node: Node, at: Span
) -> Known[Text] | SequenceNode:
    if not _is_list(_type(template, name)):
        return Known(text, at, origin)
    items = [Computed(Known(item.strip(), at, origin), node) for item in text.split(",")] if text else []
    return SequenceNode("", items, node.start_mark, node.end_mark, True)


def _type(template: Template, name: str) -> str:
    kind = field(template.parameters.get(name), "Type")
    return kind.value if isinstance(kind, ScalarNode) else "String"


def _is_list(kind: str) -> bool:
    return kind == "CommaDelimitedList" or "List<" in kind


def _from_store(kind: str) -> bool:
    """Whether the default is only the name of the SSM parameter that holds the value."""
    return kind.startswith("AWS::SSM::Parameter::Value")


def _get_att(template: Template, argument: Node, node: Node, given: When) -> Branches:
    if isinstance(argument, ScalarNode):
        owner, _, attribute = argument.value.partition(".")
        return _one(_attribute(template, owner, attribute, node))
    if not isinstance(argument, SequenceNode) or len(argument.value) < 2:
        return _unknown("`Fn::GetAtt` needs a resource and an attribute", node)
    parts = [template.text(part, given) for part in argument.value]
    if any(len(part) != 1 for part in parts):
        return _unknown("`Fn::GetAtt` depends on a condition", node)
    texts = [plain.value for ((_, plain),) in parts if isinstance(plain, Known) and isinstance(plain.value, str)]
    if len(texts) != len(parts):
        return _unknown("which attribute it asks for is known only when deployed", node)
    return _one(_attribute(template, texts[0], ".".join(texts[1:]), node))


def _attribute(template: Template, owner: str, attribute: str, node: Node) -> Settled:
    at = span(node)
    if owner not in template.ids:
        return Unknown(f"`{owner}` is not defined in this template", at)
    return Computed(Known(_reference(template, owner, attribute), at), node)


def _reference(template: Template, owner: str, attribute: str) -> Ref:
    return Ref(template.called.get(owner, owner), attribute)


def _generated(template: Template, argument: Node, node: Node, given: When) -> Branches:
    """What a dialect itself refers to."""
    assert isinstance(node, Reference)
    return _one(_attribute(template, node.owner, node.attribute, node))


def _sub(template: Template, argument: Node, node: Node, given: When) -> Branches:
    variables: Mapping[str, Node] = {}
    if isinstance(argument, SequenceNode):
        if len(argument.value) != 2 or not isinstance(argument.value[1], MappingNode):
            return _unknown("`Fn::Sub` needs a text and a mapping", node)
        argument, given_variables = argument.value
        variables = {key.value: value for key, value in given_variables.value if isinstance(key, ScalarNode)}
    if not isinstance(argument, ScalarNode):
        return _unknown("`Fn::Sub` needs a text", node)
    parts: list[tuple[str, tuple[tuple[When, Plain[Text]], ...]]] = []
    at = span(node)
    end = 0

    def add(text: str) -> None:
        if text:
            parts.append(("", ((ALWAYS, Known(text, at)),)))

    for match in _VARIABLE.finditer(argument.value):
        add(argument.value[end : match.start()])
        end = match.end()
        name = match.group(1).strip()
        if name.startswith("!"):
            add("${" + name[1:] + "}")
        elif name in variables:
            parts.append((name, template.text(variables[name], given)))
        else:
            parts.append((name, ((ALWAYS, _variable(template, name, node, at)),)))
    add(argument.value[end:])
    return joined(parts, at, node, template.conditions)


def _variable(template: Template, name: str, node: Node, at: Span) -> Plain[Text]:
    owner, dot, attribute = name.partition(".")
    if dot and owner in template.ids:
        return Known(_reference(template, owner, attribute), at)
    found = _value(template, name, node, at)
    return Unknown(f"`{name}` is a list", at) if isinstance(found, SequenceNode) else found


def _join(template: Template, argument: Node, node: Node, given: When) -> Branches:
    if not isinstance(argument, SequenceNode) or len(argument.value) != 2:
        return _unknown("`Fn::Join` needs a delimiter and a list", node)
    delimiter, items = argument.value
    if not isinstance(delimiter, ScalarNode):
        return _unknown("the delimiter of `Fn::Join` is no text", node)
    result: list[tuple[When, Settled]] = []
    for when, settled in template.resolve(items, given):
        if not isinstance(settled, SequenceNode):
            unknown = settled if isinstance(settled, Unknown) else Unknown("what it joins is no list", span(node))
            result.append((when, unknown))
            continue
        for more, joint in _join_items(template, delimiter.value, settled.value, node, given | when):
            result.append((when | more, joint))
    return tuple(result)


def _join_items(template: Template, delimiter: str, items: list[Node], node: Node, given: When) -> Branches:
    at = span(node)
    parts: list[tuple[str, tuple[tuple[When, Plain[Text]], ...]]] = []
    for index, item in enumerate(items):
        if index and delimiter:
            parts.append(("", ((ALWAYS, Known(delimiter, at)),)))
        parts.append(("...", template.text(item, given)))
    return joined(parts, at, node, template.conditions)


def _if(template: Template, argument: Node, node: Node, given: When) -> Branches:
    if (
        not isinstance(argument, SequenceNode)
        or len(argument.value) != 3
        or not isinstance(argument.value[0], ScalarNode)
    ):
        return _unknown("`Fn::If` needs a condition and two values", node)
    name, *values = argument.value
    possible = [
        (when - given, value)
        for value, holds in zip(values, (True, False), strict=True)
        if (when := template.conditions.when(name.value, holds)) is not None
        and template.conditions.possible(given | when)
    ]
    if len(possible) == 1:
        return template.resolve(possible[0][1], given)
    return tuple(
        (when | more, settled) for when, value in possible for more, settled in template.resolve(value, given | when)
    ) or _unknown("its conditions contradict each other", node)


def _each_text(
    template: Template,
    argument: Node,
    node: Node,
    given: When,
    make: Callable[[Template, str, Node], Settled],
) -> Branches:
    """A function of one decided text, branch by branch."""

    def settle(plain: Plain[Text]) -> Settled:
        if isinstance(plain, Known) and isinstance(plain.value, str):
            return make(template, plain.value, node)
        return Unknown("what it refers to is known only when deployed", span(node))

    return tuple((when, settle(plain)) for when, plain in template.text(argument, given))


def _select(template: Template, argument: Node, node: Node, given: When) -> Branches:
    if not isinstance(argument, SequenceNode) or len(argument.value) != 2:
        return _unknown("`Fn::Select` needs an index and a list", node)
    result: list[tuple[When, Settled]] = []
    for when, index in template.text(argument.value[0], given):
        for more, items in template.resolve(argument.value[1], given | when):
            for inner, chosen in _chosen(template, index, items, node, given | when | more):
                result.append((when | more | inner, chosen))
    return tuple(result)


def _chosen(template: Template, index: Plain[Text], items: Settled, node: Node, given: When) -> Branches:
    if not isinstance(items, SequenceNode):
        return _one(items if isinstance(items, Unknown) else Unknown("what it selects from is no list", span(node)))
    number = index.value if isinstance(index, Known) else None
    if not isinstance(number, str) or not number.isdigit():
        return _unknown("its index cannot be decided", node)
    position = int(number)
    if position >= len(items.value):
        return _unknown("it selects beyond the end of the list", node)
    resolved = [template.resolve(item, given) for item in items.value[: position + 1]]
    # An item that may be left out moves the ones after it.
    if any(isinstance(settled, Absent) for branches in resolved for _, settled in branches):
        return _unknown("which item it selects depends on a condition", node)
    return resolved[position]


def _split(template: Template, argument: Node, node: Node, given: When) -> Branches:
    if not isinstance(argument, SequenceNode) or len(argument.value) != 2:
        return _unknown("`Fn::Split` needs a delimiter and a text", node)
    delimiter, text = argument.value

    def settle(plain: Plain[Text]) -> Settled:
        # A reference may hold the delimiter itself.
        if not isinstance(plain, Known) or not isinstance(plain.value, str):
            return Unknown("the text it splits is known only when deployed", span(node))
        items = [Computed(Known(part, plain.at, plain.origin), node) for part in plain.value.split(delimiter.value)]
        return SequenceNode("", items, node.start_mark, node.end_mark, True)

    if not isinstance(delimiter, ScalarNode) or not delimiter.value:
        return _unknown("the delimiter of `Fn::Split` is no text", node)
    return tuple((when, settle(plain)) for when, plain in template.text(text, given))


def _find_in_map(template: Template, argument: Node, node: Node, given: When) -> Branches:
    if not isinstance(argument, SequenceNode) or not 3 <= len(argument.value) <= 4:
        return _unknown("`Fn::FindInMap` needs a map and two keys", node)
    result: list[tuple[When, Settled]] = []
    for when, keys in _key_branches(template, argument.value[:3], given):
        found = _looked_up(template, keys, node)
        default = field(argument.value[3], "DefaultValue") if len(argument.value) == 4 else None
        if found is None and default is not None:
            result.extend((when | more, settled) for more, settled in template.resolve(default, given | when))
        else:
            result.append((when, found or Unknown("the mapping has no such entry", span(node))))
    return tuple(result)


def _key_branches(template: Template, nodes: list[Node], given: When) -> list[tuple[When, list[Plain[Text]]]]:
    combined: list[tuple[When, list[Plain[Text]]]] = [(ALWAYS, [])]
    for node in nodes:
        combined = [
            (when | more, [*keys, plain])
            for when, keys in combined
            for more, plain in template.text(node, given | when)
            if agree(when, more)
        ][:MAX_BRANCHES]
    return combined


def _looked_up(template: Template, keys: list[Plain[Text]], node: Node) -> Settled | None:
    """The entry under decided keys; None when the mapping surely has no such entry."""
    at = span(node)
    origin = Origin.WRITTEN
    place: Node | None = None
    for number, key in enumerate(keys):
        if not isinstance(key, Known) or not isinstance(key.value, str):
            return Unknown("which entry it takes is known only when deployed", at)
        origin = key.origin if key.origin is Origin.DERIVED else origin
        place = template.mappings.get(key.value) if number == 0 else field(place, key.value)
        if place is None:
            return None
    return _entry(place, origin, node)


def _entry(place: Node | None, origin: Origin, node: Node) -> Settled:
    if isinstance(place, ScalarNode):
        return Computed(Known(place.value, span(node), origin), node)
    if isinstance(place, SequenceNode):
        items = [_entry(item, origin, node) for item in place.value]
        return SequenceNode("", items, node.start_mark, node.end_mark, True)
    return Unknown("a mapping's entry must be text or a list", span(node))


def _length(template: Template, argument: Node, node: Node, given: When) -> Branches:
    result: list[tuple[When, Settled]] = []
    for when, settled in template.resolve(argument, given):
        items = settled.value if isinstance(settled, SequenceNode) else None
        inner = [template.resolve(item, given | when) for item in items or []]
        if items is None or any(len(each) != 1 for each in inner):
            result.append((when, Unknown("its length cannot be decided", span(node))))
            continue
        count = sum(not isinstance(each[0][1], Absent) for each in inner)
        result.append((when, Computed(Known(str(count), span(node)), node)))
    return tuple(result)


def _as_json(template: Template, argument: Node, node: Node, given: When) -> Branches:
    return _one(AsJson(argument, node))


def _import_value(template: Template, argument: Node, node: Node, given: When) -> Branches:
    at = span(node)
    return tuple(
        (
            when,
            Computed(Known(Pattern((Hole(f"import:{show(name.value)}"),)), at, name.origin), node)
            if isinstance(name, Known)
            else Unknown("what another stack exports is known only when deployed", at),
        )
        for when, name in template.text(argument, given)
    )


def _transform(template: Template, argument: Node, node: Node, given: When) -> Branches:
    return _one(transformed(template, argument))


def _undecided(template: Template, argument: Node, node: Node, given: When) -> Branches:
    return _unknown(node.why if isinstance(node, Undecided) else "it is no function of CloudFormation", node)


FUNCTIONS: Mapping[str, Callable[[Template, Node, Node, When], Branches]] = {
    "Ref": _ref,
    "Fn::FindInMap": _find_in_map,
    "Fn::GetAtt": _get_att,
    "Fn::If": _if,
    "Fn::ImportValue": _import_value,
    "Fn::Join": _join,
    "Fn::Length": _length,
    "Fn::Reference": _generated,
    "Fn::Select": _select,
    "Fn::Split": _split,
    "Fn::Sub": _sub,
    "Fn::ToJsonString": _as_json,
    "Fn::Transform": _transform,
    "Fn::Undecided": _undecided,
}
"""By long name: called with the template, the argument, the call, and what is assumed."""
