"""Briefings: built once however often one clicks, opened, verified, compared; no leaks."""

from __future__ import annotations

import json
import re
import threading
import time
from functools import partial

import pytest
from starlette.requests import Request

from dashboard import access, identity, server
from dashboard.components import sheet
from dashboard.downloads.snapshots import NoSuchFile, pack_file
from dashboard.filters import from_query
from dashboard.text import Speaker
from dashboard.views import briefing_choices, briefing_packs, briefings
from dashboard.views.briefing_desk import FAULT, Desk, desk
from geodata.brief import manifest
from geodata.brief.build import build_pack
from geodata.brief.comparing import moves_between, numbers_of
from geodata.brief.snapshots import packs
from geodata.brief.verify import Cause, Difference, verify
from geodata.errors import GeodataError
from geodata.findings.summing_up.overview import overview
from tests import small_city
from tests.asked import answered
from tests.dashboard.conftest import TOML, many, take_in
from tests.pages.test_pages import page, panels

PAPER = ("bulletin.pdf", "wall-a3.pdf", "wall-a0.pdf", "card.png")
PEOPLE = """
[access]
header = "X-User"
people = [
  { name = "head", role = "leader" },
  { name = "c1", role = "office", offices = ["c1"] },
]
"""
CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """A small city with two packs, without the parts on paper."""
    made = small_city.make(tmp_path_factory.mktemp("brief") / "city", TOML + PEOPLE)
    take_in(made, many(400))
    source = access.Source.of(made.folder)
    for period in ("2026-W36", "2026-09-02"):
        build_pack(source, period, without=PAPER)
    return made


@pytest.fixture(autouse=True)
def _served(city, monkeypatch):
    monkeypatch.setenv(access.CITY_VARIABLE, str(city.folder))
    token = identity.asked_with.set({"X-User": "head"})
    yield
    identity.asked_with.reset(token)


def told(lang="zh", **query):
    say = Speaker(lang)
    page = briefings.page_of(access.reading(), from_query(query), say)
    return json.loads(json.dumps(sheet.payload(page), allow_nan=False))


def block(payload, name):
    return next((one for one in payload["blocks"] if one.get("id") == name), None)


def wait(pending):
    until = time.monotonic() + 60
    while pending.running is not None and time.monotonic() < until:
        time.sleep(0.02)
    assert pending.running is None


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_city_gets_a_page(folder, monkeypatch, lang):
    monkeypatch.setenv(access.CITY_VARIABLE, str(folder))
    tested = page("briefings", lang)
    assert not tested.exception
    assert panels(tested)["sheet"]["name"] == "briefings"
    if not len(access.reading().facts):
        assert panels(tested)["sheet"]["tools"] == []


def test_packs_are_listed_latest_first_and_one_is_open(city):
    names = [one.name for one in packs(city)]
    payload = told()
    assert [row["cells"][-1]["text"] for row in block(payload, "packs")["rows"]] == names
    assert names[0] in block(payload, "files")["title"]
    other = told(**{"o.pack": names[1]})
    assert names[1] in block(other, "files")["title"]
    files = {row["cells"][0] for row in block(other, "files")["rows"]}
    assert files == set(packs(city)[1].manifest.files)
    assert told(**{"o.pack": "../.."}) == payload


def test_english_words_around_the_names():
    payload = told("en")
    own = [payload["title"], payload["lead"], payload["foot"]]
    own += [column["name"] for one in payload["blocks"] for column in one.get("columns", [])]
    assert [text for text in own if CHINESE.search(text)] == []


def test_a_second_click_starts_no_second_job():
    own, go, runs = Desk(), threading.Event(), []

    def work(progress):
        runs.append(1)
        progress("bulletin.pdf")
        go.wait(10)
        return "done"

    assert own.start(("make", "a"), work)
    assert not own.start(("make", "a"), work)
    assert not own.start(("verify", "b"), work)
    go.set()
    wait(own)
    assert runs == [1]
    assert own.ended(("make", "a")).result == "done"
    assert own.start(("make", "a"), work)
    wait(own)


