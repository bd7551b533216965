"""SAM templates: what they deploy, and that everything is shown where its author wrote it."""

from pathlib import Path

import pytest

from slslint.model import (
    Advice,
    Deployment,
    Function,
    Invocation,
    Packaging,
    Ref,
    Role,
    Route,
    Source,
    Trigger,
    show,
)
from slslint.source import Reader, Span
from slslint.templates import read
from slslint.value import Absent, Either, Known, Origin, Unknown

FIXTURES = Path(__file__).parent.parent / "fixtures" / "templates" / "sam"


def deployed(name: str) -> Deployment:
    deployment = read(name, Reader(str(FIXTURES), (str(FIXTURES),)), {})
    assert deployment is not None
    return deployment


def template(body: str) -> Deployment:
    text = f"Transform: AWS::Serverless-2016-10-31\n{body}"
    reader = Reader(str(FIXTURES), (str(FIXTURES),), {"template.yaml": text.encode()})
    deployment = read("template.yaml", reader, {})
    assert deployment is not None
    return deployment


def function(deployment: Deployment, id: str) -> Function:
    return next(function for function in deployment.functions if function.id == id)


def role_of(deployment: Deployment, id: str) -> Role:
    role = function(deployment, id).role
    assert isinstance(role, Known)
    return deployment.roles[role.value]


def triggers(deployment: Deployment, id: str) -> list[Trigger]:
    return [trigger for trigger in deployment.triggers if trigger.function == id]


def line_of(span: Span, name: str) -> str:
    return (FIXTURES / name).read_text().split("\n")[span.line - 1].strip()


def text_at(span: Span, name: str) -> str:
    assert span.line == span.end_line
    return (FIXTURES / name).read_text().split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


def test_globals_are_inherited_and_point_at_the_globals_section() -> None:
    inherits = function(deployed("globals.yaml"), "Inherits")
    assert isinstance(inherits.timeout, Known)
    assert inherits.timeout.value == 20
    assert inherits.timeout.origin is Origin.WRITTEN
    assert inherits.timeout.at.line == 10
    assert text_at(inherits.timeout.at, "globals.yaml") == "20"


def test_what_a_function_says_wins_over_globals_maps_are_merged_and_lists_joined() -> None:
    overrides = function(deployed("globals.yaml"), "Overrides")
    assert isinstance(overrides.timeout, Known)
    assert overrides.timeout.value == 5
    assert {
        name: value.value for name, value in overrides.environment.variables.items() if isinstance(value, Known)
    } == {
        "STAGE": "dev",
        "LEVEL": "debug",
        "QUEUE": Ref("Failures"),
    }
    assert overrides.layers.items == (Ref("SharedLayer"), Ref("OwnLayer"))
    assert isinstance(overrides.on_failure, Known)
    assert overrides.on_failure.value == Ref("Failures", "Arn")


@pytest.mark.parametrize(("id", "timeout", "memory"), [("Ignores", 3, 256), ("Stands", 3, 128)])
def test_a_function_may_ignore_globals(id: str, timeout: int, memory: int) -> None:
    found = function(deployed("globals.yaml"), id)
    assert isinstance(found.timeout, Known)
    assert (found.timeout.value, found.timeout.origin) == (timeout, Origin.DEFAULT)
    assert isinstance(found.memory, Known)
    assert found.memory.value == memory


def test_what_sam_adds_to_a_role_is_not_the_authors() -> None:
    role = role_of(deployed("globals.yaml"), "Inherits")
    assert role.implicit
    assert role.id == "InheritsRole"
    assert {policy.name for policy in role.managed} == {
        "AWSLambdaBasicExecutionRole",
        "AWSLambdaVPCAccessExecutionRole",
        "AWSXrayWriteOnlyAccess",
    }
    assert {text_at(policy.at, "globals.yaml") for policy in role.managed} == {"Inherits"}
    assert [(grant.via, [action.value for action in grant.actions]) for grant in role.grants] == [
        ("EventInvokeConfig", ["sqs:SendMessage"])
    ]


