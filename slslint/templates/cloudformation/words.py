"""How users of CloudFormation write what rules advise."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

from slslint.model import Advice, Delivery, Dialect, Trigger
from slslint.record import replace
from slslint.source import Span

W = TypeVar("W", Trigger, Delivery)

ARNS = {
    "": "!GetAtt {id}.Arn",
    "bucket/*": '!Sub "${{{id}.Arn}}/*"',
    "secret": "!Ref {id}",
    "topic": "!Ref {id}",
}
"""How a template refers to the ARN of a resource, by the name of its kind."""

CLOUDFORMATION = Dialect(
    "CloudFormation",
    {
        Advice.SET_TIMEOUT: "add `Timeout: {seconds}` under the `Properties` of `{id}`",
        Advice.LOWER_TIMEOUT: "set `Timeout: {seconds}` under the `Properties` of `{id}`",
        Advice.ADD_DEAD_LETTER_QUEUE: (
            "add a queue `{id}DeadLetters` (`Type: AWS::SQS::Queue`), and under the `Properties` of `{id}`:\n"
            "DeadLetterConfig:\n"
            "  TargetArn: !GetAtt {id}DeadLetters.Arn\n"
            "or an `AWS::Lambda::EventInvokeConfig` with `DestinationConfig.OnFailure`"
        ),
        Advice.ADD_REDRIVE: (
            "add a queue `{id}DeadLetters` (`Type: AWS::SQS::Queue`), and under the `Properties` of `{id}`:\n"
            "RedrivePolicy:\n"
            "  deadLetterTargetArn: !GetAtt {id}DeadLetters.Arn\n"
            "  maxReceiveCount: 5"
        ),
        Advice.SET_VISIBILITY_TIMEOUT: "set `VisibilityTimeout: {seconds}` under the `Properties` of `{id}`",
        Advice.LIMIT_CONCURRENCY: "add `ReservedConcurrentExecutions: {most}` under the `Properties` of `{id}`",
        Advice.LIMIT_MAPPING: (
            "under the `Properties` of the mapping that feeds `{id}`, add:\n"
            "ScalingConfig:\n"
            "  MaximumConcurrency: {most}"
        ),
        Advice.NARROW_ACTIONS: "in the policy of `{id}`, replace the wildcard with `Action: [{actions}]`",
        Advice.NARROW_RESOURCES: "in the policy of `{id}`, replace the `*` with `Resource: [{resources}]`",
        Advice.REPLACE_MANAGED_POLICY: (
            "remove `{policy}` from the `ManagedPolicyArns` of `{id}` and add a statement with the actions it needs "
            "under `Policies`"
        ),
        Advice.ADD_FAILURE_DESTINATION: (
            "add a queue `{id}Failures` (`Type: AWS::SQS::Queue`), and under the `Properties` of the mapping:\n"
            "DestinationConfig:\n"
            "  OnFailure:\n"
            "    Destination: !GetAtt {id}Failures.Arn"
        ),
        Advice.ADD_TARGET_DEAD_LETTERS: (
            "add a queue `DeadLetters` (`Type: AWS::SQS::Queue`) that lets `{id}` send to it, and under the target:\n"
            "DeadLetterConfig:\n"
            "  Arn: !GetAtt DeadLetters.Arn"
        ),
        Advice.ADD_SUBSCRIPTION_DEAD_LETTERS: (
            "add a queue `DeadLetters` (`Type: AWS::SQS::Queue`) that lets the topic send to it, and to the properties "
            "of the `AWS::SNS::Subscription` of `{id}`:\n"
            "RedrivePolicy:\n"
            "  deadLetterTargetArn: !GetAtt DeadLetters.Arn"
        ),
        Advice.FILTER_OBJECTS: (
            "write to another bucket, or under another prefix; in the `LambdaConfigurations` of the "
            "bucket, name the one that `{id}` is for:\n"
            "Filter:\n"
            "  S3Key:\n"
            "    Rules: [{{Name: prefix, Value: uploads/}}]"
        ),
        Advice.FILTER_RECORDS: (
            "write to another table, or leave out what is written here; under the `Properties` of the mapping that "
            "feeds `{id}`:\n"
            "FilterCriteria:\n"
            "  Filters:\n"
            '    - Pattern: \'{{"eventName": ["INSERT"]}}\''
        ),
        Advice.REPORT_BATCH_FAILURES: (
            "add to the properties of the mapping that feeds `{id}`:\nFunctionResponseTypes: [ReportBatchItemFailures]"
        ),
        Advice.SPLIT_FUNCTION: "give each group of routes an `AWS::Lambda::Function` of its own instead of `{id}`",
        Advice.FIX_HANDLER: "set `Handler: {handler}` under the `Properties` of `{id}`",
        Advice.RETRY_TASK: ("add to the state `{id}`, with a state `HandleFailure` that tells somebody:\n{lines}"),
        Advice.LIMIT_WAIT: "add to the state `{id}`:\n{lines}",
    },
    ARNS,
)


def in_words(way: W, made: Mapping[Span, Dialect], otherwise: Dialect = CLOUDFORMATION) -> W:
    """A trigger or delivery in the words of those who wrote it: where a dialect made it, its own; else a resource's.

    `made` has the places at which dialects made resources.
    """
    settles = way.dead_letter is not None or (isinstance(way, Trigger) and way.batch is not None)
    return replace(way, dialect=made.get(way.at, otherwise)) if settles else way
