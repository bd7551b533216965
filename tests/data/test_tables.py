"""The tables say what they claim to say, in the shape that their readers expect."""

from slslint import data
from slslint.iam import Level, expand
from slslint.iam.actions import actions_of


def test_actions_have_their_level_and_whether_they_can_be_limited() -> None:
    (put_item,) = expand("dynamodb:PutItem")
    assert put_item == ("dynamodb:PutItem", Level.WRITE, True)
    (list_tables,) = expand("dynamodb:ListTables")
    assert list_tables == ("dynamodb:ListTables", Level.LIST, False)
    assert len(actions_of("s3")) > 150
    assert actions_of("s") == ()


def test_every_exception_matches_a_known_action_and_gives_its_reason() -> None:
    for line in data.text("action_exceptions.txt").splitlines():
        if line and not line.startswith("#"):
            kind, pattern, reason = line.split(maxsplit=2)
            assert kind in ("can", "cannot")
            assert expand(pattern.replace("*:", "lambda:")), pattern
            assert reason
