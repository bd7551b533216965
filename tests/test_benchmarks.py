"""The benchmarks run. What they measure is read by people: a timing is no test."""

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def test_every_figure_is_printed() -> None:
    command = [sys.executable, "benchmarks/run.py", "--runs", "1", "--linked", "100", "examples"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    held_to = re.findall(r"ratio \d+\.\d+ \(held to at most ([\d.]+)\)", done.stdout)
    assert held_to == ["0.17", "10", "0.17", "10", "3", "1.18", "11", "11", "11", "4"]
