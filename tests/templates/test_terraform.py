# ruff: noqa: E501 -- blocks of Terraform are shown whole
"""What Terraform root modules deploy, as the model tells it."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from slslint import discover, engine
from slslint.app import Join, JoinState
from slslint.config import Settings
from slslint.model import Deployment, Function, Packaging, Ref, Source, Text, show
from slslint.source import Reader
from slslint.templates import read
from slslint.value import Absent, Either, Known, Origin, Unknown, Value, known_values

QUEUE = 'resource "aws_sqs_queue" "orders" {{\n  name = {}\n}}\n'
FUNCTION = """
resource "aws_lambda_function" "orders" {{
  function_name = "orders"
  handler       = "app.handler"
  runtime       = "python3.12"
  role          = aws_iam_role.orders.arn
  filename      = "orders.zip"
  {}
}}

resource "aws_iam_role" "orders" {{
  name = "orders"
}}
"""


def deploy(folder: Path, files: dict[str, str] | str, path: str = "main.tf", **parameters: str) -> Deployment:
    """What a root module deploys; a text alone is its `main.tf`."""
    for name, text in ({"main.tf": files} if isinstance(files, str) else files).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    found = read(path, Reader(str(folder), (str(folder),)), parameters)
    assert found is not None
    return found


def only(deployment: Deployment) -> Function:
    (function,) = deployment.functions
    return function


def written(value: Value[Text]) -> str:
    """A value as one line: its text, `?` when it cannot be told, `-` when it is absent, branches by condition."""
    match value:
        case Known(text):
            return show(text) if not isinstance(text, int | float | bool) else str(text)
        case Either(branches):
            return " | ".join(
                f"{' '.join(name if holds else f'!({name})' for name, holds in sorted(when))}: {written(each)}"
                for when, each in branches
            )
        case Absent():
            return "-"
        case _:
            return "?"


SETTINGS = """
variable "stage" { default = "dev" }
variable "team" {}
variable "nothing" { default = null }
variable "empty" { default = [] }
variable "many" { default = ["a", "b"] }
variable "settings" { default = { size = 3, name = "x" } }
variable "sized" {
  type = object({ size = optional(number, 9), name = string })
  default = { name = "y" }
}
variable "areas" { type = list(string) }
resource "aws_sqs_queue" "dead" { name = "dead" }
locals {
  prefix = "shop"
  list   = ["a", "b", "c"]
  object = { one = "1", two = "2" }
  loop   = local.pool
  pool   = local.loop
}
resource "aws_sqs_queue" "other" {
  name = "other"
}
resource "aws_sqs_queue" "counted" {
  count = 2
  name  = "counted-${count.index}"
}
resource "aws_sqs_queue" "keyed" {
  for_each = { red = "r", blue = "b" }
  name     = "keyed-${each.value}"
}
data "aws_region" "here" {}
"""


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ('"plain"', "plain"),
        ('"a\\"b\\tc\\u0041"', 'a"b\tcA'),
        ('"$${kept} %%{kept}"', "${kept} %{kept}"),
        ('"${local.prefix}-q"', "shop-q"),
        ('"${var.stage}-q"', "dev-q"),
        ('"${var.team}-q"', "${var.team}-q"),
        ('"${var.nothing}-q"', "${var.nothing}-q"),
        ("var.nothing", "?"),
        ('"${data.aws_region.here.name}"', "${AWS::Region}"),
        ('"${random_id.x.hex}"', "?"),
        ("aws_sqs_queue.other.arn", "${aws_sqs_queue.other.Arn}"),
        ("aws_sqs_queue.counted[1].url", "${aws_sqs_queue.counted[1]}"),
        ('aws_sqs_queue.keyed["red"].arn', '${aws_sqs_queue.keyed["red"].Arn}'),
        ("aws_sqs_queue.counted[7].url", "?"),
        ("aws_sqs_queue.counted.*.name[0]", "?"),
        ('join(",", aws_sqs_queue.counted[*].arn)', "${aws_sqs_queue.counted[0].Arn},${aws_sqs_queue.counted[1].Arn}"),
        ("local.list[1]", "b"),
        ("local.list.2", "c"),
        ("local.object.two", "2"),
        ('local.object["one"]', "1"),
        ("local.loop", "?"),
        ("var.settings.name", "x"),
        ("var.sized.size", "9"),
        ("7 * 6 - 2 % 2", "42"),
        ("-(1 + 2)", "-3"),
        ("max(5)", "5"),
        ("min(5, 3, 4)", "3"),
        ("max(5, var.nothing)", "?"),
        ("ceil(1.5)", "2"),
        ("abs(-1, 2)", "?"),
        ("1 / 0", "?"),
        ("true ? 1 : 2", "1"),
        ('2 > 1 && !false ? "yes" : "no"', "yes"),
        ('local.prefix == "shop" ? "a" : "b"', "a"),
        ('var.team == "x" ? "a" : "b"', 'var.team == "x": a | !(var.team == "x"): b'),
        ('var.stage == "dev" ? "a" : "b"', 'var.stage == "dev": a | !(var.stage == "dev"): b'),
        ('var.stage != "dev" ? "a" : "b"', 'var.stage == "dev": b | !(var.stage == "dev"): a'),
        ('aws_sqs_queue.dead.arn == "" ? "a" : "b"', "b"),
        ('"" != aws_sqs_queue.dead.arn ? "a" : "b"', "a"),
        ('var.team == "" ? "a" : "b"', 'var.team == "": a | !(var.team == ""): b'),
        ("var.nothing == null ? 1 : 2", "var.nothing == null: 1 | !(var.nothing == null): 2"),
        ('length(var.empty) > 0 ? "some" : "none"', "length(var.empty) > 0: some | !(length(var.empty) > 0): none"),
        ('length(local.list) > 2 ? "many" : "few"', "many"),
        ('var.team == "x" ? "same" : "same"', "same"),
        ('[for item in local.list : upper(item) if item != "b"][1]', "C"),
        ('{ for key, value in local.object : value => key }["2"]', "two"),
        ('join("-", [for index, item in local.list : "${index}${item}"])', "0a-1b-2c"),
        ('"%{ if var.stage == "x" }a%{ else }b%{ endif }"', 'var.stage == "x": a | !(var.stage == "x"): b'),
        ('"%{ for item in local.list }${item}.%{ endfor }"', "a.b.c."),
        ("<<-EOT\n    one\n      two\n  EOT\n", "one\n  two\n"),
        ('format("%s-%d%%", local.prefix, 3)', "shop-3%"),
        ('format("%s", aws_sqs_queue.other.arn)', "${aws_sqs_queue.other.Arn}"),
        ('lookup(local.object, "two", "z")', "2"),
        ('lookup(local.object, "six", "z")', "z"),
        ('merge(local.object, { two = "3" }).two', "3"),
        ('element(concat(local.list, ["d"]), 3)', "d"),
        ('try(local.object.six, local.list[9], "fine")', "fine"),
        ('coalesce("", null, "first")', "first"),
        ('trimsuffix(trimprefix("a-b-c", "a-"), "-c")', "b"),
        ('replace("a.b", ".", "-")', "a-b"),
        ('split("/", "a/b")[1]', "b"),
        ('substr("abcdef", 1, 3)', "bcd"),
        ('contains(local.list, "b") ? "in" : "out"', "in"),
        ("tostring(length(keys(local.object)))", "2"),
        ('flatten([["a"], ["b", ["c"]]])[2]', "c"),
        ('jsondecode("{\\"a\\": {\\"b\\": 5}}").a.b', "5"),
        ("setproduct([1], [2])[0]", "?"),
        ("nonsense(1)", "?"),
        ('provider::aws::arn_parse("x")', "?"),
    ],
)
def test_expressions(tmp_path: Path, expression: str, text: str) -> None:
    queues = deploy(tmp_path, SETTINGS + QUEUE.format(expression)).queues
    assert written(next(queue.name for queue in queues if queue.id == "aws_sqs_queue.orders")) == text


def test_default_of_a_variable_decides_a_value_and_says_so(tmp_path: Path) -> None:
    (queue,) = deploy(tmp_path, 'variable "stage" { default = "dev" }\n' + QUEUE.format("var.stage")).queues
    assert isinstance(queue.name, Known)
    assert (queue.name.value, queue.name.origin, queue.name.at.line) == ("dev", Origin.DERIVED, 3)


@pytest.mark.parametrize(
    ("files", "parameters"),
    [
        ({"terraform.tfvars": 'stage = "prod"\n'}, {}),
        ({"a.auto.tfvars": 'stage = "test"\n', "b.auto.tfvars": 'stage = "prod"\n'}, {}),
        ({"terraform.tfvars.json": '{"stage": "prod"}'}, {}),
        ({"terraform.tfvars": 'stage = "test"\n'}, {"stage": "prod"}),
    ],
)
def test_what_the_user_decides_decides_conditions_too(
    tmp_path: Path, files: dict[str, str], parameters: dict[str, str]
) -> None:
    main = 'variable "stage" { default = "dev" }\n' + QUEUE.format('var.stage == "prod" ? "big" : "small"')
    (queue,) = deploy(tmp_path, {"main.tf": main, "prod.tfvars": 'stage = "other"\n', **files}, **parameters).queues
    assert written(queue.name) == "big"


@pytest.mark.parametrize(
    ("setting", "timeout"),
    [
        ("", "3"),
        ("timeout = 10", "10"),
        ('timeout = "10"', "10"),
        ("timeout = null", "3"),
        ("timeout = var.none", "?"),
        ("timeout = var.ten", "10"),
        ("timeout = var.prod ? 60 : null", "var.prod: 60 | !(var.prod): 3"),
    ],
)
def test_timeouts(tmp_path: Path, setting: str, timeout: str) -> None:
    variables = 'variable "none" { default = null }\nvariable "ten" { default = 10 }\nvariable "prod" {}\n'
    function = only(deploy(tmp_path, variables + FUNCTION.format(setting)))
    assert written(function.timeout) == timeout
    assert function.role == Known("aws_iam_role.orders", function.role.at, Origin.WRITTEN)  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("block", "target"),
    [
        ("dead_letter_config {\n    target_arn = aws_sqs_queue.dead.arn\n  }", "${aws_sqs_queue.dead.Arn}"),
        (
            'dynamic "dead_letter_config" {\n for_each = var.dead == null ? [] : [var.dead]\n content {\n'
            " target_arn = dead_letter_config.value\n }\n }",
            "var.dead == null: - | !(var.dead == null): ${var.dead}",
        ),
        (
            'dynamic "dead_letter_config" {\n for_each = [aws_sqs_queue.dead.arn]\n iterator = it\n content {\n'
            " target_arn = it.value\n }\n }",
            "${aws_sqs_queue.dead.Arn}",
        ),
        ('dynamic "dead_letter_config" {\n for_each = var.targets\n content {\n target_arn = "x"\n }\n }', "?"),
        ('dynamic "dead_letter_config" {\n for_each = []\n content {\n target_arn = "x"\n }\n }', "-"),
    ],
)
def test_dynamic_blocks(tmp_path: Path, block: str, target: str) -> None:
    more = 'variable "dead" {}\nvariable "targets" { type = list(string) }\nresource "aws_sqs_queue" "dead" {}\n'
    assert written(only(deploy(tmp_path, more + FUNCTION.format(block))).dead_letter) == target


@pytest.mark.parametrize(
    ("pattern", "keys"),
    [
        ("*.py", ["a.py", "b.py"]),
        ("?.js", ["c.js"]),
        ("**/*.py", ["a.py", "b.py", "more/d.py"]),
        ("more/*", ["more/d.py"]),
        ("*.zip", []),
        ("*.{py,js}", []),
    ],
)
def test_files_of_a_set(tmp_path: Path, pattern: str, keys: list[str]) -> None:
    text = f"""
    resource "aws_sqs_queue" "orders" {{
      for_each = fileset("${{path.module}}/src", "{pattern}")
    }}
    """
    files = dict.fromkeys(["src/a.py", "src/b.py", "src/c.js", "src/more/d.py", "e.py"], "")
    queues = deploy(tmp_path, {"main.tf": text, **files}).queues
    made = [f'aws_sqs_queue.orders["{key}"]' for key in keys]
    assert [queue.id for queue in queues] == (made or ["aws_sqs_queue.orders"])


@pytest.mark.parametrize(
    "policy",
    [
        "jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 4 })",
        '"{\\"deadLetterTargetArn\\":\\"${aws_sqs_queue.dead.arn}\\",\\"maxReceiveCount\\":4}"',
        '<<EOF\n{\n  "deadLetterTargetArn": "${aws_sqs_queue.dead.arn}",\n  "maxReceiveCount": 4\n}\nEOF\n',
        'true ? jsonencode(merge({ deadLetterTargetArn = aws_sqs_queue.dead.arn }, { maxReceiveCount = "4" })) : null',
    ],
)
@pytest.mark.parametrize("apart", [False, True])
def test_redrive_policies(tmp_path: Path, policy: str, apart: bool) -> None:
    dead = 'resource "aws_sqs_queue" "dead" {}\n'
    own = f"redrive_policy = {policy}"
    text = f'resource "aws_sqs_queue" "orders" {{\n{"" if apart else own}\n}}\n'
    if apart:
        queue = "queue_url = aws_sqs_queue.orders.id"
        text += f'resource "aws_sqs_queue_redrive_policy" "orders" {{\n{queue}\n{own}\n}}\n'
    deployment = deploy(tmp_path, dead + text)
    orders = next(queue for queue in deployment.queues if queue.id == "aws_sqs_queue.orders")
    assert (written(orders.redrive), written(orders.max_receives)) == ("${aws_sqs_queue.dead.Arn}", "4")


def test_a_redrive_policy_of_only_some_deployments(tmp_path: Path) -> None:
    text = """
    variable "keep" { type = bool }
    resource "aws_sqs_queue" "dead" {}
    resource "aws_sqs_queue" "orders" {
      redrive_policy = var.keep ? jsonencode({ deadLetterTargetArn = aws_sqs_queue.dead.arn }) : null
    }
    """
    orders = deploy(tmp_path, text).queues[1]
    assert written(orders.redrive) == "var.keep: ${aws_sqs_queue.dead.Arn} | !(var.keep): -"


@pytest.mark.parametrize(
    ("url", "redrive"),
    [
        ("aws_sqs_queue.orders.url", "${aws_sqs_queue.dead.Arn}"),
        ('"https://sqs.eu-west-1.amazonaws.com/1/${aws_sqs_queue.orders.name}"', "${aws_sqs_queue.dead.Arn}"),
        ('"https://sqs.eu-west-1.amazonaws.com/${var.account}/orders"', "${aws_sqs_queue.dead.Arn}"),
        ('"https://sqs.eu-west-1.amazonaws.com/1/others"', "-"),
        ("aws_sqs_queue.other.url", "-"),
        ("data.aws_sqs_queue.some.url", "?"),
        ("var.url", "?"),
        ("local.nowhere", "?"),
    ],
)
def test_whose_redrive_policy_it_is(tmp_path: Path, url: str, redrive: str) -> None:
    text = f"""
    variable "account" {{}}
    variable "url" {{}}
    resource "aws_sqs_queue" "orders" {{ name = "orders" }}
    resource "aws_sqs_queue" "other" {{ name = "other" }}
    resource "aws_sqs_queue" "dead" {{ name = "dead" }}
    resource "aws_sqs_queue_redrive_policy" "r" {{
      queue_url      = {url}
      redrive_policy = jsonencode({{ deadLetterTargetArn = aws_sqs_queue.dead.arn, maxReceiveCount = 3 }})
    }}
    """
    assert written(deploy(tmp_path, text).queues[0].redrive) == redrive


@pytest.mark.parametrize(
    ("function", "caught"),
    [("aws_lambda_function.orders.arn", "-"), ('"others"', "-"), ("var.function", "?")],
)
def test_failure_settings_of_a_function_that_cannot_be_told(tmp_path: Path, function: str, caught: str) -> None:
    text = f"""
    variable "function" {{}}
    resource "aws_lambda_function_event_invoke_config" "c" {{
      function_name = {function}
      destination_config {{
        on_failure {{ destination = "arn:aws:sqs:eu-west-1:1:failed" }}
      }}
    }}
    """
    assert written(only(deploy(tmp_path, text + FUNCTION.format(""))).dead_letter) == caught


@pytest.mark.parametrize("default", ["{}", "{ targets = [] }", "{ target = null, targets = [] }"])
def test_defaults_of_nothing_are_there_to_be_set(tmp_path: Path, default: str) -> None:
    text = f"""
    variable "failures" {{
      type    = object({{ target = optional(string), targets = optional(list(string), []) }})
      default = {default}
    }}
    """
    block = 'dynamic "dead_letter_config" {\n for_each = %s\n content {\n target_arn = dead_letter_config.value\n }\n }'
    for over in ("var.failures.target == null ? [] : [var.failures.target]", "var.failures.targets"):
        found = only(deploy(tmp_path, text + FUNCTION.format(block % over))).dead_letter
        assert not isinstance(found, Absent), over


@pytest.mark.parametrize(
    ("count", "ids"),
    [
        ("count = 0", []),
        ("count = 2", ["aws_sqs_queue.orders[0]", "aws_sqs_queue.orders[1]"]),
        ("count = var.one", ["aws_sqs_queue.orders[0]"]),
        ("count = var.zero", ["aws_sqs_queue.orders"]),
        ("count = var.create ? 1 : 0", ["aws_sqs_queue.orders[0]"]),
        ('for_each = toset(["a", "b"])', ['aws_sqs_queue.orders["a"]', 'aws_sqs_queue.orders["b"]']),
        ("for_each = var.names", ["aws_sqs_queue.orders"]),
        (
            "for_each = { for name in var.pair : name => name }",
            ['aws_sqs_queue.orders["x"]', 'aws_sqs_queue.orders["y"]'],
        ),
        ('for_each = fileset(path.module, "*.py")', ["aws_sqs_queue.orders"]),
        ("count = 100000", ["aws_sqs_queue.orders"]),
    ],
)
def test_instances(tmp_path: Path, count: str, ids: list[str]) -> None:
    text = """
    variable "one" { default = 1 }
    variable "zero" { default = 0 }
    variable "create" { default = true }
    variable "names" { type = set(string) }
    variable "pair" { default = ["x", "y"] }
    """
    queues = deploy(
        tmp_path, f'{text}resource "aws_sns_topic" "t" {{}}\nresource "aws_sqs_queue" "orders" {{\n{count}\n}}\n'
    ).queues
    assert [queue.id for queue in queues] == ids
    conditional = "var.create" in count
    assert all((queue.when == {("var.create", True)}) is conditional for queue in queues)


ROLE = """
resource "aws_iam_role" "orders" {
  name = "orders"
  assume_role_policy = jsonencode({ Statement = [{ Effect = "Allow", Action = "sts:AssumeRole", Principal = "*" }] })
  %s
}
variable "more" { type = list(string) }
variable "wide" {}
data "aws_iam_policy_document" "base" {
  statement {
    sid       = "Read"
    actions   = ["s3:GetObject"]
    resources = ["*"]
  }
}
data "aws_iam_policy_document" "orders" {
  source_policy_documents = [data.aws_iam_policy_document.base.json]
  statement {
    sid     = "Write"
    actions = ["s3:PutObject"]
    resources = ["${aws_s3_bucket.b.arn}/*"]
  }
}
resource "aws_s3_bucket" "b" {}
"""


@pytest.mark.parametrize(
    ("own", "more", "grants", "managed", "complete"),
    [
        ('inline_policy {\n name = "p"\n policy = data.aws_iam_policy_document.orders.json\n }', "", 2, [], True),
        ("", 'resource "aws_iam_role_policy" "p" {\n role = aws_iam_role.orders.id\n policy = data.aws_iam_policy_document.orders.json\n}', 2, [], True),
        ("", 'resource "aws_iam_role_policy" "p" {\n role = "orders"\n policy = data.aws_iam_policy_document.base.json\n}', 1, [], True),
        ("", 'resource "aws_iam_role_policy" "p" {\n role = aws_iam_role.orders.id\n policy = var.wide\n}', 0, [], False),
        (
            "",
            'resource "aws_iam_policy" "p" {\n policy = data.aws_iam_policy_document.base.json\n}\n'
            'resource "aws_iam_role_policy_attachment" "p" {\n role = aws_iam_role.orders.name\n policy_arn = aws_iam_policy.p.arn\n}',
            1, [], True,
        ),
        (
            "",
            'resource "aws_iam_role_policy_attachment" "p" {\n for_each = toset(["A", "B"])\n role = aws_iam_role.orders.name\n'
            ' policy_arn = "arn:aws:iam::aws:policy/${each.value}"\n}',
            0, ["A", "B"], True,
        ),
        (
            "",
            'resource "aws_iam_policy_attachment" "p" {\n name = "p"\n roles = [aws_iam_role.orders.name]\n'
            ' policy_arn = "arn:aws:iam::aws:policy/A"\n}',
            0, ["A"], True,
        ),
        ('managed_policy_arns = ["arn:aws:iam::aws:policy/A"]', "", 0, ["A"], True),
        ("managed_policy_arns = var.more", "", 0, [], False),
        (
            "",
            'data "aws_iam_policy_document" "d" {\n dynamic "statement" {\n for_each = var.more\n content {\n'
            " actions = [statement.value]\n resources = [\"*\"]\n }\n }\n}\n"
            'resource "aws_iam_role_policy" "p" {\n role = aws_iam_role.orders.id\n policy = data.aws_iam_policy_document.d.json\n}',
            0, [], False,
        ),
    ],
)  # fmt: skip
def test_roles(tmp_path: Path, own: str, more: str, grants: int, managed: list[str], complete: bool) -> None:
    role = deploy(tmp_path, ROLE % own + more).roles["aws_iam_role.orders"]
    assert len(role.grants) == grants
    assert [policy.name for policy in role.managed] == managed
    assert (role.grants.complete and role.managed.complete) is complete


def test_an_override_document_replaces_the_statement_of_its_sid(tmp_path: Path) -> None:
    more = """
    data "aws_iam_policy_document" "all" {
      source_policy_documents   = [data.aws_iam_policy_document.orders.json]
      override_policy_documents = [jsonencode({ Statement = { Sid = "Read", Effect = "Deny", Action = "s3:*" } })]
    }
    resource "aws_iam_role_policy" "p" {
      role   = aws_iam_role.orders.id
      policy = data.aws_iam_policy_document.all.json
    }
    """
    grants = deploy(tmp_path, ROLE % "" + more).roles["aws_iam_role.orders"].grants
    assert [(grant.allow, [action.value for action in grant.actions]) for grant in grants] == [
        (False, ["s3:*"]),
        (True, ["s3:PutObject"]),
    ]


TRIGGERS = [
    (
        'resource "aws_lambda_event_source_mapping" "m" {\n event_source_arn = aws_sqs_queue.q.arn\n'
        ' function_name = aws_lambda_function.orders.arn\n function_response_types = ["ReportBatchItemFailures"]\n}\n'
        'resource "aws_sqs_queue" "q" {}',
        Source.QUEUE, "${aws_sqs_queue.q.Arn}",
    ),
    (
        'resource "aws_lambda_event_source_mapping" "m" {\n event_source_arn = aws_dynamodb_table.t.stream_arn\n'
        ' function_name = aws_lambda_function.orders.arn\n starting_position = "LATEST"\n}\nresource "aws_dynamodb_table" "t" {}',
        Source.TABLE_STREAM, "${aws_dynamodb_table.t.StreamArn}",
    ),
    (
        'resource "aws_sns_topic" "t" {}\nresource "aws_sns_topic_subscription" "s" {\n topic_arn = aws_sns_topic.t.arn\n'
        ' protocol = "lambda"\n endpoint = aws_lambda_function.orders.arn\n}',
        Source.TOPIC, "${aws_sns_topic.t}",
    ),
    (
        'resource "aws_s3_bucket" "b" {}\nresource "aws_s3_bucket_notification" "n" {\n bucket = aws_s3_bucket.b.id\n'
        ' lambda_function {\n lambda_function_arn = aws_lambda_function.orders.arn\n events = ["s3:ObjectCreated:*"]\n'
        ' filter_prefix = "in/"\n }\n}',
        Source.BUCKET, "${aws_s3_bucket.b}",
    ),
    (
        'resource "aws_s3_bucket_notification" "n" {\n bucket = "elsewhere"\n lambda_function {\n'
        ' lambda_function_arn = aws_lambda_function.orders.arn\n events = ["s3:ObjectCreated:*"]\n }\n}',
        Source.BUCKET, "${aws_s3_bucket_notification.n}",
    ),
    (
        'resource "aws_cloudwatch_event_rule" "r" {\n schedule_expression = "rate(1 day)"\n}\n'
        'resource "aws_cloudwatch_event_target" "t" {\n rule = aws_cloudwatch_event_rule.r.name\n arn = aws_lambda_function.orders.arn\n}',
        Source.SCHEDULE, "${aws_cloudwatch_event_rule.r}",
    ),
    (
        'resource "aws_cloudwatch_event_rule" "r" {\n name = "r"\n event_pattern = jsonencode({ source = ["shop"] })\n}\n'
        'resource "aws_cloudwatch_event_target" "t" {\n rule = "r"\n arn = aws_lambda_function.orders.arn\n}',
        Source.RULE, "${aws_cloudwatch_event_rule.r}",
    ),
    (
        'resource "aws_scheduler_schedule" "s" {\n schedule_expression = "rate(1 day)"\n target {\n'
        " arn = aws_lambda_function.orders.arn\n }\n}",
        Source.SCHEDULE, "${aws_scheduler_schedule.s}",
    ),
    (
        'resource "aws_sfn_state_machine" "s" {\n definition = jsonencode({ States = { One = { Type = "Task",'
        " Resource = aws_lambda_function.orders.arn } } })\n}",
        Source.WORKFLOW, "${aws_sfn_state_machine.s}",
    ),
    (
        'resource "aws_lambda_permission" "p" {\n function_name = aws_lambda_function.orders.function_name\n'
        ' action = "lambda:InvokeFunction"\n principal = "iot.amazonaws.com"\n}',
        Source.IOT, "-",
    ),
    (
        'resource "aws_lambda_function_url" "u" {\n function_name = aws_lambda_function.orders.function_name\n'
        ' authorization_type = "NONE"\n}',
        Source.FUNCTION_URL, "${aws_lambda_function_url.u}",
    ),
    (
        'resource "aws_cognito_user_pool" "p" {\n name = "p"\n lambda_config {\n pre_sign_up = aws_lambda_function.orders.arn\n }\n}',
        Source.USER_POOL, "${aws_cognito_user_pool.p}",
    ),
    (
        'resource "aws_secretsmanager_secret" "s" {}\nresource "aws_secretsmanager_secret_rotation" "r" {\n'
        " secret_id = aws_secretsmanager_secret.s.id\n rotation_lambda_arn = aws_lambda_function.orders.arn\n}",
        Source.SECRET_ROTATION, "${aws_secretsmanager_secret.s}",
    ),
    (
        'resource "aws_cloudwatch_log_group" "g" {\n name = "g"\n}\nresource "aws_cloudwatch_log_subscription_filter" "f" {\n'
        ' log_group_name = aws_cloudwatch_log_group.g.name\n destination_arn = aws_lambda_function.orders.arn\n filter_pattern = "ERROR"\n}',
        Source.LOGS, "${aws_cloudwatch_log_group.g}",
    ),
    (
        'resource "aws_sqs_queue" "q" {}\nresource "aws_pipes_pipe" "p" {\n source = aws_sqs_queue.q.arn\n target = aws_lambda_function.orders.arn\n}',
        Source.PIPE, "${aws_sqs_queue.q.Arn}",
    ),
    (
        'resource "aws_lambda_alias" "live" {\n name = "live"\n function_name = aws_lambda_function.orders.arn\n'
        ' function_version = aws_lambda_function.orders.version\n}\nresource "aws_sns_topic" "t" {}\n'
        'resource "aws_sns_topic_subscription" "s" {\n topic_arn = aws_sns_topic.t.arn\n protocol = "lambda"\n endpoint = aws_lambda_alias.live.arn\n}',
        Source.TOPIC, "${aws_sns_topic.t}",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("text", "kind", "source"), TRIGGERS)
def test_triggers(tmp_path: Path, text: str, kind: Source, source: str) -> None:
    (trigger,) = deploy(tmp_path, FUNCTION.format("") + text).triggers
    assert (trigger.function, trigger.source_kind, written(trigger.source)) == (
        "aws_lambda_function.orders",
        kind,
        source,
    )


@pytest.mark.parametrize(
    ("text", "setting", "value"),
    [
        ('recursion_config" "c" {\n function_name = %s\n recursive_loop = "Allow"', "recursion_allowed", "True"),
        ('recursion_config" "c" {\n function_name = %s\n recursive_loop = "Terminate"', "recursion_allowed", "False"),
        ('event_invoke_config" "c" {\n function_name = %s\n maximum_retry_attempts = 0', "on_failure", "-"),
        (
            'event_invoke_config" "c" {\n function_name = %s\n qualifier = "live"\n destination_config {\n on_failure {\n'
            ' destination = aws_sqs_queue.q.arn\n }\n }',
            "on_failure", "${aws_sqs_queue.q.Arn}",
        ),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "function", ["aws_lambda_function.orders.function_name", '"orders"', "aws_lambda_function.orders.arn"]
)
def test_settings_of_functions_in_resources_of_their_own(
    tmp_path: Path, text: str, setting: str, value: str, function: str
) -> None:
    more = f'resource "aws_sqs_queue" "q" {{}}\nresource "aws_lambda_function_{text % function}\n}}\n'
    assert written(getattr(only(deploy(tmp_path, FUNCTION.format("") + more)), setting)) == value


@pytest.mark.parametrize(
    "function", ["aws_lambda_function.orders.function_name", "aws_lambda_alias.live.function_name"]
)
def test_provisioned_concurrency(tmp_path: Path, function: str) -> None:
    more = f"""
    resource "aws_lambda_alias" "live" {{
      name             = "live"
      function_name    = aws_lambda_function.orders.function_name
      function_version = "1"
    }}
    resource "aws_lambda_provisioned_concurrency_config" "c" {{
      function_name                     = {function}
      qualifier                         = aws_lambda_alias.live.name
      provisioned_concurrent_executions = 4
    }}
    """
    found = only(deploy(tmp_path, FUNCTION.format("") + more)).provisioned_concurrency
    assert found is not None
    assert written(found) == "4"


def test_rest_and_http_routes(tmp_path: Path) -> None:
    text = """
    resource "aws_api_gateway_rest_api" "a" {}
    resource "aws_api_gateway_resource" "users" {
      rest_api_id = aws_api_gateway_rest_api.a.id
      parent_id   = aws_api_gateway_rest_api.a.root_resource_id
      path_part   = "users"
    }
    resource "aws_api_gateway_method" "m" {
      rest_api_id = aws_api_gateway_rest_api.a.id
      resource_id = aws_api_gateway_resource.users.id
      http_method = "GET"
    }
    resource "aws_api_gateway_integration" "i" {
      rest_api_id          = aws_api_gateway_rest_api.a.id
      resource_id          = aws_api_gateway_method.m.resource_id
      http_method          = aws_api_gateway_method.m.http_method
      uri                  = aws_lambda_function.orders.invoke_arn
      timeout_milliseconds = 5000
    }
    resource "aws_apigatewayv2_api" "h" {
      protocol_type = "HTTP"
    }
    resource "aws_apigatewayv2_integration" "h" {
      api_id          = aws_apigatewayv2_api.h.id
      integration_uri = aws_lambda_function.orders.arn
    }
    resource "aws_apigatewayv2_route" "h" {
      for_each  = toset(["POST /orders", "$default"])
      api_id    = aws_apigatewayv2_api.h.id
      route_key = each.value
      target    = "integrations/${aws_apigatewayv2_integration.h.id}"
    }
    """
    triggers = deploy(tmp_path, FUNCTION.format("") + text).triggers
    routes = {
        (route.value.method, route.value.path, wait.value)
        for trigger in triggers
        for route in known_values(trigger.route)
        for wait in known_values(trigger.caller_waits)
    }
    assert routes == {("GET", "/users", 5.0), ("POST", "/orders", 30.0), ("ANY", "$default", 30.0)}


@pytest.mark.parametrize(
    "document",
    [
        'openapi: "3.0.1"\npaths:\n  /users:\n    get:\n      x-amazon-apigateway-integration:\n        uri: ${arn}\n',
        '{"paths": {"/users": {"get": {"x-amazon-apigateway-integration": {"uri": "${arn}"}}}}}',
    ],
)
@pytest.mark.parametrize("kind", ["aws_api_gateway_rest_api", "aws_apigatewayv2_api"])
def test_routes_of_openapi_documents(tmp_path: Path, document: str, kind: str) -> None:
    body = 'templatefile("api.yaml", { arn = aws_lambda_function.orders.invoke_arn })'
    files = {"main.tf": FUNCTION.format("") + f'resource "{kind}" "a" {{\n  body = {body}\n}}\n', "api.yaml": document}
    (trigger,) = deploy(tmp_path, files).triggers
    assert [(route.value.method, route.value.path) for route in known_values(trigger.route)] == [("GET", "/users")]


@pytest.mark.parametrize(
    ("code", "packaging", "path"),
    [
        ('filename = "build/orders.zip"', Packaging.FILES, "build/orders.zip"),
        ("filename = data.archive_file.folder.output_path", Packaging.FILES, "src"),
        ('filename = "folder.zip"', Packaging.FILES, "src"),
        ("filename = data.archive_file.file.output_path", Packaging.FILES, "src/app.py"),
        ("filename = data.archive_file.content.output_path", Packaging.FILES, "src/app.py"),
        ("filename = data.archive_file.inline.output_path", Packaging.INLINE, "-"),
        ("s3_bucket = aws_s3_object.code.bucket\n s3_key = aws_s3_object.code.key", Packaging.FILES, "src"),
        ('s3_bucket = "b"\n s3_key = "code.zip"', Packaging.REMOTE, "-"),
        ('package_type = "Image"\n image_uri = "x"', Packaging.IMAGE, "-"),
        ("filename = var.zip", Packaging.REMOTE, "?"),
        ("filename = data.archive_file.several.output_path", Packaging.REMOTE, "?"),
    ],
)
def test_where_code_is(tmp_path: Path, code: str, packaging: Packaging, path: str) -> None:
    text = """
    variable "zip" {}
    data "archive_file" "folder" {
      type        = "zip"
      source_dir  = "${path.module}/src"
      output_path = "${path.module}/folder.zip"
    }
    data "archive_file" "file" {
      source_file = "src/app.py"
      output_path = "file.zip"
    }
    data "archive_file" "content" {
      output_path = "content.zip"
      source {
        content  = file("${path.module}/src/app.py")
        filename = "app.py"
      }
    }
    data "archive_file" "inline" {
      output_path = "inline.zip"
      source {
        content  = <<-PY
          def handler(event, context):
              return 1
        PY
        filename = "app.py"
      }
    }
    data "archive_file" "several" {
      output_path = "several.zip"
      source {
        content  = file("${path.module}/src/app.py")
        filename = "app.py"
      }
      source {
        content  = "{}"
        filename = "settings.json"
      }
    }
    resource "aws_s3_object" "code" {
      bucket = "b"
      key    = "orders.zip"
      source = data.archive_file.folder.output_path
    }
    """
    function = FUNCTION.format(code).replace('  filename      = "orders.zip"\n', "")
    package = only(deploy(tmp_path, {"main.tf": text + function, "src/app.py": ""})).package
    assert (package.packaging, written(package.path)) == (packaging, path)


CODE = {"src/app.py": "def handler(event, context):\n    return 1\n"}
PACKER = """
variable "source_path" {}
data "external" "archive" {
  program = ["python", "pack.py"]
  query   = { source = jsonencode(var.source_path) }
}
resource "aws_lambda_function" "this" {
  function_name = "orders"
  handler       = "app.handler"
  runtime       = "python3.12"
  role          = "arn:aws:iam::1:role/x"
  filename      = data.external.archive.result.filename
}
"""


def join_of(folder: Path, files: dict[str, str]) -> Join:
    """How the one function is joined to its code."""
    for name, text in {**files, **CODE}.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    apps = engine.understand(["."], Settings(root=str(folder)), Reader(str(folder), (str(folder),)))
    app = next(app for app in apps if app.deployment.path == "main.tf")
    return app.joins[only(app.deployment).id]


@pytest.mark.parametrize(
    "path",
    [
        '"src"',
        '"${path.module}/src/app.py"',
        '["other", "src"]',
        '[{ path = "${path.root}/src", pip_requirements = true, patterns = ["!tests/.*"] }]',
        '[{ pip_requirements = "requirements.txt", prefix_in_zip = "vendor" }, "src"]',
        '[{ path = "src", commands = ["pip install -t . -r requirements.txt", ":zip"] }]',
    ],
)
@pytest.mark.parametrize("source", ["terraform-aws-modules/lambda/aws", "./modules/packer"])
def test_modules_that_pack_a_source_path(tmp_path: Path, source: str, path: str) -> None:
    settings = (
        "" if source.startswith(".") else 'function_name = "orders"\nhandler = "app.handler"\nruntime = "python3.12"'
    )
    main = f'module "orders" {{\n  source = "{source}"\n  source_path = {path}\n{settings}\n}}\n'
    join = join_of(tmp_path, {"main.tf": main, "modules/packer/main.tf": PACKER})
    assert (join.state, join.file) == (JoinState.JOINED, "src/app.py")


@pytest.mark.parametrize(
    ("path", "handler"),
    [
        ('[{ path = "src", commands = ["npm run build", "cd dist", ":zip"] }]', "built.handler"),
        ('[{ path = "src", prefix_in_zip = "inner" }]', "app.handler"),
        ("[{ path = var.nowhere }]", "app.handler"),
        ('["src", "more"]', "elsewhere.handler"),
    ],
)
def test_what_a_module_packs_may_not_be_told(tmp_path: Path, path: str, handler: str) -> None:
    main = f'variable "nowhere" {{}}\nmodule "orders" {{\n  source = "./modules/packer"\n  source_path = {path}\n}}\n'
    files = {"main.tf": main, "modules/packer/main.tf": PACKER.replace("app.handler", handler), "more/x.py": ""}
    assert join_of(tmp_path, files).state is JoinState.ELSEWHERE


@pytest.mark.parametrize(
    ("ignored", "state"),
    [
        ("", JoinState.MISSING),
        ("lifecycle {\n    ignore_changes = [tags]\n  }", JoinState.MISSING),
        ("lifecycle {\n    ignore_changes = [filename, source_code_hash]\n  }", JoinState.ELSEWHERE),
        ('lifecycle {\n    ignore_changes = ["s3_key"]\n  }', JoinState.ELSEWHERE),
        ("lifecycle {\n    ignore_changes = all\n  }", JoinState.ELSEWHERE),
    ],
)
@pytest.mark.parametrize("inline", [False, True])
def test_code_that_others_deploy_need_not_be_there(
    tmp_path: Path, ignored: str, state: JoinState, inline: bool
) -> None:
    source = 'source {\n    filename = "stub.py"\n    content = "STUB = 1"\n  }' if inline else 'source_dir = "stub"'
    archive = f'data "archive_file" "stub" {{\n  type = "zip"\n  output_path = "stub.zip"\n  {source}\n}}\n'
    function = FUNCTION.format(ignored).replace('"orders.zip"', "data.archive_file.stub.output_path")
    join = join_of(tmp_path, {"main.tf": archive + function, "stub/stub.py": "STUB = 1\n"})
    assert join.state is state


@pytest.mark.parametrize(
    ("waits", "state"),
    [
        ("", JoinState.MISSING),
        ("depends_on = [aws_sqs_queue.q]", JoinState.MISSING),
        ("depends_on = [null_resource.build]", JoinState.ELSEWHERE),
        ('}\nresource "local_file" "made" {\n  filename = "${path.module}/made/app.py"', JoinState.ELSEWHERE),
        ('}\nresource "local_file" "made" {\n  filename = "${path.module}/notes/app.py"', JoinState.MISSING),
    ],
)
def test_code_that_is_made_first_need_not_be_there(tmp_path: Path, waits: str, state: JoinState) -> None:
    archive = (
        f'data "archive_file" "a" {{\n  source_dir = "${{path.module}}/made"\n  output_path = "a.zip"\n  {waits}\n}}\n'
    )
    function = FUNCTION.format("").replace('"orders.zip"', "data.archive_file.a.output_path")
    join = join_of(tmp_path, {"main.tf": archive + function, "made/other.py": "OTHER = 1\n"})
    assert join.state is state


@pytest.mark.parametrize(("ignored", "state"), [("tags", JoinState.MISSING), ("filename", JoinState.ELSEWHERE)])
def test_code_that_others_deploy_in_json(tmp_path: Path, ignored: str, state: JoinState) -> None:
    function = {"handler": "no.handler", "runtime": "python3.12", "role": "x", "filename": "src"}
    resource = {"aws_lambda_function": {"orders": {**function, "lifecycle": {"ignore_changes": [ignored]}}}}
    join = join_of(tmp_path, {"main.tf": "", "orders.tf.json": json.dumps({"resource": resource})})
    assert join.state is state


def test_inline_code_stands_where_it_is_written(tmp_path: Path) -> None:
    text = 'data "archive_file" "a" {\n  output_path = "a.zip"\n  source {\n    filename = "app.py"\n    content  = <<-PY\n'
    text += "      def handler(event, context):\n          return 1\n    PY\n  }\n}\n"
    code = FUNCTION.format("").replace('"orders.zip"', "data.archive_file.a.output_path")
    function = only(deploy(tmp_path, text + code))
    assert function.package.inline is not None
    assert function.package.inline.text.startswith("def handler")
    assert function.package.inline.places is not None
    assert function.package.inline.places[0] == (6, 7)
    assert written(function.handler) == "index.handler"


def test_inline_code_of_an_archive_that_may_not_be_made(tmp_path: Path) -> None:
    text = 'variable "drill" {}\ndata "archive_file" "a" {\n  count = var.drill ? 1 : 0\n  output_path = "a.zip"\n'
    text += '  source {\n    filename = "app.py"\n    content = "def handler(event, context): pass"\n  }\n}\n'
    function = FUNCTION.format("count = var.drill ? 1 : 0")
    join = join_of(tmp_path, {"main.tf": text + function.replace('"orders.zip"', "data.archive_file.a[0].output_path")})
    assert join.state is JoinState.JOINED


MODULE = {
    "modules/worker/main.tf": """
