"""How users of the Serverless Framework write what rules advise."""

from __future__ import annotations

from slslint.model import Advice, Dialect
from slslint.templates.cloudformation.words import ARNS, CLOUDFORMATION

_WORDS = {
    **CLOUDFORMATION.words,
    Advice.SET_TIMEOUT: "add `timeout: {seconds}` under `{id}`, or under `provider` for all functions",
    Advice.LOWER_TIMEOUT: "set `timeout: {seconds}` under `{id}`",
    Advice.ADD_DEAD_LETTER_QUEUE: (
        "add a queue under `resources`, and under `{id}`:\n"
        "destinations:\n"
        "  onFailure:\n"
        "    type: sqs\n"
        "    arn: !GetAtt DeadLetters.Arn"
    ),
    Advice.LIMIT_CONCURRENCY: "add `reservedConcurrency: {most}` under `{id}`",
    Advice.LIMIT_MAPPING: "add `maximumConcurrency: {most}` to the `sqs` event of `{id}`",
    Advice.NARROW_ACTIONS: "under `provider.iam.role.statements`, replace the wildcard with `Action: [{actions}]`",
    Advice.NARROW_RESOURCES: "under `provider.iam.role.statements`, replace the `*` with `Resource: [{resources}]`",
    Advice.REPLACE_MANAGED_POLICY: (
        "under `provider.iam.role`, remove `{policy}` from `managedPolicies` and add a statement with the actions that "
        "the code needs under `statements`"
    ),
    Advice.ADD_FAILURE_DESTINATION: (
        "add a queue under `resources`, and under the event of `{id}`:\n"
        "destinations:\n"
        "  onFailure:\n"
        "    type: sqs\n"
        "    arn: !GetAtt Failures.Arn"
    ),
    Advice.ADD_TARGET_DEAD_LETTERS: (
        "add a queue under `resources` that lets EventBridge send to it, and under the `eventBridge` event:\n"
        "deadLetterQueueArn: !GetAtt DeadLetters.Arn\n"
        "(a `schedule` has no such setting: write the `AWS::Events::Rule` under `resources`)"
    ),
    Advice.ADD_SUBSCRIPTION_DEAD_LETTERS: (
        "add a queue `DeadLetters` under `resources`, and under the `sns` event of `{id}`:\n"
        "redrivePolicy:\n"
        "  deadLetterTargetRef: DeadLetters"
    ),
    Advice.FILTER_OBJECTS: (
        "write to another bucket, or under another prefix; under the `s3` event of `{id}`, name "
        "the one that it is for:\n"
        "rules:\n"
        "  - prefix: uploads/"
    ),
    Advice.FILTER_RECORDS: (
        "write to another table, or leave out what is written here; under the `stream` event of `{id}`:\n"
        "filterPatterns:\n"
        "  - eventName: [INSERT]"
    ),
    Advice.REPORT_BATCH_FAILURES: "add under the event of `{id}`:\nfunctionResponseType: ReportBatchItemFailures",
    Advice.SPLIT_FUNCTION: "give each group of routes an entry of its own under `functions` instead of `{id}`",
    Advice.FIX_HANDLER: "set `handler: {handler}` under `{id}`; paths start at the folder of the service",
}

_ARNS = {
    **ARNS,
    # The role that functions share cannot refer to them: each would wait for the other.
    "function": (
        '!Sub "arn:${{AWS::Partition}}:lambda:${{AWS::Region}}:${{AWS::AccountId}}:function:'
        '${{self:service}}-${{sls:stage}}-{id}"'
    ),
}

SERVERLESS = Dialect("Serverless Framework", _WORDS, _ARNS)

OWN_ROLES = Dialect(
    "Serverless Framework",
    {
        **_WORDS,
        Advice.NARROW_ACTIONS: "in the role statements of `{id}`, replace the wildcard with `Action: [{actions}]`",
        Advice.NARROW_RESOURCES: "in the role statements of `{id}`, replace the `*` with `Resource: [{resources}]`",
        Advice.REPLACE_MANAGED_POLICY: (
            "remove `{policy}` from the managed policies of `{id}` and add a statement with the actions that the code "
            "needs"
        ),
    },
    _ARNS,
)
"""Of functions that have a role of their own."""

CONSTRUCTED = Dialect(
    "Serverless Framework",
    {
        **_WORDS,
        Advice.SET_VISIBILITY_TIMEOUT: (
            "under the construct that makes `{id}`, add:\n"
            "extensions:\n"
            "  queue:\n"
            "    Properties:\n"
            "      VisibilityTimeout: {seconds}"
        ),
    },
    _ARNS,
)
"""Of queues that a construct of serverless-lift makes."""
