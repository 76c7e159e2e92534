"""Which pictures stand together on the projector: one idea at a time, two when they are small."""

from __future__ import annotations

from collections.abc import Iterable

from dxcourse.workshop.results._pictures import Bars, Cloud, Picture, Themes, Voices

SMALL = 5  # bars of a picture that leaves room for another


def paged(pictures: Iterable[Picture]) -> tuple[Picture, ...]:
    """Number the pictures' pages from 0, in order."""
    found: list[Picture] = []
    alone = True
    for each in pictures:
        last = found[-1] if found else None
        joins = last is not None and alone and _together(last, each)
        page = 0 if last is None else last.page + (not joins)
        alone = not joins
        found.append(each.model_copy(update={"page": page}))
    return tuple(found)


def _together(left: Picture, right: Picture) -> bool:
    match left, right:
        case Cloud(), Themes():
            return left.item == right.item
        case Voices(), Voices():
            return True
        case Bars(), Bars():
            return max(len(left.bars), len(right.bars)) <= SMALL
    return False
