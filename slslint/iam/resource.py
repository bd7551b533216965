"""Resources as policies write them."""

from __future__ import annotations

import re

from slslint.model import Hole, Pattern, Text

EVERY_SERVICE = "*"
_USER_MADE = re.compile(r"(?:(?<!\*):|/)(?:\*/|\*\*+(?=[:/]|$))")


def _flat(text: Text) -> str:
    """The text with everything undecided as one letter, so that its colons are its own."""
    if isinstance(text, Pattern):
        return "".join(part if isinstance(part, str) else "x" if isinstance(part, Hole) else "y" for part in text.parts)
    return text if isinstance(text, str) else "y"


def wild_for(text: Text) -> str | None:
    """The service of which the text names every resource: "s3" for `arn:aws:s3:::*`, EVERY_SERVICE for `*`; else None.

    The region or account may be given: every resource in them is still every resource that a function meets.
    """
    flat = _flat(text)
    if flat and not flat.strip("*"):
        return EVERY_SERVICE
    parts = flat.split(":", 5)
    if parts[0] != "arn" or "*" not in parts[-1] or parts[-1].strip("*/:"):
        return None
    service = parts[2].lower() if len(parts) > 3 else "*"
    return EVERY_SERVICE if "*" in service else service


def made_wild(text: Text) -> bool:
    """Whether a name in an ARN became a wildcard because a parameter was given one: `arn:...:table/*/index/*`.

    Where the account is a wildcard as well, whoever brought the policy wanted it so.
    """
    if not isinstance(text, Pattern | str):
        return False
    flat = _flat(text)
    # After the name of a bucket come those of its objects.
    return _USER_MADE.search(flat[: flat.find("/") + 1] if ":s3:::" in flat else flat) is not None
