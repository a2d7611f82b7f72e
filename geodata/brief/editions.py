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


def refusal(clashes: list[Pack], manifest: Manifest) -> str:
    """Say which editions stand against a new one, why, and what can be done."""
    listed = "; ".join(
        f"{pack.name} ({pack.manifest.from_on} to {pack.manifest.until_on}, "
        f"{_other(pack.manifest, manifest)})"
        for pack in clashes
    )
    return (
        f"A public edition of these days is out already: {listed}. Whoever has both can subtract "
        "one from the other, and the difference tells single cases that each of them hides. "
        "Choose a period that does not overlap. Or give --again to the command `brief`: the new "
        f"edition then replaces the one that is out, which is moved to snapshots/{TAKEN_BACK}; "
        "withdraw every copy that was handed on, for whoever keeps one can still subtract."
    )


def _other(told: Manifest, manifest: Manifest) -> str:
    """In which way an edition differs from a new one."""
    if (told.from_on, told.until_on) != (manifest.from_on, manifest.until_on):
        return "other days"
    if (told.lake_version, told.lake_sha256) != (manifest.lake_version, manifest.lake_sha256):
        return f"data version v{told.lake_version}, now v{manifest.lake_version}"
    same = dict(told.inputs) == dict(manifest.inputs)
    return "made by other software" if same else "another configuration or other layers"


def take_back(city: City, pack: Pack) -> Path:
    """Move an edition out of the packs kept; its new folder. One taken back before stays there."""
    folder = snapshots_of(city) / TAKEN_BACK
    folder.mkdir(parents=True, exist_ok=True)
    goal = folder / pack.name
    if goal.exists():
        goal = Path(tempfile.mkdtemp(prefix=f"{pack.name}.", dir=folder)) / pack.name
    return pack.folder.rename(goal)
