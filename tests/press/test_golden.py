"""Pages as they looked when somebody last looked at them, with a small tolerance.

After a wanted change: ``GUATU_NEW_GOLDEN=1 pytest tests/press/test_golden.py``, then look at the
pictures in tests/golden/press before they are kept.
"""

import io
import json
import os

import numpy as np
import pytest
from PIL import Image

from geodata.press import press_bulletin, press_card, press_wall_map
from tests.press import pdf

MOST_DIFFERENT = 0.01
"""Share of pixels that may differ by more than a shade."""

A_SHADE = 48


@pytest.fixture(scope="module")
def golden(root, faces):
    """Folder of the pictures; other font files draw other letters."""
    folder = root / "tests" / "golden" / "press"
    made_with = folder / "fonts.json"
    if os.environ.get("GUATU_NEW_GOLDEN"):
        made_with.write_text(json.dumps(faces.sha256(), indent=2) + "\n", encoding="utf-8")
    if json.loads(made_with.read_text(encoding="utf-8")) != faces.sha256():
        pytest.skip("the golden pages were set with other font files than those found here")
    return folder


def compare(picture, kept):
    small = picture.convert("RGB")
    if os.environ.get("GUATU_NEW_GOLDEN"):
        small.quantize(64, dither=Image.Dither.NONE).save(kept, optimize=True)
    before = Image.open(kept).convert("RGB")
    assert small.size == before.size
    apart = np.abs(np.asarray(small, int) - np.asarray(before, int)).max(axis=-1)
    assert (apart > A_SHADE).mean() <= MOST_DIFFERENT


@pytest.mark.parametrize("page", [0, 1])
def test_the_bulletin(golden, content, small_city, faces, page):
    printed = press_bulletin(content, small_city, typefaces=faces)
    compare(pdf.picture(printed, page, 48), golden / f"bulletin-{page + 1}.png")


def test_the_wall_map(golden, content, small_city, faces):
    printed = press_wall_map(content, small_city, typefaces=faces)
    compare(pdf.picture(printed, 0, 44), golden / "wall-a3.png")


def test_the_card(golden, content, small_city, faces):
    card = Image.open(io.BytesIO(press_card(content, small_city, typefaces=faces)))
    compare(card.resize((360, round(card.height / 3))), golden / "card.png")