def test_policies_in_every_form() -> None:
    role = role_of(deployed("policies.yaml"), "EveryForm")
    assert role.boundary
    assert [policy.name for policy in role.managed] == [
        "AWSLambdaBasicExecutionRole",
        "AdministratorAccess",
        "AmazonSQSFullAccess",
        "AmazonSNSFullAccess",
    ]
    by_via = {grant.via: grant for grant in role.grants}
    assert set(by_via) == {
        "", "DynamoDBCrudPolicy", "S3ReadPolicy", "AWSSecretsManagerRotationPolicy", "KMSDecryptPolicy",
        "AMIDescribePolicy",
    }  # fmt: skip
    crud = by_via["DynamoDBCrudPolicy"]
    assert text_at(crud.at, "policies.yaml") == "DynamoDBCrudPolicy"
    assert [show(resource.value) for resource in crud.resources] == [
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Items}",
        "arn:${AWS::Partition}:dynamodb:${AWS::Region}:${AWS::AccountId}:table/${Items}/index/*",
    ]
    own = [grant for grant in role.grants if not grant.via]
    assert ["ssm:GetParameter"] in [[action.value for action in grant.actions] for grant in own]
    everything = next(grant for grant in own if len(grant.actions) == 2)
    assert [text_at(action.at, "policies.yaml") for action in everything.actions] == ['"dynamodb:*"', '"logs:*"']
    assert any(not grant.allow and grant.excludes_actions and grant.limited for grant in own)


def test_policies_under_a_condition_are_there_only_in_their_branch() -> None:
    role = role_of(deployed("policies.yaml"), "Branches")
    shared, own = frozenset({("IsShared", True)}), frozenset({("IsShared", False)})
    assert {(grant.via, grant.when) for grant in role.grants} == {
        ("DynamoDBReadPolicy", shared), ("SQSPollerPolicy", shared), ("SQSSendMessagePolicy", own), ("", shared),
    }  # fmt: skip
    assert ("AmazonS3ReadOnlyAccess", shared) in {(policy.name, policy.when) for policy in role.managed}


def test_a_given_role_is_taken_and_the_policies_beside_it_do_nothing() -> None:
    deployment = deployed("policies.yaml")
    given = function(deployment, "GivenRole").role
    assert isinstance(given, Known)
    assert given.value == "WorkerRole"
    assert "GivenRoleRole" not in deployment.roles
    assert isinstance(function(deployment, "ForeignRole").role, Unknown)
    maybe = function(deployment, "MaybeRole").role
    assert isinstance(maybe, Either)
    assert {(when, plain.value) for when, plain in maybe.branches if isinstance(plain, Known)} == {
        (frozenset({("IsShared", True)}), "WorkerRole"),
        (frozenset({("IsShared", False)}), "MaybeRoleRole"),
    }
    assert deployment.roles["MaybeRoleRole"].when == frozenset({("IsShared", False)})


def test_polled_events() -> None:
    deployment = deployed("polled.yaml")
    found = {text_at(trigger.at, "polled.yaml"): trigger for trigger in triggers(deployment, "Worker")}
    assert {name: trigger.source_kind for name, trigger in found.items()} == {
        "Jobs": Source.QUEUE,
        "Elsewhere": Source.QUEUE,
        "Clicks": Source.DATA_STREAM,
        "Changes": Source.TABLE_STREAM,
        "Kafka": Source.KAFKA,
        "Own": Source.KAFKA,
        "Broker": Source.BROKER,
        "Documents": Source.DOCUMENT_STREAM,
    }
    assert all(trigger.invocation is Invocation.POLLED for trigger in found.values())
    jobs = found["Jobs"]
    assert isinstance(jobs.source, Known)
    assert jobs.source.value == Ref("Jobs", "Arn")
    assert jobs.batch is not None
    assert isinstance(jobs.batch.partial_failures, Known)
    assert jobs.batch.partial_failures.value is True
    clicks = found["Clicks"].batch
    assert clicks is not None
    assert isinstance(clicks.on_failure, Known)
    assert clicks.on_failure.value == Ref("Alarms")


