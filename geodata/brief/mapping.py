"""The one map of a pack: cells, hot spots, silence, and the numbered places."""

from __future__ import annotations

from typing import Any

import polars as pl

from geodata.analysis.breaks import Breaks
from geodata.brief.phrases import Phrases
from geodata.findings.summing_up.compared import direction_of
from geodata.findings.summing_up.places import Places
from geodata.maps.state import breaks_of
from geodata.press.content import Callout, Change, MapContent
from geodata.spatial.cells import centres_of, parent_expr
from geodata.wording.numbers import count


def mapped(words: Phrases) -> MapContent:
    """Draw up the map; cells of default geocodes show only their true cases."""
    found, say = words.found, words.say
    where = found.places
    true = _true_cells(where)
    return MapContent(
        title=say("brief.map.title", now=words.now),
        resolution=where.resolution,
        cells=tuple(true["cell"].to_list()),
        cases=tuple(true["cases"].to_list()),
        study=tuple(where.study.tolist()),
        hot=tuple(sorted(where.hot)),
        silent=found.silent,
        breaks=_breaks(words, where.resolution),
        legend=legend(words, int(true["cases"].sum())),
        callouts=tuple(_callouts(words)),
        hot_streets=tuple(_hot_streets(where)),
        n=int(true["cases"].sum()),
    )


def _true_cells(where: Places) -> pl.DataFrame:
    cases = pl.col("cases") - pl.col("piled")
    return where.cells.with_columns(cases=cases).filter(pl.col("cases") > 0)


def _breaks(words: Phrases, resolution: int) -> tuple[float, ...]:
    source, days = words.source, max(words.both.days, 1)
    if not len(source.facts):
        return (1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 16.0)

    def compute() -> Breaks:
        return breaks_of(source.city, source.facts, "count", days)

    return tuple(source.remember(("brief breaks", days), compute)[str(resolution)])


def legend(words: Phrases, n: int) -> tuple[str, ...]:
    """Texts of the legend, first to last."""
    say = words.say
    told = [say("brief.map.unit", n=count(say, n)), say("brief.map.zero")]
    if words.found.silent:
        told.append(say("brief.map.silent"))
    if words.found.places.hot:
        told.append(say("brief.map.hot"))
    return (*told, say("brief.map.boundary"))


def _callouts(words: Phrases) -> list[Callout]:
    table = words.found.callouts
    at = centres_of(table["cell"].to_numpy())
    held = _whose(words)
    return [
        _callout(words, row, number, lon, lat, held.get(row["cell"], (None, None)))
        for number, (row, (lon, lat)) in enumerate(
            zip(table.iter_rows(named=True), at.tolist(), strict=True), 1
        )
    ]


def _callout(  # noqa: PLR0917 - one place, spelled out
    words: Phrases,
    row: dict[str, Any],
    number: int,
    lon: float,
    lat: float,
    whose: tuple[str | None, str | None],
) -> Callout:
    say = words.say
    area, office = whose
    return Callout(
        number=number,
        name=row["street"] or (words.area(area) if area else words.street(None)),
        note=spot_class(words, hot=row["hot"], new=row["new"]),
        detail=say("brief.detail", area=words.area(area), office=words.office(office)),
        cases=row["cases"],
        change=_change(words, row),
        cell=row["cell"],
        lon=lon,
        lat=lat,
        hot=row["hot"],
    )


def spot_class(words: Phrases, *, hot: bool, new: bool) -> str:
    """``新增热点``, ``持续热点``, or ``报告集中`` where no test found anything."""
    if not hot:
        return words.say("brief.note.crowded")
    known = words.found.places.spots_before is not None
    fate = "new" if new and known else "still"
    return words.say(f"brief.note.{fate}_hot")


def _change(words: Phrases, row: dict[str, Any]) -> Change:
    """Difference of the cell's counts; without a verdict, one cell is not tested alone."""
    both = words.both
    if both.before is None or both.per_day:
        return Change(text="")
    difference = row["cases"] - row["before"]
    return Change(text=words.counted(abs(difference)), direction=direction_of(difference))


def _whose(words: Phrases) -> dict[int, tuple[str | None, str | None]]:
    """Area and office with most cases of each numbered cell."""
    where, both = words.found.places, words.both
    wanted = words.found.callouts["cell"]
    rows = words.source.facts.frame.filter(both.flags(both.now), ~pl.col("pile")).select(
        pl.col("area", "office").cast(pl.String),
        cell=parent_expr(pl.col("cell"), where.resolution),
    )
    rows = rows.filter(pl.col("cell").is_in(wanted.implode()))
    found: dict[int, tuple[str | None, str | None]] = {}
    areas, offices = _most(rows, "area"), _most(rows, "office")
    for cell in wanted.to_list():
        found[cell] = (areas.get(cell), offices.get(cell))
    return found


def _most(rows: pl.DataFrame, column: str) -> dict[int, str]:
    counted = rows.group_by("cell", column).len().sort(["len", column], descending=[True, False])
    return dict(counted.unique("cell", keep="first").select("cell", column).iter_rows())


def _hot_streets(where: Places) -> list[str]:
    """Streets to label first: those with hot spots, then the fullest."""
    hot = where.streets.filter(pl.col("hot") > 0)["street"].to_list()
    return list(dict.fromkeys([*hot, *where.streets["street"].head(12).to_list()]))
