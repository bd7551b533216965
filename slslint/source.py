"""Spans, source files, and the Reader: the only thing in slslint that opens files."""

from __future__ import annotations

import os
import posixpath
import re
import stat
from bisect import bisect_left
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from typing import TypeVar, cast

from slslint.errors import UnreadableFileError
from slslint.record import cached_property, field, record

T = TypeVar("T")

MAX_BYTES = 16 * 1024 * 1024
"""Larger files are refused unread: nobody writes a handler or a template of this size."""


_NO_NAMES = ("", ".", "..")

MAX_TAG = 40
"""Characters of a template engine's tag that a message shows."""


@record(order=True)
class Span:
    """A stretch of one file. Lines and columns count from 1, columns in code points, the end is exclusive."""

    path: str
    line: int
    column: int
    end_line: int
    end_column: int

    def upto(self, other: Span) -> Span:
        """From the start of this span to the end of `other`, which lies in the same file."""
        return Span(self.path, self.line, self.column, other.end_line, other.end_column)

    def holds(self, other: Span) -> bool:
        """Whether another span of the same file lies wholly in this one."""
        return (self.line, self.column) <= (other.line, other.column) and (other.end_line, other.end_column) <= (
            self.end_line,
            self.end_column,
        )


def start_of(path: str) -> Span:
    """The first character of a file: where findings about the file as a whole are shown."""
    return Span(path, 1, 1, 1, 2)


@record()
class Problem:
    """Why a file, or part of it, was not understood.

    `kind` is "syntax" (it does not parse), "duplicate-key" (a part of it does not count), "unreadable" (it could not
    be read), "python2" (another language), "templated" (a program makes the real file of it) or "bundled" (a program
    has made this file of the real ones, which is no mistake of anybody's).
    `message` says what is wrong and what to do, lower case, no full stop.
    """

    kind: str
    at: Span
    message: str


def templated(at: Span, tag: str) -> Problem:
    """The problem of a file that does not parse because it holds a template engine's tags."""
    shown = tag if len(tag) <= MAX_TAG else f"{tag[: MAX_TAG - 1]}…"
    return Problem(
        "templated", at, f"this is a template for another program (`{shown}`); slslint reads what it renders"
    )


@record(slots=False)
class SourceFile:
    """One file's text.

    Attributes:
        path: as reports show it: relative to the working directory, with `/`.
        data: the bytes, without a byte-order mark, UTF-8.
        places: for code that is written inside a template (ZipFile, InlineCode): for each line of `data`, the
            (line, column) in `path` where that line's first character stands; else None.
        around: the lines of that template: what is put together from pieces may be longer than the line it starts in.

    """

    path: str
    data: bytes
    places: tuple[tuple[int, int], ...] | None = None
    around: tuple[str, ...] = ()

    @cached_property
    def text(self) -> str:
        return self.data.decode()

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """The lines of the text without their ends; line N is `lines[N - 1]`."""
        lines = self.text.split("\n")
        return tuple([line.removesuffix("\r") for line in lines] if "\r" in self.text else lines)

    @cached_property
    def _wide(self) -> dict[int, list[int]]:
        """For each row (from 0) that is not ASCII: the columns of bytes that do not start a code point, sorted."""
        if self.data.isascii():
            return {}
        return {
            row: [column for column, byte in enumerate(line) if byte & 0xC0 == 0x80]
            for row, line in enumerate(self.data.split(b"\n"))
            if not line.isascii()
        }

    def tag_near(self, row: int) -> str:
        """The tag of a template engine, such as `{% if x %}`, that may be why a row (from 0) does not parse; or ""."""
        tag = re.compile(r"\{%[^\n}]*%\}|<%[^\n>]*%>|\{\{[-~]?\s*[A-Za-z_.$][^\n{}:]*\}\}|%%?[A-Z]\w+%%?|@[A-Z]\w+@")
        near = [tag.search(line) for line in reversed(self.lines[max(row - 1, 0) : row + 1])]
        blocks = (re.match(r"\s*\{%[^\n}]*%\}", line) for line in self.lines)
        return next((found.group().strip() for found in (*near, *blocks) if found is not None), "")

    def unfinished_merge(self) -> Problem | None:
        """The first mark that git leaves where a merge was not finished, which no language parses."""
        for row, line in enumerate(self.lines):
            if line.startswith("<<<<<<< "):
                at = self.span((row, 0), (row, len(line.encode())))
                return Problem("syntax", at, "a merge was not finished here: keep one side, and take the marks out")
        return None

    def span(self, start: tuple[int, int], end: tuple[int, int]) -> Span:
        """The span between two tree-sitter points: (row from 0, column from 0 in bytes)."""
        first = self._place(start)
        return Span(self.path, *first, *max(first, self._place(end)))

    def _place(self, point: tuple[int, int]) -> tuple[int, int]:
        row, column = point
        if row in self._wide:
            column -= bisect_left(self._wide[row], column)
        if self.places is None:
            return row + 1, column + 1
        line, first = self.places[min(row, len(self.places) - 1)]
        if not self.around:
            return line, first + column
        line = min(line, len(self.around))
        return line, min(first + column, len(self.around[line - 1]) + 1)


