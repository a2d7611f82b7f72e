from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from geodata.cli import main
from geodata.first_run import make_demo
from tests import small_city

ROOT = Path(__file__).resolve().parents[2]
CASES = 3_000


@dataclass(frozen=True)
class Answer:
    """What a command said and how it ended."""

    code: int
    out: str
    err: str

    def json(self):
        return json.loads(self.out)

    def refused(self) -> str:
        """Check that it ended as a failure should: exit 1, one message, no traceback."""
        assert self.code == 1, self
        assert self.out == ""
        assert "Traceback" not in self.err
        assert len(self.err.strip()) > 20
        return self.err


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT)}


@pytest.fixture(scope="session")
def guatu():
    """Run a command line in this process; what is not a deliberate exit is a failure."""
    runner = CliRunner()

    def run(*arguments: object) -> Answer:
        done = runner.invoke(main, [str(one) for one in arguments], prog_name="python -m geodata")
        if done.exception is not None and not isinstance(done.exception, SystemExit):
            raise done.exception
        return Answer(done.exit_code, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def guatu_alone():
    """Run a command line in a process of its own."""

    def run(*arguments: object, **options) -> Answer:
        done = subprocess.run(
            [sys.executable, "-m", "geodata", *map(str, arguments)],
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            env=environment(),
            check=False,
            **options,
        )
        return Answer(done.returncode, done.stdout, done.stderr)

    return run


@pytest.fixture(scope="session")
def demo_city(tmp_path_factory):
    """Build the made-up city once; not to be changed."""
    folder = tmp_path_factory.mktemp("cli") / "演示 城"
    make_demo(folder, cases=CASES)
    return folder


@pytest.fixture
def city(demo_city, tmp_path):
    """Copy the made-up city, to be changed at will."""
    folder = tmp_path / "城"
    shutil.copytree(demo_city, folder)
    return folder


@pytest.fixture(scope="session")
def export(demo_city):
    (path,) = (demo_city / "exports").glob("*.csv")
    return path


@pytest.fixture
def streets(tmp_path):
    path = tmp_path / "streets.geojson"
    small_city.streets().to_file(path)
    return path
