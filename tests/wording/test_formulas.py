"""Every number's name, making and source exist in the reader's language."""

from __future__ import annotations

import re

import pytest

from geodata.wording import Words
from geodata.wording.formulas import formula, formulas, means, name_of, source_of

CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize("code", list(formulas()))
def test_english_readers_meet_no_chinese_and_chinese_readers_do(code):
    en, zh = Words("en"), Words("zh")
    assert not CHINESE.search(name_of(code, en) + means(code, en) + source_of(code, en))
    assert CHINESE.search(name_of(code, zh))
    assert CHINESE.search(means(code, zh))


def test_an_unknown_code_says_where_to_add_it():
    with pytest.raises(KeyError, match=r"formulas\.toml"):
        formula("guesswork")
