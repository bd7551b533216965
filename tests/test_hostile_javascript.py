"""Handlers in JavaScript and TypeScript as no formatter would leave them: the mistake in them is found at its place."""

import os
from pathlib import Path

import pytest

from slslint import engine, registry
from slslint.config import Settings
from slslint.result import Result
from slslint.source import Reader

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: nodejs22.x
      Timeout: 10
      Handler: app.handler
      CodeUri: src/
"""
BODY = (
    'exports.handler = async () => { const answer = await fetch("https://shop.example.com"); return answer.json(); };'
)
COLUMN = BODY.index("fetch") + 1


def check(folder: Path, name: str, source: bytes) -> Result:
    (folder / "src").mkdir()
    (folder / "template.yaml").write_text(TEMPLATE)
    (folder / "src" / name).write_bytes(source)
    root = os.path.realpath(folder)
    return engine.check(["."], Settings(root=root), Reader(base=root, roots=(root,)), registry.load())


@pytest.mark.parametrize(
    ("source", "line", "column"),
    [
        pytest.param(b"\xef\xbb\xbf" + BODY.encode(), 1, COLUMN, id="a byte order mark"),
        pytest.param(f"'use strict';\r\n\r\n{BODY}\r\n".encode(), 3, COLUMN, id="CRLF"),
        pytest.param(f"#!/usr/bin/env node\n{BODY}".encode(), 2, COLUMN, id="a line for the shell"),
        pytest.param(f'const cheer = "🎉👩‍🚀"; {BODY}'.encode(), 1, COLUMN + 22, id="emoji before it"),
        pytest.param(f'const odd = "\u2028"; {BODY}'.encode(), 1, COLUMN + 17, id="a line separator in a text"),
        pytest.param(f"{BODY} const data = '{'x' * 2_000_000}';".encode(), 1, COLUMN, id="two megabytes on one line"),
        pytest.param(f"{BODY} const deep = {'[' * 10_000}{']' * 10_000};".encode(), 1, COLUMN, id="deep nesting"),
        pytest.param(f"{BODY}\nconst chain = start{'.then(next)' * 3_000};".encode(), 1, COLUMN, id="a long chain"),
        pytest.param(f"{BODY}\nconst half = (event".encode(), 1, COLUMN, id="half a statement"),
    ],
)
def test_the_mistake_is_found_at_its_place(tmp_path: Path, source: bytes, line: int, column: int) -> None:
    found = [f.at for f in check(tmp_path, "app.js", source).findings if f.rule == "call-without-timeout"]
    assert [(at.line, at.column) for at in found] == [(line, column)]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        pytest.param(
            "app.tsx",
            'import { renderToString } from "react-dom/server";\n'
            'const Page = ({ text }: { text: string }) => <main className="a">{text} &amp; more</main>;\n'
            "export const handler = async () =>\n"
            '  renderToString(<Page text={await (await fetch("https://shop.example.com")).text()} />);\n',
            id="JSX",
        ),
        pytest.param(
            "app.ts",
            'import { injectLambdaContext, logger } from "./logger";\n'
            "class Orders {\n"
            "  @logger.injectLambdaContext({ logEvent: true })\n"
            "  @measured\n"
            "  public async handler(): Promise<unknown> {\n"
            '    return (await fetch("https://shop.example.com")).json();\n'
            "  }\n"
            "}\n"
            "const orders = new Orders();\n"
            "export const handler = orders.handler.bind(orders);\n",
            id="decorators",
        ),
    ],
)
def test_what_only_some_dialects_have(tmp_path: Path, name: str, source: str) -> None:
    result = check(tmp_path, name, source.encode())
    (finding,) = [f for f in result.findings if f.rule == "call-without-timeout"]
    assert source.splitlines()[finding.at.line - 1][finding.at.column - 1 :].startswith("fetch(")
    assert not [f for f in result.findings if f.rule == "syntax-error"]


@pytest.mark.parametrize(
    ("source", "said"),
    [
        pytest.param(BODY.encode() + b"\x00", "NUL bytes", id="NUL"),
        pytest.param(b"// caf\xe9\n" + BODY.encode(), "not UTF-8", id="Latin-1"),
    ],
)
def test_what_is_no_text_is_said_so(tmp_path: Path, source: bytes, said: str) -> None:
    (finding,) = [f for f in check(tmp_path, "app.js", source).findings if f.rule == "unreadable-file"]
    assert said in finding.message
    assert finding.at.path == "src/app.js"
