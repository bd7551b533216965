"""Adds up yesterday's orders, a page of the table at a time."""

import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(event, context):
    total = 0
    for page in table.meta.client.get_paginator("scan").paginate(TableName=table.name):
        total += sum(order["total"] for order in page["Items"])
    print(json.dumps({"total": total}))
