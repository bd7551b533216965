"""Synthesise the CDK applications of the test fixtures with the real CDK, and keep of it what slslint reads.

    make tests/oracles/cdk/node_modules
    python scripts/synth_cdk_fixtures.py                      # all of them, in place
    python scripts/synth_cdk_fixtures.py shop --into FOLDER   # one, elsewhere

`shop` and the applications of `apps/parity` (TypeScript) need what the make target installs; `former` (an older CDK)
and `reports` (Python) install theirs from npm and PyPI into a scratch folder. No credentials and no CDK CLI are needed.
What comes out names no machine.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "templates" / "cdk"
MODULES = ROOT / "tests" / "oracles" / "cdk" / "node_modules"

PARITY = ROOT / "tests" / "fixtures" / "apps" / "parity"
"""Applications in every dialect: `src` is shared, and lies within the project of the CDK while that is synthesised."""

SHARING = tuple(sorted(path.parent.name for path in PARITY.glob("*/cdk")))
APPS = ("former", "reports", "shop", *SHARING)
FORMER = "2.100.0"
"""A version that puts stack traces into the manifest itself, and only where CDK_DEBUG is set."""
PYTHON = "2.275.0"

HOME = "/home/dev"
"""Where the applications lie as far as their assemblies say."""

LARGEST_ASSET = 3_000
"""Bytes of an asset that is kept; the CDK's own functions are larger."""
LARGEST_CODE = 1_000
ENTRYPOINT = "__entrypoint__.js"
"""What the CDK puts beside the code of a CustomResourceProvider to call it."""

KEPT_ARTIFACTS = ("aws:cloudformation:stack", "cdk:asset-manifest", "cdk:cloud-assembly", "cdk:tree")
KEPT_PROPERTIES = ("templateFile", "file", "directoryName")
KEPT_ENTRIES = ("aws:cdk:logicalId", "aws:cdk:creationStack", "aws:cdk:templateFile")
OWN_MARK = "aws:cdk:is-custom-resource-handler-"


def main() -> None:
    """Parse the command line and synthesise."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("apps", nargs="*", metavar="APP", help=f"one of {', '.join(APPS)}; all when none is named")
    parser.add_argument("--into", type=Path, help="where to write a folder for each, instead of in place")
    options = parser.parse_args()
    for app in options.apps or APPS:
        target = (options.into / app if options.into else project(app)) / "cdk.out"
        with tempfile.TemporaryDirectory() as scratch:
            made = synthesise(app, Path(scratch).resolve())
            shutil.rmtree(target, ignore_errors=True)
            trim(made, target, Path(scratch).resolve())
        print(target)


def project(app: str) -> Path:
    """Where an application lies."""
    return PARITY / app / "cdk" if app in SHARING else FIXTURES / app


def synthesise(app: str, scratch: Path) -> Path:
    """The assembly of an application, made in a copy of it."""
    folder = scratch / app
    shutil.copytree(project(app), folder, ignore=shutil.ignore_patterns("cdk.out"))
    if app in SHARING:
        shutil.copytree(PARITY / app / "src", folder / "src")
    context = {"aws:cdk:enable-path-metadata": True, "aws:cdk:enable-asset-metadata": True}
    environment = {
        **os.environ,
        "CDK_CONTEXT_JSON": json.dumps({**context, "aws:cdk:bundling-stacks": ["**"]}),
        "CDK_DEBUG": "true",
        "CDK_OUTDIR": "cdk.out",
        "JSII_SILENCE_WARNING_UNTESTED_NODE_VERSION": "1",
        "PATH": f"{MODULES / '.bin'}{os.pathsep}{os.environ['PATH']}",
    }
    command = python_command(scratch) if app == "reports" else node_command(app, folder, scratch)
    subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True)
    return folder / "cdk.out"


def python_command(scratch: Path) -> list[str]:
    """What runs a Python application."""
    subprocess.run([sys.executable, "-m", "venv", scratch / "venv"], check=True)
    python = str(scratch / "venv" / "bin" / "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", f"aws-cdk-lib=={PYTHON}"], check=True)
    return [python, "app.py"]


def node_command(app: str, folder: Path, scratch: Path) -> list[str]:
    """What runs a TypeScript application; links the modules it needs."""
    modules = MODULES
    if app == "former":
        install = ["npm", "install", "--silent", "--prefix", str(scratch), f"aws-cdk-lib@{FORMER}", "constructs@10"]
        subprocess.run(install, check=True)
        modules = scratch / "node_modules"
    (folder / "node_modules").symlink_to(modules)
    (folder / "package-lock.json").write_text("{}")
    options = {"module": "commonjs", "moduleResolution": "node", "target": "es2022"}
    runner = str(MODULES / "ts-node" / "dist" / "bin.js")
    return ["node", runner, "--transpile-only", "--compilerOptions", json.dumps(options), f"bin/{app}.ts"]


# --- what is kept ----------------------------------------------------------------------------------------------------


def trim(assembly: Path, target: Path, scratch: Path) -> None:
    """Copy what slslint reads of an assembly, with `HOME` in the place of `scratch`."""
    for path in sorted(assembly.rglob("*")):
        relative = path.relative_to(assembly)
        staged = relative.parts[0].startswith("asset.")
        if path.is_dir() or path.name == ENTRYPOINT:
            continue
        if size(assembly / relative.parts[0]) > LARGEST_ASSET if staged else kind(path) not in KEPT:
            continue
        text = path.read_text()
        if not staged:
            text = json.dumps(KEPT[kind(path)](json.loads(text)), indent=1) + "\n"
        text = text.replace(str(MODULES.parent), f"{HOME}/{assembly.parent.name}").replace(str(scratch), HOME)
        (target / relative).parent.mkdir(parents=True, exist_ok=True)
        (target / relative).write_text(text)


def kind(path: Path) -> str:
    """What a file of an assembly is, by the end of its name."""
    return path.name if path.name in KEPT else "".join(path.suffixes[-2:])


def size(folder: Path) -> int:
    """The bytes in a folder, without the CDK's entry point."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file() and path.name != ENTRYPOINT)


