"""Applications of the CDK: what their assemblies deploy, joined to their source and shown where their author wrote it.

The assemblies are real: `scripts/synth_cdk_fixtures.py` makes them.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from slslint import discover, engine, registry
from slslint.config import Settings, everywhere
from slslint.model import Advice, Deployment, Function, Invocation, Packaging, Source, show
from slslint.result import Result
from slslint.source import Reader, Span
from slslint.templates import read
from slslint.value import Known, Unknown

ROOT = Path(__file__).parent.parent.parent
FIXTURES = ROOT / "tests" / "fixtures" / "templates" / "cdk"
MODULES = ROOT / "tests" / "oracles" / "cdk" / "node_modules"

SHOP = "cdk.out/Shop.template.json"
PART = "cdk.out/ShopPart2C175CFB.nested.template.json"
PRODUCTION = "cdk.out/assembly-Prod/ProdShop82526E42.template.json"
AUDIT = "cdk.out/assembly-Prod/ProdAudit6B7AB28A.template.json"


def deployed(app: str, template: str, changed: dict[str, str] | None = None) -> Deployment:
    folder = str(FIXTURES / app)
    overlay = {path: text.encode() for path, text in (changed or {}).items()}
    deployment = read(template, Reader(folder, (folder,), overlay), {})
    assert deployment is not None
    return deployment


def function(deployment: Deployment, id: str) -> Function:
    return next(function for function in deployment.functions if function.id == id)


def triggers(deployment: Deployment, id: str) -> list[tuple[Source, Invocation, str]]:
    found = [trigger for trigger in deployment.triggers if trigger.function == id]
    return [
        (each.source_kind, each.invocation, show(each.source.value) if isinstance(each.source, Known) else "?")
        for each in found
    ]


def text_at(app: str, span: Span) -> str:
    return (FIXTURES / app / span.path).read_text().split("\n")[span.line - 1][span.column - 1 : span.end_column - 1]


def copied(app: str, folder: Path) -> Path:
    shutil.copytree(FIXTURES / app, folder, dirs_exist_ok=True)
    return folder


def checked(folder: Path, *paths: str) -> Result:
    base = os.path.realpath(folder)
    return engine.check(paths or ["."], Settings(root=base), Reader(base, (base,)), registry.load())


def found(result: Result) -> list[tuple[str, int, str]]:
    return [(each.at.path, each.at.line, each.rule) for each in result.findings if each.suppressed is None]


def test_the_metadata_of_a_former_version_are_read() -> None:
    greet = function(deployed("former", "cdk.out/Former.template.json"), "Greet")
    assert text_at("former", greet.at) == 'new Function(this, "Greet", {'
    assert greet.package.path.value == "src/greet"


@pytest.mark.parametrize(
    ("template", "id", "path", "entry"),
    [
        (SHOP, "Orders", "lambda/orders", ()),
        (SHOP, "Create", "lambda/create.ts", ("index=create.ts",)),
        (SHOP, "SeedCustomResourceProvider/Handler", "lambda/seed", ()),
        (SHOP, "receiver", "lib/shop-stack.receiver.ts", ("index=shop-stack.receiver.ts",)),
        (PART, "Minified", "lambda/create.ts", ("index=create.ts",)),
        (PRODUCTION, "Orders", "lambda/orders", ()),
        (PRODUCTION, "Create", "lambda/create.ts", ("index=create.ts",)),
        (AUDIT, "Audit", "lambda/orders", ()),
    ],
)
def test_assets_lead_to_their_source(template: str, id: str, path: str, entry: tuple[str, ...]) -> None:
    package = function(deployed("shop", template), id).package
    assert isinstance(package.path, Known)
    assert (package.packaging, package.path.value, package.entry_points) == (Packaging.FILES, path, entry)


def test_an_asset_may_be_named_by_parameters_as_before_version_2() -> None:
    template = "cdk.out/Reports.template.json"
    whole = json.loads((FIXTURES / "reports" / template).read_text())
    report = next(each for each in whole["Resources"].values() if "aws:asset:path" in each["Metadata"])
    asset = report["Metadata"].pop("aws:asset:path").removeprefix("asset.")
    key = {"Fn::Select": [0, {"Fn::Split": ["||", {"Ref": f"AssetParameters{asset}S3VersionKey1A2B3C4D"}]}]}
    report["Properties"]["Code"] = {"S3Bucket": {"Ref": f"AssetParameters{asset}S3Bucket1A2B3C4D"}, "S3Key": key}
    deployment = deployed("reports", template, {template: json.dumps(whole)})
    assert function(deployment, "Report").package.path.value == "functions/report"


def test_the_content_of_a_layer_leads_to_its_source() -> None:
    assert [layer.path.value for layer in deployed("shop", SHOP).layers] == ["layer"]


def test_every_function_is_joined() -> None:
    base = str(FIXTURES / "shop")
    apps = engine.understand(["."], Settings(root=base), Reader(base, (base,)))
    assert {join.state.value for app in apps for join in app.joins.values()} == {"joined"}


def test_functions_of_the_cdk_itself_and_their_roles_are_left_out() -> None:
    deployment = deployed("shop", SHOP)
    seed = "SeedCustomResourceProvider/Handler"
    assert [function.id for function in deployment.functions] == ["Orders", "receiver", "Create", "Inline", seed]
    roles = {"OrdersRole", "receiverRole", "CreateRole", "InlineRole", "Api/CloudWatchRole"}
    assert set(deployment.roles) == {*roles, "SeedCustomResourceProvider/Role"}
    assert {trigger.function for trigger in deployment.triggers} == {"Orders", "receiver", "Create", "Inline", seed}
    assert [function.id for function in deployed("reports", "cdk.out/Reports.template.json").functions] == ["Report"]


def test_a_function_that_only_looks_like_the_cdks_own_is_the_applications() -> None:
    whole = json.loads((FIXTURES / "shop" / SHOP).read_text())
    orders = next(each for each in whole["Resources"].values() if each.get("Properties", {}).get("Timeout") == 10)
    orders["Metadata"]["aws:cdk:path"] = "Shop/Single0123456789abcdef0123456789abcdef/Resource"
    deployment = deployed("shop", SHOP, {SHOP: json.dumps(whole)})
    assert "Single0123456789abcdef0123456789abcdef" in [function.id for function in deployment.functions]


def test_what_the_cdk_sets_up_by_custom_resources_triggers_all_the_same() -> None:
    deployment = deployed("shop", SHOP)
    assert triggers(deployment, "receiver") == [(Source.BUCKET, Invocation.ASYNC, "${Bucket}")]
    assert triggers(deployment, "Inline") == [
        (Source.CUSTOM_RESOURCE, Invocation.WAITS, "${Provider/framework-onEvent}")
    ]
    notification = next(trigger for trigger in deployment.triggers if trigger.source_kind is Source.BUCKET)
    assert (notification.event, notification.filter.written) == ("s3:ObjectCreated:*", ("suffix .csv",))
    assert text_at("shop", notification.at).startswith("addEventNotification(")


@pytest.mark.parametrize(("template", "id"), [(AUDIT, "Audit"), (PART, "Minified")])
def test_stacks_of_one_assembly_know_what_the_others_give_them(template: str, id: str) -> None:
    (trigger,) = triggers(deployed("shop", template), id)
    queue = "Shop" if template == PART else "ProdShop82526E42"
    arn = f"arn:${{AWS::Partition}}:sqs:${{AWS::Region}}:${{AWS::AccountId}}:${{{queue}.Queue4A7E3555}}"
    assert trigger == (Source.QUEUE, Invocation.POLLED, arn)
    assert deployed("shop", template).triggers[0].source.at.path.startswith("lib/")


@pytest.mark.parametrize(
    ("template", "id", "variable", "expected"),
    [
        (AUDIT, "Audit", "TABLE", "${ProdShop82526E42.TableCD117FA1}"),
        (SHOP, "Orders", "MINIFIED", "${ShopPart2C175CFB.Minified6B83073C}"),
    ],
)
def test_names_of_what_another_stack_deploys(template: str, id: str, variable: str, expected: str) -> None:
    value = function(deployed("shop", template), id).environment.variables[variable]
    assert isinstance(value, Known)
    assert show(value.value) == expected


@pytest.mark.parametrize(
    ("template", "ids"),
    [(SHOP, {"Orders", "receiver", "Create", "Inline"}), (PRODUCTION, {"Orders", "Create"}), (AUDIT, {"Audit"})],
)
def test_the_tree_tells_the_paths_that_nothing_else_does(template: str, ids: set[str]) -> None:
    folder = FIXTURES / "shop"
    bare = {
        path.relative_to(folder).as_posix(): re.sub(
            r'"aws:cdk:path": "[^"]*"|"type": "aws:cdk:logicalId"', '"a": ""', path.read_text()
        )
        for path in folder.glob("cdk.out/**/*.json")
        if path.name.endswith((".template.json", ".metadata.json"))
    }
    assert ids <= {each.id for each in deployed("shop", template, bare).functions}


def test_a_function_has_its_own_role_as_in_every_dialect() -> None:
    roles = deployed("shop", SHOP).roles
    assert roles["OrdersRole"].implicit
    assert not roles["Api/CloudWatchRole"].implicit
    assert text_at("shop", roles["OrdersRole"].at) == 'new Function(this, "Orders", {'


def test_the_wildcards_of_grants_are_nobodys_choice() -> None:
    grants = deployed("shop", SHOP).roles["CreateRole"].grants
    wild = [grant for grant in grants if any("*" in action.value for action in grant.actions)]
    assert [grant.via for grant in wild] == ["a `grant` method"]
    own = deployed("shop", SHOP).roles["OrdersRole"].grants
    assert [grant.via for grant in own if any("*" in action.value for action in grant.actions)] == [""]


def test_inline_code_stands_where_it_is_written() -> None:
    inline = function(deployed("shop", SHOP), "Inline").package.inline
    assert inline is not None
    assert inline.path == "lib/shop-stack.ts"
    line = next(number for number, text in enumerate(inline.lines) if "urlopen" in text)
    assert inline.places is not None
    assert "urlopen" in (FIXTURES / "shop" / inline.path).read_text().split("\n")[inline.places[line][0] - 1]


def test_inline_code_that_was_read_from_a_file_stands_there() -> None:
    inline = function(deployed("shop", SHOP), "Inline").package.inline
    assert inline is not None
    changed = function(deployed("shop", SHOP, {"lambda/fetch.py": inline.text}), "Inline").package
    assert changed.inline is not None
    assert (changed.inline.path, changed.inline.places) == ("lambda/fetch.py", None)
    assert changed.path.value == "lambda/fetch.py"


def test_without_a_trace_into_the_source_the_template_is_the_place_and_the_name_is_the_constructs() -> None:
    template = "cdk.out/Reports.template.json"
    report = function(deployed("reports", template), "Report")
    assert report.at.path == template
    assert text_at("reports", report.at).startswith('"Report')


@pytest.mark.parametrize("before", ["// one more line\n", "\n" * 7, "// gone\n" * 100])
def test_a_trace_into_source_that_has_changed_since_is_not_believed(before: str) -> None:
    source = (FIXTURES / "shop" / "lib" / "shop-stack.ts").read_text()
    deployment = deployed("shop", SHOP, {"lib/shop-stack.ts": before + source})
    assert [function(deployment, id).at.path for id in ("Orders", "Create")] == [SHOP, SHOP]


def test_what_a_helper_makes_stands_where_it_is_called() -> None:
    audit = function(deployed("shop", AUDIT), "Audit")
    assert text_at("shop", audit.at) == 'orders(this, "Audit", { TABLE: table.tableName });'


def test_a_trace_into_other_files_is_no_place() -> None:
    metadata = (FIXTURES / "shop" / "cdk.out" / "Shop.metadata.json").read_text()
    moved = metadata.replace("/lib/shop-stack.ts", "/elsewhere/shop-stack.ts")
    assert function(deployed("shop", SHOP, {"cdk.out/Shop.metadata.json": moved}), "Orders").at.path == SHOP


def test_an_assembly_that_is_older_than_the_source_says_so() -> None:
    source = (FIXTURES / "shop" / "lambda" / "orders" / "index.py").read_text()
    deployment = deployed("shop", AUDIT, {"lambda/orders/index.py": f"import os\n{source}"})
    path = function(deployment, "Audit").package.path
    assert isinstance(path, Known)
    assert path.value == "lambda/orders"
    assert [gap.why for gap in deployment.gaps] == [
        "the assembly is older than `lambda/orders`; run `cdk synth` to make it anew"
    ]


def test_a_file_that_has_only_its_name_in_common_is_no_source() -> None:
    deployment = deployed("shop", AUDIT, {"lambda/orders/index.py": "def handler(event, context): ...\n"})
    assert isinstance(function(deployment, "Audit").package.path, Unknown)
    assert deployment.gaps == ()


def test_an_asset_that_is_not_there_is_not_guessed(tmp_path: Path) -> None:
    folder = copied("shop", tmp_path)
    for asset in folder.glob("cdk.out/asset.*"):
        shutil.rmtree(asset)
    deployment = read(SHOP, Reader(str(folder), (str(folder),)), {})
    assert deployment is not None
    assert isinstance(function(deployment, "Orders").package.path, Unknown)


def test_advice_is_in_the_applications_language() -> None:
    shop = function(deployed("shop", SHOP), "Orders").dialect
    reports = function(deployed("reports", "cdk.out/Reports.template.json"), "Report").dialect
    assert "`timeout: Duration.seconds(5)`" in shop.advise(Advice.SET_TIMEOUT, id="Orders", seconds=5)
    assert "`timeout=Duration.seconds(5)`" in reports.advise(Advice.SET_TIMEOUT, id="Report", seconds=5)


# --- checked as a whole ----------------------------------------------------------------------------------------------


def test_an_ignored_assembly_is_read_and_each_of_its_templates_once(tmp_path: Path) -> None:
    folder = copied("shop", tmp_path)
    (folder / ".gitignore").write_text("cdk.out/\n*.json\n")
    reader = Reader(str(folder), (str(folder),))
    expected = {SHOP, PART, PRODUCTION, AUDIT, PRODUCTION.replace("ProdShop82526E42", "ProdShopPartEDE68EDC.nested")}
    for path in (".", "cdk.out"):
        assert set(discover.find([path], reader).templates) == expected
    assert discover.find(["."], reader, everywhere(Settings(root=str(folder), exclude=("cdk.out",)))).templates == ()
    assert found(checked(folder)) == found(checked(folder, "cdk.out"))


def test_a_template_that_is_named_is_no_plain_cloudformation(tmp_path: Path) -> None:
    folder = copied("shop", tmp_path)
    base = os.path.realpath(folder)
    apps = engine.understand([AUDIT], Settings(root=base), Reader(base, (base,)))
    assert [(app.deployment.dialect, app.functions[0].id) for app in apps] == [("CDK", "Audit")]


def test_a_stack_that_was_printed_into_a_file_is_the_applications_too(tmp_path: Path) -> None:
    (tmp_path / "cdk.json").write_text('{"app": "python3 app.py"}')
    (tmp_path / "deploy").mkdir()
    (tmp_path / "deploy" / "shop.yaml").write_text(
        """
