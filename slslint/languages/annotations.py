"""The names that annotations mention: read when a function is defined, though not when it is called."""

from __future__ import annotations

from collections.abc import Iterable

from slslint import late

_NAME = late.pattern(r"[^\W\d]\w*")


def names_in(annotations: Iterable[str]) -> frozenset[str]:
    """Every name that stands in an annotation, in quotes too."""
    return frozenset(name for annotation in set(annotations) for name in _NAME.findall(annotation))
