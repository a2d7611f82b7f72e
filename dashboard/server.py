"""The web server: Streamlit's own routes, and ours for static files, base maps and downloads.

Everything the browser needs comes from here; no page asks any other host for anything.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from functools import cache, lru_cache
from importlib import import_module
from pathlib import Path
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import FileResponse, PlainTextResponse, Response
from starlette.routing import Route
from streamlit.web.server.starlette.starlette_app import App

import geodata.maps
from dashboard import access, identity
from geodata.errors import GeodataError
from geodata.store.layers import BASEMAP

PREFIX: Final = "/guatu"
FOREVER: Final = "public, max-age=31536000, immutable"
FOLDERS: Final = {
    "web": Path(geodata.maps.__file__).parent / "web",
    "panels": Path(__file__).parent / "components" / "panels",
}
_SERVED: Final = {".js", ".css", ".json", ".png", ".svg"}


@cache
def stamp() -> str:
    """Short hash of every static file: a new version has a new address, none expires."""
    digest = hashlib.sha256()
    for folder in FOLDERS.values():
        for path in sorted(folder.rglob("*")):
            if path.suffix in _SERVED:
                digest.update(path.read_bytes())
    return digest.hexdigest()[:12]


def boot_url() -> str:
    """Address under which the static files of this version lie."""
    return f"{PREFIX}/{stamp()}"


def basemap_url(city_folder: Path) -> str:
    """Address of the city's base map; it changes when the file does."""
    path = city_folder / "layers" / BASEMAP
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise GeodataError(
            f"{path} cannot be read ({error.strerror}). Make the city folder again with "
            "`python -m geodata new` or `python -m geodata demo`."
        ) from error
    return f"{PREFIX}/basemap/{changed:x}.json"


async def _static(request: Request) -> Response:
    folder = FOLDERS.get(request.path_params["part"])
    path = (folder / request.path_params["path"]).resolve() if folder else None
    inside = path is not None and folder is not None and path.is_relative_to(folder.resolve())
    if path is None or not inside or path.suffix not in _SERVED or not path.is_file():
        return PlainTextResponse("not found", status_code=404)
    kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return _compressed(*await run_in_threadpool(_packed, str(path), path.stat().st_mtime_ns), kind)


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


async def _export(request: Request) -> Response:
    """Exactly what a view shows, as a file; the view is the query of its link."""
    try:
        identity.asked_with.set(request.headers)
        build = await _later("dashboard.exports", "build")
        file = await run_in_threadpool(build, dict(request.query_params))
    except identity.AccessDenied as error:
        return PlainTextResponse(str(error), status_code=403)
    except (GeodataError, ValueError) as error:
        return PlainTextResponse(str(error), status_code=400)
    disposition = f'attachment; filename="{file.name}"'
    return Response(file.body, media_type=file.kind, headers={"Content-Disposition": disposition})


async def _wall(request: Request) -> Response:
    """The wall's screens, or that the browser has the newest."""
    try:
        identity.asked_with.set(request.headers)
        known = request.headers.get("if-none-match", "").strip('"')
        boot = {"url": boot_url(), "basemap": basemap_url(access.served_folder())}
        feed = await _later("dashboard.downloads.wall", "feed")
        answer = await run_in_threadpool(feed, request.query_params.get("lang", ""), known, boot)
    except identity.AccessDenied as error:
        return PlainTextResponse(str(error), status_code=403)
    except (GeodataError, OSError) as error:
        return PlainTextResponse(str(error), status_code=503)
    headers = {"ETag": f'"{answer.mark}"', "Cache-Control": "no-store"}
    if answer.body is None:
        return Response(status_code=304, headers=headers)
    headers["Content-Encoding"] = "gzip"
    return Response(answer.body, media_type="application/json", headers=headers)


async def _pack(request: Request) -> Response:
    """A file of a briefing that was kept; pages of it run apart from the dashboard."""
    try:
        identity.asked_with.set(request.headers)
        pack_file = await _later("dashboard.downloads.snapshots", "pack_file")
        asked = request.path_params
        found = await run_in_threadpool(pack_file, asked["pack"], asked["file"])
    except identity.AccessDenied as error:
        return PlainTextResponse(str(error), status_code=403)
    except GeodataError as error:
        return PlainTextResponse(str(error), status_code=404)
    how = "attachment" if "download" in request.query_params else "inline"
    headers = {
        "Content-Disposition": f'{how}; filename="{found.download}"',
        "Content-Security-Policy": "sandbox allow-scripts allow-downloads",
        "X-Content-Type-Options": "nosniff",
    }
    return FileResponse(found.path, media_type=found.kind, headers=headers)


def create_app() -> App:
    """Streamlit and our routes as one ASGI application."""
    return App(
        Path(__file__).parent / "app.py",
        routes=[
            Route(f"{PREFIX}/basemap/{{changed}}.json", _basemap),
            Route(f"{PREFIX}/export", _export),
            Route(f"{PREFIX}/wall", _wall),
            Route(f"{PREFIX}/pack/{{pack}}/{{file}}", _pack),
            Route(f"{PREFIX}/{{stamp}}/{{part}}/{{path:path}}", _static),
        ],
    )
