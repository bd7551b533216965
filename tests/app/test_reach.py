"""What a handler reaches, how, and whether it runs on every invocation."""

from __future__ import annotations

import pytest
from sources import code_of, probe, probe_site, reached

from slslint.app.symbols import EventPart, depends_on_event

FLASK = "from flask import Flask\napp = Flask(__name__)\n"

REACHED = {
    "call": ("def a(): pass\ndef b(): pass\ndef handler(event, context):\n    a()\n", {"a"}),
    "call of a call": ("def b(): pass\ndef a(): b()\ndef handler(event, context):\n    a()\n", {"a", "b"}),
    "method": ("class A:\n    def run(self): self.go()\n    def go(self): pass\n    def other(self): pass\n"
               "def handler(event, context):\n    A().run()\n", {"A.run", "A.go"}),
    "constructor": ("class A:\n    def __init__(self): pass\ndef handler(event, context):\n    A()\n", {"A.__init__"}),
    "inherited method": ("class A:\n    def run(self): self.go()\n    def go(self): pass\nclass B(A):\n"
                         "    def go(self): pass\ndef handler(event, context):\n    B().run()\n",
                         {"A.run", "A.go", "B.go"}),
    "instance of the module": ("class A:\n    def run(self): pass\na = A()\n"
        "def handler(event, context):\n    a.run()\n",
                               {"A.run"}),
    "instance passed on": ("class A:\n    def run(self): pass\ndef use(x):\n    x.run()\n"
                           "def handler(event, context):\n    use(A())\n", {"use", "A.run"}),
    "instance passed on twice": ("class A:\n    def run(self): pass\ndef use(x):\n    again(x)\n"
        "def again(y):\n    y.run()\n"
                                 "def handler(event, context):\n    use(A())\n", {"use", "again", "A.run"}),
    "instance of a caller that is found later": (
        "class A:\n    def run(self): pass\nclass B:\n    def run(self): pass\ndef use(x):\n    x.run()\n"
        "def late():\n    use(B())\ndef handler(event, context):\n    use(A())\n    late()\n",
        {"use", "late", "A.run", "B.run"}),
    "each round finds a caller for the next": (
        "class A:\n    def run(self): use(B())\nclass B:\n    def run(self): use(C())\n"
        "class C:\n    def run(self): pass\ndef use(x):\n    x.run()\ndef handler(event, context):\n    use(A())\n",
        {"use", "A.run", "B.run", "C.run"}),
    "parameter that is handed to itself, with a caller that is found later": (
        "def a(): pass\ndef b(): pass\ndef use(f):\n    f()\n    use(f)\ndef late():\n    use(b)\n"
        "def handler(event, context):\n    use(a)\n    late()\n", {"use", "late", "a", "b"}),
    "called instance": ("class A:\n    def __call__(self): pass\na = A()\ndef handler(event, context):\n    a()\n",
                        {"A.__call__"}),
    "property": ("class A:\n    @property\n    def name(self): pass\ndef handler(event, context):\n    x = A().name\n",
                 {"A.name"}),
    "context manager": ("class A:\n    def __enter__(self): pass\n    def __exit__(self, *a): pass\n"
                        "def handler(event, context):\n    with A():\n        pass\n", {"A.__enter__", "A.__exit__"}),
    "callback": ("def a(x): pass\ndef handler(event, context):\n    list(map(a, [1]))\n", {"a"}),
    "thread": ("import threading\ndef a(): pass\ndef handler(event, context):\n"
        "    threading.Thread(target=a).start()\n",
               {"a"}),
    "executor": ("from concurrent.futures import ThreadPoolExecutor\ndef a(x): pass\ndef handler(event, context):\n"
                 "    with ThreadPoolExecutor() as pool:\n        pool.submit(a, 1)\n", {"a"}),
    "lambda": ("def a(): pass\ndef handler(event, context):\n    f = lambda: a()\n    f()\n", {"a", "<lambda>"}),
    "partial": ("from functools import partial\ndef a(x, y): pass\ndef handler(event, context):\n"
        "    partial(a, 1)(2)\n",
                {"a"}),
    "nested function": ("def handler(event, context):\n    def a(): pass\n    a()\n", {"handler.a"}),
    "dispatch table": ("def a(e): pass\ndef b(e): pass\ndef c(e): pass\nROUTES = {'a': a, 'b': b}\n"
                       "def handler(event, context):\n    ROUTES[event['r']](event)\n", {"a", "b"}),
    "dispatch by getattr": ("class A:\n    def go(self): pass\ndef handler(event, context):\n"
        "    getattr(A(), 'go')()\n",
                            {"A.go"}),
    "route": (FLASK + "@app.get('/')\ndef a(): pass\ndef b(): pass\ndef handler(event, context):\n"
        "    app(event)\n", {"a"}),
    "route by call": (FLASK + "def a(): pass\napp.add_url_rule('/', view_func=a)\ndef handler(event, context): pass\n",
                      {"a"}),
    "local decorator": ("def deco(f):\n    def wrapper(*args):\n        return f(*args)\n    return wrapper\n"
                        "@deco\ndef handler(event, context):\n    a()\ndef a(): pass\n@deco\ndef b(): pass\n",
                        {"a", "deco", "deco.wrapper"}),
    "decorated helper": ("def deco(f):\n    def wrapper(*args):\n        return f(*args)\n    return wrapper\n"
                         "def handler(event, context):\n    a()\n@deco\ndef a(): pass\n@deco\ndef b(): pass\n",
                         {"a", "deco", "deco.wrapper"}),
    "registering local decorator": ("ROUTES = {}\ndef route(path):\n    def keep(f):\n        ROUTES[path] = f\n"
                                    "        return f\n    return keep\n@route('/')\ndef a(): pass\n"
                                    "def handler(event, context): pass\n", {"a", "route", "route.keep"}),
    "method that wraps": ("from aws_lambda_powertools import Tracer\ntracer = Tracer()\n@tracer.capture_method\n"
                          "def a(): pass\n@tracer.capture_lambda_handler\ndef handler(event, context): pass\n", set()),
    "main guard": ("def a(): pass\ndef handler(event, context): pass\nif __name__ == '__main__':\n    a()\n", set()),
    "module body": ("def a(): pass\na()\ndef handler(event, context): pass\n", {"a"}),
    "recursion": ("def a(n): a(n - 1)\ndef handler(event, context):\n    a(3)\n", {"a"}),
    "thread of one's own": ("import threading\nclass A(threading.Thread):\n    def run(self): pass\n"
                            "def handler(event, context):\n    A().start()\n", {"A.run"}),
    "class given to a framework": ("import framework\nclass A(framework.Base):\n    def get(self): pass\n"
                                   "framework.add(A)\ndef handler(event, context): pass\n", {"A.get"}),
}  # fmt: skip


