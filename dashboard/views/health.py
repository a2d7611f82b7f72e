"""Data health 数据: is every row accounted for, and what should be mended."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dashboard import access, components, state
from dashboard.access import Reading
from dashboard.text import Speaker
from geodata.domain.case import UNASSIGNED
from geodata.domain.category import UNMAPPED
from geodata.wording.selection import phase_name


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page."""
    state.view()
    status = access.status(reading)
    say = screen.say
    payload = {
        "title": say("health.title"),
        "lead": f"{say('health.lead')} {say('app.made_up_long') if reading.city.made_up else ''}",
        "cards": _cards(status, say),
        "sections": [
            *_to_mend(status, say),
            *_counted(reading, status, say),
            _history(status, reading, say),
        ],
    }
    components.mount("sheet", screen, payload, key="health")


def _cards(status: dict[str, Any], say: Speaker) -> list[dict[str, str]]:
    """The five numbers a clerk looks at first."""
    streets, cases = status["streets"], say("panel.cases")
    metres = streets["distance_m"]
    distance = {name: "—" if metres[q] is None else metres[q] for name, q in _QUANTILES.items()}
    share = 100 * streets["assigned"] / max(status["cases"], 1)
    by_name = {"n": say.number(streets["by_name"]), "m": say.number(streets["by_nearest"])}
    piled = say("health.of_these_piled", n=say.number(streets["of_these_piled"]))
    version = say("app.version", version=status["version"] or 0)
    last = status["history"][0] if status["history"] else None
    read = say.number(last["inserted"] + last["updated"]) if last else "—"
    rows = [
        ("cases", say.number(status["cases"]), cases, version),
        ("assigned", f"{share:.1f}", "%", say("health.by_name", **by_name)),
        ("unassigned", say.number(streets["unassigned"]), cases, piled),
        ("distance", str(distance["q50"]), "m", say("health.quantiles", **distance)),
        ("read", read, cases if last else "", last["source"] if last else ""),
    ]
    return [
        {"label": say(f"health.{key}"), "value": value, "unit": unit, "note": note}
        for key, value, unit, note in rows
    ]


_QUANTILES = {"q50": "0.5", "q90": "0.9", "q100": "1"}


def _to_mend(status: dict[str, Any], say: Speaker) -> list[dict[str, Any]]:
    """Unmapped names, piles and rows set aside: what the data clerk does next."""
    name, count = {"name": say("health.name")}, {"name": say("health.count"), "numeric": True}
    piles = [
        [f"{pile['lon']}, {pile['lat']}", pile["street_names"], pile["cases"]]
        for pile in status["piles"]
    ]
    return [
        *(
            {
                "title": say(f"health.{what}"),
                "columns": [name, {**count, "bar": True}],
                "rows": [list(pair) for pair in status[what].items()],
                "empty": say("health.none_unmapped"),
                "note": say("health.how_to_map"),
            }
            for what in ("unmapped_categories", "unmapped_offices")
        ),
        {
            "title": say("health.piles"),
            "columns": [
                {"name": say("health.point")},
                {"name": say("health.street_names"), "numeric": True},
                count,
            ],
            "rows": piles,
            "empty": say("health.no_piles"),
            "note": say("health.pile_note"),
        },
        {
            "title": say("health.set_aside"),
            "columns": [
                {"name": say("health.file")},
                {"name": say("health.rows"), "numeric": True},
            ],
            "rows": [[file["file"], file["rows"]] for file in status["set_aside"]],
            "empty": say("health.no_set_aside"),
            "note": say("health.set_aside_note"),
        },
    ]


def _counted(reading: Reading, status: dict[str, Any], say: Speaker) -> list[dict[str, Any]]:
    city = reading.city
    names = {
        "family": {one.code: say.name(one) for one in city.families},
        "phase": {code: phase_name(reading.city, code, say) for code in status["phase"]},
        "status": {code: say(f"status.{code}") for code in status["status"]},
        "channel": {one.code: say.name(one) for one in city.channels},
        "office": {one.code: say.name(one) for one in city.offices},
    }
    values = {UNMAPPED: say("value.unmapped"), UNASSIGNED: say("value.unassigned")}
    columns = [
        {"name": say("health.name")},
        {"name": say("health.count"), "numeric": True, "bar": True},
    ]
    return [
        {
            "title": say(f"health.by_{unit}"),
            "columns": columns,
            "rows": [
                [(named | values).get(code, code), n] for code, n in status[unit].items() if n
            ],
            "empty": "—",
        }
        for unit, named in names.items()
    ]


def _history(status: dict[str, Any], reading: Reading, say: Speaker) -> dict[str, Any]:
    zone = reading.city.zone
    return {
        "title": say("health.history"),
        "wide": True,
        "columns": [
            {"name": say("health.version")},
            {"name": say("health.at")},
            {"name": say("health.inserted"), "numeric": True},
            {"name": say("health.updated"), "numeric": True},
            {"name": say("health.source")},
        ],
        "rows": [
            [
                f"v{one['version']}",
                datetime.fromisoformat(one["at"]).astimezone(zone).strftime("%Y-%m-%d %H:%M"),
                one["inserted"],
                one["updated"],
                one["source"],
            ]
            for one in status["history"]
        ],
        "empty": "—",
    }
