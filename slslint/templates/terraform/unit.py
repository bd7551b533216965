"""One root module with its local modules: its files, what the user decided, and the bounds of what is worked out."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from yaml.nodes import Node

from slslint.errors import UnreadableFileError
from slslint.model import Gap
from slslint.source import Problem, Reader, start_of
from slslint.templates.building import Literal, build
from slslint.templates.cloudformation.json_text import from_json
from slslint.templates.document import MAX_BYTES, span
from slslint.templates.terraform.files import files_in, settings_in
from slslint.templates.terraform.reading import attributes_of, blocks_of
from slslint.templates.terraform.syntax import Block, Written
from slslint.templates.terraform.values import literal, place

if TYPE_CHECKING:
    from slslint.templates.terraform.module import Module

MAX_MADE = 5_000
"""Instances that `count` and `for_each` may make in one unit."""


class Unit:
    """What one run of `terraform apply` deploys.

    Attributes:
        folder: that of the root module, as reported.
        parameters: the values of variables that the user decided.
        conditions: the definitions of conditions that are made of others, by name.
        depth: how many expressions are being worked out inside each other.

    """

    def __init__(self, folder: str, reader: Reader, parameters: Mapping[str, str]) -> None:
        self.folder = folder
        self.reader = reader
        self.parameters = parameters
        self.conditions: dict[str, tuple[Node, Node]] = {}
        self.gaps: list[Gap] = []
        self.problems: list[Problem] = []
        self.complete = True
        self.depth = 0
        self._made = 0
        self._blocks: dict[str, list[Block]] = {}
        self._settings: dict[str, Written] | None = None
        self._decided: dict[str, Node] = {}

    def blocks(self, folder: str) -> list[Block]:
        """The top-level blocks of the module that lies in a folder, as its files come by name."""
        if folder not in self._blocks:
            # Nobody else reads the root module, but what it calls other units may call too.
            known = {} if folder == self.folder else self.reader.keep(_known)
            if folder not in known:
                known[folder] = _read(folder, self.reader)
            self._blocks[folder], problems = known[folder]
            self.problems += problems
            self.complete &= not problems
        return self._blocks[folder]

    def decided(self, name: str, root: Module) -> Node | None:
        """The value of a variable of the root module that the user, or a file that always counts, gives."""
        from slslint.templates.terraform.evaluate import evaluate

        if name not in self._decided:
            at = place(start_of(self.folder))
            if name in self.parameters:
                text = self.parameters[name]
                self._decided[name] = (from_json(text, at) if text[:1] in ("[", "{") else None) or literal(text, at)
            else:
                if self._settings is None:
                    self._settings = self._read_settings()
                written = self._settings.get(name)
                if written is None:
                    return None
                self._decided[name] = evaluate(written, root, {})
        return self._decided[name]

    def reported(self, path: str) -> str:
        """A path that is relative to the root module, as reported."""
        return posixpath.normpath(posixpath.join(self.folder, path.replace("\\", "/")))

    def text(self, path: str) -> str | None:
        """The text of a local file; None when it cannot be read."""
        try:
            return self.reader.read(path, MAX_BYTES).text if self.reader.is_file(path) else None
        except UnreadableFileError:
            return None

    def lines(self, path: str) -> tuple[str, ...]:
        """The lines of a file; none when it cannot be read."""
        try:
            return self.reader.read(path, MAX_BYTES).lines
        except UnreadableFileError:
            return ()

    def may_make(self, count: int) -> bool:
        """Whether as many more instances may be made."""
        self._made += count
        return self._made <= MAX_MADE

    def all_of(self, parts: Iterable[tuple[str, bool]]) -> str:
        """The name of the condition that holds when all of these hold, or do not, as they say; "" for none of them."""
        names = [name if holds else self._negated(name) for name, holds in dict.fromkeys(parts)]
        if len(names) < 2:
            return names[0] if names else ""
        name = " && ".join(names)
        self._define(name, {"Fn::And": [{"Condition": each} for each in names]})
        return name

    def equals(self, name: str, variable: str, value: str) -> None:
        """Note that a condition asks whether a variable is a text."""
        self._define(name, {"Fn::Equals": [{"Ref": variable}, value]})

    def gap(self, at: Node, why: str) -> None:
        """Say what was not understood."""
        self.gaps.append(Gap(span(at), why))

    def _negated(self, condition: str) -> str:
        name = f"!({condition})"
        self._define(name, {"Fn::Not": [{"Condition": condition}]})
        return name

    def _define(self, name: str, definition: Literal) -> None:
        at = place(start_of(self.folder))
        self.conditions.setdefault(name, (build(name, at), build(definition, at)))

    def _read_settings(self) -> dict[str, Written]:
        found: dict[str, Written] = {}
        for path in settings_in(self.folder, self.reader):
            try:
                file = self.reader.read(path, MAX_BYTES)
            except UnreadableFileError as error:
                self.problems.append(Problem("unreadable", start_of(path), error.why))
                continue
            values, problems = attributes_of(file)
            self.problems += problems
            found.update(values)
        return found


def _known(reader: Reader) -> dict[str, tuple[list[Block], list[Problem]]]:
    return {}


def _read(folder: str, reader: Reader) -> tuple[list[Block], list[Problem]]:
    """The blocks of the module in a folder, and why some are missing."""
    found: list[Block] = []
    problems: list[Problem] = []
    for path in files_in(folder, reader) if folder else ():
        try:
            blocks, wrong = blocks_of(reader.read(path, MAX_BYTES))
        except UnreadableFileError as error:
            blocks, wrong = [], [Problem("unreadable", start_of(path), error.why)]
        problems += wrong
        found = _overridden(found, blocks, posixpath.basename(path))
    return found, problems


def _overridden(known: list[Block], blocks: list[Block], name: str) -> list[Block]:
    """The blocks with those of one more file; those of an override file change what is there."""
    stem = name.partition(".")[0]
    if stem != "override" and not stem.endswith("_override"):
        return [*known, *blocks]
    by_name = {(block.type, *block.labels): block for block in known}
    for block in blocks:
        changed = by_name.get((block.type, *block.labels))
        if changed is None:
            known = [*known, block]
            continue
        changed.attributes.update(block.attributes)
        changed.blocks.update(block.blocks)
    return known
