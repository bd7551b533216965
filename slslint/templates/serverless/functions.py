"""The functions of a service as CloudFormation: settings, inheritance from the provider, failure handling."""

from __future__ import annotations

import posixpath
from itertools import takewhile

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.source import Reader
from slslint.templates.building import Literal, build, text_of
from slslint.templates.cloudformation.nodes import Computed, Reference, Undecided, fields_of, intrinsic
from slslint.templates.document import span
from slslint.templates.serverless.naming import function_id, layer_id, normalized
from slslint.templates.serverless.roles import role_of
from slslint.templates.serverless.service import Service
from slslint.templates.serverless.texts import text_in
from slslint.templates.serverless.written import OPEN, Function, mapping_of
from slslint.value import Known, Origin

DEFAULT_TIMEOUT = 6
DEFAULT_MEMORY = 1024
DEFAULT_RUNTIME = "nodejs16.x"
"""Of version 3; version 4 takes a newer one of the same language."""


def add_function(service: Service, function: Function) -> None:
    """Deploy a function, with its alias, URL and failure settings."""
    id = function_id(function.name)
    properties: dict[str, Literal] = {
        "FunctionName": service.name_of(function),
        "Timeout": _inherited(service, function, "timeout") or _default(DEFAULT_TIMEOUT, function),
        "MemorySize": _inherited(service, function, "memorySize") or _default(DEFAULT_MEMORY, function),
        "Environment": _environment(service, function),
        "Layers": _inherited(service, function, "layers"),
        "Role": role_of(service, function),
        **_code(service, function),
    }
    if function.lacks_all(_RARE):
        service.add(id, function.key, "AWS::Lambda::Function", properties)
        if not service.provider.lacks_all(_ALLOWING):
            _allow_settings(service, function)
        return
    properties["ReservedConcurrentExecutions"] = function("reservedConcurrency")
    properties["DeadLetterConfig"] = _dead_letters(function)
    if _is_true(function("snapStart")):
        properties["SnapStart"] = {"ApplyOn": "PublishedVersions"}
    service.add(id, function.key, "AWS::Lambda::Function", properties, function("condition"))
    _allow_settings(service, function)
    _add_concurrency(service, function, id)
    _add_url(service, function, id)
    _add_invoke_config(service, function, id)


_RARE = frozenset(
    {
        "condition", "deadLetter", "destinations", "fileSystemConfig", "kmsKeyArn", "maximumEventAge",
        "maximumRetryAttempts", "onError", "provisionedConcurrency", "reservedConcurrency", "snapStart", "tracing",
        "url",
    }
)  # fmt: skip
"""Settings of its own that few functions have."""

_ALLOWING = frozenset({"kmsKeyArn", "tracing"})
"""Settings that functions inherit, and that let their roles do something."""


def add_layers(service: Service) -> None:
    """Deploy the layers of the service."""
    for name, (key, node) in mapping_of(service.section("layers").node).items():
        fields = mapping_of(node)
        path = fields.get("path")
        archive = mapping_of(fields["package"][1]).get("artifact") if "package" in fields else None
        content = path or archive
        properties: dict[str, Literal] = {
            "LayerName": fields["name"][1] if "name" in fields else name,
            "Content": content[1] if content is not None else None,
        }
        service.add(layer_id(name), key, "AWS::Lambda::LayerVersion", properties)


def _inherited(service: Service, function: Function, name: str) -> Node | None:
    own = function(name)
    return own if own is not None else service.provider(name)


def _default(value: int | str, function: Function) -> Node:
    return Computed(Known(str(value), span(function.key), Origin.DEFAULT), function.key)


def _environment(service: Service, function: Function) -> Literal:
    shared, own = service.provider("environment"), function("environment")
    if shared is None or own is None:
        variables = own if shared is None else shared
        return None if variables is None else {"Variables": variables}
    open_ended = any(isinstance(each, MappingNode) and OPEN in fields_of(each) for each in (shared, own))
    if open_ended or not isinstance(shared, MappingNode) or not isinstance(own, MappingNode):
        # Which ones are there cannot be told.
        return {"Variables": Undecided("some of its variables are known only when deployed", own)}
    pairs = list({**fields_of(shared), **fields_of(own)}.values())
    return {"Variables": MappingNode("", pairs, own.start_mark, own.end_mark, own.flow_style)}


def _code(service: Service, function: Function) -> dict[str, Literal]:
    image = function("image")
    if image is not None and not isinstance(image, Undecided):
        return {"PackageType": "Image", "Code": {"ImageUri": "built"}}
    started: dict[str, Literal] = {
        "Handler": function("handler"),
        "Runtime": _inherited(service, function, "runtime") or _default(DEFAULT_RUNTIME, function),
    }
    artifact = function("package", "artifact") or service.section("package")("artifact")
    if artifact is not None:
        return {**started, "Code": artifact}
    module = text_of(function("module"))
    # serverless-python-requirements packs that folder alone.
    folder = module if module and _is_folder(service, module) else _packed_from(service, function)
    return {**started, "Code": build(folder, function.place("handler"))}


