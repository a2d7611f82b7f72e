"""The public edition of a made-up city: nothing personal, nothing small, nothing derivable."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re

import openpyxl
import polars as pl
import pytest

from geodata.brief.build import build_pack, overview_of
from geodata.brief.disclosure import PublicRule, still_exposed
from geodata.brief.manifest import Request
from geodata.brief.public import TooFewForPublic, _groups, _released, public_counts
from geodata.findings import Source
from geodata.store.lake import Lake
from geodata.wording import Words
from tests.brief.conftest import PAPER, PERIOD

RULE = PublicRule()


@pytest.fixture(scope="module")
def found(source):
    return overview_of(source, Request(period="2026-10"), Words("zh"))


@pytest.fixture(scope="module")
def pack(small_city, tmp_path_factory):
    import shutil  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("public") / "city"
    shutil.copytree(small_city.folder, folder)
    return build_pack(Source.of(folder), "2026-10", public=True, without=PAPER)


def texts(pack):
    """Everything readable in the pack: page unpacked, workbook cells, manifest."""
    page = (pack.folder / "page.html").read_text(encoding="utf-8")
    found = [(pack.folder / "manifest.json").read_text(encoding="utf-8"), page]
    for coded in re.findall(r"[A-Za-z0-9+/]{400,}={0,2}", page):
        body = base64.b64decode(coded)
        plain = gzip.decompress(body) if body[:2] == b"\x1f\x8b" else body
        found.append(plain.decode("utf-8", "replace"))
    book = openpyxl.load_workbook(io.BytesIO((pack.folder / "tables.xlsx").read_bytes()))
    for sheet in book:
        found += [str(cell.value) for row in sheet for cell in row if cell.value is not None]
    return "\n".join(found)


def test_it_holds_no_case_number_no_text_and_no_configuration(pack, source):
    said = texts(pack)
    cases = Lake(source.city.lake).scan().collect()
    assert not (pack.folder / "city.toml").exists()
    for column in ("case_id", "description", "address"):
        values = cases[column].drop_nulls().unique().to_list()
        assert values
        assert [value for value in values if len(value) > 3 and value in said] == []
    assert "演示数据" in said
    assert "公开版" in said


def test_no_small_count_is_in_any_table_of_the_workbook(pack):
    book = openpyxl.load_workbook(io.BytesIO((pack.folder / "tables.xlsx").read_bytes()))
    numbers = [
        cell.value
        for sheet in book
        for row in sheet
        for cell in row
        if isinstance(cell.value, int | float)
    ]
    assert len(numbers) > 20
    assert [number for number in numbers if 0 < number < RULE.least] == []


def test_the_map_shows_no_finer_cell_and_no_small_or_hidden_count(pack, found):
    page = (pack.folder / "page.html").read_text(encoding="utf-8")
    (state,) = [
        json.loads(gzip.decompress(body))
        for coded in re.findall(r"[A-Za-z0-9+/]{400,}={0,2}", page)
        if (body := base64.b64decode(coded))[:2] == b"\x1f\x8b"
    ]
    assert state["state"]["resolution_data"] == RULE.resolution
    import numpy as np  # noqa: PLC0415

    values = np.frombuffer(base64.b64decode(state["numbers"]["count"]["cells"]["value"]["b64"]))
    assert len(values) > 5
    assert values.min() >= RULE.least
    told = public_counts(found).table.filter(pl.col("kind") == "cell", ~pl.col("hidden"))
    assert sorted(values.tolist()) == sorted(told.filter(pl.col("cases") > 0)["cases"].to_list())
    assert state["numbers"]["count"]["segments"]["index"]["b64"] == ""
    assert "tiles" not in state["basemap"]


def test_an_attacker_who_knows_the_ground_pins_down_no_small_count(found):
    _, released = _released(_groups(found, RULE.resolution))
    hidden = public_counts(found).table["hidden"].to_numpy()
    assert 0 < hidden.sum() < len(hidden)
    assert still_exposed(released, hidden, RULE) == []
    only_small = released.small(RULE)
    assert still_exposed(released, only_small, RULE), "the attack itself must be able to succeed"


def test_told_counts_are_the_facts_own(found, source):
    table = public_counts(found).table
    whole = table.filter(kind="all")
    october = source.facts.frame.filter(pl.col("reported_on").dt.strftime("%Y-%m") == "2026-10")
    assert whole["cases"].to_list() == [len(october)]
    assert table.filter(kind="area")["cases"].sum() == len(october)
    assert table.filter(kind="cell")["cases"].sum() == len(october)


def test_a_period_with_hardly_a_case_is_refused(source):
    day = source.facts.frame.group_by("reported_on").len().sort("len", "reported_on").row(0)
    few = overview_of(source, Request(period=day[0].isoformat()), Words("zh"))
    if day[1] < RULE.least:
        with pytest.raises(TooFewForPublic, match="fewer than 5"):
            public_counts(few)


def test_the_private_pack_of_the_same_week_does_hold_cases(source, city):
    pack = build_pack(Source.of(city.folder), PERIOD, without=PAPER)
    said = texts(pack)
    late = overview_of(source, Request(period=PERIOD), Words("zh")).late.overdue
    assert late["case_id"][0] in said
