"""Templates lowered, each when its turn comes, or ahead of that for who asks which of them name each other."""

from __future__ import annotations

from collections.abc import Mapping

from slslint.config import Configuration
from slslint.link import modules
from slslint.model import Deployment, Text
from slslint.source import Reader
from slslint.templates import read


class Deployments:
    """The deployments of templates, under the settings of each."""

    def __init__(self, configuration: Configuration, reader: Reader) -> None:
        self._configuration = configuration
        self._reader = reader
        self._kept: dict[str, Deployment | None] = {}

    def of(self, path: str, given: Mapping[str, Text] | None = None) -> Deployment | None:
        """What a template deploys, which may stand in another one that gives it parameters; None when it is none."""
        if not given and path in self._kept:
            return self._kept.pop(path)
        parameters = self._configuration.of(path, self._reader).parameters
        return read(path, self._reader, parameters, modules(self._reader), given or {})

    def ahead(self, path: str) -> Deployment | None:
        """The same before its turn: it is kept until that comes."""
        if path not in self._kept:
            self._kept[path] = self.of(path)
        return self._kept[path]
