"""Data of one invocation that the next one, perhaps somebody else's, finds in memory."""

from __future__ import annotations

import re
from collections.abc import Iterator

from slslint.api import (
    GROWING,
    SHRINKING,
    App,
    CallGraph,
    Code,
    ContextPart,
    Finding,
    Function,
    Held,
    LocalClass,
    Place,
    Related,
    Severity,
    Site,
    Span,
    Use,
    Variant,
    changes_by,
    conditions,
    dotted,
    facts,
    held,
    is_container,
    known_values,
    lazily,
    parts_of_symbol,
    record,
    rule,
)

CACHE = r"(?i)cache|memo"
"""Names that say that a dict is a cache, which may lose what it holds."""

LOGGING = r"(^print|(^|\.)(debug|info|warning|warn|error|exception|critical|log|put_metric|add_metric))$"
"""Calls, by dotted name, that write a line of the log or a metric."""


@record(eq=False)
class Leak:
    """One way in which data outlives its invocation: where, what is wrong with it, and what to do."""

    at: Span
    place: Place
    what: str
    cure: str
    made: Span | None = None


@rule(
    variants={
        "between-invocations": Variant(Severity.WARNING),
        "one-tenant": Variant(Severity.NOTE),
        "at-once": Variant(Severity.ERROR),
    },
    tags=("state",),
)
def in_memory_state(app: App) -> Iterator[Finding]:
    """Data of one invocation is kept in memory, where later invocations meet it."""
    found: dict[Span, Finding] = {}
    for function, code in app.functions_with_code():
        for leak in _leaks(code):
            finding = _finding(function, code, leak)
            # Functions that share the code share the finding; the worst case speaks.
            if leak.at not in found or found[leak.at].variant == "one-tenant":
                found[leak.at] = finding
    yield from found.values()


def _leaks(code: Code) -> Iterator[Leak]:
    graph: CallGraph | None = None
    for thing in held(code):
        graph = graph or CallGraph(code)
        leak = (
            _counter(code, thing)
            or _growing(code, thing)
            or _stored(code, thing)
            or _first_caller(code, thing)
            or _sometimes_set(code, graph, thing)
        )
        if leak is not None:
            yield leak
    yield from _environment(code)
    yield from _endless_caches(code)
    yield from _defaults(code)


def _counter(code: Code, thing: Held) -> Leak | None:
    """`count += 1`, read again."""
    if any(_resets(use) for use in thing.uses):
        return None
    for use in thing.uses:
        if not _counts(use, thing):
            continue
        again = [each for each in thing.uses if each.how == "read" and not _inside(each.at, use.at)]
        if any(not _only_logged(code, each) for each in again):
            return Leak(
                use.at,
                use.place,
                f"`{thing.name}` goes on counting from one invocation to the next, and each instance counts for itself",
                "count in a table (an atomic `ADD`) or as a metric, or start from zero in the handler",
                thing.at,
            )
    return None


def _counts(use: Use, thing: Held) -> bool:
    if not isinstance(use.by, facts.Assign):
        return False
    assign = use.by
    if assign.op in ("+=", "-="):
        number = isinstance(thing.initial, facts.Literal) and isinstance(thing.initial.value, int | float)
        step = isinstance(assign.value, facts.Literal) and isinstance(assign.value.value, int | float)
        return number or (step and isinstance(assign.target, facts.Item))
    if not isinstance(assign.value, facts.Arithmetic):
        return False
    return any(_reads(part, thing) for part in facts.walk(assign.value))


def _reads(part: facts.Expr, thing: Held) -> bool:
    """Whether an expression is the thing itself, by its name or as an attribute."""
    name = thing.name.rpartition(".")[2]
    match part:
        case facts.Name(id):
            return id == name
        case facts.Attr(_, attribute):
            return attribute == name and "." in thing.name
        case _:
            return False


def _growing(code: Code, thing: Held) -> Leak | None:
    """`items.append(event[...])`, never emptied."""
    if not is_container(code, thing) or _emptied(thing) or _measured(thing):
        return None
    for use in thing.uses:
        if (changes_by(use, GROWING - {"setdefault", "update"}) and _takes_event(code, use)) or _adds_event(code, use):
            return Leak(
                use.at,
                use.place,
                f"`{thing.name}` keeps data of every invocation and never lets go of it: it grows until the instance "
                "is stopped, and later callers meet what earlier ones sent",
                "make it in the handler and pass it on; what must last belongs in a table, a queue or a cache",
                thing.at,
            )
    return None


