"""The case table: what each column means, before and after a case is placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import polars as pl
from polars.datatypes import DataType, DataTypeClass

Columns = dict[str, DataType | DataTypeClass]

INSTANT: Final = pl.Datetime("us", "UTC")

STAGES: Final = (
    "reported_at",
    "filed_at",
    "dispatched_at",
    "handled_at",
    "verified_at",
    "closed_at",
)
"""上报 → 立案 → 派遣 → 处置 → 核查 → 结案, in order."""

_INSTANTS: Final[Columns] = dict.fromkeys((*STAGES, "due_at"), INSTANT)

_AS_REPORTED: Final[Columns] = {
    "case_id": pl.String,
    "category_name": pl.String,
    "category": pl.String,
    "office_name": pl.String,
    "office": pl.String,
    "assisting": pl.List(pl.String),
    "channel_name": pl.String,
    "channel": pl.String,
    "status_name": pl.String,
    "street_name": pl.String,
    "address": pl.String,
    "area_name": pl.String,
    "description": pl.String,
    "person": pl.String,
    **_INSTANTS,
    "returns": pl.Int16,
    "lon": pl.Float64,
    "lat": pl.Float64,
    "area_m2": pl.Float32,
    "demolished_m2": pl.Float32,
    "source_file": pl.String,
    "source_row": pl.Int64,
}

CASE_SCHEMA: Final = pl.Schema(_AS_REPORTED)
"""One case as reported, in WGS 84 degrees and UTC; only ``case_id``, ``reported_at``,
``lon`` and ``lat`` are never null."""

PLACE_KINDS: Final = ("school", "station", "market", "square", "hospital")

NEVER_NEAR: Final = 65535
"""Distance stored when no place of a kind lies within 65 km, or none is known."""

_DISTANCES: Final[Columns] = {f"m_to_{kind}": pl.Int32 for kind in PLACE_KINDS}

_PLACE: Final[Columns] = {
    "cell": pl.Int64,
    "segment": pl.String,
    "segment_m": pl.Float32,
    "by_name": pl.Boolean,
    "area": pl.String,
    "unit_grid": pl.String,
    **_DISTANCES,
    "month": pl.String,
}

PLACED_SCHEMA: Final = pl.Schema({**_AS_REPORTED, **_PLACE})
"""A placed case: H3 cell at resolution 12, street segment (null = unassigned) with the
distance to its edge in metres, area and unit grid codes, and the report month (local time)."""

STATUSES: Final = ("open", "due_soon", "overdue", "closed_on_time", "closed_late")
UNASSIGNED: Final = "unassigned"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueSoonRule:
    """When an open case is about to be overdue 即将到期."""

    within_hours: float = 24.0
    source: str = "assumed; to be confirmed by the command centre"


@dataclass(frozen=True, slots=True, kw_only=True)
class PileRule:
    """When identical points are a default geocode rather than a place.

    A point is suspicious when it holds at least ``min_cases`` cases and ``min_share`` of
    all, under at least ``min_streets`` different reported street names: one true address
    is not reported under dozens of names. Where no names are reported, ``share_alone``
    of all cases on one point is enough.
    """

    min_cases: int = 100
    min_share: float = 0.002
    min_streets: int = 15
    share_alone: float = 0.02
    source: str = "set on Boston 2011, where one default geocode holds 8.2 % of all cases"
