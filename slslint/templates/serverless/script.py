"""A service configured in TypeScript or JavaScript: its object literals as nodes of a document, places kept.

Nothing runs. What is no literal, or a name for one, cannot be told; an object that others are spread into is open.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable

from tree_sitter import Node as Syntax
from yaml import Mark
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from slslint.errors import UnreadableFileError
from slslint.grammar import Grammar, first_error, text_of
from slslint.model import Hole, pattern
from slslint.source import Problem, Reader, SourceFile
from slslint.templates.cloudformation.nodes import Computed, Undecided, field
from slslint.templates.document import refusal, span
from slslint.templates.serverless.declared import Declared, string_in, unescaped
from slslint.templates.serverless.written import OPEN
from slslint.value import Known, Origin

Locate = Callable[[str, str], str | None]
"""The file of a module that a file imports."""

MAX_DEPTH = 60

_INNER = frozenset({"as_expression", "non_null_expression", "parenthesized_expression", "satisfies_expression"})
_HANDLER_PATH = re.compile(r"(?i)handler_?(path|resolver)")


def read_script(path: str, reader: Reader, locate: Locate) -> Node | Problem | None:
    """What a configuration exports; None when the file exports nothing, and a problem when it cannot be read."""
    scripts = _Scripts(reader, locate, posixpath.dirname(path))
    file = scripts.file(path)
    if file is None:
        return scripts.problem
    found = file.exported("default")
    why = refusal(found) if isinstance(found, MappingNode) else ""
    return Problem("syntax", span(found), why) if found is not None and why else found


class _Scripts:
    """The files that make up a configuration.

    `folder` is that of the service.
    """

    def __init__(self, reader: Reader, locate: Locate, folder: str) -> None:
        self.reader = reader
        self.locate = locate
        self.folder = folder
        self._parser = Grammar("tree_sitter_typescript", "language_tsx").parser
        self._files: dict[str, _File | None] = {}
        self.depth = 0
        self.problem: Problem | None = None

    def file(self, path: str) -> _File | None:
        if path not in self._files:
            self._files[path] = None
            try:
                source = self.reader.read(path)
            except UnreadableFileError:
                return None
            root = self._parser.parse(source.data).root_node
            if root.has_error:
                wrong = first_error(root)
                at = source.span(wrong.start_point, wrong.end_point)
                self.problem = Problem("syntax", at, "this does not parse, so nothing of the service is known")
                return None
            self._files[path] = _File(self, source, root)
        return self._files[path]


class _File:
    """One file, and what its expressions come to."""

    def __init__(self, scripts: _Scripts, source: SourceFile, root: Syntax) -> None:
        self.scripts = scripts
        self.source = source
        self.declared = Declared(root)
        self._known: dict[str, Node] = {}

    def exported(self, name: str) -> Node | None:
        """The value of an export; None when there is none in sight."""
        if name in self.declared.exports:
            return self.value(self.declared.exports[name])
        if f"export {name}" in self.declared.imports:
            return self._imported(*self.declared.imports[f"export {name}"])
        if name == "default" and self.declared.exports:
            return self._namespace()
        for module in self.declared.passed_on:
            found = self._imported(module, name)
            if found is not None:
                return found
        return None

    def _namespace(self) -> Node | None:
        """All exports as one object: what `require` and `import *` give."""
        names = [
            *self.declared.exports,
            *(name.removeprefix("export ") for name in self.declared.imports if name.startswith("export ")),
        ]
        pairs: list[tuple[Node, Node]] = []
        for name in names:
            value = self.exported(name)
            if value is not None:
                pairs.append((ScalarNode("", name, value.start_mark, value.end_mark, '"'), value))
        for module in self.declared.passed_on:
            others = self._imported(module, "*")
            pairs += others.value if isinstance(others, MappingNode) else []
        return MappingNode("", pairs, pairs[0][1].start_mark, pairs[0][1].end_mark, True) if pairs else None

    def _imported(self, module: str, name: str) -> Node | None:
        path = self.scripts.locate(module, self.source.path)
        if path is None or self.scripts.depth > MAX_DEPTH:
            return None
        file = self.scripts.file(path)
        if file is None:
            return None
        self.scripts.depth += 1
        try:
            return file._namespace() if name == "*" else file.exported(name)
        finally:
            self.scripts.depth -= 1

    def value(self, node: Syntax) -> Node:
        """What an expression is, as far as it is written out."""
        self.scripts.depth += 1
        try:
            return self._value(node) if self.scripts.depth < MAX_DEPTH else self._unknown(node)
        finally:
            self.scripts.depth -= 1

    def _value(self, node: Syntax) -> Node:
        match node.type:
            case each if each in _INNER:
                return self.value(node.named_children[0])
            case "object":
                return MappingNode("", self._pairs(node), *self._marks(node), True)
            case "array":
                return SequenceNode("", self._items(node), *self._marks(node), True)
            case "string":
                return ScalarNode("", string_in(node), *self._marks(node), '"')
            case "number" | "true" | "false":
                return ScalarNode("", text_of(node), *self._marks(node))
            case "null" | "undefined":
                return ScalarNode("", "null", *self._marks(node))
            case "template_string":
                return self._template(node)
            case "identifier":
                return self._named(node)
            case "member_expression":
                return self._member(node)
            case "binary_expression":
                return self._binary(node)
            case "call_expression":
                return self._call(node)
            case _:
                return self._unknown(node)

    def _pairs(self, node: Syntax) -> list[tuple[Node, Node]]:
        pairs: dict[str, tuple[Node, Node]] = {}
        for each in node.named_children:
            if each.type == "shorthand_property_identifier":
                pairs[text_of(each)] = self._key(each), self._named(each)
                continue
            if each.type == "spread_element":
                spread = self.value(each.named_children[0])
                if isinstance(spread, MappingNode):
                    pairs.update((key.value, (key, value)) for key, value in spread.value)
                else:
                    pairs[OPEN] = ScalarNode("", OPEN, *self._marks(each), '"'), self._unknown(each)
                continue
            key, value = each.child_by_field_name("key"), each.child_by_field_name("value")
            if each.type != "pair" or key is None or value is None:
                if each.type != "comment":
                    pairs[OPEN] = ScalarNode("", OPEN, *self._marks(each), '"'), self._unknown(each)
                continue
            named = self._key(key)
            pairs[named.value] = named, self.value(value)
        return list(pairs.values())

    def _key(self, node: Syntax) -> ScalarNode:
        if node.type == "computed_property_name":
            inner = self.value(node.named_children[0])
            plain = isinstance(inner, ScalarNode) and not isinstance(inner, Computed | Undecided)
            return ScalarNode("", inner.value if plain else OPEN, *self._marks(node), '"')
        return ScalarNode("", string_in(node) if node.type == "string" else text_of(node), *self._marks(node), '"')

    def _items(self, node: Syntax) -> list[Node]:
        items: list[Node] = []
        for each in node.named_children:
            if each.type == "comment":
                continue
            spread = self.value(each.named_children[0]) if each.type == "spread_element" else None
            if isinstance(spread, SequenceNode):
                items.extend(spread.value)
            else:
                items.append(self._unknown(each) if spread is not None else self.value(each))
        return items

    def _named(self, node: Syntax) -> Node:
        name = text_of(node)
        if name in self.declared.changed:
            return self._unknown(node)
        if name in self.declared.names:
            if name not in self._known:
                self._known[name] = self._unknown(node)
                self._known[name] = self.value(self.declared.names[name])
            return self._known[name]
        if name in self.declared.imports:
            return self._imported(*self.declared.imports[name]) or self._unknown(node)
        return ScalarNode("", "null", *self._marks(node)) if name == "undefined" else self._unknown(node)

    def _member(self, node: Syntax) -> Node:
        base, name = node.child_by_field_name("object"), node.child_by_field_name("property")
        if base is None or name is None or text_of(node).startswith("process."):
            return self._unknown(node)
        whole = self.value(base)
        found = field(whole, text_of(name)) if isinstance(whole, MappingNode) else None
        return self._unknown(node) if found is None else found

    def _binary(self, node: Syntax) -> Node:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if left is None or right is None or operator is None:
            return self._unknown(node)
        if text_of(operator) in ("||", "??") and text_of(left).startswith("process.env"):
            default = self.value(right)
            if isinstance(default, ScalarNode) and not isinstance(default, Computed | Undecided):
                return Computed(Known(default.value, span(default), Origin.DERIVED), default)
        if text_of(operator) == "+":
            return self._joined([left, right], node)
        return self._unknown(node)

    def _call(self, node: Syntax) -> Node:
        """A call is known only of helpers that name the folder of a handler: `handlerPath(__dirname)`."""
        callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if callee is None or arguments is None:
            return self._unknown(node)
        given = [text_of(each) for each in arguments.named_children]
        if given == ["__dirname"] and _HANDLER_PATH.search(text_of(callee)):
            folder = posixpath.relpath(posixpath.dirname(self.source.path) or ".", self.scripts.folder or ".")
            return ScalarNode("", folder, *self._marks(node), '"')
        return self._unknown(node)

    def _template(self, node: Syntax) -> Node:
        return self._joined(node.children[1:-1], node)

    def _joined(self, parts: list[Syntax], node: Syntax) -> Node:
        texts: list[str | Hole] = []
        origin = Origin.WRITTEN
        for part in parts:
            if part.type in ("string_fragment", "escape_sequence"):
                texts.append(unescaped(text_of(part)))
                continue
            found = self.value(part.named_children[0] if part.type == "template_substitution" else part)
            if isinstance(found, Computed):
                origin = found.known.origin
            if isinstance(found, ScalarNode) and not isinstance(found, Undecided):
                texts.append(found.value)
            else:
                texts.append(Hole(text_of(part).strip("${}")[:60]))
        written = "".join(text for text in texts if isinstance(text, str))
        if all(isinstance(text, str) for text in texts) and origin is Origin.WRITTEN:
            return ScalarNode("", written, *self._marks(node), '"')
        if "${" in written:
            # Variables of the framework among parts that nobody knows.
            return self._unknown(node)
        return Computed(Known(pattern(list(texts)), span(self._unknown(node)), origin), self._unknown(node))

    # --- places ------------------------------------------------------------------------------------------------------

    def _unknown(self, node: Syntax) -> Undecided:
        place = ScalarNode("", "", *self._marks(node))
        said = " ".join(text_of(node).split())
        said = f"{said[:40]}..." if len(said) > 40 else said
        return Undecided(f"what `{said}` is, is known only when it runs", place)

    def _marks(self, node: Syntax) -> tuple[Mark, Mark]:
        at = self.source.span(node.start_point, node.end_point)
        path = self.source.path
        start = Mark(path, 0, at.line - 1, at.column - 1, None, 0)
        return start, Mark(path, 0, at.end_line - 1, at.end_column - 1, None, 0)
