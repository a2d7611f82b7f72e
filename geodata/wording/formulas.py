"""What a number is called and how it is made, from the library's list of formulas."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import geodata.analysis.formulas as listed
from geodata.analysis.formulas import FORMULAS_FILE, Formula, parse_formulas
from geodata.wording.words import Words


@cache
def formulas() -> Mapping[str, Formula]:
    """Every formula by its code, in the order of the file."""
    path = Path(listed.__file__).with_name(FORMULAS_FILE)
    return parse_formulas(path.read_text(encoding="utf-8"))


def formula(code: str) -> Formula:
    """Return the formula of a code.

    Raises
    ------
    KeyError
        No entry of ``formulas.toml`` has the code: add one there.
    """
    if code not in formulas():
        raise KeyError(f"{code!r} is not in {FORMULAS_FILE}; add an entry in both languages")
    return formulas()[code]


def name_of(code: str, say: Words) -> str:
    """What the number is called: ``按期结案率``."""
    one = formula(code)
    return one.en if say.language == "en" else one.zh


def means(code: str, say: Words) -> str:
    """How it is made, in one sentence: ``按期结案数÷应结案数``."""
    one = formula(code)
    return one.means_en if say.language == "en" else one.means_zh


def source_of(code: str, say: Words) -> str:
    """Who says so: the practice, rule or paper the formula is from."""
    one = formula(code)
    return one.source_en if say.language == "en" else one.source
