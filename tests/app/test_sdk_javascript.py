"""Calls of the AWS SDK for JavaScript: which operation, with which arguments, and which actions it needs."""

from __future__ import annotations

import pytest
from sources import code_of

from slslint import iam
from slslint.app import SdkCall
from slslint.app.sdk import sdk_calls, signed_call
from slslint.app.symbols import Constant

HEAD = """
const AWS = require("aws-sdk");
const AWSXRay = require("aws-xray-sdk-core");
const { promisify } = require("util");
const { Tracer } = require("@aws-lambda-powertools/tracer");
const { DynamoDBClient, paginateScan, waitUntilTableExists } = require("@aws-sdk/client-dynamodb");
const { DynamoDBDocument, DynamoDBDocumentClient } = require("@aws-sdk/lib-dynamodb");
const { PutCommand, TransactWriteCommand } = require("@aws-sdk/lib-dynamodb");
const { S3, S3Client, GetObjectCommand, PutObjectCommand, paginateListObjectsV2 } = require("@aws-sdk/client-s3");
const { Upload } = require("@aws-sdk/lib-storage");
const { getSignedUrl } = require("@aws-sdk/s3-request-presigner");
const { LambdaClient, InvokeCommand, InvocationType } = require("@aws-sdk/client-lambda");
const { SFNClient, StartExecutionCommand } = require("@aws-sdk/client-sfn");
const { EventBridgeClient, PutEventsCommand } = require("@aws-sdk/client-eventbridge");
const { SecretsManager } = require("@aws-sdk/client-secrets-manager");
const { CloudWatchLogsClient, PutLogEventsCommand } = require("@aws-sdk/client-cloudwatch-logs");
const { CognitoIdentityProviderClient, AdminGetUserCommand } = require("@aws-sdk/client-cognito-identity-provider");
const { BedrockRuntimeClient, ConverseCommand } = require("@aws-sdk/client-bedrock-runtime");
const { ApiGatewayManagementApiClient, PostToConnectionCommand } = require("@aws-sdk/client-apigatewaymanagementapi");
const { SESv2Client, SendEmailCommand } = require("@aws-sdk/client-sesv2");
const { TextractClient, AnalyzeDocumentCommand } = require("@aws-sdk/client-textract");
const S3Alone = require("aws-sdk/clients/s3");
const { DocumentClient } = require("aws-sdk/clients/dynamodb");
"""

