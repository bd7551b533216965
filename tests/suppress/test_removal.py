"""Dead suppressions are taken out so that everything else stays, byte for byte."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slslint import fix, suppress
from slslint.model import Ignore
from slslint.source import SourceFile, Span
from slslint.suppress.removal import removal
from slslint.value import Known

TEXTS = {
    "app.py": [
        "import os",
        "@cache",
        "def f(",
        "    a,",
        "):",
        "    x = '''",
        "# no comment",
        "'''",
        "",
        "    return a",
    ],
    "app.ts": ["import a from 'a';", "const f = async (", "  a,", ") => {", "  await x(`", "// none", "`);", "", "};"],
    "main.tf": ['resource "a" "b" {', "  c = [", "    1,", "  ]", "", "  d = <<E", "# none", "E", "}"],
    "template.yaml": ["A:", "  B: 1", "", "  C:", "    - d", "    - e: 'f # g'", "  H: |", "    # none", "", "  I: 1"],
}
"""Lines of a file in each syntax."""
NOT_ABOVE = {"app.py": (6, 7), "app.ts": (5, 6), "main.tf": (6, 7), "template.yaml": (7,)}
NOT_BESIDE = {"app.py": (5, 6), "app.ts": (4, 5), "main.tf": (5, 6, 7), "template.yaml": (7,)}
"""Where a text of several lines stands, so that nothing is a comment."""
COMMENTS = ["{} slslint: ignore[one]", "{} slslint: ignore[one, two:three] until=2099-01-01 why", "{}slslint:ignore"]


@pytest.mark.parametrize("path", sorted(TEXTS))
@given(
    st.lists(st.tuples(st.sampled_from(["", "above", "beside"]), st.sampled_from(COMMENTS)), min_size=10, max_size=10),
    st.sampled_from(["\n", "\r\n"]),
    st.booleans(),
)
def test_without_its_suppressions_a_file_is_what_it_was(
    path: str, drawn: list[tuple[str, str]], end: str, final: bool
) -> None:
    lines = TEXTS[path]
    made: list[str] = []
    for index, (line, (place, form)) in enumerate(zip(lines, drawn, strict=False)):
        comment = form.format("//" if path == "app.ts" else "#")
        if place == "above" and index not in NOT_ABOVE[path]:
            made.append(" " * (len(line) - len(line.lstrip())) + comment)
        beside = place == "beside" and line and index not in NOT_BESIDE[path]
        made.append(f"{line}  {comment}" if beside else line)
    before = end.join([*lines, ""] if final else lines)
    file = SourceFile(path, end.join([*made, ""] if final else made).encode())
    groups: dict[Span, list[suppress.Mark]] = {}
    for mark in suppress.comments(file):
        assert not mark.fault
        groups.setdefault(mark.at, []).append(mark)
    edits = [edit for marks in groups.values() for edit in removal(file, marks, marks)]
    assert fix.edited(file.data, edits).decode() == before


@pytest.mark.parametrize(
    ("dead", "expected"),
    [
        ("a", "x  # slslint: ignore[b, c:d] why"),
        ("b", "x  # slslint: ignore[a, c:d] why"),
        ("c:d", "x  # slslint: ignore[a, b] why"),
        ("a b", "x  # slslint: ignore[c:d] why"),
        ("a c:d", "x  # slslint: ignore[b] why"),
        ("b c:d", "x  # slslint: ignore[a] why"),
        ("a b c:d", "x"),
    ],
)
def test_one_rule_of_several_goes_out_of_the_list(dead: str, expected: str) -> None:
    file = SourceFile("app.py", b"x  # slslint: ignore[a, b, c:d] why\n")
    marks = list(suppress.comments(file))
    edits = removal(file, marks, [mark for mark in marks if mark.rule in dead.split()])
    assert fix.edited(file.data, edits).decode() == f"{expected}\n"


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("x  # slslint: ignore[a] why # noqa", "x # noqa"),
        ("x  # noqa # slslint: ignore[a] why", "x  # noqa"),
        ("# slslint: ignore[a] # noqa\nx", "# noqa\nx"),
    ],
)
def test_other_comments_stay(before: str, expected: str) -> None:
    file = SourceFile("app.py", before.encode())
    marks = list(suppress.comments(file))
    assert fix.edited(file.data, removal(file, marks, marks)).decode() == expected


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ("/* slslint: ignore[a] why */ x();", "x();"),
        ("x(); /* slslint: ignore[a] */", "x();"),
        ("x(1 /* slslint: ignore[a] */ + 2);", "x(1 + 2);"),
        ("return/* slslint: ignore[a] */x;", "return/* slslint: ignore[a] */x;"),
        ("/* slslint: ignore[a] why\n   more */\nx();", "/* slslint: ignore[a] why\n   more */\nx();"),
    ],
)
def test_block_comments_go_where_nothing_is_joined_or_lost(before: str, expected: str) -> None:
    file = SourceFile("app.js", before.encode())
    marks = list(suppress.comments(file))
    assert marks
    assert fix.edited(file.data, removal(file, marks, marks)).decode() == expected


METADATA = {
    "the key goes with its last entry": (
        "R:\n  A:\n    Metadata:\n      slslint:\n        ignore:\n          - one # why\n    Type: x\n",
        ["one"],
        "R:\n  A:\n    Type: x\n",
    ),
    "but not with what others keep there": (
        "R:\n  A:\n    Metadata:\n      Other: 1\n      slslint: {ignore: [one]}\n    Type: x\n",
        ["one"],
        "R:\n  A:\n    Metadata:\n      Other: 1\n    Type: x\n",
    ),
    "an entry of a block": (
        "R:\n  Metadata:\n    slslint:\n      ignore:\n        - one\n        - rule: two\n          reason: x\n",
        ["two"],
        "R:\n  Metadata:\n    slslint:\n      ignore:\n        - one\n",
    ),
    "an entry of a list in brackets": (
        "R:\n  A:\n    Metadata: {slslint: {ignore: [one, {rule: two, reason: x}, 'three']}}\n    Type: x\n",
        ["two"],
        "R:\n  A:\n    Metadata: {slslint: {ignore: [one, 'three']}}\n    Type: x\n",
    ),
    "no list at all": (
        "R:\n  A:\n    Type: x\n    Metadata: {slslint: {ignore: one}}",
        ["one"],
        "R:\n  A:\n    Type: x",
    ),
    "JSON, in the middle": (
        '{"R": {"A": {\n  "Type": "x",\n  "Metadata": {"slslint": {"ignore": ["one", "two"]}},\n  "P": 1\n}}}\n',
        ["one", "two"],
        '{"R": {"A": {\n  "Type": "x",\n  "P": 1\n}}}\n',
    ),
    "JSON, in front": (
        '{"R": {"A": {\n  "Metadata": {\n    "slslint": {"ignore": ["one"]}\n  },\n  "Type": "x"\n}}}\n',
        ["one"],
        '{"R": {"A": {\n  "Type": "x"\n}}}\n',
    ),
    "JSON, at the end": (
        '{"R": {"A": {\n  "Type": "x",\n  "Metadata": {"a": 1, "slslint": {"ignore": ["one"]}}\n}}}\n',
        ["one"],
        '{"R": {"A": {\n  "Type": "x",\n  "Metadata": {"a": 1}\n}}}\n',
    ),
    "JSON, one of several": (
        '{"R": {"A": {"Metadata": {"slslint": {"ignore": ["one", "two"]}}, "Type": "x"}}}\n',
        ["one"],
        '{"R": {"A": {"Metadata": {"slslint": {"ignore": ["two"]}}, "Type": "x"}}}\n',
    ),
}


@pytest.mark.parametrize("case", METADATA)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_metadata_goes_with_what_would_be_empty(case: str, end: str) -> None:
    before, dead, expected = METADATA[case]
    file = SourceFile("template.yaml", before.replace("\n", end).encode())
    ignores = []
    for rule in ("one", "two", "three"):
        for number, line in enumerate(file.lines, 1):
            if rule in line:
                column = line.index(rule) + 1 - (line[line.index(rule) - 1] in "\"'")
                quoted = 2 * (line[column - 1] in "\"'")
                at = Span(file.path, number, column, number, column + len(rule) + quoted)
                ignores.append(Ignore(at, Known(rule, at), "", Span(file.path, 1, 1, 1, 2)))
    marks = list(suppress.metadata(ignores))
    edits = removal(file, marks, [mark for mark in marks if mark.rule in dead])
    assert fix.edited(file.data, edits).decode() == expected.replace("\n", end)
