"""The planted truth as plain data: what lies where, since when, how strong."""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np

from geodata.demo.config import AS_OF, FIRST_DAY
from geodata.demo.draw import Scene
from geodata.demo.planted import Chosen, load_planted
from geodata.demo.shape import METRES_PER_DEGREE, ORIGIN
from geodata.spatial.cells import cells_at, parent_of, to_text

TRUTH_RESOLUTION = 10


def planted_truth(scene: Scene, cases: int, seed: int) -> dict[str, Any]:
    """Write down everything planted; JSON-ready, dates as ISO text.

    Shares are of all reports drawn, before campaign effects; cells are H3 at
    resolution 10 (parents of resolution 12), by name.
    """
    planted = load_planted()
    total = sum(source.share for source in scene.sources)
    return {
        "seed": seed,
        "cases": cases,
        "from_on": FIRST_DAY.isoformat(),
        "as_of": AS_OF.isoformat(),
        "hotspots": [
            {
                "code": one.code,
                "kind": one.kind,
                "streets": sorted({scene.spots.streets[i] for i in scene.spots.street[spots]}),
                "categories": dict(one.categories),
                "share": one.share / total,
                "expected_reports": round(cases * one.share / total, 1),
                "time": one.time,
                "from_on": _iso(one.from_on) or FIRST_DAY.isoformat(),
                "until_on": _iso(one.until_on) or AS_OF.isoformat(),
                **_where(scene, spots),
            }
            for one in planted["hotspot"]
            for spots in [one.spots(scene.spots)]
        ],
        "displacement": {
            **_plain(planted["displacement"]),
            "receiving_street": scene.receiving_name,
            "cleared": _where(scene, scene.cleared),
            "receiving": _where(scene, scene.receiving),
        },
        "treated": {
            **_plain(planted["treated"]),
            **_where(scene, scene.spots.on(planted["treated"]["street"])),
        },
        "rebound": {
            **_plain(planted["rebound"]),
            **_where(scene, scene.spots.on(*planted["rebound"]["streets"])),
        },
        "pile": {**planted["pile"], "lon_lat": _lon_lat(np.array(scene.plan.hall))},
        "silent": _plain(planted["silent"]),
        "weekday": planted["weekday"],
    }


def _where(scene: Scene, chosen: Chosen) -> dict[str, Any]:
    """Middle and cells of some spots."""
    lon_lat = scene.spots.xy[chosen] / METRES_PER_DEGREE + ORIGIN
    cells = parent_of(cells_at(lon_lat[:, 0], lon_lat[:, 1]), TRUTH_RESOLUTION)
    return {
        "lon_lat": _lon_lat(scene.spots.xy[chosen].mean(axis=0)),
        "cells": to_text(np.unique(cells)),
    }


def _lon_lat(xy: Any) -> list[float]:
    return [float(value) for value in np.round(xy / METRES_PER_DEGREE + ORIGIN, 6)]


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _plain(rule: dict[str, Any]) -> dict[str, Any]:
    return {key: _iso(one) if isinstance(one, date) else one for key, one in rule.items()}