variable "name" {}
variable "timeout" { default = 30 }
variable "dead" { default = null }
variable "options" {
  type = object({ memory = optional(number, 256) })
  default = {}
}
variable "environment" { default = {} }
resource "aws_lambda_function" "this" {
  function_name = var.name
  handler       = "app.handler"
  runtime       = "python3.12"
  role          = "arn:aws:iam::1:role/x"
  filename      = data.archive_file.code.output_path
  timeout       = var.timeout
  memory_size   = var.options.memory
  dynamic "dead_letter_config" {
    for_each = var.dead == null ? [] : [1]
    content {
      target_arn = var.dead
    }
  }
  environment {
    variables = merge({ NAME = var.name }, var.environment)
  }
}
data "archive_file" "code" {
  source_dir  = "${path.module}/code"
  output_path = "code.zip"
}
output "arn" { value = aws_lambda_function.this.arn }
""",
}


def test_local_modules(tmp_path: Path) -> None:
    main = """
variable "stage" {}
module "plain" {
  source = "./modules/worker"
  name   = "plain"
}
module "full" {
  source      = "./modules/worker"
  name        = "full-${var.stage}"
  timeout     = 60
  dead        = aws_sqs_queue.dead.arn
  environment = { QUEUE = aws_sqs_queue.dead.url }
  options     = { memory = 1024 }
}
resource "aws_sqs_queue" "dead" {}
resource "aws_sns_topic" "t" {}
resource "aws_sns_topic_subscription" "s" {
  topic_arn = aws_sns_topic.t.arn
  protocol  = "lambda"
  endpoint  = module.full.arn
}
"""
    deployment = deploy(tmp_path, {"main.tf": main, **MODULE})
    plain, full = deployment.functions
    assert (plain.id, full.id) == ("module.plain.aws_lambda_function.this", "module.full.aws_lambda_function.this")
    assert plain.at.path == "modules/worker/main.tf"
    assert [written(value) for value in (plain.timeout, plain.memory, plain.dead_letter)] == ["30", "256", "-"]
    assert [written(value) for value in (full.timeout, full.memory, full.dead_letter)] == [
        "60",
        "1024",
        "${aws_sqs_queue.dead.Arn}",
    ]
    assert full.timeout == Known(60, full.timeout.at)  # type: ignore[union-attr]
    assert full.timeout.at.path == "main.tf"  # type: ignore[union-attr]
    assert written(full.name) == "full-${var.stage}"
    assert set(full.environment.variables) == {"NAME", "QUEUE"}
    assert written(plain.package.path) == "modules/worker/code"
    (trigger,) = deployment.triggers
    assert trigger.function == full.id


def test_two_roots_that_call_one_module(tmp_path: Path) -> None:
    call = 'module "orders" {{\n  source = "../shared"\n  timeout = {}\n}}\n'
    variable = 'variable "timeout" {}\n'
    files = {
        "one/main.tf": call.format(10),
        "two/main.tf": call.format(20),
        "shared/main.tf": variable + FUNCTION.format("timeout = var.timeout"),
        "shared/broken.tf": 'resource "aws_sqs_queue" {\n',
    }
    deploy(tmp_path, files, "one/main.tf")
    reader = Reader(str(tmp_path), (str(tmp_path),))
    found = [read(path, reader, {}) for path in ("one/main.tf", "two/main.tf")]
    assert [each and (written(only(each).timeout), len(each.problems), each.complete) for each in found] == [
        ("10", 1, False),
        ("20", 1, False),
    ]


def test_instances_of_modules_and_conditions_that_they_inherit(tmp_path: Path) -> None:
    main = """
