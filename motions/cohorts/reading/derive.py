"""Files that are not yet one of the four tables, brought into their form: accounts, revenue, partners, spend."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from motions import text
from motions.cohorts.contract import BY_NAME, NOT_USED, TOTAL
from motions.cohorts.reading.cells import plain_word
from motions.cohorts.reading.copies import ask_of_copies
from motions.cohorts.reading.engine import Bound, count, quoted
from motions.cohorts.reading.mapping import BEGIN, LITTLE, Question
from motions.cohorts.reading.months import ENOUGH, begins_with_the_business
from motions.cohorts.reading.read import with_any_currency
from motions.cohorts.reading.records import MOST_REJECTS, Reject, too_many
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.several import pay_seldom
from motions.cohorts.reading.statements import statements
from motions.cohorts.reading.tables import BECOMES, Tables, names_of
from motions.errors import FileError
from motions.text import month_name

STEPS = dict(statements(Path(__file__).with_name("derive.sql")))


def one_statement_of_each(tables: Tables) -> None:
    """Use one statement of the same money only: adding two would count it twice."""
    _one_of(
        tables, ("revenue", "subscriptions", "movements", "invoices"), "states the MRR of accounts", tables.has_rows
    )
    _one_of(
        tables,
        ("spend", "payouts", "commissions"),
        "states what partners are paid",
        lambda name: tables.has_rows("spend WHERE kind = 'payout'" if name == "spend" else name),
    )


def _one_of(tables: Tables, names: tuple[str, ...], what: str, counts: Callable[[str], bool]) -> None:
    there = [name for name in names if counts(name)]
    for name in there[1:]:
        first, second = tables.kinds[there[0]].names, tables.kinds[name].names
        repair = f"Set {first} to '{NOT_USED}' under Your files if {second} is the one to count."
        tables.give_up(name, FileError(second, f"{what}, as {first} does; both would count twice", repair))


def derive(tables: Tables) -> None:
    """Bring subscriptions, movements, customers, commissions and payouts into the four tables."""
    _revenue(tables)
    with_any_currency(tables.con, BY_NAME["spend"])
    for name in ("payouts", "commissions"):
        tables.con.execute(
            "INSERT INTO spend (month, amount, kind, motion, partner_id, currency, file, line) "
            f"SELECT month, amount, 'payout', motion, partner_id, currency, NULL, NULL FROM {name}"
        )
    _spent(tables)
    _customers(tables)
    ask_of_copies(tables)
    unread = [file for file in tables.sources.values() if file.waits and file.table]
    if unread:
        tables.notes.append(f"Every figure is without {names_of(unread)}: answer what is asked first.")


def _without_totals(tables: Tables) -> None:
    """Leave out what is called a total and adds up all others in most months: no list tells that it is no account."""
    total = f"{plain_word('account_id')} IN ({', '.join(quoted(word) for word in TOTAL)})"
    ((months, equal),) = tables.con.execute(
        "SELECT count(*), count(*) FILTER (WHERE own = others) FROM (SELECT month, "
        f"sum(mrr) FILTER (WHERE {total}) AS own, sum(mrr) FILTER (WHERE NOT {total}) AS others FROM revenue "
        "GROUP BY month) WHERE own > 0"
    ).fetchall()
    if equal * 2 > months:
        rows = tables.con.execute(f"DELETE FROM revenue WHERE {total}").fetchall()[0][0]
        words = f"{text.count(int(rows), 'row')} of revenue add the others up and are left out."
        tables.remarks.append(Remark(words, touches=0.2))


def _spent(tables: Tables) -> None:
    """Take amounts of a kind of spend that are nearly all below zero for what was spent, as banks write what goes out.

    The few above zero are what came back. Among amounts above zero those below are what was taken back.
    """
    below = "count(*) FILTER (WHERE amount < 0)"
    query = f"SELECT kind, {below}, count(*) FROM spend WHERE amount <> 0 GROUP BY kind ORDER BY 1"
    for kind, below, rows in tables.con.execute(query).fetchall():
        if rows >= FEW and below * 10 >= rows * 9:
            bound = Bound()
            bound.run(tables.con, f"UPDATE spend SET amount = -amount WHERE kind = {bound(str(kind))}")
            words = f"Amounts of spend on {kind} are below zero ({text.count(int(below), 'row')} of {int(rows):,})"
            tables.remarks.append(Remark(f"{words}: they are taken for what was spent.", touches=0.2))


def _revenue(tables: Tables) -> None:
    tables.con.execute("CREATE OR REPLACE TEMP TABLE opening_moves (account_id VARCHAR, begins BOOL, returns BOOL)")
    if tables.has_rows("invoices"):
        _billed(tables)
        return
    name = "subscriptions" if tables.has_rows("subscriptions") else "movements"
    if not tables.kinds[name].files:
        return
    _inclusive_ends(tables)
    last = _horizon(tables, name)
    tables.con.execute(f"CREATE OR REPLACE TEMP TABLE horizon AS SELECT {last or 'NULL::INTEGER'} AS last_month")
    _in_the_stated_currency(tables, name)
    with_any_currency(tables.con, BY_NAME["revenue"])
    months, since = "subscription_months", 0
    if name == "movements":
        _complete_movements(tables)
        _known_from_the_first(tables)
        months = "movement_months"
    elif last is not None:
        _with_ends(tables, last)
        since = _moved_here(tables)
    tables.con.execute(
        "INSERT INTO revenue (account_id, month, mrr, currency, file, line) "
        f"SELECT account_id, month, mrr, currency, NULL, NULL FROM ({STEPS[months]}) "
        f"WHERE mrr > 0 AND month >= {since}"
    )
    if last is not None:
        tables.notes.append(f"What has no end in {tables.kinds[name].names} is taken to run to {month_name(last)}.")


def _billed(tables: Tables) -> None:
    """Take what an account was billed in a month for its MRR, and say that it is none."""
    _in_the_stated_currency(tables, "invoices")
    with_any_currency(tables.con, BY_NAME["revenue"])
    tables.con.execute(f"INSERT INTO revenue BY NAME {STEPS['billed_months']}")
    if often := pay_seldom(tables):
        tables.ends_known = False
        said = f"Most accounts are billed {often}: who leaves can't be told from that. Churn, NRR and GRR are unknown."
        tables.remarks.append(Remark(said, "Use an export of subscriptions or of MRR.", 1.0))
    words = (
        f"{tables.kinds['invoices'].names} holds invoices or orders: MRR is what they add up to in a month, NRR and "
        "churn are of what was billed. A year that is paid at once looks like a customer who leaves for eleven months."
    )
    tables.remarks.append(Remark(words, "Use an export of subscriptions or of MRR where there is one.", 1.0))


def _inclusive_ends(tables: Tables) -> None:
    """Move ends by a day in files where they are the last day paid: the next start, or an anniversary, is a day later.

    A mapping that says what ends are is believed.
    """
    for at, file in enumerate(tables.kinds["subscriptions"].files):
        if file.mapping.ends:
            continue
        ((ends, inclusive, exclusive, renewed),) = tables.con.execute(
            STEPS["ends"].replace("{file}", str(at))
        ).fetchall()
        if inclusive > exclusive and inclusive * 2 >= ends and (renewed or inclusive >= FEW):
            tables.con.execute(
                "UPDATE subscriptions SET ended_day = ended_day + 1, "
                "ended_month = year(DATE '1970-01-02' + ended_day) * 12 + month(DATE '1970-01-02' + ended_day) - 1 "
                f"WHERE file = {at} AND ended_day IS NOT NULL"
            )
            words = (
                f"Ends in {file.name} are the last day that is paid, as {inclusive:,} of {ends:,} lie a day before the "
                "next start, an anniversary or a month."
            )
            tables.remarks.append(Remark(words, "Change it under Your files if they are not.", 0.2))


FEW = 3
"""Ends on the day before an anniversary that are no chance."""
FRESH = 2
"""Months since the last thing in a file up to which it is taken as written in the month of the reading."""
_FIRST_STARTS = (
    "SELECT s.account_id, s.started_day, "
    "bool_or(a.signup_month IS NULL OR a.signup_month < s.started_month) AS earlier "
    "FROM (SELECT account_id, min(started_day) AS started_day, min(started_month) AS started_month "
    "FROM subscriptions GROUP BY account_id) s "
    "LEFT JOIN accounts a ON a.account_id = s.account_id GROUP BY ALL"
)


def _moved_here(tables: Tables) -> int:
    """Ask what the days are on which most subscriptions begin: a move to another system says nothing of first payments.

    Unless they are said to be their first payments, revenue begins with their month: what was paid before is not in the
    files, and accounts that signed up before are customers of before. Returns that month, or 0.
    """
    # Of all days the one on which, and in the days after which, most of them begin: a move takes a weekend or a week.
    query = (
        f"WITH f AS ({_FIRST_STARTS}), d AS (SELECT started_day AS day, count(*) AS times FROM f GROUP BY 1) "
        "SELECT d.day, sum(e.times) AS times, max(e.day), "
        "(SELECT count(*) FROM f WHERE earlier AND started_day BETWEEN d.day AND max(e.day)), (SELECT count(*) FROM f) "
        f"FROM d JOIN d e ON e.day BETWEEN d.day AND d.day + {A_MOVE} GROUP BY d.day "
        "ORDER BY times DESC, max(e.day), 1 LIMIT 1"
    )
    ((day, times, until, earlier, starts),) = tables.con.execute(query).fetchall() or [(0, 0, 0, 0, 0)]
    files = tables.kinds["subscriptions"].files
    said = {file.mapping.starts for file in files} - {""}
    if starts < ENOUGH or times * 2 <= starts or earlier * 2 <= times or BEGIN[0] in said:
        return 0
    began, ended = (date(1970, 1, 1) + timedelta(int(one)) for one in (day, until))
    month = began.year * 12 + began.month - 1
    if begins_with_the_business(lambda sql: tables.con.execute(sql).fetchall(), month):
        return 0
    tables.con.execute(
        f"INSERT INTO opening_moves SELECT account_id, false, true FROM ({_FIRST_STARTS}) "
        f"WHERE (started_day BETWEEN {day} AND {until} AND earlier) OR started_day < {day}"
    )
    who = f"{text.count(int(earlier), 'account')} of {int(starts):,}"
    on = f"on {began}" if day == until else f"from {began} to {ended}"
    words = f"{who} signed up earlier and begin to pay {on}, as if moved from another system"
    repair = "Export what they paid before."
    unknown = f"when they first paid is not known, and MRR is known from {month_name(month)} on"
    tables.remarks.append(Remark(f"{words}: {unknown}.", repair, earlier / starts))
    if not said:
        asks = (
            f"{words}. Is that their first payment ({text.count(int(earlier), 'new customer')} then), or were "
            "they customers before? Until it is said they count in MRR and churn, and as new nowhere."
        )
        name = files[0].name
        question = Question(name, "starts", "starts", asks, BEGIN, LITTLE, read=True)
        tables.sources[name] = tables.sources[name].asked([question])
    return month


A_MOVE = 6
"""Days after the first one that a move to another system takes at most."""
RUNNING_SINCE = 6
"""Months that the oldest of many subscriptions runs, from which on one would have ended."""


def _horizon(tables: Tables, name: str) -> int | None:
    """The last month that what has no end runs to: the month before the file was written.

    Raises FileError with a question where the last thing in it is long ago, and something runs on.
    """
    this_month = tables.today.year * 12 + tables.today.month - 1
    events = (
        "SELECT started_month AS month FROM subscriptions UNION ALL SELECT ended_month FROM subscriptions "
        "UNION ALL SELECT requested_month FROM subscriptions UNION ALL SELECT period_start FROM subscriptions "
        "UNION ALL SELECT month FROM movements UNION ALL SELECT signup_month FROM accounts"
    )
    query = f"SELECT max(month) FROM ({events}) WHERE month <= {this_month}"
    ((latest,),) = tables.con.execute(query).fetchall()
    if latest is None:
        return None
    said = [file.mapping.written for file in tables.kinds[name].files if file.mapping.written]
    written = tables.written or max((int(one[:4]) * 12 + int(one[5:]) - 1 for one in said), default=None)
    if written is None and latest >= this_month - FRESH:
        written = this_month
    if written is not None:
        return min(written, this_month) - 1
    if not _runs_on(tables, name, latest):
        return int(latest)
    asks = (
        f"In which month was it written? The last thing in it, and in the accounts, is of {month_name(latest)}; what "
        "has no end is taken to run up to the month before it was written."
    )
    file = tables.kinds[name].files[0]
    options = (month_name(latest), month_name(this_month))
    tables.sources[file.name] = file.asked([Question(file.name, "written", "written", asks, options)])
    raise FileError(file.name, "is not read yet", f"{asks} Answer it under Your files.")


def _runs_on(tables: Tables, name: str, latest: int) -> bool:
    """Whether anything has no end by the last month in which something happens."""
    if name == "subscriptions":
        return tables.has_rows(f"subscriptions WHERE mrr > 0 AND (ended_month IS NULL OR ended_month > {latest})")
    return tables.has_rows(f"(SELECT account_id FROM ({STEPS['moved']}) GROUP BY account_id HAVING sum(change) > 0)")


def _with_ends(tables: Tables, last: int) -> None:
    """Note where none of many subscriptions has ended: then the file has those that run, and nobody knows who left."""
    if count(tables.con, "subscriptions") < ENOUGH or tables.has_rows(
        f"subscriptions WHERE ended_month <= {last} OR requested_month <= {last}"
    ):
        return
    if tables.has_rows(f"subscriptions WHERE started_month <= {last - RUNNING_SINCE}"):
        tables.ends_known = False
        words = f"None of the subscriptions in {tables.kinds['subscriptions'].names} has ended: only those that run."
        more = "Churn, NRR and GRR are unknown, and MRR of earlier months lacks who has left."
        tables.remarks.append(Remark(f"{words} {more}", "Export ended subscriptions too.", 1.0))


def _known_from_the_first(tables: Tables) -> None:
    """Leave out accounts whose movements begin in the middle: what they paid before, and so what they pay, is unknown.

    One that comes back is known from there; when it first paid is not.
    """
    tables.con.execute(f"CREATE OR REPLACE TEMP TABLE opening_moves AS {STEPS['opening_moves']}")
    accounts = count(tables.con, "opening_moves")
    unknown = "(SELECT account_id FROM opening_moves WHERE NOT begins AND NOT returns)"
    gone = count(tables.con, unknown)
    if gone:
        # What the few others do says nothing of the program.
        tables.ends_known = gone * 2 < accounts
        tables.con.execute(f"DELETE FROM running WHERE account_id IN {unknown}")
        words = (
            f"{text.count(gone, 'account')} of {accounts:,} in {tables.kinds['movements'].names} begin with another "
            "movement than new: what they pay is unknown, and they are in no figure about MRR."
        )
        tables.remarks.append(Remark(words, "Export movements from the start of each account.", gone / accounts))


def _in_the_stated_currency(tables: Tables, name: str) -> None:
    """Where a single currency is stated, rows that state none are in it: else their months would repeat."""
    codes = tables.con.execute(f"SELECT DISTINCT currency FROM {name} WHERE currency IS NOT NULL").fetchall()
    if len(codes) == 1:
        bound = Bound()
        bound.run(tables.con, f"UPDATE {name} SET currency = {bound(str(codes[0][0]))} WHERE currency IS NULL")


def _complete_movements(tables: Tables) -> None:
    """Reject the movements of accounts whose MRR falls below zero: earlier ones are missing."""
    if not _falls_below_zero(tables):
        return
    found = tables.with_lines("movements")
    broken = "account_id IN (SELECT account_id FROM running WHERE mrr < 0)"
    query = f"SELECT file, line, account_id FROM movements WHERE {broken} ORDER BY file, line"
    rows = tables.con.execute(f"{query} LIMIT {MOST_REJECTS + 1}").fetchall()
    why = "the movements of this account fall below an MRR of zero: earlier ones are missing; export from its start"
    gone = [Reject(found.files[at].name, line, "account_id", who, why) for at, line, who in rows]
    if len(gone) > MOST_REJECTS:
        tables.give_up("movements", too_many(gone[0].file, gone[0]))
    else:
        tables.con.execute(f"DELETE FROM movements WHERE {broken}")
        found.fewer(gone)
        tables.kinds["movements"] = found
    _falls_below_zero(tables)


def _falls_below_zero(tables: Tables) -> bool:
    """Work out the running MRR of each account from its movements, and whether one falls below zero."""
    for step in ("moved", "running"):
        tables.con.execute(f"CREATE OR REPLACE TEMP TABLE {step} AS {STEPS[step]}")
    return tables.has_rows("running WHERE mrr < 0")


def _customers(tables: Tables) -> None:
    """Take over who brought an account that the accounts file has as organic, and accounts that it has not."""
    if not tables.kinds["customers"].files:
        return
    unknown = "FROM customers c WHERE NOT EXISTS (SELECT 1 FROM accounts a WHERE a.account_id = c.account_id)"
    nobodys = "coalesce(accounts.motion, 'organic') = 'organic' AND accounts.partner_id = ''"
    theirs = f"accounts.account_id = c.account_id AND {nobodys}"
    told = tables.con.execute(
        f"UPDATE accounts SET motion = c.motion, partner_id = c.partner_id FROM customers c WHERE {theirs}"
    ).fetchall()[0][0]
    # Whether they activated is not known: they are in no activation rate.
    added = tables.con.execute(
        "INSERT INTO accounts (account_id, signup_month, signup_day, motion, partner_id, activated_day, segment) "
        f"SELECT account_id, signup_month, signup_day, motion, partner_id, -1, '' {unknown}"
    ).fetchall()[0][0]
    if tables.kinds["accounts"].files:
        tables.notes.append(
            f"{text.count(told, 'account')} that the accounts file has as organic took motion and partner from "
            f"{tables.kinds['customers'].names}; {text.count(added, 'account')} of it the accounts file does not have."
        )


def accounts_of_payers(tables: Tables) -> None:
    """Take who pays for the accounts, where no file lists any: each from its first payment, by nobody knows which way.

    When they signed up and activated, and which of them partners brought, is not known. Nothing is taken where a list
    lies there that is not read yet, or of which no row could be used; nor where a file was refused that may be one.
    """
    lists = {BECOMES.get(file.mapping.kind, file.mapping.kind) for file in tables.sources.values()}
    if tables.refused or "accounts" in lists | tables.asked_of or not tables.has_rows("revenue WHERE mrr > 0"):
        return
    _without_totals(tables)
    tables.con.execute(
        "INSERT INTO accounts (account_id, signup_month, motion, partner_id, activated_day, pql_month, segment) "
        "SELECT account_id, min(month), 'other', '', -1, -1, '' FROM revenue WHERE mrr > 0 GROUP BY account_id"
    )
    tables.derived, tables.motions_known = True, False
    payers = text.count(count(tables.con, "accounts"), "account")
    words = f"No file lists the accounts: the {payers} that pay are taken for them, each from its first payment."
    more = "Signups, activation and which of them partners brought are not known."
    tables.remarks.append(Remark(f"{words} {more}", "Add an accounts file.", 1.0))
