"""What becomes of promises, and which requests nobody waits for."""

import pytest
from sources import code_of

from slslint.app.waiting.promises import Fate, Promises
from slslint.app.waiting.unawaited import unawaited


def fate_of(body: str) -> Fate:
    """What becomes of the promise of `start(...)`, which stands once in the body of a handler."""
    code = code_of(f"export const handler = async (event) => {{\n{body}\n}};", entry="app.ts")
    site = next(site for site in code.sites() if site.dotted == "start")
    return Promises(code).fate(site.place, site.call)


@pytest.mark.parametrize(
    ("fate", "bodies"),
    [
        (
            Fate.AWAITED,
            [
                "await start();",
                "const found = await start<Found>();",
                "await start().then(show).catch(tell);",
                "const started = start(); work(); await started;",
                "const started = start(); const found = await started;",
                "await Promise.all([start(), other()]);",
                "const [one] = await Promise.all([start()]);",
                "const all = []; all.push(start()); await Promise.allSettled(all);",
                "const all = [start()]; await Promise.all([...all, ...others]);",
                "await (event.now ? start() : other());",
                "let last = Promise.resolve(); last = last.then(() => 1); last = start(); await last;",
                "for await (const page of start()) show(page);",
            ],
        ),
        (
            Fate.RETURNED,
            [
                "return start();",
                "return event.now ? start() : other();",
                "return Promise.race([start(), late()]);",
                "const started = start(); return started;",
                "return event.now && start();",
            ],
        ),
        (
            Fate.DROPPED,
            [
                "start();",
                "void start();",
                "event.now && start();",
                "start().then(show).catch(tell);",
                "Promise.all([start()]);",
                "const started = start();",
                "const started = start(); started.then(show);",
                "const started = start(); return { status: started.status };",
                "const all = []; all.push(start()); return all.length;",
                "const { data } = start();",
                "await [start()];",
                "return [start()];",
            ],
        ),
        (
            Fate.ELSEWHERE,
            [
                "waitUntil(start());",
                "this.started = start();",
                "const work = { started: start() };",
                "const started = start(); finish(started);",
                "const started = start(); const finish = async () => { await started; }; await finish();",
                "const all = [start()]; for (const each of all) await each;",
                "cache[event.id] ??= start();",
                "const started = start(); started.listen(show); later(() => started);",
            ],
        ),
    ],
)
def test_what_becomes_of_a_promise(fate: Fate, bodies: list[str]) -> None:
    assert {body: fate_of(body) for body in bodies} == dict.fromkeys(bodies, fate)


LOST = """
import AWS from "aws-sdk";
import https from "node:https";
import { SNS } from "@aws-sdk/client-sns";
const old = new AWS.S3();
const sns = new SNS({});
const tell = async (text) => { await sns.publish({ Message: text }); };
const quiet = async (text) => { console.log(text); };
const byHand = (text) => new Promise((done) => old.putObject({ Body: text }, done));
function store(text, callback) { old.putObject({ Body: text }, callback); }
async function* each(texts) { for (const text of texts) yield await tell(text); }
export const handler = %s
"""


def lost_in(handler: str) -> list[tuple[str, int]]:
    code = code_of(LOST % handler, entry="app.js")
    return [(each.how, len(each.work)) for each in unawaited(code)]


@pytest.mark.parametrize(
    ("statement", "lost"),
    [
        ("tell('a');", [("call", 1)]),
        ("(async () => { await tell('a'); })();", [("call", 1)]),
        ("byHand('a');", [("call", 1)]),
        ("event.texts.forEach(tell);", [("each", 1)]),
        ("await event.texts.map((text) => tell(text));", [("each", 1)]),
        ("setTimeout(async () => { await tell('a'); }, 10);", [("timer", 1)]),
        ("Promise.resolve().then(() => tell('a'));", [("after", 1)]),
        ("https.get('https://example.com', (answer) => console.log(answer));", [("evented", 1)]),
        ("old.putObject({});", [("unsent", 1)]),
        ("await old.putObject({});", [("unsent", 1)]),
        ("await Promise.all([old.putObject({}), old.putObject({}).promise()]);", [("unsent", 1)]),
        ("old.putObject({}).promise();", [("call", 1)]),
        ("old.putObject({}, (error) => console.log(error));", [("evented", 1)]),
        ("await old.putObject({}, (error) => console.log(error));", [("evented", 1)]),
        ("await https.get('https://example.com', (answer) => console.log(answer));", [("evented", 1)]),
        ("await quiet('a').then(() => { tell('a'); });", [("call", 1)]),
        ("quiet('a');", []),
        ("each(['a']);", []),
        ("await Promise.all(event.texts.map(tell));", []),
        ("await event.texts.reduce(async (before, text) => { await before; await tell(text); }, null);", []),
        ("await new Promise((done) => { tell('a').then(done); });", []),
        ("await new Promise((done) => store('a', done));", []),
        ("bus.on('end', () => { tell('a'); });", []),
        ("await old.putObject({}).promise();", []),
        ("old.getObject({}).createReadStream().pipe(event.out);", []),
    ],
)
def test_what_nobody_waits_for(statement: str, lost: list[tuple[str, int]]) -> None:
    assert lost_in(f"async (event, context, callback) => {{ {statement} }};") == lost


@pytest.mark.parametrize(
    ("handler", "lost"),
    [
        ("(event, context, callback) => { tell('a').then(() => callback()); };", []),
        ("(event) => { tell('a'); };", []),
        ("(event) => { tell('a'); return tell('b'); };", [("call", 1)]),
        ("(event) => { tell('a'); return sns.publish({}).then(() => 1); };", [("call", 1)]),
        ("async (event) => event.texts.map(tell);", [("each", 1)]),
        ("async (event) => Promise.all(event.texts.map(tell));", []),
    ],
)
def test_whether_the_platform_waits(handler: str, lost: list[tuple[str, int]]) -> None:
    assert lost_in(handler) == lost
