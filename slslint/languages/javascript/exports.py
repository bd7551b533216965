"""What a file exports: ECMAScript's statements, and assignments to CommonJS's `exports`.

`module.exports` is lowered as the name `exports`. Assigning to it, or to its members, is an Assign like any other, and
an export besides.
"""

from __future__ import annotations

from slslint.facts import Argument, Attr, Call, Closure, Expr, Import, Item, Literal, Name, Table
from slslint.languages.scope import Scope, Unit


def add(unit: Unit, name: str, value: Expr) -> None:
    """Enter a value that an exported name may have; the null that compilers write first is none."""
    if value != Literal(None):
        unit.exports.setdefault(name, []).append(value)


def export(target: Expr, value: Expr, scope: Scope) -> None:
    """Enter what an assignment exports, if its target is a part of `exports`."""
    if scope.outer is not None:
        return
    if isinstance(target, Name) and target.id == "exports":
        add(scope.unit, "export=", value)
        _members(value, scope)
        if isinstance(value, Call) and called(value) == "assign":
            _all_of(value.args, scope)
    elif isinstance(target, Attr) and _is_exports(target.base, scope):
        add(scope.unit, target.name, value)
    elif isinstance(target, Item) and _is_exports(target.base, scope):
        _member(target.key, value, scope)


def also_called(name: str, value: Expr, scope: Scope) -> None:
    """Enter another name of what the file exports: `const api = module.exports = {}`, `const self = exports`."""
    whole = scope.unit.exports.get("export=", ())
    if scope.outer is None and (_is_exports(value, scope) or any(value is each for each in whole)):
        scope.unit.exported_as.add(name)


def exported_by(call: Call, scope: Scope) -> None:
    """Enter what a call exports: `Object.assign(exports, {...})`, or the helper for `export *` of a compiler."""
    name = called(call)
    if name == "__exportStar" and call.args:
        _spread(call.args[0].value, scope)
    elif name == "assign" and call.args and _is_exports(call.args[0].value, scope):
        _all_of(call.args[1:], scope)
    elif name == "defineProperty" and len(call.args) == 3 and _is_exports(call.args[0].value, scope):
        _define(call, scope)


def _define(call: Call, scope: Scope) -> None:
    """`Object.defineProperty(exports, "a", { get: function () { return b.a } })`, as compilers pass names on."""
    key, descriptor = call.args[1].value, call.args[2].value
    entries = descriptor.entries if isinstance(descriptor, Table) else ()
    for part, value in entries:
        if part == Literal("value"):
            _member(key, value, scope)
        elif part == Literal("get") and isinstance(value, Closure):
            _member(key, Call(value, (), call.at, call.name_at, call.block), scope)


def called(call: Call) -> str:
    """The last name of what is called."""
    callee = call.callee
    return callee.name if isinstance(callee, Attr) else callee.id if isinstance(callee, Name) else ""


def _is_exports(expr: Expr, scope: Scope) -> bool:
    return isinstance(expr, Name) and (expr.id == "exports" or expr.id in scope.unit.exported_as)


def _all_of(given: tuple[Argument, ...], scope: Scope) -> None:
    """Enter what `Object.assign` takes from each of these."""
    for each in given:
        _members(each.value, scope)
        _spread(each.value, scope)


def _members(value: Expr, scope: Scope) -> None:
    for key, each in value.entries if isinstance(value, Table) else ():
        if key is None:
            _spread(each, scope)
        else:
            _member(key, each, scope)


def _member(key: Expr, value: Expr, scope: Scope) -> None:
    if isinstance(key, Literal) and isinstance(key.value, str):
        add(scope.unit, key.value, value)


def _spread(value: Expr, scope: Scope) -> None:
    """`...require("m")` passes on whatever that module exports, and so does `...m` below `const m = require("m")`."""
    if isinstance(value, Name):
        whole = next((each for each in scope.imports if each.binds == value.id and each.member is None), None)
        if whole is not None:
            scope.imports.append(Import("*", whole.module, "*", value.at, scope.block))
