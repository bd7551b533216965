"""Build the tables of what SAM's policy templates and connectors grant, from the data of aws-sam-translator.

    python scripts/build_sam_policy_templates.py          writes both tables
    python scripts/build_sam_policy_templates.py --check  fails when they are not current

aws-sam-translator is (c) Amazon.com, Inc. or its affiliates, Apache-2.0; it is a development dependency.

`slslint/data/sam_policy_templates.json`: policy template -> {"parameters": names, "statements": [statement]}, where a
statement is {"actions": [text], "resources": [text], "limited": true when a Condition limits it}. Texts are those of
Fn::Sub: `${TableName}` is a parameter of the template, `${AWS::Region}` the pseudo parameter.

`slslint/data/sam_connectors.json`: "<source type> <destination type>" -> one of
  {"holder": "source" or "destination", "grants": {"Read" or "Write": [statement]}}: what the connector adds to the role
  of its holder. `${Arn}` and `${Name}` are those of the other end.
  {"principal": service, "source": text}: the permission that lets the source invoke the destination, a function.
  `${Arn}`, `${ResourceId}` and `${Qualifier}` are the source's.
"""

import json
import re
import sys
from importlib.resources import files
from pathlib import Path
from typing import Any

SOURCE = Path(str(files("samtranslator")))
DATA = Path(__file__).parent.parent / "slslint" / "data"
RULE = "AWS::Events::Rule"
"""Its roles are those of its targets; no function takes them."""


def resource_text(resource: Any) -> str:
    """The resource as one Fn::Sub text over the template's parameters. Raises ValueError for a form not yet seen."""
    match resource:
        case str():
            return resource
        case {"Fn::Sub": str(text)}:
            return text
        case {"Fn::Sub": [str(text), dict(variables)]}:
            for name, value in variables.items():
                text = text.replace(f"${{{name}}}", f"${{{value['Ref']}}}")
            return text
    raise ValueError(f"a resource of an unknown form: {resource}")


def listed(value: Any) -> list[Any]:
    """The value, as a list when it is a single one."""
    return value if isinstance(value, list) else [value]


def statement(written: dict[str, Any]) -> dict[str, Any]:
    """A statement in the form of the tables. Raises ValueError for a form not yet seen."""
    if written["Effect"] != "Allow":
        raise ValueError(f"a statement that does not allow: {written}")
    compact: dict[str, Any] = {
        "actions": listed(written["Action"]),
        "resources": [resource_text(resource) for resource in listed(written["Resource"])],
    }
    if "Condition" in written:
        compact["limited"] = True
    return compact


def policy_templates() -> dict[str, Any]:
    """The table of policy templates."""
    written = json.loads((SOURCE / "policy_templates_data" / "policy_templates.json").read_text())["Templates"]
    return {
        name: {
            "parameters": sorted(template["Parameters"]),
            "statements": [statement(each) for each in listed(template["Definition"]["Statement"])],
        }
        for name, template in written.items()
    }


def connectors() -> dict[str, Any]:
    """The table of connectors that grant something to a role or permit to invoke a function."""
    profiles = json.loads((SOURCE / "model" / "connector_profiles" / "profiles.json").read_text())["Permissions"]
    found: dict[str, Any] = {}
    for source, destinations in profiles.items():
        for destination, profile in destinations.items():
            if profile["Type"] == "AWS_LAMBDA_PERMISSION":
                permission = profile["Properties"]["AccessCategories"]["Write"]
                text = re.sub(r"%{Source\.(\w+)}", r"${\1}", permission["SourceArn"])
                found[f"{source} {destination}"] = {"principal": permission["Principal"], "source": text}
                continue
            if profile["Type"] != "AWS_IAM_ROLE_MANAGED_POLICY":
                continue
            holder, other = "destination", "Source"
            if profile["Properties"]["SourcePolicy"]:
                holder, other = "source", "Destination"
            if (source if holder == "source" else destination) == RULE:
                continue
            text = json.dumps(profile["Properties"]["AccessCategories"])
            grants = json.loads(re.sub(rf"%{{{other}\.(\w+)}}", r"${\1}", text))
            statements = {
                category: [statement(each) for each in policy["Statement"]] for category, policy in grants.items()
            }
            found[f"{source} {destination}"] = {"holder": holder, "grants": statements}
    return found


def write_or_check(name: str, table: dict[str, Any], check: bool) -> bool:
    """One entry a line, so that an update is a readable diff."""
    lines = (f"{json.dumps(key)}: {json.dumps(value, separators=(',', ':'))}" for key, value in sorted(table.items()))
    text = "{\n" + ",\n".join(lines) + "\n}\n"
    path = DATA / name
    if check:
        return path.exists() and path.read_text() == text
    path.write_text(text)
    return True


def main() -> int:
    """Write the tables, or say which are stale."""
    check = "--check" in sys.argv
    tables = {"sam_policy_templates.json": policy_templates(), "sam_connectors.json": connectors()}
    stale = [name for name, table in tables.items() if not write_or_check(name, table, check)]
    for name in stale:
        print(f"slslint/data/{name} is not current; run {Path(__file__).name}")
    return 1 if stale else 0


if __name__ == "__main__":
    sys.exit(main())
