"""Targets of frontage contracts and of the survey on the map: a numbered flag where one is missed.

The flags are drawn on demand; the panel beside the map says what each stands for.
"""

from __future__ import annotations

from typing import Any, Final

from dashboard import access
from dashboard.access import Reading
from dashboard.filters import View
from dashboard.text import Speaker
from geodata.errors import GeodataError
from geodata.findings.judging.registers import KINDS
from geodata.findings.judging.target_places import MissedPlace, TargetPlaces, target_places
from geodata.ingest.registers import FOLDER
from geodata.wording import numbers
from geodata.wording.formulas import name_of
from geodata.wording.refusals import said
from geodata.wording.units import unit_names

OPTION: Final = "targets"
NONE: Final = "none"

Part = dict[str, Any]


def chosen(view: View) -> str:
    """Which register is flagged; `NONE` for none."""
    return view.option(OPTION, (NONE, *KINDS))


def on_map(reading: Reading, view: View, say: Speaker) -> Part:
    """Numbered flags and what the legend calls them; none where the file is broken."""
    kind = chosen(view)
    try:
        found = None if kind == NONE else _found(reading, kind)
    except GeodataError:
        found = None  # the panel says what is wrong
    places = found.places if found else ()
    label = say("flags.legend", name=say(f"offices.{kind}")) if places else None
    flags = [{"n": n, "lonlat": [one.lon, one.lat]} for n, one in enumerate(places, 1)]
    return {"callouts": flags, "callouts_label": label}


def panel(reading: Reading, view: View, say: Speaker) -> Part | None:
    """The choice of a register and what its flags mean; None in a city that keeps none."""
    options = [kind for kind in KINDS if _is_kept(reading, kind)]
    if not options:
        return None
    kind = chosen(view)
    named = [{"code": "", "name": say("flags.none")}]
    named += [{"code": one, "name": say(f"offices.{one}")} for one in options]
    told: Part = {
        "title": say("flags.title"),
        "chosen": "" if kind == NONE else kind,
        "options": named,
    }
    if kind == NONE:
        return told | {"rows": [], "note": say("flags.lead")}
    try:
        found = _found(reading, kind)
    except GeodataError as error:
        return told | {"rows": [], "note": said(error, say.language)}
    if found is None:
        return told | {"rows": [], "note": say("flags.lead")}
    return told | {"rows": _rows(reading, found, say), "note": _note(found, say)}


def _is_kept(reading: Reading, kind: str) -> bool:
    """Whether the city has the table; a broken one is there, and said to be broken."""
    try:
        return _found(reading, kind) is not None
    except GeodataError:
        return True


def _found(reading: Reading, kind: str) -> TargetPlaces | None:
    """Kept until the table is written again."""
    source, (register, _) = reading.source, KINDS[kind]
    written = access.changed(reading.city.folder / FOLDER / register.file)
    return source.remember(("target places", kind, written), lambda: target_places(source, kind))


def _rows(reading: Reading, found: TargetPlaces, say: Speaker) -> list[Part]:
    names = unit_names(reading.city, reading.facts, found.by, say)
    return [
        {"n": n, "name": names.get(one.unit, one.unit), "text": _missed(one, say)}
        for n, one in enumerate(found.places, 1)
    ]


def _missed(place: MissedPlace, say: Speaker) -> str:
    told = []
    for row in place.rows:
        words = say(
            "flags.below",
            name=name_of(row["formula"], say),
            value=numbers.rate(say, row["value"]),
            target=numbers.rate(say, row["target"]),
        )
        told.append(words if row["certain"] else f"{words}{say('offices.target_unsure')}")
    return "\n".join(told)


def _note(found: TargetPlaces, say: Speaker) -> str:
    told = [say("flags.count", missed=found.missed, asked=found.asked, shown=len(found.places))]
    told.append(say("flags.file", file=found.file))
    return "\n".join(told)
