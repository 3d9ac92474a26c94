"""Which months the tables of a program are known for: from which to which, without gaps and unfinished months."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise


@dataclass(frozen=True)
class Cover:
    """The months of one table, 12 × year + month − 1: from `first` to `last`, without `gaps` and those set aside."""

    first: int
    last: int
    gaps: tuple[int, ...] = ()
    """months between that the table says nothing of"""
    unfinished: tuple[int, ...] = ()
    """months that it has a part of: set aside, between or after the others"""
    running: int | None = None
    """the calendar month of the reading, where the table has rows of it: never full"""

    def has(self, month: int) -> bool:
        """Return whether a month is known.

        >>> [Cover(10, 14, gaps=(12,)).has(month) for month in range(9, 16)]
        [False, True, True, False, True, True, False]
        """
        return self.first <= month <= self.last and month not in self.gaps and month not in self.unfinished

    def months(self) -> list[int]:
        """Return the months that are known."""
        return [month for month in range(self.first, self.last + 1) if self.has(month)]


NO_MOTION = "no file says which accounts partners brought: add the column motion, or partner_id, to the accounts file"
NO_LIST = "no file says which accounts partners brought: add an accounts file"
UNMATCHED = "the partner ids of the accounts are not those of the partner list: write both the same way"


@dataclass(frozen=True)
class Coverage:
    """What the tables of a program cover. Spend is told apart by kind: `spend: payout`."""

    tables: Mapping[str, Cover] = field(default_factory=dict)
    before: int = 0
    """customers of before: they pay in the first month of revenue and signed up earlier, nobody knows since when"""
    begins: bool = True
    """whether first payments are known: the files begin with the business, or say when each customer began"""
    motions_known: bool = True
    """whether files say which accounts are partners'"""
    partners_known: bool = True
    """whether the partners that accounts name are those of the list"""
    refused: Mapping[str, str] = field(default_factory=dict)
    """tables of which every row was refused, or too many amounts, in words with how many: what they say is not known"""
    unread: tuple[str, ...] = ()
    """files that could not be read: what is missing may be in them"""
    waiting: tuple[str, ...] = ()
    """tables of which a file lies there that is not read before something is answered"""
    ends_known: bool = True
    """whether the files hold what has ended too: an export of running subscriptions alone has no churn"""

    def of(self, name: str) -> Cover | None:
        """Return the months of a table, none where there is no such table."""
        return self.tables.get(name)

    def shared(self, names: Sequence[str], first: int, last: int) -> list[int]:
        """Return the months from `first` to `last` that all of some tables cover; a table that is not there is none."""
        covers = [self.tables.get(name) for name in names]
        return [month for month in range(first, last + 1) if all(one is not None and one.has(month) for one in covers)]

    def begun(self, names: Sequence[str], first: int, last: int) -> list[int]:
        """Return those of the shared months of which it is known who began in them: not one after a gap.

        >>> revenue = Cover(10, 14, gaps=(12,))
        >>> Coverage({"revenue": revenue}).begun(("revenue",), 9, 16)
        [10, 11, 14]
        """
        revenue = self.tables.get("revenue")
        months = self.shared(names, first, last)
        return [month for month in months if revenue and (month == revenue.first or revenue.has(month - 1))]

    def steps(self, first: int, last: int) -> list[int]:
        """Return the months from `first` to `last` of which revenue knows the month before too."""
        revenue = self.tables.get("revenue")
        months = range(first, last + 1) if revenue else ()
        return [month for month in months if revenue and revenue.has(month) and revenue.has(month - 1)]


@dataclass(frozen=True)
class Lacking:
    """What files lack that others have: months that are set aside, each with a file, and those between that are not."""

    months: Mapping[int, str]
    holes: Sequence[tuple[str, tuple[int, ...]]] = ()


def spans(months: Sequence[int], name: Callable[[int], str]) -> str:
    """Return months as spans, in words.

    >>> spans([24310, 24311, 24313], str)
    '24310 to 24311, 24313'
    """
    if not months:
        return ""
    ends = [months[0], *(at for one, next_ in pairwise(months) if next_ != one + 1 for at in (one, next_)), months[-1]]
    pairs = list(zip(ends[::2], ends[1::2], strict=True))
    return ", ".join(name(a) if a == b else f"{name(a)} to {name(b)}" for a, b in pairs)
