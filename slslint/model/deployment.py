"""One deployment unit: everything that one template deploys together."""

from __future__ import annotations

from collections.abc import Mapping

from slslint.model.abroad import Abroad, Nested
from slslint.model.delivery import Delivery
from slslint.model.function import Function
from slslint.model.reference import Text
from slslint.model.resource import Layer, Queue, Resource
from slslint.model.role import Role
from slslint.model.trigger import Trigger
from slslint.model.workflow import Workflow
from slslint.record import field, record
from slslint.source import Problem, Span
from slslint.value import Known, Value


@record()
class Gap:
    """Something in a template that was not understood, so that nothing may be said about what it could hold."""

    at: Span
    why: str


@record()
class Ignore:
    """A suppression in a template's metadata: of one rule, anywhere inside `whole`.

    `at` is the list that it is written in; `until` the last day on which it counts, as written, or "".
    """

    whole: Span
    rule: Known[str]
    reason: str
    at: Span
    until: str = ""


@record()
class Deployment:
    """What one template deploys.

    Attributes:
        path: the template. dialect: its name for people: "SAM", "CloudFormation".
        resources: every resource by id, the functions, queues and roles too.
        aliases: other resources that stand for one of them, by id: versions and aliases of functions.
        dead_letters: every text that names a place for failed messages, whoever uses it: queues and topics it
            resolves to are dead-letter queues themselves.
        deliveries: how events get from one resource to another one; what gets them to functions is in `triggers`.
        stack: what it is deployed as, where it says so: "orders-dev".
        exports: what other units can import, by the name for it; a text that imports "x" has a Hole "import:x".
        outputs: what a unit that this one is nested in can ask it for, by name; of a stack of the CDK also its
            resources, by the names of the holes that stand for them in other stacks.
        nested: the stacks that are deployed with it. abroad: triggers of functions that it does not define.
        gaps: what was read but not understood. problems: why the template, or a file it includes, could not be read.
        complete: False when the template may define resources that are not in sight (macros, undecided loops).

    """

    path: str
    dialect: str
    functions: tuple[Function, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    queues: tuple[Queue, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    layers: tuple[Layer, ...] = ()
    workflows: tuple[Workflow, ...] = ()
    deliveries: tuple[Delivery, ...] = ()
    resources: Mapping[str, Resource] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)
    dead_letters: tuple[Value[Text], ...] = ()
    stack: str = ""
    exports: Mapping[str, Value[Text]] = field(default_factory=dict)
    outputs: Mapping[str, Value[Text]] = field(default_factory=dict)
    nested: tuple[Nested, ...] = ()
    abroad: tuple[Abroad, ...] = ()
    gaps: tuple[Gap, ...] = ()
    ignores: tuple[Ignore, ...] = ()
    problems: tuple[Problem, ...] = ()
    complete: bool = True
