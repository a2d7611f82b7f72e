"""The view and its link: what is written is read back, and nothing can break either."""

from __future__ import annotations

from dataclasses import fields
from datetime import date
from urllib.parse import parse_qsl, urlencode

from hypothesis import given
from hypothesis import strategies as st

from dashboard.filters import (
    LAYERS,
    MEASURES,
    RESOLUTIONS,
    Picked,
    View,
    from_query,
    patched,
    to_query,
)
from dashboard.untrusted import FARTHEST_M
from geodata.domain.case import PLACE_KINDS
from geodata.domain.selection import Near, Selection

names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
code_sets = st.none() | st.frozensets(names, max_size=4)
days = st.none() | st.dates(date(1990, 1, 1), date(2090, 12, 31))
phases = names.filter(lambda name: "~" not in name)
corner = st.tuples(
    st.integers(-18_000_000, 18_000_000).map(lambda x: x / 1e5),
    st.integers(-9_000_000, 9_000_000).map(lambda y: y / 1e5),
)
hexadecimal = st.text("0123456789abcdef", min_size=15, max_size=15)
picks = st.one_of(
    st.just(Picked()),
    st.builds(Picked, cell=hexadecimal),
    st.builds(Picked, street=names),
    st.builds(Picked, segment=st.integers(0, 10**9 - 1)),
    st.builds(Picked, outline=st.lists(corner, min_size=3, max_size=9).map(tuple)),
)
CODES = [
    "phases", "offices", "families", "categories", "statuses", "channels", "street_classes",
    "areas", "streets",
]  # fmt: skip
selections = st.builds(
    Selection,
    **dict.fromkeys(CODES, code_sets),
    role=st.sampled_from(["lead", "any"]),
    from_on=days,
    until_on=days,
    near=st.none()
    | st.builds(Near, kind=st.sampled_from(PLACE_KINDS), metres=st.integers(1, FARTHEST_M)),
    hours=st.sampled_from(["all", "in", "out"]),
    piles=st.sampled_from(["keep", "leave_out"]),
)
views = st.builds(
    View,
    selection=selections,
    measure=st.sampled_from(MEASURES),
    layer=st.sampled_from(LAYERS),
    resolution=st.none() | st.sampled_from(RESOLUTIONS),
    locked=st.booleans(),
    compare=st.none() | st.tuples(phases, phases),
    picked=picks,
)
anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)
KEYS = [
    "filters", "phases", "compare", "cell", "street", "unnamed", "select", "close", "measure",
    "layer", "resolution", "scale_locked", "reset",
]  # fmt: skip
FILTERS = [*CODES, "role", "hours", "from", "until", "near"]
filter_patches = st.dictionaries(st.sampled_from(FILTERS), anything).map(lambda d: {"filters": d})


def through_the_address_bar(query):
    """As a browser hands it back."""
    return dict(parse_qsl(urlencode(query), keep_blank_values=True))


def test_every_field_of_a_selection_is_in_the_strategy():
    other = {"role", "from_on", "until_on", "near", "hours", "piles"}
    assert {one.name for one in fields(Selection)} == {*CODES, *other}


@given(views)
def test_a_link_reopens_exactly_its_view(view):
    assert from_query(through_the_address_bar(to_query(view))) == view


def test_the_first_view_has_a_bare_address():
    assert to_query(View()) == {}


@given(
    st.dictionaries(
        st.sampled_from(
            [
                *to_query(View()),
                "phase",
                "near",
                "outline",
                "cell",
                "res",
                "compare",
                "from",
                "street",
                "measure",
                "x",
            ]
        ),
        st.text(),
    )
)
def test_a_hostile_link_opens_something(query):
    view = from_query(query)
    assert from_query(to_query(view)) == view


@given(views, st.dictionaries(st.sampled_from(KEYS), anything) | filter_patches)
def test_a_hostile_patch_leaves_a_view_that_has_a_link(view, patch):
    after = patched(view, patch)
    assert from_query(through_the_address_bar(to_query(after))) == after


@given(views)
def test_an_empty_patch_changes_nothing(view):
    assert patched(view, {}) == view


def test_a_family_ticked_in_part_means_its_ticked_categories_only():
    chosen = {"families": ["occupancy", "littering"], "categories": ["stall", "dumping"]}
    selection = patched(View(), {"filters": chosen}).selection
    assert selection.families is None
    assert selection.categories == {"stall", "dumping"}


def test_whole_families_stay_families():
    chosen = {"families": ["occupancy"], "categories": None}
    selection = patched(View(), {"filters": chosen}).selection
    assert (selection.families, selection.categories) == ({"occupancy"}, None)


def test_a_phase_ends_a_date_range_and_a_comparison():
    view = View(selection=Selection(from_on=date(2026, 9, 1)), compare=("before", "one"))
    after = patched(view, {"phases": ["two"]})
    assert (after.selection.from_on, after.compare) == (None, None)
    assert after.selection.phases == {"two"}


def test_a_measure_ends_a_comparison():
    after = patched(View(compare=("before", "one")), {"measure": "per_km"})
    assert (after.measure, after.compare) == ("per_km", None)


def test_what_is_picked_replaces_what_was():
    view = patched(View(), {"street": "江家街"})
    assert patched(view, {"cell": {"id": "8a40e46cb147fff"}}).picked == Picked(
        cell="8a40e46cb147fff"
    )
    assert patched(view, {"close": True}).picked == Picked()


def test_an_outline_with_a_corner_nowhere_loses_that_corner():
    corners = [[104.0, 30.0], [float("nan"), 30.0], [104.1, 30.0], [104.1, 30.1], [1e9, 30.0]]
    outline = patched(View(), {"select": {"polygon": corners}}).picked.outline
    assert outline == ((104.0, 30.0), (104.1, 30.0), (104.1, 30.1))
