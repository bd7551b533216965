"""What JavaScript imports and exports."""

import pytest

from tests.languages.notation import assigned, calls, read, show


def imported(source: str, path: str = "app.ts", key: str = "") -> list[str]:
    facts = read(source, path)
    assert facts.problems == ()
    return [
        f"{each.binds} <- {each.module} {each.member or '-'}{' type' * each.typing_only}{' optional' * each.optional}"
        for each in facts.functions[key].imports
    ]


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("import a from 'm'", ["a <- m default"]),
        ("import * as a from 'm'", ["a <- m -"]),
        ("import { a, b as c, default as d } from '@s/m'", ["a <- @s/m a", "c <- @s/m b", "d <- @s/m default"]),
        ("import a, { b } from './m.js'", ["a <- ./m.js default", "b <- ./m.js b"]),
        ("import fs from 'node:fs'", ["fs <- fs default"]),
        ("import 'm'", [" <- m -"]),
        ("import data from './d.json' with { type: 'json' }", ["data <- ./d.json default"]),
        ("import type { A } from 'm'", ["A <- m A type"]),
        ("import { type A, b } from 'm'", ["A <- m A type", "b <- m b"]),
        ("import a = require('m')", ["a <- m -"]),
        ("export import a = require('m')", ["a <- m -"]),
        ("const a = require('m')", ["a <- m -"]),
        ("const { a, b: c } = require('m')", ["a <- m a", "c <- m b"]),
        ("const a = require('m').b", ["a <- m b"]),
        ("const a = require(`m`) as A", ["a <- m -"]),
        ("const a = await import('m')", ["a <- m -"]),
        ("const { a } = await import('m')", ["a <- m a"]),
        ("require('m')", ["require m <- m -"]),
        ("a = require('m')(b)", ["require m <- m -"]),
        ("const { a: { b } } = require('m')", ["require m <- m -"]),
        ("try { require('m') } catch {}", ["require m <- m - optional"]),
        ("try { require('m') } finally {}", ["require m <- m -"]),
        ("require(a); require('m' + a); require(`m${a}`); import(a)", []),
        ("export { a, b as c } from 'm'", ["export a <- m a", "export c <- m b"]),
        ("export * from 'm'", ["* <- m *"]),
        ("export * as a from 'm'", ["export a <- m -"]),
        ("export type { A } from 'm'", []),
        ("export type * from 'm'", []),
        ("__exportStar(require('m'), exports)", ["require m <- m -", "* <- m *"]),
    ],
)
def test_imports(source, meaning):
    assert imported(source) == meaning


def test_a_name_for_what_stands_in_a_larger_expression():
    source = "const a = require('m')(b); import('n').then(({ c }) => c()); const { d: { e } } = require('o');"
    function = read(source, "app.js").module
    assert [assigned(each) for each in function.assigns] == ["a = require m(b)", "e = require o.d.e"]
    assert calls(function) == ["require m(b) in body", "require n.then(closure <lambda>@1:45) in body"]


def test_require_stands_where_it_is_called():
    assert imported("function f() { const a = require('m') }", "app.js", "f") == ["a <- m -"]


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("function f(require) { const a = require('m') }", []),
        ("function f() { const require = g; const a = require('m') }", []),
        ("const require = createRequire(import.meta.url); function f() { const a = require('m') }", ["a <- m -"]),
    ],
)
def test_require_is_the_global_one(source, meaning):
    assert imported(source, "app.js", "f") == meaning


def test_what_compilers_wrap_around_modules_is_looked_through():
    source = "const a = __importDefault(require('m')); const b = tslib_1.__importStar(require('n'));"
    function = read(source, "app.js").module
    assert [assigned(each) for each in function.assigns] == ["a = require m", "b = require n"]
    assert function.calls == ()


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("export const a = 1, { b, c: [d] } = e", {"a": ["a"], "b": ["b"], "d": ["d"]}),
        ("export function f() {} export class A {} export enum B {}", {"f": ["f"], "A": ["A"], "B": ["B"]}),
        ("export async function* f() {}", {"f": ["f"]}),
        ("export default a", {"default": ["a"]}),
        ("export default { a }", {"default": ["{'a': a}"]}),
        ("export default function f() {}", {"default": ["f"]}),
        ("export default function () {}", {"default": ["closure default"]}),
        ("export default class A {}", {"default": ["A"]}),
        ("export default class {}", {"default": ["closure default"]}),
        ("export default abstract class A {}", {"default": ["A"]}),
        ("export { a, b as c, d as default }", {"a": ["a"], "c": ["b"], "default": ["d"]}),
        ("export { a as b } from 'm'", {"b": ["export b"]}),
        ("export * as a from 'm'", {"a": ["export a"]}),
        ("export * from 'm'", {}),
        ("export type A = B; export interface C {} export { type D }", {}),
        ("export = a", {"export=": ["a"]}),
        ("exports.a = b", {"a": ["b"]}),
        ("module.exports.a = b", {"a": ["b"]}),
        ("exports.a = b; if (c) exports.a = d", {"a": ["b", "d"]}),
        ("exports.a = exports.b = c", {"a": ["c"], "b": ["c"]}),
        ("exports.a = void 0; exports.a = b", {"a": ["b"]}),
        ("module.exports = a", {"export=": ["a"]}),
        ("exports = module.exports = a", {"export=": ["a"]}),
        ("const a = exports = module.exports = {}; a.b = c", {"export=": ["{}"], "b": ["c"]}),
        ("const a = module.exports; a.b = c; const d = {}; d.e = f", {"b": ["c"]}),
        ("module.exports = { a, b: c }", {"export=": ["{'a': a, 'b': c}"], "a": ["a"], "b": ["c"]}),
        ("Object.assign(exports, { a, b() {} })", {"a": ["a"], "b": ["closure b"]}),
        ("exports['a'] = b", {"a": ["b"]}),
        ("Object.defineProperty(exports, '__esModule', { value: true })", {"__esModule": ["True"]}),
        (
            "Object.defineProperty(exports, 'a', { enumerable: true, get: function () { return b.a } })",
            {"a": ["closure get()"]},
        ),
        ("function f() { exports.a = b }", {}),
        ("exports = { a }", {}),
    ],
)
def test_exports(source, meaning):
    facts = read(source, "app.ts")
    assert facts.problems == ()
    assert {name: [show(each) for each in values] for name, values in facts.exports.items()} == meaning


def test_an_export_is_also_found_under_its_own_name():
    function = read("module.exports.a = b; module.exports = c; d(exports.a)", "app.js").module
    assert [assigned(each) for each in function.assigns] == ["exports.a = b", "exports = c"]
    assert calls(function) == ["d(exports.a) in body"]


def test_python_shows_every_name():
    assert read("a = 1").exports is None
