"""Looks up in the tables of a program which months they cover, and which look unfinished.

Monthly tables (revenue) are known from their first month to their last; a month between in which no account has a row
is a gap. Postings (spend, by kind) are known from the first to the last; a month between without one is zero where not
nearly every month has one, else a gap. Lists (accounts, partners) are known for everything up to the as-of month.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from motions.cohorts.contract import KINDS
from motions.cohorts.coverage import Cover, Coverage
from motions.names import PARTNER_MOTIONS

Ask = Callable[[str], Sequence[tuple[Any, ...]]]
ENOUGH = 10
"""Accounts, or postings, of a month from which on half of them missing in the next looks like an unfinished month."""
USUAL = 3, 4
"""Where so many of so many months have a posting, one without is a gap and not a zero."""
BEGINS_WITHIN = 3
"""Months before the first one of revenue in which the earliest signup lies, where files begin with the business."""


REVENUE_MONTHS = (
    "SELECT month, COUNT(CASE WHEN mrr > 0 THEN 1 END) AS paying, SUM(mrr) AS amount FROM revenue GROUP BY month"
)
SPEND_MONTHS = "SELECT kind, month, COUNT(*) AS rows_, SUM(amount) AS amount FROM spend GROUP BY kind, month"
LISTS = {"accounts": "signup_month", "partners": "recruited_month"}


def look(
    ask: Ask, today: date, complete: Sequence[int] = (), monthly: bool = True, lacking: Sequence[int] = ()
) -> Coverage:
    """Say what the tables cover. `ask` runs a SELECT on them; `complete` are months that the user says are whole.

    `monthly`: revenue is a table of months, and not made from subscriptions or movements, which have no gaps.
    `lacking` are months of it that a part of the accounts has no file of.
    """
    this_month = today.year * 12 + today.month - 1
    tables: dict[str, Cover] = {}
    paying = {int(month): (int(rows), int(amount or 0)) for month, rows, amount in ask(REVENUE_MONTHS)}
    if revenue := cover_months(paying, this_month, complete if monthly else tuple(paying), lacking):
        tables["revenue"] = _from_the_first_whole(ask, revenue, paying, complete) if monthly else revenue
    for name, column in LISTS.items():
        ((first, last),) = ask(f"SELECT MIN({column}), MAX({column}) FROM {name}")
        if first is not None:
            tables[name] = Cover(int(first), max(int(last), revenue.last if revenue else int(last)))
    tables |= {f"spend: {kind}": one for kind, one in _postings(ask, this_month, complete).items()}
    return Coverage(tables)


def cover_months(
    paying: Mapping[int, tuple[int, int]], this_month: int, complete: Sequence[int] = (), lacking: Sequence[int] = ()
) -> Cover | None:
    """Return the cover of a monthly table from paying accounts and amount by month; none without a full month.

    >>> cover_months({1: (12, 900), 2: (12, 900), 4: (12, 900), 5: (3, 300)}, this_month=9)
    Cover(first=1, last=4, gaps=(3,), unfinished=(5,), running=None)
    >>> cover_months({1: (9, 900), 2: (8, 850)}, this_month=2).last
    1
    >>> cover_months({1: (12, 900), 2: (0, 0), 3: (0, 0)}, this_month=9).unfinished
    (2, 3)
    """
    full = sorted(month for month in paying if month < this_month)
    running = max((month for month in paying if month >= this_month), default=None)
    if not full:
        return None
    parts = {*_halved(full, paying), *lacking} & {*full} - {*complete}
    unfinished = sorted(parts - {full[0]})
    known = [month for month in full if month not in unfinished]
    # Nothing but halved months cannot be: the first one is never among them.
    gaps = tuple(month for month in range(known[0], known[-1]) if month not in paying)
    return Cover(known[0], known[-1], gaps, tuple(unfinished), running)


def _halved(months: Sequence[int], paying: Mapping[int, tuple[int, int]]) -> list[int]:
    """Months under half of the last whole one: at the end, or where the one after is whole again."""
    found: list[int] = []
    whole = months[0]
    for at, month in enumerate(months[1:], 1):
        if _is_half(paying[month], paying[whole]) and _is_left_unfinished(months[at + 1 :], paying, month, whole):
            found.append(month)
        else:
            whole = month
    return found


def _is_half(now: tuple[int, int], before: tuple[int, int]) -> bool:
    """Whether rows or amount are under half of those before, of which there are enough to tell."""
    return before[0] >= ENOUGH and any(one * 2 < other for one, other in zip(now, before, strict=True))


def _is_left_unfinished(after: Sequence[int], paying: Mapping[int, tuple[int, int]], month: int, whole: int) -> bool:
    """Whether a halved month is the last, is followed by another half of it, or by a month as whole as before."""
    if not after or not any(paying[one][0] for one in (month, *after)):
        return True  # of months at the end in which nobody pays each is one that has not been filled in
    halves_again = len(after) == 1 and _is_half(paying[after[0]], paying[month])
    return halves_again or not _is_half(paying[after[0]], paying[whole])


def _postings(ask: Ask, this_month: int, complete: Sequence[int]) -> dict[str, Cover]:
    """The cover of each kind of spend that has a posting."""
    posted: dict[str, dict[int, tuple[int, int]]] = {}
    for kind, month, rows, amount in ask(SPEND_MONTHS):
        posted.setdefault(str(kind), {})[int(month)] = (int(rows), int(amount or 0))
    found = {kind: _cover_postings(posted[kind], this_month, complete) for kind in KINDS if kind in posted}
    covers = {kind: one for kind, one in found.items() if one is not None}
    if payout := covers.get("payout"):
        covers["payout"] = _from_the_first_customer(ask, payout)
    return covers


def _cover_postings(posted: Mapping[int, tuple[int, int]], this_month: int, complete: Sequence[int]) -> Cover | None:
    months = sorted(month for month in posted if month < this_month)
    running = max((month for month in posted if month >= this_month), default=None)
    if not months:
        return None
    first, last = months[0], months[-1]
    few, of = USUAL
    every_month = len(months) * of >= (last - first + 1) * few
    gaps = tuple(month for month in range(first, last) if month not in posted) if every_month else ()
    rows_before, rows = (posted[month][0] for month in (months[-2], last)) if len(months) > 1 else (0, 0)
    short = rows_before >= ENOUGH and rows * 2 < rows_before and last not in complete and last - 1 in posted
    return Cover(first, months[-2] if short else last, gaps, (last,) if short else (), running)


_LATE = (
    "SELECT COUNT(*), COUNT(CASE WHEN a.signup_month < {before} THEN 1 END) FROM "
    "(SELECT account_id, MIN(month) AS first FROM revenue WHERE mrr > 0 GROUP BY account_id) r "
    "JOIN accounts a ON a.account_id = r.account_id WHERE r.first = {month}"
)
"""Of those that first pay in a month: how many, and how many signed up before another."""


_BEGINS = (
    "SELECT (SELECT COUNT(CASE WHEN first >= {first} THEN 1 END) FROM (SELECT MIN(month) AS first FROM spend) s) + "
    "(SELECT COUNT(*) FROM revenue r JOIN accounts a ON a.account_id = r.account_id "
    "WHERE r.mrr > 0 AND r.month = {first} AND a.signup_month BETWEEN {before} AND {first})"
)
"""Whether spend begins with a month or after it, and how many pay in it that signed up shortly before."""


def _from_the_first_whole(
    ask: Ask, revenue: Cover, paying: Mapping[int, tuple[int, int]], complete: Sequence[int]
) -> Cover:
    """The cover without its first month, where that is a part of one: the export begins within it.

    Under half of those of the next month pay in it, and most of the others signed up long before both; nothing else
    begins in that month, as it does where the business does.
    """
    first, second = revenue.first, revenue.first + 1
    if first in complete or not revenue.has(second) or not _is_half(paying[first], paying[second]):
        return revenue
    ((begins,),) = ask(_BEGINS.format(first=first, before=first - BEGINS_WITHIN))
    if begins or not _first_pay_late(ask, first):
        return revenue
    return replace(revenue, first=second, unfinished=(first, *revenue.unfinished))


def _first_pay_late(ask: Ask, first: int) -> int:
    """How many first pay in the second month and signed up long before it, where they are most of those that do."""
    ((others, long_before),) = ask(_LATE.format(before=first - BEGINS_WITHIN, month=first + 1))
    return int(long_before) if long_before * 2 > others else 0


def perhaps_new(ask: Ask, revenue: Cover, complete: Sequence[int] = ()) -> int:
    """Return how many count as new in the second month, of a program whose first one may be a part of a month.

    Under half of those of the second pay in it, and something else begins then: it is a launch, or all exports begin
    within it.
    """
    paying = {int(month): (int(rows), int(amount or 0)) for month, rows, amount in ask(REVENUE_MONTHS)}
    first, second = revenue.first, revenue.first + 1
    if first in complete or not revenue.has(second) or not _is_half(paying[first], paying[second]):
        return 0
    return _first_pay_late(ask, first)


# Only of the months before: to look for the owner of every payment takes as long as to add them up.
FIRST_PARTNER_CUSTOMER = (
    "SELECT MIN(r.month) FROM revenue r JOIN accounts a ON a.account_id = r.account_id WHERE r.mrr > 0 "
    f"AND r.month < {{before}} AND a.motion IN ({', '.join(repr(name) for name in PARTNER_MOTIONS)})"
)
_EARLIEST = "SELECT MIN(month) FROM revenue WHERE mrr > 0"


def _from_the_first_customer(ask: Ask, payout: Cover) -> Cover:
    """Months before the first payout are zero, where no partner's customer came before it."""
    ((customer,),) = ask(FIRST_PARTNER_CUSTOMER.format(before=payout.first))
    ((earliest,),) = ask(_EARLIEST)
    if earliest is None or customer is not None:
        return payout
    return Cover(min(int(earliest), payout.first), payout.last, payout.gaps, payout.unfinished, payout.running)


EARLIER = (
    "SELECT r.account_id FROM revenue r JOIN accounts a ON a.account_id = r.account_id "
    "WHERE r.mrr > 0 AND r.month = {first} AND a.signup_month < {first}"
)
"""Customers of before of a monthly table whose first month is {first}."""


def begins_with_the_business(ask: Ask, first: int) -> bool:
    """Return whether the earliest signup of all lies shortly before the first month of revenue, or after it."""
    ((signup,),) = ask("SELECT MIN(signup_month) FROM accounts")
    return signup is None or int(signup) >= first - BEGINS_WITHIN
