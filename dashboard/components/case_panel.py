"""The card beside the map: what lies behind a cell, a street or an outline."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode

import numpy as np
import polars as pl
import streamlit as st

from dashboard import access, components, picked, state
from dashboard.access import Reading
from dashboard.filters import View, to_query
from dashboard.picked import Place
from dashboard.selection_words import period_of, phase_name
from dashboard.text import Speaker
from geodata.analysis.counts import count_by_street
from geodata.domain.case import STAGES, UNASSIGNED
from geodata.spatial.cells import to_text
from geodata.store.details import cases_of
from geodata.store.lake import Lake

FIRST_SHOWN = 30
MOST_SHOWN = 500
WEEKS = 12
TOP_RESOLUTION = 10
_TONES = {
    "open": "open", "due_soon": "soon", "overdue": "overdue",
    "closed_on_time": "ok", "closed_late": "late",
}  # fmt: skip


def show(reading: Reading, view: View, screen: state.Screen) -> None:
    """Draw the card of what is picked, or how to read the map when nothing is."""
    place = picked.find(reading, view)
    payload = (
        _nothing(reading, view, screen.say)
        if place is None
        else _card(reading, view, place, screen.say)
    )
    payload["downloads"] = download_links(view, screen.say)

    def patched(patch: Any) -> None:
        if patch.get("more"):
            st.session_state["shown_of"] = view.picked
        state.change(patch)

    components.mount("case_panel", screen, payload, key="card", on_patch=patched)


def download_links(view: View, say: Speaker) -> dict[str, str]:
    """Links to exactly what is shown, in each format."""
    query = {**to_query(view), "lang": say.language}
    return {
        kind: f"/guatu/export?{urlencode({**query, 'format': kind})}"
        for kind in ("csv", "geojson", "parquet")
    }


def _nothing(reading: Reading, view: View, say: Speaker) -> dict[str, Any]:
    if view.layer == "streets":
        streets = access.answer(reading, "by street", view.selection, count_by_street)
        named = streets.filter(pl.col("street").is_not_null() & (pl.col("street") != ""))
        top = [
            {"label": row["street"], "n": row["cases"], "street": row["street"]}
            for row in named.head(10).to_dicts()
        ]
        return {
            "kind": "none",
            "top_title": say("panel.top_streets"),
            "top": top,
            "note": say("panel.top_note"),
        }
    cells = picked.top_cells(reading, view, TOP_RESOLUTION)
    keep = access.keep(reading, view.selection)
    top = []
    for cell, name, n in zip(cells["cell"], to_text(cells["cell"]), cells["cases"], strict=True):
        rows = picked.rows_in_cell(reading.facts, keep, cell, TOP_RESOLUTION)
        top.append({"label": _title(reading, rows, say), "n": n, "cell": name})
    return {
        "kind": "none",
        "top_title": say("panel.top"),
        "top": top,
        "note": say("panel.top_note"),
    }


def _card(reading: Reading, view: View, place: Place, say: Speaker) -> dict[str, Any]:
    frame = reading.facts.frame[place.rows]
    limit = MOST_SHOWN if st.session_state.get("shown_of") == view.picked else FIRST_SHOWN
    return {
        "kind": "area" if place.kind == "outline" else place.kind,
        "kicker": _kicker(place, say),
        "title": _name(reading, place, say),
        "chips": _chips(reading, place, say),
        "numbers": _numbers(reading, view, place, frame, say),
        "weekly": _weekly(reading, view, place, say),
        "offices": _offices(reading, frame, say),
        "phases": _phases(reading, place, say),
        "cases": _cases(reading, place, limit, say),
        "total": len(place.rows),
    }


def _kicker(place: Place, say: Speaker) -> str:
    if place.kind == "cell":
        short = f"{place.name[:4]}…{place.name[-5:]}"
        return say("panel.cell", resolution=place.resolution, name=short)
    return say(f"panel.{place.kind}")


def _name(reading: Reading, place: Place, say: Speaker) -> str:
    if place.kind == "street":
        return place.name
    if place.kind == "outline":
        return say("panel.outline_title", n=place.cells)
    return _title(reading, place.rows if len(place.rows) else place.all_rows, say)


def _title(reading: Reading, rows: picked.Rows, say: Speaker) -> str:
    """A cell is called after the streets its cases lie on."""
    streets = picked.main_streets(reading, rows)
    both = 2
    if len(streets) == both:
        return say("panel.crossing", a=streets[0], b=streets[1])
    return say("panel.on_street", a=streets[0]) if streets else say("panel.nowhere")


def _chips(reading: Reading, place: Place, say: Speaker) -> list[dict[str, str]]:
    frame = reading.facts.frame[place.all_rows]
    chips = []
    piled = int(frame["pile"].sum())
    if piled:
        chips.append({"text": say("panel.pile"), "tone": "soon"})
    if place.kind == "street":
        classes = reading.facts.segments.filter(pl.col("street") == place.name)["class"].mode()
        known = reading.city.street_classes
        chips += [
            {"text": say.name(known[c]), "tone": ""} for c in classes.sort()[:1] if c in known
        ]
    areas = {area.code: area for area in reading.facts.areas}
    here = frame["area"].cast(pl.String).mode().sort()
    chips += [{"text": say.name(areas[code]), "tone": ""} for code in here[:1] if code in areas]
    return chips


def _numbers(
    reading: Reading, view: View, place: Place, frame: pl.DataFrame, say: Speaker
) -> list[dict[str, Any]]:
    n, total = len(frame), int(access.keep(reading, view.selection).sum())
    still_open = int(frame["status"].is_in(["open", "due_soon", "overdue"]).sum())
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


def _weekly(reading: Reading, view: View, place: Place, say: Speaker) -> dict[str, Any]:
    """Cases a week over the last weeks of the record, whatever the chosen period."""
    last = reading.facts.last_day
    first = last - timedelta(days=7 * WEEKS - 1)
    days = reading.facts.frame["reported_on"].to_physical().to_numpy()[place.all_rows]
    ordinal = (first - date(1970, 1, 1)).days
    week = (days[(days >= ordinal)] - ordinal) // 7
    n = np.bincount(week, minlength=WEEKS)[:WEEKS]
    starts = [first + timedelta(days=7 * i) for i in range(WEEKS)]
    begin, end = period_of(reading, view.selection)
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


def _phases(reading: Reading, place: Place, say: Speaker) -> list[dict[str, Any]]:
    if reading.city.campaign is None:
        return []
    phases = reading.facts.frame["phase"].cast(pl.String).to_numpy()[place.all_rows]
    rows = []
    for code in reading.city.campaign.values:
        n, days = int((phases == code).sum()), access.phase_days(reading, code)
        if days:
            rows.append(
                {"name": phase_name(reading, code, say), "n": n, "per_day": round(n / days, 2)}
            )
    return rows


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
