"""Deployed Node.js functions and the JavaScript or TypeScript they are joined to."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from slslint.app import JoinState
from tests.link.test_link import app_of, sam

HANDLER = "export const handler = async (event, context) => {};\n"
TSCONFIG = '{"compilerOptions": {"rootDir": "source", "outDir": "dist"}}'


def node(handler: str = "app.handler", code: str | None = "src", more: str = "", metadata: str = "") -> str:
    """A template of one Node.js function."""
    return sam(handler, code, more, "nodejs22.x") + (f"\n            {metadata}\n" if metadata else "")


def esbuild(handler: str, *points: str) -> str:
    return node(handler, "api", metadata=f"Metadata: {{BuildMethod: esbuild, BuildProperties: {{EntryPoints: "
                                         f"[{', '.join(points)}]}}}}")  # fmt: skip


def exported(text: str) -> tuple[str, dict[str, str]]:
    return node(), {"src/app.mjs": text}


WITHIN = "const inner = async (event) => {};\n"

JOINED: Mapping[str, tuple[str, Mapping[str, str], str]] = {
    # The file.
    "module in the code folder": (node(), {"src/app.mjs": HANDLER}, "src/app.mjs:handler"),
    "module in a folder": (node("api/orders/app.handler"), {"src/api/orders/app.js": HANDLER},
                           "src/api/orders/app.js:handler"),
    "TypeScript": (node(), {"src/app.ts": HANDLER}, "src/app.ts:handler"),
    "compiled beside its source": (node(), {"src/app.js": "exports.handler = 1;", "src/app.ts": HANDLER},
                                   "src/app.ts:handler"),
    "file instead of a folder": (node("index.handler", "src/index.js"), {"src/index.js": HANDLER},
                                 "src/index.js:handler"),
    "entry point": (esbuild("app.handler", "source/app.ts"), {"api/source/app.ts": HANDLER},
                    "api/source/app.ts:handler"),
    "one of several entry points": (
        esbuild("b/index.handler", "source/a/index.ts", "source/b/index"),
        {"api/source/a/index.ts": HANDLER, "api/source/b/index.ts": HANDLER}, "api/source/b/index.ts:handler"),
    "entry point that is a folder": (esbuild("orders.handler", "./orders"), {"api/orders/index.ts": HANDLER},
                                     "api/orders/index.ts:handler"),
    "entry point named by its path": (esbuild("source/app.handler", "source/app.ts"), {"api/source/app.ts": HANDLER},
                                      "api/source/app.ts:handler"),
    "folder that is built": (node("orders/app.handler", "dist"), {"src/orders/app.ts": HANDLER},
                             "src/orders/app.ts:handler"),
    "folder that was built": (node("app.handler", "dist"), {"src/app.ts": HANDLER, "dist/app.js": "var a;"},
                              "src/app.ts:handler"),
    "folder that will be built of one of many": (node("app.handler", "dist/orders"),
                                                 {"src/lambdas/orders/app.ts": HANDLER, "src/app.ts": HANDLER},
                                                 "src/lambdas/orders/app.ts:handler"),
    "handler in a folder that is built": (node("dist/app.handler", "."), {"app.ts": HANDLER}, "app.ts:handler"),
    "folder that the compiler's settings name": (
        node("app.handler", "api/dist"),
        {"api/tsconfig.json": TSCONFIG, "api/source/app.ts": HANDLER, "api/src/app.ts": "", "api/app.ts": ""},
        "api/source/app.ts:handler"),
    "unknown runtime": (
        sam("app.handler", runtime="!Ref Runtime").replace("Resources", "Parameters: {Runtime: {Type: String}}\n"
                                                           "        Resources"),
        {"src/app.js": HANDLER}, "src/app.js:handler"),
    "behind a monitoring layer": (
        node("/opt/nodejs/node_modules/datadog-lambda-js/handler.handler",
             more="Environment: {Variables: {DD_LAMBDA_HANDLER: app.handler}}"), {"src/app.js": HANDLER},
        "src/app.js:handler"),
    "behind a monitoring package": (
        node("node_modules/@dynatrace/oneagent/index.handler",
             more="Environment: {Variables: {DT_LAMBDA_HANDLER: app.handler}}"), {"src/app.js": HANDLER},
        "src/app.js:handler"),
    # The function.
    "function": (*exported("export async function handler(event) {}"), "src/app.mjs:handler"),
    "listed": (*exported(f"{WITHIN}export {{ inner as handler }};"), "src/app.mjs:inner"),
    "default": (node("app.default"), {"src/app.ts": "export default async (event) => {};"},
                "src/app.ts:default"),
    "member of exports": (*exported("exports.handler = async (event) => {};"), "src/app.mjs:handler"),
    "member of module.exports": (*exported("module.exports.handler = async function (event) {};"),
                                 "src/app.mjs:handler"),
    "entry of module.exports": (*exported(f"{WITHIN}module.exports = {{ handler: inner }};"), "src/app.mjs:inner"),
    "both kinds of exports": (*exported(f"{WITHIN}exports = module.exports = {{}}; exports.handler = inner;"),
                              "src/app.mjs:inner"),
    "object of handlers": (node("app.orders.create"),
                           {"src/app.ts": "export const orders = { create: async (event) => {} };"},
                           "src/app.ts:orders.create"),
    "re-exported": (node(), {"src/app.ts": "export { create as handler } from './orders';",
                             "src/orders.ts": HANDLER.replace("handler", "create")}, "src/orders.ts:create"),
    "through a barrel": (node(), {"src/app.ts": "export * from './orders';",
                                  "src/orders/index.ts": "export * from './create.js';",
                                  "src/orders/create.ts": HANDLER}, "src/orders/create.ts:handler"),
    "imported and exported": (node(), {"src/app.ts": "import create from './orders';\nexport const handler = create;",
                                       "src/orders.ts": "export default function create(event) {}"},
                              "src/orders.ts:create"),
    "required": (node(), {"src/app.js": "exports.handler = require('./orders').create;",
                          "src/orders.js": "exports.create = async (event) => {};"}, "src/orders.js:create"),
    "whole module passed on": (node(), {"src/app.js": "module.exports = require('./orders');",
                                        "src/orders.js": "exports.handler = async (event) => {};"},
                               "src/orders.js:handler"),
    "whole module passed on with more": (
        node(), {"src/app.js": "module.exports = { ...require('./orders'), hello: () => {} };",
                 "src/orders.js": "exports.handler = async (event) => {};"}, "src/orders.js:handler"),
    "module of another name passed on with more": (
        node(), {"src/app.js": "const orders = require('./orders');\nmodule.exports = { ...orders, hello: () => {} };",
                 "src/orders.js": "exports.handler = async (event) => {};"}, "src/orders.js:handler"),
    "modules put together": (
        node(), {"src/app.js": "module.exports = Object.assign({}, require('./hello'), require('./orders'));",
                 "src/hello.js": "exports.hello = () => {};",
                 "src/orders.js": "exports.handler = async (event) => {};"}, "src/orders.js:handler"),
    "wrapped": (*exported(f"import middy from '@middy/core';\n{WITHIN}export const handler = middy(inner);"),
                "src/app.mjs:inner"),
    "wrapped, and more added": (
        *exported(f"import middy from '@middy/core';\n{WITHIN}"
                  "export const handler = middy(inner).use(parser()).before(async (request) => {});"),
        "src/app.mjs:inner"),
    "wrapped at the end": (
        *exported(f"import middy from '@middy/core';\n{WITHIN}"
                  "export const handler = middy().before((request) => {}).use(parser()).handler(inner);"),
        "src/app.mjs:inner"),
    "wrapped by a member": (
        *exported(f"import * as Sentry from '@sentry/aws-serverless';\n{WITHIN}"
                  "export const handler = Sentry.wrapHandler(inner);"), "src/app.mjs:inner"),
    "wrapped in two steps": (
        *exported(f"import {{ compose }} from 'wrappers';\n{WITHIN}export const handler = compose(a, b)(inner);"),
        "src/app.mjs:inner"),
    "wrapped by name": (
        *exported("import { api } from 'wrappers';\n"
                  "export const handler = api({ schema: {}, handler: async (event) => {} });"), "src/app.mjs:handler"),
    "wrapped in a function of more": (
        *exported("import { metricScope } from 'aws-embedded-metrics';\n"
                  "export const handler = metricScope((metrics) => async (event) => {});"),
        "src/app.mjs:<lambda>@2:49"),
    "streamed": (*exported(f"{WITHIN}export const handler = awslambda.streamifyResponse(inner);"),
                 "src/app.mjs:inner"),
    "wrapped in place": (
        *exported(f"const caught = (run) => async (event) => run(event);\n{WITHIN}"
                  "export const handler = caught(inner);"), "src/app.mjs:<lambda>@1:25"),
    "wrapped in place by a package": (
        *exported(f"import middy from '@middy/core';\n{WITHIN}const common = (run) => middy(run).use(parser());\n"
                  "export const handler = common(inner);"), "src/app.mjs:inner"),
    "method": (*exported("class Orders { async run(event) {} }\nconst orders = new Orders();\n"
                         "export const handler = orders.run.bind(orders);"), "src/app.mjs:Orders.run"),
    "method of an instance": (node("app.orders.run"),
                              {"src/app.ts": "class Orders { async run(event) {} }\n"
                                             "export const orders = new Orders();"}, "src/app.ts:Orders.run"),
    "adapter": (*exported("import serverless from 'serverless-http';\nimport express from 'express';\n"
                          "const app = express();\nexport const handler = serverless(app);"), "src/app.mjs:"),
}  # fmt: skip


@pytest.mark.parametrize(("template", "files", "place"), JOINED.values(), ids=JOINED)
def test_joined(tmp_path: Path, template: str, files: Mapping[str, str], place: str) -> None:
    app = app_of(tmp_path, {"template.yaml": template, **files})
    join = app.joins["F"]
    assert (join.state, f"{join.file}:{join.handler}") == (JoinState.JOINED, place), join
    ((_, code),) = app.functions_with_code()
    assert (code.handler.path, code.handler.name) == (join.file, join.handler)


BUNDLE = '"use strict";var ' + ",".join(f"a{n}=function(e){{return e+{n}}}" for n in range(3000)) + ";"

NOT_JOINED: Mapping[str, tuple[str, Mapping[str, str], JoinState, str]] = {
    "no such file": (node("apps.handler"), {"src/app.js": ""}, JoinState.MISSING, "`src/app.js` is there"),
    "no such export": (node(), {"src/app.ts": "export const handlers = () => {};"}, JoinState.MISSING,
                       "`src/app.ts` exports no `handler`; did you mean `handlers`"),
    "not exported": (node(), {"src/app.js": "const handler = async () => {};"}, JoinState.MISSING,
                     "exports no `handler`"),
    "a folder": (node("orders.handler"), {"src/orders/index.js": HANDLER}, JoinState.MISSING,
                 "no file of the module `orders`"),
    "no function named": (node("app"), {"src/app.js": HANDLER}, JoinState.MISSING, "it names no function"),
    "exports of another package": (node(), {"src/app.ts": "export * from '@shop/orders';"}, JoinState.ELSEWHERE,
                                   "`@shop/orders.handler`, which lies outside"),
    "exports made by calls": (node(), {"src/app.js": "for (const n of names) exports[n] = make(n);"},
                              JoinState.ELSEWHERE, "could not be told"),
    "not in what is exported at once": (node(), {"src/app.js": "module.exports = { hello: async () => {} };"},
                                        JoinState.MISSING, "exports no `handler`; did you mean `hello`"),
    "a function is exported": (node(), {"src/app.js": "module.exports = async () => {};"}, JoinState.MISSING,
                               "exports no `handler`"),
    "passed on with more": (node(), {"src/app.js": "module.exports = { ...require('shop'), hello: 1 };"},
                            JoinState.ELSEWHERE, "lies outside the application"),
    "exports by another name": (node(), {"src/app.js": "this.handler = async () => {};"}, JoinState.ELSEWHERE,
                                "could not be told"),
    "default object": (node(), {"src/app.ts": "export default { handler: async () => {} };"}, JoinState.MISSING,
                       "`src/app.ts` exports no `handler`"),
    "broken file": (node(), {"src/app.js": "export const ((( = {"}, JoinState.ELSEWHERE, "does not parse"),
    "built folder": (node("app.handler", "dist"), {"dist/x.js": ""}, JoinState.ELSEWHERE, "a build step fills `dist`"),
    "built file": (node("dist/app.handler", "."), {"x.js": ""}, JoinState.ELSEWHERE, "a build step makes"),
    "made by a script": (node(), {"src/x.js": "", "package.json": '{"scripts": {"build": "tsc -p ."}}'},
                         JoinState.ELSEWHERE, "a script of `package.json` may make it"),
    "made by a script above": (node("bundle.handler"),
                               {"src/index.ts": HANDLER, "src/package.json": "{}",
                                "package.json": '{"scripts": {"bundle": "webpack --progress"}}'},
                               JoinState.ELSEWHERE, "a script of `package.json` may make it"),
    "bundle": (node("app.handler", "dist"), {"dist/app.js": BUNDLE}, JoinState.ELSEWHERE, "`dist/app.js` is a bundle"),
    "two sources": (node("app.handler", "dist"), {"src/app.ts": HANDLER, "app.ts": HANDLER}, JoinState.AMBIGUOUS,
                    "`src/app.ts` or `app.ts`"),
    "layer": (node("/opt/nodejs/app.handler"), {"src/app.js": HANDLER}, JoinState.ELSEWHERE, "a layer brings"),
    "unknown runtime and both languages": (
        sam("app.handler", runtime="!Ref Runtime").replace("Resources", "Parameters: {Runtime: {Type: String}}\n"
                                                           "        Resources"),
        {"src/app.js": HANDLER, "src/app.py": "def handler(event, context): pass\n"}, JoinState.AMBIGUOUS,
        "`src/app.py` or `src/app.js`"),
    "another module in inline code": (
        node("app.handler", None, "InlineCode: |\n                exports.handler = async () => {};"), {},
        JoinState.MISSING, "its handler would be `index.handler`"),
}  # fmt: skip


@pytest.mark.parametrize(("template", "files", "state", "why"), NOT_JOINED.values(), ids=NOT_JOINED)
def test_not_joined(tmp_path: Path, template: str, files: Mapping[str, str], state: JoinState, why: str) -> None:
    app = app_of(tmp_path, {"template.yaml": template, **files})
    join = app.joins["F"]
    assert join.state is state, join
    assert why in join.why
    assert not list(app.functions_with_code())


def test_inline_code(tmp_path: Path) -> None:
    more = "InlineCode: |\n                const axios = require('axios');\n"
    more += "                exports.handler = async (event) => {\n                  await axios.get(event.url);\n"
    more += "                };\n"
    app = app_of(tmp_path, {"template.yaml": node("index.handler", None, more)})
    ((_, code),) = app.functions_with_code()
    assert code.handler.name == "handler"
    assert ("axios.get", 13) in {(site.dotted, site.call.at.line) for site in code.sites()}


def test_layers_are_searched(tmp_path: Path) -> None:
    template = (
        node(more="Layers: [!Ref Shared]")
        + """
          Shared: {Type: AWS::Serverless::LayerVersion, Properties: {ContentUri: shared}}
    """
    )
    files = {
        "template.yaml": template,
        "src/app.mjs": "import { save } from '/opt/nodejs/common.mjs';\nexport const handler = async () => save();\n",
        "shared/nodejs/common.mjs": "export const save = () => {};\n",
    }
    ((_, code),) = app_of(tmp_path, files).functions_with_code()
    assert "shared/nodejs/common.mjs" in {place.path for place in code.places()}


def test_what_a_link_leads_to_outside_is_not_read(tmp_path: Path) -> None:
    inside, outside = tmp_path / "inside", tmp_path / "outside"
    outside.mkdir()
    (outside / "secret.js").write_text("exports.read = () => {};\n")
    (inside / "src").mkdir(parents=True)
    (inside / "src" / "secret.js").symlink_to(outside / "secret.js")
    source = "import { read } from './secret.js';\nexport const handler = async () => read();\n"
    ((_, code),) = app_of(inside, {"template.yaml": node(), "src/app.mjs": source}).functions_with_code()
    assert {place.path for place in code.places()} == {"src/app.mjs"}
