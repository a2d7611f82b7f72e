"""Every notebook runs from top to bottom, and is kept without its outputs."""

from __future__ import annotations

import os
import re
import subprocess
import sys

import nbformat
import pytest

from tests.architecture.source import ROOT

NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
FORBIDDEN = re.compile(r"^\s*(?:import|from)\s+(?:dashboard|streamlit)\b", re.MULTILINE)

# in a process of its own: a kernel needs an event loop, and the browser tests hold one
RUN = """
import sys, nbformat
from nbclient import NotebookClient
book = nbformat.read(sys.argv[1], as_version=4)
where = {"metadata": {"path": sys.argv[2]}}
NotebookClient(book, timeout=180, kernel_name="python3", resources=where).execute()
nbformat.write(book, sys.argv[3])
"""


@pytest.fixture(params=NOTEBOOKS, ids=lambda path: path.stem, scope="module")
def path(request):
    return request.param


@pytest.fixture(scope="module")
def executed(path, tmp_path_factory):
    """The notebook with its outputs, run where a reader would run it."""
    target = tmp_path_factory.mktemp("executed") / path.name
    # other tests may have told matplotlib to draw nowhere
    left_out = ("PYTHONPATH", "MPLBACKEND")
    environment = {key: value for key, value in os.environ.items() if key not in left_out}
    done = subprocess.run(
        [sys.executable, "-c", RUN, path, path.parent, target],
        env=environment, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3_000:]
    return nbformat.read(target, as_version=4)


def outputs(notebook, kind):
    """Every output of a MIME type, in order."""
    return [
        one["data"][kind]
        for cell in notebook.cells
        for one in cell.get("outputs", [])
        if kind in one.get("data", {})
    ]


def test_there_are_notebooks():
    assert NOTEBOOKS


def test_it_is_kept_without_outputs(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert not cell.get("outputs")
        assert cell.get("execution_count") is None


def test_it_uses_the_library_alone(path):
    cells = nbformat.read(path, as_version=4).cells
    code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
    assert not FORBIDDEN.search(code)
    assert "geodata" in code


def test_it_runs_without_an_error_or_a_warning(executed):
    streams = [one for cell in executed.cells for one in cell.get("outputs", [])]
    assert not [one for one in streams if one.output_type == "error"]
    said = [one.text for one in streams if one.get("name") == "stderr"]
    assert not [text for text in said if "font cache" not in text]


def test_it_leaves_nothing_behind(path, executed):
    assert {one.name for one in path.parent.iterdir()} <= {
        *(book.name for book in NOTEBOOKS), "README.md", ".ipynb_checkpoints",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["01_from_file_to_map"])
def test_the_map_and_the_figure_are_among_the_outputs(path, executed, name):
    if path.stem != name:
        pytest.skip("another notebook")
    maps = [html for html in outputs(executed, "text/html") if "Guatu.createCaseLayer" in html]
    assert len(maps) == 1
    assert "<iframe srcdoc=" in maps[0]
    assert len(outputs(executed, "image/png")) == 1
    shown = "\n".join(outputs(executed, "text/plain"))
    assert "set_aside=3" in shown
    assert "cannot say" in executed.cells[-2].source


@pytest.mark.parametrize("name", ["02_hotspots_and_what_they_mean"])
def test_hot_spots_are_drawn_explained_and_limited(path, executed, name):
    if path.stem != name:
        pytest.skip("another notebook")
    assert len(outputs(executed, "image/png")) == 3
    streams = [one.text for cell in executed.cells for one in cell.get("outputs", [])
               if one.get("name") == "stdout"]  # fmt: skip
    said = "\n".join(streams)
    assert "1. " in said
    assert "◆" in said
    assert "planted cells among the hot ones" in said
    assert "cannot say" in executed.cells[-2].source
