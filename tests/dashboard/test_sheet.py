"""The pages' building blocks: plain JSON, nothing that is no number, nothing lost."""

from __future__ import annotations

import json
import math
from datetime import date
from urllib.parse import parse_qs, urlsplit

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dashboard.components import sheet
from dashboard.filters import View, from_query
from dashboard.text import Speaker
from geodata.domain.selection import Selection

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text()
    | st.sampled_from([np.int64(3), np.float64("nan"), np.float32(0.5), date(2026, 11, 22)]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner) | st.tuples(inner),
    max_leaves=12,
)  # fmt: skip


@given(ANYTHING)
def test_whatever_a_page_holds_travels_as_strict_json(anything):
    page = sheet.Page(title="t", blocks=[{"kind": "table", "rows": anything}])
    told = sheet.payload(page)
    assert json.loads(json.dumps(told, allow_nan=False)) == told


def test_a_cell_that_is_no_number_travels_as_nothing():
    table = sheet.table([sheet.column("a")], [sheet.row([math.nan, np.float64("inf"), 1.5])])
    told = sheet.payload(sheet.Page(title="t", blocks=[table]))
    assert told["blocks"][0]["rows"][0]["cells"] == [None, None, 1.5]


def test_parts_that_say_nothing_are_left_out():
    assert sheet.card("受理", "451") == {"label": "受理", "value": "451"}
    assert sheet.cell("0", value=0.0) == {"text": "0", "value": 0.0}
    assert sheet.status("overdue", "超期未结")["icon"] == "▲"


def test_a_block_keeps_its_frame():
    block = sheet.bars([], title="在办时限", span=4, empty="没有在办案卷。", id="ageing")
    assert (block["title"], block["span"], block["id"]) == ("在办时限", 4, "ageing")
    assert block["empty"] == "没有在办案卷。"


def test_a_download_holds_the_view():
    view = View(selection=Selection(offices=frozenset(["a,b"]), from_on=date(2026, 9, 1)))
    link = urlsplit(sheet.export_link(view, Speaker("en"), "tasks", "xlsx"))
    query = {key: values[0] for key, values in parse_qs(link.query).items()}
    assert from_query(query).selection == view.selection
    assert (query["what"], query["format"], query["lang"]) == ("tasks", "xlsx", "en")
