"""Templates lowered to Deployments, one room per dialect."""

from __future__ import annotations

from slslint.templates import late_patterns as late_patterns  # before anything imports yaml

# isort: split

import posixpath
import re
from collections.abc import Callable, Mapping

from yaml.nodes import MappingNode, ScalarNode

from slslint.errors import UnreadableFileError
from slslint.model import Deployment, Text
from slslint.source import Problem, Reader, SourceFile, start_of
from slslint.templates.cloudformation.nodes import field, fields_of
from slslint.templates.cloudformation.template import Template
from slslint.templates.definitions import lower_definition, may_be_definition
from slslint.templates.document import MAX_BYTES, compose
from slslint.templates.terraform.files import is_module_file, may_be_plan

_RESOURCES = re.compile(rb"^[\"']?Resources[\"']?[ \t]*:|\"Resources\"\s*:\s*\{", re.MULTILINE)
_TYPE = re.compile(rb"Type[\"']?\s*:\s*[\"']?(?:AWS|Custom|Alexa)::")


NOTHING: Mapping[str, Text] = {}

Locate = Callable[[str, str], str | None]


def _nowhere(module: str, importer: str) -> str | None:
    return None


def read(
    path: str,
    reader: Reader,
    parameters: Mapping[str, str],
    locate: Locate = _nowhere,
    given: Mapping[str, Text] = NOTHING,
) -> Deployment | None:
    """What the template at `path` deploys; None when the file is no template.

    A template that cannot be read or parsed gives a Deployment that holds nothing but the problem. `parameters` are
    the values that the user decided: they decide conditions too, which a parameter's default does not. `locate` finds
    the modules that a configuration written in JavaScript imports. `given` is what the stack around this one gives it.
    """
    if is_module_file(path):
        from slslint.templates.terraform.lowering import lower as lower_root

        return lower_root(path, reader, parameters)
    if path.endswith(".json") and may_be_plan(reader.peek(path)):
        from slslint.templates.terraform.plan import lower as lower_plan

        return lower_plan(path, reader)
    try:
        file = reader.read(path, MAX_BYTES)
    except UnreadableFileError as error:
        problem = Problem("unreadable", start_of(path), error.why)
        return Deployment(path, "CloudFormation", problems=(problem,), complete=False)
    assembled = path.endswith((".template.json", "/manifest.json")) and _in_assembly(path, reader)
    if assembled and path.endswith("/manifest.json"):
        broken = compose(file)
        return Deployment(path, "CDK", problems=(broken,), complete=False) if isinstance(broken, Problem) else None
    if is_script(path):
        from slslint.templates.serverless import lower_script

        return lower_script(path, reader, parameters, locate)
    serverless = may_be_service(file.data)
    if not serverless and not _may_be_template(file):
        return lower_definition(file, reader) if may_be_definition(file.data) else None
    root = compose(file)
    if isinstance(root, Problem):
        dialect = "Serverless Framework" if serverless else "CloudFormation"
        return Deployment(path, dialect, problems=(root,), complete=False)
    if not isinstance(root, MappingNode):
        return None
    if serverless:
        from slslint.templates.serverless import is_service, lower

        if is_service(root):
            return lower(path, root, reader, parameters)
    if not _has_resources(root):
        return None
    if (assembled or b"aws:cdk:path" in file.data) and b"AWS::Serverless::" not in file.data:
        # What `cdk synth` prints, and some keep in a file, is a stack as much as those in an assembly.
        from slslint.templates.cdk.lowering import lower

        return lower(path, root, reader, parameters)
    template = Template(path, root, reader, {**parameters, **given})
    try:
        return _lower(template)
    finally:
        template.close()


def is_cloudformation(path: str, reader: Reader) -> bool:
    """Whether a file is a template that somebody wrote for CloudFormation or SAM: a cheap test.

    What the CDK made is not, nor is a part of a service of the Serverless Framework.
    """
    if is_module_file(path) or is_script(path) or path.endswith("/manifest.json"):
        return False
    data = reader.peek(path)
    if may_be_service(data) or _RESOURCES.search(data) is None or any(mark in data for mark in _MADE_INTO):
        return False
    return b"AWSTemplateFormatVersion" in data or _TYPE.search(data) is not None


_MADE_INTO = (b"aws:cdk:path", b"${self:", b"${opt:", b"${sls:", b"${file(")
"""What stands only in what the CDK made, and in what the Serverless Framework makes into a template."""


def _lower(template: Template) -> Deployment:
    if any(resource.type.startswith("AWS::Serverless::") for resource in template.resources.values()):
        from slslint.templates import sam

        return sam.lower(template)
    from slslint.templates import cloudformation

    return cloudformation.lower(template)


def _in_assembly(path: str, reader: Reader) -> bool:
    """Whether a template lies in what a CDK application synthesised, and is no file that anybody wrote."""
    from slslint.templates.cdk.layout import is_assembly

    return is_assembly(posixpath.dirname(path) or ".", reader)


def is_script(path: str) -> bool:
    """Whether a file configures a service of the Serverless Framework in TypeScript or JavaScript, by its name."""
    stem, extension = posixpath.splitext(posixpath.basename(path))
    return stem == "serverless" and extension in (".ts", ".js", ".mjs", ".cjs", ".mts", ".cts")


def may_be_service(data: bytes) -> bool:
    """Whether bytes can be those of a service of the Serverless Framework: a cheap test."""
    if b"provider" not in data or b"service" not in data:
        return False
    if data.lstrip()[:1] == b"{":
        return re.search(rb'"provider"\s*:', data) is not None and re.search(rb'"service"\s*:', data) is not None
    return _has_key(b"provider", data) and _has_key(b"service", data)


def _has_key(key: bytes, data: bytes) -> bool:
    """Whether a line begins with the key. A pattern that begins with `^` would be tried at every byte."""
    for found in re.finditer(rb"%s[\"']?[ \t]*:" % key, data):
        begin = found.start() - (data[found.start() - 1 : found.start()] in (b'"', b"'"))
        if begin == 0 or data[begin - 1 : begin] == b"\n":
            return True
    return False


def _may_be_template(file: SourceFile) -> bool:
    """Whether it is worth composing: a cheap test of the bytes."""
    data = file.data
    return b"Resources" in data and _RESOURCES.search(data) is not None and _TYPE.search(data) is not None


def _has_resources(root: MappingNode) -> bool:
    section = field(root, "Resources")
    if not isinstance(section, MappingNode):
        return False
    resources = fields_of(section)
    kinds = (field(node, "Type") for _, node in resources.values())
    return any(isinstance(kind, ScalarNode) and "::" in kind.value for kind in kinds) or any(
        id.startswith("Fn::ForEach::") for id in resources
    )
