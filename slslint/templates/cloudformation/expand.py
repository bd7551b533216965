"""Mappings that are not written out: included files (AWS::Include), loops (Fn::ForEach), macros."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.errors import UnreadableFileError
from slslint.model import Gap
from slslint.source import Problem, SourceFile, Span
from slslint.templates.cloudformation.nodes import Computed, Fields, field, fields_of, intrinsic
from slslint.templates.document import MAX_BYTES, compose, span
from slslint.value import Absent, Known, Unknown

if TYPE_CHECKING:
    from slslint.templates.cloudformation.branches import Settled
    from slslint.templates.cloudformation.template import Template

MAX_EXPANDED = 50_000
"""Nodes that the loops of one template may make."""

_HARMLESS = ("AWS::Serverless-", "AWS::LanguageExtensions", "AWS::CodeDeployBlueGreen", "AWS::SecretsManager-")


def expand(template: Template, node: MappingNode) -> tuple[Fields, bool]:
    """The fields of a mapping with its includes and loops, and whether those are all."""
    fields = fields_of(node)
    if len(node.value) > len(fields):
        _report_duplicates(template, node)
    for key in fields:
        if key[:4] == "Fn::" and key.startswith(("Fn::Transform", "Fn::ForEach::")):
            break
    else:
        return fields, True
    expanded: Fields = {}
    complete = True
    for key, (key_node, value) in fields.items():
        if key.startswith("Fn::ForEach::"):
            bodies = _loop(template, value)
        elif key.startswith("Fn::Transform"):
            found = transformed(template, value)
            bodies = [found] if isinstance(found, MappingNode) else None
        else:
            expanded[key] = key_node, value
            continue
        for body in bodies or ():
            inner, whole = template.fields(body)
            expanded.update(inner)
            complete &= whole
        complete &= bodies is not None
    return expanded, complete


def transformed(template: Template, argument: Node) -> Settled:
    """What an Fn::Transform gives: the included file when it is local, else Unknown with a Gap."""
    at = span(argument)
    name, location = field(argument, "Name"), field(argument, "Parameters", "Location")
    if isinstance(name, ScalarNode) and name.value == "AWS::Include" and location is not None:
        branches = template.text(location)
        plain = branches[0][1]
        if len(branches) == 1 and isinstance(plain, Known) and isinstance(plain.value, str):
            return include(template, plain.value, at)
    template.gaps.append(Gap(at, "what this transform gives is known only when deployed"))
    return Unknown("it comes from a transform", at)


def include(template: Template, location: str, at: Span) -> Settled:
    """A local file that the template names, composed; its path is relative to the template."""
    # CloudFormation does not transform what it includes, and so no include can include itself.
    if at.path != template.path or "://" in location or location.startswith("arn:"):
        return Unknown("it lies elsewhere", at)
    path = posixpath.normpath(posixpath.join(posixpath.dirname(template.path), location))
    if path in template.included:
        return template.included[path]
    found: Settled
    if not template.reader.is_file(path):
        found = Unknown(f"there is no file `{path}`", at)
        template.gaps.append(Gap(at, f"the file it includes, `{path}`, is not there"))
    else:
        found = _composed(template, path, at)
    template.included[path] = found
    return found


def _composed(template: Template, path: str, at: Span) -> Settled:
    try:
        file = template.reader.read(path, MAX_BYTES)
        root = compose(file)
        if isinstance(root, Problem):
            # A state machine's definition may have `${Name}` where JSON wants a value: SAM replaces it in the text.
            filled = re.sub(rb"([:\[,]\s*)\$\{([\w.:-]+)\}(?=\s*[,\]}\n])", rb'\1"$\2"', file.data)
            root = compose(SourceFile(path, filled)) if filled != file.data else root
    except UnreadableFileError as error:
        root = Problem("unreadable", at, f"`{path}` cannot be read: {error.why}")
    if isinstance(root, Problem):
        template.problems.append(root)
        return Unknown(f"`{path}` could not be read", at)
    return Absent(at) if root is None else root


def report_macros(template: Template) -> None:
    """Note the macros that may rewrite the whole template."""
    section = field(template.root, "Transform")
    if section is None:
        return
    for macro in section.value if isinstance(section, SequenceNode) else [section]:
        if isinstance(macro, MappingNode):
            _include_sections(template, macro)
        elif isinstance(macro, ScalarNode) and macro.value and not macro.value.startswith(_HARMLESS):
            template.complete = False
            template.gaps.append(Gap(span(macro), f"the macro `{macro.value}` may change anything in this template"))


def _include_sections(template: Template, macro: MappingNode) -> None:
    # Top-level includes bring whole sections; only resources out of sight matter.
    template.complete = False
    template.gaps.append(Gap(span(macro), "what this transform gives is known only when deployed"))


def _loop(template: Template, argument: Node) -> list[MappingNode] | None:
    """The bodies of an Fn::ForEach, one per value; None, with a Gap, when what it goes over is not decided."""
    if template.expanded > MAX_EXPANDED:
        return None
    values = argument.value if isinstance(argument, SequenceNode) else []
    if len(values) == 3 and isinstance(values[0], ScalarNode) and isinstance(values[2], MappingNode):
        items = _decided(template, values[1])
        if items is not None:
            bodies: list[MappingNode] = []
            for item in items:
                body = substitute(template, values[2], values[0].value, item)
                if not isinstance(body, MappingNode):
                    template.gaps.append(Gap(span(argument), "its loops make too many resources to be read"))
                    return None
                bodies.append(body)
            return bodies
    template.gaps.append(Gap(span(argument), "what this loop goes over is known only when deployed"))
    return None


def _decided(template: Template, collection: Node) -> list[str] | None:
    branches = template.resolve(collection)
    settled = branches[0][1]
    if len(branches) != 1 or not isinstance(settled, SequenceNode):
        return None
    found: list[str] = []
    for item in settled.value:
        texts = template.text(item)
        plain = texts[0][1]
        if len(texts) != 1 or not isinstance(plain, Known) or not isinstance(plain.value, str):
            return None
        found.append(plain.value)
    return found


def substitute(template: Template, node: Node, name: str, value: str) -> Node | None:
    """A copy of a loop's body for one value of its variable; None when the loops make too many nodes."""
    template.expanded += 1
    if template.expanded > MAX_EXPANDED:
        return None
    call = intrinsic(node)
    if call is not None and call[0] == "Ref" and isinstance(call[1], ScalarNode) and call[1].value == name:
        return Computed(Known(value, span(node)), node)
    if isinstance(node, ScalarNode):
        plain = "".join(character for character in value if character.isalnum())
        text = node.value.replace("${" + name + "}", value).replace("&{" + name + "}", plain)
        return ScalarNode(node.tag, text, node.start_mark, node.end_mark, node.style)
    if isinstance(node, SequenceNode):
        copies = [substitute(template, item, name, value) for item in node.value]
        return None if None in copies else SequenceNode(node.tag, copies, node.start_mark, node.end_mark, True)
    if isinstance(node, MappingNode):
        pairs = [tuple(substitute(template, part, name, value) for part in pair) for pair in node.value]
        if any(None in pair for pair in pairs):
            return None
        return MappingNode(node.tag, pairs, node.start_mark, node.end_mark, True)
    return node


def _report_duplicates(template: Template, node: MappingNode) -> None:
    seen: set[str] = set()
    for key, _ in node.value:
        if not isinstance(key, ScalarNode) or key.value == "<<":
            continue
        if key.value in seen:
            message = f"`{key.value}` is written twice here and only the last counts; remove one"
            template.problems.append(Problem("duplicate-key", span(key), message))
        seen.add(key.value)
