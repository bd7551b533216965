"""Adds up yesterday's orders; when the table is too busy, Lambda tries again, twice."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(event, context):
    orders = table.scan()["Items"]
    print(json.dumps({"total": sum(order["total"] for order in orders)}, default=str))
