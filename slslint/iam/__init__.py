"""Permissions the way IAM reads them: what patterns cover, what is at stake, which actions a call needs."""

from slslint.iam.actions import Action, Level, expand, levels, limitable, spans_writes
from slslint.iam.managed import Reach, reach
from slslint.iam.operations import needed_actions
from slslint.iam.pattern import covers_everything, covers_service, is_wild, matches, service
from slslint.iam.resource import EVERY_SERVICE, made_wild, wild_for
from slslint.iam.services import OBSERVABILITY, holds, runtime_needs

__all__ = [
    "EVERY_SERVICE",
    "OBSERVABILITY",
    "Action",
    "Level",
    "Reach",
    "covers_everything",
    "covers_service",
    "expand",
    "holds",
    "is_wild",
    "levels",
    "limitable",
    "made_wild",
    "matches",
    "needed_actions",
    "reach",
    "runtime_needs",
    "service",
    "spans_writes",
    "wild_for",
]
