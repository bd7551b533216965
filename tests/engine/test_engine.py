"""The pipeline, run with rules of its own over applications on disk."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from slslint import engine, registry
from slslint.api import App, Edit, Finding, Fix, Related, Rule, Safety, Severity, Span, Variant, rule
from slslint.config import Settings
from slslint.engine.findings import merge
from slslint.finding import Confidence
from slslint.result import Result
from slslint.source import Reader

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
  Bills:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
"""
HANDLER = "import json\n\n\ndef handler(event, context):\n    return json.dumps(event)\n"


@rule(variants={"": Variant(Severity.WARNING), "opinion": Variant(Severity.NOTE, "strict")})
def named_function(app: App, *, only: str = "") -> Iterator[Finding]:
    """Speaks of every function, and of all but the first as an opinion."""
    for number, function in enumerate(app.functions):
        if not only or function.id == only:
            yield Finding(function.at, f"`{function.id}`", function=function.id, variant="opinion" if number else "")


@rule(Severity.ERROR)
def called_twice(app: App) -> Iterator[Finding]:
    """Speaks of every call in reached code, once for each function."""
    for function, code in app.functions_with_code():
        for site in code.sites():
            yield Finding(site.call.at, "a call", function=function.id, confidence=Confidence.LOW)


@rule(Severity.WARNING, yields_to=("named-function",))
def modest(app: App) -> Iterator[Finding]:
    """Speaks of Orders and of the template, unless somebody knows more."""
    yield Finding(app.functions[0].at, "of a function", function=app.functions[0].id)
    yield Finding(Span(app.deployment.path, 2, 1, 2, 3), "of the template")


@rule(Severity.WARNING, yields_place_to=("called-twice",))
def of_a_call(app: App) -> Iterator[Finding]:
    """Speaks of each function because of a call in it, and of the template."""
    for function, code in app.functions_with_code():
        calls = tuple(Related(site.call.at, "by this call") for site in code.sites())
        yield Finding(function.at, f"of a call of `{function.id}`", function=function.id, related=calls)
    yield Finding(Span(app.deployment.path, 2, 1, 2, 3), "of the template")


@rule(Severity.WARNING)
def broken(app: App) -> Iterator[Finding]:
    """Fails."""
    yield Finding(app.functions[0].at, "said before it failed")
    raise KeyError("x")


@rule(Severity.WARNING)
def astray(app: App) -> Iterator[Finding]:
    """Points beyond the end of the file."""
    yield Finding(Span(app.deployment.path, 99, 1, 99, 2), "nowhere")


def mending(*edits: tuple[int, int, int, int]) -> Rule:
    """A rule whose fix has these edits of the template."""

    @rule(Severity.WARNING)
    def mends(app: App) -> Iterator[Finding]:
        """Speaks of the template."""
        path = app.deployment.path
        fix = Fix("mend it", Safety.SAFE, tuple(Edit(Span(path, *each), "") for each in edits))
        yield Finding(Span(path, 2, 1, 2, 3), "to be mended", fix=fix)

    return mends


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "src" / "app.py").write_text(HANDLER)
    return tmp_path


def check(project: Path, rules: Sequence[Rule], *paths: str, jobs: int = 1, settings: Settings | None = None) -> Result:
    reader = Reader(str(project), (str(project),))
    return engine.check(paths or (".",), settings or Settings(root=str(project)), reader, rules, jobs=jobs)


def said(result: Result) -> list[str]:
    return [
        f"{finding.at.path}:{finding.at.line} {finding.severity}[{finding.rule}] {finding.message}"
        for finding in result.findings
        if finding.suppressed is None
    ]


def test_findings_are_stamped_by_variant_and_preset(project: Path) -> None:
    assert said(check(project, [named_function])) == ["template.yaml:3 warning[named-function] `Orders`"]
    strict = Settings(root=str(project), preset="strict")
    assert said(check(project, [named_function], settings=strict)) == [
        "template.yaml:3 warning[named-function] `Orders`",
        "template.yaml:6 note[named-function] `Bills`",
    ]


