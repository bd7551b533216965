"""AWS::Serverless::Function: the function, its role, alias, URL, failure settings and events."""

from __future__ import annotations

from collections.abc import Callable

from yaml.nodes import MappingNode, Node, ScalarNode

from slslint.templates.building import Literal, build, each_branch, if_parts, is_no_value, plain_fields, text_of
from slslint.templates.cloudformation.nodes import field, fields_of, intrinsic, is_null
from slslint.templates.sam.events import events_of
from slslint.templates.sam.expansion import Expansion, Written
from slslint.templates.sam.policies import Policies, add_role
from slslint.templates.sam.pushing import add_event
from slslint.value import Known

_SAME = (
    "Architectures", "DurableConfig", "Environment", "EphemeralStorage", "FileSystemConfigs", "Fn::Transform",
    "FunctionName", "Handler", "ImageConfig", "KmsKeyArn", "Layers", "LoggingConfig", "MemorySize", "PackageType",
    "RecursiveLoop", "ReservedConcurrentExecutions", "Runtime", "SnapStart", "TenancyConfig", "Timeout", "VpcConfig",
)  # fmt: skip
"""Properties that CloudFormation takes as they are."""


def rewrite_function(expansion: Expansion, function: Written) -> None:
    """Deploy the function and everything that SAM makes for it."""
    policies = Policies()
    durable = function["DurableConfig"] is not None
    basic = "AWSLambdaBasicDurableExecutionRolePolicy" if durable else "AWSLambdaBasicExecutionRole"
    policies.attach(f"service-role/{basic}", function.key)
    if _traces(expansion, function["Tracing"]):
        policies.attach("AWSXrayWriteOnlyAccess", function.key)
    if function["VpcConfig"] is not None:
        policies.attach("service-role/AWSLambdaVPCAccessExecutionRole", function.key)
    policies.add_written(function["Policies"], f"{function.id}Role", expansion)
    if function["DeadLetterQueue"] is not None:
        key, setting = function.properties["DeadLetterQueue"]
        policies.allow_sending(text_of(field(setting, "Type")), field(setting, "TargetArn"), "DeadLetterQueue", key)
    _add_invoke_config(expansion, function, policies)
    _add_alias(expansion, function)
    _add_url(expansion, function)
    for event in events_of(function, policies):
        add_event(expansion, event)
    properties: dict[str, Literal] = {name: function[name] for name in _SAME}
    properties |= {
        "Role": _role(expansion, function, policies),
        "Code": _code(function),
        "DeadLetterConfig": _each(function["DeadLetterQueue"], lambda node: {"TargetArn": field(node, "TargetArn")}),
        "TracingConfig": _each(function["Tracing"], lambda node: {"Mode": node}),
        "CapacityProviderConfig": _each(
            function["CapacityProviderConfig"], lambda node: {"LambdaManagedInstancesCapacityProviderConfig": node}
        ),
    }
    expansion.become(function, "AWS::Lambda::Function", properties)


def _traces(expansion: Expansion, setting: Node | None) -> bool:
    if setting is None or is_null(setting):
        return False
    return not any(isinstance(each, Known) and each.value == "Disabled" for _, each in expansion.template.text(setting))


def _each(node: Node | None, change: Callable[[Node], Literal]) -> Node | None:
    return None if node is None else each_branch(node, change)


def _role(expansion: Expansion, function: Written, policies: Policies) -> Node:
    given = function["Role"]
    own = build({"Fn::GetAtt": [f"{function.id}Role", "Arn"]}, function.key)
    if given is None or is_no_value(given):
        add_role(expansion, function, policies)
        return own
    parts = if_parts(given)
    if parts is None:
        return given
    condition, then, otherwise = parts
    if is_no_value(then) is is_no_value(otherwise):
        if is_no_value(then):
            add_role(expansion, function, policies)
            return own
        return given
    # The role is made only in the branch that gives none.
    needed = condition if is_no_value(then) else expansion.negated(condition, given)
    add_role(expansion, function, policies, expansion.both(text_of(function.condition), needed, given))
    return build(
        {"Fn::If": [condition, own if is_no_value(then) else then, own if is_no_value(otherwise) else otherwise]}, given
    )


def _code(function: Written) -> Literal:
    if function["InlineCode"] is not None:
        return {"ZipFile": function["InlineCode"]}
    if function["ImageUri"] is not None:
        return {"ImageUri": function["ImageUri"]}
    if text_of(function["PackageType"]) == "Image":
        # Built from the Dockerfile that the Metadata name.
        return {"ImageUri": "built"}
    # SAM's tools take the folder of the template when nothing is said.
    return code_location(function["CodeUri"]) or "."