def _stored(code: Code, thing: Held) -> Leak | None:
    """`users[event["id"]] = event["body"]`: a database in a dict."""
    if not is_container(code, thing) or _emptied(thing) or _measured(thing) or re.search(CACHE, thing.name):
        return None
    for use in thing.uses:
        if changes_by(use, frozenset({"setdefault", "update"})):
            stored = _takes_event(code, use)
        elif isinstance(use.by, facts.Assign) and use.how == "change" and isinstance(use.by.target, facts.Item):
            key = use.by.target.key
            stored = not isinstance(key, facts.Literal) and all(
                code.depends_on_event(each, use.place) for each in (key, use.by.value)
            )
        else:
            continue
        if stored and not lazily(use.place, use.block):
            return Leak(
                use.at,
                use.place,
                f"`{thing.name}` serves as a store of what callers sent, but each instance has its own, and loses it "
                "when it is stopped",
                "keep it in a table, or in a cache that all instances share",
                thing.at,
            )
    return None


def _first_caller(code: Code, thing: Held) -> Leak | None:
    """`if client is None: client = make(event[...])`."""
    for use in _settings(code, thing):
        if lazily(use.place, use.block) and _asked(thing, use):
            return Leak(
                use.at,
                use.place,
                f"`{thing.name}` is made once, from the event of whoever comes first, and then serves all others",
                "make it from what does not change, or keep one for each value it depends on",
                thing.at,
            )
    return None


def _sometimes_set(code: Code, graph: CallGraph, thing: Held) -> Leak | None:
    """`if "user" in event: user = event["user"]`, read even when it was not set."""
    settings = list(_settings(code, thing))
    if not settings or _always_set(thing):
        return None
    for use in settings:
        block = _deciding(use)
        if lazily(use.place, use.block) or not _decided_by_event(code, use.place, block):
            continue
        reached = _avoiding(graph, use.place, block)
        for read in thing.uses:
            if read.how != "read" or read.place not in reached:
                continue
            if read.place is use.place and (use.place.function.within(read.block, block) or read.at < use.at):
                continue
            return Leak(
                use.at,
                use.place,
                f"`{thing.name}` is set from the event only sometimes, so `{read.place.title}` can meet what an "
                "earlier invocation left there",
                "pass it as an argument",
                thing.at,
            )
    return None


def _always_set(thing: Held) -> bool:
    """Whether the thing gets a value whatever the event is: outside any condition, or on both sides of one."""
    writes = [use for use in thing.uses if use.how == "write"]
    if any(not _conditional(use) for use in writes):
        return True
    sides: dict[tuple[Place, int, int], set[str]] = {}
    for use in writes:
        here = use.place.function.blocks[_deciding(use)]
        if here.kind in ("if", "else"):
            sides.setdefault((use.place, here.parent, id(here.test)), set()).add(here.kind)
    return any(len(kinds) == 2 for kinds in sides.values())


def _decided_by_event(code: Code, place: Place, block: int) -> bool:
    """Whether it depends on the event whether a block runs; a setting decides the same each time."""
    test = place.function.blocks[block].test
    return test is not None and code.depends_on_event(test, place)


def _settings(code: Code, thing: Held) -> Iterator[Use]:
    """Where the thing as a whole, or a fixed item of it, gets a value that comes from the event."""
    for use in thing.uses:
        if not isinstance(use.by, facts.Assign) or use.by.op != "=" or use.how == "read":
            continue
        target = use.by.target
        fixed = (
            isinstance(target, facts.Item)
            and isinstance(target.key, facts.Literal)
            and not isinstance(target.base, facts.Item)
            and is_container(code, thing)
        )
        whole = isinstance(target, facts.Attr if "." in thing.name else facts.Name)
        if (whole or fixed) and _made_from_event(code, use.by.value, use.place):
            yield use


