from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from geodata.domain.campaign import AFTER, BEFORE, BETWEEN, Campaign, Phase
from geodata.domain.selection import Selection
from geodata.domain.tree import Node, Tree

parents = st.lists(st.integers(-1, 15), max_size=16)


def tree_of(above: list[int]) -> Tree:
    """Node n lies under node above[n], always one listed before it; −1 is the top."""
    return Tree(
        tuple(
            Node(code=str(n), name=f"节点{n}", parent=None if p < 0 or n == 0 else str(p % n))
            for n, p in enumerate(above)
        )
    )


@given(parents, st.sets(st.integers(0, 15).map(str), max_size=4))
def test_under_is_what_can_be_climbed_to_the_chosen(above, chosen):
    tree = tree_of(above)
    parent = {node.code: node.parent for node in tree}
    slow = set(chosen)
    for code in parent:
        climbed: str | None = code
        while climbed is not None:
            if climbed in chosen:
                slow.add(code)
            climbed = parent[climbed]
    assert tree.under(chosen) == slow
    assert tree.defects() == []


def test_what_is_wrong_with_a_tree_is_said():
    twice = Tree((Node(code="a", name="x"), Node(code="a", name="y")))
    assert [str(one) for one in twice.defects()] == ["code 'a' is used twice"]
    lost = Tree((Node(code="a", name="x", parent="b"),))
    assert "parent 'b' that is not listed" in str(lost.defects()[0])
    circle = Tree((Node(code="a", name="x", parent="b"), Node(code="b", name="y", parent="a")))
    assert [str(one) for one in circle.defects()] == ["a, b: parents form a circle"]


@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=1, max_size=5),
       st.integers(-3, 70))  # fmt: skip
def test_every_day_has_exactly_one_phase_value(gaps, offset):
    first, phases = date(2026, 9, 1), []
    for n, (gap, length) in enumerate(gaps):
        begin = (phases[-1].until_on + timedelta(1 + gap)) if phases else first
        until = begin + timedelta(length)
        phases.append(Phase(code=str(n), name=str(n), from_on=begin, until_on=until))
    campaign = Campaign(name="行动", phases=tuple(phases))
    assert campaign.defects() == []
    day = first + timedelta(offset)
    holding = [phase.code for phase in phases if phase.from_on <= day <= phase.until_on]
    value = campaign.phase_on(day)
    assert value in campaign.values
    assert holding == ([value] if value not in {BEFORE, BETWEEN, AFTER} else [])
    assert (value == BEFORE) == (day < campaign.from_on)
    assert (value == AFTER) == (day > campaign.until_on)
    assert sum(phase.days for phase in phases) == sum(length + 1 for _, length in gaps)


def test_a_selection_names_only_what_it_restricts():
    assert Selection().restrictions() == {}
    chosen = Selection(offices=frozenset(), hours="in")
    assert chosen.restrictions() == {"offices": frozenset(), "hours": "in"}
