"""What ``effect`` answers: sentences for people, every number for programs."""

from __future__ import annotations

from typing import Any

from geodata.analysis.channels import PatrolShift
from geodata.analysis.effect import Effect
from geodata.domain.period import Period
from geodata.findings import Source
from geodata.findings.effects.effect import EffectFinding
from geodata.findings.effects.effect_words import compared_streets, effect_sentences, outcome_name
from geodata.wording import Words

SIGNS = {"plain": " ", "doubt": "?", "next": "→"}


def in_words(source: Source, found: tuple[EffectFinding, ...], say: Words) -> str:
    """One paragraph per action: what was compared, what may be concluded, what to doubt."""
    return "\n\n".join(_paragraph(source, one, say) for one in found)


def _paragraph(source: Source, finding: EffectFinding, say: Words) -> str:
    name, outcome = asked_name(source, finding, say), outcome_name(finding.outcome, say)
    lines = [f"【{outcome}】{name}" if say.language == "zh" else f"[{outcome}] {name}"]
    days = [
        f"{say(f'effect.{side}')} {say('proof.span', first=one.from_on, last=one.until_on)}"
        for side, one in (("before", finding.asked.before), ("after", finding.asked.after))
        if one is not None
    ]
    lines += [f"    {' · '.join(days)}"] if days else []
    lines += [f"  {SIGNS[one.tone]} {one.text}" for one in effect_sentences(finding, say)]
    if finding.moved.treated.compared_with:
        lines.append(f"    {compared_streets(finding.moved.treated, say)}")
    return "\n".join(lines)


def asked_name(source: Source, finding: EffectFinding, say: Words) -> str:
    """Name of the action, or the streets chosen."""
    named = {one.code: say.name(one) for one in source.city.actions}
    return named.get(finding.asked.code) or say.listed(list(finding.asked.streets))


def as_record(source: Source, found: tuple[EffectFinding, ...], say: Words) -> dict[str, Any]:
    """Everything, with the sentences, as plain values."""
    return {
        "city": source.city.name,
        "version": source.version,
        "as_of": source.facts.as_of.isoformat(),
        "effects": [_record(source, one, say) for one in found],
    }


def _record(source: Source, finding: EffectFinding, say: Words) -> dict[str, Any]:
    asked, moved = finding.asked, finding.moved
    return {
        "action": asked.code or None,
        "name": asked_name(source, finding, say),
        "streets": list(asked.streets),
        "categories": sorted(asked.cases.categories) if asked.cases.categories else None,
        "before": _days(asked.before),
        "after": _days(asked.after),
        "outcome": finding.outcome,
        "undecided": finding.undecided,
        "sentences": [one.text for one in effect_sentences(finding, say)],
        "treated": _effect(moved.treated)
        | {"q": finding.q, "together": finding.together, "avoided": finding.avoided},
        "around": _effect(moved.around) | {"streets": list(finding.around)},
        "rose": finding.rose.to_dicts(),
        "balance": None
        if moved.balance is None
        else {name: getattr(moved.balance, name) for name in ("cases", "low", "high", "p")},
        "without_patrols": None
        if finding.without_patrols is None
        else _effect(finding.without_patrols),
        "patrols": _patrols(finding),
    }


def _days(period: Period | None) -> dict[str, Any] | None:
    if period is None:
        return None
    return {"from": period.from_on, "until": period.until_on, "days": period.days}


def _effect(effect: Effect) -> dict[str, Any]:
    numbers = {name: getattr(effect, name) for name in ("ratio", "low", "high", "p")}
    return {
        "counts": effect.counts.to_dicts(),
        **numbers,
        "expected_after": effect.expected_after,
        "compared_with": list(effect.compared_with),
        "set_aside": list(effect.set_aside),
        "varies_by": effect.varies_by,
        "confidence": effect.rule.confidence,
        "undecided": effect.undecided,
    }


def _patrols(finding: EffectFinding) -> dict[str, Any] | None:
    shift = finding.patrols
    if shift is None:
        return None
    if not isinstance(shift, PatrolShift):
        return {"undecided": shift.reason}
    return {
        "first": shift.first.value,
        "second": shift.second.value,
        "difference": shift.difference,
        "changed": shift.changed,
    }
