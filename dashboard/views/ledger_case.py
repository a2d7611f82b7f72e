"""One case in words: a line of the register, and the whole of it with every stage."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode

import numpy as np

from dashboard.components.sheet.tables import SIGNS
from dashboard.text import Speaker
from geodata.domain.case import STAGES, UNASSIGNED
from geodata.domain.category import UNMAPPED
from geodata.findings.judging.ledger import one_case, stage_order_broken
from geodata.findings.source import Source
from geodata.spatial.cells import parent_of, to_text
from geodata.wording import numbers
from geodata.wording.units import unit_names

Row = dict[str, Any]

_MAP_RESOLUTION: Final = 10
_FEW_DAYS: Final = 2.0
"""Working days up to which time is told in working hours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """The city a case is read in, the language, and the names of the codes it holds."""

    source: Source
    say: Speaker
    category: dict[str, str]
    office: dict[str, str]
    channel: dict[str, str]
    area: dict[str, str]

    @classmethod
    def of(cls, source: Source, say: Speaker) -> Reader:
        """Look the names up in one language."""
        return cls(
            source=source,
            say=say,
            **{
                kind: unit_names(source.city, source.facts, kind, say)
                for kind in ("category", "office", "channel", "area")
            },
        )

    def when(self, at: datetime, *, year: bool = False) -> str:
        """Day and minute in the city's time."""
        local = at.astimezone(self.source.city.zone)
        return f"{self.say.day(local.date(), year=year)} {local:%H:%M}"

    def category_of(self, case: Row) -> str:
        """Name of a case's category, as reported where no table maps it."""
        code = case["category"] or UNMAPPED
        return self.category.get(code) or case["category_name"] or code

    def office_of(self, case: Row) -> str:
        """Name of the responsible office, as reported where no table maps it."""
        code = case["office"] or UNASSIGNED
        return self.office.get(code) or case["office_name"] or code


def line(reader: Reader, case: Row) -> Row:
    """One line of the register, with its stages as marks between report and end."""
    say = reader.say
    return {
        "id": case["case_id"],
        "status": case["status"],
        "sign": SIGNS[case["status"]],
        "status_text": say(f"status.{case['status']}"),
        "what": reader.category_of(case),
        "where": case["street"] or case["street_name"] or say("ledger.unnamed"),
        "office": reader.office_of(case),
        "reported": reader.when(case["reported_at"]),
        "time": time_words(reader, case),
        "late": case["late_work_hours"] is not None,
        "returns": say("ledger.returns", n=case["returns"]) if case["returns"] else "",
        "life": life(reader, case),
    }


def life(reader: Reader, case: Row) -> Row:
    """Stages and deadline as shares of the time from report to the last of them, and in words."""
    say, source = reader.say, reader.source
    begin = case["reported_at"]
    end = max(at for at in (case["closed_at"] or source.facts.as_of, case["due_at"], begin) if at)
    length = (end - begin).total_seconds() or 1.0

    def share(at: datetime) -> float:
        passed: float = (at - begin).total_seconds() / length
        return round(min(max(passed, 0.0), 1.0), 4)

    reached = [stage for stage in STAGES if case[stage] is not None]
    told = [
        say("ledger.stage_gap", stage=say(f"ledger.stage_{one}"), at=reader.when(case[one]))
        for one in (*reached, *(["due_at"] if case["due_at"] else []))
    ]
    return {
        "stages": [
            {"x": share(case[stage]), "name": say(f"ledger.stage_{stage}")} for stage in reached
        ],
        "due": None if case["due_at"] is None else share(case["due_at"]),
        "end": share(case["closed_at"] or source.facts.as_of),
        "closed": case["closed_at"] is not None,
        "words": say("filter.between_names").join(told),
    }


