"""What expressions of JavaScript and TypeScript stand for: the same symbols as in Python wherever both can say it."""

from __future__ import annotations

import pytest
from sources import code_of, probe, probe_site

from slslint.app.symbols import (
    AnyOf,
    Constant,
    ContextPart,
    EnvVar,
    EventPart,
    Group,
    Symbol,
    Unresolved,
    depends_on_event,
    dotted,
    options,
)

HANDLER = "exports.handler = async (event, context) => {{ {} }};\n"


def inside(body: str) -> str:
    return HANDLER.format(body)


SAME: dict[str, tuple[str, str]] = {
    "environment": ("import os\ndef handler(event, context): probe(os.environ['T'])\n", inside("probe(process.env.T)")),
    "environment by key": ("import os\ndef handler(event, context): probe(os.environ['T'])\n",
                           inside("probe(process.env['T'])")),
    "environment taken apart": ("import os\ndef handler(event, context): probe(os.environ['T'])\n",
                                "const { T } = process.env;\n" + inside("probe(T)")),
    "environment that a package has looked at": (
        "import os\ndef handler(event, context): probe(os.environ['T'])\n",
        "const { z } = require('zod');\nconst env = z.object({ T: z.string() }).parse(process.env);\n"
        + inside("probe(env.T)")),
    "environment that is looked at, with what is wrong": (
        "import os\ndef handler(event, context): probe(os.environ['T'])\n",
        "const schema = require('zod').object({});\nconst { data, error } = schema.safeParse(process.env);\n"
        + inside("probe(data.T)")),
    "environment that a function of a package cleans": (
        "import os\ndef handler(event, context): probe(os.environ['T'])\n",
        "const { cleanEnv, str } = require('envalid');\nconst env = cleanEnv(process.env, { T: str() });\n"
        + inside("probe(env.T)")),
    "environment with a default": ("import os\ndef handler(event, context): probe(os.environ.get('T') or 'x')\n",
                                   inside("probe(process.env.T ?? 'x')")),
    "default of a pattern": ("import os\ndef handler(event, context): probe(os.getenv('T', 'x'))\n",
                             "const { T = 'x' } = process.env;\n" + inside("probe(T)")),
    "part of the event": ("def handler(event, context): probe(event['a']['b'])\n", inside("probe(event.a.b)")),
    "record": ("def handler(event, context): probe(event['Records'][0]['body'])\n",
               inside("probe(event.Records[0].body)")),
    "element of a loop": ("def handler(event, context):\n    for r in event['Records']: probe(r['body'])\n",
                          inside("for (const r of event.Records) probe(r.body);")),
    "items of a dict": ("def handler(event, context):\n    for k, v in event.items(): probe(v)\n",
                        inside("for (const [k, v] of Object.entries(event)) probe(v);")),
    "name of the function": ("def handler(event, context): probe(context.function_name)\n",
                             inside("probe(context.functionName)")),
    "text put together": ("name = 'a'\ndef handler(event, context): probe(f'{name}-b')\n",
                          "const name = 'a';\n" + inside("probe(`${name}-b`)")),
    "method of a text": ("def handler(event, context): probe(event['m'].lower())\n",
                         inside("probe(event.m.toLowerCase())")),
    "text of one value": ("def handler(event, context): probe(f\"{event['m']}\")\n", inside("probe(`${event.m}`)")),
    "dict": ("T = {'x': 1}\ndef handler(event, context): probe(T['x'])\n",
        "const T = { x: 1 };\n" + inside("probe(T.x)")),
    "dict with the event's key": ("T = {'x': 1, 'y': 2}\ndef handler(event, context): probe(T[event['k']])\n",
                                  "const T = { x: 1, y: 2 };\n" + inside("probe(T[event.k])")),
    "dict filled later": ("T = {}\nT['x'] = 1\ndef handler(event, context): probe(T['x'])\n",
                          "const T = {};\nT.x = 1;\n" + inside("probe(T.x)")),
    "dict filled by another function": (
        "T = {'x': None}\ndef fill(e): T['x'] = e['a']\ndef handler(event, context):\n    fill(event)\n"
            "    probe(T['x'])\n",
        "const T = { x: null };\nfunction fill(e) { T.x = e.a; }\n" + inside("fill(event); probe(T.x);")),
    "list filled by another function": (
        "T = []\ndef fill(e): T.append(e['a'])\ndef handler(event, context):\n    fill(event)\n    probe(T[0])\n",
        "const T = [];\nfunction fill(e) { T.push(e.a); }\n" + inside("fill(event); probe(T[0]);")),
    "merged dicts": ("A = {'a': 1}\nT = {**A, 'x': 1}\ndef handler(event, context): probe(T)\n",
                     "const A = { a: 1 };\nconst T = { ...A, x: 1 };\n" + inside("probe(T)")),
    "global written by a function": (
        "x = None\ndef init():\n    global x\n    x = 1\ndef handler(event, context):\n    init()\n    probe(x)\n",
        "let x = null;\nfunction init() { x = 1; }\n" + inside("init(); probe(x);")),
    "default of a parameter": ("def f(a, b=2): probe(b)\ndef handler(event, context): f(1)\n",
                               "function f(a, b = 2) { probe(b); }\n" + inside("f(1);")),
    "option that is not given": (
        "def f(o): probe(o.get('a', 'x'))\ndef handler(event, context): f({'b': 1})\n",
        "function f({ a = 'x' }) { probe(a); }\n" + inside("f({ b: 1 });")),
    "rest of the parameters": ("def f(*a): probe(a[1])\ndef handler(event, context): f(1, event)\n",
                               "function f(...a) { probe(a[1]); }\n" + inside("f(1, event);")),
    "attribute of an instance": (
        "class A:\n    def __init__(self, x): self.x = x\ndef handler(event, context): probe(A(event['i']).x)\n",
        "class A { constructor(x) { this.x = x; } }\n" + inside("probe(new A(event.i).x);")),
    "attribute of a class": ("class A:\n    x = 'a'\ndef handler(event, context): probe(A.x)\n",
                             "class A { static x = 'a'; }\n" + inside("probe(A.x);")),
    "property": ("class A:\n    @property\n    def x(self): return 'a'\ndef handler(event, context): probe(A().x)\n",
                 "class A { get x() { return 'a'; } }\n" + inside("probe(new A().x);")),
    "value of either branch": (
        "def handler(event, context):\n    if event: x = 1\n    else: x = 2\n    probe(x)\n",
        inside("let x; if (event.a) { x = 1; } else { x = 2; } probe(x);")),
    "write of a nested function": (
        "def handler(event, context):\n    x = 0\n    def f():\n        nonlocal x\n        x = 1\n    f()\n"
            "    probe(x)\n",
        inside("let x = 0; function f() { x = 1; } f(); probe(x);")),
}  # fmt: skip


