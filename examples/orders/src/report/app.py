"""Adds up yesterday's orders, a page of the table at a time."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
functions = boto3.client("lambda")


def handler(event, context):
    total = event.get("total", 0)
    page = table.scan(**event.get("from", {}))
    total += sum(order["total"] for order in page["Items"])
    if "LastEvaluatedKey" in page:
        rest = {"total": total, "from": {"ExclusiveStartKey": page["LastEvaluatedKey"]}}
        functions.invoke(
            FunctionName=context.function_name,
            InvocationType="Event",
            Payload=json.dumps(rest),
        )
        return
    print(json.dumps({"total": total}))
