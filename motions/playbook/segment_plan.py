"""The segment plan: which motions sell into which segments of the market; frozen.

Every cell is read here, whatever it comes from: a table on a page, CSV, YAML or a link give the same row or the same
words about what is wrong with it, as `problem: repair`.
"""

import re
from math import isnan
from typing import Annotated, Self

import pandas as pd
from pydantic import BeforeValidator, Field, ValidationInfo, field_validator, model_validator

from motions.errors import closest
from motions.names import BASELINES, NAMES, OWN, PARTNER_MOTIONS, in_force, offered
from motions.playbook.models import Content
from motions.text import for_terminal, short

PLANNED = (*PARTNER_MOTIONS, *BASELINES)
"""What may sell into a segment, in the order shown."""
MOST_ROWS = 12
MOST_LETTERS = 40
MOST_PRICE = 1_000_000
MOST_ACCOUNTS = 1_000_000_000
_WHOLE = re.compile(r"([0-9]{1,20}|[0-9]{1,3}(?:[, '’][0-9]{3}){1,5})(?:\.00?)?")


def empty(cell: object) -> bool:
    """Return whether a cell holds nothing: no value, no number, or blanks.

    >>> empty(None), empty(float("nan")), empty("  "), empty(0)
    (True, True, True, False)
    """
    if isinstance(cell, str):
        return not cell.strip()
    return cell is None or cell is pd.NA or (isinstance(cell, float) and isnan(cell))


def read_text(cell: object) -> str:
    """Return a cell as a few words, blanks as one space. Raises ValueError for what nobody could read.

    >>> read_text("  Mid \\n market "), read_text(None), read_text(2026)
    ('Mid market', '', '2026')
    """
    if empty(cell):
        return ""
    if isinstance(cell, bool) or not isinstance(cell, (str, int)):
        raise ValueError("is no text: write it in words")
    words = " ".join(str(cell).split())
    if len(words) > MOST_LETTERS:
        raise ValueError(f"has {len(words):,} letters: shorten it to {MOST_LETTERS}")
    if (visible := for_terminal(words)) != words:
        raise ValueError(f"holds a letter that can't be seen ({visible}): type it anew")
    return words


def read_whole(cell: object) -> int | None:
    """Return a cell as a whole number, None for an empty one. Raises ValueError for anything else.

    Thousands may be set apart by a comma or a blank; 1.200 is refused, as it is 1200 to some and about 1 to others.

    >>> read_whole("1,200"), read_whole(1200.0), read_whole("1200.0"), read_whole("")
    (1200, 1200, 1200, None)
    """
    if empty(cell):
        return None
    if isinstance(cell, str) and (found := _WHOLE.fullmatch(cell.strip())):
        cell = int(re.sub("[^0-9]", "", found[1]))
    if isinstance(cell, bool) or not isinstance(cell, (int, float)) or not 0 <= cell <= MOST_ACCOUNTS:
        raise ValueError(f"is no number from 0 to {MOST_ACCOUNTS:,}: write it in digits, as 1200")
    if cell != int(cell):
        raise ValueError("is no whole number: leave the decimals out")
    return int(cell)


def by_word() -> dict[str, str]:
    """Return the planned motions by id, by name, and by the words of one's own, all in small letters.

    >>> by_word()["resellers"]
    'reseller'
    """
    slot = in_force()
    own = dict.fromkeys((word.casefold() for word in slot.words), OWN) if slot else {}
    return {word.casefold(): motion for motion in PLANNED for word in (motion, NAMES[motion])} | own


def read_motions(cell: object) -> tuple[str, ...]:
    """Return motions by id or by name, each once, in the order shown. Raises ValueError for a word that is none.

    >>> read_motions(["Resellers", "affiliate", "reseller"])
    ('affiliate', 'reseller')
    """
    if not isinstance(cell, (list, tuple)):
        raise ValueError("is no list: write [affiliate, reseller], or [] for none")
    found, known, shown = set(), by_word(), offered(PLANNED)
    for word in cell:
        if not isinstance(word, str) or word.strip().casefold() not in known:
            hint = closest(word, shown) if isinstance(word, str) else ""
            raise ValueError(f"{short(word)} is no motion: use {', '.join(shown)}.{hint}")
        found.add(known[word.strip().casefold()])
    return tuple(motion for motion in PLANNED if motion in found)


