from __future__ import annotations

from datetime import date

import pytest

from geodata.city import load_city
from geodata.domain.market import MarketDays
from geodata.errors import CityBroken, CityMissing, NewerFormat
from tests import small_city


def load(tmp_path, text: str):
    (tmp_path / "city.toml").write_text(text, encoding="utf-8")
    return load_city(tmp_path)


def test_a_sound_city_says_what_it_is(tmp_path):
    city = load(tmp_path, small_city.TOML)
    assert city.name == "小城"
    assert city.family_of == {
        "stall": "occupancy", "out_of_shop": "occupancy", "dumping": "littering",
    }  # fmt: skip
    assert city.offices.under(["d1"]) == {"d1", "c1", "c2"}
    assert [phase.code for phase in city.campaign.phases] == ["one", "two"]
    assert city.campaign.phase_on(city.campaign.from_on, "c2") == "before"
    assert str(city.zone) == "Asia/Shanghai"
    assert len(city.config_sha256) == 64
    assert city.lake == tmp_path / "lake"


def test_a_byte_order_mark_is_no_defect(tmp_path):
    assert load(tmp_path, "\ufeff" + small_city.TOML).name == "小城"


def test_every_preset_is_sound(tmp_path, root):
    for preset in (root / "geodata" / "presets").glob("*.toml"):
        head = (
            'format = 1\ncity.name = "x"\ncity.timezone = "UTC"\ncity.metric_crs = "EPSG:32648"\n'
        )
        assert load(tmp_path, head + preset.read_text(encoding="utf-8")).families, preset.name


HOLIDAYS = "holidays = [2026-09-09]"


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('timezone = "Asia/Shanghai"', 'timezone = "Asia/Neijiang"', "Asia/Neijiang"),
        ("EPSG:32648", "EPSG:4326", "does not count in metres"),
        ("EPSG:32648", "EPSG:1", "metric_crs 'EPSG:1' is not known"),
        ('city.datum = "wgs84"', 'city.datum = "gcj-02"', "wgs84, gcj02, bd09"),
        ('city.name = "小城"', 'city.name = " "', "name must be a text"),
        ('city.name = "小城"\n', "", "'name' is missing"),
        ('family = "littering"', 'family = "unheard"', "'unheard', which is not listed"),
        ('code = "dumping"', 'code = "stall"', "code 'stall' is used twice"),
        ('name = "店外经营"', 'name = "游商"', "'游商' belongs to out_of_shop and stall"),
        ('code = "d2", name = "二区", parent = "city"', 'code = "d2", name = "二区", parent = "x"',
         "parent 'x' that is not listed"),
        ('name = "市城管局"', 'name = "市城管局", parent = "c1"', "parents form a circle"),
        ('name = "严管街", width_m = 30', 'name = "严管街", width_m = "wide"', "a number"),
        ('name = "严管街", width_m = 30', 'name = "严管街", width_m = 0', "above 0"),
        ('name = "严管街", width_m = 30', 'name = "严管街"', "width_m is missing"),
        ("patrol = true", "patrolled = true", "unknown key 'patrolled'"),
        ("until_on = 2026-09-07", "until_on = 2026-08-07", "ends before it begins"),
        ("from_on = 2026-09-10", "from_on = 2026-09-07", "begins before 'one' has ended"),
        ("from_on = 2026-09-10", 'from_on = "soon"', "a date, e.g. 2026-08-31"),
        ('code = "two"', 'code = "between"', "'between' is taken"),
        ('code = "two"', 'code = "one"', "phase code 'one' is used twice"),
        ('c2 = [{ code = "one"', 'c2 = [{ code = "three"', "'three' is not one of the campaign's"),
        ('c2 = [{ code = "one"', 'c9 = [{ code = "one"', "unknown office 'c9'"),
        ("min_cases = 5", "min_casas = 5", "unknown key 'min_casas'"),
        ("[campaign.office_phases]", '[map]\ntile_datum = "x"\n[campaign.office_phases]',
         "datum 'x' is not known"),
        ('aliases = ["游商"]', 'aliases = ["游商"], deadline = { hours = 4, days = 2 }',
         "a deadline is either hours or days"),
        ('["14:00", "18:00"]', '["14:00", "late"]', "calendar"),
        (HOLIDAYS, "market_days = [2, 15]", "[calendar] market_days holds 15"),
        (HOLIDAYS, "market_days = 258", "[calendar] market_days is 258; write a list"),
        (HOLIDAYS, 'market_weekdays = ["6"]', "market_weekdays is ['6']; write a list"),
        (HOLIDAYS, 'market_calendar = "moon"', 'write "solar" or "lunar"'),
        (HOLIDAYS, "market_day = [2]", "unknown key 'market_day'"),
    ],
)  # fmt: skip
def test_a_contradiction_is_named(tmp_path, old, new, told):
    assert old in small_city.TOML
    with pytest.raises(CityBroken) as error:
        load(tmp_path, small_city.TOML.replace(old, new))
    assert told in str(error.value)
    assert "city.toml" in str(error.value)


