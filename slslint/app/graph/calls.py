"""What one call of the code does to which nodes: an operation of the SDK, or a request over HTTP."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from slslint.app.code import Code
from slslint.app.graph.edges import Verb
from slslint.app.graph.libraries import LIBRARIES, of_library
from slslint.app.graph.nodes import KINDS
from slslint.app.graph.operations import Effect, effects
from slslint.app.graph.requests import REQUESTING, request_of
from slslint.app.graph.targets import Target, Targets, by_caller
from slslint.app.sdk import SdkCall
from slslint.app.site import Site
from slslint.app.symbols import AnyOf, Constant, EnvVar, Joined, Symbol, Unresolved
from slslint.finding import Confidence, Related
from slslint.model import Function, Kind
from slslint.record import record

if TYPE_CHECKING:
    from slslint.app.application import App


def may_lead_on(app: App) -> bool:
    """Whether what a function does may come back to one, or have one wait: else no question about the graph has an
    answer, and it need not be built.
    """
    deployment = app.deployment
    sources = {KINDS.get(trigger.source_kind, Kind.OTHER) for trigger in deployment.triggers}
    if deployment.deliveries or Kind.LOG_GROUP in sources:
        return True
    codes = (code for _, code in app.functions_with_code() if reaches_out(code))
    return any(_call_may_lead_on(site, sources) for code in codes for site in code.sites())


def _call_may_lead_on(site: Site, sources: set[Kind]) -> bool:
    """Whether a call may do something to what triggers a function, given the kinds of that."""
    call = site.sdk
    if call is not None and (call.service == "lambda" or Kind.RULE in sources or Kind.OTHER in sources):
        return True
    return any(
        effect.verb is Verb.INVOKES
        or effect.kind in sources
        or effect.kind not in _APART
        or effect.target is None
        or not _is_written(effect.target)
        for effect in effects_of(site)
    )


_APART = frozenset({Kind.BUCKET, Kind.PARAMETER, Kind.QUEUE, Kind.SECRET, Kind.STREAM, Kind.TABLE, Kind.TOPIC})
"""What nothing comes of but by a trigger or delivery of the same kind."""


def _is_written(symbol: Symbol) -> bool:
    """Whether code and template alone say what a name is, and not an event or a caller."""
    if isinstance(symbol, Joined):
        return all(map(_is_written, symbol.parts))
    return isinstance(symbol, Constant) or (isinstance(symbol, EnvVar) and isinstance(symbol.default, Constant | None))


def reaches_out(code: Code) -> bool:
    """Whether code names anything by which calls do something to nodes."""
    return code.imports_sdk or any(each.startswith(_REACHING) for each in code.packages)


_REACHING = (*LIBRARIES, *REQUESTING)


@record(eq=False)
class Reached:
    """A call does something to a node.

    Attributes:
        steps: the calls that lead to the site, when the name comes from one of several callers; None: any way there.

    """

    site: Site
    call: SdkCall | None
    effect: Effect
    target: Target
    steps: tuple[Related, ...] | None = None


def reached(site: Site, function: Function, targets: Targets) -> Iterator[Reached]:
    """What a call does, once for each node."""
    for index, effect in enumerate(effects_of(site)):
        found = _targets(function, effect, targets)
        if not _of_callers(effect) or _settled(found):
            yield from (Reached(site, site.sdk, effect, target) for target in found)
        else:
            several = list(_by_caller(site, index, function, targets))
            yield from several or (Reached(site, site.sdk, effect, target) for target in found)


def effects_of(site: Site) -> Iterator[Effect]:
    """What a call does, as far as the call itself tells."""
    if site.sdk is not None:
        yield from effects(site.sdk)
        return
    yield from of_library(site)
    request = request_of(site)
    if request is not None:
        yield Effect(Verb.INVOKES, Kind.API, request.url, waits=True)


def _targets(function: Function, effect: Effect, targets: Targets) -> tuple[Target, ...]:
    if effect.target is None:
        return (targets.default_bus(),)
    if effect.kind is Kind.API:
        return targets.of_address(function, effect.target)
    return targets.of(function, effect.target, effect.kind)


def _settled(found: tuple[Target, ...]) -> bool:
    return bool(found) and all(each.confidence is Confidence.HIGH for each in found)


def _of_callers(effect: Effect) -> bool:
    """Whether what names the target may be another thing for each caller of the function around the call."""
    return effect.target is not None and _several(effect.target)


def _several(symbol: Symbol) -> bool:
    return isinstance(symbol, AnyOf | Unresolved) or (isinstance(symbol, Joined) and any(map(_several, symbol.parts)))


def _by_caller(site: Site, index: int, function: Function, targets: Targets) -> Iterator[Reached]:
    def found(framed: Site) -> tuple[Effect, tuple[Target, ...]] | None:
        effect = next(islice(effects_of(framed), index, None), None)
        return None if effect is None else (effect, _targets(function, effect, targets))

    def settled(framed: Site) -> bool:
        here = found(framed)
        return here is not None and _settled(here[1])

    for framed, steps in by_caller(site, settled):
        here = found(framed)
        if here is not None:
            yield from (Reached(framed, framed.sdk, here[0], target, steps) for target in here[1])
