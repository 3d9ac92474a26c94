"""Amounts of revenue that are of another time than their month: sums since a start, periods of four weeks, whole years.

Sums and bills are asked, periods that are no months are refused, years that are paid at once are said.
"""

import re

from motions.cohorts.contract import DOCUMENT_TYPES, HEADERS, NOT_USED, REFUNDS, STATUS_WORDS, TAKES_BACK
from motions.cohorts.coverage import Cover
from motions.cohorts.reading.by_account import by_account
from motions.cohorts.reading.engine import count
from motions.cohorts.reading.mapping import Question
from motions.cohorts.reading.matching import PAYING, not_read, spelled
from motions.cohorts.reading.read import cell_words
from motions.cohorts.reading.recognise import CORRECTED, OWN, Recognised
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.spelling import normal, normal_word
from motions.cohorts.reading.tables import Tables
from motions.errors import FileError
from motions.text import count as counted

FEW = 3
"""Accounts whose amounts say something of all."""
LOOKED_AT = 500
"""Accounts whose amounts are looked at one by one."""
LONG = 6
"""Months that an account pays at least, where amounts may be sums since a start."""
RISES, FALLS = 0.9, 0.02
"""Of steps from month to month so many go up, at least, and so many down, at most, in sums since a start."""
A_YEAR = 9, 13
"""How many times the month before a year is that is paid at once, from a discount on."""
OF_PERIODS = 0.02
"""Of the rows so many are of the 13th of a year's periods; of a slip fewer are."""
TWICE = 1.5
"""How many times the first the second of sums is, at least."""
RARE = 0.01
"""Of all that pay so few do it for a reason of their own."""
MOST_WORDS = 25
_STEPS = (
    "SELECT s.*, lag(mrr) OVER (PARTITION BY account_id ORDER BY month) AS before, "
    "lag(month) OVER (PARTITION BY account_id ORDER BY month) AS month_before FROM "
    "(SELECT account_id, month, mrr FROM revenue WHERE mrr > 0 AND account_id IN (SELECT account_id FROM {by_account} "
    f"WHERE last_month - first_month >= {LONG - 1} ORDER BY account_id LIMIT {LOOKED_AT})) s"
)
_SUMS = (
    "SELECT count(DISTINCT account_id), count(*) FILTER ({within}), count(*) FILTER ({within} AND mrr > before), "
    "count(*) FILTER ({within} AND mrr < before), count(*) FILTER ({january}), "
    "count(*) FILTER ({january} AND mrr * 3 < before) FROM ({steps})"
)
_GROWN = (
    "SELECT median(newest / first[1] / months), median(first[2] / first[1]) FROM (SELECT arg_max(mrr, month) * 1.0 "
    "AS newest, arg_min(mrr * 1.0, month, 2) AS first, count(*) AS months FROM ({steps}) GROUP BY account_id)"
)
"""How many times its first amount the last of an account is, for each month (1 in sums since the first month), and the
second (2 in such sums, while growth is the same from each month to the next)."""


def ask_of_sums(tables: Tables) -> bool:
    """Ask whether amounts are sums since January, or since the first month; say whether it is asked."""
    file = tables.kinds["revenue"].files[0]
    if file.found_by in (OWN, CORRECTED) or not _most_grow(tables):
        return False
    steps = _STEPS.format(by_account=by_account(tables.con))
    next_ = "WHERE month_before = month - 1 AND month % 12"
    of_a_year = _SUMS.format(steps=steps, within=f"{next_} > 0", january=f"{next_} = 0")
    accounts, all_, up, down, starts, back = tables.con.execute(of_a_year).fetchall()[0]
    rises = accounts >= FEW and all_ >= LONG * FEW and up >= RISES * all_ and down <= FALLS * all_
    since = "each January they fall back, as sums since the start of a year do"
    if not (rises and starts >= FEW and back >= RISES * starts):
        ((grown, second),) = tables.con.execute(_GROWN.format(steps=steps)).fetchall()
        if not rises or back or grown * 2 < 1 or second < TWICE:
            return False
        since = "the last is as many times the first as there are months, as sums since a start are"
    asks = (
        f"Amounts of {file.name} rise from nearly every month to the next, and {since}. Is a row the MRR of its month "
        f"(revenue), or such a sum? Then export what is of each month alone, and leave this file out ({NOT_USED})."
    )
    return _ask_what_it_is(tables, file, asks, ("revenue", NOT_USED))


def _most_grow(tables: Tables) -> bool:
    """Whether half of the accounts pay much more in a month than in another: of nearly all files it is far fewer."""
    each = f"SELECT max(mrr) >= {TWICE} * min(mrr) AS grows FROM revenue WHERE mrr > 0 GROUP BY account_id"
    query = f"SELECT count(*) FILTER (grows), count(*) FROM ({each} HAVING count(*) >= {LONG})"
    ((grow, all_),) = tables.con.execute(query).fetchall()
    return int(grow) >= FEW and int(grow) * 2 >= int(all_)


