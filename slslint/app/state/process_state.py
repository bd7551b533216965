"""What lives as long as the instance though no binding of the source holds it: the environment, settings of packages,
answers that a cache keeps, default arguments.
"""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.bindings import Use
from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.guards import root
from slslint.app.packages import packages_of
from slslint.app.place import Place
from slslint.app.runtime import ENVIRONMENTS
from slslint.app.runtime.containers import GROWING, STORING, changed_by
from slslint.app.site import Site
from slslint.app.symbols import External, Result, dotted, options
from slslint.facts import Attr, Call, Expr, Item, Literal, Name, Parameter, Sequence, Table
from slslint.source import Span

_SETTERS = frozenset({"aws-sdk.config.update", "boto3.setup_default_session"})
"""Functions that change what a package does from then on."""

_SETTING = frozenset(name.rpartition(".")[2] for name in _SETTERS)

_OF_A_REQUEST = ("flask.", "quart.", "bottle.", "werkzeug.")
"""What these packages hold belongs to the request in hand."""

_MEMOIZERS = frozenset({"lodash.memoize", "lodash/memoize", "lodash/fp.memoize", "underscore.memoize", "fast-memoize"})
"""Given a function, they keep an answer for every argument that it is ever called with."""

_MEMOIZING = packages_of(_MEMOIZERS)


def environment_writes(code: Code) -> Iterator[Use]:
    """Where the environment gets a value that comes from the event."""
    for place in _invoked(code):
        for assign in place.function.assigns:
            target = assign.target
            if isinstance(target, Attr | Item) and _name(code, target.base, place) in ENVIRONMENTS:
                if code.depends_on_event(assign.value, place):
                    yield Use(place, "change", assign.at, assign.block, assign)
        for call in place.function.calls:
            changed = changed_by(call, STORING)
            if (changed is not None and _name(code, changed, place) in ENVIRONMENTS) or (
                isinstance(call.callee, Attr) and call.callee.name == "putenv"
            ):
                if _takes_event(code, call, place):
                    yield Use(place, "change", call.at, call.block, call)


def package_settings(code: Code) -> Iterator[tuple[str, Use]]:
    """Where a setting of a package gets a value that comes from the event, and the setting's name as it is written."""
    for place in _invoked(code):
        for assign in place.function.assigns:
            target = assign.target
            if isinstance(target, Attr | Item) and _is_imported(target, place):
                name = _name(code, target.base, place)
                if name is None or name in ENVIRONMENTS or name.startswith(_OF_A_REQUEST):
                    continue
                if code.depends_on_event(assign.value, place):
                    yield _spelled(target), Use(place, "change", assign.at, assign.block, assign)
        for call in place.function.calls:
            if isinstance(call.callee, Attr) and call.callee.name in _SETTING and _is_imported(call.callee, place):
                if _name(code, call.callee, place) in _SETTERS and _takes_event(code, call, place):
                    yield _spelled(call.callee), Use(place, "change", call.at, call.block, call)


def _invoked(code: Code) -> Iterator[Place]:
    return (place for place in code.places() if place.name and code.per_invocation(place))


def _takes_event(code: Code, call: Call, place: Place) -> bool:
    return any(code.depends_on_event(argument.value, place) for argument in call.args)


def _name(code: Code, expr: Expr, place: Place) -> str | None:
    """The dotted name of what is part of a package itself, not of something it made."""
    found = code.resolve(expr, place) if isinstance(expr, Attr | Item | Name) else None
    return found.dotted if isinstance(found, External) else None


def _is_imported(target: Expr, place: Place) -> bool:
    """Whether an expression starts from a package: what an import as a whole binds."""
    start = root(target)
    return start is not None and any(
        each.binds == start.id and each.member in (None, "default")
        for function in (place.function, place.facts.module)
        for each in function.imports
    )


def _spelled(expr: Expr) -> str:
    match expr:
        case Name(id):
            return id
        case Attr(base, name):
            return f"{_spelled(base)}.{name}"
        case Item(base):
            return f"{_spelled(base)}[...]"
        case _:
            return "..."


def endless_caches(code: Code) -> Iterator[tuple[str, Span, Place]]:
    """What keeps an answer for every argument that invocations give it, without a limit: its name, where it is made."""
    for place in code.places():
        if any(_is_endless(code, decorator, place) for decorator in place.function.decorators):
            callers = [edge.site for edge in code.keep(CallGraph).callers(place) if edge.site is not None]
            if any(site.per_invocation and _takes_event(code, site.call, site.place) for site in callers):
                yield place.title, place.function.at, place
    found: set[Site] = set()
    for site in code.sites() if not code.packages.isdisjoint(_MEMOIZING) else ():
        if not site.per_invocation:
            continue
        for choice in options(site.symbol):
            if isinstance(choice, Result) and dotted(choice.of) in _MEMOIZERS and choice.site not in found:
                if not choice.site.per_invocation and _takes_event(code, site.call, site.place):
                    found.add(choice.site)
                    yield _spelled(site.call.callee), choice.site.call.at, site.place


def _is_endless(code: Code, decorator: Expr, place: Place) -> bool:
    callee = decorator.callee if isinstance(decorator, Call) else decorator
    name = dotted(code.resolve(callee, place))
    if name == "functools.cache":
        return True
    if name != "functools.lru_cache" or not isinstance(decorator, Call):
        return False
    size = decorator.keyword("maxsize") or decorator.positional(0)
    return isinstance(size, Literal) and size.value is None


def shared_defaults(code: Code) -> Iterator[tuple[Parameter, Use]]:
    """Where a default argument that is made once, as in Python, takes data of the event."""
    for place in code.places():
        if place.facts.language != "python" or not code.per_invocation(place):
            continue
        for parameter in place.function.parameters:
            if not _is_mutable(parameter.default):
                continue
            for call in place.function.calls:
                changed = changed_by(call, GROWING | STORING)
                if changed is not None and _is(changed, parameter) and _takes_event(code, call, place):
                    yield parameter, Use(place, "change", call.at, call.block, call)
            for assign in place.function.assigns:
                if isinstance(assign.target, Item) and _is(assign.target.base, parameter):
                    if code.depends_on_event(assign.value, place):
                        yield parameter, Use(place, "change", assign.at, assign.block, assign)


def _is_mutable(default: Expr | None) -> bool:
    return isinstance(default, Table) or (isinstance(default, Sequence) and default.kind != "tuple")


def _is(expr: Expr, parameter: Parameter) -> bool:
    return isinstance(expr, Name) and expr.id == parameter.name
