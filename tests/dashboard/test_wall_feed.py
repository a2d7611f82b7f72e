"""What the wall is sent: only what the person asking may see, and only when it is new."""

from __future__ import annotations

import gzip
import json

import polars as pl
import pytest
from starlette.requests import Request

from dashboard import access, server
from tests.asked import answered
from tests.dashboard.conftest import TOML, many, take_in

PEOPLE = """
[access]
header = "X-User"
people = [
  { name = "head", role = "leader" },
  { name = "c1", role = "office", offices = ["c1"] },
]
"""


def asked(person, mark=None, lang=b"zh"):
    headers = [(b"x-user", person.encode())]
    if mark:
        headers.append((b"if-none-match", mark.encode()))
    scope = {"type": "http", "method": "GET", "path": "/guatu/wall", "headers": headers,
             "query_string": b"lang=" + lang}  # fmt: skip
    return answered(server._wall(Request(scope)))  # noqa: SLF001 - the route itself


def reported(answer):
    told = json.loads(gzip.decompress(answer.body))
    return int(told["screens"][0]["facts"][0]["value"].replace(",", ""))


@pytest.fixture
def guarded(make_served):
    return make_served(TOML + PEOPLE, many(300))


def test_an_office_sees_its_own_cases_and_a_stranger_none(guarded):
    facts = access.whole_reading().facts
    own = (facts.frame["office"].cast(pl.String) == "c1").sum()
    assert reported(asked("head")) == len(facts)
    assert 0 < reported(asked("c1")) == own < len(facts)
    assert asked("nobody").status_code == 403


def test_what_is_known_is_not_sent_again_until_a_new_version(guarded):
    first = asked("head")
    mark = first.headers["etag"]
    again = asked("head", mark)
    assert (again.status_code, again.body) == (304, b"")
    assert asked("c1", mark).status_code == 200
    assert asked("head", mark, b"en").status_code == 200
    take_in(guarded, many(1, seed=9).with_columns(case_id=pl.lit("one more")))
    newer = asked("head", mark)
    assert newer.status_code == 200
    assert reported(newer) == reported(first) + 1


def test_a_folder_that_broke_shows_the_last_good_state_and_says_so(guarded):
    first = asked("head")
    path = guarded.folder / "city.toml"
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole + "\n[broken", encoding="utf-8")
    broken = asked("head", first.headers["etag"])
    told = json.loads(gzip.decompress(broken.body))
    assert "v0" in told["trouble"]
    assert str(guarded.folder) not in json.dumps(told)
    path.write_text(whole, encoding="utf-8")
    mended = json.loads(gzip.decompress(asked("head", broken.headers["etag"]).body))
    assert mended["trouble"] is None


def test_an_unreadable_city_is_an_error_the_wall_waits_out(monkeypatch, tmp_path):
    monkeypatch.setenv(access.CITY_VARIABLE, str(tmp_path / "none"))
    assert asked("head").status_code == 503


def test_the_wall_is_told_the_citys_tiles_like_every_map(make_served):
    served = make_served(TOML, many(50))
    plain = asked("anybody")
    assert "tile_url" not in json.loads(gzip.decompress(plain.body))["boot"]
    path, url = served.folder / "city.toml", "https://tiles.intranet/{z}/{x}/{y}.png"
    text = path.read_text(encoding="utf-8")
    tiles = f'[map]\ntile_url = "{url}"\ntile_datum = "gcj02"\n'
    path.write_text(f"{text}\n{tiles}", encoding="utf-8")
    answer = asked("anybody", plain.headers["etag"])
    boot = json.loads(gzip.decompress(answer.body))["boot"]
    assert boot["tile_url"] == url
    assert all(abs(float(one)) < 0.01 for one in boot["tile_shift"].split(","))
    assert {key: boot[key] for key in ("tile_url", "tile_shift")} == access.tiles(access.reading())
