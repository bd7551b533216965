"""State machines: what is read of a definition, however and wherever it is written."""

import json
from textwrap import dedent, indent

import pytest

from slslint.model import Deployment, Invocation, Notation, State, Workflow, show
from slslint.source import Reader
from slslint.templates import read
from slslint.value import Absent, Known, Unknown

RESOURCES = """
F:
  Type: AWS::Lambda::Function
  Properties: {Handler: app.handler, Runtime: python3.12, Role: r, FunctionName: charge, Code: {S3Bucket: b, S3Key: k}}
Q: {Type: AWS::SQS::Queue}
T: {Type: AWS::DynamoDB::Table}
A: {Type: AWS::StepFunctions::Activity}
Bus: {Type: AWS::Events::EventBus}
Other: {Type: AWS::StepFunctions::StateMachine, Properties: {Definition: {StartAt: X, States: {X: {Type: Succeed}}}}}
"""


def deploy(properties: str, files: dict[str, str] | None = None) -> Deployment:
    machine = "M:\n  Type: AWS::StepFunctions::StateMachine\n  Properties:\n" + indent(dedent(properties), "    ")
    text = "Resources:\n" + indent(RESOURCES + machine, "  ")
    written = {path: each.encode() for path, each in {"t.yaml": text, **(files or {})}.items()}
    found = read("t.yaml", Reader("/", ("/",), written), {})
    assert found is not None
    return found


def machine(deployment: Deployment) -> Workflow:
    (found,) = (workflow for workflow in deployment.workflows if workflow.id == "M")
    return found


def task(fields: str) -> State:
    """The only state of a definition with these fields."""
    found = machine(deploy(f"Definition: {{StartAt: One, States: {{One: {{Type: Task, {fields}}}}}}}"))
    (state,) = found.states
    return state


def plain(value: object) -> object:
    match value:
        case Known(known):
            return known if isinstance(known, bool | int | float) else show(known)
        case Absent():
            return None
        case Unknown():
            return "?"
    return value


@pytest.mark.parametrize(
    ("fields", "target", "token"),
    [
        ("Resource: !GetAtt F.Arn", "${F.Arn}", False),
        ("Resource: !Sub 'arn:aws:lambda:${AWS::Region}:1:function:charge'",
         "arn:aws:lambda:${AWS::Region}:1:function:charge", False),
        ("Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName: !Ref F}", "${F}", False),
        ("Resource: 'arn:aws:states:::lambda:invoke', Arguments: {FunctionName: !Ref F}", "${F}", False),
        ("Resource: 'arn:aws:states:::lambda:invoke', Parameters: {FunctionName.$: $.function}", "?", False),
        ("Resource: 'arn:aws:states:::lambda:invoke', Arguments: {FunctionName: '{% $states.input.f %}'}", "?", False),
        ("Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', Parameters: {FunctionName: !Ref F}",
         "${F}", True),
        ("Resource: !Sub 'arn:${AWS::Partition}:states:::sqs:sendMessage.waitForTaskToken', "
         "Parameters: {QueueUrl: !Ref Q}", "${Q}", True),
        ("Resource: 'arn:aws:states:::aws-sdk:dynamodb:updateItem', Parameters: {TableName: !Ref T}", "${T}", False),
        ("Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: {StateMachineArn: !Ref Other}",
         "${Other}", False),
        ("Resource: 'arn:aws:states:::glue:startJobRun.sync', Parameters: {JobName: j}", None, False),
        ("Resource: !Ref A", "${A}", True),
        ("Resource: 'arn:aws:states:eu-west-1:1:activity:approve'", "arn:aws:states:eu-west-1:1:activity:approve",
         True),
        ("End: true", None, False),
    ],
)  # fmt: skip
def test_what_a_task_works_on(fields: str, target: object, token: bool) -> None:
    state = task(fields)
    assert (plain(state.target), plain(state.waits_for_token)) == (target, token)


