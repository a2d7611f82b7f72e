"""The packs kept: their list, the files of one, and whether it still comes out the same."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from urllib.parse import quote

from dashboard.components import sheet
from dashboard.text import Speaker
from dashboard.views.briefing_choices import REMAKE
from geodata.brief.manifest import NAME, Request
from geodata.brief.snapshots import Pack
from geodata.brief.verify import Cause, Difference, Verified

PACK, OTHER = "pack", "against"
ROUTE: Final = "/guatu/pack"

_FILES: Final = {
    "bulletin.pdf": "bulletin", "wall-a3.pdf": "wall_a3", "wall-a0.pdf": "wall_a0",
    "page.html": "page", "tables.xlsx": "tables", "card.png": "card", "city.toml": "city",
    NAME: "manifest",
}  # fmt: skip
_MEGABYTE: Final = 1e6


def file_name(file: str, say: Speaker) -> str:
    """What a file of a pack is, in words."""
    return say(f"briefings.file_{_FILES[file]}") if file in _FILES else file


def address(pack: Pack, file: str, *, download: bool = False) -> str:
    """Where the browser gets a file of a pack."""
    return f"{ROUTE}/{quote(pack.name)}/{quote(file)}{'?download=1' if download else ''}"


def listed(known: Sequence[Pack], chosen: str, say: Speaker) -> sheet.Block:
    """Every pack, latest period first; a click opens it below."""
    names = ("period", "days", "version", "language", "edition", "offices", "files", "name")
    kinds = dict.fromkeys(("version", "files"), "number")
    return sheet.table(
        [sheet.column(say(f"briefings.column_{one}"), kinds.get(one, "text")) for one in names],  # type: ignore[arg-type]
        [_row(one, one.name == chosen, say) for one in known],
        title=say("briefings.kept"),
        id="packs",
        empty="" if known else say("briefings.none"),
    )


def contents(say: Speaker) -> sheet.Block:
    """What a pack holds and what each file is for, as long as there is none to look at."""
    names = ("bulletin", "wall_a3", "wall_a0", "page", "tables", "card")
    return sheet.table(
        [sheet.column(say("briefings.column_file")), sheet.column(say("briefings.column_what"))],
        [sheet.row([say(f"briefings.file_{one}"), say(f"briefings.holds_{one}")]) for one in names],
        title=say("briefings.holds"),
        id="holds",
    )


def _row(pack: Pack, chosen: bool, say: Speaker) -> sheet.Part:  # noqa: FBT001 - which row it is
    manifest = pack.manifest
    request = manifest.request
    return sheet.row(
        [
            sheet.cell(request.period, value=manifest.until_on, tone="strong" if chosen else ""),
            say("period.span", first=manifest.from_on, last=manifest.until_on),
            sheet.cell(f"v{max(manifest.lake_version, 0)}", value=manifest.lake_version),
            say(f"briefings.pack_language_{request.language}"),
            _edition(request, say),
            say("briefings.all_offices") if not request.offices else str(len(request.offices)),
            sheet.cell(str(len(manifest.files)), value=len(manifest.files)),
            sheet.cell(pack.name, tone="muted"),
        ],
        patch={"options": {PACK: pack.name}},
    )


def _edition(request: Request, say: Speaker) -> str:
    edition = say(f"briefings.edition_{'public' if request.public else 'whole'}")
    return say("briefings.with_red_head", edition=edition) if request.red_head else edition


def opened(pack: Pack, known: Sequence[Pack], other: Pack | None, say: Speaker) -> sheet.Block:
    """Files of one pack, to open or download; to verify and compare it."""
    columns = [
        sheet.column(say("briefings.column_file")),
        sheet.column(say("briefings.column_what")),
        sheet.column(say("briefings.column_size"), "number", unit="MB"),
        sheet.column(say("briefings.column_mark")),
    ]
    return sheet.table(
        columns,
        [_file(pack, file, mark, say) for file, mark in pack.manifest.files.items()],
        title=say("briefings.pack_title", name=pack.name),
        note=say("briefings.open_note"),
        tools=_tools(pack, known, other, say),
        id="files",
    )


def _file(pack: Pack, file: str, mark: str, say: Speaker) -> sheet.Part:
    path = pack.folder / file
    size = path.stat().st_size / _MEGABYTE if path.is_file() else None
    shown = sheet.cell(None if size is None else f"{size:.2f}", value=size)
    cells = [file, file_name(file, say), shown, sheet.cell(mark[:12], tone="muted")]
    return sheet.row(cells, href=address(pack, file) if size is not None else "")


def _tools(
    pack: Pack, known: Sequence[Pack], other: Pack | None, say: Speaker
) -> list[sheet.Control]:
    """Downloads of what people hand on, verification, and the pack to compare with."""
    handed = [file for file in ("bulletin.pdf", "tables.xlsx", "card.png", "page.html")
              if file in pack.manifest.files]  # fmt: skip
    controls = [
        sheet.download(
            say("briefings.download", what=file_name(file, say)), address(pack, file, download=True)
        )
        for file in handed
    ]
    controls.append(
        sheet.button(
            say("briefings.verify"), {"verify": pack.name}, hint=say("briefings.verify_hint")
        )
    )
    edition = "public" if pack.manifest.request.public else "whole"
    controls.append(
        sheet.button(
            say("briefings.remake"),
            {REMAKE: pack.name},
            hint=say(f"briefings.remake_{edition}"),
        )
    )
    others = [one for one in known if one.name != pack.name]
    if others:
        named = [sheet.option(one.name, one.name) for one in others]
        options = [sheet.option("", say("briefings.nobody")), *named]
        shown = other.name if other is not None and other.name != pack.name else ""
        controls.append(sheet.choice(OTHER, say("briefings.against"), shown, options))
        if shown:
            patch = {"compare": [shown, pack.name]}
            controls.append(sheet.button(say("briefings.compare"), patch))
    return controls


def verified(done: Verified, say: Speaker) -> sheet.Block:
    """Identical, or which file differs and why."""
    since = []
    if done.changed_since:
        since.append(sheet.sentence(say("briefings.since", n=len(done.changed_since))))
    if done.same:
        told = [sheet.sentence(say("briefings.same", n=done.files, name=done.pack.name)), *since]
        return sheet.sentences(told, title=say("briefings.verified"), id="verified", small=True)
    told = [
        sheet.sentence(
            say("briefings.differs", file=file_name(one.file, say), why=why(one, say)), tone="doubt"
        )
        for one in done.differences
    ]
    return sheet.sentences(
        [*told, *since], title=say("briefings.not_same", n=len(done.differences), of=done.files),
        id="verified", small=True,
    )  # fmt: skip


def why(difference: Difference, say: Speaker) -> str:
    """Why a file came out another way."""
    if difference.code != "causes":
        return say(f"briefings.why_{difference.code}")
    return say("briefings.between").join(_cause(one, say) for one in difference.causes)


def _cause(one: Cause, say: Speaker) -> str:
    named = {"lake": "lake", "fonts": "fonts", "source": "source", "guatu": "guatu"}
    if one.what in named:
        return say(f"briefings.cause_{named[one.what]}", was=one.was, now=one.now)
    return say("briefings.cause_library", what=one.what, was=one.was, now=one.now or "—")
