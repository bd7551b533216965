"""Which functions wait for which: calls of the Lambda API that wait for the answer, and requests to one's own APIs."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slslint.app.application import App
from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.graph.edges import Edge, Verb
from slslint.app.graph.operations import effects
from slslint.app.sdk import SdkCall
from slslint.app.site import Site
from slslint.app.symbols import Constant, EnvVar, options
from slslint.app.waiting.parallel import in_loop, in_parallel
from slslint.finding import Confidence, Related
from slslint.model import Function, Kind, Source
from slslint.record import record, replace
from slslint.value import ALWAYS, When

_DURABLE = ("@aws/durable-execution-sdk", "aws_durable_execution_sdk")
"""Beginnings of the names of packages whose functions are suspended, unpaid, while they wait."""


_LONGEST = 8
"""Calls of one chain; nobody reads further."""


@record(eq=False)
class Waiting:
    """A function waits for another, which its code invokes.

    Attributes:
        function: who waits. site: the call. path: the steps from the handler to the call.
        target: whom it waits for; None when that is not a function of the unit.
        title: the other function for people, with marks; "another function" when nobody can say which.
        through: the API or URL that is requested; "" when the function is invoked itself.
        together: it waits for several calls at once. repeated: for one after the other, in a loop.
        when: the conditions under which both are there.

    """

    function: Function
    site: Site
    path: tuple[Related, ...]
    target: Function | None
    title: str
    through: str = ""
    together: bool = False
    repeated: bool = False
    when: When = ALWAYS
    confidence: Confidence = Confidence.HIGH


def waits(app: App) -> Mapping[str, tuple[Waiting, ...]]:
    """By the id of each function that waits: for whom, in the order of its code; never for itself."""
    found: dict[str, tuple[Waiting, ...]] = {}
    for function, code in app.functions_with_code() if app.may_lead_on else ():
        own = tuple(_of_function(app, function, code))
        if own:
            found[function.id] = own
    return found


def furthest(all_waits: Mapping[str, tuple[Waiting, ...]]) -> Mapping[str, Waiting]:
    """By the id of each function that waits: the call that the longest chain from there begins with.

    Each function is asked once; where they wait for each other in a circle, the circle is cut where it was entered.
    """
    found: dict[str, Waiting] = {}
    lengths: dict[str, int] = {}
    for first in all_waits:
        todo = [first]
        while todo:
            here = todo[-1]
            if here not in lengths:
                # Not known yet, and not asked again on the way.
                lengths[here] = 0
                targets = (each.target.id for each in all_waits[here] if each.target is not None)
                todo += (target for target in targets if target in all_waits and target not in lengths)
                continue
            todo.pop()
            if here not in found:
                found[here] = max(all_waits[here], key=lambda each: lengths.get(_id(each), 0))
                lengths[here] = 1 + lengths.get(_id(found[here]), 0)
    return found


def longest(waiting: Waiting, begins: Mapping[str, Waiting]) -> tuple[Waiting, ...]:
    """The longest chain of functions that wait for each other and begins with this call, eight calls at most."""
    chain = [waiting]
    seen = {waiting.function.id}
    while (further := begins.get(_id(chain[-1]))) is not None and further.function.id not in seen:
        if len(chain) == _LONGEST:
            break
        seen.add(further.function.id)
        chain.append(further)
    return tuple(chain)


def _id(waiting: Waiting) -> str:
    return "" if waiting.target is None else waiting.target.id


def _of_function(app: App, function: Function, code: Code) -> Iterator[Waiting]:
    edges: dict[int, list[Edge]] = {}
    for edge in app.graph.leaving(function.id, Verb.INVOKES):
        if edge.site is not None:
            edges.setdefault(id(edge.site.call), []).append(edge)
    sites = [site for site in code.sites() if _invokes(site) or id(site.call) in edges]
    if not sites or _is_durable(code) or _is_hook(code):
        return
    graph = code.keep(CallGraph)
    for site in sites:
        leaving = edges.get(id(site.call), [])
        if not site.per_invocation or any(edge.target.id == function.id for edge in leaving):
            continue
        for found in _waiting(app, function, site, leaving):
            together = in_parallel(graph, site)
            yield replace(found, together=together, repeated=not together and in_loop(graph, site))


def _waiting(app: App, function: Function, site: Site, leaving: list[Edge]) -> Iterator[Waiting]:
    for edge in leaving:
        if not (edge.waits or (edge.call is not None and _some_caller_waits(site))):
            continue
        if edge.target.kind is Kind.FUNCTION:
            target = app.function(edge.target.id)
            yield Waiting(
                function, site, edge.proof, target, f"`{edge.target.title}`", when=edge.when, confidence=edge.confidence
            )
        elif edge.target.kind is Kind.API:
            from slslint.app.graph.matching import may_pass

            answering = filter(_answers, app.graph.leaving(edge.target.id, Verb.TRIGGERS))
            behind = {each.target.id: each for each in answering if may_pass(app, edge, each)}
            if len(behind) == 1 and function.id not in behind:
                (last,) = behind.values()
                path = (*edge.proof, *last.proof)
                target = app.function(last.target.id)
                title, through = f"`{last.target.title}`", edge.target.title
                sure = Confidence.MEDIUM
                yield Waiting(function, site, path, target, title, through, when=edge.when | last.when, confidence=sure)
    if not leaving and site.sdk is not None and (_waits(site.sdk) or _some_caller_waits(site)):
        title = _title(site.sdk)
        yield Waiting(function, site, site.path(), None, title, confidence=Confidence.MEDIUM)


def _answers(edge: Edge) -> bool:
    """Whether an edge leads from an API to what answers its requests."""
    return edge.waits and edge.trigger is not None and edge.trigger.source_kind is not Source.AUTHORIZER


def _invokes(site: Site) -> bool:
    call = site.sdk
    return call is not None and call.service == "lambda" and call.operation.lower().startswith("invoke")


def _waits(call: SdkCall) -> bool:
    return any(effect.waits for effect in effects(call))


def _some_caller_waits(site: Site) -> bool:
    """Whether a function that invokes as it is told is told to wait by one of its callers."""
    framed = (each.sdk for each in site.from_callers())
    return any(call is not None and _waits(call) for call in framed)


def _title(call: SdkCall) -> str:
    target = call.argument("FunctionName")
    named = options(target) if target is not None else ()
    match named:
        case (Constant(str() as text),) if text:
            return f"`{text}`"
        case (EnvVar(name, _),):
            return f"the function that `{name}` names"
        case _:
            return "another function"


def _is_hook(code: Code) -> bool:
    """Whether a deployment asks the function to try out another one before or after the switch."""
    asked = "putlifecycleeventhookexecutionstatus"
    return any(site.sdk is not None and site.sdk.operation.lower() == asked for site in code.sites())


def _is_durable(code: Code) -> bool:
    return any(each.module.startswith(_DURABLE) for place in code.places() for each in place.function.imports)
