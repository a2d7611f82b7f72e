"""Head of the page 行动: five numbers and up to four sentences."""

from __future__ import annotations

import polars as pl

from dashboard import proof
from dashboard.components import sheet
from dashboard.filters import View
from dashboard.text import Speaker
from dashboard.views.campaign_proofs import effect_proof
from geodata.analysis.answers import Scope, Value, Withheld
from geodata.analysis.reasons import Reason
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.effects.actions import actions_of, progress_of_all, strike_off, zero_growth
from geodata.findings.effects.campaign import PhaseFinding, phases, today
from geodata.findings.effects.campaign_words import (
    building_sentence,
    day_words,
    newest,
    phase_sentences,
    weight_words,
)
from geodata.findings.effects.effect import EffectFinding
from geodata.findings.effects.effect_words import outcome_name, verdict
from geodata.wording import numbers
from geodata.wording.reasons import say_reason
from geodata.wording.selection import phase_name

WORKED = ("worked", "worked_and_spread", "worked_here")
MOVED = ("moved", "partly_moved")
_MOST_SENTENCES = 4


def cards(
    source: Source, view: View, found: tuple[EffectFinding, ...], say: Speaker
) -> sheet.Block:
    """Return day, reports a day, struck off, what worked, illegal building."""
    listed = [_day(source, say), _per_day(source, view, say)]
    if source.city.actions:
        listed += [_strike_off(source, view, say), _worked(source, found, say)]
    building = _building(source, view, say)
    return sheet.cards([*listed, building] if building else listed, id="cards")


def _day(source: Source, say: Speaker) -> sheet.Part:
    found, words = today(source), day_words(source, say)
    told = found is not None and found.day is not None
    return sheet.card(
        say("campaign_page.day"),
        str(found.day) if found is not None and told else "—",
        unit=say("campaign_page.of_days", days=found.days) if found is not None and told else "",
        note=words[-1] if words else say("campaign.none"),
        proof=proof.of(
            say,
            formula="campaign_day",
            value=numbers.amount(say, found.day if found is not None else None, "days"),
            scope=source.scope(Selection()),
            note="\n".join(words),
        ),
    )


def _per_day(source: Source, view: View, say: Speaker) -> sheet.Part:
    finding = phases(source, view.selection)
    at = None if isinstance(finding, Reason) else newest(finding)
    if isinstance(finding, Reason) or at is None:
        reason = finding if isinstance(finding, Reason) else Reason.NO_DAYS
        words = say_reason(reason, say)
        told = proof.of(say, formula="cases_per_day", value=say("number.none"), note=words)
        return sheet.card(say("campaign_page.per_day"), "—", note=words, proof=told)
    row = finding.ratios.row(at, named=True)
    per_day = row["cases_second"] / row["exposure_second"]
    return sheet.card(
        say("campaign_page.per_day"),
        numbers.decimal(say, per_day),
        unit=numbers.unit_of(say, "cases_per_day"),
        change=_versus(source, finding, at, say),
        note=_beyond(finding, at, say),
        proof=_per_day_proof(source, finding, at, say),
    )


def _versus(source: Source, finding: PhaseFinding, at: int, say: Speaker) -> sheet.Part | None:
    row = finding.ratios.row(at, named=True)
    if row["ratio"] is None:
        return None
    up = row["ratio"] >= 1
    versus = say(
        "campaign_page.versus",
        phase=phase_name(source.city, row["first"], say),
        way=say(f"campaign_page.way_{'up' if up else 'down'}"),
        percent=numbers.rate(say, abs(row["ratio"] - 1)),
    )
    return sheet.change(versus, "up" if up else "down")


def _beyond(finding: PhaseFinding, at: int, say: Speaker) -> str:
    """Whether the change is more than normal fluctuation; no verdict either way."""
    row = finding.ratios.row(at, named=True)
    if row["ratio"] is None:
        return say_reason(row["undecided"], say)
    level = row["lower"] <= 1 and (row["upper"] is None or row["upper"] >= 1)
    return say(f"campaign_page.{'within' if level else 'beyond'}")


def _per_day_proof(source: Source, finding: PhaseFinding, at: int, say: Speaker) -> proof.Proof:
    row = finding.ratios.row(at, named=True)
    table = finding.table.row(by_predicate=pl.col("phase") == row["second"], named=True)
    return proof.of(
        say,
        formula="cases_per_day",
        value=numbers.amount(say, table["per_day"], "cases_per_day"),
        n=table["cases"],
        scope=worded(source, finding.selection, finding.scopes[row["second"]], say),
        interval=numbers.interval(say, table["lower"], table["upper"], "cases_per_day"),
    )


def worded(source: Source, selection: Selection, scope: Scope, say: Speaker) -> Scope:
    """The scope with its filters in words."""
    told = source.scope(selection, say)
    return Scope(
        from_at=scope.from_at, until_at=scope.until_at, as_of=scope.as_of,
        filters=told.filters, version=scope.version, without_channels=scope.without_channels,
    )  # fmt: skip