def test_the_type_of_an_event_tells_what_a_parameter_names() -> None:
    deployment = template("""
Parameters:
  Stream: {Type: String}
Resources:
  Worker:
    Type: AWS::Serverless::Function
    Properties:
      Handler: a.b
      Runtime: python3.12
      Events:
        Changes: {Type: DynamoDB, Properties: {Stream: !Ref Stream, StartingPosition: LATEST}}
""")
    assert [trigger.source_kind for trigger in deployment.triggers] == [Source.TABLE_STREAM]


def test_a_topic_through_a_queue_feeds_the_function_from_the_queue() -> None:
    deployment = deployed("polled.yaml")
    found = triggers(deployment, "Fanned")
    assert {trigger.source_kind for trigger in found} == {Source.QUEUE}
    assert {trigger.source.value for trigger in found if isinstance(trigger.source, Known)} == {
        Ref("FannedThroughQueueQueue", "Arn"),
        Ref("Jobs", "Arn"),
    }
    assert "FannedThroughQueueQueue" in {queue.id for queue in deployment.queues}


def test_pushed_events() -> None:
    found = triggers(deployed("pushed.yaml"), "Pushed")
    kinds = {(text_at(trigger.at, "pushed.yaml"), trigger.source_kind, trigger.event) for trigger in found}
    assert kinds == {
        ("Upload", Source.BUCKET, "s3:ObjectCreated:*"),
        ("Removed", Source.BUCKET, "s3:ObjectRemoved:Delete"),
        ("Removed", Source.BUCKET, "s3:ObjectRemoved:DeleteMarkerCreated"),
        ("News", Source.TOPIC, ""),
        ("ForeignNews", Source.TOPIC, ""),
        ("Nightly", Source.SCHEDULE, "rate(1 day)"),
        ("Hourly", Source.SCHEDULE, "rate(1 hour)"),
        ("Logged", Source.LOGS, ""),
        ("Sensor", Source.IOT, ""),
        ("Skill", Source.CHAT, ""),
        ("SignUp", Source.USER_POOL, "PreSignUp"),
        ("SignUp", Source.USER_POOL, "PostConfirmation"),
    }


def test_routes_of_implicit_and_explicit_apis() -> None:
    deployment = deployed("apis.yaml")

    def routes(id: str) -> set[tuple[Source, str, str, float]]:
        return {
            (trigger.source_kind, trigger.route.value.method, trigger.route.value.path, trigger.caller_waits.value)
            for trigger in triggers(deployment, id)
            if isinstance(trigger.route, Known) and isinstance(trigger.caller_waits, Known)
        }

    assert routes("Orders") == {
        (Source.REST_API, "GET", "/orders", 29),
        (Source.REST_API, "ANY", "/orders/{proxy+}", 10),
        (Source.REST_API, "POST", "/shop", 29),
        (Source.REST_API, "GET", "/defined", 15),
        (Source.HTTP_API, "POST", "/items", 30),
    }
    assert routes("Web") == {
        (Source.HTTP_API, "ANY", "$default", 30),
        (Source.HTTP_API, "GET", "/web", 5),
        (Source.HTTP_API, "ANY", "/front/{id}", 30),
        (Source.REST_API, "ANY", "/other", 29),
    }
    assert Source.FUNCTION_URL in {trigger.source_kind for trigger in triggers(deployment, "Web")}
    guards = triggers(deployment, "Guard")
    guarded = [trigger for trigger in guards if trigger.source_kind is Source.AUTHORIZER]
    assert {text_at(trigger.at, "apis.yaml") for trigger in guarded} == {"Tokens", "Requests"}
    filed = next(trigger for trigger in guards if trigger.source_kind is Source.REST_API)
    assert (filed.at.path, text_at(filed.at, filed.at.path)) == ("openapi/filed.yaml", "put")


