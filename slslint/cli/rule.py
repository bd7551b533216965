"""`slslint rule`: the page of one rule."""

from __future__ import annotations

import argparse
import sys

from slslint.cli.exit_status import CLEAN


def add_options(parser: argparse.ArgumentParser) -> None:
    """Which rule."""
    parser.add_argument("name", metavar="RULE", help="the rule's id")


def run(options: argparse.Namespace) -> int:
    """Print its page."""
    from slslint import config, registry

    words = registry.vocabulary(registry.load())
    name = config.known_rule(options.name, words).partition(":")[0]
    sys.stdout.write(registry.page(name))
    return CLEAN
