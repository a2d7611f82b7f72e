"""A command starts in an instant: what only some commands need is imported by those."""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from geodata import commands

DRAWING = ("geopandas", "streamlit", "folium", "pandas", "typst", "matplotlib")
"""For no module of the commands; `geodata.cli` does without `HEAVY` as well."""

HEAVY = (*DRAWING, "shapely", "scipy", "deltalake")
CPU_S = 0.4
"""On two cores shared by nobody; measured 0.28."""


def modules():
    folder = Path(commands.__path__[0])
    return [f"geodata.commands.{one.stem}" for one in sorted(folder.glob("[!_]*.py"))]


def run(*line):
    return subprocess.run(
        [sys.executable, *line], capture_output=True, encoding="utf-8", check=True
    ).stdout


@pytest.mark.parametrize("module", ["geodata.cli", *modules()])
def test_no_command_imports_what_only_some_need(module):
    told = run("-c", f"import sys, {module}; print(*sys.modules)").split()
    assert module in told
    unwanted = HEAVY if module == "geodata.cli" else DRAWING
    assert [name for name in unwanted if name in told] == []


def test_help_takes_no_time():
    """Best of three, in CPU time of the process: others on the machine do not count."""

    def once():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run("-m", "geodata", "--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(once() for _ in range(3)) < CPU_S
