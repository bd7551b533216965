"""Statements of JavaScript: what they bind, and the blocks that they open."""

import pytest

from tests.languages.notation import assigned, heading, read, show


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("const a = b", ["a = b"]),
        ("let a", ["a = None"]),
        ("let a, b = 1", ["a = None", "b = 1"]),
        ("var a = 1; var a", ["a = 1"]),
        ("const { a, b: c } = d", ["a = d.a", "c = d.b"]),
        ("const { a = 1, b: { c = 2 } = {} } = d", ["a = (d.a or 1)", "c = ((d.b or {}).c or 2)"]),
        ("const { 'a-b': a, [k]: b, ...c } = d", ["a = d['a-b']", "b = d[k]", "c = d"]),
        ("const [a, , [b = 1], ...c] = d", ["a = d[0]", "b = (d[2][0] or 1)", "c = d[...]"]),
        ("const [a, b] = [1, c]", ["a = 1", "b = c"]),
        ("a = b = c", ["a = c", "b = c"]),
        ("a.b = c; a['b'] = c", ["a.b = c", "a['b'] = c"]),
        ("({ a, b: c.d, e = 1 } = f)", ["a = f.a", "c.d = f.b", "e = (f.e or 1)"]),
        ("[a, b] = [b, a]", ["a = b", "b = a"]),
        ("(a as any).b = c", ["a.b = c"]),
        ("a += 1; a['b'] |= c", ["a += 1", "a['b'] |= c"]),
        ("a++; --b.c", ["a += 1", "b.c -= 1"]),
        ("a ??= b; a ||= b; a &&= b", ["a = b", "a = b", "a = b"]),
        ("delete a.b; delete a['b']", ["a.b del ?", "a['b'] del ?"]),
        ("for (const a of b) {}", ["a for b[...]"]),
        ("for (const [a, { b }] of c) {}", ["a for c[...][0]", "b for c[...][1].b"]),
        ("for (a of b) {}", ["a for b[...]"]),
        ("for (const a in b) {}", ["a for ?(b)"]),
        ("for (let i = 0; i < n; i++) {}", ["i = 0", "i += 1"]),
        ("try {} catch (e) {}", ["e = ?"]),
        ("try {} catch ({ message }) {}", ["message = ?.message"]),
        ("enum A { B = 'b', C = 3, D, 'e' = f }", ["A = {'B': 'b', 'C': 3, 'D': 4, 'e': f}"]),
        ("namespace A { export const b = 1; const c = 2 }", ["b = 1", "c = 2", "A = {'b': b}"]),
        ("import a = b.c", ["a = b.c"]),
        ("declare const a: string; declare let b", []),
    ],
)
def test_what_gets_a_value(source, meaning):
    facts = read(source, "app.ts")
    assert facts.problems == ()
    assert [assigned(each) for each in facts.module.assigns] == meaning


