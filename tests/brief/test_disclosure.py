"""No small count can be worked out: by subtraction, by equations, or by brute force."""

from __future__ import annotations

import itertools

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from geodata.brief.disclosure import (
    PublicRule,
    Released,
    feasible_range,
    still_exposed,
    suppressed,
)

RULE = PublicRule()


def two_way(table):
    """A table with its row and column totals and the whole, as it would be published."""
    rows, columns = table.shape
    groups = rows * columns
    at = np.arange(groups).reshape(rows, columns)
    members = [[one] for one in at.ravel()]
    members += [list(at[row]) for row in range(rows)]
    members += [list(at[:, column]) for column in range(columns)] + [list(at.ravel())]
    parts = np.zeros((len(members), groups))
    for count, inside in enumerate(members):
        parts[count, inside] = 1
    whole = len(members) - 1

    def tiers(count):
        if count < groups:
            row, column = divmod(count, columns)
            near = [int(one) for one in {*at[row], *at[:, column]} - {count}]
            return [sorted(near), [groups + row, groups + rows + column]]
        return [[one for one in range(groups, whole) if one != count]]

    return Released(
        parts=sparse.csr_array(parts),
        values=parts @ table.ravel().astype(float),
        siblings=[tiers(count) for count in range(len(members))],
    )


tables = st.tuples(st.integers(2, 4), st.integers(2, 4)).flatmap(
    lambda shape: st.lists(
        st.integers(0, 30), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1]
    ).map(lambda values: np.array(values).reshape(shape))
)


def by_subtraction(released, hidden):
    """Everything that follows from a total less its other parts, again and again."""
    known = {row: released.values[row] for row in np.flatnonzero(~hidden)}
    dense = released.parts.toarray()
    groups = dense.shape[1]
    # counts of single groups come first; totals are sums of them
    lines = [
        (row, np.flatnonzero(dense[row]).tolist()) for row in range(groups, len(released.values))
    ]
    changed = True
    while changed:
        changed = False
        for total, members in lines:
            unknown = [one for one in members if one not in known]
            if total in known and len(unknown) == 1:
                rest = sum(known[one] for one in members if one in known)
                known[unknown[0]] = known[total] - rest
                changed = True
            elif total not in known and not unknown:
                known[total] = sum(known[one] for one in members)
                changed = True
    return known


@settings(max_examples=60, deadline=None)
@given(tables)
def test_nothing_small_follows_by_subtraction(table):
    released = two_way(table)
    hidden = suppressed(released, RULE)
    worked_out = by_subtraction(released, hidden)
    small = set(np.flatnonzero(released.small(RULE)).tolist())
    assert not small & set(worked_out)


@settings(max_examples=25, deadline=None)
@given(tables)
def test_an_attacker_with_equations_is_left_with_five_values(table):
    released = two_way(table)
    hidden = suppressed(released, RULE)
    assert hidden[released.small(RULE)].all()
    assert still_exposed(released, hidden, RULE) == []
    for row in np.flatnonzero(released.small(RULE)):
        low, high = feasible_range(released, hidden, int(row))
        assert low <= released.values[row] <= high
        assert high - low >= RULE.width


def brute_force(released, hidden, largest):
    """Every whole-number table that agrees with what is told; hidden counts are at least 1."""
    dense = released.parts.toarray()
    found = []
    for groups in itertools.product(range(largest + 1), repeat=dense.shape[1]):
        counts = dense @ np.array(groups)
        if (counts[~hidden] == released.values[~hidden]).all() and (counts[hidden] >= 1).all():
            found.append(counts)
    return np.array(found)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.integers(0, 9), min_size=4, max_size=4))
def test_brute_force_over_whole_numbers_finds_several_values(values):
    released = two_way(np.array(values).reshape(2, 2))
    hidden = suppressed(released, RULE)
    worlds = brute_force(released, hidden, largest=12)
    for row in np.flatnonzero(released.small(RULE)):
        assert len(np.unique(worlds[:, row])) >= RULE.width


def test_without_complementary_suppression_the_attack_succeeds():
    released = two_way(np.array([[2, 20, 30], [40, 50, 60]]))
    only_small = released.small(RULE)
    assert still_exposed(released, only_small, RULE) == [0]
    assert by_subtraction(released, only_small)[0] == 2


def test_a_table_without_small_counts_is_told_whole():
    released = two_way(np.array([[5, 20], [40, 0]]))
    assert not suppressed(released, RULE).any()


def test_two_ones_in_a_row_do_not_protect_each_other():
    released = two_way(np.array([[1, 1, 50], [60, 70, 80], [90, 91, 92]]))
    hidden = suppressed(released, RULE)
    assert hidden.sum() > 4
    assert still_exposed(released, hidden, RULE) == []
