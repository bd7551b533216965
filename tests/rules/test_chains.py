"""How `synchronous-chain` hears that one function waits for another, in the spellings of Python and JavaScript."""

from __future__ import annotations

from textwrap import indent

import pytest

from slslint import registry, testing

RULES = registry.load()

WAITS, TOGETHER, NOTHING = ["warning"], ["note"], list[str]()

PYTHON = {
    "functions.invoke(FunctionName=os.environ['OTHER'])": WAITS,
    "functions.invoke(FunctionName='other:live', InvocationType='RequestResponse')": WAITS,
    "functions.invoke(FunctionName='arn:aws:lambda:eu-west-1:123456789012:function:other', InvocationType=SYNC)": WAITS,
    "functions.invoke(**{'FunctionName': 'other', 'Payload': '{}'})": WAITS,
    "boto3.Session().client('lambda').invoke(FunctionName='other')['Payload'].read()": WAITS,
    "helper.ask('other')": WAITS,
    "helper.Asker().ask('other')": WAITS,
    "helper.start('other')": WAITS,
    "helper.kept('lambda').invoke(FunctionName='other')": WAITS,
    "helper.kept('stepfunctions').start_execution(stateMachineArn='other')": NOTHING,
    "helper.with_more('other')": WAITS,
    "helper.with_more('other', {'InvocationType': 'Event'})": NOTHING,
    "functions.invoke_with_response_stream(FunctionName='other')": WAITS,
    "requests.post(os.environ['OTHER_URL'] + '/ask', timeout=3)": WAITS,
    "[one(item) for item in event['items']]": WAITS,
    "ThreadPoolExecutor().map(one, event['items'])": TOGETHER,
    "[ThreadPoolExecutor().submit(one, item) for item in event['items']]": TOGETHER,
    "threading.Thread(target=one, args=('x',)).start()": TOGETHER,
    "functions.invoke(FunctionName='other', InvocationType='Event')": NOTHING,
    "functions.invoke(FunctionName='other', InvocationType='DryRun')": NOTHING,
    "functions.invoke(FunctionName='other', InvocationType='Event' if event else 'RequestResponse')": NOTHING,
    "functions.invoke(FunctionName='other', InvocationType=event['how'])": NOTHING,
    "functions.invoke(FunctionName=context.function_name)": NOTHING,
    "functions.get_function(FunctionName='other')": NOTHING,
    "boto3.client('bedrock-runtime').invoke_model(modelId='other')": NOTHING,
}

PYTHON_APP = """
import os, threading
from concurrent.futures import ThreadPoolExecutor
import boto3, requests
import helper

SYNC = "RequestResponse"
functions = boto3.client("lambda")

def one(item):
    return functions.invoke(FunctionName="other", Payload=item)

def handler(event, context):
"""

HELPER = """
import boto3

def ask(name, payload="{}", how="RequestResponse"):
    return boto3.client("lambda").invoke(FunctionName=name, InvocationType=how, Payload=payload)

clients = {}

def kept(service):
    if service not in clients:
        clients[service] = boto3.client(service)
    return clients[service]

def with_more(name, more=None):
    return boto3.client("lambda").invoke(**{"FunctionName": name, **(more or {})})

def start(name, is_async=False):
    params = {"FunctionName": name}
    if is_async:
        params["InvocationType"] = "Event"
    return boto3.client("lambda").invoke(**params)

class Asker:
    def __init__(self, client=None):
        self._client = client or boto3.client("lambda")
    def ask(self, name):
        return self._client.invoke(FunctionName=name)
"""

