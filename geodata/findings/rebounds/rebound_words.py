"""Rebounds in sentences, computed from the findings: pages, briefings, commands share them."""

from __future__ import annotations

from typing import Final

import polars as pl

from geodata.analysis.answers import Value
from geodata.analysis.rebound import ReboundRule
from geodata.findings.rebounds.close_outs import last_followed, place_of
from geodata.findings.rebounds.look_back import LookBack, Register
from geodata.findings.rebounds.near_repeats import NearRepeats
from geodata.findings.rebounds.rebound import ReboundFinding
from geodata.findings.rebounds.rebound_curves import PhaseCurve
from geodata.findings.source import Source
from geodata.wording import Words, numbers
from geodata.wording.numbers import amount, count, rate
from geodata.wording.reasons import say_reason
from geodata.wording.selection import phase_name
from geodata.wording.units import unit_names

FIRST_VISITS: Final = 50
"""Places of the re-inspection list one week's visits can reach, as sentences put it."""

ALPHA: Final = 0.05


def rule_words(rule: ReboundRule, say: Words) -> str:
    """What counts as a rebound, in one clause."""
    place = place_of(rule)
    return say(
        "rebound.rule",
        kind=say(f"rebound.kind.{rule.kind}"),
        place=say(f"rebound.place.{place}"),
        days=rule.within_days,
    )


def rate_words(found: ReboundFinding, source: Source, say: Words) -> str:
    """The rate with its interval; why there is none, and what can be judged, where there is not."""
    one, days = found.rate, found.rule.within_days
    if not isinstance(one, Value):
        until = say.day(last_followed(source, found.rule), year=True)
        reason = say_reason(one.reason, say)
        return f"{reason} {say('rebound.known_until', day=until)}" if found.closed else reason
    return say(
        "rebound.rate",
        followed=amount(say, one.denominator, "cases"),
        rebounds=amount(say, one.numerator, "cases"),
        days=days,
        rate=rate(say, one.value),
        span=numbers.interval(say, one.lower, one.upper),
    )


def waiting_words(found: ReboundFinding, say: Words) -> str:
    """How many close-outs had no time to come back; empty without one."""
    n = found.closed - found.followed
    if not n:
        return ""
    days = found.rule.within_days
    return say("rebound.waiting", n=amount(say, n, "cases"), days=days)


def usual_words(found: ReboundFinding, say: Words) -> str:
    """Whether more came back than the places' usual level would bring anyway; empty if unknown.

    The words follow the number as it is shown: 1.0 times is hardly more, whatever the test says.
    """
    one = found.excess
    if not isinstance(one, Value) or one.lower is None:
        return ""
    told = {
        "expected": amount(say, round(one.denominator or 0), "cases"),
        "seen": amount(say, one.numerator, "cases"),
    }
    if one.lower <= 1 or round(one.value, 2) <= 1:
        return say("rebound.usual_same", **told)
    if round(one.value, 1) <= 1:
        fine = say("amount.ratio", n=numbers.decimal(say, one.value, 2))
        return say("rebound.usual_hardly", ratio=fine, **told)
    return say("rebound.usual_more", ratio=numbers.ratio(say, one.value), **told)


def street_words(streets: pl.DataFrame, say: Words) -> str:
    """Streets on which it comes back sooner than their own level explains; else empty."""
    judged = streets.filter(pl.col("undecided").is_null())
    if judged.is_empty():
        return ""
    clear = judged.filter(pl.col("verdict").is_in(["worse", "beyond"]))
    if clear.is_empty():
        return say("rebound.streets_none")
    names = clear["unit"].head(5).to_list()
    return say("rebound.streets_some", n=len(clear), names=say.listed(names, most=len(names)))


def change_words(source: Source, curves: tuple[PhaseCurve, ...], say: Words) -> str:
    """The last phase that can be compared with the one before it; empty where none can."""
    for one in reversed(curves):
        if one.before is None or one.change is None or one.change.change is None:
            continue
        clear = (one.change.p or 1.0) < ALPHA
        return say(
            "rebound.change_clear" if clear else "rebound.change_unclear",
            phase=phase_name(source.city, one.code, say),
            before=phase_name(source.city, one.before, say),
            rate=rate(say, one.rate),
            change=numbers.points(say, one.change.change),
        )
    return ""


def next_words(found: LookBack, say: Words) -> str:
    """How many will come back next week, and what the first visits reach; empty where unknown."""
    if found.undecided is not None or not found.places:
        return ""
    most = min(FIRST_VISITS, found.places)
    return say(
        "rebound.next",
        first=say.day(found.from_on),
        last=say.day(found.until_on),
        expected=amount(say, round(found.expected), "cases"),
        n=count(say, most),
        share=rate(say, found.share_of_first(most)),
    )


def register_words(found: Register, say: Words) -> str:
    """How many places are on the register, and how many beyond their usual level."""
    return say("rebound.register", n=count(say, len(found.listed)), beyond=count(say, found.beyond))


def reopened_words(found: ReboundFinding, say: Words) -> str:
    """Share of closed cases that had been reopened: another thing; empty if unknown."""
    one = found.reopened
    return say("rebound.reopened", rate=rate(say, one.value)) if isinstance(one, Value) else ""


def near_words(found: NearRepeats, source: Source, say: Words) -> str:
    """Whether one report brings the next; why it cannot be said where it cannot."""
    knox = found.knox
    if knox.undecided is not None or knox.p is None:
        return say_reason(knox.undecided, say)
    name = unit_names(source.city, source.facts, "category", say).get(
        found.category, found.category
    )
    key = "rebound.near_yes" if knox.p < ALPHA and (knox.ratio or 0) > 1 else "rebound.near_no"
    return say(
        key,
        name=name,
        metres=f"{knox.rule.band_m[0]:g}",
        days=f"{knox.rule.band_days[0]:g}",
        ratio=numbers.ratio(say, knox.ratio),
        p=f"{knox.p:.3f}",
    )


def register_rule_words(found: Register, say: Words) -> str:
    """When a place enters and leaves the register."""
    rule = found.rule
    return say(
        "rebound.list.register_rule",
        within=rule.within_days,
        rebounds=rule.rebounds,
        clear=rule.clear_days,
    )
