"""What the variables of a service come to, as nodes; what cannot be decided stays so, with the reason."""

from __future__ import annotations

import operator
import posixpath
import re
from collections.abc import Collection, Mapping

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.errors import UnreadableFileError
from slslint.model import Hole, Pattern, Text, pattern, pieces_of
from slslint.record import cached_property
from slslint.source import Problem, Reader
from slslint.templates.building import build
from slslint.templates.cloudformation.nodes import Computed, Undecided, field, intrinsic, is_null
from slslint.templates.document import MAX_BYTES, compose, refusal, span
from slslint.templates.serverless.grammar import Source, Variable, variables_in
from slslint.value import Known, Origin

MAX_HOPS = 50
"""Variables that lead to variables."""

MAX_TEXT = 100_000
MAX_STEPS = 200_000
"""Nodes that are worked out for one service."""

_SECRETS = "/aws/reference/secretsmanager/"
"""What stands under this in the parameter store is a secret, which may be an object."""

_PSEUDO = {"accountId": "AWS::AccountId", "partition": "AWS::Partition"}


_SUBSTITUTING = ("serverless-pseudo-parameters", "serverless-step-functions")
"""Plugins to which `#{AWS::Region}` and `#{Topic}` say what `!Sub` takes as `${AWS::Region}` and `${Topic}`."""

_CONSTRUCTS = {
    "bucketArn": ("Bucket", "Arn"),
    "bucketName": ("Bucket", ""),
    "busName": ("Bus", ""),
    "dlqUrl": ("Dlq", ""),
    "queueArn": ("Queue", "Arn"),
    "queueUrl": ("Queue", ""),
    "tableArn": ("Table", "Arn"),
    "tableName": ("Table", ""),
    "tableStreamArn": ("Table", "StreamArn"),
}
"""What the constructs of serverless-lift tell of themselves: what ends the resource's id, and the attribute."""


