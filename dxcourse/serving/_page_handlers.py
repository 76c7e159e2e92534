"""What the server shows: the first page, the course's notebooks, scripts and sheets."""

from __future__ import annotations

import logging

from tornado.web import HTTPError

from dxcourse.serving._handlers import HTML, Handler
from dxcourse.serving._page import PageFailed

log = logging.getLogger(__name__)


class HomePage(Handler):
    """The first page."""

    def get(self) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.send(self.site.page("home.html.j2"), HTML)

    head = get


class NotebookPage(Handler):
    """A module or an appendix: only those that are named."""

    async def get(self) -> None:
        notebook = self.site.notebook(self.request.path)
        if notebook is None:
            raise HTTPError(404)
        try:
            page = await self.site.pages.get(notebook)
        except PageFailed as error:
            log.error("%s", error)  # noqa: TRY400  -- the message says it all
            raise HTTPError(503) from error
        self.set_header("Cache-Control", "no-cache")  # keep it, but ask whether it is still so
        self.send(page, HTML)

    head = get


class AppPage(NotebookPage):
    """A stand-alone page, which other sites may show in a frame if they are named."""

    def parents(self) -> str:
        # Tornado asks for headers before the handler has its site.
        manner = self.settings["default_handler_args"]["site"].manner
        return " ".join(manner.embed_from) or "'none'"


class StaticFile(Handler):
    """Scripts and sheets, under an address that changes with them."""

    def get(self, version: str, name: str) -> None:
        found = self.site.static.get(name)
        if found is None:
            raise HTTPError(404)
        content_type, page = found
        if version == self.site.version:
            self.set_header("Cache-Control", "public, max-age=31536000, immutable")
        elif not self.site.manner.visitors:
            raise HTTPError(404)
        # Else: while a new edition comes into service, a page that one process made asks another
        # for its script. It gets the one that is here, and nobody keeps it.
        self.send(page, content_type)

    head = get


class PrivacyPage(Handler):
    """What is kept of a visitor, and the buttons to see, take away and delete it."""

    def get(self) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.send(self.site.page("privacy.html.j2"), HTML)

    head = get


class Description(Handler):
    """The API, described in OpenAPI by the models that check it."""

    def get(self) -> None:
        self.set_header("Cache-Control", "no-cache")
        self.send(self.site.description, "application/json; charset=utf-8")

    head = get
