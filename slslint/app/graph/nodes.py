"""The nodes of the graph, each made once, whichever way it is named."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

from slslint.app.application import App
from slslint.app.directory import addressed
from slslint.app.graph.edges import Node
from slslint.model import (
    REQUEST_SOURCES,
    Function,
    Hole,
    Kind,
    Pattern,
    Ref,
    Resource,
    Source,
    Text,
    Trigger,
    pattern,
    pieces_of,
    show,
)
from slslint.value import Absent, Known, Plain, Value, known_values

DEFAULT_BUS = "default event bus"
"""The id of the node for the account's own bus."""

TRAIL = "AWS API Call via CloudTrail"
"""The detail-type of events that say which operation of AWS was called."""

_OUTPUT = "Outputs."

_ALWAYS_SHOWN = frozenset({Kind.FUNCTION, Kind.QUEUE, Kind.TOPIC, Kind.BUCKET, Kind.TABLE, Kind.STREAM, Kind.BUS,
                           Kind.DELIVERY_STREAM, Kind.API, Kind.WORKFLOW})  # fmt: skip
"""Kinds of resources that are nodes even where nothing leads to them."""

KINDS: Mapping[Source, Kind] = {
    Source.REST_API: Kind.API, Source.HTTP_API: Kind.API, Source.WEBSOCKET_API: Kind.API,
    Source.FUNCTION_URL: Kind.API, Source.LOAD_BALANCER: Kind.API, Source.GRAPHQL_API: Kind.API,
    Source.AUTHORIZER: Kind.API, Source.USER_POOL: Kind.USER_POOL, Source.DELIVERY_STREAM: Kind.DELIVERY_STREAM,
    Source.OBJECT_LAMBDA: Kind.BUCKET, Source.WORKFLOW: Kind.WORKFLOW, Source.QUEUE: Kind.QUEUE,
    Source.DATA_STREAM: Kind.STREAM, Source.TABLE_STREAM: Kind.TABLE, Source.BUCKET: Kind.BUCKET,
    Source.TOPIC: Kind.TOPIC, Source.RULE: Kind.RULE, Source.SCHEDULE: Kind.SCHEDULE, Source.LOGS: Kind.LOG_GROUP,
    Source.SECRET_ROTATION: Kind.SECRET,
}  # fmt: skip
"""What a kind of source is as a resource; what is not here has no kind of its own."""


def _tells(part: str | Ref | Hole) -> bool:
    """Whether a part of a name tells it from others; what every resource of a stack shares does not."""
    if isinstance(part, Hole):
        return not part.name.startswith(_SHARED) and "..." not in part.name and part.name not in _VAGUE
    return isinstance(part, str) and bool(part.strip("-_/:."))


_SHARED = ("AWS::", "Fn::", "each.", "count.", "self.", "opt:", "sls:")
"""What holes begin with that stand for the same in every name, or for something else each time."""

_VAGUE = frozenset({"?", "label", "resolve", "service", "stage"})