def manifest(whole: dict[str, Any]) -> dict[str, Any]:
    """The artifacts that are stacks, asset manifests and stages."""
    artifacts = {id: artifact for id, artifact in whole["artifacts"].items() if artifact["type"] in KEPT_ARTIFACTS}
    for artifact in artifacts.values():
        properties = artifact["properties"]
        artifact["properties"] = {name: properties[name] for name in KEPT_PROPERTIES if name in properties}
        for name in ("dependencies", "environment"):
            artifact.pop(name, None)
        if "metadata" in artifact:
            artifact["metadata"] = metadata(artifact["metadata"])
    return {"version": whole["version"], "artifacts": artifacts}


def metadata(whole: dict[str, Any]) -> dict[str, Any]:
    """What is said of each construct: its logical id, and who created it where."""
    kept = {path: [entry(each) for each in entries if is_kept(each["type"])] for path, entries in whole.items()}
    return {path: entries for path, entries in kept.items() if entries}


def is_kept(name: str) -> bool:
    """Whether entries of a kind are read."""
    return name in KEPT_ENTRIES or name.startswith(OWN_MARK)


def entry(whole: dict[str, Any]) -> dict[str, Any]:
    """An entry without the frames of Node.js itself, which differ from version to version."""
    return {key: frames(value) if isinstance(value, list) else value for key, value in whole.items()}


def frames(trace: list[str]) -> list[str]:
    """The frames of a trace that lie in files."""
    return [frame for frame in trace if "node:internal" not in frame and "/ts-node/" not in frame]


def assets(whole: dict[str, Any]) -> dict[str, Any]:
    """Where each asset lies."""
    return {"files": {key: {"source": file["source"]} for key, file in whole["files"].items()}}


def tree(whole: dict[str, Any]) -> dict[str, Any]:
    """The constructs of the tree by their paths, and the logical ids of resources."""
    return {"tree": construct(whole["tree"])}


def construct(whole: dict[str, Any]) -> dict[str, Any]:
    """A construct of the tree, with what is in it."""
    kept = {name: whole[name] for name in ("id", "path")}
    ids = {name: value for name, value in whole.get("attributes", {}).items() if name.endswith(":logicalId")}
    children = {id: construct(child) for id, child in whole.get("children", {}).items()}
    return {**kept, **({"attributes": ids} if ids else {}), **({"children": children} if children else {})}


def template(whole: dict[str, Any]) -> dict[str, Any]:
    """A template without what every one has, and without the code of the CDK's own functions."""
    for name in ("Parameters", "Rules"):
        section = whole.get(name, {})
        whole[name] = {id: each for id, each in section.items() if not re.search("Bootstrap", id)}
    for resource in whole["Resources"].values():
        code = resource.get("Properties", {}).get("Code", {})
        if isinstance(code, dict) and len(code.get("ZipFile", "")) > LARGEST_CODE:
            code["ZipFile"] = "def handler(event, context):\n    raise NotImplementedError\n"
    return {name: section for name, section in whole.items() if section}


KEPT: dict[str, Callable[[dict[str, Any]], dict[str, Any]]] = {
    ".assets.json": assets,
    ".metadata.json": metadata,
    ".template.json": template,
    "cdk.out": dict,
    "manifest.json": manifest,
    "tree.json": tree,
}

if __name__ == "__main__":
    main()