Name = Annotated[str, BeforeValidator(read_text)]
Price = Annotated[int | None, BeforeValidator(read_whole)]


class Row(Content):
    """A segment, and the motions that sell into it. A title is a column, a description its help."""

    name: Name = Field(title="Segment", description="A name of its own.")
    customer_type: Name = Field(
        default="",
        title="Customer type",
        description="Such as small business, mid-market, enterprise. Only equal words are the same type.",
    )
    geography: Name = Field(
        default="", title="Geography", description="A country or region. Only equal words are the same geography."
    )
    price_from: Price = Field(
        default=None, title="Price from", description="Lowest list price a month, in whole money; empty for no limit."
    )
    price_to: Price = Field(
        default=None,
        title="Price to",
        description="Where the band ends; that price begins the next one. Empty for no limit; both empty: not known.",
    )
    accounts: Annotated[int | None, BeforeValidator(read_whole)] = Field(
        title="Accounts", description="How many customers the segment can hold at the most."
    )
    motions: Annotated[tuple[str, ...], BeforeValidator(read_motions)] = Field(
        default=(), title="Motions", description="The motions that sell into the segment."
    )

    @field_validator("name")
    @classmethod
    def _named(cls, name: str) -> str:
        if not name:
            raise ValueError("is missing: name the segment")
        return name

    @field_validator("price_from", "price_to")
    @classmethod
    def _a_price(cls, price: int | None, info: ValidationInfo) -> int | None:
        if price is not None and price > MOST_PRICE:
            raise ValueError(f"is above {MOST_PRICE:,}: write the price of one month")
        low = info.data.get("price_from")
        if info.field_name == "price_to" and price is not None and low is not None and price < low:
            raise ValueError("is below where the band begins: swap the two")
        return price

    @field_validator("accounts")
    @classmethod
    def _some(cls, accounts: int | None) -> int | None:
        if not accounts:
            raise ValueError("is missing or 0: write how many accounts there are, or leave the segment out")
        return accounts

    @property
    def size(self) -> int:
        """How many accounts there are; there always are some."""
        return self.accounts or 0


class Plan(Content):
    """Segments with names of their own, at most `MOST_ROWS`."""

    segments: tuple[Row, ...] = Field(default=(), max_length=MOST_ROWS)

    @model_validator(mode="after")
    def _own_names(self) -> Self:
        names = [row.name.casefold() for row in self.segments]
        for row in self.segments:
            if names.count(row.name.casefold()) > 1:
                raise ValueError(f"two segments are called {short(row.name)}: give each a name of its own")
        return self

    @property
    def motions(self) -> tuple[str, ...]:
        """The motions that sell into any segment, in the order shown."""
        return tuple(motion for motion in PLANNED if any(motion in row.motions for row in self.segments))


def same_customers(one: Row, other: Row) -> bool | None:
    """Return whether two segments hold the same customers: same type, same geography, price bands that overlap.

    None where that is not known because a row does not say one of the three, and none of the others differs.
    """
    answers = (
        _alike(one.customer_type, other.customer_type),
        _alike(one.geography, other.geography),
        _bands_overlap(one, other),
    )
    if False in answers:
        return False
    return None if None in answers else True


def _alike(one: str, other: str) -> bool | None:
    return one.casefold() == other.casefold() if one and other else None


def _bands_overlap(one: Row, other: Row) -> bool | None:
    """Whether two bands share a price: a band holds where it begins, and what is below its end."""
    if any(row.price_from is None and row.price_to is None for row in (one, other)):
        return None
    start = max(one.price_from or 0, other.price_from or 0)
    return all(row.price_to is None or start < row.price_to or start == (row.price_from or 0) for row in (one, other))
