"""What boxes are called: as short as it stays clear."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from slslint.diagram.sketch import Thing


def short_names(things: Iterable[Thing]) -> dict[str, str]:
    """The name of each thing by its id: of an address in Terraform what is not the provider's, where it is clear."""
    listed = list(things)
    short = {thing.id: _short(thing.name) for thing in listed}
    often = Counter((thing.kind, short[thing.id]) for thing in listed)
    return {thing.id: short[thing.id] if often[thing.kind, short[thing.id]] == 1 else thing.name for thing in listed}


def _short(name: str) -> str:
    parts = name.split(".")
    if not any(part.startswith("aws_") for part in parts):
        return name
    kept = [part for part in parts if part != "module" and not part.startswith("aws_")]
    own = kept[-1].partition("[")[0] if kept else ""
    if own in ("this", "main", "default") and len(kept) > 1:
        kept.pop()
    return ".".join(kept) or name
