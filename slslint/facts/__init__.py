"""What one source file says, in terms that every language shares. A pure function of the file's bytes.

Expressions keep their structure and the names as written; which file, package or event part a name stands for is
decided later, by `slslint.app`, where all files of the application are in sight.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from slslint.facts.expressions import (
    ANY,
    PARTS,
    Argument,
    Arithmetic,
    Attr,
    Call,
    Closure,
    Compare,
    Expr,
    Item,
    Join,
    Literal,
    Logic,
    Name,
    OneOf,
    Other,
    Sequence,
    Table,
    last_name,
    parts_of,
    walk,
)
from slslint.record import cached_property, field, record
from slslint.source import Problem, Span

__all__ = [
    "ANY",
    "Argument",
    "Arithmetic",
    "Assign",
    "Attr",
    "Block",
    "Call",
    "Class",
    "Closure",
    "Compare",
    "Exit",
    "Expr",
    "Facts",
    "Function",
    "Import",
    "Item",
    "Join",
    "Literal",
    "Logic",
    "Name",
    "OneOf",
    "Other",
    "Parameter",
    "Read",
    "Sequence",
    "Table",
    "last_name",
    "parts_of",
    "walk",
]


@record()
class Block:
    """A stretch of a function that runs only if, as often as, or guarded as `kind` says.

    Attributes:
        kind: "body" (the function itself, always index 0), "if" (`test` holds), "else" (`test` does not hold: an else
            branch, or what follows an `if` whose branch always leaves; the else of a try or a loop has no test), "case"
            (a match or switch arm; `test` is a Compare of the subject, the arm's guard, or both in a Logic, and None
            for the default), "loop" (for, while, comprehension), "try", "except", "finally", "with". Of `a && b()`,
            `a || b()`, `a ?? b()` and `a ? b() : c()`, what is not always evaluated stands in an "if" or "else" too,
            if anything is called or assigned there; `a ??= b` and `a ||= b` are assignments inside an "if".
        parent: index of the enclosing block; 0 for block 0 itself.
        test: the condition; for "loop" the iterable or the while-condition; for "except" the caught types; for "with"
            the context expression; else None.
        at: the header for people: `if path == "/users":` without the body.
        whole: header and body.

    """

    kind: str
    parent: int
    test: Expr | None
    at: Span
    whole: Span


@record()
class Assign:
    """A target gets a value. Targets of tuples are split, one Assign each.

    `op` is "=" (also walrus, with-as, except-as, match capture), "+=" and its like (`x++` adds Literal(1)), "for" (a
    loop or comprehension variable), "del". `value` of a loop variable is `Item(iterable, ANY)`; the keys that
    `for (k in x)` gives are Other. `let x;` assigns None, and `enum` a Table.
    """

    target: Name | Attr | Item
    value: Expr
    at: Span
    block: int
    op: str = "="


@record()
class Read:
    """A name that the function reads but does not bind itself: a global, an import, an outer function's variable."""

    name: str
    at: Span
    block: int


@record()
class Exit:
    """`kind` is return, raise (throw) or yield."""

    kind: str
    value: Expr | None
    at: Span
    block: int


@record()
class Parameter:
    """`kind` is plain, "keyword" (it can only be given by name), "*" or "**".

    One that is taken apart at once, `({ body }) =>`, is named by its position, "{0}"; its parts are assigned from that
    name where the body begins.
    """

    name: str
    default: Expr | None
    at: Span
    kind: str = "plain"


@record()
class Import:
    """An import, wherever it stands.

    `from a.b import c as d` is Import("d", "a.b", "c"); `import a.b` is Import("a", "a.b", None) and
    `import a.b as c` Import("c", "a.b", None, aliased=True); a relative import keeps its dots: ".services".
    `from a import *` binds "*" to the member "*".

    In JavaScript the module is the specifier as written, less "node:". `import a from "m"` is
    Import("a", "m", "default"), `import * as a from "m"` and `const a = require("m")` are
    Import("a", "m", None, aliased=True), and `const { b: c } = require("m")` is Import("c", "m", "b"). Where an import
    is part of a larger expression, `import("m")` or `require("m")(options)`, it binds a name that nobody can write,
    "require m", and the expression is that Name. `import "m"` binds "". `export { b as c } from "m"` binds "export c";
    `export * from "m"` is Import("*", "m", "*").

    Attributes:
        typing_only: under `if TYPE_CHECKING`, or a type-only import: never happens when the code runs.
        optional: inside a try whose except catches the failure.
        at: the statement; for one name of several, that name.

    """

    binds: str
    module: str
    member: str | None
    at: Span
    block: int
    aliased: bool = False
    typing_only: bool = False
    optional: bool = False


