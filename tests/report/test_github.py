"""Annotations for GitHub Actions, against what GitHub's own actions write."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

from slslint.finding import Finding, Severity
from slslint.record import replace
from slslint.report import write
from slslint.report.github import COMMANDS, SHOWN
from slslint.result import Result, Summary
from slslint.source import Reader, Span

ORACLE = Path(__file__).parent.parent / "oracles" / "github"
HOSTILE = [
    "100 % of it: a, b",
    "::error::not a command",
    "%0A::set-output name=x::y",
    "two\nlines\r\nmore",
    "caf\u00e9 \u65e5\u672c",
    "##[error]old",
    ",file=other",
    "",
]


def test_is_what_the_toolkit_of_github_writes() -> None:
    installed = (ORACLE / "node_modules" / "@actions").is_dir() and shutil.which("node") is not None
    if not installed and os.environ.get("CI") != "true":
        pytest.skip("@actions/core is not installed; `make tests/oracles/github/node_modules` does it, with npm")
    findings, asked = [], []
    for number, text in enumerate(HOSTILE, 1):
        plain = text.replace("\r", "\\r").replace("\n", "\\n")
        severity = list(Severity)[number % 3]
        at = Span(f"src/{text}.py", number, 2, number + number % 2, 7)
        findings.append(Finding(at, text, help="first\nsecond: 1 %", rule=f"rule-{text}", severity=severity))
        first = f"src/{plain}.py:{number}:2: {plain} [rule-{plain}]"
        columns = {} if number % 2 else {"startColumn": 2, "endColumn": 7}
        title = f"rule-{plain}" if ":" in text else f"slslint: rule-{plain}"
        given = {
            "title": title,
            "file": f"src/{plain}.py",
            "startLine": number,
            "endLine": number + number % 2,
            **columns,
        }
        asked.append((COMMANDS[severity], f"{first}\nhelp: first\nsecond: 1 %", given))
    done = subprocess.run(
        ["node", "annotate.mjs"], input=json.dumps(asked), cwd=ORACLE, capture_output=True, text=True, check=True
    )
    *ours, _ = write("github", Result(tuple(findings), Summary(files=1)), (), Reader("/", ())).splitlines()
    assert sorted(ours) == sorted(done.stdout.splitlines())
    assert len(ours) == len(HOSTILE)


def test_what_github_does_not_show_is_listed_after_the_most_severe(reader: Reader) -> None:
    finding = Finding(Span("template.yaml", 2, 3, 2, 9), "##[error]x", rule="some-rule")
    many = [replace(finding, severity=severity) for severity in (Severity.NOTE, Severity.ERROR) for _ in range(13)]
    out = write("github", Result(tuple(many), Summary(files=1, errors=13, notes=13)), (), reader).splitlines()
    kinds = [line.partition(" ")[0] for line in out]
    assert kinds[: 2 * SHOWN] == ["::error"] * SHOWN + ["::notice"] * SHOWN
    group, *rest, end, summary, last = out[2 * SHOWN :]
    assert (group, end) == ("::group::6 more findings", "::endgroup::")
    assert rest[0] == "error: template.yaml:2:3: ## [error]x [some-rule]"
    assert [line.partition(":")[0] for line in rest] == ["error"] * 3 + ["note"] * 3
    assert summary == "Found 26 findings (13 errors, 13 notes) in 0 functions of 1 file"
    assert last.endswith("not shown: 6, listed above")


def test_paths_count_from_the_root_of_the_repository() -> None:
    reader = Reader("/work/apps/orders", ("/work",), {})
    findings = tuple(Finding(Span(path, 1, 1, 1, 2), "x", rule="a") for path in ("src/app.py", "../shared/t.yaml"))
    out = write("github", Result(findings, Summary(files=2)), (), reader)
    assert "file=apps/orders/src/app.py," in out
    assert "file=apps/shared/t.yaml," in out


def test_suppressed_findings_make_no_annotations(result: Result, reader: Reader) -> None:
    assert "missing-timeout" not in write("github", result, (), reader)
