"""What a selection means, case by case in plain Python: slow, and written without the library's.

Only the rows as they were placed are used; status, phase, hours and piles are worked out again.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from geodata.city import City
from geodata.domain.selection import Selection

Row = Mapping[str, Any]


class Oracle:
    """One table of placed cases and the city they lie in."""

    def __init__(self, rows: Sequence[Row], city: City, segments: Mapping[str, Row]) -> None:
        self.rows, self.city, self.segments = rows, city, segments
        self.zone = ZoneInfo(city.timezone)
        self.piles = self._piles()
        last = max((row["reported_at"] for row in rows), default=None)
        if last is not None:
            day = last.astimezone(self.zone).date() + timedelta(days=1)
            self.as_of = datetime.combine(day, time(), self.zone)
        self.parents = {node.code: node.parent for node in city.offices}

    def _piles(self) -> set[tuple[float, float]]:
        at: dict[tuple[float, float], list[Any]] = {}
        for row in self.rows:
            at.setdefault((row["lon"], row["lat"]), []).append(row["street_name"])
        rule, n = self.city.piles, len(self.rows)
        return {
            point
            for point, names in at.items()
            if len(names) >= max(rule.min_cases, rule.min_share * n)
            and (
                len(set(names)) >= rule.min_streets
                or (set(names) == {None} and len(names) >= rule.share_alone * n)
            )
        }

    def piled(self, row: Row) -> bool:
        return (row["lon"], row["lat"]) in self.piles

    def day(self, row: Row) -> date:
        return row["reported_at"].astimezone(self.zone).date()

    def office(self, row: Row) -> str:
        return row["office"] if row["office"] in self.parents else "unassigned"

    def category(self, row: Row) -> str:
        known = [one.code for one in self.city.categories]
        return row["category"] if row["category"] in known else "unmapped"

    def channel(self, row: Row) -> str:
        known = [one.code for one in self.city.channels]
        return row["channel"] if row["channel"] in known else "unmapped"

    def family(self, row: Row) -> str:
        families = {one.code: one.family for one in self.city.categories}
        return families.get(row["category"], "unmapped")

    def segment(self, row: Row) -> Row | None:
        return None if self.piled(row) else self.segments.get(row["segment"])

    def phase(self, row: Row) -> str:
        if self.city.campaign is None:
            return "before"
        own = self.city.campaign.office_phases.get(row["office"])
        phases = own or self.city.campaign.phases
        day = self.day(row)
        for phase in phases:
            if phase.from_on <= day <= phase.until_on:
                return phase.code
        if all(day < phase.from_on for phase in phases):
            return "before"
        return "after" if all(day > phase.until_on for phase in phases) else "between"

    def status(self, row: Row) -> str:
        closed, due = row["closed_at"], row["due_at"]
        if closed is not None:
            return "closed_late" if due is not None and closed > due else "closed_on_time"
        if due is None:
            return "open"
        if due < self.as_of:
            return "overdue"
        soon = self.as_of + timedelta(hours=self.city.due_soon.within_hours)
        return "due_soon" if due <= soon else "open"

    def in_hours(self, row: Row) -> bool:
        local = row["reported_at"].astimezone(self.zone)
        works = self.city.calendar
        free = local.weekday() >= 5 or local.date() in works.holidays
        spans = works.working_hours
        return not free and any(begin <= local.time() < end for begin, end in spans)

    def lies_under(self, code: str, chosen: frozenset[str], parents: Mapping[str, Any]) -> bool:
        seen: set[str] = set()
        while code is not None and code not in seen:
            if code in chosen:
                return True
            seen.add(code)
            code = parents.get(code)
        return False

    def means(self, row: Row, wanted: Selection, area_parents: Mapping[str, Any]) -> bool:
        segment = self.segment(row)
        checks = [
            wanted.phases is None or self.phase(row) in wanted.phases,
            wanted.from_on is None or self.day(row) >= wanted.from_on,
            wanted.until_on is None or self.day(row) <= wanted.until_on,
            wanted.statuses is None or self.status(row) in wanted.statuses,
            wanted.channels is None or self.channel(row) in wanted.channels,
            wanted.street_classes is None
            or (segment is not None and segment["class"] in wanted.street_classes),
            wanted.streets is None or (segment is not None and segment["street"] in wanted.streets),
            wanted.near is None or row[f"m_to_{wanted.near.kind}"] <= wanted.near.metres,
            wanted.hours == "all" or self.in_hours(row) == (wanted.hours == "in"),
            wanted.piles == "keep" or not self.piled(row),
            wanted.areas is None
            or self.lies_under(row["area"] or "none", wanted.areas, area_parents),
            self._kind(row, wanted),
            self._responsible(row, wanted),
        ]
        return all(checks)

    def _kind(self, row: Row, wanted: Selection) -> bool:
        if wanted.families is None and wanted.categories is None:
            return True
        return self.family(row) in (wanted.families or ()) or self.category(row) in (
            wanted.categories or ()
        )

    def _responsible(self, row: Row, wanted: Selection) -> bool:
        if wanted.offices is None:
            return True
        named = [self.office(row)]
        if wanted.role == "any":
            named += row["assisting"]
        return any(self.lies_under(code, wanted.offices, self.parents) for code in named)
