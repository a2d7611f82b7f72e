"""Overview 总览: how it stands, in thirty seconds. The same numbers as the briefing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from urllib.parse import urlencode

import streamlit as st

from dashboard import proof, state
from dashboard.access import Reading
from dashboard.components import period_map, sheet
from dashboard.filters import Picked, View, to_query
from dashboard.text import Speaker
from dashboard.views import overview_course, overview_period, overview_proofs
from geodata.analysis.answers import Withheld
from geodata.brief.figures import UNITS, figures
from geodata.brief.heading import heading
from geodata.brief.lists import lists
from geodata.brief.mapping import mapped
from geodata.brief.phrases import Phrases
from geodata.findings.summing_up.course import courses
from geodata.findings.summing_up.headlines import Headline
from geodata.findings.summing_up.overview import overview
from geodata.findings.summing_up.overview_sentences import SUMMARY, Sentence, sentences
from geodata.press.content import Callout, Figure, ListRow, ShortList
from geodata.wording import numbers

_MOST_MORE = 4


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page: five numbers, then the map beside sentences and lists."""
    view = state.view()
    source, say = reading.source, screen.say
    period = overview_period.chosen(source, view)
    words = Phrases(overview(source, period, view.selection, say), say)
    mistaken = overview_period.mistaken(source, view, say)
    sheet.show(screen, head(words, say, mistaken), key="overview_head")
    left, right = st.columns([5, 8])
    with left:
        period_map.show(words, screen, key="overview_map")
        sheet.show(screen, beside(words, view, say), key="overview_places")
    with right:
        sheet.show(screen, body(words, view, say), key="overview_body")


def head(words: Phrases, say: Speaker, mistaken: str = "") -> sheet.Page:
    """Title, controls and the five numbers; before them what is wrong with the link."""
    both = words.both
    told = heading(words)
    lines = zip(words.found.headlines, figures(words), strict=True)
    tools = overview_period.tools(words.source, both.period, say)
    if both.selection.restrictions():
        tools.append(sheet.button(say("landing.unfilter"), {"reset": True}))
    return sheet.Page(
        name="overview-head",
        title=overview_period.title(both, say),
        lead=told.stage,
        badge=told.filters,
        tools=tools,
        blocks=[
            *_notice(mistaken),
            sheet.cards([_card(line, figure, words) for line, figure in lines], id="cards"),
        ],
    )


def _notice(text: str) -> list[sheet.Block]:
    told = [sheet.sentence(text, tone="doubt")] if text else []
    return [sheet.sentences(told, id="notice", small=True)] if told else []


def _card(line: Headline, figure: Figure, words: Phrases) -> sheet.Part:
    return sheet.card(
        figure.label,
        figure.value,
        unit=figure.unit,
        note=figure.note,
        change=_change(line, words),
        proof=proof.proof(line.now, words.say, note=_was(line, words)),
        spark=overview_course.line(courses(words.found)[line.code], words),
    )


def _change(line: Headline, words: Phrases) -> sheet.Part | None:
    """Direction in words, and the verdict, or why there is none."""
    say, shift = words.say, line.shift
    if shift.difference is None:
        text = say("landing.no_before", before=words.before)
        return None if isinstance(line.now, Withheld) else sheet.change(text, "none")
    moved = numbers.change(say, shift.difference, UNITS[line.code])
    if shift.per_day:
        moved = say("landing.daily", change=moved)
    text = say("landing.against", before=words.before, change=moved)
    known = {"none": say("landing.no_verdict"), "same": say("landing.within")}
    parts = [text, known.get(shift.verdict, "")]
    return sheet.change(" · ".join(filter(None, parts)), shift.direction, shift.verdict)


def _was(line: Headline, words: Phrases) -> str:
    if line.before is None or isinstance(line.before, Withheld):
        return ""
    value = numbers.amount(words.say, line.before.value, UNITS[line.code])
    return words.say("landing.was", before=words.before, value=value)


