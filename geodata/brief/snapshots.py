"""Packs kept in a city folder: written whole or not at all, never changed, found again by name."""

from __future__ import annotations

import hashlib
import re
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from geodata.brief.inputs import sha256_of, snapshots_of
from geodata.brief.manifest import NAME, Manifest, PackBroken, read_manifest
from geodata.city import City
from geodata.errors import DiskFull, GeodataError, no_room_left


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """A pack on disk."""

    folder: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        """Name of the folder."""
        return self.folder.name


def name_of(manifest: Manifest) -> str:
    """``2026-W47-v12-3f9a1c2b``: period, data version, and a hash of everything it is made from."""
    period = re.sub(r"[^A-Za-z0-9.-]+", "-", manifest.request.period)
    return f"{period}-v{max(manifest.lake_version, 0)}-{manifest.sources_sha256()[:8]}"


def kept(city: City, manifest: Manifest) -> Pack | None:
    """Return the whole pack that was made from the same sources before, or None."""
    folder = snapshots_of(city) / name_of(manifest)
    if not (folder / NAME).is_file():
        return None
    pack = Pack(folder=folder, manifest=read_manifest(folder))
    return None if damaged(pack) else pack


def damaged(pack: Pack) -> list[str]:
    """Files of a pack that are missing or not as the manifest says, in order of name."""
    return [
        name
        for name, mark in sorted(pack.manifest.files.items())
        if not (pack.folder / name).is_file() or sha256_of(pack.folder / name) != mark
    ]


def keep(city: City, manifest: Manifest, files: Mapping[str, bytes]) -> Pack:
    """Keep a pack; safe to run twice, and at the same time in two processes.

    The folder appears in one step. Where the same pack is there already it stays as it is; a
    damaged one is moved aside, never overwritten.

    Raises
    ------
    DiskFull
        Nothing was kept.
    """
    folder = snapshots_of(city) / name_of(manifest)
    folder.parent.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    try:
        _write(unfinished, manifest, files)
        _put(unfinished, folder)
    except OSError as error:
        if no_room_left(error):
            raise DiskFull(
                "No space left in {folder}. Nothing was kept. Free some and run again.",
                folder=folder.parent,
            ) from error
        raise
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return Pack(folder=folder, manifest=read_manifest(folder))


def _write(folder: Path, manifest: Manifest, files: Mapping[str, bytes]) -> None:
    folder.chmod(0o755)
    for name, body in files.items():
        (folder / name).write_bytes(body)
    (folder / NAME).write_bytes(manifest.written())


def _put(unfinished: Path, folder: Path) -> None:
    """Rename into place; a whole pack that is there already wins, a damaged one is put aside."""
    for _ in range(2):
        try:
            unfinished.rename(folder)
        except OSError:
            if _whole(folder):
                return
            if folder.exists():
                aside = tempfile.mkdtemp(prefix=f".damaged-{folder.name}.", dir=folder.parent)
                folder.rename(Path(aside) / folder.name)
                continue
            raise
        else:
            return


def _whole(folder: Path) -> bool:
    try:
        return not damaged(Pack(folder=folder, manifest=read_manifest(folder)))
    except GeodataError:
        return False


def packs(city: City) -> list[Pack]:
    """Every pack kept, latest period first; folders that are none are passed over."""
    found = []
    for path in sorted(snapshots_of(city).glob("*/" + NAME)):
        if path.parent.name.startswith("."):
            continue
        try:
            found.append(Pack(folder=path.parent, manifest=read_manifest(path.parent)))
        except GeodataError:
            continue
    return sorted(
        found, key=lambda one: (one.manifest.until_on, one.manifest.lake_version, one.name)
    )[::-1]


def find_pack(city: City, named: Path | str) -> Pack:
    """Return a pack by its folder, or by its name among those kept.

    Raises
    ------
    PackBroken
        There is no such pack.
    """
    folder = Path(named)
    if not folder.is_dir():
        folder = snapshots_of(city) / str(named)
    return Pack(folder=folder, manifest=read_manifest(folder))


def copy_to(pack: Pack, out: Path) -> Path:
    """Copy a pack into a folder under its name; the same pack again changes nothing.

    Raises
    ------
    PackBroken
        Something else of that name is there.
    """
    goal = out / pack.name
    if goal.exists():
        if _whole(goal):
            return goal
        raise PackBroken(
            "{goal} is there already and is not this pack. Move it away, run again.", goal=goal
        )
    out.mkdir(parents=True, exist_ok=True)
    unfinished = Path(tempfile.mkdtemp(prefix=f".{pack.name}.", dir=out))
    try:
        shutil.copytree(pack.folder, unfinished, dirs_exist_ok=True)
        unfinished.chmod(0o755)
        unfinished.rename(goal)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return goal


def marks_of(files: Mapping[str, bytes]) -> dict[str, str]:
    """SHA-256 of each file's bytes, in order of name."""
    return {name: hashlib.sha256(files[name]).hexdigest() for name in sorted(files)}
