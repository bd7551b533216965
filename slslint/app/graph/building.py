"""The graph of one application: edges of the template first, then those of the code, which may refer to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slslint.app.application import App
from slslint.app.code import Code
from slslint.app.graph.calls import Reached, reached
from slslint.app.graph.edges import Edge, Graph, Node, Verb
from slslint.app.graph.nodes import DEFAULT_BUS, TRAIL, Nodes
from slslint.app.graph.targets import Targets
from slslint.app.texts import log_group
from slslint.finding import Confidence, Related
from slslint.model import Cause, Delivery, Function, Invocation, Kind, Pattern, Source, Text, Trigger
from slslint.value import ALWAYS, Absent, Either, Known, Plain, Value, When, agree


def build(app: App) -> Graph:
    """The graph of an application."""
    nodes = Nodes(app)
    edges = [*_triggers(app, nodes), *_deliveries(app, nodes)]
    entering: dict[str, list[Edge]] = {}
    for edge in edges:
        entering.setdefault(edge.target.id, []).append(edge)
    targets = Targets(app, nodes, entering)
    trails = [edge for edge in edges if edge.source.id == DEFAULT_BUS and _hears_calls(edge)]
    for function, code in app.functions_with_code():
        edges += _calls(app, nodes, targets, function, code)
        edges += _heard(app, nodes, trails, function, code)
    edges += _logs(app, nodes, edges)
    return Graph(nodes.found.values(), edges)


# --- what the template says ------------------------------------------------------------------------------------------


def _triggers(app: App, nodes: Nodes) -> Iterator[Edge]:
    functions = {function.id: function for function in app.functions}
    for trigger in app.deployment.triggers:
        function = functions.get(trigger.function)
        if function is None:
            continue
        target = nodes.of_function(function)
        for more, plain in _branches(trigger.source):
            source = nodes.source(trigger, plain)
            when = _when(app, source, target, trigger.when | more)
            if when is not None:
                yield Edge(
                    source,
                    target,
                    _verb(trigger),
                    trigger.at,
                    (Related(trigger.at, f"`{source.title}` {_verb(trigger).value} `{target.title}`"),),
                    waits=trigger.invocation is Invocation.WAITS,
                    filter=trigger.filter,
                    trigger=trigger,
                    when=when,
                )


def _verb(trigger: Trigger) -> Verb:
    if trigger.source_kind is Source.WORKFLOW:
        return Verb.INVOKES
    return Verb.FAILS_TO if trigger.event == "OnFailure" else Verb.TRIGGERS


_VERBS = {Cause.EVENT: Verb.TRIGGERS, Cause.SUCCESS: Verb.TRIGGERS, Cause.FAILURE: Verb.FAILS_TO}

_RUN = frozenset({Kind.FUNCTION, Kind.WORKFLOW, Kind.API})
"""What a step of a workflow runs; to everything else it writes."""


def _deliveries(app: App, nodes: Nodes) -> Iterator[Edge]:
    for delivery in app.deployment.deliveries:
        for more, after in _branches(delivery.target):
            target = _end(nodes, after)
            for some, before in _branches(delivery.source) if target is not None else ():
                # Only a bus hands anything to a rule, and is named there by its name alone.
                source = _end(
                    nodes, before, Kind.BUS if target is not None and target.kind is Kind.RULE else Kind.OTHER
                )
                if source is None or target is None:
                    continue
                when = _when(app, source, target, delivery.when | some | more)
                if when is not None:
                    yield _delivered(delivery, source, target, when)


def _end(nodes: Nodes, end: Plain[Text], kind: Kind = Kind.OTHER) -> Node | None:
    """One end of a delivery, which is the account's bus where nothing is named. A `kind` is what a name is one of."""
    if isinstance(end, Absent):
        return nodes.default_bus()
    if not isinstance(end, Known):
        return None
    first = end.value.parts[0] if isinstance(end.value, Pattern) else end.value
    if isinstance(first, str) and first.startswith("/"):
        return nodes.log_group(end.value)
    return nodes.named(end.value, kind)


