from __future__ import annotations

from typing import TYPE_CHECKING

import polars as pl
import pytest

from geodata.demo import make_city

if TYPE_CHECKING:
    from geodata.demo import DemoCity


@pytest.fixture(scope="session")
def demo() -> DemoCity:
    return make_city()


@pytest.fixture(scope="session")
def register(demo: DemoCity) -> pl.DataFrame:
    """Return the cases with their times read back from the exported text."""
    times = pl.col("^.*时间$", "处置期限")
    return demo.cases.with_columns(times.str.to_datetime("%Y-%m-%d %H:%M:%S"))
