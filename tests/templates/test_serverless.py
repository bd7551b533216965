"""Services of the Serverless Framework: what they deploy, and that everything is shown where its author wrote it."""

from collections.abc import Mapping
from pathlib import Path

import pytest

from slslint.model import (
    Advice,
    Deployment,
    Function,
    Hole,
    Invocation,
    Packaging,
    Pattern,
    Ref,
    Role,
    Route,
    Source,
    Text,
    show,
)
from slslint.source import Reader
from slslint.templates import may_be_service, read
from slslint.templates.serverless.grammar import variables_in
from slslint.value import ALWAYS, Absent, Known, Origin, Unknown, Value

HERE = str(Path(__file__).parent)


def deployed(text: str, files: Mapping[str, str] | None = None, **decided: str) -> Deployment:
    """What `svc/serverless.yml` deploys, with other files by their paths beside it."""
    overlay = {f"svc/{path}": written.encode() for path, written in (files or {}).items()}
    overlay["svc/serverless.yml"] = text.encode()
    deployment = read("svc/serverless.yml", Reader(HERE, (HERE,), overlay), decided)
    assert deployment is not None
    return deployment


def service(body: str = "", provider: str = "", files: Mapping[str, str] | None = None, **decided: str) -> Deployment:
    """A service `shop` of Python functions."""
    head = f"service: shop\nprovider:\n  name: aws\n  runtime: python3.13\n{provider}"
    return deployed(f"{head}\n{body}", files, **decided)


def setting(value: str, custom: str = "", files: Mapping[str, str] | None = None, **decided: str) -> Value[int]:
    """What the timeout `value` of a function comes to."""
    body = f"functions:\n  f:\n    handler: a.b\n    timeout: {value}\ncustom:\n  x: 1\n{custom}"
    return only(service(body, files=files, **decided)).timeout


def only(deployment: Deployment) -> Function:
    [function] = deployment.functions
    return function


def role_of(deployment: Deployment, id: str) -> Role:
    role = next(function for function in deployment.functions if function.id == id).role
    assert isinstance(role, Known)
    return deployment.roles[role.value]


def shown(value: Value[object]) -> object:
    assert isinstance(value, Known), value
    return value.value if isinstance(value.value, int) else show(value.value)  # type: ignore[arg-type]


# --- variables -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("written", "value", "origin"),
    [
        ("30", 30, Origin.WRITTEN),
        ("${self:custom.t}", 20, Origin.WRITTEN),
        ("${self:custom.by.${sls:stage}}", 7, Origin.DERIVED),
        ("${self:custom.by.${opt:stage, 'prod'}}", 9, Origin.DERIVED),
        ("${self:custom.by.${opt:stage, self:provider.stage}}", 7, Origin.DERIVED),
        ("${opt:seconds, 12}", 12, Origin.DERIVED),
        ("${env:SECONDS, '12'}", 12, Origin.DERIVED),
        ('${opt:seconds, "12"}', 12, Origin.DERIVED),
        ("${self:custom.none, self:custom.t}", 20, Origin.WRITTEN),
        ("${opt:seconds, self:custom.none, 5}", 5, Origin.DERIVED),
        ("${opt:seconds, ${self:custom.t}}", 20, Origin.DERIVED),
        ("${param:seconds}", 40, Origin.DERIVED),
        ("${self:custom.chain.a}", 20, Origin.WRITTEN),
        ("${self:custom.list.1}", 6, Origin.WRITTEN),
        ("1${self:custom.list.1}", 16, Origin.WRITTEN),
        ("${file(limits.yml):deep.t}", 8, Origin.WRITTEN),
        ("${file(./limits.json):t}", 3, Origin.WRITTEN),
        ("${file(missing.yml):t, 4}", 4, Origin.DERIVED),
        ("${file(limits.${sls:stage}.yml):t}", 11, Origin.DERIVED),
    ],
)
def test_variables_that_can_be_decided(written: str, value: int, origin: Origin) -> None:
    custom = (
        "  t: 20\n  by: {dev: 7, prod: 9}\n  chain: {a: '${self:custom.chain.b}', b: '${self:custom.t}'}\n"
        "  list: [5, 6]\nparams:\n  default: {seconds: 40}\n"
    )
    files = {"limits.yml": "deep: {t: 8}", "limits.json": '{"t": 3}', "limits.dev.yml": "t: 11"}
    found = setting(written, custom, files)
    assert isinstance(found, Known), found
    assert (found.value, found.origin) == (value, origin)


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("${env:SECONDS}", "`env:SECONDS`"),
        ("${opt:seconds}", "`opt:seconds`"),
        ("${opt:seconds, null}", "known only when deployed"),
        ("${ssm:/shop/timeout}", "`ssm:/shop/timeout` is known only when deployed"),
        ("${ssm:/shop/timeout, 5}", "`ssm:/shop/timeout` is known only when deployed"),
        ("${cf:other.Timeout}", "`cf:other.Timeout`"),
        ("${file(config.js):timeout}", "known only when it runs"),
        ("${file(../../../../../../etc/limits.yml):t}", "outside the project"),
        ("${self:custom.${opt:stage}.t, 5}", "known only when deployed"),
        ("${self:custom.round}", "leads to too many others"),
        ("${file(gone.yml):t}", "there is no file `svc/gone.yml`"),
        ("${self:custom.unknown}", "nothing here says what `self:custom.unknown` is"),
    ],
)
def test_variables_that_cannot_be_decided_say_why(written: str, why: str) -> None:
    found = setting(written, "  round: ${self:custom.circle}\n  circle: ${self:custom.round}\n")
    assert isinstance(found, Unknown), found
    assert why in found.why


