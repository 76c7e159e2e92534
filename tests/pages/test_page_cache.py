"""Pages: made once, kept until anything they are made of changes, never kept when they failed."""

from __future__ import annotations

import asyncio
import gzip
import re
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest

from dxcourse.pages import cache as module
from dxcourse.pages.cache import PageCache, RenderError
from dxcourse.web.static_files import Representation
from support.tiny_course import FIRST_BANK, TinyCourse
from support.waiting import run

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

FIRST, SECOND = "00_first.ipynb", "01_second.ipynb"
TODAY = date(2026, 11, 24)


@dataclass
class Printer:
    """Stands in for Voila: counts what it makes, and fails when it is told to."""

    made: list[str] = field(default_factory=list)
    failing: bool = False
    slow: float = 0.0
    more: str = ""

    async def __call__(self, notebook: str, day: date) -> str:
        self.made.append(notebook)
        await asyncio.sleep(self.slow)
        if self.failing:
            raise RenderError(f"{notebook}: a cell failed")
        return f"<p>{notebook} {day} {len(self.made)}</p>{self.more}"


@dataclass
class Setting:
    """A course, a folder for its pages, a day."""

    course: TinyCourse
    folder: Path
    printer: Printer = field(default_factory=Printer)
    day: date = TODAY
    sound: bool = True

    def pages(self) -> PageCache:
        """As after a start of the server."""
        return PageCache(
            self.course.root,
            self.folder,
            self.printer,
            today=lambda: self.day,
            sound=lambda: self.sound,
            address={FIRST: "/modules/00"}.get,
        )

    def get(self, pages: PageCache, notebook: str = FIRST) -> str:
        return run(pages.get(notebook)).body.decode()


@pytest.fixture
def setting(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Setting:
    monkeypatch.setattr(module, "LOOK_EVERY", -1.0)  # look at the files every time
    return Setting(TinyCourse.make(tmp_path / "course"), tmp_path / "pages")


def test_a_page_is_made_once_and_again_found_after_a_restart(setting: Setting) -> None:
    pages = setting.pages()
    assert setting.get(pages) == setting.get(pages) == setting.get(setting.pages())
    assert setting.printer.made == [FIRST]


def test_those_who_ask_at_once_get_one_page(setting: Setting) -> None:
    setting.printer.slow = 0.05
    pages = setting.pages()

    async def everyone() -> set[bytes]:
        return {page.body for page in await asyncio.gather(*(pages.get(FIRST) for _ in range(50)))}

    assert len(run(everyone())) == 1
    assert setting.printer.made == [FIRST]


def test_who_leaves_while_a_page_is_made_does_not_end_it_for_others(setting: Setting) -> None:
    setting.printer.slow = 0.05
    pages = setting.pages()

    async def one_leaves() -> Representation:
        leaver = asyncio.create_task(pages.get(FIRST))
        stayer = asyncio.create_task(pages.get(FIRST))
        await asyncio.sleep(0.01)
        leaver.cancel()
        return await stayer

    assert run(one_leaves()).body
    assert setting.printer.made == [FIRST]


def test_no_more_than_two_kernels_run_at_once(setting: Setting) -> None:
    running, most = 0, 0

    async def count(notebook: str, _: date) -> str:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0.02)
        running -= 1
        return notebook

    pages = PageCache(setting.course.root, setting.folder, count, today=lambda: TODAY)

    async def many() -> None:
        await asyncio.gather(*(pages.get(f"{n}.ipynb") for n in range(6)))

    run(many())
    assert most == module.AT_ONCE


@pytest.mark.parametrize(
    "change",
    [
        lambda s: s.course.say("もうひとつ"),
        lambda s: s.course.edit(FIRST_BANK, "赤い旗", "紅い旗"),
        lambda s: s.course.edit("data/facts.csv", "\n", "\n\n"),
        lambda s: s.course.edit("notebooks/course.yaml", "小さな", "大きな"),
        lambda s: (s.course.root / "data/new.csv").write_text("a", encoding="utf-8"),
        lambda s: (s.course.root / "exercises/bank/01_second.yaml").unlink(),
    ],
    ids=["notebook", "exercise", "fact", "outline", "new file", "file gone"],
)
def test_a_change_of_the_course_makes_the_page_anew(
    setting: Setting, change: Callable[[Setting], object]
) -> None:
    pages = setting.pages()
    before = setting.get(pages)
    change(setting)
    assert setting.get(pages) != before
    assert setting.get(setting.pages()) == setting.get(pages)
    assert len(setting.printer.made) == 2


