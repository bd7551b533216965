"""The function that a handler's name stands for in its file."""

from __future__ import annotations

from collections.abc import Mapping

from slslint.app import Code, JoinState
from slslint.app.place import Place, Sources
from slslint.app.scope import Scopes
from slslint.app.symbols import (
    External,
    Group,
    LocalClass,
    LocalFunction,
    LocalInstance,
    Member,
    Result,
    Symbol,
    Unresolved,
    dotted,
    options,
)
from slslint.facts import Assign, Attr, Closure, Expr, Facts, Item, Literal, Name, Other, Table
from slslint.record import record

_ADDING = frozenset({"after", "before", "onError", "use"})
"""Methods that add to a handler what is not the handler."""

_MAKE_NAMES = {"exec", "globals", "locals", "setattr", "vars"}
"""What can give a module names that nobody sees in it."""


@record()
class Found:
    """A handler. `entry` is the body of the module that the platform loads; `note` a reason to doubt."""

    place: Place
    entry: Place
    note: str = ""


@record()
class Lost:
    """Why there is no handler of that name."""

    state: JoinState
    why: str


def find_handler(sources: Sources, path: str, export: str) -> Found | Lost:
    """The handler `export` ("handler", "Class.method", "instance.method") of the file at `path`."""
    entry = sources.place(path)
    if entry is None:
        return Lost(JoinState.ELSEWHERE, f"`{path}` could not be read")
    direct = _direct(sources, entry, export)
    if direct is not None:
        return Found(direct, entry)
    # What the name stands for is asked before anything is known of callers: a handler is never a parameter.
    resolver = Code(sources, entry, entry).resolver
    first, *rest = export.split(".")
    symbol = resolver.exported(path, first)
    if symbol is None or _is_left_out(entry.facts, first):
        return _missing(sources, entry, first)
    for name in rest:
        symbol = resolver.member(symbol, name, path)
    found = [_place(sources, each) for each in options(symbol)]
    places = [each for each in found if each is not None]
    if places:
        return Found(places[0], entry)
    return _made(sources, entry, export, symbol)


def _direct(sources: Sources, entry: Place, export: str) -> Place | None:
    """The function of the file itself that has the name, or that it exports by it, as nearly every handler is."""
    exports = entry.facts.exports
    if exports is None:
        own = sources.place(entry.path, export)
        return None if own is None or _rebound(sources, entry, export) else own
    values = exports.get(export, ())
    value = values[0] if len(values) == 1 else None
    if isinstance(value, Name):
        value = _only_value(sources.scopes(entry.path), entry, value.id)
    return sources.place(entry.path, value.function) if isinstance(value, Closure) else None


def _only_value(scopes: Scopes, entry: Place, name: str) -> Expr | None:
    """The one value that a module ever gives to a name."""
    bindings = scopes.bindings(entry.function).get(name, ())
    if len(bindings) != 1 or scopes.inner_writes("", name):
        return None
    what = bindings[0].what
    if bindings[0].by == "def" and isinstance(what, str):
        return Closure(what)
    return what.value if isinstance(what, Assign) and what.op == "=" else None


def _rebound(sources: Sources, entry: Place, export: str) -> bool:
    """Whether the module gives the function's name another value after the `def`: `handler = wrap(handler)`."""
    bindings = sources.scopes(entry.path).reaching(entry.function, export, None)
    return any(binding.by != "def" for binding in bindings)


def _place(sources: Sources, symbol: Symbol) -> Place | None:
    match symbol:
        case LocalFunction(path, name):
            return sources.place(path, name)
        case LocalInstance(of):
            return sources.place(of.path, f"{of.name}.__call__")
        case Result(Member(of, name), _) if name in _ADDING:
            return _place(sources, of)
        case Result(of, site):
            # `handler = middleware(_handler)`, and `middy(_handler).use(...)`
            wrapped = (each for argument in site.argument_symbols() for each in options(_handler_of(argument)))
            function = next((each for each in wrapped if isinstance(each, LocalFunction)), None)
            if function is not None:
                return _curried(sources, sources.place(function.path, function.name))
            inner = of.of if isinstance(of, Member) else of
            return _place(sources, inner) if isinstance(inner, Result) else None
        case _:
            return None


def _curried(sources: Sources, place: Place | None) -> Place | None:
    """What a function returns that does nothing but return one: `metricScope((metrics) => async (event) => ...)`."""
    if place is not None and len(place.function.exits) == 1:
        value = place.function.exits[0].value
        if isinstance(value, Closure):
            return sources.place(place.path, value.function)
    return place