class Nodes:
    """The nodes made so far, by id."""

    def __init__(self, app: App) -> None:
        self.app = app
        self.found: dict[str, Node] = {}
        for resource in app.deployment.resources.values():
            if resource.kind in _ALWAYS_SHOWN:
                self._of_resource(resource, resource.kind)
        for function in app.functions:
            self.of_function(function)

    def of_function(self, function: Function) -> Node:
        return self._made(Node(function.id, Kind.FUNCTION, function.id, function.at, self.app.unit_of(function.id)))

    def default_bus(self) -> Node:
        return self._made(Node(DEFAULT_BUS, Kind.BUS, DEFAULT_BUS, None, ""))

    def named(self, text: Text, kind: Kind) -> Node | None:
        """The node that a text names: a resource of the unit, or one that is not in sight; None for no name at all.

        A text that refers to a resource of another kind names none.
        """
        if kind is Kind.BUS and text == "default":
            return self.default_bus()
        resource = self.app.target(text, kind)
        if resource is not None and isinstance(text, Ref) and text.attribute.startswith(_OUTPUT):
            # Two outputs of a nested stack are two things.
            id = f"{text.id}.{text.attribute}"
            return self._made(Node(id, kind, id.replace(_OUTPUT, ""), resource.at, self.app.unit_of(resource.id)))
        if resource is not None:
            fits = kind is Kind.OTHER or resource.kind in (kind, Kind.OTHER)
            return self._of_resource(resource, kind) if fits else None
        parts = pieces_of(text)
        if isinstance(text, Ref) or any(isinstance(part, Ref) for part in parts):
            return self._unseen(text, kind) if isinstance(text, Ref) and text.id not in self.found else None
        held = self._held(parts)
        if held is not None:
            return self.named(held, kind)
        addressed_kind, name = addressed(parts)
        if addressed_kind is not None and kind not in (addressed_kind, Kind.OTHER):
            return None
        kind = addressed_kind or kind
        if kind is Kind.OTHER or not any(_tells(part) for part in name):
            return None
        if kind is Kind.BUS and name == ("default",):
            return self.default_bus()
        title = show(Pattern(name))
        return self._made(Node(f"{kind.value} {title}", kind, title, None, ""))

    def _held(self, parts: tuple[str | Ref | Hole, ...]) -> Text | None:
        """What a parameter of this unit holds, or the unit exports itself, where a text stands for that."""
        if len(parts) != 1 or not isinstance(parts[0], Hole):
            return None
        how, _, name = parts[0].name.rpartition(":")
        value: Value[Text] | None = None
        if how == "import":
            value = self.app.deployment.exports.get(name)
        elif how in ("resolve:ssm", "resolve:ssm-secure"):
            parameter = self.app.target(name, Kind.PARAMETER)
            value = None if parameter is None else parameter.value
        return value.value if isinstance(value, Known) else None

    def _of_resource(self, resource: Resource, kind: Kind) -> Node:
        kind = kind if resource.kind is Kind.OTHER else resource.kind
        return self._made(Node(resource.id, kind, _title(resource), resource.at, self.app.unit_of(resource.id)))

    def _unseen(self, ref: Ref, kind: Kind) -> Node:
        """What a template refers to that it does not define: SAM's implicit API, a resource under a condition."""
        return self._made(Node(ref.id, kind, ref.id, None, self.app.unit_of(ref.id)))

    def source(self, trigger: Trigger, source: Plain[Text]) -> Node:
        """Where a trigger's events come from; of what nobody names at least the kind is known."""
        kind = KINDS.get(trigger.source_kind, Kind.OTHER)
        found: Node | None = None
        if isinstance(source, Known):
            if kind is Kind.LOG_GROUP:
                return self.log_group(source.value)
            resource = self.app.target(source.value, kind)
            if resource is None:
                found = self.named(source.value, kind)
            elif resource.kind is Kind.RULE and kind is Kind.SCHEDULE:
                # A rule with a schedule is one.
                found = self._made(Node(resource.id, kind, resource.id, resource.at, self.app.unit_of(resource.id)))
            else:
                found = self._of_resource(resource, kind)
        if found is None and trigger.source_kind is Source.RULE and isinstance(source, Absent):
            return self.default_bus()
        if found is None:
            title = f"{trigger.source_kind.value} of {trigger.function}"
            found = self._made(Node(title, kind, trigger.source_kind.value, None, ""))
        return found

    def log_group(self, name: Text) -> Node:
        """A log group, which need not be defined to be written to."""
        name = self._spelled_out(name)
        resource = self.app.target(name, Kind.LOG_GROUP)
        if resource is not None and resource.kind is Kind.LOG_GROUP:
            return self._of_resource(resource, Kind.LOG_GROUP)
        title = show(name)
        return self._made(Node(f"log group {title}", Kind.LOG_GROUP, title, None, ""))

    def _spelled_out(self, name: Text) -> Text:
        """A name with those of functions in it, where they are known, instead of references to them."""
        if not isinstance(name, Pattern):
            return name
        names = {each.id: each.name.value for each in self.app.functions if isinstance(each.name, Known)}
        parts = [names.get(part.id, part) if isinstance(part, Ref) else part for part in name.parts]
        return pattern(piece for part in parts for piece in pieces_of(part))

    def address(self, text: Text) -> Node | None:
        """The API of the unit, or the one behind a function's URL, that answers under an address."""
        parts = pieces_of(text)
        for part in parts:
            if isinstance(part, Ref):
                resource = self.app.target(part)
                if resource is None:
                    continue
                if resource.kind is Kind.API:
                    return self._of_resource(resource, Kind.API)
                if part.id in self._urls or resource.id in self._urls:
                    return self._of_resource(resource, Kind.API)
        return None

    @cached_property
    def _urls(self) -> frozenset[str]:
        """The resources that are the URL of a function."""
        found = (trigger.source for trigger in self.app.deployment.triggers if trigger.source_kind in REQUEST_SOURCES)
        refs = (known.value for source in found for known in known_values(source))
        return frozenset(ref.id for ref in refs if isinstance(ref, Ref))

    def of_event(self, function: Function, kind: Kind) -> Node:
        """What the event names, where no trigger tells which that is: the bucket that the event is about."""
        title = f"the {kind.value} that the event names"
        return self._made(Node(f"{title} to {function.id}", kind, title, None, ""))

    def _made(self, node: Node) -> Node:
        return self.found.setdefault(node.id, node)


def _title(resource: Resource) -> str:
    """What people call a resource."""
    name = resource.name.value if resource.generated and isinstance(resource.name, Known) else None
    return name if isinstance(name, str) else resource.id
