"""Phases on the page 行动: a day of each, one against another group by group, zero growth."""

from __future__ import annotations

from typing import Any

from dashboard import proof
from dashboard.components import sheet
from dashboard.filters import View
from dashboard.text import Speaker
from dashboard.views.campaign_head import worded
from geodata.analysis.answers import Withheld
from geodata.analysis.building_area import BuildingArea
from geodata.analysis.reasons import Reason
from geodata.domain.selection import Selection
from geodata.findings import Source
from geodata.findings.effects.actions import zero_growth
from geodata.findings.effects.campaign import PhaseFinding, phase_pairs, phases
from geodata.findings.effects.campaign_words import weight_words
from geodata.findings.effects.phase_groups import UNITS, GroupFinding, Unit, phases_by
from geodata.findings.effects.stretches import without_patrols
from geodata.findings.periods import patrol_channels
from geodata.wording import numbers
from geodata.wording.reasons import say_reason
from geodata.wording.selection import phase_name
from geodata.wording.units import unit_names

_DOMAIN = (0.25, 4.0)
_CLEAR = 0.05
_PATROLS = ("all", "without")


def pairs(source: Source) -> list[tuple[str, str]]:
    """Phases that can be compared, each with the one before it."""
    return phase_pairs(source)


def pair_name(source: Source, pair: tuple[str, str], say: Speaker) -> str:
    """Two phases as a choice shows them."""
    first, second = (phase_name(source.city, one, say) for one in pair)
    return say("campaign_page.trial_pair", first=first, second=second)


def blocks(source: Source, view: View, say: Speaker) -> list[sheet.Block]:
    """Return reports a day by phase, the comparison by group, and illegal building."""
    chosen = _chosen(source, view)
    finding = phases(source, chosen)
    if isinstance(finding, Reason):
        text = say("campaign.none") if source.city.campaign is None else say_reason(finding, say)
        return [sheet.sentences([], title=say("campaign_page.phases"), empty=text)]
    building = _building(source, view, say)
    return [
        _per_day(source, finding, _patrol_tools(source, view, say), say),
        _groups(source, view, chosen, say),
        *([building] if building else []),
    ]


def _chosen(source: Source, view: View) -> Selection:
    """The filter, without what patrols found where the page is asked for that (S11)."""
    if _patrols_left_out(source, view):
        return without_patrols(source, view.selection)
    return view.selection


def _patrols_left_out(source: Source, view: View) -> bool:
    return bool(patrol_channels(source)) and view.option("patrols", _PATROLS) == "without"


def _patrol_tools(source: Source, view: View, say: Speaker) -> list[sheet.Control]:
    if not patrol_channels(source):
        return []
    options = [sheet.option(one, say(f"campaign_page.patrols_{one}")) for one in _PATROLS]
    chosen = view.option("patrols", _PATROLS)
    return [sheet.choice("patrols", say("campaign_page.patrols"), chosen, options)]


def _per_day(
    source: Source, finding: PhaseFinding, tools: list[sheet.Control], say: Speaker
) -> sheet.Block:
    table = finding.table
    told = table.filter(table["undecided"].is_null())
    ends = told.select("lower", "upper").rows()
    low, high = (
        min((one for one, _ in ends), default=0.0),
        max((two for _, two in ends), default=1.0),
    )
    margin = (high - low) * 0.1 or 1.0
    return sheet.forest(
        [_phase_row(source, finding, row, say) for row in table.iter_rows(named=True)],
        unit=numbers.unit_of(say, "cases_per_day"),
        domain=(max(low - margin, 0.0), high + margin),
        title=say("campaign_page.phases"),
        note=say("campaign_page.phases_note", weights=weight_words(finding, say)),
        tools=tools,
        span=6,
        id="phases",
    )


def _phase_row(
    source: Source, finding: PhaseFinding, row: dict[str, Any], say: Speaker
) -> sheet.Part:
    name = phase_name(source.city, row["phase"], say)
    days = say("campaign_page.phase_days", days=row["days"])
    if row["planned_days"] is not None:
        days = say("campaign_page.phase_days_of", days=row["days"], planned=row["planned_days"])
    if row["undecided"] is not None:
        return sheet.forest_row(name, say_reason(row["undecided"], say), muted=True, n=days)
    return sheet.forest_row(
        name,
        numbers.decimal(say, row["per_day"]),
        point=row["per_day"],
        lower=row["lower"],
        upper=row["upper"],
        n=days,
        note=_phase_note(finding, row, say),
        proof=proof.of(
            say,
            formula="cases_per_day",
            value=numbers.amount(say, row["per_day"], "cases_per_day"),
            n=row["cases"],
            scope=worded(source, finding.selection, finding.scopes[row["phase"]], say),
            interval=numbers.interval(say, row["lower"], row["upper"], "cases_per_day"),
            note=weight_words(finding, say),
        ),
    )


def _phase_note(finding: PhaseFinding, row: dict[str, Any], say: Speaker) -> str:
    """Reports per km, and the share patrols found."""
    told = []
    if row["per_km_day"] is not None:
        told.append(say("campaign_page.per_km", n=numbers.decimal(say, row["per_km_day"], 2)))
    share = finding.patrol_shares.get(row["phase"])
    if share is not None and share.value > 0:
        told.append(say("campaign_page.patrol_share", share=numbers.rate(say, share.value)))
    return " · ".join(told)