def test_a_route_is_shown_at_its_event() -> None:
    found = triggers(deployed("apis.yaml"), "Orders")
    assert text_at(next(t.at for t in found if t.route == Known(Route("GET", "/orders"), t.at)), "apis.yaml") == "List"


def test_failure_settings() -> None:
    deployment = deployed("failures.yaml")
    made = function(deployment, "MadeQueue").on_failure
    assert isinstance(made, Known)
    assert made.value == Ref("MadeQueueEventInvokeConfigOnFailureQueue", "Arn")
    topic = function(deployment, "MadeTopic").on_failure
    assert isinstance(topic, Known)
    assert topic.value == Ref("MadeTopicEventInvokeConfigOnFailureTopic")
    assert isinstance(function(deployment, "RetriesOnly").on_failure, Absent)
    to_topic = function(deployment, "ToTopic")
    assert not isinstance(to_topic.dead_letter, Absent)
    assert to_topic.when == frozenset({("IsKept", True)})
    named = function(deployment, "Named")
    for setting, value in (
        (named.provisioned_concurrency, 2), (named.reserved_concurrency, 5), (named.recursion_allowed, True),
        (named.snap_start, True), (function(deployment, "Tenants").tenant_isolation, True),
        (function(deployment, "Managed").concurrent, True),
    ):  # fmt: skip
        assert isinstance(setting, Known)
        assert setting.value == value


def test_state_machines_call_functions_from_templates_and_files() -> None:
    deployment = deployed("workflows.yaml")
    for id in ("First", "Second", "Third"):
        assert {trigger.source_kind for trigger in triggers(deployment, id)} == {Source.WORKFLOW}


def test_connectors_grant() -> None:
    deployment = deployed("connectors.yaml")
    grants = role_of(deployment, "Writer").grants
    assert {grant.via for grant in grants} == {"ToItems", "ToBoth", "FromJobs", "ToFunction"}
    reader = role_of(deployment, "Reader").grants
    assert {action.value for grant in reader for action in grant.actions} >= {"sqs:SendMessage"}


@pytest.mark.parametrize(
    ("id", "packaging", "path"),
    [
        ("Folder", Packaging.FILES, "src"),
        ("Unnamed", Packaging.FILES, "."),
        ("Stored", Packaging.REMOTE, None),
        ("StoredToo", Packaging.REMOTE, None),
        ("Written", Packaging.INLINE, None),
        ("Image", Packaging.IMAGE, None),
    ],
)
def test_packages(id: str, packaging: Packaging, path: str | None) -> None:
    package = function(deployed("packages.yaml"), id).package
    assert package.packaging is packaging
    assert (package.path.value if isinstance(package.path, Known) else None) == path


def test_loops_are_written_out_before_sam_reads_them() -> None:
    deployment = template("""
Globals:
  Function: {Timeout: 9, Runtime: python3.12}
Resources:
  Fn::ForEach::Workers:
    - Name
    - [Red, Blue]
    - Work${Name}:
        Type: AWS::Serverless::Function
        Properties:
          Handler: !Sub ${Name}.handler
          CodeUri: src
          Policies: [AmazonS3FullAccess]
          Events:
            Ask: {Type: Api, Properties: {Path: "/${Name}", Method: get}}
""")
    assert [function.id for function in deployment.functions] == ["WorkRed", "WorkBlue"]
    assert [value.value for f in deployment.functions for value in (f.timeout,) if isinstance(value, Known)] == [9, 9]
    assert [t.route.value for t in deployment.triggers if isinstance(t.route, Known)] == [
        Route("GET", "/Red"),
        Route("GET", "/Blue"),
    ]


def test_an_alias_that_sam_makes_can_be_named() -> None:
    deployment = template("""
Resources:
  Work:
    Type: AWS::Serverless::Function
    Properties: {Handler: a.b, Runtime: python3.12, CodeUri: src, AutoPublishAlias: live}
  Nightly:
    Type: AWS::Events::Rule
    Properties:
      ScheduleExpression: rate(1 day)
      Targets: [{Id: work, Arn: !Ref Work.Alias}]
""")
    assert [(trigger.function, trigger.source_kind) for trigger in deployment.triggers] == [("Work", Source.SCHEDULE)]