def time_words(reader: Reader, case: Row) -> str:
    """How late a case is, or what time is left, by the city's working calendar."""
    say, source = reader.say, reader.source
    late, left = case["late_work_hours"], case["left_work_hours"]
    if case["closed_at"] is not None:
        took = numbers.days(say, case["open_days"])
        if late is None:
            return say("ledger.closed_in", n=took)
        return say("ledger.closed_late", time=_work_time(reader, late))
    if case["due_at"] is None:
        return say("ledger.no_deadline")
    hours = late if late is not None else left or 0.0
    kind = "late" if late is not None else "left"
    few = hours < _FEW_DAYS * source.city.calendar.day_hours
    amount = hours if few else hours / source.city.calendar.day_hours
    unit = "hours" if few else "days"
    return say(f"ledger.{kind}_{unit}", n=numbers.decimal(say, amount))


def _work_time(reader: Reader, hours: float) -> str:
    say, source = reader.say, reader.source
    if hours < _FEW_DAYS * source.city.calendar.day_hours:
        return say("ledger.work_hours", n=numbers.decimal(say, hours))
    days = hours / source.city.calendar.day_hours
    return say("ledger.work_days", n=numbers.decimal(say, days))


def whole(reader: Reader, case_id: str) -> Row | None:
    """Everything about one case; None where there is none of that number."""
    say = reader.say
    found = one_case(reader.source, case_id)
    if found.is_empty():
        return None
    case = found.row(0, named=True)
    broken = [say(f"ledger.stage_{stage}") for stage in stage_order_broken(found)]
    return {
        "case": line(reader, case),
        "description": case["description"] or say("ledger.no_description"),
        "facts": _facts(reader, case),
        "stages": _stages(reader, case),
        "broken": say("ledger.broken", stages=say.listed(broken)) if broken else "",
        "map": _map_link(case, say),
    }


def _facts(reader: Reader, case: Row) -> list[Row]:
    """What is known of a case; what is not recorded is left out."""
    say = reader.say
    assisting = [reader.office.get(one, one) for one in case["assisting"] or []]
    hours = numbers.decimal(say, case["open_work_hours"])
    told = {
        "category": reader.category_of(case),
        "address": case["address"],
        "area": reader.area.get(case["area"] or "", case["area_name"]),
        "office": reader.office_of(case),
        "person": case["person"],
        "assisting": say("filter.between_names").join(assisting),
        "channel": reader.channel.get(case["channel"] or "", case["channel_name"]),
        "due": reader.when(case["due_at"]) if case["due_at"] else say("ledger.no_deadline"),
        "took": say("ledger.took_words", days=numbers.days(say, case["open_days"]), hours=hours),
        "returned": _returned(case["returns"], say),
        "measured": numbers.amount(say, case["area_m2"], "m2") if case["area_m2"] else "",
    }
    return [
        {"name": say(f"ledger.{name}"), "value": value} for name, value in told.items() if value
    ]


def _returned(times: int | None, say: Speaker) -> str:
    if times is None:
        return say("ledger.returned_unknown")
    return say("ledger.returned_n", n=times) if times else say("ledger.returned_none")


def _stages(reader: Reader, case: Row) -> list[Row]:
    """Every stage, with working hours since the one before it that is known."""
    say, source = reader.say, reader.source
    told, last = [], None
    for stage in STAGES:
        at = case[stage]
        gap = ""
        if at is not None and last is not None and at >= last:
            hours = source.city.calendar.work_hours_between(
                last.astimezone(source.city.zone), at.astimezone(source.city.zone)
            )
            gap = say("ledger.stage_after", hours=numbers.decimal(say, hours))
        told.append(
            {
                "name": say(f"ledger.stage_{stage}"),
                "at": say("ledger.stage_not") if at is None else reader.when(at, year=True),
                "gap": gap,
                "done": at is not None,
            }
        )
        last = at if at is not None else last
    return told


def _map_link(case: Row, say: Speaker) -> str:
    cell = to_text(parent_of(np.array([case["cell"]]), _MAP_RESOLUTION))[0]
    return f"./map?{urlencode({'cell': cell, 'lang': say.language})}"
