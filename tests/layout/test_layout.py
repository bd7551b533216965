"""How far the parts of files reach."""

from pathlib import Path

import pytest

from slslint.languages import lower
from slslint.layout import layout
from slslint.source import SourceFile

HERE = Path(__file__).parents[1] / "fixtures" / "languages"


def reaches(path: str, text: str, start: str) -> str:
    """The last line of the largest part that begins where a text does."""
    file = SourceFile(path, text.encode())
    line = next(number for number, each in enumerate(file.lines, 1) if start in each)
    column = file.lines[line - 1].index(start) + 1
    last, end = max(part.end for part in layout(file).parts if part.start == (line, column))
    return file.lines[last - 1][: end - 1]


@pytest.mark.parametrize("name", ["orders.py", "everything.py", "orders.js", "orders.ts", "everything.ts"])
def test_functions_reach_as_far_as_facts_say(name: str) -> None:
    file = SourceFile(name, (HERE / name).read_bytes())
    parts = {(part.start, part.end) for part in layout(file).parts}
    wholes = [each.whole for each in lower(file).functions.values() if each.name and "<lambda>" not in each.name]
    several = [each for each in wholes if each.end_line > each.line]
    assert several
    missing = [each for each in several if ((each.line, each.column), (each.end_line, each.end_column)) not in parts]
    assert missing == []


TERRAFORM = """\
resource "aws_iam_policy" "orders" {
  policy = <<EOF
{"Statement": []}
EOF
} # policy
resource "aws_sqs_queue" "orders" {
} # queue
"""

YAML = """\
Script: |
  first

  last

# About the next.
Next:
  Key: value
"""


@pytest.mark.parametrize(
    ("path", "text", "start", "expected"),
    [
        pytest.param("main.tf", TERRAFORM, 'resource "aws_iam', "}", id="a heredoc at the margin is part of its block"),
        pytest.param("main.tofu", TERRAFORM, 'resource "aws_sqs', "}", id="of OpenTofu, too"),
        pytest.param("a.yaml", YAML, "Script", "  last", id="a block scalar does not reach to the next key"),
        pytest.param("a.yaml", YAML, "Next", "  Key: value", id="a section"),
        pytest.param("a.json", '{"A": {"B": 1}, "C": {}}', '"A"', '{"A": {"B": 1}', id="one of several on a line"),
    ],
)
def test_parts_end(path: str, text: str, start: str, expected: str) -> None:
    assert reaches(path, text, start) == expected
