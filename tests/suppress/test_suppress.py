"""Which findings a comment, metadata or setting covers."""

import pytest

from slslint import suppress
from slslint.config import Settings
from slslint.finding import Finding
from slslint.model import Ignore
from slslint.record import replace
from slslint.source import SourceFile, Span
from slslint.value import Known

CODE = """\
a = get()  # slslint: ignore[one] because
# slslint: ignore[one, two]: both
# a second comment

b = get(
    1,
)  # slslint: ignore
text = "# slslint: ignore[one]"
c = get()  # slslint: ignore-file[one] not alone
# slslint: ignored
"""


def finding(line: int, rule: str = "one", end: int | None = None, path: str = "app.py") -> Finding:
    return Finding(Span(path, line, 1, end or line, 5), "message", rule=rule)


@pytest.mark.parametrize(
    ("found", "reasons"),
    [
        (finding(1), ["because"]),
        (finding(1, "two"), []),
        (finding(5, "two", end=7), ["both", ""]),
        (finding(5), ["both"]),
        (finding(6), []),
        (finding(7, "three"), [""]),
        (finding(8), []),
        (finding(9), []),
    ],
)
def test_comments(found: Finding, reasons: list[str]) -> None:
    marks = list(suppress.comments(SourceFile("app.py", CODE.encode())))
    assert [mark.reason for mark in marks if mark.covers(found)] == reasons


SCRIPT = """\
a = get(); // slslint: ignore[one] because
/* slslint: ignore[one, two]: both */
/* a second comment
   of two lines */

b = get(
  1,
); // slslint: ignore
text = "// slslint: ignore[one]";
text = `
// slslint: ignore[one]
${c /* slslint: ignore[one] inside */}
`;
/* slslint: ignore[one] in front */ d = get("//", /[/*]/);
/**
 * slslint: ignore[one] said at length
 * in a comment
 */
e = get();
"""


@pytest.mark.parametrize(
    ("found", "reasons"),
    [
        (finding(1), ["because"]),
        (finding(1, "two"), []),
        (finding(6, "two", end=8), ["both", ""]),
        (finding(6), ["both"]),
        (finding(7), []),
        (finding(9), []),
        (finding(10), []),
        (finding(11), []),
        (finding(12), ["inside"]),
        (finding(14), ["in front"]),
        (finding(19), ["said at length"]),
    ],
)
@pytest.mark.parametrize("path", ["app.js", "app.mts"])
def test_comments_in_javascript(found: Finding, reasons: list[str], path: str) -> None:
    marks = list(suppress.comments(SourceFile(path, SCRIPT.encode())))
    found = replace(found, at=replace(found.at, path=path))
    assert [mark.reason for mark in marks if mark.covers(found)] == reasons


def test_comment_for_the_file() -> None:
    (mark,) = suppress.comments(SourceFile("t.yaml", b"# slslint: ignore-file[one] legacy\nResources: {}\n"))
    assert mark.covers(finding(9, path="t.yaml"))
    assert not mark.covers(finding(9, "two", path="t.yaml"))


def test_code_inside_a_template_carries_comments_too() -> None:
    for comment in ("# slslint: ignore[one]", "// slslint: ignore[one]", "/* slslint: ignore[one] */"):
        text = f"Code:\n  ZipFile: |\n    x = get()  {comment}\n"
        (mark,) = suppress.comments(SourceFile("t.yaml", text.encode()))
        assert mark.covers(finding(3, path="t.yaml"))


def test_broken_source_still_carries_comments() -> None:
    (mark,) = suppress.comments(SourceFile("app.py", b"x = (  # slslint: ignore[one]\n"))
    assert mark.covers(finding(1))


def test_metadata_covers_what_lies_inside() -> None:
    whole = Span("t.yaml", 3, 1, 9, 1)
    (mark,) = suppress.metadata([Ignore(whole, Known("one", Span("t.yaml", 8, 5, 8, 8)), "known")])
    assert mark.covers(finding(3, path="t.yaml"))
    assert not mark.covers(finding(10, path="t.yaml"))
    assert not mark.covers(finding(3, "two", path="t.yaml"))


@pytest.mark.parametrize(
    ("pattern", "covered"), [("*.py", True), ("src/", True), ("src/**", True), ("/app.py", False), ("tests/", False)]
)
def test_settings_cover_paths(pattern: str, covered: bool) -> None:
    settings = Settings(root="/project", per_path_ignores=((pattern, ("one",)),))
    marked = suppress.mark_by_settings(finding(1, path="../src/app.py"), settings, "/project/here")
    assert (marked.suppressed is not None) is covered