variable "create" {}
module "worker" {
  for_each = { a = 10, b = 20 }
  source   = "./modules/worker"
  name     = each.key
  timeout  = each.value
}
module "extra" {
  count  = var.create ? 1 : 0
  source = "./modules/worker"
  name   = "extra"
}
"""
    functions = deploy(tmp_path, {"main.tf": main, **MODULE}).functions
    assert [(function.id, written(function.timeout), dict(function.when)) for function in functions] == [
        ('module.worker["a"].aws_lambda_function.this', "10", {}),
        ('module.worker["b"].aws_lambda_function.this', "20", {}),
        ("module.extra[0].aws_lambda_function.this", "30", {"var.create": True}),
    ]


def test_a_module_alone_leaves_absence_to_its_callers(tmp_path: Path) -> None:
    function = only(deploy(tmp_path, MODULE, "modules/worker/main.tf"))
    assert isinstance(function.dead_letter, Unknown | Either)
    assert not function.environment.complete


def test_modules_that_call_themselves_and_each_other(tmp_path: Path) -> None:
    again = 'module "again" {\n  source = "%s"\n}\n'
    files = {"main.tf": QUEUE.format('"q"') + again % "./a", "a/main.tf": again % "../b", "b/main.tf": again % "../a"}
    assert [queue.id for queue in deploy(tmp_path, files).queues] == ["aws_sqs_queue.orders"]
    reader = Reader(str(tmp_path), (str(tmp_path),))
    assert discover.find(["."], reader).templates == ("main.tf",)
    assert discover.find(["a", "b"], reader).templates


def test_folders_are_one_root_each_unless_a_root_calls_them(tmp_path: Path) -> None:
    for path in ("main.tf", "queues.tf", "modules/worker/main.tf", "lonely/a.tf", ".terraform/modules/x/main.tf"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text('module "w" {\n  source = "./modules/worker"\n}\n' if path == "main.tf" else QUEUE)
    (tmp_path / "lonely/a.tf").write_text('resource "aws_sqs_queue" "q" {}')
    (tmp_path / "modules/worker/main.tf").write_text('resource "aws_sqs_queue" "q" {}')
    (tmp_path / "azure").mkdir()
    (tmp_path / "azure/main.tf").write_text('resource "azurerm_function_app" "f" {}')
    found = discover.find(["."], Reader(str(tmp_path), (str(tmp_path),)))
    assert found.templates == ("lonely/a.tf", "main.tf")


def test_public_modules(tmp_path: Path) -> None:
    main = """
