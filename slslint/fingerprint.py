"""What tells a finding again in another run, after lines have moved and other findings have come and gone."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator

from slslint.errors import UnreadableFileError
from slslint.finding import Finding
from slslint.languages import language_of
from slslint.project import in_repository, path_from
from slslint.record import replace
from slslint.source import Reader, Span

LONGEST = 120
"""Characters of the code that count: what stands inside a long call may change."""

_COMMENTS = re.compile(r"(?m)^\s*\*\s.*$|(?:^|(?<=\s))(?:#|//|/\*).*$")
_NUMBERS = re.compile(r"(?<![\w.])\d+(?:\.\d+)?(?!\w)")
_FORMAT = re.compile(r"""\s|[;\\]|,(?=\s*[)\]}])""")
_KEY = re.compile(r"""([\w-]+)["']?\s*[:=]\s*["']?$""")


def fingerprints(findings: Iterable[Finding], reader: Reader, base: str | None = None) -> Iterator[str]:
    """One per finding, no two alike: `<hash>:<ordinal>`, the ordinal telling equals apart in their order.

    The hash is of the rule and its variant, the file, the function or resource around the place, and the code there, as
    far as neither its format nor a number in it counts. Neither the line nor the message is in it, nor the deployed
    function: code that several share is one place. Files count as they lie in the repository, wherever slslint runs;
    where there is none as they lie in the working directory; or in `base` (absolute), when it is given.
    """
    seen: Counter[str] = Counter()
    for finding in findings:
        if finding.fingerprint and base is None:
            yield finding.fingerprint
            continue
        key = _key(finding, reader, base)
        seen[key] += 1
        yield f"{key}:{seen[key]}"


def stamped(findings: Iterable[Finding], reader: Reader) -> tuple[Finding, ...]:
    """The findings with their fingerprints, which stay when some of them are left out."""
    findings = tuple(findings)
    made = fingerprints(findings, reader)
    return tuple(replace(each, fingerprint=own) for each, own in zip(findings, made, strict=True))


def _key(finding: Finding, reader: Reader, base: str | None) -> str:
    from hashlib import sha256  # most runs write no fingerprints

    path = finding.at.path
    place = in_repository(path, reader) if base is None else path_from(base, path, reader)
    parts = (finding.rule, finding.variant, place, finding.context.name, _code(finding.at, reader))
    return sha256("\0".join(parts).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _code(at: Span, reader: Reader) -> str:
    """The code at a place, without comments, format and numbers; in a template with the key that it is the value of."""
    try:
        lines = reader.read(at.path).lines
    except UnreadableFileError:
        return ""
    if not at.line <= at.end_line <= len(lines):
        return ""
    *whole, last = lines[at.line - 1 : at.end_line]
    text = "\n".join([*whole, last[: at.end_column - 1]])
    before, text = text[: at.column - 1], text[at.column - 1 :]
    key = _KEY.search(before) if language_of(at.path) is None else None
    # What is said of a comment is said of its words.
    text = _NUMBERS.sub("0", _COMMENTS.sub("", text).strip() or text)
    return f"{key[1] if key else ''}\0{_FORMAT.sub('', text).replace(chr(39), chr(34))[:LONGEST]}"