def test_what_the_user_decided_is_no_default() -> None:
    decided = setting("${self:custom.by.${opt:stage, 'dev'}}", "  by: {dev: 7, prod: 9}\n", stage="prod")
    assert decided == Known(9, decided.at, Origin.WRITTEN)  # type: ignore[union-attr]
    assert shown(setting("${param:seconds}", "params: {default: {seconds: 4}}", seconds="44")) == 44


def test_a_value_stands_where_the_function_asks_for_it() -> None:
    found = setting("${self:custom.t}", "  t: 20\n")
    assert isinstance(found, Known)
    assert (found.at.path, found.at.line, found.at.column) == ("svc/serverless.yml", 9, 14)


def test_what_comes_from_another_file_stands_there() -> None:
    functions = "hello:\n  handler: a.b\n  timeout: ${self:custom.t}\n"
    deployment = service("custom: {t: 3}\nfunctions: ${file(functions.yml)}", files={"functions.yml": functions})
    assert (only(deployment).at.path, only(deployment).at.line) == ("svc/functions.yml", 1)
    assert isinstance(only(deployment).timeout, Known)


def test_undecided_parts_of_a_text_are_holes() -> None:
    deployment = service("functions: {f: {handler: a.b, environment: {QUEUE: 'q-${opt:stage}-${AWS::Region}'}}}")
    assert shown(only(deployment).environment.variables["QUEUE"]) == "q-${opt:stage}-${AWS::Region}"


def test_a_default_decides_no_condition() -> None:
    body = (
        "functions: {f: {handler: a.b, condition: IsProd}}\nresources:\n  Conditions:\n"
        "    IsProd: !Equals ['${sls:stage}', prod]\n"
    )
    assert only(service(body)).when == {("IsProd", True)}
    assert service(body, stage="dev").functions == ()


def test_a_condition_that_cannot_be_told_is_none() -> None:
    function = only(service("functions: {f: {handler: a.b, condition: '${file(of.js)}'}}"))
    assert function.when == ALWAYS


@pytest.mark.parametrize(
    "text",
    ["${AWS::Region}", "${Topic.Arn}", "${}", "${self", "plain", "$${x}", "${" * 500, "${self:" * 100 + "}" * 100],
)
def test_what_is_no_variable(text: str) -> None:
    assert not variables_in(text)


def test_a_file_that_cannot_be_read_is_a_problem_in_its_place() -> None:
    body = "functions:\n  f: {handler: a.b}\n  g: ${file(broken.yml)}"
    deployment = service(body, files={"broken.yml": "a: [1\nb: 2"})
    assert [problem.at.path for problem in deployment.problems] == ["svc/broken.yml"]
    assert [function.id for function in deployment.functions] == ["f", "g"]
    assert isinstance(deployment.functions[1].timeout, Unknown)


def test_variables_that_stand_for_too_much_are_given_up() -> None:
    doubled = "\n".join(f"  a{n}: ['${{self:custom.a{n + 1}}}', '${{self:custom.a{n + 1}}}']" for n in range(40))
    deployment = service(f"custom:\n{doubled}\n  a40: [x, x]\nresources: ${{self:custom.a0}}\nfunctions: {{}}")
    assert not deployment.complete
    assert any("stand" in problem.message for problem in deployment.problems)


# --- functions -------------------------------------------------------------------------------------------------------


def test_what_functions_inherit() -> None:
    deployment = service(
        "functions:\n"
        "  plain: {handler: a.b}\n"
        "  own: {handler: a.b, timeout: 9, memorySize: 256, environment: {B: '3'}, name: mine, runtime: nodejs22.x}\n",
        "  timeout: 20\n  memorySize: 512\n  environment: {A: '1', B: '2'}\n",
    )
    plain, own = deployment.functions
    settings = (plain.timeout, plain.memory, plain.name, plain.runtime)
    assert [shown(each) for each in settings] == [20, 512, "shop-dev-plain", "python3.13"]
    assert [shown(each) for each in (own.timeout, own.memory, own.name, own.runtime)] == [9, 256, "mine", "nodejs22.x"]
    assert {name: shown(text) for name, text in own.environment.variables.items()} == {"A": "1", "B": "3"}