def _packed_from(service: Service, function: Function) -> str:
    """The folder whose files are packed: the service's, or one above it from which a pattern brings the handler's file.

    The way up is left out of the archive: `../orders/app.py` is `orders/app.py` in it.
    """
    package = service.section("package")
    if package.node is None and function("package") is None:
        return "."
    reader: Reader = service.variables.reader
    where, module = posixpath.split(text_of(function("handler")).rpartition(".")[0])
    for patterns in (function("package", "patterns"), package("patterns"), package("include")):
        for pattern in map(text_of, patterns.value) if isinstance(patterns, SequenceNode) else ():
            up = "/".join(takewhile("..".__eq__, pattern.split("/")))
            folder = posixpath.normpath(posixpath.join(service.variables.folder, up, where))
            if up and any(name.startswith(f"{module}.") for name in reader.entries(folder)):
                return up
    return "."


def _is_folder(service: Service, path: str) -> bool:
    reader: Reader = service.variables.reader
    return reader.is_dir(posixpath.join(service.variables.folder, path))


def _dead_letters(function: Function) -> Literal:
    target = function("onError")
    letters = function("deadLetter")
    if target is None and letters is not None:
        # The plugin serverless-plugin-lambda-dead-letter makes the queue or topic where only its name is given.
        target = function("deadLetter", "targetArn") or Undecided("a plugin makes it", letters)
    return None if target is None else {"TargetArn": target}


def _allow_settings(service: Service, function: Function) -> None:
    """What settings of a function let its role do."""
    letters = function("onError")
    if text_in(letters) is not None:
        service.allow(function.name, ["sns:Publish"], letters)
    tracing = function("tracing") or service.provider("tracing", "lambda")
    if tracing is not None and text_of(tracing).lower() != "false":
        service.allow(function.name, ["xray:PutTraceSegments", "xray:PutTelemetryRecords"], "*")
    key = _inherited(service, function, "kmsKeyArn")
    if text_in(key) is not None:
        service.allow(function.name, ["kms:Decrypt"], key)
    files = function("fileSystemConfig", "arn")
    if files is not None:
        service.allow(function.name, ["elasticfilesystem:ClientMount", "elasticfilesystem:ClientWrite"], files)


def _add_concurrency(service: Service, function: Function, id: str) -> None:
    count = function("provisionedConcurrency")
    if count is None:
        return
    name = Reference(id, "", function.place("provisionedConcurrency"))
    alias = f"{normalized(function.name)}ProvConcLambdaAlias"
    config: Literal = {"ProvisionedConcurrentExecutions": count}
    service.add(
        alias,
        function.place("provisionedConcurrency"),
        "AWS::Lambda::Alias",
        {"FunctionName": name, "Name": "provisioned", "ProvisionedConcurrencyConfig": config},
    )


def _add_url(service: Service, function: Function, id: str) -> None:
    url = function("url")
    if url is None or isinstance(url, Undecided) or text_of(url).lower() == "false":
        return
    signed = text_of(mapping_of(url)["authorizer"][1]) == "aws_iam" if "authorizer" in mapping_of(url) else False
    service.add(
        f"{id}Url",
        function.place("url"),
        "AWS::Lambda::Url",
        {"TargetFunctionArn": {"Fn::GetAtt": [id, "Arn"]}, "AuthType": "AWS_IAM" if signed else "NONE"},
    )


def _add_invoke_config(service: Service, function: Function, id: str) -> None:
    settings = function("destinations"), function("maximumEventAge"), function("maximumRetryAttempts")
    if all(setting is None for setting in settings):
        return
    outcomes: dict[str, Literal] = {}
    for name, outcome in (("onSuccess", "OnSuccess"), ("onFailure", "OnFailure")):
        target = function("destinations", name)
        if target is not None:
            outcomes[outcome] = {"Destination": _destination(service, target)}
            _allow_sending(service, function, target)
    config: Literal = dict(outcomes)
    if isinstance(settings[0], Undecided):
        config = settings[0]
    service.add(
        f"{normalized(function.name)}LambdaEvConf",
        function.place("destinations"),
        "AWS::Lambda::EventInvokeConfig",
        {
            "FunctionName": {"Ref": id},
            "Qualifier": "$LATEST",
            "DestinationConfig": config,
            "MaximumEventAgeInSeconds": settings[1],
            "MaximumRetryAttempts": settings[2],
        },
    )


def _destination(service: Service, target: Node) -> Literal:
    """The ARN of a destination: a function's key, an ARN, or a mapping with one."""
    if isinstance(target, ScalarNode) and text_of(target) in service.functions:
        return {"Fn::GetAtt": [function_id(text_of(target)), "Arn"]}
    arn = mapping_of(target).get("arn") if intrinsic(target) is None else None
    return target if arn is None else arn[1]


_SEND_ACTIONS = {
    "sqs": "sqs:SendMessage",
    "sns": "sns:Publish",
    "function": "lambda:InvokeFunction",
    "eventBus": "events:PutEvents",
}


def _allow_sending(service: Service, function: Function, target: Node) -> None:
    named = text_in(target)
    kind = text_of(mapping_of(target)["type"][1]) if "type" in mapping_of(target) else ""
    if isinstance(named, str):
        kinds = {"sqs": "sqs", "sns": "sns", "lambda": "function", "events": "eventBus"}
        kind = kinds.get(named.split(":")[2], "") if named.startswith("arn:") else "function"
    if kind in _SEND_ACTIONS:
        resource = _destination(service, target)
        if isinstance(target, ScalarNode) and text_of(target) in service.functions:
            # By name: a role that refers to its own functions would go round in a circle.
            resource = service.functions_arn(service.functions[text_of(target)])
        service.allow(function.name, [_SEND_ACTIONS[kind]], resource)


def _is_true(node: Node | None) -> bool:
    return text_of(node).lower() == "true"
