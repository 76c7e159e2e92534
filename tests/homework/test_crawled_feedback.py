"""Feedback crawled as every learner, before and after each step: nobody reads another's."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from tornado.httpclient import AsyncHTTPClient
from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets
from tornado.web import Application

from dxcourse.answers import FileStore
from dxcourse.homework import HomeworkCourse, give_back, grade_all
from dxcourse.homework.pages import Links, publish_feedback, withdraw_feedback
from dxcourse.homework.pages.handlers import ADDRESSES
from dxcourse.homework.pages.site import HomeworkSite, LinkTokens
from dxcourse.web.server import allow_list, tornado_settings
from dxcourse.web.settings import ServerSettings
from support.homework import HW, Homework, right_answers

UNTIL = datetime(2099, 1, 1, tzinfo=UTC)
LEARNERS = ("p1", "p2", "p3")


class Crawler:
    """A site of homework, and everybody who knows an address of it."""

    def __init__(self, course: HomeworkCourse, links: Links, folder: Path) -> None:
        self.links = links
        self.tokens = {each: links.token(HW, each, UNTIL) for each in LEARNERS}
        settings = ServerSettings()
        self.site = HomeworkSite(
            store=FileStore(folder / "answers.jsonl"),
            learners=LinkTokens(links),
            hosts=settings.host_names,
            settings=settings,
            homework=course,
            links=links,
        )

    def addresses(self) -> dict[str, list[str]]:
        """What each learner asks for: their own page, and what they can guess of the others'."""
        whos = {each: self.links.who(HW, each) for each in LEARNERS}
        found = {}
        for reader, token in self.tokens.items():
            guessed = [
                f"/homework/{who}/feedback" for other, who in whos.items() if other != reader
            ]
            guessed += [f"/homework/{token}/../{who}/feedback" for who in whos.values()]
            guessed += [f"/pages/{HW}/{who}.html" for who in whos.values()]
            guessed += [f"/feedback/{other}/{HW}/{HW}.html" for other in LEARNERS]
            swapped = [
                f"/homework/{token[:-6]}{other[-6:]}/feedback"
                for other in self.tokens.values()
                if other != token
            ]
            pages = [f"/homework/{token}", f"/homework/{token}/feedback"]
            found[reader] = [*pages, *guessed, *swapped, f"/homework/{HW}/feedback"]
        found["nobody"] = ["/homework/x/feedback", f"/homework/{whos['p1']}", "/homework//feedback"]
        return found

    def who_reads_whom(self) -> set[tuple[str, str]]:
        """Each reader, and whose text stands in what they are answered."""

        async def ask() -> set[tuple[str, str]]:
            app = Application(
                allow_list(self.site, ADDRESSES), **tornado_settings(self.site, ADDRESSES)
            )
            server = HTTPServer(app)
            (socket,) = bind_sockets(0, "127.0.0.1")
            server.add_socket(socket)
            origin = f"http://127.0.0.1:{socket.getsockname()[1]}"
            client = AsyncHTTPClient(force_instance=True)
            read = set()
            for reader, paths in self.addresses().items():
                for path in paths:
                    reply = await client.fetch(f"{origin}{path}", raise_error=False)
                    assert reply.code in {200, 403, 404, 410}, (path, reply.code)
                    text = reply.body.decode()
                    read |= {(reader, whose) for whose in LEARNERS if f"{whose}の文" in text}
            server.stop()
            await server.close_all_connections()
            return read

        return asyncio.run(ask())


@pytest.mark.server
def test_nobody_reads_anothers_nor_earlier_nor_after_it_was_taken_back(
    course: HomeworkCourse, homework: Homework, tmp_path: Path
) -> None:
    links = Links("a secret of the tests", tmp_path / "revoked.json")
    crawler = Crawler(course, links, tmp_path)

    def read_by(*students: str) -> None:
        assert crawler.who_reads_whom() == {(each, each) for each in students}

    read_by()
    for student in LEARNERS:
        homework.hand_in(student, right_answers(homework.source), reflection=f"{student}の文です")
    read_by()
    grade_all(course, HW)
    read_by()
    give_back(course, HW)
    read_by()
    publish_feedback(course, HW, links, "p1")
    read_by("p1")
    publish_feedback(course, HW, links)
    read_by("p1", "p2", "p3")
    withdraw_feedback(course, HW, links, "p2")
    read_by("p1", "p3")
    links.revoke(HW, "p3")
    read_by("p1")
    crawler.tokens["p3"] = links.token(HW, "p3", UNTIL)
    read_by("p1", "p3")
    crawler.tokens["p1"] = links.token(HW, "p1", datetime(2026, 1, 1, tzinfo=UTC))
    read_by("p3")
    withdraw_feedback(course, HW, links)
    crawler.tokens["p1"] = links.token(HW, "p1", UNTIL)
    read_by()
    crawler.site.close()
