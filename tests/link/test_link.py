"""Deployed functions and the source they are joined to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from slslint.app import App, JoinState
from slslint.app.symbols import EnvVar
from slslint.facts import Facts
from slslint.languages import lower
from slslint.link import link
from slslint.link.solo import solo
from slslint.source import Reader
from slslint.templates import read
from slslint.value import Known

HANDLER = "def handler(event, context):\n    pass\n"


def facts_from(reader: Reader) -> dict[str, Facts]:
    class Lowered(dict[str, Facts]):
        def __missing__(self, path: str) -> Facts:
            self[path] = facts = lower(reader.read(path))
            return facts

    return Lowered()


def app_of(folder: Path, files: Mapping[str, str], template: str = "template.yaml") -> App:
    reader = write(folder, files)
    deployment = read(template, reader, {})
    assert deployment is not None
    return link(deployment, facts_from(reader).__getitem__, reader)


def write(folder: Path, files: Mapping[str, str]) -> Reader:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(dedent(text))
    return Reader(str(folder), (str(folder.resolve()),))


def sam(handler: str, code: str | None = "src", more: str = "", runtime: str = "python3.12") -> str:
    """A template of one function."""
    uri = "" if code is None else f"CodeUri: {code}"
    return f"""
        Transform: AWS::Serverless-2016-10-31
        Resources:
          F:
            Type: AWS::Serverless::Function
            Properties:
              Handler: {handler}
              Runtime: {runtime}
              {uri}
              {more}
    """


JOINED = {
    "module in the code folder": (sam("app.handler"), {"src/app.py": HANDLER}, "src/app.py:handler"),
    "module in a folder": (sam("api/app.handler"), {"src/api/app.py": HANDLER}, "src/api/app.py:handler"),
    "module in a package": (sam("api.app.handler"), {"src/api/app.py": HANDLER}, "src/api/app.py:handler"),
    "package": (sam("api.handler"), {"src/api/__init__.py": HANDLER}, "src/api/__init__.py:handler"),
    "template's own folder": (sam("src/app.handler", "."), {"src/app.py": HANDLER}, "src/app.py:handler"),
    "no folder given": (sam("app.handler", None), {"app.py": HANDLER}, "app.py:handler"),
    "archive beside its source": (sam("app.handler", "dist/orders.zip"), {"orders/app.py": HANDLER},
                                  "orders/app.py:handler"),
    "built folder": (sam("app.handler", "orders/build"), {"orders/app.py": HANDLER}, "orders/app.py:handler"),
    "source layout of a project": (sam("orders.app.handler", "."), {"pyproject.toml": "", "src/orders/app.py": HANDLER},
                                   "src/orders/app.py:handler"),
    "method": (sam("app.App.handler"), {"src/app.py": "class App:\n    def handler(self, e, c): pass\n"},
               "src/app.py:App.handler"),
    "method of an instance": (sam("app.app.handler"),
                              {"src/app.py": "class App:\n    def handler(self, e, c): pass\napp = App()\n"},
                              "src/app.py:App.handler"),
    "called instance": (sam("app.handler"),
                        {"src/app.py": "class App:\n    def __call__(self, e, c): pass\nhandler = App()\n"},
                        "src/app.py:App.__call__"),
    "lambda": (sam("app.handler"), {"src/app.py": "handler = lambda event, context: 1\n"}, "src/app.py:<lambda>@1:11"),
    "adapter": (sam("app.handler"), {"src/app.py": "from mangum import Mangum\nhandler = Mangum(object())\n"},
                "src/app.py:"),
    "wrapped by a package": (sam("app.handler"), {"src/app.py": "from pkg import wrap\n"
                                                  + HANDLER.replace("handler", "h")
                                                  + "handler = wrap(h)\n"}, "src/app.py:h"),
    "wrapped in place": (sam("app.handler"), {"src/app.py": "def wrap(f):\n"
        "    def w(e, c): return f(e, c)\n    return w\n"
                                              + HANDLER + "handler = wrap(handler)\n"}, "src/app.py:wrap.w"),
    "re-exported": (sam("app.handler"), {"src/app.py": "from orders import handler\n", "src/orders.py": HANDLER},
                    "src/orders.py:handler"),
    "file instead of a folder": (sam("app.handler", "src/app.py"), {"src/app.py": HANDLER}, "src/app.py:handler"),
    "behind a monitoring layer": (
        sam("datadog_lambda.handler.handler", more="Environment: {Variables: {DD_LAMBDA_HANDLER: app.handler}}"),
        {"src/app.py": HANDLER}, "src/app.py:handler"),
    "in a layer of the template": (
        sam("shared.app.handler", more="Layers: [!Ref L]\n"
            "          L: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: layer/}}"),
        {"src/other.py": HANDLER, "layer/python/shared/app.py": HANDLER}, "layer/python/shared/app.py:handler"),
    "decided by a condition": (
        sam("app.handler", "!If [IsProd, src, src]").replace("Resources", "Conditions: {IsProd: !Equals [!Ref "
                                                             "AWS::Region, x]}\n        Resources"),
        {"src/app.py": HANDLER}, "src/app.py:handler"),
    "unknown runtime": (sam("app.handler", runtime="!Ref Runtime").replace("Resources", "Parameters: {Runtime: {Type: "
                                                                           "String}}\n        Resources"),
                        {"src/app.py": HANDLER}, "src/app.py:handler"),
}  # fmt: skip


@pytest.mark.parametrize(("template", "files", "place"), JOINED.values(), ids=JOINED)
def test_joined(tmp_path: Path, template: str, files: dict[str, str], place: str) -> None:
    app = app_of(tmp_path, {"template.yaml": template, **files})
    join = app.joins["F"]
    assert (join.state, f"{join.file}:{join.handler}") == (JoinState.JOINED, place), join
    ((_, code),) = app.functions_with_code()
    assert (code.handler.path, code.handler.name) == (join.file, join.handler)


NOT_JOINED = {
    "no such file": (sam("app.handler"), {"src/apps.py": ""}, JoinState.MISSING, "`src/apps.py` is there"),
    "no such function": (sam("app.handler"), {"src/app.py": "def handle(e, c): pass\n"}, JoinState.MISSING,
                         "defines no `handler`; did you mean `handle`"),
    "no function named": (sam("app"), {"src/app.py": HANDLER}, JoinState.MISSING, "it names no function"),
    "names made by calls": (sam("app.handler"), {"src/app.py": "globals()['handler'] = print\n"}, JoinState.ELSEWHERE,
                            "could not be told"),
    "file one folder deeper": (sam("app.handler", "."), {"src/app.py": HANDLER}, JoinState.MISSING,
                               "`src/app.py` is there"),
    "folder that is not there": (sam("app.handler", "lib"), {}, JoinState.ELSEWHERE, "`lib` is not there"),
    "built folder": (sam("app.handler", "build"), {"build/x.py": ""}, JoinState.ELSEWHERE, "a build step fills"),
    "stand-in": (sam("orders.app.handler", "lib/placeholder.py"), {"lib/placeholder.py": HANDLER}, JoinState.ELSEWHERE,
                 "stands in for code that is deployed later"),
    "outside": (sam("app.handler", "../other"), {}, JoinState.ELSEWHERE, "outside the project"),
    "in a store": (sam("app.handler", "s3://bucket/key"), {}, JoinState.ELSEWHERE, "archive in a store"),
    "another language": (sam("app.Orders::handle", runtime="java21"), {"src/app.java": ""}, JoinState.ELSEWHERE,
                         "Java"),
    "custom runtime": (sam("bootstrap", runtime="provided.al2023"), {"src/x": ""}, JoinState.ELSEWHERE,
                       "custom runtime"),
    "layer": (sam("/opt/app.handler"), {"src/app.py": HANDLER}, JoinState.ELSEWHERE, "a layer brings"),
    "from a package": (sam("app.handler"), {"src/app.py": "from pkg import handler\n"}, JoinState.ELSEWHERE,
                       "`pkg.handler`, which lies outside"),
    "broken file": (sam("app.handler"), {"src/app.py": "def handler(:\n    ((\n"}, JoinState.ELSEWHERE,
                    "does not parse"),
    "star import": (sam("app.handler"), {"src/app.py": "from pkg import *\n"}, JoinState.ELSEWHERE,
                    "`pkg.handler`, which lies outside"),
    "star imports": (sam("app.handler"), {"src/app.py": "from pkg import *\nfrom other import *\n"},
                     JoinState.ELSEWHERE, "`import *`"),
    "another module in inline code": (
        sam("app.handler", None, "InlineCode: |\n                def handler(e, c): pass"), {}, JoinState.MISSING,
        "its handler would be `index.handler`"),
}  # fmt: skip


@pytest.mark.parametrize(("template", "files", "state", "why"), NOT_JOINED.values(), ids=NOT_JOINED)
def test_not_joined(tmp_path: Path, template: str, files: dict[str, str], state: JoinState, why: str) -> None:
    app = app_of(tmp_path, {"template.yaml": template, **files})
    join = app.joins["F"]
    assert join.state is state, join
    assert why in join.why
    assert not list(app.functions_with_code())


@pytest.mark.parametrize(
    ("pattern", "state"), [("../orders/*.py", "joined"), ("../other/**", "joined"), ("./*", "missing")]
)
def test_patterns_bring_files_from_above_a_service(tmp_path: Path, pattern: str, state: str) -> None:
    service = f"""
        service: shop
        provider: {{name: aws, runtime: python3.12}}
        package: {{patterns: ['!**', {pattern}]}}
        functions:
          F: {{handler: orders/app.handler}}
    """
    files = {"deploy/serverless.yml": service, "orders/app.py": HANDLER}
    join = app_of(tmp_path, files, "deploy/serverless.yml").joins["F"]
    assert (join.state.value, join.file) == (state, "orders/app.py" if state == "joined" else None)


def test_ambiguous(tmp_path: Path) -> None:
    condition = "Conditions: {IsProd: !Equals [!Ref AWS::StackName, prod]}\n        Resources:"
    template = sam("app.handler", "!If [IsProd, a, b]").replace("Resources:", condition)
    app = app_of(tmp_path, {"template.yaml": template, "a/app.py": HANDLER, "b/app.py": HANDLER})
    assert app.joins["F"].state is JoinState.AMBIGUOUS
    assert "`a/app.py` or `b/app.py`" in app.joins["F"].why


def test_problems_of_a_file_whose_handler_is_not_found(tmp_path: Path) -> None:
    app = app_of(tmp_path, {"template.yaml": sam("app.handler"), "src/app.py": "def other(:\n    ((\n"})
    assert [(problem.kind, problem.at.path) for problem in app.problems] == [("syntax", "src/app.py")]


def test_problems_of_imported_files(tmp_path: Path) -> None:
    sources = {"src/app.py": "import other\n" + HANDLER, "src/other.py": "def other(:\n"}
    app = app_of(tmp_path, {"template.yaml": sam("app.handler"), **sources})
    assert [problem.at.path for problem in app.problems] == ["src/other.py"]


def test_inline_code(tmp_path: Path) -> None:
    more = "InlineCode: |\n                import boto3\n                def handler(event, context):\n"
    more += "                    boto3.client('s3')\n"
    app = app_of(tmp_path, {"template.yaml": sam("index.handler", None, more)})
    ((_, code),) = app.functions_with_code()
    (site,) = code.sites()
    assert (site.dotted, site.call.at.path, site.call.at.line) == ("boto3.client", "template.yaml", 13)


def test_layers_are_searched(tmp_path: Path) -> None:
    template = (
        sam("app.handler", more="Layers: [!Ref Shared]")
        + """
          Shared:
            Type: AWS::Serverless::LayerVersion
            Properties:
              ContentUri: shared
    """
    )
    files = {
        "template.yaml": template,
        "src/app.py": "from common import save\ndef handler(event, context):\n    save()\n",
        "shared/python/common.py": "def save(): pass\n",
    }
    ((_, code),) = app_of(tmp_path, files).functions_with_code()
    assert "shared/python/common.py" in {place.path for place in code.places()}


def test_vendored_packages_are_outside(tmp_path: Path) -> None:
    files = {
        "template.yaml": sam("app.handler"),
        "src/app.py": "import pkg, mine\ndef handler(event, context):\n    pkg.go()\n    mine.go()\n",
        "src/pkg/__init__.py": "def go(): pass\n",
        "src/pkg-1.0.dist-info/RECORD": "pkg/__init__.py,,\n",
        "src/mine.py": "def go(): pass\n",
    }
    ((_, code),) = app_of(tmp_path, files).functions_with_code()
    assert {place.path for place in code.places()} == {"src/app.py", "src/mine.py"}
    assert "pkg.go" in {site.dotted for site in code.sites()}


def test_links_out_of_the_project_are_not_followed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text("import os\n")
    inside = tmp_path / "inside"
    inside.mkdir()
    reader = write(inside, {"template.yaml": sam("app.handler"), "src/app.py": "import secret\n" + HANDLER})
    (inside / "src" / "secret.py").symlink_to(outside / "secret.py")
    deployment = read("template.yaml", reader, {})
    assert deployment is not None
    ((_, code),) = link(deployment, facts_from(reader).__getitem__, reader).functions_with_code()
    assert {place.path for place in code.places()} == {"src/app.py"}


def test_names_of_resources(tmp_path: Path) -> None:
    template = """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Orders:
            Type: AWS::SQS::Queue
          Named:
            Type: AWS::SQS::Queue
            Properties: {QueueName: named-queue}
          F:
            Type: AWS::Serverless::Function
            Properties:
              Handler: app.handler
              Runtime: python3.12
              CodeUri: src
              Environment:
                Variables:
                  REF: !Ref Orders
                  ARN: !GetAtt Orders.Arn
                  SUB: !Sub "https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${Orders.QueueName}"
                  URL: https://sqs.eu-west-1.amazonaws.com/123456789012/named-queue
                  NAMED_ARN: !Sub "arn:aws:sqs:${AWS::Region}:${AWS::AccountId}:named-queue"
                  OTHER: something
                  PART: !Sub "${Orders.QueueName}-dead"
    """
    source = "import os\ndef handler(event, context):\n    probe(context.function_name)\n    probe('named-queue')\n"
    app = app_of(tmp_path, {"template.yaml": template, "src/app.py": source})
    ((function, code),) = app.functions_with_code()
    names = ("REF", "ARN", "SUB", "URL", "NAMED_ARN", "OTHER", "PART", "UNSET", "AWS_LAMBDA_FUNCTION_NAME")
    found = {name: getattr(app.names(function, EnvVar(name)), "id", None) for name in names}
    assert found == {
        "REF": "Orders",
        "ARN": "Orders",
        "SUB": "Orders",
        "URL": "Named",
        "NAMED_ARN": "Named",
        "OTHER": None,
        "PART": None,
        "UNSET": None,
        "AWS_LAMBDA_FUNCTION_NAME": "F",
    }
    arguments = [argument for site in code.sites() for argument in site.argument_symbols()]
    assert [getattr(app.names(function, each), "id", None) for each in arguments] == ["F", "Named"]


def test_triggers_roles_and_dead_letters(tmp_path: Path) -> None:
    template = """
        Transform: AWS::Serverless-2016-10-31
        Resources:
          Orders:
            Type: AWS::SQS::Queue
            Properties: {RedrivePolicy: {deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: 3}}
          Dead:
            Type: AWS::SQS::Queue
          Shared:
            Type: AWS::IAM::Role
          F:
            Type: AWS::Serverless::Function
            Properties:
              {Handler: app.f, Runtime: python3.12, CodeUri: src, Role: !GetAtt Shared.Arn,
               Events: {E: {Type: SQS, Properties: {Queue: !GetAtt Orders.Arn}}}}
          G:
            Type: AWS::Serverless::Function
            Properties: {Handler: app.g, Runtime: python3.12, CodeUri: src, Role: !GetAtt Shared.Arn}
    """
    app = app_of(tmp_path, {"template.yaml": template, "src/app.py": "def f(e, c): pass\ndef g(e, c): pass\n"})
    f, g = app.functions
    (trigger,) = app.triggers(f)
    assert isinstance(trigger.source, Known)
    queue = app.queue(trigger.source.value)
    assert queue is not None
    assert queue.id == "Orders"
    assert not app.triggers(g)
    role = app.role(f)
    assert role is not None
    assert app.users(role) == (f, g)
    assert [each.id for each in app.deployment.queues if app.is_dead_letter(each)] == ["Dead"]


SOLO = {
    "named as usual": ("def lambda_handler(event, context): pass\n", ["lambda_handler"]),
    "unused context": ("def run(event, _): pass\n", ["run"]),
    "unused event": ("def run(_, context): pass\n", ["run"]),
    "typed": ("def run(event: dict, context: object) -> dict: pass\n", ["run"]),
    "helper of the handler": (
        "def handler(event, context):\n    go(event, context)\ndef go(event, context): pass\n", ["handler"]),
    "several": ("def a(event, context): pass\ndef b(event, context): pass\n", ["a", "b"]),
    "other parameters": ("def main(args, options): pass\n", []),
    "three parameters": ("def middleware(handler, event, context): pass\n", []),
    "method": ("class A:\n    def handler(self, event, context): pass\n", []),
    "Systems Manager runbook": ("def script_handler(events, context): pass\n", []),
    "test": ("import pytest\ndef handler(event, context): pass\n", []),
}  # fmt: skip


@pytest.mark.parametrize(("source", "handlers"), SOLO.values(), ids=SOLO)
def test_source_without_template(tmp_path: Path, source: str, handlers: list[str]) -> None:
    reader = write(tmp_path, {"app.py": source})
    app = solo("app.py", facts_from(reader).__getitem__, reader)
    found = [] if app is None else [function.id for function, _ in app.functions_with_code()]
    assert found == handlers
