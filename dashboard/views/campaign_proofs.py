"""What is behind the numbers of an effect: counts, interval, p, days and filters."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import repeat
from typing import Any

from dashboard import proof
from dashboard.text import Speaker
from geodata.analysis.answers import Scope
from geodata.analysis.channels import PatrolShift
from geodata.analysis.effect import Effect
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.effects.effect import EffectFinding
from geodata.findings.effects.effect_words import share_of_expected, signed
from geodata.wording import numbers
from geodata.wording.selection import describe


def sentence_proofs(
    source: Source, finding: EffectFinding, say: Speaker
) -> dict[str, Iterator[proof.Proof | None]]:
    """Code of a thing → what is behind the sentences about it, in the order they are said in."""
    rose = (street_proof(source, finding, row, say) for row in finding.rose.to_dicts())
    without = finding.without_patrols
    return {
        "effect": repeat(effect_proof(source, finding, say)),
        "balance": repeat(_balance_proof(source, finding, say)),
        "rose": rose,
        "without_patrols": repeat(effect_proof(source, finding, say, effect=without)),
        "patrols": repeat(_patrol_proof(finding, say)),
    }


def effect_proof(
    source: Source,
    finding: EffectFinding,
    say: Speaker,
    *,
    note: str = "",
    effect: Effect | None = None,
) -> proof.Proof:
    """Everything behind an effect: counts, interval, p, days, filters; else of that given."""
    effect = effect or finding.moved.treated
    factor, span = share_of_expected(effect, say)
    counted = effect.counts
    return proof.of(
        say,
        formula="difference_in_differences",
        value=factor,
        n=int(counted["before"].sum()) + int(counted["after"].sum()),
        scope=scope_of(source, finding, say),
        interval=span if effect.ratio is not None else "",
        note="\n".join(filter(None, (note, _counts_note(finding, effect, say)))),
    )


def street_proof(
    source: Source, finding: EffectFinding, row: dict[str, Any], say: Speaker
) -> proof.Proof:
    """Everything behind one street around: its counts, the ratio with its interval, p and q."""
    counts = {side: numbers.count(say, row[side]) for side in ("before", "after")}
    p, q = (numbers.chance(say, row[name]) for name in ("p", "q"))
    told = (
        say("campaign_page.from_to", first=counts["before"], second=counts["after"]),
        say("campaign_page.effect_p", p=p, q=q),
    )
    return proof.of(
        say,
        formula="difference_in_differences",
        value=numbers.rate(say, row["ratio"]),
        n=row["before"] + row["after"],
        scope=scope_of(source, finding, say),
        interval=numbers.interval(say, row["low"], row["high"]),
        note="\n".join(told),
    )


def week_proofs(source: Source, finding: EffectFinding, say: Speaker) -> dict[str, proof.Proof]:
    """Behind the points of the course: seven days from the day below each."""
    scope, note = scope_of(source, finding, say), say("campaign_page.week_point")
    return {
        code: proof.shared(say, formula=code, scope=scope, note=note)
        for code in ("reported", "expected_cases")
    }


def _balance_proof(source: Source, finding: EffectFinding, say: Speaker) -> proof.Proof | None:
    balance = finding.moved.balance
    if balance is None:
        return None
    low, high = (signed(say, end) for end in (balance.low, balance.high))
    return proof.of(
        say,
        formula="displacement",
        value=signed(say, balance.cases),
        scope=scope_of(source, finding, say),
        interval=say("proof.span", first=low, last=high),
    )


def _patrol_proof(finding: EffectFinding, say: Speaker) -> proof.Proof | None:
    """Behind what is said of patrols, the one doubt that holds numbers."""
    shift = finding.patrols
    return proof.proof(shift.second, say) if isinstance(shift, PatrolShift) else None


def _counts_note(finding: EffectFinding, effect: Effect, say: Speaker) -> str:
    treated, other = effect.counts.select("before", "after").rows()
    days = effect.counts.select("before_days", "after_days").row(0)
    parts = [
        say(
            "campaign_page.counts_note",
            treated_before=numbers.count(say, treated[0]),
            treated_after=numbers.count(say, treated[1]),
            other_before=numbers.count(say, other[0]),
            other_after=numbers.count(say, other[1]),
            before=days[0],
            after=days[1],
        )
    ]
    if effect.varies_by is not None:
        parts.append(say(f"campaign_page.varies_{effect.varies_by}"))
    if effect.p is not None:
        p = numbers.chance(say, effect.p)
        alone = say("campaign_page.effect_p_alone", p=p)
        q = numbers.chance(say, finding.q)
        parts.append(alone if finding.q is None else say("campaign_page.effect_p", p=p, q=q))
    return "\n".join(parts)


def scope_of(source: Source, finding: EffectFinding, say: Speaker) -> Scope:
    """Both stretches as one period, and the cases counted in words."""
    return Scope(
        from_at=finding.before.from_at,
        until_at=max(finding.after.until_at, finding.before.until_at),
        as_of=finding.after.as_of,
        filters=filters(source, finding, say),
        version=finding.after.version,
    )


def filters(source: Source, finding: EffectFinding, say: Speaker) -> str:
    """Which cases an effect counts, in words."""
    asked = finding.asked
    counted = Selection(
        categories=asked.cases.categories, channels=asked.cases.channels, hours=asked.cases.hours
    )
    return describe(source.city, source.facts, counted, say)
