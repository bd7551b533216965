"""Where in a JavaScript file things stand."""

import pytest

from slslint.languages import lower
from slslint.source import SourceFile
from tests.languages.notation import read


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("f()", 1, 1),
        ("#!/usr/bin/env node\nf()", 2, 1),
        ("a = 1\r\nif (a)\r\n    f()\r\n", 3, 5),
        ("x = '😀é'; f()", 1, 11),
        ("x = `é\n😀`; f()", 2, 5),
        ("x = '\u2028'; f()", 1, 10),
        ("/* é */ f()", 1, 9),
        ("const 日本 = f()", 1, 12),
        ("if (a) {\n\tf()\n}", 2, 2),
    ],
)
def test_columns_count_code_points(source, line, column):
    (call,) = read(source, "app.js").module.calls
    assert (call.at.line, call.at.column, call.at.end_column) == (line, column, column + 3)
    assert call.name_at.end_column == column + 1


def test_code_inside_a_template_is_shown_in_the_template():
    file = SourceFile("template.yaml", b"const a = require('a')\nf(1)\n", ((10, 13), (11, 13), (12, 13)))
    facts = lower(file, "javascript")
    (call,) = facts.module.calls
    assert (facts.language, call.at.path, call.at.line, call.at.column) == ("javascript", "template.yaml", 11, 13)


def test_what_the_grammar_cannot_parse_leaves_all_else_in_its_place():
    facts = read("const é = <Order>f(<A | B>a), g = <T>(b: T) => b;\nh()", "app.ts")
    assert facts.problems == ()
    assert [(call.at.line, call.at.column) for call in facts.module.calls] == [(1, 18), (2, 1)]
    assert {"Order", "A", "B", "T"} <= facts.annotated
