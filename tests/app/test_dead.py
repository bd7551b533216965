"""Which branches count as never run on a function's instance."""

from __future__ import annotations

import pytest

from slslint.app.dead import dead_blocks
from slslint.languages import lower
from slslint.source import SourceFile

PYTHON = """\
import os
def handler(event, context):
    if {test}:
        one()
    else:
        other()
"""
JAVASCRIPT = "exports.handler = async (event) => {{ if ({test}) {{ one(); }} else {{ other(); }} }};\n"


def dead(name: str, text: str) -> list[str]:
    facts = lower(SourceFile(name, text.encode()))
    function = next(each for key, each in facts.functions.items() if key.endswith("handler"))
    return sorted(function.blocks[index].kind for index in dead_blocks(function, facts))


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ('os.environ.get("AWS_SAM_LOCAL")', ["if"]),
        ('os.environ.get("AWS_SAM_LOCAL") == "true"', ["if"]),
        ('os.environ.get("AWS_SAM_LOCAL") is not None', ["if"]),
        ('os.environ.get("AWS_SAM_LOCAL") is None', ["else"]),
        ('not os.getenv("IS_OFFLINE")', ["else"]),
        ('os.environ["STAGE"] == "local"', ["if"]),
        # Both of these hold on every instance, or may.
        ('os.environ.get("AWS_SAM_LOCAL") == None', []),
        ('os.environ["STAGE"] == "dev"', []),
        ('os.environ.get("AWS_REGION") is None', []),
    ],
)
def test_python(test: str, expected: list[str]) -> None:
    assert dead("app.py", PYTHON.format(test=test)) == expected


@pytest.mark.parametrize(
    ("test", "expected"),
    [
        ("process.env.IS_OFFLINE", ["if"]),
        ("process.env.IS_OFFLINE === undefined", ["else"]),
        ('typeof process.env.IS_OFFLINE !== "undefined"', ["if"]),
        ('process.env.IS_OFFLINE !== "true"', ["else"]),
        ('process.env.NODE_ENV === "development"', ["if"]),
        ('process.env.STAGE === "development"', []),
    ],
)
def test_javascript(test: str, expected: list[str]) -> None:
    assert dead("app.js", JAVASCRIPT.format(test=test)) == expected
