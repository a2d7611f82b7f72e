"""What every test gets: fixed examples, the shared data and a browser on request.

The network is closed by pytest-socket (see pyproject.toml): only this machine can be reached.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, settings

from tests import chromium as browser_on_this_machine

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

ROOT = Path(__file__).resolve().parents[1]

os.environ["LC_ALL"] = "C.UTF-8"  # commands refuse in the language of the terminal

settings.register_profile("dev", deadline=None)
settings.register_profile(
    "ci",
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("ci" if os.environ.get("CI") == "true" else "dev")


@pytest.fixture(scope="session")
def root() -> Path:
    """Folder of the checkout."""
    return ROOT


@pytest.fixture(scope="session")
def shared() -> Path:
    """Folder of the real data, which the repository does not hold."""
    folder = Path(os.environ.get("GUATU_SHARED", ROOT.parent / "shared"))
    if not (folder / "data").is_dir():
        pytest.skip("the shared real data is not here; set GUATU_SHARED to its folder")
    return folder


@pytest.fixture(scope="session")
def small_city(tmp_path_factory):
    """The made-up city with 1,500 cases: the same steps as the real thing. Read-only."""
    from geodata.city import load_city  # noqa: PLC0415 - tests import what they use
    from geodata.first_run import make_demo  # noqa: PLC0415

    folder = tmp_path_factory.mktemp("small") / "city"
    make_demo(folder, cases=1_500)
    return load_city(folder)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Start one headless Chromium for the whole run; skipped without one, an error under CI."""
    program = browser_on_this_machine.find()
    if program is None:
        reason = "no Chromium was found; set GUATU_CHROMIUM or run `make test`"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - slow to import

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=program, args=browser_on_this_machine.QUIET
        )
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter, exitstatus, config) -> None:
    """After a failure, say how to get the same random order again."""
    if exitstatus:
        seed = config.getoption("randomly_seed", default=None)
        terminalreporter.write_line(f"same order again: pytest --randomly-seed={seed}")
