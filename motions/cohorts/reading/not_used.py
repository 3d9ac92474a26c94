"""What partner lists say of the terms of single partners and nothing is made of: whose it is, where, and what it says.

It is kept in a temporary table for those who state what partners are paid, and looked at by nobody else.
"""

from collections.abc import Sequence

import duckdb

from motions.cohorts.contract import OF_TERMS
from motions.cohorts.reading.cells import is_blank, present
from motions.cohorts.reading.recognise import Recognised

NOT_USED = "not_used"
LONGEST = 40
"""characters of a cell that are kept"""


def make_not_used(con: duckdb.DuckDBPyConnection) -> None:
    """Create the table where it is not there: partner_id, file, line, what, cell."""
    con.execute(
        f"CREATE TEMP TABLE IF NOT EXISTS {NOT_USED} "
        "(partner_id VARCHAR, file SMALLINT, line INTEGER, what VARCHAR, cell VARCHAR)"
    )


def note_cells(con: duckdb.DuckDBPyConnection, file: Recognised, number: int) -> None:
    """Keep the cells of a file's rows in `parsed` that say something and could not be read, or wait for an answer."""
    own = [one for one in present(file) if one.name in OF_TERMS and one.name in file.columns and one.type != "text"]
    if not own or "partner_id" not in file.columns:
        return
    make_not_used(con)
    con.execute(f"DELETE FROM {NOT_USED} WHERE file = {number}")
    for column in own:
        raw = f"trim(raw_{column.name})"
        con.execute(
            f"INSERT INTO {NOT_USED} SELECT partner_id, {number}, line, '{column.name}', left({raw}, {LONGEST}) "
            f"FROM parsed WHERE coalesce({column.name}, -1) < 0 AND NOT {is_blank(column, raw)}"
        )


def note_recruiters(con: duckdb.DuckDBPyConnection, partners: Sequence[str]) -> None:
    """Keep who is to have recruited some partners, which can't be."""
    make_not_used(con)
    con.execute(
        f"INSERT INTO {NOT_USED} SELECT partner_id, file, line, 'recruited_by', left(recruited_by, {LONGEST}) "
        "FROM partners WHERE partner_id IN (SELECT unnest(?))",
        [list(partners)],
    )
