"""What was planted in the made-up city, found again: precision and recall."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import h3
import numpy as np
import polars as pl

from geodata.analysis.comparison import Trial
from geodata.analysis.displacement import Moved, streets_around, work_or_move
from geodata.analysis.effect import Effect, measure_effect
from geodata.analysis.facts import Facts, kept
from geodata.analysis.panels import Flags, Panel, street_panel
from geodata.analysis.rebound import FollowUps, ReboundRule, follow_ups
from geodata.analysis.rebound_cases import cases_of_facts
from geodata.analysis.rebound_excess import rebound_excess
from geodata.city import City, load_city
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.gathering.emerging import find_emerging
from geodata.findings.gathering.hotspots import find_hot_spots
from geodata.spatial.cells import to_text
from geodata.store.facts import load_facts
from geodata.store.layers import STREETS, read_layer

AT_THE_SPOT = ReboundRule(place="cells", resolution=12, rings=0)
"""The made-up rebounds come back within some ten metres: cells of that size."""

PLANTED_AT = 10
"""H3 resolution of the cells named in ``truth.json``."""

NEARBY = ReboundRule(place="cells", resolution=12, rings=1)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What was found against what was planted."""

    what: str
    planted: frozenset[str]
    found: frozenset[str]

    @property
    def precision(self) -> float:
        """Share of the findings that were planted; 1 without a finding."""
        return len(self.found & self.planted) / len(self.found) if self.found else 1.0

    @property
    def recall(self) -> float:
        """Share of the planted that was found."""
        return len(self.found & self.planted) / len(self.planted)

    def markdown(self) -> str:
        """Return the line as printed."""
        cells = (
            self.what,
            len(self.planted),
            len(self.found),
            f"{self.precision:.0%}",
            f"{self.recall:.0%}",
        )
        return f"| {' | '.join(map(str, cells))} |"


@dataclass(frozen=True, kw_only=True)
class MadeUp:
    """A made-up city with its truth, read once."""

    city: City
    facts: Facts
    truth: dict[str, Any]

    @classmethod
    def read(cls, folder: Path) -> MadeUp:
        """Read a folder made by ``python -m geodata demo``."""
        city = load_city(folder)
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
        return cls(city=city, facts=load_facts(city), truth=truth)

    def panel(self, family: str) -> Panel:
        """Cases of a family by street and day."""
        keep = kept(self.facts, Selection(families=frozenset([family])))
        return street_panel(self.facts, keep, self.facts.first_day, self.facts.last_day)

    def trial(self, street: str, from_on: str, until_on: str) -> Trial:
        """Twice as many days before as after; both planted streets count as treated elsewhere."""
        panel = self.panel("occupancy")
        begin, end = date.fromisoformat(from_on), date.fromisoformat(until_on)
        days = (end - begin).days + 1
        return Trial(
            panel=panel,
            treated=panel.rows([street]),
            before=panel.between(begin - timedelta(2 * days), begin - timedelta(1)),
            after=panel.between(begin, end),
        )

    def treated_streets(self, panel: Panel) -> Flags:
        """Every street on which an effect was planted."""
        return panel.rows([self.truth["treated"]["street"], self.truth["displacement"]["street"]])


def followed(made_up: MadeUp, rule: ReboundRule) -> FollowUps:
    """Close-outs of the category in which rebounds were planted."""
    keep = np.ones(len(made_up.facts), dtype=bool)
    cases = cases_of_facts(made_up.facts, keep, rule)
    kind = made_up.truth["rebound"]["categories"]
    return follow_ups(cases, made_up.facts.last_day, rule).only(
        pl.col("category").cast(pl.String).is_in(kind)
    )


def rebound_streets(made_up: MadeUp) -> tuple[Found, Found]:
    """Streets that stand out at 5 % false discoveries, and as many of the clearest as planted."""
    planted = frozenset(made_up.truth["rebound"]["streets"])
    ranked = rebound_excess(followed(made_up, AT_THE_SPOT), "street").table
    clear = ranked.filter(pl.col("q") <= 0.05)["code"]
    clearest = ranked.head(len(planted))["code"]
    return (
        Found(what="rebound streets, q ≤ 5 %", planted=planted, found=frozenset(clear)),
        Found(what="rebound streets, the six clearest", planted=planted, found=frozenset(clearest)),
    )


def rebound_share(made_up: MadeUp) -> tuple[float, float, float]:
    """Share that comes back at the planted streets net of what comes back elsewhere, low, high."""
    here = pl.col("street").is_in(made_up.truth["rebound"]["streets"])
    all_of_it = followed(made_up, NEARBY)
    at_sites, _, _ = sites = all_of_it.only(here).survival().within(28)
    elsewhere = all_of_it.only(~here).survival().within(28)[0]
    return tuple((share - elsewhere) / (1 - elsewhere) for share in (at_sites, *sites[1:]))  # type: ignore[return-value]


def treated_effect(made_up: MadeUp) -> Effect:
    """Effect on the street where some reports were made to vanish; comparison by the rule."""
    plan = made_up.truth["treated"]
    trial = made_up.trial(plan["street"], plan["from_on"], "2026-11-15")
    return measure_effect(trial, aside=made_up.treated_streets(trial.panel) & ~trial.treated)


