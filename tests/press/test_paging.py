"""A bulletin never has more than four pages, and what is left out is counted."""

from dataclasses import replace

import pytest

from geodata.brief.compose import content_of
from geodata.findings import Source
from geodata.findings.summing_up.overview import overview
from geodata.press import press_bulletin
from geodata.press.paging import MOST_ROWS, cut_to, within_pages
from geodata.wording import Words
from tests.press import pdf, samples

LONG = "某某区城市管理和综合行政执法局直属机动大队夜间市容秩序管理中队第"


def rows_of(content):
    return [len(one.rows) for one in (*content.tables, content.targets, content.offices)]


def left_out_of(content):
    return [one.left_out for one in (*content.tables, content.targets, content.offices)]


def with_many(content, rows):
    """Every list as long: places, late cases, offices and special actions."""
    offices = samples.offices(rows, LONG)
    late = replace(samples.streets(rows, LONG), code="late_offices")
    actions = replace(samples.streets(rows, LONG), code="targets")
    return replace(
        content,
        tables=(samples.streets(rows, "街"), samples.oldest(), late),
        offices=offices,
        targets=actions,
    )


@pytest.mark.parametrize("room", [0, 7, 30, 31, 240, 10_000])
def test_as_many_rows_are_kept_as_fit_and_the_others_are_counted(content, room):
    whole = with_many(content, 60)

    def pages(shown):
        return -(-sum(rows_of(shown)) // max(room, 1))

    shown = within_pages(whole, 1, pages)
    before = [rows + out for rows, out in zip(rows_of(whole), left_out_of(whole), strict=True)]
    after = [rows + out for rows, out in zip(rows_of(shown), left_out_of(shown), strict=True)]
    assert after == before
    most = max(rows_of(shown))
    if room >= sum(rows_of(whole)):
        assert shown == whole
    elif room:
        assert pages(shown) == 1
        assert most == MOST_ROWS or pages(cut_to(whole, most + 1)) > 1
    else:
        assert most == 0


def test_of_the_offices_both_ends_are_kept_and_those_without_a_rank_go_first(content):
    whole = replace(content, offices=samples.offices(12, LONG)).offices
    ranked = [row for row in whole.rows if not row.muted]
    assert 3 < len(ranked) < len(whole.rows)
    five = cut_to(replace(content, offices=whole), 5).offices
    assert five.rows == (*ranked[:3], *ranked[-2:])
    assert (five.gap_at, five.left_out) == (3, len(whole.rows) - 5)
    all_ranked = cut_to(replace(content, offices=whole), len(ranked)).offices
    assert list(all_ranked.rows) == ranked


def test_long_texts_are_shortened_only_where_three_rows_do_not_fit(content):
    whole = with_many(content, 20)
    kept = within_pages(whole, 1, lambda shown: 1 if max(rows_of(shown)) <= 3 else 2)
    assert kept.targets.rows[0][1].text == whole.targets.rows[0][1].text
    narrow = within_pages(
        whole, 1, lambda shown: 1 + any(len(row.name) > 30 for row in shown.offices.rows)
    )
    assert max(rows_of(narrow)) == 0


@pytest.mark.parametrize("rows", [40, 400])
def test_long_lists_end_with_how_many_the_workbook_has_more(content, small_city, faces, rows):
    printed = pdf.pages(press_bulletin(with_many(content, rows), small_city, typefaces=faces))
    assert len(printed) == 4
    told = "".join(printed)
    shown = told.count("直属机动大队")
    assert "项见工作簿" in told
    assert shown < 3 * rows
    assert samples.HEADING.title in printed[0]
    assert "口径" in printed[-1]


def test_names_without_end_in_every_list_still_make_four_pages(content, small_city, faces):
    endless = with_many(content, 40)
    name = "某" * 3_000
    lists = tuple(
        replace(one, rows=tuple(replace(row, name=name, detail=name) for row in one.rows))
        for one in endless.lists
    )
    tables = tuple(
        replace(
            one,
            rows=tuple(tuple(replace(cell, text=name) for cell in row) for row in one.rows),
        )
        for one in endless.tables
    )
    offices = replace(
        endless.offices, rows=tuple(replace(row, name=name) for row in endless.offices.rows)
    )
    worst = replace(
        endless, sentences=(name,) * 4, lists=lists, tables=tables, offices=offices,
        targets=tables[-1],
    )  # fmt: skip
    printed = pdf.pages(press_bulletin(worst, small_city, typefaces=faces))
    assert len(printed) <= 4
    assert "口径" in printed[-1]


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("period", ["2026-W46", "2026-Q4", "phase:tackle"])
def test_the_made_up_city_has_four_pages_at_most(small_city, faces, language, period):
    say = Words(language)
    content = content_of(overview(Source.of(small_city.folder), period, None, say), say)
    assert 2 <= len(pdf.pages(press_bulletin(content, small_city, typefaces=faces))) <= 4
