"""What a handler makes of a batch is told whatever way it goes through the records."""

from textwrap import dedent

import pytest
from sources import code_of

from slslint.app.batches import answer, rounds

PYTHON = """
import asyncio, boto3, json, psycopg2, requests
from concurrent.futures import ThreadPoolExecutor
from aws_lambda_powertools.utilities.data_classes import SQSEvent
table = boto3.resource("dynamodb").Table("orders")
cursor = psycopg2.connect("").cursor()
sqs = boto3.client("sqs")
def store(item): table.put_item(Item=item)
def save(record): store(json.loads(record["body"]))
async def later(record): save(record)
"""

JAVASCRIPT = """
import { DynamoDBClient, PutItemCommand } from "@aws-sdk/client-dynamodb";
import pMap from "p-map";
const db = new DynamoDBClient({});
const save = async (record) => { await db.send(new PutItemCommand({ TableName: "orders", Item: record.body })); };
"""


def python(body: str, head: str = "def handler(event, context):") -> str:
    lines = [f"    {line}" for line in dedent(body).strip("\n").split("\n")]
    return "\n".join([PYTHON, head, *lines, ""])


def javascript(body: str) -> str:
    return f"{JAVASCRIPT}\nexport const handler = async (event) => {{\n{body}\n}};\n"


@pytest.mark.parametrize(
    "body",
    [
        'for record in event["Records"]: save(record)',
        'for record in event.get("Records", []): save(record)',
        'records = event["Records"]\nfor number, record in enumerate(records): save(record)',
        'for number in range(len(event["Records"])): save(event["Records"][number])',
        '[save(record) for record in event["Records"]]',
        'list(map(save, event["Records"]))',
        'with ThreadPoolExecutor() as pool:\n    list(pool.map(save, event["Records"]))',
        'asyncio.run(asyncio.gather(*[later(record) for record in event["Records"]]))',
        "for record in SQSEvent(event).records: save(record)",
        'for record in event["Records"]: cursor.execute("insert", record)',
        'for record in event["Records"]: requests.post("https://a.b", json=record, timeout=3)',
        'for record in event["Records"]:\n    if not record["body"]:\n        raise ValueError',
        'try:\n    for record in event["Records"]:\n        try:\n            save(record)\n        except Exception:\n'
        "            print(record)\n            raise\nexcept Exception as error:\n    raise RuntimeError from error",
    ],
)
def test_python_goes_through_the_records(body):
    assert rounds(code_of(python(body))) is not None


@pytest.mark.parametrize(
    "body",
    [
        "for (const record of event.Records) await save(record);",
        "for (const { body } of event.Records) await save({ body });",
        "for (let i = 0; i < event.Records.length; i++) await save(event.Records[i]);",
        "await Promise.all(event.Records.map(save));",
        "const { Records } = event; return Promise.all(Records.map(async (record) => save(record)));",
        "await event.Records.reduce(async (before, record) => { await before; await save(record); }, undefined);",
        "const all = []; for (const record of event.Records) all.push(save(record)); await Promise.all(all);",
        "await pMap(event.Records, save, { concurrency: 2 });",
        "for (const r of event.Records) { try { await save(r); } catch (error) { console.error(r); throw error; } }",
        "for (const r of event.Records) { const a = await fetch('https://a.b'); if (!a.ok) throw new Error('no'); }",
    ],
)
def test_javascript_goes_through_the_records(body):
    assert rounds(code_of(javascript(body), entry="app.mjs")) is not None


@pytest.mark.parametrize(
    "text",
    [
        python('save(event["Records"][0])'),
        python('for record in event["Records"]: print(record["body"])'),
        python('items = [json.loads(record["body"]) for record in event["Records"]]\nstore(items)'),
        python('for record in event["Records"]:\n    try:\n        save(record)\n    except Exception:\n        pass'),
        python('try:\n    for record in event["Records"]: save(record)\nexcept Exception as error:\n    print(error)'),
        python(
            'for record in event["Records"]:\n    save(record)\n'
            '    sqs.delete_message(QueueUrl="q", ReceiptHandle=record["receiptHandle"])'
        ),
        python('for record in event["Records"]:\n    for entry in json.loads(record["body"])["Records"]: print(entry)'),
        python('with table.batch_writer() as batch:\n    for record in event["Records"]: batch.put_item(Item=record)'),
    ],
)
def test_python_has_nothing_that_fails_with_another(text):
    assert rounds(code_of(text)) is None


@pytest.mark.parametrize(
    "body",
    [
        "await save(event.Records[0]);",
        "event.Records.forEach((record) => console.log(record.body));",
        "await Promise.allSettled(event.Records.map(save));",
        "for (const record of event.Records) await save(record).catch(console.error);",
        "for (const record of event.Records) { try { await save(record); } catch (error) { console.error(error); } }",
    ],
)
def test_javascript_has_nothing_that_fails_with_another(body):
    assert rounds(code_of(javascript(body), entry="app.mjs")) is None


@pytest.mark.parametrize(
    ("text", "entry", "processor"),
    [
        (python('return {"batchItemFailures": [{"itemIdentifier": "1"}]}'), "app.py", False),
        (python('answer = {}\nanswer["batchItemFailures"] = []\nreturn answer'), "app.py", False),
        (javascript("const batchItemFailures = [];\nreturn { batchItemFailures };"), "app.mjs", False),
        (
            "from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response\n"
            + python("return process_partial_response(event, save, BatchProcessor(EventType.SQS), context)"),
            "app.py",
            True,
        ),
        (
            "from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, batch_processor\n"
            "processor = BatchProcessor(event_type=EventType.SQS)\n"
            + python(
                "return processor.response()",
                "@batch_processor(record_handler=save, processor=processor)\ndef handler(event, context):",
            ),
            "app.py",
            True,
        ),
        (
            'import { BatchProcessor, EventType, processPartialResponse } from "@aws-lambda-powertools/batch";\n'
            "const processor = new BatchProcessor(EventType.SQS);\n"
            + javascript("return processPartialResponse(event, save, processor);"),
            "app.ts",
            True,
        ),
    ],
)
def test_an_answer_names_what_failed(text, entry, processor):
    found = answer(code_of(text, entry=entry))
    assert found is not None
    assert found.processor is processor


def test_other_answers_name_nothing():
    text = "from aws_lambda_powertools.utilities.batch import sqs_batch_processor\n" + python(
        "return 1", "@sqs_batch_processor(record_handler=save)\ndef handler(event, context):"
    )
    code = code_of(text)
    assert (answer(code), rounds(code)) == (None, None)
