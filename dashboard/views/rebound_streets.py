"""Streets in order of how surely they exceed their own level, and what a unit's numbers rest on."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from dashboard import proof
from dashboard.components import sheet
from dashboard.text import Speaker
from dashboard.views.rebound_choices import Asking
from geodata.analysis.answers import Value
from geodata.analysis.reasons import Reason
from geodata.findings.rebounds.rebound import rebounds, rebounds_by
from geodata.wording import numbers
from geodata.wording.reasons import say_reason
from geodata.wording.units import unit_names

MOST: Final = 120
"""Rows that travel; the clearest come first."""


def streets(asking: Asking, say: Speaker) -> sheet.Block:
    """Streets in order of how surely they exceed their own level."""
    table = rebounds_by(asking.source, "street", asking.selection, rule=asking.rule)
    found = rebounds(asking.source, asking.selection, rule=asking.rule, say=say)
    names = unit_names(asking.source.city, asking.source.facts, "street", say)
    whole = found.rate.value if isinstance(found.rate, Value) else None
    return sheet.table(
        [
            sheet.column(say("rebound.column.street")),
            *(
                sheet.column(
                    say(f"rebounds.{one}"),
                    "number",
                    bar=one == "rebounds",
                    proof=behind(asking, code, say),
                )
                for one, code in (("closed", "closed_in_period"), ("rebounds", "rebounds"))
            ),
            sheet.column(say("rebounds.rate"), "interval", domain=_domain(table), reference=whole),
            sheet.column(say("rebounds.ratio"), "number"),
            sheet.column(say("rebounds.verdict")),
        ],
        [street_row(asking, row, names, say) for row in table.head(MOST).to_dicts()],
        title=say("rebounds.streets"),
        note=say("rebounds.streets_note"),
        first=10,
        id=f"rebound-streets/{asking.place}",
        empty="" if len(table) else say_reason(Reason.NO_CLOSED_CASES, say),
    )


def behind(asking: Asking, formula: str, say: Speaker) -> proof.Proof:
    """What is behind every number of a column of this page."""
    return proof.shared(say, formula=formula, scope=asking.scope(say))


def _domain(table: pl.DataFrame) -> tuple[float, float]:
    top = table["upper"].max()
    return 0.0, min(float(top) * 1.05, 1.0) if isinstance(top, float) else 1.0


def street_row(
    asking: Asking, row: dict[str, Any], names: dict[str, str], say: Speaker
) -> sheet.Part:
    """One street; pressing it keeps that street alone."""
    nobody = row["undecided"] == Reason.NOT_A_UNIT.value
    return sheet.row(
        [
            names.get(row["unit"], row["unit"]),
            row["closed"],
            row["rebounds"],
            _rate_cell(asking, row, say),
            sheet.cell(
                numbers.ratio(say, row["ratio"]), value=row["ratio"],
                proof=ratio_proof(asking, row, say),
            ),
            _verdict(row, say),
        ],
        patch=None if nobody else {"filters": {"streets": [row["unit"]]}},
    )  # fmt: skip


def _rate_cell(asking: Asking, row: dict[str, Any], say: Speaker) -> sheet.Part:
    if row["shrunk"] is None:
        words = too_few_words(asking, row, say)
        return sheet.cell(words, tone="muted", proof=rate_proof(asking, row, say))
    return sheet.interval(
        numbers.rate(say, row["shrunk"]),
        lower=row["lower"], upper=row["upper"], point=row["shrunk"], raw=row["raw"],
        proof=rate_proof(asking, row, say),
    )  # fmt: skip


def too_few_words(asking: Asking, row: dict[str, Any], say: Speaker) -> str:
    """Why a unit is only counted, as short as a cell needs."""
    if row["undecided"] == Reason.NOT_A_UNIT.value:
        return say("rebounds.nobody")
    if row["undecided"] == Reason.FOLLOW_UP_TOO_SHORT.value:
        return say("rebounds.not_followed")
    return say("rebounds.too_few", n=asking.source.city.ranks.least_n)


def _verdict(row: dict[str, Any], say: Speaker) -> sheet.Part:
    code = row["verdict"]
    if code is None:
        return sheet.cell(say("number.none"), tone="muted")
    tone: Any = {"worse": "worse", "beyond": "worse", "better": "better"}.get(code, "muted")
    return sheet.cell(say(f"rebound.verdict.{code}"), tone=tone)


def rate_proof(asking: Asking, row: dict[str, Any], say: Speaker) -> proof.Proof:
    """What the corrected rate of a unit rests on; its raw rate where there is none."""
    known = row["shrunk"] is not None
    raw = say("rebounds.proof_raw", raw=numbers.rate(say, row["raw"]))
    note = raw if known else say_reason(row["undecided"], say)
    return proof.of(
        say,
        formula="shrunk_rate" if known else "rebound_rate",
        value=numbers.rate(say, row["shrunk" if known else "raw"]),
        n=row["followed"],
        scope=asking.scope(say),
        numerator=("rebounds", row["rebounds"]),
        denominator=("followed", row["followed"]),
        interval=numbers.interval(say, row["lower"], row["upper"]) if known else "",
        note=note,
    )


def ratio_proof(asking: Asking, row: dict[str, Any], say: Speaker) -> proof.Proof:
    """What the ratio to the usual level rests on."""
    q = row["q"]
    return proof.of(
        say,
        formula="rebound_excess",
        value=numbers.ratio(say, row["ratio"]),
        n=row["closed"],
        scope=asking.scope(say),
        numerator=("rebounds", row["seen"]),
        denominator=("rebounds_expected", row["expected"]),
        interval=numbers.interval(say, row["ratio_low"], row["ratio_high"], "ratio"),
        note=f"q = {numbers.chance(say, q)}" if numbers.known(q) else "",
    )
