"""What is chosen on the rebound page, and the controls that choose it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from dashboard.access import Reading
from dashboard.components import sheet
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.analysis.answers import Scope
from geodata.analysis.rebound import ReboundRule
from geodata.domain.selection import Selection
from geodata.domain.viewer import OFFICE
from geodata.findings.rebounds.close_outs import KINDS, PLACES, rule_of
from geodata.findings.source import Source

WINDOWS: Final = ("30", "7", "14", "60", "90")
"""Days after close-out, the default first."""

UNITS: Final = ("office", "area", "category", "family")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """The question as the page puts it.

    Attributes
    ----------
    partial
        Whether the viewer sees the cases of some offices only: what came back to others is then
        not seen.
    """

    source: Source
    view: View
    rule: ReboundRule
    place: str
    by: str
    partial: bool = False

    @property
    def selection(self) -> Selection:
        """The filters."""
        return self.view.selection

    def scope(self, say: Speaker) -> Scope:
        """What the numbers speak of."""
        return self.source.scope(self.selection, say)


def asking_of(reading: Reading, view: View) -> Asking:
    """Read the page's choices from the view."""
    place = view.option("place", PLACES)
    rule = rule_of(
        days=int(view.option("window", WINDOWS)), place=place, kind=view.option("kind", KINDS)
    )
    units = UNITS if len(reading.facts.areas) else tuple(one for one in UNITS if one != "area")
    return Asking(
        source=reading.source,
        view=view,
        rule=rule,
        place=place,
        by=view.option("by", units),
        partial=reading.viewer.role == OFFICE,
    )


def tools(asking: Asking, say: Speaker) -> list[sheet.Control]:
    """Window, same place, same kind."""
    days = [sheet.option(one, say("rebounds.days_of", n=one)) for one in sorted(WINDOWS, key=int)]
    places = [
        sheet.option(one, say(f"rebounds.place_{one}"), say(f"rebounds.place_{one}_hint"))
        for one in PLACES
    ]
    kinds = [sheet.option(one, say(f"rebounds.kind_{one}")) for one in KINDS]
    return [
        sheet.choice("window", say("rebounds.days"), str(asking.rule.within_days), days),
        sheet.choice("place", say("rebounds.place"), asking.place, places),
        sheet.choice("kind", say("rebounds.kind"), asking.rule.kind, kinds),
    ]


def by_control(asking: Asking, say: Speaker) -> sheet.Control:
    """Whose: office, area, category or family."""
    units = UNITS if len(asking.source.facts.areas) else ("office", "category", "family")
    options = [sheet.option(one, say(f"rebounds.by_{one}")) for one in units]
    return sheet.choice("by", say("rebounds.by"), asking.by, options)