def test_the_frameworks_defaults_are_defaults() -> None:
    function = only(service("functions: {f: {handler: a.b}}"))
    assert function.timeout == Known(6, function.at, Origin.DEFAULT)
    assert function.memory == Known(1024, function.at, Origin.DEFAULT)


@pytest.mark.parametrize(
    ("written", "packaging", "path"),
    [
        ("handler: src/a.b", Packaging.FILES, "svc"),
        ("handler: a.b\n    package: {artifact: build/a.zip}", Packaging.FILES, "svc/build/a.zip"),
        ("image: 123456789012.dkr.ecr.eu-west-1.amazonaws.com/a:1", Packaging.IMAGE, None),
    ],
)
def test_where_the_code_is(written: str, packaging: Packaging, path: str | None) -> None:
    package = only(service(f"functions:\n  f:\n    {written}")).package
    assert package.packaging is packaging
    assert path is None or shown(package.path) == path


def test_failures_are_caught_by_a_queue_or_a_destination() -> None:
    deployment = service(
        "functions:\n"
        "  letters: {handler: a.b, onError: !GetAtt Failed.Arn}\n"
        "  sends: {handler: a.b, destinations: {onFailure: letters, onSuccess: !GetAtt Failed.Arn}}\n"
        "resources: {Resources: {Failed: {Type: 'AWS::SQS::Queue'}}}"
    )
    letters, sends = deployment.functions
    assert letters.dead_letter == Known(Ref("Failed", "Arn"), letters.dead_letter.at)  # type: ignore[union-attr]
    assert isinstance(sends.on_failure, Known)
    assert sends.on_failure.value == Ref("letters", "Arn")


def test_functions_are_known_by_their_keys_and_by_their_logical_ids() -> None:
    deployment = service(
        "functions:\n  get-user: {handler: a.b, environment: {NEXT: !Ref PutUnderscoreuserLambdaFunction}}\n"
        "  put_user: {handler: a.b}"
    )
    assert [function.id for function in deployment.functions] == ["get-user", "put_user"]
    next_one = deployment.functions[0].environment.variables["NEXT"]
    assert isinstance(next_one, Known)
    assert next_one.value == Ref("put_user")


def test_a_function_gives_its_key_to_a_resource_of_that_name() -> None:
    deployment = service("functions: {Jobs: {handler: a.b}}\nresources: {Resources: {Jobs: {Type: 'AWS::SQS::Queue'}}}")
    assert only(deployment).id == "JobsLambdaFunction"
    assert [queue.id for queue in deployment.queues] == ["Jobs"]


def test_layers_of_the_service() -> None:
    deployment = service("functions: {f: {handler: a.b, layers: [!Ref OwnLambdaLayer]}}\nlayers: {own: {path: layer}}")
    assert only(deployment).layers.items == (Ref("OwnLambdaLayer"),)
    [layer] = deployment.layers
    assert shown(layer.path) == "svc/layer"


# --- roles -----------------------------------------------------------------------------------------------------------

STATEMENT = "[{Effect: Allow, Action: 's3:GetObject', Resource: '*'}]"


@pytest.mark.parametrize(
    "provider",
    [f"  iam: {{role: {{statements: {STATEMENT}}}}}\n", f"  iamRoleStatements: {STATEMENT}\n"],
)
def test_all_functions_share_the_role_of_the_provider(provider: str) -> None:
    deployment = service("functions: {f: {handler: a.b}, g: {handler: a.b}}", provider)
    assert role_of(deployment, "f") is role_of(deployment, "g")
    written = [grant for grant in role_of(deployment, "f").grants if not grant.via]
    assert [action.value for grant in written for action in grant.actions] == ["s3:GetObject"]
    assert {grant.via for grant in role_of(deployment, "f").grants} == {"", "Serverless Framework"}


def test_roles_per_function() -> None:
    deployment = service(
        f"plugins: [serverless-iam-roles-per-function]\nfunctions:\n"
        f"  f: {{handler: a.b, iamRoleStatements: {STATEMENT}}}\n"
        f"  g: {{handler: a.b, iamRoleStatements: [], iamRoleStatementsInherit: true}}\n"
        f"  h: {{handler: a.b}}\n",
        "  iamRoleStatements: [{Effect: Allow, Action: 'sns:Publish', Resource: '*'}]\n",
    )

    def actions(id: str) -> list[str]:
        written = (grant for grant in role_of(deployment, id).grants if not grant.via)
        return [action.value for grant in written for action in grant.actions]

    assert [actions(id) for id in "fgh"] == [["s3:GetObject"], ["sns:Publish"], ["sns:Publish"]]


