"""Open cases by their deadlines, the longest overdue, what came and went, and how old it is."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

import polars as pl

from dashboard import proof
from dashboard.components import sheet
from dashboard.text import Speaker
from dashboard.views.office_cards import later_words
from dashboard.views.office_desk import Desk
from geodata.analysis.ageing import AgeingRule
from geodata.findings.judging.indicators import Backlog
from geodata.findings.judging.lateness import BANDS, LateRule, late_bands, longest_overdue
from geodata.findings.source import Source
from geodata.wording import numbers
from geodata.wording.units import unit_names

FIRST: Final = 12
TONES: Final = {
    "no_deadline": "d", "not_due": "calm", "due_soon": "soon", "late_short": "heat-2",
    "late_medium": "heat-3", "late_long": "heat-4", "late_longest": "heat-6",
}  # fmt: skip


def band_names(source: Source, rule: LateRule, say: Speaker) -> dict[str, str]:
    """Each band of lateness in words."""
    a, b, c = rule.edges_days
    places = {
        "due_soon": {"hours": f"{source.city.due_soon.within_hours:g}"},
        "late_short": {"a": str(a)},
        "late_medium": {"b": str(a), "c": str(b)},
        "late_long": {"b": str(b), "c": str(c)},
        "late_longest": {"c": str(c)},
    }
    return {band: say(f"offices.band_{band}", **places.get(band, {})) for band in BANDS}


def lateness(desk: Desk) -> sheet.Block:
    """Open cases of each unit by their deadline, the most overdue on top."""
    say, source, held, rule = desk.say, desk.source, desk.backlog(), LateRule()
    table = late_bands(
        held.waiting, as_of=held.scope.end_at, by=desk.by, rule=rule, soon=source.city.due_soon
    )
    words = band_names(source, rule, say)
    present = {band: words[band] for band in BANDS if len(table) and table[band].sum()}
    return sheet.bars(
        [_bar(desk, held, one, present) for one in table.to_dicts()],
        legend=[
            sheet.bar_key(name, TONES[band], proof=_band_proof(held, band, say))
            for band, name in present.items()
        ],
        first=FIRST,
        id=f"lateness/{desk.by}",
        title=say("offices.lateness"),
        span=4,
        note="\n".join(filter(None, (say("offices.lateness_note"), later_words(held, say)))),
        **desk.empty("offices.lateness_none", none=table.is_empty()),
    )


def _band_proof(held: Backlog, band: str, say: Speaker) -> proof.Proof:
    """Behind every part of a name: open cases with such a deadline."""
    late = band.startswith("late")
    code = "overdue_stock" if late else "due_soon" if band == "due_soon" else "open"
    return proof.shared(say, formula=code, scope=held.scope, note=later_words(held, say))


def _bar(desk: Desk, held: Backlog, one: dict[str, Any], present: dict[str, str]) -> sheet.Part:
    say, unit = desk.say, one["unit"]
    told = {name: numbers.count(say, one[name]) for name in ("overdue", "open")}
    value = numbers.amount(say, one["overdue"], "cases")
    return sheet.bar_row(
        desk.name(unit),
        [sheet.bar_part(name, one[band], TONES[band]) for band, name in present.items()],
        say("offices.lateness_total", **told),
        proof=proof.of(say, formula="overdue_stock", value=value, n=one["open"], scope=held.scope),
        patch=desk.patch(unit),
    )


def longest(desk: Desk) -> sheet.Block:
    """Cases longest past their deadline; a row opens it in the ledger."""
    say, source, held = desk.say, desk.source, desk.backlog()
    worst = longest_overdue(held.waiting, as_of=held.scope.end_at)
    names = {
        kind: unit_names(source.city, source.facts, kind, say) for kind in ("office", "category")
    }
    columns = [
        sheet.column(say(f"offices.{one}")) for one in ("case", "problem", "street", "office")
    ]
    return sheet.table(
        [*columns, desk.column("late", "days_overdue", held.scope)],
        [_late_row(one, names, say) for one in worst.to_dicts()],
        id="longest",
        title=say("offices.longest"),
        first=10,
        **desk.empty("offices.longest_none", none=worst.is_empty()),
    )


def _late_row(one: dict[str, Any], names: dict[str, dict[str, str]], say: Speaker) -> sheet.Part:
    days = numbers.days(say, one["late_days"])
    return sheet.row(
        [
            one["case_id"],
            names["category"].get(one["category"], one["category"]),
            one["street"] or say("offices.unnamed"),
            names["office"].get(one["office"], one["office"]),
            sheet.cell(days, value=one["late_days"], tone="worse"),
        ],
        href=ledger_link(one["case_id"], say),
    )


def ledger_link(case_id: str, say: Speaker) -> str:
    """Address of a case in the ledger."""
    return f"./ledger?{urlencode({'o.case': case_id, 'lang': say.language})}"


def flow(desk: Desk) -> sheet.Block:
    """What came in and went out each day."""
    say, scope, daily = desk.say, desk.backlog().scope, desk.backlog().flow
    frame: Any = {"id": "flow", "title": say("offices.flow"), "span": 8}
    if daily.is_empty():
        empty = desk.empty("offices.flow_none", none=True)
        return sheet.lines(sheet.axis("day", []), [], unit="", summary="", **frame, **empty)
    tones: Any = {"inflow": ("problem", "reported"), "outflow": ("a", "closed_in_period")}
    words = _flow_words(daily, say)
    return sheet.lines(
        sheet.axis("day", [day.isoformat() for day in daily["day"]]),
        [
            sheet.line(
                say(f"offices.{name}"),
                daily[name].to_list(),
                tone=tone,
                proof=proof.shared(say, formula=code, scope=scope),
            )
            for name, (tone, code) in tones.items()
        ],
        unit=numbers.unit_of(say, "cases"),
        summary=words,
        **frame,
    )


def _flow_words(flow: pl.DataFrame, say: Speaker) -> str:
    opening = flow["backlog"][0] - flow["inflow"][0] + flow["outflow"][0]
    counts = {
        "inflow": flow["inflow"].sum(), "outflow": flow["outflow"].sum(), "opening": opening,
        "closing": flow["backlog"][-1],
    }  # fmt: skip
    return say(
        "offices.flow_summary",
        first=say.day(flow["day"][0]),
        last=say.day(flow["day"][-1]),
        **{name: numbers.count(say, n) for name, n in counts.items()},
    )


def ages(desk: Desk) -> sheet.Block:
    """How long ago the open cases were reported."""
    say, held = desk.say, desk.backlog()
    columns = [
        sheet.column(say("offices.age_band")),
        desk.column("age_open", "open", held.scope, bar=True),
        desk.column("age_overdue", "overdue_stock", held.scope),
    ]
    bands = held.bands.to_dicts()
    return sheet.table(
        columns,
        [sheet.row([_between(one, say), one["open"], one["overdue"]]) for one in bands],
        id="ages",
        title=say("offices.ages"),
        span=4,
        note=say("offices.ages_note", source=_source(held.rule, say)),
        **desk.empty("offices.lateness_none", none=not held.bands["open"].sum()),
    )


def _source(rule: AgeingRule, say: Speaker) -> str:
    return say("standing.assumed") if rule.source.startswith("assumed") else rule.source


def _between(band: dict[str, Any], say: Speaker) -> str:
    first, last = band["from_days"], band["until_days"]
    if last is None:
        return say("offices.age_from", a=f"{first:g}")
    return say("offices.age_between", a=f"{first:g}", b=f"{last:g}")
