"""What a file of JavaScript or TypeScript declares: its top-level names, imports and exports, as they are written."""

from __future__ import annotations

import re

from tree_sitter import Node as Syntax

from slslint.grammar import text_of

_ESCAPES = {"n": "\n", "r": "\r", "t": "\t", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}


class Declared:
    """What one file declares.

    Attributes:
        names: the expression that each name is given. changed: the names whose values change later.
        imports: by the name here, the module and the name in it ("default", "*"); by "export NAME" what is passed on.
        exports: the expression of each export. passed_on: the modules of which everything is.

    """

    def __init__(self, root: Syntax) -> None:
        self.names: dict[str, Syntax] = {}
        self.imports: dict[str, tuple[str, str]] = {}
        self.exports: dict[str, Syntax] = {}
        self.passed_on: list[str] = []
        self.changed: set[str] = set()
        for statement in root.named_children:
            self._read(statement)

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
        module = string_in(statement.child_by_field_name("source"))
        for clause in (each for each in statement.named_children if each.type == "import_clause"):
            for each in clause.named_children:
                if each.type == "identifier":
                    self.imports[text_of(each)] = module, "default"
                elif each.type == "namespace_import":
                    self.imports[text_of(each.named_children[0])] = module, "*"
                elif each.type == "named_imports":
                    for specifier in each.named_children:
                        name = specifier.child_by_field_name("name")
                        alias = specifier.child_by_field_name("alias") or name
                        if name is not None and alias is not None:
                            self.imports[text_of(alias)] = module, text_of(name)

    def _declare(self, statement: Syntax) -> list[str]:
        found = []
        for declarator in statement.named_children:
            name, value = declarator.child_by_field_name("name"), declarator.child_by_field_name("value")
            if declarator.type != "variable_declarator" or name is None or value is None:
                continue
            required = _required(value)
            if name.type == "identifier" and required:
                self.imports[text_of(name)] = required, "default"
            elif name.type == "identifier":
                self.names[text_of(name)] = value
                found.append(text_of(name))
            elif name.type == "object_pattern" and required:
                for each in name.named_children:
                    if each.type == "shorthand_property_identifier_pattern":
                        self.imports[text_of(each)] = required, text_of(each)
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
            self.passed_on.append(string_in(source))
        for clause in (each for each in statement.named_children if each.type == "export_clause"):
            for specifier in clause.named_children:
                name = specifier.child_by_field_name("name")
                alias = specifier.child_by_field_name("alias") or name
                if name is None or alias is None:
                    continue
                if source is None:
                    self.exports[text_of(alias)] = name
                else:
                    self.imports[f"export {text_of(alias)}"] = string_in(source), text_of(name)
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
        target = text_of(left)
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
            self.changed.add(re.split(r"[.\[]", text_of(left))[0])
        elif expression.type == "call_expression":
            self.changed.update(text_of(each) for each in _inside(expression) if each.type == "identifier")


def string_in(node: Syntax | None) -> str:
    """What stands in a string; "" for none."""
    if node is None:
        return ""
    return "".join(unescaped(text_of(part)) for part in node.named_children)


def unescaped(part: str) -> str:
    """What a part of a string stands for, which may be an escape."""
    if not part.startswith("\\") or len(part) < 2:
        return part
    if part[1] in "ux":
        digits = part[2:].strip("{}")
        return chr(int(digits, 16)) if digits and int(digits, 16) < 0x110000 else part
    return _ESCAPES.get(part[1], part[1])


def _required(node: Syntax) -> str:
    """The module of `require("x")`."""
    callee, arguments = node.child_by_field_name("function"), node.child_by_field_name("arguments")
    if node.type != "call_expression" or callee is None or text_of(callee) != "require" or arguments is None:
        return ""
    return string_in(arguments.named_children[0]) if arguments.named_children else ""


def _inside(node: Syntax) -> list[Syntax]:
    found, pending = [], [node]
    while pending:
        each = pending.pop()
        found.append(each)
        pending.extend(each.named_children)
    return found
