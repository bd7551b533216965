"""Facts in a short notation, so that tests can be tables of source and meaning."""

from slslint.facts import (
    ANY,
    Arithmetic,
    Assign,
    Attr,
    Block,
    Call,
    Closure,
    Compare,
    Facts,
    Function,
    Item,
    Join,
    Literal,
    Logic,
    Name,
    OneOf,
    Other,
    Sequence,
    Table,
    walk,
)
from slslint.languages import lower
from slslint.source import SourceFile, Span

OPENING = {"list": "[", "tuple": "(", "set": "{"}
CLOSING = {"list": "]", "tuple": ")", "set": "}"}


def read(source: str | bytes, path: str = "app.py") -> Facts:
    return lower(SourceFile(path, source.encode() if isinstance(source, str) else source))


def show(expr):
    """Like Python where Python has the same; `?` is Other, `...` any element, `join` text put together."""
    match expr:
        case None:
            return "-"
        case Literal(value):
            return repr(value)
        case Name(name):
            return name
        case Attr(base, name):
            return f"{show(base)}.{name}"
        case Item(base, key):
            return f"{show(base)}[{'...' if key == ANY else show(key)}]"
        case Call(callee, args):
            shown = [f"{a.name}={show(a.value)}" if a.name else "*" * a.spread + show(a.value) for a in args]
            return f"{'await ' * expr.awaited}{show(callee)}({', '.join(shown)})"
        case Join(parts):
            return f"join({', '.join(map(show, parts))})"
        case OneOf(options, test):
            return f"({' | '.join(map(show, options))} if {show(test)})"
        case Logic("not", (operand,)):
            return f"(not {show(operand)})"
        case Logic(op, operands):
            return f"({f' {op} '.join(map(show, operands))})"
        case Compare(left, op, right) | Arithmetic(left, op, right):
            return f"({show(left)} {op} {show(right)})"
        case Sequence(items, kind):
            return f"{OPENING[kind]}{', '.join(map(show, items))}{CLOSING[kind]}"
        case Table(entries):
            shown = [f"**{show(value)}" if key is None else f"{show(key)}: {show(value)}" for key, value in entries]
            return f"{{{', '.join(shown)}}}"
        case Closure(function):
            return f"closure {function}"
        case Other(parts):
            return f"?({', '.join(map(show, parts))})" if parts else "?"
    raise AssertionError(expr)


def assigned(assign: Assign) -> str:
    return f"{show(assign.target)} {assign.op} {show(assign.value)}"


def heading(function: Function, index: int) -> str:
    """A block with those around it, outermost first: `loop xs > if x`."""
    around = [function.blocks[index], *function.enclosing(function.blocks[index].parent)] if index else []
    return " > ".join(titled(block) for block in reversed(around)) or "body"


def titled(block: Block) -> str:
    return block.kind if block.test is None else f"{block.kind} {show(block.test)}"


def calls(function: Function) -> list[str]:
    """Each call with the blocks it stands in."""
    return [f"{show(call)} in {heading(function, call.block)}" for call in function.calls]


def spans(facts: Facts):
    for function in facts.functions.values():
        yield from (function.at, function.whole)
        for block in function.blocks:
            yield from (block.at, block.whole)
        for each in (*function.assigns, *function.reads, *function.exits, *function.imports, *function.parameters):
            yield each.at
        for call in function.calls:
            yield call.name_at
            yield from (part.at for part in walk(call) if hasattr(part, "at"))
    for each in facts.classes.values():
        yield each.at
    for problem in facts.problems:
        yield problem.at


def assert_inside(span: Span, file: SourceFile) -> None:
    lines = file.lines
    assert 1 <= span.line <= span.end_line <= len(lines)
    assert 1 <= span.column <= len(lines[span.line - 1]) + 2
    assert 1 <= span.end_column <= len(lines[span.end_line - 1]) + 2
    assert (span.line, span.column) <= (span.end_line, span.end_column)


def assert_whole(file: SourceFile) -> None:
    """Whatever stands in the file, all of its facts are where they say, in blocks that there are."""
    facts = lower(file)
    for span in spans(facts):
        assert_inside(span, file)
    for function in facts.functions.values():
        for each in (*function.calls, *function.assigns, *function.reads, *function.exits, *function.imports):
            assert each.block < len(function.blocks)
        for index, block in enumerate(function.blocks):
            assert block.parent < index or index == 0
