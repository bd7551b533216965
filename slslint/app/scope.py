"""Which bindings of a name an expression may see: who encloses whom, what binds what, and where."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.dead import dead_blocks
from slslint.app.flow import Binding, Position, block_at, reaching
from slslint.facts import Assign, Attr, Call, Expr, Facts, Function, Item, Literal, Name
from slslint.record import record
from slslint.source import Span

_START: Position = (0, 0)
_END: Position = (1 << 60, 0)


@record()
class Mutation:
    """A value put into what a name holds: `x[key] = value` (`key` None: `x.append(value)`, `x.update(value)`).

    `block` is where an assignment does that; of calls nobody asks.
    """

    key: Expr | None
    value: Expr
    merges: bool = False
    block: int = 0


class Scopes:
    """The names of one file: who encloses whom, and what binds which name where."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self.in_python = facts.language == "python"
        self.parents = _parents(facts)
        self.children: dict[str, list[str]] = {}
        for child, parent in self.parents.items():
            self.children.setdefault(parent, []).append(child)
        self._bindings: dict[str, dict[str, list[Binding]]] = {}
        self._mutations: dict[str, dict[str, list[Mutation]]] = {}
        self._dead: dict[str, frozenset[int]] = {}
        self._decorated: dict[str, list[str]] | None = None
        self._inner_mutations: dict[tuple[str, str], list[tuple[str, Mutation]]] | None = None
        self._inner_writes: dict[str, dict[str, list[tuple[str, Assign]]]] | None = None
        self._attribute_writes: dict[str, list[tuple[str, Assign]]] | None = None
        self._attributes: dict[str, dict[str, list[tuple[str, Assign]]]] | None = None

    def decorated(self, key: str) -> list[str]:
        """The functions right inside the function `key` that have decorators."""
        if self._decorated is None:
            self._decorated = {}
            for child, parent in self.parents.items():
                if self.facts.functions[child].decorators:
                    self._decorated.setdefault(parent, []).append(child)
        return self._decorated.get(key, [])

    def dead(self, function: Function) -> frozenset[int]:
        found = self._dead.get(function.name)
        if found is None:
            found = self._dead[function.name] = dead_blocks(function, self.facts)
        return found

    def bindings(self, function: Function) -> dict[str, list[Binding]]:
        """What the function itself binds, each name's bindings in textual order."""
        found = self._bindings.get(function.name)
        if found is None:
            found = self._bindings[function.name] = self._collect(function)
        return found

    def _collect(self, function: Function) -> dict[str, list[Binding]]:
        found: dict[str, list[Binding]] = {}
        dead = self.dead(function)

        def add(name: str, binding: Binding) -> None:
            if binding.block not in dead:
                found.setdefault(name, []).append(binding)

        for index, parameter in enumerate(function.parameters):
            add(parameter.name, Binding("parameter", index, _START, 0))
        for assign in function.assigns:
            if isinstance(assign.target, Name):
                at = assign.target.at if assign.op == "for" else assign.at
                add(assign.target.id, Binding("assign", assign, _end(at), assign.block))
        for statement in function.imports:
            if not statement.typing_only:
                add(statement.binds, Binding("import", statement, _end(statement.at), statement.block))
        for key in self.children.get(function.name, ()):
            child = self.facts.functions[key]
            if child.owner is None and not child.is_value:
                # JavaScript makes its functions known before anything runs.
                after = _end(child.at) if self.in_python else _START
                add(_short(key), Binding("def", key, after, block_at(function, child.at)))
        for key, each in self.facts.classes.items():
            if _encloser(self.facts, key) == function.name:
                add(_short(key), Binding("class", key, _end(each.at), block_at(function, each.at)))
        for bindings in found.values():
            if len(bindings) > 1:
                bindings.sort(key=lambda binding: binding.after)
        return found

    def mutations(self, function: Function, name: str) -> list[Mutation]:
        """What the function puts into the dict, object, list or array that the name holds."""
        return self._mutated_by(function).get(name, [])

    def inner_mutations(self, key: str, name: str) -> list[tuple[str, Mutation]]:
        """What functions inside the function `key` ("": the module) put into what its name holds, by their keys."""
        if self._inner_mutations is None:
            self._inner_mutations = {}
            for writer, function in self.facts.functions.items():
                own = self.bindings(function) if writer and self._mutated_by(function) else {}
                for base, mutations in self._mutated_by(function).items() if writer else ():
                    if base not in own or base in function.outer_names:
                        found = self._inner_mutations.setdefault((self._owner(writer, base), base), [])
                        found.extend((writer, mutation) for mutation in mutations)
        return self._inner_mutations.get((key, name), [])

    def _mutated_by(self, function: Function) -> dict[str, list[Mutation]]:
        found = self._mutations.get(function.name)
        if found is None:
            found = self._mutations[function.name] = {}
            for assign in function.assigns:
                match assign.target:
                    case Item(Name(base), key) if assign.op != "del":
                        found.setdefault(base, []).append(Mutation(key, assign.value, block=assign.block))
                    case Attr(Name(base), attribute) if not self.in_python and assign.op != "del":
                        found.setdefault(base, []).append(
                            Mutation(Literal(attribute), assign.value, block=assign.block)
                        )
            for call in function.calls:
                for base, mutation in _mutated(call):
                    found.setdefault(base, []).append(mutation)
        return found

    def inner_writes(self, key: str, name: str) -> list[tuple[str, Assign]]:
        """The assignments to a name of the function `key` ("": the module) from functions inside it, by their keys."""
        if self._inner_writes is None:
            self._inner_writes = {}
            for writer, function in self.facts.functions.items():
                if not function.outer_names:
                    continue
                for assign in function.assigns:
                    if isinstance(assign.target, Name) and assign.target.id in function.outer_names:
                        owner = self._owner(writer, assign.target.id)
                        written = self._inner_writes.setdefault(owner, {})
                        written.setdefault(assign.target.id, []).append((writer, assign))
        return self._inner_writes.get(key, {}).get(name, [])

    def _owner(self, key: str, name: str) -> str:
        """The function around `key` whose name that is: it is nonlocal there, else global."""
        while key := self.parents.get(key, ""):
            function = self.facts.functions[key]
            if name not in function.outer_names and name in self.bindings(function):
                return key
        return ""

    def attributes(self, owner: str) -> dict[str, list[tuple[str, Assign]]]:
        """By name: what gives the class's instances that attribute, and the key of the method ("": the class body)."""
        if self._attributes is None:
            self._attributes = {}
            for name, each in self.facts.classes.items():
                table = self._attributes.setdefault(name, {})
                for assign in each.assigns:
                    if isinstance(assign.target, Name):
                        table.setdefault(assign.target.id, []).append(("", assign))
            for key, function in self.facts.functions.items():
                method = self._method_around(function)
                if method is None:
                    continue
                assert method.owner is not None
                table = self._attributes.setdefault(method.owner, {})
                for assign in function.assigns:
                    match assign.target:
                        case Attr(Name(receiver), attribute) if receiver == method.receiver and assign.op != "del":
                            table.setdefault(attribute, []).append((key, assign))
        return self._attributes.get(owner, {})

    def _method_around(self, function: Function) -> Function | None:
        """The method whose receiver the function sees: itself, or in JavaScript the one around an arrow function."""
        while not self.in_python and function.name and function.receiver is None and function.owner is None:
            function = self.facts.functions[self.parents[function.name]]
        return function if function.owner is not None and function.receiver is not None else None

    @property
    def attribute_writes(self) -> dict[str, list[tuple[str, Assign]]]:
        """By attribute: the assignments to it on anything but the receiver of a method, with the function's key."""
        if self._attribute_writes is None:
            self._attribute_writes = {}
            for key, function in self.facts.functions.items():
                for assign in function.assigns:
                    match assign.target:
                        case Attr(Name(base), name) if base != function.receiver and assign.op != "del":
                            self._attribute_writes.setdefault(name, []).append((key, assign))
        return self._attribute_writes

    def reaching(self, function: Function, name: str, at: Span | None) -> list[Binding]:
        """The bindings that the function makes of the name and that may hold at `at`; at its end for None."""
        found = self.bindings(function).get(name, [])
        if len(found) < 2:
            return found
        if at is None:
            return reaching(function, found, _END, 0)
        return reaching(function, found, (at.line, at.column), block_at(function, at))

    def captured(self, function: Function, name: str, inner: Function) -> list[Binding]:
        """The bindings that the function makes of the name and that a function inside it may see.

        JavaScript's blocks have names of their own: what stands in a block around a function that is written there as
        a value hides what is bound outside, and what other blocks bind.
        """
        found = self.bindings(function).get(name, [])
        if len(found) < 2 or self.in_python or not inner.is_value:
            return self.reaching(function, name, None)
        at = inner.whole
        near = self.reaching(function, name, at)
        inmost = {binding.block for binding in near}
        own = inmost.pop() if len(inmost) == 1 else 0
        if not function.within(block_at(function, at), own):
            own = 0
        start = (at.line, at.column)
        return [b for b in found if b in near or (b.after > start and function.within(b.block, own))]


