"""JavaScript that does not parse, that nobody would write, or that a program has written."""

import pathlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from slslint.source import SourceFile
from tests.languages.notation import assert_whole, calls, read

EVERYTHING = (pathlib.Path(__file__).parents[1] / "fixtures/languages/everything.ts").read_bytes()


@pytest.mark.parametrize(
    ("source", "line", "column", "said"),
    [
        ("const a = 1\nconst b = );\n", 2, 9, "unexpected `= )`"),
        ("const a = {\n  b: 1\n  c: 2,\n}\n", 3, 3, "unexpected `c: 2`"),
        ("const é = '😀'; )\n", 1, 16, "unexpected `)`"),
        ("a = 1\r\nif (b\r\n", 2, 1, "unexpected `if (b`"),
        ("// why\nfunction f() {\n  if (a) {\n}\n", 4, 2, "`}` is missing"),
        ("let x: = 1", 1, 8, "unexpected `=`"),
    ],
)
def test_where_it_does_not_parse(source, line, column, said):
    (problem,) = read(source, "app.ts").problems
    assert (problem.kind, problem.at.line, problem.at.column) == ("syntax", line, column)
    assert problem.message.startswith("this does not parse as TypeScript: ")
    assert said in problem.message


def test_a_merge_that_was_not_finished():
    (problem,) = read("import a from 'b'\n<<<<<<< HEAD\na = 1\n=======\n", "app.ts").problems
    assert (problem.kind, problem.at.line, problem.at.column) == ("syntax", 2, 1)
    assert "a merge was not finished here" in problem.message


def test_what_still_parses_around_a_mistake_is_read():
    source = "import a from 'b';\nfunction f(event) {\n  g(event);\n  const x = );\n  h(x);\n}\nfunction i() { j(); }\n"
    facts = read(source, "app.js")
    assert [each.kind for each in facts.problems] == ["syntax"]
    assert calls(facts.functions["f"]) == ["g(event) in body", "h(x) in body"]
    assert calls(facts.functions["i"]) == ["j() in body"]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("const f = async <T extends A>(a: T) => a as unknown as B<T>;", "app.ts"),
        ("const a = <B>c, d = <T>(e: T) => e;", "app.ts"),
        ("const a: typeof import('m') = b; const c: import('m').D<E> = d;", "app.ts"),
        ("export type * from 'm'; export type * as n from 'm';", "app.ts"),
        ("class A { @b() accessor c = 1 }", "app.ts"),
        ("class A {\n  b = 1\n  accessor = (c: D) => c.d\n  private accessor: string\n}", "app.tsx"),
        ("interface A { b: (string) => C; d: (string, number) => void }", "app.ts"),
        ("interface A<\n  in B extends C,\n  in out D extends E = F,\n> { (b: B): D }", "app.ts"),
        ("const a = await b.$c<{ d: bigint }[]>`SELECT ${e}\nFROM f`;", "app.ts"),
        ("const a = <p>this & that</p>;", "app.jsx"),
        ("import { undefined, string } from 'm';", "app.ts"),
        ("interface Query {\n  size?: number\n  in?: string[]\n}", "app.ts"),
        ("#!/usr/bin/env node\n'use strict';\n", "app.js"),
        ("let async, of, get, set, type, from; async(of); type = 1; for (of of of);", "app.js"),
        ("a = b\n++c\nlet [d] = e\n;[f] = g", "app.js"),
        ("label: { break label }\ndebugger;\nwith (a) b();", "app.js"),
        ("const a = class { static async *#b() { return #b in this } static { this.c } };", "app.js"),
        ("", "app.js"),
    ],
)
def test_valid_code_has_no_problem(source, path):
    assert read(source, path).problems == ()


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("import a from 'a';\n{%- if cookiecutter.tracing %}\nimport b from 'b';\n{%- endif %}\n", 2),
        ("const name = {{ name }};\n", 1),
        ("const name = <%= name %>;\n", 1),
        ("import b from 'b';\nexport a from 'a';\n", 2),
        ("// @flow\nimport a from 'a';\nopaque type B: c = d;\n", 3),
    ],
)
def test_source_that_another_program_reads_first_is_not_its_authors_mistake(source, line):
    facts = read(source, "app.js")
    (problem,) = facts.problems
    assert (problem.kind, problem.at.line) == ("templated", line)
    assert not facts.module.imports


