"""Edges from the code: what calls of the SDK and requests name, in every spelling."""

from __future__ import annotations

from pathlib import Path

import pytest
from applications import TEMPLATE, app_of, of_code

PYTHON_HEAD = """
import json
import os
import urllib.request

import boto3
import requests
from aws_lambda_powertools.utilities import parameters

sqs = boto3.client("sqs")
s3 = boto3.client("s3")
sns = boto3.client("sns")
lambda_client = boto3.client("lambda")
dynamodb = boto3.client("dynamodb")
resource = boto3.resource("dynamodb")
TABLE = os.environ["TABLE"]
"""

PYTHON = {
    "environment": ('sqs.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody="x")', "writes to Queue"),
    "default": ('sqs.send_message(QueueUrl=os.getenv("NONE", "jobs"), MessageBody="x")', "writes to Queue"),
    "branches of the template": (
        'sqs.send_message(QueueUrl=os.environ["EITHER"], MessageBody="x")',
        ["writes to Queue", "writes to Second"],
    ),
    "literal address": (
        'sqs.send_message(QueueUrl="https://sqs.eu-west-1.amazonaws.com/123456789012/jobs", MessageBody="x")',
        "writes to Queue",
    ),
    "not in sight": ('sqs.send_message(QueueUrl="https://sqs.eu-west-1.amazonaws.com/1/other")', "writes to other"),
    "from elsewhere": (
        'sqs.send_message(QueueUrl=os.environ["IMPORTED"], MessageBody="x")',
        "writes to ${import:other-queue}",
    ),
    "parameter": ('sqs.send_message(QueueUrl=os.environ["GIVEN"])', "writes to ${Given}"),
    "parameter in an address": ('sqs.send_message(QueueUrl=os.environ["GIVEN_URL"])', "writes to ${Given}"),
    "output of a nested stack": (
        'sqs.send_message(QueueUrl=os.environ["NESTED_QUEUE"])\n    sns.publish(TopicArn=os.environ["NESTED_TOPIC"])',
        ["writes to Nested.Queue", "writes to Nested.Topic"],
    ),
    "unknown": ('sqs.send_message(QueueUrl=os.environ["NOBODY"], MessageBody="x")', []),
    "looked up": (
        'url = sqs.get_queue_url(QueueName="jobs")["QueueUrl"]\n    sqs.send_message(QueueUrl=url)',
        "writes to Queue",
    ),
    "looked up by the end of an ARN": (
        'name = os.environ["QUEUE_ARN"].split(":")[-1]\n'
        '    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=name)["QueueUrl"])',
        "writes to Queue",
    ),
    "resource object": (
        'boto3.resource("sqs").get_queue_by_name(QueueName="jobs").send_messages(Entries=[])',
        "writes to Queue",
    ),
    "stored parameter": (
        'url = boto3.client("ssm").get_parameter(Name="/orders/queue")["Parameter"]["Value"]\n'
        "    sqs.send_message(QueueUrl=url)",
        ["reads from Stored", "writes to Second"],
    ),
    "stored parameter by Powertools": (
        'sqs.send_message(QueueUrl=parameters.get_parameter(os.environ["PARAMETER"]))',
        ["reads from Stored", "writes to Second"],
    ),
    "queue of the event": (
        'arn = event["Records"][0]["eventSourceARN"]\n'
        '    sqs.send_message(QueueUrl=sqs.get_queue_url(QueueName=arn.split(":")[-1])["QueueUrl"])',
        "writes to Queue (event)",
    ),
    "topic": ('sns.publish(TopicArn=os.environ["TOPIC"], Message="x")', "writes to Topic"),
    "topic by another argument": ('sns.publish(TargetArn=os.environ["TOPIC"], Message="x")', "writes to Topic"),
    "topic by its ARN": ('sns.publish(TopicArn="arn:aws:sns:eu-west-1:1:news", Message="x")', "writes to Topic"),
    "topic of the event": ('sns.publish(TopicArn=event["Records"][0]["Sns"]["TopicArn"])', "writes to Topic (event)"),
    "bucket": ('s3.put_object(Bucket="files-dev", Key="k", Body=b"")', "writes to Bucket"),
    "bucket of the event": (
        'for record in event["Records"]:\n'
        '        s3.put_object(Bucket=record["s3"]["bucket"]["name"], Key="k", Body=b"")',
        "writes to Bucket (event)",
    ),
    "bucket of the event in a message": (
        'inner = json.loads(event["Records"][0]["Sns"]["Message"])\n'
        '    s3.put_object(Bucket=inner["Records"][0]["s3"]["bucket"]["name"], Key="k")',
        "writes to Bucket (event)",
    ),
    "upload by position": ('s3.upload_file("/tmp/x", os.environ["BUCKET"], "k")', "writes to Bucket"),
    "copy": (
        's3.copy_object(Bucket=os.environ["BUCKET"], Key="k", CopySource={"Bucket": "raw", "Key": "k"})',
        ["writes to Bucket", "reads from raw"],
    ),
    "object": ('boto3.resource("s3").Object(os.environ["BUCKET"], "k").put(Body=b"")', "writes to Bucket"),
    "object of a bucket": (
        'boto3.resource("s3").Bucket(os.environ["BUCKET"]).upload_file("/tmp/x", "k")',
        "writes to Bucket",
    ),
    "item": ('dynamodb.put_item(TableName=TABLE, Item={"id": {"S": "1"}})', "writes to Table"),
    "item of a resource": ('resource.Table(TABLE).update_item(Key={"id": "1"})', "writes to Table"),
    "batch": (
        'with resource.Table(TABLE).batch_writer() as batch:\n        batch.put_item(Item={"id": "1"})',
        "writes to Table",
    ),
    "batch by table": ('dynamodb.batch_write_item(RequestItems={TABLE: [], "orders-old": []})',
                       ["writes to Table", "writes to orders-old"]),
    "transaction": (
        'dynamodb.transact_write_items(TransactItems=[{"Put": {"TableName": TABLE, "Item": {}}}])',
        "writes to Table",
    ),
    "statement": ('dynamodb.execute_statement(Statement=\'UPDATE "orders" SET a=1\')', "writes to Table"),
    "reading": ('resource.Table(TABLE).query(KeyConditionExpression="x")', "reads from Table"),
    "bus": ('boto3.client("events").put_events(Entries=[{"EventBusName": os.environ["BUS"]}])', "writes to Bus"),
    "bus of the account": ('boto3.client("events").put_events(Entries=[{"Source": "a"}])',
                           "writes to default event bus"),
    "bus in a comprehension": (
        'entries = [{"EventBusName": os.environ["BUS"], "Source": each} for each in event["sources"]]\n'
        '    boto3.client("events").put_events(Entries=entries)',
        "writes to Bus",
    ),
    "some of many events": (
        'entries = [{"EventBusName": os.environ["BUS"]}]\n'
        '    boto3.client("events").put_events(Entries=entries[0:10])',
        "writes to Bus",
    ),
    "name of a table object": (
        'name = resource.Table(TABLE).name\n    dynamodb.batch_write_item(RequestItems={name: []})',
        "writes to Table",
    ),
    "bus not said": ('boto3.client("events").put_events(Entries=event["entries"])', []),
    "stream": ('boto3.client("kinesis").put_record(StreamName=os.environ["STREAM"])', "writes to Stream"),
    "delivery stream": ('boto3.client("firehose").put_record(DeliveryStreamName="clicks")', "writes to Firehose"),
    "logs": ('boto3.client("logs").put_log_events(logGroupName=os.environ["GROUP"])', "writes to Group"),
    "secret": ('boto3.client("secretsmanager").get_secret_value(SecretId="token")', "reads from Secret"),
    "workflow": (
        'boto3.client("stepfunctions").start_execution(stateMachineArn=os.environ["MACHINE"])',
        "invokes Machine",
    ),
    "workflow that is waited for": (
        'boto3.client("stepfunctions").start_sync_execution(stateMachineArn=os.environ["MACHINE"])',
        "invokes Machine (waits)",
    ),
    "function": ('lambda_client.invoke(FunctionName=os.environ["SELF"])', "invokes Fn (waits)"),
    "function, not waited for": (
        'lambda_client.invoke(FunctionName=os.environ["SELF"], InvocationType="Event")',
        "invokes Fn",
    ),
    "function, only tried": ('lambda_client.invoke(FunctionName=os.environ["SELF"], InvocationType="DryRun")', []),
    "alias": ('lambda_client.invoke(FunctionName=os.environ["OTHER"])', "invokes Other (waits)"),
    "own name": ("lambda_client.invoke(FunctionName=context.function_name)", "invokes Fn (waits)"),
    "own name in the environment": (
        'lambda_client.invoke(FunctionName=os.environ["AWS_LAMBDA_FUNCTION_NAME"])',
        "invokes Fn (waits)",
    ),
    "own ARN with an alias": (
        'lambda_client.invoke(FunctionName=f"{context.invoked_function_arn}:live")',
        "invokes Fn (waits)",
    ),
    "own name in its ARN": (
        'lambda_client.invoke(FunctionName=context.invoked_function_arn.split(":")[6])',
        "invokes Fn (waits)",
    ),
    "own name put together": (
        'lambda_client.invoke(FunctionName=f"arn:aws:lambda:{event[\'region\']}:1:function:{context.function_name}")',
        "invokes Fn (waits)",
    ),
    "physical name with a version": ('lambda_client.invoke(FunctionName="orders-dev:7")', "invokes Fn (waits)"),
    "partial ARN": ('lambda_client.invoke(FunctionName="123456789012:function:orders-dev")', "invokes Fn (waits)"),
    "another function's name begins so": ('lambda_client.invoke(FunctionName="orders-dev-2")',
                                          "invokes orders-dev-2 (waits)"),
    "schedule": (
        'boto3.client("scheduler").create_schedule(Target={"Arn": context.invoked_function_arn})',
        "invokes Fn",
    ),
    "request": ('requests.get(os.environ["API"])', "invokes Api (waits)"),
    "request with a path": ('requests.post(f"{os.environ[\'API\']}/1", json={})', "invokes Api (waits)"),
    "request of a URL": ('urllib.request.urlopen(os.environ["URL"])', "invokes FnUrl (waits)"),
    "request object": (
        'urllib.request.urlopen(urllib.request.Request(os.environ["URL"], method="POST"))',
        "invokes FnUrl (waits)",
    ),
    "request of somebody else": ('requests.get("https://example.com")', []),
    "table where a queue is wanted": ('sqs.send_message(QueueUrl=TABLE, MessageBody="x")', []),
    "helper with different arguments": (
        "def send(url):\n"
        '        sqs.send_message(QueueUrl=url, MessageBody="x")\n'
        '    send(os.environ["QUEUE_URL"])\n'
        '    send(os.environ["TOPIC"])\n'
        '    send("https://sqs.eu-west-1.amazonaws.com/1/other")',
        ["writes to Queue", "writes to other"],
    ),
    "helper of a helper": (
        'def put(table, item):\n'
        "        resource.Table(table).put_item(Item=item)\n"
        "    def save(table):\n"
        "        put(table, {})\n"
        "    def keep(table):\n"
        "        put(table, {})\n"
        "    save(TABLE)\n"
        '    save("audit")\n'
        '    keep("old")',
        ["writes to Table", "writes to audit", "writes to old"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), PYTHON.values(), ids=PYTHON)
def test_python(tmp_path: Path, body: str, expected: str | list[str]) -> None:
    source = f"{PYTHON_HEAD}\n\ndef handler(event, context):\n    {body}\n"
    app = app_of(tmp_path, {"template.yaml": TEMPLATE.replace("RUNTIME", "python3.12"), "app.py": source})
    wanted = [expected] if isinstance(expected, str) else expected
    assert sorted(of_code(app)) == sorted(f"Fn {each}" for each in wanted)


JAVASCRIPT_HEAD = """
import AWS from "aws-sdk";
import axios from "axios";
import https from "https";
import { SQSClient, SendMessageCommand, GetQueueUrlCommand } from "@aws-sdk/client-sqs";
import { S3Client, PutObjectCommand, CopyObjectCommand } from "@aws-sdk/client-s3";
import { Upload } from "@aws-sdk/lib-storage";
import { LambdaClient, InvokeCommand, InvocationType } from "@aws-sdk/client-lambda";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand, BatchWriteCommand, TransactWriteCommand } from "@aws-sdk/lib-dynamodb";
import { EventBridgeClient, PutEventsCommand } from "@aws-sdk/client-eventbridge";

const sqs = new SQSClient({});
const s3 = new S3Client({});
const lambda = new LambdaClient({});
const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));
"""

JAVASCRIPT = {
    "environment": ("await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL }));", "writes to Queue"),
    "looked up": (
        'const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: "jobs" }));\n'
        "await sqs.send(new SendMessageCommand({ QueueUrl }));",
        "writes to Queue",
    ),
    "queue of the event": (
        "for (const { eventSourceARN } of event.Records) {\n"
        '  const name = eventSourceARN.split(":").pop();\n'
        "  const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: name }));\n"
        "  await sqs.send(new SendMessageCommand({ QueueUrl }));\n}",
        "writes to Queue (event)",
    ),
    "bucket of the event": (
        "await Promise.all(event.Records.map(({ s3: { bucket, object } }) =>\n"
        "  s3.send(new PutObjectCommand({ Bucket: bucket.name, Key: object.key }))));",
        "writes to Bucket (event)",
    ),
    "upload": (
        'await new Upload({ client: s3, params: { Bucket: process.env.BUCKET, Key: "k" } }).done();',
        "writes to Bucket",
    ),
    "old upload": ("await new AWS.S3().upload({ Bucket: process.env.BUCKET }).promise();", "writes to Bucket"),
    "copy": ('await s3.send(new CopyObjectCommand({ Bucket: "files-dev", CopySource: "raw/k" }));', "writes to Bucket"),
    "old document client": (
        "await new AWS.DynamoDB.DocumentClient().put({ TableName: process.env.TABLE }).promise();",
        "writes to Table",
    ),
    "document client": ('await documents.send(new PutCommand({ TableName: "orders" }));', "writes to Table"),
    "batch by table": (
        "await documents.send(new BatchWriteCommand({ RequestItems: { [process.env.TABLE]: [] } }));",
        "writes to Table",
    ),
    "transaction": (
        "const items = [{ Update: { TableName: process.env.TABLE } }, { ConditionCheck: { TableName: 'x' } }];\n"
        "await documents.send(new TransactWriteCommand({ TransactItems: items }));",
        "writes to Table",
    ),
    "bus": (
        "await new EventBridgeClient({}).send(new PutEventsCommand({ Entries: [{ EventBusName: process.env.BUS }] }));",
        "writes to Bus",
    ),
    "function": ("await lambda.send(new InvokeCommand({ FunctionName: context.functionName }));", "invokes Fn (waits)"),
    "function, not waited for": (
        "const command = { FunctionName: process.env.SELF, InvocationType: InvocationType.Event };\n"
        "await lambda.send(new InvokeCommand(command));",
        "invokes Fn",
    ),
    "own name in its ARN": (
        'await lambda.send(new InvokeCommand({ FunctionName: context.invokedFunctionArn.split(":")[6] }));',
        "invokes Fn (waits)",
    ),
    "request": ("await fetch(`${process.env.API}/1`);", "invokes Api (waits)"),
    "request of axios": ("await axios.post(process.env.API, {});", "invokes Api (waits)"),
    "request of axios by options": ("await axios({ method: 'post', url: process.env.URL });", "invokes FnUrl (waits)"),
    "request of a client": (
        "const client = axios.create({ baseURL: process.env.API });\nawait client.get('/1');",
        "invokes Api (waits)",
    ),
    "request of node": ("https.get(process.env.URL, (answer) => answer.resume());", "invokes FnUrl (waits)"),
    "helper with different arguments": (
        "const send = (QueueUrl) => sqs.send(new SendMessageCommand({ QueueUrl }));\n"
        'await send(process.env.QUEUE_URL);\nawait send("https://sqs.eu-west-1.amazonaws.com/1/other");',
        ["writes to Queue", "writes to other"],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), JAVASCRIPT.values(), ids=JAVASCRIPT)
@pytest.mark.parametrize("ending", ["mjs", "ts"])
def test_javascript(tmp_path: Path, body: str, expected: str | list[str], ending: str) -> None:
    source = f"{JAVASCRIPT_HEAD}\nexport const handler = async (event, context) => {{\n{body}\n}};\n"
    app = app_of(tmp_path, {"template.yaml": TEMPLATE.replace("RUNTIME", "nodejs22.x"), f"app.{ending}": source})
    wanted = [expected] if isinstance(expected, str) else expected
    found = [each for each in of_code(app) if "eads" not in each]
    assert sorted(found) == sorted(f"Fn {each}" for each in wanted)
