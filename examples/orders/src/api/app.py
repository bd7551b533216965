"""The shop's API."""

import json
import os

import boto3
import pandas as pd

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
queue = boto3.client("sqs")

recent_orders = []


def place_order(event):
    order = json.loads(event["body"])
    table.put_item(Item=order)
    queue.send_message(QueueUrl=os.environ["QUEUE_URL"], MessageBody=event["body"])
    recent_orders.append(order)
    return {"id": order["id"], "recent": recent_orders}


def find_customer(event):
    return table.get_item(Key={"id": "customer#" + event["queryStringParameters"]["id"]}).get("Item")


def sales_by_day():
    orders = pd.DataFrame(table.scan()["Items"])
    return orders.groupby("day")["total"].sum().to_dict()


def handler(event, context):
    path = event["path"]
    if path == "/orders":
        body = place_order(event)
    elif path == "/customers":
        body = find_customer(event)
    elif path == "/analytics":
        body = sales_by_day()
    else:
        return {"statusCode": 404}
    return {"statusCode": 200, "body": json.dumps(body, default=str)}
