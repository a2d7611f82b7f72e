"""Files of the packs kept, for those who may see every case; nothing else of the folder."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from dashboard import access
from dashboard.identity import AccessDenied
from geodata.brief.inputs import snapshots_of
from geodata.brief.manifest import NAME, read_manifest
from geodata.domain.viewer import OFFICE
from geodata.errors import GeodataError

KINDS: Final = {
    ".pdf": "application/pdf",
    ".html": "text/html; charset=utf-8",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".png": "image/png",
    ".toml": "text/plain; charset=utf-8",
    ".json": "application/json",
}
_PACK: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9.-]*")


class NoSuchFile(GeodataError):
    """There is no such pack, or the pack has no such file."""


@dataclass(frozen=True, slots=True)
class PackFile:
    """A file ready to be sent; ``download`` is the name it is saved under."""

    path: Path
    kind: str
    download: str


def pack_file(pack: str, file: str) -> PackFile:
    """Find a file that the manifest of a pack lists.

    Raises
    ------
    AccessDenied
        Whoever asks may see an office's own cases only, or nothing.
    NoSuchFile
        The names are no pack and no file of it; nothing outside the pack is ever looked at.
    """
    reading = access.reading()
    if reading.viewer.role == OFFICE:
        raise AccessDenied(
            "A briefing holds all cases of the city; this account may see its own offices only. "
            "Ask the administrator."
        )
    folder = snapshots_of(reading.city) / pack
    if not _PACK.fullmatch(pack) or not (folder / NAME).is_file():
        raise NoSuchFile(
            "There is no pack {pack!r}. The page of briefings lists those there are.", pack=pack
        )
    path = folder / file
    if file not in {*read_manifest(folder).files, NAME} or not path.is_file():
        raise NoSuchFile(
            "Pack {pack!r} has no file {file!r}. The page of briefings lists the files of each.",
            pack=pack,
            file=file,
        )
    made_up = "made-up-" if reading.city.made_up else ""
    kind = KINDS.get(path.suffix, "application/octet-stream")
    return PackFile(path, kind, f"guatu-{made_up}{pack}-{file}")
