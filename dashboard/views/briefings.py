"""Briefings 通报: build a pack, see how far it is, open, verify and compare those kept."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

import streamlit as st

from dashboard import components, state
from dashboard.access import Reading
from dashboard.components import sheet
from dashboard.text import Speaker
from dashboard.views import briefing_choices, briefing_compared, briefing_packs
from dashboard.views.briefing_choices import MAKE
from dashboard.views.briefing_desk import Job, Progress, desk
from geodata.brief.build import PARTS, build_pack
from geodata.brief.comparing import numbers_of
from geodata.brief.snapshots import Pack, packs
from geodata.brief.verify import verify

VERIFY: Final = "verify"
COMPARE: Final = "compare"
_EVERY_S: Final = 1.0


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the choices, the job under way, and the packs kept."""
    view, say, source = state.view(), screen.say, reading.source
    wanted = briefing_choices.asked(source, view, say)
    known = {one.name: one for one in packs(reading.city)}
    heard = partial(_heard, reading, say)
    ready = len(reading.facts) > 0
    head = sheet.Page(
        name="briefings-head",
        title=say("briefings.title"),
        lead=say("briefings.lead") if ready else say("briefings.no_cases"),
        tools=briefing_choices.tools(source, wanted, say) if ready else [],
        blocks=_outcome(desk.last, reading, say),
    )
    _mount(head, screen, heard, key="briefings_head")
    if desk.running is not None:
        _watch(screen)
    body = sheet.Page(
        name="briefings", title="", blocks=_body(known, say), foot=say("briefings.foot")
    )
    _mount(body, screen, heard, key="briefings_body")


def _mount(
    page: sheet.Page, screen: state.Screen, heard: Callable[[Mapping[str, Any]], None], *, key: str
) -> None:
    components.mount("sheet", screen, sheet.payload(page), key=key, on_patch=heard)


@st.fragment(run_every=_EVERY_S)
def _watch(screen: state.Screen) -> None:
    """Say how far the job is, every second; when it has ended, draw the page anew."""
    job = desk.running
    if job is None:
        st.rerun()
    else:
        told = [sheet.sentence(progress(job, screen.say), tone="next")]
        page = sheet.Page(name="briefings-job", title="", blocks=[sheet.sentences(told, id="job")])
        sheet.show(screen, page, key="briefings_job")


def progress(job: Job, say: Speaker) -> str:
    """What is being done, and which part of how many."""
    if job.kind != MAKE:
        return say("briefings.verifying") if job.kind == VERIFY else say("briefings.comparing")
    if not job.parts:
        return say("briefings.counting")
    part = briefing_packs.file_name(job.parts[-1], say)
    return say("briefings.making", part=part, at=len(job.parts), of=len(PARTS))


def _outcome(job: Job | None, reading: Reading, say: Speaker) -> list[sheet.Block]:
    """How the last job ended, where it failed or made a pack of this city."""
    if job is None or not job.done:
        return []
    if job.error is not None:
        why = job.error.replace(f"{reading.city.folder}/", "") or say("app.unexpected")
        text = say("briefings.failed", why=why)
    elif job.kind == MAKE:
        text = say("briefings.made", name=job.result)
    else:
        return []
    tone: Any = "doubt" if job.error is not None else "plain"
    return [sheet.sentences([sheet.sentence(text, tone=tone)], id="outcome", small=True)]


def _body(known: Mapping[str, Pack], say: Speaker) -> list[sheet.Block]:
    view = state.view()
    if not known:
        return [briefing_packs.listed([], "", say)]
    chosen = known[view.option(briefing_packs.PACK, tuple(known))]
    other = known.get(view.option(briefing_packs.OTHER, ("", *known)))
    checked = desk.ended((VERIFY, chosen.name))
    blocks = [
        briefing_packs.listed(list(known.values()), chosen.name, say),
        briefing_packs.opened(chosen, list(known.values()), other, say),
    ]
    if checked is not None and checked.error is None:
        blocks.append(briefing_packs.verified(checked.result, say))
    if other is not None and other.name != chosen.name:
        told = desk.ended((COMPARE, other.name, chosen.name, say.language))
        if told is not None and told.error is None:
            first, second = told.result
            blocks += briefing_compared.blocks(first, second, say)
    return blocks


def _heard(reading: Reading, say: Speaker, patch: Mapping[str, Any]) -> None:
    """Begin what a button asks for; everything else changes the view."""
    if not _begin(reading, say, patch):
        state.change(patch)


def _begin(reading: Reading, say: Speaker, patch: Mapping[str, Any]) -> bool:
    city = reading.city
    if patch.get(MAKE) is True:
        wanted = briefing_choices.asked(reading.source, state.current(), say)
        desk.start(wanted.key, partial(_make, reading, wanted))
        return True
    known = {one.name: one for one in packs(city)}
    names = patch.get(COMPARE)
    if patch.get(VERIFY) in known:
        pack = known[patch[VERIFY]]
        desk.start((VERIFY, pack.name), lambda _: verify(city, pack))
        return True
    if isinstance(names, list) and len(names) == len(set(names)) == 2 and set(names) <= set(known):  # noqa: PLR2004 - two packs
        pair = [known[one] for one in names]
        desk.start((COMPARE, *names, say.language),
                   lambda _: tuple(numbers_of(city, one, say) for one in pair))  # fmt: skip
        return True
    return False


def _make(reading: Reading, wanted: briefing_choices.Asked, progress: Progress) -> str:
    """Build and keep the pack; its name."""
    return build_pack(
        reading.source,
        wanted.period,
        language=wanted.language,
        public=wanted.public,
        red_head=wanted.red_head,
        progress=progress,
    ).name
