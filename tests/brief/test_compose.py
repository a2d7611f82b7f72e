"""What a pack says of awkward cities: empty, one case, no districts, forty long names."""

from __future__ import annotations

import re
from dataclasses import asdict
from datetime import UTC, datetime, timedelta

import geopandas as gpd
import numpy as np
import polars as pl
import pytest

from geodata.brief.build import BriefingRefused, build_pack, overview_of
from geodata.brief.compose import content_of
from geodata.brief.manifest import Request
from geodata.brief.workbook import workbook_of
from geodata.domain.category import UNMAPPED
from geodata.findings import Source
from geodata.ingest.place import place
from geodata.pipeline import load_ground
from geodata.press import press_bulletin
from geodata.spatial.cells import disks_of
from geodata.store.lake import Lake
from geodata.wording import LANGUAGES, Words
from tests import small_city
from tests.brief.conftest import PERIOD, QUICK
from tests.press import pdf

WEEK = datetime(2026, 9, 2, 3, tzinfo=UTC)


def every_text(content):
    """Every text of a content, wherever it is."""

    def walk(value):
        if isinstance(value, str):
            yield value
        elif isinstance(value, dict):
            for one in value.values():
                yield from walk(one)
        elif isinstance(value, list | tuple):
            for one in value:
                yield from walk(one)

    return list(walk(asdict(content)))


def told(source, period, language="zh"):
    say = Words(language)
    found = overview_of(source, Request(period=period, language=language), say)
    return content_of(found, say), found


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "period", [PERIOD, "2026-10", "2026-Q4", "2026-11-21", "phase:tackle", "2026-W18"]
)
def test_no_text_says_nan_none_or_a_key(source, period, language):
    content, _ = told(source, period, language)
    texts = every_text(content)
    assert len(texts) > 200
    wrong = re.compile(r"\b(nan|None|inf|brief\.\w+|overview\.\w+)\b|[{}]")
    assert [text for text in texts if wrong.search(text)] == []


def test_totals_close(source):
    content, found = told(source, PERIOD)
    n = int(found.headline("reported").now.value)
    facts = source.facts.frame
    both = found.compared
    week = facts.filter(pl.col("reported_on").is_between(both.now.from_on, both.now.until_on))
    assert n == len(week)
    assert sum(content.map.cases) + found.piled == n
    for code in ("families", "channels"):
        assert sum(row[1].value for row in content.table(code).rows) == n
    assert found.late.by_office["overdue"].sum() == len(found.late.overdue)
    assert found.headline("overdue_stock").now.value == len(found.late.overdue)


def test_callouts_do_not_touch_each_other(source):
    content, _ = told(source, "2026-Q4")
    cells = [one.cell for one in content.map.callouts]
    assert len(cells) > 5
    for cell in cells:
        near = set(disks_of(np.array([cell], np.int64), 1)[1].tolist()) - {cell}
        assert not near & set(cells)
    counts = [one.cases for one in content.map.callouts]
    assert counts == sorted(counts, reverse=True)


def hourly(n, **columns):
    """Cases all over the town, one an hour."""
    return small_city.scattered(
        n, reported_at=[WEEK + timedelta(hours=hour) for hour in range(n)], **columns
    )


@pytest.fixture
def town(tmp_path):
    """A small city without cases, and a way to give it some."""

    def make(rows, toml=small_city.TOML, **layers):
        city = small_city.make(tmp_path / "town", toml, **layers)
        if rows is not None:
            placed = place(rows, load_ground(city))
            Lake(city.lake).upsert(placed, source="made")
        return Source.of(city.folder)

    return make


def test_a_city_without_cases_is_refused(town):
    with pytest.raises(BriefingRefused, match="holds no case yet"):
        build_pack(town(None), "2026-W36")


def test_one_case_makes_a_sensible_pack(town, fonts):
    one = {"category": "stall", "category_name": "流动摊贩", "description": "一件"}
    source = town(small_city.cases([one]))
    content, found = told(source, "2026-W36")
    assert content.figures[0].value == "1"
    assert any("不" in one or "没有" in one for one in content.sentences)
    assert len(content.map.callouts) == 1
    body = workbook_of(content, found, Words("zh"))
    assert body[:2] == b"PK"
    assert 2 <= len(pdf.pages(press_bulletin(content, source.city, typefaces=fonts))) <= 4
    pack = build_pack(source, "2026-W36", without=QUICK)
    assert (pack.folder / "page.html").stat().st_size > 100_000


def test_a_week_without_a_case_makes_at_most_four_pages(town, fonts):
    source = town(small_city.scattered(2, reported_at=[WEEK, WEEK + timedelta(days=14)]))
    content, _ = told(source, "2026-W37")
    assert content.figures[0].value == "0"
    assert 2 <= len(pdf.pages(press_bulletin(content, source.city, typefaces=fonts))) <= 4


def test_a_city_without_districts_has_no_silent_areas_and_names_streets(town):
    nothing = {"code": [], "name": [], "level": []}
    none = gpd.GeoDataFrame(nothing, geometry=[], crs="EPSG:4326")
    source = town(hourly(30), districts=none)
    content, _ = told(source, "2026-W36")
    assert content.map.silent == ()
    assert all(one.name for one in content.map.callouts)


def test_cases_without_deadlines_have_no_rate_but_a_reason(town):
    source = town(hourly(40))
    content, found = told(source, "2026-W36")
    by_code = {one.code: one for one in content.figures}
    assert by_code["on_time_rate"].value == "—"
    assert len(by_code["on_time_rate"].note) > 5
    assert content.offices.rows == ()
    assert len(content.offices.empty) > 5
    assert found.late.without_deadline == 40


def test_forty_offices_with_long_names_are_all_there_and_fit_four_pages(town, fonts):
    names = [f"第{n}街道综合行政执法与市容环境卫生联合整治指挥部办公室" for n in range(40)]
    listed = "".join(f'  {{ code = "o{n}", name = "{name}" }},\n' for n, name in enumerate(names))
    toml = small_city.TOML.replace("offices = [\n", f"offices = [\n{listed}", 1)
    n = 1600
    late = [30 if one % 3 == 0 else 5 for one in range(n)]
    rows = small_city.scattered(
        n,
        office=[f"o{one % 40}" for one in range(n)],
        office_name=[names[one % 40] for one in range(n)],
        reported_at=[WEEK + timedelta(minutes=one) for one in range(n)],
        due_at=[WEEK + timedelta(hours=20)] * n,
        closed_at=[WEEK + timedelta(hours=hours) for hours in late],
    )
    source = town(rows, toml)
    content, found = told(source, "2026-W36")
    assert {row.name for row in content.offices.rows} == set(names)
    assert len(pdf.pages(press_bulletin(content, source.city, typefaces=fonts))) == 4
    assert workbook_of(content, found, Words("zh"))[:2] == b"PK"


def test_unmapped_and_unassigned_are_said(source):
    content, _ = told(source, "2026-Q4")
    facts = source.facts.frame
    if (facts["category"].cast(pl.String) == UNMAPPED).any():
        assert any(one.name == "未归类" for one in content.quality)
