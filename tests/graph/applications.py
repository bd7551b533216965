"""Applications written inline in tests, read as a run reads them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

from slslint import engine
from slslint.app import App
from slslint.app.graph import Edge
from slslint.config import Settings
from slslint.source import Reader


def app_of(folder: Path, files: Mapping[str, str]) -> App:
    """The one application of some files, which are written below `folder`."""
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(dedent(text))
    reader = Reader(str(folder), (str(folder),), {})
    (app,) = engine.understand(["."], Settings(), reader)
    return app


def said(edge: Edge) -> str:
    """An edge in words: "Fn writes to Queue"."""
    waits = " (waits)" if edge.waits else ""
    event = " (event)" if edge.from_event else ""
    sure = "" if edge.confidence.name == "HIGH" else f" ({edge.confidence})"
    return f"{edge.source.title} {edge.verb.value} {edge.target.title}{waits}{event}{sure}"


def of_code(app: App) -> list[str]:
    """What the code of an application does, in words, in order."""
    return [said(edge) for edge in app.graph.edges if edge.site is not None]


TEMPLATE = """
AWSTemplateFormatVersion: "2010-09-09"
Transform: AWS::Serverless-2016-10-31
Parameters:
  Given: {Type: String}
Conditions:
  Prod: !Equals [!Ref AWS::Region, eu-west-1]
Resources:
  Fn:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: RUNTIME
      Handler: app.handler
      CodeUri: .
      FunctionName: orders-dev
      AutoPublishAlias: live
      FunctionUrlConfig: {AuthType: NONE}
      Environment:
        Variables:
          SELF: !Ref Fn
          OTHER: !Ref OtherAlias
          QUEUE_URL: !Ref Queue
          QUEUE_ARN: !GetAtt Queue.Arn
          EITHER: !If [Prod, !Ref Queue, !Ref Second]
          TOPIC: !Ref Topic
          BUCKET: !Ref Bucket
          TABLE: !Ref Table
          BUS: !Ref Bus
          STREAM: !Ref Stream
          FIREHOSE: !Ref Firehose
          MACHINE: !Ref Machine
          GROUP: !Ref Group
          API: !Sub https://${Api}.execute-api.${AWS::Region}.amazonaws.com/Prod/orders
          URL: !GetAtt FnUrl.FunctionUrl
          PARAMETER: /orders/queue
          IMPORTED: !ImportValue other-queue
          GIVEN: !Ref Given
          GIVEN_URL: !Sub https://sqs.${AWS::Region}.amazonaws.com/${AWS::AccountId}/${Given}
          NESTED_QUEUE: !GetAtt Nested.Outputs.Queue
          NESTED_TOPIC: !GetAtt Nested.Outputs.Topic
      Events:
        Object: {Type: S3, Properties: {Bucket: !Ref Bucket, Events: "s3:ObjectCreated:*"}}
        Message: {Type: SNS, Properties: {Topic: !Ref Topic}}
        Job: {Type: SQS, Properties: {Queue: !GetAtt Queue.Arn}}
        Get: {Type: Api, Properties: {RestApiId: !Ref Api, Path: /orders, Method: get}}
  Other:
    Type: AWS::Lambda::Function
    Properties: {Runtime: python3.12, Handler: nowhere.handler, Role: "arn:aws:iam::1:role/x", Code: {ImageUri: image}}
  OtherAlias:
    Type: AWS::Lambda::Alias
    Properties: {FunctionName: !Ref Other, FunctionVersion: $LATEST, Name: live}
  Nested: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: nested.yaml}}
  Queue: {Type: AWS::SQS::Queue, Properties: {QueueName: jobs}}
  Second: {Type: AWS::SQS::Queue}
  Topic: {Type: AWS::SNS::Topic, Properties: {TopicName: news}}
  Bucket: {Type: AWS::S3::Bucket, Properties: {BucketName: files-dev}}
  Table: {Type: AWS::DynamoDB::Table, Properties: {TableName: orders}}
  Bus: {Type: AWS::Events::EventBus, Properties: {Name: ledger}}
  Stream: {Type: AWS::Kinesis::Stream}
  Firehose: {Type: AWS::KinesisFirehose::DeliveryStream, Properties: {DeliveryStreamName: clicks}}
  Machine: {Type: AWS::Serverless::StateMachine, Properties: {Definition: {StartAt: A, States: {A: {Type: Succeed}}}}}
  Group: {Type: AWS::Logs::LogGroup}
  Api: {Type: AWS::Serverless::Api, Properties: {StageName: Prod}}
  Secret: {Type: AWS::SecretsManager::Secret, Properties: {Name: token}}
  Stored: {Type: AWS::SSM::Parameter, Properties: {Name: /orders/queue, Type: String, Value: !Ref Second}}
"""
"""One function, and one of everything that it may name."""