Resources:
  Orders24F51F83:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.13
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/orders
      Code:
        S3Bucket: assets
        S3Key: 0f3a.zip
    Metadata:
      aws:cdk:path: Shop/Api/Orders/Resource
  LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8aFD4BFC8A:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs22.x
      Handler: index.handler
      Role: arn:aws:iam::123456789012:role/orders
      Code:
        ZipFile: exports.handler = async () => {};
    Metadata:
      aws:cdk:path: Shop/LogRetentionaae0aa3c5b4d4f87b02d85b201efdd8a/Resource
"""
    )
    (finding,) = (each for each in checked(tmp_path).findings if each.rule == "missing-timeout")
    assert (finding.function, finding.at.line) == ("Api/Orders", 3)
    assert finding.help == "add `timeout=Duration.seconds(30)` to the arguments of `Api/Orders`"


def test_who_checks_a_handler_alone_gets_the_stack_that_deploys_it(tmp_path: Path) -> None:
    folder = copied("shop", tmp_path)
    (folder / "lambda" / "create.ts").write_text(
        (folder / "lambda" / "create.ts").read_text().replace("JSON.parse(", "await fetch(")
    )
    findings = checked(folder, "lambda/create.ts").findings
    assert [(each.at.path, each.function) for each in findings] == [("lambda/create.ts", "Create")]


def test_findings_stand_at_constructs_where_comments_suppress_them(tmp_path: Path) -> None:
    folder = copied("shop", tmp_path)
    result = checked(folder)
    lines = (folder / "lib" / "shop-stack.ts").read_text().split("\n")
    timeouts = [each for each in result.findings if each.rule == "missing-timeout" and "shop-stack" in each.at.path]
    assert [(lines[each.at.line - 1].split('"')[1], each.suppressed is None) for each in timeouts] == [
        ("Minified", True),
        ("receiver", False),
        ("Create", True),
        ("Inline", True),
    ]


def test_an_application_without_an_assembly_gets_one_note(tmp_path: Path) -> None:
    for app in ("shop", "reports"):
        copied(app, tmp_path / app)
    shutil.rmtree(tmp_path / "shop" / "cdk.out")
    (hint,) = checked(tmp_path).hints
    assert "in `shop`" in hint
    assert "`npx cdk synth`" in hint
    assert checked(tmp_path, "reports").hints == ()


@pytest.mark.parametrize(
    "manifest", ["", "[", "[1]", '{"artifacts": {"Shop": 1, "X": {"type": "cdk:asset-manifest"}}}']
)
def test_a_broken_manifest_breaks_nothing(tmp_path: Path, manifest: str) -> None:
    folder = copied("shop", tmp_path)
    (folder / "cdk.out" / "manifest.json").write_text(manifest)
    result = checked(folder)
    problems = [
        (each.rule, each.at.path) for each in result.findings if each.rule in ("syntax-error", "internal-error")
    ]
    assert problems == ([("syntax-error", "cdk.out/manifest.json")] if manifest == "[" else [])
    assert read(SHOP, Reader(str(folder), (str(folder),)), {}) is not None


@pytest.mark.parametrize(
    "junk",
    ["null", "1", '"x"', "[]", '{"Ref": 1}', '{"Fn::GetAtt": ["Queue", ["Arn"]]}', '{"Fn::Join": ["", {"a": 1}]}'],
)
def test_junk_in_the_place_of_what_stacks_share_breaks_nothing(junk: str) -> None:
    calls = r'\{\s*"(?:Fn::GetAtt|Fn::ImportValue|Ref|Fn::Join)": (?:"[^"]*"|\[[^\[\]{}]*\])\s*\}'
    changed = {path: re.sub(calls, junk, (FIXTURES / "shop" / path).read_text()) for path in (SHOP, PART, AUDIT)}
    for template in (SHOP, PART, AUDIT):
        assert deployed("shop", template, changed).functions


# --- the real CDK ----------------------------------------------------------------------------------------------------


def test_the_real_cdk_makes_what_the_fixtures_hold(tmp_path: Path) -> None:
    if not (MODULES / "aws-cdk-lib").is_dir() or shutil.which("node") is None:
        why = "the CDK is not installed; `make tests/oracles/cdk/node_modules` does it, with npm"
        if os.environ.get("CI") == "true":
            pytest.fail(why)
        pytest.skip(why)
    script = ROOT / "scripts" / "synth_cdk_fixtures.py"
    subprocess.run([sys.executable, script, "shop", "--into", tmp_path], check=True, capture_output=True)
    made, kept = tmp_path / "shop" / "cdk.out", FIXTURES / "shop" / "cdk.out"
    names = sorted(path.relative_to(kept) for path in kept.rglob("*") if path.is_file())
    assert sorted(path.relative_to(made) for path in made.rglob("*") if path.is_file()) == names
    assert [name for name in names if (made / name).read_text() != (kept / name).read_text()] == []