@record(slots=False)
class Function:
    """One function, method, lambda, or (named "") the module itself.

    Attributes:
        name: its key: "handler", "Orders.create", "outer.inner", "<lambda>@12:5"; "" for the module body. Of several
            with one key the last has it, as when the code runs (but a property's getter); the others have "handler#2",
            "handler#3". A function that is written as a value has the name of what it is assigned to ("handler" for
            `exports.handler = async () =>`, "routes.create" in `const routes = { create() {} }`), else
            "<lambda>@12:5"; see `is_value`.
        at: the name in the def, for people.
        whole: decorators, header and body.
        owner: the class it is a method of, by key, or None.
        is_value: it is written as a value, so that its key is for people, and binds no name by itself.
        awaits: in JavaScript, what is awaited though it is no call (`await started`), as a statement or as a value
            (then it is the value's own expression), with its block. An awaited call says so itself.
        receiver: the name of `self`, `cls` or `this`, which is not among the parameters; None for functions and
            Python's static methods. An arrow function has none and sees the one around it, but for one that is the
            value of a field, which is a method.
        decorators: as written; in JavaScript with the name "classmethod" behind them for what is static, and
            "property" for a getter, as Python says the same.
        blocks: index 0 is the body; see Block.
        calls: every call in the body, in textual order; those inside lambdas and nested functions are left out, those
            inside decorators and defaults of nested functions stand here.
        imports: the imports that stand directly in this body.
        bound: every name that this function binds, so that it is local here (`global`/`nonlocal` names are not); in
            JavaScript too whichever block declares it.
        outer_names: names declared `global` or `nonlocal`; in JavaScript, names that it assigns but does not declare.
        outer: key of the function around it, whose names it sees; "" for the module.

    """

    name: str
    at: Span
    whole: Span
    parameters: tuple[Parameter, ...] = ()
    decorators: tuple[Expr, ...] = ()
    owner: str | None = None
    receiver: str | None = None
    is_async: bool = False
    blocks: tuple[Block, ...] = ()
    calls: tuple[Call, ...] = ()
    assigns: tuple[Assign, ...] = ()
    reads: tuple[Read, ...] = ()
    exits: tuple[Exit, ...] = ()
    imports: tuple[Import, ...] = ()
    bound: frozenset[str] = frozenset()
    outer_names: frozenset[str] = frozenset()
    outer: str = ""
    is_value: bool = False
    awaits: tuple[tuple[Expr, int], ...] = ()

    @cached_property
    def expressions(self) -> tuple[tuple[Expr, int], ...]:
        """Every expression that stands in the function's own body, each once, with the index of its block.

        Parts of an expression come after the whole. The body of a nested function or lambda is not part of it.
        """
        return tuple(_expressions(self))

    def enclosing(self, block: int) -> Iterator[Block]:
        """The block and those around it, innermost first, the body left out."""
        while block:
            yield self.blocks[block]
            block = self.blocks[block].parent

    def within(self, block: int, ancestor: int) -> bool:
        """Whether `block` is `ancestor` or lies inside it."""
        if block == ancestor or not ancestor:
            return True
        first, last = self._extents
        return first[ancestor] <= first[block] <= last[ancestor]

    def extent(self, block: int) -> tuple[int, int]:
        """The number of a block when outer blocks are counted before inner ones, and the last number inside it."""
        first, last = self._extents
        return first[block], last[block]

    @cached_property
    def _extents(self) -> tuple[list[int], list[int]]:
        """By block: its number when outer blocks are counted before inner ones, and the last number inside it.

        A chain of a thousand `else if` is a thousand blocks deep.
        """
        inside: list[list[int]] = [[] for _ in self.blocks]
        for index, block in enumerate(self.blocks[1:], 1):
            inside[block.parent].append(index)
        first, sizes = [0] * len(inside), [1] * len(inside)
        order: list[int] = []
        todo = [0]
        while todo:
            here = todo.pop()
            first[here] = len(order)
            order.append(here)
            todo += inside[here]
        for here in reversed(order):
            if here:
                sizes[self.blocks[here].parent] += sizes[here]
        return first, [start + size - 1 for start, size in zip(first, sizes, strict=True)]


def _expressions(function: Function) -> list[tuple[Expr, int]]:
    roots: list[tuple[Expr, int]] = []
    for assign in function.assigns:
        roots += ((assign.target, assign.block), (assign.value, assign.block))
    roots += [(call, call.block) for call in function.calls]
    roots += [(leave.value, leave.block) for leave in function.exits if leave.value is not None]
    roots += function.awaits
    roots += [(block.test, block.parent) for block in function.blocks if block.test is not None]
    parts_of_kind = PARTS.get
    found: list[tuple[Expr, int]] = []
    seen: set[int] = set()
    for root, block in roots:
        stack = [root]
        while stack:
            expr = stack.pop()
            if id(expr) in seen:
                continue
            seen.add(id(expr))
            found.append((expr, block))
            made_of = parts_of_kind(expr.__class__)
            if made_of is not None:
                stack += made_of(expr)
    return found


@record()
class Class:
    """A class; its methods are in `Facts.functions` under "Class.method"."""

    name: str
    at: Span
    bases: tuple[Expr, ...]
    assigns: tuple[Assign, ...]
    """Assignments in the class body; their blocks, like the body's calls, are those of the function around it."""
    methods: frozenset[str]
    decorators: tuple[Expr, ...] = ()
    is_value: bool = False
    """It is written as a value, so that its name binds nothing by itself."""
    fields: tuple[str, ...] = ()
    """In JavaScript, the functions ("Orders.table=") that give an object's fields their values when it is made, as
    methods that assign `this.table`; fields that hold a function are methods, and static ones are assigned in the body.
    """


@record()
class Facts:
    """What one file says.

    `functions[""]` is the module body: its assigns are the module's bindings. `annotated` are the names that
    annotations mention.

    Attributes:
        exports: what importers see, by name, as expressions of the module body, each with a value it may have; None
            when importers see every name of the module (Python). "default" is a default export, "export=" what the
            module as a whole is (`module.exports = ...`). What `export *` passes on is among the module's imports.

    """

    path: str
    language: str
    functions: Mapping[str, Function]
    classes: Mapping[str, Class] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()
    annotated: frozenset[str] = frozenset()
    exports: Mapping[str, tuple[Expr, ...]] | None = None

    @property
    def module(self) -> Function:
        return self.functions[""]

    def imports(self) -> Iterator[tuple[Function, Import]]:
        """Every import of the file with the function it stands in."""
        for function in self.functions.values():
            for each in function.imports:
                yield function, each
