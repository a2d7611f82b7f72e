"""The head of the rebound page: five numbers, what they mean, and the streets."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from dashboard import proof
from dashboard.components import sheet
from dashboard.text import Speaker
from dashboard.views.rebound_choices import Asking
from dashboard.views.rebound_whose import change_proof
from geodata.analysis.answers import Answer, Value
from geodata.findings.rebounds.close_outs import close_outs_of
from geodata.findings.rebounds.look_back import LookBack, chronic_register, look_back
from geodata.findings.rebounds.rebound import ReboundFinding, rebounds, rebounds_by
from geodata.findings.rebounds.rebound_cells import RESOLUTION, rebounds_by_cell
from geodata.findings.rebounds.rebound_curves import PhaseCurve, curves_by_phase
from geodata.findings.rebounds.rebound_words import (
    change_words,
    next_words,
    rate_words,
    reopened_words,
    street_words,
    usual_words,
    waiting_words,
)
from geodata.spatial.cells import from_text, parent_expr, parent_of, resolution_of
from geodata.wording import numbers
from geodata.wording.reasons import say_reason

NAMED: Final = 3


def _found(asking: Asking, say: Speaker) -> ReboundFinding:
    return rebounds(asking.source, asking.selection, rule=asking.rule, say=say)


def cards(asking: Asking, say: Speaker) -> sheet.Block:
    """Rate, against usual, days, chronic sites, next week, reopened."""
    found = _found(asking, say)
    return sheet.cards(
        [
            _rate(found, say),
            _usual(found, say),
            _median(found, say),
            _register(asking, say),
            _next(asking, say),
            _reopened(found, say),
        ],
        id="rebound-cards",
    )


def _rate(found: ReboundFinding, say: Speaker) -> sheet.Part:
    one = found.rate
    note = ""
    if isinstance(one, Value):
        note = say("rebounds.span", span=numbers.interval(say, one.lower, one.upper))
    return _card("rebounds.card_rate", one, "share", note, say)


def _usual(found: ReboundFinding, say: Speaker) -> sheet.Part:
    one = found.excess
    note = ""
    if isinstance(one, Value):
        note = say(
            "rebounds.usual_note",
            seen=numbers.count(say, one.numerator),
            expected=numbers.count(say, round(one.denominator or 0)),
        )
    return _card("rebounds.card_usual", one, "ratio", note, say)


def _reopened(found: ReboundFinding, say: Speaker) -> sheet.Part:
    note = say("rebounds.reopened_note")
    return _card("rebounds.card_reopened", found.reopened, "share", note, say)


def _card(label: str, one: Answer, unit: str, note: str, say: Speaker) -> sheet.Part:
    if not isinstance(one, Value):
        words = say_reason(one.reason, say)
        return sheet.card(say(label), say("number.none"), note=words, proof=proof.proof(one, say))
    return sheet.card(
        say(label),
        numbers.bare(say, one.value, unit),
        unit=numbers.unit_of(say, unit),
        note=note,
        proof=proof.proof(one, say),
    )


def _median(found: ReboundFinding, say: Speaker) -> sheet.Part:
    days = found.median_days
    return sheet.card(
        say("rebounds.card_median"),
        numbers.bare(say, days, "days"),
        unit=numbers.unit_of(say, "days") if numbers.known(days) else "",
        note=say("rebounds.median_note"),
        proof=proof.of(
            say,
            formula="days_to_rebound",
            value=numbers.days(say, days),
            n=found.rate.n if isinstance(found.rate, Value) else None,
            scope=found.scope,
        ),
    )


def _register(asking: Asking, say: Speaker) -> sheet.Part:
    found = chronic_register(asking.source, asking.selection, rule=asking.rule)
    n = len(found.listed)
    return sheet.card(
        say("rebounds.card_register"),
        numbers.count(say, n),
        unit=numbers.unit_of(say, "places"),
        note=say("rebounds.register_note", n=numbers.count(say, found.beyond)),
        proof=proof.of(
            say,
            formula="chronic_sites",
            value=numbers.amount(say, n, "places"),
            n=len(found.table),
            scope=asking.scope(say),
        ),
    )


def _next(asking: Asking, say: Speaker) -> sheet.Part:
    found = look_back(asking.source, asking.selection, rule=asking.rule)
    expected = None if found.undecided else round(found.expected)
    span = {"first": say.day(found.from_on), "last": say.day(found.until_on)}
    return sheet.card(
        say("rebounds.card_next"),
        numbers.count(say, expected),
        unit=numbers.unit_of(say, "cases") if expected is not None else "",
        note=say("rebounds.next_note", **span),
        proof=_next_proof(asking, found, say),
    )


def _next_proof(asking: Asking, found: LookBack, say: Speaker) -> proof.Proof:
    expected = None if found.undecided else round(found.expected)
    return proof.of(
        say,
        formula="expected_rebounds",
        value=numbers.amount(say, expected, "cases"),
        n=found.places,
        scope=asking.scope(say),
        note=say_reason(found.undecided, say),
    )


def sentences(asking: Asking, say: Speaker) -> sheet.Block:
    """What the numbers mean, in the order a leader needs it."""
    source, found = asking.source, _found(asking, say)
    streets = rebounds_by(source, "street", asking.selection, rule=asking.rule)
    curves = curves_by_phase(source, asking.selection, rule=asking.rule)
    ahead = look_back(source, asking.selection, rule=asking.rule)
    known = isinstance(found.rate, Value)
    rate, usual = proof.proof(found.rate, say), proof.proof(found.excess, say)
    told: list[tuple[str, Any, proof.Proof | None]] = [
        (rate_words(found, source, say), "plain" if known else "doubt", rate),
        (usual_words(found, say), "plain", usual),
        (street_words(streets, say), "plain", usual),
        (change_words(source, curves, say), "plain", change_proof(asking, _last(curves), say)),
        (reopened_words(found, say), "plain", proof.proof(found.reopened, say)),
        (_waiting(found, say), "doubt", rate),
        (say("rebounds.partial") if asking.partial else "", "doubt", None),
        (next_words(ahead, say), "next", _next_proof(asking, ahead, say)),
    ]
    return sheet.sentences(
        [sheet.sentence(text, tone=tone, proof=behind) for text, tone, behind in told if text],
        id="rebound-sentences",
    )


def _last(curves: tuple[PhaseCurve, ...]) -> PhaseCurve | None:
    """The last phase that is compared with the one before it."""
    known = [one for one in curves if one.change is not None and one.change.change is not None]
    return known[-1] if known else None


def _waiting(found: ReboundFinding, say: Speaker) -> str:
    """Said at the head only where it is much of what was closed."""
    much = found.closed - found.followed > found.closed / 5
    return waiting_words(found, say) if much and found.followed else ""


def picked_cell(asking: Asking, say: Speaker) -> list[sheet.Block]:
    """What came back in the cell picked on the map; nothing where none is picked."""
    name = asking.view.picked.cell
    if name is None:
        return []
    cell = from_text(name)
    if resolution_of(cell) > RESOLUTION:
        cell = int(parent_of(pl.Series([cell]).to_numpy(), RESOLUTION)[0])
    table = rebounds_by_cell(asking.source, asking.selection, rule=asking.rule)
    rows = table.filter(pl.col("cell") == cell).to_dicts()
    text = _cell_words(asking, rows[0], say) if rows else say("rebounds.cell_none")
    told = _cell_proof(asking, rows[0], say) if rows else None
    return [
        sheet.sentences(
            [sheet.sentence(text, proof=told)],
            title=say("rebounds.cell_title"),
            tools=[sheet.button(say("rebounds.cell_close"), {"close": True})],
            id="rebound-cell",
        )
    ]


def _cell_proof(asking: Asking, row: dict[str, Any], say: Speaker) -> proof.Proof:
    return proof.of(
        say,
        formula="rebound_excess",
        value=numbers.ratio(say, row["ratio"]),
        n=row["closed"],
        scope=asking.scope(say),
        numerator=("rebounds", row["rebounds"]),
        denominator=("rebounds_expected", row["expected"]),
        note=f"q = {numbers.chance(say, row['q'])}" if numbers.known(row["q"]) else "",
    )


def _cell_words(asking: Asking, row: dict[str, Any], say: Speaker) -> str:
    table = close_outs_of(asking.source, asking.selection, asking.rule).followed.table
    here = table.filter(parent_expr(pl.col("cell"), RESOLUTION) == row["cell"])
    counted = here["street"].drop_nulls().alias("street").value_counts(name="n")
    names = counted.sort(["n", "street"], descending=[True, False])["street"].to_list()
    return say(
        "rebounds.cell_text",
        closed=numbers.amount(say, row["closed"], "cases"),
        rebounds=numbers.amount(say, row["rebounds"], "cases"),
        expected=numbers.amount(say, round(row["expected"], 1), "cases"),
        streets=say.listed([name for name in names if name][:NAMED]),
    )
