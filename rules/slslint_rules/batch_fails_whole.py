"""Mappings that hand over a batch of records and cannot be told which of them failed."""

from __future__ import annotations

from collections.abc import Iterator

from slslint.api import (
    Advice,
    Answer,
    App,
    Code,
    Finding,
    Function,
    Known,
    Origin,
    Plain,
    Related,
    Severity,
    Source,
    Trigger,
    Variant,
    When,
    answer,
    cases,
    describe,
    rounds,
    rule,
    surely_not,
    where,
)

IDENTIFIERS = {
    Source.QUEUE: ("messageId",),
    Source.DATA_STREAM: ("kinesis", "sequenceNumber"),
    Source.TABLE_STREAM: ("dynamodb", "SequenceNumber"),
}
"""The part of a record that names it, by what it comes from."""

ALSO_RECORDS = frozenset({Source.BUCKET, Source.TOPIC, Source.EMAIL})
"""They have `Records` in their events too, so that code which goes through these may be about theirs."""


@rule(
    variants={
        "whole": Variant(Severity.WARNING),
        "ignored": Variant(Severity.WARNING),
        "in-a-branch": Variant(Severity.NOTE, "strict"),
    },
    yields_place_to=("stream-without-failure-destination",),
    tags=("lost-events",),
)
def batch_fails_whole(app: App) -> Iterator[Finding]:
    """A function goes through a batch record by record, and one that fails makes all of them come again."""
    for function, code in app.functions_with_code():
        triggers = app.triggers(function)
        mappings = [each for each in triggers if each.source_kind in IDENTIFIERS and each.batch is not None]
        if not mappings or any(each.source_kind in ALSO_RECORDS for each in triggers):
            continue
        answered = answer(code)
        for trigger in mappings:
            if answered is not None:
                yield from _ignored(function, trigger, answered)
            else:
                yield from _whole(function, code, trigger)


def _ignored(function: Function, trigger: Trigger, answered: Answer) -> Iterator[Finding]:
    """The code says which records failed, and nobody listens."""

    def ignored(size: Plain[int], reported: Plain[bool]) -> bool:
        # A processor raises when all records have failed: one that is alone is not lost.
        alone = isinstance(size, Known) and size.value == 1
        return surely_not(reported) and not (alone and answered.processor)

    assert trigger.batch is not None
    when = where(ignored, trigger.batch.size, trigger.batch.partial_failures, given=function.when | trigger.when)
    if when is None:
        return
    yield Finding(
        at=trigger.at,
        message=f"`{function.id}` answers which records failed, but its mapping does not ask for that"
        f"{describe((trigger.when - function.when) | when)}: without `ReportBatchItemFailures` the answer is ignored, "
        "and the failed records count as done",
        help=function.words_of(trigger).advise(Advice.REPORT_BATCH_FAILURES, id=function.id),
        function=function.id,
        related=(Related(answered.at, "the failed records are named here"),),
        variant="in-a-branch" if when else "ignored",
    )


def _whole(function: Function, code: Code, trigger: Trigger) -> Iterator[Finding]:
    """The code goes through the records, and cannot say which of them failed."""
    case = _case(function, trigger)
    found = rounds(code) if case is not None else None
    if case is None or found is None:
        return
    when, size = case
    most = f"{size.value}{' (the default)' if size.origin is Origin.DEFAULT else ''}"
    if trigger.source_kind is Source.QUEUE:
        again = "all come again, the ones already done too"
    else:
        again = "all are tried again, the ones already done too, until they expire or their retries end"
    field = "".join(f'["{name}"]' for name in IDENTIFIERS[trigger.source_kind])
    yield Finding(
        at=trigger.at,
        message=f"`{function.id}` goes through up to {most} records"
        f"{describe((trigger.when - function.when) | when)}, and when one fails, {again}; let it name those that "
        "failed (`ReportBatchItemFailures`)",
        help=function.words_of(trigger).advise(Advice.REPORT_BATCH_FAILURES, id=function.id)
        + '\nand let the handler catch what goes wrong with a record, and return `{"batchItemFailures": '
        + f'[{{"itemIdentifier": record{field}}}, ...]}}` for those that failed',
        function=function.id,
        path=(
            Related(trigger.at, f"up to {most} records are handed over here"),
            *found.path,
            Related(found.at, "it goes through them here"),
            Related(found.work, "when this fails, the whole batch does"),
        ),
        variant="in-a-branch" if when else "whole",
    )


def _case(function: Function, trigger: Trigger) -> tuple[When, Known[int]] | None:
    """The first case in which several records are handed over that cannot fail apart, and how many these are."""
    batch = trigger.batch
    assert batch is not None
    given = function.when | trigger.when
    when = where(_several, batch.size, batch.partial_failures, batch.bisect, given=given)
    if when is None:
        return None
    for _, (size, *others) in cases(batch.size, batch.partial_failures, batch.bisect, given=given | when):
        if isinstance(size, Known) and _several(size, *others):
            return when, size
    return None


def _several(size: Plain[int], reported: Plain[bool], bisected: Plain[bool]) -> bool:
    return isinstance(size, Known) and size.value > 1 and surely_not(reported) and surely_not(bisected)
