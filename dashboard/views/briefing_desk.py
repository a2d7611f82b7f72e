"""What takes long is done beside the pages, one job at a time: build, verify, compare.

The desk is shared by all sessions of a server, so that a second click, or a second person, sees
the job under way instead of starting another: a pack of a large city needs much of the machine.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from threading import Lock, Thread
from typing import Any, Final

from geodata.errors import GeodataError, Sentence

_log = logging.getLogger("guatu")

MOST_RESULTS: Final = 24
FAULT: Final = Sentence(
    "The software failed; the log of the server says why. Try again, and tell the administrator "
    "if it happens again."
)

Progress = Callable[[str], None]
Work = Callable[[Progress], Any]


@dataclass
class Job:
    """One job: what it is, how far it is, and how it ended.

    Attributes
    ----------
    key
        ``("make", request)``, and the pack that is made anew; ``("verify", pack)``;
        ``("compare", pack, pack, language)``.
    parts
        Names of the parts begun, in order.
    error
        Why there is no result; `FAULT` where the software failed, which is logged.
    refused
        Kind of error, where it was one raised on purpose.
    """

    key: tuple[Hashable, ...]
    parts: list[str] = field(default_factory=list)
    done: bool = False
    result: Any = None
    error: Sentence | None = None
    refused: type[GeodataError] | None = None

    @property
    def kind(self) -> str:
        """``make``, ``verify`` or ``compare``."""
        return str(self.key[0])


class Desk:
    """Does one job at a time and keeps the last results. Safe between threads."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._job: Job | None = None
        self._ended: OrderedDict[tuple[Hashable, ...], Job] = OrderedDict()

    @property
    def running(self) -> Job | None:
        """The job under way."""
        job = self._job
        return None if job is None or job.done else job

    @property
    def last(self) -> Job | None:
        """The job begun last, also when it has ended."""
        return self._job

    def ended(self, key: tuple[Hashable, ...]) -> Job | None:
        """Return how a job with this key ended, if it is still remembered."""
        with self._lock:
            return self._ended.get(key)

    def start(self, key: tuple[Hashable, ...], work: Work) -> bool:
        """Begin a job in a thread of its own; False where another is under way."""
        with self._lock:
            if self.running is not None:
                return False
            job = self._job = Job(key=key)
        Thread(target=self._do, args=(job, work), name="guatu-desk", daemon=True).start()
        return True

    def _do(self, job: Job, work: Work) -> None:
        try:
            job.result = work(job.parts.append)
        except GeodataError as error:
            job.error, job.refused = error.sentence, type(error)
        except Exception:  # noqa: BLE001 - the page says that it failed, the log why
            _log.exception("%s failed", job.kind)
            job.error = FAULT
        with self._lock:
            self._ended[job.key] = job
            while len(self._ended) > MOST_RESULTS:
                self._ended.popitem(last=False)
            job.done = True


desk: Final = Desk()
