"""What a stack takes from the others of its assembly: exports that it imports, and the parameters of a nested stack."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator, Mapping
from typing import Any

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Hole, Pattern, Text, pattern, pieces_of
from slslint.record import record
from slslint.source import Reader
from slslint.templates.building import text_of
from slslint.templates.cdk.layout import MAX_BYTES, parsed, templates_in
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


_NAMED = {
    "AWS::DynamoDB::GlobalTable": "TableName",
    "AWS::Logs::LogGroup": "LogGroupName",
    "AWS::SSM::Parameter": "Name",
    **{type: named_by for (type, attribute), (_, _, named_by) in _ARNS.items() if attribute == "Arn"},
}
"""Types whose `Ref` is their name, which this property sets."""
_ELSEWISE = frozenset({"AWS::SQS::Queue"})
"""Types with an ARN by their name, whose `Ref` is something else: the URL of a queue."""


@record()
class Shared:
    """What the templates of an assembly offer each other.

    Attributes:
        exports: what each export stands for.
        given: what each parameter of a nested stack gets, by its template's name and its own.
        outputs: what a template is asked for of a nested stack, by its name, the stack's logical id and the output.

    """

    exports: Mapping[str, Text]
    given: Mapping[tuple[str, str], Text]
    outputs: Mapping[tuple[str, str, str], Text]


def shared_in(root: str, reader: Reader) -> Shared:
    """What the templates of the assembly at `root` and of its stages share, read once."""
    known = reader.keep(_known)
    if root not in known:
        known[root] = _read(root, reader)
    return known[root]


def _known(reader: Reader) -> dict[str, Shared]:
    return {}


def _read(root: str, reader: Reader) -> Shared:
    sharing: dict[str, Mapping[str, Any]] = {}
    for path in templates_in(root, reader):
        data = reader.peek(path, MAX_BYTES)
        if b'"Outputs"' in data or b'"AWS::CloudFormation::Stack"' in data:
            sharing[path] = parsed(path, reader)
    exports: dict[str, Text] = {}
    given: dict[tuple[str, str], Text] = {}
    outputs: dict[tuple[str, str, str], Text] = {}
    for path, template in sharing.items():
        for _, output in _outputs(template):
            name = _objects(output.get("Export")).get("Name")
            if isinstance(name, str):
                exports[name] = _text(output.get("Value"), path, template)
        for id, resource in _objects(template.get("Resources")).items():
            nested = _objects(_objects(resource).get("Metadata")).get("aws:asset:path")
            if _objects(resource).get("Type") != "AWS::CloudFormation::Stack" or not isinstance(nested, str):
                continue
            parameters = _objects(_objects(_objects(resource).get("Properties")).get("Parameters"))
            given.update(((nested, name), _text(value, path, template)) for name, value in parameters.items())
            inner = posixpath.join(posixpath.dirname(path), nested)
            for name, output in _outputs(sharing.get(inner, {})):
                text = _text(output.get("Value"), inner, sharing[inner])
                outputs[posixpath.basename(path), id, f"Outputs.{name}"] = text
    return Shared(exports, given, outputs)


def resolve(node: Node, shared: Shared, template: str) -> Node:
    """The node with what it takes from other stacks put in."""
    call = intrinsic(node)
    if call is not None:
        found = _taken(*call, shared, template)
        if found is not None:
            return Computed(Known(found, span(node), Origin.DERIVED), node)
    if isinstance(node, MappingNode):
        node.value = [(key, resolve(value, shared, template)) for key, value in node.value]
        vars(node).pop("fields", None)
    elif isinstance(node, SequenceNode):
        node.value = [resolve(value, shared, template) for value in node.value]
    return node


def _taken(name: str, argument: Node, shared: Shared, template: str) -> Text | None:
    """What a function call takes from another stack; None when it takes nothing."""
    if name == "Fn::ImportValue" and isinstance(argument, ScalarNode):
        return shared.exports.get(argument.value)
    if name == "Ref" and isinstance(argument, ScalarNode):
        return shared.given.get((template, argument.value))
    if name == "Fn::GetAtt" and isinstance(argument, SequenceNode) and len(argument.value) == 2:
        id, attribute = map(text_of, argument.value)
        return shared.outputs.get((template, id, attribute))
    return None


def _outputs(template: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, output in _objects(template.get("Outputs")).items():
        yield name, _objects(output)


def _text(value: Any, path: str, template: Mapping[str, Any]) -> Text:
    """What a value in a template is to the others: text, in which what is not decided is left open."""
    if isinstance(value, str):
        return value
    call = _objects(value)
    match next(iter(call.items()), ("", None)):
        case "Ref", str(id):
            return _reference(id, "Ref", path, template)
        case "Fn::GetAtt", [str(id), str(attribute)]:
            return _reference(id, attribute, path, template)
        case "Fn::Join", [str(separator), list(items)]:
            parts: list[str | Hole | Text] = []
            for item in items:
                text = _text(item, path, template)
                parts += [separator] if parts else []
                parts += pieces_of(text)
            return pattern(parts)  # type: ignore[arg-type]
        case _:
            return Pattern((Hole("..."),))


def _reference(id: str, attribute: str, path: str, template: Mapping[str, Any]) -> Text:
    """The ARN or the name of a resource where these are made of its name; else no more than which attribute it is."""
    if id.startswith("AWS::"):
        return Pattern((Hole(id),))
    if id in _objects(template.get("Parameters")):
        default = _objects(template["Parameters"][id]).get("Default")
        return default if isinstance(default, str) else Pattern((Hole(id),))
    stack = posixpath.basename(path).partition(".")[0]
    resource = _objects(_objects(template.get("Resources")).get(id))
    type, properties = str(resource.get("Type")), _objects(resource.get("Properties"))
    known = _ARNS.get((type, attribute))
    named_by = known[2] if known is not None else _NAMED.get(type, "")
    name = properties.get(named_by)
    own = name if isinstance(name, str) else Hole(f"{stack}.{id}")
    if known is None:
        named = attribute == "Ref" and named_by and type not in _ELSEWISE
        return pattern([own]) if named else Pattern((Hole(f"{stack}.{id}.{attribute}"),))
    service, before, _ = known
    where = (":",) if service == "s3" else (Hole("AWS::Region"), ":", Hole("AWS::AccountId"))
    tail = ("/stream/", Hole("label")) if attribute == "StreamArn" else ()
    return pattern(["arn:", Hole("AWS::Partition"), f":{service}:", *where, f":{before}", own, *tail])


def _objects(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}
