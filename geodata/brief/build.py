"""One call from a city and a period to a pack: paper, map, page, workbook, picture, manifest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Final

from geodata.brief.compose import content_of
from geodata.brief.editions import clashing, refusal, take_back
from geodata.brief.inputs import (
    CONFIG,
    inputs_of,
    keep_inputs,
    lake_sha256,
    layers_sha256,
)
from geodata.brief.manifest import Manifest, Request
from geodata.brief.page import page_of
from geodata.brief.public import public_counts
from geodata.brief.public_content import publicly
from geodata.brief.public_page import public_page_of
from geodata.brief.snapshots import Pack, copy_to, keep, kept, marks_of
from geodata.brief.software import VERSION, software
from geodata.brief.workbook import workbook_of
from geodata.domain.period import Period, PeriodUnknown, parse_period
from geodata.domain.selection import Selection
from geodata.errors import GeodataError
from geodata.findings.source import Source
from geodata.findings.summing_up.overview import Overview, overview
from geodata.press import (
    Typefaces,
    find_typefaces,
    press_bulletin,
    press_card,
    press_wall_map,
)
from geodata.press.content import Content
from geodata.wording import Words

Files = dict[str, bytes]
Progress = Callable[[str], None]

PARTS: Final = (
    "bulletin.pdf",
    "wall-a3.pdf",
    "wall-a0.pdf",
    "page.html",
    "tables.xlsx",
    "card.png",
)
"""Files of a pack, in the order they are made; any can be left out."""


class BriefingRefused(GeodataError):
    """A briefing of that period, or of those offices, would say nothing true."""


class EditionOut(BriefingRefused):
    """A public edition is out that the new one could be subtracted from; ``again`` replaces it."""


def build_pack(
    source: Source,
    period: Period | str,
    *,
    offices: tuple[str, ...] = (),
    language: str = "zh",
    public: bool = False,
    red_head: bool = False,
    without: tuple[str, ...] = (),
    again: bool = False,
    out: Path | None = None,
    progress: Progress | None = None,
) -> Pack:
    """Make the pack of a period and keep it under ``snapshots/``; the same again changes nothing.

    Parameters
    ----------
    offices
        Codes of the offices meant, with all below them; all by default.
    public
        The public edition (S22).
    red_head
        Masthead of the bulletin in red 红头.
    without
        Parts to leave out, of `PARTS`.
    again
        A public edition replaces those that it could be subtracted from (`brief.editions`).
    out
        Also copy the pack into this folder.
    progress
        Told the name of each part as it is begun.

    Raises
    ------
    BriefingRefused
        The period lies after, or before, the data; or there is no case at all.
    EditionOut
        A public edition is out that this one could be subtracted from.
    PressError
        There is no font to print with, or it lacks a letter.
    """
    code = period if isinstance(period, str) else period.code
    request = Request(
        period=code,
        offices=tuple(sorted(offices)),
        language=language,
        public=public,
        red_head=red_head,
        without=tuple(sorted(without)),
    )
    _check(source, request)
    manifest = manifest_of(source, request)
    clashes = clashing(source.city, manifest) if public else []
    if clashes and not again:
        raise EditionOut(refusal(clashes, manifest))
    pack = kept(source.city, manifest)
    if pack is None:
        keep_inputs(source.city, manifest.inputs)
        files = files_of(source, request, manifest, progress=progress)
        pack = keep(source.city, replace(manifest, files=marks_of(files)), files)
    for replaced in clashes:
        take_back(source.city, replaced)
    if out is not None:
        copy_to(pack, out)
    return pack


def _check(source: Source, request: Request) -> None:
    period = period_of_request(source, request)
    facts = source.facts
    strange = sorted(set(request.offices) - set(source.city.offices.codes()))
    if strange:
        raise BriefingRefused(
            "The city has no office {strange:quoted}. Offices are: {offices}.",
            strange=strange,
            offices=source.city.offices.codes(),
        )
    if not len(facts):
        raise BriefingRefused(
            "{folder} holds no case yet, so there is nothing to report. Take some in with "
            "`python -m geodata ingest`.",
            folder=source.city.folder,
        )
    if period.from_on > facts.last_day:
        raise BriefingRefused(
            "{period} begins on {from_on}, after the last day of the data ({last_day}). Choose "
            "an earlier period, or take in newer files first.",
            period=period.code,
            from_on=period.from_on,
            last_day=facts.last_day,
        )
    if period.until_on < facts.first_day:
        raise BriefingRefused(
            "{period} ends on {until_on}, before the first report of the data ({first_day}); "
            "that would be no data, not zero. Choose a later period.",
            period=period.code,
            until_on=period.until_on,
            first_day=facts.first_day,
        )
    if request.public and request.offices:
        raise BriefingRefused(
            "A public edition tells the whole city: with --office the rest could be worked out "
            "from it. Leave --office out."
        )


def period_of_request(source: Source, request: Request) -> Period:
    """Return the period of a request.

    Raises
    ------
    BriefingRefused
        It is written in no known way.
    """
    try:
        return parse_period(request.period, source.city.campaign)
    except PeriodUnknown as error:
        raise BriefingRefused(error.sentence) from error


def manifest_of(source: Source, request: Request) -> Manifest:
    """Everything a pack is computed from, before any of it is computed."""
    period = period_of_request(source, request)
    city = source.city
    return Manifest(
        request=request,
        city=city.name,
        from_on=period.from_on.isoformat(),
        until_on=period.until_on.isoformat(),
        lake_version=source.version,
        lake_sha256=lake_sha256(city, source.version),
        inputs=inputs_of(city),
        software=software(),
        typefaces=typeface_marks(request),
    )


def typeface_marks(request: Request) -> Mapping[str, str]:
    """Font files the paper is set with; none where no paper is made."""
    paper = {"bulletin.pdf", "wall-a3.pdf", "wall-a0.pdf", "card.png"} - set(request.without)
    return find_typefaces().sha256() if paper else {}


def overview_of(source: Source, request: Request, say: Words) -> Overview:
    """The findings a pack shows; the dashboard's, for the same filters and version."""
    meant = Selection(offices=frozenset(request.offices) if request.offices else None)
    return overview(source, period_of_request(source, request), meant, say)


