"""How the campaign goes, in sentences: its day, its phases, its actions, its week and its hours."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from geodata.analysis.actions import ActionProgress, Projection
from geodata.analysis.answers import Value, Withheld
from geodata.analysis.baseline import Baseline
from geodata.analysis.channels import PatrolShift
from geodata.analysis.day_kinds import WEEKDAYS
from geodata.analysis.reasons import Reason
from geodata.domain.campaign import BEFORE
from geodata.findings.effects.actions import ZeroGrowth
from geodata.findings.effects.campaign import PhaseFinding, today
from geodata.findings.effects.effect_words import Said
from geodata.findings.effects.routine import Routine
from geodata.findings.source import Source
from geodata.wording import Words
from geodata.wording.numbers import amount, count, decimal, interval, rate, ratio
from geodata.wording.reasons import say_reason
from geodata.wording.selection import phase_name


def day_words(source: Source, say: Words) -> tuple[str, ...]:
    """Day N of the campaign and of its phase; empty without a campaign."""
    campaign, found = source.city.campaign, today(source)
    if campaign is None or found is None:
        return ()
    name = say.name(campaign)
    if found.day is None:
        if found.value == BEFORE:
            ahead = (campaign.from_on - source.facts.last_day).days
            return (say("campaign.day_before", campaign=name, days=ahead),)
        return (say("campaign.day_over", campaign=name),)
    told = [say("campaign.day", campaign=name, day=found.day, days=found.days)]
    if found.phase_day is not None:
        phase = phase_name(source.city, found.value, say)
        told.append(
            say("campaign.phase_day", phase=phase, day=found.phase_day, days=found.phase_days)
        )
    return tuple(told)


def phase_sentences(source: Source, finding: PhaseFinding | Reason, say: Words) -> tuple[Said, ...]:
    """Say how the newest phase with days compares with the one before it, and what to doubt."""
    if isinstance(finding, Reason):
        no_campaign = source.city.campaign is None
        return (Said(say("campaign.none") if no_campaign else say_reason(finding, say), "doubt"),)
    at = newest(finding)
    if at is None:
        return (Said(say_reason(Reason.NO_DAYS, say), "doubt"),)
    said = [Said(ratio_sentence(source, finding, at, say))]
    return (*said, *(Said(text, "doubt") for text in _patrol_words(source, finding, at, say)))


def newest(finding: PhaseFinding) -> int | None:
    """Row of ``ratios`` whose second phase is the last one that has begun; None without one."""
    begun = [
        row
        for row, (first, second) in enumerate(finding.ratios.select("first", "second").iter_rows())
        if finding.windows[first] and finding.windows[second]
    ]
    return begun[-1] if begun else None


def ratio_sentence(source: Source, finding: PhaseFinding, at: int, say: Words) -> str:
    """Say one phase against the one before it; more or fewer only beyond normal fluctuation."""
    row = finding.ratios.row(at, named=True)
    names = {key: phase_name(source.city, row[key], say) for key in ("first", "second")}
    if row["ratio"] is None:
        return say("campaign.no_ratio", **names, reason=say_reason(row["undecided"], say))
    per_day = row["cases_second"] / row["exposure_second"]
    told = {**names, "rate": decimal(say, per_day)}
    if row["lower"] <= 1 and (row["upper"] is None or row["upper"] >= 1):
        return say("campaign.level", **told)
    way = "more" if row["ratio"] > 1 else "fewer"
    return say(f"campaign.{way}", **told, percent=rate(say, abs(row["ratio"] - 1)))


def weight_words(finding: PhaseFinding, say: Words) -> str:
    """Which kinds of day are taken out, each with its factor, and which are not and why."""
    effects = finding.effects
    if effects.undecided is not None:
        return say("campaign.not_weighted", reason=say_reason(effects.undecided, say))
    told, left_out = [say("day.weekday")], []
    for row in other_kinds(effects):
        code = row["code"]
        kind = say(f"day.{code}")
        if row["undecided"] is None:
            told.append(_kind_words(row, kind, say))
        else:
            reason = say_reason(row["undecided"], say)
            left_out.append(say("campaign.not_taken_out", kind=kind, reason=reason))
    taken_out = say("campaign.weighted", kinds=say.listed(told, most=len(told)))
    return ("" if say.language == "zh" else " ").join([taken_out, *left_out])


def other_kinds(effects: Baseline) -> list[dict[str, Any]]:
    """Rows of `Baseline.factors` after the weekdays: holidays and market days."""
    return effects.factors.slice(len(WEEKDAYS)).to_dicts()


def _kind_words(row: dict[str, Any], kind: str, say: Words) -> str:
    factor = say("amount.ratio", n=decimal(say, row["factor"], 2))
    span = f"{decimal(say, row['low'], 2)}–{decimal(say, row['high'], 2)}"
    code = row["code"]
    times = say(f"day.{code}_times", factor=factor)
    return say("day.kind", kind=kind, times=times, interval=span)


def _patrol_words(source: Source, finding: PhaseFinding, at: int, say: Words) -> Iterator[str]:
    if finding.patrols is None or finding.without_patrols is None:
        return
    shift = finding.patrols[at]
    if isinstance(shift, Withheld):
        yield say("campaign.patrol_unknown", reason=say_reason(shift.reason, say))
        return
    if not shift.changed:
        return
    yield patrol_words(shift, say)
    row = finding.without_patrols.row(at, named=True)
    if row["ratio"] is not None:
        yield say(
            "campaign.without_patrol",
            first=phase_name(source.city, row["first"], say),
            second=phase_name(source.city, row["second"], say),
            ratio=rate(say, row["ratio"]),
            interval=interval(say, row["lower"], row["upper"], "share"),
        )


def patrol_words(shift: PatrolShift, say: Words) -> str:
    """Whether patrols found another share than before."""
    if not shift.changed:
        return say("campaign.patrol_same")
    way = "up" if shift.difference > 0 else "down"
    first, second = rate(say, shift.first.value), rate(say, shift.second.value)
    return say(f"campaign.patrol_{way}", first=first, second=second)


def progress_sentences(found: ActionProgress, say: Words) -> tuple[Said, ...]:
    """Say where an action stands and when it will be done."""
    name = say.name(found.action)
    if not isinstance(found.rate, Value):
        if found.rate.reason is Reason.NO_CASES:
            return (Said(say("action.empty", name=name)),)
        return (Said(say("action.no_rate", name=name, reason=say_reason(found.rate.reason, say))),)
    ledger = count(say, found.ledger)
    if not found.open:
        said = [Said(say("action.done", name=name, ledger=ledger))]
    else:
        told = {"struck": found.struck_off, "open": found.open, "overdue": found.overdue}
        counts = {key: count(say, value) for key, value in told.items()}
        share = rate(say, found.rate.value)
        said = [Said(say("action.state", name=name, ledger=ledger, rate=share, **counts))]
        said.append(Said(finish_words(found, say)))
    if found.elsewhere:
        said.append(Said(say("action.elsewhere", n=count(say, found.elsewhere)), "doubt"))
    return tuple(said)


def finish_words(found: ActionProgress, say: Words) -> str:
    """When the last open case will be closed, or why that cannot be projected."""
    finish = found.finish
    if not isinstance(finish, Projection):
        return say("action.no_finish", reason=say_reason(finish.reason, say))
    told = {"days": finish.window_days, "on": say.day(finish.on, year=True)}
    earliest = say.day(finish.earliest, year=True)
    if finish.latest is None:
        return say("action.finish_open", **told, earliest=earliest)
    return say("action.finish", **told, earliest=earliest, latest=say.day(finish.latest, year=True))


def building_sentence(found: ZeroGrowth, say: Words) -> str:
    """Whether illegal building has stopped growing (S16)."""
    balance = found.so_far
    if isinstance(balance, Withheld):
        return say("building.none", reason=say_reason(balance.reason, say))
    area = amount(say, round(balance.found.value), "m2")
    if isinstance(balance.zero_growth, Withheld):
        return say("building.unmeasured", n=count(say, balance.unmeasured))
    if balance.zero_growth:
        return say("building.zero", found=area)
    standing = amount(say, round(balance.new_standing.value), "m2")
    return say("building.growth", found=area, standing=standing)


def routine_sentences(found: Routine, say: Words) -> tuple[Said, ...]:
    """Say which weekday is busiest, which changed, and whether more comes out of hours."""
    return (Said(_habit(found, say)), Said(_weekday(found, say)), Said(_hours(found, say)))


def _habit(found: Routine, say: Words) -> str:
    if found.habit.undecided is not None:
        return say("routine.not_told", reason=say_reason(found.habit.undecided, say))
    if found.busiest is None:
        return say("routine.even")
    weekday, factor, low, high = found.busiest
    span = interval(say, low, high, "ratio")
    return say(
        "routine.busiest", weekday=say(f"weekday.{weekday}"), factor=ratio(say, factor),
        interval=span,
    )  # fmt: skip


def _weekday(found: Routine, say: Words) -> str:
    undecided = found.weekdays["undecided"].drop_nulls()
    if len(undecided) == len(found.weekdays):
        return say("routine.not_told", reason=say_reason(undecided[0], say))
    level = 0.05
    changed = found.weekdays.filter(found.weekdays["q"] <= level).sort("p")
    if changed.is_empty():
        return say("routine.weekday_same")
    row = changed.row(0, named=True)
    way = "rose" if row["ratio"] > 1 else "fell"
    return say(
        f"routine.weekday_{way}",
        weekday=say(f"weekday.{row['weekday']}"),
        ratio=rate(say, row["ratio"]),
        interval=interval(say, row["low"], row["high"], "share"),
    )


def _hours(found: Routine, say: Words) -> str:
    change = found.out_of_hours
    if change.undecided is not None or change.low is None or change.high is None:
        return say("routine.hours_none", reason=say_reason(change.undecided, say))
    way = "rose" if change.low > 0 else "fell" if change.high < 0 else "same"
    first, second = rate(say, change.before), rate(say, change.after)
    return say(f"routine.hours_{way}", first=first, second=second)
