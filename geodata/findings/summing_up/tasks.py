"""The task list 问题整改任务分解表 (S17) of a period: what was open when it ended, late first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import polars as pl

from geodata.domain.case import UNASSIGNED
from geodata.findings.source import Source
from geodata.findings.summing_up.compared import Compared
from geodata.findings.summing_up.late import waiting
from geodata.store.details import cases_of
from geodata.store.lake import Lake

MOST_TASKS: Final = 100_000
"""Tasks listed one by one: what a spreadsheet program still opens and sorts with ease."""

_TEXTS: Final = ("description", "street_name", "address", "person")
_TASK: Final = (
    "case_id", "office", "category", "description", "street", "address", "area", "person",
    "reported_at", "due_at", "status", "late_days",
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodTasks:
    """Cases to be put right, as they stood when a period ended.

    Attributes
    ----------
    table
        ``case_id``, ``office`` (``unassigned`` as a value), ``category``, ``description``,
        ``street``, ``address``, ``area``, ``person``, ``reported_at``, ``due_at`` (UTC),
        ``status`` (``overdue``, ``due_soon``, ``open``) and ``late_days`` (days past the deadline,
        null where not overdue); longest overdue first, then soonest due, then those without a
        deadline, oldest first.
    by_office
        Office → all that is open of it, listed or not; most overdue first.
    """

    table: pl.DataFrame
    by_office: dict[str, int]


def period_tasks(compared: Compared, *, most: int = MOST_TASKS) -> PeriodTasks:
    """List the ``most`` urgent of the cases open when a period ended, and count all of them."""
    state = pl.when("overdue").then(pl.lit("overdue")).when("due_soon").then(pl.lit("due_soon"))
    held = waiting(compared).with_columns(
        pl.col("office").fill_null(UNASSIGNED),
        status=state.otherwise(pl.lit("open")),
        late_days=pl.when("overdue").then("late_days"),
    )
    counted = held.group_by("office").agg(n=pl.len(), late=pl.col("overdue").sum())
    counted = counted.sort(["late", "n", "office"], descending=[True, True, False])
    urgent = held.sort("due_at", "reported_at", "case_id", nulls_last=True).head(most)
    return PeriodTasks(
        table=_with_texts(compared.source, urgent).select(_TASK),
        by_office=dict(counted.select("office", "n").iter_rows()),
    )


def _with_texts(source: Source, cases: pl.DataFrame) -> pl.DataFrame:
    """Cases with their free texts, read from the lake for these alone; order kept.

    A case on no street is told by the name it was reported under.
    """
    rows = np.flatnonzero(source.facts.frame["key"].is_in(cases["key"].implode()).to_numpy())
    texts = cases_of(Lake(source.city.lake), source.facts, rows).select("case_id", *_TEXTS)
    told = cases.join(texts, on="case_id", how="left", maintain_order="left")
    return told.with_columns(street=pl.coalesce("street", "street_name"))
