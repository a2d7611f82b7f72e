from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from geodata.analysis.emerging_classes import CLASS_NAMES, KINDS, class_name, classify
from tests.analysis import oracles

LETTER = {1: "h", -1: "c", 0: "."}
TREND = {1: "rising", -1: "falling", 0: "no"}
HOT_FIRST = [f"{kind}_hot" for kind in KINDS]


def names(spots, trend):
    return [
        class_name(code) for code in classify(np.array(spots, np.int8), np.array(trend, np.int8))
    ]


def oracle(spots, trend):
    letters = ["".join(LETTER[spot] for spot in row) for row in spots]
    return [oracles.class_of(row, TREND[way]) for row, way in zip(letters, trend, strict=True)]


def spots_of(text):
    return [{"h": 1, "c": -1, ".": 0}[letter] for letter in text]


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 6, 7, 8])
def test_every_short_series_agrees_with_the_oracle(steps):
    every = list(product((-1, 0, 1), repeat=steps))
    for way in (-1, 0, 1):
        trend = [way] * len(every)
        assert names(every, trend) == oracle(every, trend)


@pytest.mark.parametrize("steps", [9, 10, 11, 14, 20, 30, 53])
def test_twenty_thousand_long_series_agree_with_the_oracle(steps):
    rng = np.random.default_rng(steps)
    hot = rng.choice([0.05, 0.3, 0.85, 0.9, 0.97], 3_000)[:, None]
    cold = rng.choice([0.0, 0.0, 0.03, 0.5], 3_000)[:, None]
    draw = rng.random((3_000, steps))
    spots = np.where(draw < hot, 1, np.where(draw < hot + cold, -1, 0))
    quiet_until = rng.integers(0, steps, 3_000)
    calm = (np.arange(steps) < quiet_until[:, None]) & (rng.random(3_000) < 0.3)[:, None]
    spots[calm] = 0
    spots *= rng.choice([-1, 1], 3_000)[:, None]
    trend = rng.integers(-1, 2, 3_000)
    assert names(spots, trend) == oracle(spots.tolist(), trend.tolist())


@pytest.mark.parametrize(
    ("text", "trend", "expected"),
    [
        (".............h", 0, "new_hot"),
        ("............hh", 0, "consecutive_hot"),
        ("hhhhhhhhhhhhhh", 1, "intensifying_hot"),
        ("hhhhhhhhhhhhhh", 0, "persistent_hot"),
        ("hhhhhhhhhhhhhh", -1, "diminishing_hot"),
        ("..h....hh....h", 0, "sporadic_hot"),
        ("..c....hh....h", 0, "oscillating_hot"),
        ("c............h", 0, "oscillating_hot"),
        ("c...........hh", 0, "oscillating_hot"),
        ("hhhhhhhhhhhhh.", -1, "historical_hot"),
        ("hhhhhhhhhhhhh.", 0, "persistent_hot"),
        ("hhhhhhhhhhhhhc", -1, "oscillating_cold"),
        ("hhhhhhhhhhhhhc", 0, "persistent_hot"),
        ("hhhhhhhhh.", 1, "historical_hot"),
        (".hhhhhhhhh", 0, "persistent_hot"),
        ("..hhhhhhhh", 0, "consecutive_hot"),
        ("hhhhhhhh.h", 0, "persistent_hot"),
        ("hhhhhhh..h", 0, "sporadic_hot"),
        ("hhhhhhh...", 0, "none"),
        ("..........", 1, "none"),
        ("cccccccccc", -1, "intensifying_cold"),
        ("cccccccccc", 1, "diminishing_cold"),
        (".........c", 0, "new_cold"),
        ("h........c", 0, "oscillating_cold"),
    ],
)
def test_by_hand(text, trend, expected):
    assert names([spots_of(text)], [trend]) == [expected]


@given(st.text("hc.", min_size=1, max_size=25), st.sampled_from([-1, 0, 1]))
def test_turning_every_sign_around_turns_the_class_around(text, trend):
    spots = np.array([spots_of(text)], np.int8)
    way = np.array([trend], np.int8)
    assert classify(-spots, -way)[0] == -classify(spots, way)[0]


@given(st.text("hc.", min_size=4, max_size=25), st.sampled_from(["rising", "falling", "no"]))
def test_the_words_of_one_sign_exclude_each_other(text, trend):
    fitting = [name for name, fits in oracles.DEFINITIONS.items() if fits(text, trend)]
    # without a trend and with a last step that is not hot, "persistent" comes before "historical"
    assert len(fitting) <= 1 or fitting == ["persistent", "historical"]


def test_all_seventeen_occur():
    every = [spots_of("".join(text)) for text in product("h.c", repeat=4)]
    found = {name for way in (-1, 0, 1) for name in names(every, [way] * len(every))}
    long = ["hhhhhhhhh.", "ccccccccc."]
    found |= {name for way in (-1, 1) for name in names([spots_of(t) for t in long], [way] * 2)}
    assert found == set(CLASS_NAMES)
    assert len(CLASS_NAMES) == 17


def test_nothing_in_nothing_out():
    assert len(classify(np.zeros((0, 5), np.int8), np.zeros(0, np.int8))) == 0
    assert classify(np.zeros((3, 0), np.int8), np.zeros(3, np.int8)).tolist() == [0, 0, 0]