class Variables:
    """The variables of one service.

    Attributes:
        root: the whole configuration as written.
        decided: what the user decided: options (`stage`), parameters and environment variables by name.
        problems: why files that variables name could not be read.

    """

    def __init__(self, path: str, root: MappingNode, reader: Reader, decided: Mapping[str, str]) -> None:
        self.path = path
        self.root = root
        self.folder = posixpath.dirname(path)
        self.reader = reader
        self.decided = decided
        self.problems: list[Problem] = []
        self._resolved: dict[int, Node] = {}
        self._files: dict[str, Node | None] = {}
        self._kept: list[Node] = []
        self._wholes: dict[str, Node] = {}
        self._open: set[int] = set()
        self._grown = False
        self._hops = 0
        self._steps = 0
        self._hashed = _names_plugin(root, _SUBSTITUTING)

    # --- nodes -------------------------------------------------------------------------------------------------------

    def resolve(self, node: Node) -> Node:
        """The node with everything in it worked out; the node itself when there are no variables in it."""
        if isinstance(node, ScalarNode) and "${" not in node.value and not self._hashed:
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
            resolved = node if self._has_none(node) else self.resolve(node)
            if self._grown and resolved is not node and refusal(resolved):
                message = f"the variables under `{name}` stand for more than slslint reads; write them out"
                self.problems.append(Problem("syntax", span(node), message))
                resolved = Undecided("its variables stand for too much", node)
            self._wholes[name] = resolved
        return resolved

    def _has_none(self, node: Node) -> bool:
        """Whether the text of a section shows that no variable is in it: its nodes take far longer to look at."""
        start, end = node.start_mark.index, node.end_mark.index
        # Places in a script do not count characters, and what an alias stands for is written elsewhere.
        return end > 0 and not self._hashed and "&" not in self._written and self._written.find("${", start, end) < 0

    @cached_property
    def _written(self) -> str:
        return self.reader.read(self.path).text

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

    def _filled(self, node: ScalarNode, found: list[Variable]) -> Node:
        if len(found) == 1 and (found[0].start, found[0].end) == (0, len(node.value)):
            whole = self._value(found[0], node)
            if not node.tag or isinstance(whole, Undecided) or not isinstance(whole, ScalarNode):
                return whole
        text, origin = self._text(node.value, found, node)
        if node.tag:
            # What it is handed to fills in the rest: `!Sub "${self:service}-${AWS::Region}"`.
            shown = Computed(Known(text, span(node), origin), node).value
            return ScalarNode(node.tag, shown, node.start_mark, node.end_mark, node.style)
        return Computed(Known(text, span(node), origin), node)

    def _text(self, text: str, found: list[Variable], place: Node) -> tuple[Text, Origin]:
        """A text with its variables filled in; what cannot be told is a hole in it."""
        parts: list[object] = []
        origin = Origin.WRITTEN
        end = size = 0
        for variable in found:
            parts.append(text[end : variable.start])
            end = variable.end
            node = self._value(variable, place)
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

    # --- variables ---------------------------------------------------------------------------------------------------

    def _value(self, variable: Variable, place: Node) -> Node:
        """What a variable stands for at `place`: the first of its sources that says anything."""
        derived = False
        for source in variable.sources:
            found = self._source(source, place)
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
            return _standing_at(place, settled, derived)
        head = variable.sources[0]
        said = f"{head.type}({head.params})" if head.params else f"{head.type}:{head.address}"
        return Undecided(f"nothing here says what `{said}` is", place)

    def _source(self, source: Source, place: Node) -> Node | None:
        """The node that a source names; None when it says nothing."""
        if not source.type:
            return self._literal(source, place)
        address, derived = self._decided_text(source.address, place)
        if address is None:
            return Undecided(f"what `{source.address}` names is known only when deployed", place)
        found: Node | None
        match source.type:
            case "self":
                found = self._own(address, place)
            case "opt":
                found = self._option(address, place)
            case "env":
                found = self._given(address, place)
            case "param":
                found = self._parameter(address, place)
            case "sls":
                found = self.stage(place) if address == "stage" else Undecided(_later(source), place)
            case "aws" if address == "region":
                found = self._given("region", place) or self._own("provider.region", place)
            case "aws" if address in _PSEUDO:
                return Computed(Known(Pattern((Hole(_PSEUDO[address]),)), span(place)), place)
            case "ssm" if not address.startswith(_SECRETS):
                return Computed(Known(Pattern((Hole(f"resolve:ssm:{address.partition('~')[0]}"),)), span(place)), place)
            case "cf" if not source.params and address.count(".") == 1:
                return Computed(Known(Pattern((Hole(f"cf:{address}"),)), span(place)), place)
            case "construct" if address.partition(".")[2] in _CONSTRUCTS:
                name, _, asked = address.partition(".")
                suffix, attribute = _CONSTRUCTS[asked]
                id = f"{name}{suffix}"
                return build({"Fn::GetAtt": [id, attribute]} if attribute else {"Ref": id}, place)
            case "strToBool":
                text, derived = self._decided_text(source.params, place)
                found = None if text is None else _boolean(text, place)
            case "file":
                path, more = self._decided_text(source.params, place)
                derived = derived or more
                if path is None:
                    return Undecided(f"which file `{source.params}` is, is known only when deployed", place)
                found = self._file(path, address, place)
            case _:
                return Undecided(_later(source), place)
        return _derived(found) if found is not None and derived else found

    def _literal(self, source: Source, place: Node) -> Node | None:
        text = source.address
        if source.quoted:
            filled, origin = self._text(text, variables_in(text), place)
            return Computed(Known(filled, span(place), origin), place)
        if text.startswith("${"):
            found = variables_in(text)
            if len(found) == 1 and found[0].end == len(text):
                return self._value(found[0], place)
        # A default that is nothing decides nothing: it may be given from outside.
        if text in ("null", "") or not _is_plain(text):
            return Undecided("it is known only when deployed", place)
        return Computed(Known(text, span(place)), place)

    def _decided_text(self, text: str, place: Node) -> tuple[str | None, bool]:
        """A text with its variables filled in, and whether a default decided it; None when it has holes."""
        found = variables_in(text)
        if not found:
            return text, False
        filled, origin = self._text(text, found, place)
        return (filled if isinstance(filled, str) else None), origin is Origin.DERIVED

    def _own(self, address: str, place: Node) -> Node | None:
        found = self._under(self.root, address.split(".") if address else [])
        if found is not None and not is_null(found):
            return found
        if address == "provider.stage":
            return self.stage(place)
        if address == "provider.region":
            return Computed(Known("us-east-1", span(place), Origin.DERIVED), place)
        if address == "service.name":
            return field(self.root, "service")
        return found

    def _under(self, node: Node | None, keys: list[str]) -> Node | None:
        derived = False
        for key in keys:
            node = self.reach(node) if node is not None else None
            if isinstance(node, SequenceNode) and intrinsic(node) is None:
                node = node.value[int(key)] if key.isdigit() and int(key) < len(node.value) else None
            elif isinstance(node, Undecided):
                return node
            else:
                known = known_text(node) if isinstance(node, Computed) else None
                derived = derived or (known is not None and known.origin is Origin.DERIVED)
                node = field(node, key)
            if node is None:
                return None
        return node

    def stage(self, place: Node) -> Node:
        """The stage that is deployed to when nobody says otherwise."""
        decided = self._given("stage", place)
        if decided is not None:
            return decided
        written = field(self.root, "provider")
        written = field(self.reach(written), "stage") if written is not None else None
        found = self.resolve(written) if written is not None else None
        if found is None or is_null(found):
            return Computed(Known("dev", span(place), Origin.DERIVED), place)
        return _standing_at(place, found, True)

    def _option(self, name: str, place: Node) -> Node | None:
        return self._given(name, place)

    def _given(self, name: str, place: Node) -> Node | None:
        decided = self.decided.get(name)
        return None if decided is None else Computed(Known(decided, span(place)), place)

    def _parameter(self, name: str, place: Node) -> Node | None:
        given = self._given(name, place)
        if given is not None:
            return given
        stage = known_text(self.stage(place))
        for section, inner in (("params", ()), ("stages", ("params",))):
            whole = field(self.root, section)
            if whole is None:
                continue
            for each in (stage.value if stage is not None else None, "default"):
                if not isinstance(each, str):
                    return Undecided("which stage it is for is known only when deployed", place)
                found = self._under(whole, [each, *inner, name])
                if found is not None and not is_null(found):
                    return _derived(found)
        return None

    # --- files -------------------------------------------------------------------------------------------------------

    def _file(self, written: str, address: str, place: Node) -> Node | None:
        path = posixpath.normpath(posixpath.join(self.folder, written.replace("\\", "/")))
        if path not in self._files:
            self._files[path] = self._read(path, place)
        content = self._files[path]
        return self._under(content, address.split(".")) if address and content is not None else content

    def _read(self, path: str, place: Node) -> Node | None:
        extension = posixpath.splitext(path)[1]
        if extension in (".js", ".cjs", ".mjs", ".ts"):
            return Undecided(f"what `{path}` gives is known only when it runs", place)
        if not self.reader.inside(path):
            return Undecided(f"`{path}` lies outside the project, so it is not read", place)
        if not self.reader.is_file(path):
            return None
        try:
            file = self.reader.read(path, MAX_BYTES)
        except UnreadableFileError as error:
            self.problems.append(Problem("unreadable", span(place), f"`{path}` cannot be read: {error.why}"))
            return Undecided(f"`{path}` could not be read", place)
        if extension not in (".yml", ".yaml", ".json", ".tfstate"):
            return Computed(Known(file.data.decode(), span(place)), place)
        root = compose(file)
        if isinstance(root, Problem):
            self.problems.append(root)
            return Undecided(f"`{path}` could not be read", place)
        return root


