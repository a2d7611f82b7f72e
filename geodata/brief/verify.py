"""Does a pack still come out the same? Rebuilt from the same cases, configuration and layers."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from geodata.brief.build import files_of, typeface_marks
from geodata.brief.inputs import lake_sha256, restore, sha256_of
from geodata.brief.manifest import Manifest
from geodata.brief.snapshots import Pack, marks_of
from geodata.brief.software import software
from geodata.city import City
from geodata.findings.source import Source


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """What decides a pack's bytes and is not as it was: ``lake``, ``source``, ``fonts``, a library.

    ``was`` and ``now`` are versions, hashes or names; empty where there is none.
    """

    what: str
    was: str
    now: str

    def words(self) -> str:
        """Say it for the command line."""
        if self.what == "lake":
            return f"the lake's version {self.was} is not the one the pack was made from"
        what = "the software's own source" if self.what == "source" else self.what
        return f"{what}: was {self.was or 'none'}, is {self.now or 'gone'}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One file of a pack that is not what the sources give, and what may be the cause.

    Attributes
    ----------
    code
        ``only_one`` (of pack and rebuilding has it), ``missing`` (from the pack), ``changed``
        (after it was made), ``causes`` (those listed), ``unknown`` (none is known: a defect).
    """

    file: str
    code: Literal["only_one", "missing", "changed", "causes", "unknown"]
    causes: tuple[Cause, ...] = ()

    @property
    def why(self) -> str:
        """Say the reason for the command line."""
        told = {
            "only_one": "only one of the two has this file",
            "missing": "it is missing from the pack",
            "changed": "the file was changed after the pack was made",
            "causes": "; ".join(one.words() for one in self.causes),
            "unknown": "no cause is known: a defect",
        }
        return told[self.code]


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
    pack: Pack, rebuilt: Mapping[str, str], causes: tuple[Cause, ...]
) -> Iterator[Difference]:
    """Compare what lies in the pack with the manifest, and the manifest with the rebuilt."""
    for name in sorted({*pack.manifest.files, *rebuilt}):
        path = pack.folder / name
        stated, fresh = pack.manifest.files.get(name), rebuilt.get(name)
        if stated is None or fresh is None:
            yield Difference(file=name, code="only_one")
        elif not path.is_file():
            yield Difference(file=name, code="missing")
        elif sha256_of(path) != stated:
            yield Difference(file=name, code="changed")
        elif fresh != stated:
            yield Difference(file=name, code="causes" if causes else "unknown", causes=causes)


def _causes(city: City, manifest: Manifest) -> Iterator[Cause]:
    """What decides the bytes and is not as it was."""
    if lake_sha256(city, manifest.lake_version) != manifest.lake_sha256:
        yield Cause(what="lake", was=str(manifest.lake_version), now="")
    now = software()
    for name, version in manifest.software.items():
        if now.get(name) != version:
            yield Cause(what=name, was=version[:16], now=now.get(name, "")[:16])
    faces = typeface_marks(manifest.request)
    if faces != dict(manifest.typefaces):
        yield Cause(what="fonts", was=", ".join(manifest.typefaces), now=", ".join(faces))


def _changed_since(city: City, manifest: Manifest) -> Iterator[str]:
    for name, mark in manifest.inputs.items():
        path = city.folder / name
        if not path.is_file():
            yield f"{name} is gone"
        elif sha256_of(path) != mark:
            yield f"{name} has changed"
