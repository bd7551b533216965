"""What a rule may import, as a page of the documentation: made of `slslint.api`."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterator
from enum import Enum

from slslint import api
from slslint.record import cached_property


def text() -> str:
    """What a rule may import: what its docstring says, its fields, and what can be asked of it."""
    said = [
        "# For rules",
        "Everything that a rule imports of slslint comes from `slslint.api`; what is not here may change.",
    ]
    for name in api.__all__:
        each = getattr(api, name)
        if not (inspect.isclass(each) or inspect.isfunction(each)):
            continue
        summary, _, more = (inspect.getdoc(each) or "").partition("\n\n")
        members = "\n".join(_members(each)) if inspect.isclass(each) else f"{name}{_signature(each)}"
        details = "\n\n".join(part for part in (members, more.strip()) if part)
        said += [f"## {name}", summary, *([f"```text\n{details}\n```"] if details else [])]
    return "\n\n".join(said) + "\n"


def _members(of: type) -> Iterator[str]:
    for name, annotation in vars(of).get("__annotations__", {}).items():
        if not name.startswith("_"):
            yield f"{name}: {annotation}"
    if issubclass(of, Enum):
        yield from of.__members__
    for name, member in vars(of).items():
        if name.startswith("_"):
            continue
        if isinstance(member, property | cached_property):
            made = member.fget if isinstance(member, property) else vars(member)["make"]
            yield f"{name}: {made.__annotations__['return']}"
        elif inspect.isfunction(member) and inspect.getdoc(member):
            yield f"{name}{_signature(member)}"


def _signature(of: Callable[..., object]) -> str:
    annotations_unquoted = re.sub(r"(: |-> )'([^']*)'", r"\1\2", str(inspect.signature(of)))
    return annotations_unquoted.replace("(self, ", "(").replace("(self)", "()")