CALLS = {
    "v3 client": ('new LambdaClient({}).send(new InvokeCommand({ FunctionName: "f" }))',
                  "lambda", "Invoke", ["lambda:InvokeFunction"], {"FunctionName": "f"}),
    "v3 with a callback": ('new SFNClient({}).send(new StartExecutionCommand({ stateMachineArn: "m" }), (e) => e)',
                           "stepfunctions", "StartExecution", ["states:StartExecution"], {"stateMachineArn": "m"}),
    "v3 constant for a text": (
        "new LambdaClient({}).send(new InvokeCommand({ InvocationType: InvocationType.Event }))",
        "lambda", "Invoke", ["lambda:InvokeFunction"], {"InvocationType": "Event"}),
    "v3 of an unknown client": ("event.client.send(new PutEventsCommand({ Entries: [] }))",
                                "events", "PutEvents", ["events:PutEvents"], {}),
    "v3 traced by X-Ray": ('AWSXRay.captureAWSv3Client(new S3Client({})).send(new GetObjectCommand({ Bucket: "b" }))',
                           "s3", "GetObject", ["s3:GetObject"], {"Bucket": "b"}),
    "v3 traced by Powertools": (
        'new Tracer().captureAWSv3Client(new S3({})).putObject({ Bucket: "b" })',
        "s3", "PutObject", ["s3:PutObject"], {"Bucket": "b"}),
    "v3 aggregated": ('new SecretsManager({}).getSecretValue({ SecretId: "s" })',
                      "secretsmanager", "GetSecretValue", ["secretsmanager:GetSecretValue"], {"SecretId": "s"}),
    "v3 paginator": ('paginateListObjectsV2({ client: new S3Client({}) }, { Bucket: "b" })',
                     "s3", "ListObjectsV2", ["s3:ListBucket"], {"Bucket": "b"}),
    "v3 paginator of any client": ('paginateScan({ client: event.client }, { TableName: "t" })',
                                   "dynamodb", "Scan", ["dynamodb:Scan"], {"TableName": "t"}),
    "v3 waiter": ('waitUntilTableExists({ client: new DynamoDBClient({}), maxWaitTime: 60 }, { TableName: "t" })',
                  "dynamodb", "DescribeTable", ["dynamodb:DescribeTable"], {"TableName": "t"}),
    "v3 document client": ('DynamoDBDocumentClient.from(event.client).send(new PutCommand({ TableName: "t" }))',
                           "dynamodb", "PutItem", ["dynamodb:PutItem"], {"TableName": "t"}),
    "v3 document": ('DynamoDBDocument.from(new DynamoDBClient({})).batchWrite({ RequestItems: {} })',
                    "dynamodb", "BatchWriteItem", ["dynamodb:BatchWriteItem"], {}),
    "v3 transaction": ("new DynamoDBClient({}).send(new TransactWriteCommand({}))", "dynamodb", "TransactWriteItems",
                       ["dynamodb:ConditionCheckItem", "dynamodb:DeleteItem", "dynamodb:PutItem",
                        "dynamodb:UpdateItem"], {}),
    "v3 upload": ('new Upload({ client: new S3Client({}), params: { Bucket: "b", Key: "k" } }).done()',
                  "s3", "PutObject", ["s3:PutObject"], {"Bucket": "b"}),
    "v3 logs": ('new CloudWatchLogsClient({}).send(new PutLogEventsCommand({ logGroupName: "g" }))',
                "logs", "PutLogEvents", ["logs:PutLogEvents"], {"logGroupName": "g"}),
    "v3 user pools": ('new CognitoIdentityProviderClient({}).send(new AdminGetUserCommand({ UserPoolId: "p" }))',
                      "cognito-idp", "AdminGetUser", ["cognito-idp:AdminGetUser"], {"UserPoolId": "p"}),
    "v3 models": ("new BedrockRuntimeClient({}).send(new ConverseCommand({}))",
                  "bedrock-runtime", "Converse", ["bedrock:InvokeModel"], {}),
    "v3 websockets": ("new ApiGatewayManagementApiClient({}).send(new PostToConnectionCommand({}))",
                      "apigatewaymanagementapi", "PostToConnection", ["execute-api:ManageConnections"], {}),
    "v3 mail": ("new SESv2Client({}).send(new SendEmailCommand({}))", "sesv2", "SendEmail", ["ses:SendEmail"], {}),
    "v3 documents": ("new TextractClient({}).send(new AnalyzeDocumentCommand({}))",
                     "textract", "AnalyzeDocument", ["textract:AnalyzeDocument"], {}),
    "v2 with a callback": ('new AWS.SNS().publish({ TopicArn: "t" }, (error) => error)',
                           "sns", "Publish", ["sns:Publish"], {"TopicArn": "t"}),
    "v2 as a promise": ('new AWS.SQS().sendMessage({ QueueUrl: "q" }).promise()',
                        "sqs", "SendMessage", ["sqs:SendMessage"], {"QueueUrl": "q"}),
    "v2 sent later": ('new AWS.Kinesis().putRecord({ StreamName: "s" }).on("success", (answer) => answer).send()',
                      "kinesis", "PutRecord", ["kinesis:PutRecord"], {"StreamName": "s"}),
    "v2 class of another name": ('new AWS.StepFunctions().startExecution({ stateMachineArn: "m" }).promise()',
                                 "stepfunctions", "StartExecution", ["states:StartExecution"],
                                 {"stateMachineArn": "m"}),
    "v2 document client": ('new AWS.DynamoDB.DocumentClient().get({ TableName: "t" }).promise()',
                           "dynamodb", "GetItem", ["dynamodb:GetItem"], {"TableName": "t"}),
    "v2 document client alone": ('new DocumentClient().batchGet({ RequestItems: {} }).promise()',
                                 "dynamodb", "BatchGetItem", ["dynamodb:BatchGetItem"], {}),
    "v2 client alone": ('new S3Alone().upload({ Bucket: "b" }).promise()', "s3", "PutObject", ["s3:PutObject"],
                        {"Bucket": "b"}),
    "v2 traced": ('new (AWSXRay.captureAWS(AWS).Lambda)().invokeAsync({ FunctionName: "f" }).promise()',
                  "lambda", "InvokeAsync", ["lambda:InvokeAsync"], {"FunctionName": "f"}),
    "v2 client traced": ('AWSXRay.captureAWSClient(new AWS.SSM()).getParameter({ Name: "/p" }).promise()',
                         "ssm", "GetParameter", ["ssm:GetParameter"], {"Name": "/p"}),
    "v2 waiter": ('new AWS.S3().waitFor("objectExists", { Bucket: "b" }).promise()',
                  "s3", "HeadObject", ["s3:GetObject"], {"Bucket": "b"}),
    "v2 pages": ('new AWS.EventBridge().listRules({ EventBusName: "b" }).eachPage((error, page) => true)',
                 "events", "ListRules", ["events:ListRules"], {"EventBusName": "b"}),
    "v2 by name": ('new AWS.DynamoDB()["deleteItem"]({ TableName: "t" }).promise()',
                   "dynamodb", "DeleteItem", ["dynamodb:DeleteItem"], {"TableName": "t"}),
    "v2 promisified": ('promisify(new AWS.S3().copyObject.bind(event.s3))({ Bucket: "b" })',
                       "s3", "CopyObject", ["s3:GetObject", "s3:PutObject"], {"Bucket": "b"}),
}  # fmt: skip


