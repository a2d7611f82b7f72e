"""Any file of reports becomes the same table of texts, whatever its wrapping."""

from __future__ import annotations

import contextlib
import gzip
import json
import zipfile
from datetime import datetime

import openpyxl
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from geodata.errors import FileUnreadable, GeodataError, UnreadableEncoding, WrongSheet
from geodata.ingest.encodings import utf8_text
from geodata.ingest.files import open_table, read_batches
from geodata.ingest.raw import EXTRA

TABLE = "案卷编号,上报时间,问题描述,经度,纬度\nA1,2026-09-01 08:00:00,占道,104.1,30.6\n"
ROW = ("A1", "2026-09-01 08:00:00", "占道", "104.1", "30.6")


def rows_of(path, **options):
    frames = [batch.frame for batch in read_batches(path, **options)]
    return pl.concat(frames).drop(EXTRA).rows() if frames else []


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16", "utf-16-le-bom", "utf-16-be-bom"]
)
def test_every_encoding_reads_the_same(tmp_path, encoding):
    path = tmp_path / "cases.csv"
    if encoding.endswith("-bom"):
        path.write_bytes(("\ufeff" + TABLE).encode(encoding.removesuffix("-bom")))
    else:
        path.write_bytes(TABLE.encode(encoding))
    with open_table(path) as table:
        assert table.headings == ("案卷编号", "上报时间", "问题描述", "经度", "纬度")
    assert rows_of(path) == [ROW]


def test_gb18030_bytes_far_into_the_file_are_noticed(tmp_path):
    path = tmp_path / "late.csv"
    text = "a,b\n" + "1,plain ascii\n" * 700_000 + "2,占道\n"
    path.write_bytes(text.encode("gb18030"))
    with utf8_text(path) as copy:
        assert copy.read_text(encoding="utf-8") == text


def test_neither_encoding_names_the_line(tmp_path):
    path = tmp_path / "broken.csv"
    path.write_bytes(b"a,b\n1,2\n3,\xff\xff\n")
    with pytest.raises(UnreadableEncoding, match="line 3"):
        rows_of(path)


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_utf8_is_never_taken_for_gb18030(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("utf8") / "a.csv"
    path.write_bytes(f"标题\n{text}".encode())
    with utf8_text(path) as same:
        assert same == path


@given(text=st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=200))
def test_whatever_is_read_as_gb18030_is_right(tmp_path_factory, text):
    path = tmp_path_factory.mktemp("gb") / "a.csv"
    raw = f"占道\n{text}".encode("gb18030")
    path.write_bytes(raw)
    with utf8_text(path) as copy:
        assert copy.read_bytes() == f"占道\n{text}".encode()


def test_utf16_without_its_mark_is_refused(tmp_path):
    path = tmp_path / "a.csv"
    path.write_bytes("id,time\n1,2\n".encode("utf-16-le"))
    with pytest.raises(FileUnreadable, match="binary bytes"):
        rows_of(path)


@pytest.mark.parametrize("start", ["<html><table>", "<!DOCTYPE html>", '<?xml version="1.0"?>'])
def test_a_web_page_under_another_name(tmp_path, start):
    path = tmp_path / "导出.xls"
    path.write_text(start)
    with pytest.raises(FileUnreadable, match="save it as XLSX"):
        rows_of(path)


def test_a_heading_of_two_lines(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('"说明\n一"\n"案卷\n编号",上报时间\nA1,2026-09-01\n')
    with open_table(path) as table:
        assert table.headings == ("案卷\n编号", "上报时间")
    assert rows_of(path) == [("A1", "2026-09-01")]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_and_line_ends(tmp_path, separator, end):
    path = tmp_path / "cases.csv"
    path.write_bytes(TABLE.replace(",", separator).replace("\n", end).encode())
    assert rows_of(path) == [ROW]


def test_zipped_and_gzipped(tmp_path):
    zipped, gzipped = tmp_path / "a.zip", tmp_path / "a.csv.gz"
    with zipfile.ZipFile(zipped, "w") as archive:
        archive.writestr("folder/", "")
        archive.writestr("__MACOSX/._cases.csv", "junk")
        archive.writestr("folder/cases.csv", TABLE.encode("gbk"))
    gzipped.write_bytes(gzip.compress(TABLE.encode()))
    assert rows_of(zipped) == rows_of(gzipped) == [ROW]


def test_zip_of_two_names_both(tmp_path):
    path = tmp_path / "two.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.csv", TABLE)
        archive.writestr("b.csv", TABLE)
    with pytest.raises(FileUnreadable, match=r"2 files \(a.csv, b.csv\)"):
        rows_of(path)


@pytest.mark.parametrize(
    "content",
    [b"PK\x03\x04 no archive at all", b"\x1f\x8b\x08 cut", gzip.compress(TABLE.encode())[:-9]],
)
def test_damaged_archives(tmp_path, content):
    path = tmp_path / "damaged.zip"
    path.write_bytes(content)
    with pytest.raises(FileUnreadable, match="Export it again"):
        rows_of(path)


