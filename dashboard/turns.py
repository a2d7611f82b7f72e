"""Whose turn it is: as many pages are worked out at once as there are cores.

Twenty maps at once take no longer in a row than side by side, and far less memory. Every waiting
map comes before any waiting panel, so that everybody sees the answer before anybody the details.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from heapq import heappop, heappush
from itertools import count
from threading import Event, Lock
from typing import Final

MAP: Final = 0
PANELS: Final = 1

_CORES: Final = os.cpu_count() or 1


class Turns:
    """So many at once; who waits is let in by rank, the lowest first, then in order of arrival."""

    def __init__(self, at_once: int) -> None:
        self._free = at_once
        self._lock = Lock()
        self._arrival = count()
        self._waiting: list[tuple[int, int, Event]] = []

    @contextmanager
    def taken(self, rank: int = 0) -> Iterator[None]:
        """Wait for a turn and hold it."""
        ahead = self._enter(rank)
        if ahead is not None:
            ahead.wait()
        try:
            yield
        finally:
            self._leave()

    def _enter(self, rank: int) -> Event | None:
        """Take a free turn, or queue for the sign that one was handed over."""
        with self._lock:
            if self._free:
                self._free -= 1
                return None
            sign = Event()
            heappush(self._waiting, (rank, next(self._arrival), sign))
            return sign

    def _leave(self) -> None:
        """Hand the turn to who waits; nobody who comes just now can slip in between."""
        with self._lock:
            if self._waiting:
                heappop(self._waiting)[2].set()
            else:
                self._free += 1


of_map: Final = Turns(_CORES)

of_analysis: Final = Turns(max(1, _CORES // 2))
"""For pages of analysis, which take seconds in a large city: no queue of those keeps somebody
waiting who moves a filter on the map."""
