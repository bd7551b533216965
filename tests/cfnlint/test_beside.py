"""The real cfn-lint's checks beside ours: `slslint check --with cfn-lint`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import cfnlint
import pytest

from slslint import discover, engine, registry
from slslint.config import Settings
from slslint.errors import UsageError
from slslint.finding import Finding, Severity
from slslint.project import reader_of
from slslint.result import Result
from slslint.templates import is_cloudformation

ROOT = Path(__file__).parent.parent.parent

TEMPLATE = """\
Parameters:
  Stage:
    Type: String
Resources:
  Orders:
    Type: AWS::SQS::Queue
    Properties:
      DelaySeconds: never
"""
SAID = {("cfn-lint:W2001", Severity.WARNING, 2), ("cfn-lint:E3012", Severity.ERROR, 8)}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    return tmp_path


def checked(*paths: str, jobs: int = 1, **settings: object) -> Result:
    base = os.getcwd()
    told = Settings(root=base, beside=("cfn-lint",), **settings)  # type: ignore[arg-type]
    return engine.check(paths or ["."], told, reader_of(paths or ["."], base, {}), registry.load(), jobs=jobs)


def theirs(result: Result) -> list[Finding]:
    return [finding for finding in result.findings if finding.tool == "cfn-lint"]


def said(result: Result) -> set[tuple[str, Severity, int]]:
    return {(each.rule, each.severity, each.at.line) for each in theirs(result)}


def test_findings_of_both_in_one_report(project: Path) -> None:
    result = checked()
    assert said(result) == SAID
    assert (result.summary.errors, result.summary.warnings) == (1, 1)
    (tool,) = result.tools
    assert (tool.name, tool.version) == ("cfn-lint", cfnlint.version.__version__)
    assert [(rule.id, rule.severity) for rule in tool.rules] == [("E3012", Severity.ERROR), ("W2001", Severity.WARNING)]
    assert tool.rules[1].summary == "Check if Parameters are Used"


def test_it_says_what_the_program_says(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    reader = reader_of(["."], str(ROOT), {})
    found = discover.find(["examples", "tests/fixtures"], reader).templates
    paths = [path for path in found if is_cloudformation(path, reader)]
    assert len(paths) > 20
    result = checked(*paths, jobs=2)
    ours = {(each.at.path, each.rule, each.at.line, each.at.column, each.message) for each in theirs(result)}
    program = Path(sys.executable).with_name("cfn-lint")
    done = subprocess.run([program, "-f", "json", *paths], capture_output=True, text=True, check=False)
    start = "Location", "Start"
    matches = {
        (
            each["Filename"],
            f"cfn-lint:{each['Rule']['Id']}",
            each[start[0]][start[1]]["LineNumber"],
            each[start[0]][start[1]]["ColumnNumber"],
            " ".join(each["Message"].split()),
        )
        for each in json.loads(done.stdout)
    }
    assert ours <= matches
    assert {rule for _, rule, *_ in matches - ours} <= {"cfn-lint:E0000", "cfn-lint:E3505"}  # where we speak


def test_the_number_of_processes_changes_nothing(project: Path) -> None:
    for number in range(3):
        (project / f"{number}.yaml").write_text(TEMPLATE)
    one, two = checked(jobs=1), checked(jobs=2)
    assert len(theirs(one)) == 8
    assert (one.findings, one.tools) == (two.findings, two.tools)


# --- which templates -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("serverless.yml", f"service: shop\nprovider: {{name: aws}}\nresources:\n  {TEMPLATE}"),
        ("part.yml", TEMPLATE.replace("never", "${self:custom.delay}")),
        ("main.tf", 'resource "aws_sqs_queue" "orders" {\n  delay_seconds = "never"\n}\n'),
        ("made.yaml", TEMPLATE.replace("    Prop", "    Metadata: {aws:cdk:path: Stack/Orders}\n    Prop")),
    ],
)
def test_only_what_somebody_wrote_for_cloudformation(project: Path, path: str, text: str) -> None:
    (project / path).write_text(text)
    assert {each.at.path for each in theirs(checked())} == {"template.yaml"}


def test_an_unsaved_buffer(project: Path) -> None:
    command = [sys.executable, "-m", "slslint", "check", "--with", "cfn-lint", "--format", "json"]
    given = [*command, "--stdin-filename", "new.yaml"]
    done = subprocess.run(given, input=TEMPLATE, capture_output=True, text=True, check=False, env=environment())
    found = json.loads(done.stdout)["findings"]
    assert {(each["rule"], each["tool"], each["path"]) for each in found} == {
        ("cfn-lint:W2001", "cfn-lint", "new.yaml"),
        ("cfn-lint:E3012", "cfn-lint", "new.yaml"),
    }
    assert (done.returncode, done.stderr) == (1, "")


# --- what the user decides -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("settings", "left"),
    [
        ("ignore_checks: [W2001]", {"E3012"}),
        ("ignore_templates: ['*.yaml']", set()),
        ("include_checks: [I3011]", {"W2001", "E3012", "I3011"}),
    ],
)
def test_cfnlintrc_holds(project: Path, settings: str, left: set[str]) -> None:
    (project / ".cfnlintrc").write_text(settings)
    assert {each.rule for each in theirs(checked())} == {f"cfn-lint:{id}" for id in left}


def test_no_code_of_the_project_is_run(project: Path) -> None:
    (project / ".cfnlintrc").write_text("append_rules: [rules]")
    (project / "rules").mkdir()
    (project / "rules" / "evil.py").write_text("import pathlib\npathlib.Path('was-here').touch()\n")
    result = checked()
    assert said(result) == SAID
    assert not (project / "was-here").exists()
    assert result.hints == (".cfnlintrc appends rules in Python (rules); only cfn-lint itself runs them",)


@pytest.mark.parametrize("text", ["colour: blue", "ignore_checks: W2001", "custom_rules: nowhere.txt", "a: [b"])
def test_broken_cfnlintrc_is_the_users_mistake(project: Path, text: str) -> None:
    (project / ".cfnlintrc").write_text(text)
    with pytest.raises(UsageError, match=r"cfn-lint cannot start: .*; mend what .cfnlintrc says"):
        checked()


def test_settings_by_path_hold_for_it_and_comments_do_not(project: Path) -> None:
    (project / "template.yaml").write_text(TEMPLATE.replace("never", "never # slslint: ignore"))
    result = checked(per_path_ignores=(("*.yaml", ("cfn-lint:W2001",)),))
    left = [each.rule for each in theirs(result) if each.suppressed is None]
    assert left == ["cfn-lint:E3012"]


# --- both of one thing -----------------------------------------------------------------------------------------------

QUEUE = """\
Resources:
  Orders:
    Type: AWS::SQS::Queue
    DeletionPolicy: Delete
    UpdateReplacePolicy: Delete
    Properties: {VisibilityTimeout: 30}
  Worker:
    Type: AWS::Lambda::Function
    Properties:
      {Runtime: python3.13, Handler: index.handler, Timeout: 60,
       Role: !Sub "arn:aws:iam::${AWS::AccountId}:role/worker",
       Code: {ZipFile: "def handler(event, context): ..."}}
  Mapping:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Orders.Arn, FunctionName: !Ref Worker}
