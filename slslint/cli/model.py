"""`slslint model`: what was understood of the applications."""

from __future__ import annotations

import argparse
import sys

from slslint.cli import reading
from slslint.cli.exit_status import CLEAN

EXAMPLES = """\
examples:
  slslint model                                  every application under this folder
  slslint model services/orders/template.yaml    one of them
  slslint model | jq '.[].functions[].timeout'   one fact of every function
"""

add_options = reading.add_options


def run(options: argparse.Namespace) -> int:
    """Print each application as JSON, in one array."""
    import json

    from slslint import engine, outline

    configuration = reading.configuration(options)
    paths, reader = reading.paths(options)
    separator = "[\n"
    for app in engine.understand(paths, configuration, reader):
        sys.stdout.write(separator + json.dumps(outline.of(app), indent=1))
        separator = ",\n"
    sys.stdout.write("[]\n" if separator == "[\n" else "\n]\n")
    return CLEAN