@pytest.mark.parametrize(("python", "javascript"), SAME.values(), ids=SAME)
def test_both_languages_say_the_same(python: str, javascript: str) -> None:
    found = probe(code_of(javascript, entry="app.js"))
    assert found == probe(code_of(python))
    assert found != Unresolved()


VALUES: dict[str, tuple[str, Symbol]] = {
    "process imported": ('import { env } from "node:process";\n' + inside("probe(env.T)"), EnvVar("T")),
    "two variables": (inside("probe(process.env.A || process.env.B)"), EnvVar("A", EnvVar("B"))),
    "not null": ("const T = process.env.T!;\nexport const handler = async (event: any) => { probe(T as string); };\n",
                 EnvVar("T")),
    "config object": ("const config = { db: { table: process.env.T } };\n" + inside("probe(config.db.table)"),
                      EnvVar("T")),
    "frozen config": ("const config = Object.freeze({ table: process.env.T });\n" + inside("probe(config.table)"),
                      EnvVar("T")),
    "trimmed": (inside("probe(process.env.T.trim())"), EnvVar("T")),
    "literal in lower case": (inside("probe('ABC'.toLowerCase())"), Constant("abc")),
    "event taken apart": ("exports.handler = async ({ body, headers: { host } }) => { probe(host); };\n",
                          EventPart(("headers", "host"))),
    "elements": (inside("event.Records.forEach((r) => probe(r.body))"), EventPart(("Records", None, "body"))),
    "elements of what was filtered": (inside("event.Records.filter((r) => r.a).map((r) => probe(r))"),
                                      EventPart(("Records", None))),
    "elements taken apart": (inside("event.Records.map(({ body }) => probe(body))"),
                             EventPart(("Records", None, "body"))),
    "what was mapped": (inside("const keys = event.Records.map((r) => r.key); probe(keys[0]);"),
                        EventPart(("Records", None, "key"))),
    "entries of an object": (inside("Object.entries({ a: 1 }).forEach(([k, v]) => probe(k))"), Constant("a")),
    "element of promises": (inside("const [a] = await Promise.all([event.a, 2]); probe(a);"), EventPart(("a",))),
    "promise resolved with": (inside("const x = await new Promise((ok) => { g(() => ok(event.a)); }); probe(x);"),
                              EventPart(("a",))),
    "then": (inside("const x = await Promise.resolve(event).then((e) => e.a); probe(x);"), EventPart(("a",))),
    "parameter of then": (inside("return Promise.resolve(event.a).then((x) => probe(x));"), EventPart(("a",))),
    "finally": (inside("const x = await Promise.resolve(event.a).finally(() => {}); probe(x);"), EventPart(("a",))),
    "what an async function returns": ("const f = async (x) => x.a;\n" + inside("probe(await f(event));"),
                                       EventPart(("a",))),
    "copied by way of JSON": (inside("probe(JSON.parse(JSON.stringify(event)).a)"), EventPart(("a",))),
    "Map": ("const m = new Map([['a', 1], ['b', 2]]);\n" + inside("probe(m.get('b'))"), Constant(2)),
    "Map filled later": ("const m = new Map();\nm.set('a', 1);\n" + inside("probe(m.get('a'))"), Constant(1)),
    "array filled later": ("const list = [];\nlist.push(1);\n" + inside("probe(list[0])"), Constant(1)),
    "assigned": (inside("const o = {}; Object.assign(o, { a: 1 }); probe(o.a);"), Constant(1)),
    "first use of a lazy value": (inside("let x; x ??= 1; probe(x);"), AnyOf((Constant(None), Constant(1)))),
    "this of an arrow function": (
        "class A { constructor() { this.x = 1; } go() { [1].forEach(() => probe(this.x)); } }\n"
        + inside("new A().go();"), Constant(1)),
    "field made of another": ("class A { x = 'a'; y = this.x; }\n" + inside("probe(new A().y)"), Constant("a")),
    "private field": ("class A { #x = 'a'; get() { probe(this.#x); } }\n" + inside("new A().get()"), Constant("a")),
    "parameter property": (
        "class A { constructor(private readonly x: string) {} go() { probe(this.x); } }\n"
        "export const handler = async (event: any) => new A(event.id).go();\n", EventPart(("id",))),
    "this of an object": ("const o = { x: 1, go() { probe(this.x); } };\n" + inside("o.go();"), Constant(1)),
    "value in a block of its own": (inside("const x = 1; if (event.a) { const x = 2; probe(x); }"), Constant(2)),
    "loop variable in a closure": (
        inside("for (const x of [1]) { f(() => probe(x)); } for (const x of [2]) { g(x); }"), Constant(1)),
    "function used before it stands there": (inside("probe(f()); function f() { return 1; }"), Constant(1)),
    "chosen by a constant key": ("const T = { a: 1 }; const k = 'a';\n" + inside("probe(T[k])"), Constant(1)),
    "call by another receiver": ("function f(x) { probe(x); }\n" + inside("f.call(null, event.a);"), EventPart(("a",))),
    "callback of Node": (inside("g(event.a, (err, data) => { if (err) throw err; h(data); }); probe(1);"), Constant(1)),
    "request of a hook": ("const middy = require('@middy/core');\nconst base = async (event) => event;\n"
                          "exports.handler = middy(base).before(async (request) => probe(request.event.a));\n",
                          EventPart(("a",))),
    "context of a handler that streams": (
        "exports.handler = awslambda.streamifyResponse(async (e, stream, context) => probe(context.awsRequestId));\n",
        ContextPart(("aws_request_id",))),
    "wrapped handler": ("import middy from '@middy/core';\n"
        "export const handler = middy(async (event) => probe(event.a));\n",
                        EventPart(("a",))),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), VALUES.values(), ids=VALUES)
