"""A check's result over two small files, with everything that a finding can carry."""

import pytest

from slslint.finding import Confidence, Finding, Related, Severity, Suppression
from slslint.result import Result, Summary
from slslint.source import Reader, Span

TEMPLATE = """\
Resources:
  Orders:
    Type: AWS::SQS::Queue
  Bill:
    Type: AWS::Serverless::Function
    Properties:
      Timeout: 60
      Events:
        Placed:
          Type: SQS
"""
CODE = """\
import requests


def handler(event, context):
    return fetch(event)


def fetch(event):
    return requests.get(event["url"])
"""


@pytest.fixture
def reader() -> Reader:
    return Reader("/", (), {"template.yaml": TEMPLATE.encode(), "src dir/app.py": CODE.encode()})


@pytest.fixture
def result() -> Result:
    findings = (
        Finding(
            Span("src dir/app.py", 9, 12, 9, 24),
            "`requests.get` may wait for ever",
            help="pass `timeout=5`",
            function="Bill",
            path=(
                Related(Span("template.yaml", 9, 9, 9, 15), "a queue invokes `Bill`"),
                Related(Span("src dir/app.py", 5, 12, 5, 24), "`handler` calls `fetch`"),
            ),
            confidence=Confidence.MEDIUM,
            rule="call-without-timeout",
        ),
        Finding(
            Span("template.yaml", 2, 3, 2, 9),
            "messages reappear after the default 30 s, before `Bill` can finish (60 s timeout); needs 360 s",
            help="on `Orders`, set\n  VisibilityTimeout: 360",
            function="Bill",
            related=(
                Related(Span("template.yaml", 7, 16, 7, 18), "`Bill` may run for 60 s"),
                Related(Span("template.yaml", 9, 9, 9, 15), "`Bill` reads [the queue](1) here"),
            ),
            variant="refused",
            rule="queue-redelivers-in-flight",
            severity=Severity.ERROR,
        ),
        Finding(
            Span("template.yaml", 4, 3, 4, 7),
            "`Bill` sets no timeout",
            function="Bill",
            rule="missing-timeout",
            suppressed=Suppression("comment", "decided in 2025", Span("template.yaml", 4, 9, 4, 10)),
        ),
    )
    return Result(findings, Summary(files=2, functions=1, joined=1, errors=1, warnings=1, suppressed=1))
