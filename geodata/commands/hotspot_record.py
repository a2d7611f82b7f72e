"""Hot spots as one JSON object: every cell tested, what it rests on, and why."""

from __future__ import annotations

from typing import Any

import polars as pl

from geodata.analysis.emerging_classes import NONE
from geodata.findings import Source
from geodata.findings.gathering.clues import Clue
from geodata.findings.gathering.emerging import EmergingFinding, find_emerging
from geodata.findings.gathering.explain import Place, explain
from geodata.findings.gathering.hotspot_words import clue_text, doubt_text, place_name
from geodata.findings.gathering.hotspots import HotSpotFinding
from geodata.findings.gathering.study import Chosen, Ground
from geodata.spatial.cells import to_text
from geodata.wording import Words
from geodata.wording.formulas import means

CELL: tuple[str, ...] = (
    "cases", "near_cells", "near_cases", "expected", "near_exposure", "z", "p", "q", "bin",
    "spot", "tested", "badge", "found_again", "cluster", "shrunk",
)  # fmt: skip


def hot_spot_record(source: Source, finding: HotSpotFinding, say: Words) -> dict[str, Any]:
    """Every study cell with z, p, q, bin and class; hot and cold ones with their reasons."""
    spots = finding.spots
    weekly = find_emerging(source, finding.selection, resolution=finding.ground.resolution)
    return {
        "about": {
            **_about(source, finding.chosen, finding.ground),
            "formula": {"code": "gi_star", "means": means("gi_star", say)},
            "n": spots.n,
            "cases": spots.cases,
            "period": _period(finding.scope.from_at, finding.scope.until_at),
            "parameters": {
                "rings": spots.rule.rings,
                "alpha": spots.rule.alpha,
                "null": spots.null,
                "per_km": finding.per_km,
                "rate_per_km": spots.rate,
                "dispersion": spots.dispersion,
                "source": spots.rule.source,
            },
            "left_out": {"on_default_geocodes": finding.placed.piled_cases,
                         "outside_the_study_area": finding.placed.outside},
            "undecided": spots.undecided,
        },
        "hot": finding.hot,
        "cold": finding.cold,
        "places": [
            {"rank": row["rank"], "cell": f"{row['cell']:x}", "z": row["z"]}
            for row in finding.places.to_dicts()
        ],
        "cells": _cells(source, finding, weekly, say),
    }  # fmt: skip


def emerging_record(source: Source, finding: EmergingFinding, say: Words) -> dict[str, Any]:
    """Every study cell with its class, trend and z of each week."""
    classes = finding.classes
    names = to_text(finding.ground.cells)
    rows = classes.cells.drop("cell").with_columns(pl.col("class").cast(pl.String)).to_dicts()
    return {
        "about": {
            **_about(source, finding.chosen, finding.ground),
            "formula": {"code": "emerging", "means": means("emerging", say)},
            "n": classes.n,
            "steps": classes.steps,
            "cases": float(finding.cube.sum()),
            "weeks": [day.isoformat() for day in finding.weeks],
            "period": _period(finding.scope.from_at, finding.scope.until_at),
            "parameters": {
                "rings": classes.rule.rings,
                "alpha": classes.rule.alpha,
                "null": classes.null,
                "trend_alpha": classes.rule.trend_alpha,
                "trend_of": classes.rule.trend_of,
                "smallest_trend_p": classes.smallest_trend_p,
                "largest_p": classes.largest_p,
                "source": classes.rule.source,
            },
            "left_out": {"on_default_geocodes": finding.piled_cases,
                         "outside_the_study_area": finding.outside_cases},
            "undecided": classes.undecided,
        },
        "classes": dict(finding.by_class().with_columns(pl.col("class").cast(str)).iter_rows()),
        "cells": [
            {"cell": name, **row, "weeks": weeks, "z": z}
            for name, row, weeks, z in zip(
                names, rows, finding.cube.tolist(), classes.z.tolist(), strict=True
            )
        ],
    }  # fmt: skip


def _about(source: Source, chosen: Chosen, ground: Ground) -> dict[str, Any]:
    return {
        "city": source.city.name,
        "made_up": source.city.made_up,
        "version": source.version,
        "as_of": source.facts.as_of.isoformat(),
        "resolution": chosen.resolution,
        "resolution_by": chosen.by,
        "mean_cases": chosen.mean,
        "enough_cases": chosen.enough,
        "areas_without_data": list(ground.silent),
    }


def _period(first: Any, until: Any) -> dict[str, str]:
    return {"from_at": first.isoformat(), "until_at": until.isoformat()}


def _cells(
    source: Source, finding: HotSpotFinding, weekly: EmergingFinding, say: Words
) -> list[dict[str, Any]]:
    known = weekly.classes.undecided is None
    classes = dict(weekly.classes.cells.select("cell", pl.col("class").cast(str)).iter_rows())
    listed = []
    for at, row in enumerate(finding.cells.iter_rows(named=True)):
        place = explain(source, finding, at) if row["spot"] else None
        listed.append(
            {
                "cell": f"{row['cell']:x}",
                **{name: row[name] for name in CELL},
                "class": classes.get(row["cell"], NONE) if known else None,
                **_told(place, source, say),
            }
        )
    return listed


def _told(place: Place | None, source: Source, say: Words) -> dict[str, Any]:
    if place is None:
        return {"place": None, "reasons": [], "doubt": None}
    return {
        "place": place_name(place.streets, say),
        "reasons": [_clue(one, clue_text(one, source.city, say)) for one in place.clues],
        "doubt": _clue(place.doubt, doubt_text(place.doubt, source.city, say)),
    }


def _clue(clue: Clue, text: str) -> dict[str, Any]:
    return {"code": clue.code, **clue.values, "text": text}
