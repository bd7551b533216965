"""Fixes made in memory: rounds, edits that meet, files that must still parse."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slslint import fix
from slslint.finding import Edit, Finding, Fix, Safety, Suppression
from slslint.result import Result, Summary
from slslint.source import Reader, Span

CODE = "LIMIT = 3\n\n\ndef handler(event, context):\n    return LIMIT\n"
FILES = {"template.yaml": b"Resources:\n  Orders: {Timeout: 3}\n", "app.py": CODE.encode()}

Replacement = tuple[str, str, str]
"""A file, a text in it, and what is to stand there."""


def finding(*replacements: Replacement, reader: Reader, unsafe: bool = False) -> Finding | None:
    """A finding that all of the texts are there, with a fix that replaces them; None when one is not."""
    edits = []
    for path, old, new in replacements:
        rows = [(number, line) for number, line in enumerate(reader.read(path).lines, 1) if old in line]
        if not rows:
            return None
        number, line = rows[0]
        column = line.index(old) + 1
        edits.append(Edit(Span(path, number, column, number, column + len(old)), new))
    mending = Fix("replace it", Safety.UNSAFE if unsafe else Safety.SAFE, tuple(edits))
    return Finding(edits[0].at, "to be replaced", rule=f"no-{replacements[0][1]}", fix=mending)


def checking(*faults: tuple[Replacement, ...], unsafe: bool = False) -> Callable[[Reader], Result]:
    def check(reader: Reader) -> Result:
        found = (finding(*fault, reader=reader, unsafe=unsafe) for fault in faults)
        return Result(tuple(each for each in found if each is not None), Summary())

    return check


def mended(
    check: Callable[[Reader], Result], most: Safety = Safety.SAFE, refusal: fix.Refusal = lambda path: ""
) -> fix.Mended:
    return fix.mend(check, lambda result, reader: result, Reader("/", (), dict(FILES)), most, refusal)


def after(outcome: fix.Mended) -> dict[str, str]:
    return {change.path: change.after.decode() for change in outcome.changes}


def test_one_fix_changes_several_files() -> None:
    outcome = mended(checking((("template.yaml", "3", "10"), ("app.py", "3", "10"))))
    assert after(outcome) == {
        "template.yaml": "Resources:\n  Orders: {Timeout: 10}\n",
        "app.py": CODE.replace("3", "10"),
    }
    assert (outcome.fixed, outcome.result.findings, outcome.notes) == ({"no-3": 1}, (), ())
    assert [change.before for change in outcome.changes] == [FILES["app.py"], FILES["template.yaml"]]


def test_of_edits_that_overlap_the_second_waits_for_the_next_round() -> None:
    outcome = mended(
        checking((("app.py", "LIMIT = 3", "LIMIT = 4"),), (("app.py", "= 3", "= 5"), ("app.py", "def", "async def")))
    )
    assert after(outcome) == {"app.py": CODE.replace("3", "4")}
    outcome = mended(checking((("app.py", "LIMIT = 3", "LIMIT = 4"),), (("app.py", "LIMIT =", "MOST ="),)))
    assert after(outcome) == {"app.py": CODE.replace("LIMIT = 3", "MOST = 4")}


def test_a_fix_that_breaks_one_of_its_files_is_not_made_and_the_others_are() -> None:
    faults = ((("app.py", "LIMIT = 3", "LIMIT = ("), ("template.yaml", "3", "9")), (("app.py", "return", "yield"),))
    outcome = mended(checking(*faults))
    assert after(outcome) == {"app.py": CODE.replace("return", "yield")}
    assert outcome.notes == (
        "app.py:1: `no-LIMIT = 3` was not mended: app.py would not parse any more; please report it",
    )


@pytest.mark.parametrize(("path", "old", "new"), [("template.yaml", "{", "["), ("app.py", ":", "")])
def test_what_would_not_parse_is_never_the_outcome(path: str, old: str, new: str) -> None:
    assert mended(checking(((path, old, new),))).changes == ()


def test_fixes_that_undo_each_other_are_stopped() -> None:
    outcome = mended(checking((("app.py", "= 3", "= 4"),), (("app.py", "= 4", "= 3"),)))
    assert (outcome.changes, outcome.notes) == ((), ("some fixes undo each other; look at the rest",))


def test_only_what_counts_is_mended_and_as_safely_as_was_asked_for() -> None:
    fault = (("app.py", "3", "4"),)
    assert after(mended(checking(fault, unsafe=True))) == {}
    assert after(mended(checking(fault, unsafe=True), Safety.UNSAFE)) == {"app.py": CODE.replace("3", "4")}

    def suppressed(reader: Reader) -> Result:
        from slslint.record import replace

        found = checking(fault)(reader).findings
        return Result(tuple(replace(each, suppressed=Suppression("baseline", "")) for each in found), Summary())

    assert after(mended(suppressed)) == {}


def test_what_may_not_be_changed_stays_with_all_that_belongs_to_it() -> None:
    fault = (("app.py", "3", "4"), ("template.yaml", "3", "4"))
    outcome = mended(checking(fault), refusal=lambda path: "it is excluded" if path == "template.yaml" else "")
    assert (outcome.changes, outcome.notes) == ((), ("app.py:1: `no-3` was not mended: it is excluded",))


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        (b"a = 1\r\nb = 2", b"a = 1\r\nx\r\ny\r\nb = 2"),
        (b"\xef\xbb\xbfa = 1\nb = 2\n", b"\xef\xbb\xbfa = 1\nx\ny\nb = 2\n"),
    ],
)
def test_line_ends_and_marks_stay_as_they_are(before: bytes, expected: bytes) -> None:
    assert fix.edited(before, [Edit(Span("a.py", 2, 1, 2, 1), "x\ny\n")]) == expected


@given(st.lists(st.sampled_from(["", "a", "é漢", "😀 b\r"]), min_size=1, max_size=4), *[st.integers(0, 4)] * 4)
def test_an_edit_changes_nothing_but_its_place(lines: list[str], one: int, first: int, two: int, last: int) -> None:
    text = "\n".join(lines)
    (line, column), (end_line, end_column) = sorted(
        (row % len(lines) + 1, min(offset, len(lines[row % len(lines)].removesuffix("\r"))) + 1)
        for row, offset in ((one, first), (two, last))
    )
    at = Span("a", line, column, end_line, end_column)
    whole = fix.edited(text.encode(), [Edit(at, "X")]).decode()
    before = "\n".join([*lines[: line - 1], lines[line - 1][: column - 1]])
    after = "\n".join([lines[end_line - 1][end_column - 1 :], *lines[end_line:]])
    assert whole == f"{before}X{after}"


def test_a_difference_says_where_a_file_ends_without_a_newline() -> None:
    change = fix.Change("a.py", b"a = 1\nb = 2", b"a = 1\nb = 3\n")
    assert fix.diff([change]).splitlines() == [
        "--- a.py",
        "+++ a.py",
        "@@ -1,2 +1,2 @@",
        " a = 1",
        "-b = 2",
        "\\ No newline at end of file",
        "+b = 3",
    ]
