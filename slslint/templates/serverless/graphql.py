"""GraphQL APIs of AppSync: what version 4 of the framework takes under `appSync`, and a plugin before it."""

from __future__ import annotations

from collections.abc import Iterator

from yaml.nodes import MappingNode, Node, SequenceNode

from slslint.templates.building import Literal, text_of
from slslint.templates.serverless.naming import alphanumeric, function_id
from slslint.templates.serverless.service import Service
from slslint.templates.serverless.written import Function, Written, items_of, mapping_of


def add_graphql(service: Service) -> None:
    """Deploy the APIs of a service, and add their functions to its own; comes before those are deployed."""
    written = service.section("appSync")
    old = service.section("custom")("appSync")
    for number, api in enumerate([*items_of(written.node), *items_of(old)]):
        if isinstance(api, MappingNode):
            place = written.key if number < len(items_of(written.node)) else service.section("custom").key
            _add_api(service, Written(place, api), f"GraphQlApi{number or ''}")


def _add_api(service: Service, api: Written, id: str) -> None:
    service.add(id, api.key, "AWS::AppSync::GraphQLApi", {"Name": api("name")})
    for name, source in _named(api("dataSources")):
        _add_source(service, id, name, source)
    for name, step in [*_named(api("pipelineFunctions")), *_named(api("functionConfigurations"))]:
        properties: dict[str, Literal] = {"ApiId": {"Ref": id}, "Name": name, "DataSourceName": step("dataSource")}
        service.add(_step(id, name), step.key, "AWS::AppSync::FunctionConfiguration", properties)
    for name, resolver in _named(api("resolvers")):
        parent, _, field = name.partition(".")
        _add_resolver(service, id, resolver, resolver("type") or parent, resolver("field") or field)
    for item in _flat(api("mappingTemplates")):
        resolver = Written(item, item)
        key = resolver.place("field")
        _add_resolver(service, id, Written(key, item), resolver("type"), resolver("field"))


def _add_source(service: Service, api: str, name: str, source: Written) -> None:
    if text_of(source("type")) != "AWS_LAMBDA":
        return
    named = text_of(source("config", "functionName"))
    target: Literal = source("config", "functionArn") or source("config", "lambdaFunctionArn")
    inner = source("config", "function")
    if isinstance(inner, MappingNode):
        named = name
        service.functions[name] = Function(source.place("config", "function"), inner, name)
    if named in service.functions:
        target = {"Fn::GetAtt": [function_id(named), "Arn"]}
    if target is not None:
        service.add(
            f"{api}{alphanumeric(name)}DataSource",
            source.key,
            "AWS::AppSync::DataSource",
            {
                "ApiId": {"Ref": api},
                "Name": name,
                "Type": "AWS_LAMBDA",
                "LambdaConfig": {"LambdaFunctionArn": target},
            },
        )


def _add_resolver(service: Service, api: str, resolver: Written, parent: Literal, field: Literal) -> None:
    source = resolver("dataSource")
    if isinstance(source, MappingNode):
        # Written in the resolver that alone uses it.
        name = f"{_text(parent)}{_text(field)}"
        _add_source(service, api, name, Written(resolver.place("dataSource"), source))
        named: Literal = name
    else:
        named = source
    steps: list[Literal] = [
        {"Fn::GetAtt": [_step(api, text_of(step)), "FunctionId"]}
        for step in items_of(resolver("functions"))
        if text_of(step)
    ]
    service.add(
        f"{api}{alphanumeric(_text(parent) + _text(field))}Resolver",
        resolver.key,
        "AWS::AppSync::Resolver",
        {
            "ApiId": {"Ref": api},
            "TypeName": parent,
            "FieldName": field,
            "DataSourceName": named,
            "PipelineConfig": {"Functions": steps} if steps else None,
        },
    )


def _step(api: str, name: str) -> str:
    return f"{api}{alphanumeric(name)}Function"


def _text(value: Literal) -> str:
    return text_of(value) if isinstance(value, Node) else str(value or "")


def _named(node: Node | None) -> Iterator[tuple[str, Written]]:
    """The entries of a map, of a list of maps, or of a list of things with a `name`."""
    for item in _flat(node):
        fields = mapping_of(item)
        if "name" in fields and ("type" in fields or "dataSource" in fields):
            yield text_of(fields["name"][1]), Written(fields["name"][1], item)
            continue
        for name, (key, value) in fields.items():
            yield name, Written(key, value)


def _flat(node: Node | None) -> Iterator[MappingNode]:
    """The maps of a list, and of the lists that files bring into it."""
    for item in items_of(node):
        for each in items_of(item) if isinstance(item, SequenceNode) else [item]:
            if isinstance(each, MappingNode):
                yield each
