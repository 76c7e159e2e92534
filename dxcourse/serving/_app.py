"""Our Voila: the same application, with pages rendered once and answers over HTTP."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import tornado.ioloop
from jupyter_core.paths import jupyter_path
from jupyter_core.utils import ensure_async
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_template_paths

from dxcourse import settings
from dxcourse.course import COURSE_VARIABLE
from dxcourse.serving import _handlers as handlers
from dxcourse.serving._gzip import Gzip
from dxcourse.serving._listening import Listening
from dxcourse.serving._page import PageFailed
from dxcourse.serving._pages import Pages
from dxcourse.serving._renderer import PageRenderer
from dxcourse.serving._routes import routes
from dxcourse.serving._site import Site
from dxcourse.serving._upkeep import upkeep
from dxcourse.serving._watching import metrics_port

HERE = Path(__file__).parent
TEMPLATE = "dxcourse"

T = TypeVar("T")

log = logging.getLogger(__name__)


class CourseServer(Voila):  # type: ignore[misc]  # Voila has no types
    """Voila with other handlers: `init_handlers` is the seam that it offers."""

    site: Site
    announce: Callable[[str], None]
    listening: Listening
    numbers: HTTPServer
    background: asyncio.Task[None]
    farewell: asyncio.Task[None]
    ioloop: Any = None
    ending = False

    def setup_template_dirs(self) -> None:
        """Use our template, which lies in the package and not in a Jupyter data folder."""
        roots = [str(HERE / "templates"), *jupyter_path()]
        self.template_paths = collect_template_paths(
            ["voila", "nbconvert"], TEMPLATE, prune=True, root_dirs=roots
        )

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings, and tornado's for what we add."""
        found: dict[str, Any] = super().init_settings()
        return found | {
            "transforms": [Gzip],
            "default_handler_class": handlers.NotFound,
            "default_handler_args": {"site": self.site},
            "log_function": _count,
        }

    def init_handlers(self) -> list[Any]:
        """An allow-list: no kernel, no file, no folder of Voila's is among it."""
        site, manner = self.site, self.site.manner
        folder = settings.pages_folder(site.root)
        site.pages = Pages(
            site.root,
            folder / "served" if manner.visitors else folder,
            self.render,
            sound=site.sound,
            frame=manner.frame,
            stale=manner.stale_pages,
        )
        return routes(site)

    async def render(self, notebook: str, day: date) -> str:
        """The HTML of a notebook as of a day; its kernel is gone when this returns.

        Raises
        ------
        PageFailed
            A cell failed, timed out or came out empty.
        """
        made = False
        try:
            html = await self._render(notebook, day)
            made = True
        except PageFailed:
            raise
        except Exception as error:
            log.exception("%s", notebook)
            msg = f"{notebook}: {type(error).__name__}: {error}"
            raise PageFailed(msg) from error
        else:
            return html
        finally:
            self.site.meter.page(made=made)

    async def _render(self, notebook: str, day: date) -> str:
        renderer = PageRenderer(
            voila_configuration=self.voila_configuration,
            traitlet_config=self.config,
            notebook_path=notebook,
            template_paths=self.template_paths,
            config_manager=self.config_manager,
            contents_manager=self.contents_manager,
            base_url=self.base_url,
            kernel_spec_manager=self.kernel_spec_manager,
            page_config={},
        )
        await renderer.initialize()
        parts = self.site.course.outline.parts
        part = next((part for part in parts if part.notebook == notebook), None)
        renderer.resources |= self.site.shell() | {
            "part": part,
            "address": self.site.course.address_of(notebook),
        }
        environment = os.environ | {
            settings.RENDER_VARIABLE: "1",
            settings.TODAY_VARIABLE: day.isoformat(),
            COURSE_VARIABLE: str(self.site.root),
        }
        starting = asyncio.ensure_future(
            ensure_async(
                self.kernel_manager.start_kernel(
                    kernel_name=renderer.notebook.metadata.kernelspec.name,
                    path=str(self.site.root / "notebooks"),
                    env=environment,
                )
            )
        )
        try:
            # Whoever ends this must not end the start half-way: a kernel of which nobody knows
            # would outlive the server.
            kernel_id = await asyncio.shield(starting)
            kernel = self.kernel_manager.get_kernel(kernel_id)
            html: str = await renderer.generate_content_str(kernel_id, kernel)
        finally:
            kernel_id = await starting
            # Nor its end: a shutdown that is cut off leaves a kernel that cannot be shut down.
            await to_its_end(ensure_async(self.kernel_manager.shutdown_kernel(kernel_id, now=True)))
        return html

    def listen(self) -> None:
        """Listen, say where, and make the pages that nobody has asked for yet."""
        sockets = self._sockets()
        self.port = sockets[0].getsockname()[1]
        self.listening = Listening(self.app, self.site)
        self.listening.add_sockets(sockets)
        if self.site.manner.metrics_port is not None:
            self.numbers, port = metrics_port(self.site, self.site.manner.metrics_port)
            log.info("metrics at http://127.0.0.1:%d/metrics", port)
        self.ioloop = tornado.ioloop.IOLoop.current()
        self.ioloop.add_callback(self._listening)
        signal.signal(signal.SIGINT, self._handle_signal_stop)
        if self.open_browser:
            self.launch_browser()
        try:
            self.ioloop.start()
        finally:
            self.stop()

    def _handle_signal_stop(self, sig: int, frame: object) -> None:  # noqa: ARG002
        """Voila's name for it: end as soon as nobody waits; at the second signal, at once."""
        if self.ioloop is None:  # not yet listening
            raise SystemExit(0)
        loop = self.ioloop.asyncio_loop
        loop.call_soon_threadsafe(self.ioloop.stop if self.ending else self._begin_to_end)
        self.ending = True

    def _begin_to_end(self) -> None:
        self.farewell = asyncio.create_task(self._end())

    async def _end(self) -> None:
        """Take no new connection, finish what was begun, leave no kernel behind."""
        try:
            self.background.cancel()
            await asyncio.gather(self.background, return_exceptions=True)
            await self.site.pages.close()
            await self.listening.end()
        finally:
            self.ioloop.stop()

    def _sockets(self) -> list[socket.socket]:
        taken = {errno.EADDRINUSE, errno.EACCES, getattr(errno, "WSAEACCES", errno.EACCES)}
        for port in self.random_ports(self.port, self.port_retries + 1):
            try:
                return bind_sockets(port, self.ip)
            except OSError as error:
                if error.errno not in taken:
                    raise
        log.critical("port %d is taken; give another with --port", self.port)
        raise SystemExit(1)

    async def _listening(self) -> None:
        self.announce(self.connection_url)
        self.background = asyncio.create_task(upkeep(self.site))

    def launch_browser(self) -> None:
        """Open the first page; Voila would write a file to redirect from."""
        url = self.connection_url
        threading.Thread(target=lambda: webbrowser.open(url), daemon=True).start()

    def stop(self) -> None:
        """Store what waits, then let Voila end."""
        self.site.writer.close()
        self.site.store.close()
        super().stop()


