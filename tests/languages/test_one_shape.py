"""One handler in three languages has one shape of Facts."""

import pathlib
import re

import pytest

from tests.languages.notation import assigned, heading, read, show

FOLDER = pathlib.Path(__file__).parents[1] / "fixtures/languages"

PYTHON_NAMES = {
    "AWS": "boto3",
    "process.env": "os.environ",
    "console.log": "print",
    "JSON.stringify": "json.dumps",
    "JSON.parse": "json.loads",
    "found.push": "found.append",
    "findOrder": "find_order",
    "saveOrder": "save_order",
    "listOrders": "list_orders",
    "raise error": "raise -",
    "error = ?": "error = ?(Exception)",
    "except": "except Exception",
}
"""What each language calls its own; and JavaScript catches everything, and has no `raise` without a value."""


def shape(path: str) -> dict[str, list[str]]:
    found = {}
    for key, function in read((FOLDER / path).read_bytes(), path).functions.items():
        lines = [f"{p.name} {p.kind} {show(p.default)}" for p in function.parameters]
        lines += [f"{assigned(each)} in {heading(function, each.block)}" for each in function.assigns]
        lines += [
            f"{show(each)} in {heading(function, each.block)}{' for nothing' * each.discarded}"
            for each in function.calls
        ]
        lines += [f"{each.kind} {show(each.value)} in {heading(function, each.block)}" for each in function.exits]
        lines.append(f"async {function.is_async}, global {sorted(function.outer_names)}, outer {function.outer!r}")
        found[key] = lines
    return found


def in_python(text: str) -> str:
    names = "|".join(re.escape(name) for name in PYTHON_NAMES)
    return re.sub(rf"(?<!\w)(?:{names})(?!\w)", lambda found: PYTHON_NAMES[found[0]], text)


@pytest.mark.parametrize("path", ["orders.js", "orders.ts"])
def test_one_shape(path):
    theirs = {
        in_python(key): [in_python(line) for line in lines if not line.startswith("exports.")]
        for key, lines in shape(path).items()
    }
    assert theirs == shape("orders.py")
