"""What a city holds, in numbers: the data-health page and the ``status`` command say the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import polars as pl

from geodata.analysis.counts import count_by
from geodata.analysis.facts import Facts, Keep, kept
from geodata.city import City
from geodata.domain.selection import Selection
from geodata.ingest.waiting import waiting_files
from geodata.store.facts import load_facts
from geodata.store.lake import Lake

QUANTILES = (0.5, 0.9, 0.99, 1.0)
MOST_NAMES = 50


def city_status(city: City, facts: Facts | None = None) -> dict[str, Any]:
    """Everything ``status`` prints, as plain values; facts of the newest version by default."""
    facts = load_facts(city) if facts is None else facts
    everything = kept(facts, Selection())
    scanned = Lake(city.lake).scan(None if facts.version < 0 else facts.version)
    families = {family.code: 0 for family in city.families}
    by_category = _counted(facts, everything, "category")
    for code, n in by_category.items():
        family = facts.family_of[code]
        families[family] = families.get(family, 0) + n
    return {
        "city": city.name,
        "made_up": city.made_up,
        "version": None if facts.version < 0 else facts.version,
        "as_of": facts.as_of.isoformat(),
        "cases": len(facts),
        "family": families,
        "category": by_category,
        **{
            name: _counted(facts, everything, name)
            for name in ("office", "status", "channel", "phase", "area")
        },
        "streets": _streets(facts, scanned),
        "unmapped_categories": _unmapped(scanned, "category"),
        "unmapped_offices": _unmapped(scanned, "office"),
        "piles": _piles(facts, scanned),
        "history": [
            {
                "version": one.version,
                "at": one.at.isoformat(timespec="seconds"),
                "inserted": one.inserted,
                "updated": one.updated,
                "source": one.source,
            }
            for one in Lake(city.lake).history()
        ],
        "set_aside": waiting_files(city),
    }


def _counted(facts: Facts, keep: Keep, column: str) -> dict[str, int]:
    table = count_by(facts, keep, column)
    return dict(table.filter(pl.col("cases") > 0).iter_rows())


def _streets(facts: Facts, scanned: pl.LazyFrame) -> dict[str, Any]:
    """How many cases lie on a street, how they were assigned, and how far from its edge."""
    distance = pl.col("segment_m")
    piles = facts.frame.filter("pile").select("key").lazy()
    keyed = scanned.with_columns(key=pl.col("case_id").hash(seed=0))
    row = (
        keyed.join(piles, on="key", how="anti")
        .select(
            by_name=(pl.col("by_name") & pl.col("segment").is_not_null()).sum(),
            **{f"q{q}": distance.quantile(q) for q in QUANTILES},
        )
        .collect()
        .row(0, named=True)
    )
    assigned = int((facts.frame["segment"] >= 0).sum())
    return {
        "assigned": assigned,
        "unassigned": len(facts) - assigned,
        "of_these_piled": int(facts.frame["pile"].sum()),
        "by_name": row["by_name"],
        "by_nearest": assigned - row["by_name"],
        "distance_m": {f"{q:g}": _rounded(row[f"q{q}"]) for q in QUANTILES},
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 1)


def _unmapped(scanned: pl.LazyFrame, column: str) -> dict[str, int]:
    """Names no table maps, most frequent first; cases that give no name are not listed."""
    name = f"{column}_name"
    found = (
        scanned.filter(pl.col(column).is_null(), pl.col(name).is_not_null())
        .group_by(name)
        .len("cases")
        .sort(["cases", name], descending=[True, False])
        .head(MOST_NAMES)
        .collect()
    )
    return dict(found.iter_rows())


def _piles(facts: Facts, scanned: pl.LazyFrame) -> list[dict[str, Any]]:
    """Points flagged as default geocodes, with how many cases and street names they hold."""
    keys = facts.frame.filter("pile").select("cell").unique()
    if keys.is_empty():
        return []
    return (
        scanned.join(keys.lazy(), on="cell", how="semi")
        .group_by("lon", "lat")
        .agg(cases=pl.len(), street_names=pl.col("street_name").n_unique())
        .filter(pl.col("street_names") > 1)
        .sort("cases", descending=True)
        .head(len(keys))
        .collect()
        .to_dicts()
    )


def as_lines(status: dict[str, Any]) -> Iterator[str]:
    """The status as a page of text."""
    label = " (made up)" if status["made_up"] else ""
    yield (
        f"{status['city']}{label}: {status['cases']:,} cases, version {status['version']}, "
        f"as of {status['as_of']}"
    )
    for name in ("family", "category", "office", "status", "channel", "phase", "area"):
        yield f"{name}: {_listed(status[name])}"
    yield _street_line(status["streets"])
    for what in ("unmapped_categories", "unmapped_offices"):
        quoted = {repr(name): n for name, n in status[what].items()}
        yield f"{what.replace('_', ' ')}: {_listed(quoted)}"
    for pile in status["piles"]:
        yield (
            f"suspicious pile: {pile['cases']:,} cases at {pile['lat']}, {pile['lon']} under "
            f"{pile['street_names']} street names"
        )
    for file in status["set_aside"]:
        yield f"set aside: {file['rows']:,} rows in {file['file']}"
    for one in status["history"][:10]:
        yield (
            f"version {one['version']}: {one['at']}, {one['inserted']:,} new, "
            f"{one['updated']:,} updated, {one['source']}"
        )


def _listed(counts: dict[str, int]) -> str:
    return ", ".join(f"{code} {n:,}" for code, n in counts.items()) or "none"


def _street_line(streets: dict[str, Any]) -> str:
    metres = ", ".join(f"q{q} {value}" for q, value in streets["distance_m"].items())
    return (
        f"streets: {streets['assigned']:,} assigned ({streets['by_name']:,} by reported name, "
        f"{streets['by_nearest']:,} by nearest), {streets['unassigned']:,} unassigned, "
        f"{streets['of_these_piled']:,} of them on a default geocode; metres to the edge {metres}"
    )
