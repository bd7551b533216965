"""The numbers that rules have inside cfn-lint, whose ids are a letter and four digits.

cfn-lint leaves 9000 to 9999 to others, and numbers the lines of a file of custom rules from 9001. A number is never
given again: templates and scripts name it.
"""

from __future__ import annotations

from zlib import crc32

NUMBERS = {
    # the program, and what it could not read
    "internal-error": 9101,
    "syntax-error": 9102,
    "unreadable-file": 9103,
    "unused-suppression": 9104,
    "handler-not-found": 9105,
    "suppression-without-reason": 9106,
    # functions that are many
    "monolithic-router": 9201,
    "monolithic-function": 9202,
    # time and money spent for nothing
    "heavy-module-import": 9301,
    "whole-sdk-import": 9302,
    "client-in-handler": 9303,
    "sleep-in-handler": 9304,
    # timeouts
    "missing-timeout": 9401,
    "call-without-timeout": 9402,
    "timeout-outlives-caller": 9403,
    "queue-redelivers-in-flight": 9404,
    # events that are lost
    "missing-dead-letter-queue": 9501,
    "queue-without-redrive": 9502,
    "stream-without-failure-destination": 9503,
    "target-without-dead-letter-queue": 9504,
    "batch-fails-whole": 9505,
    "unawaited-promise": 9506,
    # permissions
    "admin-policy": 9601,
    "wildcard-action": 9602,
    "wildcard-resource": 9603,
    # who invokes whom
    "recursive-invocation": 9701,
    "event-loop": 9702,
    "synchronous-chain": 9703,
    "orchestration-in-code": 9704,
    "workflow-without-retry": 9705,
    "unbounded-concurrency": 9706,
    # state
    "in-memory-state": 9801,
}


def number_of(rule: str) -> int:
    """The number of a rule by its id. Those of other packs are told from 9900 on by their names; two may share one."""
    return NUMBERS.get(rule) or 9900 + crc32(rule.encode()) % 100
