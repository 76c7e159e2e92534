"""Which pictures stand together on the projector: one idea at a time, two when they are small."""

from __future__ import annotations

from collections.abc import Iterable

from dxcourse.workshop.results._pictures import Bars, Cloud, Picture, Themes, Voices

SMALL = 5  # bars of a picture that leaves room for another


def paged(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """Number the pictures' pages from 0, in order."""
    found: list[Picture] = []
    filled = 0
    for each in pictures:
        last = found[-1] if found else None
        joins = last is not None and filled < _most(last, each)
        filled = filled + 1 if joins else 1
        page = 0 if last is None else last.page + (not joins)
        found.append(each.model_copy(update={"page": page}))
    return tuple(found)


def _most(left: Picture, right: Picture) -> int:
    """Give how many pictures may stand on a page that has the left one, if the right one comes."""
    match left, right:
        case Voices(), Voices():
            return 4
        case Cloud(), Themes():
            return 2 if left.item == right.item else 1
        case Bars(), Bars():
            return 2 if max(len(left.bars), len(right.bars)) <= SMALL else 1
    return 1
