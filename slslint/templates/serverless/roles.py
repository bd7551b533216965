"""The role that the framework makes for all functions, and those of functions with a role of their own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import chain

from yaml.nodes import Node, ScalarNode, SequenceNode

from slslint.model import Grant, Hole, Pattern, Text, pattern, pieces_of
from slslint.templates.building import Literal, build, text_of
from slslint.templates.cloudformation.nodes import Granted, Reference, intrinsic
from slslint.templates.document import span
from slslint.templates.serverless.naming import normalized
from slslint.templates.serverless.service import FRAMEWORK, Service
from slslint.templates.serverless.texts import text_in
from slslint.templates.serverless.written import Function, items_of
from slslint.value import Items, Known

SHARED = "IamRoleLambdaExecution"
PER_FUNCTION = "serverless-iam-roles-per-function"

_REGION, _ACCOUNT = Hole("AWS::Region"), Hole("AWS::AccountId")
_LOGS = ("arn:", Hole("AWS::Partition"), ":logs:", _REGION, ":", _ACCOUNT)
_LOG_GROUPS = ":log-group:/aws/lambda/"
"""What a `Fn::Sub` would come to: every role has two of them, so nothing is left to be worked out."""

_LOG_ACTIONS = ("logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource")
_PLUGIN_LOG_ACTIONS = ("logs:CreateLogStream", "logs:CreateLogGroup", "logs:PutLogEvents")
_POLLING = ("dynamodb:GetRecords", "kinesis:GetRecords", "sqs:ReceiveMessage")
"""The first of the actions with which a role may read each kind of source that the plugin knows."""

_OWN = ("statements", "managedPolicies")
"""What a function says of its role when that is its own."""

_NETWORK = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


def role_of(service: Service, function: Function) -> Node:
    """The Role property of a function."""
    given = function("role")
    if given is None and _has_own(service, function):
        return Reference(own_role(function), "Arn", function.key)
    given = given if given is not None else _given(service)
    if given is None:
        return Reference(SHARED, "Arn", function.key)
    named = text_in(given)
    if isinstance(named, str) and ":" not in named:
        return Reference(named, "Arn", function.key)
    return given


def own_role(function: Function) -> str:
    """The logical id of a function's own role."""
    return f"{normalized(function.name)}{SHARED}"


def add_roles(service: Service) -> None:
    """Deploy the roles, when everything that adds to them has been read."""
    shares = False
    for function in service.functions.values():
        if function("role") is not None:
            continue
        if _has_own(service, function):
            _add_own(service, function)
        else:
            shares = True
    if shares and _given(service) is None:
        _add_shared(service)


def _given(service: Service) -> Node | None:
    """A role of the provider that lies elsewhere, or is written under `resources`."""
    role = service.provider("iam", "role")
    if role is not None and (isinstance(role, ScalarNode) or intrinsic(role) is not None):
        return role
    return service.provider("role")


def _has_own(service: Service, function: Function) -> bool:
    if function("iam") is not None and any(function("iam", "role", name) is not None for name in _OWN):
        return True
    if _is_each(service):
        return True
    if function("iamRoleStatements") is None:
        return False
    # Version 4 does itself what a plugin did before.
    version = re.search(r"\d", text_of(service.root("frameworkVersion")))
    return PER_FUNCTION in service.plugins or version is None or version[0] >= "4"


def _is_each(service: Service) -> bool:
    """Whether every function has a role of its own."""
    return text_of(service.provider("iam", "role", "mode")) == "perFunction"


def _statements(service: Service) -> Node | None:
    written = service.provider("iam", "role", "statements")
    return written if written is not None else service.provider("iamRoleStatements")


def _managed(service: Service) -> list[Node]:
    written = service.provider("iam", "role", "managedPolicies")
    return items_of(written if written is not None else service.provider("iamManagedPolicies"))


def _boundary(service: Service) -> Node | None:
    provider = service.provider
    written = provider("iam", "role", "permissionsBoundary") or provider("iam", "role", "permissionBoundary")
    return written or provider("rolePermissionsBoundary")


def _add_shared(service: Service) -> None:
    provider = service.provider
    managed = _managed(service)
    uses_network = provider("vpc") is not None or any(f("vpc") is not None for f in service.functions.values())
    at = provider.place("iam", "role") if provider("iam") is not None else provider.place("iamRoleStatements")
    if uses_network:
        managed.append(build(_NETWORK, at))
    service.add(
        SHARED,
        at,
        "AWS::IAM::Role",
        {
            "RoleName": provider("iam", "role", "name")
            or service.text(at, service.prefix, "-", Pattern((_REGION,)), "-lambdaRole"),
            "Policies": [*_written(_statements(service), at, "lambda"), *_brought(service, at)],
            "ManagedPolicyArns": list(managed),
            "PermissionsBoundary": service.section("custom")(PER_FUNCTION, "iamGlobalPermissionsBoundary")
            or _boundary(service),
        },
    )


