"""Functions, methods, classes, and the names that they read and bind."""

import pytest

from tests.languages.notation import assigned, calls, read, show


def parameters(source: str, key: str = "f") -> list[tuple[str, str, str]]:
    return [(each.name, show(each.default), each.kind) for each in read(source, "app.ts").functions[key].parameters]


def test_parameters():
    source = "function f(this: T, a, b: number, c = 1, d: U = g(), e?, { h }, [i] = [], ...j) {}"
    assert parameters(source) == [
        ("a", "-", "plain"),
        ("b", "-", "plain"),
        ("c", "1", "plain"),
        ("d", "g()", "plain"),
        ("e", "-", "plain"),
        ("{5}", "-", "plain"),
        ("{6}", "[]", "plain"),
        ("j", "-", "*"),
    ]
    assert parameters("const f = a => a") == [("a", "-", "plain")]
    facts = read(source, "app.ts")
    assert calls(facts.module) == ["g() in body"]
    assert [assigned(each) for each in facts.functions["f"].assigns] == ["h = {5}.h", "i = {6}[0]"]


@pytest.mark.parametrize(
    ("source", "key"),
    [
        ("const handler = () => {}", "handler"),
        ("const handler = (async function () {}) as Handler", "handler"),
        ("exports.handler = async () => {}", "handler"),
        ("module.exports.handler = async () => {}", "handler"),
        ("exports.handler = exports.main = async () => {}", "handler"),
        ("module.exports = async () => {}", "module.exports"),
        ("module.exports = function handler() {}", "handler"),
        ("module.exports = { handler: () => {} }", "handler"),
        ("export default async () => {}", "default"),
        ("export default function () {}", "default"),
        ("const routes = { create() {} }", "routes.create"),
        ("const routes = { orders: { create: async () => {} } }", "routes.orders.create"),
        ("routes.create = () => {}", "routes.create"),
        ("run ??= () => {}", "run"),
        ("const { run = () => {} } = options", "run"),
        ("const routes = { 'GET /': () => {} }", "<lambda>@1:27"),
        ("on('event', () => {})", "<lambda>@1:13"),
        ("on('event', function ready() {})", "ready"),
    ],
)
def test_a_function_has_the_name_of_what_it_is_assigned_to(source, key):
    (function,) = [each for each in read(source, "app.ts").functions.values() if each.name]
    assert (function.name, function.is_value) == (key, True)


def test_of_several_with_one_key_the_last_declaration_has_it():
    facts = read("function f() { a() } function f() { b() } let g = () => c(); g = () => d();", "app.js")
    shown = {key: calls(each) for key, each in facts.functions.items() if key}
    assert shown == {"f": ["b() in body"], "f#2": ["a() in body"], "g": ["c() in body"], "g#2": ["d() in body"]}
    assert [assigned(each) for each in facts.module.assigns] == ["g = closure g", "g = closure g#2"]


def test_classes():
    source = """\
@register({ a: b() })
class Orders extends Base<T> implements I {
  table = connect();
  static count: number = 0;
  #secret = this.table;
  declare later: string;
  create = async (order) => this.table.put(order);
  constructor(private readonly store: Store, @inject() public clock = now()) { super(store); }
  get size() { return super.size() }
  set size(value) {}
  @route("/x") async #load(order?: Order) {
    const inner = () => this.table;
    return function () { return this.table };
  }
  static from(order) { return new this(order) }
  static { this.count = 1; Orders.setUp() }
  abstract close(): void;
  [Symbol.iterator]() {}
}
"""
    facts = read(source, "app.ts")
    assert facts.problems == ()
    shown = {
        key: (each.owner, each.receiver, [p.name for p in each.parameters], [show(d) for d in each.decorators])
        for key, each in facts.functions.items()
        if key
    }
    assert shown == {
        "Orders.table=": ("Orders", "this", [], []),
        "Orders.#secret=": ("Orders", "this", [], []),
        "Orders.create": ("Orders", "this", ["order"], []),
        "Orders.constructor": ("Orders", "this", ["store", "clock"], []),
        "Orders.size": ("Orders", "this", [], ["property"]),
        "Orders.size#2": ("Orders", "this", ["value"], []),
        "Orders.#load": ("Orders", "this", ["order"], ["route('/x')"]),
        "Orders.#load.inner": (None, None, [], []),
        "<lambda>@13:12": (None, None, [], []),
        "Orders.from": ("Orders", "this", ["order"], ["classmethod"]),
        "<lambda>@18:3": ("Orders", "this", [], []),
    }
    orders = facts.classes["Orders"]
    assert [show(each) for each in orders.bases] == ["Base"]
    assert orders.methods == {"create", "constructor", "size", "#load", "from"}
    assert [assigned(each) for each in orders.assigns] == ["count = 0", "count = 1"]
    fields = [assigned(each) for key in orders.fields for each in facts.functions[key].assigns]
    assert fields == ["this.table = connect()", "this.#secret = this.table"]
    assert [show(each) for each in orders.decorators] == ["register({'a': b()})"]
    assert [assigned(each) for each in facts.functions["Orders.constructor"].assigns] == [
        "this.store = store",
        "this.clock = clock",
    ]
    assert "super().constructor(store) in body" in calls(facts.functions["Orders.constructor"])
    assert show(facts.functions["Orders.size"].exits[0].value) == "super().size()"
    assert show(facts.functions["Orders.#load.inner"].exits[0].value) == "this.table"
    assert show(facts.functions["<lambda>@13:12"].exits[0].value) == "?.table"
    assert "Orders.setUp() in body" in calls(facts.module)