def test_how_a_task_fails_and_waits() -> None:
    careful = task("TimeoutSeconds: 30, HeartbeatSecondsPath: $.beat, Retry: [{ErrorEquals: [States.ALL]}], Catch: []")
    assert [plain(each) for each in (careful.timeout, careful.heartbeat, careful.retries, careful.catches)] == [
        30, "?", True, False,
    ]  # fmt: skip
    tolerant = task("ToleratedFailurePercentage: 5")
    assert plain(tolerant.catches) is True
    given = task("TimeoutSeconds: '{% $states.input.limit %}', Retry: [!Ref R]")
    assert [plain(given.timeout), plain(given.retries)] == ["?", "?"]


NESTED = """
Definition:
  StartAt: Each
  States:
    Each:
      Type: Map
      ItemProcessor:
        ProcessorConfig: {Mode: DISTRIBUTED}
        StartAt: Both
        States:
          Both:
            Type: Parallel
            Branches:
              - StartAt: Left
                States: {Left: {Type: Task, Resource: !GetAtt F.Arn, End: true}}
              - StartAt: Right
                States: {Right: {Type: Pass, Next: Gone}}
            End: true
      Next: Choose
    Choose:
      Type: Choice
      Choices: [{Variable: $.a, IsPresent: true, Next: Done}]
      Default: Fallback
    Done: {Type: Succeed}
    Fallback: {Type: Task, Resource: !GetAtt F.Arn, Catch: [{ErrorEquals: [States.ALL], Next: Failed}], End: true}
    Failed: {Type: Fail}
    Lost: {Type: Pass, Next: Stray}
    Stray: {Type: Pass, Next: Lost}
"""


def test_states_know_what_is_around_them_and_what_follows() -> None:
    found = machine(deploy(NESTED))
    states = {state.name: state for state in found.states}
    assert states["Left"].within == ("Each", "Both")
    assert states["Choose"].next == ("Done", "Fallback")
    assert states["Fallback"].next == ()
    assert states["Failed"].reachable
    assert [name for name, state in states.items() if not state.reachable] == ["Lost", "Stray"]
    assert [(name, at.line) for name, at in found.missing] == [("Gone", 30)]
    assert found.states.complete


def test_nothing_is_out_of_reach_where_a_name_is_not_told() -> None:
    found = machine(
        deploy("Definition: {StartAt: !ImportValue start, States: {A: {Type: Pass, Next: B}, B: {Type: Pass}}}")
    )
    assert all(state.reachable for state in found.states)
    assert found.missing == ()


def invocations(deployment: Deployment) -> list[tuple[str, Invocation, object]]:
    return [(each.function, each.invocation, plain(each.caller_waits)) for each in deployment.triggers]


def test_a_function_is_triggered_once_for_each_way_of_waiting() -> None:
    asked = "Resource: 'arn:aws:states:::lambda:invoke%s', Parameters: {FunctionName: !Ref F%s}"
    found = deploy(f"""
        Definition:
          StartAt: A
          States:
            A: {{Type: Task, TimeoutSeconds: 10, {asked % ("", "")}}}
            B: {{Type: Task, TimeoutSeconds: 10, Resource: !GetAtt F.Arn}}
            C: {{Type: Task, {asked % ("", "")}}}
            D: {{Type: Task, TimeoutSeconds: 60, {asked % (".waitForTaskToken", "")}}}
            E: {{Type: Task, {asked % ("", ", InvocationType: Event")}}}
        """)
    assert invocations(found) == [
        ("F", Invocation.WAITS, 10), ("F", Invocation.WAITS, None), ("F", Invocation.ASYNC, None),
    ]  # fmt: skip
    assert found.triggers[0].at.line == 18


