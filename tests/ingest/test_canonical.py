"""A batch of texts becomes cases in the canonical columns, or is set aside with the reason."""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl
import pytest

from geodata.domain.case import CASE_SCHEMA
from geodata.ingest.canonical import canonical
from geodata.ingest.names import NameMaps
from geodata.ingest.profile import load_profile
from geodata.ingest.raw import RawBatch
from geodata.ingest.set_aside import OWN, hints
from geodata.ingest.validate import Limits, rules_for
from geodata.spatial.coordinates import Wgs84, wgs84_to_bd09, wgs84_to_gcj02

CITY = (105.0, 29.5, 105.2, 29.7)
GOOD = {
    "案卷编号": "A1",
    "上报时间": "2026-09-01 08:00:00",
    "小类": "占道经营",
    "经度": "105.06",
    "纬度": "29.58",
}
NAMES = NameMaps(
    categories={"占道经营": "street_stall"},
    offices={"区环卫中心": "sanitation", "锦绣社区": "jinxiu"},
    channels={"巡查": "patrol"},
)


def take(*rows, profile="chinese", zone="Asia/Shanghai", first_row=1, datum=None, **limits):
    frame = pl.DataFrame(
        [dict.fromkeys(name for row in rows for name in row) | row for row in rows],
        schema=dict.fromkeys((name for row in rows for name in row), pl.String),
    )
    batch = RawBatch(frame=frame, first_row=first_row, source="九月.csv")
    limits = {"bounds": CITY, "language": "en"} | limits
    return canonical(
        batch, load_profile(profile), NAMES, zone, limits=Limits(**limits), datum=datum
    )


def test_one_full_case():
    cases, aside = take(
        GOOD
        | {
            "大类": "街面秩序",
            "责任部门": "区环卫中心",
            "配合单位": "锦绣社区；新社区、",
            "问题来源": "巡查",
            "案卷状态": "已结案",
            "路段名称": "嘉南路58号门前",
            "地址": " 嘉南路58号门前 ",
            "所在社区": "",
            "所在街道": "西园街道",
            "问题描述": "<b>占道</b>\x00\u202e\r\n第二行",
            "结案时间": "2026/9/2 8:00",
            "处置期限": "2026年9月3日",
            "返工次数": "２",
            "违建面积(㎡)": "1,200.5平方米",
        },
        first_row=41,
    )
    assert aside.is_empty()
    assert cases.schema == CASE_SCHEMA
    case = cases.row(0, named=True)
    assert case == dict.fromkeys(CASE_SCHEMA) | {
        "case_id": "A1",
        "category_name": "占道经营",
        "category": "street_stall",
        "office_name": "区环卫中心",
        "office": "sanitation",
        "assisting": ["jinxiu", "新社区"],
        "channel_name": "巡查",
        "channel": "patrol",
        "status_name": "已结案",
        "street_name": "嘉南路",
        "address": "嘉南路58号门前",
        "area_name": "西园街道",
        "description": "<b>占道</b>\n第二行",
        "reported_at": datetime(2026, 9, 1, 0, tzinfo=UTC),
        "closed_at": datetime(2026, 9, 2, 0, tzinfo=UTC),
        "due_at": datetime(2026, 9, 2, 16, tzinfo=UTC),
        "returns": 2,
        "area_m2": 1200.5,
        "lon": 105.06,
        "lat": 29.58,
        "source_file": "九月.csv",
        "source_row": 41,
    }


def test_unmapped_names_keep_their_name():
    cases, _ = take(GOOD | {"小类": "新问题", "责任部门": "新部门", "问题来源": "新来源"})
    case = cases.row(0, named=True)
    assert (case["category_name"], case["office_name"], case["channel_name"]) == (
        "新问题",
        "新部门",
        "新来源",
    )
    assert (case["category"], case["office"], case["channel"]) == (None, None, None)


def test_blank_names_and_small_type_over_large():
    cases, _ = take(
        GOOD | {"大类": "市容", "小类": " "}, GOOD | {"案卷编号": "A2", "大类": "市容", "小类": "-"}
    )
    assert cases["category_name"].to_list() == ["市容", "市容"]
    assert cases["office_name"].to_list() == [None, None]


