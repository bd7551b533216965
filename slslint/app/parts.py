"""What a symbol is made of."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.app.symbols import AnyOf, Element, EnvVar, Group, Joined, Member, Result, Symbol, Unresolved


def parts_of_symbol(symbol: Symbol) -> Iterator[Symbol]:
    """The symbol and everything it is made of, the arguments of the calls that made it included."""
    todo = [symbol]
    calls = set()
    while todo:
        here = todo.pop()
        yield here
        match here:
            case Result(of, site):
                todo.append(of)
                # A value can go in circles through a loop.
                if site.call not in calls:
                    calls.add(site.call)
                    todo.extend(site.argument_symbols())
            case Member(of, _) | Element(of, _):
                todo.append(of)
            case Joined(parts) | AnyOf(parts) | Unresolved(parts) | Group(parts, _):
                todo.extend(parts)
            case EnvVar(_, default) if default is not None:
                todo.append(default)
            case _:
                pass
