"""`slslint rule`: the page of one rule."""

from __future__ import annotations

import argparse
import sys

from slslint.cli.exit_status import CLEAN

EXAMPLES = """\
examples:
  slslint rule missing-timeout            what it finds and why, how to mend it, its options
  slslint rules                           which rules there are
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which rule."""
    parser.add_argument("name", metavar="RULE", help="the id of the rule, such as missing-timeout")
    parser.add_argument("--isolated", action="store_true", help="leave plug-ins out")


def run(options: argparse.Namespace) -> int:
    """Print its page."""
    from slslint import config, registry

    rules = {rule.id: rule for rule in registry.installed(isolated=options.isolated)}
    name = config.known_rule(options.name, registry.vocabulary(rules.values())).partition(":")[0]
    sys.stdout.write(registry.page(rules[name]))
    return CLEAN