def known_text(node: Node | None) -> Known[Text] | None:
    """The text of a scalar that is no function call, and no `null`."""
    if isinstance(node, Computed):
        return node.known
    if not isinstance(node, ScalarNode) or intrinsic(node) is not None:
        return None
    return Known(node.value, span(node))


def _standing_at(place: Node, node: Node, derived: bool) -> Node:
    """A text at the place that asks for it; everything else where it is written."""
    known = known_text(node) if isinstance(node, ScalarNode) else None
    if known is None:
        return _derived(node) if derived else node
    origin = Origin.DERIVED if derived else known.origin
    if origin is Origin.WRITTEN and isinstance(known.value, str) and isinstance(node, ScalarNode):
        # A number without quotes is one wherever it is put.
        return ScalarNode("", known.value, place.start_mark, place.end_mark, node.style)
    return Computed(Known(known.value, span(place), origin), place)


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


def _derived(node: Node) -> Node:
    """The node with every text in it marked as what a default decided."""
    if isinstance(node, Undecided) or node.tag:
        return node
    if isinstance(node, SequenceNode):
        return SequenceNode("", [_derived(item) for item in node.value], node.start_mark, node.end_mark, True)
    if isinstance(node, MappingNode):
        pairs = [(key, _derived(value)) for key, value in node.value]
        return MappingNode("", pairs, node.start_mark, node.end_mark, node.flow_style)
    if isinstance(node, ScalarNode) and "${" not in node.value and not is_null(node):
        known = known_text(node)
        assert known is not None
        return Computed(Known(known.value, known.at, Origin.DERIVED), node)
    return node


def _later(source: Source) -> str:
    named = f"{source.type}:{source.address}" if source.address else f"{source.type}({source.params})"
    return f"`{named}` is known only when deployed"


def _boolean(text: str, place: Node) -> Node:
    truth = text.lower() in ("true", "1")
    return Computed(Known(str(truth).lower(), span(place)), place)


def _is_plain(text: str) -> bool:
    """Whether a literal may stand without quotes."""
    return text in ("true", "false") or text.removeprefix("-").replace(".", "", 1).isdigit()
