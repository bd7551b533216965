"""What ends a loop in which a function of Node.js invokes itself."""

from __future__ import annotations

import pytest
from sources import code_of

from slslint.app.loops.bounds import loop_bound

HEAD = """
const { LambdaClient, InvokeCommand } = require("@aws-sdk/client-lambda");

const functions = new LambdaClient({});

const again = (payload, context) =>
  functions.send(new InvokeCommand({ FunctionName: context.functionName, Payload: JSON.stringify(payload) }));

const work = async (item) => {};

"""

BODIES = {
    "a counter beside the event": (
        "if (event.hops < 5) await again({ ...event, hops: event.hops + 1 }, context);", "the counter `hops`"),
    "a counter in the event": (
        "event.hops = (event.hops || 0) + 1; if (event.hops < 5) await again(event, context);",
        "the condition on `hops`"),
    "a counter with an early return": (
        "let hops = event.hops ?? 0; hops++; if (hops > 5) { return; } await again({ hops }, context);",
        "the counter `hops`"),
    "what is left": ("const rest = event.items.slice(10); if (rest.length) await again({ items: rest }, context);",
                     "the condition on `rest`"),
    "what is left when time runs out": (
        "for (const item of event.items) {"
        " if (context.getRemainingTimeInMillis() < 1000) { await again({ items: event.items }, context); return; }"
        " await work(item); }", "the end of `event`"),
    "where to go on": (
        "const page = await functions.listFunctions({ Marker: event.marker });"
        " if (page.NextMarker) await again({ marker: page.NextMarker }, context);", "the condition on `page`"),
    "a flag": ("if (!event.worker) await again({ worker: true }, context);", "the condition on `worker`"),
    "nothing": ("await again(event, context);", None),
    "a failure": ("try { await work(event); } catch { await again(event, context); }", None),
    "time that every round has anew": (
        "if (context.getRemainingTimeInMillis() > 1000) await again(event, context);", None),
    "another address each time": (
        "await Promise.all(event.links.map((link) => again({ url: link }, context)));", None),
}  # fmt: skip


@pytest.mark.parametrize(("body", "why"), BODIES.values(), ids=BODIES)
def test_what_ends_the_loop(body: str, why: str | None) -> None:
    source = f"{HEAD}exports.handler = async (event, context) => {{ {body} }};\n"
    code = code_of({"app.js": source}, entry="app.js")
    (call,) = [call for site in code.sites() if (call := site.sdk) is not None and call.operation == "Invoke"]
    bound = loop_bound(code, call.site, call.argument("Payload"))
    assert (None if bound is None else bound.why) == why
