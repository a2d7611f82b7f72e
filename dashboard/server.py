"""The web server: Streamlit's own routes, and ours for static files, base maps and downloads.

Everything the browser needs comes from here; no page asks any other host for anything.
"""

from __future__ import annotations

import gzip
import logging
import mimetypes
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import cache, lru_cache, partial, wraps
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route
from streamlit.web.server.starlette.starlette_app import App

from dashboard import access, bundle, identity
from dashboard.early import TellEarly
from dashboard.text import LANGUAGES, Speaker
from dashboard.views import LANDING, WITH_MAP
from geodata.errors import GeodataError
from geodata.store.layers import BASEMAP
from geodata.wording.refusals import said

_log = logging.getLogger("guatu")

Answer = Callable[[Request], Awaitable[Response]]

PREFIX: Final = "/guatu"
FOREVER: Final = "public, max-age=31536000, immutable"


def boot_url() -> str:
    """Address under which the static files of this version lie."""
    return f"{PREFIX}/{bundle.stamp()}"


def basemap_url(city_folder: Path) -> str:
    """Address of the city's base map; it changes when the file does."""
    path = city_folder / "layers" / BASEMAP
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise GeodataError(
            "{path} cannot be read ({error}). Make the city folder again with `python -m "
            "geodata new` or `python -m geodata demo`.",
            path=path,
            error=error,
        ) from error
    return f"{PREFIX}/basemap/{changed:x}.json"


async def _static(request: Request) -> Response:
    folder = bundle.FOLDERS.get(request.path_params["part"])
    path = (folder / request.path_params["path"]).resolve() if folder else None
    inside = path is not None and folder is not None and path.is_relative_to(folder.resolve())
    if path is None or not inside or path.suffix not in bundle.SERVED or not path.is_file():
        return PlainTextResponse("not found", status_code=404)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _compressed(*await run_in_threadpool(_packed, str(path), path.stat().st_mtime_ns), kind)


_MADE: Final[dict[str, tuple[str, Callable[[], str]]]] = {
    "page.js": ("text/javascript", bundle.script),
    "page.css": ("text/css", bundle.style),
    "words.zh.json": ("application/json", partial(bundle.words, "zh")),
    "words.en.json": ("application/json", partial(bundle.words, "en")),
}
"""Files put together here: kind and text."""


async def _made(request: Request) -> Response:
    if request.path_params["file"] not in _MADE:
        return PlainTextResponse("not found", status_code=404)
    kind, _ = _MADE[request.path_params["file"]]
    return _compressed(*await run_in_threadpool(_put_together, request.path_params["file"]), kind)


@cache
def _put_together(file: str) -> tuple[bytes, str]:
    return gzip.compress(_MADE[file][1]().encode(), 6, mtime=0), "gzip"


async def _basemap(_request: Request) -> Response:
    path = access.served_folder() / "layers" / BASEMAP
    packed = await run_in_threadpool(_packed, str(path), path.stat().st_mtime_ns)
    return _compressed(*packed, "application/json")


@lru_cache(maxsize=64)
def _packed(path: str, _changed: int) -> tuple[bytes, str]:
    return gzip.compress(Path(path).read_bytes(), 6, mtime=0), "gzip"


def _compressed(body: bytes, encoding: str, kind: str) -> Response:
    headers = {"Content-Encoding": encoding, "Cache-Control": FOREVER, "Vary": "Accept-Encoding"}
    return Response(body, media_type=kind, headers=headers)


async def _later(module: str, name: str) -> Any:
    """A function imported when it is first asked for: the server starts without its libraries."""
    return getattr(await run_in_threadpool(import_module, module), name)


