"""Frontage contracts and survey results against their targets, where the city keeps such tables."""

from __future__ import annotations

from typing import Any, Final

from dashboard import proof
from dashboard.components import sheet
from dashboard.text import Speaker
from dashboard.views.office_desk import Desk
from geodata.analysis.answers import PARTS, Value, answers_of
from geodata.analysis.targets import Target
from geodata.errors import GeodataError
from geodata.findings.judging.registers import KINDS, TargetTable, target_table
from geodata.wording import numbers
from geodata.wording.formulas import name_of
from geodata.wording.refusals import said
from geodata.wording.units import unit_names

FIRST: Final = 8


def blocks(desk: Desk) -> list[sheet.Block]:
    """One table per register that the city has; what is wrong with a file instead of it."""
    found = [_block(desk, kind) for kind in KINDS]
    return [one for one in found if one is not None]


def _block(desk: Desk, kind: str) -> sheet.Block | None:
    frame: Any = {"id": f"target/{kind}", "title": desk.say(f"offices.{kind}"), "span": 6}
    try:
        found = target_table(desk.source, kind)
    except GeodataError as error:
        return sheet.table([], [], empty=said(error, desk.say.language), **frame)
    if found is None:
        return None
    return sheet.table(_columns(found, desk.say), _rows(desk, found), first=FIRST,
                       note=_note(found, desk.say), **frame)  # fmt: skip


def _columns(found: TargetTable, say: Speaker) -> list[sheet.Part]:
    rates = [sheet.column(name_of(one.formula, say), "number") for one in found.targets]
    return [sheet.column(say(f"offices.target_{found.by}")), *rates]


def _rows(desk: Desk, found: TargetTable) -> list[sheet.Part]:
    """One row per street or area, the furthest below its first target on top."""
    names = unit_names(desk.source.city, desk.source.facts, found.by, desk.say)
    order = found.table.filter(formula=found.targets[0].formula)
    rows = []
    for one in order.to_dicts():
        mine = found.table.filter(found.table[found.by] == one[found.by])
        model = desk.say("offices.target_model") if one.get("model") else ""
        name = names.get(one[found.by], one[found.by])
        cells = [_cell(desk, found, mine, target) for target in found.targets]
        rows.append(sheet.row([sheet.cell(name, note=model), *cells]))
    return rows


def _cell(desk: Desk, found: TargetTable, mine: Any, target: Target) -> sheet.Part:
    say = desk.say
    row = mine.filter(formula=target.formula)
    (answer,) = answers_of(row.select(list(PARTS)), found.scope)
    least = say("offices.target_least", target=numbers.rate(say, target.least))
    behind = proof.proof(answer, say, note=least)
    if not isinstance(answer, Value):
        return sheet.cell(None, proof=behind)
    met, certain = row["met"][0], row["certain"][0]
    word = say("offices.target_met" if met else "offices.target_missed")
    text = f"{numbers.rate(say, answer.value)} {word}"
    span = numbers.interval(say, answer.lower, answer.upper) if target.sample else ""
    note = span if certain else f"{span}{say('offices.target_unsure')}"
    tone = "" if met or not certain else "worse"
    return sheet.cell(text, value=answer.value, proof=behind, tone=tone, note=note)  # type: ignore[arg-type]


def _note(found: TargetTable, say: Speaker) -> str:
    told = []
    for target in found.targets:
        mine = found.table.filter(formula=target.formula)
        reached = say(
            "offices.target_reaches", met=int(mine["met"].fill_null(value=False).sum()),
            of=len(mine), target=numbers.rate(say, target.least),
        )  # fmt: skip
        told.append(f"{name_of(target.formula, say)} {reached}")
    sample = any(target.sample for target in found.targets)
    told.append(say("offices.target_sample" if sample else "offices.target_note", file=found.file))
    if found.unknown:
        told.append(say("offices.target_unknown", names=say.listed(list(found.unknown))))
    return "\n".join(told)
