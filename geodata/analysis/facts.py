"""The narrow frame every number is computed from, and which of its rows a selection keeps."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import Final

import numpy as np
import numpy.typing as npt
import polars as pl

from geodata.analysis.flags import Keep, Rows, unpacked
from geodata.domain.campaign import Campaign
from geodata.domain.case import UNASSIGNED
from geodata.domain.category import UNMAPPED
from geodata.domain.selection import Selection
from geodata.domain.tree import Tree
from geodata.spatial import cells

NO_AREA: Final = "none"
"""Area value of cases outside every area."""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All cases of one lake version, narrow and typed; shared by every session, never changed.

    Attributes
    ----------
    frame
        One row per case, sorted by ``cell``, then ``segment``: ``cell`` (Int64, resolution 12),
        ``segment``
        (row of ``segments``, −1 = unassigned; a default geocode is on no street), ``area``,
        ``unit_grid`` (Enum, null outside all), ``category``, ``office`` (Enums;
        ``unassigned``/``unmapped``/``none`` are values), ``assisting`` (Enum of ``;``-joined
        codes), ``channel``, ``status``, ``phase`` (Enums), ``reported_on``, ``closed_on``,
        ``due_on`` (Dates, city time), ``hour``, ``in_hours``, ``area_m2``,
        ``returns`` (null where not recorded), ``m_to_<kind>``, ``pile``, ``key`` (hash of the
        case id).
    segments
        One row per street segment in file order: ``segment``, ``street``, ``class``,
        ``length_m``, ``office``.
    as_of
        End of the last report day, city time: what "open" and "overdue" refer to.
    mine
        Offices whose own cases these are; None where all cases of the city are here.
    """

    frame: pl.DataFrame
    version: int
    as_of: datetime
    segments: pl.DataFrame
    offices: Tree
    areas: Tree
    family_of: dict[str, str]
    campaign: Campaign | None = None
    mine: frozenset[str] | None = None
    _codes: dict[str, list[str]] = field(default_factory=dict, repr=False, compare=False)
    _starts: dict[int, tuple[cells.Cells, Rows]] = field(
        default_factory=dict, repr=False, compare=False
    )

    def __len__(self) -> int:
        return len(self.frame)

    @property
    def last_day(self) -> date:
        """Last report day."""
        return self.as_of.date() - timedelta(days=1)

    @cached_property
    def first_day(self) -> date:
        """First report day; the last one when there is no case."""
        first = self.frame["reported_on"].min()
        return first if isinstance(first, date) else self.last_day

    @cached_property
    def rows_with_area(self) -> Rows:
        """Rows of the cases that report an area in m²: few, so that sums visit only those."""
        return np.flatnonzero(self.frame["area_m2"].to_numpy() > 0)

    @cached_property
    def areas_m2(self) -> npt.NDArray[np.float64]:
        """Reported m² of the `rows_with_area`."""
        return self.frame["area_m2"].gather(self.rows_with_area).cast(pl.Float64).to_numpy()

    @cached_property
    def rows_piled(self) -> Rows:
        """Rows of the cases on a default geocode."""
        return np.flatnonzero(self.frame["pile"].to_numpy())

    @cached_property
    def segment_runs(self) -> tuple[npt.NDArray[np.int32], Rows]:
        """Segment of each run of rows that share cell and segment, and the row where it begins."""
        cell, segment = self.frame["cell"].to_numpy(), self.frame["segment"].to_numpy()
        starts = starts_of((cell[1:] != cell[:-1]) | (segment[1:] != segment[:-1]), len(cell))
        return segment[starts], starts

    @cached_property
    def segments_and_none(self) -> pl.DataFrame:
        """``segments`` with a last row of nulls, for the cases on none of them."""
        none = {name: [None] for name in self.segments.columns}
        return pl.concat([self.segments, pl.DataFrame(none, schema=self.segments.schema)])

    @cached_property
    def street_of_segment(self) -> tuple[npt.NDArray[np.uint32], list[str]]:
        """Street of each segment as a position in the list of all names, which is in order."""
        return _positions(self.segments["street"])

    @cached_property
    def class_of_segment(self) -> tuple[npt.NDArray[np.uint32], list[str]]:
        """Street class of each segment as a position in the list of all classes."""
        return _positions(self.segments["class"])

    def codes(self, column: str) -> list[str]:
        """Every code a coded column can take, in listed order."""
        if column not in self._codes:
            self._codes[column] = self.frame[column].dtype.categories.to_list()  # type: ignore[attr-defined]
        return self._codes[column]

    def runs(self, resolution: int) -> tuple[cells.Cells, Rows]:
        """Return the distinct cells at a resolution and the row where each one's cases begin.

        Rows are sorted by cell, and a parent keeps that order: one pass, kept for next time.
        """
        if resolution not in self._starts:
            parents = cells.parent_of(self.frame["cell"].to_numpy(), resolution)
            starts = starts_of(parents[1:] != parents[:-1], len(parents))
            self._starts[resolution] = (parents[starts], starts)
        return self._starts[resolution]