def files_of(
    source: Source, request: Request, manifest: Manifest, *, progress: Progress | None = None
) -> Files:
    """Compute every file of a pack but its manifest: equal sources, equal bytes."""
    say = Words(request.language)
    found = overview_of(source, request, say)
    marks = {
        "config": manifest.inputs[CONFIG],
        "layers": layers_sha256(manifest.inputs),
        "software": VERSION,
    }
    content = content_of(found, say, marks)
    if request.public:
        content = publicly(content, found, say, public_counts(found))
    makers = _makers(source, request, found, content)
    files: Files = {}
    for part in PARTS:
        if part not in request.without:
            if progress is not None:
                progress(part)
            files[part] = makers[part]()
    if not request.public:  # it names people and rules of the house
        files[CONFIG] = (source.city.folder / CONFIG).read_bytes()
    return files


def _makers(
    source: Source, request: Request, found: Overview, content: Content
) -> Mapping[str, Callable[[], bytes]]:
    city = source.city

    def faces() -> Typefaces:
        return find_typefaces()

    return {
        "bulletin.pdf": lambda: press_bulletin(
            content, city, red_head=request.red_head, typefaces=faces()
        ),
        "wall-a3.pdf": lambda: press_wall_map(content, city, paper="a3", typefaces=faces()),
        "wall-a0.pdf": lambda: press_wall_map(content, city, paper="a0", typefaces=faces()),
        "page.html": lambda: (
            public_page_of(content, source)
            if content.public
            else page_of(content, source, found.compared.now)
        ),
        "tables.xlsx": lambda: workbook_of(content, found, Words(request.language)),
        "card.png": lambda: press_card(content, city, typefaces=faces()),
    }
