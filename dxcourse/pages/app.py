"""Our Voila: the same application, with pages rendered once and answers over HTTP."""

from __future__ import annotations

import asyncio
import logging
import os
import sys
import threading
import webbrowser
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import tornado.ioloop
from jupyter_core.paths import jupyter_path
from jupyter_core.utils import ensure_async
from tornado.httpserver import HTTPServer
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_template_paths

from dxcourse import settings
from dxcourse.answers.writer import AnswerWriter
from dxcourse.course import COURSE_VARIABLE
from dxcourse.facts import JAPAN
from dxcourse.pages.cache import PageCache, RenderError
from dxcourse.pages.renderer import PageRenderer
from dxcourse.pages.routes import routes
from dxcourse.pages.site import CourseSite
from dxcourse.web.health_handlers import metrics_port
from dxcourse.web.identity import VisitorIdentity
from dxcourse.web.retention import purge_daily
from dxcourse.web.server import listen, serve, tornado_settings
from dxcourse.web.settings import Settings, hosts_of, secret_of, store_of

WARM_EVERY = 600.0  # seconds between two rounds
EVENING = 20  # o'clock in Japan


async def warm_pages(site: CourseSite) -> None:
    """Make every page, and where visitors come keep it ready, until cancelled."""
    while True:
        await site.pages.warm(site.notebooks())
        if not site.manner.visitors:
            return
        if datetime.now(JAPAN).hour >= EVENING:
            # Visitors of the first minute of a day find its pages made.
            await site.pages.warm(site.notebooks(), day=settings.today() + timedelta(days=1))
        await asyncio.sleep(WARM_EVERY)


HERE = Path(__file__).parent
TEMPLATE = "dxcourse"

T = TypeVar("T")

log = logging.getLogger(__name__)


class CourseServer(Voila):  # type: ignore[misc]  # Voila has no types
    """Voila with other handlers: `init_handlers` is the seam that it offers."""

    site: CourseSite
    announce: Callable[[str], None]
    numbers: HTTPServer | None
    ioloop: Any = None

    def setup_template_dirs(self) -> None:
        """Use our template, which lies in the package and not in a Jupyter data folder."""
        roots = [str(HERE / "templates"), *jupyter_path()]
        self.template_paths = collect_template_paths(
            ["voila", "nbconvert"], TEMPLATE, prune=True, root_dirs=roots
        )

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings, and tornado's for what we add."""
        found: dict[str, Any] = super().init_settings()
        return found | tornado_settings(self.site)

    def init_handlers(self) -> list[Any]:
        """An allow-list: no kernel, no file, no folder of Voila's is among it."""
        site, manner = self.site, self.site.manner
        folder = settings.pages_folder(site.root)
        site.pages = PageCache(
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
        except RenderError:
            raise
        except Exception as error:
            log.exception("%s", notebook)
            msg = f"{notebook}: {type(error).__name__}: {error}"
            raise RenderError(msg) from error
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
        sockets = listen(self.ip, self.port, tries=self.port_retries + 1)
        self.set_trait("port", sockets[0].getsockname()[1])
        self.numbers = metrics_port(self.site)
        if self.open_browser:
            self.launch_browser()
        serving = serve(
            self.app,
            self.site,
            sockets,
            ready=lambda: self.announce(self.connection_url),
            background=[warm_pages(self.site), purge_daily(self.site)],
            before_end=self.site.pages.close,
        )
        self.ioloop = tornado.ioloop.IOLoop.current()  # Voila's kernels live on it
        try:
            self.ioloop.asyncio_loop.run_until_complete(serving)
        finally:
            self.stop()

    def _handle_signal_stop(self, sig: int, frame: object) -> None:  # noqa: ARG002
        """Voila's name for it: what a signal does before we listen."""
        raise SystemExit(0)

    def launch_browser(self) -> None:
        """Open the first page; Voila would write a file to redirect from."""
        url = self.connection_url
        threading.Thread(target=lambda: webbrowser.open(url), daemon=True).start()

    def stop(self) -> None:
        """Store what waits, then let Voila end."""
        self.site.close()
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
    site: CourseSite,
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
    config.VoilaExporter.markdown_renderer_class = "dxcourse.pages.renderer.PlainMarkdown"
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


def served(root: Path, chosen: Settings, announce: Callable[[str], None]) -> CourseServer:
    """A server for a course's visitors, ready to `start`.

    Raises
    ------
    StoreError, SecretError
        There is nowhere to store answers, or no secret to be had.
    """
    store = store_of(root, chosen)
    site = CourseSite(
        root=root,
        store=store,
        writer=AnswerWriter(store, most=chosen.max_waiting),
        learners=VisitorIdentity(secret_of(root, chosen)),
        hosts=hosts_of(chosen),
        manner=chosen.manner(),
    )
    return server_for(site, chosen, announce)


def server_for(site: CourseSite, chosen: Settings, announce: Callable[[str], None]) -> CourseServer:
    """A server of a site, ready to `start`: at the port that was set and no other."""
    return server(
        site,
        host=chosen.host,
        port=chosen.port,
        search_port=False,
        open_browser=False,
        announce=announce,
    )
