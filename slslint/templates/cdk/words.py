"""How users of the CDK write what rules advise."""

from __future__ import annotations

from collections.abc import Mapping

from slslint.model import Advice, Dialect

_ATTRIBUTES = {
    "event bus": ("eventBusArn", "event_bus_arn"),
    "bucket": ("bucketArn", "bucket_arn"),
    "function": ("functionArn", "function_arn"),
    "key": ("keyArn", "key_arn"),
    "log group": ("logGroupArn", "log_group_arn"),
    "parameter": ("parameterArn", "parameter_arn"),
    "queue": ("queueArn", "queue_arn"),
    "secret": ("secretArn", "secret_arn"),
    "state machine": ("stateMachineArn", "state_machine_arn"),
    "stream": ("streamArn", "stream_arn"),
    "table": ("tableArn", "table_arn"),
    "topic": ("topicArn", "topic_arn"),
    "user pool": ("userPoolArn", "user_pool_arn"),
}
"""What each construct calls its ARN, by the name of the resource's kind; in TypeScript, and in Python."""


def _arns(language: int, bucket: str) -> dict[str, str]:
    named = {kind: f"{{id}}.{names[language]}" for kind, names in _ATTRIBUTES.items()}
    return {**named, "": "the ARN of {id}", "bucket/*": bucket}


_COMMON: Mapping[Advice, str] = {
    Advice.NARROW_ACTIONS: "in the policy statement of `{id}`, replace the wildcard with `actions: [{actions}]`",
    Advice.NARROW_RESOURCES: (
        "in the policy statement of `{id}`, replace the `*` with `resources: [{resources}]`, or use a `grant...` "
        "method of the resource"
    ),
    Advice.REPLACE_MANAGED_POLICY: (
        "remove `{policy}` from the managed policies of `{id}` and give it a `PolicyStatement` with the actions that "
        "the code needs"
    ),
    Advice.SPLIT_FUNCTION: "give each group of routes a `Function` of its own instead of `{id}`",
}

TYPESCRIPT = Dialect(
    "CDK",
    {
        **_COMMON,
        Advice.SET_TIMEOUT: "add `timeout: Duration.seconds({seconds})` to the props of `{id}`",
        Advice.LOWER_TIMEOUT: "set `timeout: Duration.seconds({seconds})` in the props of `{id}`",
        Advice.ADD_DEAD_LETTER_QUEUE: (
            "add `onFailure: new SqsDestination(deadLetters)` to the props of `{id}`, where `deadLetters` is a new "
            "`Queue`"
        ),
        Advice.ADD_REDRIVE: (
            "add `deadLetterQueue: {{ queue: deadLetters, maxReceiveCount: 5 }}` to the props of `{id}`, where "
            "`deadLetters` is a new `Queue`"
        ),
        Advice.LIMIT_CONCURRENCY: "add `reservedConcurrentExecutions: {most}` to the props of `{id}`",
        Advice.LIMIT_MAPPING: "add `maxConcurrency: {most}` to the props of the `SqsEventSource` of `{id}`",
        Advice.SET_VISIBILITY_TIMEOUT: "set `visibilityTimeout: Duration.seconds({seconds})` in the props of `{id}`",
        Advice.ADD_FAILURE_DESTINATION: (
            "add `onFailure: new SqsDlq(failures)` to the props of the event source of `{id}`, where `failures` is a "
            "new `Queue`"
        ),
        Advice.ADD_TARGET_DEAD_LETTERS: (
            "add `{{ deadLetterQueue: deadLetters }}` to the target of `{id}`, where `deadLetters` is a new `Queue`"
        ),
        Advice.ADD_SUBSCRIPTION_DEAD_LETTERS: (
            "add `{{ deadLetterQueue: deadLetters }}` to the subscription of `{id}`, where `deadLetters` is a new "
            "`Queue`"
        ),
        Advice.FILTER_OBJECTS: (
            "write to another bucket, or under another prefix; in the `S3EventSource` of `{id}`, name "
            "the one that it is for:\n"
            'filters: [{{ prefix: "uploads/" }}]'
        ),
        Advice.FILTER_RECORDS: (
            "write to another table, or leave out what is written here; in the `DynamoEventSource` of "
            "`{id}`:\n"
            'filters: [FilterCriteria.filter({{ eventName: FilterRule.isEqual("INSERT") }})]'
        ),
        Advice.REPORT_BATCH_FAILURES: (
            "add `reportBatchItemFailures: true` to the props of the event source of `{id}`"
        ),
        Advice.FIX_HANDLER: 'set `handler: "{handler}"` in the props of `{id}`',
        Advice.RETRY_TASK: (
            "call on `{id}`:\n"
            ".addRetry({{ errors: [Errors.TASKS_FAILED], interval: Duration.seconds(2), maxAttempts: 3 }})\n"
            ".addCatch(handleFailure)"
        ),
        Advice.LIMIT_WAIT: "add `taskTimeout: Timeout.duration(Duration.days(1))` to the props of `{id}`",
    },
    _arns(0, '{id}.arnForObjects("*")'),
    quoted=True,
)

