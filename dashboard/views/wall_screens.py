"""Three of the wall's screens: the phase, the week's places, what came back. One map each."""

from __future__ import annotations

from typing import Any, Final

import polars as pl

from dashboard.components import wall
from dashboard.components.sheet.parts import given
from geodata.analysis.answers import Value
from geodata.analysis.phases import campaign_day
from geodata.brief.figures import UNITS, figures
from geodata.brief.heading import heading
from geodata.brief.mapping import mapped
from geodata.brief.phrases import Phrases
from geodata.findings.rebounds.rebound_words import rule_words, street_words
from geodata.findings.summing_up.compared import direction_of
from geodata.findings.summing_up.overview_sentences import sentences
from geodata.findings.summing_up.wall import RECENT_DAYS, CameBack
from geodata.press.content import Callout, Change, Figure
from geodata.wording import Words, numbers
from geodata.wording.reasons import say_reason

Part = dict[str, Any]

PLACES: Final = 5
"""Places named on one screen: as many as are read in passing."""

SENTENCES: Final = 2

_STAGE: Final = ("volume", "overdue", "actions")
_PLACES: Final = ("places", "patrol", "silent", "piled", "overdue")


def stage(words: Phrases) -> Part:
    """Day N of the phase, two numbers, and where the reports of the phase are."""
    shown = {one.code: one for one in figures(words)}
    return given(
        code="stage",
        title=heading(words).subject,
        span=_span(words),
        days=_days(words),
        headlines=[headline(shown[one], words) for one in ("on_time_rate", "overdue_stock")],
        facts=[_fact(shown[one]) for one in ("reported", "rebound_rate", "hot_cells")],
        sentences=told(words, _STAGE),
        map=_map_of(words, numbered=0),
    )


def places(words: Phrases) -> Part:
    """The five places of the week, numbered on the map."""
    return given(
        code="places",
        title=words.say("wall.places", now=words.now),
        span=_span(words),
        list=given(
            title=words.say("wall.five"),
            note=_list_note(words),
            rows=[_place(one, words) for one in mapped(words).callouts[:PLACES]],
            empty=words.say("wall.no_places"),
        ),
        sentences=told(words, _PLACES),
        map=_map_of(words, numbered=PLACES),
    )


def rebounds(words: Phrases, back: CameBack) -> Part:
    """What came back within N days of close-out: where, and against the places' usual level."""
    say, rule = words.say, back.found.rule
    shown = {one.code: one for one in figures(words)}
    return given(
        code="rebound",
        title=say("wall.rebound", days=RECENT_DAYS),
        span=_span(words),
        headlines=[headline(shown["rebound_rate"], words), _usual(back, say)],
        list=given(
            title=say("wall.back_where"),
            note=_list_note(words),
            rows=_back_rows(words, back),
            empty=say("wall.no_rebound"),
        ),
        sentences=[text for text in (street_words(back.streets, say),) if text],
        note=rule_words(rule, say),
        map=_back_map(words, back),
    )


def told(words: Phrases, wanted: tuple[str, ...]) -> list[str]:
    """The first sentences of the overview that are wanted here; else whatever it says at all."""
    said = sentences(words.found, words.say)
    by_code = {one.code: one.text for one in said}
    chosen = [by_code[code] for code in wanted if code in by_code]
    return (chosen or [one.text for one in said])[:SENTENCES]


def headline(figure: Figure, words: Phrases) -> Part:
    """One large number; without one, a dash and the reason."""
    return given(
        label=figure.label,
        value=figure.value,
        unit=figure.unit,
        note=figure.note,
        tone="problem" if figure.code == "overdue_stock" and figure.unit else None,
        change=_moved(figure, words),
    )


def _moved(figure: Figure, words: Phrases) -> Part | None:
    """How a headline moved; a share in points, written short."""
    if figure.change is None:
        return None
    told = changed(figure.change, words)
    shift = words.found.headline(figure.code).shift
    if UNITS[figure.code] == "share" and shift.difference is not None:
        size = numbers.decimal(words.say, 100 * abs(shift.difference))
        told["text"] = words.say("wall.points", n=size)
    return told


def changed(change: Change, words: Phrases) -> Part:
    """Arrow, size, what it is against, and the verdict in a word where there is one."""
    say = words.say
    known = {"better": say("wall.better"), "worse": say("wall.worse"), "same": say("wall.same")}
    return given(
        text=change.text,
        direction=change.direction,
        verdict=change.verdict,
        against=say("wall.against", before=words.before),
        word=known.get(change.verdict, ""),
    )


def _fact(figure: Figure) -> Part:
    return given(label=figure.label, value=figure.value, unit=figure.unit)


