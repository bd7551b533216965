"""The command line: check, rule, rules, graph and model. What a command needs is imported when it runs."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Sequence
from io import TextIOWrapper
from typing import TYPE_CHECKING, Any, TextIO

from slslint import __version__
from slslint.config import FORMATS, GRAPH_FORMATS, LEVELS, PRESETS, Settings
from slslint.errors import SlslintError, UsageError
from slslint.record import replace

if TYPE_CHECKING:
    from slslint.engine import Progress
    from slslint.result import Result
    from slslint.rule import Rule
    from slslint.source import Reader

CLEAN, FINDINGS, FAILURE = 0, 1, 2

_EXAMPLES = """\
examples:
  slslint check                                  this folder and everything under it
  slslint check template.yaml                    one template and the code of its functions
  slslint check --select missing-timeout,wildcard-action
  slslint check --format sarif --output slslint.sarif
  slslint check --stdin-filename src/app.py < buffer
  slslint rule monolithic-router                 what a rule means, and how to mend it

exit status:
  0  nothing at or above --fail-on     1  findings     2  a mistake in how it was called, or an internal error
"""


_GRAPH_EXAMPLES = """\
examples:
  slslint graph                                  a Mermaid flowchart on stdout
  slslint graph --output graph.md                the same as a Markdown file, which GitHub draws
  slslint graph --focus OrdersQueue --depth 1    what is next to one node
  slslint graph --output graph.svg               an image; needs Graphviz

Lines are red where they are part of a loop, dashed where the source waits for the target, and dotted where
only failures go. In JSON everything is there, nothing is put together.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run slslint and return its exit status. Mistakes are one line on stderr, never a traceback."""
    for stream in (sys.stdout, sys.stderr):
        # A name that the terminal cannot show is no reason to stop.
        if isinstance(stream, TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        given = sys.argv[1:] if arguments is None else arguments
        options = _parser(given).parse_args(given)
        command: Callable[[argparse.Namespace], int] = options.command
        status = command(options)
        sys.stdout.flush()
        return status
    except SlslintError as error:
        print(f"slslint: error: {error}", file=sys.stderr)
        return FAILURE
    except BrokenPipeError:
        # Whoever read us has seen enough. Python would complain again when it closes stdout.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return CLEAN
    except Exception as error:
        if os.environ.get("SLSLINT_TRACEBACK"):
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split())
        print(f"slslint: internal error: {what}; please report it (SLSLINT_TRACEBACK=1 shows where)", file=sys.stderr)
        return FAILURE


# --- check -----------------------------------------------------------------------------------------------------------


def _check(options: argparse.Namespace) -> int:
    from slslint import engine, registry

    rules = registry.load()
    settings = _settings(options, rules)
    paths, reader = _paths(options)
    progress = _progress(sys.stderr) if sys.stderr.isatty() and not options.quiet else None
    try:
        result = engine.check(paths, settings, reader, rules, progress, options.jobs)
    finally:
        if progress is not None:
            print("\r\033[K", end="", file=sys.stderr)
    text = _report(result, rules, reader, settings, options)
    if options.output is None:
        sys.stdout.write(text)
    else:
        _write(options.output, text)
    if options.verbose:
        sys.stdout.flush()
        print(_account(result, settings), file=sys.stderr)
    counted = [finding for finding in result.findings if finding.suppressed is None]
    if any(finding.rule == "internal-error" for finding in counted):
        return FAILURE
    fails = settings.fail_on is not None and any(finding.severity >= settings.fail_on for finding in counted)
    return FINDINGS if fails else CLEAN


def _settings(options: argparse.Namespace, rules: Sequence[Rule] = ()) -> Settings:
    """The settings of the configuration file with the command line's on top."""
    from slslint import config, registry

    words = registry.vocabulary(rules or registry.load())
    settings = config.load(words, options.config)
    here = os.path.relpath(".", settings.root).replace(os.sep, "/")
    excluded = tuple(pattern if here == "." else f"/{here}/{pattern.lstrip('/')}" for pattern in options.exclude)
    changes: dict[str, Any] = {
        "exclude": settings.exclude + excluded,
        "parameters": {**settings.parameters, **dict(options.param)},
    }
    given = {name: value for name, value in vars(options).items() if value is not None}
    for name in ("select", "ignore"):
        for rule in given.get(name, ()):
            config.known_rule(rule, words)
    if "select" in given:
        changes["select"] = tuple(given["select"])
    if "ignore" in given:
        changes["ignore"] = (*settings.ignore, *given["ignore"])
    if "fail_on" in given:
        changes["fail_on"] = None if given["fail_on"] == "never" else config.severity_named(given["fail_on"])
    changes.update({name: given[name] for name in ("preset", "format") if name in given})
    return replace(settings, **changes)


