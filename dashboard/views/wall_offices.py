"""The wall's last screen: offices by on-time rate, their intervals drawn, too few said."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from dashboard.components.sheet.parts import given
from dashboard.views.wall_screens import headline, told
from geodata.analysis.answers import Withheld
from geodata.analysis.reasons import Reason
from geodata.brief.figures import figures
from geodata.brief.phrases import Phrases
from geodata.brief.standing import offices, rank_rule
from geodata.findings.summing_up.wall import RECENT_DAYS
from geodata.press.content import OfficeRow, Offices
from geodata.wording import Words, numbers

MOST: Final = 12
"""Offices drawn at a size that is read across a room."""

_NAMED: Final = 4


def screen(words: Phrases) -> dict[str, Any]:
    """Ranking of at most `MOST` offices; the whole city's numbers beside it."""
    say, ranked = words.say, offices(words)
    shown = {one.code: one for one in figures(words)}
    return given(
        code="offices",
        title=say("wall.offices"),
        span=say("wall.recent", days=RECENT_DAYS, last=say.day(words.both.last_on)),
        headlines=[headline(shown[one], words) for one in ("on_time_rate", "overdue_stock")],
        sentences=[*_sentences(ranked, say), *told(words, ("overdue",))[:1]],
        note=_unranked(words),
        chart=_chart(ranked, say),
    )


def _chart(ranked: Offices, say: Words) -> dict[str, Any]:
    rows = [one for one in ranked.rows if not one.muted]
    shown, left_out = _most(rows)
    return given(
        rows=[_row(one, say) for one in shown],
        gap=None if not left_out else {"after": MOST // 2, "text": say("wall.gap", n=left_out)},
        domain=list(ranked.domain),
        ticks=_ticks(ranked.domain, say),
        whole=ranked.whole,
        whole_text=say("wall.whole", rate=numbers.rate(say, ranked.whole)),
        key=say("wall.key"),
        possible=say("wall.possible"),
        adjusted=say("wall.adjusted"),
        overdue=say("wall.overdue"),
        empty=None if shown else ranked.empty if not ranked.rows else say("wall.all_too_few"),
    )


def _most(rows: list[OfficeRow]) -> tuple[list[OfficeRow], int]:
    """The first and the last where there are too many, and how many that leaves out."""
    if len(rows) <= MOST:
        return rows, 0
    half = MOST // 2
    return [*rows[:half], *rows[-half:]], len(rows) - MOST


def _row(one: OfficeRow, say: Words) -> dict[str, Any]:
    return given(
        rank=one.rank,
        possible=one.possible,
        name=one.name,
        text=one.text,
        parts=one.parts,
        overdue=numbers.count(say, one.overdue),
        point=one.shrunk,
        raw=one.raw,
        lower=one.lower,
        upper=one.upper,
        below=one.below or None,
    )


def _ticks(domain: tuple[float, float], say: Words) -> list[dict[str, Any]]:
    """At most six round shares inside the domain."""
    low, high = (round(10 * end) for end in domain)
    step = 1 if high - low <= 5 else 2  # noqa: PLR2004
    return [
        {"at": tenth / 10, "text": say("number.rate", n=10 * tenth)}
        for tenth in range(low, high + 1, step)
    ]


def _sentences(ranked: Offices, say: Words) -> list[str]:
    """Who is certainly below the city; or that nobody is."""
    if ranked.whole is None:
        return []
    below = [one.name for one in ranked.rows if one.below]
    whole = numbers.rate(say, ranked.whole)
    if not below:
        return [say("wall.nobody_below", rate=whole)]
    return [say("wall.below", names=_named(below, say), rate=whole)]


def _unranked(words: Phrases) -> str:
    """Offices with too few cases: named, not ranked."""
    found = words.found.offices
    if isinstance(found, Withheld):
        return ""
    codes = found.table.filter(undecided=Reason.TOO_FEW_CASES.value)["unit"].to_list()
    few = [words.office(code) for code in codes]
    if not few:
        return ""
    least = rank_rule(words).least_n
    return words.say("wall.too_few", least=least, names=_named(few, words.say))


def _named(names: Sequence[str], say: Words) -> str:
    return say.listed(list(names), most=_NAMED)
