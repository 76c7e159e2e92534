"""Tables of a room side by side, and rooms of a year: never where one is too small. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dxcourse.exercises.shapes import Privacy
from dxcourse.text.typed import cut, visible
from dxcourse.workshop.report.content import ReportContent, report_content, say
from dxcourse.workshop.results import Bars, GivenAnswer, room_view
from dxcourse.workshop.results.answers import FEW
from dxcourse.workshop.snapshot import AskedExercise, Workshop

HEAD = 12  # characters of a room's name at the head of a column
FISCAL_YEAR = 4  # the month in which Japan's begins


@dataclass(frozen=True)
class ComparedQuestion:
    """A question that several groups answered.

    `counts` has a row for each of `options`, and in it a count for each of `groups`; None where a
    group is too small, or was not asked. `sizes` are the answers of each group.
    """

    title: str
    groups: tuple[str, ...]
    sizes: tuple[int | None, ...]
    options: tuple[str, ...]
    counts: tuple[tuple[int | None, ...], ...]

    def share(self, row: int, column: int) -> str:
        """Give a count as people read it: 「12（40%）」."""
        count, of = self.counts[row][column], self.sizes[column]
        if count is None or not of:
            return say("no_share")
        return say("share", n=count, percent=round(100 * count / of))


@dataclass(frozen=True)
class RoomComparison:
    """Rooms side by side: what each report says first, and the questions that several asked."""

    rooms: tuple[ReportContent, ...]
    questions: tuple[ComparedQuestion, ...]


def compare_tables(workshop: Workshop) -> tuple[ComparedQuestion, ...]:
    """Compare the tables of a room; what was not revealed, or is of oneself, is not compared."""
    found = []
    for asked in workshop.asked:
        tables = {
            name: _bars(workshop, asked, given) for name, given in _tables(workshop, asked).items()
        }
        if len(tables) < 2:  # noqa: PLR2004  -- to compare takes two
            continue
        for drawn in zip(*tables.values(), strict=True):
            if all(bars.n >= FEW for bars in drawn):  # some may have left this item out
                title = f"{asked.exercise.title}　{drawn[0].title}".strip()
                found.append(_question(title, dict(zip(tables, drawn, strict=True))))
    return tuple(found)


def _tables(workshop: Workshop, asked: AskedExercise) -> Mapping[str, Sequence[GivenAnswer]]:
    """Give the answers of each table that is large enough, and of all others together.

    What is left is never fewer than can be shown: or it could be told from the whole.
    """
    seated: dict[int, list[GivenAnswer]] = {}
    for each in filter(lambda one: one.items, asked.given):
        seated.setdefault(workshop.tables.get(each.who, 0), []).append(each)
    shown = {n: given for n, given in seated.items() if n and len(given) >= FEW}
    rest = [each for n, given in seated.items() if n not in shown for each in given]
    while shown and 0 < len(rest) < FEW:
        rest += shown.pop(min(shown, key=lambda n: (len(shown[n]), n)))
    tables: dict[str, Sequence[GivenAnswer]] = {say("table", n=n): shown[n] for n in sorted(shown)}
    return tables | ({say("other_tables"): rest} if rest else {})


def _bars(
    workshop: Workshop, asked: AskedExercise, given: Sequence[GivenAnswer]
) -> tuple[Bars, ...]:
    if asked.revealed is None or asked.exercise.privacy is Privacy.SENSITIVE:
        return ()
    view = room_view(asked.exercise, given, revealed=True, seed=workshop.seed)
    return tuple(each for each in view.pictures if isinstance(each, Bars))


def _question(title: str, groups: Mapping[str, Bars | None]) -> ComparedQuestion:
    """Lay groups side by side, by the options of the first that has them."""
    known = next(bars for bars in groups.values() if bars is not None)
    counts = [
        {bar.ref: bar.count for bar in bars.bars} if bars else None for bars in groups.values()
    ]
    return ComparedQuestion(
        title=title,
        groups=tuple(groups),
        sizes=tuple(bars.n if bars else None for bars in groups.values()),
        options=tuple(bar.text for bar in known.bars),
        counts=tuple(
            tuple(of.get(bar.ref) if of is not None else None for of in counts)
            for bar in known.bars
        ),
    )


def compare_rooms(workshops: Iterable[Workshop]) -> RoomComparison:
    """Compare rooms, the earliest first, by the questions that at least two have shown."""
    rooms = sorted(workshops, key=lambda each: (each.day, each.name))
    told = tuple(report_content(each) for each in rooms)
    # At the head of a column a long name would take the page: the list of rooms has it whole.
    short = [cut(visible(each.name), HEAD)[0] for each in rooms]
    names = [say("room", at=at, name=name) for at, name in enumerate(short, start=1)]
    drawn: dict[tuple[str, str], dict[str, Bars]] = {}
    titles: dict[tuple[str, str], str] = {}
    for name, content in zip(names, told, strict=True):
        for result in content.results:
            for picture in result.view.pictures:
                if isinstance(picture, Bars) and picture.n >= FEW:
                    place = (result.view.exercise, picture.item)
                    drawn.setdefault(place, {})[name] = picture
                    titles[place] = f"{result.view.title}　{picture.title}".strip()
    questions = tuple(
        _question(titles[place], {name: shown.get(name) for name in names})
        for place, shown in drawn.items()
        if len(shown) > 1 and not place[0].startswith("own-")
    )
    return RoomComparison(told, questions)


def fiscal_year(workshop: Workshop) -> int:
    """Give the year (年度, from April to March) in which a workshop was held."""
    return workshop.day.year - (workshop.day.month < FISCAL_YEAR)
