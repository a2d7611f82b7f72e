"""Ledger 台账: every case, what is late first, each with its life from report to close-out."""

from __future__ import annotations

import zlib
from typing import Any, Final
from urllib.parse import urlencode

from dashboard import components, proof, state
from dashboard.access import Reading
from dashboard.components.sheet import export_link
from dashboard.components.sheet.tables import SIGNS
from dashboard.filters import View, to_query
from dashboard.text import Speaker
from dashboard.views import frame, ledger_case
from geodata.domain.viewer import ENFORCEMENT
from geodata.findings.judging.ledger import Ledger, ledger
from geodata.findings.source import Source
from geodata.wording import numbers
from geodata.wording.selection import describe

ORDER: Final[tuple[str, ...]] = ("overdue", "due_soon", "open", "closed_late", "closed_on_time")
_WORDS: Final = (
    "search", "search_hint", "search_go", "search_clear", "before", "after", "relax", "status",
    "what", "office", "reported", "life", "due", "close", "map", "link", "stage_not",
)  # fmt: skip


def render(reading: Reading, screen: state.Screen) -> None:
    """Draw the page for the view in the URL."""
    frame.filtered(reading, screen, _body)


def _body(reading: Reading, view: View, screen: state.Screen) -> None:
    payload = page(reading.source, view, screen.say)
    if reading.viewer.role == ENFORCEMENT:
        payload["downloads"].append(_download("phones", "phones", "xlsx", view, screen.say))
    components.mount("ledger", screen, payload, key="ledger", on_patch=state.change)


def page(source: Source, view: View, say: Speaker) -> dict[str, Any]:
    """Read, look up one page of cases, put it into words."""
    chosen = dict(view.options)
    search, case = chosen.get("find", "").strip(), chosen.get("case", "")
    found = ledger(source, view.selection, search=search, page=_page(view))
    reader = ledger_case.Reader.of(source, say)
    rows = [ledger_case.line(reader, one) for one in found.cases.to_dicts()]
    return {
        "title": say("ledger.title"),
        "lead": _lead(source, view, say),
        "words": {word: say(f"ledger.{word}") for word in _WORDS},
        "search": search,
        "statuses": _statuses(found, view, say),
        "downloads": _downloads(view, say),
        "note": "\n".join(_notes(found, say)),
        "rows": rows,
        "empty": _empty(found, search, say),
        "pager": _pager(source, found, view, say),
        "open": _open(reader, view, case, rows) if case else None,
    }


def _lead(source: Source, view: View, say: Speaker) -> str:
    return say(
        "ledger.lead",
        filters=describe(source.city, source.facts, view.selection, say),
        as_of=say.day(source.facts.last_day, year=True),
        version=max(source.version, 0),
    )


def _page(view: View) -> int:
    """Page asked for, from 1; the first again where the filters or the search have changed."""
    page, _, stamp = dict(view.options).get("page", "").partition("-")
    return int(page) if page.isdecimal() and stamp == _stamp(view) else 1


def _stamp(view: View) -> str:
    """What a page number is of, in a few characters of a link."""
    mine = {key: value for key, value in to_query(view).items() if not key.startswith("o.")}
    text = repr(sorted(mine.items())) + dict(view.options).get("find", "")
    return f"{zlib.crc32(text.encode()):08x}"[:6]


def _statuses(found: Ledger, view: View, say: Speaker) -> list[dict[str, Any]]:
    """A button for each state that there is, with its count; all of them first."""
    codes = view.selection.statuses
    every = {
        "text": say("ledger.all"), "sign": "", "status": "", "pressed": codes is None,
        "n": "", "patch": {"filters": {"statuses": None}},
    }  # fmt: skip
    return [every] + [
        {
            "text": say(f"status.{code}"),
            "sign": SIGNS[code],
            "status": code,
            "pressed": codes is not None and code in codes,
            "n": numbers.count(say, found.by_status.get(code, 0)),
            "patch": {"filters": {"statuses": None if codes == frozenset([code]) else [code]}},
        }
        for code in ORDER
    ]


def _downloads(view: View, say: Speaker) -> list[dict[str, str]]:
    return [
        _download("tasks", "tasks", "xlsx", view, say),
        _download("times", "stage_times", "csv", view, say),
    ]


def _download(word: str, what: str, form: str, view: View, say: Speaker) -> dict[str, str]:
    return {
        "text": say(f"ledger.{word}"),
        "hint": say(f"ledger.{word}_hint"),
        "href": export_link(view, say, what, form),
    }


def _notes(found: Ledger, say: Speaker) -> list[str]:
    beyond = found.total > found.listed
    return [
        say("ledger.order"),
        *([say("ledger.listed", n=numbers.count(say, found.listed))] if beyond else []),
    ]


def _empty(found: Ledger, search: str, say: Speaker) -> dict[str, Any] | None:
    if found.total:
        return None
    if search:
        return {"text": say("ledger.none_found", search=search), "relax": False}
    return {"text": say("ledger.empty"), "relax": True}


def _proof(source: Source, found: Ledger, view: View, say: Speaker) -> proof.Proof:
    """Behind the number of cases listed: the filters, and how many are in each state."""
    states = [
        f"{SIGNS[code]} {say(f'status.{code}')} {numbers.count(say, found.by_status.get(code, 0))}"
        for code in ORDER
    ]
    return proof.of(
        say,
        formula="reported",
        value=numbers.amount(say, found.total, "cases"),
        n=found.total,
        scope=source.scope(view.selection, say),
        note=" · ".join(states),
    )


def _pager(source: Source, found: Ledger, view: View, say: Speaker) -> dict[str, Any]:
    search = dict(view.options).get("find", "").strip()
    n = numbers.count(say, found.total)
    told = say("ledger.found", search=search, n=n) if search else say("ledger.total", n=n)
    return {
        "text": told,
        "proof": _proof(source, found, view, say),
        "where": say("ledger.page_of", page=found.page, pages=found.pages),
        "before": _turn(view, found.page - 1) if found.page > 1 else None,
        "after": _turn(view, found.page + 1) if found.page < found.pages else None,
    }


def _turn(view: View, page: int) -> dict[str, Any]:
    return {"options": {"page": f"{page}-{_stamp(view)}", "case": ""}}


def _open(
    reader: ledger_case.Reader, view: View, case: str, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    """Return the whole case that is opened; on top of the list where it is not on this page."""
    found = ledger_case.whole(reader, case)
    if found is None:
        return {"missing": reader.say("ledger.case_missing", case=case)}
    query = urlencode({**to_query(view), "lang": reader.say.language, "o.case": case})
    on_page = any(row["id"] == case for row in rows)
    return found | {"on_page": on_page, "link": f"./ledger?{query}"}
