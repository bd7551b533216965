"""Templates that name each other are one application: loops and chains through several of them are found.

An application of `fixtures/apps/related` has several templates; what its repair changes lies beside it, and so does
what is to be reported.
"""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest

from slslint import diagram, engine, outline, registry, report
from slslint.app.taken import is_import_of
from slslint.app.union import labels
from slslint.config import Settings
from slslint.result import Result
from slslint.source import Reader

RELATED = Path(__file__).parent.parent / "fixtures" / "apps" / "related"
FAULTY = [path for path in sorted(RELATED.glob("*/")) if not path.name.endswith("-repaired")]
SPEAKING = ("event-loop", "recursive-invocation", "synchronous-chain", "timeout-outlives-caller")
RULES = [rule for rule in registry.load() if rule.id in SPEAKING]


def checked(folder: Path, paths: Sequence[str] = (".",), jobs: int = 1) -> Result:
    reader = Reader(str(folder), (str(folder),))
    return engine.check(paths, Settings(root=str(folder), preset="strict"), reader, RULES, jobs=jobs)


def related(folder: Path, *templates: str) -> list[list[str]]:
    """The templates, written into a folder, as they are read: each application's, sorted."""
    for number, template in enumerate(templates):
        path, _, text = template.partition("\n")
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text or f"# {number}")
    reader = Reader(str(folder), (str(folder),))
    apps = engine.understand(["."], Settings(root=str(folder)), reader)
    return sorted(sorted({app.deployment.path, *(unit.path for unit in app.units)}) for app in apps)


@pytest.mark.parametrize("app", FAULTY, ids=lambda path: path.name)
def test_is_found_across_templates(app: Path) -> None:
    reader = Reader(str(app), (str(app),))
    result = checked(app)
    assert report.write("text", result, RULES, reader) == app.with_suffix(".txt").read_text()
    assert len(result.findings) == 1


@pytest.mark.parametrize("app", FAULTY, ids=lambda path: path.name)
def test_is_silent_when_it_is_repaired(app: Path, tmp_path: Path) -> None:
    shutil.copytree(app, tmp_path, dirs_exist_ok=True)
    shutil.copytree(app.with_name(f"{app.name}-repaired"), tmp_path, dirs_exist_ok=True)
    result = checked(tmp_path)
    assert result.findings == ()
    assert result.summary.joined == checked(app).summary.joined


def test_does_not_depend_on_the_number_of_processes() -> None:
    assert checked(RELATED, jobs=2).findings == checked(RELATED).findings


def test_only_what_is_asked_for_is_in_sight() -> None:
    assert checked(RELATED / "exports", ["shipping"]).findings == ()


QUEUE = """
Resources:
  Orders: {Type: AWS::SQS::Queue}
Outputs:
  Orders: {Value: !GetAtt Orders.Arn, Export: {Name: %s}}"""
TAKER = """
Resources:
  Ship: {Type: AWS::Lambda::Function, Properties: {Environment: {Variables: {ORDERS: !ImportValue %s}}}}"""


def test_who_exports_what_another_imports_is_related(tmp_path: Path) -> None:
    taker, giver = f"ship/t.yaml{TAKER % 'orders-arn'}", f"orders/t.yaml{QUEUE % 'orders-arn'}"
    assert related(tmp_path, taker, giver) == [["orders/t.yaml", "ship/t.yaml"]]


def test_who_writes_out_the_name_of_what_another_defines_is_related(tmp_path: Path) -> None:
    named = f"orders.yaml{QUEUE % 'orders-arn'}".replace(
        "SQS::Queue}", "SQS::Queue, Properties: {QueueName: shop-orders}}"
    )
    taker = f"ship.yaml{TAKER % 'x'}".replace("!ImportValue x", '!Sub "arn:aws:sqs:eu-west-1:${AWS::AccountId}:%s"')
    assert related(tmp_path, named, taker % "shop-orders") == [["orders.yaml", "ship.yaml"]]
    assert related(tmp_path, named, taker % "shop-orders-2") == [["orders.yaml"], ["ship.yaml"]]


def test_who_takes_an_output_of_a_service_is_related(tmp_path: Path) -> None:
    service = "{s}/serverless.yml\nservice: {s}\nprovider: {{name: aws, runtime: python3.13}}\n"
    giver = service.format(s="orders") + (
        "resources:\n  Resources: {Orders: {Type: AWS::SQS::Queue}}\n  Outputs: {Orders: {Value: !Ref Orders}}\n"
    )
    taker = service.format(s="ship") + (
        "functions:\n  ship: {handler: app.handler, environment: {ORDERS: '${cf:%s-${sls:stage}.Orders}'}}\n"
    )
    assert related(tmp_path, giver, taker % "orders") == [["orders/serverless.yml", "ship/serverless.yml"]]
    assert related(tmp_path, giver, taker % "other") == [["orders/serverless.yml"], ["ship/serverless.yml"]]


def test_a_built_template_is_the_one_that_it_was_built_from(tmp_path: Path) -> None:
    built = (
        "  Queues: {Type: AWS::Serverless::Application, Properties: {Location: queues/.aws-sam/build/template.yaml}}"
    )
    outer, inner = f"main.yaml\nResources:\n{built}", f"queues/template.yaml{QUEUE % 'orders-arn'}"
    assert related(tmp_path, outer, inner) == [["main.yaml", "queues/template.yaml"]]


