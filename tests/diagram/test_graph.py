"""`slslint graph`: what is drawn, in each form, and that the tools which draw it can read it."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from textwrap import dedent
from xml.etree import ElementTree

import pytest

from slslint.cli import main

ORACLE = Path(__file__).parent.parent / "oracles" / "mermaid"

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {QUEUE: !Ref Queue, OTHER: !Ref Ask, TABLE: elsewhere}}
      Events:
        Job: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}
        Get: {Type: Api, Properties: {Path: "/work/{id}", Method: get}}
  Ask:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.12, Handler: app.answer, CodeUri: ., FunctionName: ask-dev}
  Queue:
    Type: AWS::SQS::Queue
    Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Lost.Arn, maxReceiveCount: 5}}
  Lost: {Type: AWS::SQS::Queue}
  Alone: {Type: AWS::SNS::Topic}
"""

CODE = """
import os
import boto3

sqs = boto3.client("sqs")
lambda_client = boto3.client("lambda")


def handler(event, context):
    lambda_client.invoke(FunctionName=os.environ["OTHER"])
    boto3.resource("dynamodb").Table(os.environ["TABLE"]).put_item(Item={})
    sqs.send_message(QueueUrl=os.environ["QUEUE"], MessageBody="x")


def answer(event, context):
    return {}
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text(CODE)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def drawn(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["graph", *words]) == 0
    return capsys.readouterr().out


def failure(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main(["graph", *words]) == 2
    return capsys.readouterr().err


@pytest.mark.usefixtures("app")
def test_mermaid(capsys: pytest.CaptureFixture[str]) -> None:
    text = drawn(capsys)
    names = dict(re.findall(r'^    (n\d+)\W+"([^"<]+)', text, re.MULTILINE))
    lines = [
        f"{names[source]} {label} {names[target]}"
        for source, label, target in re.findall(r'^  (n\d+) -->(?:\|"(.*)"\|)? (n\d+)$', text, re.MULTILINE)
    ]
    assert lines == [
        "Queue  Work",
        "ServerlessRestApi GET /work/{id} Work",
        "Queue failures Lost",
        "Work invokes Ask",
        "Work writes elsewhere",
        "Work writes Queue",
    ]
    assert "Alone" not in names.values()
    styles = re.findall(r"linkStyle ([\d,]+) (.*)", text)
    assert styles == [
        ("0,5", "stroke:#d1242f,stroke-width:3px"),
        ("1,3", "stroke-dasharray:7 4"),
        ("2", "stroke-dasharray:1 4"),
    ]
    assert f"class {next(id for id, name in names.items() if name == 'elsewhere')} elsewhere" in text
    assert '  subgraph s0["template.yaml"]' in text


@pytest.mark.usefixtures("app")
def test_dot(capsys: pytest.CaptureFixture[str]) -> None:
    text = drawn(capsys, "--format", "dot")
    assert 'label="Queue\\nqueue"' in text
    assert len(re.findall("style=dashed", text)) == 2
    assert len(re.findall("style=dotted", text)) == 1
    assert len(re.findall('color="#d1242f"', text)) == 2


@pytest.mark.usefixtures("app")
def test_json_has_everything(capsys: pytest.CaptureFixture[str]) -> None:
    whole = json.loads(drawn(capsys, "--format", "json"))
    assert whole["version"] == 1
    [application] = whole["applications"]
    assert application["path"] == "template.yaml"
    assert {node["name"]: node["kind"] for node in application["nodes"]}["Alone"] == "topic"
    sent = next(edge for edge in application["edges"] if edge["verb"] == "writes to" and edge["to"] == "Queue")
    assert sent == {
        "from": "Work",
        "to": "Queue",
        "verb": "writes to",
        "waits": False,
        "loop": True,
        "filter": [],
        "from_event": False,
        "confidence": "high",
        "when": {},
        "at": "app.py:12:5",
        "proof": [{"at": "app.py:12:5", "message": "`handler` calls `boto3.client().send_message`"}],
    }


@pytest.mark.usefixtures("app")
def test_focus(capsys: pytest.CaptureFixture[str]) -> None:
    near = drawn(capsys, "--focus", "lost", "--depth", "1")
    assert set(re.findall(r'"([A-Z]\w+)(?:<|")', near)) == {"Queue", "Lost"}
    by_physical_name = drawn(capsys, "--focus", "ask-dev", "--depth", "1")
    assert set(re.findall(r'"([A-Z]\w+)(?:<|")', by_physical_name)) == {"Ask", "Work"}
    assert '"Lost' not in drawn(capsys, "--focus", "Ask")
    assert '"Lost' in drawn(capsys, "--focus", "Ask", "--depth", "3")


MISTAKES = {
    "unknown name": (["--focus", "Quee"], "nothing is called `Quee`; do you mean `Queue`?"),
    "a part of a name": (["--focus", "serverless"], "do you mean `ServerlessRestApi`"),
    "no name like that": (["--focus", "zzzz"], "nothing is called `zzzz`; there are `Work`,"),
    "depth without focus": (["--depth", "2"], "--depth says how far to go from --focus; name what to start from"),
    "nothing there": (["empty"], "`empty`: no function was found there"),
}


@pytest.mark.parametrize(("words", "expected"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(app: Path, capsys: pytest.CaptureFixture[str], words: list[str], expected: str) -> None:
    (app / "empty").mkdir()
    assert expected in failure(capsys, *words)


def test_svg_without_graphviz(app: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(app))
    assert "needs Graphviz's `dot`; install graphviz" in failure(capsys, "--output", "graph.svg")
    assert not (app / "graph.svg").exists()


def test_the_form_is_that_of_the_file(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    drawn(capsys, "--output", "graph.md")
    assert (app / "graph.md").read_text().startswith("```mermaid\nflowchart LR\n")
    assert (app / "graph.md").read_text().endswith("\n```\n")
    drawn(capsys, "--output", "graph.dot")
    assert (app / "graph.dot").read_text().startswith("digraph")


def large(names: list[str]) -> str:
    """A service in which each function answers one route and sends to one queue."""
    functions = "".join(
        f"""
  {name}:
    handler: app.handler
    environment: {{QUEUE: !Ref Queue}}
    events: [{{httpApi: GET /{name}}}]"""
        for name in names
    )
    resources = "resources: {Resources: {Queue: {Type: AWS::SQS::Queue}}}"
    return f"service: shop\nprovider: {{name: aws, runtime: python3.12}}\n{resources}\nfunctions:{functions}\n"


def test_a_large_application_stays_readable(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    names = [f"{what}-{how}" for what in ("orders", "carts", "users") for how in (f"do{n}" for n in range(50))]
    (app / "template.yaml").unlink()
    (app / "serverless.yml").write_text(
        large(names) + "  night:\n    handler: app.answer\n    events: [schedule: rate(1 day)]\n"
    )
    (app / "app.py").write_text(dedent(CODE).replace('os.environ["OTHER"]', '"other"'))
    assert main(["graph"]) == 0
    shown = capsys.readouterr()
    assert len(re.findall(r"^    n\d+", shown.out, re.MULTILINE)) < 10
    assert '"orders-do0 and 149 more<br/>150 functions"' in shown.out
    assert '"night"' in shown.out
    assert "slslint: serverless.yml: 150 functions are shown as `orders-do0 and 149 more`" in shown.err
    assert len(re.findall(r"^    n\d+", drawn(capsys, "--full"), re.MULTILINE)) > 150


def test_what_mermaid_would_not_draw_is_said(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (app / "template.yaml").unlink()
    (app / "serverless.yml").write_text(large([f"f{number}" for number in range(260)]))
    assert main(["graph", "--full"]) == 0
    said = "slslint: the flowchart has 520 lines, and Mermaid draws no more than 499; name fewer PATHS, use --focus"
    assert said in capsys.readouterr().err
    assert main(["graph", "--full", "--format", "dot"]) == 0
    assert "Mermaid" not in capsys.readouterr().err


def test_names_that_begin_alike_are_one(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    functions = "".join(
        f"""
  {what}-{number}:
    handler: app.answer
    events: [{{sqs: "arn:aws:sqs:eu-west-1:1:{what}-{number}"}}]"""
        for what in ("orders", "carts")
        for number in range(30)
    )
    (app / "template.yaml").unlink()
    (app / "serverless.yml").write_text(
        f"service: shop\nprovider: {{name: aws, runtime: python3.12}}\nfunctions:{functions}\n"
    )
    text = drawn(capsys)
    assert '"orders-*<br/>30 functions"' in text
    assert '"carts-*<br/>30 functions"' in text


# --- what draws it ---------------------------------------------------------------------------------------------------

HOSTILE = [
    'a"b',
    "a]b|c",
    "#quot;",
    "<script>",
    "`x`",
    "%%{init}%%",
    "end",
    "a\\b",
    "subgraph x",
    "ünï",
    "aws_x",
    "a;b\\",
]
"""Names that a language could take for its own."""


def hostile() -> str:
    queues = {f"Q{n}": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": name}} for n, name in enumerate(HOSTILE)}
    events = {
        f"E{n}": {"Type": "SQS", "Properties": {"Queue": f"arn:aws:sqs:eu-west-1:1:{name}-other"}}
        for n, name in enumerate(HOSTILE)
    }
    events["Rule"] = {"Type": "EventBridgeRule", "Properties": {"Pattern": {"source": HOSTILE}}}
    function = {"Runtime": "python3.12", "Handler": "app.answer", "CodeUri": ".", "Events": events}
    return json.dumps(
        {
            "Transform": "AWS::Serverless-2016-10-31",
            "Resources": {"Fn": {"Type": "AWS::Serverless::Function", "Properties": function}, **queues},
        }
    )


def needs(there: bool, what: str) -> None:
    if there:
        return
    if os.environ.get("CI") == "true":
        pytest.fail(what)
    pytest.skip(what)


def test_mermaid_reads_it(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    installed = (ORACLE / "node_modules" / "mermaid").is_dir() and shutil.which("node") is not None
    needs(installed, "Mermaid is not installed; `make tests/oracles/mermaid/node_modules` does it, with npm")
    texts = [drawn(capsys), 'flowchart LR\n  a[b "c"]\n']
    (app / "template.yaml").write_text(hostile())
    texts.append(drawn(capsys))
    assert len(re.findall("-->", texts[-1])) == len(HOSTILE) + 2
    done = subprocess.run(
        ["node", "parse.mjs"], input=json.dumps(texts), cwd=ORACLE, capture_output=True, text=True, check=True
    )
    plain, broken, names = json.loads(done.stdout)
    assert (plain, names) == (None, None)
    assert "Parse error" in broken


def test_graphviz_draws_it(app: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needs(shutil.which("dot") is not None, "Graphviz is not installed; `make test` says how")
    drawn(capsys, "--output", "graph.svg")
    (app / "template.yaml").write_text(hostile())
    drawn(capsys, "--output", "hostile.svg")
    for name, edges in (("graph.svg", 6), ("hostile.svg", len(HOSTILE) + 2)):
        image = ElementTree.parse(app / name)
        assert len(image.findall(".//{http://www.w3.org/2000/svg}g[@class='edge']")) == edges
    titles = {text.text for text in ElementTree.parse(app / "hostile.svg").iter("{http://www.w3.org/2000/svg}text")}
    assert {f"{name}-other" for name in HOSTILE} <= titles
