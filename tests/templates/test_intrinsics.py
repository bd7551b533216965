"""What intrinsics, parameters and conditions come to."""

import pytest
from yaml.nodes import MappingNode

from slslint.model import Hole, Pattern, Ref
from slslint.source import Reader, SourceFile
from slslint.templates.cloudformation.template import Template
from slslint.templates.document import compose
from slslint.value import Absent, Either, Known, Origin, Unknown

HEAD = """
Parameters:
  Given: {Type: String, Default: seven}
  Small: {Type: String, Default: small}
  Seven: {Type: Number, Default: 7}
  Free: {Type: String}
  Zones: {Type: CommaDelimitedList, Default: "a, b,c"}
  FreeList: {Type: CommaDelimitedList}
  Stored: {Type: "AWS::SSM::Parameter::Value<String>", Default: /path}
Mappings:
  Sizes:
    small: {memory: 128, zones: [x, y], same: 1}
    large: {memory: 256, zones: [z], same: 1}
Conditions:
  Prod: !Equals [!Ref Free, prod]
  Dev: !Equals [!Ref Free, dev]
  AlsoProd: !Equals [prod, !Ref Free]
  NotProd: !Not [!Condition Prod]
  Elsewhere: !Not [!Equals [!Ref Free, prod]]
  ProdOrNot: !Or [!Condition Prod, !Condition Other]
  Other: !Equals [!Ref Seven, 7]
  Yes: !Equals [a, a]
  No: !And [!Condition Yes, !Equals [a, b]]
  Same: !Equals [!Ref Free, !Ref Free]
"""
RESOURCE = """
Resources:
  Bucket: {Type: AWS::S3::Bucket}
  R:
    Type: Custom::Thing
    Properties:
      X: """


def template(text, parameters=None, overlay=None):
    file = SourceFile("dir/t.yaml", text.encode())
    root = compose(file)
    assert isinstance(root, MappingNode)
    files = {"dir/t.yaml": file.data, **(overlay or {})}
    return Template("dir/t.yaml", root, Reader("/", ("/",), files), parameters or {})


def view(expression, parameters=None, overlay=None):
    return template(HEAD + RESOURCE + expression, parameters, overlay).resources["R"].properties.get("X")


def simple(value):
    """A value without its places: the decided value, None, "?" or (conditions, value) pairs."""
    match value:
        case Known(known, _, _):
            return known
        case Absent():
            return None
        case Unknown():
            return "?"
        case Either(branches):
            return {" ".join(sorted(f"{'' if h else '!'}{n}" for n, h in when)): simple(v) for when, v in branches}


