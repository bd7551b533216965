"""What is released: built once, and installed once each in an environment that holds nothing else."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = ("PYTHONPATH", "VIRTUAL_ENV", "MAKEFLAGS", "MAKELEVEL")
CLEAN = {name: value for name, value in os.environ.items() if name not in OURS}


def run(*command: str | Path, cwd: Path = ROOT, **more: str) -> subprocess.CompletedProcess[str]:
    """The command as somebody runs it who has none of our settings; `more` are environment variables."""
    return subprocess.run(
        list(map(str, command)), cwd=cwd, env=CLEAN | more, capture_output=True, text=True, check=False
    )


def done(*command: str | Path, cwd: Path = ROOT, **more: str) -> str:
    """The same for what must succeed."""
    result = run(*command, cwd=cwd, **more)
    assert result.returncode == 0, result.stdout + result.stderr
    return result.stdout


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, Callable[[Path], object]], Path]:
    """A function that makes a folder once, however many processes run tests."""
    folder = tmp_path_factory.getbasetemp()
    shared = folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder

    def once(name: str, make: Callable[[Path], object]) -> Path:
        with (shared / f"{name}.lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            place = shared / name
            if not (shared / f"{name}.made").exists():
                make(place)
                (shared / f"{name}.made").touch()
            return place

    return once


@pytest.fixture(scope="session")
def dist(made: Callable[[str, Callable[[Path], object]], Path]) -> Path:
    """A folder with the sdist, and the wheel that was built of it."""
    build = (sys.executable, "-m", "build", "--no-isolation", "--outdir")
    return made("dist", lambda place: done(*build, place))


def install(place: Path, *what: str | Path) -> None:
    done(sys.executable, "-m", "venv", place)
    done(place / "bin" / "pip", "install", "--quiet", "--disable-pip-version-check", *what)


@pytest.fixture(scope="session")
def from_wheel(made: Callable[[str, Callable[[Path], object]], Path], dist: Path) -> Path:
    """The programs of an environment in which the wheel was installed."""
    return made("from-wheel", lambda place: install(place, *dist.glob("*.whl"))) / "bin"


@pytest.fixture(scope="session")
def from_sdist(made: Callable[[str, Callable[[Path], object]], Path], dist: Path) -> Path:
    """The programs of an environment in which the sdist was installed."""
    return made("from-sdist", lambda place: install(place, *dist.glob("*.tar.gz"))) / "bin"
