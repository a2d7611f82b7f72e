"""What is behind the sentences and short lists of the overview."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from dashboard import proof
from dashboard.proof import Proof
from geodata.analysis.answers import Value
from geodata.analysis.channels import PatrolShift
from geodata.brief.phrases import Phrases
from geodata.wording import numbers

HEADLINES: Final = {
    "none": ("reported",),
    "volume": ("reported", "on_time_rate"),
    "places": ("hot_cells",),
    "overdue": ("overdue_stock",),
    "rebound": ("rebound_rate",),
}
"""Sentence → headline numbers it says."""

LISTS: Final = {
    "more": "reported",
    "fewer": "reported",
    "came_back": "rebounds",
    "oldest": "days_overdue",
    "spots": "hotspots",
    "places": "reported",
}
"""Short list → formula of its numbers."""


def of_sentence(code: str, words: Phrases) -> list[Proof]:
    """Proofs of the numbers of a sentence, in the order in which it says them."""
    headlines = [words.found.headline(one).now for one in HEADLINES.get(code, ())]
    told = [proof.proof(one, words.say) for one in headlines]
    if code == "places":
        return [of_list("more", words), *told]
    return told + list(_others(code, words))


def _others(code: str, words: Phrases) -> Iterator[Proof]:
    """What a sentence says beside the headline numbers."""
    found, say = words.found, words.say
    counts = {
        "overdue": ("due_soon", len(found.late.due_soon)),
        "actions": ("open", sum(one.open for one in found.actions)),
        "piled": ("piled", found.piled),
        "deadlines": ("open_without_deadline", found.late.without_deadline),
    }
    if code in counts:
        formula, n = counts[code]
        value = numbers.amount(say, n, "cases")
        yield proof.of(say, formula=formula, value=value, scope=words.both.scope)
    if code == "actions":
        rates = [one.rate for one in found.actions if isinstance(one.rate, Value)]
        lowest = sorted(rates, key=lambda rate: rate.value)[:1]
        yield from (proof.proof(rate, say) for rate in lowest)
    if code == "patrol" and isinstance(found.patrol, PatrolShift):
        yield proof.proof(found.patrol.second, say)


def of_list(code: str, words: Phrases) -> Proof:
    """Behind every number of a short list; each row adds its own."""
    both = words.both
    formula = LISTS[code]
    if formula == "reported" and both.per_day and code != "places":
        formula = "cases_per_day"
    say = words.say
    moved = say("brief.list.changes", before=words.before, now=words.now)
    note = moved if code in ("more", "fewer") else ""
    return proof.shared(say, formula=formula, scope=both.scope, note=note)
