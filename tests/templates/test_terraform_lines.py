"""Blocks that are read by their lines are those that the grammar reads."""

from pathlib import Path

import pytest

from slslint.source import SourceFile
from slslint.templates.terraform import lines, trees
from slslint.templates.terraform.grammar import GRAMMAR
from slslint.templates.terraform.places import Source
from slslint.templates.terraform.syntax import Block

SHIPPED = sorted((Path(__file__).parents[2] / "slslint" / "data" / "terraform").glob("*.tf"))

ODD = {
    "comments": 'locals { # why\n  // one\n  a = 1 # two\n  /* three */\n  b = "x" // four\n}\n',
    "one line": 'locals { a = 1 }\nresource "aws_sqs_queue" "q" {}\n',
    "windows": 'locals {\r\n  a = [\r\n    "x",\r\n  ]\r\n  b = "y"\r\n}\r\n',
    "heredocs": "locals {\n  a = <<-EOF\n    locals {\n      b = 1\n    EOF\n  c = <<EOF\n}\nEOF\n}\n",
    "blocks inside": 'resource "a" "b" {\n  dynamic "rule" {\n    for_each = var.x\n    content {\n    }\n  }\n}\n',
    "lines that go on": 'locals {\n  a = merge({\n    x = 1\n  }, {\n    y = "é"\n  })\n  c = true\n}\n',
    "an operator ends the line": "locals {\n  a = 1 +\n    2\n  b = null\n}\n",
    "labels without quotes": 'resource a b {\n  c = "${d.e}-${f[0].g}"\n}\n',
}
LEFT = {
    "no value": "locals {\n  a = \n}\n",
    "no end": "locals {\n  a = 1\n",
    "no block": "a = 1\n",
    "an end too many": "locals {}\n}\n",
    "a block that begins in a text": 'locals {\n  a = <<EOF\nresource "a" "b" {\nEOF\n}\n',
}


def said(block: Block) -> object:
    """All that a block says, and where."""
    attributes = {name: (each.start, each.end, each.kind) for name, each in block.attributes.items()}
    inside = {name: [said(each) for each in blocks] for name, blocks in block.blocks.items()}
    return block.type, block.labels, block.key.span, attributes, inside  # type: ignore[attr-defined]


@pytest.mark.parametrize(
    "text",
    [
        *(pytest.param(path.read_text(), id=path.name) for path in SHIPPED),
        *(pytest.param(ODD[id], id=id) for id in ODD),
    ],
)
def test_lines_and_grammar_say_the_same(text: str) -> None:
    source = Source(SourceFile("main.tf", text.encode()))
    found = lines.blocks_in(source)
    assert found is not None
    by_grammar = trees.blocks_in(source, GRAMMAR.parser.parse(source.data).root_node)
    assert [said(each) for each in found] == [said(each) for each in by_grammar]


@pytest.mark.parametrize("text", LEFT.values(), ids=LEFT)
def test_other_files_are_left_to_the_grammar(text: str) -> None:
    assert lines.blocks_in(Source(SourceFile("main.tf", text.encode()))) is None
