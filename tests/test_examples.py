"""The demos find what they are there to show, and their repaired twins are clean."""

import os
from pathlib import Path

import pytest

from slslint import engine, registry
from slslint.config import Settings
from slslint.result import Result
from slslint.source import Reader

ROOT = Path(__file__).parent.parent / "examples"


def check(name: str) -> Result:
    root = os.path.realpath(ROOT)
    return engine.check([name], Settings(root=root), Reader(base=root, roots=(root,)), registry.load())


def test_orders() -> None:
    found = [(f.rule, str(f.severity), f.at.path.removeprefix("orders/"), f.function) for f in check("orders").findings]
    assert found == [
        ("heavy-module-import", "warning", "src/api/app.py", "ApiFunction"),
        ("in-memory-state", "warning", "src/api/app.py", "ApiFunction"),
        ("monolithic-router", "warning", "src/api/app.py", "ApiFunction"),
        ("call-without-timeout", "warning", "src/fulfilment/app.py", "FulfilmentFunction"),
        ("client-in-handler", "warning", "src/fulfilment/app.py", "FulfilmentFunction"),
        ("recursive-invocation", "error", "src/report/app.py", "ReportFunction"),
        ("timeout-outlives-caller", "warning", "template.yaml", "ApiFunction"),
        ("wildcard-action", "warning", "template.yaml", "ApiFunction"),
        ("wildcard-resource", "warning", "template.yaml", "ApiFunction"),
        ("missing-dead-letter-queue", "warning", "template.yaml", "InvoiceFunction"),
        ("missing-timeout", "warning", "template.yaml", "InvoiceFunction"),
        ("admin-policy", "error", "template.yaml", "InvoiceFunction"),
        ("missing-dead-letter-queue", "note", "template.yaml", "ReportFunction"),
        ("queue-without-redrive", "warning", "template.yaml", "FulfilmentFunction"),
        ("queue-redelivers-in-flight", "error", "template.yaml", "FulfilmentFunction"),
    ]


def test_checkout() -> None:
    found = [(f.rule, str(f.severity), f.at.path.removeprefix("checkout/src/")) for f in check("checkout").findings]
    assert found == [
        ("in-memory-state", "warning", "handlers/basket.ts"),
        ("unawaited-promise", "error", "handlers/basket.ts"),
        ("whole-sdk-import", "warning", "handlers/receipt.js"),
        ("unawaited-promise", "error", "handlers/receipt.js"),
        ("recursive-invocation", "error", "handlers/sweep.ts"),
        ("client-in-handler", "warning", "lib/baskets.ts"),
        ("call-without-timeout", "warning", "lib/prices.ts"),
    ]


@pytest.mark.parametrize(("name", "functions"), [("orders-repaired", 6), ("checkout-repaired", 3)])
def test_repaired(name: str, functions: int) -> None:
    result = check(name)
    assert result.findings == ()
    assert (result.summary.functions, result.summary.joined) == (functions, functions)
