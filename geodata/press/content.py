"""Everything a pack shows, in order: the paper, the page and the workbook draw this.

Every text is ready to print in ``Content.language``; numbers stand beside it only where something
is drawn to scale or written as a number into a spreadsheet. Nothing here is computed while
drawing, and nothing depends on a clock, a path or the order of a set: equal input, equal content.
Texts hold names written by strangers; draw them as data, never as markup.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

Direction = Literal["up", "down", "flat"]
Verdict = Literal["better", "worse", "same", "none"]
"""``none``: the number carries no verdict, e.g. 受理; ``same``: within normal fluctuation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """Change against the previous period: the arrow is the direction, the colour the verdict.

    Attributes
    ----------
    text
        Without the arrow, e.g. ``70 件``, ``0.8 个百分点``; ``""`` where there is none.
    """

    text: str
    direction: Direction = "flat"
    verdict: Verdict = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """One headline number; ``value`` is ``—`` where there is none and ``note`` then says why.

    Attributes
    ----------
    code
        ``reported``, ``on_time_rate``, ``overdue_stock``, ``rebound_rate``, ``hot_cells``.
    value, unit
        e.g. ``75.8`` and ``%``.
    note
        What it is made of, e.g. ``314 / 414``.
    proof
        What stands behind it, as label and text: formula, parts, interval, n, period, version.
    """

    code: str
    label: str
    value: str
    unit: str
    note: str
    change: Change | None = None
    proof: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Callout:
    """A numbered place on the map and in the list beside it.

    Attributes
    ----------
    name
        Street (or area) it lies on.
    note
        ``新增热点``, ``持续热点``, ``报告集中``.
    detail
        Area and office, e.g. ``南桥街道 · 南桥综合执法队``.
    cell
        H3 cell at ``MapContent.resolution``; ``lon`` and ``lat`` its centre, WGS 84 degrees.
    """

    number: int
    name: str
    note: str
    detail: str
    cases: int
    change: Change
    cell: int
    lon: float
    lat: float
    hot: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MapContent:
    """What the map shows; streets, areas and ground come from the city's layers.

    Attributes
    ----------
    cells, cases
        H3 cells at ``resolution`` with at least one case, ascending, and how many.
    study
        Every cell of the study area at ``resolution``, ascending: drawn empty where not in
        ``cells``.
    hot
        Cells that are significant hot spots, ascending: drawn with an outline.
    silent
        Rows of ``areas.parquet`` that reported nothing at all: hatched, never zero.
    breaks
        Seven rising lower bounds of the locked colours.
    legend
        Texts, first to last: unit and n, zero, silent, hot, boundary.
    hidden
        Cells whose count is not told (public edition), ascending.
    """

    title: str
    resolution: int
    cells: tuple[int, ...]
    cases: tuple[int, ...]
    study: tuple[int, ...]
    hot: tuple[int, ...]
    silent: tuple[int, ...]
    breaks: tuple[float, ...]
    legend: tuple[str, ...]
    callouts: tuple[Callout, ...]
    hot_streets: tuple[str, ...] = ()
    hidden: tuple[int, ...] = ()
    n: int = 0


