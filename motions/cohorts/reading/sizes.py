"""Amounts in cents that no header tells: whole numbers a hundred times as large as those beside them. It is asked."""

from collections.abc import Sequence

from motions.cohorts.contract import BY_NAME
from motions.cohorts.reading.mapping import LITTLE, Question
from motions.cohorts.reading.matching import PAID, PAYING, not_read
from motions.cohorts.reading.months import ENOUGH
from motions.cohorts.reading.recognise import CORRECTED, OWN, Recognised
from motions.cohorts.reading.tables import Tables
from motions.names import PARTNER_MOTIONS
from motions.text import percent

USUAL = 0.02, 0.6
"""What partners are usually paid of the revenue that they bring."""
RETURN = 0.3, 60.0
"""Months in which customers usually bring in what was spent to win them."""
APART = 50, 200
"""How many times as large as those of another file amounts are that could be cents."""
PRICES = (0, 50, 90, 95, 99)
"""The cents that prices end on."""
DEAR = 1900
"""What a customer pays a month at the median, from which on it could be cents."""


def ask_of_cents(tables: Tables) -> None:
    """Ask whether amounts are cents: those of one file beside another's, of revenue beside what was spent for it."""
    for kinds in (PAYING, PAID):
        for kind in kinds:
            if len(tables.kinds[kind].files) > 1 and _differs_from_others(tables, kind, kinds):
                return
    if not tables.has_rows("revenue"):
        return
    if tables.has_rows("spend WHERE kind = 'payout'"):
        _beside_payouts(tables)
    else:
        _by_themselves(tables)


def _differs_from_others(tables: Tables, kind: str, kinds: Sequence[str]) -> bool:
    """Ask it of a file whose amounts are about a hundred times those of another of its kind; say whether it is."""
    money = _money(kind)
    rows = tables.con.execute(
        f"SELECT file, median(abs({money})) AS usual, bool_and({money} % 100 = 0), count(*), max({money}) FROM {kind} "
        f"WHERE {money} <> 0 AND file IS NOT NULL GROUP BY file ORDER BY usual, file"
    ).fetchall()
    low, high = APART
    for at, usual, whole, _, largest in rows[1:]:
        file = tables.kinds[kind].files[at]
        times = usual / rows[0][1]
        if whole and low <= times <= high and not _said(file, money):
            other = tables.kinds[kind].files[rows[0][0]].name
            why = (
                f"Its amounts are whole numbers and {times:,.0f} times those of {other}: {usual / 100:,.0f} at the "
                f"median, {rows[0][1] / 100:,.2f} there."
            )
            _ask(tables, file, money, why, int(largest), kinds, 1.0 if _share_accounts(tables, kind) else LITTLE)
            return True
    return False


def _share_accounts(tables: Tables, kind: str) -> bool:
    """Whether files of a kind are about the same accounts: those of others may well pay a hundred times as much."""
    whose = next(
        (name for name in ("account_id", "partner_id") if name in {one.name for one in BY_NAME[kind].columns}), ""
    )
    same = f"{kind} WHERE {whose} IS NOT NULL GROUP BY {whose} HAVING count(DISTINCT file) > 1"
    return bool(whose) and tables.has_rows(f"(SELECT {whose} FROM {same})")


_WHOSE = (("revenue WHERE", "mrr"), ("spend WHERE kind = 'payout' AND", "amount"))
"""The two that are compared: rows, and their amount."""


def _beside_payouts(tables: Tables) -> None:
    """Ask it where payouts would be a usual share of partners' revenue if one of both were cents."""
    # Hardly any program has no amount with cents: then it need not be known whose each payment is.
    if all(tables.has_rows(f"{rows} {amount} % 100 <> 0") for rows, amount in _WHOSE):
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
    why = f"Payouts would be {percent(share)} of partners' revenue, and all its amounts are whole numbers:"
    if share < low <= share * 100 <= high:
        _ask_first(tables, "revenue", "mrr", PAYING, why)
    elif share > high and low <= share / 100 <= high:
        _ask_first(tables, "spend WHERE kind = 'payout'", "amount", PAID, why)


