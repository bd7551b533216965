"""What a function may do."""

from __future__ import annotations

from slslint.model.dialect import Dialect
from slslint.model.reference import Text
from slslint.record import record
from slslint.source import Span
from slslint.value import ALWAYS, Items, Known, Value, When


@record()
class Grant:
    """One statement of a policy.

    Attributes:
        at: the statement (for a policy template of SAM: the template's use).
        allow: False for Deny.
        actions: as written, each with its place; open when some could not be decided.
        excludes_actions: written as NotAction: everything but `actions`. excludes_resources: likewise.
        limited: a Condition limits it.
        via: "" when the author wrote the statement, else what brought it: a SAM policy template's or connector's name.
        policy: the name of the policy it stands in, for people.

    """

    at: Span
    allow: bool
    actions: Items[Known[str]]
    resources: Items[Known[Text]]
    excludes_actions: bool = False
    excludes_resources: bool = False
    limited: bool = False
    via: str = ""
    policy: str = ""
    when: When = ALWAYS


@record()
class ManagedPolicy:
    """A managed policy attached by name or ARN. `name` is the last part of the ARN: "AdministratorAccess"."""

    name: str
    arn: Value[Text]
    at: Span
    when: When = ALWAYS


@record()
class Role:
    """A role that functions take.

    Attributes:
        id: the logical id; a role that a function has implicitly is "<function id>Role".
        at: where it is written: the role's name, or the function's for an implicit one.
        grants: from every place where policies can be attached; open when some may be out of sight.
        boundary: a permissions boundary limits it.

    """

    id: str
    at: Span
    dialect: Dialect
    grants: Items[Grant] = Items()
    managed: Items[ManagedPolicy] = Items()
    boundary: bool = False
    implicit: bool = False
    name: Value[Text] | None = None
    when: When = ALWAYS