def code_location(uri: Node | None) -> Literal:
    """A CodeUri or ContentUri as CloudFormation's Code: a local path stays text, as `package` takes it."""
    return None if uri is None else each_branch(uri, _location)


def _location(uri: Node) -> Literal:
    if isinstance(uri, ScalarNode) and intrinsic(uri) is None and uri.value.startswith("s3://"):
        bucket, _, key = uri.value.removeprefix("s3://").partition("/")
        return {"S3Bucket": bucket, "S3Key": key}
    if isinstance(uri, MappingNode) and intrinsic(uri) is None:
        return {"S3Bucket": field(uri, "Bucket"), "S3Key": field(uri, "Key")}
    return uri


def _add_invoke_config(expansion: Expansion, function: Written, policies: Policies) -> None:
    config = function["EventInvokeConfig"]
    if config is None:
        return
    outcomes = field(config, "DestinationConfig")
    destinations: dict[str, Literal] = {
        outcome: {"Destination": _destination(expansion, function, policies, key, setting)}
        for outcome, (key, setting) in (fields_of(outcomes) if plain_fields(outcomes) else {}).items()
    }
    expansion.add(
        f"{function.id}EventInvokeConfig",
        function.properties["EventInvokeConfig"][0],
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": {"Ref": function.id},
            "Qualifier": function["AutoPublishAlias"] or "$LATEST",
            "DestinationConfig": destinations,
            "MaximumEventAgeInSeconds": field(config, "MaximumEventAgeInSeconds"),
            "MaximumRetryAttempts": field(config, "MaximumRetryAttempts"),
        },
        function.condition,
    )


_MADE = {"SQS": ("Queue", "AWS::SQS::Queue"), "SNS": ("Topic", "AWS::SNS::Topic")}
"""The destinations that SAM makes where none is given, by their type."""


def _destination(
    expansion: Expansion, function: Written, policies: Policies, outcome: Node, setting: Node
) -> Node | None:
    """The destination of an outcome, with the grant to send to it."""
    kind = text_of(field(setting, "Type"))
    destination = field(setting, "Destination")
    if kind in _MADE:
        destination = _made_destination(expansion, function, kind, outcome, destination)
    policies.allow_sending(kind, destination, "EventInvokeConfig", outcome)
    return destination


def _made_destination(
    expansion: Expansion, function: Written, kind: str, outcome: Node, given: Node | None
) -> Node | None:
    """The given destination, completed by a queue or topic of SAM's in the branches where none is given."""
    suffix, type = _MADE[kind]
    id = f"{function.id}EventInvokeConfig{text_of(outcome)}{suffix}"
    own = build({"Ref": id} if kind == "SNS" else {"Fn::GetAtt": [id, "Arn"]}, outcome)
    if given is None or is_no_value(given):
        expansion.add(id, outcome, type, {}, function.condition)
        return own
    parts = if_parts(given)
    if parts is None or is_no_value(parts[1]) is is_no_value(parts[2]):
        return given
    condition, then, otherwise = parts
    needed = condition if is_no_value(then) else expansion.negated(condition, outcome)
    expansion.add(id, outcome, type, {}, expansion.both(text_of(function.condition), needed, outcome))
    branches: list[Literal] = [own if is_no_value(branch) else branch for branch in (then, otherwise)]
    return build({"Fn::If": [condition, *branches]}, outcome)


def _add_alias(expansion: Expansion, function: Written) -> None:
    alias = function["AutoPublishAlias"]
    if alias is None:
        return
    version = f"{function.id}.Version"
    name: Literal = {"Ref": function.id}
    expansion.add(version, alias, "AWS::Lambda::Version", {"FunctionName": name}, function.condition)
    # `!Ref Orders.Alias` is what SAM offers; some write the id that it makes, `!Ref OrdersAliaslive`.
    for id in (f"{function.id}.Alias", f"{function.id}Alias{text_of(alias)}"):
        expansion.add(
            id,
            alias,
            "AWS::Lambda::Alias",
            {
                "FunctionName": name,
                "Name": alias,
                "FunctionVersion": {"Fn::GetAtt": [version, "Version"]},
                "ProvisionedConcurrencyConfig": function["ProvisionedConcurrencyConfig"],
            },
            function.condition,
        )


def _add_url(expansion: Expansion, function: Written) -> None:
    config = function["FunctionUrlConfig"]
    if config is None:
        return
    key, _ = function.properties["FunctionUrlConfig"]
    expansion.add(
        f"{function.id}Url",
        key,
        "AWS::Lambda::Url",
        {
            "TargetFunctionArn": {"Ref": function.id},
            "AuthType": field(config, "AuthType"),
            "InvokeMode": field(config, "InvokeMode"),
        },
        function.condition,
    )
