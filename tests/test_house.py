"""The habits of the house, where a machine can see them."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from slslint import registry, testing
from slslint.data.cfn_lint_ids import NUMBERS
from slslint.model import Advice, Dialect

ROOT = Path(__file__).parent.parent
PACK = ROOT / "rules" / "slslint_rules"
RULES = registry.load()
SECTIONS = ["Why", "Bad", "Good", "Not detected", "Options", "Fix safety", "References"]
WITHOUT_EXAMPLES = {"internal-error", "unreadable-file"}
"""Markdown can show neither a fault of slslint nor a file that is no text."""

NEEDS_CODE = {"event-loop", "recursive-invocation", "synchronous-chain", "unbounded-concurrency"}
"""What these look for stands in the code, whatever the dialect of the template beside it."""


def page_of(rule_id: str) -> Path:
    return PACK / f"{rule_id.replace('-', '_')}.md"


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_rule_has_its_page(rule: registry.Rule) -> None:
    lines = page_of(rule.id).read_text().splitlines()
    assert lines[:4] == [f"# {rule.id}", "", rule.summary, ""]
    sections = [line[3:] for line in lines if line.startswith("## ")]
    shows_fix = any(case.fixed for case in testing.cases(str(page_of(rule.id))))
    without = {*(() if rule.options else ("Options",)), *(() if shows_fix else ("Fix safety",))}
    assert sections == [section for section in SECTIONS if section not in without]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_page_shows_what_is_flagged_and_what_is_not(rule: registry.Rule) -> None:
    if rule.id in WITHOUT_EXAMPLES:
        return
    cases = testing.cases(str(page_of(rule.id)))
    assert any(case.expected for case in cases if case.name.startswith("Bad"))
    assert any(not case.expected for case in cases if case.name.startswith("Good"))
    assert not [case.name for case in cases if case.expected and case.name.startswith("Good")]
    assert {expected.rule for case in cases for expected in case.expected} == {rule.id}


def dialects_in(case: testing.Case) -> set[str]:
    return {dialect for path, text in case.files.items() if (dialect := dialect_of(path, text))}


def dialect_of(path: str, text: str) -> str:
    if path == "serverless.yml":
        return "Serverless Framework"
    if path.endswith(".tf"):
        return "Terraform"
    if "Resources:" not in text:
        return ""
    if "aws:cdk:path" in text:
        return "CDK"
    return "SAM" if "AWS::Serverless" in text else "CloudFormation"


def test_pages_about_templates_speak_every_dialect() -> None:
    shown: dict[tuple[str, str], set[str]] = {}
    for rule in RULES:
        for case in testing.cases(str(page_of(rule.id))):
            shown.setdefault((rule.id, case.name.partition(",")[0]), set()).update(dialects_in(case))
    about_templates = {id for (id, section), named in shown.items() if section == "Bad" and "Terraform" in named}
    every = {"CDK", "CloudFormation", "SAM", "Serverless Framework", "Terraform"}
    missing = {
        (id, section): every - shown[id, section]
        for id in about_templates - NEEDS_CODE
        for section in ("Bad", "Good")
        if every - shown[id, section]
    }
    assert missing == {}
    assert len(about_templates) > 9


@pytest.mark.parametrize("rule", [rule for rule in RULES if rule.options], ids=lambda rule: rule.id)
def test_page_says_of_every_option_what_the_code_says(rule: registry.Rule) -> None:
    options = page_of(rule.id).read_text().partition("## Options")[2].partition("\n## ")[0]
    rows = " ".join(options.split())
    for option in rule.options:
        assert f"- `{option.name}` ({option.default}; {option.range}): {option.about}" in rows


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_page_lists_every_variant_with_its_severity(rule: registry.Rule) -> None:
    rows = re.findall(r"^\| `([\w-]+)` \|.*\| (.+) \|$", page_of(rule.id).read_text(), re.MULTILINE)
    strict = ", in the preset `strict`"
    forms = {name: f"{form.severity}{strict * (form.preset == 'strict')}" for name, form in rule.variants.items()}
    assert dict(rows) == {name: form for name, form in forms.items() if name}


def test_every_page_has_its_rule() -> None:
    assert {page.stem for page in PACK.glob("*.md")} == {rule.id.replace("-", "_") for rule in RULES}


def test_every_rule_has_a_number_of_its_own_in_cfn_lint() -> None:
    assert set(NUMBERS) >= {rule.id for rule in RULES}
    assert len(set(NUMBERS.values())) == len(NUMBERS)
    assert all(9100 < number < 9900 for number in NUMBERS.values())


def test_rules_yield_to_rules() -> None:
    ids = {rule.id for rule in RULES}
    assert {other for rule in RULES for other in (*rule.yields_to, *rule.yields_place_to)} <= ids


def test_index_of_rules_is_current() -> None:
    script = [sys.executable, str(ROOT / "scripts" / "build_rules_index.py"), "--check"]
    done = subprocess.run(script, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def dialects() -> Iterator[Dialect]:
    """Every Dialect that a module of `slslint.templates` defines."""
    for file in (ROOT / "slslint" / "templates").rglob("*.py"):
        if "Dialect(" in file.read_text():
            module = ".".join(file.relative_to(ROOT).with_suffix("").parts)
            namespace = vars(__import__(module, fromlist=["_"]))
            yield from (value for value in namespace.values() if isinstance(value, Dialect))


def test_every_dialect_has_words_for_every_advice() -> None:
    found = list(dialects())
    assert found
    assert {(dialect.name, advice) for dialect in found for advice in Advice if advice not in dialect.words} == set()


def imported(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or ".")
    return names


@pytest.mark.parametrize("file", sorted(PACK.glob("*.py")), ids=lambda file: file.stem)
def test_rule_imports_only_the_api(file: Path) -> None:
    assert {name for name in imported(file) if name.startswith(("slslint", "."))} <= {"slslint.api"}


@pytest.mark.parametrize("name", ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md"])
def test_paths_in_the_docs_exist(name: str) -> None:
    text = (ROOT / name).read_text()
    text = re.sub(r"^```.*?^```", "", text, flags=re.DOTALL | re.MULTILINE)
    links = [link.partition("#")[0] for link in re.findall(r"\]\((?!https?:)([^)#]+)", text)]
    paths = re.findall(r"`((?:slslint|rules|tests|scripts|examples|benchmarks)/[\w./-]*)`", text)
    assert [path for path in {*links, *paths} if not (ROOT / path).exists()] == []


def test_the_largest_room_is_described_whole() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text()
    named = set(re.findall(r"`([a-z_]+)/?`", text[text.index("`slslint/app/` is the largest room") :]))
    app = ROOT / "slslint" / "app"
    inside = {path.stem for path in app.glob("*.py")} | {path.parent.name for path in app.glob("*/__init__.py")}
    assert inside - {"__init__"} <= named


def test_only_front_doors_print_and_only_the_reader_opens() -> None:
    calls = {
        (file.relative_to(ROOT).as_posix(), node.func.id)
        for file in (ROOT / "slslint").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("open", "print")
    }
    printing = {file for file, name in calls if name == "print" and not file.startswith("slslint/cli/")}
    opening = {file for file, name in calls if name == "open"}
    assert not printing
    assert opening <= {"slslint/cli/output.py", "slslint/testing.py", "slslint/source.py"}
