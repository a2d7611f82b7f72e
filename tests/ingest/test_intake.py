"""Every row of a file is accounted for, and what was set aside can be fed again."""

from __future__ import annotations

import csv
import json

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.domain.case import CASE_SCHEMA
from geodata.errors import FileUnreadable, GeodataError, MissingColumns, OutsideCity
from geodata.ingest.intake import read_cases
from geodata.ingest.profile import load_profile
from geodata.ingest.set_aside import OWN, write_set_aside
from geodata.ingest.validate import Limits
from geodata.spatial.coordinates import Wgs84, wgs84_to_gcj02
from tests.ingest.test_texts import kept

HEAD = ["案卷编号", "上报时间", "小类", "问题描述", "经度", "纬度", "结案时间"]
CITY = Limits(bounds=(105.0, 29.5, 105.2, 29.7))


def write(path, rows, head=HEAD):
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerows([head, *rows])
    return path


def good(number, text="占道", **change):
    row = dict(
        zip(
            HEAD,
            [str(number), "2026-09-01 08:00:00", "占道经营", text, "105.06", "29.58", ""],
            strict=True,
        )
    )
    return list((row | change).values())


def take(path, **options):
    portions = list(read_cases(path, **{"limits": CITY} | options))
    return (
        pl.concat(portion.cases for portion in portions),
        pl.concat(portion.set_aside for portion in portions),
        sum(portion.read for portion in portions),
        sum(portion.repeated for portion in portions),
    )


cell_of = {
    "案卷编号": st.sampled_from(["1", "2", "3", "", " ", "=4"]),
    "上报时间": st.sampled_from(["2026-09-01 08:00:00", "2026-09-01", "", "soon", "1970-01-01"]),
    "小类": st.sampled_from(["占道经营", "", "新"]),
    "问题描述": st.sampled_from(["x", "", '"', "a,b", "a\nb", "\x00", "'=1", "=1", "\u202e"]),
    "经度": st.sampled_from(["105.06", "29.58", "0", "", "x", "-"]),
    "纬度": st.sampled_from(["29.58", "105.06", "0", "", "x"]),
    "结案时间": st.sampled_from(["", "2026-09-02", "2026-08-01", "?"]),
}
dirty_rows = st.lists(st.tuples(*cell_of.values()), min_size=1, max_size=9)


@settings(max_examples=60)
@given(rows=dirty_rows, batch_rows=st.integers(1, 10))
def test_no_row_is_lost(tmp_path_factory, rows, batch_rows):
    path = write(tmp_path_factory.mktemp("dirty") / "a.csv", rows)
    filled = [row for row in rows if any(cell.strip() for cell in row)]
    if not filled:
        with pytest.raises(FileUnreadable):
            take(path)
        return
    cases, aside, read, repeated = take(path, batch_rows=batch_rows)
    assert read == len(filled)
    assert read == cases.height + aside.height + repeated
    assert cases.schema == CASE_SCHEMA
    assert cases["case_id"].is_unique().all()
    numbers = [*cases["source_row"], *aside["_row"]]
    assert len(set(numbers)) == len(numbers)
    for told in aside.iter_rows(named=True):
        assert [told[name] or "" for name in HEAD] == list(rows[told["_row"] - 1])
        if told["_rule"] == "superseded":
            (case,) = cases.filter(pl.col("case_id") == told["_value"].strip()).iter_rows(
                named=True
            )
            assert case["source_row"] > told["_row"]
            assert str(case["source_row"]) in told["_hint"]