REGION = Hole("AWS::Region")
ARN = Ref("Bucket", "Arn")


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("plain", "plain"),
        ("", None),
        ("null", None),
        ('""', ""),
        ("!Ref Given", "seven"),
        ("{Ref: Given}", "seven"),
        ("!Ref Free", Pattern((Hole("Free"),))),
        ("!Ref Stored", Pattern((Hole("resolve:ssm:/path"),))),
        ("!Ref Bucket", Ref("Bucket")),
        ("!Ref Gone", "?"),
        ("!Ref AWS::NoValue", None),
        ("!Ref AWS::Region", Pattern((REGION,))),
        ("!GetAtt Bucket.Arn", ARN),
        ("!GetAtt [Bucket, Arn]", ARN),
        ("{'Fn::GetAtt': [Bucket, Arn]}", ARN),
        ("{'Fn::GetAtt': Bucket.Arn}", ARN),
        ("!GetAtt Bucket.Outputs.Name", Ref("Bucket", "Outputs.Name")),
        ("!GetAtt Gone.Arn", "?"),
        ('!Sub "a"', "a"),
        ('!Sub "a-${Given}-${!Given}"', "a-seven-${Given}"),
        ('!Sub "${Bucket}"', Ref("Bucket")),
        ('!Sub "${Bucket.Arn}/*"', Pattern((ARN, "/*"))),
        ('!Sub "a:${AWS::Region}:${Gone}"', Pattern(("a:", REGION, ":", Hole("Gone")))),
        ('!Sub ["${a}-${b}", {a: !Ref Given, b: !ImportValue x}]', Pattern(("seven-", Hole("import:x")))),
        ('!Join [",", [a, !Ref Given]]', "a,seven"),
        ('!Join ["", ["arn:", !GetAtt Bucket.Arn, "/*"]]', Pattern(("arn:", ARN, "/*"))),
        ('!Join [",", !Ref Zones]', "a,b,c"),
        ('!Join [",", !Ref FreeList]', "?"),
        ("!Select [1, [a, b]]", "b"),
        ('!Select ["1", !Ref Zones]', "b"),
        ("!Select [5, [a, b]]", "?"),
        ("!Select [1, [!If [Prod, a, !Ref AWS::NoValue], b]]", "?"),
        ("!Select [0, !Split [':', 'a:b']]", "a"),
        ("!Select [0, !Split [':', !GetAtt Bucket.Arn]]", "?"),
        ("!Select [0, !GetAZs '']", "?"),
        ("!FindInMap [Sizes, small, memory]", "128"),
        ("!FindInMap [Sizes, !Ref Given, memory]", "?"),
        ("!FindInMap [Sizes, !Ref Free, memory]", "?"),
        ("!FindInMap [Sizes, !If [Prod, large, small], memory]", {"Prod": "256", "!Prod": "128"}),
        ("!FindInMap [Sizes, huge, memory, {DefaultValue: 1}]", "1"),
        ("!Select [1, !FindInMap [Sizes, small, zones]]", "y"),
        ("!If [Prod, a, b]", {"Prod": "a", "!Prod": "b"}),
        ("!If [Prod, a, !Ref AWS::NoValue]", {"Prod": "a", "!Prod": None}),
        ("!If [NotProd, a, b]", {"!Prod": "a", "Prod": "b"}),
        ("!If [Elsewhere, a, b]", {"!Prod": "a", "Prod": "b"}),
        ("!If [AlsoProd, a, b]", {"Prod": "a", "!Prod": "b"}),
        ("!If [Prod, a, !If [Prod, b, c]]", {"Prod": "a", "!Prod": "c"}),
        ("!If [Prod, a, a]", {"Prod": "a", "!Prod": "a"}),
        ("!If [Prod, !If [Dev, a, b], c]", {"Prod": "b", "!Prod": "c"}),
        ("!If [Yes, a, b]", "a"),
        ("!If [No, a, b]", "b"),
        ("!If [Same, a, b]", "a"),
        ("!If [Other, a, b]", {"Other": "a", "!Other": "b"}),
        ("!If [ProdOrNot, a, b]", {"ProdOrNot": "a", "!ProdOrNot": "b"}),
        ("!If [Undefined, a, b]", {"Undefined": "a", "!Undefined": "b"}),
        ('!Sub ["x-${v}", {v: !If [Prod, a, b]}]', {"Prod": "x-a", "!Prod": "x-b"}),
        ("!Join ['', [!If [Prod, a, b], '-', !If [Prod, c, d]]]", {"Prod": "a-c", "!Prod": "b-d"}),
        ("!ImportValue x", Pattern((Hole("import:x"),))),
        ("!Base64 x", "?"),
        ("!Cidr [a, 1, 2]", "?"),
        ("{'Fn::Length': [a, b]}", "2"),
        ("!Length [a, b]", "2"),
        ("!ToJsonString {a: 1}", "?"),
        ("!Unheard x", "?"),
        ("!If [Prod]", "?"),
        ("!Sub [a]", "?"),
        ("!Join x", "?"),
        ("!GetAtt {a: b}", "?"),
        ("!Ref [a]", "?"),
        ("{a: 1}", "?"),
        ("[a]", "?"),
    ],
)
def test_text(expression, expected):
    assert simple(view(expression).text()) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("30", 30),
        ('"30"', 30),
        ("-1", -1),
        ("30.0", 30),
        ("!Ref Seven", 7),
        ("!Ref Free", "?"),
        ("!Sub '3${Seven}'", 37),
        ("30.5", "?"),
        ("030", "?"),
        ("3e1", "?"),
        ("thirty", "?"),
        ("[30]", "?"),
        ("{Ref: Bucket}", "?"),
        ("", None),
        ("!If [Prod, '1', x]", {"Prod": 1, "!Prod": "?"}),
    ],
)
def test_integers_may_be_written_as_text(expression, expected):
    assert simple(view(expression).integer()) == expected


@pytest.mark.parametrize(("expression", "expected"), [("true", True), ("'False'", False), ("no", False), ("1", "?")])
def test_booleans(expression, expected):
    assert simple(view(expression).boolean()) == expected


def test_a_default_decides_a_value_as_derived_and_what_the_user_decides_is_as_good_as_written():
    assert view("!Ref Given").text().origin is Origin.DERIVED
    assert view("!Sub 'x-${Given}'").text().origin is Origin.DERIVED
    assert view("!Sub 'x-${Given}'", {"Given": "a"}).text().origin is Origin.WRITTEN
    sizes = "!FindInMap [Sizes, !Select [0, !Split [',', !Join ['', [!Ref Small]]]], memory]"
    assert view(sizes).integer() == Known(128, view(sizes).at, Origin.DERIVED)


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [({"Free": "prod"}, "a"), ({"Free": "x"}, "b"), ({"Seven": "8"}, {"Prod": "a", "!Prod": "b"})],
)
def test_only_what_the_user_decides_decides_a_condition(parameters, expected):
    assert simple(view("!If [Prod, a, b]", parameters).text()) == expected