@pytest.mark.parametrize(
    ("change", "rule", "column"),
    [
        ({"案卷编号": " "}, "missing_id", "案卷编号"),
        ({"案卷编号": "9" * 201}, "long_id", "案卷编号"),
        ({"上报时间": "无"}, "missing_time", "上报时间"),
        ({"上报时间": "昨天"}, "bad_time", "上报时间"),
        ({"上报时间": "1989-12-31 08:00:00"}, "too_old", "上报时间"),
        ({"上报时间": "2026-12-02 08:00:00"}, "in_future", "上报时间"),
        ({"结案时间": "32/13/2026"}, "bad_time", "结案时间"),
        ({"结案时间": "2026-08-31 08:00:00"}, "closed_before_reported", "结案时间"),
        ({"经度": None}, "missing_coordinates", "经度, 纬度"),
        ({"纬度": "北"}, "bad_coordinates", "经度, 纬度"),
        ({"经度": "inf"}, "bad_coordinates", "经度, 纬度"),
        ({"经度": "0", "纬度": "0.000"}, "zero_coordinates", "经度, 纬度"),
        ({"经度": "29.58", "纬度": "105.06"}, "swapped_coordinates", "经度, 纬度"),
        ({"经度": "435123.4", "纬度": "3271234.5"}, "out_of_range", "经度, 纬度"),
        ({"经度": "104.06"}, "outside_city", "经度, 纬度"),
        ({"返工次数": "两次"}, "bad_number", "返工次数"),
        ({"违建面积": "-3"}, "bad_number", "违建面积"),
    ],
)
def test_each_rule(change, rule, column):
    row = GOOD | change
    cases, aside = take(
        GOOD | {"案卷编号": "A0"} | dict.fromkeys(change.keys() - GOOD.keys()),
        row,
        latest=datetime(2026, 12, 1, tzinfo=UTC),
    )
    assert cases["case_id"].to_list() == ["A0"]
    (told,) = aside.to_dicts()
    assert (told["_row"], told["_rule"], told["_column"]) == (2, rule, column)
    assert {name: told[name] for name in row} == row
    assert told["_hint"].startswith((column, "The row"))
    for value in filter(None, change.values()):
        assert value.strip()[:60] in told["_value"] or rule.startswith("missing")


def test_all_defects_of_a_row_in_one_line():
    _, aside = take(GOOD | {"案卷编号": "", "上报时间": "x", "经度": "0", "纬度": "0"})
    (told,) = aside.to_dicts()
    assert told["_rule"] == "missing_id | bad_time | zero_coordinates"
    assert told["_value"] == " | x | 0, 0"
    assert told["_hint"].count(" | ") == 2


def test_degrees_without_bounds():
    cases, aside = take(
        GOOD, GOOD | {"经度": "29.58", "纬度": "105.06"}, GOOD | {"纬度": "-95"}, bounds=None
    )
    assert cases.height == 1
    assert aside["_rule"].to_list() == ["swapped_coordinates", "out_of_range"]


def test_rules_and_hints_name_each_other():
    codes = {rule.code for rule in rules_for(Limits())} | {"superseded"}
    assert codes == hints("zh").keys() == hints("en").keys()


@pytest.mark.parametrize(("datum", "there"), [("gcj02", wgs84_to_gcj02), ("bd09", wgs84_to_bd09)])
def test_shifted_coordinates_come_back(datum, there):
    moved = there(Wgs84([105.06], [29.58]))
    row = GOOD | {"经度": repr(float(moved.lon[0])), "纬度": repr(float(moved.lat[0]))}
    cases, aside = take(row, GOOD | {"案卷编号": "A2", "经度": None}, datum=datum)
    assert cases["lon"].item() == pytest.approx(105.06, abs=1e-7)
    assert cases["lat"].item() == pytest.approx(29.58, abs=1e-7)
    assert aside["_rule"].to_list() == ["missing_coordinates"]


def test_both_coordinates_in_one_cell():
    row = {name: text for name, text in GOOD.items() if name not in {"经度", "纬度"}}
    cases, aside = take(row | {"坐标": "105.06，29.58"}, row | {"坐标": "不详"})
    assert cases.select("lon", "lat").rows() == [(105.06, 29.58)]
    assert aside["_rule"].to_list() == ["bad_coordinates"]


def test_open311_closes_at_the_last_update():
    request = {
        "service_request_id": "1",
        "service_name": "Graffiti",
        "requested_datetime": "2016-07-01T10:00:00-04:00",
        "updated_datetime": "2016-07-02T10:00:00-04:00",
        "lat": "29.58",
        "long": "105.06",
    }
    cases, _ = take(
        request | {"status": "Closed"}, request | {"status": "open"}, profile="open311", zone="UTC"
    )
    assert cases["closed_at"].to_list() == [datetime(2016, 7, 2, 14, tzinfo=UTC), None]
    _, aside = take(
        request | {"status": "closed", "updated_datetime": "2016-06-30T10:00:00-04:00"},
        profile="open311",
    )
    assert aside["_column"].item() == "updated_datetime"


def test_surplus_cells_set_the_row_aside():
    frame = pl.DataFrame([GOOD | {"_extra": "多"}, GOOD | {"_extra": None}])
    batch = RawBatch(frame=frame, first_row=1, source="a.csv")
    cases, aside = canonical(batch, load_profile("chinese"), NAMES, "Asia/Shanghai")
    assert cases["source_row"].to_list() == [2]
    assert aside.select("_rule", "_value").rows() == [("too_many_cells", "多")]
    assert aside.columns == [*OWN, *GOOD]


def test_no_rows():
    cases, aside = take(dict.fromkeys(GOOD))
    assert cases.schema == CASE_SCHEMA
    assert (cases.height, aside.height) == (0, 0)
    assert aside.columns == [*OWN, *GOOD]
