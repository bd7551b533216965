"""Services of the Serverless Framework: rewritten into the CloudFormation that they compile to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from yaml.nodes import MappingNode

from slslint.model import Deployment, Gap
from slslint.source import Problem, Reader, start_of
from slslint.templates.serverless.lowering import is_service, lower
from slslint.templates.serverless.service import FRAMEWORK

__all__ = ["is_service", "lower", "lower_script"]


def lower_script(
    path: str, reader: Reader, decided: Mapping[str, str], locate: Callable[[str, str], str | None]
) -> Deployment | None:
    """What the service deploys that a script configures; nothing, and a gap, when only running it would tell.

    `locate` gives the file of a module that a file imports.
    """
    from slslint.templates.serverless.script import read_script

    root = read_script(path, reader, locate)
    if isinstance(root, MappingNode):
        return lower(path, root, reader, decided) if is_service(root) else None
    if isinstance(root, Problem):
        return Deployment(path, FRAMEWORK, problems=(root,), complete=False)
    if root is None:
        return None
    why = "what this service deploys is known only when its configuration runs"
    return Deployment(path, FRAMEWORK, gaps=(Gap(start_of(path), why),), complete=False)