def test_roles_per_function_of_version_four() -> None:
    iam = f"iam: {{role: {{statements: {STATEMENT}}}}}"
    functions = f"functions:\n  f: {{handler: a.b, {iam}}}\n  g: {{handler: a.b}}\n"
    shared = "[{Effect: Allow, Action: 'sns:Publish', Resource: '*'}]"

    def actions(id: str, mode: str) -> list[str]:
        deployment = service(functions, f"  iam: {{role: {{mode: {mode}, statements: {shared}}}}}\n")
        written = (grant for grant in role_of(deployment, id).grants if not grant.via)
        return [action.value for grant in written for action in grant.actions]

    assert [actions(id, "shared") for id in "fg"] == [["s3:GetObject"], ["sns:Publish"]]
    assert [actions(id, "perFunction") for id in "fg"] == [["s3:GetObject", "sns:Publish"], ["sns:Publish"]]


@pytest.mark.parametrize(
    ("provider", "function", "role"),
    [
        ("  role: Own\n", "", "Own"),
        ("  iam: {role: Own}\n", "", "Own"),
        ("  iam: {role: !GetAtt Own.Arn}\n", "", "Own"),
        ("", ", role: Own", "Own"),
        ("  role: arn:aws:iam::123456789012:role/far\n", "", None),
        ("  role: ${env:ROLE}\n", "", None),
    ],
)
def test_roles_from_elsewhere(provider: str, function: str, role: str | None) -> None:
    resources = "resources: {Resources: {Own: {Type: 'AWS::IAM::Role', Properties: {}}}}"
    found = only(service(f"functions: {{f: {{handler: a.b{function}}}}}\n{resources}", provider)).role
    assert isinstance(found, Unknown) if role is None else shown(found) == role


def test_statements_that_are_not_in_sight_leave_the_role_open() -> None:
    deployment = service("functions: {f: {handler: a.b}}", "  iamRoleStatements: ${file(roles.js)}\n")
    assert not role_of(deployment, "f").grants.complete


# --- events ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("event", "kind", "route"),
    [
        ("http: GET users/{id}", Source.REST_API, Route("GET", "/users/{id}")),
        ("http: {path: /, method: any}", Source.REST_API, Route("ANY", "/")),
        ("httpApi: POST /users", Source.HTTP_API, Route("POST", "/users")),
        ("httpApi: {path: /users, method: '*'}", Source.HTTP_API, Route("ANY", "/users")),
        ("httpApi: '*'", Source.HTTP_API, Route("ANY", "$default")),
        ("websocket: $connect", Source.WEBSOCKET_API, Route("ANY", "$connect")),
        ("alb: {listenerArn: x, priority: 1, conditions: {path: /a}}", Source.LOAD_BALANCER, Route("ANY", "/a")),
        ("schedule: rate(1 day)", Source.SCHEDULE, None),
        ("s3: uploads", Source.BUCKET, None),
        ("sns: news", Source.TOPIC, None),
        ("sqs: arn:aws:sqs:eu-west-1:123456789012:jobs", Source.QUEUE, None),
        ("sqs: {arn: !ImportValue jobs}", Source.QUEUE, None),
        ("stream: {type: dynamodb, arn: '${env:STREAM}'}", Source.TABLE_STREAM, None),
        ("stream: arn:aws:kinesis:eu-west-1:123456789012:stream/clicks", Source.DATA_STREAM, None),
        ("eventBridge: {pattern: {source: [shop]}}", Source.RULE, None),
        ("eventBridge: {schedule: rate(1 day)}", Source.SCHEDULE, None),
        ("cloudwatchEvent: {event: {source: [aws.ec2]}}", Source.RULE, None),
        ("cloudwatchLog: /aws/lambda/other", Source.LOGS, None),
        ("cognitoUserPool: {pool: People, trigger: PreSignUp}", Source.USER_POOL, None),
        ("alexaSkill", Source.CHAT, None),
        ("alexaSkill: amzn1.ask.skill.x", Source.CHAT, None),
        ("iot: {sql: SELECT 1}", Source.IOT, None),
        ("msk: {arn: '${env:CLUSTER}', topic: t}", Source.KAFKA, None),
        ("rabbitmq: {arn: '${env:BROKER}', queue: q}", Source.BROKER, None),
        ("cloudFront: {eventType: viewer-request, origin: 'https://a.b'}", Source.EDGE, None),
    ],
)
def test_events_invoke(event: str, kind: Source, route: Route | None) -> None:
    deployment = service(f"functions:\n  f:\n    handler: a.b\n    events:\n      - {event}\n")
    [trigger] = deployment.triggers
    assert (trigger.function, trigger.source_kind) == ("f", kind)
    assert route is None or shown_route(trigger.route) == route
    assert (trigger.at.line, trigger.at.column) == (10, 9)
    assert deployment.gaps == ()


