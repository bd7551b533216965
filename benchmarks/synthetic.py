"""A tree of as many small applications as wanted, to see how time and memory grow with it.

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
      Runtime: python3.12
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


def write(folder: Path, applications: int) -> None:
    """Write the applications below `folder`, each into one of its own."""
    for number in range(applications):
        source = folder / f"group-{number // 100}" / f"application-{number}" / "src"
        source.mkdir(parents=True)
        (source.parent / "template.yaml").write_text(TEMPLATE)
        (source / "app.py").write_text(HANDLER)
        (source / "orders.py").write_text(HELPER)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
