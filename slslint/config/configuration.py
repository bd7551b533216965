"""Which settings hold where: those of the run, and those that a file nearer to a path gives it."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from slslint.config.layers import NAMES, Layer, from_command_line, layers_of, nearest_file
from slslint.config.settings import Settings
from slslint.config.vocabulary import Vocabulary, Words
from slslint.errors import UsageError
from slslint.patterns import covers
from slslint.record import cached_property, record, replace
from slslint.source import Reader, halves


@record(eq=False, slots=False)
class Domain:
    """What holds for the paths that one file with settings governs.

    Attributes:
        files: what that file says, after those that it extends. over: the command line, which beats every file.
        plain: the settings where no override speaks.

    """

    plain: Settings
    files: tuple[Layer, ...] = ()
    over: Layer | None = None
    words: Mapping[str, Words] = {}

    @property
    def layers(self) -> tuple[Layer, ...]:
        """Every place that says something, the last of which counts."""
        return self.files if self.over is None else (*self.files, self.over)

    def at(self, path: str, base: str) -> Settings:
        """The settings of a path below `base`."""
        which = self.overriding(path, base)
        return self.with_overrides(which) if which else self.plain

    def overriding(self, path: str, base: str) -> tuple[int, ...]:
        """The overrides, by number, that speak of a path."""
        if not self._overrides:
            return ()
        path = self.plain.path(path, base)
        return tuple(index for index, each in enumerate(self._overrides) if covers(each["paths"], path))

    def with_overrides(self, which: tuple[int, ...]) -> Settings:
        """The settings where some overrides speak."""
        if which not in self._made:
            self._made[which] = self._settings(self.values(which))
        return self._made[which]

    def values(self, which: tuple[int, ...]) -> dict[str, Any]:
        """What is said, by key, where some overrides speak."""
        from slslint.config import merging

        said = self._said
        for index in which:
            said = merging.over(said, {key: each for key, each in self._overrides[index].items() if key != "paths"})
        if self.over is not None:
            said = merging.over(said, merging.read(self.over, self.words, self.plain.root))
        return said

    def all(self) -> Iterator[Settings]:
        """Settings that together let every rule speak that any path of this domain lets speak."""
        yield self.plain
        for index in range(len(self._overrides)):
            yield self.with_overrides((index,))

    def _settings(self, said: dict[str, Any]) -> Settings:
        from slslint.config import merging

        notes = tuple(note for layer in self.layers for note in merging.renamed(layer, self.words))
        return merging.settings(said, self.plain.root, self.plain.file, notes)

    # Fields that are made for each would cost every start a compilation.
    @cached_property
    def _made(self) -> dict[tuple[int, ...], Settings]:
        return {}

    @cached_property
    def _said(self) -> dict[str, Any]:
        if not self.files:
            return {}
        from slslint.config import merging

        said: dict[str, Any] = {}
        for layer in self.files:
            said = merging.over(said, merging.read(layer, self.words, self.plain.root))
        return said

    @cached_property
    def _overrides(self) -> tuple[dict[str, Any], ...]:
        if not self.layers:
            return ()
        overrides: tuple[dict[str, Any], ...] = self.values(()).get("overrides", ())
        return overrides


def _domain(path: str | None, start: str, over: Layer | None, words: Vocabulary) -> Domain:
    """What a file with settings says; without one, what holds in the folder `start`."""
    files = () if path is None else layers_of(path)
    root = files[-1].root if files else os.path.realpath(start)
    bare = Domain(Settings(root=root, file=path), files, over, words)
    if not bare.layers:
        return bare
    return replace(bare, plain=bare._settings(bare.values(())))


@record(eq=False, slots=False)
class Configuration:
    """The settings of a run and of each path.

    The file that governs the working directory decides what concerns the run as a whole: form and place of reports,
    what fails, the baseline. What is said of a path, the file decides that is nearest to it.

    Attributes:
        here: what holds in the working directory. nested: whether files nearer to a path are asked for.

    """

    here: Domain
    nested: bool = False
    over: Layer | None = None
    words: Mapping[str, Words] = {}

    @cached_property
    def _folders(self) -> dict[str, Domain]:
        return {}

    @property
    def run(self) -> Settings:
        """The settings of the run as a whole."""
        return self.here.plain

    def of(self, path: str, reader: Reader) -> Settings:
        """The settings that hold for a file, as the reader reports it."""
        if not self.nested:
            return self.here.at(path, reader.base)
        return self.domain(halves(path)[0], reader).at(path, reader.base)

    def domain(self, folder: str, reader: Reader) -> Domain:
        """What governs a folder: its own file with settings, or else the nearest one above."""
        if not self.nested:
            return self.here
        found = self._folders.get(folder) or self._folders.get(folder := posixpath.normpath(folder or "."))
        if found is None:
            found = self._folders[folder] = self._own(folder, reader) or self._above(folder, reader)
        return found

    def _above(self, folder: str, reader: Reader) -> Domain:
        above = posixpath.normpath(posixpath.join(folder, ".."))
        at_top = not reader.inside(above) or reader.real(above) == reader.real(folder)
        return self.here if at_top else self.domain(above, reader)

    def _own(self, folder: str, reader: Reader) -> Domain | None:
        entries = reader.entries(folder)
        for name in NAMES:
            if name not in entries:
                continue
            path = posixpath.join(folder, name)
            if name == "pyproject.toml" and b"slslint" not in reader.peek(path):
                continue
            real = os.path.realpath(os.path.join(reader.base, path))
            if self.run.file is not None and real == os.path.realpath(self.run.file):
                return self.here
            if nearest_file(os.path.dirname(real)) == real:
                return _domain(real, ".", self.over, self.words)
        return None

    def excluded(self, folder: str, reader: Reader) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The patterns that leave out what lies in a folder, each with the real folder that they are relative to.

        What the run leaves out stays out; a file nearer can leave out more.
        """
        if not self.nested and not self.run.exclude:
            return ()
        settings = self.domain(folder, reader).plain
        both = (settings, self.run) if settings is not self.run else (settings,)
        return tuple((os.path.realpath(each.root), each.exclude) for each in both if each.exclude)

    def excludes(self, path: str, reader: Reader) -> bool:
        """Whether a file is left out, as the reader reports it."""
        excluded = self.excluded(halves(path)[0], reader)
        return bool(excluded) and any(
            covers(patterns, os.path.relpath(os.path.join(reader.base, path), root).replace(os.sep, "/"))
            for root, patterns in excluded
        )

    def known(self) -> Iterator[Settings]:
        """All settings that were met so far."""
        for domain in dict.fromkeys((self.here, *self._folders.values())):
            yield from domain.all()


