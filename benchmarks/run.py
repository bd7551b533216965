"""Whole processes side by side, cold, as ratios of medians.

    python benchmarks/run.py [--runs N] [TREE]

Prints how `slslint check` compares with cfn-lint on two small SAM applications, with a bare start of Python, and on
TREE (by default this repository) with the floor: reading and parsing the same files; and with a check that leaves the
invocation graph alone. Then how the time grows with the files, with the edges between functions and with the functions
that share a library, and what one large root module of Terraform takes beside the floor.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks import synthetic

HERE = Path(__file__).resolve().parent.parent
DEMOS = {"Python": HERE / "examples" / "orders", "TypeScript": HERE / "examples" / "checkout"}
BIN = Path(sys.executable).parent
FEW = 100
GRAPH_RULES = "event-loop,recursive-invocation,synchronous-chain,timeout-outlives-caller,unbounded-concurrency"
SERVICES = 220
SHARING, MODULES = 4, 20


def main() -> None:
    """Run and print the comparisons."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tree", nargs="?", default=str(HERE), metavar="TREE")
    parser.add_argument("--runs", type=int, default=7, help="counted runs of each command (default: 7)")
    parser.add_argument(
        "--linked", type=int, default=5000, metavar="N", help="functions with four edges each (default: 5000)"
    )
    arguments = parser.parse_args()
    tree = [sys.executable, "-m", "slslint", "check", "--no-cache", "--jobs", "1", arguments.tree]
    for language, home in DEMOS.items():
        demo = [sys.executable, "-m", "slslint", "check", "--no-cache", str(home)]
        cfn_lint = [str(BIN / "cfn-lint"), str(home / "template.yaml")]
        bare = [sys.executable, "-c", "pass"]
        compare(f"the demo in {language}", demo, "cfn-lint", cfn_lint, "at most 0.17", arguments.runs)
        compare(f"the demo in {language}", demo, "a bare Python", bare, "at most 10", arguments.runs)
    floor = [sys.executable, "-m", "benchmarks.floor", arguments.tree]
    compare(arguments.tree, tree, "the floor", floor, "at most 3", arguments.runs)
    plain = [*tree[:-1], "--ignore", GRAPH_RULES, arguments.tree]
    compare(arguments.tree, tree, "without the rules of the graph", plain, "at most 1.18", arguments.runs)
    with tempfile.TemporaryDirectory() as folder:
        few, many = Path(folder, "few"), Path(folder, "many")
        synthetic.write(few, FEW)
        synthetic.write(many, 10 * FEW)
        one, ten = ([*tree[:-1], str(each)] for each in (few, many))
        compare(f"{10 * FEW:,} applications", ten, f"{FEW} of them", one, "at most 11", arguments.runs)
        some, all_linked = Path(folder, "some"), Path(folder, "linked")
        synthetic.write_linked(some, arguments.linked // 10)
        edges = synthetic.write_linked(all_linked, arguments.linked)
        tenth, whole = ([*tree[:-1], str(each)] for each in (some, all_linked))
        compare(f"{edges:,} edges between functions", whole, "a tenth of them", tenth, "at most 11", arguments.runs)
        single, tenfold = Path(folder, "single"), Path(folder, "tenfold")
        synthetic.write_shared(single, SHARING, MODULES)
        lines = synthetic.write_shared(tenfold, 10 * SHARING, MODULES)
        one, ten = ([*tree[:-1], str(each)] for each in (single, tenfold))
        what = f"{10 * SHARING} functions that share {lines:,} lines"
        compare(what, ten, f"{SHARING} that do", one, "at most 11", arguments.runs)
        large = Path(folder, "terraform")
        size = synthetic.write_terraform(large, SERVICES)
        parsed = [*floor[:-1], str(large)]
        compare(f"{size:,} bytes of HCL", [*tree[:-1], str(large)], "the floor", parsed, "at most 4", arguments.runs)


def compare(what: str, ours: Sequence[str], beside: str, theirs: Sequence[str], held_to: str, runs: int) -> None:
    """Run the two commands in turn, once unmeasured, and print the median ratio."""
    pairs = [(seconds(ours), seconds(theirs)) for _ in range(runs + 1)][1:]
    ratio = statistics.median(a / b for a, b in pairs)
    mine, other = (statistics.median(each) * 1000 for each in zip(*pairs, strict=True))
    print(f"slslint check of {what}: {mine:,.0f} ms; {beside}: {other:,.0f} ms; ratio {ratio:.2f} (held to {held_to})")


def seconds(command: Sequence[str]) -> float:
    """How long a command takes as a whole process."""
    environment = {**os.environ, "PYTHONPATH": str(HERE), "PYTHONDONTWRITEBYTECODE": ""}
    start = time.perf_counter()
    done = subprocess.run(command, capture_output=True, cwd=HERE, env=environment, check=False)
    taken = time.perf_counter() - start
    if done.returncode not in (0, 1):
        raise SystemExit(f"{' '.join(command)} failed: {done.stderr.decode(errors='replace')[-500:]}")
    return taken


if __name__ == "__main__":
    main()
