"""A route's answer, whatever event loop another test has left running in this thread."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def answered(route: Coroutine[Any, Any, Any]) -> Any:
    """Run a route to its end in a thread of its own."""
    with ThreadPoolExecutor(1) as aside:
        return aside.submit(asyncio.run, route).result()
