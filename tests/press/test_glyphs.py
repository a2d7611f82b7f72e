"""A letter that no font can draw is an error that names it; invisible letters never travel."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.press import GlyphMissing
from geodata.press.glyphs import check_glyphs, cleaned, letters_of

HIEROGLYPH = "\U00013000"


def test_a_missing_letter_is_named_with_its_text(faces):
    with pytest.raises(GlyphMissing) as missing:
        check_glyphs({"rows": [["天宫路", f"{HIEROGLYPH}街"]]}, faces)
    for part in ("U+13000", "EGYPTIAN HIEROGLYPH A001", "街", faces.sans):
        assert part in str(missing.value)


def test_chinese_and_latin_letters_are_there(faces):
    check_glyphs(["眺洲路 Hyde Park Ave. ÀÉÑ 〔2026〕≥ → ▲▼ ·"], faces)


@given(st.text())
def test_what_is_set_has_no_control_and_no_invisible_letter(text):
    kinds = {unicodedata.category(letter) for letter in cleaned(text)}
    assert not kinds & {"Cc", "Cf", "Cs", "Cn", "Zl", "Zp"}


def test_turning_marks_are_taken_out_of_a_name():
    assert cleaned("路\u202e段一\u2066") == "路段一"


def test_a_line_is_wider_by_a_quarter_em_where_chinese_meets_latin(faces):
    letters = letters_of(faces)
    assert letters.line_em("11月16日") == pytest.approx(letters.width_em("11月16日") + 0.75)
    assert letters.width_em("路段") == pytest.approx(2.0)
