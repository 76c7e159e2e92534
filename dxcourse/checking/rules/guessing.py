"""What gives a key away to someone who does not know it: length, place, and fixed rules.

Only marked questions with options count, and of these only the options that compete: one that is
kept last (「わからない」) does not.
"""

from __future__ import annotations

import math
import re
from dataclasses import replace
from statistics import median
from typing import TYPE_CHECKING

from dxcourse.checking.report import Measure
from dxcourse.checking.rules.questions import questions
from dxcourse.exercises import Note, within
from dxcourse.text import say

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from dxcourse.checking.content import Content
    from dxcourse.checking.rules.questions import KeyedQuestion
    from dxcourse.errors import Finding


def counts(chances: Iterable[float]) -> list[float]:
    """Give the probability of each number of hits among independent trials (Poisson binomial).

    Parameters
    ----------
    chances
        The probability of a hit in each trial.

    Returns
    -------
    list of float
        The probabilities of 0, 1, 2 … hits: ``P_n(k) = P_{n-1}(k) (1 - p) + P_{n-1}(k-1) p``.
    """
    spread = [1.0]
    for p in chances:
        shifted = [0.0, *spread]
        spread = [a * (1 - p) + b * p for a, b in zip([*spread, 0.0], shifted, strict=True)]
    return spread


def at_least(hits: int, chances: Iterable[float]) -> float:
    """Give the probability of that many hits or more."""
    return math.fsum(counts(chances)[hits:])


def as_far(hits: int, chances: Iterable[float]) -> float:
    """Give the two-sided probability: twice that of the smaller tail, at most 1."""
    spread = counts(chances)
    tails = math.fsum(spread[: hits + 1]), math.fsum(spread[hits:])
    return min(1.0, 2 * min(tails))


LONG = 1.8
LEVEL = 0.05


def key_lengths(content: Content) -> Iterator[Finding]:
    """Hold that no right option is much longer than the wrong ones beside it.

    Statistic: its characters over the median of the wrong options' characters. Threshold: above
    1.8 is a finding.
    """
    for question in questions(content):
        found = question.lengths
        wrong = [length for index, length in enumerate(found) if index not in question.right]
        for index in question.right if wrong else []:
            ratio = found[index] / median(wrong)
            if ratio > LONG:
                yield question.at_right(index, "cues.long_key", ratio=ratio)


def longest_options(content: Content) -> Iterator[Finding]:
    """Hold that over the bank the right option is not the longest more often than by chance.

    Statistic: the number of questions whose one longest option is right, among those that have one
    longest option. By chance this is right with probability r/k in a question with r right ones of
    k options, so the number is Poisson binomial. Threshold: a finding where that number or a higher
    one has an exact probability below 0.05.
    """
    asked = [q for q in questions(content) if q.lengths.count(max(q.lengths)) == 1]
    hits = [q for q in asked if q.lengths.index(max(q.lengths)) in q.right]
    chances = [len(q.right) / len(q.lengths) for q in asked]
    if hits and at_least(len(hits), chances) < LEVEL:
        widest = max(hits, key=lambda q: max(q.lengths) / median(q.lengths))
        place = widest.lengths.index(max(widest.lengths))
        blanks = {"hits": len(hits), "asked": len(asked), "chance": sum(chances)}
        yield widest.at_right(place, "cues.longest", **blanks)


def key_positions(content: Content) -> Iterator[Finding]:
    """Hold that over the bank right options do not favour or avoid a place in the YAML's order.

    Statistic: for each place, the number of questions whose option there is right. By chance this
    is so with probability r/k in a question with r right ones of k options (k reaching that far),
    so the number is Poisson binomial. Threshold: a finding where its exact two-sided probability,
    twice the smaller tail, is below 0.05 divided by the number of places (Bonferroni).
    """
    asked = list(questions(content))
    places = max((len(q.lengths) for q in asked), default=0)
    for place in range(places):
        reaching = [q for q in asked if len(q.lengths) > place]
        hits = [q for q in reaching if place in q.right]
        chances = [len(q.right) / len(q.lengths) for q in reaching]
        if as_far(len(hits), chances) < LEVEL / places:
            first = (hits if len(hits) > sum(chances) else reaching)[0]
            yield first.at_right(
                place if place in first.right else first.right[0],
                "cues.place",
                place=place + 1,
                hits=len(hits),
                reaching=len(reaching),
                chance=sum(chances),
            )


