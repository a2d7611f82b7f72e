"""Special actions on the page 行动: the table of all, and the progress of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any, Literal

import polars as pl

from dashboard import proof
from dashboard.components import sheet
from dashboard.filters import View
from dashboard.text import Speaker
from dashboard.views.campaign_proofs import effect_proof
from geodata.analysis.actions import ActionProgress, Projection
from geodata.analysis.answers import Scope, Value
from geodata.analysis.reasons import Reason
from geodata.domain.campaign import SpecialAction
from geodata.findings import Source
from geodata.findings.effects.actions import actions_of, detail, progress
from geodata.findings.effects.campaign_words import finish_words, progress_sentences
from geodata.findings.effects.effect import EffectFinding
from geodata.findings.effects.effect_words import outcome_name, share_of_expected, verdict
from geodata.wording import numbers
from geodata.wording.reasons import say_reason
from geodata.wording.units import unit_names

Tones = dict[str, Any]
_TONES: Tones = {
    "worked": "better", "worked_and_spread": "better", "worked_here": "better",
    "moved": "strong", "partly_moved": "strong", "worse": "strong",
}  # fmt: skip


def table(
    source: Source,
    view: View,
    found: tuple[EffectFinding, ...],
    chosen: SpecialAction | None,
    say: Speaker,
) -> sheet.Block:
    """Return every action in a row: struck off, open, overdue, its end, its effect."""
    listed = actions_of(source, view.selection)
    by_code = {one.asked.code: one for one in found}
    rows = [
        _row(source, progress(source, one), by_code[one.code], say, open_=one == chosen)
        for one in listed
    ]
    none = "no_action_for_office" if source.city.actions else "no_actions"
    return sheet.table(
        [
            sheet.column(say("campaign_page.action")),
            sheet.column(say("campaign_page.outcome")),
            sheet.column(say("campaign_page.expected"), "number"),
            sheet.column(say("campaign_page.share"), "number", bar=True),
            sheet.column(say("campaign_page.struck"), "number"),
            sheet.column(say("campaign_page.open"), "number"),
            sheet.column(say("campaign_page.overdue"), "number"),
            sheet.column(say("campaign_page.finish")),
            sheet.column(say("campaign_page.lead_office")),
        ],
        rows,
        title=say("campaign_page.actions"),
        note=say("campaign_page.actions_note") if rows else "",
        empty="" if rows else say(f"campaign_page.{none}"),
        id="actions",
    )


def _row(
    source: Source, found: ActionProgress, finding: EffectFinding, say: Speaker, *, open_: bool
) -> sheet.Part:
    action, rate = found.action, found.rate
    offices = unit_names(source.city, source.facts, "office", say)
    scope = found.rate.scope
    return sheet.row(
        [
            sheet.cell(say.name(action), tone="strong" if open_ else ""),
            sheet.cell(
                outcome_name(finding.outcome, say),
                value=finding.outcome,
                tone=_TONES.get(finding.outcome, "muted"),
                proof=effect_proof(source, finding, say, note=verdict(finding, say)),
            ),
            _share(source, finding, say),
            sheet.cell(
                numbers.rate(say, rate.value) if isinstance(rate, Value) else None,
                value=rate.value if isinstance(rate, Value) else None,
                proof=proof.proof(rate, say),
            ),
            *_state_cells(found.struck_off, found.ledger, found.overdue, scope, say),
            _finish(found, say),
            offices.get(action.lead or "", action.lead) if action.lead else None,
        ],
        patch={"options": {"action": action.code}},
    )


def _state_cells(
    struck: int, ledger: int, overdue: int, scope: Scope | None, say: Speaker
) -> list[sheet.Part]:
    """Struck off of the ledger, open, overdue: each with what is behind it."""
    opened = ledger - struck
    told = {
        code: proof.of(say, formula=code, value=numbers.amount(say, n, "cases"), n=n, scope=scope)
        for code, n in (("strike_off", struck), ("open", opened), ("overdue_stock", overdue))
    }
    tone: Literal["worse", "muted"] = "worse" if overdue else "muted"
    fraction = numbers.fraction(say, struck, ledger)
    return [
        sheet.cell(fraction, value=ledger, proof=told["strike_off"]),
        sheet.cell(numbers.count(say, opened), value=opened, proof=told["open"]),
        sheet.cell(
            numbers.count(say, overdue), value=overdue, tone=tone, proof=told["overdue_stock"]
        ),
    ]


def _share(source: Source, finding: EffectFinding, say: Speaker) -> sheet.Part:
    """Actual cases of those expected, with the interval."""
    effect = finding.moved.treated
    if effect.ratio is None:
        return sheet.cell("—", value=None, proof=effect_proof(source, finding, say))
    factor, span = share_of_expected(effect, say)
    told = effect_proof(source, finding, say)
    return sheet.cell(factor, value=effect.ratio, note=span, proof=told)


def _finish(found: ActionProgress, say: Speaker) -> sheet.Part:
    """Projected day with its interval; else why there is none."""
    finish = found.finish
    if not isinstance(finish, Projection):
        short = say(f"campaign_page.finish_none.{finish.reason.value}")
        told = proof.proof(replace(finish, formula="projected_days"), say, scope=found.rate.scope)
        return sheet.cell(short, value="9999", tone="muted", proof=told)
    earliest = say.day(finish.earliest)
    note = say("campaign_page.finish_from", earliest=earliest)
    if finish.latest is not None:
        latest = say.day(finish.latest)
        note = say("campaign_page.finish_span", earliest=earliest, latest=latest)
    return sheet.cell(
        say.day(finish.on),
        value=finish.on.isoformat(),
        note=note,
        proof=_finish_proof(found, finish, say),
    )


def _finish_proof(found: ActionProgress, finish: Projection, say: Speaker) -> proof.Proof:
    scope = found.rate.scope
    last = None if scope is None else (scope.as_of - timedelta(microseconds=1)).date()
    return proof.of(
        say,
        formula="projected_days",
        value=numbers.days(say, None if last is None else (finish.on - last).days),
        n=found.open,
        scope=scope,
        note=finish_words(found, say),
    )


def detail_blocks(source: Source, action: SpecialAction | None, say: Speaker) -> list[sheet.Block]:
    """Progress of one action over time, by street and by office."""
    if action is None:
        return []
    found, scope = detail(source, action), progress(source, action).rate.scope
    offices = unit_names(source.city, source.facts, "office", say)
    return [
        _progress_lines(source, action, found.days, say),
        _progress_words(source, action, say),
        _counted(found.streets, "street", {}, scope, say),
        _counted(found.offices, "office", offices, scope, say),
    ]


def _progress_words(source: Source, action: SpecialAction, say: Speaker) -> sheet.Block:
    found = progress(source, action)
    told = progress_sentences(found, say)
    behind = proof.proof(found.rate, say)
    return sheet.sentences(
        [sheet.sentence(one.text, tone=one.tone, proof=behind) for one in told],
        span=5,
        id="progress-words",
    )


def _progress_lines(
    source: Source, action: SpecialAction, days: pl.DataFrame, say: Speaker
) -> sheet.Block:
    title = say("campaign_page.ledger", name=say.name(action))
    if days.is_empty():
        empty = say("campaign_page.ledger_empty")
        axis = sheet.axis("day", [])
        return sheet.lines(axis, [], unit="", summary=empty, title=title, empty=empty, span=7)
    last = days.row(-1, named=True)
    counts = {name: numbers.count(say, last[name]) for name in ("ledger", "struck_off", "open")}
    drawn: Any = (
        ("ledger", "ledger_line", "problem", "ledger"),
        ("struck_off", "struck_line", "calm", "strike_off"),
    )
    scope, note = progress(source, action).rate.scope, say("campaign_page.day_point")
    return sheet.lines(
        sheet.axis("day", days["day"].to_list()),
        [
            sheet.line(
                say(f"campaign_page.{name}"),
                days[column].to_list(),
                tone=tone,
                proof=proof.shared(say, formula=code, scope=scope, note=note),
            )
            for column, name, tone, code in drawn
        ],
        unit=numbers.unit_of(say, "cases"),
        summary=say(
            "campaign_page.ledger_summary",
            day=say.day(last["day"]),
            ledger=counts["ledger"],
            struck=counts["struck_off"],
            open=counts["open"],
        ),
        spans=phase_spans(source, say),
        title=title,
        span=7,
        id="progress",
    )


def phase_spans(source: Source, say: Speaker) -> list[sheet.Part]:
    """Phases of the campaign as stretches of a chart."""
    phases = source.city.campaign.phases if source.city.campaign else ()
    return [
        {"from": one.from_on.isoformat(), "until": one.until_on.isoformat(), "label": say.name(one)}
        for one in phases
    ]


def _counted(
    counts: pl.DataFrame, by: str, names: dict[str, str], scope: Scope | None, say: Speaker
) -> sheet.Block:
    rows = [
        sheet.row(
            [
                names.get(row[by], row[by]) if row[by] else say("campaign_page.off_street"),
                *_state_cells(row["struck_off"], row["ledger"], row["overdue"], scope, say),
            ]
        )
        for row in counts.iter_rows(named=True)
    ]
    return sheet.table(
        [
            sheet.column(say(f"campaign_page.{by}")),
            sheet.column(say("campaign_page.struck"), "number"),
            sheet.column(say("campaign_page.open"), "number", bar=True),
            sheet.column(say("campaign_page.overdue"), "number"),
        ],
        rows,
        first=8,
        title=say(f"campaign_page.by_{by}"),
        empty="" if rows else say_reason(Reason.NO_CASES, say),
        span=6,
        id=f"by-{by}",
    )
