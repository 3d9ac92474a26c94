"""Months that a part of the accounts has no file of: the export of one system, or of partners' customers, is missing.

Files that hold the same accounts belong together, such as one a month; each of these groups is looked at by itself.
"""

from collections import Counter

import duckdb

from motions.cohorts.coverage import Lacking
from motions.cohorts.reading.mapping import LATE
from motions.cohorts.reading.months import ENOUGH
from motions.cohorts.reading.tables import Kind

_IN_FILES = (
    "SELECT files, count(*) FROM (SELECT bit_or(CAST(1 AS HUGEINT) << file) AS files FROM {} GROUP BY account_id) "
    "GROUP BY files ORDER BY 2 DESC, 1 LIMIT 10000"
)
"""In which files accounts stand, each file a bit, and how many: of many accounts there are few such sets."""
MOST_FILES = 120
"""files that the bits of a number have room for"""
A_PAUSE = 3
"""Months that lack between others, above which it is a season."""
_PAYING = "SELECT file, month, count(*) FILTER (WHERE mrr > 0) FROM revenue GROUP BY ALL"


def what_files_lack(con: duckdb.DuckDBPyConnection, kind: Kind) -> Lacking:
    """Return the months that other files have and those of some accounts lack."""
    if not 1 < len(kind.files) <= MOST_FILES:
        return Lacking({})
    paying: dict[int, dict[int, int]] = {}
    groups = groups_of_files(con, len(kind.files))
    for file, month, accounts in con.execute(_PAYING).fetchall():
        of_group = paying.setdefault(groups[file], {})
        of_group[month] = of_group.get(month, 0) + accounts
    every = sorted({month for months in paying.values() for month in months})
    holes = [(kind.files[group].name, _hole(months, every)) for group, months in sorted(paying.items())]
    return Lacking(
        {
            month: kind.files[group].name
            for group, months in paying.items()
            for month in _lacks(months, every, kind.files[group].mapping.ended)
        },
        [(name, hole) for name, hole in holes if hole],
    )


def _hole(months: dict[int, int], every: list[int]) -> tuple[int, ...]:
    """Several months in a row that a group of files lacks once between others, where enough pay before and after."""
    missing = [month for month in every if month not in months and min(months) < month < max(months)]
    in_a_row = 1 < len(missing) <= A_PAUSE and missing == list(range(missing[0], missing[-1] + 1))
    if not in_a_row or min(months.get(month, 0) for month in (missing[0] - 1, missing[-1] + 1)) < ENOUGH:
        return ()
    return tuple(missing)


def _lacks(months: dict[int, int], every: list[int], ended: str) -> list[int]:
    """The month that a group of files lacks once, between others or the last, after several with enough accounts.

    What lacks longer has ended or not begun, and what lacks several times returns: a season, a pause. Of what it lacks
    at the end a mapping may say which it is.
    """
    if ended == LATE:
        return [month for month in every if month > max(months)]
    every = [month for month in every if month <= max(months)] if ended else every
    missing = [month for month in every if month not in months and month > min(months)]
    once = [month for month in missing if not {month - 1, month + 1} & {*missing}]
    between = [month for month in missing if month < max(months)]
    found = [month for month in once if month in between] if len(between) == 1 else []
    if not between:
        found = [month for month in once if month == every[-1]]
    had = {month: [paying for one, paying in sorted(months.items()) if one < month] for month in found}
    return [month for month in found if len(had[month]) > 1 and min(had[month][-2:]) >= ENOUGH]


def groups_of_files(con: duckdb.DuckDBPyConnection, files: int, kind: str = "revenue") -> list[int]:
    """Return of each file the first of its group: those that share half of the accounts of one belong together."""
    shared: Counter[tuple[int, int]] = Counter()
    for bits, accounts in con.execute(_IN_FILES.format(kind)).fetchall():
        own = [file for file in range(files) if int(bits) >> file & 1]
        shared.update({(one, other): accounts for one in own for other in own})
    found = list(range(files))
    for (one, other), count in sorted(shared.items()):
        if one < other and count * 2 >= min(shared[one, one], shared[other, other]):
            first, second = sorted((found[one], found[other]))
            found = [first if group == second else group for group in found]
    return found
