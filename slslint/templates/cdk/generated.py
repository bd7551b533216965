"""Which functions the CDK brings itself, to do at deployment what CloudFormation cannot."""

from __future__ import annotations

import re

from slslint.templates.cdk.assembly import Assembly

_SURELY = re.compile(
    r"AWS679f53fac002430cb0da5b7982bd2287$"  # AwsCustomResource
    r"|BucketNotificationsHandler[0-9a-f]{32}$"
    r"|LogRetention[0-9a-f]{32}$"
    r"|Custom::CDKBucketDeployment[0-9A-Fa-f]{32}"
    r"|(?:Custom::|AWSCDK)(?:S3AutoDeleteObjects|ECRAutoDeleteImages|CrossRegion\w+|VpcRestrictDefaultSG|DynamoDBReplica"
    r"|CrossAccountZoneDelegation|DeleteExistingRecordSet|AWSCDKOpenIdConnectProvider|AWSCDKCfnUtilsProvider|EventTrigger"
    r"|CloudwatchLogResourcePolicy|CfnUtilsProvider|AWSCDKOpenIdConnect)\w*"
    r"|AWSCDK\.TriggerCustomResourceProvider"
    r"|framework-(?:onEvent|isComplete|onTimeout)$"
    r"|@aws-cdk--"
    r"|(?:DrainECSHook|CertificateRequestorFunction|ReplicaProvider)$"
)
"""What surely is the CDK's own, by a part of a construct's path."""

_PERHAPS = re.compile(r"[0-9A-Fa-f]{32}$|CustomResourceProvider$")
"""What SingletonFunction and CustomResourceProvider make, for the CDK itself or for others."""


def is_generated(path: str, assembly: Assembly, source_in_project: bool) -> bool:
    """Whether a function's construct is the CDK's own.

    `source_in_project`: its code is the application's, so that what only looks like the CDK's is not.
    """
    parts = path.split("/")
    if any(_SURELY.match(part) for part in parts):
        return True
    marked = any("/".join(parts[:count]) in assembly.own for count in range(1, len(parts) + 1))
    return not source_in_project and (marked or any(_PERHAPS.search(part) for part in parts))