def _span(words: Phrases) -> str:
    """The days the numbers are of, as far as the data reach."""
    say, period = words.say, words.both.period
    first, last = period.from_on, words.both.last_on
    if first >= last:
        return say.day(first)
    return say("wall.span", first=say.day(first), last=say.day(last))


def _list_note(words: Phrases) -> str:
    """What the small numbers beside the counts are; nothing where nothing can be compared."""
    known = words.both.before is not None and not words.both.per_day
    return words.say("wall.counted", before=words.before) if known else ""


def _days(words: Phrases) -> list[Part]:
    """Day N of M of the phase, and of the campaign; empty outside it."""
    say, campaign = words.say, words.source.city.campaign
    if campaign is None:
        return []
    on = campaign_day(campaign, words.both.last_on)
    names = {one.code: say.name(one) for one in campaign.phases}
    counted = [(names.get(on.value, ""), on.phase_day, on.phase_days)]
    counted.append((say.name(campaign), on.day, on.days))
    return [
        {"name": name, "day": say("wall.day", day=day), "of": say("wall.of_days", days=days)}
        for name, day, days in counted
        if day is not None
    ]


def _place(place: Callout, words: Phrases) -> Part:
    say = words.say
    return given(
        n=place.number,
        name=place.name,
        mark=place.note,
        detail=place.detail,
        value=numbers.count(say, place.cases),
        unit=numbers.unit_of(say, "cases"),
        hot=place.hot or None,
        change=changed(place.change, words) if place.change.text else None,
    )


def _map_of(words: Phrases, *, numbered: int) -> Part:
    drawn, say = mapped(words), words.say
    counted = dict(zip(drawn.cells, drawn.cases, strict=True))
    return wall.drawn(
        counted,
        resolution=drawn.resolution,
        breaks=drawn.breaks,
        hot=[cell for cell in drawn.hot if numbered],
        silent=drawn.silent,
        callouts=drawn.callouts[:numbered],
        legend=given(
            title=drawn.title,
            unit=say("wall.per_cell"),
            locked=say("wall.locked"),
            n=say("wall.n", n=numbers.count(say, drawn.n)),
            zero=say("wall.zero"),
            hot=say("wall.outlined") if numbered and drawn.hot else None,
            silent=say("wall.hatched") if drawn.silent else None,
        ),
    )


def _usual(back: CameBack, say: Words) -> Part:
    """How many times the reports that the places' usual level would bring anyway."""
    one, label = back.found.excess, say("wall.usual")
    if not isinstance(one, Value) or one.lower is None or one.upper is None:
        reason = None if isinstance(one, Value) else one.reason
        return given(label=label, value="—", note=say_reason(reason, say) if reason else "")
    verdict = "worse" if one.lower > 1 else "better" if one.upper < 1 else "same"
    words = {"worse": say("wall.sooner"), "better": say("wall.later"), "same": say("wall.as_usual")}
    return given(
        label=label,
        value=numbers.decimal(say, one.value, 2),
        unit=numbers.unit_of(say, "ratio"),
        note=say(
            "wall.usual_note",
            expected=numbers.count(say, one.denominator),
            seen=numbers.count(say, one.numerator),
        ),
        change={"text": words[verdict], "direction": "none", "verdict": verdict},
    )


def _back_rows(words: Phrases, back: CameBack) -> list[Part]:
    say = words.say
    verdicts = dict(back.streets.select("unit", "verdict").iter_rows())
    return [
        given(
            name=row["street"],
            mark=_verdict(verdicts.get(row["street"]), say),
            value=numbers.count(say, row["cases"]),
            unit=numbers.unit_of(say, "cases"),
            change=_row_change(row["cases"] - row["before"], words),
        )
        for row in words.found.came_back.head(PLACES).iter_rows(named=True)
    ]


def _verdict(verdict: str | None, say: Words) -> str:
    return say("wall.few_closed") if verdict is None else say(f"rebound.verdict.{verdict}")


def _row_change(difference: int, words: Phrases) -> Part | None:
    """Difference of two counts: an arrow without a verdict, one street is not tested alone."""
    if words.both.before is None or words.both.per_day:
        return None
    text = numbers.count(words.say, abs(difference))
    return {"text": text, "direction": direction_of(difference), "verdict": "none"}


def _back_map(words: Phrases, back: CameBack) -> Part:
    say, silent = words.say, words.found.silent
    cells: dict[int, float] = dict(back.cells.select("cell", pl.col("cases")).iter_rows())
    return wall.drawn(
        cells,
        resolution=back.resolution,
        breaks=back.scale,
        silent=silent,
        legend=given(
            title=say("wall.back_map"),
            unit=say("wall.back_per_cell"),
            locked=say("wall.locked"),
            n=say("wall.n", n=numbers.count(say, int(back.cells["cases"].sum()))),
            zero=say("wall.zero"),
            silent=say("wall.hatched") if silent else None,
        ),
    )
