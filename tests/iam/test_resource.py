"""Which resource texts name every resource."""

import pytest

from slslint import iam
from slslint.model import Hole, Pattern, Ref, Text

REGION, ACCOUNT = Hole("AWS::Region"), Hole("AWS::AccountId")


@pytest.mark.parametrize(
    ("text", "service"),
    [
        ("*", iam.EVERY_SERVICE),
        ("arn:aws:*", iam.EVERY_SERVICE),
        ("arn:aws:s3:::*", "s3"),
        ("arn:aws:s3:::*/*", "s3"),
        ("arn:aws:dynamodb:*:*:*", "dynamodb"),
        (Pattern(("arn:", Hole("AWS::Partition"), ":sqs:", REGION, ":", ACCOUNT, ":*")), "sqs"),
        ("arn:aws:s3:::orders/*", None),
        ("arn:aws:dynamodb:*:*:table/*", None),
        (Pattern(("arn:aws:s3:::", Hole("Name"), "*")), None),
        (Pattern((Ref("Bucket", "Arn"), "/*")), None),
        (Ref("Bucket", "Arn"), None),
        (Pattern((Hole("Anything"),)), None),
        ("", None),
    ],
)
def test_wild_for(text: Text, service: str | None) -> None:
    assert iam.wild_for(text) == service


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (Pattern(("arn:aws:dynamodb:", REGION, ":", ACCOUNT, ":table/*/index/*")), True),
        (Pattern(("arn:aws:lambda:", REGION, ":", ACCOUNT, ":function:**")), True),
        ("arn:aws:s3:::*/*", True),
        ("arn:aws:s3:::orders/images/*/*", False),
        (Pattern(("arn:aws:lambda:", REGION, ":", ACCOUNT, ":function:*-orders-**")), False),
        (Pattern(("arn:aws:dynamodb:", REGION, ":", ACCOUNT, ":table/", Ref("Table"), "/index/*")), False),
        (Pattern(("arn:aws:kinesis:", REGION, ":", ACCOUNT, ":stream/*")), False),
        ("arn:aws:execute-api:*:*:*/@connections/*", False),
        ("*", False),
    ],
)
def test_made_wild(text: Text, made: bool) -> None:
    assert iam.made_wild(text) is made
