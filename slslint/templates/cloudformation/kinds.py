"""Resource types that the model has a word for, and the property that holds their physical name."""

from __future__ import annotations

from slslint.model import Kind

KINDS: dict[str, tuple[Kind, str]] = {
    "AWS::ApiGateway::RestApi": (Kind.API, "Name"),
    "AWS::ApiGatewayV2::Api": (Kind.API, "Name"),
    "AWS::AppSync::GraphQLApi": (Kind.API, "Name"),
    "AWS::Cognito::UserPool": (Kind.USER_POOL, "UserPoolName"),
    "AWS::DynamoDB::GlobalTable": (Kind.TABLE, "TableName"),
    "AWS::DynamoDB::Table": (Kind.TABLE, "TableName"),
    "AWS::Events::EventBus": (Kind.BUS, "Name"),
    "AWS::Events::Rule": (Kind.RULE, "Name"),
    "AWS::IAM::Role": (Kind.ROLE, "RoleName"),
    "AWS::KMS::Key": (Kind.KEY, ""),
    "AWS::KinesisFirehose::DeliveryStream": (Kind.DELIVERY_STREAM, "DeliveryStreamName"),
    "AWS::Kinesis::Stream": (Kind.STREAM, "Name"),
    "AWS::Lambda::Function": (Kind.FUNCTION, "FunctionName"),
    "AWS::Lambda::LayerVersion": (Kind.LAYER, "LayerName"),
    "AWS::Logs::LogGroup": (Kind.LOG_GROUP, "LogGroupName"),
    "AWS::RDS::DBProxy": (Kind.DATABASE_PROXY, "DBProxyName"),
    "AWS::S3::Bucket": (Kind.BUCKET, "BucketName"),
    "AWS::SNS::Topic": (Kind.TOPIC, "TopicName"),
    "AWS::SQS::Queue": (Kind.QUEUE, "QueueName"),
    "AWS::SSM::Parameter": (Kind.PARAMETER, "Name"),
    "AWS::SecretsManager::Secret": (Kind.SECRET, "Name"),
    "AWS::Scheduler::Schedule": (Kind.SCHEDULE, "Name"),
    "AWS::Serverless::Api": (Kind.API, "Name"),
    "AWS::Serverless::Function": (Kind.FUNCTION, "FunctionName"),
    "AWS::Serverless::HttpApi": (Kind.API, "Name"),
    "AWS::Serverless::LayerVersion": (Kind.LAYER, "LayerName"),
    "AWS::Serverless::SimpleTable": (Kind.TABLE, "TableName"),
    "AWS::Serverless::StateMachine": (Kind.WORKFLOW, "Name"),
    "AWS::StepFunctions::StateMachine": (Kind.WORKFLOW, "StateMachineName"),
}
