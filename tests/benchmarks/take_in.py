"""Ingest one file into one city and say what it took; run as a process of its own."""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from geodata.city import load_city
from geodata.pipeline import ingest


def main() -> None:
    """Print rows, seconds and megabytes as JSON."""
    city, path = load_city(Path(sys.argv[1])), Path(sys.argv[2])
    began = time.perf_counter()
    done = ingest(city, path, now=datetime(2030, 1, 1, tzinfo=UTC))
    about = {
        "rows": done.read,
        "seconds": time.perf_counter() - began,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(about))


if __name__ == "__main__":
    main()
