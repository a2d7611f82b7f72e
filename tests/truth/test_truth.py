"""A few runs of the truth table; `python -m tests.truth` prints the whole of it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.truth import effects, hotspots, made_up_city, maps, rebounds
from tests.truth.row import Row, table

FEW = 40
SLACK = 0.12
"""Three standard errors of a share near 6 % at so many runs."""


@pytest.mark.parametrize(
    "part",
    [
        effects.effect_rows, effects.displacement_rows, effects.routine_rows,
        rebounds.comparison_rows, rebounds.excess_rows, maps.phase_rows,
    ],
)  # fmt: skip
def test_a_few_runs_come_near_the_targets(part):
    for row in part(FEW):
        assert row.met(SLACK), row.markdown()


@pytest.mark.slow
@pytest.mark.parametrize("part", [effects, rebounds, maps, hotspots])
def test_every_target_is_met(part):
    missed = [row.markdown() for row in part.rows(500) if not row.met()]
    assert not missed


def row(question, measured) -> Row:
    return Row(method="m", world="w", question=question, runs=100, measured=measured)


@pytest.mark.parametrize(
    ("question", "good", "bad"),
    [
        ("false alarms", 0.06, 0.061),
        ("power", 0.8, 0.79),
        ("coverage", 0.93, 0.92),
        ("calibration", 1.05, 1.2),
    ],
)
def test_a_missed_target_shows(question, good, bad):
    assert row(question, good).met()
    assert not row(question, bad).met()
    assert "| NO |" in table([row(question, bad)])


@pytest.fixture(scope="module")
def made_up(tmp_path_factory) -> made_up_city.MadeUp:
    folder = tmp_path_factory.mktemp("truth") / "city"
    root = Path(__file__).resolve().parents[2]
    command = [sys.executable, "-m", "geodata", "demo", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    return made_up_city.MadeUp.read(folder)


def test_planted_gatherings_are_found_and_little_else(made_up):
    plants, cells = made_up_city.gatherings(made_up)
    assert plants.recall >= 0.9
    assert cells.precision >= 0.6  # streets and markets gather reports of their own


def test_planted_rebounds_stand_out(made_up):
    sure, clearest = made_up_city.rebound_streets(made_up)
    assert sure.precision == 1.0
    assert sure.recall >= 0.3
    assert clearest.recall >= 0.6


def test_the_planted_share_comes_back(made_up):
    share, low, high = made_up_city.rebound_share(made_up)
    assert low <= made_up.truth["rebound"]["rate"] <= high
    assert abs(share - made_up.truth["rebound"]["rate"]) < 0.1


def test_the_treated_street_fell_by_what_was_planted(made_up):
    found = made_up_city.treated_effect(made_up)
    assert found.direction == -1
    assert found.low <= 1 - made_up.truth["treated"]["drop"] <= found.high


def test_the_cleared_trade_is_found_round_the_corner(made_up):
    moved = made_up_city.displaced(made_up)
    assert moved.verdict in ("moved", "partly_moved")
    found = made_up_city.receiving(made_up)
    assert (found.precision, found.recall) == (1.0, 1.0)
