"""The ranking drawn as intervals, and the composite score where the city states weights."""

from __future__ import annotations

import math
from typing import Any, Final

import polars as pl

from dashboard import proof
from dashboard.components import sheet
from dashboard.text import Speaker
from dashboard.views.office_desk import EVERY, Desk, measures_of
from geodata.analysis.answers import Withheld
from geodata.analysis.composite import Composite
from geodata.analysis.ranking import Ranking
from geodata.analysis.reasons import Reason
from geodata.findings.judging.indicator_sentences import (
    excess_words,
    rate_words,
    rule_words,
    undecided_words,
    whole_label,
    whole_words,
)
from geodata.findings.judging.offices import Standings, total_score
from geodata.findings.judging.unit_counts import MEASURES, PER_KM
from geodata.wording import numbers
from geodata.wording.formulas import formula, name_of
from geodata.wording.reasons import say_reason

FIRST: Final = 14
"""Rows shown before "all"."""

_FEWEST_POINTS: Final = 2


def block(desk: Desk, found: Standings) -> sheet.Block:
    """One row per unit: rank, name, parts, interval, corrected rate; then who is only counted."""
    say, ranking = desk.say, found.ranking
    if isinstance(ranking, Withheld):
        empty = say_reason(ranking.reason, say)
        return sheet.forest([], unit="share", domain=(0, 1), empty=empty, **_frame(found, say))
    label = whole_label(found, ranking.whole, say)
    share = found.measure != PER_KM
    return sheet.forest(
        [_row(desk, found, one) for one in ranking.table.to_dicts()],
        unit="share" if share else say("offices.measure_cases_per_km"),
        domain=_domain(ranking, share=share),
        reference={"value": ranking.whole, "label": label},
        first=FIRST,
        legend=_legend(found, say),
        course=proof.shared(say, formula="rank", scope=found.scope),
        **_frame(found, say),
    )


def _legend(found: Standings, say: Speaker) -> list[dict[str, str]]:
    if not found.verdicts:
        return []
    rebound = found.excess is not None
    label = say("offices.legend_worse_rebound" if rebound else "offices.legend_worse")
    return [{"mark": "worse", "label": label}]


def _frame(found: Standings, say: Speaker) -> Any:
    measure = say(f"offices.measure_{found.measure}")
    title = say("offices.ranking" if found.verdicts else "offices.density", measure=measure)
    if isinstance(found.ranking, Ranking):
        title = f"{title} · {whole_words(found, say)}"
    return {
        "id": f"ranking/{found.by}/{found.measure}",
        "title": title,
        "tools": _tools(found, say),
        "span": 8,
        "note": "\n".join(_notes(found, say)),
    }


def _notes(found: Standings, say: Speaker) -> list[str]:
    density = [] if found.verdicts else [say("offices.density_note")]
    course = [say(f"offices.course_{found.every}", n=len(found.periods))] if found.periods else []
    return [*density, *rule_words(found, say), *(course if found.verdicts else [])]


def _tools(found: Standings, say: Speaker) -> list[sheet.Control]:
    known = measures_of(found.by)
    options = [sheet.option(one, say(f"offices.measure_{one}")) for one in known]
    tools = [sheet.choice("measure", say("offices.measure"), found.measure, options)]
    if found.verdicts and (found.periods or found.every == "month"):
        steps = [sheet.option(one, say(f"offices.every_{one}")) for one in EVERY]
        tools.append(sheet.choice("every", say("offices.every"), found.every, steps))
    return tools


def _domain(ranking: Ranking, *, share: bool) -> tuple[float, float]:
    """From a little below the lowest to a little above the highest mark of those ranked."""
    ranked = ranking.table.drop_nulls("rank")
    ends = [*ranked["lower"], *ranked["upper"], *ranked["raw"], ranking.whole]
    low, high = min(ends), max(ends)
    edge = 0.04 * (high - low or 1.0)
    step = 0.05 if share else max(edge, 1e-6)
    low = max(math.floor((low - edge) / step) * step, 0.0)
    high = math.ceil((high + edge) / step) * step
    return low, min(high, 1.0) if share else high


def _row(desk: Desk, found: Standings, one: dict[str, Any]) -> sheet.Part:
    say, unit, ranked = desk.say, one["unit"], one["rank"] is not None
    worse = bool(one["worse_than_whole"]) and found.verdicts
    marks = {name: one[name] for name in ("lower", "upper", "raw")} if ranked else {}
    row = sheet.forest_row(
        desk.name(unit),
        rate_words(found, one["shrunk"], say) if ranked else _too_few(one, say),
        point=one["shrunk"] if ranked else None,
        n=_parts(found, one, say),
        rank=str(one["rank"]) if ranked else say("number.none"),
        verdict="worse" if worse else "none",
        muted=not ranked,
        note=_note(found, one, say, is_chosen=unit in desk.chosen),
        proof=_proof(found, one, say),
        patch=desk.patch(unit),
        **marks,
    )
    return row | _course(found, unit, say)


def _too_few(one: dict[str, Any], say: Speaker) -> str:
    nobody = one["undecided"] == Reason.NOT_A_UNIT.value
    return say("offices.nobody" if nobody else "offices.no_rank")


def _parts(found: Standings, one: dict[str, Any], say: Speaker) -> str:
    if found.measure == PER_KM:
        return numbers.amount(say, one["numerator"], "cases")
    return numbers.fraction(say, one["numerator"], one["denominator"])


