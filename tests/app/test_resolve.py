"""Which dotted name, event part or value an expression stands for."""

from __future__ import annotations

import pytest
from sources import code_of, probe, probe_site

from slslint.app.symbols import (
    AnyOf,
    Constant,
    ContextPart,
    EnvVar,
    EventPart,
    Symbol,
    Unresolved,
    depends_on_event,
    dotted,
    options,
)

HANDLER = """
def handler(event, context):
    {}
"""


def inside(*lines: str) -> str:
    """A handler with these lines."""
    return HANDLER.format("\n    ".join(lines))


DOTTED = {
    "builtin": (inside("probe(print)"), "print"),
    "import": ("import boto3\n" + inside("probe(boto3.client)"), "boto3.client"),
    "import as": ("import boto3 as aws\n" + inside("probe(aws.client)"), "boto3.client"),
    "import of a submodule": ("import os.path\n" + inside("probe(os.path.join)"), "os.path.join"),
    "import of a submodule as": ("import os.path as p\n" + inside("probe(p.join)"), "os.path.join"),
    "from import as": ("from boto3 import client as make\n" + inside("probe(make)"), "boto3.client"),
    "import in the handler": (inside("import requests as r", "probe(r.get)"), "requests.get"),
    "star import of a package": ("from requests import *\n" + inside("probe(get)"), "requests.get"),
    "alias by assignment": ("import requests\nfetch = requests.get\n" + inside("probe(fetch)"), "requests.get"),
    "method of a result": ("import requests\n" + inside("probe(requests.Session().get)"), "requests.Session().get"),
    "item of a result": ("import boto3\n" + inside('probe(boto3.client("s3").get_object()["Body"].read)'),
                         "boto3.client().get_object()[].read"),
    "local variable": ("import boto3\n" + inside('s3 = boto3.client("s3")', "probe(s3.put_object)"),
                       "boto3.client().put_object"),
    "annotated": ("import requests\n" + inside("s: object = requests.Session()", "probe(s.get)"),
                  "requests.Session().get"),
    "with as": ("import httpx\n" + inside("with httpx.Client() as c:", "    probe(c.get)"), "httpx.Client().get"),
    "async with as": ("import httpx\nasync def handler(event, context):\n    async with httpx.AsyncClient() as c:\n"
                      "        probe(c.get)\n", "httpx.AsyncClient().get"),
    "await": ("import httpx\nasync def handler(event, context):\n    r = await httpx.AsyncClient().get('u')\n"
              "    probe(r.json)\n", "httpx.AsyncClient().get().json"),
    "tuple unpacking": ("import a, b\n" + inside("x, y = a.one(), b.two()", "probe(y.z)"), "b.two().z"),
    "unpacking of a list in sight": ("import a\nPAIR = [1, a.f]\n" + inside("_, f = PAIR", "probe(f)"), "a.f"),
    "loop over a literal": ("import a\n" + inside("for f in [a.f]:", "    probe(f)"), "a.f"),
    "comprehension": ("import a\n" + inside("[probe(x.b) for x in a.all()]"), "a.all()[].b"),
    "walrus": ("import a\n" + inside("if (x := a.f()):", "    probe(x.g)"), "a.f().g"),
    "clients by name": ("import boto3\nclients = {}\ndef get(name):\n    if name not in clients:\n"
                        "        clients[name] = boto3.client(name)\n    return clients[name]\n"
                        + inside("probe(get('s3').put_object)", "get('sqs')"), "boto3.client().put_object"),
    "global, lazily": ("import boto3\nclient = None\ndef get():\n    global client\n    if client is None:\n"
                       "        client = boto3.client('s3')\n    return client\n" + inside("probe(get().put_object)"),
                       "boto3.client().put_object"),
    "factory": ("import boto3\ndef make(name):\n    return boto3.client(name)\n"
                + inside("probe(make('s3').get_object)"), "boto3.client().get_object"),
    "cached factory": ("import boto3\nfrom functools import lru_cache\n@lru_cache(maxsize=None)\ndef make():\n"
                       "    return boto3.client('s3')\n" + inside("probe(make().get_object)"),
                       "boto3.client().get_object"),
    "two branches agree": ("import boto3\n" + inside("if event:", "    c = boto3.client('s3')", "else:",
                           "    c = boto3.client('sqs')", "probe(c.close)"), "boto3.client().close"),
    "attribute set in __init__": (
        "import boto3\nclass Store:\n    def __init__(self):\n        self.s3 = boto3.client('s3')\n"
        "    def save(self):\n        probe(self.s3.put_object)\n" + inside("Store().save()"),
        "boto3.client().put_object"),
    "attribute of a base class": (
        "import boto3\nclass Base:\n    s3 = boto3.client('s3')\nclass Store(Base):\n    def save(self):\n"
        "        probe(self.s3.put_object)\n" + inside("Store().save()"), "boto3.client().put_object"),
    "attribute passed to __init__": (
        "import boto3\nclass Store:\n    def __init__(self, s3):\n        self.s3 = s3\n"
        + inside("probe(Store(boto3.client('s3')).s3.put_object)"), "boto3.client().put_object"),
    "field of a dataclass": (
        "import boto3\nfrom dataclasses import dataclass\n@dataclass\nclass Store:\n    s3: object\n"
        + inside("probe(Store(s3=boto3.client('s3')).s3.put_object)"), "boto3.client().put_object"),
    "property": ("import boto3\nclass Store:\n    @property\n    def s3(self):\n        return boto3.client('s3')\n"
                 + inside("probe(Store().s3.put_object)"), "boto3.client().put_object"),
    "property with a setter": (
        "import boto3\nclass Store:\n    @property\n    def s3(self):\n        return boto3.client('s3')\n"
        "    @s3.setter\n    def s3(self, value): pass\n" + inside("probe(Store().s3.put_object)"),
        "boto3.client().put_object"),
    "function defined in both branches": (
        "import a, os\nif os.name:\n    def f(): return a.x\nelse:\n    def f(): return a.x\n" + inside("probe(f())"),
        "a.x"),
    "method of a package's base": ("import requests\nclass S(requests.Session):\n    pass\n" + inside("probe(S().get)"),
                                   "requests.Session().get"),
    "super": ("import requests\nclass S(requests.Session):\n    def get(self, url):\n        probe(super().get)\n"
              + inside("S().get('u')"), "requests.Session().get"),
    "parameter": ("import boto3\ndef save(s3):\n    probe(s3.put_object)\n" + inside("save(boto3.client('s3'))"),
                  "boto3.client().put_object"),
    "keyword parameter": ("import boto3\ndef save(*, s3=None):\n    probe(s3.put_object)\n"
                          + inside("save(s3=boto3.client('s3'))"), "boto3.client().put_object"),
    "default": ("import boto3\ndef save(s3=boto3.client('s3')):\n    probe(s3.put_object)\n" + inside("save()"),
                "boto3.client().put_object"),
    "parameter of a recursive function": (
        "import boto3\ndef walk(s3, n):\n    probe(s3.put_object)\n    walk(s3, n - 1)\n"
        + inside("walk(boto3.client('s3'), 3)"), "boto3.client().put_object"),
    "closure": ("import boto3\n" + inside("s3 = boto3.client('s3')", "def save():", "    probe(s3.put_object)",
                                           "save()"),
                "boto3.client().put_object"),
    "dict literal": ("import a\nTABLE = {'x': a.f, 'y': 1}\n" + inside("probe(TABLE['x'])"), "a.f"),
    "dict literal by get": ("import a\nTABLE = {'x': a.f}\n" + inside("probe(TABLE.get('x'))"), "a.f"),
    "dict filled later": ("import a\n" + inside("t = {}", "t['x'] = a.f", "probe(t['x'])"), "a.f"),
    "partial": ("import functools, a\ndef make(x, y):\n    return x\nmade = functools.partial(make, a.f)\n"
                + inside("probe(made(1))"), "a.f"),
    "or": ("import boto3\n" + inside("s3 = None or boto3.client('s3')", "probe(s3.put_object)"),
           "boto3.client().put_object"),
    "generator context manager": (
        "import boto3, contextlib\n@contextlib.contextmanager\ndef opened():\n    yield boto3.client('s3')\n"
        + inside("with opened() as s3:", "    probe(s3.put_object)"), "boto3.client().put_object"),
    "module-level after a placeholder": ("import boto3\ns3 = None\ns3 = boto3.client('s3')\n" + inside("probe(s3.get)"),
                                         "boto3.client().get"),
    "nonlocal": ("import a\n" + inside("x = None", "def fill():", "    nonlocal x", "    x = a.f()", "    probe(x.g)",
                                       "fill()"), "a.f().g"),
    "unknown name": (inside("probe(undefined_name.x)"), "undefined_name.x"),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), DOTTED.values(), ids=DOTTED)