def _made_from_event(code: Code, value: facts.Expr, place: Place) -> bool:
    """Whether a value comes from the event, or is an object that was given something of it."""
    if code.depends_on_event(value, place):
        return True
    if not isinstance(value, facts.Call) or not isinstance(code.resolve(value.callee, place), LocalClass):
        return False
    return any(
        code.depends_on_event(argument.value, place)
        # A decorator may hand on anything in the place of the context.
        and not any(isinstance(part, ContextPart) for part in parts_of_symbol(code.resolve(argument.value, place)))
        for argument in value.args
    )


def _asked(thing: Held, use: Use) -> bool:
    """Whether a condition around the use asks about the thing itself."""
    tests = (test for _, test, _ in conditions(use.place.function, use.block))
    return any(_reads(part, thing) for test in tests for part in facts.walk(test))


def _conditional(use: Use) -> bool:
    return any(each.kind in ("if", "else", "case", "except") for each in use.place.function.enclosing(use.block))


def _deciding(use: Use) -> int:
    """The nearest block around the use that may not run."""
    function, block = use.place.function, use.block
    while block and function.blocks[block].kind not in ("if", "else", "case", "except"):
        block = function.blocks[block].parent
    return block


def _avoiding(graph: CallGraph, place: Place, block: int) -> set[Place]:
    """What the handler reaches when that block does not run."""
    seen = {graph.code.handler}
    todo = [graph.code.handler]
    while todo:
        here = todo.pop()
        for edge in graph.leads_to(here):
            if here is place and here.function.within(edge.block, block):
                continue
            if edge.target not in seen:
                seen.add(edge.target)
                todo.append(edge.target)
    return seen


def _resets(use: Use) -> bool:
    """Whether the thing gets a fresh value whatever the event is."""
    if use.how != "write" or not isinstance(use.by, facts.Assign) or use.by.op != "=" or _conditional(use):
        return False
    return not isinstance(use.by.value, facts.Arithmetic)


def _emptied(thing: Held) -> bool:
    for use in thing.uses:
        if (use.how == "write" and not _adds(use)) or changes_by(use, SHRINKING):
            return True
        if isinstance(use.by, facts.Assign) and use.by.op == "del":
            return True
    return False


def _measured(thing: Held) -> bool:
    """Whether any test asks how long it is: it has a limit then."""
    for place in {use.place for use in thing.uses}:
        for block in place.function.blocks:
            for part in facts.walk(block.test) if block.test is not None else ():
                if isinstance(part, facts.Call) and isinstance(part.callee, facts.Name) and part.callee.id == "len":
                    if any(_reads(each, thing) for each in facts.walk(part)):
                        return True
    return False


def _takes_event(code: Code, use: Use) -> bool:
    return isinstance(use.by, facts.Call) and any(
        code.depends_on_event(argument.value, use.place) for argument in use.by.args
    )


def _adds(use: Use) -> bool:
    return isinstance(use.by, facts.Assign) and use.by.op == "+="


def _adds_event(code: Code, use: Use) -> bool:
    return isinstance(use.by, facts.Assign) and _adds(use) and code.depends_on_event(use.by.value, use.place)


def _inside(inner: Span, outer: Span) -> bool:
    start, end = (inner.line, inner.column), (inner.end_line, inner.end_column)
    return (outer.line, outer.column) <= start and end <= (outer.end_line, outer.end_column)


def _only_logged(code: Code, use: Use) -> bool:
    """Whether a read only goes into a line of the log or a metric."""
    return any(
        _inside(use.at, call.at) and re.search(LOGGING, _written(call.callee)) for call in use.place.function.calls
    )


def _written(callee: facts.Expr) -> str:
    match callee:
        case facts.Name(id):
            return id
        case facts.Attr(_, name):
            return f".{name}"
        case _:
            return ""


def _environment(code: Code) -> Iterator[Leak]:
    """`os.environ["TENANT"] = event["tenant"]`."""
    for place in code.places():
        if not place.name or not code.per_invocation(place):
            continue
        for assign in place.function.assigns:
            target = assign.target
            if isinstance(target, facts.Item) and _is_environment(code, target.base, place):
                if code.depends_on_event(assign.value, place):
                    yield _environment_leak(assign.at, place)
        for call in place.function.calls:
            callee = call.callee
            if isinstance(callee, facts.Attr) and callee.name in ("update", "setdefault", "putenv"):
                if dotted(code.resolve(callee, place)) in ("os.environ.update", "os.environ.setdefault", "os.putenv"):
                    if any(code.depends_on_event(argument.value, place) for argument in call.args):
                        yield _environment_leak(call.at, place)


