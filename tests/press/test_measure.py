"""Room a text takes: columns add up to the table, words are not cut, long names are shortened."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.press.measure import column_widths, lines_of, longest_word, shortened, two_lines
from geodata.press.scales import round_length, ticks_of

widths = st.floats(1, 90)
columns = st.lists(st.tuples(widths, st.one_of(st.none(), widths)), min_size=1, max_size=9)


def width_em(text):
    return float(len(text))


@given(columns, st.floats(20, 200))
def test_columns_add_up_to_the_room(wished, room):
    wishes, floors = zip(*wished, strict=True)
    shared = column_widths(wishes, floors, room)
    assert sum(shared) == pytest.approx(room)
    assert all(width > 0 for width in shared)


@given(columns, st.floats(20, 200))
def test_where_the_floors_fit_no_column_is_narrower(wished, room):
    wishes, floors = zip(*wished, strict=True)
    least = [wish if floor is None else min(wish, floor) for wish, floor in wished]
    if sum(least) <= room and any(floor is not None for floor in floors):
        shared = column_widths(wishes, floors, room)
        assert all(width >= low - 1e-9 for width, low in zip(shared, least, strict=True))


def test_a_table_without_columns_has_no_widths():
    assert column_widths((), (), 100) == []


@given(st.text("ab路", max_size=30), st.integers(1, 20))
def test_a_shortened_name_fits_and_begins_alike(name, most):
    short = shortened(name, most, width_em)
    assert width_em(short) <= most
    assert short == name or (short.endswith("…") and name.startswith(short[:-1]))


def test_headings_are_broken_into_two_lines_at_best():
    assert two_lines("The phase before", width_em) == 9
    assert two_lines("案卷号", width_em) == 3
    assert two_lines("", width_em) == 0


def test_chinese_may_be_broken_anywhere_and_latin_at_spaces():
    assert longest_word("南桥综合执法队 PWDx", width_em) == 4
    assert longest_word("综合", width_em) == 0


def test_lines_count_the_indent():
    assert lines_of("一" * 40, 42, width_em) == 1
    assert lines_of("一" * 40, 41, width_em, indent_em=2) == 2


@given(st.floats(1, 1e6))
def test_the_scale_bar_is_round_and_more_than_a_third_of_what_fits(longest):
    found = round_length(longest)
    assert found <= longest
    assert found * 2.5 + 1e-6 >= longest
    assert str(found).rstrip("0") in {"1", "2", "5"}


@given(st.floats(0, 0.9), st.floats(0.05, 1))
def test_ticks_are_few_round_and_inside(low, span):
    high = min(low + span, 1.0)
    ticks = ticks_of(low, high)
    assert len(ticks) <= 6
    assert ticks == sorted(ticks)
    assert all(low - 1e-6 <= tick <= high + 1e-6 for tick in ticks)
