"""Print the truth table: ``python -m tests.truth [runs] [city folder]``.

The folder is a made-up city (``python -m geodata demo DIR``), whose planted truth is then
recovered as well.
"""

from __future__ import annotations

import sys
from pathlib import Path

from tests.truth import effects, hotspots, made_up_city, maps, rebounds
from tests.truth.row import HEAD

RUNS = 500


def main(runs: int, city: Path | None) -> bool:
    """Print line by line; whether every target was met."""
    met = True
    print(HEAD)
    for part in (effects, rebounds, maps, hotspots):
        for row in part.rows(runs):
            print(row.markdown(), flush=True)
            met &= row.met()
    if city is not None:
        print(f"\n{made_up_city.report(city)}")
    return met


if __name__ == "__main__":
    given = sys.argv[1:]
    folder = Path(given[1]) if len(given) > 1 else None
    sys.exit(0 if main(int(given[0]) if given else RUNS, folder) else 1)