@pytest.mark.parametrize(
    ("source", "where"),
    [
        ("x()", "body"),
        ("if (a) x()", "if a"),
        ("if (a) {} else x()", "else a"),
        ("if (a) {} else if (b) { x() }", "else a > if b"),
        ("if (a) {} else if (b) {} else { x() }", "else a > else b"),
        ("if (x()) {}", "body"),
        ("if (a) {} else if (x()) {}", "else a"),
        # after a branch that leaves
        ("if (a) return; x()", "else a"),
        ("if (a) { throw b } x()", "else a"),
        ("if (a) process.exit(1); x()", "else a"),
        ("if (a) y(); x()", "body"),
        ("if (a) return; if (b) return; x()", "else a > else b"),
        ("if (a) return; else if (b) return; x()", "else a > else b"),
        ("if (a) return; else if (b) y(); x()", "else a"),
        ("if (a) y(); else if (b) return; x()", "body"),
        ("if (a) { if (b) return; else return } x()", "else a"),
        ("if (a) { try { return } catch { throw b } } x()", "else a"),
        ("if (a) { try { return } catch {} } x()", "body"),
        ("if (a) { try {} finally { return } } x()", "else a"),
        ("if (a) { switch (b) { case 1: return; default: throw c } } x()", "else a"),
        ("if (a) { switch (b) { case 1: break; default: return } } x()", "body"),
        ("if (a) { switch (b) { case 1: return } } x()", "body"),
        ("if (a) { b: { break b } } x()", "body"),
        ("if (a) return; else return; x()", "body"),
        ("for (const a of b) { if (c) continue; x() }", "loop b > else c"),
        ("for (const a of b) { if (c) break } x()", "body"),
        # loops
        ("for (const a of b) x()", "loop b"),
        ("for (const a of x()) {}", "body"),
        ("for (const a in b) x()", "loop b"),
        ("for await (const a of b) x()", "loop b"),
        ("for (let i = 0; i < n; i++) x()", "loop (i < n)"),
        ("for (x(); ; ) {}", "body"),
        ("for (; ; x()) {}", "loop"),
        ("while (a) x()", "loop a"),
        ("while (x()) {}", "loop x()"),
        ("do { x() } while (a)", "loop a"),
        ("a: for (;;) { x() }", "loop"),
        # try
        ("try { x() } catch {}", "try"),
        ("try {} catch (e) { x() }", "except"),
        ("try {} finally { x() }", "finally"),
        # switch
        ("switch (a) { case 'b': x() }", "case (a == 'b')"),
        ("switch (a) { case 'b': { x() } }", "case (a == 'b')"),
        ("switch (a) { case 1: case 2: x(); break }", "case (a in (1, 2))"),
        ("switch (a) { case 1: y(); case 2: x() }", "case (a in (1, 2))"),
        ("switch (a) { case 1: y(); break; case 2: x() }", "case (a == 2)"),
        ("switch (a) { case 1: return; default: x() }", "case"),
        ("switch (a) { case 1: default: x() }", "case"),
        ("switch (true) { case a > 1: x() }", "case (a > 1)"),
        ("switch (true) { case a: case b: x() }", "case (a or b)"),
        ("switch (x()) {}", "body"),
        ("switch (a) { case 1: if (b) break; x() }", "case (a == 1) > else b"),
        # parts of expressions
        ("a && x()", "if a"),
        ("a || x()", "else a"),
        ("a ?? x()", "if (a is None)"),
        ("a && b && x()", "if (a and b)"),
        ("x() && a", "body"),
        ("a ? x() : 1", "if a"),
        ("a ? 1 : x()", "else a"),
        ("y = a ? 1 : { b: [x()] }", "else a"),
        ("a ||= x()", "if (not a)"),
        ("a ??= x()", "if (a is None)"),
        ("a &&= x()", "if a"),
    ],
)
def test_the_blocks_a_call_stands_in(source, where):
    facts = read(f"async function f() {{ {source} }}", "app.js")
    assert facts.problems == ()
    function = facts.functions["f"]
    (found,) = [call for call in function.calls if show(call) == "x()"]
    assert heading(function, found.block) == where


def test_nothing_is_opened_where_nothing_happens():
    function = read("const a = b && c.d, e = f ? g : h || (i ?? j);", "app.js").module
    assert len(function.blocks) == 1
    assert {each.block for each in function.reads} == {0}
    assert {each.name for each in function.reads} == set("bcfghij")


def test_blocks_show_their_header_and_hold_their_body():
    source = "if (a == 1) {\n  b\n} else if (c) {\n  d\n} else {\n  e\n}\nf\n"
    blocks = read(source, "app.js").module.blocks
    lines = [(each.kind, each.at.line, each.at.end_column, each.whole.end_line) for each in blocks[1:]]
    assert lines == [("if", 1, 12, 3), ("else", 3, 14, 7), ("if", 3, 14, 5), ("else", 5, 7, 7)]


def test_what_follows_a_leaving_branch_reaches_to_the_end_of_the_block():
    function = read("function f() {\n  if (a) {\n    return 1\n  }\n  b()\n  return c\n}", "app.js").functions["f"]
    rest = function.blocks[2]
    assert (rest.kind, rest.at.line, rest.whole.line, rest.whole.end_line) == ("else", 2, 5, 6)
    assert [(show(each.value), each.block) for each in function.exits] == [("1", 1), ("c", 2)]


def test_exits():
    source = "function* f() { throw new A(b); return; return 1; yield c; yield* d; yield }"
    function = read(source, "app.js").functions["f"]
    assert [(each.kind, show(each.value)) for each in function.exits] == [
        ("raise", "A(b)"),
        ("return", "-"),
        ("return", "1"),
        ("yield", "c"),
        ("yield", "d"),
        ("yield", "-"),
    ]


def test_types_are_no_code():
    source = """\
interface A extends B { c: D }
type E<F> = G extends F ? H : I;
declare module "j" { const k: L }
declare function m(n: O): P;
abstract class Q { abstract r(s: T): U; declare v: W }
const x: Y<Z> = a1 as B1<typeof c1>;
"""
    facts = read(source, "app.ts")
    assert {each.name for each in facts.module.reads} == {"a1"}
    assert facts.module.bound == {"Q", "x"}
    assert {*"BDFGHIYZ", "B1", "c1"} <= facts.annotated


def test_blocks_know_what_lies_within_them():
    source = (
        "function f(a) { if (a) { for (;;) { b() } } else if (c) { d() } else { try { e() } finally { g() } } h() }"
    )
    function = read(source, "app.js").functions["f"]
    for block in range(len(function.blocks)):
        around = {block, 0}
        here = block
        while here:
            here = function.blocks[here].parent
            around.add(here)
        assert {each for each in range(len(function.blocks)) if function.within(block, each)} == around
