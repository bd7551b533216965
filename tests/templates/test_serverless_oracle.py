"""Services, and what the real Serverless Framework makes of them, must come to the same values and the same model.

Also a program: `python tests/templates/test_serverless_oracle.py FOLDER` compares every service of a folder that
the framework packages (without its plugins), and says where the models differ.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import textwrap
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from sameness import model_of
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Advice, Deployment, Pattern
from slslint.source import Reader
from slslint.templates import read
from slslint.templates.cloudformation.nodes import Computed, Undecided, fields_of, intrinsic
from slslint.templates.document import compose
from slslint.templates.serverless.naming import function_id, normalized
from slslint.templates.serverless.variables import Variables
from slslint.templates.serverless.words import SERVERLESS

FIXTURES = Path(__file__).parent.parent / "fixtures"
MODULES = Path(__file__).parent.parent / "oracles" / "serverless" / "node_modules"
FRAMEWORK = MODULES / "serverless" / "bin" / "serverless.js"

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "fake",
    "AWS_SECRET_ACCESS_KEY": "fake",
    "SLS_NOTIFICATIONS_MODE": "off",
    "SLS_TELEMETRY_DISABLED": "1",
}

SERVICES = sorted(path.parent for path in FIXTURES.glob("templates/serverless/*/serverless.yml"))
WITH_PLUGINS = [FIXTURES / "apps" / "parity" / name / "serverless" for name in ("billing", "jobs")]


@pytest.fixture(autouse=True)
def framework() -> None:
    if FRAMEWORK.is_file() and shutil.which("node"):
        return
    why = "the Serverless Framework is not installed; `make tests/oracles/serverless/node_modules` does it, with npm"
    if os.environ.get("CI") == "true":
        pytest.fail(why)
    pytest.skip(why)


def run(folder: Path, *words: str) -> str:
    """What the framework answers in a folder."""
    done = subprocess.run(
        ["node", str(FRAMEWORK), *words],
        cwd=folder,
        env={**os.environ, **ENVIRONMENT},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr + done.stdout)
    return done.stdout


def read_service(folder: Path) -> Deployment:
    deployment = read("serverless.yml", Reader(str(folder), (str(folder),)), {})
    assert deployment is not None
    return deployment


def compiled(folder: Path, keys: Mapping[str, str]) -> dict[str, Any]:
    """The template that the framework compiles, with things called as slslint calls them, by their logical ids."""
    run(folder, "package")
    text = (folder / ".serverless" / "cloudformation-template-update-stack.json").read_text()
    for id, key in keys.items():
        text = text.replace(f'"{id}"', f'"{key}"').replace(f"${{{id}", f"${{{key}")
    template: dict[str, Any] = json.loads(text)
    return template


def read_compiled(folder: Path, template: dict[str, Any]) -> Deployment:
    path = "compiled.json"
    reader = Reader(str(folder), (str(folder),), {path: json.dumps(template).encode()})
    deployment = read(path, reader, {})
    assert deployment is not None
    return deployment


def differences(folder: Path) -> Iterator[tuple[str, str, Any, Any]]:
    """(facet, id, in the service, in what it compiles to) where the models differ."""
    deployment = read_service(folder)
    keys = {function_id(function.id): function.id for function in deployment.functions}
    keys.update((f"{normalized(each.id)}StepFunctionsStateMachine", each.id) for each in deployment.workflows)
    template = compiled(folder, {**keys, **NAMED})
    ours, theirs = model_of(deployment), model_of(read_compiled(folder, template))
    for key in ours.keys() | theirs.keys():
        mine, other = ours.get(key, "nothing"), theirs.get(key, "nothing")
        if mine != other and key[1] not in MADE:
            yield *key, mine, other


MADE = {
    f"CustomDashresourceDash{name}LambdaFunction" for name in ("existingDashs3", "existingDashcup", "eventDashbridge")
}
"""Functions of the framework's own, which do what CloudFormation cannot."""


NAMED = {"ProcessDashdev": "process", "FiledMachine": "filed", "Payment": "payment"}
"""What state machines with names and ids of their own are called, by their logical ids."""


def named(service: Path) -> str:
    return service.relative_to(FIXTURES).as_posix()


