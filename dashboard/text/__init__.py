"""Every sentence of the screen, in Chinese and English; kept equal by a test."""

from __future__ import annotations

import tomllib
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

LANGUAGES: Final = ("zh", "en")


@cache
def _sentences(language: str) -> dict[str, str]:
    path = Path(__file__).parent / f"{language}.toml"
    return dict(_flat(tomllib.loads(path.read_text(encoding="utf-8"))))


def _flat(table: dict[str, Any], prefix: str = "") -> list[tuple[str, str]]:
    pairs: list[tuple[str, str]] = []
    for key, value in table.items():
        name = f"{prefix}{key}"
        pairs += _flat(value, f"{name}.") if isinstance(value, dict) else [(name, value)]
    return pairs


class Speaker:
    """Says keys in one language; numbers and dates as its readers write them."""

    def __init__(self, language: str) -> None:
        self.language = language if language in LANGUAGES else "zh"
        self._sentences = _sentences(self.language)

    def __call__(self, key: str, **values: object) -> str:
        """Return the sentence of a key with its places filled."""
        return self._sentences[key].format(**values)

    def number(self, value: float) -> str:
        """Whole numbers with thousands commas, others with one decimal."""
        return f"{value:,.0f}" if float(value).is_integer() else f"{value:,.1f}"

    def day(self, day: date, *, year: bool = False) -> str:
        """11月22日, or 22 Nov; with the year where it is not obvious."""
        if self.language == "zh":
            return f"{f'{day.year}年' if year else ''}{day.month}月{day.day}日"
        return f"{day.day} {day:%b}" + (f" {day.year}" if year else "")

    def listed(self, names: list[str], most: int = 3) -> str:
        """Names in a row; the first and a count when there are many."""
        if len(names) > most:
            return self("filter.some", first=names[0], n=len(names))
        return ("、" if self.language == "zh" else ", ").join(names) or "—"

    def credit(self, style: Any) -> str:
        """Whose streets these are, as ``[map]`` of city.toml says it."""
        return str((style.credit_en if self.language == "en" else "") or style.credit)

    def name(self, thing: Any) -> str:
        """Name of a category, office, phase… in this language, the other where there is none."""
        if self.language == "en":
            return str(thing.name_en or thing.name)
        return str(thing.name)