def shown_route(route: Value[Route]) -> Route:
    assert isinstance(route, Known)
    return route.value


@pytest.mark.parametrize(
    "event", ["schedule: {rate: rate(1 day), enabled: false}", "http: {path: a, method: get, integration: mock}"]
)
def test_events_that_do_not_invoke(event: str) -> None:
    assert service(f"functions:\n  f:\n    handler: a.b\n    events:\n      - {event}\n").triggers == ()


def test_an_api_that_does_not_wait() -> None:
    deployment = service("functions: {f: {handler: a.b, events: [{http: {path: a, method: post, async: true}}]}}")
    assert [trigger.invocation for trigger in deployment.triggers] == [Invocation.ASYNC]


def test_an_api_from_elsewhere_still_has_routes() -> None:
    deployment = service(
        "functions: {f: {handler: a.b, events: [{http: GET a/b}]}}",
        "  apiGateway: {restApiId: abc, restApiRootResourceId: def}\n",
    )
    [trigger] = deployment.triggers
    assert shown_route(trigger.route) == Route("GET", "/a/b")


@pytest.mark.parametrize(
    ("event", "bucket"),
    [
        ("{s3: uploads}", "S3BucketUploads"),
        ("{s3: {bucket: uploads, existing: true}}", "S3BucketUploads"),
        ("{s3: {bucket: kept, existing: true}}", "Kept"),
        ("{s3: {bucket: !Ref Kept, event: 's3:ObjectRemoved:*'}}", "Kept"),
    ],
)
def test_which_bucket_an_event_is_of(event: str, bucket: str) -> None:
    resources = "resources: {Resources: {Kept: {Type: 'AWS::S3::Bucket', Properties: {BucketName: kept}}}}"
    deployment = service(f"functions: {{f: {{handler: a.b, events: [{event}]}}}}\n{resources}")
    [trigger] = deployment.triggers
    assert shown(trigger.source) == f"${{{bucket}}}"


def test_events_that_are_not_known_are_gaps() -> None:
    deployment = service("functions: {f: {handler: a.b, events: [{tea: hot}, '${file(events.js)}']}}")
    assert deployment.triggers == ()
    assert len(deployment.gaps) == 2


# --- resources -------------------------------------------------------------------------------------------------------


def test_resources_are_joined_with_what_the_framework_makes() -> None:
    deployment = service(
        "functions: {f: {handler: a.b, events: [{s3: uploads}]}}\n"
        "resources:\n"
        "  - Resources:\n"
        "      S3BucketUploads: {Properties: {AccessControl: Private}}\n"
        "      Jobs: {Type: 'AWS::SQS::Queue'}\n"
        "  - ${file(more.yml)}\n"
        "  - extensions: {FLambdaFunction: {Properties: {Timeout: 77}}}\n",
        files={"more.yml": "Resources: {Failed: {Type: 'AWS::SQS::Queue'}}"},
    )
    assert shown(only(deployment).timeout) == 77
    assert {"Jobs", "Failed", "S3BucketUploads"} <= set(deployment.resources)
    assert len(deployment.triggers) == 1


def test_resources_that_are_not_in_sight_leave_the_service_open() -> None:
    assert not service("functions: {f: {handler: a.b}}\nresources: ${file(resources.js)}").complete


# --- plugins ---------------------------------------------------------------------------------------------------------


def test_state_machines_of_the_plugin_invoke_functions() -> None:
    definition = "{StartAt: A, States: {A: {Type: Task, Resource: !GetAtt f.Arn, End: true}}}"
    deployment = service(
        "plugins: [serverless-step-functions]\nfunctions: {f: {handler: a.b}}\n"
        f"stepFunctions: {{stateMachines: {{flow: {{definition: {definition}}}}}}}"
    )
    assert [(trigger.function, trigger.source_kind) for trigger in deployment.triggers] == [("f", Source.WORKFLOW)]


def test_state_machines_are_started_by_their_events_and_report_to_their_targets() -> None:
    deployment = service(
        "plugins: [serverless-step-functions]\nfunctions: {f: {handler: a.b}}\n"
        "stepFunctions:\n"
        "  stateMachines:\n"
        "    flow:\n"
        "      definition: {StartAt: A, States: {A: {Type: Pass, End: true}}}\n"
        "      events:\n"
        "        - schedule: {rate: rate(1 hour), input: {n: 1}}\n"
        "        - eventBridge: {event: {source: [shop]}}\n"
        "      notifications: {FAILED: [{lambda: !GetAtt f.Arn}, {sqs: {arn: !GetAtt Q.Arn}}]}\n"
        "resources: {Resources: {Q: {Type: 'AWS::SQS::Queue'}}}\n"
    )
    flow = "flow"
    rules = ("FlowStepFunctionsEventsRuleSchedule1", "FlowEventsRuleCloudWatchEvent1")
    delivered = {(shown_ref(each.source), shown_ref(each.target)) for each in deployment.deliveries}
    assert {(rule, flow) for rule in rules} <= delivered
    assert ("FlowStepFunctionsStateMachineNotificationsFAILEDEventRule", "Q") in delivered
    assert [(trigger.function, trigger.source_kind) for trigger in deployment.triggers] == [("f", Source.RULE)]