def is_folder(entry: os.DirEntry[str]) -> bool:
    """Whether a listed entry is a folder; one that cannot be told, such as a link to itself, is none."""
    try:
        return entry.is_dir()
    except OSError:
        return False


def halves(path: str) -> tuple[str, str]:
    """A reported path as its folder and its name, as `posixpath.split` has them at four times the price."""
    folder, slash, name = path.rpartition("/")
    return folder or slash, name


def whole_disk(base: str) -> Reader:
    """A reader of what users name themselves, wherever it lies."""
    return Reader(base, (os.path.abspath(os.sep),))


@record(eq=False, frozen=False)
class Reader:
    """Opens files: from disk, or from the editor buffers laid over it.

    Paths go in and come out as reports show them: relative to `base`, with `/`. Nothing outside `roots` is ever read:
    a template is untrusted, and its CodeUri may point anywhere.

    Attributes:
        base: the directory that paths are relative to (the working directory).
        roots: absolute real directories that may be read.
        overlay: unsaved editor buffers by path.

    """

    base: str
    roots: tuple[str, ...]
    overlay: Mapping[str, bytes] = field(default_factory=dict)
    _files: dict[str, SourceFile] = field(default_factory=dict, repr=False)
    _folders: dict[str, str] = field(default_factory=dict, repr=False)
    _listings: dict[str, dict[str, bool]] = field(default_factory=dict, repr=False)
    _links: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _kept: dict[object, object] = field(default_factory=dict, repr=False)
    _below: tuple[str, ...] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._below = tuple(root.rstrip(os.sep) + os.sep for root in self.roots)

    def read(self, path: str, limit: int = MAX_BYTES) -> SourceFile:
        """The file at `path`, kept for the life of this Reader. Raises UnreadableFileError, with a reason for people.

        `limit` is in bytes; a larger file is refused without reading it.
        """
        file = self._files.get(path) or self._files.get(path := posixpath.normpath(path))
        if file is not None:
            return file
        data = self.overlay.get(path)
        if data is None:
            data = self._from_disk(path, limit)
        data = data.removeprefix(b"\xef\xbb\xbf")
        if b"\0" in data:
            raise UnreadableFileError(path, "it holds NUL bytes, so it is no text")
        try:
            if not data.isascii():
                data.decode()
        except UnicodeDecodeError as error:
            line = data.count(b"\n", 0, error.start) + 1
            raise UnreadableFileError(path, f"line {line} is not UTF-8; save the file as UTF-8") from None
        file = self._files[path] = SourceFile(path, data)
        return file

    def _from_disk(self, path: str, limit: int) -> bytes:
        real = self.real(path)
        if real is None:
            raise UnreadableFileError(path, "it lies outside the project, so it is not read")
        try:
            there = os.stat(real)
        except (OSError, ValueError):
            raise UnreadableFileError(path, "there is no such file") from None
        if not stat.S_ISREG(there.st_mode):
            folder = stat.S_ISDIR(there.st_mode)
            raise UnreadableFileError(path, "it is a folder" if folder else "there is no such file")
        size = there.st_size
        if size > limit:
            raise UnreadableFileError(path, f"it has {size:,} bytes, more than the {limit:,} that slslint reads")
        try:
            with open(real, "rb", buffering=0) as stream:
                return stream.read(size or -1)
        except OSError as error:
            raise UnreadableFileError(path, (error.strerror or str(error)).lower()) from None

    def is_file(self, path: str) -> bool:
        """Whether `path` can be read as a file; outside the roots nothing is there."""
        if self.overlay and posixpath.normpath(path) in self.overlay:
            return True
        real = self.real(path)
        return real is not None and os.path.isfile(real)

    def is_dir(self, path: str) -> bool:
        """Whether `path` is a folder inside the roots."""
        real = self.real(path)
        return real is not None and os.path.isdir(real)

    def inside(self, path: str) -> bool:
        """Whether `path` lies inside the roots, whether or not anything is there."""
        return self.real(path) is not None

    def entries(self, folder: str) -> Mapping[str, bool]:
        """The names in a folder, sorted, and whether each is a folder; nothing when it cannot be listed."""
        known = self._listings.get(folder)
        if known is not None:
            return known
        folder = posixpath.normpath(folder)
        if folder not in self._listings:
            real = self.real(folder)
            try:
                with os.scandir(real) if real is not None else nullcontext(()) as found:
                    self.note(folder, found)
            except (OSError, ValueError):
                # No file system has a folder of some names that an import may give.
                self.note(folder, ())
        return self._listings[folder]

    def note(self, folder: str, found: Iterable[os.DirEntry[str]]) -> Mapping[str, bool]:
        """Keep what listing a folder has found, so that nobody lists it again, or asks which of the names are links.

        Gives what `entries` gives.
        """
        names: dict[str, bool] = {}
        links: list[str] = []
        for entry in found:
            names[entry.name] = is_folder(entry)
            if entry.is_symlink():
                links.append(entry.name)
        for path in self.overlay:
            if (posixpath.dirname(path) or ".") == folder:
                names[posixpath.basename(path)] = False
        self._listings[folder] = listing = dict(sorted(names.items()))
        self._links[folder] = frozenset(links)
        return listing

    def peek(self, path: str, limit: int = 1024 * 1024) -> bytes:
        """The first `limit` bytes of a file as they are, not kept; empty when it cannot be opened."""
        data = self.overlay.get(posixpath.normpath(path)) if self.overlay else None
        if data is not None:
            return data[:limit]
        real = self.real(path)
        try:
            with open(real or "", "rb", buffering=0) as stream:
                # Asked for more than there is, Python gets a megabyte of memory and gives it back, in twice the time.
                return stream.read(min(limit, os.fstat(stream.fileno()).st_size))
        except OSError:
            return b""

    def keep(self, make: Callable[[Reader], T]) -> T:
        """What `make` works out from files: made once, and dropped with what is kept of them."""
        if make not in self._kept:
            self._kept[make] = make(self)
        return cast(T, self._kept[make])

    def forget(self) -> None:
        """Drop what is kept of files so far; they are read again when asked for. What is in folders is still known."""
        self._files.clear()
        self._kept.clear()

    def real(self, path: str) -> str | None:
        """The absolute real path; None outside the roots."""
        real = self._folders.get(path)
        if real is None:
            folder, name = halves(path)
            if name in _NO_NAMES:
                real = self._real_folder(path)
            else:
                real = self._followed(folder, self._folders.get(folder) or self._real_folder(folder), name)
        return real if real.startswith(self._below) or real in self.roots else None

    def _real_folder(self, folder: str) -> str:
        """The real path of a folder; of what is known of the folders above it, nothing is looked up again."""
        below: list[str] = []
        while (real := self._folders.get(folder)) is None:
            above, name = halves(folder)
            if name in _NO_NAMES:
                real = self._folders[folder] = os.path.realpath(os.path.join(self.base, folder))
                break
            below.append(folder)
            folder = above
        for each in reversed(below):
            real = self._folders[each] = self._followed(folder, real, halves(each)[1])
            folder = each
        return real

    def _followed(self, folder: str, real: str, name: str) -> str:
        """Where a name in a folder leads, whose real path is given."""
        path = f"{real.rstrip(os.sep)}{os.sep}{name}"
        links = self._links.get(folder or ".")
        # Whoever has listed the folder knows without asking the file system.
        may_lead = os.path.islink(path) if links is None else name in links
        return os.path.realpath(path) if may_lead else path
