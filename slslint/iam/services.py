"""What is at stake in a service, and what a function's runtime needs without any code asking for it."""

from __future__ import annotations

from slslint.iam.pattern import matches, service

OBSERVABILITY = frozenset({"cloudwatch", "logs", "xray"})
"""Services that functions write their own logs, metrics and traces to."""

_HOLDERS = {
    "data": (
        "aoss athena backup cassandra dax docdb-elastic dsql dynamodb elasticache elasticfilesystem es fsx glacier glue"
        " lakeformation memorydb neptune-db qldb rds rds-data rds-db redshift redshift-data redshift-serverless s3"
        " s3express s3tables s3vectors timestream"
    ),
    "keys": "acm-pca cloudhsm kms payment-cryptography",
    "identities": (
        "cognito-identity cognito-idp ds iam identitystore organizations sso sso-directory sts verifiedpermissions"
    ),
    "secrets": "secretsmanager ssm",
}

_HOLDS = {prefix: what for what, prefixes in _HOLDERS.items() for prefix in prefixes.split()}


def holds(prefix: str) -> str | None:
    """What a service keeps that an intruder wants: "data", "keys", "identities" or "secrets"; None for the others.

    Services that only move events (queues, topics, streams, buses), run code or call models keep nothing of it.
    """
    return _HOLDS.get(prefix.lower())


RUNTIME_NEEDS = (
    "ec2:AssignPrivateIpAddresses",
    "ec2:AttachNetworkInterface",
    "ec2:CreateNetworkInterface",
    "ec2:DeleteNetworkInterface",
    "ec2:DetachNetworkInterface",
    "ec2:UnassignPrivateIpAddresses",
    "lambda:CheckpointDurableExecution",
    "lambda:GetDurableExecutionState",
    "logs:CreateLogGroup",
    "logs:CreateLogStream",
    "logs:DescribeLogGroups",
    "logs:DescribeLogStreams",
    "logs:PutLogEvents",
    "xray:GetSamplingRules",
    "xray:GetSamplingTargets",
    "xray:PutTelemetryRecords",
    "xray:PutTraceSegments",
)
"""What AWS's own managed execution roles grant on every resource: logs, traces, network interfaces, checkpoints."""


def runtime_needs(pattern: str) -> bool:
    """Whether the pattern covers something that a function's runtime needs on resources that nobody can name."""
    prefix = service(pattern)
    return any(service(need) == prefix and matches(pattern, need) for need in RUNTIME_NEEDS)
