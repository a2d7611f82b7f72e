"""Load the facts of a city once and say what it took; run as a process of its own."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

import psutil  # type: ignore[import-untyped]

from geodata.city import load_city
from geodata.store.facts import load_facts


def main() -> None:
    """Print seconds and megabytes as JSON."""
    began = time.perf_counter()
    facts = load_facts(load_city(Path(sys.argv[1])))
    about = {
        "seconds": time.perf_counter() - began,
        "frame_mb": facts.frame.estimated_size("mb"),
        "rss_mb": psutil.Process().memory_info().rss / 2**20,
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    print(json.dumps(about))


if __name__ == "__main__":
    main()
