"""Build `rules/README.md`, the index of rules, from what the decorator of each rule says.

    python scripts/build_rules_index.py          writes the index
    python scripts/build_rules_index.py --check  fails when it is not current

A rule whose severity depends on the case shows each.
"""

from __future__ import annotations

import sys
from pathlib import Path

from slslint import registry
from slslint.rule import Rule

INDEX = Path(__file__).parent.parent / "rules" / "README.md"

HEAD = """\
# Rules

Written by `scripts/build_rules_index.py`; edit the rules instead. `slslint rule NAME` shows a page on the terminal.
A page lists the variants of its rule; settings name one as `rule:variant`.

| rule | severity | preset | what it finds |
|---|---|---|---|
"""


def row(rule: Rule) -> str:
    """The rule's line."""
    forms = {f"{form.severity}" + (" (strict)" if form.preset == "strict" else "") for form in rule.variants.values()}
    severities = ", ".join(sorted(forms, key=lambda form: (("error", "warning", "note").index(form.split()[0]), form)))
    page = f"slslint_rules/{rule.id.replace('-', '_')}.md"
    return f"| [{rule.id}]({page}) | {severities} | {rule.preset} | {rule.summary} |\n"


def text() -> str:
    """The whole index."""
    return HEAD + "".join(row(rule) for rule in registry.load())


def main() -> int:
    """Write the index, or compare it."""
    if "--check" not in sys.argv[1:]:
        INDEX.write_text(text())
        return 0
    if INDEX.exists() and INDEX.read_text() == text():
        return 0
    print(f"{INDEX} is not current; run {Path(__file__).name}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())
