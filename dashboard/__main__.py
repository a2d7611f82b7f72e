"""``python -m dashboard CITY_DIR``: serve the dashboard; called by ``python -m geodata serve``."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

from dashboard.access import CITY_VARIABLE
from dashboard.server import create_app


def main() -> None:
    """Serve until stopped."""
    arguments = argparse.ArgumentParser(prog="python -m dashboard", description=__doc__)
    arguments.add_argument("city", type=Path)
    arguments.add_argument("--port", type=int, default=8501)
    arguments.add_argument("--address", default="127.0.0.1")
    chosen = arguments.parse_args()
    os.environ[CITY_VARIABLE] = str(chosen.city.resolve())
    create_app().run(
        config={
            "server.port": chosen.port,
            "server.address": chosen.address,
            "server.headless": True,
            "server.fileWatcherType": "none",
            "browser.gatherUsageStats": False,
        }
    )


if __name__ == "__main__":
    main()
