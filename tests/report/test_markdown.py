"""The summary of a job, rendered."""

import re
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from slslint import registry
from slslint.finding import Finding, Severity
from slslint.record import replace
from slslint.report import View, write
from slslint.report.markdown import LARGEST, prose
from slslint.report.terminal import visible
from slslint.result import Result, Summary, Tool, ToolRule
from slslint.source import Reader, Span

RENDER = MarkdownIt("commonmark").enable("table").render


def shown(text: str) -> str:
    """What a reader sees of Markdown."""
    return unescape(re.sub(r"<[^>]*>", "", RENDER(text))).strip()


def test_counts_then_findings_by_severity(result: Result, reader: Reader) -> None:
    out = write("markdown", result, registry.load(), reader, View(blobs="https://github.com/o/r/blob/abc/"))
    html = RENDER(out)
    assert html.count("<tr>") == 3
    assert html.index("<h3>Errors</h3>") < html.index("<h3>Warnings</h3>")
    assert '<a href="https://slslint.github.io/slslint/rules/call-without-timeout/">' in html
    assert '<a href="https://github.com/o/r/blob/abc/src%20dir/app.py#L9"><strong>src dir/app.py:9</strong></a>' in html
    assert "VisibilityTimeout: 360\n</code></pre>" in html
    assert html.count("<details>") == html.count("</details>") == 2
    assert "missing-timeout" not in out


def test_suppressed_findings_have_a_section_of_their_own(result: Result, reader: Reader) -> None:
    text = shown(write("markdown", result, (), reader, View(suppressed=True)))
    assert "suppressed by a comment at template.yaml:4: decided in 2025" in text.partition("Suppressed")[2]


def test_rules_of_other_tools_are_linked(reader: Reader) -> None:
    rule = ToolRule("W3005", Severity.WARNING, "Obsolete DependsOn", "", "https://example.org/W3005")
    finding = Finding(Span("template.yaml", 2, 3, 2, 9), "x", rule="cfn-lint:W3005", tool="cfn-lint")
    result = Result((finding,), Summary(files=1), tools=(Tool("cfn-lint", "1.50.0", "", (rule,)),))
    assert "[cfn-lint:W3005](https://example.org/W3005)" in write("markdown", result, (), reader)


def test_is_never_larger_than_github_takes(reader: Reader) -> None:
    finding = Finding(Span("template.yaml", 2, 3, 2, 9), "caf\u00e9 " * 200, rule="a", severity=Severity.NOTE)
    worst = replace(finding, severity=Severity.ERROR, message="the worst")
    out = write("markdown", Result((finding,) * 2000 + (worst,), Summary(files=1)), (), reader)
    assert 0.9 * LARGEST < len(out.encode()) <= LARGEST
    assert "the worst" in out
    cut = re.search(r"^([\d,]+) more findings had no room here", out, re.MULTILINE)
    assert cut is not None
    assert out.count("**template.yaml:2**") + int(cut[1]) == 2001


@given(st.text())
def test_a_text_is_shown_as_it_is(text: str) -> None:
    text = " ".join(visible(text).split())
    assert shown(f"- x{prose(text)}x").replace("`", "") == f"x{text}x".replace("`", "")


@pytest.mark.parametrize("text", ["a <script>", "[x](y) **b** _c_ # d", "use `a|b*c` and `d`", "a | b", "&amp; ~x~ `"])
def test_what_markdown_would_obey_is_shown(text: str) -> None:
    assert shown(prose(text)) == re.sub("`([^`]+)`", r"\1", text)


def test_what_stands_in_backticks_is_code() -> None:
    assert RENDER(prose("use `a*b*` now")) == "<p>use <code>a*b*</code> now</p>\n"
