"""Adds up yesterday's orders; when the table is too busy, tries again."""

import json
import os

import boto3
from botocore.exceptions import ClientError

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
functions = boto3.client("lambda")


def handler(event, context):
    try:
        orders = table.scan()["Items"]
    except ClientError:
        functions.invoke(
            FunctionName=context.function_name,
            InvocationType="Event",
            Payload=json.dumps(event),
        )
        return
    print(json.dumps({"total": sum(order["total"] for order in orders)}, default=str))
