"""A service as written, its variables worked out, and the CloudFormation resources that it stands for."""

from __future__ import annotations

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Gap, Hole, Pattern, Route, Source, Text, pattern
from slslint.record import field, record
from slslint.source import Span
from slslint.templates.building import Literal, build, plain_fields, text_of
from slslint.templates.cloudformation.nodes import Computed, Fields, Undecided, fields_of, is_null
from slslint.templates.document import span
from slslint.templates.serverless.naming import function_id
from slslint.templates.serverless.variables import Variables, known_text
from slslint.value import Known, Origin

FRAMEWORK = "Serverless Framework"

OPEN = "Fn::Transform"
"""The key of what a script puts into an object and is not in sight: to CloudFormation too, the rest then stays open."""


class Written:
    """A mapping as written: a function, an event, the provider.

    `key` is its name in the configuration. What is in a thing that cannot be told cannot be told either.
    """

    def __init__(self, key: Node, node: Node | None) -> None:
        self.key = key
        self.node = node

    def __call__(self, *names: str) -> Node | None:
        """What stands under these names; None when nothing, or `null`, does."""
        found = self.node
        for name in names:
            if not isinstance(found, MappingNode):
                return found if isinstance(found, Undecided) else None
            fields = fields_of(found)
            pair = fields.get(name)
            if pair is None:
                # Whatever a function might have is asked for, and most of it is not there.
                return _brought_in(fields[OPEN][0]) if OPEN in fields else None
            found = pair[1]
        return None if found is None or is_null(found) else found

    def place(self, *names: str) -> Node:
        """The key of what stands under these names, or of the innermost thing around it that is there."""
        place, found = self.key, self.node
        for name in names:
            pair = fields_of(found).get(name) if isinstance(found, MappingNode) else None
            if pair is None:
                break
            place, found = pair
        return place


def _brought_in(key: Node) -> Node:
    return Undecided("it may be among what is put in here when it runs", key)


class Function(Written):
    """One entry of `functions`; `name` is its key."""

    def __init__(self, key: Node, node: Node | None, name: str) -> None:
        super().__init__(key, node)
        self.name = name


@record(eq=False, frozen=False)
class Service:
    """One service in the making.

    Attributes:
        provider, custom: these sections.
        functions: by key.
        plugins: their names.
        written: what `resources` brings by logical id, as (key node, value node); parts of generated resources too.
        resources: those that are deployed, by logical id, as (key node, value node).
        statements: what the framework lets the shared role do, by the function that needs it; "" is any.
        polled: what the mapping at this place reads, which only its event says.
        routes: what the event at this place says of its route.
        workflows: the keys of state machines by their logical ids.
        gaps: what was not understood. complete: False when there may be functions or resources that are not in sight.

    """

    variables: Variables
    root: Written
    provider: Written
    name: Text
    stage: Known[Text] | None
    functions: dict[str, Function] = field(default_factory=dict)
    plugins: frozenset[str] = frozenset()
    written: Fields = field(default_factory=dict)
    resources: Fields = field(default_factory=dict)
    statements: dict[str, list[dict[str, Literal]]] = field(default_factory=dict)
    polled: dict[Span, Source] = field(default_factory=dict)
    routes: dict[Span, Route] = field(default_factory=dict)
    workflows: dict[str, str] = field(default_factory=dict)
    gaps: list[Gap] = field(default_factory=list)
    complete: bool = True

    def add(self, id: str, at: Node, type: str, properties: dict[str, Literal], condition: Literal = None) -> None:
        """Deploy a resource that stands at `at`."""
        resource = build({"Type": type, "Condition": condition, "Properties": properties}, at)
        self.resources[id] = build(id, at), resource

    def allow(self, function: str, actions: list[str], resource: Literal) -> None:
        """Let the role of a function do what the framework lets it."""
        self.statements.setdefault(function, []).append({"Action": list(actions), "Resource": resource})

    def name_of(self, function: Function) -> Node:
        """The physical name of a function."""
        return function("name") or self.text(function.key, *self.prefix, f"-{function.name}")

    def functions_arn(self, function: Function, suffix: str = "") -> Literal:
        """The ARN of a function by its name."""
        named = known_text(self.name_of(function))
        arn = "arn:${AWS::Partition}:lambda:${AWS::Region}:${AWS::AccountId}:function:"
        return {"Fn::Sub": self.text(function.key, arn, named.value if named is not None else None, suffix)}

    def gap(self, at: Node, why: str) -> None:
        """Say what was not understood."""
        self.gaps.append(Gap(span(at), why))

    def section(self, name: str) -> Written:
        """A section of the configuration with its variables worked out."""
        fields = fields_of(self.root.node) if isinstance(self.root.node, MappingNode) else {}
        pair = fields.get(name)
        if pair is None:
            return Written(self.root.key, self.root(name))
        return Written(pair[0], self.variables.whole(pair[1], name))

    def text(self, at: Node, *parts: str | Text | None) -> Computed:
        """Text put together from parts, at a place; a part that is None cannot be told."""
        pieces: list[object] = []
        for part in parts:
            pieces.extend(part.parts if isinstance(part, Pattern) else (Hole("stage") if part is None else part,))
        derived = self.stage is not None and self.stage.origin is Origin.DERIVED
        origin = Origin.DERIVED if derived else Origin.WRITTEN
        return Computed(Known(pattern(pieces), span(at), origin), at)  # type: ignore[arg-type]

    @property
    def prefix(self) -> tuple[Text | None, ...]:
        """What the names of functions start with: service and stage."""
        return (self.name, "-", self.stage.value if self.stage is not None else None)


def service_of(variables: Variables, root: MappingNode) -> Service:
    """The service of a configuration, with its functions."""
    top = Written(root, root)
    service = Service(variables, top, top, "", None)
    service.provider = service.section("provider")
    named = service.section("service")
    known = known_text(named("name") if isinstance(named.node, MappingNode) else named.node)
    service.name = known.value if known is not None else Pattern((Hole("service"),))
    service.stage = known_text(variables.stage(service.provider.key))
    listed = service.section("plugins")
    modules = listed("modules") if isinstance(listed.node, MappingNode) else listed.node
    service.plugins = frozenset(text_of(item) for item in items_of(modules))
    _read_functions(service)
    return service


def items_of(node: Node | None) -> list[Node]:
    """The items of a list; one thing that is no list counts as a list of it."""
    if node is None or is_null(node):
        return []
    return list(node.value) if isinstance(node, SequenceNode) and not node.tag else [node]


def mapping_of(node: Node | None) -> Fields:
    """A mapping's fields; nothing for what is no mapping, or a function call."""
    return fields_of(node) if isinstance(node, MappingNode) and plain_fields(node) else {}


def _read_functions(service: Service) -> None:
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