def displaced(made_up: MadeUp) -> Moved:
    """Whether the cleared street's reports moved, and where to."""
    plan = made_up.truth["displacement"]
    trial = made_up.trial(plan["street"], plan["from_on"], plan["until_on"])
    layer = read_layer(made_up.city.layers, STREETS)
    if layer is None:
        raise ValueError(f"{made_up.city.folder} has no streets")
    metric = layer.to_crs(made_up.city.metric_crs).geometry.to_numpy()
    near = streets_around(metric, pl.Series(layer["street"].tolist()), {plan["street"]}, 60.0)
    other = made_up.treated_streets(trial.panel) & ~trial.treated
    return work_or_move(trial, trial.panel.rows(near) & ~other, aside=other)


def receiving(made_up: MadeUp) -> Found:
    """Streets around the cleared one that rose, the number looked at taken into account."""
    rose = displaced(made_up).where.filter((pl.col("ratio") > 1) & (pl.col("q") <= 0.05))
    planted = frozenset([made_up.truth["displacement"]["receiving_street"]])
    return Found(what="street the trade moved to", planted=planted, found=frozenset(rose["unit"]))


def planted_spots(made_up: MadeUp) -> dict[str, Selection]:
    """Question that each planted gathering answers: its categories and its days."""
    return {
        plant["code"]: Selection(
            categories=frozenset(plant["categories"]),
            from_on=date.fromisoformat(plant["from_on"]),
            until_on=date.fromisoformat(plant["until_on"]),
        )
        for plant in made_up.truth["hotspots"]
    }


def gatherings(made_up: MadeUp) -> tuple[Found, Found]:
    """Plants with a hot cell on them, and hot cells on or beside a plant of these categories."""
    source = Source(city=made_up.city, facts=made_up.facts)
    found, cells, near = set(), set(), set()
    for code, asked in planted_spots(made_up).items():
        hot = find_hot_spots(source, asked, resolution=PLANTED_AT).spots.cells.filter(spot=1)
        names = set(to_text(hot["cell"]))
        if names & set(_plant(made_up, code)["cells"]):
            found.add(code)
        around = _around(made_up, asked)
        cells |= {f"{code} {name}" for name in names}
        near |= {f"{code} {name}" for name in names & around}
    plants = Found(
        what="gatherings, asked by their categories and days",
        planted=frozenset(planted_spots(made_up)),
        found=frozenset(found),
    )
    on_plants = Found(
        what="hot cells of those questions, on a plant or beside it",
        planted=frozenset(near),
        found=frozenset(cells),
    )
    return plants, on_plants


def kinds_called(made_up: MadeUp) -> list[str]:
    """What each planted gathering was called over its last twelve weeks, as Markdown lines."""
    source = Source(city=made_up.city, facts=made_up.facts)
    lines = []
    for plant in made_up.truth["hotspots"]:
        asked = Selection(categories=frozenset(plant["categories"]))
        cells = find_emerging(source, asked, resolution=PLANTED_AT).classes.cells
        here = cells.filter(pl.Series(to_text(cells["cell"])).is_in(plant["cells"]))
        counted = here.filter(pl.col("class") != "none")["class"].cast(pl.String).value_counts()
        called = ", ".join(
            f"{name} {n}"
            for name, n in counted.sort("count", "class", descending=[True, False]).iter_rows()
        )
        lines.append(
            f"| {plant['code']} | {plant['kind']} | {called or 'none'} | {len(plant['cells'])} |"
        )
    return lines


def _plant(made_up: MadeUp, code: str) -> dict[str, Any]:
    return next(plant for plant in made_up.truth["hotspots"] if plant["code"] == code)


def _around(made_up: MadeUp, asked: Selection) -> set[str]:
    """Cells of every plant that shares a category with the question, and their neighbours."""
    shared = [
        name
        for plant in made_up.truth["hotspots"]
        if set(plant["categories"]) & (asked.categories or set())
        for name in plant["cells"]
    ]
    return {near for name in shared for near in h3.grid_disk(name, 1)}


def report(folder: Path) -> str:
    """Everything above, as Markdown."""
    made_up = MadeUp.read(folder)
    rows = (*gatherings(made_up), *rebound_streets(made_up), receiving(made_up))
    share, low, high = rebound_share(made_up)
    moved, plan = displaced(made_up), made_up.truth
    back = f"{share:.0%} ({low:.0%} to {high:.0%}) beyond what comes back elsewhere"
    treated, drop = plan["treated"]["street"], plan["treated"]["drop"]
    cleared = plan["displacement"]["street"]
    return "\n".join(
        [
            "| planted in the made-up city | planted | found | precision | recall |",
            "|---|---:|---:|---:|---:|",
            *(row.markdown() for row in rows),
            "",
            f"- come back at the planted streets: {back}; planted {plan['rebound']['rate']:.0%}",
            f"- {treated}: {_factor(treated_effect(made_up))}; planted × {1 - drop:.2f}",
            f"- {cleared}: {_factor(moved.treated)}; verdict {moved.verdict}",
            "",
            "| gathering | planted as | its cells are called, over the last twelve weeks | cells |",
            "|---|---|---|---:|",
            *kinds_called(made_up),
        ]
    )


def _factor(effect: Effect) -> str:
    if effect.ratio is None:
        return f"undecided: {effect.undecided}"
    return f"× {effect.ratio:.2f} ({effect.low:.2f} to {effect.high:.2f})"
