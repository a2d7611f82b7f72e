"""``python -m dashboard CITY_DIR``: serve the dashboard; called by ``python -m geodata serve``."""

from __future__ import annotations

import argparse
import os
from contextlib import suppress
from importlib import import_module
from pathlib import Path
from threading import Thread

from dashboard.access import (
    CITY_VARIABLE,
    first_page_drawn,
    leave_uncollected,
    whole_reading,
)
from dashboard.server import create_app
from dashboard.views import PAGES
from geodata.errors import GeodataError


def main() -> None:
    """Serve until stopped.

    Streamlit's collection of garbage after every run is off: it took a fifth of a page's time.
    """
    arguments = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    arguments.add_argument("city", type=Path)
    arguments.add_argument("--port", type=int, default=8501)
    arguments.add_argument("--address", default="127.0.0.1")
    chosen = arguments.parse_args()
    os.environ[CITY_VARIABLE] = str(chosen.city.resolve())
    Thread(target=_read_ahead, daemon=True).start()
    create_app().run(
        config={
            "server.port": chosen.port,
            "server.address": chosen.address,
            "server.headless": True,
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": False,
            "runner.postScriptGC": False,
        }
    )


def _read_ahead() -> None:
    """Load the facts while the server starts; what is wrong with them, the page will say.

    Once somebody has seen a page, the other pages' libraries follow.
    """
    with suppress(GeodataError, OSError):
        whole_reading()
    import_module("dashboard.views.map")
    if first_page_drawn.wait(timeout=30):
        for page in PAGES:
            import_module(f"dashboard.views.{page}")
        leave_uncollected()


if __name__ == "__main__":
    main()