def _handler_of(argument: Symbol) -> Symbol:
    """What an argument brings for a handler: itself, or the entry of that name, `wrap({ handler: ... })`."""
    if isinstance(argument, Group) and argument.keys is not None and "handler" in argument.keys:
        return argument.items[argument.keys.index("handler")]
    return argument


def _made(sources: Sources, entry: Place, export: str, symbol: Symbol) -> Found | Lost:
    """A handler that is no function of the application."""
    if isinstance(symbol, External):
        return Lost(JoinState.ELSEWHERE, f"`{export}` is `{symbol.dotted}`, which lies outside the application")
    if isinstance(symbol, LocalClass):
        return Found(entry, entry, f"`{export}` is a class")
    if symbol == Unresolved() or dotted(symbol) is None:
        return Found(entry, entry, f"what `{export}` is could not be told")
    return Found(entry, entry)


def _missing(sources: Sources, entry: Place, name: str) -> Lost:
    facts = entry.facts
    if facts.problems:
        return Lost(JoinState.ELSEWHERE, f"`{entry.path}` does not parse")
    if facts.exports is not None:
        return _not_exported(sources, entry, facts.exports, name)
    if any(statement.member == "*" for statement in entry.function.imports):
        return Lost(JoinState.ELSEWHERE, f"`{name}` may come from `import *` in `{entry.path}`")
    bound = sorted(sources.scopes(entry.path).bindings(entry.function))
    called = {call.callee.id for call in entry.function.calls if isinstance(call.callee, Name)}
    if name in entry.function.bound or "__getattr__" in bound or called & _MAKE_NAMES:
        return Lost(JoinState.ELSEWHERE, f"how `{entry.path}` makes `{name}` could not be told")
    from difflib import get_close_matches

    functions = [each for each in bound if each in facts.functions]
    near = get_close_matches(name, functions, 1, 0.5) or (functions if len(functions) == 1 else [])
    hint = f"; did you mean `{near[0]}`" if near else ""
    return Lost(JoinState.MISSING, f"`{entry.path}` defines no `{name}`{hint}")


def _not_exported(sources: Sources, entry: Place, exports: Mapping[str, tuple[Expr, ...]], name: str) -> Lost:
    passed_on = [each.module for each in entry.function.imports if each.member == "*" and each.binds == "*"]
    outside = next((module for module in passed_on if sources.locate(module, entry.path) is None), None)
    if outside is not None:
        return Lost(JoinState.ELSEWHERE, f"`{name}` may come from `{outside}`, which lies outside the application")
    known = name not in exports and ("export=" not in exports or _is_left_out(entry.facts, name))
    if not known or passed_on or _hands_out_exports(entry.facts):
        return Lost(JoinState.ELSEWHERE, f"how `{entry.path}` makes `{name}` could not be told")
    from difflib import get_close_matches

    named = [each for each in exports if each not in ("default", "export=")]
    near = get_close_matches(name, named, 1, 0.5) or (named if len(named) == 1 else [])
    hint = f"; did you mean `{near[0]}`" if near else ""
    return Lost(JoinState.MISSING, f"`{entry.path}` exports no `{name}`{hint}")


def _is_left_out(facts: Facts, name: str) -> bool:
    """Whether a file assigns all that it exports at once, an object or a function, and the name is not in that."""
    exports = facts.exports or {}
    whole = exports.get("export=", ())
    return bool(whole) and name not in exports and all(_says_all(each, facts) for each in whole)


def _says_all(value: Expr, facts: Facts) -> bool:
    if isinstance(value, Closure):
        return value.function in facts.functions
    return isinstance(value, Table) and all(isinstance(key, Literal) for key, _ in value.entries)


def _hands_out_exports(facts: Facts) -> bool:
    """Whether CommonJS's `exports` gets members in ways that nobody sees: by a loop, a function, a computed name.

    It goes by the name `this` too.
    """
    if any(isinstance(each.target, Attr) and each.target.base == Other() for each in facts.module.assigns):
        return True
    for function in facts.functions.values():
        if function.name and any(read.name == "exports" for read in function.reads):
            return True
        computed = (assign.target.base for assign in function.assigns if isinstance(assign.target, Item))
        given = (argument.value for call in function.calls for argument in call.args)
        if any(isinstance(each, Name) and each.id == "exports" for each in (*computed, *given)):
            return True
    return False