def calls(body: str, head: str = HEAD) -> list[SdkCall]:
    """The calls of the SDK in a handler with this body."""
    code = code_of({"app.js": f"{head}\nexports.handler = async (event, context) => {{\n{body}\n}};\n"}, entry="app.js")
    return [call for site in code.sites() if (call := site.sdk) is not None]


@pytest.mark.parametrize(("call", "service", "operation", "actions", "arguments"), CALLS.values(), ids=CALLS)
def test_calls(call: str, service: str, operation: str, actions: list[str], arguments: dict[str, str]) -> None:
    (found,) = calls(call)
    assert (found.service, found.operation) == (service, operation)
    assert list(iam.needed_actions(service, operation)) == actions
    assert {name: found.argument(name) for name in arguments} == {k: Constant(v) for k, v in arguments.items()}


INPUTS = {
    "variable": 'const input = { FunctionName: "f" };\nlambda.send(new InvokeCommand(input));',
    "command in a variable": 'const command = new InvokeCommand({ FunctionName: "f" });\nlambda.send(command);',
    "spread": 'const base = { FunctionName: "f" };\nlambda.send(new InvokeCommand({ ...base, Payload: event.body }));',
    "assigned": 'const base = { FunctionName: "f" };\nlambda.send(new InvokeCommand(Object.assign({}, base)));',
    "filled": 'const input = {};\ninput.FunctionName = "f";\nlambda.send(new InvokeCommand(input));',
    "helper": 'const input = (name) => ({ FunctionName: name });\nlambda.send(new InvokeCommand(input("f")));',
    "helper that sends": 'const send = (it) => lambda.send(it);\nsend(new InvokeCommand({ FunctionName: "f" }));',
    "field": """class Caller {
      constructor() { this.input = { FunctionName: "f" }; this.client = lambda; }
      call() { return this.client.send(new InvokeCommand(this.input)); }
    }
    new Caller().call();""",
}  # fmt: skip


@pytest.mark.parametrize("body", INPUTS.values(), ids=INPUTS)
def test_inputs_that_are_built_elsewhere(body: str) -> None:
    (found,) = calls(body, HEAD + "const lambda = new LambdaClient({});")
    assert found.argument("FunctionName") == Constant("f")
    assert found.argument("Qualifier") is None


CLIENTS = {
    "lazy": """
        let client;
        const lambda = () => { client ??= new LambdaClient({}); return client; };
        export const handler = async () => lambda().send(new InvokeCommand({ FunctionName: "f" }));
    """,
    "lazy, the old way": """
        let client: LambdaClient | undefined;
        function lambda(): LambdaClient { if (!client) { client = new LambdaClient({}); } return client; }
        export const handler = async () => lambda().send(new InvokeCommand({ FunctionName: "f" }));
    """,
    "field": """
        class Caller {
          private readonly lambda = new LambdaClient({});
          call = async (name: string) => this.lambda.send(new InvokeCommand({ FunctionName: name }));
        }
        const caller = new Caller();
        export const handler = async () => caller.call("f");
    """,
    "handed in": """
        class Caller {
          constructor(private readonly lambda: LambdaClient) {}
          async call() { return await this.lambda.send(new InvokeCommand({ FunctionName: "f" })); }
        }
        export const handler = async () => new Caller(new LambdaClient({})).call();
    """,
    "in an object": """
        const clients = { lambda: new LambdaClient({}) } as const;
        const input: InvokeCommandInput = { FunctionName: "f" };
        export const handler = async () => { await clients.lambda.send(new InvokeCommand(input)); };
    """,
    "loaded late": """
        export const handler = async () => {
          const { LambdaClient: Client, InvokeCommand: Command } = await import("@aws-sdk/client-lambda");
          return new Client({}).send(new Command({ FunctionName: "f" }));
        };
    """,
    "namespace": """
        import * as lambda from "@aws-sdk/client-lambda";
        const client = new lambda.Lambda({});
        export const handler = async () => client.send(new lambda.InvokeCommand({ FunctionName: "f" }));
    """,
}