def _groups(source: Source, view: View, chosen: Selection, say: Speaker) -> sheet.Block:
    title, known = say("campaign_page.groups"), pairs(source)
    if not known:
        empty = say("campaign_page.no_pairs")
        return sheet.forest([], unit="share", domain=_DOMAIN, title=title, empty=empty, span=6)
    named = {f"{one}~{two}": (one, two) for one, two in reversed(known)}
    unit: Unit = view.option("by", UNITS)  # type: ignore[assignment]
    pair = view.option("pair", tuple(named))
    found = phases_by(source, unit, *named[pair], chosen)
    names = _names(source, unit, say)
    rows = [
        _group_row(row, names.get(row["group"], row["group"]), say)
        for row in found.table.iter_rows(named=True)
    ]
    return sheet.forest(
        rows,
        unit="share",
        domain=_DOMAIN,
        log=True,
        first=8,
        reference={"value": 1.0, "label": say("campaign_page.same_level")},
        title=title,
        note=say("campaign_page.groups_note"),
        tools=_tools(source, unit, pair, list(named.values()), say),
        empty="" if rows else say_reason(Reason.NO_CASES, say),
        span=6,
        id="groups",
    )


def _names(source: Source, unit: Unit, say: Speaker) -> dict[str, str]:
    if unit == "class":
        return {one.code: say.name(one) for one in source.city.street_classes.values()}
    return unit_names(source.city, source.facts, unit, say)


def _group_row(row: dict[str, Any], name: str, say: Speaker) -> sheet.Part:
    counts = {side: numbers.count(say, row[f"cases_{side}"]) for side in ("first", "second")}
    n = say("campaign_page.from_to", **counts)
    if row["ratio"] is None:
        return sheet.forest_row(name, say_reason(row["undecided"], say), muted=True, n=n)
    clear = row["q"] is not None and row["q"] <= _CLEAR
    low, high = _DOMAIN
    return sheet.forest_row(
        name,
        numbers.rate(say, row["ratio"]),
        point=min(max(row["ratio"], low), high),
        lower=min(max(row["lower"], low), high),
        upper=high if row["upper"] is None else min(max(row["upper"], low), high),
        n=n,
        note=say("campaign_page.beyond_short") if clear else "",
        proof=proof.of(
            say,
            formula="rate_ratio",
            value=numbers.rate(say, row["ratio"]),
            n=row["cases_first"] + row["cases_second"],
            interval=numbers.interval(say, row["lower"], row["upper"]),
            numerator=("reported", row["cases_second"]),
            denominator=("reported", row["cases_first"]),
            note=say(
                "campaign_page.effect_p",
                p=numbers.chance(say, row["p"]),
                q=numbers.chance(say, row["q"]),
            ),
        ),
    )


def _tools(
    source: Source, unit: str, pair: str, known: list[tuple[str, str]], say: Speaker
) -> list[sheet.Control]:
    by = {"office": "by_office_short"}
    units = [sheet.option(one, say(f"campaign_page.{by.get(one, f'by_{one}')}")) for one in UNITS]
    tools = [sheet.choice("by", say("campaign_page.by"), unit, units)]
    if len(known) > 1:
        options = [sheet.option("~".join(one), pair_name(source, one, say)) for one in known]
        tools.append(sheet.choice("pair", say("campaign_page.pair"), pair, options))
    return tools


def _building(source: Source, view: View, say: Speaker) -> sheet.Block | None:
    """Illegal building by phase (S16); no block where a city records no areas."""
    found = zero_growth(source, view.selection)
    if isinstance(found.so_far, Withheld):
        return None
    rows = [
        _building_row(phase_name(source.city, code, say), balance, say)
        for code, balance in {**found.phases, "campaign": found.so_far}.items()
    ]
    return sheet.table(
        [
            sheet.column(say("campaign_page.phase")),
            sheet.column(say("campaign_page.found_m2"), "number", bar=True),
            sheet.column(say("campaign_page.demolished_m2"), "number"),
            sheet.column(say("campaign_page.standing_m2"), "number"),
            sheet.column(say("campaign_page.zero")),
        ],
        rows,
        title=say("campaign_page.buildings"),
        span=6,
        id="building",
    )


def _building_row(name: str, balance: BuildingArea | Withheld, say: Speaker) -> sheet.Part:
    if isinstance(balance, Withheld):
        return sheet.row([name, None, None, None, say_reason(balance.reason, say)], tone="muted")
    cells = [
        sheet.cell(
            numbers.count(say, round(value.value)),
            value=value.value,
            proof=proof.proof(value, say, value=numbers.amount(say, round(value.value), "m2")),
        )
        for value in (balance.found, balance.demolished, balance.new_standing)
    ]
    zero = balance.zero_growth
    if isinstance(zero, Withheld):
        return sheet.row([name, *cells, sheet.cell(say_reason(zero.reason, say), tone="muted")])
    word = sheet.cell(
        say(f"campaign_page.{'yes' if zero else 'no'}"), tone="better" if zero else "worse"
    )
    return sheet.row([name, *cells, word])


__all__ = ["GroupFinding", "blocks", "pair_name", "pairs"]