def _is_environment(code: Code, expr: facts.Expr, place: Place) -> bool:
    written = isinstance(expr, facts.Attr | facts.Name)
    return written and dotted(code.resolve(expr, place)) == "os.environ"


def _environment_leak(at: Span, place: Place) -> Leak:
    return Leak(
        at,
        place,
        "the environment is set from the event and keeps that value for whoever comes next",
        "pass the value as an argument",
    )


def _endless_caches(code: Code) -> Iterator[Leak]:
    """`@lru_cache(maxsize=None)` on a function that takes what callers sent."""
    for place in code.places():
        if any(_is_endless(code, decorator, place) for decorator in place.function.decorators):
            callers = [edge.site for edge in CallGraph(code).callers(place) if edge.site is not None]
            if any(site.per_invocation and _given_event(site) for site in callers):
                yield Leak(
                    place.function.at,
                    place,
                    f"`{place.title}` keeps an answer for every argument that callers ever send, without a limit",
                    "give the cache a `maxsize`, and a time to live when the answers change",
                )


def _given_event(site: Site) -> bool:
    return any(site.code.depends_on_event(argument.value, site.place) for argument in site.call.args)


def _is_endless(code: Code, decorator: facts.Expr, place: Place) -> bool:
    callee = decorator.callee if isinstance(decorator, facts.Call) else decorator
    name = dotted(code.resolve(callee, place))
    if name == "functools.cache":
        return True
    if name != "functools.lru_cache" or not isinstance(decorator, facts.Call):
        return False
    size = decorator.keyword("maxsize") or decorator.positional(0)
    return isinstance(size, facts.Literal) and size.value is None


def _defaults(code: Code) -> Iterator[Leak]:
    """`def add(item, items=[]): items.append(item)`."""
    for place in code.places():
        if not code.per_invocation(place):
            continue
        for parameter in place.function.parameters:
            mutable = isinstance(parameter.default, facts.Sequence | facts.Table)
            if not mutable or getattr(parameter.default, "kind", "") == "tuple":
                continue
            for call in place.function.calls:
                callee = call.callee
                if isinstance(callee, facts.Attr) and callee.name in GROWING and _named(callee.base, parameter.name):
                    if any(code.depends_on_event(argument.value, place) for argument in call.args):
                        yield _default_leak(call.at, place, parameter)
            for assign in place.function.assigns:
                if isinstance(assign.target, facts.Item) and _named(assign.target.base, parameter.name):
                    if code.depends_on_event(assign.value, place):
                        yield _default_leak(assign.at, place, parameter)


def _named(expr: facts.Expr, name: str) -> bool:
    return isinstance(expr, facts.Name) and expr.id == name


def _default_leak(at: Span, place: Place, parameter: facts.Parameter) -> Leak:
    return Leak(
        at,
        place,
        f"the default of `{parameter.name}` is made once, so it collects the data of every invocation",
        f"default to None and make a new one in `{place.title}`",
        parameter.at,
    )


def _finding(function: Function, code: Code, leak: Leak) -> Finding:
    variant = "between-invocations"
    if function.tenant_isolation is not None and any(each.value for each in known_values(function.tenant_isolation)):
        variant = "one-tenant"
    if function.concurrent is not None and any(each.value for each in known_values(function.concurrent)):
        variant = "at-once"
    told = {
        "between-invocations": "an instance serves many invocations, one after the other",
        "one-tenant": "an instance serves many invocations, though only of one tenant",
        "at-once": "an instance serves several invocations at once",
    }[variant]
    return Finding(
        at=leak.at,
        message=f"{leak.what} ({told})",
        help=leak.cure,
        function=function.id,
        related=(Related(leak.made, "it is made here, once for each instance"),) if leak.made is not None else (),
        path=code.path_to(leak.place) if leak.place is not code.handler else (),
        variant=variant,
    )
