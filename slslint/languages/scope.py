"""What is gathered about a function while its body is read, until it becomes a Function."""

from __future__ import annotations

from collections.abc import Callable, MutableMapping
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

from tree_sitter import Node

from slslint.facts import Assign, Attr, Block, Call, Class, Exit, Expr, Function, Import, Item, Name, Parameter, Read
from slslint.source import SourceFile, Span

if TYPE_CHECKING:
    # When it is made, the name of the bound is compiled, which takes a millisecond.
    S = TypeVar("S", bound="Scope")

MAX_EXPRESSION_DEPTH = 100
"""Deeper expressions become Other(); with MAX_NESTING this keeps recursion far below Python's own limit."""

MAX_NESTING = 40
"""Statements and functions nested deeper are left out; Python itself allows 20 nested loops and 100 indents."""


class Unit:
    """One file that is being lowered.

    Attributes:
        at: the span of a node.
        annotations: every annotation as written.
        crooked: a block is empty, or its statements do not start in one column, which the grammar lets pass.
        exports: what the file exports by name, with every value that it may have.
        exported_as: other names of CommonJS's `exports`.
        foreign: nodes that only another language, such as Python 2, means as they are written.
        scopes: every function found so far, by key.
        pending: scopes whose bodies are still to be read, so that nested functions cost no recursion.

    """

    __slots__ = (
        "_text",
        "_twins",
        "annotations",
        "at",
        "classes",
        "crooked",
        "exported_as",
        "exports",
        "file",
        "foreign",
        "pending",
        "scopes",
    )

    def __init__(self, file: SourceFile) -> None:
        # One character per byte, so that node offsets are string offsets.
        self._text = file.data.decode("latin-1")
        self.file = file
        self.at = _spans(file)
        self.annotations: list[str] = []
        self.crooked = False
        self.exports: dict[str, list[Expr]] = {}
        self.exported_as: set[str] = set()
        self.foreign: list[Node] = []
        self.scopes: dict[str, Scope] = {}
        self.classes: dict[str, ClassScope] = {}
        self.pending: list[Scope] = []
        self._twins: dict[str, int] = {}

    def text(self, node: Node, start: int | None = None) -> str:
        """What a node says, from its start or a later byte on."""
        piece = self._text[node.start_byte if start is None else start : node.end_byte]
        return piece if piece.isascii() else piece.encode("latin-1").decode(errors="replace")

    def annotate(self, node: Node | None) -> None:
        if node is not None:
            self.annotations.append(self.text(node))

    def starred(self, node: Node) -> bool:
        """Whether an item of a collection is spread."""
        return self._text.startswith("*", node.start_byte)

    def define(self, scope: Scope, last: bool = True) -> None:
        """Take up a function whose body is to be read.

        Of several with one key the last has it, as when the code runs; the others are found under "name#2", "name#3",
        ... With `last` False this one makes way, and it does so for a value, which expressions know by its key.
        """
        self.pending.append(scope)
        old = self.scopes.get(scope.key)
        if old is not None:
            last = last and not old.is_value
            makes_way = old if last else scope
            makes_way.key = self._free(makes_way.key)
            self.scopes[makes_way.key] = makes_way
            if not last:
                return
        self.scopes[scope.key] = scope

    def define_class(self, scope: ClassScope) -> None:
        """Give a class its key. Of several with one name the last has it, as for functions."""
        old = self.classes.get(scope.key)
        if old is not None and old.is_value:
            scope.key = self._free(scope.key)
            old = None
        self.classes[scope.key] = scope
        if old is None:
            return
        after = self._free(old.key)
        _move(self.scopes, old.key, after)
        _move(self.classes, old.key, after)
        old.key = after
        self.classes[after] = old

    def forget(self) -> None:
        """Let go of every scope: they refer back to the unit, and hold the tree until a cycle is collected."""
        self.scopes.clear()
        self.classes.clear()
        self.pending.clear()

    def free(self, key: str) -> str:
        """The key, or when another function or class has it, one that none has."""
        return self._free(key) if key in self.scopes or key in self.classes else key

    def _free(self, key: str) -> str:
        self._twins[key] = self._twins.get(key, 1) + 1
        return f"{key}#{self._twins[key]}"

    def header(self, node: Node, body: Node | None) -> Span:
        """A node from its start to its body."""
        if body is None:
            return self.at(node)
        last = node
        for child in node.children:
            # To ask the body for what stands before it costs the way down from the root.
            if child.id == body.id:
                break
            last = child
        return self.reach(node, last)

    def reach(self, first: Node, last: Node) -> Span:
        """From the start of one node to the end of another."""
        return self.file.span(first.start_point, last.end_point)


