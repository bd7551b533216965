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
from slslint.grammar import Grammar, first_error
from slslint.model import Hole, pattern
from slslint.source import Problem, Reader, SourceFile
from slslint.templates.cloudformation.nodes import Computed, Undecided, field
from slslint.templates.document import refusal, span
from slslint.templates.serverless.written import OPEN
from slslint.value import Known, Origin

Locate = Callable[[str, str], str | None]
"""The file of a module that a file imports."""

MAX_DEPTH = 60

_INNER = frozenset({"as_expression", "non_null_expression", "parenthesized_expression", "satisfies_expression"})
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
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
    """One file: its top-level names, imports and exports."""

    def __init__(self, scripts: _Scripts, source: SourceFile, root: Syntax) -> None:
        self.scripts = scripts
        self.source = source
        self.names: dict[str, Syntax] = {}
        self.imports: dict[str, tuple[str, str]] = {}
        self.exports: dict[str, Syntax] = {}
        self.passed_on: list[str] = []
        self.changed: set[str] = set()
        self._known: dict[str, Node] = {}
        for statement in root.named_children:
            self._read(statement)

    # --- statements --------------------------------------------------------------------------------------------------

    def _read(self, statement: Syntax) -> None:
        match statement.type:
            case "import_statement":
                self._import(statement)
            case "lexical_declaration" | "variable_declaration":
                self._declare(statement)
            case "export_statement":
                self._export(statement)
            case "expression_statement" if statement.named_children:
                self._assign(statement.named_children[0])
            case "if_statement" | "for_statement" | "for_in_statement" | "try_statement" | "function_declaration":
                for each in _inside(statement):
                    self._change(each)

    def _import(self, statement: Syntax) -> None:
        module = _string(statement.child_by_field_name("source"))
        for clause in (each for each in statement.named_children if each.type == "import_clause"):
            for each in clause.named_children:
                if each.type == "identifier":
                    self.imports[_text(each)] = module, "default"
                elif each.type == "namespace_import":
                    self.imports[_text(each.named_children[0])] = module, "*"
                elif each.type == "named_imports":
                    for specifier in each.named_children:
                        name = specifier.child_by_field_name("name")
                        alias = specifier.child_by_field_name("alias") or name
                        if name is not None and alias is not None:
                            self.imports[_text(alias)] = module, _text(name)

    def _declare(self, statement: Syntax) -> list[str]:
        found = []
        for declarator in statement.named_children:
            name, value = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
            if declarator.type != "variable_declarator" or name is None or value is None:
                continue
            required = _required(value)
            if name.type == "identifier" and required:
                self.imports[_text(name)] = required, "default"
            elif name.type == "identifier":
                self.names[_text(name)] = value
                found.append(_text(name))
            elif name.type == "object_pattern" and required:
                for each in name.named_children:
                    if each.type == "shorthand_property_identifier_pattern":
                        self.imports[_text(each)] = required, _text(each)
        return found

    def _export(self, statement: Syntax) -> None:
        source = statement.child_by_field_name("source")
        declaration = statement.child_by_field_name("declaration")
        value = statement.child_by_field_name("value")
        if value is not None:
            self.exports["default"] = value
        elif declaration is not None:
            self.exports.update((name, self.names[name]) for name in self._declare(declaration))
        elif source is not None and not any(each.type == "export_clause" for each in statement.named_children):
            self.passed_on.append(_string(source))
        for clause in (each for each in statement.named_children if each.type == "export_clause"):
            for specifier in clause.named_children:
                name = specifier.child_by_field_name("name")
                alias = specifier.child_by_field_name("alias") or name
                if name is None or alias is None:
                    continue
                if source is None:
                    self.exports[_text(alias)] = name
                else:
                    self.imports[f"export {_text(alias)}"] = _string(source), _text(name)
        if value is None and declaration is None and source is None and statement.named_children:
            only = statement.named_children[0]
            if only.type != "export_clause":
                # `export = configuration`
                self.exports["default"] = only

    def _assign(self, expression: Syntax) -> None:
        left, right = expression.child_by_field_name("left"), expression.child_by_field_name("right")
        if left is None or right is None:
            self._change(expression)
            return
        target = _text(left)
        if target in ("module.exports", "exports.default"):
            self.exports["default"] = right
        elif target.startswith(("exports.", "module.exports.")):
            self.exports[target.rpartition(".")[2]] = right
        else:
            self._change(expression)

    def _change(self, expression: Syntax) -> None:
        """Note the names whose values an expression changes: `functions.a = {}`, `Object.assign(functions, others)`."""
        left = expression.child_by_field_name("left")
        if expression.type in ("assignment_expression", "augmented_assignment_expression") and left is not None:
            self.changed.add(re.split(r"[.\[]", _text(left))[0])
        elif expression.type == "call_expression":
            self.changed.update(_text(each) for each in _inside(expression) if each.type == "identifier")

    # --- values ------------------------------------------------------------------------------------------------------

    def exported(self, name: str) -> Node | None:
        """The value of an export; None when there is none in sight."""
        if name in self.exports:
            return self.value(self.exports[name])
        if f"export {name}" in self.imports:
            return self._imported(*self.imports[f"export {name}"])
        if name == "default" and self.exports:
            return self._namespace()
        for module in self.passed_on:
            found = self._imported(module, name)
            if found is not None:
                return found
        return None

    def _namespace(self) -> Node | None:
        """All exports as one object: what `require` and `import *` give."""
        names = [*self.exports, *(name.removeprefix("export ") for name in self.imports if name.startswith("export "))]
        pairs: list[tuple[Node, Node]] = []
        for name in names:
            value = self.exported(name)
            if value is not None:
                pairs.append((ScalarNode("", name, value.start_mark, value.end_mark, '"'), value))
        for module in self.passed_on:
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
                return ScalarNode("", _string(node), *self._marks(node), '"')
            case "number" | "true" | "false":
                return ScalarNode("", _text(node), *self._marks(node))
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
                pairs[_text(each)] = self._key(each), self._named(each)
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
        return ScalarNode("", _string(node) if node.type == "string" else _text(node), *self._marks(node), '"')

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
        name = _text(node)
        if name in self.changed:
            return self._unknown(node)
        if name in self.names:
            if name not in self._known:
                self._known[name] = self._unknown(node)
                self._known[name] = self.value(self.names[name])
            return self._known[name]
        if name in self.imports:
            return self._imported(*self.imports[name]) or self._unknown(node)
        return ScalarNode("", "null", *self._marks(node)) if name == "undefined" else self._unknown(node)

    def _member(self, node: Syntax) -> Node:
        base, name = node.child_by_field_name("object"), node.child_by_field_name("property")
        if base is None or name is None or _text(node).startswith("process."):
            return self._unknown(node)
        whole = self.value(base)
        found = field(whole, _text(name)) if isinstance(whole, MappingNode) else None
        return self._unknown(node) if found is None else found

    def _binary(self, node: Syntax) -> Node:
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        operator = node.child_by_field_name("operator")
        if left is None or right is None or operator is None:
            return self._unknown(node)
        if _text(operator) in ("||", "??") and _text(left).startswith("process.env"):
            default = self.value(right)
            if isinstance(default, ScalarNode) and not isinstance(default, Computed | Undecided):
                return Computed(Known(default.value, span(default), Origin.DERIVED), default)
        if _text(operator) == "+":
            return self._joined([left, right], node)
        return self._unknown(node)

    def _call(self, node: Syntax) -> Node:
        """A call is known only of helpers that name the folder of a handler: `handlerPath(__dirname)`."""
        callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
        if callee is None or arguments is None:
            return self._unknown(node)
        given = [_text(each) for each in arguments.named_children]
        if given == ["__dirname"] and _HANDLER_PATH.search(_text(callee)):
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
                texts.append(_unescaped(_text(part)))
                continue
            found = self.value(part.named_children[0] if part.type == "template_substitution" else part)
            if isinstance(found, Computed):
                origin = found.known.origin
            if isinstance(found, ScalarNode) and not isinstance(found, Undecided):
                texts.append(found.value)
            else:
                texts.append(Hole(_text(part).strip("${}")[:60]))
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
        said = " ".join(_text(node).split())
        said = f"{said[:40]}..." if len(said) > 40 else said
        return Undecided(f"what `{said}` is, is known only when it runs", place)

    def _marks(self, node: Syntax) -> tuple[Mark, Mark]:
        at = self.source.span(node.start_point, node.end_point)
        path = self.source.path
        start = Mark(path, 0, at.line - 1, at.column - 1, None, 0)
        return start, Mark(path, 0, at.end_line - 1, at.end_column - 1, None, 0)


def _text(node: Syntax) -> str:
    return (node.text or b"").decode(errors="replace")


def _string(node: Syntax | None) -> str:
    if node is None:
        return ""
    return "".join(_unescaped(_text(part)) for part in node.named_children)


def _unescaped(text: str) -> str:
    if not text.startswith("\\") or len(text) < 2:
        return text
    if text[1] in "ux":
        digits = text[2:].strip("{}")
        return chr(int(digits, 16)) if digits and int(digits, 16) < 0x110000 else text
    return _ESCAPES.get(text[1], text[1])


def _required(node: Syntax) -> str:
    """The module of `require("x")`."""
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if node.type != "call_expression" or callee is None or _text(callee) != "require" or arguments is None:
        return ""
    return _string(arguments.named_children[0]) if arguments.named_children else ""


def _inside(node: Syntax) -> list[Syntax]:
    found, pending = [], [node]
    while pending:
        each = pending.pop()
        found.append(each)
        pending.extend(each.named_children)
    return found
