"""`--since`, with the real git."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from slslint import cli

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Globals:
  Function:
    Runtime: python3.13
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: orders.handler
      CodeUri: src/
      Timeout: 40
  Bills:
    Type: AWS::Serverless::Function
    Properties:
      Handler: bills.handler
      CodeUri: src/
      Timeout: 40
  Idle:
    Type: AWS::Serverless::Function
    Properties:
      Handler: idle.handler
      CodeUri: src/
"""
HANDLER = """\
import requests

from shared import ask


def unrelated():
    return 1


def handler(event, context):
    ask(event)
    return requests.get(event["url"])
"""
SHARED = """\
import requests


def ask(event):
    return requests.get(event["url"])


def tell(event):
    return 1
"""
IDLE = "def handler(event, context):\n    return 1\n"
ORDERS, BILLS = ("call-without-timeout", "src/orders.py"), ("call-without-timeout", "src/bills.py")
ASK, NO_TIMEOUT = ("call-without-timeout", "src/shared.py"), ("missing-timeout", "template.yaml")
TOTAL = 4


def git(folder: Path, *arguments: str) -> str:
    who = ("-c", "user.name=Somebody", "-c", "user.email=somebody@example.org", "-c", "commit.gpgSign=false")
    ran = subprocess.run(["git", *who, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    return ran.stdout.strip()


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--allow-empty", "--message", "Change something")


@pytest.fixture(autouse=True)
def own_git(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """git as it comes, whatever the settings of whoever runs the tests."""
    for name in [name for name in os.environ if name.startswith("GIT_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository whose only commit has four findings; the working directory is in it."""
    folder = tmp_path / "pro ject"
    (folder / "src").mkdir(parents=True)
    (folder / "template.yaml").write_text(TEMPLATE)
    for name, text in (("orders", HANDLER), ("bills", HANDLER), ("shared", SHARED), ("idle", IDLE)):
        (folder / "src" / f"{name}.py").write_text(text)
    git(folder, "init", "--quiet", "--initial-branch", "main")
    commit(folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def since(capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[list[tuple[str, str]], int]]:
    """What `slslint check --since REV` shows, as (rule, path), and how many findings it does not."""

    def run(rev: str, *arguments: str) -> tuple[list[tuple[str, str]], int]:
        cli.main(["check", "--format", "json", "--since", rev, *arguments])
        report = json.loads(capsys.readouterr().out)
        return [(each["rule"], each["path"]) for each in report["findings"]], report["summary"]["unchanged"]

    return run


def edit(file: Path, old: str, new: str) -> None:
    text = file.read_bytes().decode()
    assert old in text
    file.write_bytes(text.replace(old, new, 1).encode())


def test_without_a_change_nothing_is_shown_and_what_is_not_is_counted(
    project: Path, since: Any, capsys: pytest.CaptureFixture[str]
) -> None:
    assert since("HEAD") == ([], TOTAL)
    assert cli.main(["check", "--since", "HEAD"]) == 0
    assert "Found nothing in 3 functions of 5 files; 4 elsewhere, not shown" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("file", "old", "new", "shown"),
    [
        # the line itself, and another line of its function: of the source, and what is said of the deployed function
        ("src/orders.py", 'return requests.get(event["url"])', 'return requests.get(event["uri"])', [ORDERS]),
        ("src/orders.py", "    ask(event)\n", "", [ORDERS]),
        ("src/bills.py", "    ask(event)\n", "    ask(event)\n    ask(event)\n", [BILLS]),
        # other code of the file
        ("src/orders.py", "return 1", "return 2", []),
        ("src/shared.py", "return 1", "return 2", []),
        ("src/shared.py", "def ask(event):\n", "def ask(event):\n    print()\n", [ASK]),
        # the resource, the line gone that made the difference, and what all inherit
        ("template.yaml", "bills.handler\n", "bills.handler\n      MemorySize: 512\n", [BILLS]),
        ("template.yaml", "      Timeout: 40\n", "", [ORDERS, NO_TIMEOUT]),
        ("template.yaml", "Resources:", "# what there is\nResources:", []),
        ("template.yaml", "Runtime: python3.13", "Runtime: python3.12", [BILLS, ORDERS, NO_TIMEOUT]),
        # what is said in the template of a function whose handler does something else now
        ("src/idle.py", "return 1", "return 2", [NO_TIMEOUT]),
        # what no longer parses
        ("src/bills.py", "return 1", "return (1", [("syntax-error", "src/bills.py")]),
    ],
)  # fmt: skip
def test_what_is_about_changed_lines_functions_and_resources_is_shown(
    project: Path, since: Any, file: str, old: str, new: str, shown: list[tuple[str, str]]
) -> None:
    edit(project / file, old, new)
    assert since("HEAD")[0] == shown
    commit(project)
    assert since("HEAD")[0] == []
    assert since("HEAD~1")[0] == shown


def test_staged_and_untracked_files_count_and_ignored_ones_do_not(project: Path, since: Any) -> None:
    more = TEMPLATE.replace("Orders", "Returns").replace("src/", "more/")
    (project / "more").mkdir()
    (project / "more" / "orders.py").write_text(SHARED.replace("ask", "handler"))
    (project / "more" / "template.yaml").write_text(more.replace("more/", "."))
    found = since("HEAD")[0]
    assert {path for _, path in found} == {"more/orders.py", "more/template.yaml"}
    git(project, "add", "more")
    assert since("HEAD")[0] == found
    git(project, "reset", "--quiet")
    (project / ".git" / "info" / "exclude").write_text("more/\n")
    assert since("HEAD", "more/template.yaml")[0] == []


def test_what_the_other_branch_did_meanwhile_does_not_count(project: Path, since: Any) -> None:
    git(project, "switch", "--quiet", "--create", "feature")
    edit(project / "src" / "orders.py", "    ask(event)\n", "")
    commit(project)
    git(project, "switch", "--quiet", "main")
    edit(project / "src" / "bills.py", "    ask(event)\n", "")
    commit(project)
    git(project, "switch", "--quiet", "feature")
    assert since("main")[0] == [ORDERS]


def test_renames_are_followed(project: Path, since: Any) -> None:
    git(project, "mv", "src/shared.py", "src/common.py")
    for name in ("orders", "bills"):
        edit(project / "src" / f"{name}.py", "from shared", "from common")
    assert since("HEAD")[0] == []
    edit(project / "src" / "common.py", "def ask(event):\n", "def ask(event):\n    print()\n")
    assert since("HEAD")[0] == [("call-without-timeout", "src/common.py")]


def test_a_handler_that_is_gone_is_missed(project: Path, since: Any) -> None:
    (project / "src" / "bills.py").unlink()
    assert ("handler-not-found", "template.yaml") in since("HEAD")[0]
    git(project, "checkout", "--quiet", "src/bills.py")
    git(project, "mv", "src/bills.py", "src/accounts.py")
    assert ("handler-not-found", "template.yaml") in since("HEAD")[0]


def test_it_does_not_matter_where_slslint_runs(project: Path, since: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    edit(project / "src" / "orders.py", "    ask(event)\n", "")
    monkeypatch.chdir(project / "src")
    assert since("HEAD", "..")[0] == [("call-without-timeout", "../src/orders.py")]
    monkeypatch.chdir(project.parent)
    assert since("HEAD", project.name)[0] == [("call-without-timeout", "pro ject/src/orders.py")]
    git(project, "worktree", "add", "--quiet", "../other")
    assert since("HEAD", "other")[0] == []
    edit(project.parent / "other" / "src" / "bills.py", "    ask(event)\n", "")
    assert ("call-without-timeout", "other/src/bills.py") in since("HEAD", "other")[0]


@pytest.mark.parametrize("folder", ["a b", "größe", 'q"uote', "back\\slash", "tab\there", "new\nline", "b/a/b", "-x"])
def test_folders_may_have_any_name(project: Path, since: Any, folder: str) -> None:
    (project / folder).mkdir(parents=True)
    for name in ("template.yaml", "src"):
        shutil.move(project / name, project / folder / name)
    commit(project)
    edit(project / folder / "src" / "orders.py", "    ask(event)\n", "")
    assert since("HEAD")[0] == [("call-without-timeout", f"{folder}/src/orders.py")]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("diff.noprefix", "true"),
        ("diff.mnemonicPrefix", "true"),
        ("diff.renames", "false"),
        ("diff.interHunkContext", "100"),
        ("diff.context", "100"),
        ("diff.external", "false"),
        ("diff.relative", "true"),
        ("diff.suppressBlankEmpty", "true"),
        ("color.ui", "always"),
        ("core.quotePath", "true"),
    ],
)
def test_whatever_git_is_set_to(project: Path, since: Any, name: str, value: str) -> None:
    git(project, "config", name, value)
    git(project, "mv", "src/shared.py", "src/größe.py")
    for each in ("orders", "bills"):
        edit(project / "src" / f"{each}.py", "from shared", "from größe")
    edit(project / "src" / "größe.py", "def tell", "\n\n\ndef tell")
    assert since("HEAD")[0] == []
    edit(project / "src" / "größe.py", "def ask(event):\n", "def ask(event):\n    print()\n")
    assert since("HEAD")[0] == [("call-without-timeout", "src/größe.py")]


def test_the_environment_of_a_diff_is_not_asked(project: Path, since: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_DIFF_OPTS", "--unified=100")
    monkeypatch.setenv("GIT_EXTERNAL_DIFF", "false")
    edit(project / "src" / "shared.py", "return 1", "return 2")
    assert since("HEAD")[0] == []


def test_submodules_are_left_alone(project: Path, since: Any, tmp_path: Path) -> None:
    shutil.copytree(project, tmp_path / "origin")
    git(project, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(tmp_path / "origin"), "module")
    commit(project)
    edit(project / "module" / "src" / "orders.py", "    ask(event)\n", "")
    assert since("HEAD")[0] == []


def test_before_the_first_commit_everything_is_new(project: Path, since: Any) -> None:
    shutil.rmtree(project / ".git")
    git(project, "init", "--quiet")
    git(project, "add", "--all")
    assert since("HEAD") == ([BILLS, ORDERS, ASK, NO_TIMEOUT], 0)


def test_left_out_findings_do_not_change_the_fingerprints_of_others(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    edit(project / "src" / "orders.py", "    ask(event)\n", "")

    def fingerprints(*arguments: str) -> set[str]:
        cli.main(["check", "--format", "json", *arguments])
        return {each["fingerprint"] for each in json.loads(capsys.readouterr().out)["findings"]}

    assert len(fingerprints("--since", "HEAD")) == 1
    assert fingerprints("--since", "HEAD") < fingerprints()


def test_in_a_hook_of_git(project: Path) -> None:
    """The hook runs with an index and a folder that git names in its environment."""
    hook = project / ".git" / "hooks" / "pre-commit"
    hook.parent.mkdir(exist_ok=True)
    paths = os.pathsep.join(path for path in sys.path if path)
    hook.write_text(f"#!/bin/sh\nPYTHONPATH='{paths}' '{sys.executable}' -m slslint check --since HEAD\n")
    hook.chmod(0o755)
    edit(project / "src" / "shared.py", "return 1", "return 2")
    git(project, "commit", "--quiet", "--all", "--message", "Nothing that matters")
    edit(project / "src" / "orders.py", "    ask(event)\n", "")
    command = ["git", "-c", "user.name=a", "-c", "user.email=a@example.org", "commit", "-qm", "Bad", "src/orders.py"]
    ran = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    assert ran.returncode == 1
    assert "src/orders.py:11:12: warning[call-without-timeout]" in ran.stdout + ran.stderr


def refused(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    assert cli.main(["check", "--since", *arguments]) == 2
    out, said = capsys.readouterr()
    assert out == ""
    return said


def test_what_git_cannot_tell_is_said_with_what_to_do(
    project: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "git knows no commit `nowhere`; name a branch" in refused(capsys, "nowhere")
    assert "git knows no commit `HEAD:src`" in refused(capsys, "HEAD:src")
    assert "git knows no commit `--output=x`" in refused(capsys, "HEAD", "--since=--output=x")
    assert "leave --since out" in refused(capsys, "HEAD", "--write-baseline")
    commit(project)
    git(tmp_path, "clone", "--quiet", "--depth", "1", project.as_uri(), "shallow")
    assert "this clone is shallow; fetch the whole history (`fetch-depth: 0`" in refused(capsys, "HEAD~1", "../shallow")
    git(project, "checkout", "--quiet", "--orphan", "lonely")
    (project / "other.txt").touch()
    commit(project)
    assert "no common commit; name a revision" in refused(capsys, "main")
    plain = tmp_path / "plain"
    shutil.copytree(project, plain, ignore=shutil.ignore_patterns(".git"))
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.chdir(plain)
    assert "is in no git repository" in refused(capsys, "HEAD")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert "git is not installed" in refused(capsys, "HEAD")
