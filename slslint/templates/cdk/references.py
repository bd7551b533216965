"""What a stack takes from the others of its assembly: exports that it imports, and the parameters of a nested stack."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Hole, Text
from slslint.record import record
from slslint.source import Reader
from slslint.templates.cdk.layout import parsed, templates_in
from slslint.templates.cloudformation.branches import pattern
from slslint.templates.cloudformation.nodes import Computed, intrinsic
from slslint.templates.document import span
from slslint.value import Known, Origin

_ARNS = {
    ("AWS::DynamoDB::Table", "Arn"): ("dynamodb", "table/", "TableName"),
    ("AWS::DynamoDB::Table", "StreamArn"): ("dynamodb", "table/", "TableName"),
    ("AWS::Events::EventBus", "Arn"): ("events", "event-bus/", "Name"),
    ("AWS::Kinesis::Stream", "Arn"): ("kinesis", "stream/", "Name"),
    ("AWS::Lambda::Function", "Arn"): ("lambda", "function:", "FunctionName"),
    ("AWS::S3::Bucket", "Arn"): ("s3", "", "BucketName"),
    ("AWS::SNS::Topic", "Ref"): ("sns", "", "TopicName"),
    ("AWS::SQS::Queue", "Arn"): ("sqs", "", "QueueName"),
    ("AWS::StepFunctions::StateMachine", "Ref"): ("states", "stateMachine:", "StateMachineName"),
}
"""By type and attribute: the service in an ARN, what stands before the name, and the property that sets the name."""


@record()
class Shared:
    """What the templates of an assembly offer each other.

    Attributes:
        exports: what each export stands for. parameters: what each parameter of a nested stack gets, by its template's
            name and its own.

    """

    exports: Mapping[str, Text]
    parameters: Mapping[tuple[str, str], Text]


def shared_in(root: str, reader: Reader) -> Shared:
    """What the templates of the assembly at `root` and of its stages share, read once."""
    known = reader.keep(_known)
    if root not in known:
        exports: dict[str, Text] = {}
        parameters: dict[tuple[str, str], Text] = {}
        for path in templates_in(root, reader):
            data = reader.peek(path, 16 * 1024 * 1024)
            if b'"Export"' in data or b'"AWS::CloudFormation::Stack"' in data:
                template = parsed(path, reader)
                exports.update(_exports(path, template))
                parameters.update(_parameters(path, template))
        known[root] = Shared(exports, parameters)
    return known[root]


def _known(reader: Reader) -> dict[str, Shared]:
    return {}


def resolve(node: Node, shared: Shared, template: str) -> Node:
    """The node with what it takes from other stacks put in."""
    call = intrinsic(node)
    if call is not None and isinstance(call[1], ScalarNode):
        name, argument = call
        found: Text | None = None
        if name == "Fn::ImportValue":
            found = shared.exports.get(argument.value)
        elif name == "Ref":
            found = shared.parameters.get((template, argument.value))
        return node if found is None else Computed(Known(found, span(node), Origin.DERIVED), node)
    if isinstance(node, MappingNode):
        node.value = [(key, resolve(value, shared, template)) for key, value in node.value]
        vars(node).pop("fields", None)
    elif isinstance(node, SequenceNode):
        node.value = [resolve(value, shared, template) for value in node.value]
    return node


def _exports(path: str, template: Mapping[str, Any]) -> Iterator[tuple[str, Text]]:
    for output in _objects(template.get("Outputs")).values():
        name = _objects(_objects(output).get("Export")).get("Name")
        text = _text(_objects(output).get("Value"), path, template)
        if isinstance(name, str) and text is not None:
            yield name, text


def _parameters(path: str, template: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], Text]]:
    for resource in map(_objects, _objects(template.get("Resources")).values()):
        nested = _objects(resource.get("Metadata")).get("aws:asset:path")
        if resource.get("Type") == "AWS::CloudFormation::Stack" and isinstance(nested, str):
            given = _objects(_objects(resource.get("Properties")).get("Parameters"))
            for name, value in given.items():
                text = _text(value, path, template)
                if text is not None:
                    yield (nested, name), text


def _text(value: Any, path: str, template: Mapping[str, Any]) -> Text | None:
    """Text, or the ARN of a resource of a template with what is not decided left open; else None."""
    if isinstance(value, str):
        return value
    call = _objects(value)
    id, attribute = call.get("Ref"), "Ref"
    if isinstance(parts := call.get("Fn::GetAtt"), list) and len(parts) == 2:
        id, attribute = parts
    resource = _objects(_objects(template.get("Resources")).get(id)) if isinstance(id, str) else {}
    known = _ARNS.get((str(resource.get("Type")), str(attribute)))
    if known is None:
        return None
    service, before, named_by = known
    name = _objects(resource.get("Properties")).get(named_by)
    own = name if isinstance(name, str) else Hole(f"{posixpath.basename(path).partition('.')[0]}.{id}")
    where = (":",) if service == "s3" else (Hole("AWS::Region"), ":", Hole("AWS::AccountId"))
    tail = ("/stream/", Hole("label")) if attribute == "StreamArn" else ()
    return pattern(["arn:", Hole("AWS::Partition"), f":{service}:", *where, f":{before}", own, *tail])


def _objects(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
