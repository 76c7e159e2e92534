"""Partial credit, in one place for all kinds."""

from collections.abc import Collection, Sequence


def ticked_share(ticked: Collection[str], right: Collection[str], wrong: Collection[str]) -> float:
    """Share of the right ticks found, each wrong tick cancelling one of them (0 … 1).

    The rule of Moodle's multiple-answer questions with all right options weighted alike and a wrong
    one weighing as much as a right one. Ticks in neither `right` nor `wrong` do not count.
    """
    if not right:
        return 0.0
    hits = len(set(ticked) & set(right))
    slips = len(set(ticked) & set(wrong))
    return max(0.0, (hits - slips) / len(set(right)))


def lcs_length(a: Sequence[str], b: Sequence[str]) -> int:
    """Length of the longest common subsequence (Wagner & Fischer 1974), O(len(a)·len(b))."""
    row = [0] * (len(b) + 1)
    for x in a:
        diagonal = 0
        for j, y in enumerate(b, start=1):
            above = row[j]
            row[j] = diagonal + 1 if x == y else max(above, row[j - 1])
            diagonal = above
    return row[-1]


def order_share(given: Sequence[str], right: Sequence[str]) -> float:
    """How much of an order is right: (LCS − 1) / (n − 1), so that the reverse order gets 0."""
    if given == right:
        return 1.0
    return max(0.0, (lcs_length(given, right) - 1) / (len(right) - 1))
