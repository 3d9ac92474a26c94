"""Files that are not yet one of the four tables, brought into their form: accounts, revenue, partners, spend."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from motions import text
from motions.cohorts.contract import BY_NAME, NOT_USED
from motions.cohorts.reading.engine import Bound, count
from motions.cohorts.reading.read import with_any_currency
from motions.cohorts.reading.records import MOST_REJECTS, Reject, too_many
from motions.cohorts.reading.statements import statements
from motions.cohorts.reading.tables import Tables, names_of
from motions.errors import FileError
from motions.text import month_name

STEPS = dict(statements(Path(__file__).with_name("derive.sql")))


def one_statement_of_each(tables: Tables) -> None:
    """Use one statement of the same money only: adding two would count it twice."""
    _one_of(tables, ("revenue", "subscriptions", "movements"), "states the MRR of accounts", tables.has_rows)
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
    _customers(tables)
    _alike(tables)
    unread = [file for file in tables.sources.values() if file.questions and file.table]
    if unread:
        tables.notes.append(f"Every figure is without {names_of(unread)}: answer what is asked first.")


def _revenue(tables: Tables) -> None:
    name = "subscriptions" if tables.kinds["subscriptions"].files else "movements"
    if not tables.kinds[name].files:
        return
    tables.con.execute(f"CREATE OR REPLACE TEMP TABLE horizon AS {_horizon(tables.today)}")
    _in_the_stated_currency(tables, name)
    with_any_currency(tables.con, BY_NAME["revenue"])
    months = "subscription_months"
    if name == "movements":
        _complete_movements(tables)
        months = "movement_months"
    tables.con.execute(
        "INSERT INTO revenue (account_id, month, mrr, currency, file, line) "
        f"SELECT account_id, month, mrr, currency, NULL, NULL FROM ({STEPS[months]}) WHERE mrr > 0"
    )
    ((last,),) = tables.con.execute("SELECT last_month FROM horizon").fetchall()
    if last is not None:
        tables.notes.append(f"What has no end in {tables.kinds[name].names} is taken to run to {month_name(last)}.")


def _horizon(today: date) -> str:
    """SQL: the last whole month in which anything starts, ends or signs up; what has no end runs to it."""
    this_month = today.year * 12 + today.month - 1
    events = (
        "SELECT started_month AS month FROM subscriptions UNION ALL SELECT ended_month FROM subscriptions "
        f"WHERE ended_month <= {this_month} UNION ALL SELECT month FROM movements "
        "UNION ALL SELECT signup_month FROM accounts"
    )
    return f"SELECT CAST(least(max(month), {this_month} - 1) AS INTEGER) AS last_month FROM ({events})"


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


def _alike(tables: Tables) -> None:
    """Point out files that state much the same rows, where nothing tells a row that is exported twice."""
    for name in ("subscriptions", "movements", "spend", "commissions", "payouts"):
        files, id_ = tables.kinds[name].files, "subscription_id" if name == "subscriptions" else "posting_id"
        if len(files) < 2 or any(id_ in file.columns for file in files):
            continue
        rows = f"SELECT * EXCLUDE (file, line) FROM {name} WHERE file"
        sizes = [count(tables.con, f"{name} WHERE file = {at}") for at in range(len(files))]
        for at in range(1, len(files)):
            same = count(tables.con, f"({rows} = {at} INTERSECT {rows} < {at})")
            if same * 2 > min(sizes[at], sum(sizes[:at])):
                tables.notes.append(
                    f"{text.count(same, 'row')} of {files[at].name} stand in {names_of(files[:at])} too. Is it "
                    "exported twice? It counts twice, as no column tells the rows apart."
                )
