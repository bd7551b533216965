"""Calls without an edge, and why: what `slslint model` says of them."""

from __future__ import annotations

from pathlib import Path

import pytest
from applications import TEMPLATE, app_of

from slslint import outline
from slslint.app.graph.unnamed import unnamed

CASES = {
    "not set": ('QueueUrl=os.environ["NOBODY"]', "the environment variable `NOBODY` is not set"),
    "another kind": ('QueueUrl=os.environ["TABLE"]', "what the environment variable `TABLE` stands for is no queue"),
    "event": ('QueueUrl=event["detail"]["queue"]', "the event names it: `detail.queue`"),
    "worked out": ("QueueUrl=compute()", "it is worked out when the code runs"),
    "not in sight": ("**arguments()", "its arguments are not in sight"),
}


@pytest.mark.parametrize(("given", "why"), CASES.values(), ids=CASES)
def test_why(tmp_path: Path, given: str, why: str) -> None:
    source = (
        "import os\nimport boto3\nfrom elsewhere import arguments, compute\n\n\n"
        f'def handler(event, context):\n    boto3.client("sqs").send_message({given}, MessageBody="x")\n'
    )
    app = app_of(tmp_path, {"template.yaml": TEMPLATE.replace("RUNTIME", "python3.12"), "app.py": source})
    assert [(each.function, each.at.line, each.why) for each in unnamed(app)] == [("Fn", 7, why)]
    graph = outline.of(app)["graph"]
    assert [each["why"] for each in graph["unnamed"]] == [why]
    assert {"Queue", "Fn"} <= {node["id"] for node in graph["nodes"]}
    assert graph["edges"]
