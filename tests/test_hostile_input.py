"""Templates and source are untrusted: each of these ends with a finding or a result, never with a traceback."""

import json
import os
import subprocess
import sys

import pytest

FUNCTION = """\
  F{0}:
    Type: AWS::Serverless::Function
    Properties:
      Runtime: python3.12
      Handler: app.handler
      CodeUri: src/
"""
HEADER = "Transform: AWS::Serverless-2016-10-31\nResources:\n"
HANDLER = "def handler(event, context):\n    return 1\n"


def check(folder):
    """Findings by (rule, path), as a user's own run gives them."""
    run = subprocess.run(
        [sys.executable, "-m", "slslint", "check", "--format", "json", "--no-cache"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert "Traceback" not in run.stderr
    assert run.returncode in (0, 1), run.stderr
    report = json.loads(run.stdout)
    return {(f["rule"], f["path"]) for f in report["findings"]}, report


def write(folder, name, content):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if isinstance(content, str):
        content = content.encode()
    path.write_bytes(content)


@pytest.fixture
def app(tmp_path):
    """A clean application that must be checked whatever lies beside it."""
    write(tmp_path, "good/template.yaml", HEADER + FUNCTION.format(1))
    write(tmp_path, "good/src/app.py", HANDLER)
    yield tmp_path
    found, _ = check(tmp_path)
    assert ("missing-timeout", "good/template.yaml") in found, "the rest is still checked"


def test_a_template_with_two_thousand_functions(app):
    write(app, "big/template.yaml", HEADER + "".join(FUNCTION.format(n) for n in range(2000)))
    write(app, "big/src/app.py", HANDLER)
    _, report = check(app / "big")
    assert sum(f["rule"] == "missing-timeout" for f in report["findings"]) == 2000


def test_an_alias_bomb(app):
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 12)]
    write(app, "bomb/template.yaml", "\n".join(levels) + "\n" + HEADER + FUNCTION.format(1))
    found, _ = check(app)
    assert found & {("unreadable-file", "bomb/template.yaml"), ("syntax-error", "bomb/template.yaml")}


def test_a_template_of_a_hundred_megabytes(app):
    path = app / "huge" / "template.yaml"
    path.parent.mkdir()
    with path.open("wb") as stream:
        stream.write((HEADER + FUNCTION.format(1)).encode())
        stream.truncate(100 * 1024 * 1024)
    found, _ = check(app)
    assert ("unreadable-file", "huge/template.yaml") in found


def test_a_template_that_is_not_utf8(app):
    write(app, "latin/template.yaml", (HEADER + FUNCTION.format(1)).encode() + b"Description: caf\xe9\n")
    found, report = check(app)
    assert ("unreadable-file", "latin/template.yaml") in found
    [finding] = [f for f in report["findings"] if f["rule"] == "unreadable-file"]
    assert "line 9" in finding["message"]


@pytest.mark.parametrize(
    "source",
    [
        "def handler(event, context):\n    return " + "[" * 10_000 + "]" * 10_000 + "\n",
        "def handler(event, context):\n    return " + "(" * 10_000 + "\n",
        HANDLER + "".join(f"{' ' * n}if event:\n" for n in range(4, 2000)) + " " * 2001 + "pass\n",
        "def handler(event, context):\n    return " + "+".join(["event"] * 20_000) + "\n",
        "def handler(event, context):\n    return event" + ".get('a')" * 10_000 + "\n",
        "x = '" + "a" * 2_000_000 + "'\n" + HANDLER,
    ],
    ids=["brackets", "open brackets", "ifs", "sum", "chain", "long line"],
)
def test_a_handler_with_deep_nesting(app, source):
    write(app, "deep/template.yaml", HEADER + FUNCTION.format(1))
    write(app, "deep/src/app.py", source)
    found, _ = check(app / "deep")
    assert ("missing-timeout", "template.yaml") in found
    assert "internal-error" not in {rule for rule, _ in found}


def test_a_python_2_handler(app):
    write(app, "old/template.yaml", HEADER + FUNCTION.format(1))
    write(app, "old/src/app.py", "import urllib2\n\ndef handler(event, context):\n    print 'hello'\n    return 1\n")
    _, report = check(app / "old")
    [finding] = [f for f in report["findings"] if f["path"] == "src/app.py"]
    assert (finding["rule"], finding["severity"]) == ("syntax-error", "note")
    assert "Python 2" in finding["message"]


def test_a_template_that_does_not_parse(app):
    write(app, "broken/template.yaml", HEADER + "  F:\n    Type: AWS::Serverless::Function\n   Properties: [\n")
    _, report = check(app)
    [finding] = [f for f in report["findings"] if f["path"] == "broken/template.yaml"]
    assert finding["rule"] == "syntax-error"
    assert finding["start"]["line"] in (5, 6)


def test_a_handler_with_nul_bytes(app):
    write(app, "nul/template.yaml", HEADER + FUNCTION.format(1))
    write(app, "nul/src/app.py", b"x = '\0'\n" + HANDLER.encode())
    found, _ = check(app / "nul")
    assert ("unreadable-file", "src/app.py") in found


def test_code_outside_the_project_is_never_read(app):
    write(app, "secret.py", "def handler(event, context):\n    import requests\n    requests.get('x')\n")
    write(app, "in/.git/HEAD", "ref: refs/heads/main\n")
    write(app, "in/template.yaml", HEADER + FUNCTION.format(1).replace("src/", "../").replace("app.", "secret."))
    found, _ = check(app / "in")
    assert not {path for _, path in found} - {"template.yaml"}


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="this system has no symbolic links")
def test_a_loop_of_symbolic_links(app):
    (app / "loop").mkdir()
    (app / "loop" / "again").symlink_to(app / "loop", target_is_directory=True)
    for name in ("itself.py", "itself.yaml", "itself"):
        (app / "good" / name).symlink_to(app / "good" / name)
    found, _ = check(app)
    assert ("missing-timeout", "good/template.yaml") in found


def test_terminal_escapes_in_names_are_shown_escaped(app):
    write(app, "escape/template.yaml", HEADER + FUNCTION.format(1).replace("F1:", '"F\\e[31m":'))
    write(app, "escape/src/app.py", HANDLER)
    run = subprocess.run(
        [sys.executable, "-m", "slslint", "check", "escape"], cwd=app, capture_output=True, timeout=60, check=False
    )
    assert b"missing-timeout" in run.stdout
    assert b"\x1b" not in run.stdout
