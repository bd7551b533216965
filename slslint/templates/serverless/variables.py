"""What the variables of a service come to, as nodes; what cannot be decided stays so, with the reason."""

from __future__ import annotations

import operator
import posixpath
import re
from collections.abc import Collection, Mapping

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.model import Hole, Text, pattern, pieces_of
from slslint.source import Problem, Reader
from slslint.templates.cloudformation.nodes import Computed, Undecided, field, is_null
from slslint.templates.document import refusal, span
from slslint.templates.serverless.grammar import Variable, variables_in
from slslint.templates.serverless.sources import look_up, why_nothing
from slslint.templates.serverless.texts import known_text, standing_at
from slslint.value import Known, Origin

MAX_HOPS = 50
"""Variables that lead to variables."""

MAX_TEXT = 100_000
MAX_STEPS = 200_000
"""Nodes that are worked out for one service."""

_SUBSTITUTING = ("serverless-pseudo-parameters", "serverless-step-functions")
"""Plugins to which `#{AWS::Region}` and `#{Topic}` say what `!Sub` takes as `${AWS::Region}` and `${Topic}`."""


class Variables:
    """The variables of one service.

    Attributes:
        root: the whole configuration as written.
        decided: what the user decided: options (`stage`), parameters and environment variables by name.
        files: what those that variables name hold, by path. problems: why some could not be read.

    """

    def __init__(self, path: str, root: MappingNode, reader: Reader, decided: Mapping[str, str]) -> None:
        self.path = path
        self.root = root
        self.folder = posixpath.dirname(path)
        self.reader = reader
        self.decided = decided
        self.problems: list[Problem] = []
        self._resolved: dict[int, Node] = {}
        self.files: dict[str, Node | None] = {}
        self._kept: list[Node] = []
        self._wholes: dict[str, Node] = {}
        self._texts: dict[str, str] = {}
        self._open: set[int] = set()
        self._grown = False
        self._hops = 0
        self._steps = 0
        self._hashed = _names_plugin(root, _SUBSTITUTING)

    def resolve(self, node: Node) -> Node:
        """The node with everything in it worked out; the node itself when there are no variables in it."""
        if self._has_none(node):
            return node
        found = self._resolved.get(id(node))
        if found is not None:
            return found
        if id(node) in self._open:
            return Undecided("it stands for itself", node)
        self._steps += 1
        if self._steps > MAX_STEPS:
            return Undecided("its variables stand for too much", node)
        self._open.add(id(node))
        try:
            resolved = self._resolve(node)
        finally:
            self._open.discard(id(node))
        self._resolved[id(node)] = resolved
        self._kept.append(node)
        return resolved

    def whole(self, node: Node, name: str) -> Node:
        """A section of the configuration worked out; none, and a problem, when its variables stand for too much."""
        resolved = self._wholes.get(name)
        if resolved is None:
            resolved = self.resolve(node)
            if self._grown and resolved is not node and refusal(resolved):
                message = f"the variables under `{name}` stand for more than slslint reads; write them out"
                self.problems.append(Problem("syntax", span(node), message))
                resolved = Undecided("its variables stand for too much", node)
            self._wholes[name] = resolved
        return resolved

    def _has_none(self, node: Node) -> bool:
        """Whether no variable is in a node. Of what holds others, its text shows that: they take far longer to ask."""
        if isinstance(node, ScalarNode):
            text, start, end = node.value, 0, len(node.value)
        else:
            text = self._text_of(node.start_mark.name)
            # Places in a script do not count characters.
            start, end = (node.start_mark.index, node.end_mark.index) if text else (0, 0)
            if not end:
                return False
        return text.find("${", start, end) < 0 and not (self._hashed and text.find("#{", start, end) >= 0)

    def _text_of(self, path: str) -> str:
        """The text of a file whose nodes stand for what is written there; "" when more may be in them."""
        text = self._texts.get(path)
        if text is None:
            text = self.reader.read(path).text
            # What an alias stands for is written elsewhere.
            text = self._texts[path] = "" if "&" in text else text
        return text

    def _resolve(self, node: Node) -> Node:
        if isinstance(node, ScalarNode):
            shallow = self.reach(node)
            if self._hashed and isinstance(shallow, ScalarNode) and "#{" in shallow.value:
                shallow = _substituted(shallow)
            if isinstance(shallow, ScalarNode):
                return shallow
            self._grown = True
            return self.resolve(shallow)
        if isinstance(node, SequenceNode):
            items = [self.resolve(item) for item in node.value]
            if all(map(operator.is_, items, node.value)):
                return node
            return SequenceNode(node.tag, items, node.start_mark, node.end_mark, node.flow_style)
        if isinstance(node, MappingNode):
            changed = False
            pairs = []
            for pair in node.value:
                value = pair[1]
                if isinstance(value, ScalarNode) and "${" not in value.value and not self._hashed:
                    pairs.append(pair)  # as nearly every one, which `resolve` would give back
                    continue
                resolved = self.resolve(value)
                if resolved is not value:
                    changed = True
                    pair = pair[0], resolved
                pairs.append(pair)
            if not changed:
                return node
            return MappingNode(node.tag, pairs, node.start_mark, node.end_mark, node.flow_style)
        return node

    def reach(self, node: Node) -> Node:
        """The node itself worked out, not what is in it."""
        if not isinstance(node, ScalarNode) or isinstance(node, Computed | Undecided) or "${" not in node.value:
            return node
        found = variables_in(node.value)
        if not found:
            return node
        if self._hops >= MAX_HOPS:
            return Undecided("it is a variable that leads to too many others", node)
        self._hops += 1
        try:
            return self._filled(node, found)
        finally:
            self._hops -= 1

    def _filled(self, node: ScalarNode, found: tuple[Variable, ...]) -> Node:
        if len(found) == 1 and (found[0].start, found[0].end) == (0, len(node.value)):
            whole = self.value(found[0], node)
            if not node.tag or isinstance(whole, Undecided) or not isinstance(whole, ScalarNode):
                return whole
        text, origin = self.text(node.value, found, node)
        if node.tag:
            # What it is handed to fills in the rest: `!Sub "${self:service}-${AWS::Region}"`.
            shown = Computed(Known(text, span(node), origin), node).value
            return ScalarNode(node.tag, shown, node.start_mark, node.end_mark, node.style)
        return Computed(Known(text, span(node), origin), node)

    def text(self, text: str, found: tuple[Variable, ...], place: Node) -> tuple[Text, Origin]:
        """A text with its variables filled in; what cannot be told is a hole in it."""
        parts: list[object] = []
        origin = Origin.WRITTEN
        end = size = 0
        for variable in found:
            parts.append(text[end : variable.start])
            end = variable.end
            node = self.value(variable, place)
            known = known_text(node)
            size += len(node.value) if isinstance(node, ScalarNode) else 0
            if known is None or size > MAX_TEXT:
                parts.append(Hole(text[variable.start + 2 : variable.end - 1]))
                continue
            if known.origin is Origin.DERIVED:
                origin = known.origin
            parts.extend(pieces_of(known.value))
        parts.append(text[end:])
        return pattern(parts), origin  # type: ignore[arg-type]

    def value(self, variable: Variable, place: Node) -> Node:
        """What a variable stands for at `place`: the first of its sources that says anything."""
        derived = False
        for source in variable.sources:
            found = look_up(self, source, place)
            if isinstance(found, Undecided):
                return found
            if found is None:
                derived = derived or source.type in ("opt", "env", "param", "file", "sls")
                continue
            settled = self.reach(found)
            if isinstance(settled, Undecided):
                return settled
            if is_null(settled) and not (isinstance(settled, Computed) or source.quoted):
                derived = derived or source.type in ("opt", "env", "param")
                continue
            return standing_at(place, settled, derived)
        return Undecided(why_nothing(self, variable.sources[0], place), place)


def _substituted(node: ScalarNode) -> ScalarNode:
    """The text as `!Sub` takes it, where it says `#{AWS::Region}`."""
    if isinstance(node, Computed) and not isinstance(node.known.value, str):
        return node
    text = re.sub(r"#\{(AWS::\w+|[A-Za-z]\w*(?:\.\w+)*)\}", r"${\1}", node.value)
    return node if text == node.value else ScalarNode("!Sub", text, node.start_mark, node.end_mark, '"')


def _names_plugin(root: MappingNode, names: Collection[str]) -> bool:
    listed = field(root, "plugins")
    listed = field(listed, "modules") or listed
    return isinstance(listed, SequenceNode) and any(
        isinstance(item, ScalarNode) and item.value in names for item in listed.value
    )