def _refusing(status: int) -> Callable[[Answer], Answer]:
    """Answer a refusal in the reader's language with this status, 403 where access is denied.

    A fault of the software is logged, and answered with 500 and what to do.
    """

    def refusing(answer: Answer) -> Answer:
        @wraps(answer)
        async def answered(request: Request) -> Response:
            identity.asked_with.set(request.headers)
            language = _language(request)
            try:
                return await answer(request)
            except (GeodataError, OSError) as error:
                denied = isinstance(error, identity.AccessDenied)
                text = said(error, language)
                return PlainTextResponse(text, status_code=403 if denied else status)
            except Exception:  # noqa: BLE001 - the last resort: nobody is shown a traceback
                _log.exception("%s could not be answered", request.scope.get("path"))
                return PlainTextResponse(Speaker(language)("app.unexpected"), status_code=500)

        return answered

    return refusing


def _language(request: Request) -> str:
    """Language of the link, else the browser's: Chinese or English."""
    asked = request.query_params.get("lang")
    if asked in LANGUAGES:
        return asked
    browser = request.headers.get("accept-language", "zh").lower()
    return "zh" if browser.startswith("zh") else "en"


@_refusing(400)
async def _export(request: Request) -> Response:
    """Exactly what a view shows, as a file; the view is the query of its link."""
    build = await _later("dashboard.exports", "build")
    file = await run_in_threadpool(build, dict(request.query_params))
    disposition = f'attachment; filename="{file.name}"'
    return Response(file.body, media_type=file.kind, headers={"Content-Disposition": disposition})


@_refusing(503)
async def _wall(request: Request) -> Response:
    """The wall's screens, or that the browser has the newest."""
    known = request.headers.get("if-none-match", "").strip('"')
    boot = {"url": boot_url(), "basemap": basemap_url(access.served_folder())}
    feed = await _later("dashboard.downloads.wall", "feed")
    answer = await run_in_threadpool(feed, request.query_params.get("lang", ""), known, boot)
    headers = {"ETag": f'"{answer.mark}"', "Cache-Control": "no-store"}
    if answer.body is None:
        return Response(status_code=304, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(answer.body, media_type="application/json", headers=headers)


@_refusing(404)
async def _pack(request: Request) -> Response:
    """A file of a briefing that was kept; pages of it run apart from the dashboard."""
    pack_file = await _later("dashboard.downloads.snapshots", "pack_file")
    asked = request.path_params
    found = await run_in_threadpool(pack_file, asked["pack"], asked["file"])
    how = "attachment" if "download" in request.query_params else "inline"
    headers = {
        "Content-Disposition": f'{how}; filename="{found.download}"',
        "Content-Security-Policy": "sandbox allow-scripts allow-downloads",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(found.path, media_type=found.kind, headers=headers)


async def _landing(request: Request) -> Response:
    """The landing page has the shortest address; Streamlit does not know it by its name."""
    query = request.url.query
    return RedirectResponse(f"./?{query}" if query else "./")


def _needed(path: str) -> list[str]:
    """What a page fetches first, as values of the Link header."""
    url = boot_url()
    links = [f"<{url}/page.js>; rel=modulepreload", f"<{url}/page.css>; rel=preload; as=style"]
    if (path.strip("/") or LANDING) in WITH_MAP:
        vendor = ("leaflet.js", "h3-js.umd.js")
        links += [f"<{url}/web/vendor/{name}>; rel=preload; as=script" for name in vendor]
        with suppress(GeodataError):
            base = basemap_url(access.served_folder())
            links.append(f"<{base}>; rel=preload; as=fetch; crossorigin")
    return links


def create_app() -> App:
    """Streamlit and our routes as one ASGI application."""
    return App(
        Path(__file__).parent / "app.py",
        routes=[
            Route(f"/{LANDING}", _landing),
            Route(f"{PREFIX}/basemap/{{changed}}.json", _basemap),
            Route(f"{PREFIX}/export", _export),
            Route(f"{PREFIX}/wall", _wall),
            Route(f"{PREFIX}/pack/{{pack}}/{{file}}", _pack),
            Route(f"{PREFIX}/{{stamp}}/{{file}}", _made),
            Route(f"{PREFIX}/{{stamp}}/{{part}}/{{path:path}}", _static),
        ],
        middleware=[Middleware(TellEarly, needed=_needed)],
    )