Kind = Literal["text", "number", "date", "change", "status"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A heading; ``kind`` says how its cells are set and what a spreadsheet writes."""

    name: str
    kind: Kind = "text"
    unit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A cell of a table: its text, and the number or day a spreadsheet writes instead."""

    text: str
    value: float | int | date | None = None
    verdict: Verdict = "none"
    direction: Direction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table of the pack; without rows ``empty`` says why in words.

    Attributes
    ----------
    code
        ``streets``, ``cells``, ``rebound``, ``oldest``, ``due_soon``, ``targets``, ``categories``…
    left_out
        Further rows that are not here but in the workbook.
    """

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    empty: str = ""
    left_out: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class ListRow:
    """A line of a short list: a name and what changed, e.g. ``7 → 46``."""

    name: str
    text: str
    detail: str = ""
    verdict: Verdict = "none"
    direction: Direction | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShortList:
    """What changed, by code: ``more``, ``fewer``, ``came_back``, ``oldest``, ``spots``."""

    code: str
    title: str
    subtitle: str
    rows: tuple[ListRow, ...]
    empty: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow:
    """An office with its interval drawn, or listed only 只列数 where it has too few cases.

    Attributes
    ----------
    rank
        ``1``, or ``—`` where no rank is given; ``possible`` e.g. ``1–4``.
    parts
        e.g. ``374 / 417``.
    shrunk, lower, upper, raw
        Shares from 0 to 1; None where nothing can be drawn.
    text
        ``89.0%``, or ``不排名``.
    muted
        Too few cases to rank: drawn thin, without a verdict.
    below
        The whole interval lies below the city's rate.
    """

    name: str
    rank: str
    possible: str
    parts: str
    text: str
    overdue: int
    muted: bool
    below: bool = False
    shrunk: float | None = None
    lower: float | None = None
    upper: float | None = None
    raw: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Offices:
    """Offices in order of rank, those without one last; ``whole`` is the city's share.

    ``left_out`` offices, ranked after the first ``gap_at``, are not here but in the workbook.
    """

    title: str
    headings: tuple[str, ...]
    rows: tuple[OfficeRow, ...]
    note: str
    whole: float | None = None
    domain: tuple[float, float] = (0.0, 1.0)
    empty: str = ""
    left_out: int = 0
    gap_at: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A phase on the ruler; ``now`` where the period lies in it."""

    name: str
    text: str
    from_on: date
    until_on: date
    now: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruler:
    """The campaign as one line with its daily reports; without a campaign, the days around.

    Attributes
    ----------
    first, last
        First and last day drawn, both included.
    cases
        Reports of each day from ``first`` on; shorter than the ruler where the data end.
    holidays
        Days marked as public holidays.
    today
        e.g. ``今日 · 第 84 天``; ``""`` outside the campaign.
    """

    first: date
    last: date
    phases: tuple[Stretch, ...]
    cases: tuple[int, ...]
    from_on: date
    until_on: date
    today: str = ""
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Heading:
    """Who says what, about when.

    Attributes
    ----------
    title
        Of the bulletin, e.g. ``市容环境百日攻坚通报``; ``wall_title`` of the wall map.
    issue
        ``〔2026〕第 47 期``.
    subject
        ``第 47 周整治情况``.
    span, stage
        ``11月16日至22日``; ``巩固提升阶段 · 百日攻坚第 84 天`` (may be empty).
    as_of
        ``截至 2026-11-22 24:00``.
    notice
        Made-up or real source, named; shown on every page.
    stamp
        ``演示数据`` on made-up cities, else empty.
    filters
        What was restricted, in words; empty when nothing was.
    """

    city: str
    title: str
    wall_title: str
    issue: str
    issuer: str
    subject: str
    span: str
    stage: str
    dated: str
    as_of: str
    version: str
    notice: str
    credit: str
    stamp: str = ""
    filters: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """A line of the last page: what a number is, how good the data are, where they come from."""

    name: str
    text: str
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """A pack.

    Attributes
    ----------
    sentences
        In order of weight; the first three are the summary. Without cases, one says so.
    lists
        Five lists of what changed.
    tables
        In order; see `Table.code`. ``offices`` is apart because its intervals are drawn.
    targets
        Progress against the campaign's targets (one row per special action).
    formulas, quality, lineage
        The last page.
    public
        The public edition: no case, no person, nothing under the minimum.
    """

    language: str
    heading: Heading
    figures: tuple[Figure, ...]
    sentences: tuple[str, ...]
    map: MapContent
    ruler: Ruler
    lists: tuple[ShortList, ...]
    tables: tuple[Table, ...]
    offices: Offices
    targets: Table
    formulas: tuple[Explained, ...]
    quality: tuple[Explained, ...]
    lineage: tuple[Explained, ...]
    public: bool = False
    headings: Mapping[str, str] = field(default_factory=dict)
    """Titles of sections by code: ``map``, ``lists``, ``formulas``, ``quality``, ``lineage``."""

    def table(self, code: str) -> Table | None:
        """Return the table of a code, or None where the pack has none."""
        return next((table for table in self.tables if table.code == code), None)
