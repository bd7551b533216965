# ruff: noqa: E501 -- blocks of Terraform are shown whole
"""Terraform's resources in CloudFormation's words: what stands under the names that the one lowering asks for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.model import show
from slslint.source import Reader
from slslint.templates.cloudformation.json_text import from_json
from slslint.templates.cloudformation.nodes import AsJson, fields_of
from slslint.templates.cloudformation.view import View
from slslint.templates.terraform.lowering import instances_of, rewritten, template_of
from slslint.templates.terraform.unit import Unit
from slslint.value import Known, Unknown

COMMON = """
variable "stage" {}
variable "patterns" { type = list(string) }
variable "keep" { type = bool }
locals {
  prefix = "shop"
}
resource "aws_lambda_function" "work" {
  function_name = "work"
}
resource "aws_sqs_queue" "jobs" {}
resource "aws_sqs_queue" "dead" {}
resource "aws_sns_topic" "news" {}
resource "aws_s3_bucket" "files" {}
resource "aws_cloudwatch_event_rule" "placed" {}
"""

FILES = {
    "flow.asl.json": '{"StartAt": "One", "States": {"One": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"}}}',
    "flow.asl": '{"StartAt": "One"}',
    "flow.tftpl": '{"StartAt": "${first}", "States": {"${first}": {"Resource": "${arn}", "Seconds": ${seconds}}}}',
    "flow.yaml": "StartAt: One\n",
}

EVENT = '{"source": ["${local.prefix}"], "detail": {"total": [{"numeric": [">", 5]}]}}'
WANTED = {"source": ["shop"], "detail": {"total": [{"numeric": [">", "5"]}]}}


def data(view: View) -> Any:
    """A place as plain data: references as `${...}`, what cannot be told as "?", branches as a tuple; JSON is read."""
    found = [_settled(view, settled) for _, settled in view.settled()]
    return found[0] if len(found) == 1 else tuple(found)


def _settled(view: View, settled: Any) -> Any:
    if isinstance(settled, MappingNode):
        return {name: _under(view, value) for name, (_, value) in fields_of(settled).items()}
    if isinstance(settled, SequenceNode):
        return [_under(view, item) for item in settled.value]
    if isinstance(settled, AsJson):
        return _under(view, settled.content)
    if isinstance(settled, Unknown):
        return "?"
    plain = view.template.plain(settled, view.lacks)
    if not isinstance(plain, Known):
        return "?" if isinstance(plain, Unknown) else None
    written = from_json(plain.value, settled)
    return show(plain.value) if written is None else _settled(view, written)


def _under(view: View, node: Node) -> Any:
    return data(view.template.view(node, view.when, view.lacks))


@pytest.mark.parametrize(
    ("hcl", "name", "wanted"),
    [
        pytest.param(text, *rest, id=f"{rest[0]}-{number}")
        for number, (text, *rest) in enumerate(
            [
                (f'resource "aws_cloudwatch_event_rule" "x" {{\n  event_pattern = jsonencode({EVENT})\n}}', "EventPattern", WANTED),
                (f'resource "aws_cloudwatch_event_rule" "x" {{\n  event_pattern = <<-EOT\n    {EVENT}\n  EOT\n}}', "EventPattern", WANTED),
                ('resource "aws_db_proxy" "x" {\n  name = "orders"\n}', "DBProxyName", "orders"),
                ('resource "aws_cloudwatch_event_rule" "x" {\n  event_pattern = jsonencode({ source = [var.stage] })\n}', "EventPattern", {"source": ["${var.stage}"]}),
                ('resource "aws_cloudwatch_event_rule" "x" {\n  event_pattern = var.keep ? jsonencode({ source = ["a"] }) : jsonencode({ source = ["b"] })\n}', "EventPattern", {"source": [("a", "b")]}),
                ('resource "aws_iam_policy" "x" {\n  policy = <<-EOT\n    {"Statement": [{"Action": ["s3:*"], "Resource": "${var.keep ? "*" : "none"}"}]}\n  EOT\n}', "PolicyDocument", {"Statement": [{"Action": ["s3:*"], "Resource": ("*", "none")}]}),
                ('resource "aws_cloudwatch_event_rule" "x" {\n  event_pattern = jsonencode({ source = var.patterns })\n}', "EventPattern", {"source": "?"}),
                (
                    'resource "aws_lambda_event_source_mapping" "x" {\n  filter_criteria {\n    filter {\n      pattern = jsonencode({ body = { kind = ["a"] } })\n    }\n    filter {\n      pattern = "{\\"body\\": {}}"\n    }\n  }\n}',
                    "FilterCriteria", {"Filters": [{"Pattern": {"body": {"kind": ["a"]}}}, {"Pattern": {"body": {}}}]},
                ),
                (
                    'resource "aws_lambda_event_source_mapping" "x" {\n  filter_criteria {\n    dynamic "filter" {\n      for_each = ["a", "b"]\n      content {\n        pattern = jsonencode({ body = [filter.value] })\n      }\n    }\n  }\n}',
                    "FilterCriteria", {"Filters": [{"Pattern": {"body": ["a"]}}, {"Pattern": {"body": ["b"]}}]},
                ),
                (
                    'resource "aws_lambda_event_source_mapping" "x" {\n  filter_criteria {\n    dynamic "filter" {\n      for_each = var.patterns\n      content {\n        pattern = filter.value\n      }\n    }\n  }\n}',
                    "FilterCriteria", {"Filters": ["?"]},
                ),
                (
                    'resource "aws_sns_topic_subscription" "x" {\n  topic_arn           = aws_sns_topic.news.arn\n  protocol            = "sqs"\n  endpoint            = aws_sqs_queue.jobs.arn\n  filter_policy       = jsonencode({ kind = ["a"] })\n  filter_policy_scope = "MessageBody"\n  raw_message_delivery = true\n}',
                    "", {"TopicArn": "${aws_sns_topic.news}", "Protocol": "sqs", "Endpoint": "${aws_sqs_queue.jobs.Arn}", "FilterPolicy": {"kind": ["a"]}, "FilterPolicyScope": "MessageBody", "RawMessageDelivery": "true"},
                ),
                (
                    'resource "aws_kinesis_firehose_delivery_stream" "x" {\n  kinesis_source_configuration {\n    kinesis_stream_arn = "arn:s"\n  }\n  extended_s3_configuration {\n    bucket_arn = aws_s3_bucket.files.arn\n  }\n}',
                    "", {"KinesisStreamSourceConfiguration": {"KinesisStreamARN": "arn:s"}, "ExtendedS3DestinationConfiguration": {"BucketARN": "${aws_s3_bucket.files.Arn}"}},
                ),
                (
                    'resource "aws_iot_topic_rule" "x" {\n  lambda {\n    function_arn = aws_lambda_function.work.arn\n  }\n  sqs {\n    queue_url = aws_sqs_queue.jobs.url\n  }\n}',
                    "TopicRulePayload", {"Actions": [{"Lambda": {"FunctionArn": "${aws_lambda_function.work.Arn}"}}, {"Sqs": {"QueueUrl": "${aws_sqs_queue.jobs}"}}]},
                ),
                ('resource "aws_ses_receipt_rule" "x" {\n  s3_action {\n    bucket_name = aws_s3_bucket.files.id\n  }\n}', "Rule", {"Actions": [{"S3Action": {"BucketName": "${aws_s3_bucket.files}"}}]}),
                ('resource "aws_ssm_parameter" "x" {\n  name  = "/jobs"\n  value = aws_sqs_queue.jobs.url\n}', "", {"Name": "/jobs", "Value": "${aws_sqs_queue.jobs}"}),
                ('resource "aws_sns_topic" "x" {\n  fifo_topic = true\n}', "FifoTopic", "true"),
                ('resource "aws_sfn_state_machine" "x" {\n  definition = jsonencode({ StartAt = "One", States = { One = { Resource = aws_lambda_function.work.arn } } })\n}', "DefinitionString", {"StartAt": "One", "States": {"One": {"Resource": "${aws_lambda_function.work.Arn}"}}}),
                ('resource "aws_sfn_state_machine" "x" {\n  definition = <<EOF\n{"StartAt": "One", "States": {"One": {"Resource": "${aws_lambda_function.work.arn}:$LATEST", "Seconds": ${var.stage}}}}\nEOF\n}', "DefinitionString", {"StartAt": "One", "States": {"One": {"Resource": "${aws_lambda_function.work.Arn}:$LATEST", "Seconds": "${var.stage}"}}}),
                ('resource "aws_sfn_state_machine" "x" {\n  definition = file("${path.module}/flow.asl.json")\n}', "DefinitionString", {"StartAt": "One", "States": {"One": {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage"}}}),
                ('resource "aws_sfn_state_machine" "x" {\n  definition = file("flow.asl")\n}', "DefinitionString", {"StartAt": "One"}),
                ('resource "aws_sfn_state_machine" "x" {\n  definition = templatefile("${path.module}/flow.tftpl", { first = "One", arn = aws_lambda_function.work.arn, seconds = 5 })\n}', "DefinitionString", {"StartAt": "One", "States": {"One": {"Resource": "${aws_lambda_function.work.Arn}", "Seconds": "5"}}}),
                ('data "template_file" "flow" {\n  template = file("flow.tftpl")\n  vars = { first = "One", arn = aws_lambda_function.work.arn, seconds = 5 }\n}\nresource "aws_sfn_state_machine" "x" {\n  definition = data.template_file.flow.rendered\n}', "DefinitionString", {"StartAt": "One", "States": {"One": {"Resource": "${aws_lambda_function.work.Arn}", "Seconds": "5"}}}),
                ('resource "aws_sfn_state_machine" "x" {\n  definition = jsonencode(yamldecode(file("flow.yaml")))\n}', "DefinitionString", {"StartAt": "One"}),
                (
                    'resource "aws_pipes_pipe" "x" {\n  source = aws_sqs_queue.jobs.arn\n  target = aws_lambda_function.work.arn\n  source_parameters {\n    sqs_queue_parameters {\n      batch_size = 5\n    }\n    filter_criteria {\n      filter {\n        pattern = jsonencode({ body = ["a"] })\n      }\n    }\n  }\n  target_parameters {\n    lambda_function_parameters {\n      invocation_type = "FIRE_AND_FORGET"\n    }\n  }\n}',
                    "", {
                        "Source": "${aws_sqs_queue.jobs.Arn}", "Target": "${aws_lambda_function.work.Arn}",
                        "SourceParameters": {"SqsQueueParameters": {"BatchSize": "5"}, "FilterCriteria": {"Filters": [{"Pattern": {"body": ["a"]}}]}},
                        "TargetParameters": {"LambdaFunctionParameters": {"InvocationType": "FIRE_AND_FORGET"}},
                    },
                ),
                (
                    'resource "aws_scheduler_schedule" "x" {\n  schedule_expression = "rate(1 day)"\n  target {\n    arn   = aws_lambda_function.work.arn\n    input = jsonencode({ a = "b" })\n    dead_letter_config {\n      arn = aws_sqs_queue.dead.arn\n    }\n    retry_policy {\n      maximum_retry_attempts = 0\n    }\n  }\n}',
                    "Target", {"Arn": "${aws_lambda_function.work.Arn}", "Input": {"a": "b"}, "DeadLetterConfig": {"Arn": "${aws_sqs_queue.dead.Arn}"}, "RetryPolicy": {"MaximumRetryAttempts": "0"}},
                ),
                (
                    'resource "aws_cloudwatch_event_rule" "x" {\n  name = "x"\n}\nresource "aws_cloudwatch_event_target" "t" {\n  rule = aws_cloudwatch_event_rule.x.name\n  arn  = aws_lambda_function.work.arn\n  dynamic "dead_letter_config" {\n    for_each = var.keep ? [1] : []\n    content {\n      arn = aws_sqs_queue.dead.arn\n    }\n  }\n  retry_policy {\n    maximum_event_age_in_seconds = 60\n    maximum_retry_attempts       = 1\n  }\n  input_transformer {\n    input_paths    = { first_id = "$.detail.id" }\n    input_template = "<first_id>"\n  }\n}',
                    "Targets", [{
                        "Arn": "${aws_lambda_function.work.Arn}", "DeadLetterConfig": ({"Arn": "${aws_sqs_queue.dead.Arn}"}, None),
                        "RetryPolicy": {"MaximumEventAgeInSeconds": "60", "MaximumRetryAttempts": "1"},
                        "InputTransformer": {"InputPathsMap": {"first_id": "$.detail.id"}, "InputTemplate": "<first_id>"},
                    }],
                ),
                (
                    'resource "aws_s3_bucket" "x" {}\nresource "aws_s3_bucket_notification" "n" {\n  bucket      = aws_s3_bucket.x.id\n  eventbridge = true\n  lambda_function {\n    lambda_function_arn = aws_lambda_function.work.arn\n    events              = ["s3:ObjectCreated:*", "s3:ObjectRemoved:*"]\n    filter_prefix       = "in/"\n    filter_suffix       = ".csv"\n  }\n  queue {\n    queue_arn = aws_sqs_queue.jobs.arn\n    events    = ["s3:ObjectCreated:Put"]\n  }\n  topic {\n    topic_arn = aws_sns_topic.news.arn\n    events    = ["s3:ObjectRestore:*"]\n  }\n}',
                    "NotificationConfiguration", {
                        "LambdaConfigurations": [
                            {"Function": "${aws_lambda_function.work.Arn}", "Event": event, "Filter": {"S3Key": {"Rules": [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".csv"}]}}}
                            for event in ("s3:ObjectCreated:*", "s3:ObjectRemoved:*")
                        ],
                        "QueueConfigurations": [{"Queue": "${aws_sqs_queue.jobs.Arn}", "Event": "s3:ObjectCreated:Put"}],
                        "TopicConfigurations": [{"Topic": "${aws_sns_topic.news}", "Event": "s3:ObjectRestore:*"}],
                        "EventBridgeConfiguration": {"EventBridgeEnabled": "true"},
                    },
                ),
                (
                    'resource "aws_api_gateway_integration" "x" {\n  type                    = "AWS"\n  integration_http_method = "POST"\n  uri                     = "arn:aws:apigateway:eu-west-1:sqs:path/1/${aws_sqs_queue.jobs.name}"\n}',
                    "Integration", {"Type": "AWS", "IntegrationHttpMethod": "POST", "Uri": "arn:aws:apigateway:eu-west-1:sqs:path/1/${aws_sqs_queue.jobs.name}"},
                ),
            ]
        )
    ],
)  # fmt: skip
def test_properties(tmp_path: Path, hcl: str, name: str, wanted: Any) -> None:
    assert properties(tmp_path, hcl, ".x", name) == wanted


def properties(folder: Path, hcl: str, id: str, name: str) -> Any:
    """What stands under a name in the resource whose address ends so; "" for all of it."""
    for path, text in {"main.tf": COMMON + hcl, **FILES}.items():
        (folder / path).write_text(text)
    unit = Unit(".", Reader(str(folder), (str(folder),)), {})
    template = template_of("main.tf", rewritten(unit, instances_of(unit)))
    found = next(resource for address, resource in template.resources.items() if address.endswith(id))
    return data(found.properties.get(name) if name else found.properties)


@pytest.mark.parametrize(
    ("module", "arguments", "id", "name", "wanted"),
    [
        ("eventbridge", 'create_bus = false\nrules = { placed = { event_pattern = jsonencode({ source = ["shop"] }), enabled = false } }', 'rule.this["placed"]', "", {
            "Name": "placed-rule", "EventBusName": "default", "EventPattern": {"source": ["shop"]}, "State": "DISABLED", "Targets": [],
        }),
        ("eventbridge", 'bus_name = "shop"\nrules = { placed = { event_pattern = "{}" } }\ntargets = { placed = [{ name = "work", arn = aws_lambda_function.work.arn, dead_letter_arn = aws_sqs_queue.dead.arn, retry_policy = { maximum_retry_attempts = 1 } }] }', 'rule.this["placed"]', "Targets", [{
            "Arn": "${aws_lambda_function.work.Arn}", "DeadLetterConfig": {"Arn": "${aws_sqs_queue.dead.Arn}"}, "RetryPolicy": {"MaximumRetryAttempts": "1"},
        }]),
        ("eventbridge", 'schedules = { nightly = { schedule_expression = "rate(1 day)", arn = aws_lambda_function.work.arn, input = jsonencode({ a = "b" }), state = false } }', 'schedule.this["nightly"]', "", {
            "Name": "nightly-schedule", "ScheduleExpression": "rate(1 day)", "State": "DISABLED",
            "Target": {"Arn": "${aws_lambda_function.work.Arn}", "Input": {"a": "b"}, "DeadLetterConfig": {}},
        }),
        ("eventbridge", 'append_pipe_postfix = false\npipes = { jobs = { source = aws_sqs_queue.jobs.arn, target = aws_lambda_function.work.arn, source_parameters = { sqs_queue_parameters = { batch_size = 2 }, filter_criteria = [{ pattern = jsonencode({ body = ["a"] }) }] } } }', 'pipe.this["jobs"]', "", {
            "Name": "jobs", "Source": "${aws_sqs_queue.jobs.Arn}", "Target": "${aws_lambda_function.work.Arn}",
            "SourceParameters": {"SqsQueueParameters": {"BatchSize": "2"}, "FilterCriteria": {"Filters": [{"Pattern": {"body": ["a"]}}]}},
        }),
        ("sqs", 'name = "jobs-${var.stage}"\nvisibility_timeout_seconds = 60\ncreate_dlq = true\nredrive_policy = { maxReceiveCount = 3 }', "queue.this[0]", "", {
            "QueueName": "?", "VisibilityTimeout": "60", "RedrivePolicy": {"deadLetterTargetArn": "${module.m.aws_sqs_queue.dlq[0].Arn}", "maxReceiveCount": "3"},
        }),
        ("sqs", 'name = "${var.stage}-jobs.fifo"\nfifo_queue = true\ncreate_dlq = true', "queue.dlq[0]", "QueueName", "${var.stage}-jobs-dlq.fifo"),
        ("sns", 'name = "news"\nsubscriptions = { work = { protocol = "lambda", endpoint = aws_lambda_function.work.arn, filter_policy = jsonencode({ kind = ["a"] }) } }', 'subscription.this["work"]', "", {
            "TopicArn": "${module.m.aws_sns_topic.this[0]}", "Protocol": "lambda", "Endpoint": "${aws_lambda_function.work.Arn}", "FilterPolicy": {"kind": ["a"]},
        }),
        ("apigateway-v2", 'name = "web"\nroutes = { "GET /orders" = { integration = { uri = aws_lambda_function.work.arn, timeout_milliseconds = 5000 } } }', 'route.this["GET /orders"]', "", {
            "ApiId": "${module.m.aws_apigatewayv2_api.this[0]}", "RouteKey": "GET /orders", "Target": 'integrations/${module.m.aws_apigatewayv2_integration.this["GET /orders"]}',
        }),
        ("apigateway-v2", 'integrations = { "$default" = { lambda_arn = aws_lambda_function.work.arn } }', 'integration.this["$default"]', "IntegrationUri", "${aws_lambda_function.work.Arn}"),
        ("step-functions", 'name = "flow"\ntype = "express"\ndefinition = jsonencode({ StartAt = "One" })', "machine.this[0]", "", {
            "StateMachineName": "flow", "StateMachineType": "EXPRESS", "DefinitionString": {"StartAt": "One"},
        }),
        ("dynamodb-table", 'name = "orders"\nstream_enabled = true\nstream_view_type = "NEW_IMAGE"', "table.this[0]", "", {
            "TableName": "orders", "StreamSpecification": {"StreamViewType": "NEW_IMAGE"},
        }),
        ("iam/aws//modules/iam-policy", 'name = "p"\npolicy = jsonencode({ Statement = { Effect = "Allow", Action = "s3:*", Resource = "*" } })', "policy.policy[0]", "PolicyDocument", {
            "Statement": {"Effect": "Allow", "Action": "s3:*", "Resource": "*"},
        }),
        ("iam/aws//modules/iam-assumable-role", 'create_role = true\nrole_name = "r"\ncustom_role_policy_arns = ["arn:aws:iam::aws:policy/A"]', "role.this[0]", "", {
            "RoleName": "r", "Policies": [], "ManagedPolicyArns": ["arn:aws:iam::aws:policy/A"],
        }),
        ("s3-bucket/aws//modules/notification", 'bucket = aws_s3_bucket.files.id\neventbridge = true\nsqs_notifications = { jobs = { queue_arn = aws_sqs_queue.jobs.arn, events = ["s3:ObjectCreated:*"] } }', "bucket.files", "NotificationConfiguration", {
            "QueueConfigurations": [{"Queue": "${aws_sqs_queue.jobs.Arn}", "Event": "s3:ObjectCreated:*"}], "EventBridgeConfiguration": {"EventBridgeEnabled": "true"},
        }),
        ("lambda", 'function_name = "f"\nhandler = "app.handler"\nruntime = "python3.12"\nlocal_existing_package = "a.zip"\ncreate_package = false\ntimeout = 9\ndead_letter_target_arn = aws_sqs_queue.dead.arn', "function.this[0]", "", {
            "FunctionName": "f", "Handler": "app.handler", "Runtime": "python3.12", "Timeout": "9", "Role": "${module.m.aws_iam_role.lambda[0].Arn}", "Code": "a.zip", "Environment": {},
            "DeadLetterConfig": {"TargetArn": "${aws_sqs_queue.dead.Arn}"}, "SnapStart": {"ApplyOn": "None"}, "TenancyConfig": {},
        }),
    ],
)  # fmt: skip
def test_public_modules(tmp_path: Path, module: str, arguments: str, id: str, name: str, wanted: Any) -> None:
    """Each public module by name, in the terms of CloudFormation."""
    source = module if "/" in module else f"{module}/aws"
    call = f'module "m" {{\n  source = "terraform-aws-modules/{source}"\n{arguments}\n}}'
    assert properties(tmp_path, call, id, name) == wanted
