"""A service as written, its variables worked out, and the CloudFormation resources that it stands for."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, ScalarNode

from slslint.model import Gap, Hole, Pattern, Route, Source, Text, pattern, pieces_of
from slslint.record import cached_property, field, record
from slslint.source import Span
from slslint.templates.building import Literal, build, properties, text_of
from slslint.templates.cloudformation.nodes import Computed, Fields, Undecided, fields_of, is_null
from slslint.templates.document import span
from slslint.templates.serverless.merging import merge
from slslint.templates.serverless.naming import function_id
from slslint.templates.serverless.sources import stage
from slslint.templates.serverless.texts import known_text, text_in
from slslint.templates.serverless.variables import Variables
from slslint.templates.serverless.written import OPEN, Function, Written, items_of
from slslint.value import Known, Origin

FRAMEWORK = "Serverless Framework"


@record()
class Planned:
    """A resource that the framework makes of what stands at `at`.

    `more` is what the author adds to it from elsewhere.
    """

    at: Node
    type: str
    properties: MappingNode
    condition: Node | None = None
    more: Node | None = None

    @property
    def key(self) -> Node:
        """Where its logical id stands."""
        at = self.at
        return at if isinstance(at, ScalarNode) and not at.style else ScalarNode("", "", at.start_mark, at.end_mark)

    def whole(self) -> Node:
        """The resource as a template would have it."""
        written: Literal = {"Type": self.type, "Condition": self.condition, "Properties": self.properties}
        node = build(written, self.at)
        return node if self.more is None else merge(node, self.more)


@record(eq=False, frozen=False, slots=False)
class Service:
    """One service in the making.

    Attributes:
        functions: by key.
        written: what `resources` brings by logical id, as (key node, value node); parts of generated resources too.
        resources: those that the framework makes, by logical id.
        statements: what the framework lets the shared role do, by the function that needs it; "" is any.
        polled: what the mapping at this place reads, which only its event says.
        routes: what the event at this place says of its route.
        workflows: the keys of state machines by their logical ids.
        gaps: what was not understood. complete: False when there may be functions or resources that are not in sight.

    """

    variables: Variables
    root: Written
    functions: dict[str, Function] = field(default_factory=dict)
    written: Fields = field(default_factory=dict)
    resources: dict[str, Planned] = field(default_factory=dict)
    statements: dict[str, list[dict[str, Literal]]] = field(default_factory=dict)
    polled: dict[Span, Source] = field(default_factory=dict)
    routes: dict[Span, Route] = field(default_factory=dict)
    workflows: dict[str, str] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    complete: bool = True
    _sections: dict[str, Written] = field(default_factory=dict)

    def section(self, name: str) -> Written:
        """A section of the configuration with its variables worked out."""
        found = self._sections.get(name)
        if found is None:
            pair = self.root.fields.get(name)
            found = self._no_section if pair is None else Written(pair[0], self.variables.whole(pair[1], name))
            self._sections[name] = found
        return found

    @cached_property
    def _no_section(self) -> Written:
        return Written(self.root.key, self.root.other)

    @cached_property
    def provider(self) -> Written:
        """The section from which functions inherit."""
        return self.section("provider")

    @cached_property
    def name(self) -> Text:
        """What it is called."""
        named = self.section("service")
        text = text_in(named("name") if isinstance(named.node, MappingNode) else named.node)
        return Pattern((Hole("service"),)) if text is None else text

    @cached_property
    def stage(self) -> Text:
        """The stage that is deployed to; a hole where it cannot be told."""
        return Pattern((Hole("stage"),)) if self._stage is None else self._stage.value

    @cached_property
    def _stage(self) -> Known[Text] | None:
        return known_text(stage(self.variables, self.provider.key))

    @cached_property
    def prefix(self) -> Text:
        """What the names of functions start with: service and stage."""
        return _together(self.name, "-", self.stage)

    @cached_property
    def plugins(self) -> frozenset[str]:
        """The names of its plugins."""
        listed = self.section("plugins")
        modules = listed("modules") if isinstance(listed.node, MappingNode) else listed.node
        return frozenset(text_of(item) for item in items_of(modules))

    def add(self, id: str, at: Node, type: str, given: dict[str, Literal], condition: Node | None = None) -> None:
        """Deploy a resource that stands at `at`, with the properties that are given."""
        self.resources[id] = Planned(at, type, properties(given, at), condition)

    def allow(self, function: str, actions: list[str], resource: Literal) -> None:
        """Let the role of a function do what the framework lets it."""
        self.statements.setdefault(function, []).append({"Action": list(actions), "Resource": resource})

    def name_of(self, function: Function) -> Node:
        """The physical name of a function."""
        return function("name") or self.text(function.key, self.prefix, f"-{function.name}")

    def functions_arn(self, function: Function, suffix: str = "") -> Literal:
        """The ARN of a function by its name."""
        text = text_in(self.name_of(function))
        name = Pattern((Hole("stage"),)) if text is None else text
        arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:"
        return {"Fn::Sub": self.text(function.key, arn, name, suffix)}

    def gap(self, at: Node, why: str) -> None:
        """Say what was not understood."""
        self.gaps.append(Gap(span(at), why))

    def text(self, at: Node, *parts: Text) -> Computed:
        """Text put together from parts, at a place: what is derived from the stage, as most of it is."""
        return Computed(Known(_together(*parts), span(at), self._origin), at)

    @cached_property
    def _origin(self) -> Origin:
        derived = self._stage is not None and self._stage.origin is Origin.DERIVED
        return Origin.DERIVED if derived else Origin.WRITTEN


def _together(*parts: Text) -> Text:
    if set(map(type, parts)) == {str}:
        return "".join(map(str, parts))
    return pattern([piece for part in parts for piece in pieces_of(part)])


def read_functions(service: Service) -> None:
    """Find the functions that are written under `functions`."""
    section = service.section("functions")
    for part in items_of(section.node):
        if not isinstance(part, MappingNode):
            service.gap(part, _why(part, "these functions are not in sight"))
            service.complete = False
            continue
        for name, (key, node) in fields_of(part).items():
            if name == OPEN:
                service.complete = False
                service.gap(key, _why(node, "these functions are not in sight"))
            if is_null(node) or name == OPEN:
                continue
            if isinstance(node, ScalarNode):
                service.gap(key, _why(node, "this function is not in sight"))
            service.functions[name] = Function(key, node, name)


def _why(node: Node, otherwise: str) -> str:
    return node.why if isinstance(node, Undecided) else otherwise


def shown_ids(service: Service) -> dict[str, str]:
    """What people call functions and state machines, by their logical ids: their keys, unless a resource has that."""
    taken = set(service.resources) | set(service.written)
    functions = {function_id(name): name for name in service.functions if name not in taken}
    taken.update(service.functions)
    return {**functions, **{id: name for id, name in service.workflows.items() if name not in taken}}
