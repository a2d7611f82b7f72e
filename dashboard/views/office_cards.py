"""The headline numbers of the offices' page, and the scorecard of every unit."""

from __future__ import annotations

from typing import Any, Final

from dashboard import proof
from dashboard.components import sheet
from dashboard.text import Speaker
from dashboard.views.office_desk import Desk
from geodata.analysis.ageing import TimeToClose
from geodata.analysis.answers import Answer, Value, Withheld
from geodata.findings.changes import Change, change_of, share_change
from geodata.findings.judging.indicator_sentences import change_words, versus
from geodata.findings.judging.indicators import Backlog, IndicatorSet, lifecycles
from geodata.findings.judging.lateness import late_bands, longest_overdue
from geodata.wording import numbers

FIRST: Final = 15
MOST_TIMED: Final = 120
"""Units for which the time to close is worked out one by one."""


def cards(desk: Desk) -> sheet.Block:
    """What a leader asks first: on time, due, overdue, about to be, open, how long it takes."""
    found, held = desk.indicators(), desk.backlog()
    told = [_on_time(desk, found), _due(found, desk.say), *_waiting(desk, held)]
    return sheet.cards([*told, _closing(held, desk.say)], id="cards")


def _on_time(desk: Desk, found: IndicatorSet) -> sheet.Part:
    answer = found.answer("on_time_rate")
    cases = lifecycles(desk.source, desk.selection)
    change = _moved(change_of(found, "on_time_rate", cases), desk.say)
    label = desk.say("offices.card_on_time")
    return _card(label, answer, desk.say, note=_fraction(answer, desk.say)) | (
        {} if change is None else {"change": change}
    )


def _card(label: str, answer: Answer, say: Speaker, *, note: str = "") -> sheet.Part:
    behind = proof.proof(answer, say)
    if not isinstance(answer, Value):
        return sheet.card(label, say("number.none"), proof=behind)
    unit = numbers.unit_of(say, answer.unit)
    value = numbers.bare(say, answer.value, answer.unit)
    return sheet.card(label, value, unit=unit, note=note, proof=behind)


def _fraction(answer: Answer, say: Speaker) -> str:
    if not isinstance(answer, Value) or answer.denominator is None:
        return ""
    return numbers.fraction(say, answer.numerator, answer.denominator)


def _moved(change: Change | Withheld, say: Speaker) -> sheet.Part | None:
    text = change_words(change, say)
    if not text or isinstance(change, Withheld):
        return None
    return {"text": text, "direction": change.direction, "verdict": change.verdict}


_OF_DUE: Final = {"on_time": "closed_on_time", "late": "closed_late", "open": "overdue_open"}


def _due(found: IndicatorSet, say: Speaker) -> sheet.Part:
    """Cases due, and what became of them."""
    parts = {name: found.answer(code) for name, code in _OF_DUE.items()}
    told = {
        name: numbers.count(say, one.value if isinstance(one, Value) else None)
        for name, one in parts.items()
    }
    note = say("offices.card_due_note", **told)
    return _card(say("offices.card_due"), found.answer("due"), say, note=note)


def _waiting(desk: Desk, held: Backlog) -> list[sheet.Part]:
    """Overdue, due soon and open, as the period ended."""
    say, soon = desk.say, desk.source.city.due_soon
    table = late_bands(held.waiting, as_of=held.scope.end_at, soon=soon)
    one = table.row(0, named=True) if len(table) else dict.fromkeys(table.columns, 0)
    hours = f"{soon.within_hours:g}"
    without = numbers.count(say, one["no_deadline"])
    undated = say("offices.card_open_note", without=without) if one["no_deadline"] else ""
    return [
        _stock(held, "overdue_stock", one["overdue"], say, note=_worst(held, say)),
        _stock(held, "due_soon", one["due_soon"], say, hours=hours),
        _stock(held, "open", one["open"], say, note=undated),
    ]


def _worst(held: Backlog, say: Speaker) -> str:
    worst = longest_overdue(held.waiting, as_of=held.scope.end_at, most=1)
    if worst.is_empty():
        return ""
    return say("offices.card_overdue_note", days=numbers.days(say, worst["late_days"][0]))


def _stock(
    held: Backlog, code: str, n: int, say: Speaker, *, note: str = "", hours: str = ""
) -> sheet.Part:
    label = say(f"offices.card_{code}", hours=hours)
    refused = held.scope.undecided
    if refused is not None:
        return _card(label, Withheld(formula=code, reason=refused, scope=held.scope), say)
    unit, value = numbers.unit_of(say, "cases"), numbers.amount(say, n, "cases")
    behind = proof.of(
        say, formula=code, value=value, n=n, scope=held.scope, note=later_words(held, say)
    )
    return sheet.card(label, numbers.count(say, n), unit=unit, note=note, proof=behind)


def later_words(held: Backlog, say: Speaker) -> str:
    """How many of the open cases were closed after the period; "" where none was."""
    if not held.closed_later:
        return ""
    return say("offices.closed_later", n=numbers.count(say, held.closed_later))


def _closing(held: Backlog, say: Speaker) -> sheet.Part:
    label = say("offices.card_closing")
    if not isinstance(held.closing, TimeToClose):
        return sheet.card(label, say("number.none"), proof=proof.proof(held.closing, say))
    half, most, nearly = (held.closing.quantiles[q] for q in (0.5, 0.75, 0.9))
    told = {"q75": quantile_words(most, say), "q90": quantile_words(nearly, say)}
    return sheet.card(
        label,
        numbers.bare(say, half.value, "days") if isinstance(half, Value) else say("number.none"),
        unit=numbers.unit_of(say, "days") if isinstance(half, Value) else "",
        note=say("offices.card_closing_note", **told),
        proof=proof.proof(half, say),
    )


