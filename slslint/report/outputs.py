"""Where reports go: what `--output` says, each FORMAT, FORMAT:FILE or FILE."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable

from slslint.config import FORMATS
from slslint.errors import UsageError, nearest
from slslint.record import record

STDOUT = "-"


@record()
class Output:
    """A report in one form, for a file or, when that is None, for stdout."""

    form: str
    file: str | None = None


def outputs(given: Iterable[str], form: str, folder: str = "") -> tuple[Output, ...]:
    """What is given, in its order; just stdout when that is nothing. A bare FILE gets `form`.

    Files are relative to `folder`. UsageError for an unknown form, and where two reports would have one place.
    """
    found = tuple(_output(each, form, folder) for each in given) or (Output(form),)
    places: dict[str | None, Output] = {}
    for each in found:
        place = None if each.file is None else os.path.normcase(os.path.realpath(each.file))
        other = places.setdefault(place, each)
        if other is not each:
            where = "stdout" if place is None else each.file
            raise UsageError(f"two reports ({other.form} and {each.form}) go to {where}; give each a place of its own")
    return found


def _output(given: str, form: str, folder: str) -> Output:
    if given in FORMATS:
        return Output(given)
    head, colon, rest = given.partition(":")
    if colon and head in FORMATS:
        if not rest:
            raise UsageError(f"output `{given}`: the name of a file is missing after the colon; write `{head}:FILE`")
        return Output(head, _file(rest, folder))
    if not given:
        raise UsageError("an output is missing; give FORMAT, FORMAT:FILE or FILE")
    # A word is meant as a form; one letter is a drive of Windows, and what has a dot or slash in it names a file.
    word = re.fullmatch(r"[A-Za-z][A-Za-z-]+", head)
    if word and (colon or _nearest(head)):
        raise UsageError(
            f"output `{given}`: there is no form `{head}`{_nearest(head)}; use one of {', '.join(FORMATS)}, "
            f"or write ./{given} for a file of that name"
        )
    return Output(form, _file(given, folder))


def _nearest(word: str) -> str:
    return nearest(word.lower(), FORMATS)


def _file(name: str, folder: str) -> str | None:
    return None if name == STDOUT else os.path.join(folder, name)