def test_a_job_that_fails_says_so_and_the_next_one_runs():
    own = Desk()

    def refused(_):
        raise GeodataError("no such period")

    def broken(_):
        raise ValueError("secret")

    for work, told_of in ((refused, "no such period"), (broken, str(FAULT))):
        assert own.start(("make", work.__name__), work)
        wait(own)
        assert str(own.ended(("make", work.__name__)).error) == told_of


def test_building_by_the_button_keeps_a_pack_and_shows_it(city, monkeypatch):
    without_paper = partial(build_pack, without=PAPER)
    monkeypatch.setattr(briefings, "build_pack", without_paper)
    reading, say = access.reading(), Speaker("en")
    before = {one.name for one in packs(city)}
    view = from_query({"o.period": "2026-09"})
    monkeypatch.setattr(briefings.state, "current", lambda: view)
    assert briefings._begin(reading, say, {"make": True})  # noqa: SLF001 - as a click does
    wait(desk)
    (new,) = {one.name for one in packs(city)} - before
    payload = told("en")
    assert new in payload["blocks"][0]["sentences"][0]["text"]
    assert new in block(payload, "files")["title"]


def test_verify_and_compare_by_their_buttons(city):
    reading, say = access.reading(), Speaker("zh")
    second, first = packs(city)[0].name, packs(city)[1].name
    assert briefings._begin(reading, say, {"verify": second})  # noqa: SLF001
    wait(desk)
    shown = told(**{"o.pack": second, "o.against": first})
    assert "逐字节一致" in block(shown, "verified")["sentences"][0]["text"]
    assert block(shown, "compared") is None
    assert briefings._begin(reading, say, {"compare": [first, second]})  # noqa: SLF001
    wait(desk)
    shown = told(**{"o.pack": second, "o.against": first})
    assert len(block(shown, "compared")["rows"]) == 5
    assert block(shown, "spots")["sentences"]


def test_a_pack_is_made_again_by_its_button(city):
    reading, say = access.reading(), Speaker("zh")
    before = packs(city)
    old = before[0]
    shown = block(told(**{"o.pack": old.name}), "files")["tools"]
    patch = {"remake": old.name}
    assert patch in [one.get("patch") for one in shown]
    assert briefings._begin(reading, say, patch)  # noqa: SLF001
    wait(desk)
    assert packs(city) == before
    assert "来源未变" in block(told(), "job")["sentences"][0]["text"]


def test_a_public_edition_in_the_way_is_replaced_by_a_button(tmp_path, monkeypatch):
    made = small_city.make(tmp_path / "city", TOML + PEOPLE)
    take_in(made, many(400))
    monkeypatch.setenv(access.CITY_VARIABLE, str(made.folder))
    monkeypatch.setattr(briefings, "build_pack", partial(build_pack, without=PAPER))
    source = access.Source.of(made.folder)
    old = build_pack(source, "2026-W36", public=True, without=PAPER)
    view = from_query({"o.period": "2026-09", "o.edition": "public"})
    monkeypatch.setattr(briefings.state, "current", lambda: view)
    reading, say = access.reading(), Speaker("zh")
    assert not briefings._begin(reading, say, {"replace": True})  # noqa: SLF001
    for patch, left in (({"make": True}, [old.name]), ({"replace": True}, [])):
        assert briefings._begin(reading, say, patch)  # noqa: SLF001
        wait(desk)
        assert [one.name for one in packs(made) if one.name == old.name] == left
        tools = block(told(), "job").get("tools", [])
        assert [one["patch"] for one in tools] == [{"replace": True}] * len(left)
    assert len(packs(made)) == 1
    assert packs(made)[0].manifest.request.public