def _strike_off(source: Source, view: View, say: Speaker) -> sheet.Part:
    rate = strike_off(source, view.selection)
    found = progress_of_all(source, view.selection)
    opened = {
        "open": numbers.count(say, sum(one.open for one in found)),
        "overdue": numbers.count(say, sum(one.overdue for one in found)),
    }
    known = isinstance(rate, Value)
    return sheet.card(
        say("campaign_page.strike_off"),
        numbers.bare(say, rate.value, "share") if isinstance(rate, Value) else "—",
        unit=numbers.unit_of(say, "share") if known else "",
        note=say("campaign_page.strike_off_note", **opened)
        if known
        else say_reason(rate.reason if isinstance(rate, Withheld) else None, say),
        proof=proof.proof(rate, say),
    )


def _worked(source: Source, found: tuple[EffectFinding, ...], say: Speaker) -> sheet.Part:
    count = {
        name: sum(one.outcome in kinds for one in found)
        for name, kinds in (("worked", WORKED), ("moved", MOVED), ("worse", ("worse",)))
    }
    return sheet.card(
        say("campaign_page.worked"),
        str(count["worked"]),
        unit=say("campaign_page.of_actions", n=len(found)),
        note=say("campaign_page.worked_note", moved=count["moved"], worse=count["worse"]),
        proof=proof.of(
            say,
            formula="actions_worked",
            value=numbers.amount(say, count["worked"], "actions"),
            n=len(found),
            scope=source.scope(Selection()),
            note=_outcomes(source, found, say),
        ),
    )


def _outcomes(source: Source, found: tuple[EffectFinding, ...], say: Speaker) -> str:
    """Each action with what came of it, one a line."""
    names = {one.code: say.name(one) for one in source.city.actions}
    told = [(names[one.asked.code], outcome_name(one.outcome, say)) for one in found]
    return "\n".join(f"{name} · {outcome}" for name, outcome in told)


def _building(source: Source, view: View, say: Speaker) -> sheet.Part | None:
    """New illegal building still standing; no card where a city records no areas."""
    balance = zero_growth(source, view.selection).so_far
    if isinstance(balance, Withheld):
        return None
    sums = {
        name: numbers.amount(say, round(value.value), "m2")
        for name, value in (("found", balance.found), ("demolished", balance.demolished))
    }
    standing = balance.new_standing
    return sheet.card(
        say("campaign_page.building"),
        numbers.count(say, round(standing.value)),
        unit=numbers.unit_of(say, "m2"),
        note=say("campaign_page.building_note", **sums),
        proof=proof.proof(standing, say, value=numbers.amount(say, round(standing.value), "m2")),
    )


def sentences(
    source: Source, view: View, found: tuple[EffectFinding, ...], say: Speaker
) -> sheet.Block:
    """Say what worked and what moved, then the phases, then illegal building."""
    told = _effects_told(source, view, found, say) + _phases_told(source, view, say)
    balance = zero_growth(source, view.selection)
    if not isinstance(balance.so_far, Withheld):
        evidence = proof.proof(balance.so_far.new_standing, say)
        told.append(sheet.sentence(building_sentence(balance, say), proof=evidence))
    return sheet.sentences(told[:_MOST_SENTENCES], id="head")


def _effects_told(
    source: Source, view: View, found: tuple[EffectFinding, ...], say: Speaker
) -> list[sheet.Part]:
    """Say what may have moved, then what worked."""
    shown = {one.code for one in actions_of(source, view.selection)}
    return [
        sheet.sentence(verdict(one, say), proof=effect_proof(source, one, say))
        for one in sorted(found, key=lambda one: one.outcome not in MOVED)
        if one.outcome in (*MOVED, *WORKED) and one.asked.code in shown
    ]


def _phases_told(source: Source, view: View, say: Speaker) -> list[sheet.Part]:
    finding = phases(source, view.selection)
    at = None if isinstance(finding, Reason) else newest(finding)
    told = phase_sentences(source, finding, say)
    if isinstance(finding, Reason) or at is None:
        return [sheet.sentence(one.text, tone=one.tone) for one in told]
    evidence = ratio_proof(source, finding, at, say)
    return [sheet.sentence(one.text, tone=one.tone, proof=evidence) for one in told]


def ratio_proof(source: Source, finding: PhaseFinding, at: int, say: Speaker) -> proof.Proof:
    """Everything behind one phase against the one before it."""
    row = finding.ratios.row(at, named=True)
    return proof.of(
        say,
        formula="rate_ratio",
        value=numbers.rate(say, row["ratio"]),
        n=row["cases_first"] + row["cases_second"],
        scope=worded(source, finding.selection, finding.scopes[row["second"]], say),
        interval=numbers.interval(say, row["lower"], row["upper"]),
        numerator=("reported", row["cases_second"]),
        denominator=("reported", row["cases_first"]),
        note=weight_words(finding, say),
    )
