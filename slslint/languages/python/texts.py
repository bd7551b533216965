"""Text that Python puts together from parts: f-strings, `%` and `.format`."""

from __future__ import annotations

from slslint import late
from slslint.facts import Argument, Expr, Join, Literal, Other, Sequence
from slslint.languages.texts import join, shown

_PERCENT = late.pattern(r"%(?:%|([-#0 +]*[\d.]*)([sdrifgxX]))")
_FIELD = late.pattern(r"\{\{|\}\}|\{(\w*)(?:![rsa])?(?::[^{}]*)?\}")


def interpolated(template: Expr, right: Expr) -> Expr:
    """`template % right`"""
    values = list(right.items) if isinstance(right, Sequence) and right.kind == "tuple" else [right]
    unknown = Join((Other((template, *values)),))
    if not isinstance(template, Literal) or not isinstance(template.value, str):
        return unknown
    parts: list[Expr] = []
    rest = 0
    for found in _PERCENT.finditer(template.value):
        parts.append(Literal(template.value[rest : found.start()]))
        rest = found.end()
        if found[0] == "%%":
            parts.append(Literal("%"))
        elif values:
            parts.append(shown(values.pop(0), plain=found[0] in ("%s", "%d")))
        else:
            return unknown
    tail = template.value[rest:]
    if values or "%" in tail:
        return unknown
    return join((*parts, Literal(tail)))


def formatted(template: Expr, args: tuple[Argument, ...]) -> Expr:
    """`template.format(*args)`"""
    unknown = Join((Other((template, *(argument.value for argument in args))),))
    if not isinstance(template, Literal) or not isinstance(template.value, str):
        return unknown
    if any(argument.spread for argument in args):
        return unknown
    named = {argument.name: argument.value for argument in args if argument.name is not None}
    positional = [argument.value for argument in args if argument.name is None]
    parts: list[Expr] = []
    rest = automatic = 0
    for found in _FIELD.finditer(template.value):
        between = template.value[rest : found.start()]
        if "{" in between or "}" in between:
            return unknown
        parts.append(Literal(between))
        rest = found.end()
        if found[0] in ("{{", "}}"):
            parts.append(Literal(found[0][0]))
            continue
        field = found[1]
        if not field:
            field = str(automatic)
            automatic += 1
        value = positional[int(field)] if field.isdecimal() and int(field) < len(positional) else named.get(field)
        if value is None:
            return unknown
        parts.append(shown(value, plain=found[0].strip("{}") == found[1]))
    tail = template.value[rest:]
    if "{" in tail or "}" in tail:
        return unknown
    return join((*parts, Literal(tail)))