@pytest.mark.parametrize(("source", "expected"), REACHED.values(), ids=REACHED)
def test_reached(source: str, expected: set[str]) -> None:
    names = {name.removeprefix("app:").split("@")[0] for name in reached(code_of(source))}
    assert names - {"handler"} == expected


FROM_EVENT = {
    "route": FLASK + "@app.get('/<id>')\ndef a(id):\n    probe(id)\ndef handler(event, context): pass\n",
    "query parameter with a default": FLASK + "@app.get('/')\ndef a(limit=10):\n    probe(limit)\n"
                                      "def handler(event, context): pass\n",
    "batch": "from aws_lambda_powertools.utilities.batch import process_partial_response\ndef one(record):\n"
             "    probe(record.body)\ndef handler(event, context):\n"
             "    return process_partial_response(event=event, record_handler=one, processor=None)\n",
    "map": "def one(record):\n    probe(record)\ndef handler(event, context):\n    list(map(one, event['Records']))\n",
    "submit": "def one(record):\n    probe(record)\ndef handler(event, context):\n    pool.submit(one, event)\n",
    "wrapper of the handler": "def deco(f):\n    def wrapper(e, c):\n        probe(e)\n        return f(e, c)\n"
                              "    return wrapper\n@deco\ndef handler(event, context): pass\n",
    "middleware": "from aws_lambda_powertools.middleware_factory import lambda_handler_decorator\n"
                  "@lambda_handler_decorator\ndef mw(handler, event, context):\n    probe(event)\n"
                  "    return handler(event, context)\n@mw\ndef handler(event, context): pass\n",
    "star parameters": "def log(*args):\n    probe(args[0])\ndef handler(event, context):\n    log(event)\n",
    "current event": "from aws_lambda_powertools.event_handler import APIGatewayRestResolver\n"
                     "app = APIGatewayRestResolver()\n@app.get('/')\ndef one():\n"
                     "    probe(app.current_event.get_query_string_value('a'))\ndef handler(event, context): pass\n",
    "request of a framework": "from flask import request\ndef handler(event, context):\n    probe(request.args['a'])\n",
    "callback of a package": "import a\ndef one(x):\n    probe(x)\ndef handler(event, context):\n"
        "    a.go(one, event)\n",
}  # fmt: skip


