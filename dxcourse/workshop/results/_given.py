"""What goes in: the room's present answers, the hands that were counted, what was moderated."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Tally = Mapping[str, Mapping[str, int]]
"""Hands and paper: item ref to value ref to a count.

A value ref is the ref of an option, bin, answer or the number of a level or month as text; for an
order all refs joined by commas; for a number the number as text; for an opinion a theme's id.
"""


@dataclass(frozen=True)
class Given:
    """One participant's present answer to one exercise.

    Parameters
    ----------
    who
        Opaque; never shown. No two answers of a room have the same.
    items
        Values by item ref, as the exercise's `read` gives them.
    pair
        Whether a pair answered together: one 組, which counts as one answer.
    consent
        Whether what was typed may stand word for word in a report.
    """

    who: str
    items: Mapping[str, Any]
    pair: bool = False
    consent: bool = False


@dataclass(frozen=True)
class Moderation:
    """What the facilitator did with voices, by the ids that the view handed out.

    Parameters
    ----------
    hidden
        Voices that count nowhere and stand nowhere.
    pinned
        Voices that stand first.
    groups
        The facilitator's own headings, each with its voices; a voice is in the first that has it.
    """

    hidden: frozenset[str] = frozenset()
    pinned: frozenset[str] = frozenset()
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
