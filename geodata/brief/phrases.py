"""Names and short texts every part of a pack needs, made once: the frame all parts draw on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from geodata.findings.source import Source
from geodata.findings.summing_up.compared import Compared, Shift
from geodata.findings.summing_up.overview import Overview
from geodata.findings.summing_up.overview_names import before, now
from geodata.press.content import Change
from geodata.wording import Words
from geodata.wording.numbers import amount, count, decimal


@dataclass(frozen=True)
class Phrases:
    """An overview with the words to tell it in."""

    found: Overview
    say: Words

    @property
    def both(self) -> Compared:
        """The period and the one before."""
        return self.found.compared

    @property
    def source(self) -> Source:
        """The city and its facts."""
        return self.both.source

    @cached_property
    def now(self) -> str:
        """What the period is called: 本周, 本月."""
        return now(self.found, self.say)

    @cached_property
    def before(self) -> str:
        """What the period before is called: 上周, 上月."""
        return before(self.found, self.say)

    @property
    def none(self) -> str:
        """What stands where there is no number."""
        return self.say("brief.none")

    @cached_property
    def offices(self) -> Mapping[str, str]:
        """Office code → name."""
        return {one.code: self.say.name(one) for one in self.source.city.offices}

    @cached_property
    def categories(self) -> Mapping[str, str]:
        """Category code → name."""
        return {one.code: self.say.name(one) for one in self.source.city.categories}

    @cached_property
    def areas(self) -> Mapping[str, str]:
        """Area code → name."""
        return {one.code: self.say.name(one) for one in self.source.facts.areas}

    def office(self, code: str | None) -> str:
        """Name of an office; of no office, 未指派."""
        return self.offices.get(code or "", self.say("value.unassigned"))

    def category(self, code: str | None) -> str:
        """Name of a category; of none, 未归类."""
        return self.categories.get(code or "", self.say("value.unmapped"))

    def area(self, code: str | None) -> str:
        """Name of an area; of none, 辖区外."""
        return self.areas.get(code or "", self.say("value.none"))

    def street(self, name: str | None) -> str:
        """A street's name; 未落街 where there is none."""
        return name or self.say("brief.note.no_street")

    def day(self, at: datetime | date) -> str:
        """A day as tables write it, in city time."""
        return self.say.day(self.local(at))

    def local(self, at: datetime | date) -> date:
        """The city's day of a moment."""
        return at.astimezone(self.source.city.zone).date() if isinstance(at, datetime) else at

    @cached_property
    def as_of(self) -> str:
        """``截至 2026-11-22 24:00``: the last moment the numbers stand at."""
        end = self.local(self.both.scope.end_at) - timedelta(days=1)
        return self.say("brief.as_of", day=end.isoformat())

    @cached_property
    def period(self) -> str:
        """First and last day of the period."""
        period = self.both.period
        return self.say("period.span", first=period.from_on, last=period.until_on)

    @cached_property
    def version(self) -> str:
        """``数据版本 v47``."""
        return self.say("brief.version", version=max(self.source.version, 0))

    def change(self, shift: Shift, unit: str) -> Change | None:
        """A change without its arrow: ``70 件``, ``0.8 个百分点``; None where none is known."""
        if shift.difference is None:
            return None
        size = abs(shift.difference)
        if unit == "share":
            text = self.say("brief.note.points", n=decimal(self.say, 100 * size))
        elif shift.per_day:
            text = self.say("brief.note.daily", n=decimal(self.say, size))
        else:
            text = amount(self.say, size, unit)
        return Change(text=text, direction=shift.direction, verdict=shift.verdict)

    def counted(self, value: float | None) -> str:
        """Whole number with commas."""
        return count(self.say, value)