def _ask_what_it_is(tables: Tables, file: Recognised, asks: str, options: tuple[str, ...], share: float = 1.0) -> bool:
    """Ask it; say whether figures wait for the answer, and revenue is left out until then."""
    question = Question(file.name, "kind", "kind", asks, options, share, read=True)
    tables.sources[file.name] = tables.sources[file.name].asked([question])
    if question.matters:
        tables.asked_of.add("revenue")
        not_read(tables, "revenue", PAYING)
    return question.matters


def ask_of_credit_notes(tables: Tables) -> bool:
    """Ask whether rows of revenue are invoices, where some take back others; say whether figures wait for it."""
    back = {*STATUS_WORDS["invoices"][TAKES_BACK].split(), *REFUNDS}
    for file in tables.kinds["revenue"].files:
        if file.found_by in (OWN, CORRECTED):
            continue
        for at, own in enumerate(file.header):
            seen = {normal_word(row[at]) for row in file.preview if at < len(row)}
            named = normal(own) in (*HEADERS["row_type"], *DOCUMENT_TYPES)
            used = at in [place for column, place in file.columns.items() if column not in ("status", "item")]
            if used or not own or not (named or seen & back):
                continue
            words = cell_words(tables.con, file, at, MOST_WORDS)
            found = [(word, times) for word, times in words if normal_word(word) in back]
            if found:
                word, times = found[0]
                asks = (
                    f"{counted(times, 'row')} of {file.name} with '{word[:30]}' in {own} take back what others say: an "
                    "MRR has none. Is a row an invoice or a payment (invoices: they add up by month, and these are "
                    "taken off), or the MRR of its month (revenue)?"
                )
                share = sum(times for _, times in found) / max(sum(times for _, times in words), 1)
                return _ask_what_it_is(tables, file, asks, ("invoices", "revenue"), share)
    return False


def refuse_periods(tables: Tables) -> bool:
    """Refuse files of revenue whose periods go up to 13: they are of four weeks, and no months; say whether one is."""
    for kind in PAYING:
        thirteen = [one for one in tables.kinds[kind].rejects if one.column == "month" and _is_thirteenth(one.value)]
        rows = sum(report.rows for report in tables.kinds[kind].reports)
        if len(thirteen) >= FEW and len(thirteen) >= OF_PERIODS * rows:
            first = thirteen[0]
            problem = f"numbers its periods up to 13 ('{first.value}'): they are of four weeks, and no months"
            where = f"line {first.line}, column month"
            tables.refused.append(FileError(first.file, problem, "Export it by calendar month.", where))
            not_read(tables, "revenue", PAYING)
            return True
    return False


def _is_thirteenth(cell: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d\d\D{0,2}13", cell.strip()))


def say_prepaid_years(tables: Tables, revenue: Cover) -> None:
    """Say which accounts pay about a year's amount in their last month: it is no growth, and they may not have left."""
    low, high = A_YEAR
    query = (
        "SELECT count(*), min(account_id) FROM (SELECT account_id, arg_max(mrr, month, 2) AS newest FROM revenue WHERE "
        "mrr > 0 AND account_id IN "
        f"(SELECT account_id FROM {by_account(tables.con)} WHERE last_month < {revenue.last}) "
        f"GROUP BY account_id) WHERE len(newest) = 2 AND newest[1] BETWEEN {low} * newest[2] AND {high} * newest[2]"
    )
    ((accounts, first),) = tables.con.execute(query).fetchall()
    if accounts >= FEW and accounts >= RARE * _payers(tables):
        words = (
            f"{counted(int(accounts), 'account')}, such as {str(first)[:40]}, pay {low} to {high} times as much in "
            "their last month as before, as if for a year at once: it counts as growth, and they as left after it."
        )
        repair = "Export MRR: a twelfth in each of its months."
        tables.remarks.append(Remark(words, repair, accounts / _payers(tables)))


def say_spellings(tables: Tables) -> None:
    """Say which accounts look like one that stands under two ids, where no list tells them apart."""
    alike = spelled("account_id")
    twins = (
        f"(SELECT count(*) AS ids, list_sort(list(account_id))[:2] AS two FROM {by_account(tables.con)} "
        f"WHERE paying > 0 AND {alike} <> '' GROUP BY {alike} HAVING count(*) > 1)"
    )
    ((several, ids, two),) = tables.con.execute(f"SELECT count(*), sum(ids), min(two) FROM {twins}").fetchall()
    if several:
        words = (
            f"{counted(int(ids), 'account id')} look like {counted(int(several), 'account')}: {two[0][:40]} and "
            f"{two[1][:40]} are the same but for their spelling. Each counts as an account of its own."
        )
        repair = "Give an account one id in all files and months."
        tables.remarks.append(Remark(words, repair, int(ids) / _payers(tables)))


def _payers(tables: Tables) -> int:
    return max(count(tables.con, f"{by_account(tables.con)} WHERE paying > 0"), 1)
