"""Mails to learners, one each, as a table for mail merge and as drafts (.eml). Nothing is sent."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nbgrader.api import MissingEntry

from dxcourse.files import write_atomically
from dxcourse.homework.course import HomeworkCourse
from dxcourse.homework.deadlines import read_extensions
from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.pages.handout import feedback_file
from dxcourse.homework.pages.links import BadLink, Links, LinksOver
from dxcourse.homework.source_notebook import SourceNotebook
from dxcourse.homework.times import in_japan
from dxcourse.spreadsheet import FORBIDDEN, csv_text
from dxcourse.text import say, words

BLANK = re.compile(r"\{(\w+)\}")
BLANKS = ("name", "title", "due", "link")
COLUMNS = ("student", "name", "to", "subject", "body", "link", "attachment")


@dataclass(frozen=True)
class MailText:
    """What a mail says, with blanks: see `BLANKS`. A line whose blank has no value is left out."""

    subject: str
    body: str

    @classmethod
    def of(cls, kind: str, file: Path | None = None) -> MailText:
        """Ours for ``links`` or ``feedback``, or a file's: its first line is the subject.

        Raises
        ------
        HomeworkError
            The file cannot be read, has no subject or no body, or a blank that there is not.
        """
        if file is None:
            ours = words(f"homework.mail.{kind}")
            return cls(ours["subject"], ours["body"])
        try:
            text = file.read_bytes().decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            raise HomeworkError(say("homework.mail.text.unreadable", file=file)) from error
        subject, _, body = text.replace("\r\n", "\n").partition("\n")
        if not subject.strip() or not body.strip():
            raise HomeworkError(say("homework.mail.text.short", file=file))
        strange = [each for each in BLANK.findall(text) if each not in BLANKS]
        if strange:
            known = say("homework.and").join(f"{{{each}}}" for each in BLANKS)
            told = say("homework.mail.text.blank", file=file, blank=strange[0], known=known)
            raise HomeworkError(told)
        return cls(subject.strip(), body.strip() + "\n")

    def filled(self, values: Mapping[str, str]) -> tuple[str, str]:
        """Subject and body for one learner."""
        lines = [
            _fill(line, values)
            for line in self.body.splitlines()
            if all(values[blank] for blank in BLANK.findall(line))
        ]
        body = re.sub(r"\n{3,}", "\n\n", "\n".join(lines))
        return _fill(self.subject, values), body.rstrip() + "\n"


def _fill(text: str, values: Mapping[str, str]) -> str:
    return BLANK.sub(lambda found: values[found[1]], text)


@dataclass(frozen=True)
class Mail:
    """A mail to one learner; `link` or `attachment` is theirs alone."""

    student: str
    name: str
    address: Address
    subject: str
    body: str
    link: str = ""
    attachment: Path | None = None

    @property
    def cells(self) -> list[str]:
        """What stands in a table, in the order of `COLUMNS`."""
        attachment = str(self.attachment) if self.attachment else ""
        to = self.address.addr_spec
        told = (self.student, self.name, to, self.subject, self.body, self.link, attachment)
        return [csv_text(FORBIDDEN.sub("", each)) for each in told]

    def message(self, sender: Address | None = None) -> bytes:
        """The mail as a file that mail programs open as a draft (RFC 5322)."""
        made = EmailMessage(policy=SMTP)
        if sender is not None:
            made["From"] = sender
        made["To"] = self.address
        made["Subject"] = _one_line(self.subject)
        made["X-Unsent"] = "1"  # Outlook opens it to be sent, not as one that came in
        made.set_content(self.body)
        if self.attachment is not None:
            html = self.attachment.read_bytes()
            made.add_attachment(
                html, maintype="text", subtype="html", filename=self.attachment.name
            )
        return made.as_bytes()


@dataclass
class Mails:
    """The mails of an assignment, and why there is none for somebody: a line each."""

    mails: list[Mail]
    left_out: list[str]


def link_mails(
    course: HomeworkCourse, assignment: str, file: Path, links: Links, text: MailText
) -> Mails:
    """Tell each learner their personal link, from the table that `links` wrote.

    Raises
    ------
    HomeworkError
        The assignment is not released, or the table is not one of links.
    """
    made = Mails([], [])
    people = _People.of(course, assignment)
    for student, link in _links(file):
        if _is_good(links, link, assignment, student, made.left_out):
            people.write(made, student, text, link=link)
    return made


def feedback_mails(
    course: HomeworkCourse,
    assignment: str,
    text: MailText,
    *,
    file: Path | None = None,
    links: Links | None = None,
) -> Mails:
    """Tell each learner that feedback is there: under their link, or with its page attached.

    Parameters
    ----------
    file, links
        The table that `links` wrote, and what reads it: whoever's feedback is given back on pages
        gets the address of it. Without, whoever's is written gets the page itself.

    Raises
    ------
    HomeworkError
        The assignment is not released, there is no feedback, or the table is not one of links.
    """
    made = Mails([], [])
    people = _People.of(course, assignment)
    if file is not None and links is not None:
        for student, link in _links(file):
            if not _is_good(links, link, assignment, student, made.left_out):
                continue
            if feedback_file(course.root, assignment, links.who(assignment, student)).is_file():
                people.write(made, student, text, link=f"{link}/feedback")
            else:
                made.left_out.append(say("homework.mail.not_given", student=student))
    else:
        for student in course.students(assignment, "feedback"):
            pages = sorted(course.folder("feedback", assignment, student).glob("*.html"))
            if pages:
                people.write(made, student, text, attachment=pages[0])
    if not made.mails and not made.left_out:
        raise HomeworkError(say("homework.feedback.nothing", whose=assignment))
    return made


def _is_good(links: Links, link: str, assignment: str, student: str, out: list[str]) -> bool:
    """Whether a link still opens, and opens this learner's own page."""
    try:
        found = links.read(link.rsplit("/", 1)[-1])
    except LinksOver:
        out.append(say("homework.mail.over", student=student))
    except BadLink:
        out.append(say("homework.mail.void", student=student))
    else:
        if (found.assignment, found.who) == (assignment, links.who(assignment, student)):
            return True
        out.append(say("homework.mail.foreign", student=student))
    return False


