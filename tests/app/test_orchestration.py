"""Which calls of functions are steps of a workflow, what they depend on, and the states that they become."""

from __future__ import annotations

from collections.abc import Mapping
from textwrap import dedent, indent

import pytest

from slslint import engine
from slslint.app.orchestration.skeleton import skeleton
from slslint.app.orchestration.steps import Orchestration, orchestrations
from slslint.config import Settings
from slslint.model import Json
from slslint.source import Reader

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals: {Function: {Runtime: %s, CodeUri: src/, Environment: {Variables: {A: !Ref A, B: !Ref B, C: !Ref C}}}}
Resources:
  Flow: {Type: AWS::Serverless::Function, Properties: {Handler: app.handler}}
  A: {Type: AWS::Serverless::Function, Properties: {Handler: leaf.handler, Timeout: 5}}
  B: {Type: AWS::Serverless::Function, Properties: {Handler: leaf.handler, Timeout: 7}}
  C: {Type: AWS::Serverless::Function, Properties: {Handler: leaf.handler, Timeout: 9}}
"""

PYTHON = """
import json, os
import boto3
client = boto3.client("lambda")
A, B, C = os.environ["A"], os.environ["B"], os.environ["C"]

def invoke(name, value, **more):
    return client.invoke(FunctionName=name, Payload=json.dumps(value), **more)

def ask(name, value):
    return json.load(invoke(name, value)["Payload"])

def check(order):
    return ask(A, order)

def pay(order):
    answer = client.invoke(FunctionName=B, Payload=json.dumps(order))
    return json.loads(answer["Payload"].read())

def both(order):
    return ask(C, ask(B, order))

class Flow:
    def first(self, event):
        self.order = ask(A, event)
    def second(self):
        return ask(B, self.order)
    def run(self, event):
        self.order = ask(A, event)
        return ask(B, {"order": self.order})

def handler(event, context):
%s
"""

JAVASCRIPT = """
const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda");
const AWS = require("aws-sdk");
const old = new AWS.Lambda();
const client = new LambdaClient({});
const { A, B, C } = process.env;

const ask = async (name, value) => {
  const answer = await client.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(value) }));
  return JSON.parse(Buffer.from(answer.Payload).toString());
};
const params = (name, value) => ({ FunctionName: name, Payload: JSON.stringify(value) });

exports.handler = async (event, context, callback) => {
%s
};
"""


def understood(body: str, language: str) -> list[Orchestration]:
    source, name, runtime = (
        (PYTHON, "app.py", "python3.13") if language == "py" else (JAVASCRIPT, "app.js", "nodejs22.x")
    )
    files = {"template.yaml": TEMPLATE % runtime, f"src/{name}": source % indent(dedent(body).strip(), "    ")}
    files |= {"src/leaf.py": "def handler(event, context): return 1", "src/leaf.js": "exports.handler = async () => 1;"}
    reader = Reader("/app", ("/app",), {path: text.encode() for path, text in files.items()})
    (app,) = engine.understand(["template.yaml"], Settings(root="/app"), reader)
    return [each for each in orchestrations(app) if each.function.id == "Flow"]


def shown(found: list[Orchestration]) -> str:
    """Each dependency: "A > B" when B gets A's answer, "A ? B" when it decides, "A ! B" when A has failed."""
    said = []
    for step in found[0].steps if found else ():
        said += [f"{each.name} > {step.name}" for each in step.fed_by]
        said += [f"{each.name} ? {step.name}" for each, _ in step.told_by]
        said += [] if step.after_failure is None else [f"{step.after_failure.name} ! {step.name}"]
    return ", ".join(said)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return ask(B, ask(A, event))", "A > B"),
        ("order = ask(A, event)\nreturn ask(B, {'order': order['id']})", "A > B"),
        ("order = check(event)\nreturn pay(order)", "A > B"),
        ("order = {}\norder['checked'] = ask(A, event)\nask(B, order)", "A > B"),
        ("orders = []\norders.append(ask(A, event))\nask(B, orders)", "A > B"),
        ("event.update(ask(A, event))\nask(B, event)", "A > B"),
        ("for order in ask(A, event)['orders']:\n    ask(B, order)", "A > B"),
        ("return [ask(B, each) for each in ask(A, event)]", "A > B"),
        ("if ask(A, event)['ok']:\n    ask(B, event)\nelse:\n    ask(C, event)", "A ? B, A ? C"),
        ("order = ask(A, event)\nif order['state'] != 'paid':\n    return\ninvoke(B, event, InvocationType='Event')",
         "A ? B"),
        ("match ask(A, event)['kind']:\n    case 'b': ask(B, event)\n    case _: ask(C, event)", "A ? B, A ? C"),
        ("try:\n    ask(A, event)\nexcept Exception:\n    ask(B, event)\n    raise", "A ! B"),
        ("order = check(event)\nreturn both(order)", "A > B, B > C"),
        ("return Flow().run(event)", "A > B"),
        # Each alone, or together, or in the order of the event.
        ("ask(A, event)\nask(B, event)", ""),
        ("if event['kind'] == 'a':\n    return ask(A, event)\nreturn ask(B, event)", ""),
        ("answers = [ask(A, event), ask(B, event)]\nreturn answers", ""),
        ("order = ask(A, event)\norder = {'id': 1}\nask(B, order)", ""),
        ("invoke(A, event, InvocationType='Event')\ninvoke(B, event, InvocationType='Event')", ""),
        # One function, page by page.
        ("token = ask(A, event)\nwhile token:\n    token = ask(A, token)", ""),
        ("first = ask(event['a'], event)\nask(event['b'], first)", ""),
    ],
)  # fmt: skip
def test_python(body: str, expected: str) -> None:
    assert shown(understood(body, "py")) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("const order = await ask(A, event);\nreturn ask(B, { order });", "A > B"),
        ("const { id } = await ask(A, event);\nreturn ask(B, { id });", "A > B"),
        ("return ask(A, event).then((order) => ask(B, order)).then((paid) => ask(C, paid));", "A > B, B > C"),
        ("return old.invoke(params(A, event)).promise()\n  .then((r) => old.invoke(params(B, r.Payload)).promise());",
         "A > B"),
        ("old.invoke(params(A, event), (error, data) => {\n  if (error) return callback(error);\n"
         "  old.invoke(params(B, data.Payload), callback);\n});", "A > B"),
        ("const all = [];\nfor (const each of (await ask(A, event)).items) all.push(await ask(B, each));\n"
         "return ask(C, all);", "A > B, B > C"),
        ("const order = await ask(A, event);\nswitch (order.kind) {\n  case 'b': return ask(B, event);\n"
         "  default: return ask(C, event);\n}", "A ? B, A ? C"),
        ("try { await ask(A, event); } catch (error) { await ask(B, event); throw error; }", "A ! B"),
        ("const [a, b] = await Promise.all([ask(A, event), ask(B, event)]);\nreturn [a, b];", ""),
        ("await ask(A, event);\nawait ask(B, event);", ""),
    ],
)  # fmt: skip
def test_javascript(body: str, expected: str) -> None:
    assert shown(understood(body, "js")) == expected