def shown_ref(value: Value[Text]) -> str:
    return value.value.id if isinstance(value, Known) and isinstance(value.value, Ref) else ""


@pytest.mark.parametrize("plugin", ["serverless-pseudo-parameters", "serverless-step-functions", "other"])
def test_plugins_that_take_what_sub_takes(plugin: str) -> None:
    deployment = service(
        f"plugins: [{plugin}]\ncustom: {{arn: 'arn:aws:sqs:#{{AWS::Region}}:1:jobs'}}\n"
        "functions: {f: {handler: a.b, events: [{sqs: '#{Jobs.Arn}'}, {sqs: '${self:custom.arn}'}]}}\n"
        "resources: {Resources: {Jobs: {Type: 'AWS::SQS::Queue'}}}\n"
    )
    sources = [trigger.source.value for trigger in deployment.triggers if isinstance(trigger.source, Known)]
    joined = [Ref("Jobs", "Arn"), Pattern(("arn:aws:sqs:", Hole("AWS::Region"), ":1:jobs"))]
    assert (sources == joined) == (plugin != "other")


def test_a_subscription_knows_the_queue_of_its_failures_however_it_is_named() -> None:
    deployment = service(
        "functions:\n"
        "  f:\n"
        "    handler: a.b\n"
        "    events:\n"
        "      - sns: {topicName: a, redrivePolicy: {deadLetterTargetRef: Q}}\n"
        "      - sns: {topicName: b, redrivePolicy: {deadLetterTargetImport: {arn: Exported, url: u}}}\n"
        "resources: {Resources: {Q: {Type: 'AWS::SQS::Queue'}}}\n"
    )
    own, imported = (trigger.dead_letter for trigger in deployment.triggers)
    assert isinstance(own, Known)
    assert own.value == Ref("Q", "Arn")
    assert not isinstance(imported, Absent)


def test_functions_guard_an_http_api_that_lies_elsewhere() -> None:
    deployment = service(
        "functions: {guard: {handler: a.b}}", "  httpApi: {id: abc, authorizers: {own: {functionName: guard}}}\n"
    )
    [trigger] = deployment.triggers
    assert (trigger.function, trigger.source_kind, shown(trigger.source)) == ("guard", Source.AUTHORIZER, "abc")


@pytest.mark.parametrize(
    "api",
    [
        "appSync:\n  name: api\n  dataSources: {users: {type: AWS_LAMBDA, config: {functionName: f}}}\n"
        "  resolvers: {Query.user: {kind: UNIT, dataSource: users}}\n",
        "appSync:\n  dataSources: [{users: {type: AWS_LAMBDA, config: {functionName: f}}}]\n"
        "  pipelineFunctions: {step: {dataSource: users}}\n  resolvers: [{Query.user: {functions: [step]}}]\n",
        "custom:\n  appSync:\n    - dataSources: [{type: AWS_LAMBDA, name: users, config: {functionName: f}}]\n"
        "      mappingTemplates: [[{type: Query, field: user, dataSource: users}]]\n",
    ],
)
def test_graphql_apis_invoke_functions(api: str) -> None:
    [trigger] = service(f"functions: {{f: {{handler: a.b}}}}\n{api}").triggers
    assert (trigger.function, trigger.source_kind) == ("f", Source.GRAPHQL_API)
    assert shown_route(trigger.route) == Route("Query", "user")


def test_functions_written_in_a_data_source() -> None:
    source = "{type: AWS_LAMBDA, config: {function: {handler: a.b, timeout: 9}}}"
    deployment = service(f"functions: {{}}\nappSync: {{resolvers: {{Query.user: {{dataSource: {source}}}}}}}\n")
    assert shown(only(deployment).timeout) == 9
    assert [trigger.function for trigger in deployment.triggers] == ["Queryuser"]