def test_values(source: str, expected: Symbol) -> None:
    handler = "" if "middy" in source or "streamify" in source else "handler"
    assert probe(code_of(source, handler, entry="app.ts")) == expected


NAMES = {
    "default import": ("import axios from 'axios';\n" + inside("probe(axios.get)"), "axios.get"),
    "default of a namespace": ("import * as axios from 'axios';\n" + inside("probe(axios.default.get)"), "axios.get"),
    "required": ("const axios = require('axios');\n" + inside("probe(axios.get)"), "axios.get"),
    "required member": ("const { S3 } = require('aws-sdk');\n" + inside("probe(new S3().getObject)"),
                        "aws-sdk.S3().getObject"),
    "required inside": (inside("const { S3 } = require('aws-sdk'); probe(new S3().getObject)"),
        "aws-sdk.S3().getObject"),
    "imported while running": (inside("const { S3 } = await import('@aws-sdk/client-s3'); probe(new S3().getObject)"),
                               "@aws-sdk/client-s3.S3().getObject"),
    "part of a package": ("const S3 = require('aws-sdk/clients/s3');\n" + inside("probe(new S3().getObject)"),
                          "aws-sdk/clients/s3().getObject"),
    "global": (inside("probe(fetch)"), "fetch"),
    "global by its object": (inside("probe(globalThis.fetch)"), "fetch"),
    "client of the module": ("const AWS = require('aws-sdk');\nconst s3 = new AWS.S3();\n"
        + inside("probe(s3.getObject)"),
                             "aws-sdk.S3().getObject"),
    "client made when first used": ("const AWS = require('aws-sdk');\nlet s3;\n"
        + inside("s3 ??= new AWS.S3(); probe(s3.getObject)"), "aws-sdk.S3().getObject"),
    "client kept in an object": ("const AWS = require('aws-sdk');\nconst state = { s3: null };\n"
        "const get = () => { state.s3 = state.s3 || new AWS.S3(); return state.s3; };\n"
        + inside("probe(get().getObject)"), "aws-sdk.S3().getObject"),
    "client from a function": ("const AWS = require('aws-sdk');\nconst make = () => new AWS.S3();\n"
                               + inside("probe(make().getObject)"), "aws-sdk.S3().getObject"),
    "field": ("const AWS = require('aws-sdk');\nclass A { s3 = new AWS.S3(); go() { probe(this.s3.getObject); } }\n"
              + inside("new A().go()"), "aws-sdk.S3().getObject"),
    "singleton": (
        "const AWS = require('aws-sdk');\nclass A { static one = null; s3 = new AWS.S3();\n"
        "static get() { if (!A.one) A.one = new A(); return A.one; } }\n" + inside("probe(A.get().s3.getObject)"),
        "aws-sdk.S3().getObject"),
    "Map that holds a key like a method's name": (
        "const AWS = require('aws-sdk');\nclass A { s3 = new AWS.S3(); }\n"
        "const all = new Map([['get', new A()], ['set', new A()]]);\n" + inside("probe(all.get(event.k).s3.getObject)"),
        "aws-sdk.S3().getObject"),
    "inherited": ("const AWS = require('aws-sdk');\nclass B { constructor() { this.s3 = new AWS.S3(); } }\n"
                  "class A extends B { go() { probe(this.s3.getObject); } }\n" + inside("new A().go()"),
                  "aws-sdk.S3().getObject"),
    "promise of a request": ("const AWS = require('aws-sdk');\n"
        + inside("const r = await new AWS.S3().getObject().promise(); probe(r.Body);"),
            "aws-sdk.S3().getObject().Body"),
    "data of a callback": ("const AWS = require('aws-sdk');\n"
        + inside("new AWS.S3().getObject({}, (err, data) => probe(data.Body));"), "aws-sdk.S3().getObject().Body"),
    "answer of a promise": ("const AWS = require('aws-sdk');\n"
        + inside("new AWS.S3().getObject().promise().then(({ Body }) => probe(Body));"),
            "aws-sdk.S3().getObject().Body"),
    "promisified": ("const util = require('util'); const dns = require('dns');\nconst f = util.promisify(dns.lookup);\n"
                    + inside("probe(f)"), "dns.lookup"),
    "bound": ("const AWS = require('aws-sdk');\nconst s3 = new AWS.S3(); const get = s3.getObject.bind(s3);\n"
              + inside("probe(get)"), "aws-sdk.S3().getObject"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), NAMES.values(), ids=NAMES)
