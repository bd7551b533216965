"""Imports, and the files that they name."""

import posixpath

import pytest

from slslint.languages import language_of
from slslint.languages.python.modules import locate
from tests.languages.notation import read


@pytest.mark.parametrize(
    ("source", "imports"),
    [
        ("import a", [("a", "a", None, False)]),
        ("import a.b, c.d as e", [("a", "a.b", None, False), ("e", "c.d", None, True)]),
        ("from a.b import c, d as e", [("c", "a.b", "c", False), ("e", "a.b", "d", True)]),
        ("from a import (\n    b,  # why\n    c,\n)", [("b", "a", "b", False), ("c", "a", "c", False)]),
        ("from . import a", [("a", ".", "a", False)]),
        ("from ..a import b", [("b", "..a", "b", False)]),
        ("from a import *", [("*", "a", "*", False)]),
        ("from __future__ import annotations", []),
    ],
)
def test_imports(source, imports):
    found = read(source).module.imports
    assert [(each.binds, each.module, each.member, each.aliased) for each in found] == imports


@pytest.mark.parametrize(
    ("source", "typing_only", "optional"),
    [
        ("import a", False, False),
        ("if TYPE_CHECKING: import a", True, False),
        ("if typing.TYPE_CHECKING:\n    if b: import a", True, False),
        ("if t.TYPE_CHECKING: pass\nelse: import a", False, False),
        ("try: import a\nexcept ImportError: pass", False, True),
        ("try: import a\nexcept (KeyError, ModuleNotFoundError) as e: pass", False, True),
        ("try:\n    if b: import a\nexcept Exception: pass", False, True),
        ("try: import a\nexcept: pass", False, True),
        ("try: import a\nexcept KeyError: pass", False, False),
        ("try: import a\nfinally: pass", False, False),
        ("try: pass\nexcept ImportError: import a", False, False),
        ("with contextlib.suppress(ImportError): import a", False, True),
    ],
)
def test_imports_that_need_not_happen(source, typing_only, optional):
    (found,) = read(source).module.imports
    assert (found.typing_only, found.optional) == (typing_only, optional)


def test_imports_are_shown_where_they_stand():
    facts = read("def f():\n    if a:\n        from b import c, d\n")
    (function, first), (_, second) = facts.imports()
    assert (function.name, first.block) == ("f", 1)
    assert [(each.at.line, each.at.column) for each in (first, second)] == [(3, 23), (3, 26)]


FILES = {
    "src/app.py",
    "src/util.py",
    "src/json.py",
    "src/shop/__init__.py",
    "src/shop.py",
    "src/shop/orders.py",
    "src/shop/deep/store.py",
    "src/shop/deep/json.py",
    "layer/python/shared/__init__.py",
    "layer/python/util.py",
    "app.py",
}
FOLDERS = {posixpath.dirname(path) for path in FILES} | {"layer", "src"}


@pytest.mark.parametrize(
    ("module", "importer", "path"),
    [
        ("util", "src/app.py", "src/util.py"),
        ("shop", "src/app.py", "src/shop/__init__.py"),
        ("shop.orders", "src/app.py", "src/shop/orders.py"),
        ("shop.deep.store", "src/app.py", "src/shop/deep/store.py"),
        ("shop.deep", "src/app.py", None),
        ("shared", "src/app.py", "layer/python/shared/__init__.py"),
        ("boto3", "src/app.py", None),
        ("json", "src/app.py", "src/json.py"),
        ("json", "src/shop/deep/store.py", "src/json.py"),
        ("store", "src/shop/deep/json.py", "src/shop/deep/store.py"),
        (".orders", "src/shop/__init__.py", "src/shop/orders.py"),
        (".", "src/shop/orders.py", "src/shop/__init__.py"),
        ("..orders", "src/shop/deep/store.py", "src/shop/orders.py"),
        ("...util", "src/shop/deep/store.py", "src/util.py"),
        (".missing", "src/app.py", None),
    ],
)
def test_where_a_module_lies(module, importer, path):
    assert locate(module, importer, ("src", "layer/python"), FILES.__contains__, FOLDERS.__contains__) == path


def test_the_working_directory_as_root():
    assert locate("app", "main.py", ("",), FILES.__contains__, FOLDERS.__contains__) == "app.py"
    assert locate("src.app", "main.py", (".",), {"./src/app.py"}.__contains__, {"./src"}.__contains__) == "src/app.py"
    assert locate("....a", "app.py", (), {"a.py"}.__contains__, set().__contains__) is None


def test_what_hides_the_standard_library():
    beside = locate("json", "lib/store.py", ("src",), {"lib/json.py"}.__contains__, {"lib"}.__contains__)
    assert beside is None


def test_language_by_name():
    assert language_of("src/app.py") == "python"
    assert [language_of(f"src/app.{each}") for each in ("mjs", "tsx", "d.ts", "go")] == [
        "javascript",
        "typescript",
        None,
        None,
    ]
