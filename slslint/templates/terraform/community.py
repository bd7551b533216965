"""Public modules that are understood by name: what their inputs mean and what their outputs stand for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from yaml.nodes import Node

from slslint.templates.cloudformation.nodes import Undecided

if TYPE_CHECKING:
    from slslint.templates.terraform.module import Instance


def output(call: Instance, name: str, at: Node) -> Node:
    """An output of a module that is not in sight."""
    return Undecided(f"the module `{call.address}` is not in sight", at)
