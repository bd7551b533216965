"""The JSON Schema says of settings what reading them says: by jsonschema, and by the checker that editors have."""

import json
import os
import re
import shutil
import subprocess
import tomllib
from pathlib import Path

import jsonschema
import pytest

from slslint import config, registry
from slslint.config.keys import KEYS
from slslint.errors import UsageError

ROOT = Path(__file__).parent.parent.parent
SCHEMA = ROOT / "docs" / "slslint.schema.json"
TAPLO = ROOT / "tests" / "oracles" / "taplo" / "node_modules" / ".bin" / "taplo"
WORDS = registry.vocabulary(registry.load())

RIGHT = [
    "",
    'preset = "strict"',
    'select = ["missing-timeout", "monolithic-router:framework"]',
    'extend-select = []\nextend-ignore = ["wildcard-action"]\nextend-exclude = ["a/"]',
    'fail-on = "never"\nformat = "sarif"\noutput = ["text", "sarif:a.sarif"]',
    'baseline = "b.json"\nrequire-reason = true\nwith = ["cfn-lint"]',
    "[parameters]\nA = 1\nB = 'x'\nC = false\nD = 1.5",
    "[rules.sleep-in-handler]\nseconds = 0.5\nseverity = 'off'",
    "[rules.sleep-in-handler]\nseconds = 900",
    "[rules.monolithic-router]\nresources = 2",
    "[rules.'monolithic-router:framework']\nseverity = 'error'",
    '[per-path-ignores]\n"tests/**" = ["missing-timeout", "cfn-lint:W3005", "cfn-lint"]',
    '[[overrides]]\npaths = ["a/"]\nignore = ["missing-timeout"]\nrules.missing-timeout.severity = "note"',
]
WRONG = [
    'presets = "strict"',
    'preset = "loud"',
    "preset = 1",
    'select = ["missing-timeot"]',
    'select = ["missing-timeout:no"]',
    'select = "missing-timeout"',
    "fail-on = 3",
    "require-reason = 1",
    "baseline = ''",
    "extend = []",
    'with = ["ruff"]',
    'with = "cfn-lint"',
    "exclude = [1]",
    "parameters = { A = [] }",
    "parameters = []",
    "[rules.no-such-rule]",
    "[rules.missing-timeout]\nseconds = 1",
    "[rules.sleep-in-handler]\nseconds = 901",
    "[rules.sleep-in-handler]\nseconds = -1",
    "[rules.sleep-in-handler]\nseconds = true",
    "[rules.sleep-in-handler]\nseconds = '1'",
    "[rules.monolithic-router]\nresources = 1",
    "[rules.monolithic-router]\nresources = 2.5",
    "[rules.monolithic-router]\nseverity = 'fatal'",
    "[rules.'monolithic-router:framework']\nresources = 3",
    'per-path-ignores = ["a"]',
    '[per-path-ignores]\n"tests/**" = ["ruff:E501"]',
    "[overrides]\npaths = ['a']",
    "[[overrides]]\npreset = 'strict'",
    "[[overrides]]\npaths = []",
    "[[overrides]]\npaths = ['a']\nformat = 'json'",
    "[[overrides]]\npaths = ['a']\nextend = 'b.toml'",
]


@pytest.fixture(scope="module")
def schema() -> dict[str, object]:
    return json.loads(SCHEMA.read_text())


def test_the_schema_is_one_and_has_every_key(schema: dict[str, object]) -> None:
    jsonschema.Draft7Validator.check_schema(schema)
    assert list(schema["properties"]) == list(KEYS)  # type: ignore[call-overload]


@pytest.mark.parametrize("text", RIGHT + WRONG)
def test_both_judge_alike(tmp_path: Path, schema: dict[str, object], text: str) -> None:
    (tmp_path / "slslint.toml").write_text(text)
    right = jsonschema.Draft7Validator(schema).is_valid(tomllib.loads(text))
    assert right == (text in RIGHT)
    if right:
        config.load(WORDS, start=str(tmp_path))
        return
    with pytest.raises(UsageError):
        config.load(WORDS, start=str(tmp_path))


def test_defaults_are_allowed(schema: dict[str, object]) -> None:
    defaults = {name: key.default for name, key in KEYS.items() if key.default is not None}
    jsonschema.validate(defaults, schema)


@pytest.mark.skipif(
    not TAPLO.exists() or not shutil.which("node"),
    reason="taplo is not installed; `make tests/oracles/taplo/node_modules` does it, with npm",
)
def test_editors_judge_alike(tmp_path: Path) -> None:
    for number, text in enumerate(RIGHT + WRONG):
        (tmp_path / f"{number}.toml").write_text(text)
    command = ["node", str(TAPLO), "lint", "--schema", SCHEMA.as_uri(), *sorted(os.listdir(tmp_path))]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    wrong = {int(name) for name in re.findall(r'invalid file.*?(\d+)\.toml"', done.stderr)}
    assert wrong == {number for number, text in enumerate(RIGHT + WRONG) if text in WRONG}
