"""The standard indicators of city management (受理 … 按期结案率), for any period and group.

Everything is as it stood when the period ended: a case closed a day later counts as open. A
case is *due in the period* when its deadline lies in it; of these

    due = closed on time + closed late + overdue and still open

so that the on-time rate cannot be raised by leaving a case open. Codes are those of
``formulas.toml``.
"""

from __future__ import annotations

from typing import Final

import polars as pl

from geodata.analysis.answers import PARTS, Answer, Scope, answers_of, instant, table_of
from geodata.analysis.groups import grouped, whole_or_groups
from geodata.analysis.intervals import LEVEL, share_limits
from geodata.analysis.reasons import Reason
from geodata.analysis.repeats import RepeatRule, with_repeats
from geodata.domain.calendar import WorkCalendar
from geodata.domain.deadlines import local_times

COUNTS: Final = (
    "reported", "filed", "dispatched", "handled", "due", "closed", "closed_on_time",
    "closed_late", "overdue_open", "returned", "sent_back", "dispatched_right", "repeated",
    "closed_in_period", "overdue_stock", "without_deadline",
)  # fmt: skip
"""Codes of the counts, in the order of the table."""

RATES: Final = (
    ("closure_rate", "closed", "due"),
    ("on_time_rate", "closed_on_time", "due"),
    ("dispatch_accuracy", "dispatched_right", "dispatched"),
    ("return_rate", "returned", "handled"),
    ("repeat_rate", "repeated", "filed"),
)
"""Code, numerator and denominator of each rate."""

_NONE_OF: Final = {
    "due": Reason.NONE_DUE,
    "dispatched": Reason.NONE_DISPATCHED,
    "handled": Reason.NONE_HANDLED,
    "filed": Reason.NONE_FILED,
}

_NEEDS: Final = {
    "filed": ("filed_at",),
    "dispatched": ("dispatched_at",),
    "handled": ("handled_at",),
    "due": ("due_at",),
    "closed": ("due_at",),
    "closed_on_time": ("due_at",),
    "closed_late": ("due_at",),
    "overdue_open": ("due_at",),
    "overdue_stock": ("due_at",),
    "returned": ("handled_at", "returns"),
    "sent_back": ("dispatched_at", "sent_back"),
    "dispatched_right": ("dispatched_at", "sent_back"),
    "repeated": ("filed_at", "repeated"),
    "mean_handling_hours": ("dispatched_at", "handled_at"),
    "mean_handling_work_hours": ("dispatched_at", "handled_at"),
}
"""Columns without which a count would be a silent zero."""


def indicators(
    cases: pl.DataFrame,
    scope: Scope,
    *,
    by: tuple[str, ...] = (),
    calendar: WorkCalendar | None = None,
    timezone: str = "Asia/Shanghai",
    repeat: RepeatRule | None = None,
    level: float = LEVEL,
) -> pl.DataFrame:
    """Compute the whole standard set for a period.

    Parameters
    ----------
    cases
        Every case, placed, one row each, instants in UTC; the period is taken out here. An
        extra whole-number column ``sent_back`` (times sent back 回退 by the office) is used
        where it exists.
    by
        Columns to group by, e.g. ``("office",)``; nulls become a group of their own.
    calendar, timezone
        Adds the mean handling time in working hours 工作时.
    repeat
        What counts as a repeat report; needs ``cell``.

    Returns
    -------
    polars.DataFrame
        One row per group and formula: the group's columns, those of `answers.PARTS`, and the
        scope's. A rate has its Clopper–Pearson interval; where there is no number,
        ``undecided`` says why. Only groups that occur in ``cases``.
    """
    held = grouped(scope.leaves(_with_optional(cases, repeat or RepeatRule())), by)
    reason = scope.undecided or (Reason.NO_CASES if held.is_empty() else None)
    durations = _durations(held, calendar, timezone)
    codes = [*COUNTS, *(code for code, _, _ in RATES), *durations]
    if reason is not None:
        groups = whole_or_groups(held, by)
        rows = [_withheld(code, reason) | group for group in groups for code in codes]
        return table_of(rows, scope, by)
    silent = _silent(held)
    wide = _counted(held.with_columns(**durations), scope, by)
    parts = [_count_rows(wide, code, by, silent) for code in COUNTS]
    parts += [_rate_rows(wide, rate, by, silent, level) for rate in RATES]
    parts += [_mean_rows(wide, code, by, silent) for code in durations]
    columns = [*by, *PARTS]
    table = pl.concat([part.select(columns) for part in parts])
    if by:
        table = table.sort(by, maintain_order=True)
    return table.with_columns(**scope.columns())


