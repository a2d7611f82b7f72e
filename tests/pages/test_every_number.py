"""Every number of every page opens what is behind it: its formula, its period, its version."""

from __future__ import annotations

import itertools
import json

import pytest

from dashboard import access
from dashboard.views import briefings
from dashboard.views.briefing_desk import Desk
from geodata.first_run import make_demo
from tests.pages.payloads import proofs_in, unfolded, unproven
from tests.pages.test_pages import page, protos

PAGES = {
    "overview": {"o.period": "2026-10"},
    "hotspots": {},
    "hotspots weeks": {"o.hot_show": "weeks"},
    "hotspots compare": {"o.hot_show": "compare"},
    "rebound": {},
    "rebound by category": {"o.by": "category", "o.place": "cells"},
    "campaign": {},
    "campaign streets": {"street": "中兴路"},
    "offices": {},
    "offices by street": {"o.by": "street", "o.measure": "cases_per_km"},
    "health": {},
    "briefings": {},
}
NEEDS_NONE = {
    "序号": "the order of the list itself",
    "No.": "the order of the list itself",
    "结案日期": "a date of one case",
    "Closed on": "a date of one case",
    "入册日期": "a date of one place",
    "Entered on": "a date of one place",
    "最近反弹": "a date of one place",
    "Last rebound": "a date of one place",
    "导入时间": "when a file was read",
    "Taken in at": "when a file was read",
    "文件": "the name of a file",
    "内容": "what a file is for",
    "What it is": "what a file is for",
    "File": "the name of a file",
}
"""Columns that hold digits but no count, and why nothing is behind them."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Make a city with everything to show: campaign, actions, areas, registers."""
    made = tmp_path_factory.mktemp("proven") / "city"
    make_demo(made, cases=1_500)
    return made


def sheets(name, lang):
    tested = page(name.split()[0], lang, **PAGES[name])
    assert not tested.exception
    drawn = [json.loads(_json_of(one)) for one in protos(tested._tree)  # noqa: SLF001
             if one.component_name.endswith("guatu_sheet")]  # fmt: skip
    return [unfolded(one["payload"]) for one in drawn]


def _json_of(proto):
    return proto.mixed.json if proto.WhichOneof("data") == "mixed" else proto.json


@pytest.mark.parametrize(
    ("name", "lang"), list(zip(PAGES, itertools.cycle(["zh", "en"]), strict=False)), ids=str
)
def test_every_number_opens(name, lang, folder, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))
    monkeypatch.setattr(briefings, "desk", Desk())
    drawn = sheets(name, lang)
    blocks = [block for one in drawn for block in one["blocks"]]
    bare = [told for block in blocks for told in unproven(block, NEEDS_NONE)]
    assert bare == []
    proofs = proofs_in(blocks)
    assert all(proof["title"] and proof["formula"] and proof["source"] for proof in proofs)
    assert not proofs or any(proof.get("version") for proof in proofs)


BARE = [
    ({"kind": "cards", "cards": [{"label": "受理", "value": "4"}]}, "受理"),
    ({"kind": "sentences", "sentences": [{"text": "共 4 件。"}]}, "共 4 件。"),
    ({"kind": "table", "columns": [{"name": "路"}, {"name": "件数", "kind": "number"}],
      "rows": [{"cells": ["横街", 4]}]}, "件数: 4"),
    ({"kind": "table", "columns": [{"name": "路"}, {"name": "天数"}],
      "rows": [{"cells": ["横街", {"text": "4 天"}]}]}, "天数: {'text': '4 天'}"),
    ({"kind": "forest", "rows": [{"label": "甲", "text": "4%"}]}, "甲"),
    ({"kind": "forest", "rows": [{"label": "甲", "proof": {}, "spark": [1]}]}, "course"),
    ({"kind": "lines", "series": [{"name": "结案"}]}, "结案"),
    ({"kind": "bars", "rows": [{"label": "甲", "proof": {}, "parts": [{"name": "久"}]}]}, "久"),
    ({"kind": "lists", "lists": [{"title": "多", "rows": [{"text": "4"}]}]}, "多: 4"),
]  # fmt: skip


@pytest.mark.parametrize(("block", "told"), BARE, ids=lambda one: str(one)[:40])
def test_the_search_for_bare_numbers_finds_each_kind(block, told):
    assert [one.partition(" / ")[2] for one in unproven(block)] == [told]
    assert unproven(block | {"empty": "没有案卷。"}) == []
