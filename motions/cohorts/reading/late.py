"""Files of postings that end before others of their kind, such as the commissions of one of two platforms.

That all postings of a kind end before revenue does is said of their months; see `remarks`.
"""

from motions.cohorts.reading.months import USUAL
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.tables import Tables
from motions.text import month_name

TOGETHER = 3
"""Months that two files both have, from which on one does not follow the other."""


def say_late_postings(tables: Tables) -> None:
    """Say which files of spend, commissions and payouts end before others do that had postings in the same months."""
    this_month = tables.today.year * 12 + tables.today.month - 1
    for name, kind in (("spend", "kind"), ("commissions", "'payout'"), ("payouts", "'payout'")):
        files = tables.kinds[name].files
        if len(files) < 2:
            continue
        query = f"SELECT DISTINCT {kind}, file, month FROM {name} WHERE file IS NOT NULL AND month < {this_month}"
        months: dict[str, dict[int, set[int]]] = {}
        for what, file, month in tables.con.execute(query).fetchall():
            months.setdefault(str(what), {}).setdefault(int(file), set()).add(int(month))
        for what, by_file in sorted(months.items()):
            for at, until in sorted(_late(by_file).items()):
                last = month_name(max(by_file[at]))
                words = (
                    f"Spend on {what} in {files[at].name} ends with {last}, in other files with {month_name(until)}: "
                    "what was spent since is in no figure."
                )
                tables.remarks.append(Remark(words, f"If {files[at].name} is late, add the later postings.", 0.6))


def _late(by_file: dict[int, set[int]]) -> dict[int, int]:
    """Files with a posting in nearly every month that end before others with the same months, and when those end."""
    few, of = USUAL
    found = {}
    for file, own in by_file.items():
        others = [months for one, months in by_file.items() if one != file and len(months & own) >= TOGETHER]
        until = max((max(months) for months in others), default=0)
        if until > max(own) and len(own) * of >= (max(own) - min(own) + 1) * few:
            found[file] = until
    return found
