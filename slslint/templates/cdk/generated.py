"""Which functions the CDK brings itself, to do at deployment what CloudFormation cannot."""

from __future__ import annotations

import re

from slslint.templates.cdk.assembly import Assembly

_SURELY = re.compile(
    r"(?:AWS|SingletonLambda|Custom::\w+)(?:679f53fac002430cb0da5b7982bd2287|8389e75f08104838bf64d6f85a95cf83"
    r"|224e77f9a32e4b4dac32983477abba16|8693BB64968944B69AAFB0CC9EB875[67]C|8a0c93f3dbef4b71ac137aaf2048ce7e"
    r"|b4cf1abd4e4f4bc699441af7ccd9ec37|e2f8cf6b1b0f4b3f9a2c6f1f5b6d4a71)"
    r"|BucketNotificationsHandler[0-9a-f]{32}$"
    r"|LogRetention[0-9a-f]{32}$"
    r"|(?:Custom::|AWSCDK)(?:S3AutoDeleteObjects|ECRAutoDeleteImages|CrossRegion\w+|VpcRestrictDefaultSG|DynamoDBReplica"
    r"|CrossAccountZoneDelegation|DeleteExistingRecordSet|AWSCDKOpenIdConnectProvider|AWSCDKCfnUtilsProvider|EventTrigger"
    r"|CloudwatchLogResourcePolicy|CfnUtilsProvider|AWSCDKOpenIdConnect)\w*"
    r"|AWSCDK\.TriggerCustomResourceProvider"
    r"|framework-(?:onEvent|isComplete|onTimeout)$"
    r"|@aws-cdk--"
    r"|(?:DrainECSHook|CertificateRequestorFunction|ReplicaProvider)$"
)
"""What surely is the CDK's own, by a part of a construct's path; the long numbers are those in aws-cdk-lib's source."""

_PERHAPS = re.compile(r"[0-9A-Fa-f]{32}$|CustomResourceProvider$")
"""What SingletonFunction and CustomResourceProvider make, for the CDK itself or for others."""


def is_generated(path: str) -> bool:
    """Whether a function's construct surely is the CDK's own."""
    return any(_SURELY.match(part) for part in path.split("/"))


def may_be_generated(path: str, assembly: Assembly) -> bool:
    """Whether it is the CDK's own unless the application has its source."""
    parts = path.split("/")
    marked = any("/".join(parts[:count]) in assembly.own for count in range(1, len(parts) + 1))
    return marked or any(_PERHAPS.search(part) for part in parts)