def test_settings_choose_and_change_rules(project: Path) -> None:
    rules = [named_function, called_twice]

    def with_settings(**settings: object) -> list[str]:
        return said(check(project, rules, settings=Settings(root=str(project), **settings)))  # type: ignore[arg-type]

    orders, call = "template.yaml:3 warning[named-function] `Orders`", "src/app.py:5 error[called-twice] a call"
    bills = "template.yaml:6 note[named-function] `Bills`"
    assert with_settings() == [call, orders]
    assert with_settings(select=("named-function",)) == [orders]
    assert with_settings(select=("named-function:opinion",)) == [bills]
    assert with_settings(ignore=("called-twice",)) == [orders]
    assert with_settings(severities={"called-twice": None, "named-function:opinion": Severity.NOTE}) == [orders, bills]
    assert with_settings(options={"named-function": {"only": "Bills"}}, select=("named-function",)) == []


def test_what_functions_share_is_said_once(project: Path) -> None:
    result = check(project, [called_twice])
    assert said(result) == ["src/app.py:5 error[called-twice] a call"]
    assert (result.findings[0].function, result.findings[0].also) == ("Bills", ("Orders",))


def test_of_what_functions_share_only_the_worst_is_said() -> None:
    at = Span("src/app.py", 5, 1, 5, 9)
    bounded = Finding(at, "it ends", rule="loops", function="Bills", severity=Severity.NOTE)
    unbounded = [Finding(at, "it runs", rule="loops", function=each, severity=Severity.ERROR) for each in ("B", "A")]
    (left,) = merge([bounded, *unbounded])
    assert (left.message, left.function, left.also) == ("it runs", "A", ("B",))


def test_a_rule_yields_where_another_speaks_of_the_same(project: Path) -> None:
    assert said(check(project, [modest])) == [
        "template.yaml:2 warning[modest] of the template",
        "template.yaml:3 warning[modest] of a function",
    ]
    assert said(check(project, [modest, named_function])) == [
        "template.yaml:2 warning[modest] of the template",
        "template.yaml:3 warning[named-function] `Orders`",
    ]


def test_what_yields_at_a_place_goes_along_as_a_related_place(project: Path) -> None:
    alone = ["template.yaml:2 warning[of-a-call] of the template"]
    assert len(said(check(project, [of_a_call]))) == 3
    result = check(project, [of_a_call, called_twice])
    assert said(result) == ["src/app.py:5 error[called-twice] a call", *alone]
    assert [each.message for each in result.findings[0].related] == [
        "of a call of `Orders`",
        "of a call of `Bills`",
    ]


@pytest.mark.parametrize(
    ("faulty", "why"),
    [
        (broken, "KeyError: 'x'"),
        (astray, "no place in a file"),
        (mending((1, 1, 1, 99)), "ends behind its line"),
        (mending((99, 1, 99, 1)), "no place in a file"),
        (mending((1, 1, 2, 3), (2, 1, 2, 1)), "overlap"),
    ],
)
def test_a_rule_that_fails_is_named_and_the_others_go_on(project: Path, faulty: Rule, why: str) -> None:
    first, second = said(check(project, [faulty, named_function]))
    assert first.startswith(f"template.yaml:1 error[internal-error] `{faulty.id}` failed here")
    assert why in first
    assert second == "template.yaml:3 warning[named-function] `Orders`"


def test_summary_counts_what_was_looked_at(project: Path) -> None:
    (project / "lone.py").write_text("def lambda_handler(event, context):\n    return event\n")
    summary = check(project, [named_function, called_twice]).summary
    assert (summary.files, summary.templates, summary.functions, summary.joined) == (3, 1, 3, 2)
    assert (summary.errors, summary.suppressed) == (1, 0)


def test_suppressed_findings_are_marked_and_not_counted(project: Path) -> None:
    (project / "template.yaml").write_text(TEMPLATE.replace("Orders:", "Orders: # slslint: ignore[named-function] why"))
    result = check(project, [named_function])
    assert said(result) == []
    assert [(each.suppressed.kind, each.suppressed.reason) for each in result.findings if each.suppressed] == [
        ("comment", "why")
    ]
    assert (result.summary.warnings, result.summary.suppressed) == (0, 1)


