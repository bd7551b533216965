"""Trees of any size: many small applications in Python and TypeScript by turns, or one large root module of Terraform.

python -m benchmarks.synthetic FOLDER APPLICATIONS
"""

from __future__ import annotations

import json
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


TERRAFORM = """\
variable "stage" {
  type    = string
  default = "dev"
}

variable "alarm_topic" {
  type = string
}

data "aws_caller_identity" "current" {}

data "aws_region" "current" {}

locals {
  prefix  = "shop-${var.stage}"
  account = data.aws_caller_identity.current.account_id
  region  = data.aws_region.current.name
  tags    = { Team = "orders", Stage = var.stage }
  sizes   = { small = 256, large = 1024 }
}
"""

SERVICE = """\

locals {
  NAME_environment = merge(local.tags, {
    QUEUE_URL = aws_sqs_queue.NAME["orders"].url
    TABLE     = aws_dynamodb_table.NAME.name
    LEVEL     = var.stage == "prod" ? "WARNING" : "DEBUG"
  })
  NAME_queues = {
    orders   = { timeout = 180, receives = 5 }
    payments = { timeout = 360, receives = 3 }
  }
}

resource "aws_lambda_function" "NAME" {
  function_name = "${local.prefix}-NAME"
  handler       = "app.handler"
  runtime       = "python3.12"
  role          = aws_iam_role.NAME.arn
  filename      = "${path.module}/build/NAME.zip"
  timeout       = 30
  memory_size   = local.sizes["small"]

  environment {
    variables = local.NAME_environment
  }

  dynamic "dead_letter_config" {
    for_each = var.stage == "prod" ? [1] : []
    content {
      target_arn = aws_sqs_queue.NAME_dead.arn
    }
  }
}

resource "aws_sqs_queue" "NAME" {
  for_each = local.NAME_queues

  name                       = "${local.prefix}-NAME-${each.key}"
  visibility_timeout_seconds = each.value.timeout
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.NAME_dead.arn
    maxReceiveCount     = each.value.receives
  })
}

resource "aws_sqs_queue" "NAME_dead" {
  name                      = format("%s-%s-dead", local.prefix, "NAME")
  message_retention_seconds = 14 * 24 * 60 * 60
}

resource "aws_lambda_event_source_mapping" "NAME" {
  for_each = aws_sqs_queue.NAME

  event_source_arn        = each.value.arn
  function_name           = aws_lambda_function.NAME.arn
  batch_size              = 10
  function_response_types = ["ReportBatchItemFailures"]
  filter_criteria {
    filter {
      pattern = jsonencode({ body = { kind = ["order", "payment"] } })
    }
  }
}

resource "aws_dynamodb_table" "NAME" {
  name         = "${local.prefix}-NAME"
  billing_mode = "PAY_PER_REQUEST"
  hash_key     = "id"
  tags         = local.tags

  attribute {
    name = "id"
    type = "S"
  }
}

resource "aws_iam_role" "NAME" {
  name = "${local.prefix}-NAME"
  assume_role_policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Effect    = "Allow"
      Action    = "sts:AssumeRole"
      Principal = { Service = "lambda.amazonaws.com" }
    }]
  })
}

data "aws_iam_policy_document" "NAME" {
  statement {
    sid       = "Table"
    actions   = ["dynamodb:GetItem", "dynamodb:PutItem", "dynamodb:Query"]
    resources = [aws_dynamodb_table.NAME.arn, "${aws_dynamodb_table.NAME.arn}/index/*"]
  }

  dynamic "statement" {
    for_each = local.NAME_queues
    content {
      sid       = title(statement.key)
      actions   = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
      resources = [aws_sqs_queue.NAME[statement.key].arn]
    }
  }
}

resource "aws_iam_role_policy" "NAME" {
  name   = "NAME"
  role   = aws_iam_role.NAME.id
  policy = data.aws_iam_policy_document.NAME.json
}

resource "aws_iam_role_policy" "NAME_logs" {
  name = "logs"
  role = aws_iam_role.NAME.id
  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      for action in ["CreateLogStream", "PutLogEvents"] : {
        Effect   = "Allow"
        Action   = "logs:${action}"
        Resource = "arn:aws:logs:${local.region}:${local.account}:log-group:/aws/lambda/${local.prefix}-NAME:*"
      }
    ]
  })
}

resource "aws_cloudwatch_event_rule" "NAME" {
  name                = "${local.prefix}-NAME"
  schedule_expression = "rate(5 minutes)"
}

resource "aws_cloudwatch_event_target" "NAME" {
  rule = aws_cloudwatch_event_rule.NAME.name
  arn  = aws_lambda_function.NAME.arn
}

resource "aws_lambda_permission" "NAME" {
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.NAME.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.NAME.arn
}

resource "aws_cloudwatch_metric_alarm" "NAME" {
  alarm_name          = "${local.prefix}-NAME-errors"
  comparison_operator = "GreaterThanThreshold"
  evaluation_periods  = 1
  metric_name         = "Errors"
  namespace           = "AWS/Lambda"
  period              = 60
  statistic           = "Sum"
  threshold           = 0
  alarm_actions       = [var.alarm_topic]
  dimensions          = { FunctionName = aws_lambda_function.NAME.function_name }
}
"""


def write_terraform(folder: Path, services: int) -> int:
    """Write a root module of so many services, 5 kB and a dozen resources each; give its bytes."""
    folder.mkdir(parents=True)
    text = TERRAFORM + "".join(SERVICE.replace("NAME", f"service_{number}") for number in range(services))
    (folder / "main.tf").write_text(text)
    return len(text)


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


