"""Numbers as people write them, in both languages, and never one that is none."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.wording import LANGUAGES, Words, numbers
from geodata.wording.formulas import formulas

ZH, EN = Words("zh"), Words("en")
UNITS = sorted({one.unit for one in formulas().values()})


@pytest.mark.parametrize(
    ("said", "chinese", "english"),
    [
        (lambda say: numbers.rate(say, 0.7582), "75.8%", "75.8%"),
        (lambda say: numbers.points(say, -0.008), "下降 0.8 个百分点",
         "down 0.8 percentage points"),
        (lambda say: numbers.points(say, 0.0004), "持平", "unchanged"),
        (lambda say: numbers.wan(say, 12_700), "1.27 万", "12,700"),
        (lambda say: numbers.wan(say, 20_000), "2 万", "20,000"),
        (lambda say: numbers.wan(say, 9_999), "9,999", "9,999"),
        (lambda say: numbers.days(say, 0.6), "0.6 天", "0.6 days"),
        (lambda say: numbers.days(say, 1), "1 天", "1 day"),
        (lambda say: numbers.days(say, 49.4), "49 天", "49 days"),
        (lambda say: numbers.amount(say, 451, "cases"), "451 件", "451 cases"),
        (lambda say: numbers.change(say, -2, "cases"), "减少 2 件", "down 2 cases"),
        (lambda say: numbers.change(say, 0.02, "share"), "上升 2.0 个百分点",
         "up 2.0 percentage points"),
        (lambda say: numbers.change(say, 0.0, "cases"), "持平", "unchanged"),
        (lambda say: numbers.interval(say, 0.712, 0.78), "71.2%–78.0%", "71.2%–78.0%"),
        (lambda say: numbers.interval(say, 1.2, 3.4, "ratio"), "1.2–3.4 倍", "1.2–3.4 times"),
        (lambda say: numbers.interval(say, 1.2, None, "ratio"), "1.2 倍 以上", "1.2 times or more"),
        (lambda say: numbers.interval(say, None, None), "区间无法给出",
         "no interval can be given"),
        (lambda say: numbers.chance(say, 0.00001), "小于 0.1%", "below 0.1%"),
        (lambda say: numbers.rank(say, 1, 455), "第 1 位/455", "rank 1 of 455"),
        (lambda say: numbers.ranks(say, 1, 4), "1–4", "1–4"),
        (lambda say: numbers.ranks(say, 2, 2), "2", "2"),
        (lambda say: numbers.decimal(say, -1.25), "−1.2", "−1.2"),
        (lambda say: numbers.decimal(say, -0.04), "0.0", "0.0"),
    ],
)  # fmt: skip
def test_a_number_is_written_as_its_readers_do(said, chinese, english):
    assert (said(ZH), said(EN)) == (chinese, english)


@pytest.mark.parametrize("nothing", [None, math.nan, math.inf, -math.inf])
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_number_is_a_dash(language, nothing):
    say = Words(language)
    functions = (numbers.count, numbers.rate, numbers.points, numbers.wan, numbers.days,
                 numbers.ratio, numbers.chance, numbers.decimal)  # fmt: skip
    assert {one(say, nothing) for one in functions} == {"—"}
    assert {numbers.amount(say, nothing, unit) for unit in UNITS} == {"—"}
    assert "—" in numbers.change(say, nothing, "cases")


@given(st.floats(min_value=0, max_value=1e9), st.sampled_from(UNITS), st.sampled_from(LANGUAGES))
def test_every_unit_of_a_formula_can_be_said(value, unit, language):
    say = Words(language)
    text = numbers.amount(say, value, unit)
    assert any(letter.isdigit() for letter in text)
    assert not {"nan", "inf", "None", "{"} & set(text.split())
    assert numbers.unit_of(say, unit)


@given(st.integers(0, 10**9))
def test_thousands_commas_lose_nothing(value):
    assert int(numbers.count(ZH, value).replace(",", "")) == value
