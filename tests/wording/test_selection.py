"""A selection in words, in both languages."""

from __future__ import annotations

from dataclasses import fields
from datetime import date

import pytest

from geodata.domain.selection import Near, Selection
from geodata.store.facts import load_facts
from geodata.wording import Words
from geodata.wording.selection import describe, describe_period, period_of


@pytest.fixture(scope="module")
def facts(small_city):
    return load_facts(small_city)


def said(city, facts, language, **restrictions):
    return describe(city, facts, Selection(**restrictions), Words(language))


def codes(*given):
    return frozenset(given)


@pytest.mark.parametrize(
    ("restrictions", "chinese", "english"),
    [
        ({}, "全部类别 · 全部部门", "all categories · all offices"),
        ({"families": codes("littering")}, "乱倒垃圾", "Littering"),
        ({"statuses": codes("overdue")}, "超期未结", "overdue, open"),
        ({"offices": codes("unassigned"), "role": "any"}, "未指派（含配合）",
         "unassigned (or assisting)"),
        ({"channels": codes("unmapped")}, "来源：未归类", "channels: unmapped"),
        ({"near": Near(kind="school", metres=200)}, "学校周边 200 米", "within 200 m of a school"),
        ({"hours": "out"}, "工作时间外", "outside working hours"),
        ({"streets": codes("b", "a")}, "a、b", "a, b"),
        ({"streets": codes(*"dcbae")}, "a等 5 项", "a and others, 5 in all"),
        ({"piles": "leave_out", "hours": "in"}, "工作时间内 · 不含默认坐标点",
         "in working hours · without default coordinates"),
    ],
)  # fmt: skip
def test_a_restriction_is_said(small_city, facts, restrictions, chinese, english):
    assert said(small_city, facts, "zh", **restrictions) == chinese
    assert said(small_city, facts, "en", **restrictions).casefold() == english.casefold()


def test_no_restriction_goes_unsaid(small_city, facts):
    examples = {
        "offices": codes("unassigned"), "role": "any", "families": codes("littering"),
        "categories": codes("unmapped"), "statuses": codes("open"), "channels": codes("unmapped"),
        "street_classes": codes("strict"), "areas": codes("none"), "streets": codes("a"),
        "near": Near(kind="school", metres=50), "hours": "in", "piles": "leave_out",
    }  # fmt: skip
    of_the_period = {"phases", "from_on", "until_on"}
    assert examples.keys() | of_the_period == {one.name for one in fields(Selection)}
    everything = said(small_city, facts, "zh")
    for name, value in examples.items():
        given = {name: value} | ({"offices": codes("unassigned")} if name == "role" else {})
        assert said(small_city, facts, "zh", **given) != everything, name


def test_names_with_braces_are_said_as_they_are(small_city, facts):
    assert said(small_city, facts, "zh", streets=codes("{0.__class__}")) == "{0.__class__}"


def test_a_period_is_cut_to_the_record_and_names_its_phases(small_city, facts):
    phase = small_city.campaign.phases[0]
    chosen = Selection(phases=codes(phase.code))
    first, last = period_of(small_city, facts, chosen)
    assert (first, last) == (phase.from_on, min(phase.until_on, facts.last_day))
    text = describe_period(small_city, facts, chosen, Words("zh"))
    assert text == f"{first} 至 {last.isoformat()[5:]} · {phase.name}"


def test_a_period_after_the_record_is_its_first_day(small_city, facts):
    later = Selection(from_on=date(2031, 1, 1))
    assert period_of(small_city, facts, later) == (date(2031, 1, 1), date(2031, 1, 1))