def _note(found: Standings, one: dict[str, Any], say: Speaker, *, is_chosen: bool) -> str:
    told = [say("offices.is_chosen")] if is_chosen else []
    if one["rank"] is not None:
        ranks = numbers.ranks(say, one["rank_best"], one["rank_worst"])
        told.append(say("offices.possible", ranks=ranks))
    if excess := excess_words(found, one["unit"], say):
        told.append(excess)
    named = found.streaks.filter(unit=one["unit"]).filter("named")
    if len(named):
        every = say("standing.week" if found.every == "week" else "standing.month")
        told.append(
            say("offices.streak", n=named["streak"][0], every=every, bottom=found.rule.bottom)
        )
    return " · ".join(told)


def _course(found: Standings, unit: str, say: Speaker) -> sheet.Part:
    """Ranks of the last periods, best on top; nothing where fewer than two are known."""
    held = found.history.filter(unit=unit).sort("number")
    ranks = held["rank"].to_list()
    if sum(rank is not None for rank in ranks) < _FEWEST_POINTS:
        return {}
    told = [
        f"{period} {numbers.rank(say, rank, of or 0)}"
        for period, rank, of in held.select("period", "rank", "of").iter_rows()
    ]
    values = [None if rank is None else -rank for rank in ranks]
    return {
        "spark": values,
        "spark_text": say("filter.between_names").join(told),
        "spark_domain": [-max(of for of in held["of"] if of), -1],
    }


def _proof(found: Standings, one: dict[str, Any], say: Speaker) -> dict[str, Any]:
    """Behind a corrected rate: what was divided, the raw rate, and the ranks that are possible."""
    ranked, per_km = one["rank"] is not None, found.measure == PER_KM
    low, high = (rate_words(found, one[end], say) for end in ("lower", "upper"))
    entry = formula(found.measure)
    part = None if per_km else (entry.numerator, one["numerator"])
    whole = None if per_km else (entry.denominator, one["denominator"])
    return proof.of(
        say,
        formula="shrunk_cases" if per_km else "shrunk_rate",
        value=rate_words(found, one["shrunk" if ranked else "raw"], say),
        n=one["numerator"] if per_km else one["n"],
        scope=found.scope,
        interval=f"{low}–{high}" if ranked else "",
        numerator=part,
        denominator=whole,
        note=_proof_note(found, one, say),
    )


def _proof_note(found: Standings, one: dict[str, Any], say: Speaker) -> str:
    raw, measure = rate_words(found, one["raw"], say), name_of(found.measure, say)
    if one["rank"] is None:
        reason = undecided_words(found, one["undecided"], say)
        return say("offices.proof_raw_only", measure=measure, raw=raw, reason=reason)
    ranks = numbers.ranks(say, one["rank_best"], one["rank_worst"])
    place = {"rank": one["rank"], "of": one["of"], "ranks": ranks}
    return say("offices.proof_raw", measure=measure, raw=raw, **place)


def score(desk: Desk) -> list[sheet.Block]:
    """Composite score, where the city states weights; its refusal in words."""
    say, weights = desk.say, desk.source.city.weights
    found = total_score(desk.source, desk.selection, by=desk.by, say=say)
    if found is None or weights is None:
        return []
    shares = [
        say("offices.weight", name=_name(one, say), share=numbers.rate(say, share))
        for one, share in weights.parts.items()
    ]
    listed = say("filter.between_names").join(shares)
    note = say("offices.score_note", weights=listed, source=weights.source)
    frame: Any = {"id": "score", "title": say("offices.score"), "note": note, "span": 6}
    if isinstance(found, Withheld):
        return [sheet.table([], [], empty=say_reason(found.reason, say), **frame)]
    ends = found.table.drop_nulls("score").select(pl.col("lower").min(), pl.col("upper").max())
    low, high = ends.row(0)
    domain = (5.0 * math.floor(low / 5), 5.0 * math.ceil(high / 5))
    return [sheet.table(_score_columns(desk, domain), _score_rows(desk, found), **frame)]


def _name(code: str, say: Speaker) -> str:
    return name_of(code, say) if code in MEASURES else code


def _score_columns(desk: Desk, domain: tuple[float, float]) -> list[sheet.Part]:
    say, scope = desk.say, desk.indicators().scope
    told = {
        code: proof.shared(say, formula=code, scope=scope)
        for code in ("possible_ranks", "composite")
    }
    points = say("offices.score_points")
    return [
        desk.column("score_rank", "rank", scope),
        sheet.column(say("offices.score_unit")),
        sheet.column(say("offices.score_possible"), proof=told["possible_ranks"]),
        sheet.column(points, "interval", domain=domain, proof=told["composite"]),
    ]


def _score_rows(desk: Desk, found: Composite) -> list[sheet.Part]:
    return [_score_row(desk, one) for one in found.table.to_dicts()]


def _score_row(desk: Desk, one: dict[str, Any]) -> sheet.Part:
    say, unit = desk.say, desk.name(one["unit"])
    if one["rank"] is None:
        reason = sheet.cell(say_reason(one["undecided"], say), tone="muted")
        return sheet.row([sheet.cell(None), unit, sheet.cell(None), reason])
    text = numbers.decimal(say, one["score"])
    ends = {"lower": one["lower"], "upper": one["upper"]}
    return sheet.row(
        [
            sheet.cell(str(one["rank"]), value=one["rank"]),
            unit,
            numbers.ranks(say, one["rank_best"], one["rank_worst"]),
            sheet.interval(text, point=one["score"], **ends),
        ]
    )