def test_a_change_of_the_code_or_of_a_package_makes_the_page_anew(
    setting: Setting, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting.get(setting.pages())
    monkeypatch.setattr(module, "version", lambda name: f"{name} of tomorrow")
    setting.get(setting.pages())
    package = setting.folder.parent / "package"
    package.mkdir()
    (package / "template.j2").write_text("new", encoding="utf-8")
    monkeypatch.setattr(module, "PACKAGE", package)
    setting.get(setting.pages())
    assert len(setting.printer.made) == 3


def test_a_page_made_yesterday_is_not_shown_today(setting: Setting) -> None:
    pages = setting.pages()
    assert str(TODAY) in setting.get(pages)
    setting.day += timedelta(days=1)
    assert str(TODAY + timedelta(days=1)) in setting.get(pages)
    assert str(TODAY + timedelta(days=1)) in setting.get(setting.pages())
    assert len(list(setting.folder.iterdir())) == 1


def test_a_page_that_failed_is_not_kept_and_tried_again(setting: Setting) -> None:
    setting.printer.failing = True
    pages = setting.pages()
    for _ in range(2):
        with pytest.raises(RenderError, match="a cell failed"):
            setting.get(pages)
    assert not setting.folder.exists()
    setting.printer.failing = False
    assert setting.get(pages).startswith("<p>")


def test_a_page_that_fails_today_is_not_replaced_by_yesterdays(setting: Setting) -> None:
    pages = setting.pages()
    setting.get(pages)
    setting.day += timedelta(days=1)
    setting.printer.failing = True
    with pytest.raises(RenderError):
        setting.get(pages)


def test_making_pages_ahead_goes_on_after_one_that_fails(setting: Setting) -> None:
    setting.printer.failing = True
    run(setting.pages().warm([FIRST, SECOND]))
    assert setting.printer.made == [FIRST, SECOND]


def test_while_the_course_is_wrong_its_pages_stay_as_they_were(setting: Setting) -> None:
    pages = setting.pages()
    before = setting.get(pages)
    setting.course.edit(FIRST_BANK, "correct: true", "correct: maybe")
    setting.sound = False
    assert setting.get(pages) == before
    setting.course.edit(FIRST_BANK, "correct: maybe", "correct: true")
    setting.sound = True
    assert setting.get(pages) != ""


def test_while_a_file_is_being_replaced_pages_stay_as_they_were(setting: Setting) -> None:
    pages = setting.pages()
    before = setting.get(pages)
    outline = setting.course.root / "notebooks/course.yaml"
    away = outline.rename(outline.with_suffix(".away"))
    assert setting.get(pages) == before
    away.rename(outline)
    assert setting.get(pages) == before


def test_a_folder_that_cannot_be_written_costs_speed_and_not_the_page(
    setting: Setting, caplog: pytest.LogCaptureFixture
) -> None:
    setting.folder.write_text("a file where a folder should be", encoding="utf-8")
    pages = setting.pages()
    assert setting.get(pages) == setting.get(pages)
    assert "作ったページをディスクに残せません" in caplog.text
    assert setting.printer.made == [FIRST]


def test_pages_whose_names_begin_alike_do_not_replace_each_other(setting: Setting) -> None:
    pages = setting.pages()
    names = ("apps/plan.ipynb", "apps/plan-class.ipynb", "plan.ipynb", "apps/plan_class.ipynb")
    for name in names:
        setting.get(pages, name)
    for name in names:
        setting.get(setting.pages(), name)
    assert setting.printer.made == list(names)


def test_a_page_is_compressed_once_and_marked_by_what_it_says() -> None:
    page = Representation.of("寿司".encode() * 100)
    assert gzip.decompress(page.gzipped) == page.body
    assert page == Representation.of("寿司".encode() * 100)
    assert page.etag != Representation.of(b"sushi").etag
    assert page.etag.startswith('"')


def test_several_processes_make_a_page_once(setting: Setting) -> None:
    setting.printer.slow = 0.05
    pages = [setting.pages() for _ in range(4)]

    async def everyone() -> set[bytes]:
        return {page.body for page in await asyncio.gather(*(each.get(FIRST) for each in pages))}

    assert len(run(everyone())) == 1
    assert setting.printer.made == [FIRST]


def stale(setting: Setting) -> PageCache:
    return PageCache(
        setting.course.root,
        setting.folder,
        setting.printer,
        today=lambda: setting.day,
        sound=lambda: setting.sound,
        stale=True,
    )


def test_while_a_changed_page_is_made_anew_visitors_get_the_former_one(setting: Setting) -> None:
    pages = stale(setting)

    async def visit() -> tuple[Representation, Representation, Representation]:
        first = await pages.get(FIRST)
        setting.course.say("もうひとつ")
        setting.printer.slow = 0.05
        meanwhile = await pages.get(FIRST)
        await asyncio.sleep(0.3)
        return first, meanwhile, await pages.get(FIRST)

    first, meanwhile, later = run(visit())
    assert meanwhile == first != later
    assert setting.printer.made == [FIRST, FIRST]


def test_a_changed_page_that_cannot_be_made_is_not_tried_at_every_visit(setting: Setting) -> None:
    pages = stale(setting)

    async def visit() -> set[bytes]:
        seen = {(await pages.get(FIRST)).body}
        setting.course.say("もうひとつ")
        setting.printer.failing = True
        for _ in range(5):
            seen.add((await pages.get(FIRST)).body)
            await asyncio.sleep(0.05)
        return seen

    assert len(run(visit())) == 1
    assert setting.printer.made == [FIRST, FIRST]


def test_yesterdays_page_is_no_former_one(setting: Setting) -> None:
    pages = stale(setting)

    async def visit() -> bytes:
        await pages.get(FIRST)
        setting.day += timedelta(days=1)
        return (await pages.get(FIRST)).body

    assert str(TODAY + timedelta(days=1)).encode() in run(visit())


def test_tomorrows_page_that_was_made_ahead_is_there_at_midnight(setting: Setting) -> None:
    pages = setting.pages()
    tomorrow = TODAY + timedelta(days=1)

    async def night() -> tuple[bytes, bytes]:
        await pages.get(FIRST)
        await pages.warm([FIRST], day=tomorrow)
        evening = (await pages.get(FIRST)).body
        setting.day = tomorrow
        return evening, (await pages.get(FIRST)).body

    evening, morning = run(night())
    assert str(TODAY).encode() in evening
    assert str(tomorrow).encode() in morning
    assert setting.printer.made == [FIRST, FIRST]


def test_pages_in_other_frames_are_other_pages(setting: Setting) -> None:
    setting.get(setting.pages())
    other = PageCache(
        setting.course.root, setting.folder, setting.printer, today=lambda: TODAY, frame="visitors"
    )
    setting.get(other)
    assert setting.printer.made == [FIRST, FIRST]


def test_ending_ends_what_is_being_made(setting: Setting) -> None:
    setting.printer.slow = 30
    pages = setting.pages()

    async def end() -> None:
        waiting = asyncio.create_task(pages.get(FIRST))
        await asyncio.sleep(0.05)
        await pages.close()
        with pytest.raises(RenderError, match="ending"):  # who waits is told, and does not hang
            await waiting
        with pytest.raises(RenderError, match="ending"):
            await pages.get(SECOND)

    run(end())


def drawn(label: str, outline: str) -> str:
    """A picture as a page is made with it."""
    return (
        '<div class="dxl-panel" role="region" aria-label="図" tabindex="0">'
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 760 398" width="760" height="398"'
        f' role="img" aria-label="{label}" stroke-linejoin="round">'
        f'<path fill="var(--dx-ink, #1b1c20)" d="{outline}"/></svg></div>'
    )


LARGE = "M0 0" * module.LARGE


def test_a_large_picture_is_sent_as_a_file_of_its_own(setting: Setting) -> None:
    setting.printer.more = drawn("赤い&quot;旗&quot;", LARGE) + drawn("小さな印", "M0 0")
    pages = setting.pages()
    page = setting.get(pages)
    images = re.findall(r'<img class="dxl-(light|dark)" src="([^"#]*)(#dark)?" ([^>]*)>', page)
    assert [(kind, place) for kind, _, place, _ in images] == [("light", ""), ("dark", "#dark")]
    (address,) = {address for _, address, _, _ in images}
    for _, _, _, look in images:
        assert look.startswith('width="760" height="398" alt="赤い&quot;旗&quot;"')
        assert look.endswith('loading="lazy"')  # until page.js has drawn what is answered
    start, folder, version, file = address.split("/")
    assert (start, folder) == ("00", "pictures")  # as told from /modules/00, under any base path
    found = run(pages.picture(FIRST, file.removesuffix(".svg")))
    assert found is not None
    assert found.version == version
    assert f'fill="var(--dx-ink, #1f1d1a)" d="{LARGE}"' in found.file.body.decode()
    assert page.count("<svg") == 1
    assert 'aria-label="小さな印"' in page
    assert run(pages.picture(FIRST, "00000000")) is None


def test_a_page_is_kept_with_its_pictures(setting: Setting) -> None:
    """What was kept before pictures were files is shown as well."""
    setting.printer.more = drawn("旗", LARGE)
    first = setting.get(setting.pages())
    (kept,) = setting.folder.glob("*.html")
    assert LARGE in kept.read_text(encoding="utf-8")
    assert setting.get(setting.pages()) == first
    assert setting.printer.made == [FIRST]


def test_without_an_address_a_picture_stays_in_its_page(setting: Setting) -> None:
    setting.printer.more = drawn("旗", LARGE)
    assert LARGE in setting.get(setting.pages(), SECOND)


def test_two_pictures_that_say_the_same_are_not_taken_for_one(setting: Setting) -> None:
    setting.printer.more = drawn("旗", LARGE) + drawn("旗", f"{LARGE}z")
    page = setting.get(setting.pages())
    assert page.count("<img") == 2
    assert f"{LARGE}z" in page


def test_a_picture_that_changed_has_another_version_under_its_name(setting: Setting) -> None:
    seen = []
    for outline in (LARGE, f"{LARGE}z"):
        setting.printer.more = drawn("旗", outline)
        setting.course.edit(FIRST_BANK, "どれ", "どれか")
        found = re.search(r"pictures/(\w+)/(\w+)\.svg", setting.get(setting.pages()))
        assert found
        seen.append(found.groups())
    (old, name), (new, same) = seen
    assert name == same
    assert old != new