@pytest.mark.parametrize("source", FROM_EVENT.values(), ids=FROM_EVENT)
def test_parameters_from_the_event(source: str) -> None:
    assert depends_on_event(probe(code_of(source)))


def test_record_of_a_batch() -> None:
    assert probe(code_of(FROM_EVENT["batch"])) == EventPart(("Records", None, "body"))


def test_handler_that_is_a_method() -> None:
    source = "class App:\n    def handle(self, event, context):\n        probe(event)\napp = App()\n"
    assert probe(code_of(source, handler="App.handle")) == EventPart()


LAYERED = {
    "app.py": """
        import db
        from lazy import late

        def handler(event, context):
            save(event)
            import rare

        def save(item):
            db.put(item)
    """,
    "db.py": """
        import boto3

        def connect():
            return boto3.client("dynamodb")

        client = connect()

        def put(item):
            client.put_item(Item=item)
    """,
    "lazy.py": "def late(): pass\n",
    "rare.py": "import pandas\n",
}


def test_a_base_elsewhere_calls_what_a_class_of_another_file_overrides() -> None:
    app = "from shapes import Circle\ndef handler(event, context):\n    Circle().main()\n"
    shapes = "from base import Base\nclass Circle(Base):\n    def area(self): pass\n"
    code = code_of({"app.py": app, "shapes.py": shapes})
    assert "Circle.area" in {place.name for place in code.places()}


def test_what_runs_on_an_invocation() -> None:
    code = code_of(LAYERED)
    runs = {f"{p.path}:{p.name}": code.per_invocation(p) for p in code.places()}
    assert runs == {
        "app.py:handler": True,
        "app.py:": False,
        "app.py:save": True,
        "db.py:put": True,
        "db.py:": False,
        "db.py:connect": False,
        "lazy.py:": False,
        "rare.py:": False,
    }


def test_paths() -> None:
    code = code_of(LAYERED)
    put = next(site for site in code.sites() if site.dotted == "boto3.client().put_item")
    steps = [f"{step.at.path}:{step.at.line} {step.message}" for step in put.path()]
    assert steps == [
        "app.py:6 `handler` calls `save`",
        "app.py:10 `save` calls `put`",
        "db.py:10 `put` calls `boto3.client().put_item`",
    ]
    made = next(site for site in code.sites() if site.dotted == "boto3.client")
    assert [step.message for step in made.path()] == [
        "`app.py` imports `db.py`",
        "`db.py` calls `connect`",
        "`connect` calls `boto3.client`",
    ]


def test_loaded_imports() -> None:
    found = {each.statement.module: (each.at_start, each.path) for each in code_of(LAYERED).loaded_imports()}
    assert found == {
        "db": (True, "db.py"),
        "lazy": (True, "lazy.py"),
        "rare": (False, "rare.py"),
        "boto3": (True, None),
        "pandas": (False, None),
    }


def test_type_checking_imports_are_not_loaded() -> None:
    source = (
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    import pandas\ndef handler(event, context): pass\n"
    )
    assert [each.statement.module for each in code_of(source).loaded_imports()] == ["typing"]


def test_users_of_a_binding() -> None:
    files = {
        "app.py": """
            import state
            from state import seen as known

            def handler(event, context):
                state.count += 1
                known.append(event["id"])
                state.seen[0] = 1
                print(state.count)
        """,
        "state.py": """
            count = 0
            seen = []

            def reset():
                global count
                count = 0

            def local():
                count = 1
                return count

            reset()
            local()
        """,
    }
    code = code_of(files)

    def uses(name: str) -> list[tuple[str, str, int]]:
        return [(use.place.title, use.how, use.at.line) for use in code.users_of("state.py", name)]

    assert uses("count") == [
        ("handler", "write", 6),
        ("handler", "read", 6),
        ("handler", "read", 9),
        ("state.py", "write", 2),
        ("reset", "write", 7),
    ]
    assert uses("seen") == [("handler", "change", 7), ("handler", "change", 8), ("state.py", "write", 3)]


