"""The administrator's page: numbers and a file, behind a secret of its own. Off where none is set.

HTTP's own Basic authentication: the browser asks, nothing is kept in a page, no cookie. The name
that is given with it is written into the record's log of operations.
"""

from __future__ import annotations

import asyncio
import base64
import binascii
import hmac
import logging
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, TypeVar

from tornado.web import HTTPError

from dxcourse.answers import StoreError, operation
from dxcourse.pages.admin_report import AdminReport, admin_report
from dxcourse.pages.site import CourseSite
from dxcourse.text import say
from dxcourse.web.checks import check_same_site, enforce
from dxcourse.web.handlers import Handler

log = logging.getLogger(__name__)

KEPT = 30.0  # seconds that counts are good for, at least
SHARE = 50  # counts that took a second are good for so many
CHALLENGE = 'Basic realm="dxcourse", charset="UTF-8"'
EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAME_LENGTH = 40  # characters

T = TypeVar("T")


def identify_administrator(handler: AdminHandler) -> None:
    """Let nobody in who does not know the secret; wrong ones are few a minute.

    Raises
    ------
    HTTPError
        There is no such page here (404), the secret is wrong or missing (401), or too many wrong
        ones came from there (429).
    """
    secret = handler.site.settings.admin_secret
    if secret is None:
        raise HTTPError(404)
    limit, key = handler.site.limits.wrong_secrets, handler.client.group
    name, given = _credentials(handler.request.headers.get("Authorization", ""))
    if given is None:
        raise HTTPError(401)
    if not limit.has(key):
        enforce(limit, key)
    if not hmac.compare_digest(given.encode(), secret.get_secret_value().encode()):
        limit.take(key)
        log.warning("%s", say("admin.log.wrong"))
        raise HTTPError(401)
    handler.account = name


def _credentials(header: str) -> tuple[str, str | None]:
    """The name and the secret that were given; no secret where none was."""
    scheme, _, encoded = header.partition(" ")
    if scheme.lower() != "basic":
        return "", None
    try:
        name, colon, secret = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", None
    kept = "".join(c for c in name if c.isprintable())[:NAME_LENGTH].strip()
    return kept, secret if colon else None


class AdminHandler(Handler):
    """What an administrator alone gets."""

    site: CourseSite
    checks = (*Handler.checks, check_same_site, identify_administrator)
    account = ""

    async def counted(self) -> AdminReport:
        """The counts, made once in a while for all who look.

        Raises
        ------
        HTTPError
            The record cannot be read now (503).
        """
        site = self.site
        async with site.admin_turn:
            until, report = site.admin_kept or (0.0, None)
            if report is None or time.monotonic() >= until:
                begun = time.monotonic()
                course, where = site.course, site.surface
                spaces = [space for space, _ in site.spaces]
                report = await self.reading(
                    lambda: admin_report(course, site.store, datetime.now(UTC), where, spaces)
                )
                ended = time.monotonic()
                site.admin_kept = (ended + max(KEPT, SHARE * (ended - begun)), report)
        return report

    async def reading(self, work: Callable[[], T]) -> T:
        """Do something with the record, off the event loop.

        Raises
        ------
        HTTPError
            It cannot be read now (503).
        """
        try:
            return await self.off_loop(work)
        except StoreError as error:
            log.error("%s", say("server.store.fault", cause=error))  # noqa: TRY400
            raise HTTPError(503) from error

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401
        if status_code == 401:  # noqa: PLR2004
            self.set_header("WWW-Authenticate", CHALLENGE)
        super().write_error(status_code, **kwargs)


class AdminPageHandler(AdminHandler):
    """The numbers as a page."""

    async def get(self) -> None:
        report, sound = await asyncio.gather(self.counted(), self.site.probe.sound())
        template = self.site.environment.get_template("admin.html.j2")
        self.send_html(template.render(**self.site.shell(), report=report, sound=sound))

    head = get


class AdminFileHandler(AdminHandler):
    """The numbers and the answers as an Excel file; who took it is written down."""

    async def get(self) -> None:
        from dxcourse.pages.admin_excel import admin_file  # noqa: PLC0415  -- needs openpyxl

        site, account = self.site, self.account
        enforce(site.limits.admin_files, site.surface)
        report = await self.counted()
        course, where = site.course, site.surface

        def work() -> bytes:
            body, count = admin_file(course, site.store, report, where)
            site.store.note(operation("export-excel", count, account=account))
            return body

        async with site.file_turn:
            body = await self.reading(work)
        day = f"{report.made:%Y%m%d}"
        self.set_header("Content-Type", EXCEL)
        self.set_header("Content-Disposition", f'attachment; filename="dx-answers-{day}.xlsx"')
        self.finish(body)
