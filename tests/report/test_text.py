"""The reports for people, on any terminal."""

import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slslint import config
from slslint.finding import Finding, Severity
from slslint.report import View, write
from slslint.report.snippet import rows
from slslint.report.terminal import clip, visible, width, wrap
from slslint.result import Result, Summary
from slslint.source import Reader, Span

EXPECTED = """\
src dir/app.py:9:12: warning[call-without-timeout] (medium confidence)
  `requests.get` may wait for ever
   |
 9 |     return requests.get(event["url"])
   |            ^^^^^^^^^^^^
   |
   = path: 1. template.yaml:9:9: a queue invokes `Bill`
           2. src dir/app.py:5:12: `handler` calls `fetch`
   = help: pass `timeout=5`

template.yaml:2:3: error[queue-redelivers-in-flight]
  messages reappear after the default 30 s, before `Bill` can finish (60 s
  timeout); needs 360 s
   |
 2 |   Orders:
   |   ^^^^^^
   |
  ::: template.yaml:7:16: `Bill` may run for 60 s
 7 |       Timeout: 60
   |                --
   |
  ::: template.yaml:9:9: `Bill` reads [the queue](1) here
 9 |         Placed:
   |         ------
   |
   = help: on `Orders`, set
             VisibilityTimeout: 360

Found 2 findings (1 error, 1 warning) in 1 function of 2 files; 1 suppressed
"""


def test_shows_code_related_places_path_and_help(result: Result, reader: Reader) -> None:
    assert write("text", result, (), reader, View(width=76)) == EXPECTED


def test_colours_change_nothing_but_colours(result: Result, reader: Reader) -> None:
    coloured = write("text", result, (), reader, View(width=76, colour=True))
    assert "\x1b[1;31merror[queue-redelivers-in-flight]\x1b[0m" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == EXPECTED


def test_concise_is_one_line_each(result: Result, reader: Reader) -> None:
    assert write("concise", result, (), reader).splitlines() == [
        "src dir/app.py:9:12: warning[call-without-timeout] `requests.get` may wait for ever",
        "template.yaml:2:3: error[queue-redelivers-in-flight] messages reappear after the default 30 s, "
        "before `Bill` can finish (60 s timeout); needs 360 s",
    ]


def test_suppressed_findings_are_shown_dimmed_when_asked_for(result: Result, reader: Reader) -> None:
    shown = write("text", result, (), reader, View(width=76, suppressed=True, colour=True))
    head, message, why = shown.split("\n\n")[-2].splitlines()
    assert head == "\x1b[2mtemplate.yaml:4:3: warning[missing-timeout]\x1b[0m"
    assert message == "\x1b[2m  `Bill` sets no timeout\x1b[0m"
    assert why == "\x1b[2m  suppressed by a comment at template.yaml:4: decided in 2025\x1b[0m"
    assert write("concise", result, (), reader, View(suppressed=True)).splitlines()[-1] == (
        "template.yaml:4:3: warning[missing-timeout] `Bill` sets no timeout "
        "(suppressed by a comment at template.yaml:4: decided in 2025)"
    )
    many = replace(result, findings=result.findings * 20)
    assert write("text", many, (), reader, View(suppressed=True)).count("(suppressed by a comment") == 20
    assert "suppressed by" not in write("full", many, (), reader)


def test_many_findings_get_a_line_each_and_a_table(result: Result, reader: Reader) -> None:
    finding = result.findings[1]
    many = [replace(finding, at=replace(finding.at, line=line)) for line in range(1, 61)]
    result = Result((result.findings[0], *many), Summary(files=2, functions=1, errors=60, warnings=1))
    lines = write("text", result, (), reader, View(width=80)).splitlines()
    assert lines[:5] == [
        "src dir/app.py",
        "  9:12  warning  call-without-timeout        `requests.get` may wait for ever",
        "",
        "template.yaml",
        "   1:3  error    queue-redelivers-in-flight  messages reappear after the defa...",
    ]
    assert "  60  error    queue-redelivers-in-flight  " in lines
    assert "--format full" in "".join(lines)
    assert max(map(len, lines[:-5])) <= 80
    assert write("full", result, (), reader, View(width=80)).count("VisibilityTimeout: 360") == 60