def test_what_a_bundler_starts_from() -> None:
    assert function(deployed("packages.yaml"), "Unnamed").package.entry_points == ("src/app.ts",)


def test_inline_code_keeps_its_places() -> None:
    source = function(deployed("packages.yaml"), "Written").package.inline
    assert source is not None
    row = next(number for number, line in enumerate(source.lines) if "return" in line)
    column = source.lines[row].encode().index(b"event")
    span = source.span((row, column), (row, column + 5))
    assert text_at(span, "packages.yaml") == "event"


def test_a_setting_outside_properties_does_nothing_and_is_said() -> None:
    deployment = deployed("packages.yaml")
    timeout = function(deployment, "Folder").timeout
    assert isinstance(timeout, Known)
    assert timeout.origin is Origin.DEFAULT
    assert any(text_at(gap.at, "packages.yaml") == "Timeout" for gap in deployment.gaps)


def test_rules_are_ignored_where_metadata_say_so() -> None:
    deployment = deployed("packages.yaml")
    assert [ignore.rule.value for ignore in deployment.ignores] == ["missing-timeout"]


def test_resources_keep_the_types_that_were_written() -> None:
    types = {id: resource.type for id, resource in deployed("globals.yaml").resources.items()}
    assert types["Inherits"] == "AWS::Serverless::Function"
    assert types["Parcels"] == "AWS::Serverless::SimpleTable"
    assert types["SharedLayer"] == "AWS::Serverless::LayerVersion"


def test_graphql_resolvers_reach_functions() -> None:
    found = triggers(deployed("graphql.yaml"), "Books")
    assert {trigger.source_kind for trigger in found} == {Source.GRAPHQL_API}


def test_advice_is_in_the_words_of_sam() -> None:
    dialect = function(deployed("globals.yaml"), "Inherits").dialect
    assert dialect.name == "SAM"
    assert "Type: SQS\n  TargetArn: !GetAtt InheritsDeadLetters.Arn" in dialect.advise(
        Advice.ADD_DEAD_LETTER_QUEUE, id="Inherits"
    )
    assert set(dialect.words) == set(Advice)


def test_a_definition_may_have_placeholders_where_json_wants_values():
    text = """Transform: AWS::Serverless-2016-10-31
Resources:
  Work: {Type: AWS::Serverless::Function, Properties: {Runtime: python3.13, Handler: a.b, InlineCode: "b = 1"}}
  Flow:
    Type: AWS::Serverless::StateMachine
    Properties:
      DefinitionUri: flow.asl.json
      DefinitionSubstitutions: {Work: !GetAtt Work.Arn, Many: 5}
"""
    flow = '{"States": {"A": {"Type": "Map", "MaxConcurrency": ${Many}, "Resource": "${Work}"}}}'
    reader = Reader(str(FIXTURES), (str(FIXTURES),), {"t.yaml": text.encode(), "flow.asl.json": flow.encode()})
    deployment = read("t.yaml", reader, {})
    assert deployment is not None
    assert not deployment.problems
    assert [trigger.function for trigger in deployment.triggers] == ["Work"]


def test_what_is_put_into_another_template_may_get_its_globals(tmp_path: Path) -> None:
    part = """
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Runtime: python3.13, Handler: app.handler, CodeUri: src/}
"""
    (tmp_path / "part.yaml").write_text(part)
    (tmp_path / "whole.yaml").write_text("Transform: AWS::Serverless-2016-10-31\n" + part)
    reader = Reader(str(tmp_path), (str(tmp_path),))
    (function,) = read("part.yaml", reader, {}).functions
    assert {type(value) for value in (function.timeout, function.dead_letter, function.reserved_concurrency)} == {
        Unknown
    }
    assert isinstance(function.runtime, Known)
    (function,) = read("whole.yaml", reader, {}).functions
    assert (function.timeout.value, type(function.dead_letter)) == (3, Absent)
