"""The steps of workflows that are written as code, and how they depend on each other."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from slslint.app.application import App
from slslint.app.callgraph import CallGraph
from slslint.app.code import Code
from slslint.app.graph.edges import Verb
from slslint.app.graph.operations import effects
from slslint.app.graph.targets import by_caller
from slslint.app.orchestration.flow import Flow
from slslint.app.orchestration.steps import Orchestration, Step
from slslint.app.place import Place
from slslint.app.site import Site
from slslint.app.symbols import Constant, EnvVar, Joined, Result, Symbol, options, parts_of_symbol
from slslint.app.waiting.chains import Waiting
from slslint.app.waiting.parallel import in_parallel, is_repeated
from slslint.facts import Call
from slslint.finding import Confidence
from slslint.model import Function
from slslint.source import Span

_DEEPEST = 4
"""Calls between the function that puts the steps in order and an invocation."""

_MOST = 40
"""Steps that are looked at in one function."""


def search(app: App) -> Iterator[Orchestration]:
    """The workflows of an application; see `orchestrations`."""
    for function, code in app.functions_with_code():
        waits = [each for each in app.waits.get(function.id, ()) if not each.through]
        if waits:
            yield from _Search(function, code, waits, _targets(app, function)).found()


def _targets(app: App, function: Function) -> Mapping[Call, Function]:
    """The functions that calls without doubt invoke, waiting or not."""
    found: dict[Call, list[Function]] = {}
    functions = {each.id: each for each in app.functions}
    for edge in app.graph.leaving(function.id, Verb.INVOKES):
        if edge.site is not None and edge.target.id in functions:
            found.setdefault(edge.site.call, []).append(functions[edge.target.id])
    return {call: targets[0] for call, targets in found.items() if len(targets) == 1}


class _Search:
    """What one deployed function invokes, and in which order."""

    def __init__(
        self, function: Function, code: Code, waits: Sequence[Waiting], targets: Mapping[Call, Function]
    ) -> None:
        self.function = function
        self.targets = targets
        self.code = code
        self.graph = code.keep(CallGraph)
        self.waits: dict[Call, list[Waiting]] = {}
        for each in waits:
            self.waits.setdefault(each.site.call, []).append(each)
        self.invocations = {site.call: site for site in code.sites() if self._invokes(site)}
        self.leading = self._leading()

    def found(self) -> Iterator[Orchestration]:
        told: set[tuple[Span, str]] = set()
        for place in self.code.places():
            if place not in self.leading or not self.code.per_invocation(place):
                continue
            steps = _connected(self._steps(place, (), _DEEPEST))
            new = {(step.invocation.call.at, step.name) for step in steps} - told
            if new and any(_differ(step, before) for step in steps for before in step.before):
                told |= new
                yield Orchestration(self.function, place, tuple(steps))

    def _invokes(self, site: Site) -> bool:
        """Whether a call invokes another function; the last step of all need not be waited for."""
        if site.call in self.waits:
            return not any(each.together for each in self.waits[site.call])
        call = site.sdk
        if call is None or call.service != "lambda" or not call.operation.lower().startswith("invoke"):
            return False
        return any(effects(call)) and not in_parallel(self.graph, site)

    def _leading(self) -> set[Place]:
        """The functions that lead to an invocation."""
        found: set[Place] = set()
        pending = [(site.place, 0) for site in self.invocations.values()]
        while pending:
            place, depth = pending.pop()
            if place not in found and depth <= _DEEPEST:
                found.add(place)
                pending += [(edge.source, depth + 1) for edge in self.graph.callers(place) if edge.site is not None]
        return found

    def _steps(self, place: Place, via: tuple[Span, ...], left: int) -> list[Step]:
        """The steps of a function in the order in which they are taken, those of its helpers among them."""
        helpers: dict[Call, dict[Place, None]] = {}
        for edge in self.graph.leads_to(place):
            if edge.site is not None and edge.target in self.leading and edge.target is not place:
                helpers.setdefault(edge.site.call, {})[edge.target] = None
        calls = [site for site in self.graph.calls(place) if site.call in self.invocations or site.call in helpers]
        flow = Flow[Step](place)
        taken: list[Step] = []
        for site in sorted(calls, key=lambda site: flow.order(site.call)[1]):
            own = self._of_call(site, helpers.get(site.call, ()) if left else (), via, left)
            if own and len(taken) < _MOST:
                self._order(own[0], site.call, flow, taken)
                flow.gives(site.call, own[-1])
                taken += own
        return taken

    def _of_call(self, site: Site, helpers: Iterable[Place], via: tuple[Span, ...], left: int) -> list[Step]:
        """The steps that a call takes: those of the function that it runs, or it and those of what it calls back."""
        further = [steps for each in helpers if (steps := self._steps(each, (*via, site.call.at), left - 1))]
        if len(further) > 1:
            # One of several functions runs, and nobody knows which.
            return []
        inner = further[0] if further else []
        if site.call not in self.invocations:
            if len(inner) == 1:
                inner[0].at = site.call.at
            own = inner
        else:
            own = [self._step(site, via), *inner]
            for called_back in inner[:1]:
                called_back.fed_by.append(own[0])
        for step in own if is_repeated(site) else ():
            step.repeated = True
        return own

    def _step(self, site: Site, via: tuple[Span, ...]) -> Step:
        waits = self.waits.get(site.call, [])
        ways = [each for each in waits if via and {step.at for step in each.path}.issuperset(via)] or waits
        target = ways[0].target if len(ways) == 1 else self.targets.get(site.call)
        confidence = min((each.confidence for each in ways), default=Confidence.HIGH)
        name = _name_of(site, via) if target is None else target.id
        return Step(site.call.at, site, name, target, bool(waits), confidence)

    def _order(self, step: Step, call: Call, flow: Flow[Step], taken: list[Step]) -> None:
        """Find out which of the steps taken so far a step depends on."""
        flow.advance(call)
        fed = dict.fromkeys(each for each in flow.into(call) if each in taken)
        if not fed:
            arguments = parts_of_symbol(*step.invocation.argument_symbols())
            answers = {each.site.call for each in arguments if isinstance(each, Result)} - {step.invocation.call}
            fed = dict.fromkeys(each for each in taken if each.invocation.call in answers)
        step.fed_by = list(fed)
        step.told_by = [(each, block) for each, block in flow.deciding(call) if each in taken]
        step.after_failure = next((each for each in flow.failing(call) if each in taken), None)


def _name_of(site: Site, via: tuple[Span, ...]) -> str:
    """What the code calls the function that is invoked when it comes by way of these calls; "" when that is open."""
    name = _name(site)
    if name or not via:
        return name
    names = set()
    for framed, steps in by_caller(site, lambda framed: bool(_name(framed))):
        on_the_way = {step.at for step in steps}
        if on_the_way.issuperset(via) or via[-1] in on_the_way:
            names.add(_name(framed))
    return names.pop() if len(names) == 1 else ""


def _name(site: Site) -> str:
    named = None if site.sdk is None else site.sdk.argument("FunctionName")
    if named is None:
        return ""
    names = {_text(each) for each in options(named)}
    return names.pop() if len(names) == 1 else ""


def _text(symbol: Symbol) -> str:
    match symbol:
        case Constant(str() as text):
            return text.partition(":function:")[2] or text
        case EnvVar(name):
            return name
        case Joined(parts):
            texts = [each.value if isinstance(each, Constant) else f"{{{_text(each)}}}" for each in parts]
            return "".join(map(str, texts)).partition(":function:")[2] or "".join(map(str, texts))
        case _:
            return ""


def _differ(step: Step, other: Step) -> bool:
    """Whether two steps surely invoke different functions."""
    return bool(step.name and other.name) and step.name != other.name


def _connected(steps: list[Step]) -> list[Step]:
    """The steps that depend on another, or that another depends on."""
    needed = {id(before) for step in steps for before in step.before}
    return [step for step in steps if step.before or id(step) in needed]
