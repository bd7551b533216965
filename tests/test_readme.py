"""What the README says is what happens: its commands are run, its output is compared, its settings are loaded."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from slslint import config, registry

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
CONSOLE = re.findall(r"^```console\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
SHOWN = [block for block in CONSOLE if "\n" in block.strip() and not block.startswith("$ python3")]
INSTALL = next(block for block in CONSOLE if block.startswith("$ python3"))
FILES = [
    "slslint",
    "rules",
    "examples",
    "pyproject.toml",
    "hatch_build.py",
    "README.md",
    "LICENSE",
    "NOTICE",
    "Makefile",
]


def test_the_readme_shows_commands() -> None:
    assert len(SHOWN) >= 2


@pytest.mark.parametrize("block", SHOWN, ids=lambda block: block.splitlines()[0])
def test_a_command_prints_what_the_readme_shows(block: str) -> None:
    command, _, output = block.partition("\n")
    done = run(command.removeprefix("$ slslint "), sys.executable, "-m", "slslint")
    assert done.stdout.strip() == output.strip()
    assert done.stderr == ""


def test_the_readme_names_every_rule() -> None:
    table = re.findall(r"^\| [\w ]+ \| .*`[a-z-]+`.*\|$", README.partition("## Rules")[2], re.MULTILINE)
    assert sorted(re.findall(r"`([a-z-]+)`", "".join(table))) == sorted(rule.id for rule in registry.load())


def run(arguments: str, *program: str, cwd: Path = ROOT) -> subprocess.CompletedProcess[str]:
    return subprocess.run([*program, *arguments.split()], cwd=cwd, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("command", re.findall(r"^\| `slslint ([a-z]+)", README, re.MULTILINE))
def test_a_command_of_the_table_has_help(command: str) -> None:
    done = run(f"{command} --help", sys.executable, "-m", "slslint")
    assert done.returncode == 0
    assert done.stdout.startswith(f"usage: slslint {command}")


def test_the_settings_are_understood(tmp_path: Path) -> None:
    [settings] = re.findall(r"^```toml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    (tmp_path / "pyproject.toml").write_text(settings)
    loaded = config.load(registry.vocabulary(registry.load()), start=str(tmp_path))
    assert loaded.preset == "strict"
    assert loaded.parameters == {"Stage": "prod"}
    assert loaded.options["heavy-module-import"] == {"threshold_ms": 300}


def test_hooks_and_actions_are_those_there_are() -> None:
    blocks = re.findall(r"^```yaml\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    hooks, steps, _ = map(yaml.safe_load, blocks)
    [repository] = hooks["repos"]
    offered = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert {each["id"] for each in repository["hooks"]} <= {each["id"] for each in offered}
    action = yaml.safe_load((ROOT / "action.yml").read_text())
    assert steps["steps"][-1]["with"].keys() <= action["inputs"].keys()


@pytest.mark.parametrize("command", re.findall(r"`((?:pipx|uvx) [^`]+)`", README))
def test_other_installers_take_it(command: str, checkout: Path, environment: dict[str, str], tmp_path: Path) -> None:
    own = {name: str(tmp_path / name.lower()) for name in ("PIPX_HOME", "PIPX_BIN_DIR", "UV_CACHE_DIR")}
    name, *arguments = command.split()
    program = Path(sys.executable).with_name(name)
    done = subprocess.run(
        [program, *arguments], cwd=checkout, env=environment | own, capture_output=True, text=True, check=False
    )
    if name == "uvx":
        assert "Found 22 findings" in done.stdout, done.stderr
    else:
        assert run("--version", own["PIPX_BIN_DIR"] + "/slslint").stdout.startswith("slslint "), done.stderr


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """The project as a fresh clone has it, without anything that was installed or made."""
    copy = tmp_path / "checkout"
    for name in FILES:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(source, copy / name)
    return copy


@pytest.fixture
def environment() -> dict[str, str]:
    ours = ("PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL")
    return {name: value for name, value in os.environ.items() if name not in ours}


@pytest.mark.skipif(shutil.which("make") is None, reason="`make` is not installed")
def test_the_demo_sets_itself_up(checkout: Path, environment: dict[str, str]) -> None:
    command = ["make", "--silent", "demo"]
    done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "Found 22 findings (6 errors, 15 warnings, 1 note) in 7 functions of 12 files" in done.stdout


def test_install_from_a_checkout_and_lint_elsewhere(
    checkout: Path, environment: dict[str, str], tmp_path: Path
) -> None:
    """As a new user: the wheel holds the rules, their pages and every table, and needs nothing of the checkout."""
    for line in INSTALL.strip().splitlines():
        command = line.removeprefix("$ ").split()
        done = subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("slslint ")
    program = str(checkout / ".venv" / "bin" / "slslint")
    demo = ROOT / "examples"
    ours = run("check --format concise orders checkout", sys.executable, "-m", "slslint", cwd=demo)
    theirs = run("check --format concise orders checkout", program, cwd=demo)
    assert theirs.stdout == ours.stdout != ""
    assert run("rule missing-timeout", program, cwd=tmp_path).stdout.startswith("# missing-timeout")
