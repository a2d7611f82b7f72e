"""Does a pack still come out the same? Rebuilt from the same cases, configuration and layers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from geodata.brief.build import files_of, typeface_marks
from geodata.brief.inputs import lake_sha256, restore, sha256_of
from geodata.brief.manifest import Manifest
from geodata.brief.snapshots import Pack, marks_of
from geodata.brief.software import software
from geodata.city import City
from geodata.findings.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One file of a pack that is not what the sources give, and what may be the cause."""

    file: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Verified:
    """Outcome of a verification; ``differences`` is empty when everything is byte-identical.

    Attributes
    ----------
    changed_since
        What in the city is no longer as it was when the pack was made, in words; none of it
        matters to the rebuilding, which uses what was kept.
    """

    pack: Pack
    files: int
    differences: tuple[Difference, ...]
    changed_since: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether every file came out byte for byte."""
        return not self.differences


def verify(city: City, pack: Pack) -> Verified:
    """Rebuild a pack from what it was made from and compare byte for byte.

    The configuration and layers kept at the time are used, so that later changes do not count.

    Raises
    ------
    InputsGone
        A layer or the configuration it was made from is nowhere kept.
    StoreError
        The lake no longer has that version.
    """
    manifest = pack.manifest
    with tempfile.TemporaryDirectory(prefix="guatu-verify-") as made:
        folder = Path(made)
        restore(city, manifest.inputs, pack.folder, folder)
        source = Source.of(folder, version=manifest.lake_version)
        rebuilt = marks_of(files_of(source, manifest.request, manifest))
    changed = tuple(_changed_since(city, manifest))
    causes = tuple(_causes(city, manifest))
    return Verified(
        pack=pack,
        files=len(rebuilt),
        differences=tuple(_compared(pack, rebuilt, causes)),
        changed_since=changed,
    )


def _compared(
    pack: Pack, rebuilt: Mapping[str, str], causes: tuple[str, ...]
) -> Iterator[Difference]:
    """Compare what lies in the pack with the manifest, and the manifest with the rebuilt."""
    for name in sorted({*pack.manifest.files, *rebuilt}):
        path = pack.folder / name
        stated, fresh = pack.manifest.files.get(name), rebuilt.get(name)
        if stated is None or fresh is None:
            yield Difference(file=name, why="only one of the two has this file")
        elif not path.is_file():
            yield Difference(file=name, why="it is missing from the pack")
        elif sha256_of(path) != stated:
            why = "the file was changed after the pack was made"
            yield Difference(file=name, why=why)
        elif fresh != stated:
            yield Difference(file=name, why="; ".join(causes) or "no cause is known: a defect")


def _causes(city: City, manifest: Manifest) -> Iterator[str]:
    """What decides the bytes and is not as it was."""
    if lake_sha256(city, manifest.lake_version) != manifest.lake_sha256:
        yield f"the lake's version {manifest.lake_version} is not the one the pack was made from"
    now = software()
    for name, version in manifest.software.items():
        if now.get(name) != version:
            what = "the software's own source" if name == "source" else name
            yield f"{what} was {version[:16]}, is {now.get(name, 'gone')[:16]}"
    faces = typeface_marks(manifest.request)
    if faces != dict(manifest.typefaces):
        yield f"the fonts were {', '.join(manifest.typefaces)}, are {', '.join(faces) or 'none'}"


def _changed_since(city: City, manifest: Manifest) -> Iterator[str]:
    for name, mark in manifest.inputs.items():
        path = city.folder / name
        if not path.is_file():
            yield f"{name} is gone"
        elif sha256_of(path) != mark:
            yield f"{name} has changed"
