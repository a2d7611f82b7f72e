"""The definitions once more, slowly, in plain Python: written from the words, not from the code.

A series of findings is a text, one letter a step: ``h`` hot, ``c`` cold, ``.`` neither. The
seventeen classes are then patterns of letters.
"""

from __future__ import annotations

import math
import re
from fractions import Fraction
from itertools import combinations

MIRROR = str.maketrans("hc", "ch")


def class_of(letters: str, trend: str) -> str:
    """Class of one series; ``trend`` is ``rising``, ``falling`` or ``no``."""
    opposite = {"rising": "falling", "falling": "rising", "no": "no"}[trend]
    for name, fits in DEFINITIONS.items():
        if fits(letters, trend):
            return f"{name}_hot"
        if fits(letters.translate(MIRROR), opposite):
            return f"{name}_cold"
    return "none"


def nine_in_ten(letters: str) -> bool:
    return Fraction(letters.count("h"), len(letters)) >= Fraction(9, 10)


DEFINITIONS = {
    # only the last step significant
    "new": lambda s, _: re.fullmatch(r"\.*h", s),
    # one uninterrupted final run of two or more, never before, less than nine in ten
    "consecutive": lambda s, _: re.fullmatch(r"\.*hh+", s) and not nine_in_ten(s),
    # nine in ten; the first and the last of the three include the final step
    "intensifying": lambda s, trend: nine_in_ten(s) and trend == "rising" and s.endswith("h"),
    "persistent": lambda s, trend: nine_in_ten(s) and trend == "no",
    "diminishing": lambda s, trend: nine_in_ten(s) and trend == "falling" and s.endswith("h"),
    # final step hot, on and off, less than nine in ten, never cold
    "sporadic": lambda s, _: re.fullmatch(r"[.h]*h\.[.h]*h", s) and not nine_in_ten(s),
    # final step hot, was cold before, less than nine in ten
    "oscillating": lambda s, _: re.fullmatch(r".*c.*h", s) and not nine_in_ten(s),
    # final step not hot, nine in ten hot
    "historical": lambda s, _: nine_in_ten(s) and not s.endswith("h"),
}


def trend_test(series: list[float]) -> tuple[int, Fraction, float, float]:
    """Mann–Kendall from its definition: S, its variance, z, two-sided p."""
    score = 0
    for earlier, later in combinations(series, 2):
        score += (later > earlier) - (later < earlier)
    n = len(series)
    groups = [series.count(value) for value in set(series)]
    eighteen = n * (n - 1) * (2 * n + 5) - sum(g * (g - 1) * (2 * g + 5) for g in groups)
    variance = Fraction(eighteen, 18)
    if not variance:
        return score, variance, 0.0, 1.0
    nearer_zero = score - 1 if score > 0 else score + 1 if score < 0 else 0
    z = nearer_zero / math.sqrt(variance)
    return score, variance, z, math.erfc(abs(z) / math.sqrt(2))


def chance_p(values: list[int], drawn: int, observed: int) -> float:
    """Two-sided p of a sum of ``drawn`` values: every possible choice is looked at."""
    sums = [sum(choice) for choice in combinations(values, drawn)]
    at_least = sum(total >= observed for total in sums)
    at_most = sum(total <= observed for total in sums)
    return min(1.0, 2 * min(at_least, at_most) / len(sums))


def findings(p: dict, alpha: float) -> set:
    """Benjamini–Hochberg: reject the k smallest p for the largest k with p(k) ≤ kα/m."""
    ranked = sorted(p, key=p.get)
    largest = 0
    for rank, key in enumerate(ranked, start=1):
        if p[key] <= alpha * rank / len(p):
            largest = rank
    return {key for key in ranked if largest and p[key] <= p[ranked[largest - 1]]}


def space_time_z(values: list[list[float]], near: list[list[int]]) -> dict[tuple[int, int], float]:
    """Gi* of each bin (cell, step) with the neighbours now and one step before."""
    every = [value for row in values for value in row]
    n, mean = len(every), math.fsum(every) / len(every)
    spread = math.sqrt(math.fsum((value - mean) ** 2 for value in every) / n)
    answer = {}
    for cell, row in enumerate(values):
        for step in range(len(row)):
            times = [step] if step == 0 else [step - 1, step]
            around = [values[other][time] for other in near[cell] for time in times]
            m = len(around)
            scale = spread * math.sqrt((n * m - m * m) / (n - 1))
            answer[cell, step] = (math.fsum(around) - mean * m) / scale
    return answer
