"""Expressions of JavaScript and TypeScript."""

import pytest

from tests.languages.notation import calls, read, show


def value(source: str, path: str = "app.ts"):
    facts = read(f"$ = {source}", path)
    assert facts.problems == ()
    return facts.module.assigns[-1].value


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("1", "1"),
        ("-1", "-1"),
        ("0x1F", "31"),
        ("0b11", "3"),
        ("017", "15"),
        ("1_000", "1000"),
        ("10n", "10"),
        (".5", "0.5"),
        ("1e3", "1000.0"),
        ("1e999", "?"),
        ("'a\\n\\x41\\u0042\\u{1F600}'", repr("a\nAB😀")),
        ("'\\ud83d\\ude00'", repr("😀")),
        ("'\\ud800'", "?"),
        ("'a\\\nb'", "'ab'"),
        ('"it\\\'s"', '"it\'s"'),
        ("true", "True"),
        ("null", "None"),
        ("undefined", "None"),
        ("void 0", "None"),
        ("/^\\/users\\/(\\d+)$/i", repr("^\\/users\\/(\\d+)$")),
    ],
)
def test_literals(source, meaning):
    assert show(value(source)) == meaning


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("a", "a"),
        ("a.b", "a.b"),
        ("a?.b", "a.b"),
        ("a!.b", "a.b"),
        ("(a as B).b", "a.b"),
        ("(a satisfies B)", "a"),
        ("a as unknown as B", "a"),
        ("<B>a", "a"),
        ("<B<C>>{ a }", "{'a': a}"),
        ("a['b']", "a['b']"),
        ("a?.[0]", "a[0]"),
        ("a.#b", "a.#b"),
        ("a<B>(c)", "a(c)"),
        ("a?.(b)", "a(b)"),
        ("new A", "A()"),
        ("new A.B<C>(d)", "A.B(d)"),
        ("a(...b, c)", "a(*b, c)"),
        ("a`b${c}`", "a(join('b', c))"),
        ("(0, a.b)(c)", "a.b(c)"),
        ("import.meta.url", "?.url"),
        ("module.exports.a", "exports.a"),
        ("this", "?"),
    ],
)
def test_members_and_calls(source, meaning):
    assert show(value(source)) == meaning


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("await a()", "await a()"),
        ("await (a())", "await a()"),
        ("await a<B>(c)", "await a(c)"),
        ("await a.b<C>(d).e()", "await a.b(d).e()"),
        ("(await a()).b", "await a().b"),
        ("await new A()", "await A()"),
        ("await a", "a"),
        ("!a<B>(c)", "(not a(c))"),
        ("a + b<C>(d)", "(a + b(d))"),
        ("a === b<C>(d).e", "(a == b(d).e)"),
    ],
)
def test_what_is_awaited_or_negated_is_the_whole_call(source, meaning):
    assert show(value(source)) == meaning


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("`a`", "'a'"),
        ("`a${b}c${1}`", "join('a', b, 'c1')"),
        ("`a\r\n\\n`", repr("a\n\n")),
        ("'a' + 'b'", "'ab'"),
        ("'a' + b + 1", "join('a', b, 1)"),
        ("a + b + 'c'", "join((a + b), 'c')"),
        ("'a'.concat(b, 'c')", "join('a', b, 'c')"),
        ("a + b", "(a + b)"),
        ("a - 1", "(a - 1)"),
        ("a ** b % c", "((a ** b) % c)"),
    ],
)
def test_text_and_arithmetic(source, meaning):
    assert show(value(source)) == meaning


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("a === b", "(a == b)"),
        ("a == b", "(a == b)"),
        ("a !== b", "(a != b)"),
        ("a >= 1", "(a >= 1)"),
        ("'a' in b", "('a' in b)"),
        ("a == null", "(a is None)"),
        ("null !== a", "(a is not None)"),
        ("a === undefined", "(a is None)"),
        ("a === void 0", "(a is None)"),
        ("typeof a === 'undefined'", "(a is None)"),
        ("'undefined' != typeof a", "(a is not None)"),
        ("typeof a === 'string'", "(?(a) == 'string')"),
        ("a instanceof B", "?(a, B)"),
        ("a && b && c", "(a and b and c)"),
        ("a || b", "(a or b)"),
        ("a ?? b", "(a or b)"),
        ("!a", "(not a)"),
        ("!!a", "(not (not a))"),
        ("a ? b : c", "(b | c if a)"),
        ("(a, b, c)", "c"),
        ("a = b", "b"),
    ],
)
def test_decisions(source, meaning):
    assert show(value(source)) == meaning


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("[]", "[]"),
        ("[a, 'b', [c]]", "[a, 'b', [c]]"),
        ("[a, ...b]", "?(a, ?(b))"),
        ("[a, , b]", "?(a, b)"),
        ("[a, /* c */ b,]", "[a, b]"),
        ("({})", "{}"),
        ("({ a, b: 1, 'c-d': 2, 3: 4, [e]: 5, ...f })", "{'a': a, 'b': 1, 'c-d': 2, '3': 4, e: 5, **f}"),
        ("({ a() {}, b: () => 1, get c() { return 1 } })", "{'a': closure a, 'b': closure b, 'c': closure c()}"),
        ("<a b={c()}>{d}<E /></a>", None),
    ],
)
def test_collections(source, meaning):
    if meaning is None:
        assert calls(read(f"$ = {source}", "app.tsx").module) == ["c() in body"]
        return
    facts = read(f"({{}})[0] = {source}", "app.ts")
    assert show(facts.module.assigns[-1].value) == meaning


def test_calls_stand_in_the_order_in_which_they_happen():
    function = read("a(b()).c(d).e(() => f());", "app.js").module
    assert calls(function) == [
        "a(b()) in body",
        "b() in body",
        "a(b()).c(d) in body",
        "a(b()).c(d).e(closure <lambda>@1:15) in body",
    ]


@pytest.mark.parametrize(
    ("source", "discarded"),
    [
        ("f()", True),
        ("await f()", True),
        ("await f<T>()", True),
        ("new f()", True),
        ("void f()", True),
        ("a && f()", True),
        ("a || (b, f())", True),
        ("a ? f() : 1", True),
        ("f(), 1", True),
        ("for (f(); ; ) {}", True),
        ("for (; ; f()) {}", True),
        ("for (; f(); ) {}", False),
        ("x = f()", False),
        ("x = (f(), 1)", True),
        ("f() && a", False),
        ("f().b", False),
        ("g(f())", False),
        ("(() => f())", False),
        ("if (f()) {}", False),
        ("!f()", True),
    ],
)
def test_results_that_nobody_gets(source, discarded):
    functions = read(f"{source};", "app.ts").functions.values()
    (call,) = [call for each in functions for call in each.calls if show(call.callee) == "f"]
    assert call.discarded == discarded


def test_what_is_awaited_and_is_no_call():
    function = read("await started; x = await (a ? b() : c);", "app.mjs").module
    assert [show(each) for each, _ in function.awaits] == ["started", "(b() | c if a)"]
