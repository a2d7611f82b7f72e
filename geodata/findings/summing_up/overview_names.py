"""What an overview's periods, offices and categories are called."""

from __future__ import annotations

from geodata.findings.summing_up.overview import Overview
from geodata.wording import Words


def now(found: Overview, say: Words) -> str:
    """本周, 本月…: what the period is called in a sentence."""
    return say(f"overview.now.{found.compared.period.kind}")


def before(found: Overview, say: Words) -> str:
    """上周, 上月…: what the period before is called."""
    return say(f"overview.before.{found.compared.previous.kind}")


def beyond(said: bool | None, say: Words) -> str:  # noqa: FBT001 - the flag is the question
    """Whether a change is beyond normal fluctuation, in words."""
    known = {None: "unknown", True: "yes", False: "no"}[said]
    return say(f"overview.beyond.{known}")


def office_name(found: Overview, code: str, say: Words) -> str:
    """Name of an office, "unassigned" included."""
    named = {node.code: node for node in found.compared.source.city.offices}
    return say.name(named[code]) if code in named else say("value.unassigned")


def category_name(found: Overview, code: str, say: Words) -> str:
    """Name of a category, "unmapped" included."""
    named = {one.code: one for one in found.compared.source.city.categories}
    return say.name(named[code]) if code in named else say("value.unmapped")
