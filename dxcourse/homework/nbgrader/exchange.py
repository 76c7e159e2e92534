"""nbgrader's exchange: what leaves for the learners is looked at once more."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from nbgrader.exchange.default import ExchangeCollect, ExchangeReleaseAssignment

from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.release import check_released
from dxcourse.homework.submission_files import links_below
from dxcourse.text import say


class ReleaseKeyless(ExchangeReleaseAssignment):  # type: ignore[misc]  # nbgrader has no types
    """Releases a release, and nothing with keys, however it came to lie there."""

    def copy_files(self) -> None:
        """Copy the release to where learners fetch it."""
        try:
            check_released(Path(self.src_path))
        except HomeworkError as error:
            self.fail(str(error))
        super().copy_files()


class CollectWithoutLinks(ExchangeCollect):  # type: ignore[misc]
    """Collects what was handed in, and follows no link: it may lead to anybody's files."""

    src_records: list[dict[str, Any]]

    def copy_files(self) -> None:
        """Copy the submissions that consist of files; those with a link are named and left."""
        sound: list[dict[str, Any]] = []
        found: list[dict[str, Any]] = self.src_records
        for record in found:
            links = links_below(Path(self.inbound_path) / record["filename"])
            if links:
                name = "" if links[0].name == record["filename"] else links[0].name
                student = record["username"]
                self.log.warning(say("homework.exchange.link", student=student, name=name))
            else:
                sound.append(record)
        self.src_records = sound
        super().copy_files()