def test_metadata_of_a_function_speaks_for_its_code_too(project: Path) -> None:
    metadata = "    Metadata: {slslint: {ignore: [called-twice]}}\n"
    (project / "template.yaml").write_text(TEMPLATE.replace("  Bills:\n", f"{metadata}  Bills:\n"))
    result = check(project, [called_twice])
    assert [(each.function, each.suppressed) for each in result.findings] == [("Bills", None)]


def test_a_file_is_checked_under_the_template_above_it(project: Path) -> None:
    rules = [named_function, called_twice]
    assert said(check(project, rules, "src/app.py")) == ["src/app.py:5 error[called-twice] a call"]
    assert said(check(project, rules, "src")) == ["src/app.py:5 error[called-twice] a call"]


@pytest.mark.parametrize(
    ("excluded", "paths", "told"),
    [
        ("src/lib/", ["."], ["src/app.py:5"]),
        ("other.py", ["src"], ["src/app.py:5"]),
        ("src/", ["."], []),
        ("src/lib/", ["src/lib/other.py"], ["src/lib/other.py:2"]),
    ],
)
def test_nothing_is_said_of_excluded_code(project: Path, excluded: str, paths: list[str], told: list[str]) -> None:
    (project / "src" / "lib").mkdir()
    (project / "src" / "lib" / "other.py").write_text("def say(words):\n    print(words)\n")
    (project / "src" / "app.py").write_text(
        HANDLER.replace("import json", "from lib import other").replace("json.dumps", "other.say")
    )
    settings = Settings(root=str(project), exclude=(excluded,))
    found = check(project, [called_twice], *paths, settings=settings).findings
    assert [f"{finding.at.path}:{finding.at.line}" for finding in found] == told


def test_the_result_does_not_depend_on_the_number_of_processes(tmp_path: Path) -> None:
    from slslint import registry

    for name in "abcdef":
        (tmp_path / name / "src").mkdir(parents=True)
        (tmp_path / name / "template.yaml").write_text(TEMPLATE)
        (tmp_path / name / "src" / "app.py").write_text(HANDLER)
    rules = registry.load()
    alone = check(tmp_path, rules)
    assert alone.findings
    assert check(tmp_path, rules, jobs=2) == alone


def test_a_handler_without_a_template_is_checked_with_less_confidence(project: Path) -> None:
    (project / "template.yaml").unlink()
    result = check(project, [named_function])
    assert said(result) == ["src/app.py:4 warning[named-function] `handler`"]
    assert result.findings[0].confidence is Confidence.MEDIUM


def test_a_suppression_that_another_preset_needs_is_not_called_unused(project: Path) -> None:
    reporter = registry.at("slslint_rules.unused_suppression", "unused_suppression")
    template = TEMPLATE.replace("  Orders:", "  Orders: # slslint: ignore[named-function:opinion, called-twice]")
    (project / "template.yaml").write_text(template.replace("  Bills:", "  Bills: # slslint: ignore[named-function]"))
    (unused,) = [
        each for each in check(project, [named_function, called_twice, reporter]).findings if each.rule == reporter.id
    ]
    assert (unused.at.line, unused.message.split(" finds")[0]) == (3, "`named-function:opinion`")


@pytest.mark.parametrize(("runtime", "said"), [("java21", 1), ("python3.13", 0)])
def test_a_suppression_waits_only_for_code_that_may_be_read(project: Path, runtime: str, said: int) -> None:
    reporter = registry.at("slslint_rules.unused_suppression", "unused_suppression")
    function = f"Properties: {{Runtime: {runtime}, Handler: no.such, CodeUri: nowhere/, Timeout: 5}}"
    template = f"""
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders: # slslint: ignore[called-twice]
    Type: AWS::Serverless::Function
    {function}
"""
    (project / "template.yaml").write_text(template)
    found = check(project, [called_twice, reporter]).findings
    assert sum(each.rule == reporter.id for each in found) == said
