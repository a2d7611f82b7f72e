"""A small made-up city, a pack's content written by hand for it, and the fonts if there are any."""

from __future__ import annotations

import pytest

from geodata.press import TypefacesMissing, find_typefaces
from tests.press import samples


@pytest.fixture(scope="session")
def faces():
    """Fonts to print with; a machine without any skips what needs letters."""
    try:
        return find_typefaces()
    except TypefacesMissing as missing:
        pytest.skip(f"no font with Chinese letters is here: {missing}")


@pytest.fixture(scope="session")
def content(small_city):
    return samples.content(small_city)
