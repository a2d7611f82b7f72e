"""What a page will fetch is told with the page itself, so that it comes while Streamlit starts."""

from __future__ import annotations

from collections.abc import Callable

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send


class TellEarly:
    """Adds a Link header to every HTML answer.

    Parameters
    ----------
    needed
        Path of a page → values of its Link header.
    """

    def __init__(self, app: ASGIApp, needed: Callable[[str], list[str]]) -> None:
        self._app = app
        self._needed = needed

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer as the app does, with the header."""

        async def telling(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Link"] = ", ".join(self._needed(scope["path"]))
            await send(message)

        await self._app(scope, receive, telling if scope["type"] == "http" else send)
