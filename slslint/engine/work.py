"""What the engine goes through, and what each part of it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from slslint.app import JoinState
from slslint.config import Configuration, Settings
from slslint.engine.deployments import Deployments
from slslint.facts import Facts
from slslint.finding import Finding
from slslint.record import record
from slslint.result import Undecided
from slslint.rule import Rule
from slslint.source import Reader
from slslint.suppress import Mark

FactsOf = Callable[[str], Facts]


@record()
class Unit:
    """What is checked together: templates with their source, or a source file that no template claims.

    Attributes:
        path: the file; of templates that name each other the first, and `others` the rest.
        named: asked for by its own name. within: when not empty, only findings in these files and folders are wanted.

    """

    path: str
    template: bool
    named: bool = False
    within: frozenset[str] = frozenset()
    others: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        return (self.path, *self.others)


@record()
class Outcome:
    """What one unit came to.

    Attributes:
        files: the templates and the source files that were read. claims: the files and folders of its functions.
        dialects: those of its templates, one each.
        states: how many of their functions were joined how. unjoined: those that were not, and why.
        undecided: what else the template does not tell.
        marks: the suppressions in its files. used: those that cover a finding of this unit.
        spared: those of which nobody can tell whether they are needed.

    """

    findings: tuple[Finding, ...] = ()
    files: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    dialects: tuple[str, ...] = ()
    functions: int = 0
    states: Mapping[JoinState, int] = {}
    unjoined: tuple[Undecided, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    marks: tuple[Mark, ...] = ()
    used: tuple[Mark, ...] = ()
    spared: tuple[Mark, ...] = ()


@record()
class Run:
    """What every unit is checked with.

    Attributes:
        contexts: whether findings are to say what they stand in.

    """

    configuration: Configuration
    reader: Reader
    rules: tuple[Rule, ...]
    facts_of: FactsOf
    deployments: Deployments
    contexts: bool

    def settings_of(self, path: str) -> Settings:
        """The settings that hold for a file."""
        return self.configuration.of(path, self.reader)
