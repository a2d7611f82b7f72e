"""The data file of formulas and the code that computes them say the same."""

from __future__ import annotations

from pathlib import Path

import pytest

import geodata.analysis.formulas as module
from geodata.analysis.formulas import FORMULAS_FILE, parse_formulas
from geodata.analysis.indicators import COUNTS, RATES
from geodata.analysis.targets import FRONTAGE, SURVEY


@pytest.fixture(scope="module")
def formulas():
    path = Path(module.__file__).parent / FORMULAS_FILE
    return parse_formulas(path.read_text(encoding="utf-8"))


def test_every_count_and_rate_has_an_entry(formulas):
    assert set(COUNTS) <= set(formulas)
    for code, part, whole in RATES:
        assert (formulas[code].numerator, formulas[code].denominator) == (part, whole)
    for target in (*FRONTAGE, *SURVEY):
        entry = formulas[target.formula]
        assert (entry.numerator, entry.denominator) == (target.part, target.whole)


def test_every_formula_named_in_the_library_has_an_entry(formulas):
    named = set()
    for path in Path(module.__file__).parent.glob("*.py"):
        for line in path.read_text(encoding="utf-8").splitlines():
            if 'formula="' in line:
                named.add(line.split('formula="')[1].split('"')[0])
    assert named
    assert named <= set(formulas)


def test_every_entry_is_complete_in_both_languages(formulas):
    for one in formulas.values():
        assert all((one.zh, one.en, one.unit, one.source, one.source_en)), one.code
        assert one.means_zh, one.code
        assert one.means_en, one.code


def test_a_code_listed_twice_or_a_part_unknown_is_refused():
    texts = ("code", "zh", "en", "unit", "source", "source_en", "means_zh", "means_en")
    row = "\n".join(["[[formula]]", *(f'{name}="a"' for name in texts), ""])
    with pytest.raises(ValueError, match="twice"):
        parse_formulas(row * 2)
    with pytest.raises(ValueError, match="unknown"):
        parse_formulas(row + 'numerator="b"\n')
