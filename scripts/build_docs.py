"""Write the pages of the documentation's site to build/docs: those of docs/, and those that are made of the code.

    python scripts/build_docs.py    then `zensical build --strict` makes build/site of them; `make docs` does both

The rules' pages, what the commands' help says and the changes are not kept twice. In a page of a rule, its variants and
options stand as its author wrote them; links to other rules' files become links to their pages.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import api_reference
import build_rules_index
import settings_reference

from slslint import registry
from slslint.cli.parser import COMMANDS, PROGRAM

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
    (PAGES / "reference" / "settings.md").write_text(settings_reference.text())
    (PAGES / "reference" / "changes.md").write_text(_changes())
    (PAGES / "reference" / "api.md").write_text(api_reference.text())


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


def _changes() -> str:
    """What the next release will say, and what earlier ones said."""
    done = subprocess.run(
        [sys.executable, "-m", "towncrier", "build", "--draft"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    released = (ROOT / "CHANGELOG.md").read_text().partition("<!-- towncrier release notes start -->")[2]
    return f"# Changes\n\n{done.stdout}{released}"


if __name__ == "__main__":
    main()
