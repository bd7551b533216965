"""The tables say what they claim to say, in the shape that their readers expect."""

import pytest

from slslint import data
from slslint.data.imports import import_cost
from slslint.iam import Level, expand
from slslint.iam.actions import Action, actions_of


def test_actions_have_their_level_and_whether_they_can_be_limited() -> None:
    (put_item,) = expand("dynamodb:PutItem")
    assert put_item == Action("dynamodb:PutItem", Level.WRITE, limitable=True)
    (list_tables,) = expand("dynamodb:ListTables")
    assert list_tables == Action("dynamodb:ListTables", Level.LIST, limitable=False)
    assert len(actions_of("s3")) > 150
    assert actions_of("s") == ()


def test_every_exception_matches_a_known_action_and_gives_its_reason() -> None:
    for line in data.text("action_exceptions.txt").splitlines():
        if line and not line.startswith("#"):
            kind, pattern, reason = line.split(maxsplit=2)
            assert kind in ("can", "cannot")
            assert expand(pattern.replace("*:", "lambda:")), pattern
            assert reason


def test_import_costs_are_those_of_the_nearest_measured_module() -> None:
    pandas = import_cost("pandas.core.frame", "python")
    assert pandas is not None
    assert pandas.module == "pandas"
    assert "numpy" in pandas.brings
    stats = import_cost("scipy", "python", "stats")
    assert stats is not None
    assert stats.module == "scipy.stats"
    assert import_cost("pandasque", "python") is None


def test_import_costs_in_node_are_those_of_what_is_named() -> None:
    sdk = import_cost("aws-sdk", "javascript")
    client = import_cost("aws-sdk/clients/s3.js", "typescript")
    assert sdk is not None
    assert client is not None
    assert client.milliseconds < sdk.milliseconds
    assert client.module in sdk.brings
    assert sdk.beyond({client.module}) == sdk.milliseconds - client.milliseconds
    assert import_cost("lodash", "javascript", "get") is not None
    assert import_cost("lodash/get", "javascript") is None
    assert import_cost("googleapis", "python") is None


@pytest.mark.parametrize("language", ["python", "node"])
def test_import_costs_hold_the_packages_that_people_use(language: str) -> None:
    measured = data.table(f"{language}_import_costs")["modules"]
    assert len({module.partition(".")[0] for module in measured}) >= 60
    assert all(entry["ms"] >= 0 and entry["version"] for entry in measured.values())
    assert all(other in measured for entry in measured.values() for other in entry["brings"])
