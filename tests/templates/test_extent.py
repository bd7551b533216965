"""How far parts of templates reach."""

import pytest

from slslint.templates.extent import extent

LINES = (
    'resource "aws_iam_policy" "orders" {',
    "  policy = <<EOF",
    '{"Statement": []}',
    "EOF",
    "}",
    'resource "aws_sqs_queue" "orders" {',
    "}",
)


@pytest.mark.parametrize("path", ["main.tf", "main.tofu"])
def test_a_heredoc_at_the_margin_does_not_end_its_block(path: str) -> None:
    assert extent(path, LINES, 1).end_line == 5
    assert extent(path, LINES, 6).end_line == 7
