"""The entries of ``formulas.toml``: what each number is called, what it divides, and who says so.

Nothing here opens a file: give `parse_formulas` the text of ``FORMULAS_FILE``, which lies beside
this module.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import Final

FORMULAS_FILE: Final = "formulas.toml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Formula:
    """One number people are judged by.

    Attributes
    ----------
    source, source_en
        Who says so, in Chinese and in English.
    numerator, denominator
        Codes of counts, or ``""`` where the number is itself a count or sum.
    means_zh, means_en
        What is counted, in one sentence.
    """

    code: str
    zh: str
    en: str
    unit: str
    source: str
    source_en: str
    means_zh: str
    means_en: str
    numerator: str = ""
    denominator: str = ""


def parse_formulas(text: str) -> dict[str, Formula]:
    """Every formula by its code, in the order of the file.

    Raises
    ------
    ValueError
        A code is listed twice, or names a part that is no formula.
    """
    listed = [Formula(**row) for row in tomllib.loads(text)["formula"]]
    by_code = {one.code: one for one in listed}
    if len(by_code) < len(listed):
        raise ValueError(f"{FORMULAS_FILE} lists a code twice; every code is one formula")
    for one in listed:
        strange = {one.numerator, one.denominator} - set(by_code) - {""}
        if strange:
            raise ValueError(f"{FORMULAS_FILE}: {one.code} names unknown {sorted(strange)}")
    return by_code
