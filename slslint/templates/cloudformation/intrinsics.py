"""The intrinsic functions, each evaluated to the branches of what it gives."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Hole, Pattern, Ref, Text
from slslint.templates.cloudformation.branches import Branches, Settled, joined
from slslint.templates.cloudformation.nodes import Computed, field
from slslint.templates.document import span
from slslint.value import ALWAYS, Absent, Known, Origin, Plain, Unknown, When

if TYPE_CHECKING:
    from slslint.templates.cloudformation.evaluate import Template

_VARIABLE = re.compile(r"\$\{([^}]*)\}")
_PSEUDO = frozenset(
    f"AWS::{name}"
    for name in ("AccountId", "NotificationARNs", "Partition", "Region", "StackId", "StackName", "URLSuffix")
)


def _one(settled: Settled) -> Branches:
    return ((ALWAYS, settled),)


def _unknown(why: str, node: Node) -> Branches:
    return _one(Unknown(why, span(node)))


def _ref(template: Template, argument: Node, node: Node, given: When) -> Branches:
    if not isinstance(argument, ScalarNode):
        return _each_text(template, argument, node, given, _named)
    return _one(_named(template, argument.value, node))


def _named(template: Template, name: str, node: Node) -> Settled:
    at = span(node)
    if name == "AWS::NoValue":
        return Absent(at)
    decided = template.decided.get(name)
    if decided is not None and (name in _PSEUDO or name in template.parameters):
        return _parameter_value(template, name, decided, Origin.WRITTEN, node)
    if name in template.parameters:
        default = field(template.parameters[name], "Default")
        if isinstance(default, ScalarNode) and not _from_store(_type(template, name)):
            return _parameter_value(template, name, default.value, Origin.DERIVED, node)
        if _is_list(_type(template, name)):
            return Unknown(f"the parameter `{name}` has no default", at)
        return Computed(Known(Pattern((Hole(name),)), at), node)
    if name in template.ids:
        return Computed(Known(Ref(name), at), node)
    if name in _PSEUDO:
        return Computed(Known(Pattern((Hole(name),)), at), node)
    return Unknown(f"`{name}` is not defined in this template", at)


def _parameter_value(template: Template, name: str, text: str, origin: Origin, node: Node) -> Settled:
    at = span(node)
    if not _is_list(_type(template, name)):
        return Computed(Known(text, at, origin), node)
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
    return Computed(Known(Ref(owner, attribute), at), node)


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
            parts.append((name, ((ALWAYS, template.plain(_variable(template, name, node), at)),)))
    add(argument.value[end:])
    return joined(parts, at, node, template.conditions)


def _variable(template: Template, name: str, node: Node) -> Settled:
    owner, dot, attribute = name.partition(".")
    if dot and owner in template.ids:
        return _attribute(template, owner, attribute, node)
    settled = _named(template, name, node)
    if isinstance(settled, SequenceNode):
        return Unknown(f"`{name}` is a list", span(node))
    return settled


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
    result: list[tuple[When, Settled]] = []
    for value, holds in zip(values, (True, False), strict=True):
        when = template.conditions.when(name.value, holds)
        if when is None or not template.conditions.possible(given | when):
            continue
        more = when - given
        result.extend((more | inner, settled) for inner, settled in template.resolve(value, given | when))
    return tuple(result) if result else _unknown("its conditions contradict each other", node)


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


FUNCTIONS: Mapping[str, Callable[[Template, Node, Node, When], Branches]] = {
    "Ref": _ref,
    "Fn::GetAtt": _get_att,
    "Fn::Sub": _sub,
    "Fn::Join": _join,
    "Fn::If": _if,
}
"""By long name: called with the template, the argument, the call, and what is assumed."""
