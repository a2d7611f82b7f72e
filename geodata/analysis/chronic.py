"""The register of chronic sites 顽疾点位: where it keeps coming back, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import FollowUps


@dataclass(frozen=True, slots=True, kw_only=True)
class ChronicRule:
    """When a place is chronic. Change the rule here, never in a page.

    A place enters the register on the day of its ``rebounds``-th rebound of one kind within
    ``within_days``. It leaves after ``clear_days`` without any report of that kind, and may
    enter again only by rebounds after that.
    """

    rebounds: int = 3
    within_days: int = 90
    clear_days: int = 60
    source: str = "assumed; to be confirmed by the command centre"


DEFAULT_RULE: Final = ChronicRule()


@dataclass(frozen=True, kw_only=True)
class ChronicRegister:
    """Chronic sites, past and present.

    Attributes
    ----------
    table
        One row per stay in the register, the present ones first, then by rebounds: ``place``,
        ``kind``, ``entered``, ``last_rebound``, ``left`` (null while listed), ``rebounds``
        (from the first that counted for entry on), ``days_listed`` (until ``left`` or the end
        of the data). Times have the type of the cases' times.
    """

    table: pl.DataFrame
    rule: ChronicRule
    undecided: Reason | None

    @property
    def listed(self) -> pl.DataFrame:
        """The sites in the register at the end of the data."""
        return self.table.filter(pl.col("left").is_null())


def chronic_sites(
    followed: FollowUps, cases: pl.DataFrame, rule: ChronicRule = DEFAULT_RULE
) -> ChronicRegister:
    """Keep the register from what came back.

    Parameters
    ----------
    followed
        From `rebound.follow_ups`; its rule says what a rebound is. With ``place="cells"`` a
        rebound belongs to the cell of the case that was closed.
    cases
        The cases given to `rebound.follow_ups`: every report, rebound or not, keeps a site on
        the register.
    """
    back = _rebound_times(followed, cases)
    entries = _entries(back, rule)
    quiet = _quiet_from(cases, entries, followed.end, rule)
    stays = _stays(entries, quiet)
    table = _counted(stays, back, followed.end)
    return ChronicRegister(table=table, rule=rule, undecided=followed.undecided)


def _rebound_times(followed: FollowUps, cases: pl.DataFrame) -> pl.DataFrame:
    """``kind``, ``place`` and time ``at`` of every rebound, in order."""
    reported = cases.select(rebound_case="case", at="reported")
    return (
        followed.table.filter(pl.col("rebound"))
        .select("kind", "place", "rebound_case")
        .join(reported, on="rebound_case", how="inner")
        .sort("kind", "place", "at")
    )


def _entries(back: pl.DataFrame, rule: ChronicRule) -> pl.DataFrame:
    """Rebounds that complete a run of enough within the window, and when the run ``began``."""
    began = pl.col("at").shift(rule.rebounds - 1).over("kind", "place")
    return back.select("kind", "place", "at", began=began).filter(
        pl.col("at") - pl.col("began") <= timedelta(days=rule.within_days)
    )


def _quiet_from(
    cases: pl.DataFrame, entries: pl.DataFrame, end: date | datetime, rule: ChronicRule
) -> pl.DataFrame:
    """Reports that were followed by a long enough silence, at places that ever entered."""
    sites = entries.select("kind", "place").unique()
    following = pl.col("reported").shift(-1).over("kind", "place", order_by="reported")
    return (
        cases.filter(pl.col("reported") <= end)
        .select("kind", "place", "reported")
        .join(sites, on=["kind", "place"], how="semi")
        .sort("kind", "place", "reported")
        .with_columns(silence=following.fill_null(end) - pl.col("reported"))
        .filter(pl.col("silence") > timedelta(days=rule.clear_days))
        .select(
            "kind", "place", last="reported", left=pl.col("reported") + timedelta(rule.clear_days)
        )
    )


def _stays(entries: pl.DataFrame, quiet: pl.DataFrame) -> pl.DataFrame:
    """First entry of each stay with the silence that ends it.

    A run of rebounds that spans a silence began before the site had left: it does not count.
    """
    keys = ["kind", "place"]
    silent_before = quiet.select(*keys, since="last", _last="last").sort("since")
    runs = (
        entries.sort("at")
        .join_asof(
            silent_before,
            left_on="at",
            right_on="since",
            by=keys,
            strategy="backward",
            allow_exact_matches=False,
            check_sortedness=False,
        )
        .filter(pl.col("_last").is_null() | (pl.col("began") > pl.col("_last")))
    )
    ends = quiet.sort("last").with_columns(_at=pl.col("last"))
    ended = runs.sort("at").join_asof(
        ends, left_on="at", right_on="_at", by=keys, strategy="forward", check_sortedness=False
    )
    return ended.sort(*keys, "at").unique([*keys, "left"], keep="first", maintain_order=True)


def _counted(stays: pl.DataFrame, back: pl.DataFrame, end: date | datetime) -> pl.DataFrame:
    """Count the rebounds of each stay and put the present ones first."""
    until = pl.col("left").fill_null(end)
    during = stays.select("kind", "place", "began", entered="at", left="left").join(
        back, on=["kind", "place"], how="left"
    )
    own = (pl.col("at") >= pl.col("began")) & (pl.col("at") <= until)
    table = (
        during.filter(own)
        .group_by("kind", "place", "entered", "left")
        .agg(rebounds=pl.len(), last_rebound=pl.col("at").max())
        .with_columns(days_listed=(until - pl.col("entered")).dt.total_days())
    )
    return table.select(
        "place", "kind", "entered", "last_rebound", "left", "rebounds", "days_listed"
    ).sort(
        [pl.col("left").is_not_null(), pl.col("rebounds"), pl.col("place"), pl.col("kind")],
        descending=[False, True, False, False],
    )