SDK = {
    "client": ("boto3.client('lambda').invoke(FunctionName='f')", ("lambda", "Invoke"), {"FunctionName": "f"}),
    "session": ("boto3.Session().client('s3').list_objects_v2(Bucket='b')", ("s3", "ListObjectsV2"), {"Bucket": "b"}),
    "service by name": ("boto3.client(service_name='sqs').send_message(QueueUrl='q')", ("sqs", "SendMessage"),
                        {"QueueUrl": "q"}),
    "table": ("boto3.resource('dynamodb').Table('t').put_item(Item={})", ("dynamodb", "PutItem"), {"TableName": "t"}),
    "batch writer": ("boto3.resource('dynamodb').Table('t').batch_writer().put_item(Item={})",
                     ("dynamodb", "BatchWriteItem"), {"TableName": "t"}),
    "object": ("boto3.resource('s3').Object('b', 'k').put(Body='x')", ("s3", "PutObject"), {"Bucket": "b", "Key": "k"}),
    "object of a bucket": ("boto3.resource('s3').Bucket('b').upload_file('f', 'k')", ("s3", "PutObject"),
                           {"Bucket": "b"}),
    "collection": ("boto3.resource('s3').Bucket('b').objects.all()", ("s3", "ListObjects"), {"Bucket": "b"}),
    "queue by name": ("boto3.resource('sqs').get_queue_by_name(QueueName='q').send_message(MessageBody='m')",
                      ("sqs", "SendMessage"), {"QueueName": "q"}),
    "paginator": ("boto3.client('s3').get_paginator('list_objects_v2').paginate(Bucket='b')", ("s3", "ListObjectsV2"),
                  {"Bucket": "b"}),
    "client of a resource": ("boto3.resource('s3').meta.client.copy_object(Bucket='b')", ("s3", "CopyObject"),
                             {"Bucket": "b"}),
}  # fmt: skip


@pytest.mark.parametrize(("call", "operation", "arguments"), SDK.values(), ids=SDK)
def test_sdk_calls(call: str, operation: tuple[str, str], arguments: dict[str, str]) -> None:
    code = code_of(f"import boto3\ndef handler(event, context):\n    {call}\n")
    last = max(code.sites(), key=lambda site: site.call.at.end_column - site.call.at.column)
    assert last.sdk is not None
    assert (last.sdk.service, last.sdk.operation) == operation
    assert {name: getattr(last.sdk.argument(name), "value", None) for name in arguments} == arguments


NO_SDK = {
    "making a client": "boto3.client('s3')",
    "reading the answer": "boto3.client('s3').get_object()['Body'].read()",
    "unknown service": "boto3.client(event['service']).invoke()",
    "signing": "boto3.client('s3').generate_presigned_url('get_object')",
    "exceptions": "boto3.client('s3').exceptions.NoSuchKey()",
    "two services": "(boto3.client('s3') if event else boto3.client('sqs')).close()",
    "another library": "requests.get('u')",
}


@pytest.mark.parametrize("call", NO_SDK.values(), ids=NO_SDK)
def test_no_sdk_calls(call: str) -> None:
    code = code_of(f"import boto3, requests\ndef handler(event, context):\n    {call}\n")
    last = max(code.sites(), key=lambda site: site.call.at.end_column - site.call.at.column)
    assert last.sdk is None


def test_one_wrapper_for_two_services() -> None:
    source = """
        import boto3

        def client(name):
            return boto3.client(name)

        def handler(event, context):
            client("s3").put_object(Bucket="b")
            client("sqs").send_message(QueueUrl="q")
    """
    calls = [site.sdk for site in code_of(source).sites()]
    assert [(call.service, call.operation) for call in calls if call] == [("s3", "PutObject"), ("sqs", "SendMessage")]


def test_guards() -> None:
    site = probe_site(
        code_of("def handler(event, context):\n    for x in event:\n        if x:\n            probe(x)\n")
    )
    assert [block.kind for block in site.guards()] == ["if", "loop"]
