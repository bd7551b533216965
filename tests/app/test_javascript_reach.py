"""What a handler in JavaScript or TypeScript reaches, and whether it runs on every invocation."""

from __future__ import annotations

import pytest
from sources import code_of, probe, reached

from slslint.app.symbols import depends_on_event


def inside(body: str) -> str:
    return f"exports.handler = async (event, context) => {{ {body} }};\n"


REACHED = {
    "call": ("function a() {}\nfunction b() {}\n" + inside("a();"), {"a"}),
    "arrow function": ("const a = () => {};\nconst b = () => {};\n" + inside("a();"), {"a"}),
    "method": ("class A { run() { this.go(); } go() {} other() {} }\n" + inside("new A().run();"), {"A.run", "A.go"}),
    "constructor": ("class A { constructor() {} }\n" + inside("new A();"), {"A.constructor"}),
    "super": ("class B { constructor() {} go() {} other() {} }\n"
              "class A extends B { constructor() { super(); } go() { super.go(); } }\n"
              + inside("new A().go();"), {"A.constructor", "B.constructor", "A.go", "B.go"}),
    "inherited method": ("class A { run() { this.go(); } go() {} }\nclass B extends A { go() {} }\n"
                         + inside("new B().run();"), {"A.run", "A.go", "B.go"}),
    "field that is a function": ("class A { run = () => this.go(); go() {} }\n" + inside("new A().run();"),
                                 {"A.run", "A.go"}),
    "static method": ("class A { static run() { A.go(); } static go() {} }\n" + inside("A.run();"), {"A.run", "A.go"}),
    "getter": ("class A { get name() {} }\n" + inside("const x = new A().name;"), {"A.name"}),
    "function of an object": ("const orders = { save() {}, load: () => {} };\n" + inside("orders.save();"),
        {"orders.save"}),
    "object of functions": ("function a() {}\nfunction b() {}\nconst orders = { a, b };\n"
        + inside("orders.a();"), {"a"}),
    "dispatch table": ("const routes = { a: () => {}, b: () => {} };\nfunction c() {}\n"
        + inside("routes[event.r](event);"),
                       {"routes.a", "routes.b"}),
    "Map of functions": ("const routes = new Map([['a', a]]);\nfunction a() {}\n"
        + inside("routes.get(event.r)();"), {"a"}),
    "method by name": ("class A { a() {} b() {} }\n" + inside("new A()[event.m]();"), {"A.a", "A.b"}),
    "callback": ("function a() {}\n" + inside("event.Records.map(a);"), {"a"}),
    "callback of what nobody knows": ("function a() {}\n" + inside("event.x.y().z(a);"), {"a"}),
    "callback in a callback": ("function a() {}\n" + inside("event.Records.map(() => { setTimeout(() => a(), 1); });"),
                               {"a", "<lambda>"}),
    "listener": ("function a() {}\n" + inside("stream.on('data', a);"), {"a"}),
    "promise": ("function a() {}\nfunction b() {}\n" + inside("return f().then(a).catch(b);"), {"a", "b"}),
    "executor": ("function a() {}\n" + inside("return new Promise((ok) => { a(); });"), {"a", "<lambda>"}),
    "called at once": ("function a() {}\n" + inside("(async () => { a(); })();"), {"a", "<lambda>"}),
    "bound method": ("class A { run() {} }\nconst a = new A();\nconst run = a.run.bind(a);\n"
        + inside("run();"), {"A.run"}),
    "function returned": ("function make() { return () => a(); }\nfunction a() {}\n" + inside("make()();"),
                          {"make", "a", "<lambda>"}),
    "local wrapper": ("const wrap = (f) => async (...args) => f(...args);\nconst a = wrap(async () => b());\n"
                      "function b() {}\nfunction c() {}\n" + inside("a(event);"), {"wrap", "b", "<lambda>"}),
    "function handed to a function": ("function retry(f) { return f(); }\nfunction a() {}\n"
        + inside("retry(() => a());"),
                                      {"retry", "a", "<lambda>"}),
    "main guard": ("function a() {}\nif (require.main === module) { a(); }\n" + inside(""), set()),
    "module body": ("function a() {}\na();\n" + inside(""), {"a"}),
    "exported to others": ("exports.a = () => {};\nconst b = () => {};\nexports.b = b;\nmodule.exports = { b };\n"
                           + inside(""), set()),
    "route": ("const app = require('express')();\nfunction a() {}\nfunction b() {}\napp.get('/', a);\n"
        + inside(""), {"a"}),
    "route told in a function": ("function make() { const app = express(); app.get('/', a); return app; }\n"
        "function a() {}\n"
        "const app = make();\n" + inside(""), {"make", "a"}),
    "route told by a decorator": ("import { Controller, Get } from '@nestjs/common';\n"
        "@Controller() class A { @Get() list() {} other() {} }\n" + inside(""), {"A.list"}),
    "object handed to a framework": ("const resolvers = { Query: { a: () => {} } };\nfunction b() {}\n"
                                     "const server = new ApolloServer({ resolvers });\n" + inside(""),
                                         {"resolvers.Query.a"}),
    "class derived from a package's": ("const { Base } = require('framework');\nclass A extends Base { get() {} }\n"
                                       "framework.add(new A());\n" + inside(""), {"A.get"}),
    "decorated": ("@injectable()\nclass A { @cached() run() {} }\n" + inside("new A().run();"), {"A.run"}),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), REACHED.values(), ids=REACHED)
