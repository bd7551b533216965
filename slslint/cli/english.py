"""argparse without translations: there are none of its words, and to import gettext and look for some takes 2 ms."""

from __future__ import annotations

import sys
from types import ModuleType


def _as_it_is(text: str) -> str:
    return text


def _counted(one: str, many: str, count: int) -> str:
    return one if count == 1 else many


if "argparse" not in sys.modules and "gettext" not in sys.modules:
    untranslated = ModuleType("gettext")
    untranslated.__dict__.update(gettext=_as_it_is, ngettext=_counted)
    sys.modules["gettext"] = untranslated
    try:
        import argparse  # noqa: F401
    finally:
        del sys.modules["gettext"]