STRANGERS = {
    "two export the name": (
        f"ship/t.yaml{TAKER % 'orders-arn'}",
        f"one/t.yaml{QUEUE % 'orders-arn'}",
        f"two/t.yaml{QUEUE % 'orders-arn'}",
    ),
    "both define a queue of that name, so only one of them is deployed": (
        f"ship.yaml{TAKER % 'orders-arn'}\n  Own: {{Type: AWS::SQS::Queue, Properties: {{QueueName: orders}}}}",
        f"orders.yaml{QUEUE % 'orders-arn'}".replace(
            "AWS::SQS::Queue}", "AWS::SQS::Queue, Properties: {QueueName: orders}}"
        ),
    ),
    "what is exported is no place that events go to": (
        f"ship.yaml{TAKER % 'orders-arn'}",
        f"orders.yaml{QUEUE % 'orders-arn'}".replace("AWS::SQS::Queue", "AWS::EC2::VPC"),
    ),
    "it lies too far away": (
        f"a/b/c/d/e/ship.yaml{TAKER % 'orders-arn'}",
        f"orders.yaml{QUEUE % 'orders-arn'}",
    ),
    "the template is nested twice, and each time it is another stack": (
        "main.yaml\nResources:\n"
        "  One: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: queue.yaml}}\n"
        "  Two: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: queue.yaml}}",
        f"queue.yaml{QUEUE % 'orders-arn'}",
    ),
}


@pytest.mark.parametrize("templates", STRANGERS.values(), ids=STRANGERS)
def test_are_strangers(templates: tuple[str, ...], tmp_path: Path) -> None:
    assert all(len(each) == 1 for each in related(tmp_path, *templates))


@pytest.mark.parametrize(
    ("wanted", "exported", "expected"),
    [
        ("orders-arn", "orders-arn", True),
        ("${Stage}-orders", "${Stage}-orders", True),
        ("${OrdersStack}-QueueArn", "${AWS::StackName}-QueueArn", True),
        ("orders-prod-QueueArn", "${AWS::StackName}-QueueArn", True),
        # A stack cannot import what it exports itself.
        ("${AWS::StackName}-QueueArn", "${AWS::StackName}-QueueArn", False),
        # That may be anybody's.
        ("orders-prod-Arn", "${AWS::StackName}-Arn", False),
        ("orders-prod-DeadQueueArn", "${AWS::StackName}-QueueArn", False),
        ("${Stage}-${Orders}-QueueArn", "${AWS::StackName}-QueueArn", False),
    ],
)
def test_an_import_is_of_an_export(wanted: str, exported: str, expected: bool) -> None:
    assert is_import_of(wanted, exported) is expected


SAME = """Transform: AWS::Serverless-2016-10-31
Resources:
  Handle:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: ., Environment: {Variables: {Q: %s}}}
"""
RETURNS = """import os, boto3
def handler(event, context):
    boto3.client("lambda").invoke(FunctionName=os.environ["Q"], InvocationType="Event")
"""


def test_what_has_one_id_in_two_templates_is_two_things(tmp_path: Path) -> None:
    there = SAME % "!ImportValue orders-function"
    own = SAME % "none" + "Outputs:\n  F: {Value: !GetAtt Handle.Arn, Export: {Name: orders-function}}\n"
    assert related(tmp_path, f"orders/t.yaml\n{own}", f"ship/t.yaml\n{there}") == [["orders/t.yaml", "ship/t.yaml"]]
    for name in ("orders", "ship"):
        (tmp_path / name / "app.py").write_text(RETURNS)
    # `Handle` invokes `Handle`, and does not invoke itself.
    assert checked(tmp_path).findings == ()
    everything = engine.check(
        ["."], Settings(root=str(tmp_path)), Reader(str(tmp_path), (str(tmp_path),)), registry.load()
    )
    assert {finding.function for finding in everything.findings} == {"Handle"}
    assert any("`ship/Handle`" in finding.message for finding in everything.findings)


def test_names_of_units_are_as_short_as_they_can_be() -> None:
    assert labels(["stacks/orders.yaml", "stacks/ship.yaml"]) == ["orders", "ship"]
    assert labels(["orders/template.yaml", "ship/template.yaml"]) == ["orders", "ship"]
    assert labels(["a/x/t.yaml", "b/x/t.yaml", "b/t.yaml", "t.yaml"]) == ["a/x", "b/x", "b", "t"]
    assert labels(["a/t.yaml", "a/t.json"]) == ["a/t.yaml", "a/t.json"]


def test_related_templates_are_one_drawing_and_one_model() -> None:
    folder = str(RELATED / "exports")
    (app,) = engine.understand(["."], Settings(root=folder), Reader(folder, (folder,)))
    assert outline.of(app)["related"] == ["shipping/template.yaml"]
    drawn = diagram.picture([diagram.sketch(app)])
    assert {frame.title: [box.name for box in frame.boxes] for frame in drawn.frames} == {
        "orders/template.yaml": ["Orders", "Placed", "Place"],
        "shipping/template.yaml": ["Ship"],
    }


def test_stacks_of_an_assembly_are_related_by_what_they_take() -> None:
    folder = str(Path(__file__).parent.parent / "fixtures" / "templates" / "cdk" / "shop")
    apps = list(engine.understand(["."], Settings(root=folder), Reader(folder, (folder,))))
    # Two stages of one application have nothing in common.
    assert [len(app.units) for app in apps] == [2, 3]
    assert {edge.target.title for edge in apps[1].graph.leaving("Queue")} == {"Audit", "Minified", "Orders"}