def test_a_class_as_a_value():
    facts = read("const A = class { run() {} }; module.exports = class B { run() {} }", "app.js")
    assert {key: each.is_value for key, each in facts.classes.items()} == {"A": True, "B": False}
    assert [assigned(each) for each in facts.module.assigns] == ["A = closure A", "exports = closure B"]


@pytest.mark.parametrize(
    ("source", "meaning"),
    [
        ("const a = { b() { return this.c } }", "a.c"),
        ("const a = { b: function () { return this.c } }", "a.c"),
        ("const a = { b() { return () => this.c } }", "a.c"),
        ("module.exports = { b() { return this.c } }", "exports.c"),
        ("f({ b() { return this.c } })", "?.c"),
        ("function b() { return this.c }", "?.c"),
        ("const b = () => this.c", "?.c"),
    ],
)
def test_what_this_is(source, meaning):
    functions = read(source, "app.js").functions.values()
    values = [show(leave.value) for each in functions for leave in each.exits]
    assert [value for value in values if "closure" not in value] == [meaning]


def test_names_that_are_read_bound_and_written():
    source = """\
let count = 0, cache;
function outer(a) {
  var b = a;
  count += 1;
  function inner() { b = count; cache ??= load(); global2 = 1 }
  { let c = d }
  if (e) for (const g of h) i(({ j, k: l }) => j + l + b);
}
"""
    facts = read(source, "app.js")
    bound = {key: sorted(each.bound) for key, each in facts.functions.items()}
    written = {key: sorted(each.outer_names) for key, each in facts.functions.items() if each.outer_names}
    assert bound == {
        "": ["cache", "count", "outer"],
        "outer": ["a", "b", "c", "g", "inner"],
        "outer.inner": [],
        "<lambda>@7:31": ["j", "l", "{0}"],
    }
    assert written == {"outer": ["count"], "outer.inner": ["b", "cache", "global2"]}
    assert {each.name for each in facts.functions["<lambda>@7:31"].reads} == {"b"}
    assert facts.functions["outer.inner"].outer == "outer"


def test_async_generators_and_accessors_of_objects():
    source = "const a = { async b() {}, async *c() {}, get d() { return 1 }, set d(e) {} }; async function f() {}"
    facts = read(source, "app.js")
    assert {key: each.is_async for key, each in facts.functions.items() if key} == {
        "a.b": True,
        "a.c": True,
        "a.d": False,
        "a.d#2": False,
        "f": True,
    }
    (table,) = facts.module.assigns
    assert show(table.value) == "{'b': closure a.b, 'c': closure a.c, 'd': closure a.d(), 'd': ?(closure a.d#2)}"


def test_overloads_and_declarations_are_no_functions():
    source = "function f(a: string): void;\nfunction f(a: any) {}\ndeclare function g(): void;"
    assert set(read(source, "app.ts").functions) == {"", "f"}


def test_a_function_expression_knows_its_own_name():
    function = read("const run = function again(n) { return again(n - 1) }", "app.js").functions["run"]
    assert [assigned(each) for each in function.assigns] == ["again = closure run"]
