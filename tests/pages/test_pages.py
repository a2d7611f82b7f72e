"""Every page opens on every city, in both languages, and says the same numbers as the facts."""

from __future__ import annotations

import json
import re

import pytest
from streamlit.testing.v1 import AppTest

from dashboard import access
from tests.pages.payloads import unfolded

CHINESE = re.compile(r"[\u4e00-\u9fff]")
MAP_PANELS = {"case_map", "case_panel", "totals", "filter_panel"}


def panels(tested):
    """Payload of every panel drawn, by its kind."""
    found = {}
    for proto in protos(tested._tree):  # noqa: SLF001 - elements it does not know
        told = proto.mixed.json if proto.WhichOneof("data") == "mixed" else proto.json
        payload = unfolded(json.loads(told)["payload"])
        found[proto.component_name.rpartition("guatu_")[2]] = payload
    return found


def protos(block):
    for child in getattr(block, "children", {}).values():
        if child.type == "bidi_component":
            yield child.proto
        yield from protos(child)


def one_page(path, language):
    from importlib import import_module  # noqa: PLC0415 - runs as a script of its own

    from dashboard import access, state  # noqa: PLC0415
    from dashboard.text import Speaker  # noqa: PLC0415

    screen = state.Screen(Speaker(language), {"url": "", "lang": language, "map": "/map"})
    import_module(f"dashboard.views.{path}").render(access.reading(), screen)


def page(path, lang="zh", **query):
    """Return a page alone, drawn under the query of a link."""
    tested = AppTest.from_function(one_page, args=(path, lang), default_timeout=60)
    for key, value in query.items():
        tested.query_params[key] = value
    return tested.run()


def opened(root, **query):
    tested = AppTest.from_file(str(root / "dashboard" / "app.py"), default_timeout=60)
    for key, value in query.items():
        tested.query_params[key] = value
    return tested.run()


@pytest.fixture(autouse=True)
def _served(folder, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_page_opens_and_its_totals_agree(lang):
    tested = page("map", lang)
    drawn = panels(tested)
    cases = len(access.reading().facts)
    assert not tested.exception
    assert set(drawn) >= MAP_PANELS
    assert drawn["totals"]["agrees"] is True
    assert drawn["case_map"]["facts"]["n"] == cases
    assert sum(family["n"] for family in drawn["filter_panel"]["facets"]["families"]) == cases
    assert ("phase_ruler" in drawn) == (access.reading().city.campaign is not None)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_health_page_opens(lang):
    tested = page("health", lang)
    assert not tested.exception
    sheet = panels(tested)["sheet"]
    kinds = [block["kind"] for block in sheet["blocks"]]
    assert kinds[0] == "cards"
    assert len(sheet["blocks"][0]["cards"]) == 5
    assert set(kinds[1:]) == {"table"}
    assert all(block["rows"] or block["empty"] for block in sheet["blocks"][1:])


@pytest.mark.parametrize(
    "query",
    [
        {"layer": "streets"},
        {"layer": "table", "measure": "area_m2"},
        {"measure": "per_km", "res": "9"},
        {"compare": "before~one"},
        {"compare": "one~campaign", "layer": "streets"},
        {"street": "无此街"},
        {"at": "2横街"},
        {"outline": "104.0,30.6;104.2,30.6;104.2,30.8;104.0,30.8"},
        {"cell": "8a40e46cb147fff", "phase": "one"},
        {"phase": "", "office": "~.", "near": "school.x", "from": "9999-99-99", "res": "99"},
    ],
    ids=str,
)
def test_any_link_opens(query):
    tested = page("map", **query)
    assert not tested.exception
    assert set(panels(tested)) >= MAP_PANELS
    assert panels(tested)["totals"]["agrees"] is True


def test_no_page_ever_shows_a_traceback(root, folder):
    path = folder / "city.toml"
    text = path.read_text(encoding="utf-8")
    try:
        opened(root)
        path.write_text("[broken", encoding="utf-8")
        tested = opened(root, lang="en")
    finally:
        path.write_text(text, encoding="utf-8")
    assert not tested.exception
    assert "city.toml" in panels(tested)["masthead"]["notice"]
    assert panels(tested)["sheet"]["blocks"]


def test_english_controls_hold_no_chinese(root):
    """Names of streets and offices may, where the city gives no English ones."""
    own = [panels(opened(root, lang="en"))["masthead"]["version"]]
    drawn = panels(page("map", "en"))
    own += [drawn["totals"]["text"], drawn["totals"]["verdict"]]
    own += [drawn["case_map"]["facts"]["period"], drawn["case_panel"]["note"]]
    own += [status["name"] for status in drawn["filter_panel"]["facets"]["statuses"]]
    assert [text for text in own if CHINESE.search(text)] == []
