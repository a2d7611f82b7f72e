"""Did it come back? How often, where, whose, how soon, and more than chance alone would bring.

The rate is rebounds ÷ close-outs watched for the whole window. On a busy street something is
always reported again: beside every rate stands what the places' usual level would bring anyway.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Final, Literal

import polars as pl

from geodata.analysis.answers import Answer, Scope, Value, Withheld
from geodata.analysis.facts import NO_AREA
from geodata.analysis.partial_pooling import pool_shares
from geodata.analysis.ranking import RankRule
from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import DEFAULT_RULE, FollowUps, ReboundRule
from geodata.analysis.rebound_excess import rebound_excess
from geodata.analysis.rebound_rates import rebound_rates
from geodata.analysis.survival import Survival
from geodata.domain.selection import Selection
from geodata.findings.rebounds.close_outs import close_outs_of
from geodata.findings.source import Source
from geodata.wording import Words

By = Literal["street", "office", "category", "family", "area", "phase"]

CLEAR: Final = 0.05
"""Share of false findings among the groups called more than usual (Benjamini–Hochberg)."""

NO_STREET: Final = "unassigned"
"""Unit of the close-outs on no street; only cells hold such."""


@dataclass(frozen=True, kw_only=True)
class ReboundFinding:
    """Close-outs of a selection taken together.

    Attributes
    ----------
    rate
        Rebounds ÷ close-outs followed in full, or why there is none; Wilson interval on as many
        cases as the places are worth.
    excess
        Rebounds ÷ reports expected anyway, over the days watched, with an exact interval.
    reopened
        Closed cases that failed verification at least once 返工 ÷ closed cases whose returns are
        recorded: another thing than a rebound, shown apart.
    closed, followed
        Close-outs with a place, and those watched for the whole window.
    superseded
        Close-outs whose watch a later close-out at the place took over.
    unplaced
        Close-outs of the city without a place or kind: they cannot come back.
    survival
        Kaplan–Meier time to rebound.
    """

    rule: ReboundRule
    rate: Answer
    excess: Answer
    reopened: Answer
    closed: int
    followed: int
    superseded: int
    median_days: float | None
    unplaced: int
    survival: Survival
    scope: Scope

    @property
    def undecided(self) -> Reason | None:
        """Why there is no rate."""
        return self.rate.reason if isinstance(self.rate, Withheld) else None


def rebounds(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    rule: ReboundRule = DEFAULT_RULE,
    say: Words | None = None,
) -> ReboundFinding:
    """Take all close-outs of a selection together; a period is that of closing."""
    meant = close_outs_of(source, selection, rule)
    scope, followed = meant.scope(source, say), meant.followed
    row = rebound_rates(followed).table.to_dicts()
    counts = row[0] if row else dict.fromkeys(("closed", "followed", "superseded"), 0)
    return ReboundFinding(
        rule=rule,
        rate=_rate(followed, counts, scope),
        excess=_excess(followed, scope),
        reopened=_reopened(counts, scope),
        closed=counts["closed"],
        followed=counts["followed"],
        superseded=counts["superseded"],
        median_days=counts.get("median_days"),
        unplaced=followed.unplaced,
        survival=followed.survival(),
        scope=scope,
    )


def _rate(followed: FollowUps, row: dict[str, Any], scope: Scope) -> Answer:
    if not row["followed"]:
        reason = followed.undecided or Reason.FOLLOW_UP_TOO_SHORT
        return Withheld(formula="rebound_rate", reason=reason, scope=scope)
    return Value(
        formula="rebound_rate", value=row["rate"], unit="share", numerator=row["rebounds"],
        denominator=row["followed"], n=row["followed"], lower=row["low"], upper=row["high"],
        level=0.95, scope=scope,
    )  # fmt: skip


def _excess(followed: FollowUps, scope: Scope) -> Answer:
    together = replace(followed, table=followed.table.with_columns(all=pl.lit("all")))
    found = rebound_excess(together, "all").table
    if found.is_empty() or found["ratio"][0] is None:
        reason = followed.undecided or Reason.NO_REBOUNDS
        return Withheld(formula="rebound_excess", reason=reason, scope=scope)
    row = found.row(0, named=True)
    return Value(
        formula="rebound_excess", value=row["ratio"], unit="ratio", numerator=row["rebounds"],
        denominator=row["expected"], n=row["closed"], lower=row["low"], upper=row["high"],
        level=0.95, scope=scope,
    )  # fmt: skip


def _reopened(row: dict[str, Any], scope: Scope) -> Answer:
    whole = row.get("reopened_of") or 0
    if not whole:
        reason = Reason.NOT_RECORDED if row["closed"] else Reason.NO_CLOSED_CASES
        return Withheld(formula="reopened_rate", reason=reason, scope=scope)
    return Value(
        formula="reopened_rate", value=row["reopened"] / whole, unit="share",
        numerator=row["reopened"], denominator=whole, n=whole, scope=scope,
    )  # fmt: skip


def rebounds_by(
    source: Source,
    by: By,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    rule: ReboundRule = DEFAULT_RULE,
) -> pl.DataFrame:
    """Rates by street, office, category, family, area or phase of closing.

    Returns
    -------
    polars.DataFrame
        One row per unit with a close-out: ``unit``, ``closed``, ``followed``, ``rebounds``,
        ``median_days``, ``reopened``; ``raw`` with ``shrunk``, ``lower``, ``upper`` (drawn
        towards what is usual, on as many cases as the places are worth); ``seen`` (rebounds in
        the days watched, also of close-outs not yet followed in full), ``expected`` (reports
        the places' usual level would bring in those days), ``ratio`` with ``ratio_low`` and
        ``ratio_high``, ``q``; ``verdict``; and ``undecided``, the reason why there is no
        verdict. Below ``city.ranks.least_n`` followed close-outs nothing but counts is given.
        Clearest excess first; phases in order of time. Empty in, empty out.

        ``verdict`` is ``worse`` where it comes back sooner than the places' level explains
        (q ≤ `CLEAR`) and the whole interval lies above the rate of all; ``busy`` where only the
        interval does: much is reported there anyway; ``beyond`` where only the first holds;
        ``better`` where the whole interval lies below; else ``usual``.
    """
    key = ("rebounds by", by, replace(selection, statuses=None), rule, source.city.ranks)
    return source.remember(key, lambda: _by(source, by, selection, rule))


def _by(source: Source, by: By, selection: Selection, rule: ReboundRule) -> pl.DataFrame:
    followed = close_outs_of(source, selection, rule).followed
    unit = pl.col(by).cast(pl.String).replace("", None).fill_null(NO_STREET)
    followed = replace(followed, table=followed.table.with_columns(unit=unit))
    ranks = source.city.ranks
    rates = rebound_rates(followed, "unit", confidence=ranks.level).table.rename({"code": "unit"})
    table = _judged(_pooled(_with_reasons(rates, ranks), ranks), _chance(followed))
    if by == "phase":
        values = source.facts.campaign.values if source.facts.campaign else table["unit"].to_list()
        return table.sort(pl.col("unit").cast(pl.Enum(values)))
    return table.sort(
        [pl.col("undecided").is_not_null(), "p", "ratio", "unit"],
        descending=[False, False, True, False],
        nulls_last=True,
    )


def _with_reasons(rates: pl.DataFrame, ranks: RankRule) -> pl.DataFrame:
    nobody = [*ranks.nobody, NO_STREET, NO_AREA]
    return rates.with_columns(
        undecided=pl.when(pl.col("unit").is_in(nobody))
        .then(pl.lit(Reason.NOT_A_UNIT.value))
        .when(pl.col("followed") == 0)
        .then(pl.lit(Reason.FOLLOW_UP_TOO_SHORT.value))
        .when(pl.col("followed") < ranks.least_n)
        .then(pl.lit(Reason.TOO_FEW_CASES.value))
    )


def _pooled(rates: pl.DataFrame, ranks: RankRule) -> pl.DataFrame:
    """Shrink the rates of units with enough close-outs; one alone has nobody to borrow from."""
    enough = rates.filter(pl.col("undecided").is_null())
    if len(enough) < 2:  # noqa: PLR2004
        few = pl.col("undecided").is_null()
        return rates.with_columns(
            raw="rate",
            shrunk=pl.when(few).then("rate"),
            lower=pl.when(few).then("low"),
            upper=pl.when(few).then("high"),
        )
    whole = enough["effective"].to_numpy()
    part = enough["rate"].to_numpy() * whole
    pooled = pool_shares(part, whole, draws=ranks.draws, seed=ranks.seed)
    lower, upper = pooled.limits(ranks.level)
    shrunk = enough.select("unit").with_columns(
        shrunk=pl.Series(pooled.mean), lower=pl.Series(lower), upper=pl.Series(upper)
    )
    return rates.with_columns(raw="rate").join(shrunk, on="unit", how="left", maintain_order="left")


def _chance(followed: FollowUps) -> pl.DataFrame:
    return rebound_excess(followed, "unit").table.select(
        pl.col("code").alias("unit"), "expected", "ratio", "p", "q",
        seen="rebounds", ratio_low="low", ratio_high="high",
    )  # fmt: skip


def _judged(rates: pl.DataFrame, chance: pl.DataFrame) -> pl.DataFrame:
    whole = int(rates["rebounds"].sum()) / max(int(rates["followed"].sum()), 1)
    beyond = (pl.col("q") <= CLEAR) & (pl.col("ratio") > 1)
    above = pl.col("lower") > whole
    verdict = (
        pl.when(pl.col("undecided").is_not_null())
        .then(None)
        .when(beyond & above)
        .then(pl.lit("worse"))
        .when(above)
        .then(pl.lit("busy"))
        .when(beyond)
        .then(pl.lit("beyond"))
        .when(pl.col("upper") < whole)
        .then(pl.lit("better"))
        .otherwise(pl.lit("usual"))
    )
    joined = rates.join(chance, on="unit", how="left", maintain_order="left")
    return joined.with_columns(verdict=verdict).select(
        "unit", "closed", "followed", "rebounds", "median_days", "reopened", "raw", "shrunk",
        "lower", "upper", "seen", "expected", "ratio", "ratio_low", "ratio_high", "p", "q",
        "verdict", "undecided",
    )  # fmt: skip