def test_an_archive_that_grows_without_end_is_refused(tmp_path, monkeypatch):
    path = tmp_path / "bomb.csv.gz"
    path.write_bytes(gzip.compress(b"0" * 5_000_000))
    monkeypatch.setattr("geodata.ingest.encodings.MAX_UNPACKED_BYTES", 1_000_000)
    with pytest.raises(FileUnreadable, match="Split it"):
        rows_of(path)


def test_missing_empty_and_blank_files(tmp_path):
    with pytest.raises(FileUnreadable, match="cannot be read"):
        rows_of(tmp_path / "nowhere.csv")
    with pytest.raises(FileUnreadable, match="cannot be read"):
        rows_of(tmp_path)
    for content, said in (
        (b"", "is empty"),
        (b" \n \n", "is empty"),
        (b"\xef\xbb\xbf", "is empty"),
    ):
        path = tmp_path / "void.csv"
        path.write_bytes(content)
        with pytest.raises(FileUnreadable, match=said):
            rows_of(path)


def test_rows_keep_their_numbers_over_batches(tmp_path):
    path = tmp_path / "long.csv"
    path.write_text("案卷编号,问题描述\n" + "".join(f"{n},x\n\n" for n in range(1, 501)))
    numbers = {}
    for batch in read_batches(path, batch_rows=64):
        ids = batch.frame["案卷编号"].to_list()
        numbers |= {case: batch.first_row + n for n, case in enumerate(ids) if case}
    assert numbers == {str(n): 2 * n - 1 for n in range(1, 501)}


def test_title_rows_above_the_headings(tmp_path):
    path = tmp_path / "titled.csv"
    path.write_text("城市管理案卷\n\n制表,2026年9月\n" + TABLE)
    assert rows_of(path) == [ROW]


def test_surplus_cells_are_kept_apart_and_short_rows_filled(tmp_path):
    path = tmp_path / "ragged.csv"
    path.write_text("a,b,c\n1,2,3,4,5\n1\n1,2,3,\n")
    frame = pl.concat(batch.frame for batch in read_batches(path))
    assert frame[EXTRA].to_list() == ["4", None, None]
    assert frame.drop(EXTRA).rows()[1] == ("1", None, None)


def test_line_breaks_inside_cells_stay_as_they_are(tmp_path):
    path = tmp_path / "breaks.csv"
    path.write_bytes(b'a,b\r\n1,"x\r\ny"\r\n2,"x\ny"\r\n')
    assert rows_of(path) == [("1", "x\r\ny"), ("2", "x\ny")]


def test_stray_quotes_are_text(tmp_path):
    path = tmp_path / "stray.csv"
    path.write_text('a,b\n1,5" pipe\n2,"x" y\n3,"z"\n')
    assert [row[0] for row in rows_of(path)] == ["1", "2", "3"]
    assert rows_of(path)[0][1] == '5" pipe'


def test_a_quote_never_closed_is_told_with_its_line(tmp_path):
    path = tmp_path / "open.csv"
    path.write_text('a,b\n1,x\n2,"y\n3,z\n')
    with pytest.raises(FileUnreadable, match="line 3 is never closed"):
        rows_of(path)


@pytest.mark.parametrize("name", ["a (2)", "column 3"])
def test_headings_are_unique(tmp_path, name):
    path = tmp_path / "twice.csv"
    path.write_text("a,a,\n1,2,3\n")
    with open_table(path) as table:
        assert table.headings == ("a", "a (2)", "column 3")
    assert name in table.headings


def test_csv_spectrum_reads_right(shared):
    folder = shared / "data" / "hostile" / "csv-spectrum"
    names = sorted(path.stem for path in (folder / "csvs").glob("*.csv"))
    assert len(names) == 11
    for name in names:
        wanted = json.loads((folder / "json" / f"{name}.json").read_text(encoding="utf-8"))
        if b"\r" not in (folder / "csvs" / f"{name}.csv").read_bytes():  # lost on the way here
            wanted = json.loads(json.dumps(wanted).replace("\\r\\n", "\\n"))
        frame = pl.concat(b.frame for b in read_batches(folder / "csvs" / f"{name}.csv"))
        assert frame.drop(EXTRA).fill_null("").to_dicts() == wanted, name


def workbook(path, sheets, merges=()):
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(row)
        for area in merges:
            sheet.merge_cells(area)
    book.save(path)
    return path


HEAD = ["案卷编号", "上报时间", "小类", "经度", "纬度"]


def test_workbook_picks_the_sheet_with_known_headings(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "说明": [["请勿修改"]],
            "空表": [],
            "九月": [["城管案卷"], HEAD, ["A1", 46266.5, "占道经营", 104.1, 30.6]],
        },
        merges=["A1:E1"],
    )
    assert rows_of(path) == [("A1", "46266.5", "占道经营", "104.1", "30.6")]
    assert rows_of(path, sheet="九月") == rows_of(path)


def test_wrong_sheet_lists_the_sheets(tmp_path):
    path = workbook(tmp_path / "a.xlsx", {"九月": [HEAD], "十月": [HEAD]})
    with pytest.raises(WrongSheet, match="'九月', '十月'"):
        rows_of(path, sheet="八月")


