"""Third parties' rules: the pack of `docs/plugins.md` is built, installed and used, and wrong packs are named."""

import json
import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from slslint import cli, plugins
from tests.release.conftest import ROOT, done, run

GUIDE = (ROOT / "docs" / "plugins.md").read_text()
FILES = {
    name: text
    for name, _, text in re.findall(r"^`([\w./]+)`:\n\n(`{3,})\w+\n(.*?)^\2$", GUIDE, re.MULTILINE | re.DOTALL)
}
COMMANDS = re.findall(r"^slslint ((?!is).*)$", GUIDE, re.MULTILINE)
RULE = "acme-metrics-by-request"
ORIGIN = "acme-slslint-rules 1.0"

APP = """\
import boto3

cloudwatch = boto3.client("cloudwatch")


def handler(event, context):
    cloudwatch.put_metric_data(Namespace="orders", MetricData=[])
"""
TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties: {Handler: app.handler, Runtime: python3.13, CodeUri: ., Timeout: 10}
"""


# --- the guide's pack ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def pack(made: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """The folder of the guide's pack."""

    def write(folder: Path) -> None:
        for name, text in FILES.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)

    return made("acme-slslint-rules", write)


@pytest.fixture(scope="session")
def programs(made: Callable[[str, Callable[[Path], object]], Path], from_sdist: Path, pack: Path) -> Path:
    """The programs of an environment in which the pack's wheel is installed beside slslint."""

    def build_and_install(folder: Path) -> None:
        done(sys.executable, "-m", "build", "--no-isolation", "--wheel", "--outdir", folder, pack)
        pip = (from_sdist / "pip", "install", "--quiet", "--disable-pip-version-check")
        done(*pip, *folder.glob("*.whl"), "pytest")

    made("acme-wheel", build_and_install)
    return from_sdist


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "app.py").write_text(APP)
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    return tmp_path


def test_an_installed_pack_is_there_without_settings(programs: Path, project: Path) -> None:
    found = run(programs / "slslint", "check", "--format", "concise", "--select", RULE, cwd=project)
    assert re.fullmatch(rf"app\.py:7:5: warning\[{RULE}\] `Orders` waits .*\n", found.stdout), found.stdout
    assert (found.returncode, found.stderr) == (1, "")


def test_its_rules_are_listed_with_where_they_come_from(programs: Path, project: Path) -> None:
    assert f"would do. ({ORIGIN})\n" in done(programs / "slslint", "rules", cwd=project)
    listed = json.loads(done(programs / "slslint", "rules", "--format", "json", cwd=project))
    assert {each["origin"] for each in listed if each["id"] != RULE} == {"slslint"}
    assert [each["origin"] for each in listed if each["id"] == RULE] == [ORIGIN]


def test_its_pages_are_shown_and_go_into_sarif(programs: Path, project: Path) -> None:
    page = FILES[f"acme_rules/{RULE.replace('-', '_')}.md"]
    assert done(programs / "slslint", "rule", RULE, cwd=project) == page
    sarif = json.loads(run(programs / "slslint", "check", "--format", "sarif", cwd=project).stdout)
    [described] = [rule for rule in sarif["runs"][0]["tool"]["driver"]["rules"] if rule["id"] == RULE]
    assert described["help"]["markdown"] == page
    assert "helpUri" not in described


def test_it_is_configured_and_suppressed_like_any_other(programs: Path, project: Path) -> None:
    check = (programs / "slslint", "check", "--format", "concise", "--select", f"{RULE},unused-suppression")
    (project / "slslint.toml").write_text(FILES["slslint.toml"])
    assert f" error[{RULE}]" in run(*check, cwd=project).stdout
    (project / "slslint.toml").write_text(FILES["slslint.toml"].replace("Billing", "Orders"))
    assert done(*check, cwd=project) == ""
    (project / "slslint.toml").unlink()
    (project / "app.py").write_text(APP.replace("[])", f"[])  # slslint: ignore[{RULE}] once a day"))
    assert done(*check, cwd=project) == ""


def test_it_can_be_left_out(programs: Path, project: Path) -> None:
    isolated = run(programs / "slslint", "check", "--isolated", "--format", "concise", cwd=project)
    assert RULE not in isolated.stdout
    assert "there is no rule" in run(programs / "slslint", "check", "--isolated", "--select", RULE, cwd=project).stderr


def test_several_processes_run_it(programs: Path, project: Path) -> None:
    check = (programs / "slslint", "check", "--format", "concise")
    assert run(*check, "--jobs", "2", cwd=project).stdout == run(*check, cwd=project).stdout != ""


def test_its_examples_are_run_by_its_own_tests(programs: Path, pack: Path) -> None:
    said = done(programs / "python", "-m", "pytest", "-q", "-p", "no:cacheprovider", cwd=pack)
    assert "2 passed" in said
    page = pack / "acme_rules" / "acme_metrics_by_request.md"
    assert page.read_text().count("# warning:") == 1


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_of_the_guide_does_something(command: str, programs: Path, project: Path) -> None:
    shown = run(programs / "slslint", *command.split(), cwd=project)
    assert (shown.stdout != "", shown.stderr) == (True, "")


