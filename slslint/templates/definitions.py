"""Definitions of state machines in files of their own, for those that no template in sight names."""

from __future__ import annotations

import posixpath
import re

from yaml.nodes import MappingNode

from slslint.model import Deployment, Dialect, Notation, Workflow
from slslint.source import Problem, Reader, SourceFile
from slslint.templates.cloudformation.nodes import field
from slslint.templates.cloudformation.template import Template
from slslint.templates.cloudformation.words import CLOUDFORMATION
from slslint.templates.document import compose, span
from slslint.value import ALWAYS, Items, Unknown

LANGUAGE = Dialect("Amazon States Language", CLOUDFORMATION.words)


def may_be_definition(data: bytes) -> bool:
    """Whether bytes can be those of a definition in the Amazon States Language: a cheap test."""
    return b"StartAt" in data and re.search(rb"(?m)(?:^|[{,]\s*)[\"']?States[\"']?\s*:", data) is not None


def lower_definition(file: SourceFile, reader: Reader) -> Deployment | None:
    """What a definition says, as a unit of its own: what deploys it is not in sight. None when it is none."""
    from slslint.templates.cloudformation.states import Definition

    root = compose(file)
    if isinstance(root, Problem):
        return Deployment(file.path, LANGUAGE.name, problems=(root,), complete=False)
    if not isinstance(root, MappingNode) or field(root, "StartAt") is None or field(root, "States") is None:
        return None
    template = Template(file.path, root, reader, {})
    at = span(root.value[0][0])
    try:
        machine = template.view(root, ALWAYS, at)
        definition = Definition(template, template.nothing(at), [], [])
        definition.read(machine)
        unknown = Unknown("what deploys it is not in sight", at)
        workflow = Workflow(
            id=posixpath.basename(file.path).partition(".")[0],
            at=at,
            dialect=LANGUAGE,
            name=unknown,
            express=unknown,
            states=Items(tuple(step.state for step in definition.steps), definition.complete),
            timeout=definition.filled(machine.get("TimeoutSeconds")).integer(),
            missing=tuple(definition.missing),
            notation=Notation.JSON if root.flow_style else Notation.YAML,
            file=file.path,
        )
        gaps = tuple(dict.fromkeys(template.gaps))
        problems = tuple(template.problems)
        return Deployment(file.path, LANGUAGE.name, workflows=(workflow,), gaps=gaps, problems=problems, complete=False)
    finally:
        template.close()
