"""Profiles: shipped ones load and fit, broken ones say everything at once."""

from __future__ import annotations

import pytest

from geodata.errors import MissingColumns, ProfileBroken
from geodata.ingest.headings import match, missing, require
from geodata.ingest.profile import SHIPPED, detect_profile, load_profile, shipped_profiles


def test_shipped_profiles_load():
    assert [profile.name for profile in shipped_profiles()] == ["boston311", "chinese", "open311"]
    assert {path.stem for path in SHIPPED.glob("*.toml")} == {p.name for p in shipped_profiles()}


@pytest.mark.parametrize(
    ("headings", "name"),
    [
        ("case_enquiry_id,open_dt,closed_dt,type,latitude,longitude", "boston311"),
        ("service_request_id,status,service_name,requested_datetime,lat,long", "open311"),
        ("工单编号,受理时间,问题类型,X坐标,Y坐标", "chinese"),
        ("案卷编号,上报时间,小类,经度（度）,纬度（度）", "chinese"),
        ("任务号,登记时间,大类,坐标", "chinese"),
        ("案卷编号,上报时间,大类", None),
        ("a,b,c", None),
    ],
)
def test_detection(headings, name):
    found = detect_profile(headings.split(","))
    assert (found.name if found else None) == name


def test_headings_ignore_width_case_blanks_and_units():
    found = match(["案卷 编号", "违建面积(㎡)", "ＬＮＧ", "_row", "Lat"], load_profile("chinese"))
    assert found["case_id"] == ("案卷 编号",)
    assert found["area_m2"] == ("违建面积(㎡)",)
    assert (found["lon"], found["lat"]) == (("ＬＮＧ",), ("Lat",))


def test_small_type_over_large_type_is_filled_row_by_row():
    found = match(["大类", "小类"], load_profile("chinese"))
    assert found["category_name"] == ("小类", "大类")


def test_absent_columns_are_all_named_with_the_nearest():
    headings = ["案卷编码", "上报日", "经度"]
    assert missing(headings, load_profile("chinese")) == [
        "case_id",
        "reported_at",
        "category_name",
        "lat",
    ]
    with pytest.raises(MissingColumns) as caught:
        require(headings, load_profile("chinese"), "九月.csv")
    said = str(caught.value)
    assert "九月.csv: 4 required" in said
    assert "nearest found: 案卷编码" in said
    assert "Headings found: 案卷编码, 上报日, 经度." in said


def test_unknown_profile_lists_the_shipped():
    with pytest.raises(ProfileBroken, match="boston311, chinese, open311"):
        load_profile("atlantis")


def test_every_defect_of_a_profile_at_once(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        """
        required = ["colour"]
        datum = "mars"
        extra = 1
        [columns]
        shoe_size = ["a"]
        lon = []
        [columns.area_name]
        headings = ["ward"]
        pick = "best"
        replace = [["(", "x"]]
        [times]
        timezone = "Asia/Atlantis"
        [streets]
        patterns = ["^a"]
        """
    )
    with pytest.raises(ProfileBroken) as caught:
        load_profile(path)
    for word in (
        "extra",
        "name is missing",
        "shoe_size",
        "[columns.lon]",
        "'best'",
        "'('",
        "colour",
        "mars",
        "Asia/Atlantis",
        "?P<street>",
    ):
        assert word in str(caught.value)


def test_a_profile_that_is_no_toml(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text("name = ")
    with pytest.raises(ProfileBroken, match="Correct that line"):
        load_profile(path)