def _by_themselves(tables: Tables) -> None:
    """Ask it of whole numbers that end like prices in cents; figures wait where spend says that they are."""
    ends = ", ".join(map(str, PRICES))
    query = (
        "SELECT bool_and(mrr % 100 = 0), count(*), median(mrr) / 100, "
        f"count(*) FILTER (WHERE mrr // 100 % 100 IN ({ends})) FROM revenue WHERE mrr > 0"
    )
    ((whole, found, usual, like_prices),) = tables.con.execute(query).fetchall()
    if not whole or found < ENOUGH or usual < DEAR or like_prices < 0.9 * found:
        return
    months, (low, high) = _months_of_return(tables), RETURN
    if months is not None and not months < low <= months * 100 <= high:
        return  # what was spent for them says that they are whole
    weight = LITTLE if months is None else 1.0
    spent = "" if months is None else f", and what was spent would be back in {months:.2f} months"
    why = f"A customer would pay {usual:,.0f} a month at the median, all whole numbers{spent}:"
    _ask_first(tables, "revenue", "mrr", PAYING, why, weight)


def _months_of_return(tables: Tables) -> float | None:
    """Months in which new customers bring in what was spent; none without spend."""
    query = (
        "SELECT (SELECT sum(amount) FROM spend) * 1.0 / nullif(sum(mrr), 0) FROM "
        "(SELECT arg_min(mrr, month) AS mrr, min(month) AS first FROM revenue WHERE mrr > 0 GROUP BY account_id) "
        "WHERE first BETWEEN (SELECT min(month) FROM spend) AND (SELECT max(month) FROM spend)"
    )
    ((months,),) = tables.con.execute(query).fetchall()
    return None if months is None or months <= 0 else float(months)


def _ask_first(tables: Tables, rows: str, amount: str, kinds: tuple[str, ...], why: str, weight: float = 1.0) -> None:
    """Ask it of the first file that nobody has said it of, where its amounts are whole numbers without exception."""
    ((whole, found, largest),) = tables.con.execute(
        f"SELECT bool_and({amount} % 100 = 0), count(*), max({amount}) FROM {rows}"
    ).fetchall()
    if not whole or found < ENOUGH:
        return
    for kind in kinds:
        for file in tables.kinds[kind].files:
            if not _said(file, _money(kind)):
                _ask(tables, file, _money(kind), why, int(largest), kinds, weight)
                return


def _ask(
    tables: Tables, file: Recognised, money: str, why: str, largest: int, kinds: Sequence[str], weight: float = 1.0
) -> None:
    """Ask it of a file, with both readings of its largest amount; figures wait for an answer that matters."""
    asks = (
        f"Does column {file.header[file.columns[money]]} hold cents or whole money? {why} "
        f"{largest // 100} is {largest / 100:,.2f}, or {largest / 10_000:,.2f}."
    )
    question = Question(file.name, "forms", money, asks, ("cents", "1,234.50"), weight, read=True)
    tables.sources[file.name] = tables.sources[file.name].asked([question])
    if question.matters:
        table = "revenue" if kinds is PAYING else "spend"
        tables.asked_of.add(table)
        not_read(tables, table, kinds)


def _money(kind: str) -> str:
    """The column of amounts of a kind of file."""
    return next(column.name for column in BY_NAME[kind].columns if "money" in column.type)


def _said(file: Recognised, money: str) -> bool:
    """Whether it is known already: by the user, or as amounts are written with decimals, groups or a sign."""
    if money not in file.columns or (file.found_by in (OWN, CORRECTED) and money in file.mapping.forms):
        return True
    cells = [cell.strip() for row in file.preview for cell in row[file.columns[money] : file.columns[money] + 1]]
    return any(cell and not cell.lstrip("-").isdigit() for cell in cells)
