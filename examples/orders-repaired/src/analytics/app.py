"""GET /analytics"""

import json
import os

import boto3
import pandas as pd

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def handler(event, context):
    orders = pd.DataFrame(table.scan()["Items"])
    sales = orders.groupby("day")["total"].sum().to_dict()
    return {"statusCode": 200, "body": json.dumps(sales, default=str)}