def configuration(
    words: Vocabulary,
    start: str = ".",
    files: Sequence[str] = (),
    given: Mapping[str, Any] | None = None,
    *,
    isolated: bool = False,
) -> Configuration:
    """What holds when slslint runs in the folder `start`.

    `files` are the values of --config: one file at most, and settings as TOML. `given` is what other options say, by
    key. `isolated`: no file is read. Raises UsageError, which names the place, for what it cannot mean.
    """
    inline = tuple(each for each in files if "=" in each and not os.path.exists(each))
    named = [each for each in files if each not in inline]
    if len(named) + isolated > 1:
        why = "--isolated reads no file" if isolated else f"{named[1]} is another file"
        raise UsageError(f"--config {named[0]}: {why}; choose one")
    over = from_command_line(given or {}, inline)
    path = named[0] if named else None if isolated else nearest_file(os.path.realpath(start))
    return Configuration(_domain(path, start, over, words), not (named or isolated), over, words)


def everywhere(settings: Settings) -> Configuration:
    """The configuration in which the same settings hold for every path."""
    return Configuration(Domain(settings))


def load(vocabulary: Vocabulary, file: str | None = None, start: str = ".") -> Settings:
    """The settings of `file`, or of the nearest file with settings above `start`."""
    return configuration(vocabulary, start, () if file is None else (file,)).run
