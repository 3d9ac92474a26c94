"""Amounts in cents that no header tells: whole numbers a hundred times as large as those beside them. It is asked."""

from motions.cohorts.contract import BY_NAME
from motions.cohorts.reading.mapping import Question
from motions.cohorts.reading.matching import PAID, PAYING, not_read
from motions.cohorts.reading.months import ENOUGH
from motions.cohorts.reading.recognise import CORRECTED, OWN, Recognised
from motions.cohorts.reading.tables import Tables
from motions.names import PARTNER_MOTIONS
from motions.text import percent

USUAL = 0.02, 0.6
"""What partners are usually paid of the revenue that they bring."""


def ask_of_cents(tables: Tables) -> None:
    """Ask whether amounts are cents, where payouts would be a usual share of partners' revenue if one of both were."""
    if not tables.has_rows("revenue") or not tables.has_rows("spend WHERE kind = 'payout'"):
        return
    theirs = ", ".join(f"'{motion}'" for motion in PARTNER_MOTIONS)
    query = (
        "SELECT sum(paid), sum(mrr) FROM "
        "(SELECT month, sum(amount) AS paid FROM spend WHERE kind = 'payout' GROUP BY month) s JOIN "
        "(SELECT month, sum(mrr) AS mrr FROM revenue r JOIN accounts a ON a.account_id = r.account_id "
        f"WHERE a.motion IN ({theirs}) GROUP BY month) r ON r.month = s.month"
    )
    ((paid, mrr),) = tables.con.execute(query).fetchall()
    if not paid or not mrr or paid < 0:
        return
    share, (low, high) = paid / mrr, USUAL
    if share < low <= share * 100 <= high:
        _ask(tables, "revenue", "mrr", PAYING, share)
    elif share > high and low <= share / 100 <= high:
        _ask(tables, "spend WHERE kind = 'payout'", "amount", PAID, share)


def _ask(tables: Tables, rows: str, amount: str, kinds: tuple[str, ...], share: float) -> None:
    """Ask it of the first file that nobody has said it of, where its amounts are whole numbers without exception."""
    ((whole, found, largest),) = tables.con.execute(
        f"SELECT bool_and({amount} % 100 = 0), count(*), max({amount}) FROM {rows}"
    ).fetchall()
    if not whole or found < ENOUGH:
        return
    for kind in kinds:
        for file in tables.kinds[kind].files:
            money = next(column.name for column in BY_NAME[kind].columns if "money" in column.type)
            if money in file.columns and not _said(file, money):
                asks = (
                    f"Does column {file.header[file.columns[money]]} hold cents or whole money? Payouts would be "
                    f"{percent(share)} of partners' revenue, and all its amounts are whole numbers: "
                    f"{int(largest) // 100} is {largest / 100:,.2f}, or {largest / 10_000:,.2f}."
                )
                question = Question(file.name, "forms", money, asks, ("cents", "1,234.50"), read=True)
                tables.sources[file.name] = tables.sources[file.name].asked([question])
                not_read(tables, rows.split(maxsplit=1)[0], kinds)
                return


def _said(file: Recognised, money: str) -> bool:
    return file.found_by in (OWN, CORRECTED) and money in file.mapping.forms
