"""Months that a part of the accounts has no file of: the export of one system, or of partners' customers, is missing.

Files that hold the same accounts belong together, such as one a month; each of these groups is looked at by itself.
"""

from collections import Counter

import duckdb

from motions.cohorts.reading.months import ENOUGH
from motions.cohorts.reading.tables import Kind

_IN_FILES = (
    "SELECT files, count(*) FROM (SELECT bit_or(CAST(1 AS HUGEINT) << file) AS files FROM revenue GROUP BY account_id) "
    "GROUP BY files ORDER BY 2 DESC, 1 LIMIT 10000"
)
"""In which files accounts stand, each file a bit, and how many: of many accounts there are few such sets."""
MOST_FILES = 120
"""files that the bits of a number have room for"""
_PAYING = "SELECT file, month, count(*) FILTER (WHERE mrr > 0) FROM revenue GROUP BY ALL"


def months_lacking(con: duckdb.DuckDBPyConnection, kind: Kind) -> dict[int, str]:
    """Return months that other files have and those of some accounts lack, each with the name of a file of these."""
    if not 1 < len(kind.files) <= MOST_FILES:
        return {}
    paying: dict[int, dict[int, int]] = {}
    groups = _groups(con, len(kind.files))
    for file, month, accounts in con.execute(_PAYING).fetchall():
        of_group = paying.setdefault(groups[file], {})
        of_group[month] = of_group.get(month, 0) + accounts
    every = sorted({month for months in paying.values() for month in months})
    return {month: kind.files[group].name for group, months in paying.items() for month in _lacks(months, every)}


def _lacks(months: dict[int, int], every: list[int]) -> list[int]:
    """The month that a group of files lacks once, between others or the last, after several with enough accounts.

    What lacks longer has ended or not begun, and what lacks several times returns: a season, a pause.
    """
    missing = [month for month in every if month not in months and month > min(months)]
    once = [month for month in missing if not {month - 1, month + 1} & {*missing}]
    between = [month for month in missing if month < max(months)]
    found = [month for month in once if month in between] if len(between) == 1 else []
    if not between:
        found = [month for month in once if month == every[-1]]
    had = {month: [paying for one, paying in sorted(months.items()) if one < month] for month in found}
    return [month for month in found if len(had[month]) > 1 and min(had[month][-2:]) >= ENOUGH]


def _groups(con: duckdb.DuckDBPyConnection, files: int) -> list[int]:
    """Of each file the first of its group: files belong together where half of the accounts of one are in the other."""
    shared: Counter[tuple[int, int]] = Counter()
    for bits, accounts in con.execute(_IN_FILES).fetchall():
        own = [file for file in range(files) if int(bits) >> file & 1]
        shared.update({(one, other): accounts for one in own for other in own})
    found = list(range(files))
    for (one, other), count in sorted(shared.items()):
        if one < other and count * 2 >= min(shared[one, one], shared[other, other]):
            first, second = sorted((found[one], found[other]))
            found = [first if group == second else group for group in found]
    return found
