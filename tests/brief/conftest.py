from __future__ import annotations

import shutil

import pytest

from geodata.brief.build import PARTS
from geodata.city import load_city
from geodata.findings import Source
from geodata.press import PressError, find_typefaces

PERIOD = "2026-W46"
PAPER = ("bulletin.pdf", "wall-a3.pdf", "wall-a0.pdf", "card.png")
QUICK = tuple(part for part in PARTS if part in PAPER)
"""Leave out in tests that are not about paper."""


@pytest.fixture(scope="session")
def source(small_city):
    """The made-up city with 1,500 cases; read-only."""
    return Source.of(small_city.folder)


@pytest.fixture
def city(small_city, tmp_path):
    """A copy of it, to be changed at will."""
    folder = tmp_path / "城"
    shutil.copytree(small_city.folder, folder)
    return load_city(folder)


@pytest.fixture(scope="session")
def fonts():
    """Font files, or a skip with the reason."""
    try:
        return find_typefaces()
    except PressError as error:
        pytest.skip(str(error))
