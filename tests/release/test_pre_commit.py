"""The hooks, by the real pre-commit in a scratch repository that takes them from the checkout as it is."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
import yaml

from slslint.discover.walk import SUFFIXES
from tests.docs import walk
from tests.release.conftest import ROOT, done, run

PRE_COMMIT = (sys.executable, "-m", "pre_commit")
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
GOOD = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.13
      CodeUri: src/
      Timeout: 20
"""
BAD = GOOD.replace("      Timeout: 20\n", "")
CONFIG = """\
repos:
  - repo: {repository}
    rev: {revision}
    hooks: [{hook}]
"""


def git(folder: Path, *command: str) -> str:
    who = ("-c", "user.name=somebody", "-c", "user.email=somebody@example.com")
    return done("git", *who, *command, cwd=folder).strip()


def commit_all(folder: Path) -> str:
    git(folder, "init", "--quiet")
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--no-verify", "--message", "all")
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture(scope="session")
def checkout(made: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A repository with the checkout as it is, with what is not committed yet."""

    def copy(folder: Path) -> None:
        listed = subprocess.check_output(
            ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=ROOT, text=True
        )
        for name in filter(None, listed.split("\0")):
            if not name.startswith("tests/") and (ROOT / name).is_file():
                (folder / name).parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(ROOT / name, folder / name)
        commit_all(folder)

    return made("pre-commit-checkout", copy)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with an application in which nothing is wrong."""
    folder = tmp_path / "project"
    (folder / "src").mkdir(parents=True)
    (folder / "src" / "app.py").write_text("def handler(event, context):\n    return event\n")
    (folder / "template.yaml").write_text(GOOD)
    (folder / "notes.txt").write_text("nothing\n")
    commit_all(folder)
    return folder


def home_beside(checkout: Path) -> Path:
    """Where pre-commit keeps what it installs, for all tests."""
    return checkout.parent / "pre-commit-home"


Hook = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def hook(checkout: Path, project: Path, tmp_path_factory: pytest.TempPathFactory) -> Hook:
    """Runs a hook as `git commit` would; all tests share what pre-commit installs."""
    home = home_beside(checkout)

    def commit(hook: str, *arguments: str) -> subprocess.CompletedProcess[str]:
        revision = git(checkout, "rev-parse", "HEAD")
        text = CONFIG.format(repository=checkout, revision=revision, hook=hook)
        (project / ".pre-commit-config.yaml").write_text(text)
        git(project, "add", ".pre-commit-config.yaml")
        return run(*PRE_COMMIT, "run", "--verbose", *arguments, cwd=project, PRE_COMMIT_HOME=str(home))

    return commit


def test_pre_commit_takes_the_manifest() -> None:
    done(*PRE_COMMIT, "validate-manifest", ".pre-commit-hooks.yaml")
    assert [each["id"] for each in HOOKS] == ["slslint", "slslint-fix"]


def test_every_file_that_is_read_sets_it_off() -> None:
    for suffix in SUFFIXES:
        assert re.search(HOOKS[0]["files"], f"a/b{suffix}")
    for name in ("pyproject.toml", "slslint.toml", "prod.auto.tfvars", "serverless.ts", "a.asl.json"):
        assert re.search(HOOKS[0]["files"], name)
    for name in ("README.md", "a.csv", "py", "a.tfstate"):
        assert not re.search(HOOKS[0]["files"], name)


def test_the_guide_stops_a_commit_of_the_demo(checkout: Path, tmp_path: Path) -> None:
    [shown] = [block.text for block in walk.blocks(ROOT / "docs" / "pre-commit.md") if block.file]
    config = yaml.safe_load(shown)
    [repository] = config["repos"]
    repository |= {"repo": str(checkout), "rev": git(checkout, "rev-parse", "HEAD")}
    demo = tmp_path / "orders"
    shutil.copytree(ROOT / "examples" / "orders", demo)
    (demo / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config))
    git(demo, "init", "--quiet")
    git(demo, "add", "--all")
    stopped = run(*PRE_COMMIT, "run", cwd=demo, PRE_COMMIT_HOME=str(home_beside(checkout)))
    assert (stopped.returncode, "error[recursive-invocation]" in stopped.stdout) == (1, True), stopped.stdout


def test_try_repo_passes_what_is_right_and_fails_what_is_wrong(checkout: Path, project: Path) -> None:
    command = (*PRE_COMMIT, "try-repo", checkout, "slslint", "--all-files")
    first = run(*command, cwd=project)
    assert (first.returncode, "Passed" in first.stdout) == (0, True), first.stdout
    (project / "template.yaml").write_text(BAD)
    second = run(*command, cwd=project)
    assert (second.returncode, "Failed" in second.stdout) == (1, True), second.stdout
    assert "template.yaml:3:3: warning[missing-timeout]" in second.stdout


def test_a_commit_is_stopped_by_what_is_staged(hook: Hook, project: Path) -> None:
    template = project / "template.yaml"
    for _ in ("installed now", "installed before"):
        template.write_text(BAD)
        git(project, "add", "template.yaml")
        template.write_text(GOOD)
        stopped = hook("{id: slslint}")
        assert (stopped.returncode, "warning[missing-timeout]" in stopped.stdout) == (1, True), stopped.stdout
        template.write_text(GOOD + "# nothing more\n")
        git(project, "add", "template.yaml")
        template.write_text(BAD)
        assert hook("{id: slslint}").returncode == 0
        template.write_text(GOOD)
        git(project, "reset", "--quiet", "--hard")


def test_a_handler_sets_it_off_and_a_text_does_not(hook: Hook, project: Path) -> None:
    (project / "template.yaml").write_text(BAD)
    git(project, "commit", "--quiet", "--no-verify", "--all", "--message", "forgotten")
    (project / "notes.txt").write_text("something\n")
    git(project, "add", "notes.txt")
    assert "Skipped" in hook("{id: slslint}", "--files", "notes.txt").stdout
    (project / "src" / "app.py").write_text("def handler(event, context):\n    return None\n")
    git(project, "add", "src")
    assert "template.yaml:3:3: warning[missing-timeout]" in hook("{id: slslint}").stdout


def test_arguments_of_the_hook_are_options(hook: Hook, project: Path) -> None:
    (project / "template.yaml").write_text(BAD)
    git(project, "add", "template.yaml")
    quiet = hook("{id: slslint, args: [--fail-on, error, --format, concise]}")
    assert (quiet.returncode, "template.yaml:3:3: warning[missing-timeout]" in quiet.stdout) == (0, True)


def test_what_can_be_mended_is_mended_and_stops_the_commit_once(hook: Hook, project: Path) -> None:
    handler = project / "src" / "app.py"
    text = handler.read_text()
    handler.write_text(text.replace("return event", "return event  # slslint: ignore[in-memory-state] no more"))
    git(project, "add", "src")
    first = hook("{id: slslint-fix}")
    assert (first.returncode, "files were modified by this hook" in first.stdout) == (1, True), first.stdout
    assert handler.read_text() == text
    git(project, "add", "src")
    assert hook("{id: slslint-fix}").returncode == 0