# -- What someone who knows nothing gets right by fixed rules, and other figures of the questions
#
# They are told with every report, and warned of where they leave what chance or good manners allow.

ABSOLUTE = re.compile("必ず|絶対|すべて|全て|一切|決して|常に|完全に|だけで|しかない")
SENTENCE = re.compile("[^。！？!?]+[。！？!?]?")
ASKS = re.compile(r"(?:[？?]|か。?)\s*[」』）]*$")
MOST_ASKING = 0.5


def _digits(text: str, _: str) -> float:
    return len(re.findall(r"[0-9０-９一二三四五六七八九十]", text))


def _shared(text: str, stem: str) -> float:
    return len({text[at : at + 2] for at in range(len(text) - 1)} & _pairs(stem))


def _pairs(text: str) -> set[str]:
    return {text[at : at + 2] for at in range(len(text) - 1)}


RULES: dict[str, Callable[[str, str], float]] = {
    "longest": lambda text, _: len(text),
    "shortest": lambda text, _: -len(text),
    "digits": _digits,
    "stem": _shared,
    "absolute": lambda text, _: -len(ABSOLUTE.findall(text)),
}
"""By each the option with the highest number is taken; of several with the same, any."""


def blind_figures(content: Content) -> Iterator[Measure]:
    """Give the shares that each rule gets right, beside what chance gives."""
    asked = [question for question in questions(content) if len(question.right) == 1]
    if not asked:
        return
    chance = sum(1 / len(question.lengths) for question in asked)
    shares = {name: sum(_hit(q, RULES[name]) for q in asked) / len(asked) for name in RULES}
    values = {"questions": float(len(asked)), "chance": chance / len(asked), **shares}
    yield Measure("blind", say("check.blind.figures", **values), values)


def blind_rules(content: Content) -> Iterator[Finding]:
    """Warn of a rule that gets more right than chance (exact, 0.05 shared by the rules)."""
    asked = [question for question in questions(content) if len(question.right) == 1]
    chances = [1 / len(question.lengths) for question in asked]
    for name, rule in RULES.items():
        hits = round(sum(_hit(question, rule) for question in asked))
        if asked and at_least(hits, chances) < LEVEL / len(RULES):
            blanks = {"rule": say(f"check.blind.by.{name}"), "hits": hits, "asked": len(asked)}
            first = next(question for question in asked if _hit(question, rule) == 1)
            told = first.at_right(first.right[0], "blind.rule", chance=sum(chances), **blanks)
            yield replace(told, warning=True)


def asking_figures(content: Content) -> Iterator[Measure]:
    """Give how much of the feedback ends in a question, and how much does nothing else."""
    told = [note.text for note in _feedback(content)]
    if told:
        values = {
            "notes": float(len(told)),
            "ending": sum(bool(ASKS.search(text.strip())) for text in told) / len(told),
            "only": sum(map(only_asks, told)) / len(told),
        }
        yield Measure("asking", say("check.blind.asking", **values), values)


def asking_feedback(content: Content) -> Iterator[Finding]:
    """Warn where more than half of the feedback ends in a question."""
    told = [note.text for note in _feedback(content)]
    ending = sum(bool(ASKS.search(text.strip())) for text in told)
    if told and ending > MOST_ASKING * len(told):
        entry = next(iter(content.entries.values()))
        found = entry.finding("blind.half", ending=ending, notes=len(told))
        yield replace(found, warning=True)


def only_asks(text: str) -> bool:
    """Whether a text is nothing but questions."""
    sentences = [found[0].strip() for found in SENTENCE.finditer(text) if found[0].strip()]
    return bool(sentences) and all(ASKS.search(sentence) for sentence in sentences)


def _hit(question: KeyedQuestion, rule: Callable[[str, str], float]) -> float:
    """Give the chance that a rule takes the right option."""
    competing = [option for option in question.item.options if not option.last]
    scores = [rule(option.text, question.item.text) for option in competing]
    return _best(scores, question.right[0])


def _best(scores: Sequence[float], right: int) -> float:
    best = [at for at, score in enumerate(scores) if score == max(scores)]
    return 1 / len(best) if right in best else 0.0


def _feedback(content: Content) -> Iterator[Note]:
    """Give what is said to answers of marked exercises."""
    for exercise in content.course.exercises.values():
        for item in exercise.items:
            for option in getattr(item, "options", ()):
                if option.feedback is not None:
                    yield option.feedback
            feedback = getattr(item, "feedback", None)
            if feedback is not None and not isinstance(feedback, Note):
                yield from within(feedback, Note)
