"""The card of a picked place: its numbers, weeks, offices, phases and cases, ready to be drawn."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, Final

import numpy as np
import polars as pl

from dashboard import access, picked
from dashboard.access import Reading
from dashboard.filters import View
from dashboard.picked import Place
from dashboard.text import Speaker
from geodata.domain.case import STAGES, STATUSES, UNASSIGNED
from geodata.findings.gathering.streets_around import streets_around
from geodata.store.details import cases_of
from geodata.store.lake import Lake
from geodata.wording.selection import period_of, phase_name

WEEKS: Final = 12
_OPEN: Final = [status for status in STATUSES if not status.startswith("closed")]
_TONES: Final = {
    "open": "open", "due_soon": "soon", "overdue": "overdue",
    "closed_on_time": "ok", "closed_late": "late",
}  # fmt: skip


def card(
    reading: Reading, view: View, place: Place, say: Speaker, *, most_cases: int
) -> dict[str, Any]:
    """Everything the card of a place says; its cases open first, the oldest on top."""
    frame = reading.facts.frame[place.rows]
    any_time = picked.rows_any_time(reading, view, place)
    return {
        "kind": "area" if place.kind == "outline" else place.kind,
        "kicker": _kicker(place, say),
        "title": _name(reading, place, say),
        "chips": _chips(reading, place, say),
        "numbers": _numbers(reading, view, place, frame, say),
        "weekly": _weekly(reading, view, any_time),
        "offices": _offices(reading, frame, say),
        "phases": _phases(reading, any_time, say),
        "cases": _cases(reading, place, most_cases, say),
        "total": len(place.rows),
    }


def _kicker(place: Place, say: Speaker) -> str:
    if place.kind == "cell":
        short = f"{place.name[:4]}…{place.name[-5:]}"
        return say("panel.cell", resolution=place.resolution, name=short)
    return say(f"panel.{place.kind}")


def _name(reading: Reading, place: Place, say: Speaker) -> str:
    if place.kind == "street":
        return place.name or _unnamed(reading, place, say)
    if place.kind == "outline":
        return say("panel.outline_title", n=place.cells)
    return title(reading, place.rows if len(place.rows) else place.all_rows, say)


def _unnamed(reading: Reading, place: Place, say: Speaker) -> str:
    """A street without a name is told by those it meets, else by the nearest; none is made up."""
    around = streets_around(reading.source, int(place.segments[0]))
    if len(around.met) > 1:
        return say("street.between", a=around.met[0], b=around.met[1])
    if around.met:
        return say("street.meets", name=around.met[0])
    if around.near:
        return say("street.near", name=around.near)
    return say("street.unnamed")


def title(reading: Reading, rows: picked.Rows, say: Speaker) -> str:
    """A cell is called after the streets its cases lie on, or after the pile most of them are."""
    piled = int(reading.facts.frame["pile"].gather(rows).sum())
    if 2 * piled > len(rows):
        return say("panel.pile")
    streets = picked.main_streets(reading, rows)
    both = 2
    if len(streets) == both:
        return say("panel.crossing", a=streets[0], b=streets[1])
    return streets[0] if streets else say("panel.nowhere")


def _chips(reading: Reading, place: Place, say: Speaker) -> list[dict[str, str]]:
    frame = reading.facts.frame[place.all_rows]
    areas = {area.code: area for area in reading.facts.areas}
    here = frame["area"].cast(pl.String).mode().sort()
    words = _of_street(reading, place, say) if place.kind == "street" else []
    words += [say.name(areas[code]) for code in here[:1] if code in areas]
    piled = [{"text": say("panel.pile"), "tone": "soon"}] if frame["pile"].any() else []
    return piled + [{"text": word, "tone": ""} for word in words]


def _of_street(reading: Reading, place: Place, say: Speaker) -> list[str]:
    """Class (of most of its length), length, and the office in charge of a street."""
    segments = reading.facts.segments[place.segments]
    longest = segments.group_by("class").agg(pl.col("length_m").sum()).sort("length_m", "class")
    known = reading.city.street_classes
    words = [say.name(known[code]) for code in longest["class"][-1:] if code in known]
    words.append(say("panel.length_m", n=say.number(round(place.street_km * 1000))))
    offices = {office.code: office for office in reading.city.offices}
    charged = segments["office"].drop_nulls().mode().sort()
    return words + [
        say("panel.office", name=say.name(offices[code])) for code in charged[:1] if code in offices
    ]


def _numbers(
    reading: Reading, view: View, place: Place, frame: pl.DataFrame, say: Speaker
) -> list[dict[str, Any]]:
    n = len(frame)
    total = int(np.count_nonzero(access.keep(reading, view.selection)))
    still_open = int(frame["status"].is_in(_OPEN).sum())
    overdue = int((frame["status"] == "overdue").sum())
    km_all = float(reading.facts.segments["length_m"].sum()) / 1000
    rate = n / place.street_km if place.street_km else None
    first = {
        "label": say("panel.in_phase"), "value": say.number(n), "unit": say("panel.cases"),
        "note": say("panel.share", share=f"{100 * n / total:.1f}" if total else "0.0"), "tone": "",
    }  # fmt: skip
    if place.kind == "cell":
        first["note"] = _rank(reading, view, place, n, say)
    return [
        first,
        {
            "label": say("panel.open"), "value": say.number(still_open), "unit": say("panel.cases"),
            "note": f"▲ {say('panel.overdue', n=overdue)}" if overdue else "",
            "tone": "overdue" if overdue else "",
        },
        {
            "label": say("panel.per_km"),
            "value": "—" if rate is None else say.number(round(rate)),
            "unit": "" if rate is None else say("panel.cases"),
            "note": say("panel.no_street") if rate is None
            else say("panel.city_rate", rate=say.number(round(total / km_all))) if km_all else "",
            "tone": "",
        },
    ]  # fmt: skip


def _rank(reading: Reading, view: View, place: Place, n: int, say: Speaker) -> str:
    every = picked.top_cells(reading, view, place.resolution, most=1_000_000)
    study = len(access.street_km(reading).get(place.resolution, {})) or len(every)
    return say("panel.rank", rank=int((every["cases"] > n).sum()) + 1, of=say.number(study))


def _weekly(reading: Reading, view: View, rows: picked.Rows) -> dict[str, Any]:
    """Cases a week over the last weeks of the record, whatever the chosen period."""
    last = reading.facts.last_day
    first = last - timedelta(days=7 * WEEKS - 1)
    days = reading.facts.frame["reported_on"].to_physical().to_numpy()[rows]
    ordinal = (first - date(1970, 1, 1)).days
    week = (days[(days >= ordinal)] - ordinal) // 7
    n = np.bincount(week, minlength=WEEKS)[:WEEKS]
    starts = [first + timedelta(days=7 * i) for i in range(WEEKS)]
    begin, end = period_of(reading.city, reading.facts, view.selection)
    return {
        "labels": [str(start.isocalendar().week) for start in starts],
        "n": n.tolist(),
        "in_phase": [begin <= start + timedelta(days=3) <= end for start in starts],
    }


def _offices(reading: Reading, frame: pl.DataFrame, say: Speaker) -> list[dict[str, Any]]:
    names = {office.code: say.name(office) for office in reading.city.offices}
    names[UNASSIGNED] = say("value.unassigned")
    counts = frame["office"].cast(pl.String).value_counts(sort=True, name="n").head(4)
    return [{"name": names.get(code, code), "n": n} for code, n in counts.iter_rows()]


def _phases(reading: Reading, rows: picked.Rows, say: Speaker) -> list[dict[str, Any]]:
    if reading.city.campaign is None:
        return []
    phases = reading.facts.frame["phase"].gather(rows).cast(pl.String)
    counted = []
    for code in reading.city.campaign.values:
        n, days = int((phases == code).sum()), access.phase_days(reading, code)
        if days:
            counted.append(
                {"name": phase_name(reading.city, code, say), "n": n, "per_day": round(n / days, 2)}
            )
    return counted


def _cases(reading: Reading, place: Place, limit: int, say: Speaker) -> list[dict[str, Any]]:
    found = cases_of(Lake(reading.city.lake), reading.facts, place.rows).head(limit)
    categories = {one.code: say.name(one) for one in reading.city.categories}
    offices = {one.code: say.name(one) for one in reading.city.offices}
    channels = {one.code: say.name(one) for one in reading.city.channels}
    streets = dict(reading.facts.segments.select("segment", "street").iter_rows())
    return [
        {
            "id": case["case_id"],
            "category": categories.get(case["category"], case["category_name"])
            or say("value.unmapped"),
            "street": streets.get(case["segment"]) or case["street_name"] or "",
            "office": offices.get(case["office"], case["office_name"]) or say("value.unassigned"),
            "channel": channels.get(case["channel"], case["channel_name"]) or "",
            "reported_at": _local(case["reported_at"], reading),
            "status": _TONES[case["status"]],
            "status_text": say(f"status.{case['status']}"),
            "note": _note(case, reading, say),
            "description": case["description"] or "",
            "address": case["address"] or "",
            "times": [
                {"name": stage, "at": _local(case[stage], reading)}
                for stage in (*STAGES, "due_at")
                if case[stage] is not None
            ],
        }
        for case in found.to_dicts()
    ]


def _local(at: datetime, reading: Reading) -> str:
    return at.astimezone(reading.city.zone).strftime("%Y-%m-%d %H:%M")


def _note(case: dict[str, Any], reading: Reading, say: Speaker) -> str:
    """How long a case has been open, or took."""
    end = case["closed_at"] or reading.facts.as_of
    days = (end - case["reported_at"]).total_seconds() / 86400
    if case["closed_at"] is not None:
        return say("panel.closed_in", n=f"{days:.1f}")
    note = say("panel.days_open", n=int(days))
    if case["status"] == "overdue":
        late = (reading.facts.as_of - case["due_at"]).total_seconds() / 86400
        note += f" · {say('panel.days_late', n=int(late))}"
    return note
