"""Which of the many ways to let time pass `sleep-in-handler` finds, in Python and in JavaScript."""

from __future__ import annotations

from textwrap import dedent, indent

import pytest

from slslint import registry, testing

RULES = registry.load()

PYTHON = {
    # Found.
    "time.sleep(60 * 2)": 1,
    "nap(5)": 1,
    "time.sleep(int(os.environ.get('SECONDS', '4')))": 1,
    "time.sleep(DELAY)": 1,
    "helper.pause(5)": 1,
    "helper.Client(delay=5).settle()": 1,
    "asyncio.run(main())": 1,
    "while not done('x'): time.sleep(0.1)": 1,
    "while ask()['state'] != 'ready': time.sleep(0.1)": 1,
    "boto3.resource('ec2').Instance('i').wait_until_running()": 1,
    "for page in ask(): time.sleep(2)": 1,
    "while requests.get(event['url'], timeout=3).status_code != 200: time.sleep(0.5)": 1,
    # Not.
    "time.sleep(0.9)": 0,
    "helper.pause(0.5)": 0,
    "time.sleep(event['seconds'])": 0,
    "time.sleep(random.random() * 10)": 0,
    "retry(ask)": 0,
    "while requests.post(event['url'], timeout=3).status_code != 200: time.sleep(0.5)": 0,
    "for item in event['items']: athena.get_query_execution(QueryExecutionId=item); time.sleep(0.1)": 0,
    "while not save(ask()): time.sleep(0.5)": 0,
    "asyncio.sleep(5)": 0,
}

PYTHON_APP = """
import asyncio, os, random, time
from time import sleep as nap
import boto3, requests
import helper

athena = boto3.client("athena")
DELAY = 3

def ask():
    return athena.get_query_execution(QueryExecutionId="q")

def done(name):
    return athena.get_named_query(NamedQueryId=name)["NamedQuery"] is not None

def save(found):
    return athena.update_named_query(NamedQueryId="n", Name="n", QueryString=found["q"])["ok"]

async def main():
    await asyncio.sleep(3)

def retry(function):
    for attempt in range(5):
        try:
            return function()
        except Exception as error:
            failed = error
        time.sleep(5)

def handler(event, context):
"""

HELPER = """
import time

def pause(seconds):
    time.sleep(seconds)

class Client:
    def __init__(self, delay):
        self.delay = delay
    def settle(self):
        time.sleep(self.delay)
"""

JAVASCRIPT = {
    # Found.
    "await sleep(5000);": 1,
    "await seconds(4);": 1,
    "await delay(3000);": 1,
    "await nap(2500);": 1,
    "await wait(1500);": 1,
    "await scheduler.wait(1200);": 1,
    "await new Promise((done) => setTimeout(done, Number(process.env.SECONDS ?? '2') * 1000));": 1,
    "await new Clock().pause(6000);": 1,
    "Atomics.wait(lock, 0, 0, 2000);": 1,
    "return sleep(1000);": 1,
    "const pause = sleep(1000); await pause;": 1,
    "await sleep(3000).then(ask);": 1,
    "while ((await ask()).State !== 'done') await sleep(100);": 1,
    "await s3.waitFor('objectExists', { Bucket: 'b', Key: 'k' }).promise();": 1,
    "await asked();": 1,
    # Not.
    "await sleep(200);": 0,
    "await sleep(event.delay);": 0,
    "await sleep(1000 + Math.random() * 1000);": 0,
    "sleep(5000);": 0,
    "asked();": 0,
    "await beating();": 0,
    "setTimeout(() => console.log('late'), 5000);": 0,
    "await Promise.race([ask(), sleep(9000)]);": 0,
    "const late = sleep(9000); await Promise.race([ask(), late]);": 0,
    "await Promise.race([ask(), limit(9000)]);": 0,
    "try { await ask(); } catch (error) { await sleep(2000); }": 0,
    "await withRetry(ask);": 0,
}

JAVASCRIPT_APP = """
import { scheduler, setTimeout as wait } from "node:timers/promises";
import { promisify } from "node:util";
import AWS from "aws-sdk";
import { AthenaClient, GetQueryExecutionCommand } from "@aws-sdk/client-athena";

const s3 = new AWS.S3();
const athena = new AthenaClient({});
const lock = new Int32Array(new SharedArrayBuffer(4));
const nap = promisify(setTimeout);
const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const seconds = async (n) => { await sleep(n * 1000); };
const limit = (ms) => new Promise((_, reject) => setTimeout(() => reject(new Error("late")), ms));
const ask = () => athena.send(new GetQueryExecutionCommand({ QueryExecutionId: "q" }));
function delay(ms) {
  return new Promise(function (done) { setTimeout(function () { done("late"); }, ms); });
}
const asked = () => new Promise((resolve) => {
  const timer = setInterval(async () => {
    const { QueryExecution } = await ask();
    if (QueryExecution.Status.State === "SUCCEEDED") {
      clearInterval(timer);
      resolve();
    }
  }, 250);
});
const beating = () => new Promise((resolve) => {
  const timer = setInterval(() => console.log("still here"), 250);
  ask().then(() => { clearInterval(timer); resolve(); });
});
class Clock {
  async pause(ms) { await new Promise((done) => setTimeout(done, ms)); }
}
async function withRetry(work) {
  for (let attempt = 0; attempt < 3; attempt++) {
    try { return await work(); } catch (error) { console.log(error); }
    await sleep(2000);
  }
}

export const handler = async (event) => {
"""


TEMPLATE = """
Transform: AWS::Serverless-2016-10-31
Resources:
  Job:
    Type: AWS::Serverless::Function
    Properties: {Runtime: %s, Handler: app.handler, CodeUri: ., Timeout: 300}
"""


def found(runtime: str, files: dict[str, str]) -> int:
    case = testing.Case("", "sleep-in-handler", {"template.yaml": TEMPLATE % runtime, **files}, ())
    return len(testing.run(case, RULES))


@pytest.mark.parametrize(("line", "expected"), PYTHON.items())
def test_in_python(line: str, expected: int) -> None:
    assert found("python3.13", {"app.py": PYTHON_APP + indent(line, "    ") + "\n", "helper.py": HELPER}) == expected


@pytest.mark.parametrize(("line", "expected"), JAVASCRIPT.items())
@pytest.mark.parametrize("name", ["app.mjs", "app.ts"])
def test_in_javascript(name: str, line: str, expected: int) -> None:
    assert found("nodejs22.x", {name: dedent(JAVASCRIPT_APP) + f"  {line}\n}};\n"}) == expected


@pytest.mark.parametrize(("wait", "expected"), [("5000", 1), ("50", 0)])
def test_an_answer_that_is_given_later(wait: str, expected: int) -> None:
    late = f"exports.handler = (event, context, callback) => {{ setTimeout(() => callback(null, 'late'), {wait}); }};"
    assert found("nodejs22.x", {"app.js": late}) == expected