def indicator(cases: pl.DataFrame, scope: Scope, formula: str) -> Answer:
    """One number of the standard set for all given cases.

    Raises
    ------
    ValueError
        No such formula.
    """
    table = indicators(cases, scope).filter(formula=formula)
    if table.is_empty():
        raise ValueError(f"{formula!r} is no standard indicator; choose one of formulas.toml")
    return answers_of(table, scope)[0]


def _with_optional(cases: pl.DataFrame, repeat: RepeatRule) -> pl.DataFrame:
    """Cases with every column the formulas read; what is absent is null throughout."""
    absent = {"returns": pl.Int16, "sent_back": pl.Int16}
    filled = cases.with_columns(
        pl.lit(None, kind).alias(name) for name, kind in absent.items() if name not in cases.columns
    )
    if "repeated" in cases.columns:
        return filled
    if "cell" not in cases.columns:
        return filled.with_columns(repeated=pl.lit(None, pl.Boolean))
    return with_repeats(filled, repeat)


def _silent(cases: pl.DataFrame) -> set[str]:
    """Formulas whose columns no case at all fills in: their zero would mean nothing."""
    empty = {name for name in cases.columns if cases[name].null_count() == len(cases)}
    return {code for code, needed in _NEEDS.items() if empty.intersection(needed)}


def _counted(cases: pl.DataFrame, scope: Scope, by: tuple[str, ...]) -> pl.DataFrame:
    """One row per group with every count, and the sum and number of each duration."""
    sums = [expression.sum().cast(pl.Int64).alias(code) for code, expression in _marks(scope)]
    hours = [name for name in cases.columns if name.startswith("mean_")]
    known = _within("handled_at", scope)
    for name in hours:
        of_period = pl.col(name).filter(known)
        sums += [of_period.sum().alias(name), of_period.count().cast(pl.Int64).alias(f"n_{name}")]
    return cases.group_by(by).agg(sums).sort(by) if by else cases.select(sums)


def _marks(scope: Scope) -> list[tuple[str, pl.Expr]]:
    """For each count, which cases belong to it."""
    end = instant(scope.end_at)
    due, closed = _within("due_at", scope), (pl.col("closed_at") < end).fill_null(value=False)
    on_time = (pl.col("closed_at") <= pl.col("due_at")).fill_null(value=False)
    dispatched, filed = _within("dispatched_at", scope), _within("filed_at", scope)
    back = (pl.col("sent_back") > 0).fill_null(value=False)
    marks = {
        "reported": _within("reported_at", scope),
        "filed": filed,
        "dispatched": dispatched,
        "handled": _within("handled_at", scope),
        "due": due,
        "closed": due & closed,
        "closed_on_time": due & closed & on_time,
        "closed_late": due & closed & ~on_time,
        "overdue_open": due & ~closed,
        "returned": _within("handled_at", scope) & (pl.col("returns") > 0).fill_null(value=False),
        "sent_back": dispatched & back,
        "dispatched_right": dispatched & ~back,
        "repeated": filed & pl.col("repeated").fill_null(value=False),
        "closed_in_period": _within("closed_at", scope),
        "overdue_stock": (pl.col("due_at") < end).fill_null(value=False) & ~closed,
        "without_deadline": _within("reported_at", scope) & pl.col("due_at").is_null(),
    }
    return [(code, marks[code]) for code in COUNTS]