def test_dotted(source: str, expected: str) -> None:
    names = {dotted(each) for each in options(probe(code_of(source))) if each != Constant(None)}
    assert names == {expected}


VALUES: dict[str, tuple[str, Symbol]] = {
    "event": ("probe(event)", EventPart()),
    "context": ("probe(context.function_name)", ContextPart(("function_name",))),
    "item": ('probe(event["a"]["b"])', EventPart(("a", "b"))),
    "get with a default": ('probe(event.get("a", {}).get("b"))', EventPart(("a", "b"))),
    "first record": ('probe(event["Records"][0]["s3"])', EventPart(("Records", None, "s3"))),
    "loop over records": ('for r in event["Records"]:\n        probe(r["body"])', EventPart(("Records", None, "body"))),
    "loop over records by get": ('for r in event.get("Records", []):\n        probe(r)', EventPart(("Records", None))),
    "enumerated records": ('for i, r in enumerate(event["Records"]):\n        probe(r)', EventPart(("Records", None))),
    "attribute of a data class": ("probe(event.request_context.http.path)",
                                  EventPart(("request_context", "http", "path"))),
    "dynamic key": ('probe(event[context.function_name])', EventPart((None,))),
    "lower case": ('probe(event["httpMethod"].lower())', EventPart(("httpMethod",))),
    "str": ('probe(str(event["id"]))', EventPart(("id",))),
    "copy of the event": ('probe(dict(event)["id"])', EventPart(("id",))),
    "values of the event": ("for v in event.values():\n        probe(v)", EventPart((None,))),
    "environment": ('import os\n    probe(os.environ["T"])', EnvVar("T")),
    "environment get": ('import os\n    probe(os.environ.get("T", "x"))', EnvVar("T", Constant("x"))),
    "getenv": ('from os import getenv as g\n    probe(g("T"))', EnvVar("T")),
    "environ by name": ('from os import environ as env\n    probe(env["T"])', EnvVar("T")),
    "constant text": ('name = "a"\n    probe(f"{name}-b")', Constant("a-b")),
    "constant sum": ("probe(60 * 5)", Constant(300)),
    "later assignment": ("x = event\n    x = 1\n    probe(x)", Constant(1)),
    "assignment in both branches": ("x = 0\n    if event:\n        x = 1\n    else:\n        x = 2\n    probe(x)",
                                    AnyOf((Constant(1), Constant(2)))),
    "assignment in one branch": ("x = 0\n    if event:\n        x = 1\n"
        "    probe(x)", AnyOf((Constant(0), Constant(1)))),
    "assignment in the other branch": ("x = 0\n    if event:\n        x = 1\n    else:\n        probe(x)", Constant(0)),
    "assignment around a with": ("x = 0\n    with open('f'):\n        x = 1\n    probe(x)", Constant(1)),
    "assignment later in the loop": ("x = 0\n    while event:\n        probe(x)\n        x = 1",
                                     AnyOf((Constant(0), Constant(1)))),
    "assignment after a guard": ("x = 0\n    if event:\n        x = 1\n        return\n    probe(x)", Constant(0)),
    "deleted": ("x = 0\n    del x\n    x = 2\n    probe(x)", Constant(2)),
}  # fmt: skip


