"""How soon it came back, by phase of closing; each phase tested against the one before it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl

from geodata.analysis.rebound import DEFAULT_RULE, FollowUps, ReboundRule
from geodata.analysis.rebound_rates import RateChange, compare_rates
from geodata.analysis.survival import Survival
from geodata.domain.selection import Selection
from geodata.findings.rebounds.close_outs import close_outs_of
from geodata.findings.source import Source


@dataclass(frozen=True, kw_only=True)
class PhaseCurve:
    """How soon cases closed in one phase came back, against the phase before it.

    Attributes
    ----------
    change
        Difference of the rates (this phase − ``before``), tested; None for the first phase.
    """

    code: str
    survival: Survival
    closed: int
    followed: int
    rate: float | None
    before: str | None
    change: RateChange | None


def curves_by_phase(
    source: Source,
    selection: Selection = Selection(),  # noqa: B008 - frozen
    *,
    rule: ReboundRule = DEFAULT_RULE,
) -> tuple[PhaseCurve, ...]:
    """One curve per phase of closing with a close-out, in order of time; phases filter apart."""
    key = ("rebound curves", replace(selection, statuses=None), rule)
    return source.remember(key, lambda: _curves(source, selection, rule))


def _curves(source: Source, selection: Selection, rule: ReboundRule) -> tuple[PhaseCurve, ...]:
    followed = close_outs_of(source, selection, rule).followed
    phase = pl.col("phase").cast(pl.String)
    values = followed.table["phase"].dtype.categories.to_list()  # type: ignore[attr-defined]
    parts = {code: followed.only(phase == code) for code in values}
    parts = {code: part for code, part in parts.items() if len(part.table)}
    found: list[PhaseCurve] = []
    earlier: str | None = None
    for code, part in parts.items():
        change = None if earlier is None else compare_rates(parts[earlier], part)
        found.append(_curve(code, part, earlier, change))
        earlier = code
    return tuple(found)


def _curve(code: str, part: FollowUps, before: str | None, change: RateChange | None) -> PhaseCurve:
    seen = part.table.filter("followed")["rebound"]
    return PhaseCurve(
        code=code,
        survival=part.survival(),
        closed=len(part.table),
        followed=len(seen),
        rate=float(np.mean(seen.to_numpy())) if len(seen) else None,
        before=before,
        change=change,
    )
