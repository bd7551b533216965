"""What is looked at, and what is left out."""

import json
import os
from pathlib import Path

import pytest

from slslint import discover
from slslint.config import Settings, everywhere
from slslint.discover.signs import may_hold_handler
from slslint.errors import UsageError
from slslint.patterns import compile_patterns
from slslint.source import Reader

TEMPLATE = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n"
HANDLER = "def handler(event, context):\n    return 1\n"


def place(root: Path, *paths: str, text: str | None = None) -> None:
    for path in paths:
        target = root / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text((HANDLER if path.endswith(".py") else TEMPLATE) if text is None else text)


def found(root: Path, *paths: str, exclude: tuple[str, ...] = ()) -> tuple[list[str], list[str]]:
    reader = Reader(str(root), (str(root),))
    result = discover.find(paths or (".",), reader, everywhere(Settings(root=str(root), exclude=exclude)))
    return list(result.templates), list(result.sources)


def test_templates_are_known_by_their_bytes(tmp_path: Path) -> None:
    place(tmp_path, "template.yaml", "b/stack.json", "c/x.template", "src/app.py", "README.md")
    place(tmp_path, "compose.yml", text="services:\n  web:\n    image: nginx\n")
    place(tmp_path, "src/app.ts", "src/app.mjs", "src/app.css", text="export const handler = 1;")
    sources = ["src/app.mjs", "src/app.py", "src/app.ts"]
    assert found(tmp_path) == (["b/stack.json", "c/x.template", "template.yaml"], sources)


def test_scripts_that_configure_a_service_are_templates(tmp_path: Path) -> None:
    service = "export default { service: 'a', provider: { name: 'aws' }, functions: {} };"
    # What a compiler made of a configuration is none.
    place(tmp_path, "a/serverless.ts", "a/lib/serverless.js", "b/serverless.js", text=service)
    place(tmp_path, "c/serverless.js", text="exports.handler = 1;")
    templates, sources = ["a/serverless.ts", "b/serverless.js"], ["a/lib/serverless.js", "c/serverless.js"]
    assert found(tmp_path) == (templates, sources)


def test_vendored_and_built_trees_are_left_out(tmp_path: Path) -> None:
    place(tmp_path, ".aws-sam/build/template.yaml", "node_modules/a/template.yaml", "x/cdk.out/a.json", "dist/a.yaml")
    place(tmp_path, "env/template.yaml", "env/lib/app.py")
    place(tmp_path, "env/pyvenv.cfg", text="home = /usr\n")
    place(tmp_path, "src/app.py", "src/own/app.py", "src/requests/api.py", "src/six.py", "src/bar/x.py")
    place(
        tmp_path,
        "src/requests-2.0.dist-info/RECORD",
        text="requests/api.py,,\nsix.py,,\nfoo_bar-1.dist-info/RECORD,,\n",
    )
    assert found(tmp_path) == ([], ["src/app.py", "src/bar/x.py", "src/own/app.py"])


def test_ignore_files_hold_from_the_project_down_and_the_inner_one_decides(tmp_path: Path) -> None:
    place(tmp_path, "a/app.py", "a/gen/app.py", "a/b/gen/app.py", "a/b/c/kept.py", "a/b/c/gone.py")
    place(tmp_path, ".gitignore", text="gen/\n*.py\n!app.py\n# a comment\n")
    place(tmp_path, "a/b/.gitignore", text="!gen/\n!kept.py\n")
    assert found(tmp_path) == ([], ["a/app.py", "a/b/c/kept.py", "a/b/gen/app.py"])
    assert found(tmp_path, "a/b") == ([], ["a/b/c/kept.py", "a/b/gen/app.py"])


def test_excluded_paths_are_relative_to_the_settings(tmp_path: Path) -> None:
    place(tmp_path, "app.py", "old/app.py", "new/old/app.py")
    assert found(tmp_path, exclude=("/old/",))[1] == ["app.py", "new/old/app.py"]


def test_who_is_named_is_taken(tmp_path: Path) -> None:
    place(tmp_path, "dist/app.py", "notes.yaml")
    place(tmp_path, ".gitignore", text="*\n")
    assert found(tmp_path, "dist/app.py", "notes.yaml") == (["notes.yaml"], ["dist/app.py"])


def test_a_path_that_is_not_there_is_a_mistake(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"nowhere\.yaml: there is no such file"):
        found(tmp_path, "nowhere.yaml")


def test_links_may_lead_in_circles_and_out(tmp_path: Path) -> None:
    project, outside = tmp_path / "project", tmp_path / "outside"
    place(project, "src/app.py")
    place(outside, "secret.py")
    os.symlink(project, project / "src" / "again")
    os.symlink(outside, project / "src" / "out")
    assert found(project) == ([], ["src/app.py"])


def test_another_name_of_a_template_beside_it_is_not_looked_at_again(tmp_path: Path) -> None:
    place(tmp_path, "a/template.yaml", "shared/queue.yaml")
    place(tmp_path, "b/ignored.yaml")
    place(tmp_path, "b/.gitignore", text="ignored.yaml\n")
    os.symlink("template.yaml", tmp_path / "a" / "sam.yaml")
    os.symlink("ignored.yaml", tmp_path / "b" / "queue.yaml")
    # What is deployed from another folder finds its code from there.
    os.symlink("../shared/queue.yaml", tmp_path / "a" / "queue.yaml")
    assert found(tmp_path) == (["a/queue.yaml", "a/template.yaml", "b/queue.yaml", "shared/queue.yaml"], [])
    assert found(tmp_path, "a/sam.yaml") == (["a/sam.yaml"], [])


