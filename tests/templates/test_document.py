"""YAML and JSON documents: where things stand, and what is refused."""

import json

import pytest
from yaml.nodes import MappingNode, ScalarNode

from slslint.source import Problem, Reader, SourceFile, Span
from slslint.templates import read
from slslint.templates.document import compose, span

RESOURCES = "Resources:\n  Q:\n    Type: AWS::SQS::Queue\n"


def document(text: str) -> MappingNode:
    root = compose(SourceFile("t.yaml", text.encode()))
    assert isinstance(root, MappingNode), root
    return root


def value(text: str, key: str) -> ScalarNode:
    found = next(node for name, node in document(text).value if name.value == key)
    assert isinstance(found, ScalarNode)
    return found


def deployment(text: str, name: str = "t.yaml"):
    return read(name, Reader("/", ("/",), {name: text.encode()}), {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: é30", Span("t.yaml", 1, 4, 1, 7)),
        ("é😀: 1\na: 30  # seconds", Span("t.yaml", 2, 4, 2, 6)),
        ("a: !Ref B", Span("t.yaml", 1, 4, 1, 10)),
        ('{"a": "x"}', Span("t.yaml", 1, 7, 1, 10)),
        ("a: |\n  one\n  two\n\nb: 1", Span("t.yaml", 1, 4, 1, 5)),
    ],
)
def test_spans_count_code_points_from_one(text, expected):
    assert span(value(text, "a")) == expected


def test_the_span_of_a_block_ends_with_its_last_line_and_not_at_the_next_token():
    block = document("a:\n  b: 1\n  c: 22\n\n# about d\n\nd: 1").value[0][1]
    assert span(block) == Span("t.yaml", 2, 3, 3, 8)


def test_json_may_write_a_character_as_a_surrogate_pair():
    text = json.dumps({"a": "x😀y\\ud83d\\ude00", "b": "é"})
    assert value(text, "a").value == "x😀y\\ud83d\\ude00"
    assert value(text, "b").start_mark.column == text.index('"\\u00e9"')


def test_a_block_scalar_keeps_surrogate_escapes_as_they_are():
    assert value('a: |\n  "\\ud83d\\ude00"\n', "a").value == '"\\ud83d\\ude00"\n'


BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 12))
CHAIN = "a0: &a0 x\n" + "".join(f"a{n}: &a{n} [*a{n - 1}]\n" for n in range(1, 500))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BOMB, "a million nodes"),
        (CHAIN, "nested too deeply"),
        ("a: &a [1]\nb: [" + "*a, " * 1100 + "]", "1,000 aliases"),
        ("a: &a [*a]", "inside its own anchor"),
        ("a: " + "[" * 10_000 + "]" * 10_000, "nested too deeply"),
        ("a: " + "[" * 500 + "]" * 500, "nested too deeply"),
        ("a:\n  " + "- " * 10_000 + "x", "nested too deeply"),
        ("".join(" " * n + "a:\n" for n in range(300)), "nested too deeply"),
        ("a: x" + "y" * (4 * 1024 * 1024), "more than the 4,194,304"),
        ("a: \0", "NUL"),
    ],
)
def test_hostile_documents_are_refused_with_a_reason(text, message):
    problem = compose(SourceFile("t.yaml", text.encode()))
    assert isinstance(problem, Problem)
    assert message in problem.message


def test_aliases_in_measure_are_fine():
    root = document("a: &a {x: 1}\nb: *a\nc: {<<: *a, y: 2}")
    assert root.value[0][1] is root.value[1][1]


def test_brackets_in_text_are_no_nesting():
    assert value("a: |\n  " + "[(" * 800, "a").value


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        (RESOURCES + "    Properties: {a: [1}\n", 4, "did not find expected"),
        (RESOURCES + "   Properties:\n", 4, "did not find expected"),
        (RESOURCES + "    Properties:\n\tName: x\n", 5, "found character that cannot start any token"),
        (RESOURCES + "    Properties: *gone\n", 4, "found undefined alias"),
        (RESOURCES + "    Properties: a\x01b\n", 4, "control characters"),
        (RESOURCES + "<<<<<<< HEAD\n    Name: a\n=======\n    Name: b\n>>>>>>> b\n", 4, "a merge was not finished"),
    ],
)
def test_what_does_not_parse_is_a_problem_at_its_line(text, line, message):
    (problem,) = deployment(text).problems
    assert (problem.kind, problem.at.line) == ("syntax", line)
    assert message in problem.message


@pytest.mark.parametrize(
    ("text", "line", "tag"),
    [
        (RESOURCES + "    {%- if cookiecutter.queue == 'fifo' %}\n", 4, "{%- if cookiecutter.queue == 'fifo' %}"),
        (RESOURCES + "    Properties:\n      Name: {{ name }}-queue\n", 5, "{{ name }}"),
        (RESOURCES + "{{- range $i, $each := .Values.queues }}\n  {{ $each }}: [\n", 5, "{{ $each }}"),
        (RESOURCES + "    Properties:\n      Name: %%QUEUE_NAME%%\n", 5, "%%QUEUE_NAME%%"),
        (RESOURCES + "    <% if a %>\n    b\n", 5, "<% if a %>"),
    ],
)
def test_a_template_of_a_template_is_not_its_authors_mistake(text, line, tag):
    (problem,) = deployment(text).problems
    assert (problem.kind, problem.at.line) == ("templated", line)
    assert tag in problem.message


def test_a_dynamic_reference_makes_no_template_of_a_template():
    (problem,) = deployment(RESOURCES + "    Name: '{{resolve:ssm:name}}'\n   B: [\n").problems
    assert problem.kind == "syntax"


def test_a_key_written_twice_is_a_problem_and_the_last_counts():
    found = deployment(RESOURCES + "    Properties:\n      VisibilityTimeout: 1\n      VisibilityTimeout: 2\n")
    (problem,) = found.problems
    assert (problem.kind, problem.at.line, "written twice" in problem.message) == ("duplicate-key", 6, True)
    assert found.queues[0].visibility_timeout.value == 2


def test_a_section_written_twice_is_a_problem():
    (problem,) = deployment("Outputs: {}\n" + RESOURCES + "Outputs: {}\n").problems
    assert (problem.kind, "`Outputs` is written twice" in problem.message) == ("duplicate-key", True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# Resources: AWS:: Type",
        "a: 1",
        "Resources: {a: {Type: Deployment}}",
        "service: x\nresources:\n  Resources:\n    Q: {Type: AWS::SQS::Queue}",
        "kind: X\n---\nResources:\n- Type: nothing",
        '{"Resources": [1], "Type": "AWS::SQS::Queue"}',
        "[broken: {",
    ],
)
def test_other_files_are_no_templates(text):
    assert deployment(text) is None


def test_a_template_may_consist_of_a_loop():
    text = "Resources:\n  Fn::ForEach::Queues: [N, [A, B], {'Q${N}': {Type: AWS::SQS::Queue}}]\n"
    assert [queue.id for queue in deployment(text).queues] == ["QA", "QB"]


def test_windows_line_ends_are_fine():
    text = RESOURCES + "    Properties:\n      VisibilityTimeout: 5\n"
    (queue,) = deployment(text.replace("\n", "\r\n")).queues
    assert (queue.visibility_timeout.value, queue.visibility_timeout.at.line) == (5, 5)


def test_an_unreadable_file_is_a_problem():
    found = read("gone.yaml", Reader("/", ("/",), {}), {})
    assert [problem.kind for problem in found.problems] == ["unreadable"]
