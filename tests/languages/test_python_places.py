"""Where in the file things stand."""

import pytest

from slslint.languages import lower
from slslint.source import SourceFile
from tests.languages.notation import read


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        ("f()", 1, 1),
        ("#!/usr/bin/env python3\nf()", 2, 1),
        ("a = 1\r\nif a:\r\n    f()\r\n", 3, 5),
        ("x = '😀é'; f()", 1, 11),
        ("x = '''é\n😀'''; f()", 2, 7),
        ("if a:\n\tf()", 2, 2),
        ("a\n\x0c\nf()", 3, 1),
        ("x = 1 + \\\n  f()", 2, 3),
        ("日本 = f()", 1, 6),
    ],
)
def test_columns_count_code_points(source, line, column):
    (call,) = read(source).module.calls
    assert (call.at.line, call.at.column, call.at.end_column) == (line, column, column + 3)
    assert call.name_at.end_column == column + 1


def test_code_inside_a_template_is_shown_in_the_template():
    file = SourceFile("template.yaml", b"import a\ndef f():\n  g(1)\n", ((10, 13), (11, 13), (12, 13), (12, 13)))
    facts = lower(file)
    (call,) = facts.functions["f"].calls
    assert (call.at.path, call.at.line, call.at.column, call.at.end_column) == ("template.yaml", 12, 15, 19)
