"""The words of a template dialect: how its users write what a rule advises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum


class Advice(Enum):
    """What rules can advise about a template. The value lists the fields that the dialect's text may use."""

    SET_TIMEOUT = "id seconds"
    LOWER_TIMEOUT = "id seconds"
    ADD_DEAD_LETTER_QUEUE = "id"
    ADD_REDRIVE = "id"
    SET_VISIBILITY_TIMEOUT = "id seconds"
    NARROW_ACTIONS = "id actions"
    NARROW_RESOURCES = "id resources"
    REPLACE_MANAGED_POLICY = "id policy"
    SPLIT_FUNCTION = "id"
    FIX_HANDLER = "id handler"


@dataclass(frozen=True, slots=True)
class Dialect:
    """One way to write a resource: its name for people and its words for each advice.

    Texts are `str.format` templates over the fields that the Advice names; they read as the end of "help: ...".
    """

    name: str
    words: Mapping[Advice, str]

    def advise(self, advice: Advice, **fields: object) -> str:
        """The advice in this dialect. Raises KeyError for a field that the Advice does not name."""
        return self.words[advice].format(**fields)