def _paths(options: argparse.Namespace) -> tuple[list[str], Reader]:
    """What to check, as paths relative to the working directory, and a reader that may go no further than needed."""
    from slslint.source import Reader

    base = os.getcwd()
    overlay: dict[str, bytes] = {}
    given = list(options.paths)
    buffer = vars(options).get("stdin_filename")
    if buffer is not None:
        overlay[_reported(buffer, base)] = sys.stdin.buffer.read()
        given = given or [buffer]
    paths = [_reported(path, base) for path in given or ["."]]
    roots = tuple(dict.fromkeys(_root(os.path.realpath(path), base) for path in paths))
    return paths, Reader(base, roots, overlay)


def _reported(path: str, base: str) -> str:
    try:
        return os.path.relpath(path, base).replace(os.sep, "/")
    except ValueError:  # another drive
        raise UsageError(f"{path}: it lies on another drive; run slslint there") from None


def _root(path: str, base: str) -> str:
    """The project that a path lies in: its repository, else the working directory, else the path's own folder."""
    folder = own = path if os.path.isdir(path) else os.path.dirname(path)
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return base if f"{path}{os.sep}".startswith(base.rstrip(os.sep) + os.sep) else own
        folder = parent
    return folder


def _report(
    result: Result, rules: Sequence[Rule], reader: Reader, settings: Settings, options: argparse.Namespace
) -> str:
    from slslint import registry, report

    if options.quiet and settings.fail_on is not None:
        level = settings.fail_on
        result = replace(result, findings=tuple(each for each in result.findings if each.severity >= level))
    if options.statistics:
        return _statistics(result)
    terminal = options.output is None and sys.stdout.isatty()
    colour = options.color == "always" or (
        options.color == "auto" and terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"
    )
    width = os.get_terminal_size(sys.stdout.fileno()).columns if terminal else None
    ran = [rule for rule in rules if registry.speaks(rule, settings)]
    return report.write(settings.format, result, ran, reader, colour=colour, width=width or None)


def _account(result: Result, settings: Settings) -> str:
    from slslint.report.terminal import visible

    seen = result.summary
    silent = [
        visible(f"{each.at.path}:{each.at.line}:{each.at.column}: {each.what}: {each.why}") for each in result.silent
    ]
    return (
        f"settings: {settings.file or 'none'}\n"
        f"read: {seen.files} files, {seen.templates} of them templates\n"
        f"functions: {seen.functions}; of those in templates {seen.joined} joined to their code, {seen.ambiguous} "
        f"ambiguous, {seen.missing} without it, {seen.elsewhere} with their code elsewhere\n"
        + "\n".join([f"not known, so that rules were silent: {len(silent) or 'nothing'}", *silent])
    )


def _statistics(result: Result) -> str:
    counts: dict[tuple[str, str], int] = {}
    for finding in result.findings:
        if finding.suppressed is None:
            key = (finding.rule, str(finding.severity))
            counts[key] = counts.get(key, 0) + 1
    rows = sorted((-count, rule, severity) for (rule, severity), count in counts.items())
    return "".join(f"{-count:6}  {severity:8} {rule}\n" for count, rule, severity in rows)