def _add_own(service: Service, function: Function) -> None:
    """The role of one function: what it says under `iam`, or in the plugin's words, and what it inherits."""
    each = _is_each(service)
    structured = function("iam") is not None
    keys = ("iam", "role", "statements") if structured else ("iamRoleStatements",)
    place = function.place(*keys)
    boundary = function("iam", "role", "permissionsBoundary") or function("iamPermissionsBoundary")
    policies = _written(function(*keys), place, "lambda")
    managed = items_of(function("iam", "role", "managedPolicies"))
    inherit = function("iam", "inheritStatements") if structured else function("iamRoleStatementsInherit")
    if inherit is None and not each:
        inherit = service.section("custom")(PER_FUNCTION, "defaultInherit")
    if text_of(inherit).lower() == "true" or (inherit is None and each):
        policies += _written(_statements(service), place, "inherited")
    if each:
        managed += _managed(service)
    by_plugin = not each and not structured and PER_FUNCTION in service.plugins
    if by_plugin:
        boundary = boundary or service.section("custom")(PER_FUNCTION, "iamGlobalPermissionsBoundary")
    if each or by_plugin:
        # The plugin's roles begin as copies of the shared one.
        boundary = boundary or _boundary(service)
    if function("vpc") is not None or service.provider("vpc") is not None:
        managed.append(build(_NETWORK, place))
    service.add(
        own_role(function),
        place,
        "AWS::IAM::Role",
        {
            "RoleName": function("iam", "role", "name") or function("iamRoleStatementsName"),
            "Policies": [*policies, *(_brought_by_plugin if by_plugin else _brought)(service, place, function)],
            "ManagedPolicyArns": list(managed),
            "PermissionsBoundary": boundary,
        },
    )


def _written(statements: Node | None, at: Node, name: str) -> list[Literal]:
    if statements is None:
        return []
    if isinstance(statements, SequenceNode) and any(isinstance(item, SequenceNode) for item in statements.value):
        # `- ${file(common.yml)}` brings lists into the list.
        flat = [each for item in statements.value for each in items_of(item)]
        statements = SequenceNode("", flat, statements.start_mark, statements.end_mark, statements.flow_style)
    return [build({"PolicyName": name, "PolicyDocument": {"Statement": statements}}, at)]


def _brought(service: Service, at: Node, function: Function | None = None) -> list[Literal]:
    """What the framework itself lets a role do: write logs, and read what its events name."""
    named = [function] if function is not None else list(service.functions.values())
    names: dict[str, Text] = {}
    for each in named:
        name = text_in(each("name"))
        if name is not None:
            names[each.name] = name
    called: list[tuple[Text, str]] = [(name, "") for name in names.values()]
    if len(names) < len(named):
        called.append((service.prefix, "*"))
    needed = service.statements.values() if function is None else (service.statements.get(function.name, []),)
    groups, streams = ([_logs(at, name, rest + end) for name, rest in called] for end in (":*", ":*:*"))
    granted = _granted(at, (_LOG_ACTIONS, groups), (("logs:PutLogEvents",), streams))
    return [granted, *_allowed(list(chain.from_iterable(needed)), at)]


def _brought_by_plugin(service: Service, at: Node, function: Function) -> list[Literal]:
    """What the plugin lets the role of a function do: less than the framework would."""
    name = text_in(service.name_of(function))
    group = _logs(at, Pattern((Hole("stage"),)) if name is None else name, ":*:*")
    brought: list[dict[str, Literal]] = []
    for statement in service.statements.get(function.name, []):
        actions = statement["Action"]
        if isinstance(actions, list) and any(action in _POLLING for action in actions):
            brought.append(statement)
    letters = function("onError")
    if letters is not None:
        brought.append({"Action": "sns:Publish", "Resource": letters})
    return [_granted(at, (_PLUGIN_LOG_ACTIONS, [group])), *_allowed(brought, at)]


def _allowed(brought: Sequence[dict[str, Literal]], at: Node) -> list[Literal]:
    if not brought:
        return []
    statements: list[Literal] = [{"Effect": "Allow", **statement} for statement in brought]
    return [build({"PolicyName": FRAMEWORK, "PolicyDocument": {"Statement": statements}}, at)]


def _granted(at: Node, *allowed: tuple[Sequence[str], Sequence[Known[Text]]]) -> Granted:
    """A policy of actions and resources that are decided, as every role has one."""
    place = span(build("", at))
    grants = (
        Grant(
            place,
            True,
            Items(tuple(Known(action, place) for action in actions)),
            Items(tuple(resources)),
            via=FRAMEWORK,
        )
        for actions, resources in allowed
    )
    return Granted(tuple(grants), at)


def _logs(at: Node, name: Text, rest: str) -> Known[Text]:
    """Log groups of functions as a template names them in which the framework has filled in the stage."""
    if isinstance(name, str):
        return Known(Pattern((*_LOGS, f"{_LOG_GROUPS}{name}{rest}")), span(at))
    return Known(pattern((*_LOGS, _LOG_GROUPS, *pieces_of(name), rest)), span(at))
