"""A tree of as many small applications as wanted, in Python and TypeScript by turns, to see how time grows with it.

python -m benchmarks.synthetic FOLDER APPLICATIONS
"""

from __future__ import annotations

import sys
from pathlib import Path

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: {runtime}
      Handler: app.handler
      CodeUri: src/
      Environment:
        Variables:
          TABLE: !Ref Table
      Policies:
        - DynamoDBCrudPolicy:
            TableName: !Ref Table
      Events:
        Queue:
          Type: SQS
          Properties:
            Queue: !GetAtt Queue.Arn
  Queue:
    Type: AWS::SQS::Queue
  Table:
    Type: AWS::DynamoDB::Table
"""

HANDLER = """\
import json
import os

import boto3

from orders import price

table = boto3.resource("dynamodb").Table(os.environ["TABLE"])


def handler(event, context):
    for record in event["Records"]:
        order = json.loads(record["body"])
        table.put_item(Item={"id": order["id"], "price": price(order)})
"""

HELPER = """\
def price(order):
    return sum(line["amount"] * line["price"] for line in order["lines"])
"""


TYPESCRIPT_HANDLER = """\
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DynamoDBDocumentClient, PutCommand } from "@aws-sdk/lib-dynamodb";
import type { SQSEvent } from "aws-lambda";

import { price } from "./orders";

const table = DynamoDBDocumentClient.from(new DynamoDBClient({}));

export const handler = async (event: SQSEvent): Promise<void> => {
  for (const record of event.Records) {
    const order = JSON.parse(record.body);
    const item = { id: order.id, price: price(order) };
    await table.send(new PutCommand({ TableName: process.env.TABLE, Item: item }));
  }
};
"""

TYPESCRIPT_HELPER = """\
interface Order {
  lines: { amount: number; price: number }[];
}

export function price(order: Order): number {
  return order.lines.reduce((sum, line) => sum + line.amount * line.price, 0);
}
"""


def write(folder: Path, applications: int) -> None:
    """Write the applications below `folder`, each into one of its own."""
    for number in range(applications):
        source = folder / f"group-{number // 100}" / f"application-{number}" / "src"
        source.mkdir(parents=True)
        in_python = number % 2 == 0
        runtime = "python3.12" if in_python else "nodejs22.x"
        (source.parent / "template.yaml").write_text(TEMPLATE.format(runtime=runtime))
        (source / ("app.py" if in_python else "app.ts")).write_text(HANDLER if in_python else TYPESCRIPT_HANDLER)
        (source / ("orders.py" if in_python else "orders.ts")).write_text(HELPER if in_python else TYPESCRIPT_HELPER)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
