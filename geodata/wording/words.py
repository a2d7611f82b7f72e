"""A language: sentences by key, numbers and days as its readers write them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("zh", "en")
TEXT: Final = Path(__file__).parent / "text"


@cache
def sentences(folder: Path, language: str) -> Mapping[str, str]:
    """Return every sentence of the TOML files in ``folder/language`` by its dotted key."""
    found: dict[str, str] = {}
    for path in sorted((folder / language).glob("*.toml")):
        found |= _flat(tomllib.loads(path.read_text(encoding="utf-8")))
    return found


def _flat(table: Mapping[str, Any], prefix: str = "") -> dict[str, str]:
    flat: dict[str, str] = {}
    for key, value in table.items():
        name = f"{prefix}{key}"
        flat |= _flat(value, f"{name}.") if isinstance(value, Mapping) else {name: value}
    return flat


class Words:
    """Says keys in one language, Chinese where the language is not known.

    Parameters
    ----------
    language
        ``zh`` or ``en``.
    folders
        Further folders with a ``zh`` and an ``en`` folder of TOML files; a later one wins.
    """

    def __init__(self, language: str, *folders: Path) -> None:
        self.language = language if language in LANGUAGES else "zh"
        self._sentences: dict[str, str] = {}
        for folder in (TEXT, *folders):
            self._sentences |= sentences(folder, self.language)

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence of a key such as ``period.span`` with its places filled."""
        return self._sentences[key].format(**values)

    def number(self, value: float) -> str:
        """Whole numbers with thousands commas, others with one decimal."""
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"

    def day(self, day: date, *, year: bool = False) -> str:
        """11月22日, or 22 Nov; with the year where it is not obvious."""
        if self.language == "zh":
            return f"{f'{day.year}年' if year else ''}{day.month}月{day.day}日"
        return f"{day.day} {day:%b}" + (f" {day.year}" if year else "")

    def name(self, thing: Any) -> str:
        """Name of a category, office, phase… in this language, the other where there is none."""
        return str((thing.name_en if self.language == "en" else "") or thing.name)

    def listed(self, names: list[str], most: int = 3) -> str:
        """Names in a row; the first and a count where there are more than ``most``."""
        if len(names) > most:
            return self("filter.some", first=names[0], n=len(names))
        return self("filter.between_names").join(names) or "—"

    def credit(self, style: Any) -> str:
        """Whose streets these are, as ``[map]`` of city.toml says it."""
        return str((style.credit_en if self.language == "en" else "") or style.credit)
