"""Where a failure goes: whether what goes wrong in a statement leaves the function, and what is done only then."""

from __future__ import annotations

from slslint.app.place import Place
from slslint.facts import Attr, Call, Function, Literal, walk


def caught(function: Function, block: int, within: int = 0) -> bool:
    """Whether what fails in `block` is caught, and not raised again, before it leaves the block `within`."""
    while block != within and block:
        outer = function.blocks[block].parent
        if function.blocks[block].kind == "try" and any(
            not _raises(function, handler) for handler in _handlers(function, block)
        ):
            return True
        block = outer
    return False


def after_failure(place: Place, call: Call) -> bool:
    """Whether a call is made only when something has failed."""
    return any(block.kind == "except" for block in place.function.enclosing(call.block))


def settled(place: Place, call: Call) -> bool:
    """Whether the promise or future of a call is asked for its failure instead of raising it.

    `save(record).catch(log)`, `Promise.allSettled(...)`, `gather(..., return_exceptions=True)`.
    """
    for each in place.function.calls:
        match each.callee:
            case Attr(base, "catch") if any(part is call for part in walk(base)):
                return True
            case Attr(_, "allSettled"):
                return True
            case _ if each.keyword("return_exceptions") == Literal(True):
                return True
    return False


def _handlers(function: Function, tried: int) -> list[int]:
    """The blocks that handle what fails in a try block."""
    found = []
    for index in range(tried + 1, len(function.blocks)):
        block = function.blocks[index]
        if block.parent != function.blocks[tried].parent:
            continue
        if block.kind == "except":
            found.append(index)
        elif block.kind not in ("else", "finally"):
            break
    return found


def _raises(function: Function, block: int) -> bool:
    return any(leave.kind == "raise" and function.within(leave.block, block) for leave in function.exits)
