"""How much room text takes, estimated on the safe side: which fonts a reader has is not known."""

import math
import unicodedata
from collections.abc import Iterator, Sequence

LINE = 1.22
"""height of a line, of the size of its letters"""
_NARROW, _WIDE = set("iljtfrI.,;:'|!()[] "), set("mwMW%@—…")


def width(text: str) -> float:
    """Return how wide text is at most, in ems.

    >>> round(width("mill"), 2), width("漢")
    (1.95, 1.05)
    """
    return sum(map(_letter, text))


def _letter(letter: str) -> float:
    if unicodedata.combining(letter):
        return 0.0
    if unicodedata.east_asian_width(letter) in "WF":
        return 1.05
    if letter in _NARROW:
        return 0.34
    return 0.93 if letter in _WIDE else 0.72 if letter.isupper() else 0.59


def lines(text: str, ems: float) -> int:
    """Return how many lines text takes at a width in ems; a word that is longer than a line is broken.

    >>> lines("one two three", 4), lines("x" * 100, 10), lines("", 5)
    (2, 6, 1)
    """
    found, used = 1, 0.0
    for word in text.split(" "):
        own = width(word)
        if used and used + width(" ") + own > ems:
            found, used = found + 1, 0.0
        if own > ems:
            broken = math.ceil(own / ems)
            found, used = found + broken - 1, own - (broken - 1) * ems
        else:
            used += own + (width(" ") if used else 0.0)
    return found


def size(texts: Sequence[str], wide: float, high: float, sizes: Sequence[float], gap: float = 0.0) -> float | None:
    """Return the first size in points at which paragraphs fit in a box, in points too; None where none does.

    `gap` is the space after each paragraph, of the size of its letters.

    >>> size(["a short line"], 300, 40, (24, 12)), size(["words " * 100], 100, 40, (24, 12))
    (24, None)
    """
    for points in sizes:
        if height(texts, wide, points, gap) <= high:
            return points
    return None


def height(texts: Sequence[str], wide: float, points: float, gap: float = 0.0) -> float:
    """Return how high paragraphs are at a width and a size, all in points."""
    return sum((lines(text, wide / points) * LINE + gap) * points for text in texts)


def pages(heights: Sequence[float], room: float) -> Iterator[slice]:
    """Return which rows go together on a page of some room; one that is higher than the room stands alone.

    >>> list(pages([2, 2, 3, 9, 1], 5))
    [slice(0, 2, None), slice(2, 3, None), slice(3, 4, None), slice(4, 5, None)]
    """
    start, used = 0, 0.0
    for at, own in enumerate(heights):
        if at > start and used + own > room:
            yield slice(start, at)
            start, used = at, 0.0
        used += own
    if heights:
        yield slice(start, len(heights))
