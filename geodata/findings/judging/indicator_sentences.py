"""What is said of indicators and rankings, in words: changes, and what a ranking cannot tell."""

from __future__ import annotations

from datetime import date

from geodata.analysis.answers import Scope, Withheld
from geodata.analysis.ranking import Ranking
from geodata.analysis.reasons import Reason
from geodata.analysis.rebound import DEFAULT_RULE
from geodata.domain.selection import Selection
from geodata.findings.changes import Change
from geodata.findings.judging.indicators import IndicatorSet
from geodata.findings.judging.offices import Standings
from geodata.findings.judging.unit_counts import PER_KM, REBOUND
from geodata.findings.periods import in_parts
from geodata.findings.source import Source
from geodata.wording import Words, numbers
from geodata.wording.formulas import name_of
from geodata.wording.reasons import say_reason


def period_words(scope: Scope, first: date, last: date, say: Words) -> str:
    """Days, filters and version a number speaks of, in one line."""
    return say(
        "standing.period",
        first=first.isoformat(),
        last=last.isoformat(),
        filters=scope.filters or say("filter.none"),
        version=max(scope.version or 0, 0),
    )


def change_words(change: Change | Withheld | None, say: Words) -> str:
    """How a number changed, e.g. ``下降 0.8 个百分点（未超出正常波动）``; "" where not known."""
    if change is None or isinstance(change, Withheld):
        return ""
    if change.kind == "per_day":
        per_day = (numbers.decimal(say, one) for one in (change.now_per_day, change.before_per_day))
        size = say("indicator.per_day", **dict(zip(("now", "before"), per_day, strict=True)))
    else:
        size = numbers.change(say, change.size, change.now.unit)
    if change.kind == "plain" or change.direction == "flat":
        return size
    fluctuation = say("indicator.beyond" if change.certain else "indicator.within")
    return f"{size}（{fluctuation}）" if say.language == "zh" else f"{size} ({fluctuation})"


def versus(found: IndicatorSet, say: Words) -> str:
    """Which days the change refers to."""
    before = found.before_period
    if before is None:
        return say("indicator.no_before")
    return say(
        "indicator.versus", first=before.from_on.isoformat(), last=before.until_on.isoformat()
    )


def caveats(
    source: Source, selection: Selection, say: Words, *, without_patrol: bool = False
) -> list[str]:
    """What must be known of the numbers of a selection."""
    told = {
        "standing.patrol_out": without_patrol,
        "standing.parted": in_parts(source, selection),
        "standing.status_unused": selection.statuses is not None,
    }
    return [say(key) for key, holds in told.items() if holds]


def undecided_words(found: Standings, code: str | None, say: Words) -> str:
    """Why a unit has no rank; "" where it has one."""
    if code is None:
        return ""
    reason = Reason(code)
    if reason is Reason.NOT_A_UNIT:
        return say("standing.nobody")
    if reason is Reason.NO_EXPOSURE:
        return say("standing.nothing")
    if reason is not Reason.TOO_FEW_CASES:
        return say_reason(reason, say)
    if found.measure == PER_KM:
        return say("standing.few_expected", n=numbers.decimal(say, found.rule.least_expected, 0))
    return say("standing.few", n=found.rule.least_n, measure=name_of(found.measure, say))


def whole_words(found: Standings, say: Words) -> str:
    """Rate of all units together, with its parts."""
    if isinstance(found.ranking, Withheld):
        return say_reason(found.ranking.reason, say)
    if found.measure == PER_KM:
        return whole_label(found, found.ranking.whole, say)
    table = found.ranking.table
    part, whole = (float(table[name].sum()) for name in ("numerator", "denominator"))
    return say(
        "standing.own" if found.own else "standing.whole",
        rate=rate_words(found, found.ranking.whole, say),
        part=numbers.count(say, part),
        whole=numbers.count(say, whole),
    )


def whole_label(found: Standings, rate: float | None, say: Words) -> str:
    """What all units together are called, and their rate."""
    key = "standing.own_short" if found.own else "standing.whole_short"
    return say(key, rate=rate_words(found, rate, say))


def rate_words(found: Standings, rate: float | None, say: Words) -> str:
    """A rate of the ranking's measure with its unit."""
    if found.measure == PER_KM:
        return numbers.decimal(say, rate, 2)
    return numbers.rate(say, rate)


def rule_words(found: Standings, say: Words) -> list[str]:
    """How the ranking is made, when somebody is named, and what it is no ground for."""
    rule = found.rule
    assumed = rule.source.startswith("assumed")
    level = f"{100 * rule.level:g}"
    told = [say("standing.shrunk", level=level)]
    if found.verdicts:
        told.append(
            say(
                "standing.rule",
                n=rule.least_n,
                bottom=rule.bottom,
                consecutive=rule.consecutive,
                source=say("standing.assumed") if assumed else rule.source,
            )
        )
    if found.measure == REBOUND:
        told.append(say("standing.rebound", days=DEFAULT_RULE.within_days))
    if isinstance(found.ranking, Ranking) and overlapping(found.ranking):
        told.append(say("standing.overlap"))
    return told


def excess_words(found: Standings, unit: str, say: Words) -> str:
    """How many times the usual level a unit's rebounds are; "" for other measures."""
    held = None if found.excess is None else found.excess.filter(unit=unit)
    if held is None or held.is_empty() or held["excess"][0] is None:
        return ""
    one = held.row(0, named=True)
    low, high = (numbers.decimal(say, one[end], 2) for end in ("excess_low", "excess_high"))
    ratio = say("amount.ratio", n=numbers.decimal(say, one["excess"], 2))
    return say("standing.excess", ratio=ratio, interval=f"{low}–{high}")


def overlapping(ranking: Ranking) -> bool:
    """Whether two units next to each other in rank have intervals that overlap."""
    table = ranking.table.drop_nulls("rank")
    lower, upper = table["lower"].to_list(), table["upper"].to_list()
    pairs = zip(
        zip(lower, upper, strict=True), zip(lower[1:], upper[1:], strict=True), strict=False
    )
    return any(max(a[0], b[0]) <= min(a[1], b[1]) for a, b in pairs)


def named_words(found: Standings, names: dict[str, str], say: Words) -> list[str]:
    """Units named for being at the bottom again and again."""
    every = say("standing.week" if found.every == "week" else "standing.month")
    return [
        say("standing.named", unit=names.get(unit, unit), n=streak, every=every,
            bottom=found.rule.bottom)
        for unit, streak, named in found.streaks.iter_rows()
        if named
    ]  # fmt: skip