def test_names_of_packages(source: str, expected: str) -> None:
    found = probe(code_of(source, entry="app.js"))
    assert {dotted(each) for each in options(found) if each != Constant(None)} == {expected}


MODULES = {
    "named": ({"db.js": "export const client = new S3();\n"}, "import { client } from './db.js';\n", "client"),
    "renamed": ({"db.js": "const c = new S3();\nexport { c as client };\n"
        ""}, "import { client as x } from './db';\n", "x"),
    "default": ({"db.js": "export default new S3();\n"}, "import db from './db';\n", "db"),
    "namespace": ({"db.js": "export const client = new S3();\n"}, "import * as db from './db';\n", "db.client"),
    "required": ({"db.js": "exports.client = new S3();\n"}, "const db = require('./db');\n", "db.client"),
    "required member": ({"db.js": "module.exports = { client: new S3() };\n"}, "const { client } = require('./db');\n",
                        "client"),
    "module as a whole": ({"db.js": "module.exports = new S3();\n"}, "const db = require('./db');\n", "db"),
    "class as a whole": ({"db.js": "class Db { client = new S3(); }\nmodule.exports = Db;\nmodule.exports.x = 1;\n"},
                         "const Db = require('./db');\n", "new Db().client"),
    "CommonJS by default": ({"db.js": "module.exports = { client: new S3() };\n"}, "import db from './db';\n",
                            "db.client"),
    "default of what is required": ({"db.mjs": "export default new S3();\n"}, "const db = require('./db.mjs');\n",
                                    "db.default"),
    "barrel": ({"db/index.ts": "export * from './s3';\n", "db/s3.ts": "export const client = new S3();\n"},
               "import { client } from './db';\n", "client"),
    "named barrel": ({"db/index.ts": "export { client as c } from './s3';\n",
                      "db/s3.ts": "export const client = new S3();\n"}, "import { c } from './db';\n", "c"),
    "namespace of a barrel": ({"db/index.ts": "export * as s3 from './s3';\n",
                               "db/s3.ts": "export const client = new S3();\n"}, "import { s3 } from './db';\n",
                                   "s3.client"),
    "barrels in a circle": ({"db/index.ts": "export * from './s3';\n",
                             "db/s3.ts": "export * from './index';\nexport const client = new S3();\n"},
                            "import { client } from './db';\n", "client"),
    "barrel that what it passes on asks itself": (
        {"db/index.ts": "export * from './s3';\nexport * from './make';\n",
         "db/s3.ts": "import { make } from './index';\nexport const client = make();\n",
         "db/make.ts": "export const make = () => new S3();\n"}, "import { client } from './db';\n", "client"),
    "own exports": ({}, "exports.client = new S3();\n", "exports.client"),
    "configuration": ({"config.ts": "export const config = { s3: new S3() } as const;\n"},
                      "import { config } from './config';\n", "config.s3"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "imports", "expression"), MODULES.values(), ids=MODULES)
