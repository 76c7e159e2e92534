"""The sites of spaces: each a course of its own to look at, on one store, one set of pages."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any

from jinja2 import Environment
from tornado.httputil import HTTPMessageDelegate, HTTPServerRequest
from tornado.routing import Router
from tornado.web import Application

from dxcourse.pages.answer_counts import AnswerCounts
from dxcourse.pages.cache import PageCache, PictureFile
from dxcourse.pages.routes import routes
from dxcourse.pages.site import CourseSite
from dxcourse.web.proxy import moved_base
from dxcourse.web.server import allow_list, tornado_settings
from dxcourse.web.site import FOLDER, Space
from dxcourse.web.static_files import Representation, StaticFiles

# Pages of all spaces in memory, 20 KB each; to make one takes as long as to send twenty.
KEPT = 4096


class SpacePages(PageCache):
    """The pages of a course as they are in a space: its own links in them, no kernel anew."""

    def __init__(self, whole: PageCache, base: str, origin: str, space: CourseSite) -> None:
        self._whole, self._base, self._origin, self._space = whole, base, origin, space

    async def get(self, notebook: str, *, day: date | None = None) -> Representation:
        """See `PageCache.get`."""
        page = await self._whole.get(notebook, day=day)
        own = self._space.settings
        return _moved(page, self._base, own.base, self._origin, own.address)

    async def picture(self, notebook: str, name: str) -> PictureFile | None:
        """See `PageCache.picture`: nothing in one says where it is."""
        return await self._whole.picture(notebook, name)


@lru_cache(maxsize=KEPT)
def _moved(page: Representation, old: str, new: str, address: str, own: str) -> Representation:
    html = moved_base(page.body.decode(), old, new)
    if address:
        html = html.replace(f'"{address}/', f'"{own}/')
    return Representation.of(html.encode())


@dataclass(kw_only=True)
class SpaceSite(CourseSite):
    """A space's site; what is costly is the whole server's."""

    space: Space
    whole: CourseSite

    def __post_init__(self) -> None:
        whole = self.whole
        self.writer, self.limits = whole.writer, whole.limits
        self.metrics, self.probe = whole.metrics, whole.probe
        self.files, self.busy = whole.files, whole.busy
        self.others = AnswerCounts(
            self.store, self.settings.results_from, where=f"{self.surface}page"
        )
        # Counted for each space by itself; a file, which takes seconds, is made one at a time.
        self.admin_turn, self.file_turn = asyncio.Lock(), whole.file_turn
        self.admin_kept = None

    @property
    def surface(self) -> str:
        """See `LearnerSite.surface`."""
        return self.space.surface

    @property
    def environment(self) -> Environment:
        """See `CourseSite.environment`."""
        return self.whole.environment

    @property
    def static(self) -> StaticFiles:
        """See `CourseSite.static`."""
        return self.whole.static

    @property
    def version(self) -> str:
        """See `WebSite.version`."""
        return self.whole.version

    def close(self) -> None:
        """Nothing is its own."""


class SpacesRouter(Router):
    """Sends what is below a space's address to its application, and the rest to the whole's."""

    def __init__(self, whole: Application, base: str, spaces: Mapping[str, Application]) -> None:
        self._whole, self._base, self._spaces = whole, base, spaces

    def find_handler(
        self,
        request: HTTPServerRequest,
        **kwargs: Any,  # noqa: ANN401  -- tornado's own
    ) -> HTTPMessageDelegate | None:
        """See `Router.find_handler`; a space's own patterns begin at its folder."""
        path = request.path or ""
        start = f"{FOLDER}/"
        if self._base and path.startswith(f"{self._base}{start}"):
            path = path.removeprefix(self._base)
        name, slash, rest = path.removeprefix(start).partition("/")
        app = self._spaces.get(name) if path.startswith(start) else None
        if app is None:
            return self._whole.find_handler(request, **kwargs)
        request.path = f"/{rest}" if slash else "/"
        query = f"?{request.query}" if request.query else ""
        request.uri = f"{request.path}{query}"
        return app.find_handler(request, **kwargs)


def space_application(site: SpaceSite) -> Application:
    """The application of a space."""
    found = routes(site)
    return Application(allow_list(site, found), **tornado_settings(site, found))
