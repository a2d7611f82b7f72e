"""Offices and streets 责任: who is on time, how sure that is, what is late, and whose it is."""

from __future__ import annotations

from urllib.parse import urlencode

from dashboard import proof, state
from dashboard.access import Reading
from dashboard.components import sheet
from dashboard.filters import View, to_query
from dashboard.text import Speaker
from dashboard.views import frame, office_ageing, office_cards, office_ranking, office_targets
from dashboard.views.office_desk import PATROL, Desk, units_of
from geodata.findings.judging.indicator_sentences import caveats, named_words, period_words
from geodata.findings.judging.offices import OWN_FILTER, Standings
from geodata.findings.periods import patrol_channels
from geodata.findings.source import Source


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page for the view in the URL."""
    frame.filtered(reading, screen, _body)


def _body(reading: Reading, view: View, screen: state.Screen) -> None:
    sheet.show(screen, page(reading.source, view, screen.say), key="offices")


def page(source: Source, view: View, say: Speaker) -> sheet.Page:
    """Read, compute, lay out."""
    desk = Desk.of(source, view, say)
    found = desk.standings()
    return sheet.Page(
        title=say("offices.title"),
        lead=_lead(desk),
        tools=_tools(desk),
        blocks=[
            office_cards.cards(desk),
            *_notes(desk, found),
            office_ranking.block(desk, found),
            office_ageing.lateness(desk),
            office_ageing.longest(desk),
            office_cards.scorecards(desk),
            office_ageing.flow(desk),
            office_ageing.ages(desk),
            *office_ranking.score(desk),
            *office_targets.blocks(desk),
        ],
    )


def _lead(desk: Desk) -> str:
    found = desk.indicators()
    return period_words(found.scope, found.period.from_on, found.period.until_on, desk.say)


def _notes(desk: Desk, found: Standings) -> list[sheet.Block]:
    """Units named for being at the bottom again and again, and what must be known of the page."""
    behind = proof.shared(desk.say, formula="bottom_streak", scope=found.scope)
    named = named_words(found, desk.names, desk.say)
    told = [sheet.sentence(one, proof=behind) for one in named]
    doubts = caveats(desk.source, desk.selection, desk.say, without_patrol=desk.without_patrol)
    told += [sheet.sentence(one, tone="doubt") for one in doubts]
    return [sheet.sentences(told, id="notes")] if told else []


def _tools(desk: Desk) -> list[sheet.Control]:
    say = desk.say
    options = [sheet.option(by, say(f"offices.by_{by}")) for by in units_of(desk.source)]
    tools = [sheet.choice("by", say("offices.by"), desk.by, options)]
    if patrol_channels(desk.source):
        value = "without" if desk.without_patrol else "with"
        sides = [sheet.option(side, say(f"offices.patrol_{side}")) for side in PATROL]
        tools.append(sheet.choice("patrol", say("offices.patrol"), value, sides))
    href = sheet.export_link(desk.view, say, "tasks", "xlsx")
    tasks = sheet.download(say("offices.tasks"), href, say("offices.tasks_hint"))
    return [*tools, *_of_the_chosen(desk), tasks]


def _of_the_chosen(desk: Desk) -> list[sheet.Control]:
    """Where to go on with the unit that is filtered on."""
    if not desk.chosen:
        return []
    say = desk.say
    label = say("offices.chosen", name=say.listed([desk.name(one) for one in sorted(desk.chosen)]))
    query = urlencode({**to_query(desk.view), "lang": say.language})
    clear = {"filters": {OWN_FILTER[desk.by]: None}}
    return [
        sheet.button(f"{label} ✕", clear, hint=say("offices.clear")),
        sheet.download(say("offices.to_ledger"), f"./ledger?{query}"),
        sheet.download(say("offices.to_map"), f"./map?{query}"),
    ]
