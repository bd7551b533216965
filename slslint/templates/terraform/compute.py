"""Functions, their versions and layers, event source mappings, failure settings, URLs, permissions."""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.templates.building import Literal, text_of
from slslint.templates.cloudformation.nodes import Undecided, fields_of
from slslint.templates.terraform.archives import code, made_first
from slslint.templates.terraform.instances import Instance
from slslint.templates.terraform.rewriting import Rewrite, Rewriting, get, is_open, items, part, renamed
from slslint.templates.terraform.values import Choice, each_branch, literal, string, truth


def add_function(rewriting: Rewriting, function: Instance) -> None:
    """An aws_lambda_function."""
    image = string(get(function, "package_type")) == "Image" or get(function, "image_uri") is not None
    source = code(rewriting, function)
    # What the public module for functions calls it.
    if _CODE & function.ignored or truth(get(function, "ignore_source_code_hash")):
        if any(_written_files(source)):
            source = Undecided("others deploy its code, as `ignore_changes` says", function.at)
        rewriting.makers[function.address] = "whoever deploys its code, whose changes Terraform ignores,"
    elif made_first(rewriting, function):
        rewriting.makers[function.address] = "what its archive waits for"
    properties: dict[str, Literal] = {
        "FunctionName": get(function, "function_name"),
        "Handler": _handler(function, source),
        "Runtime": get(function, "runtime"),
        "Timeout": get(function, "timeout"),
        "MemorySize": get(function, "memory_size"),
        "Role": get(function, "role"),
        "PackageType": "Image" if image else None,
        "Code": source,
        "Environment": {"Variables": _variables(function)},
        "DeadLetterConfig": {"TargetArn": get(function, "dead_letter_config", "target_arn")},
        "Layers": get(function, "layers"),
        "ReservedConcurrentExecutions": _unless(get(function, "reserved_concurrent_executions"), "-1"),
        "SnapStart": {"ApplyOn": get(function, "snap_start", "apply_on")},
        "TenancyConfig": {"TenantIsolationMode": get(function, "tenancy_config", "tenant_isolation_mode")},
        "CapacityProviderConfig": get(function, "capacity_provider_config"),
    }
    group = get(function, "logging_config", "log_group")
    if group is not None:
        properties["LoggingConfig"] = {"LogGroup": group}
    rewriting.add(function, "AWS::Lambda::Function", properties)


_CODE = frozenset({"all", "filename", "image_uri", "s3_bucket", "s3_key", "s3_object_version", "source_code_hash"})
"""Arguments that say where the code is. Who ignores their changes deploys a stand-in, and the code by other means."""


def _handler(function: Instance, source: Literal) -> Node | None:
    """The handler; of code that is written in an archive, as CloudFormation names it: its module is `index`."""
    handler = get(function, "handler")
    written = string(handler)
    if handler is None or written is None:
        return handler
    modules = {name.rpartition(".")[0] for name in _written_files(source)}
    if written.rpartition(".")[0] in modules:
        return literal(f"index.{written.rpartition('.')[2]}", handler)
    return handler


def _written_files(source: Literal) -> Iterator[str]:
    """The names of files whose text is written in an archive, in whatever branch."""
    if isinstance(source, Choice):
        yield from _written_files(source.then)
        yield from _written_files(source.otherwise)
    elif isinstance(source, dict) and "FileName" in source:
        yield str(source["FileName"])
    elif isinstance(source, MappingNode) and "FileName" in (fields := fields_of(source)):
        yield text_of(fields["FileName"][1])


def _variables(function: Instance) -> Node | None:
    """The environment variables; Terraform 0.11 has them in a block."""
    variables = get(function, "environment", "variables")
    return variables.value[0] if isinstance(variables, SequenceNode) and variables.value else variables


def _unless(node: Node | None, text: str) -> Node | None:
    return None if string(node) == text else node


def add_recursion(rewriting: Rewriting, written: Instance) -> None:
    """An aws_lambda_function_recursion_config."""
    mode = get(written, "recursive_loop")
    if mode is not None:
        _extend_function(rewriting, written, "RecursiveLoop", mode)


def _extend_function(rewriting: Rewriting, written: Instance, name: str, value: Literal) -> None:
    rewriting.extend(get(written, "function_name"), "AWS::Lambda::Function", name, value, written.condition)


