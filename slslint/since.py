"""What has changed since a revision in git, and which findings are about it.

A finding is about what has changed when one of these has a changed line:

- its own place, a related one, or a step of its path;
- the function of the source or the resource of the template around its own place or a related one, whole: the line that
  made it may be gone, as when a timeout is taken out;
- where it stands in a deployed function, that is in its resource or its handler, all of that: the resource, what this
  inherits (SAM's Globals, a service's provider), and the handler;
- where a file cannot be read or parsed, anything in it.

Changed is what differs between the working tree and the commit at which the branch left REV, files too that git does
not know yet. Taken-out lines count for what stands before them. What git ignores has not changed.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence

from slslint.errors import UsageError
from slslint.finding import Finding
from slslint.fingerprint import stamped
from slslint.record import record
from slslint.result import Result, with_findings
from slslint.source import Reader, Span, start_of

_EMPTY = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
"""The tree without files, which git knows in every repository."""

_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_ESCAPE = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
_ESCAPED = {b"a": b"\a", b"b": b"\b", b"f": b"\f", b"n": b"\n", b"r": b"\r", b"t": b"\t", b"v": b"\v"}

_DIFF = (
    "diff", "--unified=0", "--inter-hunk-context=0", "--no-color", "--no-ext-diff", "--no-textconv", "--no-relative",
    "--find-renames", "--ignore-submodules=all", "--src-prefix=a/", "--dst-prefix=b/",
)  # fmt: skip

WHOLE = range(1, 1 << 31)
"""Every line of a file."""

Changes = Mapping[str, Sequence[range]]
"""The changed lines of each file by its absolute real path, in order; what was taken out is in the line before it."""


def only_changed(result: Result, changed: Changes, reader: Reader) -> Result:
    """The result without the findings that are about nothing that has changed, but that slslint itself has failed."""
    findings = stamped(result.findings, reader)
    kept = [each for each in findings if each.rule == "internal-error" or _is_changed(each, changed, reader)]
    return with_findings(result, kept, unchanged=len(findings) - len(kept))


def _is_changed(finding: Finding, changed: Changes, reader: Reader) -> bool:
    for at in (finding.at, *(each.at for each in (*finding.related, *finding.path)), *finding.context.around):
        lines = changed.get(reader.real(at.path) or "", ())
        if lines and (_of_file(finding, at) or _meets(at, lines)):
            return True
    return False


def _of_file(finding: Finding, at: Span) -> bool:
    return at == start_of(at.path) or (at == finding.at and finding.rule == "syntax-error")


def _meets(at: Span, lines: Sequence[range]) -> bool:
    first = bisect_left(lines, at.line, key=lambda each: each.stop - 1)
    return first < len(lines) and lines[first].start <= at.end_line


# --- git -------------------------------------------------------------------------------------------------------------


def changes(rev: str, reader: Reader) -> Changes:
    """What has changed since `rev` in the projects of a reader. UsageError when git cannot tell, with what to do."""
    found: dict[str, Sequence[range]] = {}
    for root in reader.roots:
        git = _Git(root)
        top = os.path.realpath(os.fsdecode(git.run("rev-parse", "--show-toplevel").rstrip(b"\n")))
        patch = git.run(*_DIFF, _start(rev, git), "--", at=top)
        untracked = git.run("ls-files", "--others", "--exclude-standard", "-z", at=top).split(b"\0")
        found |= {_real(top, path): [WHOLE] for path in untracked if path}
        found |= {_real(top, path): lines for path, lines in _changed_lines(patch).items()}
    return found


def _real(top: str, path: bytes) -> str:
    return os.path.join(top, *os.fsdecode(path).split("/"))


def _start(rev: str, git: _Git) -> str:
    """The commit that is compared with: where the branch left `rev`."""
    shallow = git.run("rev-parse", "--is-shallow-repository").strip() == b"true"
    deeper = (
        "this clone is shallow; fetch the whole history (`fetch-depth: 0` for GitHub's checkout, `GIT_DEPTH: 0` for"
        " GitLab, else `git fetch --unshallow`)"
    )
    head = git.asked("rev-parse", "--verify", "--quiet", "HEAD^{commit}")
    if head is None and rev == "HEAD":
        return _EMPTY  # before the first commit everything is new
    commit = git.asked("rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    if commit is None:
        hint = deeper if shallow else "name a branch, tag or commit that is here, such as `origin/main`, or fetch it"
        raise UsageError(f"--since: git knows no commit `{rev}`; {hint}")
    base = git.asked("merge-base", commit, head or commit)
    if base is None:
        hint = deeper if shallow else "name a revision that this branch comes from"
        raise UsageError(f"--since: `{rev}` and what is checked out have no common commit; {hint}")
    return base


def _changed_lines(patch: bytes) -> dict[bytes, list[range]]:
    """The lines of each file that are new, by its path in the repository; of files that are gone all."""
    found: dict[bytes, list[range]] = {}
    here: list[range] = []
    left = 0
    for line in patch.split(b"\n"):
        if left and line[:1] in (b"+", b"-"):
            left -= 1
        elif line.startswith(b"--- "):
            found[_path(line[4:])[2:]] = [WHOLE]  # it is gone, unless the next line names it again
        elif line.startswith(b"rename from "):
            found[_path(line[12:])] = [WHOLE]
        elif line.startswith(b"+++ "):
            here = found[_path(line[4:])[2:]] = []
        elif hunk := _HUNK.match(line):
            start, count = int(hunk[1]), int(hunk[2] or 1)
            left = count + _taken(line)
            here.append(range(max(start, 1), max(start, 1) + max(count, 1)))
    return found


def _taken(hunk: bytes) -> int:
    """How many lines a hunk takes out."""
    old = hunk.split(b" ", 2)[1]
    return int(old.partition(b",")[2] or 1)


def _path(name: bytes) -> bytes:
    """A path in a patch: in quotes when it holds special characters, with a tab behind it when it holds spaces."""
    name = name.removesuffix(b"\t")
    if not name.startswith(b'"'):
        return name
    return _ESCAPE.sub(lambda match: _unescaped(match[1]), name[1:-1])


def _unescaped(code: bytes) -> bytes:
    return bytes([int(code, 8)]) if code.isdigit() else _ESCAPED.get(code, code)


@record(eq=False)
class _Git:
    """git in a project, in the environment of the hook that slslint may run in."""

    root: str

    def run(self, *arguments: str, at: str = "") -> bytes:
        """What a command prints. UsageError with git's own words when it fails."""
        status, out, said = self._ran(arguments, at)
        if status == 0:
            return out
        words = " ".join(said.decode(errors="replace").split())
        if "not a git repository" in words:
            raise UsageError(
                f"--since: {self.root} is in no git repository; leave --since out, or check what is in one"
            )
        raise UsageError(f"--since: git cannot tell what has changed: {words}")

    def asked(self, *arguments: str) -> str | None:
        """The one word that a command answers; None when it fails."""
        status, out, _ = self._ran(arguments)
        return out.split()[0].decode() if status == 0 and out.split() else None

    def _ran(self, arguments: Sequence[str], at: str = "") -> tuple[int, bytes, bytes]:
        import subprocess  # only this asks anybody

        command = ["git", "-c", "core.quotePath=false", "-C", at or self.root, *arguments]
        try:
            ran = subprocess.run(command, capture_output=True, check=False, env=dict(_environment()))
        except OSError as error:
            why = "git is not installed" if isinstance(error, FileNotFoundError) else str(error).lower()
            raise UsageError(f"--since: {why}; install git, or leave --since out") from None
        return ran.returncode, ran.stdout, ran.stderr


def _environment() -> Iterator[tuple[str, str]]:
    """The environment, in which the paths that git gives to hooks mean the same from every folder."""
    for name, value in os.environ.items():
        if name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
            yield name, os.path.abspath(value)
        elif name != "GIT_DIFF_OPTS":  # it would overrule --unified
            yield name, value
    yield "LC_ALL", "C"
    yield "GIT_OPTIONAL_LOCKS", "0"
