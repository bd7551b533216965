"""What a plain check does not import, for a cold start is most of the time that a small application takes."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

TEMPLATE = """\
Transform: AWS::Serverless-2016-10-31
Resources:
  Orders:
    Type: AWS::Serverless::Function
    Properties:
      Handler: app.handler
      Runtime: python3.12
"""

NOT_NEEDED = (
    "click",
    "dataclasses",
    "gettext",
    "importlib.metadata",
    "inspect",
    "json",
    "locale",
    "subprocess",
    "tomllib",
    "slslint.baseline",
    "slslint.cli.verbose",
    "slslint.companions",
    "slslint.config.keys",
    "slslint.config.merging",
    "slslint.diagram",
    "slslint.fix",
    "slslint.languages.javascript",
    "slslint.report.json",
    "slslint.report.sarif",
    "slslint.since",
    "slslint.suppress.unused",
    "slslint.templates.cdk.lowering",
    "slslint.templates.serverless",
    "slslint.templates.terraform.lowering",
)


def test_a_plain_check_imports_only_what_it_needs(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "pyproject.toml").write_text('[dependency-groups]\ndev = ["slslint"]\n')
    (tmp_path / "template.yaml").write_text(TEMPLATE)
    (tmp_path / "app.py").write_text("def handler(event, context):\n    return {}\n")
    program = "import sys\nfrom slslint import cli\ncli.main(['check'])\nprint(*sys.modules)\n"
    # -S: what site-packages has others import at every start is not our doing.
    command = [sys.executable, "-S", "-c", f"import sys\nsys.path[:] = {sys.path}\n{program}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    report, loaded = done.stdout.rsplit("\n", 2)[:2]
    assert "in 1 function of 2 files" in report
    assert all(map(find_spec, NOT_NEEDED))  # a name that nothing has any more would be held for ever
    assert not {*NOT_NEEDED} & {*loaded.split()}