def test_says_what_was_looked_at_when_nothing_was_found(reader: Reader) -> None:
    looked = Summary(files=4, functions=3, joined=1, missing=1, elsewhere=1, undecided=2)
    assert write("text", Result((), looked), (), reader) == (
        "Found nothing in 3 functions of 4 files\n"
        "1 function not joined to code, 1 function with code that is not in sight, 2 values not decided: "
        "`--verbose` says why\n"
    )
    assert write("text", Result((), Summary()), (), reader).startswith("Nothing to check")


@pytest.mark.parametrize("form", sorted({*config.FORMATS} - {"json", "sarif", "gitlab"}))
def test_what_a_terminal_would_obey_is_written_out(form: str) -> None:
    evil = "\x1b]0;owned\x07 \u202e \x9b31m \r"
    reader = Reader("/", (), {evil: f"{evil}: 1".encode()})
    finding = Finding(Span(evil, 1, 1, 1, 4), evil, help=evil, rule=evil, severity=Severity.NOTE)
    out = write(form, Result((finding,), Summary(files=1, notes=1)), (), reader)
    assert r"\x1b]0;owned\x07 \u202e \x9b31m \r" in out
    assert not set(evil) - {" "} & set(out) - set("]0;owned1m3")


@pytest.mark.parametrize(
    ("line", "start", "end", "text", "marks"),
    [
        ("\tx = 1", 2, 3, "    x = 1", "    ^"),
        ('a = "日本"; b', 11, 12, 'a = "日本"; b', "            ^"),
        ("e\u0301 x", 4, 5, "e\u0301 x", "  ^"),
        ("short", 6, 6, "short", "     ^"),
        ("0123456789" * 3 + "HERE" + "0123456789" * 3, 31, 35, "...56789HERE01234...", "        ^^^^"),
        ("HERE" + "0123456789" * 5, 1, 5, "HERE0123456789...", "^^^^"),
        ("x" * 90, 1, 91, "x" * 14 + "...", "^" * 14),
    ],
)
def test_underlines_what_is_shown(line: str, start: int, end: int, text: str, marks: str) -> None:
    (row,) = rows([line], Span("a", 1, start, 1, end), 20)
    assert (row.text, " " * row.start + "^" * row.length) == (text, marks)


def test_long_spans_are_cut_in_the_middle() -> None:
    lines = ["return {", *(f"    {number}," for number in range(6)), "}"]
    shown = [(row.number, row.text) for row in rows(lines, Span("a", 1, 1, 8, 2), 80)]
    assert shown == [(1, "return {"), (2, "    0,"), (0, ""), (8, "}")]
    assert [row.number for row in rows(lines, Span("a", 1, 1, 2, 1), 80)] == [1]
    assert list(rows(lines, Span("a", 99, 1, 99, 2), 80)) == []


@given(st.text(), st.integers(0, 400), st.integers(1, 400), st.integers(20, 60))
def test_no_shown_line_is_wider_than_its_room(line: str, start: int, length: int, room: int) -> None:
    line = line.replace("\n", "")
    for row in rows([line], Span("a", 1, start + 1, 1, start + length + 1), room):
        assert width(row.text) <= room
        assert row.text == visible(row.text)
        assert row.start + row.length <= room + 1


@given(st.text(), st.integers(8, 40))
def test_wrapping_keeps_every_word(text: str, room: int) -> None:
    lines = list(wrap(text, room))
    assert " ".join(lines).split() == text.split()
    assert all(width(line) <= room or " " not in line for line in lines)
    assert width(clip(text, room)) <= room
