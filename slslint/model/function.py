"""A function as it is deployed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum

from slslint.model.dialect import Dialect
from slslint.model.reference import Text
from slslint.model.trigger import Trigger
from slslint.record import field, record
from slslint.source import SourceFile, Span
from slslint.value import ALWAYS, Items, Value, When


class Packaging(Enum):
    """How a function's code gets there."""

    FILES = "files"
    """A folder, file or archive named by a local path."""
    INLINE = "inline"
    """Written in the template."""
    IMAGE = "image"
    """A container image."""
    REMOTE = "remote"
    """An archive that is already in a store; its source is not in sight."""


@record()
class Package:
    """Where a function's code is.

    Attributes:
        path: for FILES, the folder, source file or archive as a reported path; Absent when nothing names one.
        inline: for INLINE, the source as a file of its own whose spans lie in the template; None when its text is
            not Known.
        entry_points: what the template says a bundler starts from (SAM `Metadata.BuildProperties.EntryPoints`).
        made_by: what may put the handler's file there, where the template says so: then it need not be in sight.

    """

    packaging: Packaging
    at: Span
    path: Value[str]
    inline: SourceFile | None = None
    entry_points: tuple[str, ...] = ()
    made_by: str = ""


@record()
class Environment:
    """The environment variables. Open (`complete` False) when some may be set that are not in sight."""

    variables: Mapping[str, Value[Text]]
    complete: bool = True


@record()
class Function:
    """A function as it is deployed.

    A setting that the provider gives a default is Known with origin DEFAULT; "not written" is seen by that origin.

    Attributes:
        id: its name in the deployment unit (the logical id), unique there.
        at: that name in the template.
        when: the conditions under which it exists.
        name: the physical name when the template sets one, else Absent.
        timeout: seconds. memory: MB.
        role: the id of a Role of this unit; Unknown when the role is defined elsewhere.
        dead_letter: the queue or topic for failed asynchronous invocations.
        on_failure: the destination for failed asynchronous invocations, wherever it is configured.
        provisioned_concurrency: instances kept warm, on the function or any alias of it.
        snap_start: whether instances start from a snapshot.
        recursion_allowed: AWS's own loop detection is switched off, on purpose.
        tenant_isolation: one tenant's data never meets another's in one instance.
        concurrent: one instance may serve several requests at once (Managed Instances).
        log_group: the log group that it writes to when that is not "/aws/lambda/" and its name, else Absent.
        misplaced: what is written where it does nothing, by the name of the setting.

    """

    id: str
    at: Span
    dialect: Dialect
    name: Value[Text]
    runtime: Value[str]
    handler: Value[str]
    package: Package
    timeout: Value[int]
    memory: Value[int]
    environment: Environment
    role: Value[str]
    dead_letter: Value[Text]
    on_failure: Value[Text]
    layers: Items[Text] = Items()
    reserved_concurrency: Value[int] | None = None
    provisioned_concurrency: Value[int] | None = None
    snap_start: Value[bool] | None = None
    recursion_allowed: Value[bool] | None = None
    tenant_isolation: Value[bool] | None = None
    concurrent: Value[bool] | None = None
    log_group: Value[Text] | None = None
    misplaced: Mapping[str, Span] = field(default_factory=dict)
    when: When = ALWAYS

    def words_of(self, trigger: Trigger) -> Dialect:
        """In whose words to advise about a trigger: those who wrote it may speak others than the function's."""
        return trigger.dialect or self.dialect
