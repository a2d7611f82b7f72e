"""Briefings 通报: build a pack, see how far it is, open, verify and compare those kept."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import partial
from typing import Any, Final, cast

import streamlit as st

from dashboard import components, state
from dashboard.access import Reading
from dashboard.components import sheet
from dashboard.filters import View
from dashboard.text import Speaker
from dashboard.views import (
    briefing_choices,
    briefing_compared,
    briefing_packs,
    overview_period,
)
from dashboard.views.briefing_choices import MAKE, REMAKE, REPLACE
from dashboard.views.briefing_desk import Job, Progress, desk
from geodata.brief.build import PARTS, EditionOut, build_pack
from geodata.brief.comparing import numbers_of
from geodata.brief.manifest import Request
from geodata.brief.snapshots import Pack, packs
from geodata.brief.verify import verify
from geodata.findings.summing_up.compared import compared
from geodata.wording.refusals import said

VERIFY: Final = "verify"
COMPARE: Final = "compare"
_EVERY_S: Final = 1.0


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the choices, the job under way, and the packs kept."""
    if desk.running is None:
        _draw(reading, screen)
    else:
        _watched(reading, screen)


@st.fragment(run_every=_EVERY_S)
def _watched(reading: Reading, screen: state.Screen) -> None:
    """Draw the page every second while a job is under way; once it has ended, the whole anew."""
    if desk.running is None:
        st.rerun()
    _draw(reading, screen)


def _draw(reading: Reading, screen: state.Screen) -> None:
    say = screen.say
    heard = partial(_heard, reading, say)
    told = sheet.payload(page_of(reading, state.view(), say))
    components.mount("sheet", screen, told, key="briefings", on_patch=heard)


def page_of(reading: Reading, view: View, say: Speaker) -> sheet.Page:
    """The page as it stands."""
    source = reading.source
    wanted, period = briefing_choices.asked(source, view, say), overview_period.chosen(source, view)
    ready = len(reading.facts) > 0
    lead = say("briefings.no_cases")
    if ready:
        title = overview_period.title(compared(source, period), say)
        mistaken = overview_period.mistaken(source, view, say)
        lead = f"{mistaken} {say('briefings.lead', period=title)}".strip()
    return sheet.Page(
        name="briefings",
        title=say("briefings.title"),
        lead=lead,
        tools=briefing_choices.tools(source, period, wanted, say) if ready else [],
        blocks=[*_job(desk.last, reading, say), *_kept(reading, view, say)],
        foot=say("briefings.foot"),
    )


def _job(job: Job | None, reading: Reading, say: Speaker) -> list[sheet.Block]:
    """What is under way, or how it ended; where a public edition stands against it, the way out."""
    if job is None:
        return []
    told = _outcome(job, reading, say) if job.done else progress(job, say)
    if not told:
        return []
    tone: Any = "doubt" if job.error is not None else "plain" if job.done else "next"
    tools = []
    if job.refused is EditionOut:
        hint = say("briefings.replace_hint")
        tools.append(sheet.button(say("briefings.replace"), {REPLACE: True}, hint=hint))
    return [sheet.sentences([sheet.sentence(told, tone=tone)], id="job", small=True, tools=tools)]


def progress(job: Job, say: Speaker) -> str:
    """What is being done, and which part of how many."""
    if job.kind != MAKE:
        return say("briefings.verifying") if job.kind == VERIFY else say("briefings.comparing")
    if not job.parts:
        return say("briefings.counting")
    part = briefing_packs.file_name(job.parts[-1], say)
    return say("briefings.making", part=part, at=len(job.parts), of=len(PARTS))


def _outcome(job: Job, reading: Reading, say: Speaker) -> str:
    """How a job ended, where it failed or made a pack; what it found is shown in its place."""
    if job.error is not None:
        shorter = job.error.instead(f"{reading.city.folder}{os.sep}", "")
        return say("briefings.failed", why=said(shorter, say.language))
    if job.kind != MAKE:
        return ""
    same = job.key[2:] == (job.result,)
    return say("briefings.made_same" if same else "briefings.made", name=job.result)


