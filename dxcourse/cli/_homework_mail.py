"""Mails of homework: personal links and feedback, as a table for mail merge and as drafts."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from dxcourse.cli._homework_options import (
    ASSIGNMENT,
    COURSE,
    SERVER,
    ask_before_giving,
    open_homework,
)
from dxcourse.cli.readable import readable
from dxcourse.text import say

if TYPE_CHECKING:
    from email.headerregistry import Address

    from dxcourse.homework.mail import Mails

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
TEXT = click.option(
    "--text",
    type=click.Path(path_type=Path, dir_okay=False, exists=True),
    help="What the mail says, the subject first; {name} {title} {due} {link} are filled in.",
)
DRAFTS = click.option(
    "--eml",
    "drafts",
    type=click.Path(path_type=Path, file_okay=False),
    help="A folder for a draft (.eml) a learner, too.",
)
SENDER = click.option("--from", "sender", default="", help="Whose drafts they are: an address.")
TABLE = click.Path(path_type=Path, dir_okay=False, exists=True)


@click.command("mail-links")
@COURSE
@ASSIGNMENT
@FILE
@click.option("--links", "table", type=TABLE, required=True, help="The table that `links` wrote.")
@TEXT
@DRAFTS
@SENDER
@SERVER
@readable
def mail_links(  # noqa: PLR0913, PLR0917
    folder: Path | None,
    assignment: str,
    file: Path,
    table: Path,
    text: Path | None,
    drafts: Path | None,
    sender: str,
    config: Path | None,
) -> None:
    """Write a mail to each learner with their personal link; send none.

    FILE (CSV) is for mail merge. Exit 1 where somebody gets none.
    """
    from dxcourse.homework.mail import MailText, link_mails
    from dxcourse.homework.pages import homework_links
    from dxcourse.web.setting_sources import read_settings

    who = _sender(sender)
    found = open_homework(folder)
    links = homework_links(found, read_settings({}, config))
    made = link_mails(found, assignment, table, links, MailText.of("links", text))
    _write(made, file, drafts, who)


@click.command("mail-feedback")
@COURSE
@ASSIGNMENT
@FILE
@click.option(
    "--links",
    "table",
    type=TABLE,
    help="The table that `links` wrote: the mail has the address; without, the page itself.",
)
@TEXT
@DRAFTS
@SENDER
@click.option("--yes", is_flag=True, help="Write them though it is early, or something is unread.")
@SERVER
@readable
def mail_feedback(  # noqa: PLR0913, PLR0917
    folder: Path | None,
    assignment: str,
    file: Path,
    table: Path | None,
    text: Path | None,
    drafts: Path | None,
    sender: str,
    config: Path | None,
    *,
    yes: bool,
) -> None:
    """Write a mail to each learner who has feedback; send none.

    FILE (CSV) is for mail merge. Exit 1 where somebody gets none.
    """
    from dxcourse.homework.mail import MailText, feedback_mails
    from dxcourse.homework.pages import homework_links
    from dxcourse.web.setting_sources import read_settings

    who = _sender(sender)
    found = open_homework(folder)
    links = homework_links(found, read_settings({}, config)) if table else None
    told = MailText.of("feedback" if table else "feedback_attached", text)
    made = feedback_mails(found, assignment, told, file=table, links=links)
    if table is None and not yes:
        ask_before_giving(found, assignment, None)
    _write(made, file, drafts, who)


def _sender(text: str) -> Address | None:
    from dxcourse.homework.mail import address_of

    if not text:
        return None
    found = address_of(text)
    if found is None:
        raise click.BadParameter(say("homework.mail.bad_sender", address=text), param_hint="--from")
    return found


def _write(made: Mails, file: Path, drafts: Path | None, sender: Address | None) -> None:
    from dxcourse.homework.mail import write_mails

    write_mails(made.mails, file, drafts, sender)
    for line in made.left_out:
        click.echo(line, err=True)
    click.echo(say("homework.mail.written", file=file, n=len(made.mails), out=len(made.left_out)))
    raise SystemExit(bool(made.left_out))
