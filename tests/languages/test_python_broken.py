"""Source that does not parse, or that nobody would write."""

import pathlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slslint.source import SourceFile
from tests.languages.notation import assert_whole, calls, read

EVERYTHING = (pathlib.Path(__file__).parents[1] / "fixtures/languages/everything.py").read_bytes()

PUT_IN = ["", ")", "\n", "'''", "é", "\r"]


@pytest.mark.parametrize(
    ("source", "line", "column", "said"),
    [
        ("a = 1\nb = )\n", 2, 5, "unmatched ')'"),
        ("def f(a:\n    return b\n", 1, 6, "'(' was never closed"),
        ("a = 'b\nc = 1\n", 1, 5, "unterminated string literal"),
        ("é = '😀'; )\n", 1, 10, "unmatched ')'"),
        ("a = 1\r\nif b\r\n    c\r\n", 2, 4, "expected ':'"),
        ("def f():\n    a\n     b\n", 3, 6, "unexpected indent"),
        ("def f():\n        a\n    b\n", 3, 5, "unindent does not match"),
        ("  a\nb\n", 1, 3, "unexpected indent"),
        ("def f():\na\n", 2, 1, "expected an indented block"),
        ("class A:\n    # later\n\nb = 1\n", 4, 1, "expected an indented block"),
        ("def f():\n    if a:\n    b\n", 3, 5, "expected an indented block"),
    ],
)
def test_where_it_does_not_parse(source, line, column, said):
    (problem,) = read(source).problems
    assert (problem.kind, problem.at.line, problem.at.column) == ("syntax", line, column)
    assert problem.message.startswith("this does not parse as Python: ")
    assert said in problem.message


def test_a_merge_that_was_not_finished():
    (problem,) = read("def f():\n<<<<<<< HEAD\n    return 1\n=======\n    return 2\n>>>>>>> other\n").problems
    assert (problem.kind, problem.at.line, problem.at.column) == ("syntax", 2, 1)
    assert "a merge was not finished here" in problem.message


def test_a_template_of_source_is_not_its_authors_mistake():
    facts = read("import a\n{%- if cookiecutter.tracing %}\nimport b\n{%- endif %}\n")
    (problem,) = facts.problems
    assert (problem.kind, problem.at.line) == ("templated", 2)
    assert not facts.module.imports


def test_what_still_parses_around_a_mistake_is_read():
    facts = read("import a\ndef f(event):\n    g(event)\n    x = )\n    h(x)\n\ndef i():\n    j()\n")
    assert [each.kind for each in facts.problems] == ["syntax"]
    assert calls(facts.functions["f"]) == ["g(event) in body", "h(x) in body"]
    assert calls(facts.functions["i"]) == ["j() in body"]


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("import a\nprint 'b'\n", 2, 1),
        ("try: a\nexcept B, e: pass\n", 2, 1),
        ("a = `b`\n", 1, 5),
        ("exec 'a' in b\n", 1, 1),
        ("a = 0777\n", 1, 5),
        ("a = 10L\n", 1, 5),
        ("a = ur'b'\n", 1, 5),
        ("raise A, 'b'\n", 1, 1),
        ("if a <> b: pass\n", 1, 4),
        ("def f((a, b)): pass\nprint 'c'\n", 1, 7),
    ],
)
def test_python_2_is_named_and_not_read(source, line, column):
    facts = read(source)
    (problem,) = facts.problems
    assert (problem.kind, problem.at.line, problem.at.column) == ("python2", line, column)
    assert problem.message == "Python 2 source; slslint reads Python 3, so this file is not linted"
    assert not facts.module.assigns
    assert not facts.module.imports


@pytest.mark.parametrize(
    "source",
    [
        "print >>a, b\n",
        "print\n",
        "print (a), b\n",
        "exec(a)\n",
        "match = case = type = 1\nmatch(case)\ntype(a)\n",
        "async def f():\n    async with a as b: return [c async for c in d]\n",
        "try: pass\nexcept* A: pass\n",
        "type A[T] = list[T]\ndef f[T: int](a: T) -> T: ...\nclass C[T]: ...\n",
        "a = f'{b['c']} {f\"{d}\"}'\n",
        "with (a as b, c as d,): pass\n",
        "def f(a, /, b, *, c): pass\n",
        "try: pass\nexcept A, B: pass\n",
        "x = 0_0 + 00 + 0xF_F\n",
        "if a:\n\tb\n",
        "a = (yield)\n",
        "@(a or b)\ndef f(): ...\n",
        "a[*b] = c\n",
        "",
        "#!/usr/bin/env python3\n# -*- coding: latin-1 -*-\n",
    ],
)
def test_valid_code_has_no_problem(source):
    assert read(source).problems == ()


DEEP = 10_000


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * DEEP + ")" * DEEP,
        "x = " + "[" * DEEP + "]" * DEEP,
        "x = " + "[" * DEEP,
        "x = " + "{1:" * DEEP,
        "x = " + "f(" * DEEP + ")" * DEEP,
        "x = a" + ".b()" * DEEP,
        "x = a" + "[0]" * DEEP,
        "x = " + "a + " * DEEP + "'b'",
        "x = " + "a or " * DEEP + "b",
        "x = " + "not " * DEEP + "b",
        "x = " + "a if b else " * DEEP + "c",
        "x = " + "lambda: " * DEEP + "a",
        "x = " + "[a for a in " * DEEP + "b" + "]" * DEEP,
        "x = " + "await " * DEEP + "b",
        "x = " + "f'{" * 300 + "a" + "}'" * 300,
        "(" * DEEP + "a," + ")" * DEEP + " = x",
        " = ".join("a" * DEEP),
        "match x:\n    case " + "[" * DEEP + "]" * DEEP + ": pass",
        "match x:\n    case " + "(" * DEEP + "1" + " as a)" * DEEP + ": pass",
        "if x: pass\n" + "elif y: pass\n" * DEEP,
        "def f():\n" + " if x: return\n" * DEEP,
        "def f(): pass\n" * DEEP,
        "from " + "." * DEEP + " import a",
        *("\n".join(" " * depth + head for depth in range(1000)) for head in ("def f():", "class C:", "if x:", "try:")),
    ],
    ids=lambda source: source[:30],
)
def test_depth_and_length_are_bounded(source):
    assert read(source).language == "python"


def test_ten_thousand_definitions_inside_each_other():
    # One indent a level would make a file of 50 MB; Python refuses more than 100.
    lines = [f"{' ' * min(depth, 200)}def f():" for depth in range(DEEP)]
    assert "f.f" in read("\n".join(lines)).functions


def test_a_line_of_megabytes():
    source = "x = '😀' + f('" + "é" * 2_500_000 + "', y)"
    (call,) = read(source).module.calls
    assert (call.at.column, call.at.end_column) == (11, 11 + len("f('', y)") + 2_500_000)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, len(EVERYTHING.decode())), st.integers(0, 200), st.sampled_from(["", ")", "\n", "'''", "é", "\r"])
)
def test_whatever_is_cut_out_is_survived(start, length, put):
    text = EVERYTHING.decode()
    assert_whole(SourceFile("app.py", (text[:start] + put + text[start + length :]).encode()))


def test_the_fixture_is_valid():
    assert read(EVERYTHING).problems == ()