def test_a_resource_whose_condition_is_decided_false_is_not_there():
    text = (
        HEAD + "Resources: {A: {Type: AWS::SQS::Queue, Condition: No}, B: {Type: AWS::SQS::Queue, Condition: NotProd}}"
    )
    resources = template(text).resources
    assert {name: resource.when for name, resource in resources.items()} == {"B": frozenset({("Prod", False)})}


def test_branches_that_contradict_the_resource_are_left_out():
    text = HEAD + (
        "Resources: {R: {Type: Custom::X, Condition: Prod, Properties: {X: !If [Dev, 1, !If [NotProd, 2, 3]]}}}"
    )
    assert simple(template(text).resources["R"].properties.get("X").integer()) == 3


def test_properties_may_branch_as_a_whole():
    text = HEAD + (
        "Resources:\n  R:\n    Type: Custom::X\n    Properties: !If [Prod, {A: {B: 1}}, {A: !If [Dev, {B: 2}, {C: 3}]}]"
    )
    inner = template(text).resources["R"].properties.get("A", "B")
    assert simple(inner.integer()) == {"Prod": 1, "!Prod Dev": 2, "!Dev !Prod": None}


def keys(entries):
    return [(entry.key, sorted(entry.view.when)) for entry in entries], entries.complete


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("{a: 1, b: 2}", ([("a", []), ("b", [])], True)),
        ("!If [Prod, {a: 1}, !Ref AWS::NoValue]", ([("a", [("Prod", True)])], True)),
        ("!If [Prod, {a: 1}, {b: 1}]", ([("a", [("Prod", True)]), ("b", [("Prod", False)])], True)),
        ("!FindInMap [Sizes, !Ref Free, zones]", ([], False)),
        ("{a: 1, 'Fn::Transform': {Name: Macro}}", ([("a", [])], False)),
        ("{'Fn::ForEach::L': [N, [p, q], {'${N}x': 1}]}", ([("px", []), ("qx", [])], True)),
        ("{<<: {a: 1}, b: 2}", ([("a", []), ("b", [])], True)),
        ("[a]", ([], False)),
        ("", ([], False)),
    ],
)
def test_entries(expression, expected):
    assert keys(view(expression).entries()) == expected


@pytest.mark.parametrize(
    ("expression", "expected", "complete"),
    [
        ("[a, b]", [("a", 0), ("b", 0)], True),
        ("a", [("a", 0)], True),
        ("[a, !If [Prod, b, !Ref AWS::NoValue]]", [("a", 0), ("b", 1)], True),
        ("!If [Prod, [a], [b]]", [("a", 1), ("b", 1)], True),
        ("!Ref Zones", [("a", 0), ("b", 0), ("c", 0)], True),
        ("!Ref FreeList", [], False),
        ("!Split [',', 'a,b']", [("a", 0), ("b", 0)], True),
        ("[a, !If [Prod, [b, c], d]]", [("a", 0), ("b", 1), ("c", 1), ("d", 1)], True),
        ("!FindInMap [Sizes, small, zones]", [("x", 0), ("y", 0)], True),
        ("", [], True),
    ],
)
def test_items(expression, expected, complete):
    items = view(expression).items()
    assert [(simple(item.text()), len(item.when)) for item in items] == expected
    assert items.complete is complete


@pytest.mark.parametrize(
    "expression",
    [
        "{a: [1, 'Arn']}",
        '\'{"a": [1, "Arn"]}\'',
        '!Sub \'{"a": [1, "Arn"]}\'',
        "!ToJsonString {a: [1, Arn]}",
    ],
)
def test_a_structure_may_be_written_as_json_text(expression):
    items = view(expression).structured().get("a").items()
    assert [simple(item.text()) for item in items] == ["1", "Arn"]


def test_references_inside_json_text_are_kept():
    found = view('!Sub \'{"a": "x:${Bucket.Arn}"}\'').structured().get("a").text()
    assert found.value == Pattern(("x:", ARN))
    bare = view('!Sub \'{"a": ${AWS::Region}, "b": [${Seven}]}\'').structured()
    assert simple(bare.get("a").integer()) == "?"
    assert [simple(item.integer()) for item in bare.get("b").items()] == [7]


