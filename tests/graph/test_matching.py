"""Whether what code writes may pass the filter of what it would trigger."""

from __future__ import annotations

from pathlib import Path
from textwrap import indent

import pytest
from applications import app_of

from slslint.app import App
from slslint.app.graph.matching import may_pass

HEAD = """
import json
import os
import re
import time
import uuid
from pathlib import PurePosixPath

import boto3

s3 = boto3.client("s3")
sns = boto3.client("sns")
sqs = boto3.client("sqs")
events = boto3.client("events")
kinesis = boto3.client("kinesis")
table = boto3.resource("dynamodb").Table("orders")


def handler(event, context):
    record = event["Records"][0]
    key = record["s3"]["object"]["key"]
"""

TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: .
      Environment: {Variables: {OUT: out/, IN: in/, API: !Sub "https://${Api}.execute-api.eu-west-1.amazonaws.com/Prod"}}
      Events:
        Trigger:
TRIGGER
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: files, NotificationConfiguration: NOTIFICATION}}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
  Stream: {Type: AWS::Kinesis::Stream, Properties: {Name: clicks}}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: ledger}}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: Prod}}
  Table:
    Type: AWS::DynamoDB::Table
    Properties: {TableName: orders, StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}}
"""


def bucket(prefix: str = "", suffix: str = "", event: str = "s3:ObjectCreated:*") -> str:
    rules = [{"Name": name, "Value": value} for name, value in (("prefix", prefix), ("suffix", suffix)) if value]
    return (
        f'{{Type: S3, Properties: {{Bucket: !Ref Bucket, Events: "{event}", Filter: {{S3Key: {{Rules: {rules}}}}}}}}}'
    )


def topic(policy: str, scope: str = "MessageAttributes") -> str:
    properties = f"{{Topic: !Ref Topic, FilterPolicyScope: {scope}, FilterPolicy: {policy}}}"
    return f"{{Type: SNS, Properties: {properties}}}"


def mapping(kind: str, arn: str, pattern: str) -> str:
    criteria = f"{{Filters: [{{Pattern: '{pattern}'}}]}}"
    source = "Queue" if kind == "SQS" else "Stream"
    more = "" if kind == "SQS" else "StartingPosition: LATEST, "
    return f"{{Type: {kind}, Properties: {{{source}: !GetAtt {arn}, {more}FilterCriteria: {criteria}}}}}"


def bus(pattern: str, name: str = "EventBusName: !Ref Bus, ") -> str:
    return f"{{Type: EventBridgeRule, Properties: {{{name}Pattern: {pattern}}}}}"


def table(pattern: str) -> str:
    return mapping("DynamoDB", "Table.StreamArn", pattern)


def put(key: str) -> str:
    return f's3.put_object(Bucket="files", Key={key}, Body=b"")'


def send(source: str, kind: str, detail: str) -> str:
    entry = f'{{"EventBusName": "ledger", "Source": {source}, "DetailType": {kind}, "Detail": {detail}}}'
    return f"events.put_events(Entries=[{entry}])"


OBJECTS = (
    "{source: [aws.s3], detail-type: [Object Created],"
    " detail: {bucket: {name: [!Ref Bucket]}, object: {key: [{prefix: in/}]}}}"
)
TRAIL = (
    "{source: [aws.s3], detail-type: [AWS API Call via CloudTrail],"
    " detail: {eventName: [PutObject], requestParameters: {bucketName: [files]}}}"
)
JOBS = 'QueueUrl="https://sqs.eu-west-1.amazonaws.com/1/jobs"'

CASES = {
    # keys
    "no filter": (bucket(), put("key"), True),
    "own key": (bucket("in/"), put("key"), True),
    "another prefix": (bucket("in/"), put('f"out/{key}"'), False),
    "same prefix": (bucket("in/"), put('f"in/small/{key}"'), True),
    "longer prefix": (bucket("in/new/"), put('"in/" + key'), True),
    "prefix from the environment": (bucket("in/"), put('os.environ["OUT"] + key'), False),
    "same prefix from the environment": (bucket("in/"), put("f\"{os.environ['IN']}{key}\""), True),
    "replaced prefix": (bucket("in/"), put('key.replace("in/", "out/")'), False),
    "replaced by a pattern": (bucket("", ".csv"), put('re.sub(r"\\.csv$", ".json", key)'), False),
    "replaced suffix": (bucket("", ".csv"), put('key.replace(".csv", ".json")'), False),
    "another suffix": (bucket("", ".csv"), put('os.path.splitext(key)[0] + ".json"'), False),
    "same suffix": (bucket("", ".csv"), put('f"{uuid.uuid4()}.csv"'), True),
    "name without folder": (bucket("in/"), put("os.path.basename(key)"), False),
    "name without folder, cut": (bucket("in/"), put('key.split("/")[-1]'), False),
    "name without folder, of a path": (bucket("in/"), put("PurePosixPath(key).name"), False),
    "name in a folder": (bucket("in/"), put('os.path.join("in", os.path.basename(key))'), True),
    "identifier": (bucket("in/"), put("str(uuid.uuid4())"), False),
    "one of two": (bucket("in/"), put('"out/a" if key else "in/a"'), True),
    "another event": (bucket(event="s3:ObjectRemoved:*"), put("key"), False),
    "copies only": (bucket(event="s3:ObjectCreated:Copy"), put("key"), False),
    "removal": (bucket(event="s3:ObjectRemoved:*"), 's3.delete_object(Bucket="files", Key=key)', True),
    # buses
    "event": (bus("{source: [orders]}"), send('"orders"', '"Made"', '"{}"'), True),
    "event of another source": (bus("{source: [orders]}"), send('"billing"', '"Made"', '"{}"'), False),
    "event of another type": (bus("{detail-type: [Made]}"), send('"orders"', '"Paid"', '"{}"'), False),
    "event of any type": (bus("{detail-type: [Made]}"), send('"orders"', 'record["type"]', '"{}"'), True),
    "event of a prefix": (bus("{source: [{prefix: ord}]}"), send('"orders"', '"Made"', '"{}"'), True),
    "event but for some": (bus("{source: [{anything-but: [orders]}]}"), send('"orders"', '"Made"', '"{}"'), False),
    "event with another detail": (
        bus("{detail: {state: [new]}}"),
        send('"orders"', '"Made"', 'json.dumps({"state": "paid"})'),
        False,
    ),
    "event with that detail": (
        bus("{detail: {state: [new], amount: [{numeric: ['>', 5]}]}}"),
        send('"orders"', '"Made"', 'json.dumps({"state": "new", "amount": 7})'),
        True,
    ),
    "event with a small amount": (
        bus("{detail: {amount: [{numeric: ['>', 5]}]}}"),
        send('"orders"', '"Made"', 'json.dumps({"amount": 3})'),
        False,
    ),
    "event without the field": (bus("{detail: {state: [new]}}"), send('"o"', '"M"', 'json.dumps({"a": 1})'), False),
    "event that must lack the field": (
        bus("{detail: {state: [{exists: false}]}}"),
        send('"o"', '"M"', 'json.dumps({"a": 1})'),
        True,
    ),
    "event with the detail of what came": (
        bus("{detail: {state: [new]}}"),
        send('"o"', '"M"', 'json.dumps({**event["detail"], "seen": True})'),
        True,
    ),
    "event with a changed detail": (
        bus("{detail: {state: [new]}}"),
        send('"o"', '"M"', 'json.dumps({**event["detail"], "state": "done"})'),
        False,
    ),
    "one of two patterns": (
        bus("{$or: [{source: [billing]}, {detail-type: [Made]}]}"),
        send('"orders"', '"Made"', '"{}"'),
        True,
    ),
    "object on the account's bus": (bus(OBJECTS, ""), put('"in/a"'), True),
    "object of another prefix on the account's bus": (bus(OBJECTS, ""), put('"out/a"'), False),
    "call on the account's bus": (bus(TRAIL, ""), put('"a"'), True),
    "call for another bucket": (bus(TRAIL, ""), 's3.put_object(Bucket="other", Key="a")', False),
    # topics
    "no attribute": (topic("{kind: [new]}"), 'sns.publish(TopicArn=record["Sns"]["TopicArn"], Message="x")', False),
    "that attribute": (
        topic("{kind: [new]}"),
        'sns.publish(TopicArn=record["Sns"]["TopicArn"], Message="x", '
        'MessageAttributes={"kind": {"DataType": "String", "StringValue": "new"}})',
        True,
    ),
    "another value": (
        topic("{kind: [new]}"),
        'sns.publish(TopicArn=record["Sns"]["TopicArn"], Message="x", '
        'MessageAttributes={"kind": {"DataType": "String", "StringValue": "done"}})',
        False,
    ),
    "another body": (
        topic("{kind: [new]}", "MessageBody"),
        'sns.publish(TopicArn=record["Sns"]["TopicArn"], Message=json.dumps({"kind": "done"}))',
        False,
    ),
    # mappings
    "message": (
        mapping("SQS", "Queue.Arn", '{"body": {"retry": [true]}}'),
        f'sqs.send_message({JOBS}, MessageBody=json.dumps({{"retry": True}}))',
        True,
    ),
    "another message": (
        mapping("SQS", "Queue.Arn", '{"body": {"retry": [true]}}'),
        f'sqs.send_message({JOBS}, MessageBody=json.dumps({{"retry": False}}))',
        False,
    ),
    "another record": (
        mapping("Kinesis", "Stream.Arn", '{"data": {"kind": ["raw"]}}'),
        'kinesis.put_record(StreamName="clicks", Data=json.dumps({"kind": "clean"}).encode(), PartitionKey="1")',
        False,
    ),
    "update of what was inserted": (
        table('{"eventName": ["INSERT"]}'),
        'table.update_item(Key={"id": "1"}, UpdateExpression="SET a = :a", ExpressionAttributeValues={":a": 1})',
        False,
    ),
    "item": (table('{"eventName": ["INSERT", "MODIFY"]}'), 'table.put_item(Item={"id": "1"})', True),
    "item only when new": (
        table('{"eventName": ["MODIFY"]}'),
        'table.put_item(Item={"id": "1"}, ConditionExpression="attribute_not_exists(id)")',
        False,
    ),
    "item in another state": (
        table('{"dynamodb": {"NewImage": {"state": {"S": ["new"]}}}}'),
        'table.put_item(Item={"id": "1", "state": "done"})',
        False,
    ),
    "update to another state": (
        table('{"dynamodb": {"NewImage": {"state": {"S": ["new"]}}}}'),
        'table.update_item(Key={"id": "1"}, UpdateExpression="SET #s = :s", ExpressionAttributeNames={"#s": "state"}, '
        'ExpressionAttributeValues={":s": "done"})',
        False,
    ),
    "update of something else": (
        table('{"dynamodb": {"NewImage": {"state": {"S": ["new"]}}}}'),
        'table.update_item(Key={"id": "1"}, UpdateExpression="SET b = :s", ExpressionAttributeValues={":s": "done"})',
        True,
    ),
    # routes
    "route": (
        "{Type: Api, Properties: {RestApiId: !Ref Api, Path: '/orders/{id}', Method: get}}",
        "import requests\nrequests.get(f\"{os.environ['API']}/orders/{key}\")",
        True,
    ),
    "another method": (
        "{Type: Api, Properties: {RestApiId: !Ref Api, Path: '/orders/{id}', Method: post}}",
        "import requests\nrequests.get(f\"{os.environ['API']}/orders/{key}\")",
        False,
    ),
    "another path": (
        "{Type: Api, Properties: {RestApiId: !Ref Api, Path: /customers, Method: get}}",
        "import requests\nrequests.get(f\"{os.environ['API']}/orders/{key}\")",
        False,
    ),
    "any path": (
        "{Type: Api, Properties: {RestApiId: !Ref Api, Path: '/{proxy+}', Method: any}}",
        "import requests\nrequests.get(f\"{os.environ['API']}/orders/{key}\")",
        True,
    ),
}


def goes_round(app: App) -> bool:
    """Whether anything that the code writes may come back to it."""
    graph = app.graph
    ways = [(edge, edge) for edge in graph.edges if edge.site is not None]
    assert ways, "the code writes nothing"
    for written, last in ways:
        for further in graph.leaving(last.target.id):
            if may_pass(app, written, further):
                if further.target.id == "Fn":
                    return True
                ways.append((written, further))
    return False


@pytest.mark.parametrize(("trigger", "body", "expected"), CASES.values(), ids=CASES)
def test_whether_it_comes_back(tmp_path: Path, trigger: str, body: str, expected: bool) -> None:
    notification = "{EventBridgeConfiguration: {EventBridgeEnabled: true}}" if trigger == bus(OBJECTS, "") else "{}"
    template = TEMPLATE.replace("TRIGGER", indent(trigger, " " * 10)).replace("NOTIFICATION", notification)
    app = app_of(tmp_path, {"template.yaml": template, "app.py": HEAD + indent(body, "    ") + "\n"})
    assert goes_round(app) is expected