@pytest.mark.parametrize(("body", "expected"), VALUES.values(), ids=VALUES)
def test_values(body: str, expected: Symbol) -> None:
    assert probe(code_of(inside(body))) == expected


SETTINGS = """
from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

class Common(BaseSettings):
    model_config = SettingsConfigDict(env_prefix="shop_")

class Settings(Common):
    orders: str
    region: str = "eu-west-1"
    queue: str = Field(..., alias="QUEUE_URL")
    topic: str = Field("none", description="where it is told")

    def named(self):
        return self.orders

class Older(BaseSettings):
    table: str

    class Config:
        env_prefix = "APP_"

settings = Settings()
older = Older()
"""

FIELDS: dict[str, Symbol] = {
    "settings.orders": EnvVar("SHOP_ORDERS"),
    "settings.region": EnvVar("SHOP_REGION", Constant("eu-west-1")),
    "settings.queue": EnvVar("QUEUE_URL"),
    "settings.topic": EnvVar("SHOP_TOPIC", Constant("none")),
    "settings.named()": EnvVar("SHOP_ORDERS"),
    "older.table": EnvVar("APP_TABLE"),
}


@pytest.mark.parametrize(("expr", "expected"), FIELDS.items())
def test_fields_of_settings(expr: str, expected: Symbol) -> None:
    assert probe(code_of(SETTINGS + inside(f"probe({expr})"))) == expected