@pytest.mark.parametrize(
    ("body", "seconds"),
    [
        ("order = check(event)\nreturn both(order)", 21),
        ("if ask(A, event)['ok']:\n    return ask(B, event)\nreturn ask(C, event)", 14),
        ("match ask(A, event)['kind']:\n    case 'b': ask(B, event)\n    case _: ask(C, event)", 14),
        ("order = ask(A, event)\nif order['b']:\n    ask(B, event)\nif order['c']:\n    ask(C, event)", 21),
        ("for order in ask(A, event)['orders']:\n    ask(B, order)", None),
    ],
)
def test_how_long_they_may_wait(body: str, seconds: int | None) -> None:
    (found,) = understood(body, "py")
    assert found.seconds == seconds


def states(machine: Mapping[str, Json]) -> dict[str, str]:
    """Each state with those that may follow."""
    found = {}
    inside = machine["States"]
    assert isinstance(inside, Mapping)
    for name, state in inside.items():
        assert isinstance(state, Mapping)
        further = [state.get("Next"), *(each["Next"] for each in state.get("Choices", ())), state.get("Default")]
        caught = [f"!{each['Next']}" for each in state.get("Catch", ())]
        found[name] = " ".join([state["Type"], *filter(None, further), *caught])
    return found


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("return ask(C, ask(B, ask(A, event)))", {"A": "Task B", "B": "Task C", "C": "Task"}),
        ("order = ask(A, event)\nif not order['ok']:\n    return\npaid = ask(B, order)\nif paid['n'] > 1:\n"
         "    ask(C, event)", {"A": "Task B?", "B?": "Choice B Done", "B": "Task C?", "Done": "Succeed",
                               "C?": "Choice C Done", "C": "Task"}),
        ("if ask(A, event)['ok']:\n    ask(B, event)\nelse:\n    ask(C, event)",
         {"A": "Task B?", "B?": "Choice B C", "B": "Task", "C": "Task"}),
        ("for each in ask(A, event)['orders']:\n    ask(B, each)", {"A": "Task Each B", "Each B": "Map"}),
        ("try:\n    ask(A, event)\nexcept Exception:\n    ask(B, event)", {"A": "Task !B", "B": "Task"}),
    ],
)  # fmt: skip
def test_the_states_that_they_become(body: str, expected: dict[str, str]) -> None:
    (found,) = understood(body, "py")
    assert states(skeleton(found)) == expected