def test_what_synth_printed_beside_its_own_assembly_is_not_looked_at_again(tmp_path: Path) -> None:
    stack = '{"Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Metadata": {"aws:cdk:path": "%s/Queue/Resource"}}}}'
    printed = "Resources:\n  Queue:\n    Type: AWS::SQS::Queue\n    Metadata:\n      aws:cdk:path: %s/Queue/Resource\n"
    artifact = {"type": "aws:cloudformation:stack", "properties": {"templateFile": "Shop.template.json"}}
    place(tmp_path, "shop/cdk.json", text='{"app": "python3 app.py"}')
    place(tmp_path, "shop/cdk.out/cdk.out", text="{}")
    place(tmp_path, "shop/cdk.out/manifest.json", text=json.dumps({"artifacts": {"Shop": artifact}}))
    place(tmp_path, "shop/cdk.out/Shop.template.json", text=stack % "Shop")
    place(tmp_path, "shop/printed/template.yaml", text=printed % "Shop")
    place(tmp_path, "shop/other.yaml", "other/template.yaml", text=printed % "Former")
    templates = ["other/template.yaml", "shop/cdk.out/Shop.template.json", "shop/other.yaml"]
    assert found(tmp_path) == (templates, [])
    assert found(tmp_path, "shop/printed/template.yaml") == (["shop/printed/template.yaml"], [])


@pytest.mark.parametrize(
    ("path", "data", "worth"),
    [
        ("src/app.py", b"def lambda_handler(event, context):\n", True),
        ("src/app.py", b"def on(event, _):\n", True),
        ("src/app.py", b"import handler\n", False),
        ("src/models.py", b"def total(order):\n", False),
        ("tests/unit/app.py", b"def handler(event, context):\n", False),
        ("src/test_app.py", b"def handler(event, context):\n", False),
        ("src/app.js", b"exports.handler = async (event) => {};", True),
        ("src/app.mjs", b"export const create = async event => {};", True),
        ("src/app.ts", b"export async function run({ Records }: SQSEvent) {}", True),
        ("src/app.js", b"exports.total = (order) => order.total;", False),
        ("src/app.js", b"document.onclick = (event) => {};", False),
        ("src/app.test.ts", b"export const handler = (event) => {};", False),
        ("src/app.spec.js", b"export const handler = (event) => {};", False),
        ("src/__mocks__/app.js", b"export const handler = (event) => {};", False),
        ("src/Button.stories.tsx", b"export const handler = (event) => {};", False),
        ("webpack.config.js", b"exports.handler = (event) => {};", False),
        ("src/vendor.min.js", b"exports.handler=(event)=>{};", False),
        ("src/events.d.ts", b"export function handler(event: Event): void;", False),
        ("src/latest.ts", b"export const handler = (event) => {};", True),
    ],
)
def test_source_that_may_hold_a_handler(path: str, data: bytes, worth: bool) -> None:
    assert may_hold_handler(path, data) is worth


@pytest.mark.parametrize(
    ("pattern", "matched", "passed"),
    [
        ("build/", ["build/", "a/build/"], ["build", "builds/"]),
        ("*.pyc", ["x.pyc", "a/x.pyc"], ["x.py"]),
        ("/top", ["top", "top/"], ["a/top"]),
        ("a/b", ["a/b"], ["x/a/b"]),
        ("**/logs", ["logs/", "a/b/logs"], ["blogs"]),
        ("a/**/z", ["a/z", "a/b/c/z"], ["b/z"]),
        ("a/**", ["a/b", "a/b/c"], ["a/"]),
        ("a/*", ["a/b", "a/b/"], ["a/", "a/b/c"]),
        ("[Bb]in?", ["Bins", "x/bin1"], ["bin", "cins"]),
        ("[!a]x", ["bx"], ["ax", "/x"]),
        (r"\#x", ["#x"], ["x"]),
        ("x.y", ["x.y"], ["xzy"]),
    ],
)
def test_patterns_as_git_reads_them(pattern: str, matched: list[str], passed: list[str]) -> None:
    decide = compile_patterns((pattern,))
    assert [path for path in matched if not decide(path)] == []
    assert [path for path in passed if decide(path)] == []


def test_of_several_patterns_the_last_decides() -> None:
    decide = compile_patterns(("*.json", "!keep.json", "/keep.json"))
    assert [decide(path) for path in ("a.json", "a/keep.json", "keep.json", "a.yaml")] == [True, False, True, None]


def test_the_project_may_be_the_whole_file_system(tmp_path: Path) -> None:
    place(tmp_path, "template.yaml")
    root = os.path.abspath(os.sep)
    asked = str(tmp_path.resolve().relative_to(root)).replace(os.sep, "/")
    assert discover.find([asked], Reader(root, (root,))).templates == (f"{asked}/template.yaml",)
