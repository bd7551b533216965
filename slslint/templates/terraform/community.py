"""Public modules that are understood by name: what they deploy, as small modules of our own in `slslint/data`.

Everything in them stands at the call, for that is what the author wrote; what the call gives stands where it is given.
"""

from __future__ import annotations

import re
from functools import cache

from yaml.nodes import Node

from slslint import data
from slslint.source import SourceFile
from slslint.templates.terraform import reading
from slslint.templates.terraform.places import Source
from slslint.templates.terraform.syntax import Block

_SOURCE = re.compile(
    r"(?:^|/|:)terraform-aws-modules/(?:terraform-aws-)?([\w-]+?)(?:/aws|\.git)?(?:/?/(?:modules/)?([\w-]+))?(?:\?.*)?$"
)

_MODULES = {
    ("apigateway-v2", ""): "apigateway-v2",
    ("dynamodb-table", ""): "dynamodb-table",
    ("eventbridge", ""): "eventbridge",
    ("iam", "iam-assumable-role"): "iam-role",
    ("iam", "iam-policy"): "iam-policy",
    ("iam", "iam-role"): "iam-role",
    ("lambda", ""): "lambda",
    ("lambda", "alias"): "lambda-alias",
    ("s3-bucket", ""): "s3-bucket",
    ("s3-bucket", "notification"): "s3-bucket-notification",
    ("sns", ""): "sns",
    ("sqs", ""): "sqs",
    ("step-functions", ""): "step-functions",
}
"""(module, submodule) -> the file that says what it deploys."""


def name_of(source: str) -> str | None:
    """The module of ours that stands for a public one, by the `source` of its call, with or without a version."""
    found = _SOURCE.search(source)
    return None if found is None else _MODULES.get((found[1], found[2] or ""))


def blocks_of(name: str, call: Node) -> list[Block]:
    """The blocks of a module of ours, which all stand at the call."""
    file, blocks = _known(name)
    source = Source(file, call)
    return [block.standing(source) for block in blocks]


@cache
def _known(name: str) -> tuple[SourceFile, list[Block]]:
    file = SourceFile(f"{name}.tf", data.text(f"terraform/{name}.tf").encode())
    return file, reading.blocks_of(file)[0]