def test_a_webhook_of_lift_puts_what_it_gets_on_its_bus() -> None:
    deployment = service(
        "plugins: [serverless-lift]\n"
        "constructs: {hook: {type: webhook, path: /hook, authorizer: {handler: guard.handler}}}\n"
        "functions:\n"
        "  f:\n"
        "    handler: a.b\n"
        "    events: [{eventBridge: {eventBus: '${construct:hook.busName}', pattern: {source: [hook]}}}]\n"
    )
    found = {(trigger.function, trigger.source_kind) for trigger in deployment.triggers}
    assert found == {("f", Source.RULE), ("hookAuthorizer", Source.AUTHORIZER)}
    rule = "Shopdevfrule1EventBridgeRule"
    delivered = {(shown_ref(each.source), shown_ref(each.target)) for each in deployment.deliveries}
    assert delivered == {("hookHttpApi", "hookBus"), ("hookBus", rule)}


def test_constructs_of_lift_hold_queues_with_workers() -> None:
    deployment = service(
        "plugins: [serverless-lift]\n"
        "constructs:\n"
        "  jobs: {type: queue, maxRetries: 5, worker: {handler: work.handler}}\n"
        "  avatars: {type: storage}\n"
        "functions:\n"
        "  send: {handler: send.handler, environment: {QUEUE: '${construct:jobs.queueUrl}'}}\n",
        "  timeout: 30\n",
    )
    assert [function.id for function in deployment.functions] == ["send", "jobsWorker"]
    queue = next(queue for queue in deployment.queues if queue.id == "jobsQueue")
    # The plugin looks at the worker's own timeout alone, which is the framework's default here.
    assert (shown(queue.visibility_timeout), shown(queue.max_receives)) == (36, 5)
    [trigger] = deployment.triggers
    assert (trigger.function, trigger.source_kind, shown(trigger.source)) == (
        "jobsWorker",
        Source.QUEUE,
        "${jobsQueue.Arn}",
    )
    assert deployment.functions[0].environment.variables["QUEUE"].value == Ref("jobsQueue")  # type: ignore[union-attr]
    actions = {action.value for grant in role_of(deployment, "send").grants for action in grant.actions}
    assert {"sqs:SendMessage", "s3:GetObject"} <= actions


def test_what_a_construct_of_lift_is_extended_with_counts() -> None:
    extensions = "{queue: {Properties: {VisibilityTimeout: 90}}}"
    [_, queue] = service(
        "plugins: [serverless-lift]\n"
        f"constructs: {{jobs: {{type: queue, worker: {{handler: a.b}}, extensions: {extensions}}}}}\n"
    ).queues
    assert shown(queue.visibility_timeout) == 90
    assert "extensions:" in queue.dialect.advise(Advice.SET_VISIBILITY_TIMEOUT, id=queue.id, seconds=90)


@pytest.mark.parametrize(
    ("plugin", "handler", "maker"),
    [
        ("serverless-webpack", "a.b", "serverless-webpack"),
        ("serverless-wsgi", "wsgi_handler.handler", "serverless-wsgi"),
        ("serverless-wsgi", "a.b", ""),
        ("serverless-esbuild", "a.b", ""),
    ],
)
def test_plugins_that_make_the_handlers_file(plugin: str, handler: str, maker: str) -> None:
    deployment = service(f"plugins: [{plugin}]\nfunctions: {{f: {{handler: {handler}}}}}")
    assert only(deployment).package.made_by == maker


# --- configured by a script ------------------------------------------------------------------------------------------


def scripted(**files: str) -> Deployment | None:
    overlay = {path.replace("_", "."): text.encode() for path, text in files.items()}
    places = {f"./{path.split('.')[0]}": path for path in overlay}
    reader = Reader(HERE, (HERE,), overlay)
    return read("serverless.ts", reader, {}, lambda module, importer: places.get(module))


CONFIGURATION = """
import type { AWS } from "@serverless/typescript";
import hello from "./hello";
import * as others from "./others";

const stage = "dev";
const shared = { timeout: 20, memorySize: 256 } as const;
const configuration: AWS = {
  service: `shop-${stage}`,
  provider: {
    name: "aws",
    runtime: "nodejs22.x",
    environment: { TABLE: process.env.TABLE || "orders", KEY: process.env.KEY },
  },
  functions: {
    hello,
    ...others,
    "own-one": { ...shared, handler: "src/own.handler", events: [{ httpApi: { method: "get", path: "/a" } }] },
    late: { handler: "src/late.handler", timeout: readTimeout() },
    wide: { ...unknown, handler: "src/wide.handler" },
  },
};

module.exports = configuration;
"""


