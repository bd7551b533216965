"""Which events come through: event patterns, filter policies and criteria, prefixes and suffixes of keys."""

from __future__ import annotations

import re
from collections.abc import Mapping

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import EVERYTHING, Data, Filter, Hole, Over, Text
from slslint.templates.cloudformation.nodes import AsJson, Computed, fields_of
from slslint.templates.cloudformation.template import Template
from slslint.templates.cloudformation.view import View
from slslint.value import Absent, Known, Unknown, When

_UNDECIDED = Hole("...")
_LITERALS: Mapping[str, Data] = {"true": True, "false": False, "null": None, "~": None, "": None}


def pattern_filter(view: View, over: Over = Over.EVENT) -> Filter:
    """A filter of one pattern, also written as JSON text; what stands in several branches may all come through."""
    if not view.present:
        return EVERYTHING
    patterns, complete = _patterns(view)
    return Filter(patterns=patterns, over=over, complete=complete)


def criteria_filter(view: View) -> Filter:
    """FilterCriteria's `Filters`, each with a pattern, of which one must match."""
    if not view.present:
        return EVERYTHING
    items = view.items()
    found = [_patterns(item.get("Pattern")) for item in items]
    patterns = tuple(pattern for some, _ in found for pattern in some)
    return Filter(patterns=patterns, complete=items.complete and all(complete for _, complete in found))


def policy_filter(subscription: View) -> Filter:
    """The filter policy of a subscription to a topic."""
    whole = subscription.get("FilterPolicyScope").is_("MessageBody")
    return pattern_filter(subscription.get("FilterPolicy"), Over.BODY if whole else Over.ATTRIBUTES)


def key_filter(notification: View) -> Filter:
    """What one of a bucket's notifications is about: a kind of events, and the prefix and suffix of the keys."""
    rules = notification.get("Filter", "S3Key", "Rules").items()
    ends: dict[str, Text] = {}
    complete = rules.complete
    for rule in rules:
        name, value = rule.get("Name").string(), rule.get("Value").text()
        if isinstance(name, Known) and isinstance(value, Known) and rule.when == notification.when:
            ends[name.value.lower()] = value.value
        else:
            complete = False
    event = notification.get("Event").string()
    events = (event.value,) if isinstance(event, Known) else ()
    return Filter(ends.get("prefix", ""), ends.get("suffix", ""), events, complete=complete and bool(events))


def terms_filter(view: View) -> Filter:
    """A filter pattern of CloudWatch Logs."""
    match view.text():
        case Known(terms):
            return Filter(terms=terms)
        case Absent():
            return EVERYTHING
        case _:
            return Filter(complete=False)


def _patterns(view: View) -> tuple[tuple[Mapping[str, Data], ...], bool]:
    """The pattern in each branch, and whether it is one that is always there."""
    found: list[Mapping[str, Data]] = []
    view = view.structured()
    branches = list(view.settled())
    for when, settled in branches:
        pattern = _data(view.template, settled, when)
        if isinstance(pattern, Mapping):
            found.append(pattern)
    return tuple(found), len(found) == len(branches) == 1


def _data(template: Template, settled: Node | Absent | Unknown, when: When) -> Data:
    match settled:
        case AsJson():
            return next(iter(_inside(template, settled.content, when)), None)
        case Computed():
            return settled.known.value
        case MappingNode():
            fields = fields_of(settled).items()
            return {key: each for key, (_, child) in fields for each in _inside(template, child, when)}
        case SequenceNode():
            return tuple(each for child in settled.value for each in _inside(template, child, when))
        case ScalarNode():
            return settled.value if settled.style else _scalar(settled.value)
        case _:
            return _UNDECIDED


def _inside(template: Template, node: Node, given: When) -> tuple[Data, ...]:
    """What a node is, if it is not left out."""
    branches = template.resolve(node, given)
    if len(branches) != 1:
        return (_UNDECIDED,)
    ((when, settled),) = branches
    return () if isinstance(settled, Absent) else (_data(template, settled, given | when),)


def _scalar(text: str) -> Data:
    """What a scalar without quotes is in JSON."""
    if text in _LITERALS:
        return _LITERALS[text]
    if not re.fullmatch(r"-?\d{1,15}(\.\d{1,15})?", text):
        return text
    return float(text) if "." in text else int(text)