def _links(file: Path) -> Iterator[tuple[str, str]]:
    """Whose link is which, in a table of links; a person may have saved it from a spreadsheet."""
    try:
        text = file.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise HomeworkError(say("homework.mail.no_links", file=file)) from error
    rows = csv.DictReader(StringIO(text, newline=""))
    if not {"id", "link"} <= set(rows.fieldnames or ()):
        raise HomeworkError(say("homework.mail.no_links", file=file))
    for row in rows:
        if row["id"] and row["link"]:
            yield row["id"].removeprefix("'").strip(), row["link"].strip()


@dataclass(frozen=True)
class _People:
    """Who the learners are, and until when they have time."""

    title: str
    students: Mapping[str, Any]
    dues: Mapping[str, str]
    due: str

    @classmethod
    def of(cls, course: HomeworkCourse, assignment: str) -> _People:
        with course.gradebook() as gradebook:
            try:
                found = gradebook.find_assignment(assignment)
            except MissingEntry as error:
                raise HomeworkError(say("homework.not_released", assignment=assignment)) from error
            names = [each.name for each in found.notebooks]
            students = {
                each.id: (each.last_name or "", each.first_name or "", each.email or "")
                for each in gradebook.students
            }
            due = found.duedate
        source = course.folder("source", assignment)
        title = SourceNotebook.read(source / f"{names[0]}.ipynb").title if names else assignment
        extended = read_extensions(course, assignment)
        return cls(
            title,
            students,
            {student: in_japan(until) for student, until in extended.items()},
            in_japan(due),
        )

    def write(
        self,
        made: Mails,
        student: str,
        text: MailText,
        *,
        link: str = "",
        attachment: Path | None = None,
    ) -> None:
        """Add the mail to a learner, or why there is none."""
        last, first, mail = self.students.get(student, ("", "", ""))
        name = _one_line(f"{last} {first}") or student
        address = address_of(mail, name)
        if address is None:
            told = say("homework.mail.no_address", student=student)
            if mail.strip():
                told = say("homework.mail.bad_address", student=student, address=mail)
            made.left_out.append(told)
            return
        due = self.dues.get(student, self.due)
        values = {"name": name, "title": self.title, "due": due, "link": link}
        subject, body = text.filled(values)
        made.mails.append(Mail(student, name, address, subject, body, link, attachment))


def address_of(text: str, name: str = "") -> Address | None:
    """An e-mail address that can be written to; None where it is none."""
    plain = text.strip()
    if not plain.isascii() or "@" not in plain:
        return None
    try:
        return Address(display_name=name, addr_spec=plain)
    except (ValueError, HeaderParseError, IndexError):
        return None


def write_mails(
    mails: Sequence[Mail], file: Path, folder: Path | None = None, sender: Address | None = None
) -> None:
    """Write the table (CSV, UTF-8 with the mark that Excel looks for), and a draft a learner.

    Raises
    ------
    HomeworkError
        The drafts' folder has some already: they would be sent twice. Or the disk refuses.
    """
    out = StringIO()
    table = csv.writer(out)
    table.writerow([say(f"homework.mail.columns.{name}") for name in COLUMNS])
    table.writerows(mail.cells for mail in mails)
    try:
        if folder is not None and any(folder.glob("*.eml")):
            raise HomeworkError(say("homework.mail.drafts_there", folder=folder))
        write_atomically(file, out.getvalue().encode("utf-8-sig"), mode=0o600)
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
            for mail in mails:
                path = folder / f"{quote(mail.student, safe='@+')}.eml"
                write_atomically(path, mail.message(sender), mode=0o600)
    except OSError as error:
        told = say("homework.cannot_write", file=error.filename or file, cause=error.strerror)
        raise HomeworkError(told) from error


def _one_line(text: str) -> str:
    return " ".join(FORBIDDEN.sub("", text).split())
