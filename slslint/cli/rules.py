"""`slslint rules`: the rules there are."""

from __future__ import annotations

import argparse

from slslint.cli.exit_status import CLEAN

EXAMPLES = """\
examples:
  slslint rules                           each with its severity, its preset and what it finds
  slslint rules --format json             with variants, options and defaults
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """For whom the list is."""
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people, or for programs")
    parser.add_argument("--isolated", action="store_true", help="leave plug-ins out")


def run(options: argparse.Namespace) -> int:
    """Print a line for each rule."""
    from slslint import registry

    rules = registry.installed(isolated=options.isolated)
    if options.format == "json":
        import json

        rows = [
            {
                "id": rule.id,
                "severity": str(rule.severity),
                "preset": rule.preset,
                "summary": rule.summary,
                "variants": {
                    name: {"severity": str(form.severity), "preset": form.preset}
                    for name, form in rule.variants.items()
                    if name
                },
                "options": {option.name: option.default for option in rule.options},
                "tags": list(rule.tags),
                "origin": rule.origin,
            }
            for rule in rules
        ]
        print(json.dumps(rows, indent=1, default=list))
        return CLEAN
    longest = max(len(rule.id) for rule in rules)
    for rule in rules:
        brought = "" if rule.origin == "slslint" else f" ({rule.origin})"
        print(f"{rule.id:{longest}}  {rule.severity!s:7}  {rule.preset:7}  {rule.summary}{brought}")
    return CLEAN
