"""Which period the overview speaks of: the latest week unless another is chosen, and its title."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from dashboard.components import sheet
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.city import City
from geodata.domain.period import Period, PeriodUnknown, parse_period, previous
from geodata.findings import Source
from geodata.findings.summing_up.compared import Compared
from geodata.wording.refusals import said

OPTION: Final = "period"
KINDS: Final = ("day", "week", "month", "quarter", "phase")
_MONTHS_OF_QUARTER: Final = 3


def chosen(source: Source, view: View) -> Period:
    """Return the period of the link, else the week of the last day with data."""
    found = _asked(source, view)
    return found if isinstance(found, Period) else parse_period(_week(source.facts.last_day))


def mistaken(source: Source, view: View, say: Speaker) -> str:
    """Say what is wrong with the period of the link, and what is shown instead; else nothing."""
    found = _asked(source, view)
    if not isinstance(found, PeriodUnknown):
        return ""
    return say("landing.unknown_period", why=said(found, say.language))


def _asked(source: Source, view: View) -> Period | PeriodUnknown | None:
    """Return the period of the link, what is wrong with it, or None where it names none."""
    text = dict(view.options).get(OPTION)
    try:
        return None if text is None else parse_period(text, source.city.campaign)
    except PeriodUnknown as error:
        return error


def _week(day: date) -> str:
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def code_of(kind: str, day: date, city: City) -> str | None:
    """Code of the period of a kind that holds a day; None where no phase does."""
    if kind == "phase":
        phases = city.campaign.phases if city.campaign else ()
        held = [one.code for one in phases if one.from_on <= day <= one.until_on]
        return f"phase:{held[0]}" if held else None
    written = {
        "day": day.isoformat(),
        "week": _week(day),
        "month": f"{day:%Y-%m}",
        "quarter": f"{day.year}-Q{(day.month - 1) // _MONTHS_OF_QUARTER + 1}",
    }
    return written[kind]


def tools(source: Source, period: Period, say: Speaker) -> list[sheet.Control]:
    """Choice of day, week, month, quarter or phase, and the steps to its neighbours."""
    last = source.facts.last_day
    inside = min(max(period.from_on, source.facts.first_day), last)
    day = inside if period.until_on < last else last
    options = [
        sheet.option(period.code if kind == period.kind else code, say(f"landing.by_{kind}"))
        for kind in KINDS
        if (code := code_of(kind, day, source.city)) is not None
    ]
    controls = [sheet.choice(OPTION, say("landing.by"), period.code, options)]
    earlier, later = _earlier(source, period), _later(source, period)
    if earlier is not None:
        controls.append(_step(say("landing.earlier"), earlier))
    if later is not None:
        controls.append(_step(say("landing.later"), later))
    return controls


def _step(label: str, code: str) -> sheet.Control:
    return sheet.button(label, {"options": {OPTION: code}})


def _earlier(source: Source, period: Period) -> str | None:
    before = previous(period, source.city.campaign)
    return before.code if before.until_on >= source.facts.first_day else None


def _later(source: Source, period: Period) -> str | None:
    """Return the next period of the kind that the data reach; spans have none."""
    next_day = period.until_on + timedelta(days=1)
    if next_day > source.facts.last_day or period.kind not in KINDS:
        return None
    return code_of(period.kind, next_day, source.city)


def title(both: Compared, say: Speaker) -> str:
    """``第 47 周　11月16日至22日``; how far the data reach where that is less."""
    name = _name(both, say)
    span = _span(both, say)
    return say("landing.headed", name=name, span=span) if name else span


def _name(both: Compared, say: Speaker) -> str:
    period, campaign = both.period, both.source.city.campaign
    if period.kind == "week":
        return say("landing.week", number=period.from_on.isocalendar().week)
    if period.kind == "month":
        return say("landing.month", year=period.from_on.year, number=period.from_on.month)
    if period.kind == "quarter":
        number = (period.from_on.month - 1) // _MONTHS_OF_QUARTER + 1
        return say("landing.quarter", year=period.from_on.year, number=number)
    phases = campaign.phases if campaign and period.kind == "phase" else ()
    return next((say.name(one) for one in phases if period.code == f"phase:{one.code}"), "")


def _span(both: Compared, say: Speaker) -> str:
    period, last = both.period, both.source.facts.last_day
    span = say.day(period.from_on, year=period.kind == "day")
    if period.days > 1:
        span = say("landing.span", first=span, last=say.day(period.until_on))
    if period.from_on <= last < period.until_on:
        return say("landing.part", span=span, day=say.day(last))
    return span
