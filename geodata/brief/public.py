"""The public edition of a pack (S22): no case, no text, nothing small, nothing derivable.

Told are the whole, areas × kinds, and cells of one stated resolution; which counts of these are
hidden is decided over all of them together (`geodata.brief.disclosure`). Streets, offices, days,
hot spots and single cases are left out: each would cut the same cases in yet another way.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from scipy import sparse

from geodata.brief.disclosure import PublicRule, Released, suppressed
from geodata.errors import GeodataError
from geodata.findings.summing_up.overview import Overview
from geodata.spatial.cells import parent_expr, parent_of
from geodata.store import layers

OUTSIDE: Final = "none"
_COLUMNS: Final = ("area", "family", "cell")


class TooFewForPublic(GeodataError):
    """So few cases that not even their number may be told."""


@dataclass(frozen=True, kw_only=True)
class PublicCounts:
    """The counts that are told and those hidden.

    Attributes
    ----------
    table
        One row per count: ``kind`` (``all``, ``area``, ``family``, ``area_family``, ``cell``),
        ``area``, ``family``, ``cell`` (0: no known place), ``cases``, ``hidden``.
    ground
        Cell → topmost area with most of its study ground.
    """

    table: pl.DataFrame
    ground: Mapping[int, str]
    rule: PublicRule

    def told(self, **where: object) -> int | None:
        """Return a count, or None where it is hidden or there is none."""
        rows = self.table.filter(**where)
        if rows.is_empty() or rows["hidden"][0]:
            return None
        return int(rows["cases"][0])


def public_counts(found: Overview, rule: PublicRule | None = None) -> PublicCounts:
    """Count the cases of a period for the public and decide what is hidden.

    Raises
    ------
    TooFewForPublic
        There are fewer cases than the rule's minimum.
    """
    rule = rule or PublicRule()
    groups = _groups(found, rule.resolution)
    if groups["cases"].sum() < rule.least:
        raise TooFewForPublic(
            "The period has fewer than {least} cases: a public edition would tell nothing. "
            "Choose a longer period.",
            least=rule.least,
        )
    table, released = _released(groups)
    hidden = suppressed(released, rule)
    return PublicCounts(
        table=table.with_columns(cases=pl.Series(released.values).cast(pl.Int64), hidden=hidden),
        ground=_most_of(found, rule.resolution),
        rule=rule,
    )


def _groups(found: Overview, resolution: int) -> pl.DataFrame:
    """Cases of every area × kind × cell that the ground allows, zeros included."""
    both = found.compared
    facts = both.source.facts
    tops = _top_of(found)
    kinds = pl.col("category").cast(pl.String).replace(dict(facts.family_of))
    held = facts.frame.filter(both.flags(both.now)).select(
        area=pl.col("area").cast(pl.String).replace_strict(tops, default=OUTSIDE),
        family=kinds,
        cell=pl.when("pile").then(0).otherwise(parent_expr(pl.col("cell"), resolution)),
    )
    counted = held.group_by(_COLUMNS).agg(cases=pl.len().cast(pl.Int64))
    ground = _ground(found, tops, resolution)
    pairs = pl.concat([ground, held.select("area", "cell")]).unique()
    families = pl.DataFrame({"family": sorted(set(facts.family_of.values()))})
    frame = pairs.join(families, how="cross")
    joined = frame.join(counted, on=_COLUMNS, how="left").with_columns(pl.col("cases").fill_null(0))
    return joined.sort(_COLUMNS)


def _top_of(found: Overview) -> Mapping[str, str]:
    """Area code → the topmost area it lies in."""
    areas = found.compared.source.facts.areas
    parent = {node.code: node.parent for node in areas}

    def top(code: str) -> str:
        above = parent.get(code)
        return code if above is None else top(above)

    return {code: top(code) for code in parent} | {OUTSIDE: OUTSIDE}


def _ground(found: Overview, tops: Mapping[str, str], resolution: int) -> pl.DataFrame:
    """Study ground by area and cell, as anybody can see it on a map: ``area``, ``cell``."""
    source = found.compared.source
    study = layers.study_table(source.city.layers)
    tree = layers.area_tree(source.city.layers).codes()
    rows = study["area"].to_list()
    named = [tops.get(tree[row], OUTSIDE) if 0 <= row < len(tree) else OUTSIDE for row in rows]
    cells = parent_of(study["cell"].to_numpy(), resolution)
    return pl.DataFrame(
        {"area": named, "cell": cells}, schema={"area": pl.String, "cell": pl.Int64}
    )


def _most_of(found: Overview, resolution: int) -> Mapping[int, str]:
    ground = _ground(found, _top_of(found), resolution)
    counted = ground.group_by("cell", "area").len()
    ordered = counted.sort(["len", "area"], descending=[True, False])
    return dict(ordered.unique("cell", keep="first").select("cell", "area").iter_rows())


_WAYS: Final[Mapping[str, tuple[str, ...]]] = {
    "all": (),
    "area": ("area",),
    "family": ("family",),
    "area_family": ("area", "family"),
    "cell": ("cell",),
}
"""The ways the cases are told, and the columns of each."""


def _released(groups: pl.DataFrame) -> tuple[pl.DataFrame, Released]:
    tables, rows = [], []
    for kind, by in _WAYS.items():
        table, membership = _one_way(groups, kind, by)
        tables.append(table)
        rows.append(membership)
    table = pl.concat(tables)
    parts = sparse.vstack(rows).tocsr()
    values = np.asarray(parts @ groups["cases"].to_numpy().astype(np.float64))
    return table, Released(parts=parts, values=values, siblings=_siblings(table))


def _one_way(groups: pl.DataFrame, kind: str, by: tuple[str, ...]) -> tuple[pl.DataFrame, Any]:
    """Counts of one way of telling, and which groups each adds up; cell 0 is no known place."""
    keys = groups.select(by) if by else groups.select(one=pl.col("cases") * 0)
    distinct = keys.unique().sort(keys.columns)
    number = distinct.with_row_index("count")
    at = keys.with_row_index("group").join(number, on=keys.columns, how="inner")
    shape = (len(distinct), len(groups))
    ones = np.ones(len(at))
    matrix = sparse.csr_array((ones, (at["count"].to_numpy(), at["group"].to_numpy())), shape=shape)
    blank = {
        name: pl.lit(None, kind_)
        for name, kind_ in (("area", pl.String), ("family", pl.String), ("cell", pl.Int64))
        if name not in by
    }
    told = distinct.with_columns(kind=pl.lit(kind), **blank).select("kind", *_COLUMNS)
    return told, matrix  # fmt: skip


def _siblings(table: pl.DataFrame) -> list[list[list[int]]]:
    """Tiers of what may be hidden for each count: its lines, their totals, all but the whole."""
    rows = table.with_row_index("at").to_dicts()
    by_line: dict[tuple[object, ...], list[int]] = {}
    for row in rows:
        for line in _lines(row):
            by_line.setdefault(line, []).append(row["at"])
    totals = [*by_line.get(("area",), []), *by_line.get(("family",), [])]
    every = [row["at"] for row in rows if row["kind"] != "all"]
    return [
        [
            [at for line in _lines(row) for at in by_line[line] if at != row["at"]],
            [at for at in totals if _above(rows[at], row)],
            [at for at in totals if at != row["at"]],
            [at for at in every if at != row["at"]],
        ]
        for row in rows
    ]


def _above(total: Mapping[str, Any], row: Mapping[str, Any]) -> bool:
    """Whether a total adds up the line a count lies in."""
    return bool(row["kind"] == "area_family" and row[total["kind"]] == total[total["kind"]])


def _lines(row: Mapping[str, Any]) -> list[tuple[object, ...]]:
    """Lines of a table that a count lies in."""
    if row["kind"] == "area_family":
        return [("in area", row["area"]), ("of kind", row["family"])]
    if row["kind"] == "all":
        return [("all",)]
    return [(row["kind"],)]
