"""Whose rebounds, and how soon: units by interval, curves and rates by phase of closing."""

from __future__ import annotations

import math
from typing import Any, Final

import polars as pl

from dashboard import proof
from dashboard.components import sheet
from dashboard.text import Speaker
from dashboard.views.rebound_choices import Asking, by_control
from dashboard.views.rebound_streets import behind, rate_proof, ratio_proof, too_few_words
from geodata.analysis.answers import Value
from geodata.analysis.reasons import Reason
from geodata.findings.rebounds.rebound import rebounds, rebounds_by
from geodata.findings.rebounds.rebound_curves import PhaseCurve, curves_by_phase
from geodata.findings.rebounds.rebound_words import ALPHA
from geodata.wording import numbers
from geodata.wording.reasons import say_reason
from geodata.wording.selection import phase_name
from geodata.wording.units import unit_names

FILTER: Final = {
    "office": "offices", "area": "areas", "category": "categories", "family": "families",
}  # fmt: skip
TONES: Final = ("a", "b", "c", "d")
FEWEST_FOR_CURVE: Final = 10
"""Close-outs below which a curve is only its steps."""


def units(asking: Asking, say: Speaker) -> sheet.Block:
    """One row per office (or area, category, family): corrected rate, interval, finding."""
    by: Any = asking.by
    table = rebounds_by(asking.source, by, asking.selection, rule=asking.rule)
    table = table.sort(
        [pl.col("undecided").is_not_null(), "shrunk", "unit"],
        descending=[False, True, False], nulls_last=True,
    )  # fmt: skip
    found = rebounds(asking.source, asking.selection, rule=asking.rule, say=say)
    whole = found.rate.value if isinstance(found.rate, Value) else None
    names = unit_names(asking.source.city, asking.source.facts, by, say)
    label = say("rebounds.reference", rate=numbers.rate(say, whole))
    return sheet.forest(
        [_row(asking, row, names, say) for row in table.to_dicts()],
        unit="share",
        domain=_domain(table, whole),
        reference=None if whole is None else {"value": whole, "label": label},
        title=say("rebounds.whose"),
        note=say("rebounds.whose_note"),
        tools=[by_control(asking, say)],
        span=7,
        first=8,
        id=f"rebound-units/{by}",
        empty="" if len(table) else say_reason(Reason.NO_CLOSED_CASES, say),
    )


def _domain(table: pl.DataFrame, whole: float | None) -> tuple[float, float]:
    """From 0, so that lengths compare, to just above the highest mark."""
    drawn = table.filter(pl.col("shrunk").is_not_null())
    ends = [*drawn["upper"], *drawn["raw"], whole or 0.0]
    top = max(ends)
    return 0.0, min(math.ceil(top * 1.08 * 20) / 20, 1.0) if top else 1.0


def _row(asking: Asking, row: dict[str, Any], names: dict[str, str], say: Speaker) -> sheet.Part:
    unit, known = row["unit"], row["shrunk"] is not None
    nobody = row["undecided"] == Reason.NOT_A_UNIT.value
    marks = {name: row[name] for name in ("lower", "upper", "raw")} if known else {}
    verdict: Any = row["verdict"] if row["verdict"] in ("worse", "better") else "none"
    return sheet.forest_row(
        names.get(unit, unit),
        numbers.rate(say, row["shrunk"]) if known else too_few_words(asking, row, say),
        point=row["shrunk"],
        n=numbers.fraction(say, row["rebounds"], row["followed"]),
        verdict=verdict,
        muted=not known,
        note=_note(row, say),
        proof=_both(asking, row, say),
        patch=None if nobody else {"filters": {FILTER[asking.by]: [unit]}},
        **marks,
    )


def _note(row: dict[str, Any], say: Speaker) -> str:
    return "" if row["verdict"] is None else say(f"rebound.verdict.{row['verdict']}")


def _both(asking: Asking, row: dict[str, Any], say: Speaker) -> proof.Proof:
    """The rate, with the ratio to the usual level in its note."""
    rate, ratio = rate_proof(asking, row, say), ratio_proof(asking, row, say)
    against = f"{ratio['title']} {ratio['value']}"
    return {**rate, "note": "\n".join(filter(None, (rate.get("note"), against)))}


def curves(asking: Asking, say: Speaker) -> sheet.Block:
    """Share that came back over the days since close-out, by phase of closing."""
    found = curves_by_phase(asking.source, asking.selection, rule=asking.rule)
    drawn = [one for one in found if one.survival.n >= FEWEST_FOR_CURVE][-len(TONES) :]
    days = list(range(max(2 * asking.rule.within_days, 30) + 1))
    names = {one.code: phase_name(asking.source.city, one.code, say) for one in found}
    window = say("rebounds.days_of", n=asking.rule.within_days)
    return sheet.lines(
        sheet.axis("number", days, say("rebounds.curve_x")),
        [
            _line(one, names[one.code], days, TONES[at], behind(asking, "came_back_share", say))
            for at, one in enumerate(drawn)
        ],
        unit="share",
        summary=_summary(asking, drawn, names, say),
        marks=[{"x": asking.rule.within_days, "label": window}],
        title=say("rebounds.how_soon"),
        note=_curve_note(drawn, names, say),
        span=5,
        id="rebound-curves",
        empty="" if drawn else _no_curve(found, say),
    )  # fmt: skip


