"""Actions as policies write them, matched the way IAM matches them."""

from __future__ import annotations

import re
from functools import cache


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    text = re.escape(pattern).replace(r"\*", ".*").replace(r"\?", ".")
    return re.compile(text, re.IGNORECASE | re.DOTALL)


def matches(pattern: str, action: str) -> bool:
    """Whether a policy's pattern covers an action: without case, `*` any text, `?` one character."""
    if not is_wild(pattern):
        return pattern.lower() == action.lower()
    return _compiled(pattern).fullmatch(action) is not None


def service(action: str) -> str:
    """The service prefix in lower case: "s3" of "S3:Get*"; "" of "*"."""
    prefix, colon, _ = action.partition(":")
    return prefix.lower() if colon else ""


def is_wild(action: str) -> bool:
    """Whether the pattern can cover more than one action."""
    return "*" in action or "?" in action


def covers_everything(action: str) -> bool:
    """Whether the pattern covers every action of every service: `*`, `*:*`."""
    return not action.strip("*:?") and "*" in action


def covers_service(action: str) -> bool:
    """Whether the pattern covers every action of one service: `s3:*`."""
    prefix, _, name = action.partition(":")
    return bool(prefix.strip("*?")) and bool(name) and not name.strip("*")
