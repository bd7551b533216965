"""What `event-loop` makes of what code asks of records before it writes, in the spellings of Python and JavaScript."""

from __future__ import annotations

import pytest

from slslint import registry, testing

RULES = registry.load()

LOOP, BOUNDED, NOTHING = ["error"], ["note"], list[str]()

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::DynamoDB::Table
    Properties: {StreamSpecification: {StreamViewType: NEW_IMAGE}}
  Count:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: %s
      CodeUri: .
      Handler: app.handler
      Environment: {Variables: {TABLE: !Ref Orders}}
      Events: {Changed: {Type: DynamoDB, Properties: {Stream: !GetAtt Orders.StreamArn, StartingPosition: LATEST}}}
"""

PYTHON = {
    "records": LOOP,
    "[each for each in records if each['eventName'] == 'INSERT']": NOTHING,
    "[each for each in records if each['eventName'] != 'REMOVE']": LOOP,
    "list(filter(lambda each: each['eventName'] == 'INSERT', records))": NOTHING,
    "sorted(filter(is_new, records), key=len)": NOTHING,
    "filter(is_there, records)": LOOP,
    "new_of(event)": NOTHING,
    "one_by_one(event)": NOTHING,
}

PYTHON_APP = """
import os, boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])

def is_new(record):
    if record["eventName"] != "INSERT":
        return False
    return True

def is_there(record):
    return record["eventName"] in ("INSERT", "MODIFY")

def new_of(event):
    return [each for each in event["Records"] if is_new(each) and each["eventName"] == "INSERT"]

def one_by_one(event):
    for each in event["Records"]:
        if each["eventName"] == "INSERT":
            yield each

def handler(event, context):
    records = event["Records"]
    chosen = %s
    for record in chosen:
        image = record["dynamodb"]["NewImage"]
        table.update_item(
            Key={"id": image["id"]["S"]}, UpdateExpression="SET n = :n", ExpressionAttributeValues={":n": len(image)}
        )
"""

JAVASCRIPT = {
    "event.Records.map(save)": LOOP,
    "event.Records.filter((each) => each.eventName === 'INSERT').map(save)": NOTHING,
    "event.Records.filter(({ eventName }) => eventName === 'INSERT').map((each) => save(each))": NOTHING,
    "event.Records.filter(isNew).slice(0, 5).map(save)": NOTHING,
    "event.Records.filter((each) => each.eventName !== 'REMOVE').map(save)": LOOP,
    "event.Records.map((each) => isNew(each) && save(each))": NOTHING,
    "event.Records.map((each) => HANDLERS[each.eventName]?.(each))": NOTHING,
    "event.Records.map((each) => CHANGED[each.eventName]?.(each))": LOOP,
    "event.Records.filter((each) => differs(each, 'total')).map(save)": BOUNDED,
    "event.Records.filter(({ dynamodb: { OldImage: o, NewImage: n } }) => !o || o.n !== n.n).map(save)": BOUNDED,
}

JAVASCRIPT_APP = """
import { DynamoDB } from "@aws-sdk/client-dynamodb";

const db = new DynamoDB({});
const isNew = (record) => record.eventName === "INSERT";
const save = async ({ dynamodb: { NewImage: image } }) => {
  await db.updateItem({
    TableName: process.env.TABLE,
    Key: { id: image.id },
    UpdateExpression: "SET n = :n",
    ExpressionAttributeValues: { ":n": { N: `${Object.keys(image).length}` } },
  });
};
const HANDLERS = { INSERT: (each) => save(each), REMOVE: async () => {} };
const CHANGED = { MODIFY: (each) => save(each), REMOVE: async () => {} };
const differs = ({ dynamodb: { OldImage: old, NewImage: now } }, name) => old?.[name] !== now?.[name];

export const handler = async (event) => {
  await Promise.all(%s);
};
"""


OBJECTS = {
    "True": LOOP,
    "isinstance(key, str)": LOOP,
    "os.path.dirname(key) != 'done'": NOTHING,
    "not any(part in key for part in ('done', 'kept'))": NOTHING,
    "wanted(key)": NOTHING,
    "not ignored(key)": NOTHING,
}

OBJECTS_TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Files: {Type: AWS::S3::Bucket}
  Keep:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: %s
      CodeUri: .
      Handler: app.handler
      Events: {Made: {Type: S3, Properties: {Bucket: !Ref Files, Events: "s3:ObjectCreated:*"}}}
"""

OBJECTS_APP = """
import os, boto3

s3 = boto3.client("s3")

def wanted(key):
    return os.path.dirname(key) == "new"

def ignored(key):
    return "done/" in key or key == "index"

def handler(event, context):
    for record in event["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
        if %s:
            s3.put_object(Bucket=bucket, Key="done/" + key)
"""


def severities(runtime: str, path: str, code: str, template: str = TEMPLATE) -> list[str]:
    case = testing.Case("", "event-loop", {"template.yaml": template % runtime, path: code}, ())
    return [said.partition(": unexpected ")[2].partition("[")[0] for said in testing.run(case, RULES)]


@pytest.mark.parametrize(("chosen", "expected"), PYTHON.items())
def test_in_python(chosen: str, expected: list[str]) -> None:
    assert severities("python3.13", "app.py", PYTHON_APP % chosen) == expected


@pytest.mark.parametrize(("chosen", "expected"), JAVASCRIPT.items())
@pytest.mark.parametrize("path", ["app.mjs", "app.ts"])
def test_in_javascript(path: str, chosen: str, expected: list[str]) -> None:
    assert severities("nodejs22.x", path, JAVASCRIPT_APP % chosen) == expected


KEYS = {
    ("uploads/", "", "key.replace('.png', '.webp')"): LOOP,
    ("uploads/", "", "key.replace('uploads/', 'small/')"): NOTHING,
    ("uploads/", "", "key.replace('s/a', 's/b')"): NOTHING,
    ("uploads/", "", "key.replace('.png', event['end'])"): NOTHING,
    ("", ".png", "key.replace('raw', 'small')"): LOOP,
    ("", ".png", "key.replace('.png', '-small.png')"): LOOP,
    ("", ".png", "key.replace('.png', '.webp')"): NOTHING,
    ("uploads/", ".png", "key.split('/')[-1]"): NOTHING,
}
"""By the prefix and suffix that a bucket asks for: the key that is written."""

KEYS_APP = """
import boto3

s3 = boto3.client("s3")

def handler(event, context):
    for record in event["Records"]:
        bucket, key = record["s3"]["bucket"]["name"], record["s3"]["object"]["key"]
        s3.put_object(Bucket=bucket, Key=%s, Body=b"")
"""


@pytest.mark.parametrize(("key", "expected"), KEYS.items())
def test_of_keys_in_which_something_is_replaced(key: tuple[str, str, str], expected: list[str]) -> None:
    prefix, suffix, written = key
    wanted = f"[{{Name: prefix, Value: '{prefix}'}}, {{Name: suffix, Value: '{suffix}'}}]"
    asked = f'Events: "s3:ObjectCreated:*", Filter: {{S3Key: {{Rules: {wanted}}}}}'
    template = OBJECTS_TEMPLATE.replace('Events: "s3:ObjectCreated:*"', asked)
    assert severities("python3.13", "app.py", KEYS_APP % written, template) == expected


@pytest.mark.parametrize(("asked", "expected"), OBJECTS.items())
def test_of_keys(asked: str, expected: list[str]) -> None:
    assert severities("python3.13", "app.py", OBJECTS_APP % asked, OBJECTS_TEMPLATE) == expected