@pytest.fixture
def copy(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    """A copy of a service's folder, in which the framework may write."""
    folder = Path(shutil.copytree(request.param, tmp_path / request.param.name))
    shared = request.param.parent / "src"
    if shared.is_dir():
        shutil.copytree(shared, folder / "src")
    (folder / "node_modules").symlink_to(MODULES)
    return folder


@pytest.mark.parametrize("copy", [*SERVICES, *WITH_PLUGINS], ids=named, indirect=True)
def test_a_service_and_what_it_compiles_to_come_to_one_model(copy: Path) -> None:
    assert sorted(differences(copy), key=str) == []


# --- variables -------------------------------------------------------------------------------------------------------


ADVISED = """
service: shop
configValidationMode: error
provider:
  name: aws
  runtime: nodejs20.x
  eventBridge:
    useCloudFormation: true
functions:
  take:
    handler: app.handler
    reservedConcurrency: 2
    events:
      - stream:
          type: dynamodb
          arn: !GetAtt Orders.StreamArn
{destination}
      - sns:
          topicName: orders
{subscription}
      - eventBridge:
          pattern: {{source: [orders]}}
{target}
{queue}
"""
"""A service with what is advised where it is said to belong."""


def test_the_framework_takes_what_is_advised(tmp_path: Path) -> None:
    def lines(advice: Advice, depth: int) -> str:
        words = SERVERLESS.advise(advice, id="take").splitlines()[1:]
        return textwrap.indent("\n".join(line for line in words if not line.startswith("(")), " " * depth)

    service = ADVISED.format(
        destination=lines(Advice.ADD_FAILURE_DESTINATION, 10),
        subscription=lines(Advice.ADD_SUBSCRIPTION_DEAD_LETTERS, 10),
        target=lines(Advice.ADD_TARGET_DEAD_LETTERS, 10),
        queue=lines(Advice.ADD_DEAD_LETTER_QUEUE, 4),
    )
    (tmp_path / "serverless.yml").write_text(service)
    (tmp_path / "app.js").write_text("exports.handler = async () => {};\n")
    run(tmp_path, "package")


def data(node: Node) -> Any:
    """A node as the framework prints it, all scalars as text."""
    call = intrinsic(node)
    if isinstance(node, Undecided):
        return "?"
    if call is not None and node.tag:
        name, argument = call
        inner = data(argument)
        return {name: inner.split(".", 1) if name == "Fn::GetAtt" and isinstance(inner, str) else inner}
    if isinstance(node, MappingNode):
        return {key: data(value) for key, (_, value) in fields_of(node).items()}
    if isinstance(node, SequenceNode):
        return [data(item) for item in node.value]
    assert isinstance(node, ScalarNode)
    if isinstance(node, Computed) and isinstance(node.known.value, Pattern):
        return "".join(part if isinstance(part, str) else "*" for part in node.known.value.parts)
    return node.value


def joined(written: Any) -> Any:
    """A list of maps as the one map that the framework makes of it."""
    if not isinstance(written, list):
        return written
    whole: dict[str, Any] = {}
    for part in written:
        for key, value in part.items():
            whole[key] = {**whole[key], **value} if key in whole else value
    return whole


def agrees(ours: Any, printed: Any) -> bool:
    """Whether what is written agrees; the framework adds settings, and lists where one thing was written."""
    if isinstance(ours, dict):
        return isinstance(printed, dict) and all(agrees(ours[key], printed.get(key)) for key in ours)
    if isinstance(printed, list) and not isinstance(ours, list):
        return len(printed) == 1 and agrees(ours, printed[0])
    if isinstance(ours, list):
        return isinstance(printed, list) and len(ours) == len(printed) and all(map(agrees, ours, printed))
    return str(ours) == (str(printed).lower() if isinstance(printed, bool) else str(printed))


@pytest.mark.parametrize("copy", SERVICES, ids=named, indirect=True)
def test_variables_come_to_what_the_framework_prints(copy: Path) -> None:
    reader = Reader(str(copy), (str(copy),))
    root = compose(reader.read("serverless.yml"))
    assert isinstance(root, MappingNode)
    ours = data(Variables("serverless.yml", root, reader, {}).resolve(root))
    printed = json.loads(run(copy, "print", "--format", "json"))
    for section in ("functions", "resources"):
        ours[section] = joined(ours[section])
    wrong = {name: (ours[name], printed.get(name)) for name in ours if not agrees(ours[name], printed.get(name))}
    assert wrong == {}


# --- program ---------------------------------------------------------------------------------------------------------


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def without_plugins(folder: Path) -> None:
    """Take the plugins, which are not installed, and the wanted version out of a service; set what it may ask for."""
    path = folder / "serverless.yml"
    text = re.sub(r"(?ms)^plugins:.*?(?=^\S|\Z)", "", path.read_text())
    text = re.sub(r"(?m)^(frameworkVersion|configValidationMode|org|app|tenant|console):.*\n", "", text)
    # Once these could be asked for without being set.
    for setting, default in (("region", "us-east-1"), ("stage", "dev")):
        if not re.search(rf"(?m)^ +{setting}:", text):
            text = re.sub(r"(?m)^provider:[^\S\n]*\n( +)", rf"provider:\n\g<1>{setting}: {default}\n\g<1>", text)
    path.write_text(f"configValidationMode: off\n{text}")


def main(root: Path, only: str = "") -> None:
    counts: Counter[str] = Counter()
    facets: Counter[str] = Counter()
    for path in sorted(root.rglob("serverless.yml")):
        if only not in str(path) or "node_modules" in path.parts:
            continue
        with tempfile.TemporaryDirectory() as place:
            folder = Path(shutil.copytree(path.parent, Path(place) / "service", symlinks=True))
            without_plugins(folder)
            deployment = read("serverless.yml", Reader(str(folder), (str(folder),)), {})
            if deployment is None or not deployment.functions:
                counts["no functions of AWS"] += 1
                continue
            try:
                found = sorted(differences(folder), key=str)
            except (RuntimeError, subprocess.TimeoutExpired) as error:
                counts["is not packaged"] += 1
                why = str(error).partition("Error:\n")[2] or str(error)
                say(f"{path}: {why[:200]!r}")
                continue
        counts["differs" if found else "agrees"] += 1
        facets.update({facet for facet, *_ in found})
        for facet, name, mine, other in found:
            if isinstance(mine, set) and isinstance(other, set):
                mine, other = mine - other, other - mine
            say(f"{path}: {facet} {name}\n    sls: {mine}\n    cfn: {other}")
    say(f"{dict(counts)} {dict(facets.most_common())}")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else "")
