"""Case rows for the tests of numbers: few columns written, the rest null."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import polars as pl
from hypothesis import strategies as st

from geodata.analysis.answers import Scope

INSTANT = pl.Datetime("us", "UTC")
SCHEMA = pl.Schema(
    {
        "case_id": pl.String(),
        "category": pl.String(),
        "office": pl.String(),
        "area": pl.String(),
        "channel": pl.String(),
        "segment": pl.String(),
        "street_name": pl.String(),
        "cell": pl.Int64(),
        "reported_at": INSTANT,
        "filed_at": INSTANT,
        "dispatched_at": INSTANT,
        "handled_at": INSTANT,
        "verified_at": INSTANT,
        "closed_at": INSTANT,
        "due_at": INSTANT,
        "returns": pl.Int16(),
        "area_m2": pl.Float32(),
        "demolished_m2": pl.Float32(),
    }
)
CELL = 0x8C2A1072B59ADFF
"""Some cell at resolution 12."""

START = datetime(2026, 3, 1, tzinfo=UTC)
END = datetime(2026, 4, 1, tzinfo=UTC)
MARCH = Scope(from_at=START, until_at=END, as_of=END, filters="all", version=7)


def at(day: float, hour: float = 0) -> datetime:
    """So many days (and hours) after 1 March 2026, UTC."""
    return START + timedelta(days=day, hours=hour)


def cases_of(*rows: dict[str, object]) -> pl.DataFrame:
    """Case table of rows; `case_id` is numbered where it is not given."""
    named = [{"case_id": f"c{number}", **row} for number, row in enumerate(rows)]
    return pl.DataFrame([{name: row.get(name) for name in SCHEMA} for row in named], schema=SCHEMA)


hours = st.integers(-30 * 24, 60 * 24)
maybe_hours = st.none() | hours


@st.composite
def case_tables(draw: st.DrawFn, *, most: int = 40) -> pl.DataFrame:
    """Any cases around March: every time may be missing, late or in the wrong order."""
    times = ("filed_at", "dispatched_at", "handled_at", "closed_at", "due_at")
    rows = draw(
        st.lists(
            st.fixed_dictionaries(
                {
                    "category": st.sampled_from(["stall", "dumping", None]),
                    "office": st.sampled_from(["north", "south", None]),
                    "channel": st.sampled_from(["patrol", "12345", None]),
                    "cell": st.sampled_from([CELL, CELL + 512 * 4096]),
                    "reported_at": hours.map(lambda hour: at(0, hour)),
                    "returns": st.none() | st.integers(0, 3),
                    **{
                        name: maybe_hours.map(lambda hour: None if hour is None else at(0, hour))
                        for name in times
                    },
                }
            ),
            max_size=most,
        )
    )
    return cases_of(*rows)