def test_what_a_workflow_hands_on() -> None:
    found = deploy("""
        Definition:
          StartAt: A
          States:
            A: {Type: Task, Resource: "arn:aws:states:::sqs:sendMessage", Parameters: {QueueUrl: !Ref Q}}
            B: {Type: Task, Resource: "arn:aws:states:::dynamodb:getItem", Parameters: {TableName: !Ref T}}
            C: {Type: Task, Resource: "arn:aws:states:::dynamodb:putItem", Parameters: {TableName: !Ref T}}
            D: {Type: Task, Resource: "arn:aws:states:::events:putEvents",
                Parameters: {Entries: [{EventBusName: !Ref Bus}, {Source: shop}]}}
            E: {Type: Task, Resource: "arn:aws:states:::states:startExecution.sync:2",
                Parameters: {StateMachineArn: !Ref Other}}
        """)
    assert [(plain(each.source), plain(each.target), each.waits) for each in found.deliveries] == [
        ("${M}", "${Q}", False), ("${M}", "${T}", False), ("${M}", "${Bus}", False), ("${M}", None, False),
        ("${M}", "${Other}", True),
    ]  # fmt: skip


WRITTEN = '{"StartAt": "Charge", "States": {\n  "Charge": {"Type": "Task", "Resource": "%s", "TimeoutSeconds": %s}}}'


@pytest.mark.parametrize(
    ("properties", "files", "place", "notation"),
    [
        ("DefinitionString: !Sub |\n" + indent(WRITTEN % ("${F.Arn}", 20), "  "), {}, ("t.yaml", 16), Notation.JSON),
        ("DefinitionString: |\n" + indent(WRITTEN % ("${Fn}", "20"), "  ")
         + "\nDefinitionSubstitutions: {Fn: !GetAtt F.Arn}", {}, ("t.yaml", 16), Notation.JSON),
        ("DefinitionS3Location: flow.asl.json\nDefinitionSubstitutions: {Fn: !GetAtt F.Arn, Limit: 20}",
         {"flow.asl.json": WRITTEN % ("${Fn}", "${Limit}")}, ("flow.asl.json", 2), Notation.JSON),
        ("DefinitionS3Location: flow.asl.yaml\nDefinitionSubstitutions: {Fn: !Ref F, Limit: 20}",
         {"flow.asl.yaml": "StartAt: Charge\nStates:\n  Charge:\n    Type: Task\n    TimeoutSeconds: ${Limit}\n"
                           "    Resource: arn:aws:states:::lambda:invoke\n    Parameters: {FunctionName: ${Fn}}\n"},
         ("flow.asl.yaml", 3), Notation.YAML),
        ("Definition:\n  StartAt: Charge\n  States:\n    Charge:\n      Type: Task\n      TimeoutSeconds: 20\n"
         "      Resource: !GetAtt F.Arn", {}, ("t.yaml", 17), Notation.YAML),
    ],
)  # fmt: skip
def test_a_definition_is_read_wherever_it_is_written(
    properties: str, files: dict[str, str], place: tuple[str, int], notation: Notation
) -> None:
    deployment = deploy(properties, files)
    found = machine(deployment)
    (state,) = found.states
    assert (state.at.path, state.at.line) == place
    assert found.notation is notation
    assert found.file == place[0]
    assert invocations(deployment) == [("F", Invocation.WAITS, 20)]
    assert deployment.gaps == ()


ASL = """\
{
  "StartAt": "Charge",
  "States": {
    "Charge": {"Type": "Task", "Resource": "%s", "TimeoutSeconds": 20, "End": true}
  }
}
"""


