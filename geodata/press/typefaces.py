"""Where the letters come from: named font files, found on the system or in an installed package.

Nothing else is used: the typesetter sees only these files, so the same files give the same
bytes. Their SHA-256 belongs into a pack's manifest.
"""

from __future__ import annotations

import atexit
import hashlib
import importlib.util
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

import typst

from geodata.errors import Sentence
from geodata.press.errors import TypefacesMissing

FOLDER_VARIABLE: Final = "GUATU_FONTS"
"""Environment variable that names a folder of font files to be looked in first."""

_SYSTEM: Final = (
    "/usr/share/fonts",
    "/usr/local/share/fonts",
    "~/.local/share/fonts",
    "~/.fonts",
    "/Library/Fonts",
    "/System/Library/Fonts",
    "C:/Windows/Fonts",
)

_PACKAGES: Final = ("manimgx_fonts_cjk", "justmytype_intl_cjk")
"""Python packages on PyPI that ship Noto Sans with Chinese letters under the OFL."""


@dataclass(frozen=True, slots=True)
class _Design:
    """One design as foundries deliver it: family name, and the files that may hold it."""

    family: str
    files: tuple[str, ...]


SANS: Final = (
    _Design("Noto Sans CJK SC", ("NotoSansCJK-Regular.ttc", "NotoSansCJK-Bold.ttc")),
    _Design("Noto Sans CJK SC", ("NotoSansCJKsc-Regular.otf", "NotoSansCJKsc-Bold.otf")),
    _Design("Source Han Sans SC", ("SourceHanSansSC-Regular.otf", "SourceHanSansSC-Bold.otf")),
    _Design("Noto Sans SC", ("NotoSansSC-Regular.ttf", "NotoSansSC-Bold.ttf")),
    _Design("Noto Sans SC", ("NotoSansSC-Regular.otf", "NotoSansSC-Bold.otf")),
    _Design("Noto Sans CJK SC", ("NotoSansCJK-VF.otf.ttc",)),
    _Design("Noto Sans SC", ("NotoSansSC[wght].ttf",)),
)
"""Designs without serifs, best first."""

SERIF: Final = (
    _Design("Noto Serif CJK SC", ("NotoSerifCJK-Regular.ttc", "NotoSerifCJK-Bold.ttc")),
    _Design("Noto Serif CJK SC", ("NotoSerifCJKsc-Regular.otf", "NotoSerifCJKsc-Bold.otf")),
    _Design("Source Han Serif SC", ("SourceHanSerifSC-Regular.otf", "SourceHanSerifSC-Bold.otf")),
    _Design("Noto Serif SC", ("NotoSerifSC-Regular.ttf", "NotoSerifSC-Bold.ttf")),
    _Design("Noto Serif SC", ("NotoSerifSC-Regular.otf", "NotoSerifSC-Bold.otf")),
)
"""Designs with serifs, best first; without any, sentences are set in the sans."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Typefaces:
    """The families a sheet is set in and the files they come from.

    Attributes
    ----------
    serif
        Family of sentences and titles; the sans where no serif was found.
    files
        Font files, in a fixed order.
    """

    sans: str
    serif: str
    files: tuple[Path, ...]

    def sha256(self) -> dict[str, str]:
        """File name → SHA-256 of each font file, for the manifest of a pack."""
        return {path.name: _sha256(path) for path in self.files}


@cache
def _sha256(path: Path) -> str:
    with path.open("rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


def find_typefaces(folders: Iterable[Path] | None = None) -> Typefaces:
    """Find the fonts to print with: in ``folders``, else where systems and packages keep them.

    Raises
    ------
    TypefacesMissing
        None of the named designs was found; the message lists the folders and the remedy.
    """
    return _found(tuple(folders) if folders is not None else tuple(_places()))


@cache
def _found(folders: tuple[Path, ...]) -> Typefaces:
    there = _files_in(folders)
    sans, serif = _first(SANS, there), _first(SERIF, there)
    if sans is None:
        raise TypefacesMissing(
            "No font with Chinese letters was found, so nothing can be printed. Looked for "
            "{families} in: {looked}. Install the system package fonts-noto-cjk, or `pip "
            "install manimgx-fonts-cjk`, or name a folder of font files in {variable}.",
            families=list(dict.fromkeys(design.family for design in SANS)),
            looked=folders or Sentence("no folder at all"),
            variable=FOLDER_VARIABLE,
        )
    used = [sans, *([serif] if serif else [])]
    files = tuple(there[name] for design in used for name in design.files)
    return Typefaces(sans=sans.family, serif=(serif or sans).family, files=files)


def _first(designs: Iterable[_Design], there: dict[str, Path]) -> _Design | None:
    return next((one for one in designs if all(name in there for name in one.files)), None)


def _places() -> Iterator[Path]:
    own = os.environ.get(FOLDER_VARIABLE)
    if own:
        yield Path(own)
    yield from (Path(folder).expanduser() for folder in _SYSTEM)
    for package in _PACKAGES:
        spec = importlib.util.find_spec(package)
        yield from (Path(folder) for folder in (spec and spec.submodule_search_locations) or ())


def _files_in(folders: Iterable[Path]) -> dict[str, Path]:
    """Name → path of the font files we know by name; the first folder wins."""
    wanted = {name for design in (*SANS, *SERIF) for name in design.files}
    there: dict[str, Path] = {}
    for folder in folders:
        for path in sorted(folder.rglob("*.?t?")) if folder.is_dir() else ():
            if path.name in wanted:
                there.setdefault(path.name, path)
    return there


@cache
def opened(typefaces: Typefaces) -> typst.Fonts:
    """Open exactly these font files for the typesetter: no system fonts, none of its own.

    It takes folders only and reads files when a letter is first needed, so a folder with links
    to the files lives as long as the program.
    """
    folder = tempfile.mkdtemp(prefix="guatu-fonts-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    for number, path in enumerate(typefaces.files):
        _link(path, Path(folder) / f"{number}{path.suffix}")
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder]
    )


def _link(file: Path, link: Path) -> None:
    try:
        link.symlink_to(file.resolve())
    except OSError:  # not allowed to everybody on Windows
        shutil.copyfile(file, link)
