"""What tells findings again: it stays whatever happens around them, and is another for each."""

import os
import re
import shutil
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from slslint import engine, registry
from slslint.config import Settings
from slslint.fingerprint import fingerprints, stamped
from slslint.result import Result
from slslint.source import Reader

HERE = Path(__file__).parents[1]
APPS = sorted(
    [*HERE.glob("fixtures/apps/*/*"), *(HERE.parent / "examples").glob("*/")],
    key=str,
)
APPS = [each for each in APPS if each.is_dir()]
RULES = registry.load()


def check(base: Path, root: Path | None = None, *paths: str) -> tuple[Result, Reader]:
    root = root or base
    reader = Reader(str(base), (str(root),))
    return engine.check(paths or (".",), Settings(root=str(root), preset="strict"), reader, RULES), reader


@cache
def of_app(app: Path) -> list[str]:
    """The fingerprints of an application that stays as it is; what its findings are about is added to `TOLD`.

    Without what the CDK made: it is older than its source once that changes, and then it is another application.
    """
    result, reader = check(app, app, *(each.name for each in app.iterdir() if each.name != "cdk"))
    TOLD.update(
        word
        for each in result.findings
        for word in re.findall(r"\w+", reader.read(each.at.path).lines[each.at.line - 1])
    )
    return sorted(fingerprints(result.findings, reader))


TOLD: set[str] = set()


def of(base: Path, root: Path | None = None, *paths: str) -> list[str]:
    result, reader = check(base, root, *paths)
    return sorted(fingerprints(result.findings, reader))


Change = Callable[[str, str, int], str]
"""A text of a file with that ending changed in some way, at a place that the number chooses."""


def with_line(kind: str, text: str, number: int) -> str:
    lines = text.split("\n")
    comment = {".py": "# {", ".yaml": "# Timeout: 3", ".yml": "# {", ".tf": "# }", ".json": ""}.get(kind, "// {")
    places = [at for at, line in enumerate(lines) if kind not in (".yaml", ".yml") or re.match(r"\s*\w+:", line)]
    at = places[number % len(places)]
    return "\n".join([*lines[:at], comment, "", *lines[at:]])


def with_function(kind: str, text: str, number: int) -> str:
    if kind == ".py":
        made = f"def unrelated_{number}(a):\n    return a\n\n\n"
        return re.sub(r"(?m)^(?=def |class |@)", lambda _: made, text, count=1) + f"\n\n{made}"
    if kind in (".js", ".mjs", ".ts"):
        return f"{text}\nfunction unrelated{number}(a) {{\n  return a;\n}}\n"
    return text


def with_resource(kind: str, text: str, number: int) -> str:
    if kind in (".yaml", ".yml"):
        return re.sub(r"(?m)^Resources:\n", f"\\g<0>  A{number}:\n    Type: AWS::SNS::Topic\n", text, count=1)
    if kind == ".tf":
        return f'resource "aws_sns_topic" "a{number}" {{\n  name = "a"\n}}\n\n{text}'
    return text


def renamed(kind: str, text: str, number: int) -> str:
    """The text with another name for one variable of a function, which no finding is about."""
    local = {".py": r"(?m)^ +(\w+) = ", ".ts": r"(?m)^ +const (\w+) = ", ".mjs": r"(?m)^ +const (\w+) = "}
    names = sorted(set(re.findall(local.get(kind, r"$^"), text)))
    names = [each for each in names if each not in TOLD and not re.search(rf"[.'\"]{each}\b|\b{each}=", text)]
    if not names:
        return text
    return re.sub(rf"\b{names[number % len(names)]}\b", f"renamed_{number}", text)


def reindented(kind: str, text: str, number: int) -> str:
    if re.search(r"(?m)^ *- [\w\"']+:", text) or "<<" in text:
        return text  # what stands behind a dash is aligned with it
    return re.sub(r"(?m)^( +)", r"\1\1", text)


def with_crlf(kind: str, text: str, number: int) -> str:
    return text.replace("\r\n", "\n").replace("\n", "\r\n")


CHANGES: tuple[Change, ...] = (with_line, with_function, with_resource, renamed, reindented, with_crlf)