def _no_curve(found: tuple[PhaseCurve, ...], say: Speaker) -> str:
    reason = Reason.TOO_FEW_CASES if found else Reason.NO_CLOSED_CASES
    return say_reason(reason, say)


def _line(
    one: PhaseCurve, name: str, days: list[int], tone: Any, proven: proof.Proof
) -> sheet.Part:
    """Share that came back; no further than any case was watched."""
    reach = one.survival.watched_days
    told = [one.survival.within(day) if day <= reach else (None, None, None) for day in days]
    share, lower, upper = (list(column) for column in zip(*told, strict=True))
    return sheet.line(
        name, share, lower=lower, upper=upper, step=True, tone=tone,
        proof={**proven, "n": f"{one.survival.n:,}"},
    )  # fmt: skip


def _summary(asking: Asking, drawn: list[PhaseCurve], names: dict[str, str], say: Speaker) -> str:
    window = asking.rule.within_days
    parts = [
        say("rebounds.curve_part", phase=names[one.code],
            rate=numbers.rate(say, one.survival.within(window)[0]))
        for one in drawn
        if one.survival.watched_days >= window
    ]  # fmt: skip
    listed = say.listed(parts, most=len(parts)) if parts else say("rebounds.rate_missing")
    return say("rebounds.curve_summary", days=window, parts=listed)


def _curve_note(drawn: list[PhaseCurve], names: dict[str, str], say: Speaker) -> str:
    censored = [
        say("rebounds.curve_censored", phase=names[one.code],
            n=numbers.count(say, one.survival.n - one.survival.events),
            of=numbers.count(say, one.survival.n))
        for one in drawn
    ]  # fmt: skip
    listed = say.listed(censored, most=len(censored)) if censored else say("number.none")
    return say("rebounds.curve_note", censored=listed)


def phases(asking: Asking, say: Speaker) -> sheet.Block:
    """Rates by phase, each tested against the phase before it."""
    found = curves_by_phase(asking.source, asking.selection, rule=asking.rule)
    table = rebounds_by(asking.source, "phase", asking.selection, rule=asking.rule)
    rows = {row["unit"]: row for row in table.to_dicts()}
    return sheet.table(
        [
            sheet.column(say("rebounds.phase")),
            *(
                sheet.column(say(f"rebounds.{one}"), "number", proof=behind(asking, code, say))
                for one, code in _COUNTED.items()
            ),
            sheet.column(say("rebounds.card_rate"), "number"),
            sheet.column(say("rebounds.change")),
            sheet.column(say("rebounds.significance")),
            sheet.column(say("rebounds.ratio"), "number"),
        ],
        [_phase_row(asking, one, rows[one.code], say) for one in found],
        title=say("rebounds.phases"),
        note=say("rebounds.phases_note"),
        id="rebound-phases",
        empty="" if found else say_reason(Reason.NO_CLOSED_CASES, say),
    )


_COUNTED: Final = {
    "closed": "closed_in_period", "followed": "followed", "rebounds": "rebounds",
}  # fmt: skip
"""Column of counts → formula."""


def _phase_row(asking: Asking, one: PhaseCurve, row: dict[str, Any], say: Speaker) -> sheet.Part:
    return sheet.row(
        [
            phase_name(asking.source.city, one.code, say),
            row["closed"],
            row["followed"],
            row["rebounds"],
            sheet.cell(
                numbers.rate(say, row["raw"]) if row["followed"] else say("rebounds.not_followed"),
                value=row["raw"], proof=rate_proof(asking, {**row, "shrunk": None}, say),
            ),
            _change(asking, one, say),
            _significance(one, say),
            sheet.cell(
                numbers.ratio(say, row["ratio"]), value=row["ratio"],
                proof=ratio_proof(asking, row, say),
            ),
        ],
        patch={"phases": [one.code]},
    )  # fmt: skip


def _change(asking: Asking, one: PhaseCurve, say: Speaker) -> sheet.Part:
    change = one.change
    if change is None or change.change is None:
        return sheet.cell(say("number.none"), tone="muted")
    return sheet.cell(
        numbers.points(say, change.change),
        value=change.change,
        proof=change_proof(asking, one, say),
    )


def change_proof(asking: Asking, one: PhaseCurve | None, say: Speaker) -> proof.Proof | None:
    """Everything behind the rate of one phase against the one before; None without either."""
    change = None if one is None else one.change
    if change is None:
        return None
    note = "" if change.undecided is None else say_reason(change.undecided, say)
    return proof.of(
        say,
        formula="share_change",
        value=numbers.points(say, change.change),
        n=change.places,
        scope=asking.scope(say),
        interval=numbers.interval(say, change.low, change.high),
        note="\n".join(filter(None, (f"p = {numbers.chance(say, change.p)}", note))),
    )


def _significance(one: PhaseCurve, say: Speaker) -> sheet.Part:
    if one.change is None or one.before is None:
        return sheet.cell(say("number.none"), tone="muted")
    if one.change.p is None:
        return sheet.cell(say_reason(one.change.undecided, say), tone="muted")
    clear = one.change.p < ALPHA
    tone: Any = "" if not clear else "worse" if (one.change.change or 0) > 0 else "better"
    return sheet.cell(say("rebounds.clear" if clear else "rebounds.unclear"), tone=tone)
