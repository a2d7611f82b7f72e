"""An overview made into the content of a pack, in one language."""

from __future__ import annotations

from typing import Final

from geodata.brief.explained import formulas, lineage, quality
from geodata.brief.figures import figures
from geodata.brief.heading import heading, ruler
from geodata.brief.lists import lists
from geodata.brief.mapping import mapped
from geodata.brief.phrases import Phrases
from geodata.brief.standing import offices, targets
from geodata.brief.tables import tables
from geodata.findings.summing_up.overview import Overview
from geodata.findings.summing_up.overview_sentences import sentences
from geodata.press.content import Content
from geodata.wording import Words

SECTIONS: Final = ("map", "lists", "formulas", "quality", "lineage", "figures", "sentences")


def content_of(found: Overview, say: Words, marks: dict[str, str] | None = None) -> Content:
    """Say an overview in the words of one language, in the order a pack shows it.

    Parameters
    ----------
    marks
        ``config``, ``layers``, ``software`` for the last page; left out where there is none.
    """
    words = Phrases(found, say)
    return Content(
        language=say.language,
        heading=heading(words),
        figures=figures(words),
        sentences=tuple(one.text for one in sentences(found, say)),
        map=mapped(words),
        ruler=ruler(words),
        lists=lists(words),
        tables=tables(words),
        offices=offices(words),
        targets=targets(words),
        formulas=formulas(words),
        quality=quality(words),
        lineage=lineage(words, marks or {}),
        headings={code: say(f"brief.section.{code}") for code in SECTIONS},
    )
