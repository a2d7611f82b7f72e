"""Public editions that are out: two that tell of the same days can be subtracted, so one at a time.

Each edition hides its small counts by itself. Where two tell of the same days but from other data
(another version, other days, another configuration), the difference of their counts is told as
well, and no rule has looked at that: from 7 to 8 in a cell between two versions is one case.
Editions of the same numbers, in another language or with other parts, give nothing away.
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Final

from geodata.brief.inputs import snapshots_of
from geodata.brief.manifest import Manifest
from geodata.brief.snapshots import Pack, packs
from geodata.city import City
from geodata.errors import Sentence

TAKEN_BACK: Final = "taken_back"
"""Folder beside the packs that those replaced are moved into; nothing is removed."""


def clashing(city: City, manifest: Manifest) -> list[Pack]:
    """Public editions kept that tell other numbers of days that this one would tell of."""
    return [
        pack
        for pack in packs(city)
        if pack.manifest.request.public
        and _overlap(pack.manifest, manifest)
        and _numbers(pack.manifest) != _numbers(manifest)
    ]


def _overlap(one: Manifest, other: Manifest) -> bool:
    return one.from_on <= other.until_on and other.from_on <= one.until_on


def _numbers(manifest: Manifest) -> tuple[object, ...]:
    """Everything the counts, and which of them are hidden, depend on."""
    return (
        manifest.from_on,
        manifest.until_on,
        manifest.lake_version,
        manifest.lake_sha256,
        dict(manifest.inputs),
        manifest.software.get("source"),
    )


def refusal(clashes: list[Pack], manifest: Manifest) -> Sentence:
    """Say which editions stand against a new one, why, and what can be done."""
    listed = [
        Sentence(
            "{pack} ({from_on} to {until_on}, {other})",
            pack=pack.name,
            from_on=pack.manifest.from_on,
            until_on=pack.manifest.until_on,
            other=_other(pack.manifest, manifest),
        )
        for pack in clashes
    ]
    return Sentence(
        "A public edition of these days is out already: {listed:clauses}. Whoever has both can "
        "subtract one from the other, and the difference tells single cases that each of them "
        "hides. Choose a period that does not overlap. Or give --again to the command `brief`: "
        "the new edition then replaces the one that is out, which is moved to "
        "snapshots/{taken_back}; withdraw every copy that was handed on, for whoever keeps one "
        "can still subtract.",
        listed=listed,
        taken_back=TAKEN_BACK,
    )


def _other(told: Manifest, manifest: Manifest) -> Sentence:
    """In which way an edition differs from a new one."""
    if (told.from_on, told.until_on) != (manifest.from_on, manifest.until_on):
        return Sentence("other days")
    if (told.lake_version, told.lake_sha256) != (manifest.lake_version, manifest.lake_sha256):
        return Sentence(
            "data version v{old}, now v{new}", old=told.lake_version, new=manifest.lake_version
        )
    same = dict(told.inputs) == dict(manifest.inputs)
    if same:
        return Sentence("made by other software")
    return Sentence("another configuration or other layers")


def take_back(city: City, pack: Pack) -> Path:
    """Move an edition out of the packs kept; its new folder. One taken back before stays there."""
    folder = snapshots_of(city) / TAKEN_BACK
    folder.mkdir(parents=True, exist_ok=True)
    goal = folder / pack.name
    if goal.exists():
        goal = Path(tempfile.mkdtemp(prefix=f"{pack.name}.", dir=folder)) / pack.name
    return pack.folder.rename(goal)
