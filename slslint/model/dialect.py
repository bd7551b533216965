"""The words of a template dialect: how its users write what a rule advises."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from slslint.model.notation import Notation
from slslint.record import field, record


class Advice(Enum):
    """What rules can advise about a template. The comment names the fields that the dialect's text may use."""

    SET_TIMEOUT = "set-timeout"  # id, seconds
    LOWER_TIMEOUT = "lower-timeout"  # id, seconds
    ADD_DEAD_LETTER_QUEUE = "add-dead-letter-queue"  # id
    ADD_REDRIVE = "add-redrive"  # id
    SET_VISIBILITY_TIMEOUT = "set-visibility-timeout"  # id, seconds
    NARROW_ACTIONS = "narrow-actions"  # id, actions
    NARROW_RESOURCES = "narrow-resources"  # id, resources
    REPLACE_MANAGED_POLICY = "replace-managed-policy"  # id, policy
    ADD_FAILURE_DESTINATION = "add-failure-destination"  # id (of the function that the mapping feeds)
    ADD_TARGET_DEAD_LETTERS = "add-target-dead-letters"  # id (of the rule or schedule)
    ADD_SUBSCRIPTION_DEAD_LETTERS = "add-subscription-dead-letters"  # id (of what is subscribed)
    FILTER_OBJECTS = "filter-objects"  # id (of the function that the bucket notifies)
    FILTER_RECORDS = "filter-records"  # id (of the function that the mapping feeds)
    REPORT_BATCH_FAILURES = "report-batch-failures"  # id (of the function that the mapping feeds)
    LIMIT_CONCURRENCY = "limit-concurrency"  # id, most
    LIMIT_MAPPING = "limit-mapping"  # id (of the function that the mapping feeds), most
    SPLIT_FUNCTION = "split-function"  # id
    FIX_HANDLER = "fix-handler"  # id, handler
    RETRY_TASK = "retry-task"  # id of the state, lines: as the definition writes them
    LIMIT_WAIT = "limit-wait"  # id of the state, lines: as the definition writes them


@record()
class Dialect:
    """One way to write a resource: its name for people and its words for each advice.

    Texts are `str.format` templates over the fields that the Advice names; they read as the end of "help: ...".

    Attributes:
        notation: how its users write data such as the definition of a state machine.
        quoted: whether texts in a list stand in quotes.
        arns: how a policy refers to a resource of the unit, a text over `id`, by the name of the resource's kind
            ("table"); "bucket/*" is what lies in a bucket, "" any kind that is not named.

    """

    name: str
    words: Mapping[Advice, str]
    arns: Mapping[str, str] = field(default_factory=dict)
    notation: Notation = Notation.YAML
    quoted: bool = False

    def advise(self, advice: Advice, **fields: object) -> str:
        """The advice in this dialect. Raises KeyError for a field that the Advice does not name."""
        return self.words[advice].format(**fields)

    def items(self, texts: Iterable[str]) -> str:
        """Texts as the items of a list."""
        return ", ".join(f'"{text}"' if self.quoted else text for text in texts)

    def arn(self, kind: str, resource: str) -> str:
        """How a policy refers to the resource; its bare id, `resource`, in a dialect that has no words for it."""
        return self.arns.get(kind, self.arns.get("", "{id}")).format(id=resource)
