"""Cleaning texts and reading numbers, degrees and streets."""

from __future__ import annotations

import unicodedata

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.ingest import parse
from geodata.ingest.names import codes
from geodata.ingest.normalise import capped, narrow, tidy
from geodata.ingest.profile import load_profile


def texts(*values):
    return pl.Series(values, dtype=pl.String)


@given(st.lists(st.none() | st.text(max_size=30), max_size=8))
def test_tidy_keeps_every_other_character(values):
    for before, after in zip(values, tidy(texts(*values)), strict=True):
        if after is None:
            assert not before or not kept(before).strip()
        else:
            assert after == kept(before).strip()


def kept(text):
    """Say by Unicode category what may stay."""
    text = text.replace("\r\n", "\n").replace("\t", " ")
    direction = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c"
    return "".join(
        c for c in text if c == "\n" or (unicodedata.category(c) != "Cc" and c not in direction)
    )


def test_tidy_in_one_picture():
    assert tidy(
        texts(" a\tb\x00\r\nc\u202e ", "-", "N/A", " \t", "　无　"), {"-", "n/a", "无"}
    ).to_list() == [
        "a b\nc",
        None,
        None,
        None,
        None,
    ]


def test_full_width_becomes_narrow():
    assert narrow(texts("ＡＢ１２－３．４：５　６", "中文，")).to_list() == [
        "AB12-3.4:5 6",
        "中文,",
    ]


def test_long_texts_are_cut():
    long = texts("字" * 5_000)
    assert capped(long, "description").str.len_chars().item() == 4_000
    assert capped(long, "address").str.len_chars().item() == 500
    assert capped(long, "office_name").str.len_chars().item() == 200


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_numbers_round_trip(value):
    assert parse.numbers(texts(repr(value))).item() == value


def test_numbers_people_write():
    assert parse.numbers(
        texts("1,234.5", "１２", "12,34", "inf", "nan", "", "x", None)
    ).to_list() == [
        1234.5,
        12.0,
        *[None] * 6,
    ]


def test_degrees_people_write():
    assert parse.degrees(
        texts("104.06", "104.06°", "E104.06", "104.06 E", "东经104.06度", "１０４．０６", "104°3'")
    ).to_list() == [*[104.06] * 6, None]


@pytest.mark.parametrize(
    "text", ["104.06,30.63", "104.06, 30.63", "(104.06，30.63)", "104.06 30.63", "[104.06;30.63]"]
)
def test_both_coordinates_in_one_cell(text):
    lon, lat = parse.pairs(texts(text))
    assert (lon.item(), lat.item()) == ("104.06", "30.63")


@pytest.mark.parametrize(
    ("profile", "address", "street", "cross"),
    [
        ("boston311", "12-14 Main St", "Main St", None),
        ("boston311", "232-236A Columbia Rd", "Columbia Rd", None),
        ("boston311", "2 -4 Boylston Sq", "Boylston Sq", None),
        ("boston311", "38hf P St", "P St", None),
        ("boston311", "25 H St", "H St", None),
        ("boston311", "858 E Second St", "E Second St", None),
        ("boston311", "80 Fenway", "Fenway", None),
        ("boston311", "Fenway", "Fenway", None),
        ("boston311", "INTERSECTION Corey St & VFW Pkwy", "Corey St", "VFW Pkwy"),
        ("open311", "25 Sheridan St, Jamaica Plain", "Sheridan St", None),
        ("open311", "120 124 Boylston St, Boston", "Boylston St", None),
        ("open311", "344–354 Main St, Boston", "Main St", None),
        ("open311", "615 615a Tremont St, Roxbury", "Tremont St", None),
        ("open311", "North Square", "North Square", None),
        ("open311", "Intersection Of Fenway & Louis Prang St, Boston", "Fenway", "Louis Prang St"),
        ("open311", "Intersection of Lee St and Hay St, Boston", "Lee St", "Hay St"),
        ("chinese", "嘉南路", "嘉南路", None),
        ("chinese", "嘉南路58号门前", "嘉南路", None),
        ("chinese", "汉安大道东段 12 号", "汉安大道东段", None),
        ("chinese", "嘉南路与紫府路交叉口", "嘉南路", "紫府路"),
    ],
)
def test_streets_of_addresses(profile, address, street, cross):
    patterns = load_profile(profile).street_patterns
    assert parse.streets(texts(address), patterns).item() == street
    assert parse.cross_streets(texts(address), patterns).item() == cross


def test_codes_ignore_width_case_and_blanks():
    found = codes(texts("占道 经营", "ＩＳＤ", "isd", "新类", None), {"占道经营": "a", "ISD": "b"})
    assert found.to_list() == ["a", "b", "b", None, None]
