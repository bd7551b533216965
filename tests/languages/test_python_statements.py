"""Statements: what they bind, and the blocks that they open."""

import pytest

from tests.languages.notation import assigned, calls, heading, read, show


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("a = b = c", ["a = c", "b = c"]),
        ("a: int = 1", ["a = 1"]),
        ("a: int", []),
        ("a, b = c", ["a = c[0]", "b = c[1]"]),
        ("a, b = 1, c", ["a = 1", "b = c"]),
        ("[a, (b, c)] = d", ["a = d[0]", "b = d[1][0]", "c = d[1][1]"]),
        ("a, *b, c = d", ["a = d[0]", "b = d[...]", "c = d[-1]"]),
        ("a.b = c", ["a.b = c"]),
        ("a['b'] = c", ["a['b'] = c"]),
        ("a += 1", ["a += 1"]),
        ("a['b'] |= c", ["a['b'] |= c"]),
        ("del a, b['c']", ["a del ?", "b['c'] del ?"]),
        ("for a in b: pass", ["a for b[...]"]),
        ("for a, b in c.items(): pass", ["a for c.items()[...][0]", "b for c.items()[...][1]"]),
        ("with a() as b, c as (d, e): pass", ["b = a()", "d = c[0]", "e = c[1]"]),
        ("try: pass\nexcept (A, B) as e: pass", ["e = ?((A, B))"]),
    ],
)
def test_what_gets_a_value(source, meaning):
    assert [assigned(each) for each in read(source).module.assigns] == meaning


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("x()", "body"),
        ("if a: x()", "if a"),
        ("if a: pass\nelse: x()", "else a"),
        ("if a: pass\nelif b: x()", "else a > if b"),
        ("if a: pass\nelif b: pass\nelse: x()", "else a > else b"),
        ("if x(): pass", "body"),
        ("if a: pass\nelif x(): pass", "else a"),
        # after a branch that leaves
        ("if a: return\nx()", "else a"),
        ("if a: raise E\nx()", "else a"),
        ("if a: sys.exit(1)\nx()", "else a"),
        ("if a: y()\nx()", "body"),
        ("if a: return\nif b: return\nx()", "else a > else b"),
        ("if a: return\nelif b: return\nx()", "else a > else b"),
        ("if a: return\nelif b: y()\nx()", "else a"),
        ("if a: y()\nelif b: return\nx()", "body"),
        ("if a:\n    if b: return\n    else: return\nx()", "else a"),
        ("if a:\n    with b: return\nx()", "else a"),
        ("if a:\n    with suppress(E): return\nx()", "body"),
        ("if a:\n    try: return\n    except E: raise\nx()", "else a"),
        ("if a:\n    try: return\n    except E: pass\nx()", "body"),
        ("if a:\n    match b:\n        case 1: return\n        case _: return\nx()", "else a"),
        ("if a:\n    match b:\n        case 1: return\nx()", "body"),
        ("for a in b:\n    if c: continue\n    x()", "loop b > else c"),
        ("for a in b:\n    if c: break\nx()", "body"),
        ("if a: return\nelse: return\nx()", "body"),
        # loops
        ("for a in b: x()", "loop b"),
        ("for a in x(): pass", "body"),
        ("while a: x()", "loop a"),
        ("while x(): pass", "loop x()"),
        ("async for a in b: x()", "loop b"),
        ("for a in b: pass\nelse: x()", "else"),
        # try and with
        ("try: x()\nexcept E: pass", "try"),
        ("try: pass\nexcept (A, B): x()", "except (A, B)"),
        ("try: pass\nexcept: x()", "except"),
        ("try: pass\nexcept* E: x()", "except E"),
        ("try: pass\nexcept E: pass\nelse: x()", "else"),
        ("try: pass\nfinally: x()", "finally"),
        ("with a as b: x()", "with a"),
        ("with a, b: x()", "with a > with b"),
        ("with a, x(): pass", "with a"),
        # match
        ("match a:\n    case 'b': x()", "case (a == 'b')"),
        ("match a:\n    case 'b' | -1: x()", "case (a in ('b', -1))"),
        ("match a:\n    case b.c: x()", "case (a == b.c)"),
        ("match a:\n    case None: x()", "case (a == None)"),
        ("match a:\n    case _: x()", "case"),
        ("match a:\n    case b: x()", "case"),
        ("match a:\n    case b if b > 1: x()", "case (b > 1)"),
        ("match a:\n    case 1 if b: x()", "case ((a == 1) and b)"),
        ("match a:\n    case ('GET', b): x()", "case (a == ('GET', ?))"),
        ("match a, b:\n    case 'GET', '/': x()", "case ((a, b) == ('GET', '/'))"),
        ("match a:\n    case {'k': 'v'}: x()", "case (a == ?('k', 'v'))"),
        ("match a:\n    case str(): x()", "case (a == ?(str))"),
        ("match a:\n    case P(b=-1) as c: x()", "case (a == ?(P, -1))"),
        ("match a:\n    case [1, *_]: x()", "case (a == ?(1, ?))"),
    ],
)
def test_the_blocks_a_call_stands_in(source, where):
    body = "\n".join(f"    {line}" for line in source.splitlines())
    function = read(f"def f():\n{body}\n").functions["f"]
    (found,) = [call for call in function.calls if show(call) == "x()"]
    assert heading(function, found.block) == where


@pytest.mark.parametrize(
    ("pattern", "meaning"),
    [
        ("b", ["b = a"]),
        ("[b, *c, d]", ["b = a[0]", "c = a[...]", "d = a[...]"]),
        ("{'k': b, **c}", ["b = a['k']", "c = ?(a)"]),
        ("P(b, c=d)", ["b = ?(a)", "d = a.c"]),
        ("1 as b", ["b = a"]),
        ("(1 | 2) as b", ["b = a"]),
        ("_", []),
    ],
)
def test_what_a_pattern_binds(pattern, meaning):
    assert [assigned(each) for each in read(f"match a:\n    case {pattern}: pass\n").module.assigns] == meaning


def test_blocks_show_their_header_and_hold_their_body():
    source = "if a == 1:\n    b\nelif c:\n    d\nelse:\n    e\nf\n"
    blocks = read(source).module.blocks
    lines = [(titled.kind, titled.at.line, titled.at.end_column, titled.whole.end_line) for titled in blocks[1:]]
    assert lines == [("if", 1, 11, 2), ("else", 3, 8, 6), ("if", 3, 8, 4), ("else", 5, 6, 6)]


def test_what_follows_a_leaving_branch_reaches_to_the_end_of_the_block():
    function = read("def f():\n    if a:\n        return 1\n    b()\n    return c\n").functions["f"]
    rest = function.blocks[2]
    assert (rest.kind, rest.at.line, rest.whole.line, rest.whole.end_line) == ("else", 2, 4, 5)
    assert [(show(each.value), each.block) for each in function.exits] == [("1", 1), ("c", 2)]


def test_exits():
    function = read("def f():\n    raise A from b\n    raise\n    return\n    return 1, 2\n").functions["f"]
    assert [(each.kind, show(each.value)) for each in function.exits] == [
        ("raise", "A"),
        ("raise", "-"),
        ("return", "-"),
        ("return", "(1, 2)"),
    ]


def test_statements_that_only_hold_expressions():
    source = "assert a(), b()\nc(); d()\n'text'\nprint >>e(), f()\n{*g()}\ntype(h).i = i()\n"
    assert calls(read(source).module) == [f"{name}() in body" for name in "abcdefgi"]
