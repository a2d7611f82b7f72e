"""Sessions without a browser: they speak the page's own web socket protocol."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterable

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets.asyncio.client import ClientConnection, connect
from websockets.typing import Subprotocol

LARGEST = 2**26
PROTOCOL = Subprotocol("streamlit")


class Sessions:
    """Several open sessions that all ask at the same moment."""

    def __init__(self, port: int, count: int) -> None:
        self.address = f"ws://127.0.0.1:{port}/_stcore/stream"
        self.count = count
        self._loop = asyncio.new_event_loop()
        self._open: list[ClientConnection] = []

    def open(self) -> None:
        """Connect, and run the page once in every session."""
        self._loop.run_until_complete(self._connect())
        self.ask([""] * self.count)

    def ask(self, queries: Iterable[str]) -> list[float]:
        """Send one link to each session at once; milliseconds until each page was complete."""
        return self._loop.run_until_complete(self._ask(list(queries)))

    def close(self) -> None:
        """End all sessions."""
        self._loop.run_until_complete(self._disconnect())
        self._loop.close()

    async def _connect(self) -> None:
        self._open = [
            await connect(self.address, subprotocols=[PROTOCOL], max_size=LARGEST)
            for _ in range(self.count)
        ]

    async def _ask(self, queries: list[str]) -> list[float]:
        pairs = zip(self._open, queries, strict=True)
        return list(await asyncio.gather(*(_answered_ms(*pair) for pair in pairs)))

    async def _disconnect(self) -> None:
        await asyncio.gather(*(one.close() for one in self._open))


async def _answered_ms(session: ClientConnection, query: str) -> float:
    began = time.perf_counter()
    await session.send(_rerun(query))
    while True:
        message = ForwardMsg.FromString(await session.recv())
        if message.WhichOneof("type") == "script_finished":
            assert message.script_finished == ForwardMsg.FINISHED_SUCCESSFULLY
            return 1000 * (time.perf_counter() - began)


def _rerun(query: str) -> bytes:
    message = BackMsg()
    message.rerun_script.page_name = "map"
    message.rerun_script.query_string = query
    message.rerun_script.context_info.locale = "zh-CN"
    return bytes(message.SerializeToString())
