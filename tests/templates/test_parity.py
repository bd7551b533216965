"""One application is one model, whichever dialect it was written in.

The applications lie in `fixtures/apps/parity`: the handlers in `src` belong to every dialect's project. Assemblies of
the CDK are real; `scripts/synth_cdk_fixtures.py` makes them. What the dialects cannot say alike is listed here, and
nothing else is let pass.
"""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from slslint import engine, outline, registry
from slslint.app import App
from slslint.config import Settings
from slslint.model import Kind
from slslint.source import Reader

PARITY = Path(__file__).parent.parent / "fixtures" / "apps" / "parity"
DIALECTS = ("sam", "cloudformation", "serverless", "terraform", "cdk")

APART = {
    "at": "where it is written",
    "dialect": "how it is written",
    "name": "the framework and Terraform name what the others leave to CloudFormation",
    "type": "the provider's name for a kind of resource",
    "package": "the framework packs the whole project, the others `src`: `join` tells which code is meant",
    "handler": "begins where the package does",
    "looked_for": "the same",
    "implicit": "whether the dialect makes the role itself",
    "policy": "policies that a dialect makes have generated names, or none",
    "via": "the same",
    "arn": "of a managed policy, whose name is compared",
}
"""What is not compared, and why, by its name in the model."""

OWN = {
    "HttpApi": "Api",
    "ServerlessHttpApi": "Api",
    "CollectEventsRuleSchedule1": "Nightly",
    "CollectNightly": "Nightly",
    "BookCollected": "Collected",
    "Billingdevbookrule1EventBridgeRule": "Collected",
    "AuditRemoved": "Removed",
    "Photosdevauditrule1EventBridgeRule": "Removed",
}
"""The names that SAM and the framework give to what is not named in them: the API, and the rules of events."""

PARTS = (Kind.FUNCTION, Kind.QUEUE, Kind.TOPIC, Kind.TABLE, Kind.STREAM, Kind.BUS, Kind.WORKFLOW, Kind.PARAMETER)
"""The resources that are compared: not those with which a dialect ties them together."""

TO_RUN = re.compile(
    r"AWSLambda(Basic|DynamoDB|Kinesis|SQSQueue)ExecutionRole|logs:.*|kinesis:(Describe|Get|List|SubscribeTo).*"
    r"|dynamodb:(DescribeStream|GetRecords|GetShardIterator|ListStreams)"
    r"|sqs:(ChangeMessageVisibility|DeleteMessage|GetQueue.*|ReceiveMessage)|sns:Publish"
)
"""What a function needs to run and to be invoked: dialects attach AWS's policies, or grant their actions themselves.

The framework lets functions publish to whatever `onError` names; no application here publishes otherwise.
"""


def project(name: str, dialect: str, folder: Path) -> Reader:
    """The project as its author has it: what is shared lies within."""
    shutil.copytree(PARITY / name / "src", folder / "src")
    shutil.copytree(PARITY / name / dialect, folder, dirs_exist_ok=True)
    return Reader(str(folder), (str(folder),))


def understood(name: str, dialect: str, folder: Path) -> App:
    reader = project(name, dialect, folder)
    (app,) = engine.understand(["."], Settings(root=str(folder)), reader)
    return app


def plainly(id: str) -> str:
    """A name as every dialect would spell it: `aws_sqs_queue.failed_jobs` is FailedJobs, and so is `failedJobs`."""
    words = re.split(r"[_-]", id.rpartition(".")[2] if id.startswith("aws_") else id)
    joined = "".join(word[:1].upper() + word[1:] for word in words)
    return OWN.get(joined, joined)


def plain(value: Any) -> Any:
    """A part of the outline, without what sets dialects apart."""
    match value:
        case {"value": inner, "origin": _}:
            # A value that one dialect writes is another's default.
            return plain(inner)
        case Mapping():
            return {key: plain(each) for key, each in value.items() if key not in APART}
        case list():
            return [plain(each) for each in value]
        case str():
            named = re.sub(r"\$\{([^}]+?)(\.[A-Z]\w*)?\}", lambda m: f"${{{plainly(m[1])}{m[2] or ''}}}", value)
            return named.replace("${AWS::Partition}", "aws")
        case _:
            return value


