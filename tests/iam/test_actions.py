"""What patterns cover, by the table and its exceptions."""

import pytest

from slslint import iam
from slslint.iam import Level


@pytest.mark.parametrize(
    ("pattern", "action", "covered"),
    [
        ("*", "s3:GetObject", True),
        ("s3:*", "s3:GetObject", True),
        ("S3:getobject", "s3:GetObject", True),
        ("s3:Get?bject", "s3:GetObject", True),
        ("s3:Get*", "s3:PutObject", False),
        ("s3:GetObject", "s3:GetObjectAcl", False),
        ("s3:Get[O]bject", "s3:GetObject", False),
        ("s3.GetObject", "s3:GetObject", False),
    ],
)
def test_patterns_match_as_iam_matches(pattern: str, action: str, covered: bool) -> None:
    assert iam.matches(pattern, action) is covered


def test_a_pattern_covers_actions_of_its_own_service_only() -> None:
    names = {action.name for action in iam.expand("DynamoDB:batch*")}
    assert names == {"dynamodb:BatchGetItem", "dynamodb:BatchWriteItem"}
    assert iam.expand("nosuchservice:*") == iam.expand("*") == ()
    assert iam.levels("dynamodb:Batch*") == {Level.READ, Level.WRITE}


@pytest.mark.parametrize(
    ("pattern", "can"),
    [
        ("dynamodb:PutItem", True),
        ("sqs:sendmessage", True),
        ("ses:SendEmail", True),
        ("events:PutEvents", True),
        ("execute-api:ManageConnections", True),
        ("sts:AssumeRole", True),
        ("iam:PassRole", True),
        ("s3:Get*", True),
        ("kinesis:UpdateShardCount", True),
        ("s3:ListAllMyBuckets", False),
        ("s3:List*", False),
        ("xray:Put*", False),
        ("cloudwatch:PutMetricData", False),
        ("ec2:Describe*", False),
        ("ec2:DescribeVpcAttribute", False),
        ("translate:TranslateText", False),
        ("comprehend:DetectEntities", False),
        ("rekognition:DetectModerationLabels", False),
        ("polly:SynthesizeSpeech", False),
        ("textract:AnalyzeDocument", False),
        ("kms:GenerateRandom", False),
        ("sts:GetCallerIdentity", False),
        ("ssm:DescribeParameters", False),
        ("bedrock:ListFoundationModels", False),
        ("s3:NoSuchAction", False),
        ("nosuchservice:Put", False),
    ],
)
def test_which_actions_can_be_limited(pattern: str, can: bool) -> None:
    assert iam.limitable(pattern) is can


@pytest.mark.parametrize(
    ("pattern", "spans"),
    [
        ("s3:Put*", True),
        ("s3:PutObject*", True),  # PutObjectAcl changes permissions
        ("dynamodb:*Item", True),
        ("iam:Create*", True),
        ("s3:Get*", False),
        ("ec2:Describe*", False),
        ("s3:Abort*", False),
        ("s3:DeleteObject*", False),
        ("firehose:Put*", False),  # PutRecord, PutRecordBatch
        ("kms:GenerateDataKey*", False),
        ("kms:ReEncrypt*", False),
        ("s3:NoSuch*", False),
    ],
)
def test_which_prefixes_span_changes(pattern: str, spans: bool) -> None:
    assert iam.spans_writes(pattern) is spans


@pytest.mark.parametrize(
    ("action", "everything", "service"),
    [
        ("*", True, False),
        ("*:*", True, False),
        ("s3:*", False, True),
        ("s3:**", False, True),
        ("s3:?*", False, False),
        ("s3:Get*", False, False),
    ],
)
def test_what_is_wholly_wild(action: str, everything: bool, service: bool) -> None:
    assert (iam.covers_everything(action), iam.covers_service(action)) == (everything, service)


def test_what_the_runtime_needs() -> None:
    assert iam.runtime_needs("logs:PutLogEvents")
    assert iam.runtime_needs("logs:Create*")
    assert iam.runtime_needs("ec2:CreateNetworkInterface")
    assert not iam.runtime_needs("logs:FilterLogEvents")
    assert not iam.runtime_needs("s3:*")


@pytest.mark.parametrize(
    ("service", "operation", "actions"),
    [
        ("dynamodb", "PutItem", ["dynamodb:PutItem"]),
        ("s3", "ListObjectsV2", ["s3:ListBucket"]),
        ("s3", "copyobject", ["s3:GetObject", "s3:PutObject"]),
        ("stepfunctions", "StartExecution", ["states:StartExecution"]),
        ("lambda", "Invoke", ["lambda:InvokeFunction"]),
        ("bedrock-runtime", "Converse", ["bedrock:InvokeModel"]),
        ("sesv2", "SendEmail", ["ses:SendEmail"]),
        ("s3", "NoSuchOperation", []),
    ],
)
def test_which_actions_an_operation_needs(service: str, operation: str, actions: list[str]) -> None:
    assert list(iam.needed_actions(service, operation)) == actions


def test_every_irregular_operation_names_known_actions() -> None:
    from slslint.iam.operations import _ACTIONS

    unknown = {pattern for patterns in _ACTIONS.values() for pattern in patterns if not iam.expand(pattern)}
    assert not unknown


@pytest.mark.parametrize(
    ("policy", "reach"),
    [
        ("AdministratorAccess", iam.Reach.ACCOUNT),
        ("PowerUserAccess", iam.Reach.ACCOUNT),
        ("IAMFullAccess", iam.Reach.ACCOUNT),
        ("AmazonS3FullAccess", iam.Reach.SERVICE),
        ("AWSLambda_FullAccess", iam.Reach.SERVICE),
        ("CloudWatchLogsFullAccess", iam.Reach.OBSERVABILITY),
        ("AWSXrayFullAccess", iam.Reach.OBSERVABILITY),
        ("AWSLambdaBasicExecutionRole", None),
        ("AmazonS3ReadOnlyAccess", None),
    ],
)
def test_how_far_managed_policies_reach(policy: str, reach: iam.Reach | None) -> None:
    assert iam.reach(policy) is reach