FROM_EVENT = {
    "parsed body": ("import json\n" + inside('probe(json.loads(event["body"])["id"])'), True),
    "formatted": (inside('probe(f"order-{event[\'id\']}")'), True),
    "concatenated": (inside('probe("order-" + event["id"])'), True),
    "through a helper": ("def key(e):\n    return e['a'] + '!'\n" + inside("probe(key(event))"), True),
    "helper that ignores it": ("def key(e):\n    return 1\n" + inside("probe(key(event))"), False),
    "filled in later": (inside("options = {}", "options['a'] = event['a']", "probe(options)"), True),
    "appended": (inside("items = []", "items.append(event['a'])", "probe(items)"), True),
    "augmented": (inside("text = ''", "text += event['a']", "probe(text)"), True),
    "argument of a call": ("import a\n" + inside("probe(a.f(x=event))"), True),
    "environment": ("import os\n" + inside("probe(os.environ['A'])"), False),
    "condition on the event": (inside("x = 1 if event else 2", "probe(x)"), False),
    "field of a model": ("from pydantic import BaseModel\nclass Order(BaseModel):\n    id: str\n"
                         + inside("probe(Order(**event).id)"), True),
    "attribute set from it": ("class Job:\n    def __init__(self, e):\n        self.id = e['id']\n"
                              + inside("probe(Job(event).id)"), True),
    "attribute set from outside": ("class Job:\n    pass\n" + inside("job = Job()", "job.id = event['id']",
                                                                      "probe(job.id)"), True),
    "spread": ("import a\n" + inside("args = [event]", "probe(a.f(*args))"), True),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), FROM_EVENT.values(), ids=FROM_EVENT)
def test_dependence_on_the_event(source: str, expected: bool) -> None:
    assert depends_on_event(probe(code_of(source))) is expected


