"""Where reports go: --output, and the setting of that name."""

from pathlib import Path

import pytest

from slslint.errors import UsageError
from slslint.report.outputs import Output, outputs


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("json", Output("json")),
        ("-", Output("concise")),
        ("sarif:-", Output("sarif")),
        ("sarif:out.sarif", Output("sarif", "out.sarif")),
        ("sarif:out/a:b.sarif", Output("sarif", "out/a:b.sarif")),
        ("report.txt", Output("concise", "report.txt")),
        ("report", Output("concise", "report")),
        ("./sarif", Output("concise", "./sarif")),
        ("./sarif:x", Output("concise", "./sarif:x")),
        ("2026-01-31T10:00.txt", Output("concise", "2026-01-31T10:00.txt")),
        (r"C:\out\report.txt", Output("concise", r"C:\out\report.txt")),
        ("c:/out/report.txt", Output("concise", "c:/out/report.txt")),
        (r"junit:C:\out.xml", Output("junit", r"C:\out.xml")),
    ],
)
def test_a_form_a_file_or_both(given: str, expected: Output) -> None:
    assert outputs([given], "concise") == (expected,)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (["sarf:out.sarif"], "no form `sarf` (did you mean `sarif`?)"),
        (["xml:out.xml"], "no form `xml`; use one of text, full"),
        (["Sarif"], "no form `Sarif` (did you mean `sarif`?)"),
        (["githb"], "write ./githb for a file of that name"),
        (["sarif:"], "the name of a file is missing"),
        ([""], "an output is missing"),
        (["text", "json"], "two reports (text and json) go to stdout"),
        (["sarif:out", "json:./out"], "two reports (sarif and json) go to ./out"),
    ],
)
def test_what_cannot_be_meant(given: list[str], said: str) -> None:
    with pytest.raises(UsageError) as caught:
        outputs(given, "text")
    assert said in str(caught.value)


def test_one_file_by_two_names(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("out")
    with pytest.raises(UsageError, match="two reports"):
        outputs([f"sarif:{tmp_path}/out", f"json:{tmp_path}/link"], "text")


def test_nothing_given_is_stdout_and_settings_have_a_folder_of_their_own() -> None:
    assert outputs([], "full") == (Output("full"),)
    assert outputs(["sarif:a.sarif", "text"], "text", "/app") == (Output("sarif", "/app/a.sarif"), Output("text"))
