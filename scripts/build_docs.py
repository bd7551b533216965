"""Write the pages of the documentation's site to build/docs: those of docs/, and those that are made of the code.

    python scripts/build_docs.py    then `zensical build --strict` makes build/site of them; `make docs` does both

The rules' pages, what the commands' help says and the changes are not kept twice. In a page of a rule, its variants and
options stand as its author wrote them; links to other rules' files become links to their pages.
"""

from __future__ import annotations

import inspect
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from enum import Enum
from pathlib import Path

import build_rules_index

from slslint import api, registry
from slslint.cli.parser import COMMANDS, PROGRAM
from slslint.record import cached_property

ROOT = Path(__file__).parent.parent
PAGES = ROOT / "build" / "docs"
SOURCE = "https://github.com/slslint/slslint/blob/main"


def main() -> None:
    """Write all pages anew."""
    shutil.rmtree(PAGES, ignore_errors=True)
    shutil.copytree(ROOT / "docs", PAGES)
    for folder in ("rules", "reference"):
        (PAGES / folder).mkdir()
    index = build_rules_index.text()
    for rule in registry.load():
        name = rule.id.replace("-", "_")
        index = index.replace(f"slslint_rules/{name}.md", f"{rule.id}.md")
        (PAGES / "rules" / f"{rule.id}.md").write_text(_page_of_a_rule(registry.page(rule)))
    (PAGES / "rules" / "index.md").write_text(index)
    (PAGES / "reference" / "commands.md").write_text(_commands())
    (PAGES / "reference" / "changes.md").write_text(_changes())
    (PAGES / "reference" / "api.md").write_text(_api())


def _page_of_a_rule(text: str) -> str:
    text = re.sub(r"\]\((?!https?:)([a-z_]+)\.md", lambda link: f"]({link[1].replace('_', '-')}.md", text)
    return text.replace("](../../README.md", f"]({SOURCE}/README.md")


def _commands() -> str:
    said = [f"# Commands\n\n```text\n{_help()}```\n"]
    said += [f"## {PROGRAM} {name}\n\n```text\n{_help(name)}```\n" for name in COMMANDS]
    return "\n".join(said)


def _help(*command: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", PROGRAM, *command, "--help"],
        env={**os.environ, "COLUMNS": "100"},
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def _api() -> str:
    """What a rule may import: what its docstring says, its fields, and what can be asked of it."""
    said = [
        "# For rules",
        "Everything that a rule imports of slslint comes from `slslint.api`; what is not here may change.",
    ]
    for name in api.__all__:
        each = getattr(api, name)
        if not (inspect.isclass(each) or inspect.isfunction(each)):
            continue
        summary, _, more = (inspect.getdoc(each) or "").partition("\n\n")
        members = "\n".join(_members(each)) if inspect.isclass(each) else f"{name}{_signature(each)}"
        details = "\n\n".join(part for part in (members, more.strip()) if part)
        said += [f"## {name}", summary, *([f"```text\n{details}\n```"] if details else [])]
    return "\n\n".join(said) + "\n"


def _members(of: type) -> Iterator[str]:
    for name, annotation in vars(of).get("__annotations__", {}).items():
        if not name.startswith("_"):
            yield f"{name}: {annotation}"
    if issubclass(of, Enum):
        yield from of.__members__
    for name, member in vars(of).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property | cached_property):
            made = member.fget if isinstance(member, property) else vars(member)["make"]
            yield f"{name}: {made.__annotations__['return']}"
        elif inspect.isfunction(member) and inspect.getdoc(member):
            yield f"{name}{_signature(member)}"


def _signature(of: Callable[..., object]) -> str:
    annotations_unquoted = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(of)))
    return annotations_unquoted.replace("(self, ", "(").replace("(self)", "()")


def _changes() -> str:
    """What the next release will say, and what earlier ones said."""
    done = subprocess.run(
        [sys.executable, "-m", "towncrier", "build", "--draft"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    released = (ROOT / "CHANGELOG.md").read_text().partition("<!-- towncrier release notes start -->")[2]
    return f"# Changes\n\n{done.stdout}{released}"


if __name__ == "__main__":
    main()
