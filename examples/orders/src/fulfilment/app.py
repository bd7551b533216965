"""Charges the card and ships the order."""

import json
import os

import boto3
import requests


def charge(order):
    response = requests.post(os.environ["PAYMENT_URL"], json={"card": order["card"], "amount": order["total"]})
    response.raise_for_status()
    return response.json()["receipt"]


def handler(event, context):
    table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
    for record in event["Records"]:
        order = json.loads(record["body"])
        table.update_item(
            Key={"id": order["id"]},
            UpdateExpression="SET receipt = :receipt",
            ExpressionAttributeValues={":receipt": charge(order)},
        )
