"""No cell of a download runs as a formula, and nothing is lost by that."""

from __future__ import annotations

import csv
import json

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.ingest.spreadsheet_safety import (
    bare,
    bare_text,
    protected,
    protected_text,
    write_csv_safely,
)

TRIGGERS = "=+-@\t\r＝＋－＠"
risky = st.text(alphabet=st.sampled_from([*TRIGGERS, "'", "1", ".", "a", "\n"]), max_size=6)


def written(path):
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.reader(stream))


@given(st.lists(risky | st.text(max_size=10), min_size=1, max_size=10))
def test_protection_is_undone_exactly(values):
    column = pl.DataFrame({"a": values}, schema={"a": pl.String})
    safe = column.select(protected(pl.col("a")))
    assert safe.select(bare(pl.col("a"))).equals(column)
    assert [bare_text(protected_text(value)) for value in values] == values
    assert safe["a"].to_list() == [protected_text(value) for value in values]


@given(st.text(alphabet=st.sampled_from([*TRIGGERS, "x", "7"]), min_size=1, max_size=6))
def test_nothing_but_a_number_begins_with_a_trigger(value):
    safe = protected_text(value)
    if safe[0] in TRIGGERS:
        float(safe)
        assert safe.isascii()


def test_payloads_in_cells_and_headings(tmp_path, shared):
    hostile = shared / "data" / "hostile"
    payloads = (hostile / "csv-injection-payload.txt").read_text(encoding="utf-8").splitlines()
    payloads += json.loads((hostile / "blns.json").read_text(encoding="utf-8"))
    path = tmp_path / "out.csv"
    write_csv_safely(pl.DataFrame({"=cmd|x": payloads}), path)
    head, *rows = written(path)
    assert head == ["'=cmd|x"]
    assert len(rows) == len(payloads)
    numbers = [text for (text,) in rows if text and text[0] in TRIGGERS]
    assert all(text.lstrip("+-").replace(".", "").isdigit() for text in numbers)
    assert sum(text.startswith("'=") for (text,) in rows) >= 3


def test_file_starts_with_a_bom_and_lists_are_joined(tmp_path):
    path = tmp_path / "out.csv"
    write_csv_safely(pl.DataFrame({"甲": [["a", "b"], []], "n": [-1.5, None]}), path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf")
    assert written(path) == [["甲", "n"], ["a；b", "-1.5"], ["", ""]]


def test_a_failed_write_leaves_the_earlier_file(tmp_path, monkeypatch):
    path = tmp_path / "out.csv"
    write_csv_safely(pl.DataFrame({"a": ["old"]}), path)
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left")))
    with pytest.raises(OSError, match="No space"):
        write_csv_safely(pl.DataFrame({"a": ["new"]}), path)
    assert written(path) == [["a"], ["old"]]
    assert list(tmp_path.iterdir()) == [path]
