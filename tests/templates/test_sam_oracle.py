"""A SAM template and what aws-sam-translator makes of it must come to the same model.

Also a program: `python tests/templates/test_sam_oracle.py FOLDER` compares every SAM template of a folder that
translates, and says where the models differ.
"""

import json
import logging
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sameness import model_of

from slslint.model import Deployment
from slslint.source import Reader
from slslint.templates import read

FIXTURES = Path(__file__).parent.parent / "fixtures" / "templates" / "sam"
REGION = "eu-west-1"
FAR = "s3://artifacts/some.zip"


def translate(template: dict[str, Any]) -> dict[str, Any]:
    """The CloudFormation template that SAM deploys for a SAM template."""
    from samtranslator.parser.parser import Parser
    from samtranslator.translator.translator import Translator

    class Session:
        region_name = REGION

    logging.disable()
    translated: dict[str, Any] = Translator({}, Parser(), boto_session=Session()).translate(
        template, {}, feature_toggle=None, passthrough_metadata=True
    )
    return translated


def parsed(text: str) -> dict[str, Any]:
    from samtranslator.yaml_helper import yaml_parse

    template: dict[str, Any] = yaml_parse(text)
    return template


def package(template: dict[str, Any], folder: Path) -> None:
    """Do what `sam package` does: local paths become places in a bucket; local definitions are put in the template."""
    inherited = (template.get("Globals") or {}).get("Function") or {}
    if "CodeUri" in inherited:
        inherited["CodeUri"] = FAR
    for resource in (template.get("Resources") or {}).values():
        properties = resource.setdefault("Properties", {})
        kind = resource.get("Type")
        for name in ("CodeUri", "ContentUri", "SchemaUri", "Location"):
            if isinstance(properties.get(name), str) and not properties[name].startswith(("s3://", "http")):
                properties[name] = FAR
        if kind == "AWS::Serverless::Function" and not properties.keys() & {"CodeUri", "InlineCode", "ImageUri"}:
            if "CodeUri" not in inherited and properties.get("PackageType") != "Image":
                properties["CodeUri"] = FAR
        uri = properties.get("DefinitionUri")
        if isinstance(uri, str) and not uri.startswith("s3://"):
            definition = folder / uri
            if definition.is_file():
                del properties["DefinitionUri"]
                body = "Definition" if kind == "AWS::Serverless::StateMachine" else "DefinitionBody"
                properties[body] = parsed(definition.read_text())
            else:
                properties["DefinitionUri"] = FAR


def read_json(template: dict[str, Any], folder: Path, name: str) -> Deployment:
    path = f"{name}.json"
    reader = Reader(str(folder), (str(folder),), {path: json.dumps(template, default=str).encode()})
    deployment = read(path, reader, {})
    assert deployment is not None
    return deployment


def translation(path: Path) -> dict[str, Any]:
    """What a SAM template is translated into, as if it had been packaged."""
    source = parsed(path.read_text())
    package(source, path.parent)
    translated = translate(source)
    translated.pop("Transform", None)
    return translated


def differences(path: Path, translated: dict[str, Any]) -> Iterator[tuple[str, str, Any, Any]]:
    """(facet, id, in SAM, in its translation) where the models differ."""
    folder = path.parent
    deployment = read(path.name, Reader(str(folder), (str(folder),)), {})
    assert deployment is not None
    ours, theirs = model_of(deployment), model_of(read_json(translated, folder, path.stem))
    for key in ours.keys() | theirs.keys():
        mine, other = ours.get(key, "nothing"), theirs.get(key, "nothing")
        if mine != other:
            yield *key, mine, other


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.yaml")), ids=lambda path: path.stem)
@pytest.mark.filterwarnings("ignore")
def test_a_sam_template_and_its_translation_come_to_one_model(path: Path) -> None:
    assert list(differences(path, translation(path))) == []


def say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


def main(folder: Path, only: str = "") -> None:
    counts: Counter[str] = Counter()
    facets: Counter[str] = Counter()
    for path in sorted([*folder.rglob("*.yaml"), *folder.rglob("*.yml")]):
        if only not in str(path) or b"AWS::Serverless" not in path.read_bytes():
            continue
        try:
            translated = translation(path)
        except Exception:
            # The translator refuses bad templates with its own errors, and some by accident with others.
            counts["does not translate"] += 1
            continue
        found = sorted(differences(path, translated), key=str)
        counts["differs" if found else "agrees"] += 1
        facets.update({facet for facet, *_ in found})
        for facet, name, mine, other in found:
            say(f"{path}: {facet} {name}\n    sam: {mine}\n    cfn: {other}")
    say(f"{dict(counts)} {dict(facets.most_common())}")


if __name__ == "__main__":
    os.environ.setdefault("AWS_DEFAULT_REGION", REGION)
    main(Path(sys.argv[1]).resolve(), sys.argv[2] if len(sys.argv) > 2 else "")
