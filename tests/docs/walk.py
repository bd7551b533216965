"""A page of the documentation as a walk: its files are written, its commands are run, what they print is compared.

A file name in backticks with a colon, then a fenced block, is a file, as on the pages of rules. A `console` block has
commands after `$ `, each with what it prints; a line of `...` stands for any lines. Everything happens in order, in one
folder: a git repository with the demo `orders` in it, everything committed. Other blocks need a check of their own.

    python -m tests.docs.walk docs/start.md    puts in what the commands print now; read it before you commit it
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[2]
TRANSCRIPT = "console"


class Block(NamedTuple):
    """A fenced block. `file` is the name that stands before it."""

    line: int
    language: str
    file: str
    text: str


def blocks(page: Path) -> Iterator[Block]:
    """The fenced blocks of a page."""
    file, fence, language, start, held = "", "", "", 0, list[str]()
    for number, line in enumerate(page.read_text().splitlines(), 1):
        if fence:
            if line.strip() == fence:
                yield Block(start, language, file, "".join(f"{each}\n" for each in held))
                file, fence = "", ""
            else:
                held.append(line)
        elif opened := re.fullmatch(r"\s*(`{3,})(\w*).*", line):
            fence, language, start, held = opened[1], opened[2], number, []
        elif line.strip():
            named = re.fullmatch(r"(?:.* )?`([\w./-]+)`:", line)
            file = named[1] if named else ""


def prepared(folder: Path) -> dict[str, str]:
    """The environment of a walk, whose folder is made."""
    shutil.copytree(ROOT / "examples" / "orders", folder, ignore=shutil.ignore_patterns("__pycache__"))
    programs = folder.parent / "bin"
    programs.mkdir()
    (programs / "slslint").write_text(f'#!/bin/sh\nexec "{sys.executable}" -m slslint "$@"\n')
    (programs / "slslint").chmod(0o755)
    path = os.pathsep.join((str(programs), str(Path(sys.executable).parent), os.environ["PATH"]))
    who = {f"GIT_{role}_{what}": "demo" for role in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "PRE_COMMIT"))},
        **who,
        "GIT_CONFIG_GLOBAL": os.devnull,
        "HOME": str(folder.parent),
        "NO_COLOR": "1",
        "PATH": path,
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'rules'}",
    }
    for command in ("init --quiet --initial-branch main", "add --all", "commit --quiet --message start"):
        subprocess.run(["git", *command.split()], cwd=folder, env=environment, check=True)
    return environment


def differences(page: Path, folder: Path) -> list[str]:
    """Where a command prints something else than the page says, with what it prints."""
    return [
        f"{page.name}:{block.line}: `{command}` prints:\n{printed}"
        for block, command, expected, printed in walked(page, folder)
        if not agrees(printed, expected)
    ]


def walked(page: Path, folder: Path) -> Iterator[tuple[Block, str, str, str]]:
    """Each command of a page with what the page says that it prints, and what it prints."""
    environment = prepared(folder)
    for block in blocks(page):
        if block.file:
            (folder / block.file).parent.mkdir(parents=True, exist_ok=True)
            (folder / block.file).write_text(block.text)
        for command, expected in commands(block) if block.language == TRANSCRIPT else ():
            done = subprocess.run(
                ["bash", "-c", command],
                cwd=folder,
                env=environment,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
                check=False,
            )
            yield block, command, expected, done.stdout


def commands(block: Block) -> list[tuple[str, str]]:
    """Each command of a transcript, and what it is to print."""
    said = re.split(r"^\$ ", block.text, flags=re.MULTILINE)[1:]
    return [(command, output) for command, _, output in (each.partition("\n") for each in said)]


def agrees(printed: str, expected: str) -> bool:
    """Whether a command printed what was expected, blanks at the ends of lines apart."""
    pattern = "".join(
        r"(?:.*\n)*?" if line == "..." else re.escape(line.rstrip()) + r"[ \t]*\n"
        for line in expected.strip("\n").split("\n")
    )
    return re.fullmatch(pattern, printed.strip("\n") + "\n") is not None


def rewrite(page: Path) -> None:
    """Let a page say what its commands print now."""
    left, written = page.read_text(), ""
    with tempfile.TemporaryDirectory() as folder:
        for _, command, expected, printed in walked(page, Path(folder, "orders")):
            before, said, left = left.partition(f"$ {command}\n{expected}")
            shown = "".join(f"{line.rstrip()}\n" for line in printed.splitlines())
            written += before + (said if agrees(printed, expected) else f"$ {command}\n{shown}")
    page.write_text(written + left)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        rewrite(Path(name))
