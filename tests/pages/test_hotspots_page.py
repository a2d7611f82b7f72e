"""The page of hot spots opens on every city, in both languages, whatever is chosen on it."""

from __future__ import annotations

import itertools
import json

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access
from geodata.findings.gathering.hotspots import find_hot_spots
from tests.pages.test_pages import CHINESE, protos

CHOICES = [
    {},
    {"o.hot_show": "weeks"},
    {"o.hot_show": "compare"},
    {"o.hot_show": "compare", "o.hot_how": "difference", "o.hot_a": "one", "o.hot_b": "two"},
    {"o.hot_show": "compare", "o.hot_a": "one", "o.hot_b": "one"},
    {"o.hot_by": "km", "o.hot_res": "9"},
    {"o.hot_res": "8", "cell": "8a40e46cb147fff"},
    {"o.hot_show": "weeks", "cell": "not a cell", "o.hot_res": "77"},
    {"phase": "one", "o.hot_show": "weeks"},
    {"street": "无此街"},
    {"layer": "table"},
]


@pytest.fixture(autouse=True)
def _served(folder, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))


def page(language):
    from dashboard import access, state  # noqa: PLC0415 - runs as a script of its own
    from dashboard.text import Speaker  # noqa: PLC0415
    from dashboard.views import hotspots  # noqa: PLC0415

    boot = {"url": "", "lang": language}
    hotspots.render(access.reading(), state.Screen(Speaker(language), boot))


def opened(language, **query):
    tested = AppTest.from_function(page, args=(language,), default_timeout=60)
    for key, value in query.items():
        tested.query_params[key] = value
    return tested.run()


def told(tested, kind):
    """Payloads of the panels of a kind, in the order drawn."""
    found = []
    for proto in protos(tested._tree):  # noqa: SLF001 - elements it does not know
        if proto.component_name.endswith(f"guatu_{kind}"):
            text = proto.mixed.json if proto.WhichOneof("data") == "mixed" else proto.json
            found.append(json.loads(text)["payload"])
    return found


@pytest.mark.parametrize(
    ("query", "lang"), list(zip(CHOICES, itertools.cycle(["zh", "en"]), strict=False)), ids=str
)
def test_it_opens_and_says_everything_in_words(query, lang):
    tested = opened(lang, **query)
    assert not tested.exception
    (sheet,) = told(tested, "sheet")
    text = json.dumps(sheet, ensure_ascii=False)
    assert "NaN" not in text
    assert "Infinity" not in text
    assert not [word for word in ("None", "nan", "{", "}") if f'"{word}"' in text]
    assert sheet["title"]
    assert sheet["blocks"]
    for block in sheet["blocks"]:
        shown = ("rows", "sentences", "series", "cards", "tools")
        assert any(block.get(key) for key in (*shown, "empty", "note")), block


def test_its_numbers_are_those_of_the_finding():
    tested = opened("zh")
    (sheet,) = told(tested, "sheet")
    (drawn,) = told(tested, "case_map")
    found = find_hot_spots(access.reading().source)
    table = next(block for block in sheet["blocks"] if block.get("id") == "places")
    assert len(table.get("rows", [])) == min(10, len(found.places))
    assert drawn["facts"]["n"] == found.spots.cases
    assert drawn["resolution"] == drawn["resolution_data"] == found.ground.resolution
    assert len(drawn["callouts"]) == min(10, len(found.places))
    if not len(found.places):
        assert table["empty"]


def test_both_phases_share_one_locked_scale(folder):
    tested = opened("zh", **{"o.hot_show": "compare", "o.hot_a": "one", "o.hot_b": "two"})
    maps = told(tested, "case_map")
    campaign = access.reading().city.campaign
    if campaign is None or not len(access.reading().facts):
        assert maps == []
        return
    if len(maps) == 2:
        assert maps[0]["breaks"] == maps[1]["breaks"]
        assert all(one["scale_locked"] and not one["alone"] for one in maps)


def test_english_words_hold_no_chinese():
    """Names of the city's streets, offices and phases may."""
    (sheet,) = told(opened("en"), "sheet")
    own = [sheet["title"], sheet["lead"]]
    own += [column["name"] for block in sheet["blocks"] for column in block.get("columns", [])]
    own += [option["label"] for tool in sheet["tools"] for option in tool.get("options", [])]
    assert [text for text in own if CHINESE.search(text)] == []