def quantile_words(answer: Answer, say: Speaker) -> str:
    """Days, or more than so many where too many cases are still open to tell."""
    if isinstance(answer, Value):
        return numbers.days(say, answer.value)
    least = answer.known.get("more_than_days")
    return (
        numbers.interval(say, float(least), None, "days") if least else say("offices.not_reached")
    )


def scorecards(desk: Desk) -> sheet.Block:
    """Every unit with the standard numbers; a row filters on its unit."""
    say, found = desk.say, desk.indicators(desk.by)
    title, key = say("offices.scorecards"), f"scorecards/{desk.by}"
    if found.groups is None or found.scope.undecided is not None or found.groups.is_empty():
        return sheet.table([], [], id=key, title=title, empty=say("offices.scorecards_none"))
    late, timed = _late_by_unit(desk), _timed(desk, found)
    order = found.groups.filter(formula="reported").sort("value", desk.by, descending=[True, False])
    rows = [
        _unit_row(desk, found, unit, late.get(unit, {}), timed.get(unit, {}))
        for unit in order[desk.by]
    ]
    note = say("offices.scorecards_note", versus=versus(found, say))
    return sheet.table(_columns(desk), rows, id=key, title=title, note=note, first=FIRST)


def _columns(desk: Desk) -> list[sheet.Part]:
    """Columns of the scorecards; counts of what is open share a proof, the rest have their own."""
    say, scope = desk.say, desk.backlog().scope
    own = ("reported", "due", "on_time", "change", "closure", "returns")
    stock = {"overdue": "overdue_stock", "due_soon": "due_soon", "open": "open"}
    return [
        sheet.column(say(f"standing.by_{desk.by}")),
        *(sheet.column(say(f"offices.{one}"), "number", bar=one == "reported") for one in own),
        *(desk.column(name, code, scope) for name, code in stock.items()),
        desk.column("closing", "time_to_close", scope),
    ]


def _late_by_unit(desk: Desk) -> dict[str, dict[str, Any]]:
    held = desk.backlog()
    soon = desk.source.city.due_soon
    table = late_bands(held.waiting, as_of=held.scope.end_at, by=desk.by, soon=soon)
    return {one["unit"]: one for one in table.to_dicts()}


def _timed(desk: Desk, found: IndicatorSet) -> dict[str, dict[float, dict[str, Any]]]:
    """Quantiles of the time to close by unit; nothing where there are too many units."""
    if found.groups is None or found.groups[desk.by].n_unique() > MOST_TIMED:
        return {}
    told: dict[str, dict[float, dict[str, Any]]] = {}
    quantiles = desk.backlog(desk.by).quantiles
    for one in [] if quantiles is None else quantiles.to_dicts():
        told.setdefault(one[desk.by], {})[one["quantile"]] = one
    return told


def _unit_row(
    desk: Desk,
    found: IndicatorSet,
    unit: str,
    late: dict[str, Any],
    timed: dict[float, dict[str, Any]],
) -> sheet.Part:
    say = desk.say
    change = share_change(found.of(unit, "on_time_rate"), found.of_before(unit, "on_time_rate"))
    return sheet.row(
        [
            desk.name(unit),
            *(_number(found.of(unit, code), say) for code in ("reported", "due", "on_time_rate")),
            _changed(change, say),
            *(_number(found.of(unit, code), say) for code in ("closure_rate", "return_rate")),
            *(late.get(name, 0) for name in ("overdue", "due_soon", "open")),
            _quantiles(timed, say),
        ],
        patch=desk.patch(unit),
        tone="strong" if unit in desk.chosen else "",
    )


def _number(answer: Answer, say: Speaker) -> sheet.Part:
    behind = proof.proof(answer, say)
    if not isinstance(answer, Value):
        return sheet.cell(None, proof=behind)
    share = answer.unit == "share"
    text = numbers.rate(say, answer.value) if share else numbers.count(say, answer.value)
    return sheet.cell(text, value=answer.value, proof=behind)


def _changed(change: Change | Withheld, say: Speaker) -> sheet.Part:
    if isinstance(change, Withheld):
        return sheet.cell(None, proof=proof.proof(change, say))
    tone = change.verdict if change.verdict in ("better", "worse") else "muted"
    text = numbers.points(say, change.size)
    return sheet.cell(text, value=change.size, tone=tone, proof=_change_proof(change, text, say))


def _change_proof(change: Change, text: str, say: Speaker) -> proof.Proof:
    before, now = (numbers.rate(say, one.value) for one in (change.before, change.now))
    known = numbers.known(change.lower)
    return proof.of(
        say,
        formula="share_change",
        value=text,
        n=change.now.n,
        scope=change.now.scope,
        interval=numbers.interval(say, change.lower, change.upper) if known else "",
        note=say("brief.arrow", before=before, now=now),
    )


def _quantiles(told: dict[float, dict[str, Any]], say: Speaker) -> sheet.Part:
    if not told:
        return sheet.cell(None)
    words = [
        numbers.bare(say, told[q]["value"], "days") if q in told else say("number.none")
        for q in (0.5, 0.75, 0.9)
    ]
    return sheet.cell(" / ".join(words), value=told.get(0.5, {}).get("value"))
