"""Accounts that their list leaves out and that pay: as many as are no slip are asked, the others are said."""

import duckdb

from motions import text
from motions.cohorts.contract import HEADERS
from motions.cohorts.reading.by_account import by_account
from motions.cohorts.reading.engine import Bound, count
from motions.cohorts.reading.mapping import LITTLE, NOT_THERE, Question
from motions.cohorts.reading.matching import not_read
from motions.cohorts.reading.read import LEFT_ACCOUNTS, left_accounts
from motions.cohorts.reading.recognise import CORRECTED, OWN, Recognised, bare
from motions.cohorts.reading.tables import FEW, Tables


def ask_of_flagged(tables: Tables) -> None:
    """Ask whether accounts are tests that a column flags, called like no flag that is known, where many of them pay."""
    left_accounts(tables.con)
    for number, file in enumerate(tables.kinds["accounts"].files):
        if file.found_by in (OWN, CORRECTED) or "deleted" not in file.columns or not _by_its_parts(file):
            continue
        own = file.header[file.columns["deleted"]]
        bound = Bound()
        flagged = f"SELECT account_id FROM {LEFT_ACCOUNTS} WHERE file = {number} AND left_by = {bound(own)}"
        pays = f"SELECT count(*) FROM {by_account(tables.con)} WHERE paying > 0 AND account_id IN ({flagged})"
        paying = int(bound.run(tables.con, pays).fetchall()[0][0])
        payers = count(tables.con, f"{by_account(tables.con)} WHERE paying > 0")
        if paying > FEW and paying > LITTLE * payers:
            _ask(tables, file, own, paying, payers)


def _by_its_parts(file: Recognised) -> bool:
    return bare(file.header[file.columns["deleted"]])[0] not in HEADERS["deleted"]


def _ask(tables: Tables, file: Recognised, own: str, paying: int, payers: int) -> None:
    asks = (
        f"{text.count(paying, 'account')} that {own} says yes of pay, of {payers:,}. Are they tests or accounts of "
        f"your own, which are in no figure (choose {own}), or customers ({NOT_THERE})?"
    )
    question = Question(file.name, "columns", "deleted", asks, (own, NOT_THERE), paying / payers)
    tables.sources[file.name] = tables.sources[file.name].asked([question])
    tables.asked_of.add("accounts")
    not_read(tables, "accounts", ("accounts", "customers"))


def left_out_that_pay(con: duckdb.DuckDBPyConnection) -> int:
    """Return how many accounts have revenue, and are in no figure as their rows are left out of the list."""
    left_accounts(con)
    if not count(con, LEFT_ACCOUNTS):
        return 0
    listed = "SELECT account_id FROM accounts"
    left = f"SELECT account_id FROM {LEFT_ACCOUNTS}"
    return count(con, f"{by_account(con)} WHERE account_id IN ({left}) AND account_id NOT IN ({listed})")