@pytest.mark.parametrize(
    "patch",
    [{"verify": "../../etc"}, {"verify": ["x"]}, {"compare": ["a"]}, {"compare": "ab"}, {"make": 1},
     {"compare": [["a"], "b"]}, {"verify": None}, {"remake": "x"}, {"remake": True}, {}],
)  # fmt: skip
def test_senseless_patches_start_nothing(patch):
    before = desk.last
    assert not briefings._begin(access.reading(), Speaker("zh"), patch)  # noqa: SLF001
    assert desk.last is before


def test_compared_numbers_are_those_of_the_overview(city):
    say, pack = Speaker("zh"), packs(city)[-1]
    shown = numbers_of(city, pack, say)
    found = overview(access.Source.of(city.folder), pack.manifest.request.period, None, say)
    assert [one.now.value for one in shown.headlines if hasattr(one.now, "value")] == [
        one.now.value for one in found.headlines if hasattr(one.now, "value")
    ]
    moves = moves_between(shown, shown)
    assert moves is None or (not moves.new and not moves.gone and moves.stayed == len(shown.hot))


def test_a_changed_file_is_named_with_the_reason(city):
    pack = packs(city)[-1]
    path = pack.folder / "page.html"
    whole = path.read_bytes()
    path.write_bytes(whole + b" ")
    try:
        done = verify(city, pack)
    finally:
        path.write_bytes(whole)
    assert [(one.file, one.code) for one in done.differences] == [("page.html", "changed")]
    assert "改动" in briefing_packs.why(done.differences[0], Speaker("zh"))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reason_has_words(lang):
    say = Speaker(lang)
    causes = tuple(Cause(what=what, was="1", now="2") for what in
                   ("lake", "fonts", "source", "guatu", "polars"))  # fmt: skip
    for code in ("only_one", "missing", "changed", "unknown", "causes"):
        assert briefing_packs.why(Difference(file="a", code=code, causes=causes), say)


def test_only_files_of_a_pack_are_served(city):
    pack = packs(city)[0]
    assert pack_file(pack.name, "page.html").path == pack.folder / "page.html"
    assert pack_file(pack.name, "manifest.json").kind == "application/json"
    (pack.folder / "stray.txt").write_text("not listed")
    for name, file in [
        (pack.name, "stray.txt"), (pack.name, "../../city.toml"), ("..", "city.toml"),
        (".", "x"), ("", ""), ("inputs", "x"), (pack.name, ""), ("a/../b", "page.html"),
        (".hidden", "page.html"), (f"{pack.name}/..", "page.html"),
    ]:  # fmt: skip
        with pytest.raises(NoSuchFile):
            pack_file(name, file)
    (pack.folder / "stray.txt").unlink()


@pytest.mark.parametrize(
    ("person", "file", "status"),
    [("head", "page.html", 200), ("head", "nothing", 404), ("c1", "page.html", 403),
     ("stranger", "page.html", 403)],
)  # fmt: skip
def test_the_route_answers_by_who_asks(city, person, file, status):
    scope = {"type": "http", "method": "GET", "path": "/", "query_string": b"download=1",
             "headers": [(b"x-user", person.encode())],
             "path_params": {"pack": packs(city)[0].name, "file": file}}  # fmt: skip
    answer = answered(server._pack(Request(scope)))  # noqa: SLF001 - the route itself
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["content-disposition"].startswith("attachment")
        assert "sandbox" in answer.headers["content-security-policy"]


def test_choices_are_read_from_the_link():
    source, say = access.reading().source, Speaker("en")
    view = from_query({"o.period": "2026-09", "o.edition": "public", "o.head": "red",
                       "o.pack_language": "zh"})  # fmt: skip
    wanted = briefing_choices.asked(source, view, say)
    assert wanted == manifest.Request(period="2026-09", language="zh", public=True, red_head=True)
    assert briefing_choices.asked(source, from_query({}), say).language == "en"
