"""The measures of the ledger, each named once: the reduction, its file and whoever reads them derive from here.

Every measure is a sum over accounts, so that rows of the ledger add up to any part of the program.
"""

import re
from collections.abc import Mapping

COUNTS = (
    "signups", "activated_7", "activated_14", "activated_30", "activated_60", "activated_90", "activated", "observed",
    "qualified", "qualifiable", "bought", "pqls", "pqls_bought", "opening", "new_mrr", "expansion", "contraction",
    "reactivation", "churn", "closing", "customers", "new_customers", "starting", "churned_customers", "retained_12",
    "kept_12", "activation_days",
)  # fmt: skip
"""Whole numbers: accounts, days, and money in minor units."""
SQUARES = (
    "closing_squares", "retained_squares", "retained_products", "kept_squares", "kept_products", "activation_squares",
)  # fmt: skip
"""Sums of squares and products, which only feed intervals."""
EVENTS = ("activated", "activation_days", "qualified", "bought")
"""Whole numbers that are also kept by the month in which they happened, for as-of months before the last."""
EVENT_SQUARES = ("activation_squares",)
ALL = (*COUNTS, *SQUARES)
PAUSE = 2
"""Months in a row that a customer may pay nothing and come back: with one more it has ended, in the first of them."""


def filled(sql: str) -> str:
    """Return SQL with its lists of measures written out.

    `{measures of e}` is the sum of each; a block `{measures: new_mrr; customers = COUNT(*)}` is every measure in order,
    zero for those that it does not name.

    >>> filled("SELECT {measures: signups = COUNT(*); customers}")[:67]
    'SELECT COUNT(*) AS signups, 0 AS activated_7, 0 AS activated_14, 0 '
    >>> filled("SELECT {measures of e}")[:47]
    'SELECT CAST(SUM(e.signups) AS BIGINT) AS signup'
    """
    sums = [f"CAST(SUM(e.{name}) AS BIGINT) AS {name}" for name in COUNTS]
    sums += [f"SUM(e.{name}) AS {name}" for name in SQUARES]
    sql = sql.replace("{measures of e}", ", ".join(sums)).replace("{pause}", str(PAUSE))
    return re.sub(r"\{measures:(.*?)\}", lambda block: _written(_named(block.group(1))), sql, flags=re.S)


def _named(block: str) -> dict[str, str]:
    """What a block says of each measure: an expression, or the column of its own name."""
    found = {}
    for one in block.split(";"):
        name, _, said = one.partition("=")
        found[name.strip()] = said.strip() or name.strip()
    return found


def _written(said: Mapping[str, str]) -> str:
    if unknown := set(said) - set(ALL):
        raise ValueError(f"no measure is called {', '.join(sorted(unknown))}")
    zero = dict.fromkeys(COUNTS, "0") | dict.fromkeys(SQUARES, "0e0")
    return ", ".join(f"{said.get(name, zero[name])} AS {name}" for name in ALL)
