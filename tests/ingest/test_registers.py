"""Frontage contracts and survey: read as clerks save them, defects told all at once."""

from __future__ import annotations

import pytest

from geodata.errors import CityBroken
from geodata.findings import Source
from geodata.findings.judging.registers import target_table
from geodata.ingest.registers import FRONTAGE, SURVEY, read_register
from tests import small_city

GOOD = '街路,商户数,签约数,履约数,示范路\n1横街,100,95,90,是\n2横街,"1,200",1100,400,\n,,,,\n'


def kept(folder, name, text, encoding="utf-8"):
    (folder / "tables").mkdir(exist_ok=True)
    (folder / "tables" / name).write_bytes(text.encode(encoding))
    return folder


def test_no_table_is_no_defect(tmp_path):
    assert read_register(tmp_path, FRONTAGE) is None


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_chinese_headings_in_any_encoding(tmp_path, encoding):
    table = read_register(kept(tmp_path, "frontage.csv", GOOD, encoding), FRONTAGE)
    assert table.to_dicts() == [
        {"street": "1横街", "shops": 100, "signed": 95, "carried_out": 90, "model": True},
        {"street": "2横街", "shops": 1200, "signed": 1100, "carried_out": 400, "model": False},
    ]


def test_english_headings(tmp_path):
    text = "area,asked,aware,satisfied\nw,200,198,150\n"
    table = read_register(kept(tmp_path, "survey.csv", text), SURVEY)
    assert table.to_dicts() == [{"area": "w", "asked": 200, "aware": 198, "satisfied": 150}]


def test_all_defects_are_told_at_once(tmp_path):
    rows = ["1横街,100,101,90,", "2横街,十,5,5,", ",10,5,5,", "3横街,10,-5,0,"]
    text = "街路,商户数,签约数,履约数,示范路\n" + "\n".join(rows)
    with pytest.raises(CityBroken) as refused:
        read_register(kept(tmp_path, "frontage.csv", text), FRONTAGE)
    told = str(refused.value)
    assert "line 2: signed 101 is more than shops 100" in told
    assert "line 3: shops is '十'" in told
    assert "line 4: street is empty" in told
    assert "line 5: signed is '-5'" in told


@pytest.mark.parametrize(
    "text", ["街路,商户数\n1横街,3\n", "a\n", "街路,道路,商户数,签约数,履约数\n"]
)
def test_missing_or_doubled_headings_are_named(tmp_path, text):
    with pytest.raises(CityBroken, match=r"frontage\.csv has no column for"):
        read_register(kept(tmp_path, "frontage.csv", text), FRONTAGE)


def test_rates_are_held_against_their_targets(tmp_path):
    city = small_city.make(tmp_path / "city")
    kept(city.folder, "frontage.csv", GOOD + "无名路,0,0,0,\n")
    found = target_table(Source.of(city.folder), "frontage")
    signed = {row["street"]: row for row in found.table.filter(formula="signed_rate").to_dicts()}
    assert signed["1横街"]["value"] == 0.95
    assert signed["1横街"]["met"] is True
    assert signed["2横街"]["met"] is False
    assert signed["无名路"]["undecided"] == "no_cases"
    assert found.unknown == ("无名路",)
    assert found.table.filter(formula="signed_rate")["street"][0] == "无名路"
    assert target_table(Source.of(city.folder), "survey") is None


def test_the_made_up_city_has_both(small_city):
    source = Source.of(small_city.folder)
    for kind in ("frontage", "survey"):
        found = target_table(source, kind)
        assert found.unknown == ()
        assert found.table["value"].is_between(0.5, 1).all()
        assert found.table["met"].any()
        assert not found.table["met"].all()