def _mutated(call: Call) -> Iterator[tuple[str, Mutation]]:
    """What a call puts into what a name holds."""
    match call.callee:
        case Attr(Name(base), "append" | "add" | "appendleft" | "insert") if call.args:
            yield base, Mutation(None, call.args[-1].value)
        case Attr(Name(base), "push" | "unshift"):
            for argument in call.args:
                yield base, Mutation(None, argument.value, argument.spread)
        case Attr(base, "set") if len(call.args) == 2:
            # `routes.set("/users", users).set("/orders", orders)`
            while isinstance(base, Call) and isinstance(base.callee, Attr) and base.callee.name == "set":
                base = base.callee.base
            if isinstance(base, Name):
                yield base.id, Mutation(call.args[0].value, call.args[1].value)
        case Attr(Name(base), "update" | "extend"):
            for argument in call.args:
                named = Literal(argument.name) if argument.name else None
                yield base, Mutation(named, argument.value, named is None)
        case Attr(Name("Object"), "assign") if call.args and isinstance(call.args[0].value, Name):
            for argument in call.args[1:]:
                yield call.args[0].value.id, Mutation(None, argument.value, True)


def _parents(facts: Facts) -> dict[str, str]:
    """The function around each function; classes in between do not count, as their names are not seen from inside."""
    ordered = sorted(
        (f for key, f in facts.functions.items() if key),
        key=lambda f: (f.whole.line, f.whole.column, -f.whole.end_line, -f.whole.end_column),
    )
    parents: dict[str, str] = {}
    stack: list[Function] = []
    for function in ordered:
        while stack and not stack[-1].whole.holds(function.whole):
            stack.pop()
        parents[function.name] = stack[-1].name if stack else ""
        stack.append(function)
    return parents


def _encloser(facts: Facts, class_key: str) -> str | None:
    """The function in whose scope a class is bound; None for a class inside a class."""
    prefix = class_key.rpartition(".")[0]
    if prefix in facts.classes:
        return None
    return prefix if prefix in facts.functions else ""


def _short(key: str) -> str:
    """The name that a definition binds; of several of one name, all but the last have a number: "save#2"."""
    return key.rpartition(".")[2].partition("#")[0]


def _end(at: Span) -> Position:
    return at.end_line, at.end_column