def _kept(reading: Reading, view: View, say: Speaker) -> list[sheet.Block]:
    """The packs, the one that is open, and what was found out about it."""
    known = {one.name: one for one in packs(reading.city)}
    if not known:
        return [briefing_packs.listed([], "", say), briefing_packs.contents(say)]
    first = [one for one in (_made_last(),) if one in known]
    chosen = known[view.option(briefing_packs.PACK, (*first, *known))]
    other = known.get(view.option(briefing_packs.OTHER, ("", *known)))
    blocks = [
        briefing_packs.listed(list(known.values()), chosen.name, say),
        briefing_packs.opened(chosen, list(known.values()), other, say),
    ]
    checked = _found((VERIFY, chosen.name))
    if checked is not None:
        blocks.append(briefing_packs.verified(checked, say))
    both = None if other is None else _found((COMPARE, other.name, chosen.name, say.language))
    return blocks if both is None else [*blocks, *briefing_compared.blocks(both, say)]


def _made_last() -> str:
    """Name of the pack made last, if a pack was the last job."""
    job = desk.last
    return str(job.result) if job is not None and job.done and job.kind == MAKE else ""


def _found(key: tuple[str, ...]) -> Any:
    """What a job with this key found; None where it was not done, or failed."""
    job = desk.ended(key)
    return None if job is None or job.error is not None else job.result


def _heard(reading: Reading, say: Speaker, patch: Mapping[str, Any]) -> None:
    """Begin what a button asks for; everything else changes the view."""
    if not _begin(reading, say, patch):
        state.change(patch)


def _begin(reading: Reading, say: Speaker, patch: Mapping[str, Any]) -> bool:
    """Begin the job of a patch; False where it asks for none. What the browser sends is checked."""
    if patch.get(MAKE) is True:
        wanted = briefing_choices.asked(reading.source, state.current(), say)
        desk.start((MAKE, wanted), partial(_make, reading, wanted))
        return True
    last = desk.last
    if patch.get(REPLACE) is True and last is not None and last.refused is EditionOut:
        wanted = cast("Request", last.key[1])
        desk.start(last.key, partial(_make, reading, wanted, again=True))
        return True
    return _begin_with_packs(reading, say, patch)


def _begin_with_packs(reading: Reading, say: Speaker, patch: Mapping[str, Any]) -> bool:
    """Make anew, verify or compare packs that a patch names."""
    old = _named(reading, patch.get(REMAKE))
    if len(old) == 1:
        request = old[0].manifest.request
        again = request.public
        desk.start((MAKE, request, old[0].name), partial(_make, reading, request, again=again))
        return True
    named = _named(reading, patch.get(VERIFY))
    if len(named) == 1:
        desk.start((VERIFY, named[0].name), lambda _: verify(reading.city, named[0]))
        return True
    pair = _named(reading, patch.get(COMPARE))
    if len(pair) == 2:  # noqa: PLR2004 - one beside another
        key = (COMPARE, pair[0].name, pair[1].name, say.language)
        desk.start(key, lambda _: tuple(numbers_of(reading.city, one, say) for one in pair))
        return True
    return False


def _named(reading: Reading, names: object) -> list[Pack]:
    """Packs of a name, or of a list of names; none where one of them is no pack."""
    asked = names if isinstance(names, list) else [names]
    known = {one.name: one for one in packs(reading.city)}
    found = [known[name] for name in asked if isinstance(name, str) and name in known]
    return found if len(found) == len(asked) == len({one.name for one in found}) else []


def _make(reading: Reading, wanted: Request, progress: Progress, *, again: bool = False) -> str:
    """Build and keep the pack from the sources as they are; its name."""
    return build_pack(
        reading.source,
        wanted.period,
        offices=wanted.offices,
        language=wanted.language,
        public=wanted.public,
        red_head=wanted.red_head,
        without=wanted.without,
        again=again,
        progress=progress,
    ).name
