"""Where to look back next week 回头看, and where it keeps coming back 顽固点.

Both lists are of places: a selection's period does not shorten them, its other filters do.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

import polars as pl

from geodata.analysis.chronic import DEFAULT_RULE as CHRONIC
from geodata.analysis.chronic import ChronicRule, chronic_sites
from geodata.analysis.facts import NO_AREA
from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import DEFAULT_RULE, FollowUps, ReboundRule
from geodata.analysis.rebound_excess import rebound_excess
from geodata.analysis.revisits import DEFAULT_RULE as WEEK
from geodata.analysis.revisits import RevisitRule, revisits
from geodata.domain.selection import Selection
from geodata.findings.periods import timeless
from geodata.findings.rebounds.close_outs import close_outs_of, reports_of
from geodata.findings.rebounds.rebound import CLEAR
from geodata.findings.source import Source
from geodata.spatial.cells import centres_of
from geodata.store.details import cases_of
from geodata.store.lake import Lake

_KEYS: Final = ["kind", "place"]


@dataclass(frozen=True, kw_only=True)
class LookBack:
    """The re-inspection list of the coming days.

    Attributes
    ----------
    table
        One row per clear place and kind, the likeliest to come back first: ``rank``, ``place``
        (segment row, or cell), ``kind``, ``street`` (null off every street), ``area``,
        ``unit_grid``, ``lon``, ``lat`` (WGS-84; middle of the last case's cell), ``category``,
        ``office``, ``row`` (of the facts), ``closed``, ``clear_days``, ``expected`` (rebounds),
        ``chance`` (of at least one), ``times_usual``, ``past_rebounds``, ``chronic`` (in the
        register).
    expected
        Rebounds to be expected at all clear places together.
    unknown
        Places clear for longer than any case was watched: nothing can be said, so not listed.
    from_on, until_on
        The days the list is for.
    """

    table: pl.DataFrame
    expected: float
    unknown: int
    from_on: date
    until_on: date
    rule: RevisitRule
    rebound: ReboundRule
    undecided: Reason | None

    @property
    def places(self) -> int:
        """Clear places on the list."""
        return len(self.table)

    def share_of_first(self, most: int) -> float | None:
        """Share of the expected rebounds that the first ``most`` visits cover; None without any."""
        if not self.expected:
            return None
        return float(self.table["expected"].head(most).sum()) / self.expected


def look_back(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    rule: ReboundRule = DEFAULT_RULE,
    ahead: RevisitRule = WEEK,
) -> LookBack:
    """Rank the clear places of a selection by the rebounds to be expected in the coming days.

    How often a place comes back is learnt from the whole city; the filters only choose the rows,
    by the case that was closed there last.
    """
    chosen = timeless(selection)
    return source.remember(
        ("look back", chosen, rule, ahead), lambda: _look_back(source, chosen, rule, ahead)
    )


def _look_back(
    source: Source, selection: Selection, rule: ReboundRule, ahead: RevisitRule
) -> LookBack:
    everything = reports_of(source, rule).followed
    ranked = source.remember(("revisits", rule, ahead), lambda: revisits(everything, ahead))
    keep = source.keep(selection)
    mine = ranked.table.filter(pl.Series(keep[ranked.table["row"].to_numpy()], dtype=pl.Boolean))
    known = mine.filter(~pl.col("beyond_data"))
    last = source.facts.last_day
    chronic = chronic_register(source, rule=rule).listed.select(*_KEYS, chronic=pl.lit(value=True))
    table = _placed(source, known).join(chronic, on=_KEYS, how="left", maintain_order="left")
    empty = Reason.NO_CLOSED_CASES if mine.is_empty() else None
    return LookBack(
        table=table.with_columns(pl.col("chronic").fill_null(value=False)).with_row_index(
            "rank", offset=1
        ),
        expected=float(known["expected"].sum()),
        unknown=len(mine) - len(known),
        from_on=last + timedelta(days=1),
        until_on=last + timedelta(days=int(ahead.within_days)),
        rule=ahead,
        rebound=rule,
        undecided=ranked.undecided or empty,
    )


def _placed(source: Source, table: pl.DataFrame) -> pl.DataFrame:
    """Where each last case lay, whose it was and what it was."""
    facts, rows = source.facts, table["row"]
    segment = facts.frame["segment"].gather(rows)
    cells = facts.frame["cell"].gather(rows).to_numpy()
    lon, lat = centres_of(cells).T if len(cells) else ([], [])
    known = table.select(
        *_KEYS, "row", "closed", "clear_days", "expected", "chance", "times_usual", "past_rebounds"
    )
    area = facts.frame["area"].gather(rows).cast(pl.String)
    return known.with_columns(
        street=facts.segments["street"].gather(segment.set(segment < 0, None)).replace("", None),
        area=area.set(area == NO_AREA, None),
        unit_grid=facts.frame["unit_grid"].gather(rows).cast(pl.String),
        category=facts.frame["category"].gather(rows).cast(pl.String),
        office=facts.frame["office"].gather(rows).cast(pl.String),
        lon=pl.Series(lon, dtype=pl.Float64),
        lat=pl.Series(lat, dtype=pl.Float64),
    )


def with_case_ids(source: Source, table: pl.DataFrame) -> pl.DataFrame:
    """Add ``case_id`` of the ``row`` of each line, read from the lake: for lists handed out."""
    rows = table["row"].to_numpy().astype("int64")
    found = cases_of(Lake(source.city.lake), source.facts, rows)
    keys = source.facts.frame["key"].gather(table["row"])
    ids = found.select("case_id", key=pl.col("case_id").hash(seed=0))
    return table.with_columns(key=keys).join(ids, on="key", how="left", maintain_order="left")


@dataclass(frozen=True, kw_only=True)
class Register:
    """Chronic sites, past and present, each against its own usual level.

    Attributes
    ----------
    table
        As `chronic.ChronicRegister.table`, and ``row`` (last close-out there), ``street``,
        ``area``, ``category``, ``office``, ``lon``, ``lat``, ``expected`` (reports the place's
        usual level would have brought after its close-outs), ``ratio``, ``q`` and ``beyond``
        (it comes back sooner than that level explains). Present ones first, those ``beyond``
        before the others, then by rebounds.
    """

    table: pl.DataFrame
    rule: ChronicRule
    rebound: ReboundRule
    undecided: Reason | None

    @property
    def listed(self) -> pl.DataFrame:
        """The sites in the register on the data's last day."""
        return self.table.filter(pl.col("left").is_null())

    @property
    def beyond(self) -> int:
        """Sites listed that come back sooner than their usual level explains."""
        return int(self.listed["beyond"].sum())


def chronic_register(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    rule: ReboundRule = DEFAULT_RULE,
    chronic: ChronicRule = CHRONIC,
) -> Register:
    """Keep the register of the city; the filters choose the rows by the last close-out there."""
    chosen = timeless(selection)
    everything = source.remember(
        ("register", rule, chronic), lambda: _register(source, rule, chronic)
    )
    keep = source.keep(chosen)
    rows = everything.table["row"].to_numpy()
    flags = pl.Series(keep[rows] if len(rows) else [], dtype=pl.Boolean)
    table = everything.table.filter(flags)
    nothing = close_outs_of(source, chosen, rule).followed.undecided
    return replace(everything, table=table, undecided=nothing)


def _register(source: Source, rule: ReboundRule, chronic: ChronicRule) -> Register:
    reports = reports_of(source, rule)
    kept = chronic_sites(reports.followed, reports.cases, chronic)
    last = reports.followed.table.sort("closed", "row").group_by(_KEYS).agg(pl.col("row").last())
    placed = _placed_sites(source, kept.table.join(last, on=_KEYS, how="left"))
    return Register(
        table=_against_usual(placed, reports.followed),
        rule=chronic,
        rebound=rule,
        undecided=kept.undecided,
    )


def _placed_sites(source: Source, sites: pl.DataFrame) -> pl.DataFrame:
    blank = sites.select(
        *_KEYS, "row",
        **{name: pl.lit(None, pl.Float64) for name in
           ("closed", "clear_days", "expected", "chance", "times_usual", "past_rebounds")},
    )  # fmt: skip
    named = _placed(source, blank).select("street", "area", "category", "office", "lon", "lat")
    return pl.concat([sites, named], how="horizontal")


def _against_usual(sites: pl.DataFrame, followed: FollowUps) -> pl.DataFrame:
    """Rebounds of each site against its usual level, over all its close-outs."""
    site = pl.concat_str(pl.col("kind").cast(pl.String), pl.col("place"), separator="|")
    here = followed.table.join(sites.select(_KEYS).unique(), on=_KEYS, how="semi")
    tested = rebound_excess(replace(followed, table=here.with_columns(site=site)), "site").table
    chance = tested.select("expected", "ratio", "q", site="code")
    beyond = ((pl.col("q") <= CLEAR) & (pl.col("ratio") > 1)).fill_null(value=False)
    return (
        sites.with_columns(site=site)
        .join(chance, on="site", how="left", maintain_order="left")
        .drop("site")
        .with_columns(beyond=beyond)
        .sort(
            [pl.col("left").is_not_null(), "beyond", "rebounds", "place", "kind"],
            descending=[False, True, True, False, False],
        )
    )
