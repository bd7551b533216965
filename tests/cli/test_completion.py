"""Completion, asked for by the shells themselves."""

import os
import pty
import select
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest

from slslint import registry

ROOT = Path(__file__).parents[2]
ASKED = {
    "slslint ru": ["rule", "rules"],
    "slslint check --form": ["--format"],
    "slslint check --preset ": ["default", "strict"],
    "slslint rule missing-t": ["missing-timeout"],
    "slslint check --select wildcard-action,missing-t": ["wildcard-action,missing-timeout"],
    "slslint completion ": ["bash", "zsh", "fish"],
}


@pytest.fixture
def shell(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The shell of that name, where `slslint` is this checkout's and the folder holds `template.yaml`."""
    name: str = request.param
    if shutil.which(name) is None:
        assert os.environ.get("CI") != "true", f"{name} is missing: `make test` installs it in CI"
        pytest.skip(f"{name} is not installed")
    return name


def environment(folder: Path) -> dict[str, str]:
    program = folder / "bin" / "slslint"
    program.parent.mkdir()
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m slslint "$@"\n')
    program.chmod(0o755)
    (folder / "template.yaml").touch()
    places = {"PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}", "HOME": str(folder)}
    return {**os.environ, **places, "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'rules'}", "TERM": "dumb"}


def in_bash(line: str, folder: Path) -> list[str]:
    script = f"""
        eval "$(slslint completion bash)"
        compopt() {{ compgen -f -- "${{COMP_WORDS[COMP_CWORD]}}"; }} # it may only be called while Tab is handled
        COMP_WORDS=({line}{"''" if line.endswith(" ") else ""})
        COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
        _slslint_completion slslint
        printf '%s\\n' "${{COMPREPLY[@]}}"
    """
    said = subprocess.run(
        ["bash", "-c", script], cwd=folder, env=environment(folder), check=True, capture_output=True, text=True
    )
    return said.stdout.split()


def in_fish(line: str, folder: Path) -> list[str]:
    script = f"slslint completion fish | source; complete -C '{line}'"
    said = subprocess.run(
        ["fish", "-c", script], cwd=folder, env=environment(folder), check=True, capture_output=True, text=True
    )
    return [row.partition("\t")[0] for row in said.stdout.splitlines()]


@pytest.mark.parametrize("line", ASKED)
@pytest.mark.parametrize("shell", ["bash"], indirect=True)
def test_bash_completes(shell: str, line: str, tmp_path: Path) -> None:
    assert in_bash(line, tmp_path) == ASKED[line]


@pytest.mark.parametrize("line", [line for line in ASKED if "," not in line])
@pytest.mark.parametrize("shell", ["fish"], indirect=True)
def test_fish_completes(shell: str, line: str, tmp_path: Path) -> None:
    assert sorted(in_fish(line, tmp_path)) == sorted(ASKED[line])


@pytest.mark.parametrize("line", ["slslint check --form", "slslint rule missing-t", "slslint check templ"])
@pytest.mark.parametrize("shell", ["zsh"], indirect=True)
def test_zsh_completes_the_one_there_is(shell: str, line: str, tmp_path: Path) -> None:
    whole = {"--form": "--format", "missing-t": "missing-timeout", "templ": "template.yaml"}[line.split()[-1]]
    primary, secondary = pty.openpty()
    command, own = ["zsh", "-f", "-i"], environment(tmp_path)
    with subprocess.Popen(command, cwd=tmp_path, env=own, stdin=secondary, stdout=secondary, stderr=secondary) as zsh:
        os.write(primary, b'autoload -U compinit; compinit -u; eval "$(slslint completion zsh)"; echo re""ady\n')
        read_until("ready", primary)
        # What is on the line is echoed as it is, and what zsh puts in comes after it.
        os.write(primary, f"{line}\t".encode())
        said = read_until(whole.removeprefix(line.split()[-1]), primary, after=line)
        zsh.kill()
    os.close(primary)
    os.close(secondary)
    assert whole in said


def read_until(text: str, terminal: int, after: str = "", seconds: float = 60) -> str:
    """What the terminal shows until `text` comes, or the time is over."""
    shown, end = "", time.monotonic() + seconds
    while text not in shown.partition(after)[2] if after else text not in shown:
        if not select.select([terminal], [], [], max(0, end - time.monotonic()))[0]:
            return shown
        shown += os.read(terminal, 4096).decode(errors="replace")
    return shown


@pytest.mark.parametrize("shell", ["bash"], indirect=True)
def test_paths_and_files_are_left_to_the_shell(shell: str, tmp_path: Path) -> None:
    assert in_bash("slslint check templ", tmp_path) == ["template.yaml"]


@pytest.mark.parametrize("shell", ["bash"], indirect=True)
def test_every_rule_is_offered(shell: str, tmp_path: Path) -> None:
    assert in_bash("slslint rule ", tmp_path) == [rule.id for rule in registry.load()]
