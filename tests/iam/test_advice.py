"""The permission rules say what to write instead, when the code tells."""

from pathlib import Path

import pytest

from slslint import config, engine, registry
from slslint.source import Reader

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
  Invoices:
    Type: AWS::S3::Bucket
  Take:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.13
      Handler: app.handler
      CodeUri: src/
      Environment:
        Variables:
          TABLE: !Ref Orders
          BUCKET: !Ref Invoices
      Policies:
        - AmazonS3FullAccess
        - Statement:
            - Effect: Allow
              Action: dynamodb:*
              Resource: !GetAtt Orders.Arn
            - Effect: Allow
              Action: [dynamodb:PutItem, s3:PutObject]
              Resource: "*"
"""

CODE = """
import os
import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
s3 = boto3.client("s3")


def handler(event, context):
    table.get_item(Key={"id": event["id"]})
    table.put_item(Item=event)
    s3.put_object(Bucket=os.environ["BUCKET"], Key=event["id"], Body=b"")
"""

JAVASCRIPT = """
const { DynamoDBClient } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocumentClient, GetCommand, PutCommand } = require("@aws-sdk/lib-dynamodb");
const { S3Client, PutObjectCommand } = require("@aws-sdk/client-s3");

const { TABLE, BUCKET } = process.env;
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
const s3 = new S3Client({});
const send = (command) => documents.send(command);

exports.handler = async (event) => {
  await send(new GetCommand({ TableName: TABLE, Key: { id: event.id } }));
  await send(new PutCommand({ TableName: TABLE, Item: event }));
  await s3.send(new PutObjectCommand({ Bucket: BUCKET, Key: event.id, Body: "" }));
};
"""


def advice(folder: Path, code: str, template: str = TEMPLATE) -> dict[str, str]:
    python = code.startswith(CODE[:20])
    (folder / "src").mkdir()
    (folder / "template.yaml").write_text(template if python else template.replace("python3.13", "nodejs22.x"))
    (folder / "src" / ("app.py" if python else "app.js")).write_text(code)
    base = str(folder.resolve())
    rules = [rule for rule in registry.load() if rule.id in ("wildcard-action", "wildcard-resource", "admin-policy")]
    result = engine.check(["."], config.Settings(root=base), Reader(base, (base,)), rules)
    return {finding.rule: finding.help for finding in result.findings}


@pytest.mark.parametrize("code", [CODE, JAVASCRIPT], ids=["python", "javascript"])
def test_what_the_code_calls_and_touches(tmp_path: Path, code: str) -> None:
    helps = advice(tmp_path, code)
    assert "`Action: [dynamodb:GetItem, dynamodb:PutItem]`" in helps["wildcard-action"]
    assert '`Resource: [!GetAtt Orders.Arn, !Sub "${Invoices.Arn}/*"]`' in helps["wildcard-resource"]
    assert helps["admin-policy"].endswith("`s3:PutObject`")


@pytest.mark.parametrize(
    "unclear",
    [
        CODE.replace('os.environ["BUCKET"]', 'event["bucket"]'),  # which bucket is not told
        CODE + "    s3.no_such_operation()\n",
        CODE + "    s3.generate_presigned_url(event['method'], {'Bucket': event['bucket']})\n",
        JAVASCRIPT.replace("Bucket: BUCKET", "Bucket: event.bucket"),
        JAVASCRIPT.replace("await send(new GetCommand", "await s3.send(event.command); await send(new GetCommand"),
    ],
)
def test_no_list_that_may_lack_something(tmp_path: Path, unclear: str) -> None:
    assert "`Resource: [<ARN>]`" in advice(tmp_path, unclear)["wildcard-resource"]


def test_what_a_statement_spares_is_never_advised(tmp_path: Path) -> None:
    spares = TEMPLATE.replace("Action: dynamodb:*", "NotAction: [iam:*, s3:*]")
    told = advice(tmp_path, CODE, spares)["wildcard-action"]
    assert "dynamodb:GetItem" in told
    assert not any(service in told for service in ("iam:", "s3:"))