def _write(path: str, text: str) -> None:
    try:
        with open(path, "w", encoding="utf-8", errors="backslashreplace") as stream:
            stream.write(text)
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError(f"{path}: {why}; choose another place for --output") from None


def _progress(stream: TextIO) -> Progress:
    def show(done: int, total: int) -> None:
        if done % 16 == 0 or done == total:
            print(f"\r\033[Kchecking {done}/{total}", end="", file=stream, flush=True)

    return show


# --- rule, rules, model, graph ---------------------------------------------------------------------------------------


def _rule(options: argparse.Namespace) -> int:
    from slslint import config, registry

    words = registry.vocabulary(registry.load())
    name = config.known_rule(options.name, words).partition(":")[0]
    sys.stdout.write(registry.page(name))
    return CLEAN


def _rules(options: argparse.Namespace) -> int:
    from slslint import registry

    rules = registry.load()
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
            }
            for rule in rules
        ]
        print(json.dumps(rows, indent=1, default=list))
        return CLEAN
    longest = max(len(rule.id) for rule in rules)
    for rule in rules:
        print(f"{rule.id:{longest}}  {rule.severity!s:7}  {rule.preset:7}  {rule.summary}")
    return CLEAN


def _model(options: argparse.Namespace) -> int:
    import json

    from slslint import engine, outline

    settings = _settings(options)
    paths, reader = _paths(options)
    separator = "[\n"
    for app in engine.understand(paths, settings, reader):
        sys.stdout.write(separator + json.dumps(outline.of(app), indent=1))
        separator = ",\n"
    sys.stdout.write("[]\n" if separator == "[\n" else "\n]\n")
    return CLEAN


def _graph(options: argparse.Namespace) -> int:
    from slslint import diagram, engine
    from slslint.diagram import mermaid
    from slslint.finding import listed

    ending = (options.output or "").rpartition(".")[2].lower()
    form = options.form or diagram.ENDINGS.get(ending, "mermaid")
    if options.depth is not None and options.focus is None:
        raise UsageError("--depth says how far to go from --focus; name what to start from")
    paths, reader = _paths(options)
    sketches = [diagram.sketch(app) for app in engine.understand(paths, _settings(options), reader)]
    if not any(each.things for each in sketches):
        raise UsageError(f"{listed(paths)}: no function was found there; `slslint model` shows what was understood")
    drawn = diagram.picture(sketches, options.focus, options.depth, full=options.full)
    text = diagram.write(form, sketches, drawn)
    if options.output is None:
        sys.stdout.write(text)
    else:
        _write(options.output, f"```mermaid\n{text}```\n" if ending == "md" and form == "mermaid" else text)
    for note in drawn.notes if form != "json" else ():
        print(f"slslint: {note}; --full shows each", file=sys.stderr)
    large = mermaid.too_large(drawn, text) if form == "mermaid" else ""
    if large:
        print(f"slslint: {large}; name fewer PATHS, use --focus, or --format svg", file=sys.stderr)
    return CLEAN


# --- options ---------------------------------------------------------------------------------------------------------


def _names(text: str) -> list[str]:
    return [name.strip() for name in text.split(",") if name.strip()]


