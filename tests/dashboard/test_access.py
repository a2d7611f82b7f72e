"""Shared readings: worked out once, let go of when old, and never lost to a slip in the folder."""

from __future__ import annotations

import gc
import threading
import weakref
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from dashboard import access
from dashboard.access import Kept
from geodata.domain.selection import Selection
from geodata.errors import CityBroken
from tests import small_city
from tests.dashboard.conftest import many, take_in


def test_two_who_ask_the_same_thing_wait_for_one_answer():
    kept, begun, go_on, times = Kept(4), threading.Event(), threading.Event(), []

    def slow():
        times.append(1)
        begun.set()
        assert go_on.wait(5)
        return object()

    with ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(kept.get, "question", slow) for _ in range(8)]
        assert begun.wait(5)
        go_on.set()
        answers = {id(one.result(5)) for one in asked}
    assert (len(times), len(answers)) == (1, 1)


def test_an_error_reaches_the_asker_and_is_not_kept():
    kept = Kept(4)
    with pytest.raises(ZeroDivisionError):
        kept.get("question", lambda: 1 // 0)
    assert kept.get("question", lambda: 7) == 7


def test_the_answer_asked_for_longest_ago_is_let_go_first():
    kept, times = Kept(2), []

    def ask(key):
        return kept.get(key, lambda: times.append(key) or key)

    for key in ("a", "b", "a", "c", "a", "b"):
        ask(key)
    assert times == ["a", "b", "c", "b"]


def test_a_new_lake_version_is_read_without_a_restart_and_the_old_one_goes(make_served):
    city = make_served(cases=many(50))
    before = access.reading()
    assert access.reading() is before
    old = weakref.ref(before.facts.frame)
    extra = many(80, seed=1)
    ids = [f"second {row}" for row in range(len(extra))]
    take_in(city, extra.with_columns(case_id=small_city.pl.Series(ids)), "second.csv")
    after = access.reading()
    assert after.facts.version > before.facts.version
    assert (len(before.facts), len(after.facts)) == (50, 130)
    del before
    gc.collect()
    assert old() is None


def test_masks_are_shared_between_sessions(reading):
    chosen = Selection(channels=frozenset(["patrol"]))
    assert access.keep(reading, chosen) is access.keep(access.reading(), chosen)
    assert np.count_nonzero(access.keep(reading, chosen)) == 200


def test_a_slip_in_city_toml_leaves_the_last_good_version_with_its_reason(make_served):
    city = make_served(cases=many(20))
    good = access.reading()
    assert good.trouble is None
    path = city.folder / "city.toml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text + "\n[broken", encoding="utf-8")
    shown = access.reading()
    assert shown.facts is good.facts
    assert "city.toml" in str(shown.trouble)
    path.write_text(text + "\n# mended\n", encoding="utf-8")
    assert access.reading().trouble is None


def test_a_folder_that_never_worked_is_an_error(make_served):
    city = make_served()
    (city.folder / "city.toml").write_text("[broken", encoding="utf-8")
    with pytest.raises(CityBroken):
        access.reading()
