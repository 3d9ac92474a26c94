"""Amounts in one currency: which there are, which one is in use, and what is set aside for it."""

from collections.abc import Sequence

from motions import text
from motions.cohorts.reading.engine import Bound, count
from motions.cohorts.reading.forms import SHARED_SIGNS
from motions.cohorts.reading.mapping import Question
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.tables import Tables
from motions.errors import FileError, MixedCurrencies
from motions.text import listed

MONEY = {"revenue": ("revenue", "subscriptions", "movements", "invoices"), "spend": ("spend", "payouts", "commissions")}
"""The tables with amounts, and the kinds of file that they come from."""
UNSTATED = "without a currency, while others state one"


def settle_currency(tables: Tables, chosen: str | None) -> None:
    """Make sure that amounts are in one currency; rows in another than the chosen one, or in none, are set aside.

    Raises MixedCurrencies where one has to be chosen, and FileError where a sign can't mean the currency of the others.
    """
    union = " UNION ".join(f"SELECT DISTINCT currency FROM {name}" for name in MONEY)
    query = f"SELECT currency FROM ({union}) WHERE currency IS NOT NULL ORDER BY currency"
    codes = tables.currencies = tuple(str(row[0]) for row in tables.con.execute(query).fetchall())
    stating = [file for kinds in MONEY.values() for name in kinds for file in tables.kinds[name].files]
    _check_signs(tables, stating, codes)
    if len(codes) > 1 and chosen not in codes:
        raise MixedCurrencies(listed([file.name for file in stating]), codes)
    tables.currency = chosen if len(codes) > 1 else next(iter(codes), None)
    silent = [file.name for file in stating if "currency" not in {*file.columns, *file.mapping.constants}]
    if silent and len(codes) == 1:
        tables.notes.append(f"{listed(silent)} states no currency and is taken as {codes[0]}, like the others.")
    _set_changers_aside(tables)
    for name in MONEY:
        for what, gone in keep_one_currency(tables, name).items():
            if gone:
                tables.notes.append(f"Set aside: {text.count(gone, 'row')} of {name} {what}.")


NAMED = 5
"""customers that a remark names"""


def _set_changers_aside(tables: Tables) -> None:
    """Take customers out of revenue that pay in the currency in use at one time, and in another at another time.

    They have not left, and what they paid can't be compared with what they pay.
    """
    if len(tables.currencies) < 2 or tables.currency is None:
        return
    bound = Bound()
    own = bound(tables.currency)
    bound.run(
        tables.con,
        "CREATE OR REPLACE TEMP TABLE changers AS SELECT account_id FROM ("
        f"SELECT account_id, month, bool_or(currency = {own}) AS here FROM revenue WHERE mrr > 0 "
        "GROUP BY account_id, month) GROUP BY account_id HAVING bool_or(here) AND NOT bool_and(here)",
    )
    names = [str(row[0]) for row in tables.con.execute("SELECT account_id FROM changers ORDER BY 1").fetchall()]
    if not names:
        return
    paying = max(count(tables.con, "(SELECT DISTINCT account_id FROM revenue)"), 1)
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    words = (
        f"{text.count(len(names), 'customer')} that pay in {tables.currency} and, in other months, in another currency "
        "are set aside: "
        f"{', '.join(names[:NAMED])}{more}. They have not left, and are in no figure about MRR."
    )
    tables.remarks.append(Remark(words, "State all their months in one currency.", len(names) / paying))


def keep_one_currency(tables: Tables, name: str) -> dict[str, int]:
    """Take the rows out of a table that are not in the currency in use; returns why, and how many."""
    if len(tables.currencies) < 2 or tables.currency is None:
        return {}
    if name == "revenue":
        tables.con.execute("DELETE FROM revenue WHERE account_id IN (SELECT account_id FROM changers)")
    gone = {}
    bound = Bound()
    other = bound.run(tables.con, f"DELETE FROM {name} WHERE currency <> {bound(tables.currency)}")
    gone[f"not in {tables.currency}"] = int(other.fetchall()[0][0])
    none = tables.con.execute(f"DELETE FROM {name} WHERE currency IS NULL")
    gone[UNSTATED] = int(none.fetchall()[0][0])
    return gone


def _check_signs(tables: Tables, files: Sequence[Recognised], codes: Sequence[str]) -> None:
    """Refuse to add amounts whose sign can't mean the currency of the others, and ask which it means."""
    signed = [file for file in files if file.sign]
    for file in signed:
        fitting = SHARED_SIGNS.get(file.sign, ())
        other = next((code for code in codes if code not in fitting), "")
        other = other or next((one.sign for one in signed if one.sign != file.sign), "")
        if other:
            repair = f"Say under Your files which currency '{file.sign}' is."
            asks = f"Which currency is '{file.sign}'? Amounts of others are in {other}, and two are never added."
            question = Question(file.name, "constants", "currency", asks, fitting)
            tables.sources[file.name] = file.asked([question])
            raise FileError(
                file.name, f"has amounts in {file.sign}, others are in {other}; they are never added", repair
            )