def model(app: App) -> dict[str, Any]:
    """What the application is, in no dialect's terms."""
    unit = outline.of(app)
    roles = unit["roles"]
    kinds = {kind.value for kind in PARTS}
    return {
        "functions": {plainly(each["id"]): of_function(each, roles) for each in unit["functions"]},
        "queues": {plainly(each.pop("id")): plain(each) for each in unit["queues"]},
        "resources": {
            plainly(id): of_resource(each) for id, each in unit["resources"].items() if each["kind"] in kinds
        },
        "deliveries": sorted(map(plain, unit["deliveries"]), key=json.dumps),
        "dead_letters": sorted({json.dumps(plain(each)) for each in unit["dead_letters"]}),
        "problems": [*unit["problems"], *unit["gaps"]],
    }


def of_resource(resource: dict[str, Any]) -> str:
    told = ((name, plain(resource[name])) for name in ("stream", "fifo", "value"))
    return ", ".join([resource["kind"], *(f"{name} {value}" for name, value in told if value)])


def of_function(function: dict[str, Any], roles: dict[str, Any]) -> dict[str, Any]:
    join, role = function.pop("join"), roles[function.pop("role")]
    told: dict[str, Any] = plain({key: each for key, each in function.items() if key != "id"})
    return {
        **told,
        "code": [join["state"], join["file"], join["handler"]],
        "triggers": sorted(told["triggers"], key=json.dumps),
        "grants": [list(grant) for grant in sorted(set(grants(role)))],
        "managed": [each["name"] for each in role["managed"] if not TO_RUN.fullmatch(each["name"])],
    }


def grants(role: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Each action on each resource, and what is special about it."""
    for grant in role["grants"]:
        special = [name for name in ("limited", "excludes_actions", "excludes_resources", "when") if grant[name]]
        special += [] if grant["allow"] else ["denied"]
        for action in grant["actions"]:
            if not TO_RUN.fullmatch(action):
                yield from ((action, plain(resource), *special) for resource in grant["resources"])


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", ["billing", "jobs", "orders", "photos"])
def test_an_application_is_one_model_in_every_dialect(name: str, dialect: str, tmp_path: Path) -> None:
    expected = json.loads((PARITY / name / "model.json").read_text())
    assert model(understood(name, dialect, tmp_path)) == expected


@pytest.mark.parametrize("dialect", DIALECTS)
def test_what_is_wrong_with_an_application_is_the_same_in_every_dialect(dialect: str, tmp_path: Path) -> None:
    reader = project("jobs-faulty", dialect, tmp_path)
    settings = Settings(root=str(tmp_path))
    result = engine.check(["."], settings, reader, registry.load())
    (app,) = engine.understand(["."], settings, reader)
    names = {id: plainly(id) for id in app.deployment.resources}
    # The framework's handlers begin where the project does.
    names |= {f"src/jobs.{name}": f"jobs.{name}" for name in ("announce", "ask", "dismiss", "work")}

    def message(text: str) -> str:
        return re.sub(r"`(.+?)`", lambda quoted: f"`{names.get(quoted[1], quoted[1])}`", text)

    found = [
        [each.rule, str(each.severity), each.function and names[each.function], message(each.message)]
        for each in result.findings
    ]
    assert sorted(found) == json.loads((PARITY / "jobs-faulty" / "findings.json").read_text())


WAYS = {"chain": registry.load(), "loop": [rule for rule in registry.load() if rule.id == "event-loop"]}
"""Applications of which the ways through the graph are compared, with the rules that are asked about them."""


@pytest.mark.parametrize("dialect", DIALECTS)
@pytest.mark.parametrize("name", WAYS)
def test_a_way_through_the_graph_is_the_same_in_every_dialect(name: str, dialect: str, tmp_path: Path) -> None:
    reader = project(name, dialect, tmp_path)
    settings = Settings(root=str(tmp_path))
    result = engine.check(["."], settings, reader, WAYS[name])
    (app,) = engine.understand(["."], settings, reader)
    names = {id: plainly(id) for id in app.deployment.resources}

    def message(text: str) -> str:
        return re.sub(r"`(.+?)`", lambda quoted: f"`{names.get(quoted[1], quoted[1])}`", text)

    found = [
        {
            "at": f"{each.at.path}:{each.at.line}",
            "rule": f"{each.severity}[{each.rule}]",
            "message": message(each.message),
            "path": [message(step.message) for step in each.path],
            "related": [message(other.message) for other in each.related],
        }
        for each in result.findings
    ]
    assert found == json.loads((PARITY / name / "findings.json").read_text())


@pytest.mark.skipif(shutil.which("terraform") is None, reason="needs terraform")
def test_terraform_finds_nothing_to_put_right() -> None:
    command = ["terraform", "fmt", "-check", "-diff", "-recursive", str(PARITY)]
    formatted = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (formatted.returncode, formatted.stdout) == (0, "")
