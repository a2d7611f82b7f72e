from __future__ import annotations

import pytest

from geodata.first_run import make_demo

CASES = 6_000


@pytest.fixture(scope="session")
def demo_city(tmp_path_factory):
    """Build the made-up city once, with few cases; not to be changed."""
    folder = tmp_path_factory.mktemp("demo") / "演示"
    make_demo(folder, cases=CASES)
    return folder
