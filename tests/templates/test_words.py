"""What dialects advise can be pasted as it stands."""

from pathlib import Path

import pytest
import yaml

from slslint.model import Advice, Dialect
from slslint.source import Reader
from slslint.templates import read
from slslint.templates.cdk.words import PYTHON, TYPESCRIPT
from slslint.templates.cloudformation.words import CLOUDFORMATION
from slslint.templates.sam.words import SAM
from slslint.templates.serverless.words import OWN_ROLES, SERVERLESS
from slslint.templates.terraform.words import TERRAFORM, of_call

OWN = {
    "template.yaml": """
Transform: AWS::Serverless-2016-10-31
Resources:
  Letters: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
  Take:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
      Events:
        Made: {Type: Kinesis, Properties: {Stream: !GetAtt Letters.Arn, StartingPosition: LATEST}}
        Daily: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
  Own:
    Type: AWS::Lambda::EventSourceMapping
    Properties: {EventSourceArn: !GetAtt Letters.Arn, FunctionName: !Ref Take, StartingPosition: LATEST}
  OwnDaily:
    Type: AWS::Events::Rule
    Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: take, Arn: !GetAtt Take.Arn}]}
""",
    "serverless.yml": """
service: shop
provider: {name: aws, runtime: python3.12}
functions:
  take:
    handler: app.handler
    events:
      - stream: {type: kinesis, arn: !GetAtt Letters.Arn}
      - schedule: rate(1 day)
resources:
  Resources:
    Letters: {Type: AWS::Kinesis::Stream, Properties: {ShardCount: 1}}
    Own:
      Type: AWS::Lambda::EventSourceMapping
      Properties: {EventSourceArn: !GetAtt Letters.Arn, FunctionName: !Ref TakeLambdaFunction, StartingPosition: LATEST}
    OwnDaily:
      Type: AWS::Events::Rule
      Properties: {ScheduleExpression: rate(1 day), Targets: [{Id: take, Arn: !GetAtt TakeLambdaFunction.Arn}]}
""",
    "main.tf": """
resource "aws_kinesis_stream" "letters" { name = "letters" }
module "take" {
  source               = "terraform-aws-modules/lambda/aws"
  handler              = "app.handler"
  runtime              = "python3.12"
  source_path          = "src"
  event_source_mapping = { made = { event_source_arn = aws_kinesis_stream.letters.arn, starting_position = "LATEST" } }
}
resource "aws_lambda_event_source_mapping" "own" {
  event_source_arn  = aws_kinesis_stream.letters.arn
  function_name     = module.take.lambda_function_arn
  starting_position = "LATEST"
}
""",
}
"""Functions with a mapping that their dialect makes and one that is a resource of its own; two with schedules too."""


@pytest.mark.parametrize(
    ("template", "words"),
    [
        ("template.yaml", [SAM, CLOUDFORMATION, SAM, CLOUDFORMATION]),
        ("serverless.yml", [SERVERLESS, CLOUDFORMATION, SERVERLESS, CLOUDFORMATION]),
        ("main.tf", [of_call("module.take"), TERRAFORM]),
    ],
)
def test_what_stands_in_a_resource_of_its_own_is_mended_there(
    tmp_path: Path, template: str, words: list[Dialect]
) -> None:
    (tmp_path / template).write_text(OWN[template])
    deployment = read(template, Reader(str(tmp_path), (str(tmp_path),)), {})
    assert deployment is not None
    triggers = sorted(deployment.triggers, key=lambda each: (each.batch is None, each.at))
    assert [each.dialect for each in triggers] == words


FIELDS = {"id": "Take", "seconds": 30, "most": 10, "handler": "app.handler", "actions": "s3:GetObject"}
SAID = {"policy": "AmazonS3FullAccess", "resources": "!GetAtt Bucket.Arn", "lines": "TimeoutSeconds: 60"}


@pytest.mark.parametrize("dialect", [CLOUDFORMATION, SAM, SERVERLESS, OWN_ROLES], ids=lambda each: each.name)
def test_what_is_advised_in_yaml_is_yaml(dialect: Dialect) -> None:
    for advice in Advice:
        first, _, lines = dialect.advise(advice, **FIELDS, **SAID).partition("\n")
        data = yaml.compose("\n".join(line for line in lines.splitlines() if not line.startswith(("(", "or "))))
        assert not lines or isinstance(data, yaml.MappingNode), first
    for kind in dialect.arns:
        assert yaml.compose(f"Resource: [{dialect.arn(kind, 'Thing')}, !Ref Other]"), kind


@pytest.mark.parametrize("dialect", [TERRAFORM, of_call("module.take"), TYPESCRIPT, PYTHON])
def test_actions_are_texts_where_policies_are_programs(dialect: Dialect) -> None:
    actions = dialect.items(["s3:GetObject", "s3:PutObject"])
    assert '["s3:GetObject", "s3:PutObject"]' in dialect.advise(Advice.NARROW_ACTIONS, id="Take", actions=actions)