def test_market_days_are_read(tmp_path):
    said = 'market_days = [2, 5, 8]\nmarket_calendar = "lunar"\nmarket_dates = [2026-09-03]'
    market = load(tmp_path, small_city.TOML.replace(HOLIDAYS, said)).calendar.market
    assert market == MarketDays(
        digits=(2, 5, 8), calendar="lunar", dates=frozenset([date(2026, 9, 3)])
    )
    assert not load(tmp_path, small_city.TOML).calendar.market.known


def test_all_defects_are_listed_at_once(tmp_path):
    text = small_city.TOML
    for old, new in {
        "Asia/Shanghai": "Mars/Base",
        "EPSG:32648": "EPSG:4326",
        "width_m = 30": 'width_m = "wide"',
        "from_on = 2026-09-10": "from_on = 7",
    }.items():
        text = text.replace(old, new)
    with pytest.raises(CityBroken) as error:
        load(tmp_path, text)
    assert str(error.value).count("\n  - ") == 4


def test_contradictions_are_listed_together(tmp_path):
    text = small_city.TOML.replace('family = "littering"', 'family = "x"').replace(
        "2026-09-07", "2026-08-07"
    )
    with pytest.raises(CityBroken) as error:
        load(tmp_path, text)
    assert str(error.value).count("\n  - ") == 2


@pytest.mark.parametrize("text", ["families = [", "name = 'x\n", "a = 1\na = 2\n"])
def test_what_is_no_toml_is_named_with_its_line(tmp_path, text):
    with pytest.raises(CityBroken, match="line"):
        load(tmp_path, text)


def test_other_bytes_than_utf8_are_no_toml(tmp_path):
    (tmp_path / "city.toml").write_bytes(small_city.TOML.encode("gb18030"))
    with pytest.raises(CityBroken, match="utf-8"):
        load_city(tmp_path)


def test_a_folder_without_city_toml_is_no_city(tmp_path):
    with pytest.raises(CityMissing, match=r"not a city folder.*geodata demo"):
        load_city(tmp_path / "nowhere")


def test_a_newer_folder_is_refused(tmp_path):
    with pytest.raises(NewerFormat, match=r"format 2.*Update the software"):
        load(tmp_path, small_city.TOML.replace("format = 1", "format = 2"))


def test_a_format_that_is_no_number_is_refused(tmp_path):
    with pytest.raises(CityBroken, match="whole number"):
        load(tmp_path, small_city.TOML.replace("format = 1", 'format = "new"'))


@pytest.mark.parametrize("table", ["families", "categories", "streets", "campaign", "map", "city"])
def test_a_table_of_another_kind_is_a_defect_not_a_crash(tmp_path, table):
    import tomllib  # noqa: PLC0415 - to know which tables there are

    whole = tomllib.loads(small_city.TOML)
    lines = [f"{table} = 3", "format = 1"]
    lines += [f"{key} = {_inline(value)}" for key, value in whole.items()
              if key not in {table, "format"}]  # fmt: skip
    with pytest.raises(CityBroken):
        load(tmp_path, "\n".join(lines))


def _inline(value) -> str:
    """One TOML value on one line."""
    if isinstance(value, dict):
        return "{ " + ", ".join(f'"{key}" = {_inline(one)}' for key, one in value.items()) + " }"
    if isinstance(value, list):
        return "[" + ", ".join(map(_inline, value)) + "]"
    if isinstance(value, bool):
        return str(value).lower()
    return f'"{value}"' if isinstance(value, str) else str(value)
