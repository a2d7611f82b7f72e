"""A command starts in an instant: what only some commands need is imported by those."""

from __future__ import annotations

import os
import resource
import subprocess
import sys

import pytest

from geodata import commands

HEAVY = ("geopandas", "streamlit", "folium", "shapely", "scipy", "pandas", "deltalake", "typst")
CPU_S = 0.4
"""On two cores shared by nobody; measured 0.28."""


def modules():
    folder = commands.__path__[0]
    names = sorted(name.removesuffix(".py") for name in os.listdir(folder) if name.endswith(".py"))
    return [f"geodata.commands.{name}" for name in names if name != "__init__"]


def run(*line):
    return subprocess.run(
        [sys.executable, *line], capture_output=True, encoding="utf-8", check=True
    ).stdout


@pytest.mark.parametrize("module", ["geodata.cli", *modules()])
def test_no_command_imports_what_only_some_need(module):
    told = run("-c", f"import sys, {module}; print(*sys.modules)").split()
    assert module in told
    assert [name for name in HEAVY if name in told] == []


def test_help_takes_no_time():
    """Best of three, in CPU time of the process: others on the machine do not count."""

    def once():
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        run("-m", "geodata", "--help")
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime

    assert min(once() for _ in range(3)) < CPU_S
