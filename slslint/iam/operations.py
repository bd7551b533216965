"""Which actions a call of the AWS SDK needs.

For 86 % of all operations the action is the service's prefix and the operation's own name; the rest stands here.
Sources: AWS's Service Authorization Reference and the policy examples in the services' guides.
"""

from __future__ import annotations

from slslint.iam.actions import expand

PREFIXES = {
    "accessanalyzer": "access-analyzer",
    "apigatewaymanagementapi": "execute-api",
    "appconfigdata": "appconfig",
    "bedrock-agent": "bedrock",
    "bedrock-agent-runtime": "bedrock",
    "bedrock-runtime": "bedrock",
    "docdb": "rds",
    "dynamodbstreams": "dynamodb",
    "efs": "elasticfilesystem",
    "elb": "elasticloadbalancing",
    "elbv2": "elasticloadbalancing",
    "emr": "elasticmapreduce",
    "iot-data": "iot",
    "lex-runtime": "lex",
    "lexv2-models": "lex",
    "lexv2-runtime": "lex",
    "location": "geo",
    "neptune": "rds",
    "opensearch": "es",
    "pinpoint": "mobiletargeting",
    "resourcegroupstaggingapi": "tag",
    "s3control": "s3",
    "sagemaker-runtime": "sagemaker",
    "sesv2": "ses",
    "sso-admin": "sso",
    "stepfunctions": "states",
    "timestream-query": "timestream",
    "timestream-write": "timestream",
}
"""The prefix of a service's actions by the SDK's name of the service, where they differ."""

_IRREGULAR = """
apigatewaymanagementapi DeleteConnection = execute-api:ManageConnections
apigatewaymanagementapi GetConnection = execute-api:ManageConnections
apigatewaymanagementapi PostToConnection = execute-api:ManageConnections
athena StartQueryExecution = athena:StartQueryExecution glue:GetDatabase glue:GetTable s3:GetObject s3:PutObject
bedrock-runtime Converse = bedrock:InvokeModel
bedrock-runtime ConverseStream = bedrock:InvokeModelWithResponseStream
dynamodb BatchExecuteStatement = dynamodb:PartiQL*
dynamodb BatchWriter = dynamodb:BatchWriteItem
dynamodb ExecuteStatement = dynamodb:PartiQL*
dynamodb ExecuteTransaction = dynamodb:PartiQL*
dynamodb Load = dynamodb:DescribeTable
dynamodb TransactGetItems = dynamodb:GetItem
dynamodb TransactWriteItems = dynamodb:ConditionCheckItem dynamodb:DeleteItem dynamodb:PutItem dynamodb:UpdateItem
kms ReEncrypt = kms:ReEncryptFrom kms:ReEncryptTo
lambda GetLayerVersionByArn = lambda:GetLayerVersion
lambda Invoke = lambda:InvokeFunction
lambda InvokeWithResponseStream = lambda:InvokeFunction
s3 CompleteMultipartUpload = s3:PutObject
s3 Copy = s3:GetObject s3:PutObject
s3 CopyFrom = s3:GetObject s3:PutObject
s3 CopyObject = s3:GetObject s3:PutObject
s3 CreateMultipartUpload = s3:PutObject
s3 DeleteBucketLifecycle = s3:PutLifecycleConfiguration
s3 DeleteObjects = s3:DeleteObject
s3 DownloadFile = s3:GetObject
s3 DownloadFileobj = s3:GetObject
s3 GeneratePresignedPost = s3:PutObject
s3 GetBucketEncryption = s3:GetEncryptionConfiguration
s3 GetBucketLifecycleConfiguration = s3:GetLifecycleConfiguration
s3 GetBucketNotificationConfiguration = s3:GetBucketNotification
s3 HeadBucket = s3:ListBucket
s3 HeadObject = s3:GetObject
s3 ListBuckets = s3:ListAllMyBuckets
s3 ListMultipartUploads = s3:ListBucketMultipartUploads
s3 ListObjectVersions = s3:ListBucketVersions
s3 ListObjects = s3:ListBucket
s3 ListObjectsV2 = s3:ListBucket
s3 ListParts = s3:ListMultipartUploadParts
s3 PutBucketEncryption = s3:PutEncryptionConfiguration
s3 PutBucketLifecycleConfiguration = s3:PutLifecycleConfiguration
s3 PutBucketNotificationConfiguration = s3:PutBucketNotification
s3 SelectObjectContent = s3:GetObject
s3 UploadFile = s3:PutObject
s3 UploadFileobj = s3:PutObject
s3 UploadPart = s3:PutObject
s3 UploadPartCopy = s3:GetObject s3:PutObject
s3 WriteGetObjectResponse = s3-object-lambda:WriteGetObjectResponse
sns PublishBatch = sns:Publish
sqs ChangeMessageVisibilityBatch = sqs:ChangeMessageVisibility
sqs DeleteMessageBatch = sqs:DeleteMessage
sqs DeleteMessages = sqs:DeleteMessage
sqs GetQueueByName = sqs:GetQueueUrl
sqs ReceiveMessages = sqs:ReceiveMessage
sqs SendMessageBatch = sqs:SendMessage
sqs SendMessages = sqs:SendMessage
"""

_ACTIONS = {
    tuple(call.lower().split()): actions.split()
    for call, _, actions in (line.partition(" = ") for line in _IRREGULAR.strip().splitlines())
}


def needed_actions(service: str, operation: str) -> tuple[str, ...]:
    """The actions that an operation needs: the SDK's name of the service, the API's of the operation in any case.

    The usual case is told, not what one argument may add (`VersionId`, `ACL`). Empty when the action is not known.
    """
    usual = [f"{PREFIXES.get(service, service)}:{operation}"]
    actions = _ACTIONS.get((service.lower(), operation.lower()), usual)
    return tuple(action.name for pattern in actions for action in expand(pattern))
