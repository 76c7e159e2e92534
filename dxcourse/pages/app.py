"""Our Voila: the same application, with pages rendered once and answers over HTTP."""

from __future__ import annotations

import asyncio
import logging
import os
import socket
import sys
import threading
import webbrowser
from collections.abc import Awaitable, Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import tornado.ioloop
from jupyter_client.multikernelmanager import AsyncMultiKernelManager
from jupyter_core.paths import jupyter_path
from jupyter_core.utils import ensure_async
from tornado.web import Application
from traitlets.config import Config
from voila.app import Voila
from voila.paths import collect_template_paths

from dxcourse import settings
from dxcourse.answers import FileStore
from dxcourse.chapters import revealed_by, split_heading, tags_of
from dxcourse.course import COURSE_VARIABLE
from dxcourse.facts import JAPAN
from dxcourse.figures.signs import sign
from dxcourse.notebook_calls import with_marks
from dxcourse.pages.cache import PageCache, RenderError
from dxcourse.pages.renderer import PageRenderer
from dxcourse.pages.routes import routes
from dxcourse.pages.site import CourseSite
from dxcourse.pages.spaces import SpacePages, SpaceSite, SpacesRouter, space_application
from dxcourse.text import say
from dxcourse.text.templates import script_json
from dxcourse.web.health_handlers import listen_for_metrics
from dxcourse.web.identity import LocalIdentity, VisitorIdentity, read_secrets, secrets_of
from dxcourse.web.proxy import under_base
from dxcourse.web.retention import purge_daily, watch_operations
from dxcourse.web.server import allow_list, serve, tornado_settings
from dxcourse.web.setting_sources import SettingsError
from dxcourse.web.settings import ServerSettings
from dxcourse.web.sign_in import SignedInIdentity, SignIn
from dxcourse.web.site import read_spaces
from dxcourse.web.storage import open_store
from dxcourse.web.worker import address_of, listen

HERE = Path(__file__).parent
TEMPLATE = "dxcourse"
WARM_EVERY = 600.0  # seconds between two rounds
EVENING = 20  # o'clock in Japan
PORT_TRIES = 50  # where no port was named

T = TypeVar("T")

log = logging.getLogger(__name__)


async def warm_pages(site: CourseSite) -> None:
    """Make every page, and where visitors come keep it ready, until cancelled."""
    while True:
        await site.pages.warm(site.edition.notebooks)
        if not site.settings.visitors:
            return
        if datetime.now(JAPAN).hour >= EVENING:
            # Visitors of the first minute of a day find its pages made.
            tomorrow = settings.today() + timedelta(days=1)
            await site.pages.warm(site.edition.notebooks, day=tomorrow)
        await asyncio.sleep(WARM_EVERY)


class CourseServer(Voila):  # type: ignore[misc]  # Voila has no types
    """Voila with other handlers: `init_handlers` is the seam that it offers.

    Parameters
    ----------
    search_port
        Whether the next free port is taken where this one is not free.
    announce
        Told the address when connections are taken.
    """

    def __init__(
        self,
        site: CourseSite,
        *,
        search_port: bool = False,
        open_browser: bool = False,
        announce: Callable[[str], None],
    ) -> None:
        self.site, self.announce = site, announce
        super().__init__(
            root_dir=str(site.root / "notebooks"),
            ip=site.settings.host,
            port=site.settings.port,
            port_retries=PORT_TRIES - 1 if search_port else 0,
            open_browser=open_browser,
            log_level=logging.ERROR,
        )
        self.initialize(argv=[])
        self.update_config(_voila_config())

    def setup_template_dirs(self) -> None:
        """Use our template, which lies in the package and not in a Jupyter data folder."""
        roots = [str(HERE / "templates"), *jupyter_path()]
        self.template_paths = collect_template_paths(
            ["voila", "nbconvert"], TEMPLATE, prune=True, root_dirs=roots
        )

    def init_settings(self) -> dict[str, Any]:
        """Voila's settings, and tornado's for what we add."""
        found: dict[str, Any] = super().init_settings()
        return found | tornado_settings(self.site, routes(self.site))

    def init_handlers(self) -> list[Any]:
        """An allow-list: no kernel, no file, no folder of Voila's is among it."""
        site, chosen = self.site, self.site.settings
        folder = settings.pages_folder(site.root)
        shown = (chosen.visitors, chosen.sign_in, chosen.address or chosen.base, chosen.embed_from)
        site.pages = PageCache(
            site.root,
            folder / "served" if chosen.visitors else folder,
            self.render,
            sound=site.files.sound,
            frame=f"{shown} {bool(chosen.results_from)}",
            stale=chosen.visitors,
            address=site.address_of,
        )
        return allow_list(site, routes(site))

    async def render(self, notebook: str, day: date) -> str:
        """The HTML of a notebook as of a day; its kernel is gone when this returns.

        Raises
        ------
        RenderError
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
            self.site.metrics.page(made=made)

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
            "marks": self.site.course.facts.legend("certainty"),
        }
        renderer.resources |= self.site.chapter_shell(part)
        environment_of(renderer)
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
            html = under_base(
                await renderer.generate_content_str(kernel_id, kernel), self.site.settings.base
            )
        finally:
            kernel_id = await starting
            # Nor its end: a shutdown that is cut off leaves a kernel that cannot be shut down.
            await to_its_end(end_kernel(self.kernel_manager, kernel_id))
        return html

    def listen(self) -> None:
        """Listen, say where, and make the pages that nobody has asked for yet."""
        loop = tornado.ioloop.IOLoop.current()  # Voila's kernels live on it
        try:
            sockets = listen(self.ip, self.port, tries=self.port_retries + 1)
            loop.asyncio_loop.run_until_complete(self._serve(sockets))  # type: ignore[attr-defined]
        finally:
            self.stop()

    async def _serve(self, sockets: list[socket.socket]) -> None:
        site = self.site
        address = address_of(self.ip, sockets, site.settings.base)
        numbers = listen_for_metrics(site)
        if self.open_browser:
            threading.Thread(target=lambda: webbrowser.open(address), daemon=True).start()
        await serve(
            self._whole_and_spaces(),
            site,
            sockets,
            ready=lambda: self.announce(address),
            background=[warm_pages(site), purge_daily(site), watch_operations(site)],
            before_end=site.pages.close,
        )
        if numbers is not None:
            numbers.stop()

    def _whole_and_spaces(self) -> Application | SpacesRouter:
        """The application; where there are spaces, with theirs before it."""
        site = self.site
        if not site.spaces:
            found: Application = self.app
            return found
        apps = {}
        for space, identity in site.spaces:
            own = SpaceSite(
                root=site.root,
                store=site.store,
                learners=identity,
                hosts=site.hosts,
                settings=space.settings(site.settings),
                space=space,
                whole=site,
            )
            own.pages = SpacePages(site.pages, site.settings.base, site.settings.address, own)
            apps[space.id] = space_application(own)
        return SpacesRouter(self.app, site.settings.base, apps)

    def _handle_signal_stop(self, sig: int, frame: object) -> None:  # noqa: ARG002
        """Voila's name for it: what a signal does before we listen."""
        raise SystemExit(0)

    def stop(self) -> None:
        """Store what waits, then let Voila end."""
        self.site.close()
        super().stop()


