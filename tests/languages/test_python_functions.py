"""Functions, methods, and the names that they read and bind."""

import pytest

from tests.languages.notation import assigned, calls, read, show


def test_parameters():
    source = "def f(a, b: int, c=1, d: int = g(), *e, h, i=2, **j): pass\ndef k(a, /, *, b): pass\n"
    facts = read(source)
    shown = [(each.name, show(each.default), each.kind) for each in facts.functions["f"].parameters]
    assert shown == [
        ("a", "-", "plain"),
        ("b", "-", "plain"),
        ("c", "1", "plain"),
        ("d", "g()", "plain"),
        ("e", "-", "*"),
        ("h", "-", "keyword"),
        ("i", "2", "keyword"),
        ("j", "-", "**"),
    ]
    assert [(each.name, each.kind) for each in facts.functions["k"].parameters] == [("a", "plain"), ("b", "keyword")]
    assert calls(facts.module) == ["g() in body"]


def test_methods_and_nested_definitions():
    source = """\
@register
class Orders(Base, metaclass=Meta):
    table = connect()
    count: int = 0

    def create(self, order):
        def inner():
            return order
        return inner

    @staticmethod
    def check(order): ...

    @classmethod
    async def load(cls): ...

    class Line:
        def total(self): ...

def outer():
    class Local:
        def run(self): ...
"""
    facts = read(source)
    shown = {
        key: (each.owner, each.receiver, [p.name for p in each.parameters], each.outer)
        for key, each in facts.functions.items()
    }
    assert shown == {
        "": (None, None, [], ""),
        "Orders.create": ("Orders", "self", ["order"], ""),
        "Orders.create.inner": (None, None, [], "Orders.create"),
        "Orders.check": ("Orders", None, ["order"], ""),
        "Orders.load": ("Orders", "cls", [], ""),
        "Orders.Line.total": ("Orders.Line", "self", [], ""),
        "outer": (None, None, [], ""),
        "outer.Local.run": ("outer.Local", "self", [], "outer"),
    }
    orders = facts.classes["Orders"]
    assert [show(base) for base in orders.bases] == ["Base"]
    assert [show(each) for each in orders.decorators] == ["register"]
    assert [assigned(each) for each in orders.assigns] == ["table = connect()", "count = 0"]
    assert orders.methods == {"create", "check", "load"}
    assert facts.functions["Orders.load"].is_async
    assert calls(facts.module) == ["connect() in body"]
    assert facts.module.bound == {"Orders", "outer"}
    assert "Meta" in {each.name for each in facts.module.reads}


def test_decorators_are_evaluated_outside():
    facts = read("@app.get('/users', timeout=limit())\n@trace\ndef f(): ...\n")
    function = facts.functions["f"]
    assert [show(each) for each in function.decorators] == ["app.get('/users', timeout=limit())", "trace"]
    assert calls(facts.module) == ["app.get('/users', timeout=limit()) in body", "limit() in body"]
    assert (function.at.line, function.at.column, function.whole.line) == (3, 5, 1)


@pytest.mark.parametrize(
    ("source", "lines"),
    [
        ("def f(): 1\ndef f(): 2\ndef f(): 3\n", {"f": 3, "f#2": 1, "f#3": 2}),
        ("if a:\n    def f(): 1\nelse:\n    def f(): 2\n", {"f": 4, "f#2": 2}),
        ("class C:\n    def f(self): 1\nclass C:\n    def f(self): 2\n", {"C.f": 4, "C#2.f": 2}),
        ("def f():\n    def g(): 1\ndef f():\n    def g(): 2\n", {"f": 3, "f#2": 1, "f.g": 4, "f#2.g": 2}),
        (
            "class C:\n    @property\n    def f(self): 1\n    @f.setter\n    def f(self, a): 2\n",
            {"C.f": 3, "C.f#2": 5},
        ),
    ],
)
def test_of_several_definitions_the_last_has_the_name(source, lines):
    facts = read(source)
    assert {key: each.at.line for key, each in facts.functions.items() if key} == lines
    assert all(key == each.name for key, each in facts.functions.items())


@pytest.mark.parametrize(
    ("body", "reads", "bound"),
    [
        ("return a + b", ["a", "b"], set()),
        ("a = 1\nreturn a", [], {"a"}),
        ("print(a)\na = 1", ["print"], {"a"}),
        ("global a\na = a + 1", ["a"], set()),
        ("nonlocal a\na.append(1)", ["a"], set()),
        ("a.b = c['d']", ["c", "a"], set()),
        ("a: Model = b\nc: List[Model]", ["b"], {"a", "c"}),
        ("import a.b, c as d\nfrom e import f as g\nreturn a, d, g", [], {"a", "d", "g"}),
        ("for a, *b in c: pass", ["c"], {"a", "b"}),
        ("return [a for a in b]", ["b"], {"a"}),
        ("with a as b: pass", ["a"], {"b"}),
        ("def g(x=a) -> T: return b", ["a"], {"g"}),
        ("class G(a):\n    b = 1\n    c = b + d", ["a", "d"], {"G"}),
        ("return f'{a:{b}}'", ["a", "b"], set()),
        ("match a:\n    case B.c: pass\n    case d: pass", ["a", "B"], {"d"}),
        ("del a", [], {"a"}),
    ],
)
def test_reads_and_bound_names(body, reads, bound):
    source = "def f(p):\n" + "".join(f"    {line}\n" for line in body.splitlines())
    function = read(source).functions["f"]
    assert [each.name for each in function.reads] == reads
    assert function.bound == bound | {"p"}


def test_a_read_is_named_once_a_block():
    function = read("def f():\n    a(a)\n    if b:\n        a(a)\n").functions["f"]
    assert [(each.name, each.at.line, each.block) for each in function.reads] == [("a", 2, 0), ("b", 3, 0), ("a", 4, 1)]


def test_global_in_the_module_body_means_nothing():
    module = read("global a\na = 1\n").module
    assert module.bound == {"a"}
    assert not module.outer_names


def test_names_in_annotations_are_kept_apart():
    facts = read("a: B.c = 1\ndef f(d: 'List[E]', *e: F, g: G = 1) -> H: pass\ntype I = J\n")
    assert facts.annotated == {"B", "c", "List", "E", "F", "G", "H", "J"}
    assert not [each.name for function in facts.functions.values() for each in function.reads]
