"""A function of the application's source, and the files it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from slslint.app.mentions import everything, mentioned
from slslint.app.packages import named_in
from slslint.app.scope import Scopes
from slslint.facts import Attr, Expr, Facts, Function, Import, Name
from slslint.record import field, record

if TYPE_CHECKING:
    from slslint.app.symbols import Symbol


@record(eq=False, frozen=False)
class Place:
    """A function of the application's source: its file's facts and itself.

    One object per function and application, so places can be compared with `is` and put into sets.

    Attributes:
        path: the file. in_python: whether it is written in Python; else in JavaScript or TypeScript.
        name: the function's key in its file; "" for the module body.

    """

    facts: Facts
    function: Function
    path: str = field(init=False)
    name: str = field(init=False)
    in_python: bool = field(init=False)

    def __post_init__(self) -> None:
        self.path = self.facts.path
        self.name = self.function.name
        self.in_python = self.facts.language == "python"

    @property
    def title(self) -> str:
        """What people call it: the function's name, or the file's for a module body."""
        if not self.function.name:
            return self.facts.path.rpartition("/")[2]
        if "<lambda>" in self.function.name:
            return "lambda" if self.in_python else "arrow function"
        return self.function.name.rstrip("=")

    @property
    def phrase(self) -> str:
        """What people call it inside a sentence: "`save`", "an arrow function"."""
        if "<lambda>" not in self.function.name:
            return f"`{self.title}`"
        return f"a {self.title}" if self.in_python else f"an {self.title}"


@record(eq=False, frozen=False)
class Sources:
    """The files a deployed function may load.

    Attributes:
        read: a file's facts by path; asked once for each file, for who answers may have to read it again.
        locate: the path of the local file of a module, as written in an import of the file `importer`; None when the
            module does not belong to the application. Called as `locate(module, importer)`.
        lists: whether the project of a JavaScript file lists or holds a package, so that it may get deployed; called
            as `lists(package, importer)`. None when nobody can say.
        namespaces: the Python packages that have no file of their own, as far as anybody has imported them.
        answers: what expressions stand for whichever handler reaches them, by the keys under which resolvers keep them.
        callables, mentioning: what `reach` found out of a file and of a place, for every handler that reaches them.

    """

    read: Callable[[str], Facts]
    locate: Callable[[str, str], str | None]
    lists: Callable[[str, str], bool] | None = None
    namespaces: set[str] = field(default_factory=set)
    answers: dict[object, Symbol] = field(default_factory=dict, repr=False)
    callables: dict[str, set[str]] = field(default_factory=dict, repr=False)
    mentioning: dict[Place, tuple[Expr, ...]] = field(default_factory=dict, repr=False)
    _loads: dict[tuple[str, str, str | None], tuple[str, ...]] = field(default_factory=dict, repr=False)
    _places: dict[tuple[str, str], Place] = field(default_factory=dict, repr=False)
    _scopes: dict[str, Scopes] = field(default_factory=dict, repr=False)
    _mentions: dict[Place, frozenset[str]] = field(default_factory=dict, repr=False)
    _mentioned: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _read_names: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)
    _packages: dict[str, frozenset[str]] = field(default_factory=dict, repr=False)

    def place(self, path: str, name: str = "") -> Place | None:
        """The function of that key in that file; None when there is no such function."""
        found = self._places.get((path, name))
        if found is None:
            facts = self.scopes(path).facts
            function = facts.functions.get(name)
            if function is None:
                return None
            found = self._places[path, name] = Place(facts, function)
        return found

    def scopes(self, path: str) -> Scopes:
        """The names of a file."""
        found = self._scopes.get(path)
        if found is None:
            found = self._scopes[path] = Scopes(self.read(path))
        return found

    def facts_of(self, path: str) -> Facts:
        """A file's facts."""
        return self.scopes(path).facts

    def in_python(self, path: str) -> bool:
        """Whether a file is written in Python."""
        return self.facts_of(path).language == "python"

    def paths_of(self, statement: Import, importer: str) -> tuple[str, ...]:
        """The local files that an import loads: the packages on the way, the module, a module that is its member."""
        key = (importer, statement.module, statement.member)
        found = self._loads.get(key)
        if found is None:
            found = self._loads[key] = tuple(dict.fromkeys(self._located(statement, importer)))
        return found

    def _located(self, statement: Import, importer: str) -> Iterator[str]:
        for module in _modules(statement) if self.in_python(importer) else (statement.module,):
            path = self.locate(module, importer)
            if path is not None and path != importer:
                yield path

    def path_of(self, statement: Import, importer: str) -> str | None:
        """The local file that an import is about; None when it lies outside the application."""
        found = self.paths_of(statement, importer)
        return found[-1] if found else None

    def mentions(self, place: Place) -> frozenset[str]:
        """Every name and attribute that stands in the function's own body: a cheap test before looking closer."""
        found = self._mentions.get(place)
        if found is None:
            names = {read.name for read in place.function.reads}
            for expr, _ in place.function.expressions:
                if isinstance(expr, Name):
                    names.add(expr.id)
                elif isinstance(expr, Attr):
                    names.add(expr.name)
            found = self._mentions[place] = frozenset(names)
        return found

    def packages(self, path: str) -> frozenset[str]:
        """The packages and globals that a file names; see `named_in`."""
        found = self._packages.get(path)
        if found is None:
            found = self._packages[path] = named_in(self.facts_of(path))
        return found

    def mentioned(self, path: str) -> frozenset[str]:
        """Every name and attribute that an expression of the file asks for."""
        found = self._mentioned.get(path)
        if found is None:
            found = self._mentioned[path] = frozenset(mentioned(self.facts_of(path)))
        return found

    def read_names(self, path: str) -> frozenset[str]:
        """Every name, of values alone, that stands in the file, in what it only exports, too."""
        found = self._read_names.get(path)
        if found is None:
            names = (each.id for each in everything(self.facts_of(path)) if isinstance(each, Name))
            found = self._read_names[path] = frozenset(names)
        return found


def _modules(statement: Import) -> Iterator[str]:
    """The modules that a Python import may load, outermost first."""
    module = statement.module
    dots = len(module) - len(module.lstrip("."))
    parts = module[dots:].split(".") if module[dots:] else []
    if dots and not parts:
        yield module
    for count in range(len(parts)):
        yield module[:dots] + ".".join(parts[: count + 1])
    if statement.member not in (None, "*"):
        yield f"{module}{'' if module.endswith('.') else '.'}{statement.member}"