JAVASCRIPT = {
    "await client.send(new InvokeCommand({ FunctionName: process.env.OTHER }));": WAITS,
    "await whole.invoke({ FunctionName: 'other', InvocationType: InvocationType.RequestResponse });": WAITS,
    "const command = new InvokeCommand({ ...common, Payload: '{}' }); return client.send(command);": WAITS,
    "return whole.invoke({ FunctionName: 'other' });": WAITS,
    "return old.invoke({ FunctionName: 'other' }).promise();": WAITS,
    "old.invoke({ FunctionName: 'other' }, (error, data) => context.done(error, data));": WAITS,
    "return ask('other');": WAITS,
    "return ask('other', 'Event');": NOTHING,
    "return promised('other');": WAITS,
    "return promised('other', 'Event');": NOTHING,
    "return start('other');": WAITS,
    "return start('other', { wait: false });": NOTHING,
    "return start('other', event);": NOTHING,
    "return new Asker(client).ask('other');": WAITS,
    "await fetch(process.env.OTHER_URL, { method: 'POST' });": WAITS,
    "await axios.post(`${process.env.OTHER_URL}ask`, {}, { timeout: 3000 });": WAITS,
    "for (const item of event.items) await whole.invoke({ FunctionName: 'other', Payload: item });": WAITS,
    "return Promise.all(event.items.map((item) => whole.invoke({ FunctionName: 'other', Payload: item })));": TOGETHER,
    "await Promise.allSettled(event.items.map(async (item) => { await ask('other'); }));": TOGETHER,
    "const all = []; for (const item of event.items) all.push(ask('other')); await Promise.all(all);": TOGETHER,
    "await client.send(new InvokeCommand({ FunctionName: 'other', InvocationType: 'Event' }));": NOTHING,
    "await client.send(new InvokeCommand({ FunctionName: 'other', InvocationType: InvocationType.Event }));": NOTHING,
    "await whole.invoke({ FunctionName: 'other', InvocationType: event.now ? 'RequestResponse' : 'Event' });": NOTHING,
    "await whole.invoke({ FunctionName: context.functionName });": NOTHING,
    "await fetch('https://example.com');": NOTHING,
}

JAVASCRIPT_APP = """
import { InvocationType, InvokeCommand, Lambda, LambdaClient } from "@aws-sdk/client-lambda";
import AWS from "aws-sdk";
import axios from "axios";

const client = new LambdaClient({});
const whole = new Lambda({});
const old = new AWS.Lambda();
const common = { FunctionName: "other" };
const ask = async (name, how = "RequestResponse") =>
  client.send(new InvokeCommand({ FunctionName: name, InvocationType: how }));
const promised = (FunctionName, InvocationType = "RequestResponse") => new Promise((resolve, reject) => {
  old.invoke({ FunctionName, InvocationType }, (error, data) => (error ? reject(error) : resolve(data)));
});
const start = async (FunctionName, { wait = true } = {}) =>
  whole.invoke({ FunctionName, InvocationType: wait ? "RequestResponse" : "Event" });
class Asker {
  constructor(client) { this.client = client; }
  ask(FunctionName) { return this.client.send(new InvokeCommand({ FunctionName })); }
}

export const handler = async (event, context) => {
"""

TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Globals:
  Function: {Runtime: %s, CodeUri: ., Timeout: 30}
Resources:
  First:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Environment: {Variables: {OTHER: !GetAtt Other.Arn, OTHER_URL: !GetAtt OtherUrl.FunctionUrl}}
  Other:
    Type: AWS::Serverless::Function
    Properties: {Handler: other.handler, FunctionName: other, FunctionUrlConfig: {AuthType: AWS_IAM}}
"""


def severities(runtime: str, files: dict[str, str]) -> list[str]:
    """Those of what an application is told of, in order."""
    case = testing.Case("", "synchronous-chain", {"template.yaml": TEMPLATE % runtime, **files}, ())
    return [said.partition(": unexpected ")[2].partition("[")[0] for said in testing.run(case, RULES)]


@pytest.mark.parametrize(("line", "expected"), PYTHON.items())
def test_in_python(line: str, expected: list[str]) -> None:
    assert (
        severities("python3.13", {"app.py": PYTHON_APP + indent(line, "    ") + "\n", "helper.py": HELPER}) == expected
    )


@pytest.mark.parametrize(("line", "expected"), JAVASCRIPT.items())
@pytest.mark.parametrize("name", ["app.mjs", "app.ts"])
def test_in_javascript(name: str, line: str, expected: list[str]) -> None:
    assert severities("nodejs22.x", {name: JAVASCRIPT_APP + f"  {line}\n}};\n"}) == expected
