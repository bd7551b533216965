"""Which findings a comment, metadata or setting covers."""

import pytest

from slslint import suppress
from slslint.config import Settings
from slslint.finding import Finding
from slslint.model import Ignore
from slslint.record import replace
from slslint.source import SourceFile, Span
from slslint.value import Known


def finding(line: int, rule: str = "one", end: int | None = None, path: str = "app.py") -> Finding:
    return Finding(Span(path, line, 3, end or line, 4), "message", rule=rule)


def reasons(path: str, text: str, line: int, rule: str = "one", end: int | None = None) -> list[str]:
    """The reasons of the comments that cover a finding on these lines."""
    marks = suppress.comments(SourceFile(path, text.encode()))
    return [mark.reason for mark in marks if mark.covers(finding(line, rule, end, path))]


def covered(path: str, text: str) -> list[int]:
    """The lines of which the first word is covered by the comments of a file."""
    marks = list(suppress.comments(SourceFile(path, text.encode())))
    found = []
    for number, line in enumerate(text.splitlines(), 1):
        column = len(line) - len(line.lstrip()) + 1
        word = Finding(Span(path, number, column, number, column + 1), "message", rule="one")
        if any(mark.covers(word) for mark in marks):
            found.append(number)
    return found


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
d = get()  # type: ignore  # slslint: ignore[one] after another # noqa
"""


@pytest.mark.parametrize(
    ("line", "rule", "expected"),
    [
        (1, "one", ["because"]),
        (1, "two", []),
        (5, "two", ["both", ""]),
        (6, "one", ["both", ""]),
        (7, "three", [""]),
        (8, "one", []),
        (9, "one", []),
        (11, "one", ["after another"]),
    ],
)
def test_comments(line: int, rule: str, expected: list[str]) -> None:
    assert reasons("app.py", CODE, line, rule) == expected


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
    ("line", "rule", "expected"),
    [
        (1, "one", ["because"]),
        (1, "two", []),
        (6, "two", ["both", ""]),
        (7, "one", ["both", ""]),
        (9, "one", []),
        (10, "one", []),
        (11, "one", []),
        (12, "one", ["inside"]),
        (14, "one", ["in front"]),
        (19, "one", ["said at length"]),
    ],
)
@pytest.mark.parametrize("path", ["app.js", "app.mts"])
def test_comments_in_javascript(line: int, rule: str, expected: list[str], path: str) -> None:
    assert reasons(path, SCRIPT, line, rule) == expected


MARK = "slslint: ignore[one]"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"@a  # {MARK}\n@b\ndef f():\n    x\n", [1]),
        (f"# {MARK}\n# more\n\n@a\n@b\ndef f():\n    x\n\ny\n", [4, 5, 6, 7]),
        (f"@a\n# {MARK}\ndef f():\n    x\n\ny\n", [1, 2, 3, 4]),
        (f"async def f(  # {MARK}\n    a,\n):\n    x\ny\n", [1, 2, 3, 4]),
        (f"def f(\n    a,\n):  # {MARK}\n    x\ny\n", [1, 2, 3, 4]),
        (f"def f(\n    a,  # {MARK}\n    b,\n):\n    x\n", [1, 2, 3, 4, 5]),
        (f"class A:  # {MARK}\n    def f(self):\n        x\ny\n", [1, 2, 3]),
        (f"def f():\n    x\n    y  # {MARK}\n", [3]),
        (f"# {MARK}\nif a(\n    b\n):\n    x\n", [2, 3, 4]),
        (f"for a in b:  # {MARK}\n    x\n", [1]),
        (f"x = a(  # {MARK}\n    b,\n    c,\n)\n", [1]),
        (f"x = a(\n    b,  # {MARK}\n    c,\n)\n", [2]),
        (f"x = a(\n    # {MARK}\n    b,\n    c,\n)\n", [3]),
        (f"# {MARK}\nx = a(\n    b,\n)\ny\n", [2, 3, 4]),
        (f"x = a(\n    b,\n)  # {MARK}\ny\n", [1, 2, 3]),
    ],
)
def test_a_comment_covers_the_function_or_statement_that_it_belongs_to(text: str, expected: list[str]) -> None:
    assert covered("app.py", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"export const f = async () => {{ // {MARK}\n  x();\n}};\ny();\n", [1, 2, 3]),
        (f"// {MARK}\nexport const f = middy(\n  async () => {{\n    x();\n  }},\n);\ny();\n", [2, 3, 4, 5, 6]),
        (f"// {MARK}\nmodule.exports.f = function () {{\n  x();\n}};\ny();\n", [2, 3, 4]),
        (f"class A {{\n  // {MARK}\n  f() {{\n    x();\n  }}\n  g() {{}}\n}}\n", [3, 4, 5]),
        (f'// {MARK}\napp.get("/", (a) => {{\n  x();\n}});\ny();\n', [2, 3, 4]),
        (f"// {MARK}\nif (\n  a\n) {{\n  x();\n}}\n", [2, 3, 4]),
        (f"if (a) {{ // {MARK}\n  x();\n}}\n", [1]),
        (f"// {MARK}\nawait x(\n  a,\n);\ny();\n", [2, 3, 4]),
        (f"await x(\n  a,\n); // {MARK}\ny();\n", [1, 2, 3]),
        (f"await x(\n  a, // {MARK}\n  b,\n);\n", [2]),
        (
            f"export default {{\n  functions: {{\n    a: {{ // {MARK}\n      b: 1,\n    }},\n    c: 2,\n  }},\n}};\n",
            [3, 4, 5],
        ),
    ],
)
def test_the_same_in_javascript(text: str, expected: list[str]) -> None:
    assert covered("app.ts", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"Resources:\n  A: # {MARK}\n    B:\n      C: 1\n  D: 1\n", [2, 3, 4]),
        (f"Resources:\n  # {MARK}\n  # more\n  A:\n    B:\n      C: 1\n  D: 1\n", [4, 5, 6]),
        (f"Resources:\n  A:\n    B: # {MARK}\n      C: 1\n    D: 1\n", [3, 4]),
        (f"A:\n  - B: 1 # {MARK}\n    C: 1\n  - D: 1\n", [2, 3]),
        (f"Resources: # {MARK}\n  A: 1\n", [1]),
        (f"A:\n  B: |\n    # {MARK}\n    c\n", []),
        (f"A:\n  B: | # {MARK}\n    c\n  D: 1\n", [2, 3]),
        (f'A:\n  B: "a # {MARK}\n    c"\n  C: "x #{MARK}"\n', []),
        (f"A:\n  B: 'a' # {MARK}\n", [2]),
        (f"A: [ # {MARK}\n", [1]),
        (f'{{"A": {{"B": "# {MARK}"}}}}\n', []),
    ],
)
def test_the_same_in_yaml(text: str, expected: list[str]) -> None:
    assert covered("template.yaml", text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f'resource "a" "b" {{ # {MARK}\n  c = 1\n}}\nd = 1\n', [1, 2, 3]),
        (f'// {MARK}\nresource "a" "b" {{\n  c = 1\n}}\nd = 1\n', [2, 3, 4]),
        (f'resource "a" "b" {{\n  /* {MARK} */\n  c {{\n    d = 1\n  }}\n  e = 1\n}}\n', [3, 4, 5]),
        (f'resource "a" "b" {{\n  c = jsonencode({{ # {MARK}\n    d = 1\n  }})\n  e = 1\n}}\n', [2, 3, 4]),
        (f'a = "# {MARK}"\nb = <<E\n# {MARK}\nE\n', []),
        (f"a = 1 // {MARK}\nb = 1\n", [1]),
    ],
)
def test_the_same_in_terraform(text: str, expected: list[str]) -> None:
    assert covered("main.tf", text) == expected


def test_comment_for_the_file() -> None:
    (mark,) = suppress.comments(SourceFile("t.yaml", b"# slslint: ignore-file[one] legacy\nResources: {}\n"))
    assert mark.covers(finding(9, path="t.yaml"))
    assert not mark.covers(finding(9, "two", path="t.yaml"))


@pytest.mark.parametrize(
    ("language", "comment"),
    [("python", "# slslint: ignore[one]"), ("javascript", "// slslint: ignore[one]"), ("javascript", f"/* {MARK} */")],
)
def test_code_inside_a_template_carries_comments_too(language: str, comment: str) -> None:
    host = f"Code:\n  ZipFile: |\n    y = get()\n    x = get()  {comment}\n"
    inline = SourceFile("t.yaml", f"y = get()\nx = get()  {comment}\n".encode(), ((3, 5), (4, 5), (5, 5)))
    inline = replace(inline, around=SourceFile("t.yaml", host.encode()).lines)
    (mark,) = suppress.comments(inline, language)
    assert [line for line in range(1, 5) if mark.covers(finding(line, path="t.yaml"))] == [4]
    assert (mark.at.line, mark.at.column) == (4, host.splitlines()[3].index(comment) + 1)


def test_broken_source_still_carries_comments() -> None:
    (mark,) = suppress.comments(SourceFile("app.py", b"x = (  # slslint: ignore[one]\n"))
    assert mark.covers(finding(1))


@pytest.mark.parametrize(
    ("comment", "why"),
    [
        ("slslint: ignore(one)", "brackets"),
        ("slslint: ignore=one", "brackets"),
        ("slslint: ignore[one", "brackets"),
        ("slslint: ignore[]", "no rule is in the brackets"),
        ("slslint: disable=one", "nothing that slslint knows"),
        ("slslint: ignore-next-line[one]", "nothing that slslint knows"),
        ("slslint-disable-line one", "nothing that slslint knows"),
        ("slslint ignore[one]", "nothing that slslint knows"),
        ("slslint: ignore[one] until=soon", "`soon` is no date"),
        ("slslint: ignore[one] until=2027-02-30", "`2027-02-30` is no date"),
        ("slslint: a linter", None),
        ("slslint ignores what is vendored", None),
        ('write "# slslint: ignore[one]" there', None),
    ],
)
def test_what_only_looks_like_a_suppression_says_so(comment: str, why: str | None) -> None:
    found = list(suppress.comments(SourceFile("app.py", f"x = 1  # {comment}\n".encode())))
    assert not any(mark.covers(finding(1)) for mark in found)
    assert [why is not None and why in mark.fault for mark in found] == [True] * (why is not None)


@pytest.mark.parametrize(("day", "counts"), [("2027-01-31", True), ("2027-02-01", False)])
def test_a_suppression_ends_after_its_last_day(monkeypatch: pytest.MonkeyPatch, day: str, counts: bool) -> None:
    from datetime import UTC, datetime

    monkeypatch.setenv(
        "SOURCE_DATE_EPOCH", str(int(datetime.fromisoformat(f"{day}T12:00").replace(tzinfo=UTC).timestamp()))
    )
    text = b"x = 1  # slslint: ignore[one] until=2027-01-31 the proxy goes\n"
    marked = suppress.mark(finding(1), suppress.comments(SourceFile("app.py", text)))
    assert (marked.suppressed is not None, marked.suppressed and marked.suppressed.reason) == (
        (True, "the proxy goes") if counts else (False, None)
    )
    assert [each.message for each in marked.related] == (
        [] if counts else ["ignored here until 2027-01-31, which has passed"]
    )


def test_metadata_covers_what_lies_inside() -> None:
    whole, at = Span("t.yaml", 3, 1, 9, 1), Span("t.yaml", 8, 5, 8, 8)
    (mark,) = suppress.metadata([Ignore(whole, Known("one", at), "known", at)])
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
