"""Every code of a clue, doubt, class and bin has its sentence, and every place in it is filled."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import geodata.findings.gathering.clues as clues_module
import geodata.findings.gathering.doubts as doubts_module
from geodata.analysis.day_kinds import WEEKDAYS
from geodata.analysis.emerging_classes import CLASS_NAMES, NONE
from geodata.analysis.stability import BADGES
from geodata.findings.gathering.clues import Clue
from geodata.findings.gathering.hotspot_words import (
    badge_name,
    bin_name,
    class_stamp,
    class_words,
    clue_text,
    doubt_text,
    place_name,
)
from geodata.wording import Words
from geodata.wording.words import TEXT, sentences

CODE = re.compile(
    r'code(?: = |=)"([a-z_]+)"(?: if [^\n]*? else "([a-z_]+)"(?: if [^\n]*? else "([a-z_]+)")?)?'
)


def codes_in(module):
    source = Path(module.__file__).read_text("utf-8")
    return {code for found in CODE.findall(source) for code in found if code}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_code_has_a_sentence(language):
    known = sentences(TEXT, language)
    for code in codes_in(doubts_module):
        assert f"hot.doubt.{code}" in known
    for code in codes_in(clues_module) - {"more", "fewer"}:
        assert f"hot.clue.{code}" in known
    assert {f"hot.day.{day}" for day in WEEKDAYS} <= set(known)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_classes_bins_and_badges_have_names_and_stamps_of_one_character(language):
    say = Words(language)
    named = {class_words(code, say) for code in CLASS_NAMES}
    assert len(named) == 17
    stamps = {class_stamp(code, say) for code in CLASS_NAMES if code != NONE}
    assert len(stamps) == 8
    assert all(len(stamp) == 1 for stamp in stamps)
    assert class_stamp(NONE, say) == ""
    assert len({bin_name(value, say) for value in range(-3, 4)}) == 7
    assert all(badge_name(one, say) for one in BADGES)


def test_the_stamps_in_chinese_are_those_of_the_map(root):
    tokens = (root / "geodata/maps/web/tokens.js").read_text("utf-8")
    drawn = set(re.findall(r'stamp: "(\D)"', tokens))
    say = Words("zh")
    assert drawn == {class_stamp(code, say) for code in CLASS_NAMES if code != NONE}


def test_a_place_is_named_by_its_streets():
    zh, en = Words("zh"), Words("en")
    assert place_name(["文昌街"], zh) == "文昌街一带"
    assert place_name(["A Street", "B Street"], en) == "around A Street and B Street"
    assert place_name([], zh) == "无名路段一带"


def test_numbers_are_written_as_readers_do(small_city):
    say = Words("zh")
    more = Clue(code="more", values={"cases": 2605, "expected": 443.68, "ratio": 5.871,
                                     "cells": 7, "km": None})  # fmt: skip
    text = clue_text(more, small_city, say)
    assert text == "连同周边共 7 个单元报告 2,605 件，是全域同等范围平均 443.7 件的 5.9 倍"
    rose = Clue(code="patrol_rose", values={"before": 0.321, "now": 0.5})
    assert "32.1%" in doubt_text(rose, small_city, say)
    assert "50.0%" in doubt_text(rose, small_city, say)
    nobody = Clue(code="office", values={"code": "unassigned", "cases": 3, "share": 1.0,
                                         "everywhere": 1.0})  # fmt: skip
    assert "未指派" in clue_text(nobody, small_city, say)
    forgotten = Clue(code="kind", values={"code": "gone", "cases": 1, "share": 1.0,
                                          "everywhere": 1.0})  # fmt: skip
    assert "gone" in clue_text(forgotten, small_city, say)