"""


@pytest.mark.parametrize(
    ("text", "ours", "yields"),
    [
        (QUEUE, "queue-redelivers-in-flight", "cfn-lint:E3505"),
        ("Resources:\n  A: {Type: AWS::SNS::Topic\n  B: {}\n", "syntax-error", "cfn-lint:E0000"),
    ],
)
def test_where_both_speak_ours_is_kept(project: Path, text: str, ours: str, yields: str) -> None:
    (project / "template.yaml").write_text(text)
    rules = {each.rule for each in checked().findings}
    assert ours in rules
    assert yields not in rules


# --- where cfn-lint is in trouble, or absent -------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["{}Resources:\n", "{}Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n    Metadata:\n"]
)
def test_what_it_fails_on_does_not_stop_us(project: Path, text: str) -> None:
    (project / "broken.yaml").write_text(text.format("AWSTemplateFormatVersion: '2010-09-09'\n"))
    result = checked()
    assert said(result) >= SAID
    failures = [each for each in theirs(result) if each.at.path == "broken.yaml"]
    assert failures
    assert "internal-error" not in {each.rule for each in result.findings}


def test_a_failure_of_its_own_is_a_note(project: Path) -> None:
    (project / "template.yaml").write_text("Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n    Metadata:\n")
    (failure,) = theirs(checked())
    assert (failure.rule, failure.severity) == ("cfn-lint:E0002", Severity.NOTE)
    assert failure.message.startswith("cfn-lint failed on this template (AttributeError: ")


def environment(*sites: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(map(str, (ROOT, ROOT / "rules", *sites)))}


def test_not_installed_it_says_how_to_install_it(project: Path) -> None:
    installed = Path(cfnlint.__file__).parent.parent
    site = project / "site"
    site.mkdir()
    for each in installed.iterdir():
        if not each.name.startswith(("cfnlint", "__editable__", "_editable")) and each.suffix != ".pth":
            (site / each.name).symlink_to(each)
    command = [sys.executable, "-S", "-m", "slslint", "check", "--with", "cfn-lint", "template.yaml"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment(site))
    assert done.returncode == 2
    assert done.stderr == (
        "slslint: error: cfn-lint is not installed beside slslint; install both with: pip install 'slslint[cfn-lint]'\n"
    )


def test_nothing_of_it_is_imported_unless_asked(project: Path) -> None:
    code = "import sys; from slslint import cli; cli.main(['check']); print([m for m in sys.modules if 'cfnlint' in m])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment())
    assert done.stdout.endswith("[]\n")
