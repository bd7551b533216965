"""Which packages and globals files name: what none of them names, no call of the code can be."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from slslint.facts import Attr, Facts, Name


def package_of(name: str) -> str:
    """The package of a module or dotted name: "fastapi", "hono" of "hono/aws-lambda.handle", "@nestjs/common"."""
    if "/" not in name:
        return name.partition(".")[0]
    parts = name.split("/")
    return "/".join(parts[: 2 if name.startswith("@") else 1]).partition(".")[0]


def packages_of(names: Iterable[str]) -> frozenset[str]:
    """The packages, or globals, of a table's dotted names."""
    return frozenset(map(package_of, names))


def named_in(file: Facts) -> frozenset[str]:
    """The packages that a file imports, and the names that its functions read and do not bind."""
    return frozenset(_named_in(file))


def _named_in(file: Facts) -> Iterator[str]:
    around = frozenset[str]()
    if file.language != "python":
        from slslint.app.runtime.javascript import GLOBAL_OBJECTS  # of no use to a run of Python alone

        around = GLOBAL_OBJECTS
    for function in file.functions.values():
        for statement in function.imports:
            yield package_of(statement.module)
        for read in function.reads:
            yield read.name
            if read.name in around:
                # `globalThis.fetch` is `fetch`.
                for expr, _ in function.expressions:
                    if isinstance(expr, Attr) and isinstance(expr.base, Name) and expr.base.id in around:
                        yield expr.name
