"""JavaScript and TypeScript files that no template claims, and the handlers in them."""

from __future__ import annotations

from pathlib import Path

import pytest

from slslint.discover.signs import may_hold_handler
from slslint.link.solo import solo
from tests.link.test_link import facts_from, write

TYPES = "import type { APIGatewayProxyHandler, SQSEvent } from 'aws-lambda';\n"

SOLO = {
    "named as usual": ("exports.handler = async (event) => {};", ["handler"]),
    "with a context": ("export const create = async (event, context) => {};", ["create"]),
    "with a callback": ("module.exports.hello = (event, context, callback) => { callback(); };", ["hello"]),
    "unused event": ("export async function run(_event, _context) {}", ["run"]),
    "default of the event": ("exports.handler = async (event = {}) => {};", ["handler"]),
    "taken apart": ("export const notify = async ({ Records }) => {};", ["notify"]),
    "typed": (f"{TYPES}export const create: APIGatewayProxyHandler = async (event) => {{}};", ["create"]),
    "named in part": ("import { S3 } from '@aws-sdk/client-s3';\nexport const createHandler = async (event) => {};",
                      ["createHandler"]),
    "wrapped": ("import middy from '@middy/core';\nconst run = async (event) => {};\n"
                "export const handler = middy(run);", ["handler"]),
    "wrapped, and bare for tests": ("import middy from '@middy/core';\nexport const run = async (event, _) => {};\n"
                                    "export const handler = middy(run);", ["handler"]),
    "streamed": ("export const handler = awslambda.streamifyResponse(async (event, stream, context) => {});",
                 ["handler"]),
    "bound": ("class Orders { async run(event, context) {} }\nconst orders = new Orders();\n"
              "export const handler = orders.run.bind(orders);", ["handler"]),
    "several": ("exports.get = async (event, context) => {};\nexports.put = async (event, context) => {};",
                ["get", "put"]),
    "helper of events": (f"{TYPES}export const userOf = (event: SQSEvent) => event;", []),
    "helper that takes records": (f"{TYPES}export const read = (event: SQSEvent) => {{\n"
                                  "  const rows = event.Records.map(parse);\n  return { rows };\n};", []),
    "helper of the handler": ("const go = (event, context) => {};\nexports.go = go;\n"
                              "exports.handler = async (event, context) => { go(event, context); };", ["handler"]),
    "not exported": ("const handler = async (event, context) => {};\nexport const other = 1;", []),
    "route of Express": ("export const handler = (req, res) => {};", []),
    "listener in a browser": ("export function onClick(event) { event.preventDefault(); }", []),
    "listener named as usual": ("export function handler(event) { document.title = event.target.value; }", []),
    "component": ("import { useState } from 'react';\nexport const handler = (event, context) => {};", []),
    "worker of another cloud": ("export default { async fetch(request, env, ctx) {} };", []),
    "function of another cloud": ("import { Storage } from '@google-cloud/storage';\n"
                                  "exports.handler = (event, context) => {};", []),
    "test": ("import { expect } from 'vitest';\nexport const handler = async (event, context) => {};", []),
    "deployment": ("import { Stack } from 'aws-cdk-lib';\nexport const handler = async (event, context) => {};", []),
}  # fmt: skip


@pytest.mark.parametrize(("source", "handlers"), SOLO.values(), ids=SOLO)
def test_source_without_template(tmp_path: Path, source: str, handlers: list[str]) -> None:
    reader = write(tmp_path, {"app.ts": source})
    app = solo("app.ts", facts_from(reader).__getitem__, reader)
    found = [] if app is None else [function.id for function, _ in app.functions_with_code()]
    assert found == handlers
    assert not handlers or may_hold_handler("app.ts", source.encode())


def test_another_file_s_handler_is_its_own(tmp_path: Path) -> None:
    files = {
        "app.ts": "export { handler } from './orders';",
        "orders.ts": "export const handler = async (event) => {};",
    }
    reader = write(tmp_path, files)
    facts_of = facts_from(reader).__getitem__
    assert solo("app.ts", facts_of, reader) is None
    assert solo("orders.ts", facts_of, reader) is not None
