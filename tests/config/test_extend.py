"""Files go on from others: tables are put together, the rest is replaced, and mistakes are told where they stand."""

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from slslint import config, registry
from slslint.errors import UsageError
from slslint.finding import Severity

Place = Callable[[Mapping[str, str]], Path]
WORDS = registry.vocabulary(registry.load())


def load(folder: Path, *files: str, **given: object) -> config.Settings:
    return config.configuration(WORDS, str(folder), files, given).run


def test_a_chain_puts_tables_together_and_replaces_the_rest(place: Place) -> None:
    folder = place(
        {
            "pyproject.toml": """
[tool.slslint]
preset = "strict"
select = ["missing-timeout"]
ignore = ["wildcard-action"]
exclude = ["old/"]
parameters = { Stage = "dev", Size = 1 }
rules.sleep-in-handler = { severity = "note", seconds = 3 }
""",
            "a/base.toml": """
extend = "../pyproject.toml"
extend-select = ["sleep-in-handler"]
ignore = ["wildcard-resource"]
extend-exclude = ["older/"]
""",
            "a/b/slslint.toml": """
extend = "../base.toml"
extend-ignore = ["unused-suppression"]
parameters.Stage = "prod"
rules.sleep-in-handler.seconds = 2
""",
        }
    )
    settings = load(folder / "a" / "b")
    assert settings.root == str(folder / "a" / "b")
    assert (settings.preset, settings.select) == ("strict", ("missing-timeout",))
    assert settings.extend_select == ("sleep-in-handler",)
    assert settings.ignore == ("wildcard-resource", "unused-suppression")
    assert settings.exclude == ("old/", "older/")
    assert settings.parameters == {"Stage": "prod", "Size": "1"}
    assert settings.options == {"sleep-in-handler": {"seconds": 2.0}}
    assert settings.severities == {"sleep-in-handler": Severity.NOTE}


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("*.gen.py", "*.gen.py"),
        ("gen/", "gen/"),
        ("/a/b/gen/", "/gen/"),
        ("a/*/gen", "/gen"),
        ("a/**/gen", "**/gen"),
        ("**/gen/x", "**/gen/x"),
        ("/a/", "/**"),
        ("!a/b/keep.py", "!/keep.py"),
        ("c/gen", ""),
    ],
)
def test_patterns_stay_those_of_the_folder_of_who_said_them(place: Place, said: str, meant: str) -> None:
    folder = place({"slslint.toml": f'exclude = ["{said}"]', "a/b/slslint.toml": 'extend = "../../slslint.toml"'})
    assert load(folder / "a" / "b").exclude == ((meant,) if meant else ())


def test_the_baseline_lies_where_its_file_says(place: Place) -> None:
    folder = place({"slslint.toml": 'baseline = "old.json"', "a/slslint.toml": 'extend = "../slslint.toml"'})
    assert load(folder / "a").baseline == str(folder / "old.json")


def test_excludes_of_the_command_line_hold_below_the_working_directory(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = place({"slslint.toml": "", "a/x": ""})
    monkeypatch.chdir(folder / "a")
    settings = load(Path("."), **{"extend-exclude": ["*.gen.py", "/x/"]})
    assert settings.exclude == ("/a/**/*.gen.py", "/a/x/")


@pytest.mark.parametrize(
    ("files", "said"),
    [
        (
            {"slslint.toml": '\nextend = "slslint.toml"'},
            "slslint.toml: `extend` goes round in a circle: slslint.toml -> slslint.toml; ",
        ),
        (
            {"slslint.toml": 'extend = "a.toml"', "a.toml": 'extend = "slslint.toml"'},
            "slslint.toml: `extend` goes round in a circle: slslint.toml -> a.toml -> slslint.toml; remove one of them",
        ),
        ({"slslint.toml": 'extend = "gone.toml"'}, "slslint.toml: `extend` names gone.toml: there is no such file"),
        (
            {"slslint.toml": 'extend = "pyproject.toml"', "pyproject.toml": "[project]"},
            "slslint.toml: `extend` names pyproject.toml: there is no [tool.slslint] in it; ",
        ),
        ({"slslint.toml": 'extend = "a.toml"', "a.toml": 'preset = "loud"'}, "a.toml:1: `preset` cannot be 'loud'; "),
        ({"slslint.toml": "extend = 3"}, "slslint.toml:1: `extend` must be the path of a file"),
        (
            {"slslint.toml": "[rules.monolithic-router]\nresources = 0\n"},
            "slslint.toml:2: `rules.monolithic-router.resources` cannot be 0; use a number from 2 resources on",
        ),
        (
            {"pyproject.toml": "[tool.slslint.rules.sleep-in-handler]\n# far too long\nseconds = 1e9\n"},
            "pyproject.toml:3: `rules.sleep-in-handler.seconds` cannot be 1e+09; use a number from 0 to 900 seconds",
        ),
        (
            {"slslint.toml": "rules.sleep-in-handler.seconds = nan"},
            "slslint.toml:1: `rules.sleep-in-handler.",
        ),
        (
            {"slslint.toml": '\n[[overrides]]\npaths = ["a"]\n[[overrides]]\npaths = ["b"]\nformat = "json"\n'},
            "slslint.toml:6: unknown key `overrides[1].format`; use `preset`, ",
        ),
        (
            {"slslint.toml": "\n[[overrides]]\npreset = 'strict'"},
            "slslint.toml:2: `overrides[0].paths` must be an array",
        ),
        (
            {"slslint.toml": '["per-path-ignores"]\n"x.y/**" = ["missing-timeot"]'},
            "slslint.toml:2: there is no rule `missing-timeot`",
        ),
    ],
)
def test_mistakes_are_told_where_they_stand(
    place: Place, monkeypatch: pytest.MonkeyPatch, files: dict[str, str], said: str
) -> None:
    monkeypatch.chdir(place(files))
    with pytest.raises(UsageError) as error:
        load(Path("."))
    assert str(error.value).startswith(said)


def test_the_command_line_names_one_file_and_settings_as_toml(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(place({"slslint.toml": 'preset = "strict"', "a.toml": "", "b.toml": ""}))
    assert load(Path("."), "preset = 'default'").preset == "default"
    assert load(Path("."), "a.toml").preset == "default"
    for files, said in {
        ("a.toml", "b.toml"): "--config a.toml: b.toml is another file; choose one",
        ("preset = ",): "--config: it is no valid TOML",
        ("preset = 'loud'",): "`preset` cannot be 'loud'",
        ("gone.toml",): "gone.toml: there is no such file",
    }.items():
        with pytest.raises(UsageError, match=said):
            load(Path("."), *files)
    with pytest.raises(UsageError, match="--isolated reads no file"):
        config.configuration(WORDS, ".", ["a.toml"], isolated=True)
    assert os.path.exists("slslint.toml")


def test_an_old_name_of_a_rule_still_counts(tmp_path: Path) -> None:
    words = {"new-name": config.Words(("", "form"), {}, aliases=("old-name",))}
    (tmp_path / "slslint.toml").write_text('ignore = ["old-name:form"]\n[rules.old-name]\nseverity = "off"\n')
    settings = config.load(words, start=str(tmp_path))
    assert (settings.ignore, settings.severities) == (("new-name:form",), {"new-name": None})
    assert settings.notes == (
        f"{os.path.relpath(tmp_path / 'slslint.toml')}:1: the rule `old-name` is called `new-name` now",
        f"{os.path.relpath(tmp_path / 'slslint.toml')}:3: the rule `old-name` is called `new-name` now",
    )