def test_reached(source: str, expected: set[str]) -> None:
    names = {name.removeprefix("app:").split("@")[0] for name in reached(code_of(source, entry="app.ts"))}
    assert names - {"handler"} == expected


FROM_EVENT = {
    "route": "const app = require('express')();\napp.get('/:id', (req, res) => { probe(req.params.id); });\n"
        + inside(""),
    "route of a router": "import Router from 'koa-router';\nconst r = new Router();\nr.get('/', (c) => probe(c.id));\n"
                         + inside(""),
    "hook": "const middy = require('@middy/core');\nconst mw = { before: (r) => probe(r.event.id) };\n"
            "middy(() => {}).use(mw);\n" + inside(""),
    "batch": "const { processPartialResponse } = require('@aws-lambda-powertools/batch');\n"
             "const one = async (record) => probe(record.body);\n"
             + inside("return processPartialResponse(event, one, processor);"),
    "wrapper": "const wrap = (f) => async (e, c) => f(e, c);\nconst main = wrap(async (e) => probe(e.id));\n"
               + inside("return main(event, context);"),
    "callback of a package": inside("eachOf(event.a, (x) => probe(x));"),
    "values of an object": inside("Object.values(event.a).forEach((x) => probe(x));"),
}  # fmt: skip


@pytest.mark.parametrize("source", FROM_EVENT.values(), ids=FROM_EVENT)
def test_parameters_from_the_event(source: str) -> None:
    assert depends_on_event(probe(code_of(source, entry="app.js")))


def test_what_runs_on_an_invocation() -> None:
    source = """
        const app = require('express')();
        const table = ['a', 'b'].map((x) => x);
        const ready = connect().then(() => {});
        process.on('exit', () => {});
        app.get('/', list);

        function connect() {}
        function list() { save(); }
        function save() { later(() => {}); }
        exports.handler = async (event) => { connect(); };
    """
    code = code_of(source, entry="app.js")
    runs = {f"{p.name or p.path}": code.per_invocation(p) for p in code.places()}
    assert runs == {
        "app.js": False,
        "handler": True,
        "connect": True,
        "list": True,
        "save": True,
        "<lambda>@3:30": False,
        "<lambda>@4:30": False,
        "<lambda>@5:20": False,
        "<lambda>@10:25": True,
    }


def test_routes_told_in_a_function_run_on_an_invocation() -> None:
    source = "function make() { const app = express(); app.get('/', a); }\nfunction a() {}\nmake();\n" + inside("")
    code = code_of(source, entry="app.js")
    assert {p.name for p in code.places() if code.per_invocation(p)} == {"handler", "a"}


def test_paths() -> None:
    files = {
        "app.ts": """
            import { save } from './orders';
            export const handler = async (event: any) => Promise.all(event.Records.map((r: any) => save(r)));
        """,
        "orders.ts": """
            import { S3 } from 'aws-sdk';
            const s3 = new S3();
            export const save = async (order: any) => s3.putObject(order).promise();
        """,
    }
    code = code_of(files, entry="app.ts")
    put = next(site for site in code.sites() if site.dotted == "aws-sdk.S3().putObject")
    assert [f"{step.at.path}:{step.at.line} {step.message}" for step in put.path()] == [
        "app.ts:3 `handler` passes on `arrow function`",
        "app.ts:3 `arrow function` calls `save`",
        "orders.ts:4 `save` calls `aws-sdk.S3().putObject`",
    ]


def test_loaded_imports() -> None:
    files = {
        "app.ts": """
            import type { T } from './types';
            import './setup';
            import { save } from './orders';
            export const handler = async () => { const sharp = await import('sharp'); save(); };
        """,
        "orders.ts": "import axios from 'axios';\nexport const save = () => {};\n",
        "setup.ts": "",
        "types.ts": "import 'never';\n",
    }
    found = {
        each.statement.module: (each.at_start, each.path) for each in code_of(files, entry="app.ts").loaded_imports()
    }
    assert found == {
        "./setup": (True, "setup.ts"),
        "./orders": (True, "orders.ts"),
        "axios": (True, None),
        "sharp": (False, None),
    }


def test_users_of_a_binding() -> None:
    files = {
        "app.js": """
            import * as state from './state.js';
            import { seen as known, total } from './state.js';

            export const handler = async (event) => {
              known.push(event.id);
              state.seen[0] = 1;
              console.log(total);
            };
        """,
        "state.js": """
            let count = 0;
            const all = [];
            export { all as seen, count as total };
            export function reset() { count = 0; }
            function local() { const count = 1; return count; }
            reset();
            local();
        """,
    }
    code = code_of(files, entry="app.js")

    def uses(name: str) -> list[tuple[str, str, int]]:
        return [(use.place.title, use.how, use.at.line) for use in code.users_of("state.js", name)]

    assert uses("all") == [("handler", "change", 6), ("handler", "change", 7), ("state.js", "write", 3)]
    assert uses("count") == [("handler", "read", 8), ("state.js", "write", 2), ("reset", "write", 5)]