def _within(column: str, scope: Scope) -> pl.Expr:
    at = pl.col(column)
    inside = (at >= instant(scope.from_at)) & (at < instant(scope.end_at))
    return inside.fill_null(value=False)


def _durations(
    cases: pl.DataFrame, calendar: WorkCalendar | None, timezone: str
) -> dict[str, pl.Series]:
    """Hours from dispatch to handling; null where either is unknown or the order is wrong."""
    elapsed = (cases["handled_at"] - cases["dispatched_at"]).dt.total_microseconds() / 3.6e9
    right = pl.Series(elapsed >= 0)
    found = {"mean_handling_hours": elapsed}
    if calendar is not None:
        starts, ends = (
            local_times(cases[f"{at}_at"], timezone) for at in ("dispatched", "handled")
        )
        worked = calendar.work_hours_between_many(starts, ends)
        found["mean_handling_work_hours"] = pl.Series(worked).fill_nan(None)
    return {
        name: pl.select(pl.when(right).then(hours).cast(pl.Float64)).to_series()
        for name, hours in found.items()
    }


def _withheld(code: str, reason: Reason) -> dict[str, str]:
    return {"formula": code, "unit": _unit(code), "undecided": reason.value}


def _unit(code: str) -> str:
    if code.startswith("mean_"):
        return "work_hours" if "work" in code else "hours"
    return "cases" if code in COUNTS else "share"


def _rows(wide: pl.DataFrame, code: str, by: tuple[str, ...], **parts: pl.Expr) -> pl.DataFrame:
    """Rows of one formula: the parts given, cast to the table's types, the rest null."""
    given = {"formula": pl.lit(code), "unit": pl.lit(_unit(code)), **parts}
    return wide.select(
        *by, **{name: given.get(name, pl.lit(None)).cast(kind) for name, kind in PARTS.items()}
    )


def _count_rows(
    wide: pl.DataFrame, code: str, by: tuple[str, ...], silent: set[str]
) -> pl.DataFrame:
    if code in silent:
        return _rows(wide, code, by, undecided=pl.lit(Reason.NOT_RECORDED.value), n=pl.lit(0))
    count = pl.col(code)
    return _rows(wide, code, by, value=count, numerator=count, n=count)


def _rate_rows(
    wide: pl.DataFrame,
    rate: tuple[str, str, str],
    by: tuple[str, ...],
    silent: set[str],
    level: float,
) -> pl.DataFrame:
    """Rows of one rate: part ÷ whole with its interval, or the reason why not."""
    code, part, whole = rate
    if {part, whole} & silent:
        return _rows(wide, code, by, undecided=pl.lit(Reason.NOT_RECORDED.value), n=pl.lit(0))
    limits = share_limits(wide[part].to_numpy(), wide[whole].to_numpy(), level)
    some = pl.col(whole) > 0
    told = wide.with_columns(low=pl.Series(limits.lower), high=pl.Series(limits.upper))
    return _rows(
        told,
        code,
        by,
        numerator=pl.col(part),
        denominator=pl.col(whole),
        n=pl.col(whole),
        value=pl.when(some).then(pl.col(part) / pl.col(whole)),
        lower=pl.when(some).then("low"),
        upper=pl.when(some).then("high"),
        level=pl.when(some).then(pl.lit(level)),
        undecided=pl.when(~some).then(pl.lit(_NONE_OF[whole].value)),
    )


def _mean_rows(
    wide: pl.DataFrame, code: str, by: tuple[str, ...], silent: set[str]
) -> pl.DataFrame:
    if code in silent:
        return _rows(wide, code, by, undecided=pl.lit(Reason.NOT_RECORDED.value), n=pl.lit(0))
    count, some = pl.col(f"n_{code}"), pl.col(f"n_{code}") > 0
    return _rows(
        wide,
        code,
        by,
        numerator=pl.col(code),
        denominator=count,
        n=count,
        value=pl.when(some).then(pl.col(code) / count),
        undecided=pl.when(~some).then(pl.lit(Reason.NONE_HANDLED.value)),
    )