@pytest.mark.parametrize(
    ("definition", "files", "place", "notation"),
    [
        ('jsonencode({\n  StartAt = "Charge"\n  States = {\n    Charge = {\n      Type = "Task"\n'
         "      Resource = aws_lambda_function.f.arn\n      TimeoutSeconds = 20 } } })", {}, ("main.tf", 11),
         Notation.HCL),
        ("<<EOF\n" + ASL % "${aws_lambda_function.f.arn}" + "EOF", {}, ("main.tf", 12), Notation.JSON),
        ('file("flow.asl.json")', {"flow.asl.json": ASL % "arn:aws:lambda:eu-west-1:123456789012:function:charge"},
         ("flow.asl.json", 4), Notation.JSON),
        ('templatefile("flow.json.tftpl", { f = aws_lambda_function.f.arn })', {"flow.json.tftpl": ASL % "${f}"},
         ("flow.json.tftpl", 4), Notation.JSON),
        ('jsonencode(yamldecode(templatefile("flow.yaml", { f = aws_lambda_function.f.arn })))',
         {"flow.yaml": "StartAt: Charge\nStates: {Charge: {Type: Task, Resource: '${f}', TimeoutSeconds: 20}}"},
         ("main.tf", 8), Notation.HCL),
    ],
)  # fmt: skip
def test_a_definition_of_terraform(
    definition: str, files: dict[str, str], place: tuple[str, int], notation: Notation
) -> None:
    written = f"""\
resource "aws_lambda_function" "f" {{
  function_name = "charge"
  runtime       = "python3.13"
  handler       = "app.handler"
}}
resource "aws_sfn_state_machine" "m" {{
  role_arn = "arn:aws:iam::123456789012:role/m"
  definition = {definition}
}}
"""
    overlay = {path: text.encode() for path, text in {"main.tf": written, **files}.items()}
    deployment = read("main.tf", Reader("/", ("/",), overlay), {})
    assert deployment is not None
    (found,) = deployment.workflows
    (state,) = found.states
    assert (state.at.path, state.at.line) == place
    assert found.notation is notation
    assert invocations(deployment) == [("aws_lambda_function.f", Invocation.WAITS, 20)]


def test_a_definition_for_each_branch() -> None:
    deployment = read("t.yaml", Reader("/", ("/",), {"t.yaml": dedent("""
        Parameters: {Stage: {Type: String}}
        Conditions: {Prod: !Equals [!Ref Stage, prod]}
        Resources:
          M:
            Type: AWS::StepFunctions::StateMachine
            Properties:
              StateMachineType: !If [Prod, STANDARD, EXPRESS]
              Definition: !If
                - Prod
                - {StartAt: A, States: {A: {Type: Succeed}}}
                - {StartAt: B, States: {B: {Type: Fail}}}
    """).encode()}), {})  # fmt: skip
    assert deployment is not None
    assert [([state.name for state in each.states], dict(each.when)) for each in deployment.workflows] == [
        (["A"], {"Prod": True}), (["B"], {"Prod": False}),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "definition",
    [
        "nonsense", "[]", "{States: [1]}", "{States: {A: }}", "{States: {A: text}}", "{States: {A: {}}}",
        "{States: {A: {Type: [Task]}}}", "{States: {A: {Type: Parallel, Branches: {}}}}", "{States: {A: {Type: Map}}}",
        "{States: {A: {Type: Map, ItemProcessor: [x]}}}", "{States: {A: {Type: Parallel, Branches: [x]}}}",
    ],
)  # fmt: skip
def test_what_is_not_understood_has_its_line(definition: str) -> None:
    deployment = deploy(f"Definition: {definition}")
    found = machine(deployment)
    assert not found.states.complete
    assert {gap.at.line for gap in deployment.gaps} == {14}


@pytest.mark.parametrize(
    "fields",
    [
        "Retry: 3", "Retry: {}", "Catch: [[]]", "Next: {a: b}", "Next: []", "Choices: {Next: One}", "Choices: [1]",
        "Resource: {}", "Resource: [x]", "Parameters: text", "TimeoutSeconds: {}", "TimeoutSeconds: -1",
        "Resource: 'arn:aws:states:::'", "Resource: 'arn:aws:states:::events:putEvents', Parameters: {Entries: 3}",
    ],
)  # fmt: skip
def test_wrong_types_are_no_states_end(fields: str) -> None:
    assert task(fields).name == "One"


def test_deep_nesting_is_no_definition_s_end() -> None:
    inner: dict[str, object] = {"StartAt": "S", "States": {"S": {"Type": "Pass"}}}
    for _ in range(200):
        inner = {"StartAt": "S", "States": {"S": {"Type": "Map", "Iterator": inner}}}
    deployment = deploy("DefinitionString: '" + json.dumps(inner) + "'")
    assert not machine(deployment).states.complete
    assert deployment.gaps
