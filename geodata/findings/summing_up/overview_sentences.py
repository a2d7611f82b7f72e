"""The overview in sentences: which are worth saying, in order of weight, each from its numbers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Literal

import polars as pl

from geodata.analysis.answers import Value, Withheld
from geodata.analysis.channels import PatrolShift
from geodata.analysis.reasons import Reason
from geodata.domain.case import UNASSIGNED
from geodata.findings.summing_up.overview import Overview
from geodata.findings.summing_up.overview_names import (
    before,
    beyond,
    category_name,
    now,
    office_name,
)
from geodata.wording import Words
from geodata.wording.numbers import change, count, days, decimal, rate
from geodata.wording.reasons import say_reason

Tone = Literal["plain", "doubt", "next"]

SUMMARY: Final = 3
"""The first so many sentences are the summary."""

_MOST_STREETS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence and what it is about; ``doubt`` warns of a number, ``next`` names a step."""

    code: str
    text: str
    tone: Tone = "plain"


def sentences(found: Overview, say: Words) -> tuple[Sentence, ...]:
    """Say an overview: the summary of three first, then what else there is to know.

    A period without a day of data gets one sentence saying so.
    """
    outside = _outside(found, say)
    if outside is not None:
        return (outside,)
    plain = {
        "volume": [*_volume(found, say), *_on_time(found, say)],
        "places": [*_streets(found, say), *_hot(found, say)],
        "overdue": list(_overdue(found, say)),
        "rebound": list(_rebound(found, say)),
        "actions": list(_actions(found, say)),
    }
    doubts = {
        "patrol": list(_patrol(found, say)),
        "silent": list(_silent(found, say)),
        "piled": list(_piled(found, say)),
        "deadlines": list(_without_deadline(found, say)),
    }
    told = [(code, clauses, "plain") for code, clauses in plain.items()]
    told += [(code, clauses, "doubt") for code, clauses in doubts.items()]
    return tuple(
        Sentence(code=code, text=_joined(clauses, say), tone=tone)  # type: ignore[arg-type]
        for code, clauses, tone in told
        if clauses
    )


def public_sentences(found: Overview, say: Words, told: frozenset[str]) -> tuple[Sentence, ...]:
    """Say only the headline numbers named in ``told``: no street, no office, no case."""
    outside = _outside(found, say)
    if outside is not None:
        return (outside,)
    clauses = {
        "reported": list(_volume(found, say)),
        "on_time_rate": list(_on_time(found, say)),
        "overdue_stock": list(_overdue(found, say))[:1],
        "rebound_rate": list(_rebound(found, say))[:1],
    }
    clauses["overdue_stock"] = [
        one.split(say("overview.clause_break"))[0] for one in clauses["overdue_stock"]
    ]
    return tuple(
        Sentence(code=code, text=_joined(parts, say))
        for code, parts in clauses.items()
        if code in told and parts
    )


def _joined(clauses: list[str], say: Words) -> str:
    text = say("overview.join").join(one.rstrip("。.") for one in clauses)
    return text[:1].upper() + text[1:] + say("overview.stop")


def _outside(found: Overview, say: Words) -> Sentence | None:
    both = found.compared
    facts = both.source.facts
    if both.period.from_on > facts.last_day and len(facts):
        text = say("overview.sentence.not_yet", day=facts.last_day)
    elif both.period.until_on < facts.first_day and len(facts):
        text = say("overview.sentence.before_data", day=facts.first_day)
    elif not both.flags(both.selection).any():
        text = say("overview.sentence.no_cases", now=now(found, say))
    else:
        return None
    return Sentence(code="none", text=_joined([text], say), tone="doubt")


def _volume(found: Overview, say: Words) -> Iterator[str]:
    line = found.headline("reported")
    if not isinstance(line.now, Value):
        return
    text = say("overview.sentence.reported", now=now(found, say), n=count(say, line.now.value))
    yield say("overview.clause_break").join([text, *_difference(found, say)])


def _difference(found: Overview, say: Words) -> list[str]:
    shift = found.headline("reported").shift
    earlier = before(found, say)
    if shift.difference is None:
        return [say("overview.sentence.no_before", before=earlier)]
    if not shift.difference:
        return [say("overview.sentence.level", before=earlier)]
    key = "more" if shift.difference > 0 else "fewer"
    size = abs(shift.difference)
    if shift.per_day:
        text = say(f"overview.sentence.daily_{key}", before=earlier, n=decimal(say, size))
    else:
        text = say(f"overview.sentence.{key}", before=earlier, n=count(say, size))
    return [text, beyond(shift.beyond, say)]


def _on_time(found: Overview, say: Words) -> Iterator[str]:
    line = found.headline("on_time_rate")
    if isinstance(line.now, Withheld):
        yield say("overview.sentence.on_time_none", reason=say_reason(line.now.reason, say))
        return
    text = say(
        "overview.sentence.on_time",
        rate=rate(say, line.now.value),
        part=count(say, line.now.numerator),
        whole=count(say, line.now.denominator),
    )
    yield say("overview.clause_break").join([text, *_points(found, line.code, say)])


def _points(found: Overview, code: str, say: Words) -> list[str]:
    shift = found.headline(code).shift
    if shift.difference is None:
        return []
    points, earlier = change(say, shift.difference, "share"), before(found, say)
    if points == say("number.same"):
        return [say("overview.sentence.level", before=earlier)]
    told = say("overview.sentence.compared", before=earlier, points=points)
    return [told, beyond(shift.beyond, say)]


