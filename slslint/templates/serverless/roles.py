"""The role that the framework makes for all functions, and those of functions with a role of their own."""

from __future__ import annotations

from yaml.nodes import Node, ScalarNode, SequenceNode

from slslint.model import Hole, Pattern, Text
from slslint.templates.building import Literal, build, text_of
from slslint.templates.cloudformation.nodes import intrinsic
from slslint.templates.serverless.naming import normalized
from slslint.templates.serverless.service import FRAMEWORK, Function, Service, Written, items_of, mapping_of
from slslint.templates.serverless.variables import known_text

SHARED = "IamRoleLambdaExecution"
PER_FUNCTION = "serverless-iam-roles-per-function"

_LOGS = "arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:/aws/lambda/"
_LOG_ACTIONS = ("logs:CreateLogStream", "logs:CreateLogGroup", "logs:TagResource")
_REGION = Pattern((Hole("AWS::Region"),))
_NETWORK = "arn:aws:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole"


def role_of(service: Service, function: Function) -> Literal:
    """The Role property of a function."""
    given = function("role")
    if given is None and _has_own(service, function):
        return {"Fn::GetAtt": [own_role(function), "Arn"]}
    given = given if given is not None else _given(service)
    if given is None:
        return {"Fn::GetAtt": [SHARED, "Arn"]}
    known = known_text(given)
    if known is not None and isinstance(known.value, str) and ":" not in known.value:
        return {"Fn::GetAtt": [known.value, "Arn"]}
    return given


def own_role(function: Function) -> str:
    """The logical id of a function's own role."""
    return f"{normalized(function.name)}{SHARED}"


def add_roles(service: Service) -> None:
    """Deploy the roles, when everything that adds to them has been read."""
    functions = service.functions.values()
    for function in functions:
        if _has_own(service, function) and function("role") is None:
            _add_own(service, function)
    shared = [function for function in functions if function("role") is None and not _has_own(service, function)]
    if shared and _given(service) is None:
        _add_shared(service)


def _given(service: Service) -> Node | None:
    """A role of the provider that lies elsewhere, or is written under `resources`."""
    role = service.provider("iam", "role")
    if role is not None and (isinstance(role, ScalarNode) or intrinsic(role) is not None):
        return role
    return service.provider("role")


def _has_own(service: Service, function: Function) -> bool:
    if mapping_of(function("iam", "role")):
        return True
    return PER_FUNCTION in service.plugins and function("iamRoleStatements") is not None


def _statements(service: Service) -> Node | None:
    written = service.provider("iam", "role", "statements")
    return written if written is not None else service.provider("iamRoleStatements")


def _managed(service: Service) -> list[Node]:
    written = service.provider("iam", "role", "managedPolicies")
    return items_of(written if written is not None else service.provider("iamManagedPolicies"))


def _add_shared(service: Service) -> None:
    provider = service.provider
    managed = _managed(service)
    uses_network = provider("vpc") is not None or any(f("vpc") is not None for f in service.functions.values())
    at = provider.place("iam", "role") if provider("iam") is not None else provider.place("iamRoleStatements")
    if uses_network:
        managed.append(build(_NETWORK, at))
    boundary = provider("iam", "role", "permissionsBoundary") or provider("iam", "role", "permissionBoundary")
    service.add(
        SHARED,
        at,
        "AWS::IAM::Role",
        {
            "RoleName": provider("iam", "role", "name")
            or service.text(at, *service.prefix, "-", _REGION, "-lambdaRole"),
            "Policies": [*_written(_statements(service), at, "lambda"), _brought(service, at)],
            "ManagedPolicyArns": list(managed),
            "PermissionsBoundary": boundary or provider("rolePermissionsBoundary"),
        },
    )


def _add_own(service: Service, function: Function) -> None:
    own = mapping_of(function("iam", "role"))
    role = Written(function.key, function("iam", "role")) if own else None
    statements = role("statements") if role is not None else function("iamRoleStatements")
    place = function.place("iam", "role") if role is not None else function.place("iamRoleStatements")
    inherit = role("inherit") if role is not None else function("iamRoleStatementsInherit")
    policies = _written(statements, place, "lambda")
    managed: list[Node] = items_of(role("managedPolicies") if role is not None else None)
    default = service.section("custom")(PER_FUNCTION, "defaultInherit")
    if text_of(inherit if inherit is not None else default).lower() == "true":
        policies += _written(_statements(service), place, "inherited")
        managed += _managed(service)
    if function("vpc") is not None or service.provider("vpc") is not None:
        managed.append(build(_NETWORK, place))
    named = role("name") if role is not None else function("iamRoleStatementsName")
    service.add(
        own_role(function),
        place,
        "AWS::IAM::Role",
        {
            "RoleName": named,
            "Policies": [*policies, _brought(service, place, function)],
            "ManagedPolicyArns": list(managed),
            "PermissionsBoundary": role("permissionsBoundary") if role is not None else None,
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


def _brought(service: Service, at: Node, function: Function | None = None) -> Node:
    """What the framework itself lets a role do: write logs, and read what its events name."""
    named = [function] if function is not None else list(service.functions.values())
    names: dict[str, Text] = {}
    for each in named:
        name = known_text(each("name"))
        if name is not None:
            names[each.name] = name.value
    logs = [_logs(service, at, name) for name in names.values()]
    if len(names) < len(named):
        logs.append(_logs(service, at, *service.prefix, "*"))
    created: list[Literal] = [{"Fn::Sub": group} for group, _ in logs]
    written: list[Literal] = [{"Fn::Sub": stream} for _, stream in logs]
    brought: list[dict[str, Literal]] = [
        {"Action": list(_LOG_ACTIONS), "Resource": created},
        {"Action": "logs:PutLogEvents", "Resource": written},
    ]
    brought += [each for name, each in service.statements if function is None or name == function.name]
    statements: list[Literal] = [{"Effect": "Allow", **statement} for statement in brought]
    return build({"PolicyName": FRAMEWORK, "PolicyDocument": {"Statement": statements}}, at)


def _logs(service: Service, at: Node, *name: Text | None) -> tuple[Node, Node]:
    """The log groups of functions that are called so, and the streams in them."""
    return service.text(at, _LOGS, *name, ":*"), service.text(at, _LOGS, *name, ":*:*")