def _positions(column: pl.Series) -> tuple[npt.NDArray[np.uint32], list[str]]:
    """Texts as positions in the list of those there are, in order."""
    texts = column.cast(pl.String).fill_null("").to_list()
    listed = sorted(set(texts))
    position = {text: at for at, text in enumerate(listed)}
    return np.array([position[text] for text in texts], dtype=np.uint32), listed


def starts_of(changes: Keep, rows: int) -> Rows:
    """Row where each run begins, given whether each row but the first differs from the last."""
    return np.concatenate([np.zeros(min(rows, 1), np.int64), np.flatnonzero(changes) + 1])


def kept(facts: Facts, selection: Selection) -> Keep:
    """Which cases a selection means; one flag per row of ``facts.frame``."""
    wanted = list(conditions(facts, selection))
    if not wanted:
        return np.ones(len(facts), dtype=bool)
    answer = facts.frame.lazy().select(keep=pl.all_horizontal(wanted)).collect()
    return unpacked(answer["keep"])


def conditions(facts: Facts, selection: Selection) -> Iterable[pl.Expr]:
    """Yield one expression per restriction, over the columns of ``Facts.frame``.

    Codes that no longer exist match nothing.
    """
    for column, codes in wanted_codes(facts, selection).items():
        yield _is_one_of(facts, column, codes)
    if selection.offices is not None and selection.role == "any":
        offices = facts.offices.under(selection.offices)
        leads = _is_one_of(facts, "office", offices)
        yield leads | pl.col("assisting").is_in(assisting_groups(facts, offices))
    if selection.from_on is not None:
        yield pl.col("reported_on") >= selection.from_on
    if selection.until_on is not None:
        yield pl.col("reported_on") <= selection.until_on
    yield from _place_conditions(facts, selection)


def wanted_codes(facts: Facts, selection: Selection) -> dict[str, Iterable[str]]:
    """Return the restrictions that name codes of one column: column → the codes to keep.

    Offices are among them only where nothing but the lead counts.
    """
    offices = selection.offices if selection.role == "lead" else None
    areas = selection.areas
    restricted: dict[str, Iterable[str] | None] = {
        "phase": selection.phases,
        "office": None if offices is None else facts.offices.under(offices),
        "category": _categories(facts, selection),
        "status": selection.statuses,
        "channel": selection.channels,
        "area": None if areas is None else facts.areas.under(areas),
    }
    return {column: codes for column, codes in restricted.items() if codes is not None}


def assisting_groups(facts: Facts, offices: Iterable[str]) -> list[str]:
    """Values of ``assisting`` that name one of these offices."""
    wanted = set(offices)
    return [group for group in facts.codes("assisting") if wanted.intersection(group.split(";"))]


def only_of(facts: Facts, offices: Iterable[str]) -> Facts:
    """Return the facts of the cases these offices, or those below them, lead or assist.

    Everything else stays: the version, the end of the data and the codes are those of all cases.
    """
    mine = frozenset(offices)
    frame = facts.frame.filter(*conditions(facts, Selection(offices=mine, role="any")))
    return replace(facts, frame=frame, mine=mine, _codes={}, _starts={})


def _place_conditions(facts: Facts, selection: Selection) -> Iterable[pl.Expr]:
    if selection.street_classes is not None:
        yield _on_segments(facts, pl.col("class").is_in(sorted(selection.street_classes)))
    if selection.streets is not None:
        yield _on_segments(facts, pl.col("street").is_in(sorted(selection.streets)))
    if selection.near is not None:
        yield pl.col(f"m_to_{selection.near.kind}") <= selection.near.metres
    if selection.hours != "all":
        yield pl.col("in_hours") if selection.hours == "in" else ~pl.col("in_hours")
    if selection.piles == "leave_out":
        yield ~pl.col("pile")


def _categories(facts: Facts, selection: Selection) -> frozenset[str] | None:
    """Families and categories chosen together: a category counts if either names it."""
    if selection.families is None:
        return selection.categories
    families = selection.families
    of_families = {code for code, family in facts.family_of.items() if family in families}
    return frozenset(of_families) | (selection.categories or frozenset())


def _is_one_of(facts: Facts, column: str, codes: Iterable[str]) -> pl.Expr:
    wanted = set(codes)
    return pl.col(column).is_in([code for code in facts.codes(column) if code in wanted])


def _on_segments(facts: Facts, condition: pl.Expr) -> pl.Expr:
    rows = facts.segments.with_row_index("row").filter(condition)["row"]
    return pl.col("segment").is_in(rows.cast(pl.Int32).implode())


def phase_days(campaign: Campaign, office: str | None, first: date, last: date) -> list[str]:
    """Phase value of every day from ``first`` to ``last``, both included."""
    days = (last - first).days + 1
    return [campaign.phase_on(date.fromordinal(first.toordinal() + i), office) for i in range(days)]


__all__ = ["NO_AREA", "UNASSIGNED", "UNMAPPED", "Facts", "Keep", "kept", "phase_days"]
