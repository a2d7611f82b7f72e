"""Flags packed, unpacked and counted run by run, against one flag at a time."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.flags import count_runs, unpacked

flag_lists = st.lists(st.booleans(), max_size=400)


@given(flag_lists, st.data())
def test_runs_are_counted_as_one_by_one(flags, data):
    inner = data.draw(st.sets(st.integers(1, max(len(flags) - 1, 1)), max_size=12))
    starts = sorted({0, *(row for row in inner if row < len(flags))}) if flags else []
    ends = [*starts[1:], len(flags)]
    slow = [sum(flags[begin:end]) for begin, end in zip(starts, ends, strict=False)]
    counted = count_runs(np.array(flags, dtype=bool), np.array(starts, dtype=np.int64))
    assert counted.tolist() == (slow if flags else [])


@given(flag_lists, st.integers(0, 40), st.integers(1, 3))
def test_unpacked_flags_are_the_series(flags, skipped, parts):
    whole = pl.concat([pl.Series(flags, dtype=pl.Boolean)] * parts, rechunk=False)
    series = whole.slice(skipped)
    assert unpacked(series).tolist() == series.to_list()
    assert unpacked(series).dtype == np.bool_


def test_whole_words_end_where_a_run_does():
    keep = np.ones(128, dtype=bool)
    assert count_runs(keep, np.array([0, 64])).tolist() == [64, 64]
