"""Many units checked, by one process or several."""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager

from slslint import registry
from slslint.config import Configuration
from slslint.engine.applications import begun
from slslint.engine.checking import check_unit
from slslint.engine.work import Outcome, Run, Unit
from slslint.record import replace
from slslint.source import Reader

FORGET_EVERY = 200
"""Units after which the texts of files are dropped, so that memory does not grow with the tree."""

MUCH_GARBAGE = 800_000
"""Objects made and not let go of, after which garbage is collected: some 100 MB."""

MANY_UNITS = 64
"""From as many templates and sources it pays to start several processes."""


def number_of_processes(jobs: int | None, units: int) -> int:
    """As many as asked for, or by the number of units."""
    if jobs is None:
        jobs = 1 if units < MANY_UNITS else os.cpu_count() or 1
    return min(jobs, max(units, 1))


@contextmanager
def each_unit(run: Run, jobs: int) -> Iterator[Callable[[Sequence[Unit]], Iterable[Outcome]]]:
    """A function that checks units and gives their outcomes in the same order, by as many processes as asked for."""
    if jobs <= 1:
        yield lambda units: _one_by_one(units, run)
        return
    from concurrent.futures import ProcessPoolExecutor

    # A rule does not travel (its name stands for the Rule, not for its check), but its address does.
    addresses = tuple((rule.check.__module__, rule.check.__name__, rule.origin) for rule in run.rules)
    with ProcessPoolExecutor(
        jobs, initializer=_start_worker, initargs=(run.configuration, run.reader, addresses, run.contexts)
    ) as pool:
        try:
            yield lambda units: pool.map(_work, units, chunksize=max(1, min(16, len(units) // (4 * jobs))))
        except BaseException:
            pool.shutdown(cancel_futures=True)
            raise


def _one_by_one(units: Sequence[Unit], run: Run) -> Iterator[Outcome]:
    for number, unit in enumerate(units, 1):
        yield check_unit(unit, run)
        if number % FORGET_EVERY == 0:
            run.reader.forget()
        if gc.get_count()[0] > MUCH_GARBAGE:
            gc.collect()


_worker: Run


def _start_worker(
    configuration: Configuration, reader: Reader, addresses: Sequence[tuple[str, str, str]], contexts: bool
) -> None:
    import signal

    global _worker
    gc.enable()
    # Ctrl-C reaches every process; the one that waits for the others says goodbye.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    rules = tuple(replace(registry.at(module, name), origin=origin) for module, name, origin in addresses)
    _worker = begun(configuration, reader, rules, contexts=contexts)


def _work(unit: Unit) -> Outcome:
    outcome = check_unit(unit, _worker)
    _worker.reader.forget()
    return outcome
