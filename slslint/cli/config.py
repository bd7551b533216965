"""`slslint config`: which settings hold for a path, and who said so."""

from __future__ import annotations

import argparse
import os

from slslint.cli import reading
from slslint.cli.exit_status import CLEAN
from slslint.errors import UsageError

EXAMPLES = """\
examples:
  slslint config                                 what is set for this folder, and where
  slslint config services/a/template.yaml        what is set for one application
  slslint config --all                           what holds by default, too
  slslint config --schema > slslint.schema.json  what editors complete settings by, plug-ins included
"""


def add_options(parser: argparse.ArgumentParser) -> None:
    """Of which path, and how much."""
    parser.add_argument("path", nargs="?", default=".", metavar="PATH", help="a file or folder (default: this folder)")
    parser.add_argument("--all", action="store_true", help="show defaults, too")
    parser.add_argument(
        "--format",
        dest="form",
        choices=("text", "json"),
        default="text",
        help="for people (as TOML), or for programs",
    )
    parser.add_argument("--schema", action="store_true", help="print the JSON Schema of the settings instead")
    reading.add_settings(parser.add_argument_group("what to read"))


def run(options: argparse.Namespace) -> int:
    """Print what is in force, as TOML with the places as comments, or as JSON."""
    import json

    from slslint import registry
    from slslint.config.origins import as_toml, rows
    from slslint.project import reader_of, reported
    from slslint.report.terminal import visible

    if options.schema:
        from slslint.config.schema import schema

        print(json.dumps(schema(registry.vocabulary(registry.installed(isolated=options.isolated))), indent=1))
        return CLEAN
    configuration = reading.configuration(options)
    base = os.getcwd()
    path = reported(options.path, base)
    reader = reader_of([path], base, {})
    is_folder = reader.is_dir(path)
    if not is_folder and not reader.is_file(path):
        raise UsageError(f"{path}: there is no such file or folder; check the path")
    # What holds for a folder holds for any file that could be in it.
    file = os.path.join(path, "_") if is_folder else path
    domain = configuration.domain(os.path.dirname(file), reader)
    found = rows(domain, domain.overriding(file, base), everything=options.all)
    names = [layer.name for layer in reversed(domain.layers)]
    if options.form == "json":
        said = [{"key": row.key, "value": row.value, "from": row.places} for row in found]
        print(json.dumps({"path": path, "files": names, "settings": said}, indent=1, default=sorted))
        return CLEAN
    print(visible(f"# {path}: {', over '.join(names) or 'there are no settings; `slslint init` writes a start'}"))
    width = max([len(as_toml(row, 0).rpartition("  # ")[0]) for row in found], default=0)
    for row in found:
        print(visible(as_toml(row, min(width, 72))))
    return CLEAN
