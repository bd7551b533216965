"""Progress on the terminal of who waits; nothing in a pipe, or where no line can be wiped away."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slslint.engine import Progress


@contextmanager
def shown(*, quiet: bool) -> Iterator[Progress | None]:
    """What shows progress on stderr, and wipes it away at the end; None when nobody would see it."""
    if quiet or not sys.stderr.isatty() or os.environ.get("TERM") == "dumb":
        yield None
        return
    try:
        yield _show
    finally:
        print("\r\033[K", end="", file=sys.stderr)


def _show(done: int, total: int) -> None:
    if done % 16 == 0 or done == total:
        print(f"\r\033[Kchecking {done}/{total}", end="", file=sys.stderr, flush=True)
