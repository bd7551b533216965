"""How users of Terraform write what rules advise."""

from __future__ import annotations

from slslint.model import Advice, Dialect, Notation

_ARNS = {"": "{id}.arn", "bucket/*": '"${{{id}.arn}}/*"'}

_WORDS = {
    Advice.SET_TIMEOUT: "add `timeout = {seconds}` to `{id}`",
    Advice.LOWER_TIMEOUT: "set `timeout = {seconds}` in `{id}`",
    Advice.ADD_DEAD_LETTER_QUEUE: (
        "add an `aws_sqs_queue`, and to `{id}`:\n"
        "dead_letter_config {{\n"
        "  target_arn = aws_sqs_queue.dead_letters.arn\n"
        "}}\n"
        "or an `aws_lambda_function_event_invoke_config` with an `on_failure` destination"
    ),
    Advice.ADD_REDRIVE: (
        "add a second `aws_sqs_queue`, and to `{id}`:\n"
        "redrive_policy = jsonencode({{\n"
        "  deadLetterTargetArn = aws_sqs_queue.dead_letters.arn\n"
        "  maxReceiveCount     = 5\n"
        "}})"
    ),
    Advice.SET_VISIBILITY_TIMEOUT: "set `visibility_timeout_seconds = {seconds}` in `{id}`",
    Advice.LIMIT_CONCURRENCY: "add `reserved_concurrent_executions = {most}` to `{id}`",
    Advice.LIMIT_MAPPING: (
        "add to the `aws_lambda_event_source_mapping` of `{id}`:\nscaling_config {{\n  maximum_concurrency = {most}\n}}"
    ),
    Advice.NARROW_ACTIONS: "in the policy of `{id}`, replace the wildcard with `actions = [{actions}]`",
    Advice.NARROW_RESOURCES: "in the policy of `{id}`, replace the `*` with `resources = [{resources}]`",
    Advice.REPLACE_MANAGED_POLICY: (
        "remove the attachment of `{policy}` to `{id}` and add an `aws_iam_role_policy` with the actions it needs"
    ),
    Advice.ADD_FAILURE_DESTINATION: (
        "add an `aws_sqs_queue`, and to the `aws_lambda_event_source_mapping` of `{id}`:\n"
        "destination_config {{\n"
        "  on_failure {{\n"
        "    destination_arn = aws_sqs_queue.failures.arn\n"
        "  }}\n"
        "}}"
    ),
    Advice.ADD_TARGET_DEAD_LETTERS: (
        "add an `aws_sqs_queue` that lets `{id}` send to it, and to the target:\n"
        "dead_letter_config {{\n"
        "  arn = aws_sqs_queue.dead_letters.arn\n"
        "}}"
    ),
    Advice.ADD_SUBSCRIPTION_DEAD_LETTERS: (
        "add an `aws_sqs_queue` that lets the topic send to it, and to the `aws_sns_topic_subscription` of `{id}`:\n"
        "redrive_policy = jsonencode({{ deadLetterTargetArn = aws_sqs_queue.dead_letters.arn }})"
    ),
    Advice.FILTER_OBJECTS: (
        "write to another bucket, or under another prefix; in the `aws_s3_bucket_notification`, "
        "name the one that `{id}` is for:\n"
        'filter_prefix = "uploads/"'
    ),
    Advice.FILTER_RECORDS: (
        "write to another table, or leave out what is written here; to the "
        "`aws_lambda_event_source_mapping` of `{id}`, add:\n"
        "filter_criteria {{\n"
        "  filter {{\n"
        '    pattern = jsonencode({{ eventName = ["INSERT"] }})\n'
        "  }}\n"
        "}}"
    ),
    Advice.REPORT_BATCH_FAILURES: (
        'add to the `aws_lambda_event_source_mapping` of `{id}`:\nfunction_response_types = ["ReportBatchItemFailures"]'
    ),
    Advice.SPLIT_FUNCTION: "give each group of routes an `aws_lambda_function` of its own instead of `{id}`",
    Advice.FIX_HANDLER: 'set `handler = "{handler}"` in `{id}`',
    Advice.RETRY_TASK: ("add to the state `{id}`, with a state `HandleFailure` that tells somebody:\n{lines}"),
    Advice.LIMIT_WAIT: "add to the state `{id}`:\n{lines}",
}

TERRAFORM = Dialect("Terraform", _WORDS, _ARNS, Notation.HCL, quoted=True)

_OF_MODULES = {
    **_WORDS,
    Advice.ADD_DEAD_LETTER_QUEUE: (
        "add a queue, and to `{id}`:\n"
        "dead_letter_target_arn    = aws_sqs_queue.dead_letters.arn\n"
        "attach_dead_letter_policy = true"
    ),
    Advice.ADD_REDRIVE: "set `create_dlq = true` in `{id}`",
    Advice.NARROW_ACTIONS: "in the policy statements of `{id}`, replace the wildcard with `actions = [{actions}]`",
    Advice.NARROW_RESOURCES: ("in the policy statements of `{id}`, replace the `*` with `resources = [{resources}]`"),
    Advice.REPLACE_MANAGED_POLICY: (
        "remove `{policy}` from `{id}` and give it `policy_statements` with the actions it needs"
    ),
    Advice.ADD_FAILURE_DESTINATION: (
        "add a queue, and to its entry under `event_source_mapping` of `{id}`:\n"
        "destination_arn_on_failure = aws_sqs_queue.failures.arn"
    ),
    Advice.ADD_TARGET_DEAD_LETTERS: (
        "add a queue that lets EventBridge send to it, and to the target in `{id}`:\n"
        "dead_letter_arn = aws_sqs_queue.dead_letters.arn"
    ),
    Advice.FILTER_RECORDS: (
        "write to another table, or leave out what is written here; to its entry under "
        "`event_source_mapping` of `{id}`, add:\n"
        'filter_criteria = [{{ pattern = jsonencode({{ eventName = ["INSERT"] }}) }}]'
    ),
    Advice.REPORT_BATCH_FAILURES: (
        "add to its entry under `event_source_mapping` of `{id}`:\n"
        'function_response_types = ["ReportBatchItemFailures"]'
    ),
    Advice.SPLIT_FUNCTION: "give each group of routes a module call of its own instead of `{id}`",
}
"""Of what a public module makes; it is the call that is mended."""


def of_call(address: str) -> Dialect:
    """The words for what the call of a public module makes."""
    named = address.replace("{", "{{").replace("}", "}}")
    words = {advice: text.replace("{id}", named) for advice, text in _OF_MODULES.items()}
    return Dialect("Terraform", words, _ARNS, Notation.HCL, quoted=True)