def test_local_modules(files: dict[str, str], imports: str, expression: str) -> None:
    source = imports + f"export const handler = async (event) => {{ probe({expression}.getObject); }};\n"
    assert dotted(probe(code_of({"app.js": source, **files}, entry="app.js"))) == "S3().getObject"


def test_what_a_file_does_not_export_is_unresolved() -> None:
    files = {"app.js": "import { no } from './db';\n" + inside("probe(no.x)"), "db.js": "const no = 1;\n"}
    assert probe(code_of(files, entry="app.js")) == Unresolved()


def test_what_other_modules_export_is_no_name_of_a_barrel() -> None:
    files = {"app.js": "import { f } from './db';\n" + inside("f();"),
             "db.js": "export * from './s3';\nexport const f = () => probe(fetch);\n",
             "s3.js": "export const fetch = 1;\n"}  # fmt: skip
    assert dotted(probe(code_of(files, entry="app.js"))) == "fetch"


FROM_EVENT = {
    "parsed body": ("probe(JSON.parse(event.body).id)", True),
    "concatenated": ("probe('order-' + event.id)", True),
    "reduced": ("probe(event.Records.reduce((sum, r) => sum + r.n, 0))", True),
    "collected in a callback": ("const found = []; event.Records.forEach((r) => { found.push(r.id); }); probe(found);",
                                True),
    "gathered in a callback": ("let text = ''; event.Records.forEach((r) => { text += r.id; }); probe(text);", True),
    "spread": ("probe({ ...event.a, b: 1 })", True),
    "constant": ("const a = [1, 2].map((x) => x + 1); probe(a);", False),
    "after an error": ("const x = await g(event.a).catch(() => null); probe(x);", True),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), FROM_EVENT.values(), ids=FROM_EVENT)
