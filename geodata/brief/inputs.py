"""What a pack is computed from besides the cases: configuration, layers, small tables. All kept.

Each file is kept once under its own hash in ``snapshots/inputs/``, so that a pack recomputes when
``city.toml`` or a layer has changed since. Nothing there is ever removed.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from geodata.city import City
from geodata.errors import GeodataError

CONFIG: Final = "city.toml"
_FOLDERS: Final = ("layers", "tables")
_KEPT: Final = "inputs"
_LOG: Final = "_delta_log"


class InputsGone(GeodataError):
    """A file that a pack was made from is neither in the city nor among those kept."""


def snapshots_of(city: City) -> Path:
    """Folder of a city's packs."""
    return city.folder / "snapshots"


def inputs_of(city: City) -> Mapping[str, str]:
    """Relative path of every input file → SHA-256, in order of path."""
    return {name: sha256_of(path) for name, path in _files(city.folder)}


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    yield CONFIG, folder / CONFIG
    for part in _FOLDERS:
        for path in sorted((folder / part).glob("*")):
            if path.is_file() and not path.name.startswith("."):
                yield f"{part}/{path.name}", path


def sha256_of(path: Path) -> str:
    """SHA-256 of a file."""
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def layers_sha256(inputs: Mapping[str, str]) -> str:
    """One hash for all layers and tables."""
    listed = "".join(f"{name} {mark}\n" for name, mark in sorted(inputs.items()) if name != CONFIG)
    return hashlib.sha256(listed.encode()).hexdigest()


def lake_sha256(city: City, version: int) -> str:
    """Hash of the lake's log up to a version: another lake with the same numbers differs."""
    found = hashlib.sha256()
    for number in range(version + 1):
        path = city.lake / _LOG / f"{number:020d}.json"
        if path.exists():
            found.update(sha256_of(path).encode())
    return found.hexdigest()


def keep_inputs(city: City, inputs: Mapping[str, str]) -> None:
    """Keep every input under its hash; what is kept already is left alone."""
    folder = snapshots_of(city) / _KEPT
    folder.mkdir(parents=True, exist_ok=True)
    for name, mark in inputs.items():
        kept = folder / mark
        if not kept.exists():
            handle, unfinished = tempfile.mkstemp(prefix=f".{mark}.", dir=folder)
            os.close(handle)
            shutil.copyfile(city.folder / name, unfinished)
            Path(unfinished).chmod(0o644)
            Path(unfinished).replace(kept)


def restore(city: City, inputs: Mapping[str, str], pack: Path, into: Path) -> None:
    """Lay out a city folder as it was when a pack was made; the lake is the present one's.

    Raises
    ------
    InputsGone
        A file is nowhere to be found as it was; all such are named.
    """
    lost = []
    for name, mark in inputs.items():
        found = _found(city, pack, name, mark)
        if found is None:
            lost.append(name)
            continue
        (into / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found, into / name)
    if lost:
        raise InputsGone(
            "{pack} was made from files that are gone: {lost}. They are kept in {folder}; "
            "bring that folder back and run again.",
            pack=pack,
            lost=lost,
            folder=snapshots_of(city) / _KEPT,
        )
    (into / "lake").symlink_to(city.lake.resolve(), target_is_directory=True)


def _found(city: City, pack: Path, name: str, mark: str) -> Path | None:
    """Where the file with this hash lies: kept, in the pack, or still in the city."""
    places = (snapshots_of(city) / _KEPT / mark, pack / name, city.folder / name)
    return next((one for one in places if one.is_file() and sha256_of(one) == mark), None)
