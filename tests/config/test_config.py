"""Settings are read as written, and what they cannot mean is said with the file and the nearest word."""

from pathlib import Path

import pytest

from slslint import config
from slslint.config import Option, Words
from slslint.errors import UsageError
from slslint.finding import Severity

VOCABULARY = {
    "missing-timeout": Words(("",), {}),
    "monolithic-router": Words(
        ("hand-rolled", "framework"),
        {
            "max-routes": Option("how many", "routes", least=2, most=9, name="max-routes", kind="int", default=3),
            "fields": Option("which", name="fields", kind="tuple[str, ...]", default=("action", "op")),
        },
        aliases=("big-router",),
    ),
}

EVERYTHING = """
preset = "strict"
select = ["missing-timeout", "monolithic-router:framework"]
ignore = ["monolithic-router:hand-rolled"]
fail-on = "never"
format = "json"
exclude = ["legacy/"]
output = ["text", "sarif:out.sarif"]
baseline = "old/findings.json"
require-reason = true
with = ["cfn-lint"]
per-path-ignores = { "tests/**" = ["missing-timeout"] }
parameters = { Stage = "prod", Size = 3, On = true }

[rules.monolithic-router]
severity = "note"
max-routes = 5
fields = ["verb"]

[rules."monolithic-router:framework"]
severity = "off"
"""


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    (tmp_path / "slslint.toml").write_text(EVERYTHING)
    settings = config.load(VOCABULARY, start=str(tmp_path))
    assert settings.root == str(tmp_path)
    assert settings.preset == "strict"
    assert settings.select == ("missing-timeout", "monolithic-router:framework")
    assert settings.ignore == ("monolithic-router:hand-rolled",)
    assert settings.fail_on is None
    assert settings.format == "json"
    assert settings.exclude == ("legacy/",)
    assert settings.output == ("text", "sarif:out.sarif")
    assert settings.baseline == str(tmp_path / "old" / "findings.json")
    assert settings.require_reason
    assert settings.beside == ("cfn-lint",)
    assert settings.per_path_ignores == (("tests/**", ("missing-timeout",)),)
    assert settings.parameters == {"Stage": "prod", "Size": "3", "On": "true"}
    assert settings.severities == {"monolithic-router": Severity.NOTE, "monolithic-router:framework": None}
    assert settings.options == {"monolithic-router": {"max_routes": 5, "fields": ("verb",)}}


def test_nearest_file_with_a_table_of_ours_counts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.slslint]\npreset = "strict"\n')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text('[tool.other]\nname = "slslint"\n')
    settings = config.load(VOCABULARY, start=str(inner))
    assert settings.preset == "strict"
    assert settings.root == str(tmp_path)


@pytest.mark.parametrize(
    "text",
    [
        '[ tool . "slslint" ]\npreset = "strict"\n',
        '[tool]\nslslint.preset = "strict"\n',
        '["tool"]\nslslint = { preset = "strict" }\n',
        "tool.slslint.preset = 'strict'\n",
        "tool = { slslint = { preset = 'strict' } }\n",
    ],
)
def test_our_table_is_found_however_toml_allows_to_write_it(tmp_path: Path, text: str) -> None:
    (tmp_path / "pyproject.toml").write_text(text)
    assert config.load(VOCABULARY, start=str(tmp_path)).preset == "strict"


def test_without_a_file_the_defaults_hold(tmp_path: Path) -> None:
    settings = config.load(VOCABULARY, start=str(tmp_path))
    assert (settings.preset, settings.fail_on, settings.select) == ("default", Severity.WARNING, ())


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('presets = "strict"', "did you mean `preset`?"),
        ('preset = "srtict"', "`preset` cannot be 'srtict'; use `default`, `strict`"),
        ('select = ["mising-timeout"]', "no rule `mising-timeout` (did you mean `missing-timeout`?)"),
        ('select = ["monolithic-router:frame"]', "use `hand-rolled`, `framework`"),
        ('select = "missing-timeout"', "`select` must be an array of strings"),
        ("rules = { missing-timeout = { max = 3 } }", "`missing-timeout` has no option `max`"),
        ("rules = { monolithic-router = { max-route = 3 } }", "did you mean `max-routes`?"),
        ('rules = { monolithic-router = { max-routes = "3" } }', "must be a whole number, not '3'"),
        ("rules = { monolithic-router = { max-routes = true } }", "must be a whole number, not True"),
        ('rules = { monolithic-router = { severity = "fatal" } }', "cannot be 'fatal'"),
        ("per-path-ignores = []", "`per-path-ignores` must be a table"),
        ('with = ["ruff"]', "`with` cannot be 'ruff'; use `cfn-lint`"),
        ("require-reason = 1", "must be true or false"),
        ("baseline = []", "must be the path of a file"),
        ("fail-on = 3", "`fail-on` cannot be 3"),
        ("preset = ", "no valid TOML"),
    ],
)
def test_mistakes_are_named(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "slslint.toml").write_text(text)
    with pytest.raises(UsageError) as error:
        config.load(VOCABULARY, start=str(tmp_path))
    assert said in str(error.value)
    assert "slslint.toml" in str(error.value)


def test_what_to_do_is_said_once(tmp_path: Path) -> None:
    (tmp_path / "slslint.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"slslint.toml: line 1 is not UTF-8; save the file as UTF-8$"):
        config.load(VOCABULARY, start=str(tmp_path))