def change(app: Path, changes: list[Change], number: int) -> None:
    for path in sorted(app.rglob("*")):
        if not path.is_file():
            continue
        text = path.read_bytes().decode()
        for apply in changes:
            text = apply(path.suffix, text, number)
        path.write_bytes(text.encode())


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    app=st.sampled_from(APPS),
    changes=st.sets(st.sampled_from(CHANGES), min_size=1),
    number=st.integers(0, 200),
)
def test_findings_are_told_again_whatever_happens_around_them(
    app: Path, changes: set[Change], number: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    before = of_app(app)
    copy = tmp_path_factory.mktemp("moved") / "checkout"
    shutil.copytree(app, copy, ignore=shutil.ignore_patterns("cdk"))
    change(copy, [each for each in CHANGES if each in changes], number)
    assert of(copy) == before


def test_no_two_findings_are_alike() -> None:
    found = of(HERE / "fixtures" / "apps")
    assert len(found) > 200
    assert len(set(found)) == len(found)
    assert sum(not each.endswith(":1") for each in found) == 0, "here nothing but their order tells findings apart"


TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: ., Timeout: 30}
  Bills:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.other, CodeUri: ., Timeout: 30}
"""
CODE = """\
import requests


def handler(event, context):
    return requests.get(event["url"], params={"a": 1})


def other(event, context):
    return requests.get(event["url"], params={"a": 1})
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "service" / "app.py").write_text(CODE)
    return tmp_path


def of_rule(project: Path, rule: str) -> list[str]:
    result, reader = check(project)
    return [each.fingerprint for each in stamped(result.findings, reader) if each.rule == rule]


def test_they_do_not_depend_on_where_slslint_runs(project: Path) -> None:
    assert of(project, project, "service") == of(project) == of(project / "service", project)
    assert of(project, project, "service/app.py", "./service//template.yaml") == of(project)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('(event["url"], params={"a": 1})', "(\n        event['url'],\n        params={'a': 1},\n    )"),
        ('{"a": 1}', '{"a": 20}'),
        ("Timeout: 30", "Timeout: 60"),
        ("return requests", "answer = requests"),
    ],
)  # fmt: skip
def test_neither_format_nor_numbers_count(project: Path, old: str, new: str) -> None:
    before = of(project)
    for file in (project / "service").iterdir():
        file.write_text(file.read_text().replace(old, new))
    assert of(project) == before


def test_another_function_that_shares_the_place_changes_nothing(project: Path) -> None:
    template = project / "service" / "template.yaml"
    shared = CODE.split("\n\n\ndef other")[0] + "\n"
    (project / "service" / "app.py").write_text(shared)
    template.write_text(TEMPLATE.replace("app.other", "app.handler"))
    two = of_rule(project, "call-without-timeout")
    template.write_text(TEMPLATE.replace("app.other", "app.handler").replace("Bills", "Accounts"))
    assert of_rule(project, "call-without-timeout") == two


def test_an_equal_one_is_told_by_its_order_and_an_unlike_one_does_not_count(project: Path) -> None:
    code = project / "service" / "app.py"
    first, second = of_rule(project, "call-without-timeout")
    call = '    return requests.get(event["url"], params={"a": 1})\n'
    code.write_text(CODE.replace(call, f'    requests.get("https://example.org")\n{call}', 1))
    assert {first, second} < set(of_rule(project, "call-without-timeout"))
    code.write_text(CODE.replace(call, f"{call}{call}".replace("return ", "", 1), 1))
    found = of_rule(project, "call-without-timeout")
    assert found[:2] == [first, first.replace(":1", ":2")]
    assert found[2] == second


def test_left_out_findings_leave_the_others_theirs(project: Path) -> None:
    result, reader = check(project)
    whole = stamped(result.findings, reader)
    assert list(fingerprints(whole[1:], reader)) == [each.fingerprint for each in whole[1:]]


def test_a_folder_that_the_caller_names_counts_instead_of_the_repository(project: Path, tmp_path: Path) -> None:
    result, reader = check(project)
    there = list(fingerprints(result.findings, reader, str(project / "service")))
    moved = tmp_path / "elsewhere"
    shutil.move(project / "service", moved)
    result, reader = check(moved)
    assert list(fingerprints(result.findings, reader, str(moved))) == there
    assert os.path.isdir(moved)


def test_resources_on_one_line_are_told_apart(tmp_path: Path) -> None:
    function = '{"Type": "AWS::Serverless::Function", "Properties": {"Runtime": "python3.13", "Handler": "a.handler"}}'
    path = tmp_path / "template.json"
    path.write_text(f'{{"Resources": {{"First": {function}, "Second": {function}}}}}')
    both = of(tmp_path)
    path.write_text(f'{{"Resources": {{"Second": {function}}}}}')
    assert len(both) == 2 * len(of(tmp_path))
    assert set(of(tmp_path)) < set(both)
