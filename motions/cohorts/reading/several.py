"""Several rows of revenue for an account and month: items that add up, snapshots of which the last counts, or a slip.

What they are follows from what else the rows say, or is asked; rows that say the same are one exported twice.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace

from motions.cohorts.reading.by_account import by_account
from motions.cohorts.reading.engine import Bound, count
from motions.cohorts.reading.mapping import LITTLE, SEVERAL, Question
from motions.cohorts.reading.read import APART
from motions.cohorts.reading.recognise import CORRECTED, OWN, Recognised
from motions.cohorts.reading.records import MOST_REJECTS, Reject
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.tables import Kind, Tables
from motions.text import count as counted
from motions.text import listed, month_name

ADD_UP, LAST, MISTAKE = SEVERAL
_TWICE = "(SELECT account_id, month FROM revenue GROUP BY ALL HAVING count(*) > 1)"
_PAYING = (
    "SELECT paying AS paid, last_month - first_month AS steps, last_month AS last FROM {by_account} WHERE paying > 0"
)
_BY_PLACE = (
    "SELECT count(*) AS paid, max(place) - min(place) AS steps, max(place) AS last FROM revenue r "
    "JOIN (SELECT month, row_number() OVER (ORDER BY month) AS place FROM (SELECT DISTINCT month FROM revenue)) m "
    "ON m.month = r.month WHERE mrr > 0 GROUP BY account_id"
)
"""Of each account that pays the months, the span of them, and the last: as they are, and by their place among all."""
_ROWS = f"revenue r JOIN {APART} a ON a.file = r.file AND a.line = r.line"


def ask_of_gaps(tables: Tables) -> None:
    """Ask what rows are, where most accounts pay only now and then: bills, of which none is an MRR."""
    file = tables.kinds["revenue"].files[0]
    # Months that no account has are not known: that says nothing of any of them.
    if file.found_by in (OWN, CORRECTED) or not pay_seldom(tables) or not (often := pay_seldom(tables, gaps=False)):
        return
    asks = (
        f"Most accounts pay {often}. Is a row what was invoiced in its month (invoices: it adds up by month, and is no "
        "MRR), or the MRR of that month alone (revenue: then every account leaves after it)?"
    )
    question = Question(file.name, "kind", "kind", asks, ("invoices", "revenue"))
    tables.sources[file.name] = file.asked([question])
    tables.con.execute("DELETE FROM revenue")
    tables.kinds["revenue"] = Kind()


def pay_seldom(tables: Tables, gaps: bool = True) -> str:
    """Return how seldom most accounts pay: in one of several months, or in one only, not the last; else nothing.

    Months in which no account has a row are counted too, with `gaps`.
    """
    newest, each = "SELECT max(month) FROM revenue", _PAYING.format(by_account=by_account(tables.con))
    if not gaps:
        newest, each = "SELECT count(DISTINCT month) FROM revenue", _BY_PLACE
    gone = f"FILTER (WHERE paid = 1 AND last < ({newest}))"
    query = (
        f"SELECT count(*), count(*) FILTER (WHERE paid > 1), sum(paid - 1), sum(steps), count(*) {gone}, "
        f"count(DISTINCT last) {gone}, count(*) FILTER (WHERE paid > 1 AND steps >= {SELDOM} * (paid - 1)) "
        f"FROM ({each})"
    )
    accounts, several, nexts, steps, once, months, seldom = tables.con.execute(query).fetchall()[0]
    if accounts >= FEW and once * 2 > accounts and months >= MANY:
        return "once"
    if gaps and accounts >= FEW and seldom > LITTLE * accounts and steps < SELDOM * nexts:
        who = f"{counted(int(seldom), 'account')} of {int(accounts):,}"
        words = f"{who} pay in one of several months only, as if billed by the year: each leaves and comes back."
        repair = "Export MRR, or say that rows are invoices."
        tables.remarks.append(Remark(words, repair, seldom / accounts))
    return f"in one of {round(steps / nexts)} months" if several >= FEW and steps >= SELDOM * nexts else ""


MANY = 5
"""Months of customers of one month alone, from which on these are bills."""
SELDOM = 2.5
"""Months between two rows from which on they are no MRR: quarters have 3, years 12."""
FEW = 3
"""Accounts whose gaps say something of all."""


def settle(tables: Tables, then: Callable[[], object]) -> Kind | None:
    """Make one row of the rows that an account has for a month, where it is clear how; else ask.

    Rows have been read with their lines. Returns what became of the files, with rows that are still twice for whoever
    rejects them; none where it is asked what they are: then revenue is not read yet.
    """
    found = tables.with_lines("revenue")
    then()
    said = {at: file.mapping.several for at, file in enumerate(found.files)}
    if (SEVERAL[0] not in said.values() and _are_snapshots(tables)) or LAST in said.values():
        _last_of_each_month(tables, found)
        if _differ_by_item(tables):
            _add_up(tables, found, False)
    elif ADD_UP in said.values() or _differ_by_item(tables):
        _add_up(tables, found, ADD_UP in said.values())
    elif not any(said.values()) and _ask(tables, found):
        return None
    return found


def _are_snapshots(tables: Tables) -> bool:
    """Whether rows of a month differ by their day, and each day has most of the accounts of the month."""
    days = f"SELECT r.month, a.day, count(DISTINCT r.account_id) AS accounts FROM {_ROWS} GROUP BY ALL"
    most = "SELECT month, count(DISTINCT account_id) AS accounts FROM revenue GROUP BY month"
    query = (
        f"SELECT median(d.accounts / m.accounts) FROM ({days}) d JOIN ({most}) m ON m.month = d.month "
        f"WHERE d.month IN (SELECT month FROM ({days}) GROUP BY month HAVING count(*) > 1)"
    )
    ((share,),) = tables.con.execute(query).fetchall()
    return share is not None and share * 2 >= 1


def _last_of_each_month(tables: Tables, found: Kind) -> None:
    """Keep the rows of the last day of each month: who is not among them has left by then."""
    last = f"(SELECT r.month, max(a.day) AS day FROM {_ROWS} GROUP BY r.month)"
    earlier = f"{_ROWS} JOIN {last} l ON l.month = r.month WHERE a.day < l.day"
    rows = tables.con.execute(
        f"SELECT r.file, r.line, r.account_id, CAST(l.day AS VARCHAR) FROM {earlier} ORDER BY 1, 2"
    ).fetchall()
    if not rows:
        return
    why = "is of an earlier day of its month; that of {} counts"
    gone = [Reject(found.files[at].name, line, "account_id", who, why.format(day)) for at, line, who, day in rows]
    tables.con.execute(f"DELETE FROM revenue WHERE (file, line) IN (SELECT (r.file, r.line) FROM {earlier})")
    found.fewer(gone, MOST_REJECTS)
    words = (
        f"{found.names} has several snapshots a month: the last of each month counts, and {len(gone):,} earlier rows "
        "are left out."
    )
    tables.remarks.append(Remark(words, "If they are invoices, say so under Your files.", 0.3))


def _differ_by_item(tables: Tables) -> bool:
    """Whether most rows of an account and month are for other items."""
    twice = f"{_ROWS} JOIN {_TWICE} t ON t.account_id = r.account_id AND t.month = r.month"
    query = f"SELECT count(DISTINCT (r.account_id, r.month, a.item)), count(*) FROM {twice} WHERE a.item <> ''"
    ((items, rows),) = tables.con.execute(query).fetchall()
    return bool(rows and items * 2 > rows and items > count(tables.con, _TWICE))


def _add_up(tables: Tables, found: Kind, all_of_them: bool) -> None:
    """Add up the rows of an account and month; of rows for the same item the first, unless they were said to add up."""
    con = tables.con
    if not all_of_them:
        same = (
            f"SELECT r.file, r.line, r.account_id, row_number() OVER (PARTITION BY r.account_id, r.month, a.item "
            f"ORDER BY r.file, r.line) AS place FROM {_ROWS}"
        )
        rows = con.execute(f"SELECT file, line, account_id FROM ({same}) WHERE place > 1 ORDER BY 1, 2").fetchall()
        why = "is a second row for the same account id, month and item; remove one, or add them up before the upload"
        found.fewer([Reject(found.files[at].name, line, "account_id", who, why) for at, line, who in rows])
        con.execute(f"DELETE FROM revenue WHERE (file, line) IN (SELECT (file, line) FROM ({same}) WHERE place > 1)")
    keys, rows_ = count(con, _TWICE), count(con, "revenue")
    con.execute(
        "CREATE OR REPLACE TEMP TABLE added AS SELECT account_id, month, CAST(sum(mrr) AS BIGINT) AS mrr, currency, "
        f"min(file) AS file, min(line) AS line FROM revenue WHERE (account_id, month) IN {_TWICE} "
        "GROUP BY account_id, month, currency"
    )
    con.execute(f"DELETE FROM revenue WHERE (account_id, month) IN {_TWICE}")
    con.execute("INSERT INTO revenue BY NAME SELECT * FROM added")
    con.execute("DROP TABLE added")
    words = f"Rows of an account and month in {found.names} add up: {counted(keys, 'time')} there are several."
    tables.remarks.append(Remark(words, touches=0.2 * min(1.0, keys / max(rows_, 1))))


def _ask(tables: Tables, found: Kind) -> bool:
    """Ask what rows are that differ in their amount, where there are many; say whether it is asked."""
    differing = (
        "(SELECT account_id, month, count(*) AS rows_ FROM revenue GROUP BY ALL "
        "HAVING count(*) > 1 AND count(DISTINCT mrr) > 1)"
    )
    ((rows, who, month),) = tables.con.execute(
        f"SELECT coalesce(sum(rows_), 0), first(account_id ORDER BY account_id, month), "
        f"first(month ORDER BY account_id, month) FROM {differing}"
    ).fetchall()
    share = int(rows) / max(count(tables.con, "revenue"), 1)
    if share <= LITTLE:
        return False
    bound = Bound()
    query = f"SELECT mrr, file FROM revenue WHERE account_id = {bound(str(who))} AND month = {bound(int(month))}"
    own = bound.run(tables.con, f"{query} ORDER BY file, line").fetchall()
    amounts = [f"{mrr / 100:,.2f}" for mrr, _ in own[:3]]
    file: Recognised = found.files[own[-1][1]]
    asks = (
        f"{counted(int(rows), 'row')} share account and month with others, such as {who[:40]} in "
        f"{month_name(int(month))}: {listed(amounts)}. Do they add up ({sum(m for m, _ in own) / 100:,.2f}), "
        f"does the last count ({amounts[-1]}), or is one a mistake (the first counts)? "
        "Invoices or orders add up: then say that each row of the file is one."
    )
    question = Question(file.name, "several", "several", asks, SEVERAL, share)
    tables.sources[file.name] = replace(file).asked([question])
    tables.con.execute("DELETE FROM revenue")
    tables.kinds["revenue"] = Kind()
    return True


_NO_END = 2_147_483_647
A_SLIP = 3
"""Days that a row of a subscription may run on after its next row begins: a term that ends a day late."""
_OVERLAPS = (
    "SELECT file, subscription_id, min(mrr), max(mrr) FROM (SELECT *, lead(started_day) OVER w AS next, "
    f"max(coalesce(ended_day, {_NO_END})) OVER (w ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS until "
    "FROM subscriptions WHERE subscription_id IS NOT NULL "
    "WINDOW w AS (PARTITION BY file, subscription_id ORDER BY started_day, line)) "
    f"WHERE next + {A_SLIP} < coalesce(ended_day, {_NO_END}) OR started_day + {A_SLIP} < until "
    "GROUP BY ALL HAVING min(mrr) < max(mrr)"
)
"""Subscriptions with rows of a file that hold at the same time, with another amount each."""


def versions(tables: Tables) -> bool:
    """Settle rows of one subscription that hold at the same time: items add up, of prices the last counts.

    Says whether rows that share their start are all to be kept.
    """
    rows = tables.con.execute(f"{_OVERLAPS} ORDER BY 1, 2").fetchall()
    said = {file.mapping.several for file in tables.kinds["subscriptions"].files} - {""}
    ids = max(count(tables.con, "(SELECT DISTINCT file, subscription_id FROM subscriptions)"), 1)
    if not said and len(rows) > LITTLE * ids:
        _ask_of_versions(tables, rows, len(rows) / ids)
    elif LAST in said:
        _end_with_the_next(tables)
    elif ADD_UP not in said:
        _without_slips(tables)
    return ADD_UP in said


def _without_slips(tables: Tables) -> None:
    """End rows that run on some days after the next of their subscription begins with that: a month has one of them."""
    tables.con.execute(
        "UPDATE subscriptions s SET ended_day = n.day, ended_month = n.month FROM (SELECT file, subscription_id, "
        "started_day, lead(started_day) OVER w AS day, lead(started_month) OVER w AS month FROM "
        "(SELECT DISTINCT file, subscription_id, started_day, started_month FROM subscriptions) "
        "WINDOW w AS (PARTITION BY file, subscription_id ORDER BY started_day)) n "
        "WHERE s.file = n.file AND s.subscription_id = n.subscription_id AND s.started_day = n.started_day "
        f"AND s.ended_day > n.day AND s.ended_day <= n.day + {A_SLIP}"
    )


def _ask_of_versions(tables: Tables, rows: Sequence[tuple[int, str, int, int]], share: float) -> None:
    at, who, *amounts = rows[0]
    file = tables.kinds["subscriptions"].files[at]
    shown = listed([f"{amount / 100:,.2f}" for amount in amounts])
    asks = (
        f"{counted(len(rows), 'subscription')} have rows with other amounts for the same time, such as {who[:40]}: "
        f"{shown}. Do they add up ({sum(amounts) / 100:,.2f}), as items do, or does the last count from its start on?"
    )
    question = Question(file.name, "several", "several", asks, (ADD_UP, LAST), share)
    tables.sources[file.name] = tables.sources[file.name].asked([question])
    tables.con.execute("DELETE FROM subscriptions")
    tables.kinds["subscriptions"] = Kind()


def _end_with_the_next(tables: Tables) -> None:
    """Let each row of a subscription end where the next begins, and of those with one start keep the last."""
    found = tables.with_lines("subscriptions")
    later = (
        "(SELECT file, line, lead(started_day) OVER w AS day, lead(started_month) OVER w AS month FROM subscriptions "
        "WHERE subscription_id IS NOT NULL "
        "WINDOW w AS (PARTITION BY subscription_id ORDER BY started_day, file, line)) n"
    )
    same = "s.file = n.file AND s.line = n.line"
    gone = tables.con.execute(
        f"SELECT s.file, s.line, s.subscription_id FROM subscriptions s JOIN {later} ON {same} "
        "WHERE n.day = s.started_day ORDER BY 1, 2"
    ).fetchall()
    tables.con.execute(
        f"UPDATE subscriptions s SET ended_day = n.day, ended_month = n.month FROM {later} "
        f"WHERE {same} AND coalesce(s.ended_day, {_NO_END}) > n.day"
    )
    tables.con.execute("DELETE FROM subscriptions WHERE ended_day = started_day")
    why = "is an earlier row of a subscription; the last with the same start counts"
    rejects = [Reject(found.files[at].name, line, "subscription_id", who, why) for at, line, who in gone]
    found.fewer(rejects, MOST_REJECTS)
    tables.kinds["subscriptions"] = found