def _move(table: MutableMapping[str, S], before: str, after: str) -> None:
    """Rename what belongs to a class."""
    for key in [key for key in table if key.startswith(f"{before}.") and not table[key].is_value]:
        moved = table.pop(key)
        moved.key = after + key.removeprefix(before)
        table[moved.key] = moved


def _spans(file: SourceFile) -> Callable[[Node], Span]:
    if file.places is not None or not file.data.isascii():
        return lambda node: file.span(node.start_point, node.end_point)
    path = file.path

    def at(node: Node) -> Span:
        row, column = node.start_point
        end_row, end_column = node.end_point
        return Span(path, row + 1, column + 1, end_row + 1, end_column + 1)

    return at


def _opening(call: Call) -> tuple[int, int]:
    """Where the parenthesis of a call stands: in `f(g()).h()` the order is f, g, h."""
    return call.name_at.end_line, call.name_at.end_column


class Scope:
    """One function whose body is being read.

    Attributes:
        block: index of the block that is being read.
        nesting: how many functions and classes it stands in.
        patterns: parameters that are taken apart where the body begins, and what each is called.
        sets: the field of a new object that gets the value of the body; "" for every other function.
        this: what the code calls `this`; "" where it is nothing that can be told.
        written: names that get a value here, wherever they are declared.
        names: where each name is first read, by (name, block), whether or not it turns out to be local.

    """

    __slots__ = (
        "assigns", "awaits", "block", "blocks", "body", "bound", "calls", "decorators", "exits", "imports", "is_async",
        "is_value", "key", "name_at", "names", "nesting", "optional", "outer", "outer_names", "owner", "parameters",
        "patterns", "receiver", "sets", "this", "unit", "whole", "written",
    )  # fmt: skip

    def __init__(self, unit: Unit, key: str, name_at: Span, whole: Span, body: Node, outer: Scope | None) -> None:
        self.unit = unit
        self.key = key
        self.name_at = name_at
        self.whole = whole
        self.body = body
        self.outer = outer
        self.nesting: int = 0 if outer is None else outer.nesting + 1
        self.owner: ClassScope | None = None
        self.receiver: str | None = None
        self.is_async = False
        self.is_value = False
        self.parameters: tuple[Parameter, ...] = ()
        self.decorators: tuple[Expr, ...] = ()
        self.block = 0
        self.blocks: list[Block] = [Block("body", 0, None, name_at, whole)]
        self.calls: list[Call] = []
        self.awaits: list[tuple[Expr, int]] = []
        self.assigns: list[Assign] = []
        self.exits: list[Exit] = []
        self.imports: list[Import] = []
        self.names: dict[tuple[str, int], Span] = {}
        self.bound: set[str] = set()
        self.outer_names: set[str] = set()
        self.optional: set[int] = set()
        self.patterns: list[tuple[Node, Expr]] = []
        self.sets = ""
        self.this = ""
        self.written: set[str] = set()

    @property
    def prefix(self) -> str:
        """What the keys of functions and classes defined here start with."""
        return f"{self.key.rstrip('=')}." if self.key else ""

    @property
    def function(self) -> Scope:
        """The function that this code runs in."""
        return self

    def bind(self, name: str) -> None:
        if name not in self.outer_names:
            self.bound.add(name)

    def sees(self, name: str) -> bool:
        """Whether the function, or one around it, has bound the name so far."""
        scope: Scope | None = self
        while scope is not None:
            if name in scope.bound:
                return True
            scope = scope.outer
        return False

    def read(self, name: str, at: Span) -> Name:
        """A name that is read here."""
        if name not in self.bound:
            self.names.setdefault((name, self.block), at)
        return Name(name, at)

    def try_block(self, kind: str, test: Expr | None, at: Span, whole: Span) -> tuple[int, int, int, int]:
        """Start a block that is taken back by `close` if nothing happens in it."""
        outside, happened, names = self.block, self._happened(), len(self.names)
        return outside, self.open(kind, outside, test, at, whole), happened, names

    def close(self, trial: tuple[int, int, int, int]) -> None:
        """End a block that `try_block` started."""
        outside, block, happened, names = trial
        self.block = outside
        if self._happened() != happened or len(self.blocks) > block + 1:
            return
        self.blocks.pop()
        for key in list(islice(reversed(self.names), len(self.names) - names))[::-1]:
            self.names.setdefault((key[0], outside), self.names.pop(key))

    def _happened(self) -> int:
        return len(self.calls) + len(self.assigns) + len(self.exits) + len(self.imports) + len(self.awaits)

    def open(self, kind: str, parent: int, test: Expr | None, at: Span, whole: Span) -> int:
        """Start a block and make it the current one."""
        self.blocks.append(Block(kind, parent, test, at, whole))
        self.block = len(self.blocks) - 1
        return self.block

    def retest(self, block: int, test: Expr) -> None:
        """Set the test of a block, when it could only be read inside it."""
        old = self.blocks[block]
        self.blocks[block] = Block(old.kind, old.parent, test, old.at, old.whole)

    def assign(self, target: Name | Attr | Item, value: Expr, at: Span, op: str, declares: bool = True) -> None:
        """Give a value to a target; a name is bound here, or, if this declares none, written wherever it is bound."""
        if isinstance(target, Name):
            if declares or self.outer is None:
                self.bind(target.id)
            else:
                self.written.add(target.id)
        self.assigns.append(Assign(target, value, at, self.block, op))

    def finish(self) -> Function:
        bound = self.bound
        return Function(
            name=self.key,
            at=self.name_at,
            whole=self.whole,
            parameters=self.parameters,
            decorators=self.decorators,
            owner=None if self.owner is None else self.owner.key,
            receiver=self.receiver,
            is_async=self.is_async,
            is_value=self.is_value,
            blocks=tuple(self.blocks),
            calls=tuple(sorted(self.calls, key=_opening)),
            assigns=tuple(self.assigns),
            reads=tuple(Read(name, at, block) for (name, block), at in self.names.items() if name not in bound),
            exits=tuple(self.exits),
            imports=tuple(self.imports),
            bound=frozenset(bound),
            outer_names=frozenset(self.outer_names | (self.written - bound)),
            outer="" if self.outer is None else self.outer.key,
            awaits=tuple(self.awaits),
        )


class ClassScope(Scope):
    """A class body: it runs as part of the function around it, and only its bindings are its own."""

    __slots__ = ("bases", "fields", "methods")

    def __init__(self, key: str, name_at: Span, whole: Span, body: Node, outer: Scope) -> None:
        super().__init__(outer.unit, key, name_at, whole, body, outer)
        self.bases: tuple[Expr, ...] = ()
        self.methods: set[str] = set()
        self.fields: list[Scope] = []
        self.block = outer.block
        self.blocks = outer.blocks
        self.calls = outer.calls
        self.exits = outer.exits
        self.awaits = outer.awaits
        self.imports = outer.imports
        self.optional = outer.optional
        self.written = outer.written

    @property
    def function(self) -> Scope:
        assert self.outer is not None
        return self.outer.function

    def leave(self) -> None:
        """Hand what the body read on to the code around it."""
        assert self.outer is not None
        for (name, block), at in self.names.items():
            if name not in self.bound:
                self.outer.names.setdefault((name, block), at)

    def finish_class(self) -> Class:
        methods = frozenset(self.methods)
        fields = tuple(scope.key for scope in self.fields)
        own = tuple(self.assigns)
        return Class(self.key, self.name_at, self.bases, own, methods, self.decorators, self.is_value, fields)
