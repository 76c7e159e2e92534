"""What a person sees while many submissions are gone through."""

from __future__ import annotations

from io import StringIO

from dxcourse.homework import Progress, progress_line


class Terminal(StringIO):
    def isatty(self) -> bool:
        return True


def test_an_estimate_rests_on_what_was_graded() -> None:
    progress = Progress(total=100, made=4, began=0.0)
    assert progress.seconds_left(8.0) is None
    progress = Progress(total=100, made=10, unchanged=50, began=0.0)
    assert progress.seconds_left(20.0) == 80.0


def shown(progress: Progress, now: float) -> str:
    terminal = Terminal()
    progress_line(terminal, clock=lambda: now)(progress)
    return terminal.getvalue()


def test_a_bar_says_how_far_and_how_long() -> None:
    progress = Progress(total=400, made=90, failed={"bob": "why"}, unchanged=9, began=0.0)
    line = shown(progress, 91.0)
    assert "100 of 400, some 5 minutes left" in line
    assert line.count("█") * 3 == line.count("░")
    assert not line.endswith("\n")


def test_at_the_end_it_promises_nothing_more() -> None:
    line = shown(Progress(total=10, made=10, began=0.0), 5.0)
    assert "10 of 10" in line
    assert "left" not in line
    assert line.endswith("\n")


def test_nothing_to_do_is_done() -> None:
    assert "0 of 0" in shown(Progress(total=0), 0.0)


def test_a_file_gets_no_bar() -> None:
    written = StringIO()
    progress_line(written)(Progress(total=10, made=5))
    assert written.getvalue() == ""