module "orders" {
  source        = "terraform-aws-modules/lambda/aws"
  version       = "~> 7.0"
  function_name = "orders"
  handler       = "app.handler"
  runtime       = "python3.12"
  source_path   = [{ path = "${path.module}/src", pip_requirements = true }]

  environment_variables = { QUEUE = module.queue.queue_url }

  attach_policy_statements = true
  policy_statements = {
    read = { effect = "Allow", actions = ["s3:GetObject"], resources = ["*"] }
  }
  event_source_mapping = {
    sqs = { event_source_arn = module.queue.queue_arn }
  }
}
module "layer" {
  source       = "terraform-aws-modules/lambda/aws"
  create_layer = true
  layer_name   = "shared"
  source_path  = "layer"
}
module "off" {
  source = "git::https://github.com/terraform-aws-modules/terraform-aws-lambda.git?ref=v7"
  create = false
}
module "queue" {
  source     = "terraform-aws-modules/sqs/aws"
  name       = "orders"
  create_dlq = true
}
module "elsewhere" {
  source = "git::https://example.com/modules/lambda.git"
  arn    = module.orders.lambda_function_arn
}
"""
    deployment = deploy(tmp_path, {"main.tf": main, "src/app.py": ""})
    function = only(deployment)
    assert function.id == "module.orders.aws_lambda_function.this[0]"
    assert (function.at.path, function.at.line) == ("main.tf", 2)
    assert isinstance(function.timeout, Known)
    assert function.timeout.origin is Origin.DEFAULT
    assert written(function.package.path) == "src"
    assert written(function.environment.variables["QUEUE"]) == "${module.queue.aws_sqs_queue.this[0]}"
    role = deployment.roles["module.orders.aws_iam_role.lambda[0]"]
    assert [action.value for grant in role.grants for action in grant.actions] == ["s3:GetObject"]
    (trigger,) = deployment.triggers
    assert trigger.source_kind is Source.QUEUE
    queue, dead = deployment.queues
    assert written(queue.redrive) == show(Ref(dead.id, "Arn"))
    assert len(deployment.layers) == 1
    assert [(gap.at.line, "elsewhere" in gap.why) for gap in deployment.gaps] == [(35, True)]
    assert not deployment.complete


def test_json_syntax(tmp_path: Path) -> None:
    document = {
        "//": "a comment",
        "variable": {"stage": {"default": "dev"}},
        "locals": {"name": "orders-${var.stage}"},
        "resource": {
            "aws_sqs_queue": {"orders": [{"name": "${local.name}", "visibility_timeout_seconds": 90}]},
            "aws_lambda_function": {
                "orders": {
                    "function_name": "orders",
                    "role": "x",
                    "environment": {"variables": {"URL": "${aws_sqs_queue.orders.url}", "PLAIN": "$${x}"}},
                    "dynamic": {
                        "dead_letter_config": {
                            "for_each": ["${aws_sqs_queue.orders.arn}"],
                            "content": {"target_arn": "${dead_letter_config.value}"},
                        }
                    },
                }
            },
        },
    }
    deployment = deploy(tmp_path, {"main.tf.json": json.dumps(document, indent=2)}, "main.tf.json")
    (queue,) = deployment.queues
    assert (written(queue.name), written(queue.visibility_timeout)) == ("orders-dev", "90")
    function = only(deployment)
    assert written(function.environment.variables["URL"]) == "${aws_sqs_queue.orders}"
    assert written(function.environment.variables["PLAIN"]) == "${x}"
    assert written(function.dead_letter) == "${aws_sqs_queue.orders.Arn}"


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ('resource "aws_sqs_queue" "broken" {\n  name = = 1\n}\n', 3, "no HCL that can be read"),
        ('resource "aws_sqs_queue" "broken" {\n  name =\n', 3, "no HCL that can be read"),
        ("locals {\n  x = [1, 2\n}\n", 4, "`]` is missing"),
        ("<<<<<<< HEAD\n", 2, "a merge was not finished here"),
        ('resource "aws_sqs_queue" "b" {\n  name = "x\n}\n', 5, '`"` is missing'),
    ],
)
def test_a_broken_block_hides_no_other(tmp_path: Path, text: str, line: int, said: str) -> None:
    whole = 'resource "aws_sqs_queue" "a" {}\n'
    files = {"main.tf": whole + text, "other.tf": 'resource "aws_sqs_queue" "other" {}\n'}
    deployment = deploy(tmp_path, files)
    assert {"aws_sqs_queue.a", "aws_sqs_queue.other"} <= {queue.id for queue in deployment.queues}
    (problem,) = deployment.problems
    assert (problem.kind, problem.at.path) == ("syntax", "main.tf")
    assert abs(problem.at.line - line) <= 1
    assert said in problem.message
    assert not deployment.complete


@pytest.mark.parametrize(
    "argument",
    [
        "tags = {\n    a = [\n      1]\n  }",
        'tags = merge({\n    a = "}"\n  }, {\n    b = "["\n  })',
        "tags = merge({},\n    {})",
        "tags = {\n}",
        "tags = { # none\n  }",
        "tags = {}\r",
        "tags = 1 tags_all = 2",
        "environment { variables = {} }",
        "environment {\n    variables = {} }",
        "environment {}",
        'description = <<EOT\nresource "aws_sqs_queue" "other" {\n}\nEOT',
        "description = <<-EOT\n    }\n    EOT",
        "/* tags = {\n  } */",
        "# }",
    ],
)
def test_however_a_block_is_laid_out(tmp_path: Path, argument: str) -> None:
    block = f'resource "aws_lambda_function" "orders" {{\n  {argument}\n  timeout = 30\n}}\n'
    deployment = deploy(tmp_path, block + QUEUE.format('"orders"'))
    assert (written(only(deployment).timeout), deployment.problems) == ("30", ())
    assert [queue.at.line for queue in deployment.queues] == [block.count("\n") + 1]


def test_errors_are_found_where_nobody_looks(tmp_path: Path) -> None:
    (problem,) = deploy(tmp_path, QUEUE.format("1") + "output orders {\n  value = [1, ]]\n}\n").problems
    assert problem.kind == "syntax"


def test_values_in_a_broken_file_are_their_own(tmp_path: Path) -> None:
    broken = "locals {\n  \u00e9 = = 1\n  more = [\n}\n\n"
    text = 'resource "aws_sqs_queue" "orders" {\n  name = <<-EOT\n    a\u00e9\n    b-${"c"}\n  EOT\n}\n' + QUEUE.format(
        '"\u00e9-d"'
    ).replace('"orders"', '"more"')
    queues = deploy(tmp_path, broken + text).queues
    assert [(written(queue.name), queue.at.line) for queue in queues] == [("a\u00e9\nb-c\n", 6), ("\u00e9-d", 12)]


@pytest.mark.parametrize("text", ["= = {", "}", "resource", 'x = "${', "<<EOT\n", "\u00e9 {", 'resource "a" {'])
def test_files_without_a_block_that_parses(tmp_path: Path, text: str) -> None:
    deployment = deploy(tmp_path, {"main.tf": text, "other.tf": 'resource "aws_sqs_queue" "other" {}\n'})
    assert [queue.id for queue in deployment.queues] == ["aws_sqs_queue.other"]


def test_syntax_of_terraform_0_11(tmp_path: Path) -> None:
    text = """
