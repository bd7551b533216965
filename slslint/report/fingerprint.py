"""What tells a finding again in another run, after lines have moved."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from hashlib import sha256

from slslint.errors import UnreadableFileError
from slslint.finding import Finding
from slslint.source import Reader, Span


def fingerprints(findings: Sequence[Finding], reader: Reader) -> Iterator[str]:
    """One per finding, no two alike: `<hash>:<ordinal>`.

    The hash is of the rule, the file, the function, and the text of the line without its indentation. The number of the
    line is not in it. The ordinal tells equals apart, in their order in the file.
    """
    seen: Counter[str] = Counter()
    for finding in findings:
        parts = (finding.rule, finding.at.path, finding.function or "", _line(finding.at, reader))
        key = sha256("\0".join(parts).encode()).hexdigest()[:16]
        seen[key] += 1
        yield f"{key}:{seen[key]}"


def _line(span: Span, reader: Reader) -> str:
    try:
        lines = reader.read(span.path).lines
    except UnreadableFileError:
        return ""
    return " ".join(lines[span.line - 1].split()) if span.line <= len(lines) else ""