def environment_of(renderer: PageRenderer) -> None:
    """Give a notebook's template what our other templates have, and how its cells are parted."""
    environment = renderer.exporter.environment
    environment.filters["script_json"] = script_json
    environment.filters["with_marks"] = with_marks
    environment.globals.update(
        t=say, sign=sign, revealed_by=revealed_by, tags_of=tags_of, split_heading=split_heading
    )


async def end_kernel(kernels: AsyncMultiKernelManager, kernel_id: str) -> None:
    """End a kernel at once, and without a word.

    It is killed before it is shut down, as `shutdown_kernel` interrupts it first: a kernel that is
    still starting answers that with a traceback in the server's log.
    """
    kernel = kernels.get_kernel(kernel_id)
    if kernel.provisioner is not None:
        await kernel.provisioner.kill()
    await ensure_async(kernels.shutdown_kernel(kernel_id, now=True))


async def to_its_end(work: Awaitable[T]) -> T:
    """Await something to its end, even if whoever waits is cancelled meanwhile."""
    task = asyncio.ensure_future(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
        raise


def _voila_config() -> Config:
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
    return config


def serve_course(root: Path, chosen: ServerSettings, announce: Callable[[str], None]) -> None:
    """Serve a course to visitors, until a signal asks for the end.

    Raises
    ------
    StoreError, SecretError, PortError
        There is nowhere to store answers, no secret or no port to be had.
    """
    folder = settings.served_folder(root)
    if not chosen.store and (elsewhere := settings.records_elsewhere(root)):
        places = "、".join(map(str, elsewhere))
        log.warning("%s", say("server.store.elsewhere", places=places, new=folder))
    secrets = secrets_of(chosen, folder)
    spaces = read_spaces(chosen.spaces_file) if chosen.spaces_file else ()
    if spaces and chosen.signed_in:
        raise SettingsError(say("server.spaces.signed_in"))
    site = CourseSite(
        root=root,
        store=open_store(chosen, folder),
        learners=SignedInIdentity() if chosen.signed_in else VisitorIdentity(secrets),
        hosts=chosen.host_names,
        settings=chosen,
        sign_in=_sign_in(chosen, secrets[0]),
        spaces=tuple((each, VisitorIdentity(secrets, each.surface)) for each in spaces),
    )
    CourseServer(site, announce=announce).start()


def _sign_in(chosen: ServerSettings, secret: str) -> SignIn | None:
    """The way in that was chosen; None where everybody may come.

    Raises
    ------
    SettingsError
        It needs something that is not there.
    """
    if not chosen.signed_in:
        return None
    if chosen.sign_in == "oidc":
        try:
            from dxcourse.web.oidc_sign_in import OidcSignIn  # noqa: PLC0415  -- an extra's package
        except ImportError as error:
            raise SettingsError(say("server.settings.no_authlib")) from error
        return OidcSignIn(chosen, secret)
    try:
        from dxcourse.web.hub_sign_in import HubSignIn  # noqa: PLC0415  -- an extra's package
    except ImportError as error:
        raise SettingsError(say("server.settings.no_jupyterhub")) from error
    return HubSignIn(secret)


def study_course(
    root: Path,
    chosen: ServerSettings,
    announce: Callable[[str], None],
    *,
    search_port: bool,
    open_browser: bool,
) -> None:
    """Serve a course to whoever sits at this machine, until a signal asks for the end.

    Raises
    ------
    StoreError, SecretError, PortError
        There is nowhere to store answers, no secret or no port to be had.
    """
    answers = settings.answers_file(root)
    site = CourseSite(
        root=root,
        store=FileStore(answers),
        learners=LocalIdentity(read_secrets(answers.parent / "secret"), settings.local_learner()),
        hosts=chosen.host_names,
        settings=chosen,
    )
    CourseServer(
        site,
        search_port=search_port,
        open_browser=open_browser,
        announce=lambda url: announce(f"{url}\n{answers}"),
    ).start()
