"""The addresses of the site beside the editor: pages, their files, what became of a page."""

from __future__ import annotations

from importlib.resources import files
from typing import cast
from urllib.parse import quote

from starlette.requests import Request
from starlette.responses import FileResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from guidegraph.serve.site import Served, Site

ROOT = "/site/"
_POLICY = "default-src 'none'; "
_END = "</body>"


def site_of(request: Request) -> Site:
    """The site that is served."""
    return cast("Site", request.app.state.site)


def served(request: Request) -> Response:
    """A page of the site as it is now, or a file beside its pages."""
    site, path = site_of(request), request.path_params["path"]
    if not path.endswith(".html"):
        found = site.file(path)
        return FileResponse(found) if found else _missing(site, path)
    page = site.page(path)
    return Response(_watched(page, path), media_type="text/html") if page else _missing(site, path)


def state(request: Request) -> Response:
    """What a page that is being read asks: whether it is another by now, and what is going on."""
    site, path = site_of(request), request.query_params.get("path", "")
    page = site.page(path)
    iri = site.iri_of(path)
    return JSONResponse(
        {
            "mark": page.mark if page else "",
            "alone": bool(page and page.is_alone),
            "fault": (page.fault if page else "") or site.fault,
            "doing": site.doing,
            "edit": f"/thing?iri={quote(iri, safe='')}" if iri else "/",
        }
    )


def asset(request: Request) -> Response:
    """The script and the style sheet that a page is watched with."""
    found = files("guidegraph.serve") / "assets" / request.path_params["name"]
    kinds = {"live.js": "text/javascript", "live.css": "text/css"}
    kind = kinds.get(request.path_params["name"])
    if kind is None:
        return Response("There is no such file.", 404, media_type="text/plain")
    return Response(found.read_bytes(), media_type=kind)


def _first(_: Request) -> Response:
    return RedirectResponse(f"{ROOT}index.html")


def _watched(page: Served, path: str) -> str:
    """A page that notices when it is another: it may ask this server, and nobody else."""
    told = (
        '<link rel="stylesheet" href="/live/live.css">'
        f'<script defer src="/live/live.js" data-path="{quote(path)}" data-mark="{page.mark}">'
        "</script>"
    )
    html = page.html.replace(_POLICY, f"{_POLICY}connect-src 'self'; ", 1)
    return html.replace(_END, f"{told}{_END}", 1)


def _missing(site: Site, path: str) -> Response:
    if path.endswith(".html") and (site.doing or site.fault):
        return Response(_WAIT, media_type="text/html", status_code=503)
    return Response("There is no such page.", 404, media_type="text/plain")


_WAIT = (
    '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>The site is being built'
    '</title><link rel="stylesheet" href="/live/live.css">'
    '<script defer src="/live/live.js" data-path="index.html" data-mark=""></script></head>'
    '<body class="live-wait"><main><h1>The site is being built</h1>'
    "<p>The first time, all proofs are made, which takes a minute or two. "
    'This page changes by itself. Meanwhile you can <a href="/">edit</a>.</p></main></body></html>'
)

ROUTES = [
    Route("/site", _first),
    Route(ROOT, _first),
    Route("/site-state", state),
    Route("/live/{name}", asset),
    Route(f"{ROOT}{{path:path}}", served),
]
