"""Expressions, and the calls in them."""

import pytest

from tests.languages.notation import assigned, calls, heading, read, show


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        # constants
        ("None", "None"),
        ("True", "True"),
        ("0x_ff", "255"),
        ("0b11 ", "3"),
        ("1_000", "1000"),
        ("1_0.5e1", "105.0"),
        ("-3", "-3"),
        ("3j", "?"),
        ("1e999", "?"),
        ("9" * 5000, "?"),
        ("...", "?"),
        # text
        (r"'a\n\x41\u00e9\'\101'", repr("a\nAé'A")),
        (r"'\d\N{EM DASH}\N{no such}'", repr("\\d—\\N{no such}")),
        (r"r'\d\n'", repr("\\d\\n")),
        ("'a\\\nb'", "'ab'"),
        ('"""a\r\nb"""', repr("a\nb")),
        (r"'\ud800'", "join(?)"),
        ("u'a'", "'a'"),
        ("b'a\\xff'", repr(b"a\xff")),
        (r"rb'\x'", repr(b"\\x")),
        ("''", "''"),
        ("b''", "b''"),
        ("'a' \"b\" r'c'", "'abc'"),
        ("b'a' b'b'", "b'ab'"),
        ("'a' f'{b}' 'c'", "join('a', b, 'c')"),
        # text put together
        ("f'a{b}c{d.e}'", "join('a', b, 'c', d.e)"),
        ("f'{{{a}}}'", "join('{', a, '}')"),
        ("f'plain'", "'plain'"),
        ("f'{a!r}{b:>{c}}{d:,}'", "join(?(a), ?(b), ?(d))"),
        ("f'{a[\"b\"]}'", "join(a['b'])"),
        ("f'{1}{\"x\"}'", "'1x'"),
        ("'a' + b + 'c'", "join('a', b, 'c')"),
        ("a + 'b' + str(c)", "join(a, 'b', str(c))"),
        ("'a' + 'b'", "'ab'"),
        ("a + b", "(a + b)"),
        ("a + 1 + '-'", "join((a + 1), '-')"),
        ("'%s-%s' % (a, 1)", "join(a, '-1')"),
        ("'%s' % a", "join(a)"),
        ("'%5d%%' % a", "join(?(a), '%')"),
        ("'%(k)s' % a", "join(?('%(k)s', a))"),
        ("'{}/{}'.format(a, b)", "join(a, '/', b)"),
        ("'{1}{0}{x}'.format(a, b, x=c)", "join(b, a, c)"),
        ("'{:>5}'.format(a)", "join(?(a))"),
        ("'{0.b}'.format(a)", "join(?('{0.b}', a))"),
        ("'{}'.format(*a)", "join(?('{}', a))"),
        ("TEMPLATE.format(a)", "TEMPLATE.format(a)"),
        # names, attributes, items, calls
        ("a.b.c", "a.b.c"),
        ("a['b'][0][-1]", "a['b'][0][-1]"),
        ("a[1:]", "a[...]"),
        ("a[b, 1]", "a[(b, 1)]"),
        ("a(b, *c, d=e, **f)", "a(b, *c, d=e, *f)"),
        ("a(b for b in c)", "a(?(b, c))"),
        ("a.b().c()", "a.b().c()"),
        ("await a(b)", "await a(b)"),
        ("await (a(b))", "await a(b)"),
        ("await a", "a"),
        ("(a)", "a"),
        # operators
        ("a or b or c", "(a or b or c)"),
        ("a or b and not c", "(a or (b and (not c)))"),
        ("a if b else c", "(a | c if b)"),
        ("a == 1", "(a == 1)"),
        ("a not in b", "(a not in b)"),
        ("a is not None", "(a is not None)"),
        ("1 < a < 3", "?(1, a, 3)"),
        ("a - 1 * b", "(a - (1 * b))"),
        ("-a", "?(a)"),
        ("(n := f())", "f()"),
        # collections
        ("[1, a]", "[1, a]"),
        ("(1,)", "(1)"),
        ("1, 2", "(1, 2)"),
        ("{1}", "{1}"),
        ("()", "()"),
        ("[*a, 1]", "?(?(a), 1)"),
        ("[*a(b), 1]", "?(?(a(b)), 1)"),
        ("g({*a(b)})", "g(?(a(b)))"),
        ("{'a': 1, **b}", "{'a': 1, **b}"),
        ("[\n  1,  # one\n  2,\n]", "[1, 2]"),
        ("[f(a) for a in b if c]", "?(f(a), b)"),
        ("{a: b for a in c}", "?(?(a, b), c)"),
        ("lambda: 1", "closure <lambda>@1:5"),
    ],
)
def test_an_expression(source, meaning):
    (assign,) = [each for each in read(f"x = {source}").module.assigns if show(each.target) == "x"]
    assert show(assign.value) == meaning


def test_calls_are_listed_as_written_wherever_they_stand():
    module = read("f(g(), [h(x) for x in i()])(j())[k()] = f'{l():{m()}}'\n").module
    assert [show(call.callee).partition("(")[0] for call in module.calls] == list("fghifjklm")


def test_a_formatted_text_is_a_call_too():
    assert calls(read("x = '{}'.format(f())").module) == ["'{}'.format(f()) in body", "f() in body"]


def test_comprehensions_are_loops():
    module = read("x = [f(a, b) for a, b in c() if d(a) for e in g(b)]").module
    assert calls(module) == [
        "f(a, b) in loop c() > if d(a) > loop g(b)",
        "c() in body",
        "d(a) in loop c()",
        "g(b) in loop c() > if d(a)",
    ]
    assert [assigned(each) for each in module.assigns][:3] == [
        "a for c()[...][0]",
        "b for c()[...][1]",
        "e for g(b)[...]",
    ]


def test_a_lambda_is_a_function_that_returns_its_body():
    facts = read("def f(a):\n    return sorted(a, key=lambda b, *c, d=g(): h(b, a))\n")
    made = facts.functions["<lambda>@2:26"]
    (exit_,) = made.exits
    assert (exit_.kind, show(exit_.value), made.outer) == ("return", "h(b, a)", "f")
    assert [(each.name, each.kind) for each in made.parameters] == [("b", "plain"), ("c", "*"), ("d", "keyword")]
    assert [each.name for each in made.reads] == ["h", "a"]
    assert calls(made) == ["h(b, a) in body"]
    assert [call.name_at.column for call in facts.functions["f"].calls] == [12, 42]


def test_yield_is_an_exit():
    function = read("def f():\n    a = yield b\n    yield\n    yield from c\n").functions["f"]
    assert [(each.kind, show(each.value)) for each in function.exits] == [
        ("yield", "b"),
        ("yield", "-"),
        ("yield", "c"),
    ]


def test_the_walrus_binds():
    function = read("def f():\n    if (n := g()) > 1:\n        return n\n").functions["f"]
    assert [assigned(each) for each in function.assigns] == ["n = g()"]
    assert heading(function, 1) == "if (g() > 1)"
    assert "n" in function.bound
