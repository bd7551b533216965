"""What a loop can cost at worst."""

from __future__ import annotations

import pytest

from slslint.app.loops.cost import hourly
from slslint.source import Reader
from slslint.templates import read

HEAD = "Transform: AWS::Serverless-2016-10-31\nParameters: {Size: {Type: Number}}\nResources:\n"

CASES = {
    "a function alone has the account": (["MemorySize: 1024"], "$67 an hour (1,000 instances of 1,024 MB)"),
    "the default memory": ([""], "$15 an hour (1,000 instances of 128 MB)"),
    "what is reserved limits it": (["MemorySize: 1024, ReservedConcurrentExecutions: 10"],
                                   "$0.67 an hour (10 instances of 1,024 MB)"),
    "the largest function takes what the others leave": (
        ["MemorySize: 512", "MemorySize: 1024, ReservedConcurrentExecutions: 100"],
        "$40 an hour (1,000 instances of 1,024 MB)"),
    "what the others leave is what they have not reserved": (
        ["MemorySize: 1024", "MemorySize: 128, ReservedConcurrentExecutions: 900"],
        "$20 an hour (1,000 instances of 1,024 MB)"),
    "a size that is not known": (["MemorySize: !Ref Size"], None),
}  # fmt: skip


@pytest.mark.parametrize(("settings", "expected"), CASES.values(), ids=CASES)
def test_an_hour_at_worst(settings: list[str], expected: str | None) -> None:
    functions = [
        f"  F{number}: {{Type: AWS::Serverless::Function, Properties: {{Handler: a.b, Runtime: python3.13, {each}}}}}\n"
        for number, each in enumerate(settings)
    ]
    text = (HEAD + "".join(functions)).encode()
    deployment = read("template.yaml", Reader("/", ("/",), {"template.yaml": text}), {})
    bill = hourly(deployment.functions)
    assert (None if bill is None else str(bill)) == expected
