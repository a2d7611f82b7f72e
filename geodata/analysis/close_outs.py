"""Close-outs and reports in order of place and time, for searching a million of them at once."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.spatial.cells import disks_of

Integers = npt.NDArray[np.int64]
Reals = npt.NDArray[np.float64]

DAY_S: Final = 86_400

NEVER: Final = np.iinfo(np.int64).max


@dataclass(frozen=True, kw_only=True)
class CloseOuts:
    """Closed cases and reports, each in a group of one kind at one place.

    Close-outs are sorted by group, time of close-out, time of report and row. A group is
    ``kind × places + place``.

    Attributes
    ----------
    closed_row, closed_group, closed_s
        Row of the cases, group, and second of close-out.
    report_row, report_group, report_s
        The same of every report with a place, in order of group.
    places
        The place of each number; ``near`` lists the numbers that count as the same place,
        itself first, −1 where there is none.
    """

    closed_row: Integers
    closed_group: Integers
    closed_s: Integers
    report_row: Integers
    report_group: Integers
    report_s: Integers
    places: Integers
    near: Integers
    first_s: int
    span_s: int
    unplaced: int
    disordered: int

    def with_disks(self, rings: int) -> CloseOuts:
        """Count H3 cells within ``rings`` steps as the same place; places are cells."""
        rows, cells = disks_of(self.places, rings)
        at = np.minimum(np.searchsorted(self.places, cells), max(len(self.places) - 1, 0))
        known = self.places[at] == cells if len(self.places) else np.zeros(0, bool)
        other = known & (at != rows)
        rows, at = rows[other], at[other]
        nth = np.arange(len(rows)) - np.searchsorted(rows, rows) + 1
        near = np.full((len(self.places), int(nth.max(initial=0)) + 1), -1, dtype=np.int64)
        near[:, 0] = np.arange(len(self.places))
        near[rows, nth] = at
        return replace(self, near=near)

    def key(self, group: Integers, second: Integers) -> Integers:
        """One number that orders by group, then by time."""
        return group * self.span_s + (second - self.first_s)


def close_outs(cases: pl.DataFrame, end_s: int) -> CloseOuts:
    """Sort the close-outs and reports of ``cases`` (see `rebound.follow_ups`) up to ``end_s``."""
    reported, closed = (_seconds(cases[name]) for name in ("reported", "closed"))
    place = cases["place"].fill_null(-1).to_numpy().astype(np.int64)
    known = (place >= 0) & cases["kind"].is_not_null().to_numpy()
    closing = (cases["closed"].is_not_null() & cases["reported"].is_not_null()).to_numpy()
    closing &= closed <= end_s
    reports = known & cases["reported"].is_not_null().to_numpy() & (reported <= end_s)
    kept = known & closing & (closed >= reported)
    places, number = np.unique(place[known], return_inverse=True)
    group = np.full(len(cases), -1, dtype=np.int64)
    group[known] = _codes(cases["kind"])[known] * len(places) + number
    rows = np.flatnonzero(kept)
    rows = rows[np.lexsort((rows, reported[rows], closed[rows], group[rows]))]
    asked = np.flatnonzero(reports)
    asked = asked[np.lexsort((reported[asked], group[asked]))]
    first = int(reported[asked].min(initial=end_s))
    return CloseOuts(
        closed_row=rows,
        closed_group=group[rows],
        closed_s=closed[rows],
        report_row=asked,
        report_group=group[asked],
        report_s=reported[asked],
        places=places,
        near=np.arange(len(places))[:, None],
        first_s=first,
        span_s=end_s - first + 2,
        unplaced=int((closing & ~known).sum()),
        disordered=int((closing & known & (closed < reported)).sum()),
    )


def _seconds(times: pl.Series) -> Integers:
    """Seconds since 1970; 0 where null (such rows are left out by their null)."""
    return times.cast(pl.Datetime("us")).dt.epoch("s").fill_null(0).to_numpy().astype(np.int64)


def _codes(kinds: pl.Series) -> Integers:
    return kinds.cast(pl.String).rank("dense").fill_null(0).to_numpy().astype(np.int64)


def nearest_before(found: CloseOuts) -> Integers:
    """Tell for each report the close-out it comes back on: the last before it at its place.

    Of several close-outs at the same second, one at the very same place wins, then the one
    reported last. −1 where there is none.
    """
    keys = found.key(found.closed_group, found.closed_s)
    best = np.full(len(found.report_s), -1, dtype=np.int64)
    if not len(keys):
        return best
    best_s = np.full(len(best), -NEVER, dtype=np.int64)
    for group in _groups_near(found, found.report_group):
        at = np.searchsorted(keys, found.key(group, found.report_s)) - 1
        there = (at >= 0) & (group >= 0) & (found.closed_group[at] == group)
        better = there & (found.closed_s[at] > best_s)
        best[better] = at[better]
        best_s[better] = found.closed_s[at[better]]
    return best


def next_after(found: CloseOuts) -> Integers:
    """Second at which a later close-out of its kind at its place takes over; `NEVER` if none."""
    keys = found.key(found.closed_group, found.closed_s)
    soonest = np.full(len(keys), NEVER, dtype=np.int64)
    for nth, group in enumerate(_groups_near(found, found.closed_group)):
        own = np.arange(1, len(keys) + 1)
        at = np.searchsorted(keys, found.key(group, found.closed_s), side="right") if nth else own
        at = np.minimum(at, len(keys) - 1)
        there = (group >= 0) & (found.closed_group[at] == group) & (at != np.arange(len(keys)))
        soonest = np.where(there, np.minimum(soonest, found.closed_s[at]), soonest)
    return soonest


def _groups_near(found: CloseOuts, group: Integers) -> list[Integers]:
    """Groups of the same kind at each place that counts as the same, −1 where there is none."""
    if not len(group):
        return []
    kind, place = np.divmod(group, len(found.places))
    near = found.near[place]
    return [
        np.where(near[:, nth] >= 0, kind * len(found.places) + near[:, nth], -1)
        for nth in range(near.shape[1])
    ]


def usual_per_day(found: CloseOuts) -> Reals:
    """Other reports of its kind at its place, per day of data, for each close-out."""
    groups = int(max(found.report_group.max(initial=0), found.closed_group.max(initial=0))) + 1
    counts = np.bincount(found.report_group, minlength=groups)
    near = np.zeros(len(found.closed_s))
    for group in _groups_near(found, found.closed_group):
        near += np.where(group >= 0, counts[np.clip(group, 0, groups - 1)], 0)
    return np.asarray((near - 1) * DAY_S / max(found.span_s, DAY_S))
