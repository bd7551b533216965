"""The table says what each SDK calls a service."""

import pytest

from slslint import data
from slslint.data.service_names import package_of, service_of_class, service_of_package
from slslint.iam.operations import PREFIXES


@pytest.mark.parametrize(
    ("name", "package", "written"),
    [
        ("cloudwatch", "cloudwatch", "CloudWatch"),
        ("cognito-idp", "cognito-identity-provider", "CognitoIdentityServiceProvider"),
        ("dynamodb", "dynamodb", "DynamoDB"),
        ("events", "eventbridge", "EventBridge"),
        ("iot-data", "iot-data-plane", "IotData"),
        ("logs", "cloudwatch-logs", "CloudWatchLogs"),
        ("secretsmanager", "secrets-manager", "SecretsManager"),
        ("stepfunctions", "sfn", "StepFunctions"),
        ("transcribe", "transcribe", "TranscribeService"),
    ],
)
def test_names_of_a_service(name: str, package: str, written: str) -> None:
    assert (service_of_package(package), service_of_class(written)) == (name, name)
    assert package_of(name) == f"@aws-sdk/client-{package}"


def test_names_that_are_no_services() -> None:
    assert service_of_class("SharedIniFileCredentials") is None
    assert service_of_class("HttpClient") is None
    assert service_of_package("brand-new") == "brand-new"


def test_services_whose_actions_have_another_prefix_are_named_as_boto3_names_them() -> None:
    rows = [line.split() for line in data.text("service_names.txt").splitlines() if not line.startswith("#")]
    assert all(len(row) == 3 for row in rows)
    assert {row[0] for row in rows} >= set(PREFIXES)
