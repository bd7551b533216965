"""Which file of the repository an import in JavaScript or TypeScript loads."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from textwrap import dedent

import pytest

from slslint.link.folders import Folders
from slslint.source import Reader

WORKSPACE = {
    "package.json": '{"workspaces": ["packages/*", "tools/cli"]}',
    "packages/db/package.json": '{"name": "@shop/db", "main": "dist/index.js"}',
    "packages/db/src/index.ts": "",
    "packages/db/src/tables.ts": "",
    "packages/log/package.json": """
        {"name": "log", "exports": {
          ".": {"types": "./dist/index.d.ts", "import": "./esm/index.mjs", "require": "./index.cjs"},
          "./levels": "./levels.js", "./format/*": {"node": {"default": "./formats/*.js"}}, "./secret": null}}""",
    "packages/log/index.cjs": "",
    "packages/log/levels.ts": "",
    "packages/log/formats/text.js": "",
    "tools/cli/package.json": '{"name": "cli", "exports": "./run.js"}',
    "tools/cli/run.js": "",
}

PATHS = {
    "tsconfig.json": """
        {
          // Comments, and a comma too many.
          "extends": "./tsconfig.base",
          "compilerOptions": {"baseUrl": "src", /* "//" */ "outDir": "dist",},
        }""",
    "tsconfig.base.json": """
        {"compilerOptions": {"paths": {"@/*": ["generated/*", "./*"], "@/lib/*": ["common/*"], "config": ["settings"],
                                       "@shop": ["../node_modules/shop/index.js", "shop.ts"]}}}""",
    "src/settings.ts": "",
    "src/shop.ts": "",
    "src/orders.ts": "",
    "src/common/log.ts": "",
    "src/lib/log.ts": "",
    "src/types.d.ts": "",
}

CASES: Mapping[str, tuple[Mapping[str, str], str, str, str | None]] = {
    "beside": ({"src/db.js": ""}, "./db.js", "src/app.js", "src/db.js"),
    "without its extension": ({"src/db.mjs": ""}, "./db", "src/app.mjs", "src/db.mjs"),
    "written in TypeScript": ({"src/db.ts": ""}, "./db.js", "src/app.ts", "src/db.ts"),
    "a module written in TypeScript": ({"src/db.mts": ""}, "./db.mjs", "src/app.mts", "src/db.mts"),
    "compiled beside its source": ({"src/db.ts": "", "src/db.js": ""}, "./db", "src/app.ts", "src/db.ts"),
    "a name with a dot": ({"src/db.service.ts": ""}, "./db.service", "src/app.ts", "src/db.service.ts"),
    "above": ({"db/index.js": ""}, "../db", "src/app.js", "db/index.js"),
    "its own folder": ({"src/index.ts": ""}, ".", "src/app.ts", "src/index.ts"),
    "a file before a folder": ({"src/db.js": "", "src/db/index.js": ""}, "./db", "src/app.js", "src/db.js"),
    "a folder's main": ({"src/db/package.json": '{"main": "main"}', "src/db/main.js": ""}, "./db", "src/app.js",
                        "src/db/main.js"),
    "data": ({"src/db.json": "{}"}, "./db.json", "src/app.js", None),
    "data without extension": ({"src/db.json": "{}"}, "./db", "src/app.js", None),
    "types alone": ({"src/db.d.ts": ""}, "./db", "src/app.ts", None),
    "installed": ({"node_modules/db/index.js": ""}, "db", "app.js", None),
    "installed, by its path": ({"node_modules/db/index.js": ""}, "./node_modules/db", "app.js", None),
    "a builtin": ({"tsconfig.json": '{"compilerOptions": {"baseUrl": "."}}', "events.ts": ""}, "events", "app.ts",
                  None),
    "below what is named like a builtin": (
        {"tsconfig.json": '{"compilerOptions": {"baseUrl": "."}}', "events/order.ts": ""}, "events/order", "app.ts",
        "events/order.ts"),
    "outside": ({}, "../../outside", "src/app.js", None),
    "no name of a file": ({}, "./a\0b/c", "src/app.js", None),
    "no text": ({}, "./\ud800/c", "src/app.js", None),
    "too long a name": ({}, f"./{'a' * 5000}/c", "src/app.js", None),
    "mapped": (PATHS, "@/orders", "src/app.ts", "src/orders.ts"),
    "mapped by the longest pattern": (PATHS, "@/lib/log", "src/app.ts", "src/common/log.ts"),
    "mapped by its very name": (PATHS, "config", "src/app.ts", "src/settings.ts"),
    "mapped to an installed package first": (PATHS, "@shop", "src/app.ts", "src/shop.ts"),
    "from the base folder": (PATHS, "lib/log", "src/app.ts", "src/lib/log.ts"),
    "what the compiler will make": (PATHS, "../dist/orders.js", "test/app.ts", "src/orders.ts"),
    "by the nearest configuration": ({**PATHS, "api/jsconfig.json": "{}"}, "@/orders", "api/app.js", None),
    "by a broken configuration": ({"tsconfig.json": '{"compilerOptions": {', "orders.ts": ""}, "orders", "app.ts",
                                  None),
    "by one that extends itself": ({"tsconfig.json": '{"extends": "./tsconfig.json"}', "orders.ts": ""}, "./orders",
                                   "app.ts", "orders.ts"),
    "internal": (
        {"package.json": '{"imports": {"#db/*": {"default": "./src/db/*.js", "types": "./types/*.d.ts"}}}',
         "src/db/orders.ts": ""}, "#db/orders", "src/app.ts", "src/db/orders.ts"),
    "internal, to a package": (
        {**WORKSPACE, "app/package.json": '{"imports": {"#db": "@shop/db"}}'}, "#db", "app/src/index.ts",
        "packages/db/src/index.ts"),
    "internal, in circles": ({"package.json": '{"imports": {"#a": "#b", "#b": "#a"}}'}, "#a", "app.js", None),
    "a workspace that is not built": (WORKSPACE, "@shop/db", "app/index.ts", "packages/db/src/index.ts"),
    "a file of a workspace": (WORKSPACE, "@shop/db/src/tables", "app/index.ts", "packages/db/src/tables.ts"),
    "a file that a workspace builds": (WORKSPACE, "@shop/db/dist/tables", "app/index.ts", "packages/db/src/tables.ts"),
    "by condition": (WORKSPACE, "log", "app/index.js", "packages/log/index.cjs"),
    "by entry of exports": (WORKSPACE, "log/levels", "app/index.js", "packages/log/levels.ts"),
    "by pattern of exports": (WORKSPACE, "log/format/text", "app/index.js", "packages/log/formats/text.js"),
    "exports of one file": (WORKSPACE, "cli", "app/index.js", "tools/cli/run.js"),
    "of pnpm": (
        {"pnpm-workspace.yaml": "packages:\n  - 'libs/**'\ncatalog:\n  - other\n",
         "libs/core/db/package.json": '{"name": "db"}', "libs/core/db/index.ts": ""}, "db", "apps/api/app.ts",
        "libs/core/db/index.ts"),
    "a linked folder": (
        {"api/package.json": '{"dependencies": {"common": "file:../common"}}', "common/index.js": ""}, "common/index",
        "api/src/app.js", "common/index.js"),
    "an absolute path in a layer": ({"layer/nodejs/db.js": ""}, "/opt/nodejs/db", "src/app.js", "layer/nodejs/db.js"),
    "a layer that is built": ({"layer/db.ts": ""}, "/opt/nodejs/db", "src/app.ts", "layer/db.ts"),
    "a package of a layer": ({"layer/nodejs/node_modules/db/index.js": ""}, "db", "src/app.js",
                             "layer/nodejs/node_modules/db/index.js"),
    "an installed package of a layer": (
        {"layer/nodejs/node_modules/db/index.js": "", "layer/nodejs/node_modules/db/package.json": "{}"}, "db",
        "src/app.js", None),
}  # fmt: skip


@pytest.mark.parametrize(("files", "specifier", "importer", "found"), CASES.values(), ids=CASES)
def test_module(tmp_path: Path, files: Mapping[str, str], specifier: str, importer: str, found: str | None) -> None:
    for path, text in {**files, importer: ""}.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(dedent(text))
    reader = Reader(str(tmp_path), (str(tmp_path.resolve()),))
    layers = tuple(layer for layer in ("layer/nodejs", "layer") if reader.is_dir(layer))
    locate = Folders(reader).locator(("src", *layers))
    assert locate(specifier, importer) == found


def test_configuration_above_the_working_directory(tmp_path: Path) -> None:
    (tmp_path / "api").mkdir()
    (tmp_path / "shared.ts").write_text("")
    (tmp_path / "tsconfig.json").write_text('{"compilerOptions": {"paths": {"shared": ["./shared.ts"]}}}')
    whole = Reader(str(tmp_path / "api"), (str(tmp_path.resolve()),))
    assert Folders(whole).locator(("src",))("shared", "app.ts") == "../shared.ts"
    inside = Reader(str(tmp_path / "api"), (str((tmp_path / "api").resolve()),))
    assert Folders(inside).locator(("src",))("shared", "app.ts") is None


def test_packages_that_a_project_lists(tmp_path: Path) -> None:
    for path, text in {
        "package.json": '{"devDependencies": {"aws-sdk": "2"}}',
        "api/app.js": "",
        "api/package.json": '{"dependencies": {"uuid": "9"}}',
        "api/node_modules/axios/index.js": "",
        "jobs/app.js": "",
    }.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    folders = Folders(Reader(str(tmp_path), (str(tmp_path),)))
    listed = {name for name in ("aws-sdk", "axios", "left-pad", "uuid") if folders.lists(name, "api/app.js")}
    assert listed == {"aws-sdk", "axios", "uuid"}
    assert not folders.lists("uuid", "jobs/app.js")


def test_configuration_that_asks_for_too_much(tmp_path: Path) -> None:
    deep = '{"a": ' * 200 + '"./x.js"' + "}" * 200
    files = {
        "package.json": '{"name": "deep", "workspaces": ["' + "**/" * 200 + '*"], "exports": ' + deep + "}",
        "a/b/c/package.json": '{"name": "inner"}',
        "a/b/c/index.js": "",
        **{f"t{n}.json": f'{{"extends": ["./t{n + 1}.json", "./t{n + 1}"]}}' for n in range(60)},
        "tsconfig.json": '{"extends": "./t0.json"}',
    }
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(text)
    locate = Folders(Reader(str(tmp_path), (str(tmp_path.resolve()),))).locator((".",))
    assert locate("deep", "app.js") is None
    assert locate("inner", "app.js") == "a/b/c/index.js"
