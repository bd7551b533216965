"""What is lost between a queue, stream or rule and a function is found in the hard spellings, once for each place."""

from pathlib import Path

import pytest

from slslint import engine, registry
from slslint.config import Settings
from slslint.source import Reader

RULES = tuple(
    registry.at(f"slslint_rules.{name}", name)
    for name in ("batch_fails_whole", "stream_without_failure_destination", "target_without_dead_letter_queue")
)

SAM = """
Transform: AWS::Serverless-2016-10-31
Parameters:
  Stage: {Type: String}
Conditions:
  Prod: !Equals [!Ref Stage, prod]
Resources:
  Failed: {Type: AWS::SQS::Queue}
  Follow:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Timeout: 20
"""
TERRAFORM = """
resource "aws_lambda_function" "follow" {
  function_name = "follow"
  runtime       = "python3.13"
  handler       = "app.handler"
  role          = "arn:aws:iam::123456789012:role/follow"
  filename      = "follow.zip"
}

variable "failures" {
  type    = string
  default = null
}

variable "target" {
  type = string
}
"""
HANDLER = """
import boto3

table = boto3.resource("dynamodb").Table("steps")


def handler(event, context):
    for record in event["Records"]:
        table.put_item(Item=record)
"""


def said(folder: Path, files: dict[str, str]) -> list[str]:
    """What is found, as rule:variant."""
    for path, text in files.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_text(text)
    settings = Settings(root=str(folder), preset="strict")
    found = engine.check(["."], settings, Reader(str(folder), (str(folder),)), RULES).findings
    return [f"{each.rule}:{each.variant}".rstrip(":") for each in found]


def events(text: str) -> str:
    return SAM + "      Events:\n" + "".join(f"        {line}\n" for line in text.strip().split("\n"))


CAUGHT = "{OnFailure: {Destination: !GetAtt Failed.Arn}}"
STREAM = """
Steps:
  Type: Kinesis
  Properties:
    Stream: !ImportValue steps
    StartingPosition: LATEST
"""


JOBS = """
Jobs:
  Type: SQS
  Properties:
    Queue: !GetAtt Failed.Arn
"""


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        # One mapping of which both rules could speak is one finding.
        ({"template.yaml": events(STREAM), "src/app.py": HANDLER}, ["stream-without-failure-destination:blocks"]),
        (
            {
                "template.yaml": events(
                    f"{STREAM}    DestinationConfig: {{OnFailure: {{Destination: !GetAtt Failed.Arn}}}}"
                ),
                "src/app.py": HANDLER,
            },
            ["batch-fails-whole:whole"],
        ),
        (
            {
                "template.yaml": events(
                    f"{STREAM}    MaximumRecordAgeInSeconds: 60\n"
                    f"    DestinationConfig: !If [Prod, {CAUGHT}, !Ref AWS::NoValue]"
                )
            },
            ["stream-without-failure-destination:in-a-branch"],
        ),
        ({"template.yaml": events(f"{STREAM}    DestinationConfig: !Ref Stage")}, []),
        (
            {
                "template.yaml": events(
                    f"{JOBS}    FunctionResponseTypes: !If [Prod, [ReportBatchItemFailures], !Ref AWS::NoValue]"
                ),
                "src/app.py": HANDLER,
            },
            ["batch-fails-whole:in-a-branch"],
        ),
        (
            {
                "template.yaml": events(
                    "Jobs:\n  Type: SQS\n  Properties: {Queue: !GetAtt Failed.Arn, BatchSize: !Ref Stage}"
                ),
                "src/app.py": HANDLER,
            },
            [],
        ),
        # Records of a bucket are not those of the queue.
        (
            {
                "template.yaml": events(
                    f"{JOBS}News:\n  Type: SNS\n  Properties:\n    Topic: !ImportValue news\n"
                    "    RedrivePolicy: {deadLetterTargetArn: !GetAtt Failed.Arn}"
                ),
                "src/app.py": HANDLER,
            },
            [],
        ),
        (
            {
                "main.tf": TERRAFORM + 'resource "aws_lambda_event_source_mapping" "steps" {\n'
                '  event_source_arn  = "arn:aws:kinesis:eu-west-1:123456789012:stream/steps"\n'
                "  function_name     = aws_lambda_function.follow.arn\n"
                '  starting_position = "LATEST"\n'
                '  dynamic "destination_config" {\n    for_each = var.failures == null ? [] : [1]\n    content {\n'
                "      on_failure {\n        destination_arn = var.failures\n      }\n    }\n  }\n}\n"
            },
            ["stream-without-failure-destination:in-a-branch"],
        ),
        (
            {
                "main.tf": TERRAFORM + 'resource "aws_lambda_event_source_mapping" "steps" {\n'
                '  for_each          = toset(["a", "b"])\n'
                '  event_source_arn  = "arn:aws:kinesis:eu-west-1:123456789012:stream/${each.key}"\n'
                "  function_name     = aws_lambda_function.follow.arn\n"
                "  destination_config {\n    on_failure {\n      destination_arn = var.target\n    }\n  }\n}\n"
            },
            [],
        ),
        (
            {
                "serverless.yml": "service: shop\nprovider: {name: aws, runtime: python3.13}\nfunctions:\n  follow:\n"
                "    handler: src/app.handler\n    events:\n"
                "      - stream: arn:aws:dynamodb:eu-west-1:123456789012:table/orders/stream/2026\n"
                "      - schedule: rate(1 day)\n"
            },
            ["stream-without-failure-destination:blocks", "target-without-dead-letter-queue"],
        ),
        (
            {
                "main.tf": 'resource "aws_cloudwatch_event_rule" "nightly" {\n  schedule_expression = "rate(1 day)"\n}'
                "\n"
                'resource "aws_cloudwatch_event_target" "bus" {\n  rule = aws_cloudwatch_event_rule.nightly.name\n'
                '  arn  = "arn:aws:sqs:eu-west-1:123456789012:jobs"\n}\n'
            },
            ["target-without-dead-letter-queue"],
        ),
    ],
)
def test_it_is_found_once(files, expected, tmp_path):
    assert said(tmp_path, files) == expected
