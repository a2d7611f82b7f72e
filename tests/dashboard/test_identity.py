"""Offices see their own cases and nothing else; strangers see nothing."""

from __future__ import annotations

import csv
import io

import pytest
from starlette.requests import Request

from dashboard import access, identity, server
from dashboard.text import Speaker
from dashboard.views import wall_head
from geodata.analysis.silence import silent_rows
from geodata.city import load_city
from geodata.domain.selection import Selection
from geodata.errors import CityBroken
from geodata.findings.judging.offices import standings
from tests.asked import answered
from tests.dashboard.conftest import TOML, many
from tests.pages.test_pages import opened, panels

PEOPLE = """
[access]
header = "X-User"
people = [
  { name = "局长", role = "leader" },
  { name = "c1", role = "office", offices = ["c1"] },
  { name = "zf", role = "enforcement" },
]
"""


@pytest.fixture
def guarded(make_served):
    return make_served(TOML + PEOPLE, many(300))


@pytest.fixture
def as_person():
    """Look as somebody; as whoever was looking before, afterwards."""
    tokens = []

    def look(name):
        tokens.append(identity.asked_with.set({} if name is None else {"X-User": name}))

    yield look
    for token in reversed(tokens):
        identity.asked_with.reset(token)


def test_a_city_that_names_nobody_is_open(make_served):
    make_served(TOML, many(30))
    assert len(access.reading().facts) == 30


@pytest.mark.parametrize("name", [None, "", "王五", "C1"])
def test_a_stranger_sees_nothing(guarded, as_person, name):
    as_person(name)
    with pytest.raises(identity.AccessDenied):
        access.reading()


def test_a_leader_sees_everything_also_under_an_escaped_name(guarded, as_person):
    as_person("%E5%B1%80%E9%95%BF")
    assert len(access.reading().facts) == 300


def test_an_office_sees_the_cases_it_leads_or_assists(guarded, as_person):
    as_person("局长")
    whole = access.reading()
    mine = whole.facts.frame.filter(whole.facts.frame["office"].cast(str) == "c1")
    as_person("c1")
    own = access.reading()
    assert 0 < len(mine) <= len(own.facts) < len(whole.facts)
    assert set(mine["key"]) <= set(own.facts.frame["key"])
    assert own.key != whole.key
    assert set(own.source.cases()["key"]) == set(own.facts.frame["key"])
    assert access.cells(own, Selection())["cases"].sum() == len(own.facts)


def test_no_case_of_an_office_is_no_silence_of_an_area(guarded, as_person):
    as_person("局长")
    assert silent_rows(access.reading().facts, {"w-s": 5})
    as_person("c1")
    assert silent_rows(access.reading().facts, {"w-s": 5}) == []


def test_an_office_is_ranked_among_its_own_units_alone(guarded, as_person):
    as_person("c1")
    own = access.reading()
    found = standings(own.source, measure="closure_rate", say=Speaker("zh"))
    mine = own.city.offices.under(["c1"])
    assert set(found.counts["unit"]) <= set(mine) | {"unassigned"}
    assert found.own
    as_person("局长")
    everybody = standings(access.reading().source, measure="closure_rate", say=Speaker("zh"))
    assert len(set(everybody.counts["unit"]) - set(mine)) > 1
    assert not everybody.own


def download(name=None, query=b"layer=cells&format=csv"):
    """Ask for a file, signed in under a name; by default for the table behind the map."""
    headers = [] if name is None else [(b"x-user", name.encode())]
    request = Request({"type": "http", "headers": headers, "query_string": query})
    return answered(server._export(request))  # noqa: SLF001 - the route's own function


def test_downloads_are_of_the_same_cases(guarded):
    assert download().status_code == 403
    tables = {
        name: csv.DictReader(io.StringIO(download(name).body.decode("utf-8-sig")))
        for name in ("c1", "%E5%B1%80%E9%95%BF")
    }
    own, whole = (sum(int(row["cases"]) for row in table) for table in tables.values())
    assert 0 < own < whole == 300


@pytest.mark.parametrize(
    ("lang", "words"), [("zh", "仅含一社区牵头"), ("en", "Only cases that 一社区 leads")]
)
def test_the_masthead_says_that_an_office_sees_its_own_cases(
    guarded, root, monkeypatch, lang, words
):
    monkeypatch.setattr(identity, "viewer", lambda city: city.access.viewer("c1"))
    masthead = panels(opened(root, lang=lang))["masthead"]
    assert words in masthead["city"]
    assert masthead["notice"] is None
    monkeypatch.setattr(identity, "viewer", lambda city: city.access.viewer("局长"))
    assert words not in panels(opened(root, lang=lang))["masthead"]["city"]


def test_an_office_without_a_case_is_not_told_to_take_files_in(make_served, root, monkeypatch):
    make_served(TOML + PEOPLE.replace('["c1"]', '["d2"]'), many(1))
    monkeypatch.setattr(identity, "viewer", lambda city: city.access.viewer("c1"))
    assert len(access.reading().facts) == 0
    assert "ingest" not in panels(opened(root))["masthead"]["notice"]
    assert "ingest" not in wall_head.nothing(access.reading(), Speaker("zh"))["empty"]


def test_the_phone_register_is_for_those_authorised(guarded):
    asked = b"what=phones&format=xlsx"
    answers = {name: download(name, asked) for name in (None, "c1", "%E5%B1%80%E9%95%BF", "zf")}
    assert [one.status_code for one in answers.values()] == [403, 403, 403, 200]
    assert answers["zf"].body.startswith(b"PK")


def test_slips_in_the_list_of_people_are_named(guarded):
    toml = guarded.folder / "city.toml"
    slips = PEOPLE.replace('offices = ["c1"]', 'offices = ["nowhere"]').replace("leader", "boss")
    toml.write_text(TOML + slips, "utf-8")
    with pytest.raises(CityBroken, match=r"(?s)role 'boss'.*names office 'nowhere'"):
        load_city(guarded.folder)