def test_dependence_on_the_event(body: str, expected: bool) -> None:
    assert depends_on_event(probe(code_of(inside(body), entry="app.js"))) is expected


def test_list_of_what_was_mapped_is_as_long() -> None:
    found = probe(code_of(inside("probe([1, 2].map((x) => 'a'))"), entry="app.js"))
    assert found == Group((Constant("a"), Constant("a")))


def test_arguments_are_parameters_by_position_alone() -> None:
    source = "function f(options, timeout) { probe(timeout); }\n" + inside("f({ timeout: 3 }, 5);")
    assert probe(code_of(source, entry="app.js")) == Constant(5)


HOSTILE = {
    "chain of promises": inside("probe(f()" + "\n.then((x) => g(x))" * 600 + ")"),
    "promises in promises": inside("f()" + ".then((x) => g(x)" * 38 + ")" * 38 + "; probe(1)"),
    "object that everybody fills": "const t = {};\n"
    + "".join(f"function f{n}() {{ t.k{n} = t.k{n + 1}; }}\n" for n in range(400))
    + inside("".join(f"f{n}(); " for n in range(400)) + "probe(t.k0)"),
    "large object": "const t = {" + ",\n".join(f"k{n}: () => {n}" for n in range(5000)) + "};\n"
        + inside("probe(t.k7())"),
    "imports of oneself": "import { x as y } from './app.js';\nexport const x = y;\n" + inside("probe(x)"),
    "class that derives from itself": "class A extends A {}\n" + inside("probe(new A().x)"),
    "variable that everybody writes": "let x;\n"
    + "".join(f"function f{n}() {{ x = x + f{n + 1}(); }}\n" for n in range(300))
    + inside("f0(); probe(x)"),
    "mapped and mapped": inside("probe([1, 2, 3]" + "\n.map((x) => [x, x])" * 300 + ")"),
    "callbacks in callbacks": inside("event.a" + ".map((x) => x.a" * 38 + ")" * 38 + "; probe(1)"),
}  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_code_ends(source: str) -> None:
    code = code_of(source, entry="app.js")
    for site in code.sites():
        site.depends_on_event()
        assert site.path() is not None
    assert probe_site(code)


def test_context_under_its_python_name() -> None:
    source = inside("probe(context.getRemainingTimeInMillis)")
    assert probe(code_of(source, entry="app.js")) == ContextPart(("get_remaining_time_in_millis",))
