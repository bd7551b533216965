"""Which code never runs on a function's instance: what is for programs, type checkers, or somebody's own machine."""

from __future__ import annotations

import re

from slslint.facts import Attr, Call, Compare, Expr, Facts, Function, Item, Literal, Logic, Name

_OFFLINE = r"(?i)(IS_?)?(OFFLINE|LOCAL|LOCALSTACK)|AWS_SAM_LOCAL|LOCALSTACK_HOSTNAME|JEST_WORKER_ID|VITEST"
"""Environment variables that only emulators and test runners set."""

_STAGE = r"(?i)(\w+_)?(env|environment|stage|profile|mode)"
"""Names of what says where the code runs."""

_HERE = frozenset({"local", "localhost", "localstack", "offline"})
"""Values of it that no deployed function has."""

_NODE_ENV = _HERE | {"dev", "development", "test"}
"""Values of NODE_ENV that mean somebody's machine, not a stage."""

_UNSET = frozenset({None, False, "false", "False", "0", "", "no"})
"""What such a variable may well be said to be on a function's instance."""

_ENVIRONMENTS = frozenset({"environ", "env"})
_DEEPEST = 4
"""Through how many names that hold a test it is followed."""


def dead_blocks(function: Function, facts: Facts) -> frozenset[int]:
    """The blocks that never run on a function's instance.

    `if __name__ == "__main__"`, `if TYPE_CHECKING`, `if (require.main === module)`, `if (process.env.IS_OFFLINE)`,
    `if os.environ["STAGE"] == "local"`.
    """
    dead: set[int] = set()
    for index, block in enumerate(function.blocks):
        inside = bool(index) and block.parent in dead
        if inside or (block.test is not None and _never_enters(block.kind, block.test, function, facts)):
            dead.add(index)
    return frozenset(dead)


def _never_enters(kind: str, test: Expr, function: Function, facts: Facts) -> bool:
    if kind == "if":
        return _outcome(test, function, facts, _DEEPEST) is False
    return kind == "else" and _outcome(test, function, facts, _DEEPEST) is True


def _outcome(test: Expr, function: Function, facts: Facts, depth: int) -> bool | None:
    """What a test always comes to on a function's instance; None when that depends."""
    match test:
        case Literal(value):
            return False if value is False else None
        case Name("TYPE_CHECKING") | Attr(_, "TYPE_CHECKING"):
            return False
        case Attr(Name("module"), "parent"):
            return True
        case Logic("not", (operand,)):
            held = _outcome(operand, function, facts, depth)
            return None if held is None else not held
        case Logic("and" | "or" as op, operands):
            found = [_outcome(each, function, facts, depth) for each in operands]
            if (op == "or") in found:
                return op == "or"
            return None if None in found else op == "and"
        case Compare(left, "is" | "is not" as op, Literal(None)) if _is_variable(left, _OFFLINE, function, facts):
            return op == "is"
        case Compare(left, "==" | "!=" as op, right):
            same = _equal(left, right, function, facts) or _equal(right, left, function, facts)
            return None if not same else op == "!="
        case Name(name) if depth and not _is_variable(test, _OFFLINE, function, facts):
            given = _only_value(name, function, facts)
            return None if given is None else _outcome(given, function, facts, depth - 1)
        case Call(Name("Boolean" | "bool"), (argument,)):
            return _outcome(argument.value, function, facts, depth)
        case _:
            return False if _is_variable(test, _OFFLINE, function, facts) else None


def _equal(left: Expr, right: Expr, function: Function, facts: Facts) -> bool:
    """Whether the two can never be the same."""
    if isinstance(left, Name) and left.id == "__name__":
        return right == Literal("__main__")
    if isinstance(left, Attr) and left.name == "main":
        return isinstance(left.base, Name) and left.base.id == "require"
    if not isinstance(right, Literal):
        return False
    value = right.value.lower() if isinstance(right.value, str) else right.value
    if _is_variable(left, _OFFLINE, function, facts):
        return value not in _UNSET
    if _is_variable(left, "NODE_ENV", function, facts):
        return value in _NODE_ENV
    return value in _HERE and _is_variable(left, _STAGE, function, facts)


def _is_variable(expr: Expr, pattern: str, function: Function, facts: Facts) -> bool:
    """Whether an expression reads an environment variable of such a name, or a constant that is called so."""
    name = _variable(expr)
    if name is not None:
        return re.fullmatch(pattern, name) is not None
    match expr:
        case Name(name):
            value = _only_value(name, function, facts)
            if value is not None:
                return _variable(value) is not None and _is_variable(value, pattern, function, facts)
            # A constant of another file.
            return name.isupper() and _is_imported(name, facts) and re.fullmatch(pattern, name) is not None
        case Call(Attr(base, "lower" | "toLowerCase" | "strip" | "trim"), ()):
            return _is_variable(base, pattern, function, facts)
        case Logic("or", (first, *_)):
            # `process.env.STAGE || "dev"`
            return _is_variable(first, pattern, function, facts)
        case _:
            return False


def _variable(expr: Expr) -> str | None:
    """The environment variable that an expression reads: `process.env.X`, `os.environ["X"]`, `os.getenv("X")`."""
    match expr:
        case Attr(Attr(_, "env"), name):
            return name
        case Item(Attr(_, of) | Name(of), Literal(str() as name)) if of in _ENVIRONMENTS:
            return name
        case Call(Attr(Attr(_, "environ") | Name("environ"), "get") | Attr(Name("os"), "getenv") | Name("getenv")):
            given = expr.positional(0)
            return given.value if isinstance(given, Literal) and isinstance(given.value, str) else None
        case Logic("or", (first, *_)):
            return _variable(first)
        case _:
            return None


def _only_value(name: str, function: Function, facts: Facts) -> Expr | None:
    """What a name is given once, where it is declared, and no constant, which some call may yet change; else None."""
    home = function
    while True:
        given = [each for each in home.assigns if isinstance(each.target, Name) and each.target.id == name]
        if given or any(parameter.name == name for parameter in home.parameters):
            break
        if not home.name:
            return None
        home = facts.functions[home.outer]
    if len(given) != 1 or given[0].op != "=" or isinstance(given[0].value, Literal):
        return None
    changed = any(name in each.outer_names for each in facts.functions.values())
    return None if changed else given[0].value


def _is_imported(name: str, facts: Facts) -> bool:
    return any(statement.binds == name for statement in facts.module.imports)
