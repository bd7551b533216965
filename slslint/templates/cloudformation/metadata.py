"""Suppressions in a template's Metadata, where JSON has no comments to hold them."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.model import Ignore
from slslint.source import Span
from slslint.templates.cloudformation.draft import Draft
from slslint.templates.cloudformation.nodes import field
from slslint.templates.cloudformation.view import View
from slslint.templates.document import span
from slslint.value import ALWAYS, Known


def lower_ignores(draft: Draft) -> None:
    """`Metadata: {slslint: {ignore: [...]}}` of every resource, and of the whole template."""
    template = draft.template
    root = template.root
    fields, complete = template.fields(root)
    if "Metadata" in fields or not complete:
        draft.ignores.extend(_ignores(template.view(root, ALWAYS, span(root)), span(root)))
    for resource in template.resources.values():
        if resource.node.value and field(resource.node, "Metadata") is not None:
            whole = resource.at.upto(span(resource.node))
            draft.ignores.extend(_ignores(resource.attributes, whole))


def _ignores(owner: View, whole: Span) -> Iterator[Ignore]:
    listed = owner.get("Metadata", "slslint", "ignore")
    for item in listed.items():
        rule, reason, until = item.string(), "", ""
        if not isinstance(rule, Known):
            rule = item.get("rule").string()
            reason, until = item.get("reason").shown(), item.get("until").shown()
        if isinstance(rule, Known):
            yield Ignore(whole, rule, reason, listed.at, until)