def _pair(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise argparse.ArgumentTypeError(f"{text!r} is not KEY=VALUE")
    return key, value


def _count(text: str) -> int | None:
    if text == "auto":
        return None
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is neither `auto` nor a number from 1")
    return int(text)


def _help(prog: str) -> argparse.HelpFormatter:
    # Asking for the terminal's width takes 3 ms of imports, and argparse would ask at every start.
    return argparse.RawDescriptionHelpFormatter(prog, width=100)


def _parser(given: Sequence[str]) -> argparse.ArgumentParser:
    """The parser of the whole command line, with the options of the command that is `given`: all take 2 ms to make."""
    parser = argparse.ArgumentParser(
        prog="slslint",
        description="Find architecture mistakes in serverless applications by reading code and template together.",
        epilog=_EXAMPLES,
        formatter_class=_help,
    )
    parser.add_argument("--version", action="version", version=f"slslint {__version__}")
    commands = parser.add_subparsers(title="commands", metavar="COMMAND", required=True)

    def command(
        name: str,
        run: Callable[[argparse.Namespace], int],
        summary: str,
        *options: Callable[[argparse.ArgumentParser], None],
    ) -> None:
        made = commands.add_parser(
            name,
            help=summary,
            description=summary[0].upper() + summary[1:] + ".",
            epilog=_EXAMPLES if run is _check else _GRAPH_EXAMPLES if run is _graph else None,
            formatter_class=_help,
        )
        made.set_defaults(command=run)
        for add in options if name in given else ():
            add(made)

    command("check", _check, "look for mistakes", _reading_options, _check_options)
    command("rule", _rule, "show the page of a rule", _rule_options)
    command("rules", _rules, "list the rules", _rules_options)
    command(
        "graph", _graph, "draw who triggers, invokes, writes to and waits for whom", _reading_options, _graph_options
    )
    command("model", _model, "show what was understood of the applications, as JSON", _reading_options)
    return parser


def _rule_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("name", metavar="NAME", help="the rule's id")


def _rules_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--format", choices=("text", "json"), default="text", help="for people, or for programs")


def _reading_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", metavar="PATHS", help="files and folders; without any, this folder")
    group = parser.add_argument_group("what to read")
    group.add_argument("--exclude", metavar="PATTERN", action="append", default=[], help="leave out, as in .gitignore")
    group.add_argument(
        "--param",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        type=_pair,
        help="a template parameter's value",
    )
    group.add_argument("--config", metavar="FILE", help="settings; else the nearest slslint.toml or pyproject.toml")


def _graph_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("what to show")
    group.add_argument("--focus", metavar="NAME", help="only what is near that function or resource")
    group.add_argument("--depth", metavar="N", type=_depth, help="how many edges away from it (default: 2)")
    group.add_argument("--full", action="store_true", help="a box for each function, however many there are")
    group = parser.add_argument_group("what comes out")
    group.add_argument(
        "--format", dest="form", choices=GRAPH_FORMATS, help="the form (default: that of the --output file, or mermaid)"
    )
    group.add_argument("--output", metavar="FILE", help="write it there instead of to stdout")


def _depth(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is no number of edges")
    return int(text)


def _check_options(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group("which rules")
    group.add_argument(
        "--select", metavar="RULES", action="extend", type=_names, help="only these, with commas between"
    )
    group.add_argument("--ignore", metavar="RULES", action="extend", type=_names, help="not these")
    group.add_argument("--preset", choices=PRESETS, help="how much to say (default: default)")
    group = parser.add_argument_group("what comes out")
    group.add_argument("--format", choices=FORMATS, help="the form of the report (default: text)")
    group.add_argument("--output", metavar="FILE", help="write the report there instead of to stdout")
    group.add_argument("--statistics", action="store_true", help="only count the findings of each rule")
    group.add_argument("--fail-on", choices=(*LEVELS, "never"), help="what exits with 1 (default: warning)")
    group.add_argument("--color", choices=("auto", "always", "never"), default="auto", help="colours (default: auto)")
    group.add_argument("-q", "--quiet", action="store_true", help="only findings at or above --fail-on; no progress")
    group.add_argument(
        "-v", "--verbose", action="store_true", help="say on stderr what was read, and what could not be told"
    )
    group = parser.add_argument_group("how to run")
    group.add_argument("--stdin-filename", metavar="FILE", help="the unsaved text of that file comes on stdin")
    group.add_argument("--jobs", metavar="N", type=_count, help="processes (default: auto)")
    group.add_argument("--no-cache", action="store_true", help="accepted for scripts; there is no cache yet")
