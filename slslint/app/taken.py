"""What deployment units take of each other, and by which names: exports, outputs, parameters in the store, what a stack
is given.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.model import Deployment, Hole, Kind, Nested, Pattern, Text, show
from slslint.value import Known, Value, known_values

GIVEN = "given:"
"""What the hole begins with that a nested stack has for what it is given."""

OWN_NAMES = ("AWS::StackName", "AWS::StackId")

_OWN = "${AWS::StackName}"
_STACK = re.compile(r"[\w-]+|\$\{[\w:.]+\}")
_TELLING = 5
"""Letters and digits that the name of an export has beside its stack's, if it is to be known again by them."""


def given_by(nested: Nested) -> dict[str, Text]:
    """What a stack's template is to be read with: text that is decided, and a hole for everything else."""
    return {name: _given(name, value) for name, value in nested.parameters.items()}


def _given(name: str, value: object) -> Text:
    match value:
        case Known(str() as text):
            return text
        case _:
            return Pattern((Hole(f"{GIVEN}{name}"),))


def of_other_stack(hole: str) -> tuple[str, ...]:
    """The names under which another stack of an assembly may have what a hole stands for: "Shop.Orders.StreamLabel"."""
    stack, _, rest = hole.partition(".")
    id, _, attribute = rest.partition(".")
    return () if not id or ":" in hole else (hole, f"{stack}.{id}") if attribute else (hole,)


def is_import_of(wanted: str, exported: str) -> bool:
    """Whether what one unit imports under a name is what another one exports.

    An export that is named after its own stack is imported with that stack's name, or a parameter, in its place.
    """
    before, own, after = exported.partition(_OWN)
    if not own:
        return wanted == exported
    if not (wanted.startswith(before) and wanted.endswith(after)) or _OWN in wanted:
        return False
    stack = wanted[len(before) : len(wanted) - len(after)]
    # Many names end in `-Arn`.
    telling = sum(map(str.isalnum, before + after)) >= _TELLING and after[:1] in ("", *"-_:/.")
    return telling and _STACK.fullmatch(stack) is not None


def way_and_name(hole: str) -> tuple[str, str]:
    """How a hole's name takes something of another unit, and under which name: ("resolve:ssm", "/orders/queue")."""
    how, _, name = hole.rpartition(":") if hole.startswith("resolve:") else hole.partition(":")
    return how, name


def had(deployment: Deployment, how: str, name: str) -> Iterator[Value[Text]]:
    """What a unit has under a name by which others take it: an export, an output, a parameter in the store."""
    if how == "import":
        yield from (value for exported, value in deployment.exports.items() if is_import_of(name, exported))
    elif how == "cf":
        stack, _, output = name.partition(".")
        if deployment.stack == stack and output in deployment.outputs:
            yield deployment.outputs[output]
    elif how == "resolve:ssm":
        for each in deployment.resources.values():
            names = (show(known.value) for known in known_values(each.name))
            if each.kind is Kind.PARAMETER and each.value is not None and name in names:
                yield each.value


def physical_names(deployment: Deployment) -> Iterator[tuple[Kind, Text]]:
    """The physical names of resources by which other units may mean them."""
    return (named for named in _named(deployment) if not _is_after_stack(named[1]))


def names_after_stack(deployment: Deployment) -> Iterator[tuple[Kind, Text]]:
    """The physical names of resources that have their stack's name in them."""
    return (named for named in _named(deployment) if _is_after_stack(named[1]))


def _named(deployment: Deployment) -> Iterator[tuple[Kind, Text]]:
    for resource in deployment.resources.values():
        for known in known_values(resource.name):
            yield resource.kind, known.value


def _is_after_stack(name: Text) -> bool:
    parts = name.parts if isinstance(name, Pattern) else ()
    return any(isinstance(part, Hole) and part.name in OWN_NAMES for part in parts)


def outputs(deployment: Deployment, hole: str) -> Iterator[Value[Text]]:
    """What a stack of an assembly has of what another one names."""
    yield from (deployment.outputs[name] for name in of_other_stack(hole) if name in deployment.outputs)
