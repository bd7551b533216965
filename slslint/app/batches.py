"""What a handler makes of a batch of records: whether it goes through them, and how it says which of them failed."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.callgraph import CallGraph, Edge
from slslint.app.clients import CONNECTION, maker
from slslint.app.code import Code
from slslint.app.failures import caught, settled
from slslint.app.place import Place
from slslint.app.site import Site
from slslint.app.symbols import EventPart, LocalFunction, Symbol, dotted, options, parts_of_symbol
from slslint.facts import Attr, Call, Expr, Item, Literal, Table
from slslint.finding import Related
from slslint.record import record
from slslint.source import Span

ANSWER = "batchItemFailures"
"""The field of a handler's answer that names the records that failed."""

_PROCESSORS = ("aws_lambda_powertools.utilities.batch.", "@aws-lambda-powertools/batch.")

_DELETERS = (
    "aws_lambda_powertools.utilities.batch.sqs_batch_processor",
    "aws_lambda_powertools.utilities.batch.PartialSQSProcessor",
    "aws_lambda_powertools.utilities.batch.base.",
    "@middy/sqs-partial-batch-failure",
)
"""Helpers that delete what was done, or of which that depends on the version."""

_FURTHER = frozenset({"cloudwatch", "logs", "xray"})
"""Services that are told what happens; that fails least, and does nothing to a record."""


@record(eq=False)
class Answer:
    """Where a handler names the records that failed. `processor`: a library does, and raises when all of them did."""

    at: Span
    processor: bool


@record(eq=False)
class Rounds:
    """A handler's way through the records of a batch, one after the other.

    Attributes:
        at: where it goes through them. work: what it does with each, whose failure fails the invocation.
        path: the calls that lead there from the handler.

    """

    at: Span
    work: Span
    path: tuple[Related, ...]


def rounds(code: Code) -> Rounds | None:
    """Where the handler goes through the event's records and does something with each that may fail.

    None also where it deletes from the queue what is done, or catches what goes wrong with one.
    """
    graph = code.keep(CallGraph)
    if any(_deletes(site) for site in code.sites()):
        return None
    for place in code.places():
        if place.name and code.per_invocation(place):
            for at, start, block in _ways(graph, place):
                work = _work(graph, start, block)
                if work is not None and _leaves(graph, start, block):
                    return Rounds(at, work, code.path_to(place))
    return None


def answer(code: Code) -> Answer | None:
    """Where the code names the records that failed, in its answer or by a processor that does; None if nowhere."""
    for site in code.sites():
        name = site.dotted or ""
        if name.startswith(_PROCESSORS) and not name.startswith(_DELETERS):
            return Answer(site.call.at, processor=True)
    for place in code.places():
        if place.name:
            for expr, block in place.function.expressions:
                match expr:
                    case Table(entries) if any(key == Literal(ANSWER) for key, _ in entries):
                        return Answer(_nearest(place, block), processor=False)
                    case Item(_, Literal(key)) | Attr(_, key) if key == ANSWER:
                        return Answer(_nearest(place, block), processor=False)
    return None


def _nearest(place: Place, block: int) -> Span:
    """The statement that leaves a block with an answer, else the function's name."""
    leaves = [each for each in place.function.exits if each.kind == "return" and each.value is not None]
    within = [each for each in leaves if place.function.within(each.block, block)] or leaves
    return within[-1].at if within else place.function.at


def _deletes(site: Site) -> bool:
    call = site.sdk
    if call is not None:
        return call.service == "sqs" and call.operation.startswith("DeleteMessage")
    return (site.dotted or "").startswith(_DELETERS)


def _ways(graph: CallGraph, place: Place) -> Iterator[tuple[Span, Place, int]]:
    """Each loop over the records, and each function that is run for every record, with the block that is run."""
    for index, block in enumerate(place.function.blocks):
        if block.kind == "loop" and block.test is not None:
            if _are_records(graph.code.resolve(block.test, place)) or _yields_records(graph.code, block.test, place):
                yield block.at, place, index
    for edge in graph.leads_to(place):
        if edge.site is not None and edge.target.name and _hands_on_records(edge):
            yield edge.site.call.at, edge.target, 0