def add_layer(rewriting: Rewriting, layer: Instance) -> None:
    """An aws_lambda_layer_version."""
    content = code(rewriting, layer)
    rewriting.add(layer, "AWS::Lambda::LayerVersion", {"LayerName": get(layer, "layer_name"), "Content": content})


def add_invoke_config(rewriting: Rewriting, written: Instance) -> None:
    """An aws_lambda_function_event_invoke_config."""
    outcomes: dict[str, Literal] = {}
    for name, outcome in (("on_failure", "OnFailure"), ("on_success", "OnSuccess")):
        target = get(written, "destination_config", name, "destination")
        if target is not None:
            outcomes[outcome] = {"Destination": target}
    function = get(written, "function_name")
    if is_open(function) and "OnFailure" in outcomes:
        rewriting.anywhere.add(("AWS::Lambda::Function", "DeadLetterConfig.TargetArn"))
    properties: dict[str, Literal] = {
        "FunctionName": function,
        "Qualifier": get(written, "qualifier"),
        "DestinationConfig": outcomes,
        "MaximumEventAgeInSeconds": get(written, "maximum_event_age_in_seconds"),
        "MaximumRetryAttempts": get(written, "maximum_retry_attempts"),
    }
    rewriting.add(written, "AWS::Lambda::EventInvokeConfig", properties)


_MAPPING = {
    "BatchSize": "batch_size",
    "BisectBatchOnFunctionError": "bisect_batch_on_function_error",
    "Enabled": "enabled",
    "EventSourceArn": "event_source_arn",
    "FunctionName": "function_name",
    "FunctionResponseTypes": "function_response_types",
    "MaximumBatchingWindowInSeconds": "maximum_batching_window_in_seconds",
    "MaximumRecordAgeInSeconds": "maximum_record_age_in_seconds",
    "MaximumRetryAttempts": "maximum_retry_attempts",
    "Queues": "queues",
    "SelfManagedEventSource": "self_managed_event_source",
    "StartingPosition": "starting_position",
    "Topics": "topics",
    "DocumentDBEventSourceConfig": "document_db_event_source_config",
}


def add_mapping(rewriting: Rewriting, written: Instance) -> None:
    """An aws_lambda_event_source_mapping."""
    properties: dict[str, Literal] = {name: get(written, own) for name, own in _MAPPING.items()}
    target = get(written, "destination_config", "on_failure", "destination_arn")
    properties["DestinationConfig"] = {"OnFailure": {"Destination": target}} if target is not None else None
    most = get(written, "scaling_config", "maximum_concurrency")
    properties["ScalingConfig"] = {"MaximumConcurrency": most} if most is not None else None
    filters = get(written, "filter_criteria", "filter")
    properties["FilterCriteria"] = {"Filters": [each_branch(item, _pattern) for item in items(filters)]}
    rewriting.add(written, "AWS::Lambda::EventSourceMapping", properties)


def _pattern(node: Node) -> Node:
    from slslint.templates.building import build

    pattern = part(node, "pattern") if isinstance(node, MappingNode) else None
    return node if pattern is None else build({"Pattern": pattern}, node)


REWRITES: dict[str, Rewrite] = {
    "aws_lambda_alias": renamed(
        "AWS::Lambda::Alias", {"FunctionName": "function_name", "FunctionVersion": "function_version", "Name": "name"}
    ),
    "aws_lambda_event_source_mapping": add_mapping,
    "aws_lambda_function": add_function,
    "aws_lambda_function_event_invoke_config": add_invoke_config,
    "aws_lambda_function_url": renamed(
        "AWS::Lambda::Url", {"AuthType": "authorization_type", "TargetFunctionArn": "function_name"}
    ),
    "aws_lambda_layer_version": add_layer,
    "aws_lambda_permission": renamed(
        "AWS::Lambda::Permission",
        {
            "Action": "action",
            "FunctionName": "function_name",
            "Principal": "principal",
            "SourceAccount": "source_account",
            "SourceArn": "source_arn",
        },
    ),
    "aws_lambda_provisioned_concurrency_config": renamed(
        "AWS::Lambda::Alias",
        {
            "FunctionName": "function_name",
            "ProvisionedConcurrencyConfig.ProvisionedConcurrentExecutions": "provisioned_concurrent_executions",
        },
    ),
}

EXTENSIONS: dict[str, Rewrite] = {"aws_lambda_function_recursion_config": add_recursion}
