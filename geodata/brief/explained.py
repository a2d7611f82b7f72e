"""The last page: how each number is made, how good the data are, where they come from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import polars as pl

from geodata.analysis.channels import PatrolShift
from geodata.analysis.counts import count_by
from geodata.brief.phrases import Phrases
from geodata.brief.standing import rank_rule
from geodata.domain.case import UNASSIGNED
from geodata.domain.category import UNMAPPED
from geodata.findings.source import Source
from geodata.press.content import Explained
from geodata.wording.formulas import means, name_of, source_of
from geodata.wording.numbers import count, rate

FORMULAS: Final = (
    "reported", "due", "on_time_rate", "overdue_stock", "rebound_rate", "hotspots", "shrunk_rate",
    "possible_ranks", "strike_off_rate", "patrol_share",
)  # fmt: skip
"""Formulas of the numbers a pack shows, in that order."""


def formulas(words: Phrases) -> tuple[Explained, ...]:
    """Name, meaning and source of every number in the pack."""
    say = words.say
    return tuple(
        Explained(name=name_of(code, say), text=means(code, say), source=source_of(code, say))
        for code in FORMULAS
    )


def quality(words: Phrases) -> tuple[Explained, ...]:
    """What to know of the cases before trusting a number; what is zero is left out."""
    return tuple(_quality(words))


def _quality(words: Phrases) -> Iterator[Explained]:
    both, facts = words.both, words.source.facts
    keep = both.flags(both.now)
    n = int(keep.sum())
    yield _line(words, "cases", n=count(words.say, n))
    off_street = int((keep & (facts.frame["segment"] < 0)).sum())
    yield from _share(words, "unassigned", off_street, n)
    if words.found.places.spots.outside_cases:
        yield _line(words, "outside", n=count(words.say, words.found.places.spots.outside_cases))
    if words.found.piled:
        yield _line(words, "piled", n=count(words.say, words.found.piled))
    offices = count_by(facts, keep.to_numpy(), "office").filter(pl.col("code") == UNASSIGNED)
    yield from _share(words, "nobody", int(offices["cases"].sum()), n)
    unmapped = count_by(facts, keep.to_numpy(), "category").filter(pl.col("code") == UNMAPPED)
    yield from _share(words, "unmapped", int(unmapped["cases"].sum()), n)
    if words.found.late.without_deadline:
        yield _line(words, "deadline", n=count(words.say, words.found.late.without_deadline))
    if isinstance(words.found.patrol, PatrolShift):
        shift = words.found.patrol
        now, before = (rate(words.say, one.value) for one in (shift.second, shift.first))
        yield _line(words, "patrol", now=now, before=before)


def _line(words: Phrases, code: str, **values: str) -> Explained:
    say = words.say
    return Explained(
        name=say(f"brief.quality.{code}"), text=say(f"brief.quality.{code}_text", **values)
    )


def _share(words: Phrases, code: str, part: int, whole: int) -> Iterator[Explained]:
    if part:
        yield _line(words, code, n=count(words.say, part), share=rate(words.say, part / whole))


def lineage(words: Phrases, marks: dict[str, str]) -> tuple[Explained, ...]:
    """Where the numbers come from; ``marks`` are the hashes and the software version.

    Parameters
    ----------
    marks
        ``config``, ``layers``, ``software``: as they stand in the manifest.
    """
    say, both = words.say, words.both
    rule, ranked = words.found.rule, rank_rule(words)
    told = {
        "city": say.name(words.source.city),
        "period": words.period,
        "as_of": words.as_of,
        "version": words.version,
        "config": marks.get("config", "")[:16],
        "layers": marks.get("layers", "")[:16],
        "software": marks.get("software", ""),
        "filters": both.scope.filters or say("filter.none"),
        "rebound": say(
            "brief.lineage.rebound_text", days=rule.within_days, source=_sourced(words, rule.source)
        ),
        "rank": say(
            "brief.lineage.rank_text", least=ranked.least_n, source=_sourced(words, ranked.source)
        ),
        "due_soon": _due_soon(words, words.source),
        "streets": say.credit(words.source.city.map),
    }
    return tuple(
        Explained(name=say(f"brief.lineage.{code}"), text=text)
        for code, text in told.items()
        if text
    )


def _sourced(words: Phrases, source: str) -> str:
    """Who set a rule; the software's own assumptions are said to be such, in either language."""
    return words.say("brief.lineage.assumed") if source.startswith("assumed") else source


def _due_soon(words: Phrases, source: Source) -> str:
    rule = source.city.due_soon
    return words.say(
        "brief.lineage.due_soon_text",
        hours=f"{rule.within_hours:g}",
        source=_sourced(words, rule.source),
    )