variable "stage" {
  type    = "string"
  default = "dev"
}
resource "aws_lambda_function" "orders" {
  function_name = "${var.stage}-${element(list("a", "b"), 1)}"
  timeout       = "30"
  role          = "${aws_iam_role.r.arn}"
  environment {
    variables {
      URL = "${element(concat(aws_sqs_queue.q.*.id, list("")), 0)}"
    }
  }
}
resource "aws_iam_role" "r" {}
resource "aws_sqs_queue" "q" {
  count = 1
}
"""
    function = only(deploy(tmp_path, text))
    assert (written(function.name), written(function.timeout)) == ("dev-b", "30")
    assert written(function.environment.variables["URL"]) == "${aws_sqs_queue.q[0]}"
    assert written(function.role) == "aws_iam_role.r"


def test_override_files_and_those_of_opentofu(tmp_path: Path) -> None:
    files = {
        "main.tf": QUEUE.format('"main"'),
        "main_override.tf": QUEUE.format('"overridden"'),
        "more.tf": 'resource "aws_sqs_queue" "more" {\n  name = "terraform"\n}\n',
        "more.tofu": 'resource "aws_sqs_queue" "more" {\n  name = "tofu"\n}\n',
    }
    assert [written(queue.name) for queue in deploy(tmp_path, files).queues] == ["overridden", "tofu"]


def test_values_that_explode_stay_small(tmp_path: Path) -> None:
    rows = [f"  l{index} = [local.l{index - 1}, local.l{index - 1}]" for index in range(1, 60)]
    texts = [f'  t{index} = "${{local.t{index - 1}}}${{local.t{index - 1}}}"' for index in range(1, 60)]
    body = "\n".join(['locals {\n  l0 = ["x"]\n  t0 = "x"', *rows, *texts, "}\n"])
    (queue,) = deploy(tmp_path, body + QUEUE.format('join("", flatten(local.l59), [local.t59])')).queues
    assert written(queue.name) in ("?", "${...}")


def test_deep_nesting_is_refused(tmp_path: Path) -> None:
    deployment = deploy(tmp_path, QUEUE.format("[" * 5000 + "]" * 5000))
    assert [problem.kind for problem in deployment.problems] == ["syntax"]
    sums = " + ".join(["1"] * 3000)
    assert written(deploy(tmp_path, QUEUE.format(sums)).queues[0].name) in ("?", "3000")


def test_plans(tmp_path: Path) -> None:
    def managed(address: str, values: dict[str, object]) -> dict[str, object]:
        kind, _, name = address.rpartition("module.m.")[2].partition(".")
        return {"address": address, "mode": "managed", "type": kind, "name": name, "values": values}

    refers = {"references": ["aws_iam_role.r.arn", "aws_iam_role.r"]}
    plan = {
        "format_version": "1.2",
        "terraform_version": "1.9.0",
        "planned_values": {
            "root_module": {
                "resources": [
                    managed("aws_lambda_function.orders", {"timeout": 60, "environment": [{"variables": {"A": "b"}}]}),
                    managed("aws_iam_role.r", {"name": "r"}),
                    managed("aws_sqs_queue.q", {"visibility_timeout_seconds": 30}),
                ],
                "child_modules": [
                    {
                        "address": "module.m",
                        "resources": [managed("module.m.aws_lambda_event_source_mapping.e", {"batch_size": 5})],
                    }
                ],
            }
        },
        "configuration": {
            "root_module": {
                "resources": [{"address": "aws_lambda_function.orders", "expressions": {"role": refers}}],
                "module_calls": {
                    "m": {
                        "expressions": {"arn": {"references": ["aws_lambda_function.orders.arn"]}},
                        "module": {
                            "resources": [
                                {
                                    "address": "aws_lambda_event_source_mapping.e",
                                    "expressions": {
                                        "function_name": {"references": ["var.arn"]},
                                        "event_source_arn": {"references": ["var.unknown"]},
                                    },
                                }
                            ]
                        },
                    }
                },
            }
        },
    }
    deployment = deploy(tmp_path, {"plan.json": json.dumps(plan)}, "plan.json")
    function = only(deployment)
    assert (written(function.timeout), written(function.role)) == ("60", "aws_iam_role.r")
    assert written(function.environment.variables["A"]) == "b"
    (trigger,) = deployment.triggers
    assert (trigger.function, written(trigger.source)) == ("aws_lambda_function.orders", "?")
    assert discover.find(["."], Reader(str(tmp_path), (str(tmp_path),))).templates == ("plan.json",)
    assert deploy(tmp_path, {"plan.json": json.dumps(plan)[:-5]}, "plan.json").problems


def test_comments_suppress_in_hcl(tmp_path: Path) -> None:
    from slslint import registry

    functions = [
        'resource "aws_lambda_function" "a" { # slslint: ignore[missing-timeout] on purpose\n  role = "x"\n}\n'
    ]
    functions.append('// slslint: ignore[missing-timeout]\nresource "aws_lambda_function" "b" {\n  role = "x"\n}\n')
    functions.append('resource "aws_lambda_function" "c" {\n  role = "x"\n}\n')
    (tmp_path / "functions.tf").write_text("\n".join(functions))
    (tmp_path / "main.tf").write_text('provider "aws" {}\n')
    rules = [rule for rule in registry.load() if rule.id == "missing-timeout"]
    reader = Reader(str(tmp_path), (str(tmp_path),))
    findings = engine.check(["."], Settings(root=str(tmp_path)), reader, rules).findings
    assert [(finding.function, finding.suppressed is None) for finding in findings] == [
        ("aws_lambda_function.a", False),
        ("aws_lambda_function.b", False),
        ("aws_lambda_function.c", True),
    ]
    assert findings[2].help == "add `timeout = 30` to `aws_lambda_function.c`"


def test_other_dialects_do_without_the_grammar(tmp_path: Path) -> None:
    (tmp_path / "template.yaml").write_text("Resources:\n  Orders:\n    Type: AWS::SQS::Queue\n")
    loaded = "print([name for name in sys.modules if 'terraform.' in name or 'hcl' in name])"
    program = f"import sys\nfrom slslint import cli\ncli.main(['check'])\n{loaded}\n"
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "['slslint.templates.terraform.files']"
