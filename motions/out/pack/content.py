"""What a pack says: sections of slides with words, figures, tables and charts. No form of it adds anything."""

import re
from dataclasses import dataclass, field
from typing import Literal

import pandas as pd

from motions.text import whole_letters

Kind = Literal["lines", "bars", "columns", "steps"]
SAMPLE = "Sample data: a fictional vendor"
"""What stands on every slide of a pack that is made of the sample program."""
# Letters that no XML may hold, and marks that would turn round the letters after them.
_UNSEEN = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")


def plain(words: object) -> str:
    """Return words on one line, without what no slide can hold; letters of any script stay as they are.

    >>> plain("a\\x1b[31m b\\n c\\u202e"), plain("שלום")
    ('a�[31m b c�', 'שלום')
    """
    return _UNSEEN.sub("�", " ".join(whole_letters(str(words)).split()))


def shortened(words: object, most: int) -> str:
    """Return words in at most so many letters, an ellipsis for what is left out.

    >>> shortened("Affiliates of the north", 12), shortened("short", 12)
    ('Affiliates…', 'short')
    """
    said = plain(words)
    return said if len(said) <= most else said[: most - 1].rstrip() + "…"


@dataclass(frozen=True)
class Said:
    """A line of words, with what it is about in bold before it."""

    words: str
    lead: str = ""


@dataclass(frozen=True)
class Told:
    """One figure: what it is and of whom, its interval, what it is compared with, and its definition."""

    title: str
    of: str
    value: str
    interval: str
    change: str
    definition: str

    @property
    def named(self) -> str:
        """Title and whose it is in one."""
        return f"{self.title}, {self.of}"


@dataclass(frozen=True)
class Table:
    """Rows of text below titles; `weights` say how wide columns are beside one another."""

    titles: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    weights: tuple[float, ...]

    @classmethod
    def of(cls, frame: pd.DataFrame, *weights: float, most: int = 240) -> "Table":
        """Return a frame as a table of text, each cell in at most `most` letters; what is missing is unknown."""
        rows = tuple(
            tuple(shortened("unknown" if cell is None or cell != cell else cell, most) for cell in row)  # noqa: PLR0124
            for row in frame.to_numpy(dtype=object).tolist()
        )
        return cls(tuple(plain(name) for name in frame.columns), rows, weights or (1.0,) * len(frame.columns))


@dataclass(frozen=True)
class Series:
    """One row of values by category, None where unknown. `look` is a motion, or `partner`, `more`, `less`, `whole`."""

    name: str
    values: tuple[float | None, ...]
    look: str
    low: tuple[float | None, ...] = ()
    high: tuple[float | None, ...] = ()
    """the ends of the interval of each value; empty without one"""
    faint: bool = False
    """of a pinned scenario"""
    edge: bool = False
    """the end of an interval, drawn as a line of its own"""


@dataclass(frozen=True)
class Plot:
    """A chart that each form draws with its own means.

    `lines` over categories in order; `bars` lie, one below the other; `columns` stand, stacked; `steps` lie and lead
    from the first value to the last one, `ways` says of each whether it is a `whole` or a change.
    """

    kind: Kind
    title: str
    alt: str
    across: str
    """title of the axis of categories"""
    up: str
    """title of the axis of values, with unit"""
    categories: tuple[str, ...]
    series: tuple[Series, ...]
    form: str
    """of values, as spreadsheets write it"""
    table: pd.DataFrame = field(compare=False)
    """the same as the page shows it as a table"""
    ways: tuple[str, ...] = ()


@dataclass(frozen=True)
class Slide:
    """One thing said: a conclusion as title, with words, figures, a chart or a table below it."""

    title: str
    words: tuple[Said, ...] = ()
    figures: tuple[Told, ...] = ()
    plot: Plot | None = None
    table: Table | None = None
    foot: str = ""
    """what stands small below all: definitions, and what the figures are of"""
    source: tuple[str, ...] = ()
    """where it comes from and by which settings; of slides it stands in the notes"""


@dataclass(frozen=True)
class Section:
    """Slides on one part, under its name."""

    id: str
    title: str
    slides: tuple[Slide, ...]


@dataclass(frozen=True)
class Content:
    """A whole pack. `sample`: it is made of the fictional program, and says so everywhere."""

    title: str
    subtitle: str
    """for whom it is, and what it is made of"""
    notes: tuple[str, ...]
    """what its maker wrote, a paragraph each"""
    as_of: str
    sample: bool
    sections: tuple[Section, ...]

    @property
    def slides(self) -> tuple[Slide, ...]:
        """All slides in their order."""
        return tuple(slide for section in self.sections for slide in section.slides)

    @property
    def plots(self) -> tuple[Plot, ...]:
        """All charts in their order."""
        return tuple(slide.plot for slide in self.slides if slide.plot)

    @property
    def foot(self) -> str:
        """What stands at the foot of every slide."""
        return " · ".join(filter(None, (self.as_of, SAMPLE if self.sample else "")))


def file_name(title: str, ending: str) -> str:
    """Return the name of a file for a pack: letters and digits of its title only.

    >>> file_name("Partners: 2027 / <plan>", "pptx"), file_name("שלום", "html")
    ('partners-2027-plan.pptx', 'pack.html')
    """
    return f"{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-')[:40].strip('-') or 'pack'}.{ending}"
