"""Python statements: blocks, definitions, imports, assignments and exits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

from tree_sitter import Node

from slslint.facts import ANY, Attr, Call, Exit, Expr, Import, Item, Literal, Logic, Name, Other
from slslint.facts import Sequence as Written
from slslint.languages.python.expressions import bind, effect, inner, lower, parameters
from slslint.languages.python.grammar import EXTRAS, Fields, by_kind, kinds
from slslint.languages.scope import MAX_NESTING, ClassScope, Scope
from slslint.source import Span

Statement: TypeAlias = Callable[[Node, Scope, int], bool]
"""Reads a statement and says whether control never passes on to the next. The number is how deeply it is nested."""

_IMPORT_FAILURES = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_NEVER_RETURN = frozenset({"sys.exit", "os._exit", "os.abort", "exit", "quit"})
_SWALLOWING = frozenset({"suppress", "raises", "assertRaises"})


def read_body(scope: Scope) -> None:
    """Read the body of a function, or of the file."""
    body = scope.body
    if body.kind_id in _BLOCKS:
        suite(body.named_children, scope, 0)
        return
    value = lower(body, scope)
    scope.exits.append(Exit("return", value, scope.unit.at(body), 0))


def suite(nodes: Sequence[Node], scope: Scope, depth: int) -> bool:
    """Read statements that follow each other; whether control leaves before their end."""
    outside = scope.block
    left = False
    if depth > MAX_NESTING:
        return left
    row = column = -1
    for index, node in enumerate(nodes):
        kind = node.kind_id
        if kind not in EXTRAS:
            start = node.start_point
            if start.row > row:
                scope.unit.crooked |= column not in (-1, start.column)
                column = start.column
            row = node.end_point.row
        if kind in _IF:
            leaving, guards = _if(node, scope, depth + 1)
            left = left or leaving
            if guards and index + 1 < len(nodes):
                rest = scope.unit.reach(nodes[index + 1], nodes[-1])
                for test, at in guards:
                    scope.open("else", scope.block, test, at, rest)
        else:
            reading = _STATEMENTS.get(kind, _expression)
            if reading(node, scope, depth + 1):
                left = True
    scope.unit.crooked |= column < 0
    scope.block = outside
    return left


def _block(node: Node | None, scope: Scope, depth: int) -> bool:
    return node is not None and suite(node.named_children, scope, depth)


def _header(node: Node, scope: Scope) -> Span:
    """A compound statement from its start to its colon."""
    last = node
    for child in node.children:
        last = child
        if child.type == ":":
            break
    return scope.unit.reach(node, last)


# --- simple statements -----------------------------------------------------------------------------------------------


def _expression(node: Node, scope: Scope, depth: int) -> bool:
    value = effect(node, scope)
    return isinstance(value, Call) and _dotted(value.callee) in _NEVER_RETURN


def _dotted(expr: Expr) -> str:
    if isinstance(expr, Attr) and isinstance(expr.base, Name):
        return f"{expr.base.id}.{expr.name}"
    return expr.id if isinstance(expr, Name) else ""


def _expression_statement(node: Node, scope: Scope, depth: int) -> bool:
    children = inner(node)
    for child in children:
        if child.kind_id in _ASSIGNMENTS:
            _STATEMENTS[child.kind_id](child, scope, depth)
        elif child.kind_id not in _STRING and _expression(child, scope, depth):
            return len(children) == 1
    return False


def _assignment(node: Node, scope: Scope, depth: int) -> bool:
    targets: list[Node] = []
    value: Node | None = node
    while value is not None and value.kind_id in _ASSIGNMENT:
        target = value.child_by_field_id(Fields.LEFT)
        if target is not None:
            targets.append(target)
        scope.unit.annotate(value.child_by_field_id(Fields.TYPE))
        value = value.child_by_field_id(Fields.RIGHT)
    if value is None:
        for target in targets:
            if target.kind_id in _IDENTIFIER:
                scope.bind(scope.unit.text(target))
        return False
    at = scope.unit.at(node)
    given = lower(value, scope)
    for target in targets:
        bind(target, given, scope, at)
    return False


def _augmented(node: Node, scope: Scope, depth: int) -> bool:
    target = node.child_by_field_id(Fields.LEFT)
    operator = node.child_by_field_id(Fields.OPERATOR)
    value = lower(node.child_by_field_id(Fields.RIGHT), scope)
    if target is not None and operator is not None:
        bind(target, value, scope, scope.unit.at(node), operator.type)
    return False


def _delete(node: Node, scope: Scope, depth: int) -> bool:
    for child in inner(node):
        bind(child, ANY, scope, scope.unit.at(child), "del")
    return False


def _return(node: Node, scope: Scope, depth: int) -> bool:
    return _exit("return", node, scope)


def _raise(node: Node, scope: Scope, depth: int) -> bool:
    return _exit("raise", node, scope)


def _exit(kind: str, node: Node, scope: Scope) -> bool:
    children = inner(node)
    values = [lower(child, scope) for child in children]
    if kind == "raise" and children and children[0].kind_id in _LIST:
        scope.unit.foreign.append(node)
    scope.exits.append(Exit(kind, values[0] if values else None, scope.unit.at(node), scope.block))
    return True


def _leave(node: Node, scope: Scope, depth: int) -> bool:
    return True


def _skip(node: Node, scope: Scope, depth: int) -> bool:
    return False


def _type_alias(node: Node, scope: Scope, depth: int) -> bool:
    left = node.child_by_field_id(Fields.LEFT)
    right = node.child_by_field_id(Fields.RIGHT)
    target = None if left is None else left.named_child(0)
    if target is None or right is None:
        return False
    if target.kind_id in _IDENTIFIER:
        scope.bind(scope.unit.text(target))
        scope.unit.annotate(right)
    elif target.kind_id in _ATTRIBUTE:
        # The grammar takes `type(self).clients = connect()` for an alias; what is assigned to is lost.
        lower(target, scope)
        lower(right.named_child(0), scope)
    return False


def _outer_names(node: Node, scope: Scope, depth: int) -> bool:
    if scope.outer is None:
        return False
    names = {scope.unit.text(child) for child in inner(node)}
    scope.outer_names |= names
    scope.bound -= names
    return False


def _parts(node: Node, scope: Scope, depth: int) -> bool:
    for child in inner(node):
        lower(child, scope)
    return False


def _old(node: Node, scope: Scope, depth: int) -> bool:
    scope.unit.foreign.append(node)
    return _parts(node, scope, depth)


def _recovered(node: Node, scope: Scope, depth: int) -> bool:
    """What stands in a stretch that does not parse: statements, or at least expressions."""
    suite([child for child in node.named_children if not child.is_missing], scope, depth)
    return False


# --- imports ---------------------------------------------------------------------------------------------------------


def _import(node: Node, scope: Scope, depth: int) -> bool:
    for child in node.children_by_field_id(Fields.NAME):
        name, alias = _names(child, scope)
        _add_import(scope, alias or name.partition(".")[0], name, None, child, alias is not None)
    return False


def _import_from(node: Node, scope: Scope, depth: int) -> bool:
    module = node.child_by_field_id(Fields.MODULE_NAME)
    if module is None:
        return False
    source = "".join(scope.unit.text(module).split())
    for child in node.children_by_field_id(Fields.NAME):
        name, alias = _names(child, scope)
        _add_import(scope, alias or name, source, name, child, alias is not None)
    for child in inner(node):
        if child.kind_id in _WILDCARD:
            _add_import(scope, "*", source, "*", node, False)
    return False


def _names(node: Node, scope: Scope) -> tuple[str, str | None]:
    """The dotted name of an imported thing, and the name it is given."""
    alias = node.child_by_field_id(Fields.ALIAS)
    name = node.child_by_field_id(Fields.NAME) if alias is not None else node
    text = "" if name is None else "".join(scope.unit.text(name).split())
    return text, None if alias is None else scope.unit.text(alias)


def _add_import(scope: Scope, binds: str, module: str, member: str | None, node: Node, aliased: bool) -> None:
    if not module or not binds:
        return
    if binds != "*":
        scope.bind(binds)
    typing_only = optional = False
    block = scope.block
    while block:
        here = scope.blocks[block]
        if here.kind == "if" and here.test is not None:
            typing_only = typing_only or _dotted(here.test).rpartition(".")[2] == "TYPE_CHECKING"
        optional = optional or block in scope.optional
        block = here.parent
    at = scope.unit.at(node)
    scope.imports.append(Import(binds, module, member, at, scope.block, aliased, typing_only, optional))


# --- compound statements ---------------------------------------------------------------------------------------------


def _if(node: Node, scope: Scope, depth: int) -> tuple[bool, list[tuple[Expr, Span]]]:
    """Read an if with its elifs and else, each in the else of the one before.

    Gives whether all branches leave; and if they do not, the tests, with their headers, that cannot have held when
    control reaches the next statement.
    """
    unit = scope.unit
    outside = scope.block
    guards: list[tuple[Expr, Span]] = []
    leaving = True
    exhaustive = False
    test: Expr = ANY
    for clause in (node, *node.children_by_field_id(Fields.ALTERNATIVE)):
        at = _header(clause, scope)
        if clause is not node:
            scope.open("else", scope.block, test, at, unit.reach(clause, node))
        if clause.kind_id in _ELSE:
            exhaustive = True
            leaving = _block(clause.child_by_field_id(Fields.BODY), scope, depth) and leaving
            break
        around = scope.block
        test = lower(clause.child_by_field_id(Fields.CONDITION), scope)
        body = clause.child_by_field_id(Fields.CONSEQUENCE)
        scope.open("if", around, test, at, unit.reach(clause, body or clause))
        leaving = _block(body, scope, depth) and leaving
        if leaving:
            guards.append((test, at))
        scope.block = around
    scope.block = outside
    return leaving and exhaustive, guards if not (leaving and exhaustive) else []


def _for(node: Node, scope: Scope, depth: int) -> bool:
    unit = scope.unit
    outside = scope.block
    iterable = lower(node.child_by_field_id(Fields.RIGHT), scope)
    body = node.child_by_field_id(Fields.BODY)
    scope.open("loop", outside, iterable, _header(node, scope), unit.reach(node, body or node))
    target = node.child_by_field_id(Fields.LEFT)
    if target is not None:
        bind(target, Item(iterable, ANY), scope, unit.at(target), "for")
    _block(body, scope, depth)
    scope.block = outside
    _loop_else(node, scope, depth)
    return False


def _while(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    body = node.child_by_field_id(Fields.BODY)
    at = _header(node, scope)
    whole = scope.unit.reach(node, body or node)
    block = scope.open("loop", outside, None, at, whole)
    test = lower(node.child_by_field_id(Fields.CONDITION), scope)
    scope.retest(block, test)
    _block(body, scope, depth)
    scope.block = outside
    _loop_else(node, scope, depth)
    return False


def _loop_else(node: Node, scope: Scope, depth: int) -> None:
    clause = node.child_by_field_id(Fields.ALTERNATIVE)
    if clause is not None:
        _clause("else", clause, None, scope, depth)


def _clause(kind: str, node: Node, test: Expr | None, scope: Scope, depth: int) -> bool:
    outside = scope.block
    scope.open(kind, outside, test, _header(node, scope), scope.unit.at(node))
    left = _block(next((child for child in node.children if child.kind_id in _BLOCK), None), scope, depth)
    scope.block = outside
    return left


def _try(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    clauses = [child for child in node.named_children if child.kind_id in _TRY_CLAUSES]
    body = node.child_by_field_id(Fields.BODY)
    block = scope.open("try", outside, None, _header(node, scope), scope.unit.reach(node, body or node))
    if any(_catches_import_failure(clause, scope) for clause in clauses if clause.kind_id in _EXCEPT):
        scope.optional.add(block)
    left = _block(body, scope, depth)
    scope.block = outside
    handled = True
    for clause in clauses:
        if clause.kind_id in _EXCEPT:
            handled = _except(clause, scope, depth) and handled
        elif clause.kind_id in _ELSE:
            left = _clause("else", clause, None, scope, depth) or left
        elif _clause("finally", clause, None, scope, depth):
            return True
    return left and handled


def _catches_import_failure(clause: Node, scope: Scope) -> bool:
    caught = clause.child_by_field_id(Fields.VALUE)
    if caught is None:
        return True
    names = scope.unit.text(caught).partition(" as ")[0].strip("() \t\r\n").split(",")
    return any(name.strip().rpartition(".")[2] in _IMPORT_FAILURES for name in names)


def _except(node: Node, scope: Scope, depth: int) -> bool:
    outside = scope.block
    values = node.children_by_field_id(Fields.VALUE)
    types: list[Expr] = []
    target: Node | None = None
    for value in values:
        shown, target = _aliased(value)
        types.append(lower(shown, scope))
    # `except A, b` gives a name in Python 2, and catches two types since Python 3.14.
    if len(values) == 2 and values[1].kind_id in _IDENTIFIER and scope.unit.text(values[1])[:1].islower():
        scope.unit.foreign.append(node)
    test = None if not types else types[0] if len(types) == 1 else Written(tuple(types), "tuple")
    scope.open("except", outside, test, _header(node, scope), scope.unit.at(node))
    if target is not None:
        bind(target, Other(() if test is None else (test,)), scope, scope.unit.at(target))
    left = _block(next((child for child in node.children if child.kind_id in _BLOCK), None), scope, depth)
    scope.block = outside
    return left


def _aliased(node: Node) -> tuple[Node, Node | None]:
    """The two sides of `value as target`."""
    if node.kind_id not in _AS:
        return node, None
    return inner(node)[0], node.child_by_field_id(Fields.ALIAS)


def _with(node: Node, scope: Scope, depth: int) -> bool:
    unit = scope.unit
    outside = scope.block
    at = _header(node, scope)
    whole = unit.at(node)
    swallows = False
    for clause in inner(node):
        for item in inner(clause) if clause.kind_id in _WITH_CLAUSE else ():
            value = item.child_by_field_id(Fields.VALUE)
            if value is None:
                continue
            manager, target = _aliased(value)
            context = lower(manager, scope)
            block = scope.open("with", scope.block, context, at, whole)
            if isinstance(context, Call) and _dotted(context.callee).rpartition(".")[2] in _SWALLOWING:
                swallows = True
                if _catches_import_failure_call(context):
                    scope.optional.add(block)
            if target is not None:
                bind(target, context, scope, unit.at(value))
    left = _block(node.child_by_field_id(Fields.BODY), scope, depth)
    scope.block = outside
    return left and not swallows


def _catches_import_failure_call(call: Call) -> bool:
    return any(_dotted(argument.value).rpartition(".")[2] in _IMPORT_FAILURES for argument in call.args)


def _match(node: Node, scope: Scope, depth: int) -> bool:
    from slslint.languages.python.patterns import capture, test_of  # few files hold a match statement

    outside = scope.block
    subjects = [lower(child, scope) for child in node.children_by_field_id(Fields.SUBJECT)]
    subject = subjects[0] if len(subjects) == 1 else Written(tuple(subjects), "tuple")
    body = node.child_by_field_id(Fields.BODY)
    leaving = True
    exhaustive = False
    for clause in () if body is None else body.named_children:
        if clause.kind_id not in _CASE:
            continue
        patterns = [child for child in inner(clause) if child.kind_id in _PATTERN]
        guard = clause.child_by_field_id(Fields.GUARD)
        test = test_of(patterns, subject, scope)
        exhaustive = exhaustive or (test is None and guard is None)
        block = scope.open("case", outside, test, _header(clause, scope), scope.unit.at(clause))
        for index, pattern in enumerate(patterns):
            capture(pattern, subject if len(patterns) == 1 else Item(subject, Literal(index)), scope)
        if guard is not None:
            condition = lower(guard.named_child(0), scope)
            scope.retest(block, condition if test is None else Logic("and", (test, condition)))
        leaving = _block(clause.child_by_field_id(Fields.CONSEQUENCE), scope, depth) and leaving
        scope.block = outside
    return leaving and exhaustive


# --- definitions -----------------------------------------------------------------------------------------------------


def _decorated(node: Node, scope: Scope, depth: int) -> bool:
    decorators = [child for child in node.named_children if child.kind_id in _DECORATOR]
    values = tuple([lower(child.named_child(0), scope) for child in decorators])
    definition = node.child_by_field_id(Fields.DEFINITION)
    if definition is not None:
        _define(definition, node, values, scope, depth)
    return False


def _definition(node: Node, scope: Scope, depth: int) -> bool:
    _define(node, node, (), scope, depth)
    return False


def _define(node: Node, whole: Node, decorators: tuple[Expr, ...], scope: Scope, depth: int) -> None:
    name = node.child_by_field_id(Fields.NAME)
    body = node.child_by_field_id(Fields.BODY)
    if name is None or body is None or name.is_missing or scope.nesting >= MAX_NESTING:
        return
    scope.bind(scope.unit.text(name))
    if node.kind_id in _CLASS:
        _class(node, whole, name, body, decorators, scope, depth)
    else:
        _function(node, whole, name, body, decorators, scope)


def _function(node: Node, whole: Node, name: Node, body: Node, decorators: tuple[Expr, ...], scope: Scope) -> None:
    unit = scope.unit
    made = Scope(unit, scope.prefix + unit.text(name), unit.at(name), unit.at(whole), body, scope.function)
    made.decorators = decorators
    made.is_async = node.children[0].type == "async"
    made.parameters = parameters(node.child_by_field_id(Fields.PARAMETERS), scope, made)
    unit.annotate(node.child_by_field_id(Fields.RETURN_TYPE))
    if isinstance(scope, ClassScope):
        made.owner = scope
        scope.methods.add(unit.text(name))
        static = any(isinstance(each, Name) and each.id == "staticmethod" for each in decorators)
        first = made.parameters[0] if made.parameters else None
        if first is not None and first.kind == "plain" and not static:
            made.receiver = first.name
            made.parameters = made.parameters[1:]
    # A property's setter shares the name of its getter, and a name is read more often than it is set.
    follows = any(isinstance(each, Attr) and each.name in ("setter", "deleter") for each in decorators)
    unit.define(made, last=not follows)


def _class(
    node: Node, whole: Node, name: Node, body: Node, decorators: tuple[Expr, ...], scope: Scope, depth: int
) -> None:
    unit = scope.unit
    made = ClassScope(scope.prefix + unit.text(name), unit.at(name), unit.at(whole), body, scope)
    made.decorators = decorators
    superclasses = node.child_by_field_id(Fields.SUPERCLASSES)
    for child in () if superclasses is None else inner(superclasses):
        if child.kind_id in _KEYWORD:
            lower(child.child_by_field_id(Fields.VALUE), scope)
        else:
            made.bases = (*made.bases, lower(child, scope))
    unit.define_class(made)
    _block(body, made, depth)
    made.leave()


_ASSIGNMENT = kinds("assignment")
_ASSIGNMENTS = kinds("assignment augmented_assignment")
_IDENTIFIER = kinds("identifier")
_ATTRIBUTE = kinds("attribute")
_BLOCK = kinds("block")
_BLOCKS = kinds("block module ERROR")
_IF = kinds("if_statement")
_ELSE = kinds("else_clause")
_EXCEPT = kinds("except_clause")
_TRY_CLAUSES = kinds("except_clause else_clause finally_clause")
_WITH_CLAUSE = kinds("with_clause")
_AS = kinds("as_pattern")
_CASE = kinds("case_clause")
_PATTERN = kinds("case_pattern")
_CLASS = kinds("class_definition")
_DECORATOR = kinds("decorator")
_KEYWORD = kinds("keyword_argument")
_LIST = kinds("expression_list")
_STRING = kinds("string")
_WILDCARD = kinds("wildcard_import")

_STATEMENTS: dict[int, Statement] = by_kind(
    {
        "expression_statement": _expression_statement,
        "assignment": _assignment,
        "augmented_assignment": _augmented,
        "delete_statement": _delete,
        "return_statement": _return,
        "raise_statement": _raise,
        "break_statement continue_statement": _leave,
        "pass_statement future_import_statement comment line_continuation": _skip,
        "type_alias_statement": _type_alias,
        "global_statement nonlocal_statement": _outer_names,
        "assert_statement": _parts,
        "print_statement exec_statement": _old,
        "ERROR block module": _recovered,
        "import_statement": _import,
        "import_from_statement": _import_from,
        "for_statement": _for,
        "while_statement": _while,
        "try_statement": _try,
        "with_statement": _with,
        "match_statement": _match,
        "decorated_definition": _decorated,
        "function_definition class_definition": _definition,
    }
)