def body(words: Phrases, view: View, say: Speaker) -> sheet.Page:
    """Three sentences, five lists, and what else is to be known."""
    told = sentences(words.found, say)
    marked = _names(words)
    first, rest = told[:SUMMARY], told[SUMMARY : SUMMARY + _MOST_MORE]
    blocks = [
        sheet.sentences([_sentence(one, words, marked) for one in first], id="told"),
        sheet.lists([_list(one, words, view) for one in lists(words)], id="lists"),
    ]
    if rest:
        more = [_sentence(one, words) for one in rest]
        blocks.append(
            sheet.sentences(more, title=say("landing.more_to_know"), id="more", small=True)
        )
    return sheet.Page(name="overview-body", title="", blocks=blocks, foot=_foot(words, say))


def _sentence(one: Sentence, words: Phrases, marked: Sequence[str] = ()) -> sheet.Part:
    behind = overview_proofs.of_sentence(one.code, words)
    return sheet.sentence(one.text, tone=one.tone, marked=marked, proof=behind)


def _names(words: Phrases) -> list[str]:
    """Streets and offices of the lists: set off where a sentence names them."""
    found = words.found
    streets = found.places.streets["street"].head(200).to_list()
    offices = [words.office(code) for code in found.late.by_office["office"].head(5)]
    return [*streets, *found.came_back["street"].head(5).to_list(), *offices]


def _list(shown: ShortList, words: Phrases, view: View) -> sheet.Part:
    return sheet.short_list(
        shown.title,
        [_row(shown.code, row, words, view) for row in shown.rows],
        note=shown.subtitle,
        empty="" if shown.rows else shown.empty,
        proof=overview_proofs.of_list(shown.code, words),
    )


def _row(code: str, row: ListRow, words: Phrases, view: View) -> sheet.Part:
    """One line; a street leads to its cases on the map, a late case to those overdue."""
    href = _late_link(words, view) if code == "oldest" else _street_link(row.name, words, view)
    return sheet.list_row(
        row.name,
        row.text,
        detail=row.detail,
        verdict=row.verdict,
        direction=(row.direction or "") if code == "spots" else "",
        href=href,
    )


def _street_link(street: str, words: Phrases, view: View) -> str:
    return _link("map", replace(view, selection=words.both.now, picked=Picked(street=street)))


def _late_link(words: Phrases, view: View) -> str:
    overdue = replace(words.both.selection, statuses=frozenset(["overdue"]))
    return _link("ledger", replace(view, selection=overdue, picked=Picked()))


def _link(page: str, view: View) -> str:
    """Address of another page under a view; choices of this page stay behind."""
    return f"./{page}?{urlencode(to_query(replace(view, options=())))}"


def beside(words: Phrases, view: View, say: Speaker) -> sheet.Page:
    """What the map's colours and numbers mean."""
    drawn = mapped(words)
    shown = drawn.callouts[: period_map.NAMED]
    keys = [{"mark": "zero", "text": say("landing.zero")}]
    if drawn.silent:
        keys.append({"mark": "silent", "text": say("landing.silent")})
    if drawn.hot:
        keys.append({"mark": "outlined", "text": say("outlined.hot")})
    places = sheet.short_list(
        say("landing.places"),
        [_place(one, words, view) for one in shown],
        empty="" if shown else say("landing.no_places"),
        proof=overview_proofs.of_list("places", words),
    )
    bounds = [numbers.bare(say, bound, "cases") for bound in drawn.breaks]
    bounds[-1] += "+"
    colours = sheet.scale(say("landing.unit"), bounds, keys, id="scale")
    return sheet.Page(
        name="overview-map", title="", blocks=[colours, sheet.lists([places], id="places")]
    )


def _place(place: Callout, words: Phrases, view: View) -> sheet.Part:
    return sheet.list_row(
        f"{place.number}  {place.name}",
        numbers.amount(words.say, place.cases, "cases"),
        detail=words.say("landing.place_note", note=place.note, detail=place.detail),
        href=_street_link(place.name, words, view),
    )


def _foot(words: Phrases, say: Speaker) -> str:
    told = heading(words)
    return " · ".join([say("landing.foot"), told.as_of, told.version, told.notice, told.credit])
