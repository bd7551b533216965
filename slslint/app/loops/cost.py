"""What functions that keep each other going can cost at worst."""

from __future__ import annotations

from collections.abc import Sequence

from slslint.model import Function
from slslint.record import record
from slslint.value import Known, Origin

PER_MILLION_REQUESTS = 0.20
PER_GB_SECOND = 0.0000166667
"""US dollars, x86, us-east-1, from https://aws.amazon.com/lambda/pricing/"""

REQUESTS_PER_SECOND = 10
"""The quota of one instance for synchronous requests (https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html)."""

ACCOUNT_CONCURRENCY = 1000
"""The default quota of an account in one region (the same page)."""


@record()
class Bill:
    """An upper bound of what one hour costs: US dollars, instances that are kept busy, and their memory in MB.

    `memory` is the largest one when functions differ.
    """

    dollars: float
    instances: int
    memory: int

    def __str__(self) -> str:
        dollars = f"{self.dollars:,.0f}" if self.dollars >= 10 else f"{self.dollars:.2f}"
        return f"${dollars} an hour ({self.instances:,} instances of {self.memory:,} MB)"


def hourly(functions: Sequence[Function]) -> Bill | None:
    """The most that an hour of a loop through these functions can cost; None when a memory size is not known.

    A loop keeps its instances busy however short or long each run is, so the timeout drops out: each instance costs
    `3600 s x (MB / 1024 x $0.0000166667 + 10 x $0.20 / 1,000,000)`. There are as many as the functions reserve, and
    otherwise as many as the account has, which the largest functions then take.
    """
    left, dollars, instances, largest = ACCOUNT_CONCURRENCY, 0.0, 0, 0
    sized = [
        (_reserved(function), function.memory.value) for function in functions if isinstance(function.memory, Known)
    ]
    if len(sized) < len(functions) or not sized:
        return None
    for reserved, memory in sorted(sized, key=lambda each: (each[0] is None, -each[1])):
        taken = left if reserved is None else reserved
        left = max(left - taken, 0)
        instances += taken
        largest = max(largest, memory) if taken else largest
        dollars += taken * 3600 * (memory / 1024 * PER_GB_SECOND + REQUESTS_PER_SECOND * PER_MILLION_REQUESTS / 1e6)
    return Bill(dollars, instances, largest)


def at_worst(functions: Sequence[Function]) -> str:
    """The same for people: "at worst $67 an hour (1,000 instances of 1,024 MB)"."""
    bill = hourly(functions)
    return "every instance that the account allows can be kept busy by it" if bill is None else f"at worst {bill}"


def _reserved(function: Function) -> int | None:
    reserved = function.reserved_concurrency
    return reserved.value if isinstance(reserved, Known) and reserved.origin is not Origin.DEFAULT else None