def _delivered(delivery: Delivery, source: Node, target: Node, when: When) -> Edge:
    verb = _VERBS.get(delivery.cause) or (Verb.INVOKES if target.kind in _RUN else Verb.WRITES)
    said = f"`{source.title}` {delivery.cause.value} `{target.title}`"
    return Edge(
        source,
        target,
        verb,
        delivery.at,
        (Related(delivery.at, said),),
        waits=delivery.waits,
        filter=delivery.filter,
        delivery=delivery,
        when=when,
    )


def _branches(value: Value[Text]) -> tuple[tuple[When, Plain[Text]], ...]:
    return value.branches if isinstance(value, Either) else ((ALWAYS, value),)


def _when(app: App, source: Node, target: Node, given: When) -> When | None:
    """The conditions under which both ends and what is between them exist; None when they contradict each other."""
    for node in (source, target):
        resource = app.deployment.resources.get(node.id)
        if resource is not None:
            given |= resource.when
    return given if agree(given, given) else None


# --- what the code says ----------------------------------------------------------------------------------------------


def _calls(app: App, nodes: Nodes, targets: Targets, function: Function, code: Code) -> Iterator[Edge]:
    source = nodes.of_function(function)
    seen = set()
    for site in code.sites():
        for each in reached(site, function, targets):
            target = each.target
            when = _when(app, source, target.node, target.when)
            key = (target.node.id, each.effect.verb, each.effect.waits, site.call, when)
            if when is not None and key not in seen:
                seen.add(key)
                yield _called(source, each, when)


def _called(source: Node, reached: Reached, when: When) -> Edge:
    site, target, effect = reached.site, reached.target, reached.effect
    here = site.path() if reached.steps is None else (*reached.steps, site.path()[-1])
    return Edge(
        source,
        target.node,
        effect.verb,
        site.call.at,
        here,
        waits=effect.waits,
        call=reached.call,
        site=site,
        what=effect.what,
        from_event=target.from_event,
        when=when,
        confidence=target.confidence,
    )


def _hears_calls(edge: Edge) -> bool:
    """Whether a rule asks for calls of certain operations of AWS, which CloudTrail tells the account's bus."""
    for pattern in edge.filter.patterns if edge.filter is not None else ():
        kinds, detail = pattern.get("detail-type"), pattern.get("detail")
        if isinstance(kinds, tuple) and TRAIL in kinds and isinstance(detail, Mapping) and "eventName" in detail:
            return True
    return False


def _heard(app: App, nodes: Nodes, trails: list[Edge], function: Function, code: Code) -> Iterator[Edge]:
    """The calls of the code that a rule hears of by way of CloudTrail. Whether a trail is on is not in sight."""
    if not trails:
        return
    from slslint.app.graph.matching import may_pass

    source, target = nodes.of_function(function), nodes.default_bus()
    for site in code.sites():
        call = site.sdk
        if call is None or call.service == "events" or not call.operation:
            continue
        edge = Edge(
            source,
            target,
            Verb.WRITES,
            site.call.at,
            (*site.path(), Related(site.call.at, f"CloudTrail tells the default event bus of `{call.title}`")),
            call=call,
            site=site,
            confidence=Confidence.MEDIUM,
        )
        if any(may_pass(app, edge, trail) for trail in trails):
            yield edge


def _logs(app: App, nodes: Nodes, edges: list[Edge]) -> Iterator[Edge]:
    """What functions print goes to their log groups, which matters only where something reads those."""
    if not any(edge.source.kind is Kind.LOG_GROUP for edge in edges):
        return
    read = {edge.source.id for edge in edges}
    for function in app.functions:
        source, target = nodes.of_function(function), nodes.log_group(log_group(function))
        when = _when(app, source, target, ALWAYS)
        if target.id in read and when is not None:
            said = Related(function.at, f"what `{function.id}` prints goes to its log group")
            yield Edge(source, target, Verb.WRITES, function.at, (said,), when=when)
