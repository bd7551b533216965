"""How users of SAM write what rules advise, where that differs from CloudFormation."""

from __future__ import annotations

from slslint.model import Advice, Dialect
from slslint.templates.cloudformation.words import ARNS, CLOUDFORMATION

SAM = Dialect(
    "SAM",
    {
        **CLOUDFORMATION.words,
        Advice.SET_TIMEOUT: (
            "add `Timeout: {seconds}` under the `Properties` of `{id}`, or under `Globals: Function:` for all functions"
        ),
        Advice.ADD_DEAD_LETTER_QUEUE: (
            "add a queue `{id}DeadLetters` (`Type: AWS::SQS::Queue`), and under the `Properties` of `{id}`:\n"
            "DeadLetterQueue:\n"
            "  Type: SQS\n"
            "  TargetArn: !GetAtt {id}DeadLetters.Arn"
        ),
        Advice.LIMIT_MAPPING: (
            "under the `Properties` of the event of `{id}`, add:\nScalingConfig:\n  MaximumConcurrency: {most}"
        ),
        Advice.NARROW_ACTIONS: "in the `Policies` of `{id}`, replace the wildcard with `Action: [{actions}]`",
        Advice.NARROW_RESOURCES: "in the `Policies` of `{id}`, replace the `*` with `Resource: [{resources}]`",
        Advice.REPLACE_MANAGED_POLICY: (
            "in the `Policies` of `{id}`, replace `{policy}` with a policy template such as `S3ReadPolicy`, or with a "
            "statement that allows only what the code calls"
        ),
        Advice.ADD_FAILURE_DESTINATION: (
            "add a queue `{id}Failures` (`Type: AWS::SQS::Queue`), and under the `Properties` of the event:\n"
            "DestinationConfig:\n"
            "  OnFailure:\n"
            "    Type: SQS\n"
            "    Destination: !GetAtt {id}Failures.Arn"
        ),
        Advice.ADD_TARGET_DEAD_LETTERS: (
            "under the `Properties` of the event, where SAM makes the queue:\n"
            "DeadLetterConfig:\n"
            "  Type: SQS\n"
            "or give the `Arn` of a queue that lets EventBridge send to it"
        ),
        Advice.ADD_SUBSCRIPTION_DEAD_LETTERS: (
            "add a queue `DeadLetters` (`Type: AWS::SQS::Queue`) that lets the topic send to it, and under the "
            "`Properties` of the event of `{id}`, or of its `AWS::SNS::Subscription`:\n"
            "RedrivePolicy:\n"
            "  deadLetterTargetArn: !GetAtt DeadLetters.Arn"
        ),
        Advice.FILTER_OBJECTS: (
            "write to another bucket, or under another prefix; under the `Properties` of the event of "
            "`{id}`, name the one that it is for:\n"
            "Filter:\n"
            "  S3Key:\n"
            "    Rules: [{{Name: prefix, Value: uploads/}}]"
        ),
        Advice.FILTER_RECORDS: (
            "write to another table, or leave out what is written here; under the `Properties` of the event of "
            "`{id}`:\n"
            "FilterCriteria:\n"
            "  Filters:\n"
            '    - Pattern: \'{{"eventName": ["INSERT"]}}\''
        ),
        Advice.REPORT_BATCH_FAILURES: (
            "add to the properties of the event of `{id}`:\nFunctionResponseTypes: [ReportBatchItemFailures]"
        ),
        Advice.SPLIT_FUNCTION: "give each group of routes an `AWS::Serverless::Function` of its own instead of `{id}`",
    },
    ARNS,
)