# --- packs that are wrong --------------------------------------------------------------------------------------------

GOOD = """\
from slslint.api import Severity, rule


@rule(Severity.NOTE)
def {name}(app):
    '''Nothing.'''
    yield from ()
"""


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that Python imports from, and that is not the one we are in."""
    folder = tmp_path / "site-packages"
    folder.mkdir()
    monkeypatch.syspath_prepend(folder)
    monkeypatch.chdir(tmp_path)
    return folder


def put(folder: Path, distribution: str, name: str, package: str, **modules: str) -> None:
    (folder / f"{distribution}-1.0.dist-info").mkdir()
    metadata = folder / f"{distribution}-1.0.dist-info" / "entry_points.txt"
    metadata.write_text(f"[console_scripts]\nx = y:z\n\n[{plugins.GROUP}]\n{name} = {package}\n")
    if modules:
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    for module, text in modules.items():
        (folder / package / f"{module}.py").write_text(text)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    assert cli.main(["rules"]) == 2
    return capsys.readouterr().err


def test_a_pack_that_cannot_be_imported_is_named(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(place, "bad_rules", "bad", "bad_rules_one", bad_x="import nothing_of_this_name")
    assert said(capsys) == (
        "slslint: error: plug-in `bad` of bad-rules 1.0: `bad_rules_one` cannot be loaded: ModuleNotFoundError: "
        "No module named 'nothing_of_this_name'; update or uninstall it, or leave plug-ins out (--isolated)\n"
    )


@pytest.mark.parametrize(
    ("package", "modules", "part"),
    [
        ("bad_rules_two", {"bad_x": "raise SystemExit(0)"}, "cannot be loaded: SystemExit: 0"),
        ("bad_rules_three", {"bad_x": "y = 1"}, "bad_rules_three.bad_x must hold a rule called `bad_x`"),
        ("bad_rules_four", {}, "cannot be loaded: ModuleNotFoundError"),
        ("colorsys", {}, "colorsys must be a package, with a module for each rule"),
        ("bad_rules_five", {"no_x": GOOD.format(name="no_x")}, "its rule `no-x` must be called `bad-no-x`"),
    ],
)
def test_a_pack_that_is_wrong_says_how(
    package: str, modules: dict[str, str], part: str, place: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    put(place, "bad_rules", "bad", package, **modules)
    assert part in said(capsys)
    for command in (["rules"], ["config", "--schema"]):
        assert cli.main([*command, "--isolated"]) == 0


def test_rules_of_one_id_are_an_error_that_names_both(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(place, "one_rules", "same", "same_rules_one", same_x=GOOD.format(name="same_x"))
    put(place, "two_rules", "same", "same_rules_two", same_x=GOOD.format(name="same_x"))
    assert "plug-in `same` of two-rules 1.0: its rule `same-x` is also one of one-rules 1.0" in said(capsys)


def test_no_pack_takes_the_id_of_a_built_in_rule(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    put(place, "late_rules", "missing", "late_rules", missing_timeout=GOOD.format(name="missing_timeout"))
    assert "of late-rules 1.0: its rule `missing-timeout` is also one of slslint;" in said(capsys)


def test_a_rule_that_fails_names_its_distribution(place: Path, capsys: pytest.CaptureFixture[str]) -> None:
    failing = GOOD.format(name="weak_x").replace("yield from ()", "yield 1 / 0")
    put(place, "weak_rules", "weak", "weak_rules", weak_x=failing)
    (place.parent / "template.yaml").write_text(TEMPLATE)
    (place.parent / "app.py").write_text(APP)
    assert cli.main(["check", "template.yaml"]) == 2
    out = capsys.readouterr().out
    assert "`weak-x` failed here (ZeroDivisionError" in out
    assert "please report it to the authors of weak-rules 1.0" in " ".join(out.split())


def test_what_lies_in_the_checked_folder_is_not_installed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(place, "own_rules", "own", "own_rules", own_x=GOOD.format(name="own_x"))
    assert [pack.name for pack in plugins.installed()] == ["own"]
    monkeypatch.chdir(place)
    assert plugins.installed() == []


def test_the_first_folder_wins_as_with_imports(tmp_path: Path) -> None:
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        put(tmp_path / name, "Some_Rules", name, name)
    folders = [str(tmp_path / name) for name in ("missing", "first", "second")]
    assert [(pack.name, pack.origin) for pack in plugins.installed(folders)] == [("first", "some-rules 1.0")]


def test_a_zip_that_python_imports_from_is_looked_into(tmp_path: Path) -> None:
    import zipfile

    (tmp_path / "zipped").mkdir()
    put(tmp_path / "zipped", "zip_rules", "zip", "zip_rules")
    dist_info = tmp_path / "zipped" / "zip_rules-1.0.dist-info"
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("zip_rules-1.0.dist-info/METADATA", "Name: zip-rules\nVersion: 1.0\n")
        archive.write(dist_info / "entry_points.txt", "zip_rules-1.0.dist-info/entry_points.txt")
    assert [(pack.name, pack.origin) for pack in plugins.installed([str(tmp_path / "all.zip")])] == [
        ("zip", "zip-rules 1.0")
    ]
