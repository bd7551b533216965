"""Which bindings may hold where, and which parts of a function never both run: control flow, by the block tree."""

from __future__ import annotations

from slslint.facts import Assign, Block, Function, Import
from slslint.record import record
from slslint.source import Span

Position = tuple[int, int]


@record(eq=False)
class Binding:
    """One thing that gives a name its value.

    `what` is the index of a parameter, an Assign, an Import, or the key of a function or class; `by` says which:
    "parameter", "assign", "import", "def" or "class". It holds for what stands after `after`, in `block`.
    """

    by: str
    what: int | str | Assign | Import
    after: Position
    block: int

    @property
    def adds(self) -> bool:
        """Whether the earlier value is kept (`x += 1`), so that earlier bindings still count."""
        return isinstance(self.what, Assign) and self.what.op not in ("=", "for", "del")


def reaching(function: Function, found: list[Binding], position: Position, block: int) -> list[Binding]:
    """Those of the bindings of a name that may hold at a position in a block: no later one has surely taken over."""
    blocks = function.blocks
    around = {0, *_chain(function, block)}
    covered: set[tuple[str, int]] = set()
    result: list[Binding] = []
    killer: int | None = None
    for binding in reversed(found):
        if binding.after > position or exclusive(function, binding.block, block):
            continue
        result.append(binding)
        if not binding.adds and _surely(function, binding.block, around, covered):
            killer = binding.block
            break
    result.reverse()
    for index in around:
        if index and blocks[index].kind == "loop" and (killer is None or not function.within(killer, index)):
            result.extend(
                b for b in found if b.after > position and function.within(b.block, index) and b not in result
            )
    result = [b for b in result if not (isinstance(b.what, Assign) and b.what.op == "del")]
    return result or list(found)


def _surely(function: Function, block: int, around: set[int], covered: set[tuple[str, int]]) -> bool:
    """Whether what happens in `block` has surely happened where `around` encloses.

    `covered` collects the arms in which it has, as their kind and the identity of their test.
    """
    blocks = function.blocks
    while block not in around:
        here = blocks[block]
        if here.kind in ("if", "else"):
            covered.add((here.kind, id(here.test)))
            if ("else" if here.kind == "if" else "if", id(here.test)) not in covered:
                return False
        elif here.kind not in ("with", "finally"):
            return False
        block = here.parent
    return True


def _siblings(one: Block, other: Block) -> bool:
    return one.test is other.test and {one.kind, other.kind} == {"if", "else"}


def exclusive(function: Function, earlier: int, later: int) -> bool:
    """Whether the blocks are arms of one decision, so that never both run in one pass."""
    if not earlier or not later:
        return False
    blocks = function.blocks
    later_chain = _chain(function, later)
    for index in _chain(function, earlier):
        if index in later_chain:
            return False
        here = blocks[index]
        for other in later_chain:
            there = blocks[other]
            if there.parent != here.parent or other == index:
                continue
            if _siblings(here, there):
                return True
            if here.kind == there.kind == "case":
                return True
    return False


def _chain(function: Function, block: int) -> list[int]:
    chain: list[int] = []
    while block:
        chain.append(block)
        block = function.blocks[block].parent
    return chain


def block_at(function: Function, at: Span) -> int:
    """The innermost block around a place in the function."""
    best = 0
    for index in range(1, len(function.blocks)):
        if function.blocks[index].whole.holds(at):
            best = index
    return best
