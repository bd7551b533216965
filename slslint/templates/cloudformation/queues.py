"""Queues, and the other places where failed messages go."""

from __future__ import annotations

from slslint.model import Queue, Ref
from slslint.templates.cloudformation.draft import Draft, or_default
from slslint.templates.cloudformation.notifications import own
from slslint.templates.cloudformation.template import Resource
from slslint.value import Known

DEFAULT_VISIBILITY_TIMEOUT = 30


def lower_queue(draft: Draft, resource: Resource) -> None:
    """An AWS::SQS::Queue."""
    properties = resource.properties
    redrive = properties.get("RedrivePolicy").structured()
    visibility = properties.get("VisibilityTimeout").integer()
    dead_letter = draft.add_dead_letter(redrive.get("deadLetterTargetArn"))
    draft.queues.append(
        Queue(
            id=resource.id,
            at=resource.at,
            dialect=draft.dialect_of(resource.id),
            name=properties.get("QueueName").text(),
            visibility_timeout=or_default(visibility, DEFAULT_VISIBILITY_TIMEOUT, resource.at),
            redrive=dead_letter,
            max_receives=redrive.get("maxReceiveCount").integer(),
            when=resource.when,
        )
    )
    draft.add_failure(own(resource), dead_letter, resource.at, when=resource.when)
    if not properties.has("RedriveAllowPolicy"):
        return
    allowed = properties.get("RedriveAllowPolicy").structured()
    if allowed.present and not allowed.get("redrivePermission").is_("denyAll"):
        # Only a queue that others send their failed messages to needs to say who may.
        draft.dead_letters.append(Known(Ref(resource.id, "Arn"), allowed.at))
