from __future__ import annotations

import io

import openpyxl
import polars as pl
import pytest

from geodata.brief.poster_phones import NotAuthorised, authorised, numbers_in, phone_register
from geodata.brief.poster_sheet import register_workbook
from geodata.city import load_city
from geodata.findings import Source
from geodata.store.lake import Lake
from geodata.wording import Words

ACCESS = '\n[access]\npeople = [{ name = "王队", role = "enforcement" }, { name = "李局" }]\n'


@pytest.mark.parametrize(
    ("text", "numbers", "callers"),
    [
        ("电杆上贴疏通管道13812345678", ["13812345678"], 0),
        ("墙面喷涂办证 138-1234-5678，又见 138 1234 5678", ["13812345678"], 0),
        ("全角１３８１２３４５６７８", ["13812345678"], 0),
        ("一三八一二三四五六七八", ["13812345678"], 0),
        ("贷款400-123-4567、028-8512 3456", ["4001234567", "02885123456"], 0),
        ("市民来电13900001111反映，电线杆上13812345678", ["13812345678"], 1),
        ("联系人：13900001111", [], 1),
        ("门牌138号，案卷20261119001820001", [], 0),
        ("车牌川A12345，身份证511002199001011234", [], 0),
        ("", [], 0),
    ],
)
def test_numbers_are_read_as_people_write_them(text, numbers, callers):
    assert numbers_in(text) == (numbers, callers)


@pytest.fixture
def posted(city):
    """Poster cases of the copy, some of them with a number."""
    lake = Lake(city.lake)
    posters = lake.scan().filter(pl.col("category") == "posters").collect()
    assert len(posters) > 12
    texts = ["电杆上贴疏通管道13812345678"] * 9 + ["公交站牌贷款 15900001111"] * 3
    changed = posters.head(12).with_columns(description=pl.Series(texts))
    lake.upsert(changed, source="posters.csv")
    return Source.of(city.folder)


def test_the_register_counts_numbers_and_places(posted):
    register = phone_register(posted)
    assert register.table["phone"].to_list() == ["13812345678", "15900001111"]
    assert register.table["cases"].to_list() == [9, 3]
    assert register.cases - register.without == 12
    assert register.table["places"].str.len_chars().min() > 0


def test_the_sheet_names_for_whom_it_is_and_keeps_numbers_as_text(posted):
    (posted.city.folder / "city.toml").open("a", encoding="utf-8").write(ACCESS)
    viewer = authorised(load_city(posted.city.folder), "王队")
    body = register_workbook(posted, phone_register(posted), viewer, Words("zh"))
    sheet = openpyxl.load_workbook(io.BytesIO(body)).active
    values = [cell.value for row in sheet for cell in row]
    assert "13812345678" in values
    assert any("王队" in str(value) for value in values)
    assert body == register_workbook(posted, phone_register(posted), viewer, Words("zh"))


def test_only_the_role_may_have_it(city):
    with pytest.raises(NotAuthorised, match="Nobody"):
        authorised(city, None)
    (city.folder / "city.toml").open("a", encoding="utf-8").write(ACCESS)
    named = load_city(city.folder)
    assert authorised(named, None).name == "王队"
    with pytest.raises(NotAuthorised, match="李局"):
        authorised(named, "李局")


def test_no_poster_case_no_number(source):
    register = phone_register(source)
    assert register.table.is_empty()
    assert register.without == register.cases