@pytest.mark.parametrize("source", CLIENTS.values(), ids=CLIENTS)
def test_clients_that_are_made_elsewhere(source: str) -> None:
    head = 'import { InvokeCommand, InvokeCommandInput, LambdaClient } from "@aws-sdk/client-lambda";\n'
    code = code_of({"app.ts": head + source}, entry="app.ts")
    (found,) = [call for site in code.sites() if (call := site.sdk) is not None]
    assert (found.service, found.operation, found.argument("FunctionName")) == ("lambda", "Invoke", Constant("f"))
    assert found.client is not None


def test_a_client_that_a_file_of_the_application_passes_on() -> None:
    files = {
        "app.ts": 'import { send } from "./aws";\nimport { PutCommand } from "./aws/sdk";\n'
        'export const handler = async () => send(new PutCommand({ TableName: "t" }));',
        "aws/index.ts": 'import { documents } from "./documents";\n'
        "export const send = <T>(command: T) => documents.send(command as any);",
        "aws/documents.ts": 'import { DynamoDBClient, DynamoDBDocumentClient } from "./sdk";\n'
        "export const documents = DynamoDBDocumentClient.from(new DynamoDBClient({}));",
        "aws/sdk.ts": 'export * from "@aws-sdk/lib-dynamodb";\n'
        'export { DynamoDBClient } from "@aws-sdk/client-dynamodb";',
    }
    (found,) = [call for site in code_of(files, entry="app.ts").sites() if (call := site.sdk) is not None]
    assert (found.title, found.argument("TableName")) == ("dynamodb:PutItem", Constant("t"))


@pytest.mark.parametrize("again", ["AWSXRay.captureAWSClient(it)", "promisify(it)", "it.bind(it)", "{ client: it }"])
def test_what_is_made_of_itself(again: str) -> None:
    source = f"let it;\nfunction wrap() {{ it = {again}; }}\n"
    body = "wrap(); it({}); it.putObject({}); it.send({}); paginateScan(it, {});"
    assert [call.title for call in calls(body, HEAD + source)] == ["dynamodb:Scan"]


NO_CALLS = {
    "making a client": "new S3Client({})",
    "making a command": "new GetObjectCommand({})",
    "another's send": "event.response.send('done')",
    "settings": "AWS.config.update({ region: 'eu-central-1' })",
    "credentials": "new AWS.SharedIniFileCredentials().get()",
    "converter": "AWS.DynamoDB.Converter.unmarshall(event)",
    "closing": "new S3Client({}).destroy()",
    "signing": "getSignedUrl(new S3Client({}), new GetObjectCommand({}))",
    "reading the answer": "event.answer.Body.transformToString()",
}


@pytest.mark.parametrize("body", NO_CALLS.values(), ids=NO_CALLS)
def test_no_calls(body: str) -> None:
    assert calls(body) == []


SIGNED = {
    "v3": 'getSignedUrl(new S3Client({}), new PutObjectCommand({ Bucket: "b" }), { expiresIn: 60 })',
    "v2": 'new AWS.S3().getSignedUrl("putObject", { Bucket: "b" })',
    "v2 as a promise": 'new AWS.S3().getSignedUrlPromise("putObject", { Bucket: "b" })',
    "v2 form": 'new AWS.S3().createPresignedPost({ Bucket: "b" })',
}


@pytest.mark.parametrize("body", SIGNED.values(), ids=SIGNED)
def test_requests_that_are_signed_for_others(body: str) -> None:
    code = code_of({"app.js": f"{HEAD}\nexports.handler = async (event) => {{ {body}; }};\n"}, entry="app.js")
    (found,) = [call for site in code.sites() if (call := signed_call(site)) is not None]
    assert (found.service, found.operation, found.argument("Bucket")) == ("s3", "PutObject", Constant("b"))


def test_one_wrapper_for_two_operations() -> None:
    body = "const send = (command) => new S3Client({}).send(command);\n"
    body += "send(new GetObjectCommand({}));\nsend(new PutObjectCommand({}));"
    code = code_of({"app.js": f"{HEAD}\nexports.handler = async (event) => {{ {body} }};\n"}, entry="app.js")
    (several,) = [found for site in code.sites() if (found := [call for call in sdk_calls(site) if call])]
    assert [call.operation for call in several] == ["GetObject", "PutObject"]


def test_a_command_that_is_not_in_sight() -> None:
    (found,) = calls("new S3Client({}).send(event.command)")
    assert (found.service, found.operation) == ("s3", "")
