"""Filter and count by cell over the whole city, against a hand-written Polars query."""

from __future__ import annotations

import gc
import json
import shutil
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import numpy as np
import polars as pl

from geodata.analysis.counts import count_by_cell
from geodata.analysis.facts import Facts, kept
from geodata.city import load_city
from geodata.domain.selection import Selection
from geodata.spatial.cells import STUDY, parent_expr
from geodata.store.facts import load_facts
from tests.benchmarks import cities
from tests.benchmarks.row import Row, Scale, in_turn, p95, ratio_of

BUDGET = "≤ 120 ms, ≤ 1.2 × Polars"
AGAINST = "Polars: lazy filter + group_by of the parent, same frame"


def measure(scale: Scale) -> list[Row]:
    """Time several selections at the map's resolution, and the loading of the facts."""
    city = cities.made_up(scale.cases)
    loaded = _loading(city, scale)
    facts = load_facts(load_city(city))
    repeats = max(scale.repeats, 7)
    rows = [_timed(facts, name, *pair, repeats) for name, pair in _selections(facts).items()]
    del facts
    gc.collect()
    return [*rows, loaded]


def _selections(facts: Facts) -> dict[str, tuple[Selection, list[pl.Expr]]]:
    """Return name → our selection and the same by hand."""
    team = facts.frame["office"].value_counts(sort=True)["office"].cast(pl.String)[0]
    offices = sorted(facts.offices.under({team}))
    littering = sorted(code for code, family in facts.family_of.items() if family == "littering")
    tackle, led = pl.col("phase") == "tackle", pl.col("office").is_in(offices)
    of_family = pl.col("category").is_in(littering)
    return {
        "everything": (Selection(), []),
        "one phase": (Selection(phases=frozenset({"tackle"})), [tackle]),
        "one office in one phase": (
            Selection(phases=frozenset({"tackle"}), offices=frozenset({team})),
            [tackle, led],
        ),
        "one family": (Selection(families=frozenset({"littering"})), [of_family]),
        "office, phase and family": (
            Selection(
                phases=frozenset({"tackle"}),
                offices=frozenset({team}),
                families=frozenset({"littering"}),
            ),
            [tackle, led, of_family],
        ),
    }


def _timed(
    facts: Facts, name: str, selection: Selection, conditions: list[pl.Expr], repeats: int
) -> Row:
    def ours() -> pl.DataFrame:
        return count_by_cell(facts, kept(facts, selection), resolution=STUDY)

    def by_hand() -> pl.DataFrame:
        return _by_hand(facts.frame, conditions)

    mine, theirs = ours(), by_hand()
    _assert_same(mine, theirs)
    found = in_turn({"ours": lambda: _ms(ours), "polars": lambda: _ms(by_hand)}, repeats)
    return Row(
        name=f"filter + bin, {len(facts):,} reports: {name}",
        budget=BUDGET,
        figure=median(found["ours"]),
        unit="ms",
        median_of=repeats,
        ratio=ratio_of(found["ours"], found["polars"]),
        against=f"{AGAINST} ({median(found['polars']):,.0f} ms)",
        note=f"p95 {p95(found['ours']):,.0f} ms; {int(mine['cases'].sum()):,} cases on "
        f"{len(mine):,} cells; the order of cells is kept with the facts",
    )


def _by_hand(frame: pl.DataFrame, conditions: list[pl.Expr]) -> pl.DataFrame:
    return (
        frame.lazy()
        .filter(*conditions)
        .group_by(parent_expr(pl.col("cell"), STUDY).alias("cell"))
        .agg(pl.len().alias("cases"), pl.col("area_m2").sum())
        .collect()
    )


def _assert_same(mine: pl.DataFrame, theirs: pl.DataFrame) -> None:
    theirs = theirs.sort("cell")
    assert mine["cell"].to_list() == theirs["cell"].to_list()
    assert mine["cases"].to_list() == theirs["cases"].to_list()
    np.testing.assert_allclose(mine["area_m2"], theirs["area_m2"], rtol=1e-3)


def _ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def _loading(city: Path, scale: Scale) -> Row:
    """Load the facts in processes of their own: made from the lake, then kept from before."""
    shutil.rmtree(city / "cache", ignore_errors=True)
    made, kept_before = _load_once(city), _load_once(city)
    return Row(
        name=f"facts of {scale.cases:,} reports loaded",
        budget="process ≤ 1.5 GB",
        figure=kept_before["seconds"],
        unit="s",
        median_of=1,
        ratio=kept_before["seconds"] / made["seconds"],
        against=f"made from the lake ({made['seconds']:.1f} s, at its highest "
        f"{made['peak_mb']:,.0f} MB)",
        note=f"frame {made['frame_mb']:,.0f} MB; process {kept_before['rss_mb']:,.0f} MB, "
        f"at its highest {kept_before['peak_mb']:,.0f} MB",
    )


def _load_once(city: Path) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.load_once", str(city)]
    done = subprocess.run(command, cwd=cities.ROOT, check=True, capture_output=True)
    about: dict[str, float] = json.loads(done.stdout)
    return about
