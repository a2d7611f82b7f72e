"""Facts kept on disk between runs: what 10 million cases take 15 seconds to become, read in one.

A kept frame is named after everything it was made from: the lake's own files, ``city.toml``, the
layers, and the software that made it. Whatever differs, it is made anew. Deleting the folder
loses nothing but time.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from contextlib import suppress
from importlib import metadata
from pathlib import Path
from typing import Final

import polars as pl

from geodata import analysis, domain, store
from geodata.city import City
from geodata.store.layers import AREAS, STREETS

LEAST: Final = 100_000
"""Fewer cases are made into facts in less time than it takes to wonder."""

MOST_KEPT: Final = 3
_MADE_BY: Final = ("case.py", "calendar.py", "campaign.py", "facts.py")


def remembered(city: City, files: list[str], build: Callable[[], pl.DataFrame]) -> pl.DataFrame:
    """Return the frame made from these files of the lake: kept from an earlier run, or built.

    A folder that cannot be written is no error: the next run builds again.
    """
    path = city.folder / "cache" / f"facts-{_stamp(city, files)}.arrow"
    with suppress(OSError, pl.exceptions.PolarsError):
        found = pl.read_ipc(path)
        os.utime(path)
        return found
    frame = build()
    if len(frame) >= LEAST:
        with suppress(OSError):
            _keep(frame, path)
    return frame


def _keep(frame: pl.DataFrame, path: Path) -> None:
    """Write a frame, whole or not at all, and let go of those used least recently."""
    path.parent.mkdir(exist_ok=True)
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        frame.write_ipc(unfinished, compression="lz4", record_batch_size=len(frame))
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    kept = sorted(path.parent.glob("facts-*.arrow"), key=lambda one: -one.stat().st_mtime_ns)
    for old in kept[MOST_KEPT:]:
        old.unlink(missing_ok=True)


def _stamp(city: City, files: list[str]) -> str:
    """Hash of all that the frame depends on."""
    digest = hashlib.sha256(city.config_sha256.encode())
    libraries = (pl.__version__, metadata.version("chinesecalendar"))
    for text in (*libraries, *sorted(files)):
        digest.update(f"\n{text}".encode())
    for path in (city.layers / STREETS, city.layers / AREAS):
        about = path.stat() if path.exists() else None
        digest.update(f"\n{about and (about.st_size, about.st_mtime_ns)}".encode())
    for package in (domain, analysis, store):
        for name in _MADE_BY:
            source = Path(str(package.__file__)).with_name(name)
            digest.update(source.read_bytes() if source.exists() else b"")
    return digest.hexdigest()[:20]
