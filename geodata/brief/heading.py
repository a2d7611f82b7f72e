"""Who says what, about when: the masthead of a pack, and the campaign as one line."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Final

from geodata.analysis.counts import count_days
from geodata.analysis.phases import campaign_day
from geodata.brief.phrases import Phrases
from geodata.domain.calendar import holiday_names
from geodata.domain.campaign import Campaign
from geodata.domain.period import Period
from geodata.press.content import Heading, Ruler, Stretch

AROUND_DAYS: Final = 90
"""Days before a period that the ruler shows where there is no campaign."""


def heading(words: Phrases, *, notice: str = "") -> Heading:
    """Masthead of a pack; ``notice`` replaces the line on the source (public edition)."""
    say, both, city = words.say, words.both, words.source.city
    period = both.period
    name = _name(words)
    return Heading(
        city=say.name(city),
        title=say(f"brief.title.{period.kind}", name=name),
        wall_title=say("brief.title.wall", name=name),
        issue=_issue(words),
        issuer=say.name(city),
        subject=_subject(words),
        span=_span(words, period),
        stage=_stage(words),
        dated=say.day(words.local(both.scope.end_at), year=True),
        as_of=words.as_of,
        version=words.version,
        notice=notice or _notice(words),
        credit=say.credit(city.map),
        stamp=say("brief.stamp") if city.made_up else "",
        filters=both.scope.filters if both.selection.restrictions() else "",
    )


def _campaign(words: Phrases) -> Campaign | None:
    """The campaign, where the period touches it."""
    campaign, period = words.source.city.campaign, words.both.period
    if campaign is None or period.from_on > campaign.until_on:
        return None
    return None if period.until_on < campaign.from_on else campaign


def _name(words: Phrases) -> str:
    campaign = _campaign(words)
    if campaign is not None:
        return words.say.name(campaign)
    return words.say("brief.title.city", city=words.say.name(words.source.city))


def number_of(period: Period) -> int:
    """Week, month or quarter number of a period; 0 for the others."""
    if period.kind == "week":
        return period.from_on.isocalendar().week
    if period.kind == "month":
        return period.from_on.month
    return (period.from_on.month + 2) // 3 if period.kind == "quarter" else 0


def _issue(words: Phrases) -> str:
    period = words.both.period
    if period.kind in ("phase", "span"):
        return ""
    year = period.from_on.isocalendar().year if period.kind == "week" else period.from_on.year
    day = words.say.day(period.from_on)
    return words.say(f"brief.issue.{period.kind}", year=year, number=number_of(period), day=day)


def _subject(words: Phrases) -> str:
    say, period = words.say, words.both.period
    campaign = words.source.city.campaign
    named = {f"phase:{one.code}": say.name(one) for one in (campaign.phases if campaign else ())}
    return say(
        f"brief.subject.{period.kind}",
        day=say.day(period.from_on),
        number=number_of(period),
        phase=named.get(period.code, period.code),
        first=say.day(period.from_on),
        last=say.day(period.until_on),
    )


def _span(words: Phrases, period: Period) -> str:
    say = words.say
    first = say.day(period.from_on, year=True)
    if period.days == 1:
        return first
    last = say.day(period.until_on, year=period.until_on.year != period.from_on.year)
    return say("period.span", first=first, last=last)


def _stage(words: Phrases) -> str:
    """Phase and campaign day of the period's last day that the data cover."""
    say, campaign, last = words.say, _campaign(words), words.both.last_on
    if campaign is None:
        return ""
    on = campaign_day(campaign, last)
    names = {one.code: say.name(one) for one in campaign.phases}
    parts = []
    if on.phase_day is not None:
        parts.append(say("brief.stage.phase", phase=names[on.value], day=on.phase_day))
    if on.day is not None:
        parts.append(say("brief.stage.campaign", campaign=say.name(campaign), day=on.day))
    return say("brief.stage.separator").join(parts)


def _notice(words: Phrases) -> str:
    city = words.source.city
    if city.made_up:
        return words.say("brief.notice_made_up")
    return words.say("brief.notice_real", city=words.say.name(city))


def ruler(words: Phrases) -> Ruler:
    """The campaign with its daily reports up to the period's end, where "today" stands.

    Without a campaign, the `AROUND_DAYS` days before.
    """
    both, source = words.both, words.source
    first, last = _ends(words)
    known = min(last, both.last_on)
    cases: tuple[int, ...] = ()
    if len(source.facts) and known >= first:
        counted = count_days(source.facts, both.selection, first, known)
        cases = tuple(counted["cases"].to_list())
    off = holiday_names(source.city.calendar, first, last, words.say.language)
    return Ruler(
        first=first,
        last=last,
        phases=tuple(_stretches(words)),
        cases=cases,
        from_on=both.period.from_on,
        until_on=both.period.until_on,
        today=_today(words),
        holidays=tuple(sorted(off)),
    )


def _ends(words: Phrases) -> tuple[date, date]:
    campaign, period = _campaign(words), words.both.period
    if campaign is not None:
        first = min(campaign.from_on, period.from_on)
        return first, max(campaign.until_on, period.until_on)
    return period.from_on - timedelta(days=AROUND_DAYS), period.until_on


def _stretches(words: Phrases) -> list[Stretch]:
    campaign, period, say = _campaign(words), words.both.period, words.say
    if campaign is None:
        return []
    return [
        Stretch(
            name=say.name(phase),
            text=say(
                "brief.map.phase_days",
                first=say.day(phase.from_on), last=say.day(phase.until_on), n=phase.days,
            ),
            from_on=phase.from_on,
            until_on=phase.until_on,
            now=phase.from_on <= period.until_on and period.from_on <= phase.until_on,
        )
        for phase in campaign.phases
    ]  # fmt: skip


def _today(words: Phrases) -> str:
    campaign = _campaign(words)
    day = campaign_day(campaign, words.both.last_on).day if campaign else None
    return "" if day is None else words.say("brief.stage.today", day=day)