FILLER = "function f(a) { return a; }\n" * 100
PACKED = "function f(a){return a}var b=f(1);" * 100


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("var __webpack_modules__ = {};\n" + FILLER, "app.js"),
        ("/******/ (() => { // webpackBootstrap\n" + FILLER, "app.js"),
        ("var __defProp = Object.defineProperty;\nvar __export = (target, all) => {};\n" + FILLER, "app.js"),
        ("var __commonJS = (cb, mod) => function __require() {};\n" + FILLER, "app.mjs"),
        ("module.exports = __nccwpck_require__(1);\n" + FILLER, "app.js"),
        (PACKED, "app.js"),
        (PACKED + "\n//# sourceMappingURL=app.js.map\n", "app.js"),
        (FILLER, "lib/jquery.min.js"),
        (PACKED * 700, "app.js"),
    ],
)
def test_what_a_bundler_or_minifier_made_is_not_read(source, path):
    facts = read(source, path)
    (problem,) = facts.problems
    assert (problem.kind, problem.at.line) == ("bundled", 1)
    assert problem.message.endswith("; slslint reads the source that it was made from")
    assert set(facts.functions) == {""}


@pytest.mark.parametrize(
    "source",
    [
        FILLER,
        "const font = '" + "QUJD" * 5000 + "';\n" + FILLER,
        FILLER + "//# sourceMappingURL=data:application/json;base64," + "QUJD" * 50_000,
        '"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });\n' + FILLER,
        "f(" + ", ".join(["'a'"] * 5000) + ");\n",
    ],
    ids=lambda source: source[:30],
)
def test_what_people_and_compilers_write_is_read(source):
    facts = read(source, "app.js")
    assert facts.problems == ()
    assert len(facts.functions) > 1 or facts.module.calls


DEEP = 10_000


@pytest.mark.parametrize(
    "source",
    [
        "x = " + "(" * DEEP + "a" + ")" * DEEP,
        "x = " + "[" * DEEP + "]" * DEEP,
        "x = " + "[" * DEEP,
        "x = " + "{ a: " * DEEP + "1" + " }" * DEEP,
        "x = " + "f(" * DEEP + ")" * DEEP,
        "x = a" + ".b" * DEEP,
        "x = a" + ".b()" * DEEP,
        "x = a" + ".b(c => c)\n" * DEEP,
        "x = a" + "[0]" * DEEP,
        "x = a" + "!" * DEEP,
        "x = a" + " as B" * DEEP,
        "x = " + "a + " * DEEP + "'b'",
        "x = " + "a() && " * DEEP + "b",
        "x = " + "a() ?? " * DEEP + "b",
        "x = " + "!" * DEEP + "b",
        "x = " + "a ? b() : " * DEEP + "c",
        "x = " + "a =>\n" * DEEP + "a",
        "x = " + "() => { return\n" * DEEP + "}" * DEEP,
        "x = " + "async function f() { await\n" * DEEP,
        "x = " + "class { a =\n" * DEEP + "1" + "}" * DEEP,
        "x = " + "`${" * DEEP + "a" + "}`" * DEEP,
        "x = " + "new " * DEEP + "A",
        "x = " + "<a>\n" * DEEP + "</a>\n" * DEEP,
        "async () => " + "await " * DEEP + "b",
        "const " + "[" * DEEP + "a" + "]" * DEEP + " = b",
        "const " + "{ a: " * DEEP + "a" + " }" * DEEP + " = b",
        "a = " * DEEP + "1",
        "a ||= " * DEEP + "1",
        "if (a) b();" + " else if (a) b();\n" * DEEP,
        "if (a) " * DEEP + "b()",
        "{" * DEEP + "}" * DEEP,
        "try {\n" * DEEP + "} catch {}\n" * DEEP,
        "a: " * DEEP + "b()",
        "switch (a) { case 1:\n" * DEEP + "}" * DEEP,
        "switch (a) {" + "case 1: b();\n" * DEEP + "}",
        "function f() {" + "if (a) return;\n" * DEEP + "}",
        "function f() {}\n" * DEEP,
        "let x = " + "B<" * DEEP + "c" + ">" * DEEP,
        "type A = " + "B<" * DEEP + "C" + ">" * DEEP,
    ],
    ids=lambda source: source[:30],
)
def test_depth_and_length_are_bounded(source):
    assert read(source, "app.tsx").language == "typescript"


def test_a_chain_of_hundreds_is_read_to_its_beginning():
    (start, *_, last) = read("f()" + ".then(g)" * 400, "app.js").module.calls
    assert start.at.end_column == 4
    assert last.discarded
    assert len(read("f()" + ".then(g)" * 400, "app.js").module.calls) == 401


def test_a_line_of_megabytes():
    source = "x = '😀' + f('" + "é" * 1_000_000 + "', y)"
    (call,) = read(source, "app.js").module.calls
    assert (call.at.column, call.at.end_column) == (11, 11 + len("f('', y)") + 1_000_000)


@settings(max_examples=60, deadline=None)
@given(
    st.integers(0, len(EVERYTHING.decode())), st.integers(0, 200), st.sampled_from(["", ")", "}", "`", "\n", "/*", "é"])
)
def test_whatever_is_cut_out_is_survived(start, length, put):
    text = EVERYTHING.decode()
    assert_whole(SourceFile("app.ts", (text[:start] + put + text[start + length :]).encode()))


def test_the_fixture_is_valid():
    assert read(EVERYTHING, "everything.ts").problems == ()