def _streets(found: Overview, say: Words) -> Iterator[str]:
    streets = found.places.streets
    if streets.is_empty():
        return
    changed = streets.filter(pl.col("beyond").fill_null(value=False)).sort(
        pl.col("difference").abs(), "street", descending=[True, False]
    )
    for row in changed.head(_MOST_STREETS).iter_rows(named=True):
        yield _street(found, row, say)
    if not changed.is_empty():
        return
    top = streets.row(0, named=True)
    if top["cases"]:
        yield say(
            "overview.sentence.fullest",
            street=top["street"], now=now(found, say), n=count(say, top["cases"]),
        )  # fmt: skip
    if streets["beyond"].null_count() < len(streets):
        yield say("overview.sentence.no_change", before=before(found, say))


def _street(found: Overview, row: dict[str, object], say: Words) -> str:
    key = "rise" if float(str(row["difference"])) > 0 else "fall"
    both = found.compared
    cases, earlier = int(str(row["cases"])), int(str(row["before"]))
    if both.per_day:
        return say(
            f"overview.sentence.daily_{key}",
            street=row["street"],
            before=decimal(say, earlier / both.days_before),
            now=decimal(say, cases / both.days),
        )
    return say(
        f"overview.sentence.{key}",
        street=row["street"], before=count(say, earlier), now=count(say, cases),
    )  # fmt: skip


def _hot(found: Overview, say: Words) -> Iterator[str]:
    answer = found.headline("hot_cells").now
    if isinstance(answer, Withheld):
        if answer.reason is not Reason.ALL_ZERO:
            yield say("overview.sentence.hot_withheld", reason=say_reason(answer.reason, say))
        return
    tested = count(say, answer.denominator)
    if not answer.value:
        yield say("overview.sentence.hot_none", tested=tested)
        return
    told = [say("overview.sentence.hot", n=count(say, answer.value), tested=tested)]
    for fate in ("new", "gone"):
        rows = found.spots.filter(fate=fate)
        if not rows.is_empty():
            streets = say.listed(rows["street"].to_list())
            told.append(
                say(f"overview.sentence.hot_{fate}", n=int(rows["cells"].sum()), streets=streets)
            )
    yield say("overview.clause_break").join(told)


def _overdue(found: Overview, say: Words) -> Iterator[str]:
    answer = found.headline("overdue_stock").now
    if isinstance(answer, Withheld):
        yield say("overview.sentence.overdue_withheld", reason=say_reason(answer.reason, say))
        return
    late = found.late
    if not answer.value:
        yield say("overview.sentence.overdue_none")
    else:
        told = [say("overview.sentence.overdue", n=count(say, answer.value))]
        worst = late.by_office.filter(pl.col("office") != UNASSIGNED).head(1)
        if not worst.is_empty() and worst["overdue"][0]:
            office = office_name(found, worst["office"][0], say)
            told.append(
                say("overview.sentence.overdue_office", office=office,
                    n=count(say, worst["overdue"][0]))
            )  # fmt: skip
        yield say("overview.clause_break").join(told)
        yield _oldest(found, say)
    if len(late.due_soon):
        hours = f"{late.within_hours:g}"
        yield say("overview.sentence.due_soon", n=count(say, len(late.due_soon)), hours=hours)


def _oldest(found: Overview, say: Words) -> str:
    oldest = found.late.overdue.row(0, named=True)
    return say(
        "overview.sentence.overdue_oldest",
        days=days(say, oldest["late_days"]),
        category=category_name(found, oldest["category"], say),
        office=office_name(found, oldest["office"], say),
    )


def _rebound(found: Overview, say: Words) -> Iterator[str]:
    answer = found.headline("rebound_rate").now
    if isinstance(answer, Withheld):
        yield say("overview.sentence.rebound_withheld", reason=say_reason(answer.reason, say))
        return
    text = say(
        "overview.sentence.rebound",
        days=found.rule.within_days,
        whole=count(say, answer.denominator),
        part=count(say, answer.numerator),
        rate=rate(say, answer.value),
    )
    yield say("overview.clause_break").join([text, *_points(found, "rebound_rate", say)])
    if len(found.came_back):
        top = found.came_back.row(0, named=True)
        yield say(
            "overview.sentence.rebound_street", street=top["street"], n=count(say, top["cases"])
        )


def _actions(found: Overview, say: Words) -> Iterator[str]:
    if not found.actions:
        return
    waiting = sum(one.open for one in found.actions)
    yield say("overview.sentence.actions", n=len(found.actions), open=count(say, waiting))
    rated: list[tuple[float, str]] = [
        (one.rate.value, say.name(one.action))
        for one in found.actions
        if isinstance(one.rate, Value)
    ]
    if rated:
        value, name = min(rated)
        yield say("overview.sentence.action_lowest", action=name, rate=rate(say, value))


def _patrol(found: Overview, say: Words) -> Iterator[str]:
    shift = found.patrol
    if isinstance(shift, PatrolShift) and shift.changed:
        yield say(
            f"overview.sentence.patrol_{'up' if shift.difference > 0 else 'down'}",
            first=rate(say, shift.first.value),
            second=rate(say, shift.second.value),
        )


def _silent(found: Overview, say: Words) -> Iterator[str]:
    if found.silent:
        areas = list(found.compared.source.facts.areas)
        names = [say.name(areas[row]) for row in found.silent]
        yield say("overview.sentence.silent", areas=say.listed(names))


def _piled(found: Overview, say: Words) -> Iterator[str]:
    if found.piled:
        yield say("overview.sentence.piled", n=count(say, found.piled))


def _without_deadline(found: Overview, say: Words) -> Iterator[str]:
    if found.late.without_deadline:
        n = count(say, found.late.without_deadline)
        yield say("overview.sentence.without_deadline", n=n)