@pytest.mark.parametrize(
    "text", ["'{'", "'['", r"""'{"a": "\u0000x"}'""", f"'{'[' * 500}{']' * 500}'", "x", "!Ref Bucket"]
)
def test_text_that_is_no_json_is_unknown(text):
    assert simple(view(text).structured().get("a").text()) == "?"


LOOP = """
Transform: AWS::LanguageExtensions
Parameters: {Names: {Type: CommaDelimitedList, Default: "A,B"}, Free: {Type: CommaDelimitedList}}
Resources:
  Fn::ForEach::Queues:
    - Name
    - %s
    - Queue${Name}:
        Type: AWS::SQS::Queue
        Properties:
          QueueName: !Sub "${Name}-queue"
          DelaySeconds: !Ref Name
          Tags: !GetAtt Queue${Name}.Arn
"""


@pytest.mark.parametrize("collection", ["[A, B]", "!Ref Names"])
def test_a_loop_is_written_out_when_what_it_goes_over_is_decided(collection):
    found = template(LOOP % collection)
    assert list(found.resources) == ["QueueA", "QueueB"]
    properties = found.resources["QueueB"].properties
    assert simple(properties.get("QueueName").text()) == "B-queue"
    assert simple(properties.get("DelaySeconds").text()) == "B"
    assert simple(properties.get("Tags").text()) == Ref("QueueB", "Arn")
    assert found.complete


def test_an_undecided_loop_leaves_the_template_open_with_a_gap():
    found = template(LOOP % "!Ref Free")
    assert not found.complete
    assert ["loop" in gap.why for gap in found.gaps] == [True]


def test_a_macro_leaves_the_template_open():
    found = template("Transform: [AWS::LanguageExtensions, Mine]\nResources: {}")
    assert (found.complete, [gap.at.line for gap in found.gaps]) == (False, [1])


INCLUDE = "{'Fn::Transform': {Name: AWS::Include, Parameters: {Location: %s}}}"


def test_an_include_is_read_when_it_lies_here_and_spans_lie_in_it():
    found = view(INCLUDE % "../api.yaml", overlay={"api.yaml": b"# api\npaths: {a: !Ref Given}"})
    text = found.get("paths", "a").text()
    assert (simple(text), text.at.path, text.at.line) == ("seven", "api.yaml", 2)


@pytest.mark.parametrize("location", ["s3://bucket/api.yaml", "gone.yaml", "!Ref Free"])
def test_an_include_from_elsewhere_is_unknown(location):
    assert simple(view(INCLUDE % location).get("paths").text()) == "?"


def test_an_included_file_that_does_not_parse_is_a_problem_there():
    found = template(HEAD + RESOURCE + INCLUDE % "a.yaml", overlay={"dir/a.yaml": b"a: [1"})
    found.resources["R"].properties.get("X").text()
    assert [problem.at.path for problem in found.problems] == ["dir/a.yaml"]


def test_loops_that_multiply_are_given_up():
    body = "{'Q${A}${B}${C}${D}${E}${F}': {Type: AWS::SQS::Queue}}"
    for name in "ABCDEF":
        body = f"{{'Fn::ForEach::{name}': [{name}, [a, b, c, d, e, f, g, h, i, j], {body}]}}"
    assert not template("Resources: " + body).complete


@pytest.mark.parametrize(
    "call", ["!Select [0, [%s, a]]", "!If [Prod, %s, b]", "!FindInMap [%s, a, b]", "!Join [a, [%s]]"]
)
def test_deep_calls_end(call):
    expression = "x"
    for _ in range(20):
        expression = call % expression
    view(expression).text()


def test_conditions_that_refer_to_each_other_are_left_undecided():
    chain = "".join(f"  C{n}: !Not [!Condition C{n + 1}]\n" for n in range(3000))
    text = (
        f"Conditions:\n  A: !Condition B\n  B: !Not [!Condition A]\n{chain}" + RESOURCE + "!If [A, 1, !If [C0, 2, 3]]"
    )
    value = template(text).resources["R"].properties.get("X").integer()
    assert isinstance(value, Either)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'{{resolve:ssm:/path}}'", Pattern((Hole("resolve:ssm:/path"),))),
        ("'a{{resolve:ssm:x}}b{{resolve:ssm:y}}'", Pattern(("a", Hole("resolve:ssm:x"), "b", Hole("resolve:ssm:y")))),
        ("!Sub '{{resolve:ssm:/${Free}/x}}'", Pattern((Hole("resolve"),))),
        ("'{{resolve:'", "{{resolve:"),
    ],
)
def test_a_dynamic_reference_is_filled_in_when_deployed(expression, expected):
    assert simple(view(expression).text()) == expected
    assert simple(view(expression).integer()) == "?"