LINKED_HANDLER = """\
import os

import boto3

queue = boto3.resource("sqs").Queue(os.environ["QUEUE_URL"])
table = boto3.resource("dynamodb").Table(os.environ["TABLE"])
functions = boto3.client("lambda")


def handler(event, context):
    for record in event["Records"]:
        table.put_item(Item={"id": record["messageId"]})
        functions.invoke(FunctionName=os.environ["NEXT"], InvocationType="Event", Payload=record["body"])
        queue.send_message(MessageBody=record["body"])
"""

RING = 10
"""Functions that events go round."""


def write_linked(folder: Path, functions: int) -> int:
    """Write one application of so many functions in rings of ten; give the number of the edges between them.

    Each function is triggered by a queue and writes to the queue of the next one, invokes the one after that, and
    writes to a table.
    """
    source = folder / "src"
    source.mkdir(parents=True)
    (source / "app.py").write_text(LINKED_HANDLER)
    resources: dict[str, object] = {}
    for number in range(functions):
        ring = number - number % RING
        after, second = (ring + (number + step) % RING for step in (1, 2))
        variables = {
            "QUEUE_URL": {"Ref": f"Queue{after}"},
            "TABLE": {"Ref": f"Table{ring}"},
            "NEXT": {"Ref": f"Function{second}"},
        }
        resources[f"Function{number}"] = {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.12",
                "Handler": "app.handler",
                "Code": "src/",
                "Role": "arn:aws:iam::123456789012:role/worker",
                "Environment": {"Variables": variables},
            },
        }
        resources[f"Queue{number}"] = {"Type": "AWS::SQS::Queue"}
        resources[f"Mapping{number}"] = {
            "Type": "AWS::Lambda::EventSourceMapping",
            "Properties": {
                "FunctionName": {"Ref": f"Function{number}"},
                "EventSourceArn": {"Fn::GetAtt": [f"Queue{number}", "Arn"]},
            },
        }
        resources.setdefault(f"Table{ring}", {"Type": "AWS::DynamoDB::Table"})
    (folder / "template.json").write_text(
        json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
    )
    return 4 * functions


SHARED_HANDLER = """\
import json
import os

from library import service

TABLE = os.environ["TABLE"]


def handler(event, context):
    body = json.loads(event["body"])
    return service.run_NUMBER(TABLE, body["id"], body)
"""

SHARED_MODULE = """\
import json
import logging

import boto3
IMPORTS

logger = logging.getLogger(__name__)
dynamodb = boto3.resource("dynamodb")


class Store:
    def __init__(self, name, prefix=""):
        self.table = dynamodb.Table(name)
        self.prefix = prefix

    def load(self, key):
        found = self.table.get_item(Key={"id": f"{self.prefix}{key}"})
        return found.get("Item") or {}

    def save(self, key, item):
        logger.info("saving %s", key)
        self.table.put_item(Item={"id": f"{self.prefix}{key}", "body": json.dumps(item)})
        return item

    def all(self, keys):
        return [self.load(key) for key in keys if key]


def checked(item):
    if not isinstance(item, dict):
        raise ValueError("no item")
    for name in ("id", "body"):
        if name not in item:
            logger.warning("missing %s", name)
    return {name: value for name, value in item.items() if value is not None}


def work(name, key, item):
    store = Store(name, prefix="NUMBER-")
    known = store.load(key)
    merged = {**known, **checked(item)}
    try:
        store.save(key, merged)
    except Exception as error:
        logger.exception("failed: %s", error)
        raise
    for other in merged.get("others", []):
        store.all([other["id"]])
    CALLS
    return merged
"""


def write_shared(folder: Path, functions: int, modules: int) -> int:
    """Write one application of so many functions that share a library of so many modules; give the library's lines.

    Each module imports the two that stand below it in a tree, and runs them; each function asks the top one.
    """
    library = folder / "src" / "library"
    library.mkdir(parents=True)
    lines = 0
    for number in range(modules):
        below = [each for each in (2 * number + 1, 2 * number + 2) if each < modules]
        text = (
            SHARED_MODULE.replace("IMPORTS", "\n".join(f"from library import module_{each}" for each in below))
            .replace("CALLS", "\n    ".join(f"module_{each}.work(name, key, item)" for each in below))
            .replace("NUMBER", str(number))
        )
        (library / f"module_{number}.py").write_text(text)
        lines += text.count("\n")
    runs = (
        f"\n\ndef run_{number}(name, key, item):\n    return module_0.work(name, key, item)\n"
        for number in range(functions)
    )
    (library / "service.py").write_text("from library import module_0\n" + "".join(runs))
    (library / "__init__.py").write_text("")
    resources: dict[str, object] = {"Table": {"Type": "AWS::DynamoDB::Table"}}
    for number in range(functions):
        (folder / "src" / f"handler_{number}.py").write_text(SHARED_HANDLER.replace("NUMBER", str(number)))
        resources[f"Function{number}"] = {
            "Type": "AWS::Lambda::Function",
            "Properties": {
                "Runtime": "python3.12",
                "Handler": f"handler_{number}.handler",
                "Code": "src/",
                "Role": "arn:aws:iam::123456789012:role/worker",
                "Environment": {"Variables": {"TABLE": {"Ref": "Table"}}},
            },
        }
    (folder / "template.json").write_text(
        json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": resources})
    )
    return lines


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]))