def test_a_service_configured_by_a_script() -> None:
    deployment = scripted(
        serverless_ts=CONFIGURATION,
        hello_ts="export default { handler: `${handlerPath(__dirname)}/main.handler`, timeout: 7 };",
        others_ts="export { default as bye } from './hello';",
    )
    assert deployment is not None
    timeouts = {function.id: function.timeout for function in deployment.functions}
    assert {id: shown(timeouts[id]) for id in ("hello", "bye", "own-one")} == {"hello": 7, "bye": 7, "own-one": 20}
    assert isinstance(timeouts["late"], Unknown)
    assert isinstance(timeouts["wide"], Unknown)
    hello = deployment.functions[0]
    assert (hello.at.path, hello.at.line, hello.at.column) == ("serverless.ts", 16, 5)
    assert shown(hello.name) == "shop-dev-dev-hello"
    assert isinstance(hello.handler, Known)
    assert shown(hello.environment.variables["TABLE"]) == "orders"
    assert isinstance(hello.environment.variables["KEY"], Unknown)
    assert [trigger.function for trigger in deployment.triggers] == ["own-one"]


@pytest.mark.parametrize(
    "text",
    [
        "const a = { service: 's', provider: { name: 'aws' }, functions: {} };\na.functions.f = x;\nexport default a;",
        "export default defineConfig({ service: 's', provider: { name: 'aws' } });",
        "module.exports = async () => ({ service: 's', provider: { name: 'aws' } });",
    ],
)
def test_a_script_that_only_running_tells_is_a_gap(text: str) -> None:
    deployment = scripted(serverless_ts=text)
    assert deployment is not None
    assert (deployment.functions, len(deployment.gaps), deployment.complete) == ((), 1, False)


@pytest.mark.parametrize("text", ["export type A = { service: string; provider: string };", "const a = 1;", ""])
def test_a_script_that_configures_nothing_is_no_service(text: str) -> None:
    assert scripted(serverless_ts=text) is None


@pytest.mark.parametrize(
    "text",
    [
        "export default { service: 's', provider: {",
        "\n".join(f"const a{n} = [a{n + 1}, a{n + 1}];" for n in range(40)) + "\nconst a40 = 1;\n"
        "export default { service: 's', provider: { name: 'aws' }, functions: { f: { handler: 'a.b', events: a0 } } };",
    ],
)
def test_a_script_that_cannot_be_read_is_a_problem(text: str) -> None:
    deployment = scripted(serverless_ts=text)
    assert deployment is not None
    assert len(deployment.problems) == 1


# --- what is a service -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "may"),
    [
        ("service: a\nprovider:\n  name: aws\n", True),
        ('{"service": "a", "provider": {"name": "aws"}}', True),
        ("services:\n  a: {path: a}\n", False),
        ("component: express\nname: a\n", False),
        ("provider:\n  name: aws\n", False),
    ],
)
def test_what_may_be_a_service(text: str, may: bool) -> None:
    assert may_be_service(text.encode()) is may


@pytest.mark.parametrize("provider", ["{name: google}", "azure", "{name: openwhisk, runtime: python}"])
def test_services_of_other_providers_hold_nothing(provider: str) -> None:
    deployment = deployed(f"service: a\nprovider: {provider}\nfunctions: {{f: {{handler: a.b}}}}")
    assert (deployment.functions, len(deployment.gaps)) == ((), 1)


def test_services_in_json_and_of_version_one() -> None:
    json = '{"service": "a", "provider": "aws", "functions": {"f": {"handler": "a.b"}}}'
    assert shown(only(deployed(json)).name) == "a-dev-f"
    assert shown(only(deployed("service: {name: a}\nprovider: aws\nfunctions: {f: {handler: a.b}}")).name) == "a-dev-f"


@pytest.mark.parametrize(
    "body",
    [
        "functions: 3",
        "functions: [1, null, {f: null}]",
        "functions: {f: 3}",
        "functions: {f: {handler: [1], timeout: {a: 1}, events: 7, layers: {a: 1}, environment: [1], role: [1]}}",
        "functions: {f: {handler: a.b, events: [3, null, [], {}, {http: null}, {sqs: null}, {sns: []}, {s3: {}}]}}",
        "functions: {f: {handler: a.b, events: [{schedule: {}}, {stream: {}}, {http: {}}, {httpApi: {}}, {alb: {}}]}}",
        "functions: {f: {handler: a.b, destinations: {onFailure: [1]}, iamRoleStatements: 3, vpc: 4, image: [2]}}",
        "functions: {f: {handler: a.b}}\nresources: [1, {Resources: 3}, {Resources: {A: 1}}]",
        "plugins: 3\nlayers: [1]\npackage: 4\nfunctions: {f: {handler: a.b}}",
    ],
)
def test_what_makes_no_sense_does_no_harm(body: str) -> None:
    service(body, "  iam: [1]\n  s3: 3\n  httpApi: 4\n  environment: 5\n  apiGateway: []\n")


def test_advice_is_in_the_words_of_the_framework() -> None:
    function = only(service("functions: {f: {handler: a.b}}"))
    assert "add `timeout: 10` under `f`" in function.dialect.advise(Advice.SET_TIMEOUT, id="f", seconds=10)
    assert isinstance(function.dead_letter, Absent)