async def to_its_end(work: Awaitable[T]) -> T:
    """Await something to its end, even if whoever waits is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def server(  # noqa: PLR0913
    site: Site,
    *,
    host: str,
    port: int,
    search_port: bool,
    open_browser: bool,
    announce: Callable[[str], None],
) -> CourseServer:
    """Our Voila, ready to `start`.

    `search_port` lets it take the next free port when this one is taken.
    """
    config = Config()
    config.VoilaConfiguration.template = TEMPLATE
    config.VoilaConfiguration.file_allowlist = []
    if sys.platform == "linux":
        # No port to meet on, and no one else on the machine to listen in.
        config.KernelManager.transport = "ipc"
    config.KernelManager.autorestart = False  # a kernel that dies ends its page, at once
    config.VoilaExecutor.iopub_timeout = 120
    config.VoilaExecutor.raise_on_iopub_timeout = True
    config.VoilaExecutor.timeout = 180
    config.VoilaExporter.markdown_renderer_class = "dxcourse.serving._renderer.PlainMarkdown"
    app = CourseServer(
        root_dir=str(site.root / "notebooks"),
        ip=host,
        port=port,
        port_retries=50 if search_port else 0,
        open_browser=open_browser,
        log_level=logging.ERROR,
    )
    app.site, app.announce = site, announce
    app.initialize(argv=[])
    app.update_config(config)
    return app


def _count(handler: Any) -> None:  # noqa: ANN401
    """Count a request, and log it if it failed: not what was sent, nor by whom."""
    status, request = handler.get_status(), handler.request
    site = handler.settings["default_handler_args"]["site"]
    site.meter.request(type(handler).__name__, status, request.request_time())
    if site.manner.access_log:
        told = {"kind": type(handler).__name__, "status": status}
        told["ms"] = round(1000 * request.request_time())
        log.info("request", extra={"request": told})
    if status >= 500:  # noqa: PLR2004  -- a server error
        log.error("%s %s: %d", request.method, type(handler).__name__, status)