PACKAGES = {
    "local module": ({"db.py": "import boto3\nclient = boto3.client('s3')\n"}, "import db\n", "db.client.put_object"),
    "local module as": ({"db.py": "import boto3\nclient = boto3.client('s3')\n"}, "import db as d\n",
                        "d.client.put_object"),
    "member of a local module": ({"db.py": "import boto3\nclient = boto3.client('s3')\n"}, "from db import client\n",
                                 "client.put_object"),
    "package re-export": ({"store/__init__.py": "from .s3 import client\n",
                           "store/s3.py": "import boto3\nclient = boto3.client('s3')\n"}, "from store import client\n",
                          "client.put_object"),
    "module of a package": ({"store/__init__.py": "", "store/s3.py": "import boto3\nclient = boto3.client('s3')\n"},
                            "from store import s3\n", "s3.client.put_object"),
    "dotted import": ({"store/__init__.py": "", "store/s3.py": "import boto3\nclient = boto3.client('s3')\n"},
                      "import store.s3\n", "store.s3.client.put_object"),
    "namespace package": ({"store/s3.py": "import boto3\nclient = boto3.client('s3')\n"}, "import store.s3\n",
                          "store.s3.client.put_object"),
    "star import": ({"db.py": "import boto3\nclient = boto3.client('s3')\n"}, "from db import *\n",
                    "client.put_object"),
    "star import of a star import": ({"db.py": "from base import *\n",
                                      "base.py": "import boto3\nclient = boto3.client('s3')\n"}, "from db import *\n",
                                     "client.put_object"),
    "import in a circle": ({"db.py": "import app\nimport boto3\nclient = boto3.client('s3')\n"}, "import db\n",
                           "db.client.put_object"),
}  # fmt: skip


@pytest.mark.parametrize(("files", "imports", "expression"), PACKAGES.values(), ids=PACKAGES)
def test_local_modules(files: dict[str, str], imports: str, expression: str) -> None:
    code = code_of({"app.py": imports + inside(f"probe({expression})"), **files})
    assert dotted(probe(code)) == "boto3.client().put_object"


def test_relative_imports() -> None:
    files = {
        "pkg/__init__.py": "",
        "pkg/app.py": "from .db.s3 import client\nfrom . import db\n" + inside("probe(client.a)", "probe2(db.name)"),
        "pkg/db/__init__.py": "from ..names import name\n",
        "pkg/db/s3.py": "import boto3\nclient = boto3.client('s3')\n",
        "pkg/names.py": "name = 'x'\n",
    }
    code = code_of(files, entry="pkg/app.py")
    assert dotted(probe(code)) == "boto3.client().a"
    assert probe(code, "probe2") == Constant("x")


def test_missing_local_member_is_unresolved() -> None:
    code = code_of({"app.py": "from db import nothing\n" + inside("probe(nothing.x)"), "db.py": ""})
    assert probe(code) == Unresolved()


def test_arguments_by_position_name_and_spread() -> None:
    site = probe_site(code_of(inside("more = {'b': 2}", "probe(0, *[1, event], a=3, **more)")))
    given = [site.argument(0), site.argument(1), site.argument(2), site.argument(9)]
    assert given == [Constant(0), Constant(1), EventPart(), None]
    assert [site.argument(name="a"), site.argument(name="b"), site.argument(name="c")] == [
        Constant(3),
        Constant(2),
        None,
    ]


HOSTILE = {
    "text that grows in branches": inside("q = ''", *["if event:\n        q = q + 'x'"] * 200, "probe(q)"),
    "value that is rebound": inside("import a", "x = event", *["x = a.f(x, x)"] * 300, "probe(x)"),
    "mutual definitions": "x = y\ny = x\n" + inside("probe(x)"),
    "functions that call each other": (
        "def a(x):\n    return b(x)\ndef b(x):\n    return a(x)\n" + inside("probe(a(event))")),
    "star imports of oneself": "from app import *\n" + inside("probe(x)"),
    "class that derives from itself": "class A(A):\n    pass\n" + inside("probe(A().x)"),
    "nested dicts": "t = {'a': 1}\n" + "".join("t = {'a': t, 'b': t}\n" for _ in range(60)) + inside("probe(t)"),
    "deep attribute": inside("probe(event" + ".a" * 3000 + ")"),
    "deep call chain": "import a\n" + inside("probe(a" + ".f()" * 1500 + ")"),
    "calls that double": "".join(f"def f{n}(x):\n    return (f{n + 1}(x), f{n + 1}(x))\n" for n in range(60))
    + "def f60(x):\n    return x\n" + inside("probe(f0(event))"),
}  # fmt: skip


@pytest.mark.parametrize("source", HOSTILE.values(), ids=HOSTILE)
def test_hostile_code_ends(source: str) -> None:
    code = code_of(source)
    for site in code.sites():
        site.depends_on_event()
        assert site.path()