def _yields_records(code: Code, test: Expr, place: Place) -> bool:
    """Whether a function is called that gives something for each record: `for order in orders_of(event):`."""
    for symbol in options(code.resolve(test.callee, place)) if isinstance(test, Call) else ():
        given = code.place(symbol.path, symbol.name) if isinstance(symbol, LocalFunction) else None
        if given is None:
            continue
        for leave in given.function.exits:
            around = [each.test for each in given.function.enclosing(leave.block) if each.kind == "loop" and each.test]
            if leave.kind == "yield" and any(_are_records(code.resolve(each, given)) for each in around):
                return True
    return False


def _hands_on_records(edge: Edge) -> bool:
    """Whether a function is run for each record by what both are handed to: `event.Records.map(save)`."""
    site = edge.site
    assert site is not None
    if LocalFunction(edge.target.path, edge.target.name) in options(site.symbol) or settled(site.place, site.call):
        return False
    callee = site.call.callee
    if isinstance(callee, Attr) and _are_records(site.code.resolve(callee.base, site.place), whole=True):
        # Nobody waits for what `forEach` starts.
        return not (callee.name == "forEach" and edge.target.function.is_async)
    return any(_are_records(symbol, whole=True) for symbol in site.argument_symbols())


def _are_records(symbol: Symbol, whole: bool = False) -> bool:
    """Whether something is the records of the event, or (unless it has to be the `whole`) is made of them."""
    own = options(symbol)
    for part in own if whole else parts_of_symbol(symbol):
        if isinstance(part, EventPart) and part.path[:1] in (("Records",), ("records",)):
            # `enumerate(records)` is made of one record, and `index < records.length` of their number.
            if len(part.path) == 1 or (part.path[1:] in ((None,), ("length",)) and part not in own):
                return True
        if (dotted(part) or "").endswith(("Event().records", "Event().Records")):
            return True
    return False


def _work(graph: CallGraph, place: Place, block: int) -> Span | None:
    """The first thing done inside a block that reaches out of the process, or fails on purpose, and is not caught."""
    todo = [(place, block)]
    seen = {place}
    while todo:
        here, start = todo.pop(0)
        function = here.function
        for site in graph.calls(here, start):
            if _reaches_out(site) and not caught(function, site.call.block, start) and not settled(here, site.call):
                return site.call.at
        for leave in function.exits:
            if leave.kind == "raise" and function.within(leave.block, start):
                if not caught(function, leave.block, start):
                    return leave.at
        for edge in graph.leads_to(here, start):
            if edge.target not in seen and not caught(function, edge.block, start):
                if edge.site is None or not settled(here, edge.site.call):
                    seen.add(edge.target)
                    todo.append((edge.target, 0))
    return None


def _reaches_out(site: Site) -> bool:
    if site.sdk is not None:
        # What a batch writer is given waits until it is full, or all is done.
        return site.sdk.service not in _FURTHER and ".batch_writer()." not in (site.dotted or "")
    if site.wait is not None:
        return True
    made, called, _ = (site.dotted or "").partition("()")
    known = maker(made) if called else None
    return known is not None and known.kind == CONNECTION


def _leaves(graph: CallGraph, place: Place, block: int) -> bool:
    """Whether what fails in a block fails the invocation: on some way to the handler nothing catches it."""
    todo = [(place, block)]
    seen = {place}
    while todo:
        here, start = todo.pop()
        if caught(here.function, start):
            continue
        if here is graph.code.handler:
            return True
        for edge in graph.callers(here):
            if edge.source not in seen and not (edge.site is not None and settled(edge.source, edge.site.call)):
                seen.add(edge.source)
                todo.append((edge.source, edge.block))
    return False
