"""nbgrader's exchange: what leaves for the learners is looked at once more."""

from __future__ import annotations

from pathlib import Path

from nbgrader.exchange.default import ExchangeReleaseAssignment

from dxcourse.homework.errors import HomeworkError
from dxcourse.homework.release import check_released


class ReleaseKeyless(ExchangeReleaseAssignment):  # type: ignore[misc]  # nbgrader has no types
    """Releases a release, and nothing with keys, however it came to lie there."""

    def copy_files(self) -> None:
        """Copy the release to where learners fetch it."""
        try:
            check_released(Path(self.src_path))
        except HomeworkError as error:
            self.fail(str(error))
        super().copy_files()