def test_dates_and_numbers_of_a_workbook(tmp_path):
    at = datetime(2026, 9, 1, 8)  # noqa: DTZ001  a spreadsheet knows no zone
    path = workbook(tmp_path / "a.xlsx", {"一": [HEAD, [20261122001, at, "=1+1", 104.1, 3e-7]]})
    assert rows_of(path) == [("20261122001", "2026-09-01 08:00:00", None, "104.1", "0.0000003")]


def test_merges_belong_to_their_own_sheet(tmp_path):
    path = tmp_path / "a.xlsx"
    rows = [HEAD, *([f"A{n}", None, None if n else "占道", 104.1, 30.6] for n in range(3))]
    workbook(path, {"一": rows, "二": rows})
    book = openpyxl.load_workbook(path)
    book["二"].merge_cells("C2:C4")
    book.save(path)
    assert [row[2] for row in rows_of(path, sheet="一")] == ["占道", None, None]
    assert [row[2] for row in rows_of(path, sheet="二")] == ["占道"] * 3


def test_vertical_merges_are_filled(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {"一": [HEAD, *([f"A{n}", "2026-09-01", "占道经营", 104.1, 30.6] for n in range(3))]},
        merges=["C2:C4"],
    )
    assert [row[2] for row in rows_of(path)] == ["占道经营"] * 3


def test_protected_or_damaged_workbook(tmp_path):
    path = tmp_path / "a.xls"
    path.write_bytes(b"\xd0\xcf\x11\xe0" + b"\0" * 600)
    with pytest.raises(FileUnreadable, match="workbook"):
        rows_of(path)


def test_geojson_points(tmp_path):
    path = tmp_path / "a.geojson"
    features = [
        {
            "type": "Feature",
            "id": 7,
            "geometry": {"type": "Point", "coordinates": [104.1, 30.6]},
            "properties": {"案卷编号": "A1", "嵌套": {"a": [1]}},
        },
        {"type": "Feature", "geometry": None, "properties": {"案卷编号": "A2"}},
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": features}))
    frame = pl.concat(batch.frame for batch in read_batches(path)).drop(EXTRA)
    assert frame.row(0, named=True) == {
        "id": "7",
        "案卷编号": "A1",
        "嵌套": '{"a": [1]}',
        "geometry.lon": "104.1",
        "geometry.lat": "30.6",
    }
    assert frame["geometry.lon"].to_list() == ["104.1", None]


@pytest.mark.parametrize("content", ['{"a": 1}', "[1, 2]", '{"type": "Feature', "[]", "[" * 99_999])
def test_json_that_is_no_list_of_cases(tmp_path, content):
    path = tmp_path / "a.json"
    path.write_text(content)
    with pytest.raises(FileUnreadable):
        rows_of(path)


def test_georeport_json(tmp_path):
    path = tmp_path / "requests.json"
    request = {"service_request_id": "1", "lat": 42.3, "long": -71.1, "media_url": None}
    for content in ([request], {"service_requests": [request]}):
        path.write_text(json.dumps(content))
        frame = pl.concat(batch.frame for batch in read_batches(path)).drop(EXTRA)
        assert frame.rows() == [("1", "42.3", "-71.1", None)]


def test_geoparquet_points(tmp_path):
    import geopandas  # noqa: PLC0415  slow to import
    from shapely import Point  # noqa: PLC0415

    path = tmp_path / "a.parquet"
    points = geopandas.GeoDataFrame(
        {"案卷编号": ["A1", "A2"]}, geometry=[Point(104.1, 30.6), None], crs=4326
    )
    points.to_parquet(path)
    frame = pl.concat(batch.frame for batch in read_batches(path)).drop(EXTRA)
    assert frame.rows() == [("A1", "104.1", "30.6"), ("A2", None, None)]
    points.to_crs(3857).to_parquet(path)
    with pytest.raises(FileUnreadable, match="EPSG:3857"):
        rows_of(path)


def test_parquet_instants_keep_their_offset(tmp_path):
    path = tmp_path / "a.parquet"
    at = pl.Series("上报时间", ["2026-09-01 08:00:00"]).str.to_datetime()
    pl.DataFrame([at, at.dt.replace_time_zone("Asia/Shanghai").alias("立案时间")]).write_parquet(
        path
    )
    assert rows_of(path) == [("2026-09-01T08:00:00.000000", "2026-09-01T08:00:00.000000+08:00")]


@settings(max_examples=60)
@given(st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=5))
def test_damaged_workbooks_and_parquet_never_escape_as_tracebacks(tmp_path_factory, hits):
    folder = tmp_path_factory.mktemp("damaged")
    workbook(folder / "a.xlsx", {"一": [HEAD, ["A1", None, "占道", 104.1, 30.6]]})
    pl.DataFrame({name: ["1"] for name in HEAD}).write_parquet(folder / "a.parquet")
    for path in (folder / "a.xlsx", folder / "a.parquet"):
        raw = bytearray(path.read_bytes())
        for place, value in hits:
            raw[int(place * len(raw))] = value
        path.write_bytes(raw)
        with contextlib.suppress(GeodataError):
            rows_of(path)
