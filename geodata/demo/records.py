"""Records of aligned columns: joining them, and taking some of their rows."""

from __future__ import annotations

from dataclasses import Field, fields
from typing import Any, TypeVar, cast

import numpy as np
import polars as pl

from geodata.demo.spots import Indices

T = TypeVar("T")


def joined(parts: list[T]) -> T:
    """Join aligned columns of several records of one type, fields inside fields included."""
    first = parts[0]
    if isinstance(first, np.ndarray):
        return cast("T", np.concatenate(parts))  # type: ignore[arg-type]
    if isinstance(first, pl.Series):
        return cast("T", pl.concat(cast("list[pl.Series]", parts), rechunk=True))
    return type(first)(
        **{one.name: joined([getattr(part, one.name) for part in parts]) for one in _fields(first)}
    )


def taken(record: T, chosen: Indices) -> T:
    """Return some rows of every column of a record, fields inside fields included."""
    if isinstance(record, np.ndarray):
        return cast("T", record[chosen])
    if isinstance(record, pl.Series):
        return cast("T", record.gather(pl.Series(chosen.astype(np.uint32))))
    return type(record)(
        **{one.name: taken(getattr(record, one.name), chosen) for one in _fields(record)}
    )


def _fields(record: Any) -> tuple[Field[Any], ...]:
    return fields(record)