@settings(max_examples=40)
@given(rows=dirty_rows)
def test_set_aside_rows_survive_being_written_and_read(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("again")
    path = write(folder / "a.csv", [*rows, good(99)])
    _, aside, *_ = take(path)
    if aside.is_empty():
        return
    again = folder / "again.csv"
    write_set_aside(aside, again)
    _, told, read, _ = take(again)
    assert read == aside.height
    own = {row: list(rows[row - 1]) for row in aside["_row"]}
    for line in told.iter_rows(named=True):
        origin = aside["_row"][line["_row"] - 1]
        assert [line[name] or "" for name in HEAD] == own[origin]
    assert told.columns == [*OWN, *HEAD]


def test_corrected_rows_come_in(tmp_path):
    path = write(tmp_path / "a.csv", [good(1), good(2, "=cmd|x", 经度="")])
    _, aside, *_ = take(path)
    again = tmp_path / "again.csv"
    write_set_aside(aside, again)
    with again.open(encoding="utf-8-sig", newline="") as stream:
        lines = list(csv.reader(stream))
    assert lines[1][lines[0].index("问题描述")] == "'=cmd|x"
    lines[1][lines[0].index("经度")] = "105.06"
    write(again, lines[1:], lines[0])
    cases, aside, *_ = take(again)
    assert aside.is_empty()
    assert cases.select("case_id", "description").rows() == [("2", "=cmd|x")]


@pytest.mark.parametrize("batch_rows", [1, 2, 100])
def test_later_row_wins_and_equal_rows_are_counted(tmp_path, batch_rows):
    rows = [good(1, "一"), good(2), good(1, "二"), good(1, "三"), good(3), good(1, "三")]
    rows += [good(4, "一"), good(4, "二")]
    path = write(tmp_path / "a.csv", rows)
    cases, aside, read, repeated = take(path, batch_rows=batch_rows)
    assert (read, repeated) == (8, 1)
    assert sorted(cases.select("case_id", "description", "source_row").rows()) == [
        ("1", "三", 6),
        ("2", "占道", 2),
        ("3", "占道", 5),
        ("4", "二", 8),
    ]
    assert aside.select("_row", "_rule", "_value").rows() == [
        (1, "superseded", "1"),
        (3, "superseded", "1"),
        (7, "superseded", "4"),
    ]
    assert "6" in aside["_hint"][0]


def test_a_bad_later_row_supersedes_nothing(tmp_path):
    path = write(tmp_path / "a.csv", [good(1, "一"), good(1, 上报时间="soon")])
    cases, aside, *_ = take(path)
    assert cases["description"].to_list() == ["一"]
    assert aside["_rule"].to_list() == ["bad_time"]


def test_numbers_equal_after_cleaning_are_one_case(tmp_path):
    path = write(tmp_path / "a.csv", [good(" 12"), good("１２"), good("12")])
    cases, aside, _, repeated = take(path)
    assert cases["source_row"].to_list() == [3]
    assert (aside.height, repeated) == (2, 0)


def test_no_rows_and_no_fitting_profile(tmp_path):
    with pytest.raises(FileUnreadable, match="no rows"):
        take(write(tmp_path / "a.csv", []))
    with pytest.raises(MissingColumns, match="reported_at"):
        take(write(tmp_path / "b.csv", [["1", "x"]], ["案卷编号", "小类"]))


@pytest.mark.parametrize(
    ("lon", "lat", "said"),
    [
        ("29.58", "105.06", "look swapped"),
        ("116.40", "39.90", "belongs to this city"),
        ("435123.4", "3271234.5", "metres"),
    ],
)
def test_a_file_of_elsewhere_is_one_error(tmp_path, lon, lat, said):
    path = write(tmp_path / "a.csv", [good(n, 经度=lon, 纬度=lat) for n in range(12)])
    with pytest.raises(OutsideCity, match=said):
        take(path)
    cases, aside, *_ = take(write(path, [good(1, 经度=lon, 纬度=lat)]))
    assert (cases.height, aside.height) == (0, 1)


def test_a_shifted_file_of_a_small_city_is_told_its_datum(tmp_path):
    moved = wgs84_to_gcj02(Wgs84([105.06], [29.58]))
    at = {"经度": repr(float(moved.lon[0])), "纬度": repr(float(moved.lat[0]))}
    path = write(tmp_path / "a.csv", [good(n, **at) for n in range(12)])
    tight = Limits(bounds=(105.0599, 29.5799, 105.0601, 29.5801))
    with pytest.raises(OutsideCity, match="GCJ-02"):
        take(path, limits=tight)
    assert take(path, limits=tight, datum="gcj02")[0].height == 12


def test_a_file_without_one_readable_time_is_one_error(tmp_path):
    path = write(tmp_path / "a.csv", [good(n, 上报时间="soon") for n in range(12)])
    with pytest.raises(FileUnreadable, match=r"bad_time; e\.g\. row 1"):
        take(path)


def test_hostile_texts_survive(tmp_path, shared):
    hostile = shared / "data" / "hostile"
    texts = json.loads((hostile / "blns.json").read_text(encoding="utf-8"))
    for name in ("xss-payload-list.txt", "csv-injection-payload.txt"):
        texts += (hostile / name).read_text(encoding="utf-8").split("\n")
    path = write(tmp_path / "a.csv", [good(n, text) for n, text in enumerate(texts)])
    cases, aside, read, _ = take(path)
    assert (read, aside.height) == (len(texts), 0)
    wanted = [kept(text).strip()[:4_000] or None for text in texts]
    blank = load_profile("chinese").blanks
    wanted = [None if (each or "").lower() in blank else each for each in wanted]
    assert cases["description"].to_list() == wanted


def test_boston_2011(shared):
    path = shared / "data" / "boston" / "311_service_requests_2011.zip"
    boston = Limits(bounds=(-71.2, 42.2, -70.95, 42.42))
    cases, aside, read, repeated = take(path, limits=boston)
    assert (read, cases.height, aside.height, repeated) == (58_251, 58_251, 0, 0)
    assert set(cases["area_name"].drop_nulls()) == {str(number) for number in range(1, 23)}
    assert cases["area_name"].null_count() == 2_833 + 34
    assert cases["closed_at"].null_count() == cases.filter(pl.col("status_name") == "Open").height
    assert cases["channel"].null_count() == 0
    assert cases["reported_at"].min().isoformat() == "2011-07-01T05:32:33+00:00"


def test_boston_open311(shared):
    path = shared / "data" / "boston" / "boston_open311_2008_2016.csv.gz"
    boston = Limits(bounds=(-71.2, 42.2, -70.95, 42.42))
    cases, aside, read, repeated = take(path, limits=boston)
    assert (read, repeated) == (138_736, 0)
    assert cases.height + aside.height == read
    assert aside["_rule"].value_counts().sort("_rule").rows() == [
        ("closed_before_reported", 8),
        ("outside_city", 76),
    ]
    assert cases["description"].str.contains("\n").any()
    assert cases["reported_at"].min().isoformat() == "2008-10-06T15:25:57+00:00"


STARTS = [b"", b"PK\x03\x04", b"PAR1", b"\x1f\x8b", b"\xd0\xcf\x11\xe0", b"{", b"[", b"\xff\xfe"]


@given(
    start=st.sampled_from(STARTS),
    body=st.binary(max_size=300) | st.text('",;\t|\n\r\x00a1编=', max_size=80).map(str.encode),
    head=st.booleans(),
    suffix=st.sampled_from(["csv", "json", "xlsx", "parquet", "zip", "gz"]),
)
def test_any_bytes_give_cases_or_a_plain_message(tmp_path_factory, start, body, head, suffix):
    path = tmp_path_factory.mktemp("any") / f"a.{suffix}"
    path.write_bytes(start + (",".join(HEAD) + "\n").encode() * head + body)
    try:
        cases, aside, read, repeated = take(path)
    except GeodataError as error:
        assert str(error).endswith((".", "…"))  # noqa: PT017  both outcomes are right
    else:
        assert read == cases.height + aside.height + repeated