PYTHON = Dialect(
    "CDK",
    {
        **_COMMON,
        Advice.NARROW_ACTIONS: "in the policy statement of `{id}`, replace the wildcard with `actions=[{actions}]`",
        Advice.NARROW_RESOURCES: (
            "in the policy statement of `{id}`, replace the `*` with `resources=[{resources}]`, or use a `grant_...` "
            "method of the resource"
        ),
        Advice.SET_TIMEOUT: "add `timeout=Duration.seconds({seconds})` to the arguments of `{id}`",
        Advice.LOWER_TIMEOUT: "set `timeout=Duration.seconds({seconds})` in the arguments of `{id}`",
        Advice.ADD_DEAD_LETTER_QUEUE: (
            "add `on_failure=SqsDestination(dead_letters)` to the arguments of `{id}`, where `dead_letters` is a new "
            "`Queue`"
        ),
        Advice.ADD_REDRIVE: (
            "add `dead_letter_queue=DeadLetterQueue(queue=dead_letters, max_receive_count=5)` to the arguments of "
            "`{id}`, where `dead_letters` is a new `Queue`"
        ),
        Advice.LIMIT_CONCURRENCY: "add `reserved_concurrent_executions={most}` to the arguments of `{id}`",
        Advice.LIMIT_MAPPING: "add `max_concurrency={most}` to the arguments of the `SqsEventSource` of `{id}`",
        Advice.SET_VISIBILITY_TIMEOUT: (
            "set `visibility_timeout=Duration.seconds({seconds})` in the arguments of `{id}`"
        ),
        Advice.ADD_FAILURE_DESTINATION: (
            "add `on_failure=SqsDlq(failures)` to the arguments of the event source of `{id}`, where `failures` is a "
            "new `Queue`"
        ),
        Advice.ADD_TARGET_DEAD_LETTERS: (
            "add `dead_letter_queue=dead_letters` to the target of `{id}`, where `dead_letters` is a new `Queue`"
        ),
        Advice.ADD_SUBSCRIPTION_DEAD_LETTERS: (
            "add `dead_letter_queue=dead_letters` to the subscription of `{id}`, where `dead_letters` is a new `Queue`"
        ),
        Advice.FILTER_OBJECTS: (
            "write to another bucket, or under another prefix; in the `S3EventSource` of `{id}`, name "
            "the one that it is for:\n"
            'filters=[NotificationKeyFilter(prefix="uploads/")]'
        ),
        Advice.FILTER_RECORDS: (
            "write to another table, or leave out what is written here; in the `DynamoEventSource` of "
            "`{id}`:\n"
            'filters=[FilterCriteria.filter({{"eventName": FilterRule.is_equal("INSERT")}})]'
        ),
        Advice.REPORT_BATCH_FAILURES: (
            "add `report_batch_item_failures=True` to the arguments of the event source of `{id}`"
        ),
        Advice.FIX_HANDLER: 'set `handler="{handler}"` in the arguments of `{id}`',
        Advice.RETRY_TASK: (
            "call on `{id}`:\n"
            ".add_retry(errors=[Errors.TASKS_FAILED], interval=Duration.seconds(2), max_attempts=3)\n"
            ".add_catch(handle_failure)"
        ),
        Advice.LIMIT_WAIT: "add `task_timeout=Timeout.duration(Duration.days(1))` to the arguments of `{id}`",
    },
    _arns(1, '{id}.arn_for_objects("*")'),
    quoted=True,
)
