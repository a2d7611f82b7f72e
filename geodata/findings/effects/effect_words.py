"""Did it work or did it move, in sentences computed from the finding; shared by all who tell it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

from geodata.analysis.answers import Withheld
from geodata.analysis.channels import PatrolShift
from geodata.analysis.effect import Effect
from geodata.domain.period import Period
from geodata.findings.effects.effect import CANNOT_TELL, EffectFinding
from geodata.wording import Words
from geodata.wording.numbers import count, decimal, interval, rate, ratio
from geodata.wording.reasons import say_reason

_WEEK: Final = 7
_TWICE: Final = 2.0
_NEAREST: Final = 5
_MOVED: Final = ("moved", "partly_moved")


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence: a fact, a doubt about it, or what to do next."""

    text: str
    tone: Literal["plain", "doubt", "next"] = "plain"
    about: str = ""
    """Which number stands behind it: ``effect``, ``rose``, ``balance``, ``patrols``, …"""


def effect_sentences(finding: EffectFinding, say: Words) -> tuple[Said, ...]:
    """Say the verdict, the numbers under it, every doubt there is, and the next step."""
    said = [Said(verdict(finding, say), about="effect")]
    if finding.outcome != CANNOT_TELL:
        said += _facts(finding, say)
        said += _doubts(finding, say)
        said += [Said(text, "next") for text in _next(finding, say)]
    return tuple(said)


def verdict(finding: EffectFinding, say: Words) -> str:
    """Say in one sentence what may be concluded."""
    streets, outcome = street_names(finding.asked.streets, say), finding.outcome
    if outcome == CANNOT_TELL:
        return say("effect.cannot_tell", streets=streets, reason=say_reason(finding.undecided, say))
    if outcome in _MOVED and finding.rose.is_empty():
        return say(f"effect.{outcome}_around", streets=streets)
    cases = count(say, abs(finding.avoided or 0.0))
    rose = street_names(tuple(finding.rose["unit"]), say)
    return say(f"effect.{outcome}", streets=streets, cases=cases, rose=rose)


def outcome_name(outcome: str, say: Words) -> str:
    """Name an outcome in a word or two, as tables show it."""
    return say(f"effect.short.{outcome}")


def street_names(streets: tuple[str, ...], say: Words) -> str:
    """Up to three names, else the first and how many there are."""
    if not streets:
        return say("effect.no_streets")
    if len(streets) <= 3:  # noqa: PLR2004 - as many as are read at a glance
        return say("filter.between_names").join(streets)
    return say("effect.some_streets", first=streets[0], n=len(streets))


def share_of_expected(effect: Effect, say: Words) -> tuple[str, str]:
    """Factor and interval of an effect: per cent of what was expected, times it from twice on."""
    if effect.ratio is not None and effect.ratio >= _TWICE:
        return ratio(say, effect.ratio), interval(say, effect.low, effect.high, "ratio")
    return rate(say, effect.ratio), interval(say, effect.low, effect.high, "share")


def _facts(finding: EffectFinding, say: Words) -> Iterator[Said]:
    effect, asked = finding.moved.treated, finding.asked
    factor, span = share_of_expected(effect, say)
    (before, after) = effect.counts.select("before", "after").row(0)
    numbers = say(
        "effect.numbers",
        before=_weekly(before, asked.before, say),
        after=_weekly(after, asked.after, say),
        expected=count(say, effect.expected_after),
        actual=count(say, after),
        ratio=factor,
        interval=span,
    )
    yield Said(numbers, about="effect")
    if finding.outcome in _MOVED:
        yield from _moved_facts(finding, say)


def _moved_facts(finding: EffectFinding, say: Words) -> Iterator[Said]:
    asked, balance = finding.asked, finding.moved.balance
    for row in finding.rose.iter_rows(named=True):
        rose = say(
            "effect.rose",
            street=row["unit"],
            before=_weekly(row["before"], asked.before, say),
            after=_weekly(row["after"], asked.after, say),
            cases=count(say, row["excess"]),
        )
        yield Said(rose, about="rose")
    if balance is not None:
        low, high = (signed(say, end) for end in (balance.low, balance.high))
        span = say("proof.span", first=low, last=high)
        text = say("effect.balance", cases=signed(say, balance.cases), interval=span)
        yield Said(text, about="balance")


def _weekly(cases: float, period: Period | None, say: Words) -> str:
    """Cases a week over the days asked for."""
    return decimal(say, cases / period.days * _WEEK if period else None)


def signed(say: Words, cases: float) -> str:
    """Whole cases with their sign, +9 or −60."""
    text = count(say, abs(cases))
    if text == count(say, 0):
        return text
    return f"+{text}" if cases > 0 else f"−{text}"


def _doubts(finding: EffectFinding, say: Words) -> Iterator[Said]:
    effect = finding.moved.treated
    if finding.outcome == "worse":
        yield Said(say("effect.more_found"), "doubt")
    if effect.direction and finding.q is not None and finding.q > 1 - effect.rule.confidence:
        yield Said(say("effect.many", n=finding.together), "doubt", about="effect")
    yield from _patrol_doubts(finding, say)
    drift = effect.drift
    if drift is not None and (drift.low > 1 or drift.high < 1):
        yield Said(say("effect.drift"), "doubt")
    if effect.set_aside:
        names = street_names(effect.set_aside, say)
        text = say("effect.set_aside", n=len(effect.compared_with), streets=names)
        yield Said(text, "doubt", about="effect")


def _patrol_doubts(finding: EffectFinding, say: Words) -> Iterator[Said]:
    shift = finding.patrols
    if isinstance(shift, PatrolShift) and shift.changed:
        way = "up" if shift.difference > 0 else "down"
        shares = {"first": rate(say, shift.first.value), "second": rate(say, shift.second.value)}
        yield Said(say(f"effect.patrol_{way}", **shares), "doubt", about="patrols")
    without, effect = finding.without_patrols, finding.moved.treated
    if without is None or isinstance(shift, Withheld) or not effect.direction:
        return
    if without.undecided is not None:
        yield Said(say("effect.without_patrol_none"), "doubt")
        return
    factor, span = share_of_expected(without, say)
    if without.direction == effect.direction:
        yield Said(say("effect.without_patrol_same", ratio=factor), about="without_patrols")
    else:
        text = say("effect.without_patrol_other", ratio=factor, interval=span)
        yield Said(text, "doubt", about="without_patrols")


def _next(finding: EffectFinding, say: Words) -> Iterator[str]:
    if finding.outcome in _MOVED and len(finding.rose):
        yield say("effect.next_moved", rose=street_names(tuple(finding.rose["unit"]), say))


def compared_streets(effect: Effect, say: Words) -> str:
    """Say how many streets were compared with, and which are nearest in level."""
    nearest = effect.compared_with[:_NEAREST]
    names = say("filter.between_names").join(nearest)
    return say("effect.compared", n=len(effect.compared_with), streets=names)
