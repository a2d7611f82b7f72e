"""Two packs side by side: their numbers with the change, and the hot spots that came and went."""

from __future__ import annotations

from collections.abc import Mapping

from dashboard import proof
from dashboard.components import sheet
from dashboard.text import Speaker
from geodata.analysis.answers import Answer, Value
from geodata.brief.comparing import Moves, PackNumbers, moves_between
from geodata.brief.figures import UNITS
from geodata.findings.summing_up.headlines import Headline
from geodata.wording import numbers
from geodata.wording.reasons import say_reason


def blocks(both: tuple[PackNumbers, PackNumbers], say: Speaker) -> list[sheet.Block]:
    """The numbers of both, then the hot spots; the earlier first."""
    first, second = both
    return [_numbers(first, second, say), _spots(moves_between(first, second), say)]


def _numbers(first: PackNumbers, second: PackNumbers, say: Speaker) -> sheet.Block:
    names = [say("briefings.column_indicator"), first.pack.name, second.pack.name,
             say("briefings.column_change")]  # fmt: skip
    pairs = zip(first.headlines, second.headlines, strict=True)
    return sheet.table(
        [sheet.column(names[0]), *(sheet.column(name, "number") for name in names[1:])],
        [_row(*pair, say) for pair in pairs],
        title=say("briefings.compared"),
        note=say("briefings.compared_note"),
        id="compared",
    )


def _row(first: Headline, second: Headline, say: Speaker) -> sheet.Part:
    unit = UNITS[first.code]
    told = [_cell(one.now, unit, say) for one in (first, second)]
    both = [one.value for one in (first.now, second.now) if isinstance(one, Value)]
    change = say("number.none")
    difference = None
    if len(both) == 2:  # noqa: PLR2004 - a number on either side
        difference = both[1] - both[0]
        change = numbers.change(say, difference, unit)
    return sheet.row(
        [
            say(f"overview.number.{first.code}"),
            *told,
            sheet.cell(change, value=difference, proof=_change_proof(second, change, told, say)),
        ]
    )


def _change_proof(
    second: Headline, change: str, both: list[sheet.Part], say: Speaker
) -> proof.Proof:
    before, now = (one["text"] for one in both)
    note = say("brief.arrow", before=before, now=now)
    return proof.of(
        say, formula=second.now.formula, value=change, scope=second.now.scope, note=note
    )


def _cell(answer: Answer, unit: str, say: Speaker) -> sheet.Part:
    """The number, or why there is none."""
    if not isinstance(answer, Value):
        told = proof.proof(answer, say)
        return sheet.cell(say("number.none"), note=say_reason(answer.reason, say), proof=told)
    text = numbers.amount(say, answer.value, unit)
    return sheet.cell(text, value=answer.value, proof=proof.proof(answer, say))


def _spots(moves: Moves | None, say: Speaker) -> sheet.Block:
    if moves is None:
        told = [sheet.sentence(say("briefings.spots_unknown"), tone="doubt")]
    else:
        told = [
            sheet.sentence(_fate("new", moves.new, say)),
            sheet.sentence(_fate("gone", moves.gone, say)),
            sheet.sentence(say("briefings.spots_stayed", n=moves.stayed)),
        ]
    return sheet.sentences(told, title=say("briefings.spots"), id="spots", small=True)


_NAMED = 6


def _fate(fate: str, by_street: Mapping[str | None, int], say: Speaker) -> str:
    """How many cells came or went, and on which streets most."""
    if not by_street:
        return say(f"briefings.spots_no_{fate}")
    order = sorted(by_street.items(), key=lambda pair: (-pair[1], pair[0] or ""))
    names = [name or say("brief.note.no_street") for name, _ in order]
    streets = say("briefings.between_names").join(names[:_NAMED])
    more = say("briefings.and_more", n=len(names) - _NAMED) if len(names) > _NAMED else ""
    return say(f"briefings.spots_{fate}", n=sum(by_street.values()), streets=streets + more)
