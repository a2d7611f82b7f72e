"""What a pack was made from and what it holds, as one canonical JSON file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from geodata.errors import GeodataError, NewerFormat

FORMAT: Final = 1
NAME: Final = "manifest.json"


class PackBroken(GeodataError):
    """A folder is no pack, or its manifest cannot be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What somebody asked for: equal requests of equal inputs give equal packs.

    Attributes
    ----------
    period
        As written, e.g. ``2026-W47``.
    offices
        Codes kept, in order; empty means all.
    language
        ``zh`` or ``en``.
    public
        The public edition.
    red_head
        The bulletin's masthead in red 红头.
    without
        Parts left out, in order: see `geodata.brief.build.PARTS`.
    """

    period: str
    offices: tuple[str, ...] = ()
    language: str = "zh"
    public: bool = False
    red_head: bool = False
    without: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "period": self.period,
            "offices": list(self.offices),
            "language": self.language,
            "public": self.public,
            "red_head": self.red_head,
            "without": list(self.without),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """Lineage of a pack; no clock, no machine, no user in it.

    Attributes
    ----------
    inputs
        Relative path of ``city.toml`` and of every layer → SHA-256.
    lake_version, lake_sha256
        The cases.
    software
        Name → version, see `geodata.brief.software`.
    typefaces
        Font file → SHA-256.
    files
        File of the pack → SHA-256.
    """

    request: Request
    city: str
    from_on: str
    until_on: str
    lake_version: int
    lake_sha256: str
    inputs: Mapping[str, str]
    software: Mapping[str, str]
    typefaces: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)

    def sources_sha256(self) -> str:
        """Hash of everything the pack is computed from: the name of the snapshot holds it."""
        told = self.as_json()
        del told["files"]
        return hashlib.sha256(_canonical(told)).hexdigest()

    def as_json(self) -> dict[str, Any]:
        """Return plain values."""
        return {
            "format": FORMAT,
            "request": self.request.as_json(),
            "city": self.city,
            "from": self.from_on,
            "until": self.until_on,
            "lake_version": self.lake_version,
            "lake_sha256": self.lake_sha256,
            "inputs": dict(self.inputs),
            "software": dict(self.software),
            "typefaces": dict(self.typefaces),
            "files": dict(self.files),
        }

    def written(self) -> bytes:
        """Return the file's bytes: keys in order, one value a line."""
        text = json.dumps(self.as_json(), ensure_ascii=False, sort_keys=True, indent=1)
        return f"{text}\n".encode()


def _canonical(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def read_manifest(pack: Path) -> Manifest:
    """Read the manifest of a pack.

    Raises
    ------
    PackBroken
        There is none, or it cannot be read.
    NewerFormat
        A newer version of this software wrote it.
    """
    path = pack / NAME
    try:
        held = json.loads(path.read_text(encoding="utf-8"))
        if held["format"] > FORMAT:
            raise NewerFormat(
                "{path} has format {made_in}, this software reads up to {format}. Update the "
                "software.",
                path=path,
                made_in=held["format"],
                format=FORMAT,
            )
        return _manifest(held)
    except OSError as error:
        raise PackBroken(
            "{pack} is no pack: {file} cannot be read ({error}). Name a folder that `python -m "
            "geodata brief` made.",
            pack=pack,
            file=NAME,
            error=error,
        ) from error
    except (ValueError, KeyError, TypeError) as error:
        raise PackBroken(
            "{path} is not a manifest ({error}). Bring the pack back from a copy, or make it "
            "again.",
            path=path,
            error=error,
        ) from error


def _manifest(held: Mapping[str, Any]) -> Manifest:
    asked = held["request"]
    request = Request(
        **{**asked, "offices": tuple(asked["offices"]), "without": tuple(asked["without"])}
    )
    return Manifest(
        request=request,
        city=held["city"],
        from_on=held["from"],
        until_on=held["until"],
        lake_version=held["lake_version"],
        lake_sha256=held["lake_sha256"],
        inputs=held["inputs"],
        software=held["software"],
        typefaces=held["typefaces"],
        files=held["files"],
    )
