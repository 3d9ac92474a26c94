"""Columns that change what counts and that no list of names knows: told by a part of their name and by their words.

Tests and accounts of one's own are flagged; plan and actual stand side by side; a plan is called a trial; amounts are
in the currency that their header names, and another column says in which they were billed.
"""

from collections.abc import Sequence

from motions.cohorts.contract import (
    ACTUAL,
    BESIDE_TESTS,
    BY_NAME,
    CURRENCIES,
    FLAG_WORDS,
    OF_PLANS,
    PLANNED,
    TEST_PARTS,
    TRIALS,
    words,
)
from motions.cohorts.reading.mapping import Mapping
from motions.cohorts.reading.spelling import normal, normal_word, without_unit

_CODES = tuple(code.lower() for code in CURRENCIES)
_FLAGS = {*words(FLAG_WORDS)}


def rows_told(
    header: Sequence[str], mapping: Mapping, columns: dict[str, int], rows: Sequence[Sequence[str]]
) -> tuple[Mapping, dict[str, int]]:
    """Return mapping and columns with what columns that no name is known of say of their rows.

    A mapping that was made for the file says it already, and is left as it is.
    """
    table = BY_NAME.get(mapping.kind)
    if table is None or mapping.header:
        return mapping, columns
    names = {column.name for column in table.columns}
    left, found = dict(mapping.leave_out), dict(columns)
    for at, name in enumerate(header):
        parts = {*normal(name).split("_")}
        said = {normal_word(row[at]) for row in rows if row[at].strip()}
        if not name or not said:
            continue
        if at not in columns.values() and "deleted" in names - {*found} and _flags_tests(parts) and said <= _FLAGS:
            found["deleted"] = at
        elif at not in columns.values() and said & {*ACTUAL} and said <= {*ACTUAL, *PLANNED}:
            left[name] = PLANNED
        elif mapping.kind in ("subscriptions", "revenue") and parts & {*OF_PLANS} and said & {*TRIALS}:
            left[name] = TRIALS
    changed = mapping if left == mapping.leave_out else mapping.model_copy(update={"leave_out": left})
    return changed, found


def _flags_tests(parts: set[str]) -> bool:
    """Whether a header names tests and nothing else: who had a demo is no demo."""
    return bool(parts & {*TEST_PARTS}) and parts <= {*TEST_PARTS, *BESIDE_TESTS}


def in_named_currency(
    header: Sequence[str], mapping: Mapping, columns: dict[str, int], rows: Sequence[Sequence[str]]
) -> tuple[Mapping, dict[str, int], str]:
    """Return mapping and columns with the currency that the header of amounts names, where a column says others.

    That one is of what was billed; its amounts were brought into one currency. The third is what is to be said of it.
    """
    table, at = BY_NAME.get(mapping.kind), columns.get("currency")
    if table is None or at is None or mapping.header:
        return mapping, columns, ""
    for own in (header[columns[one.name]] for one in table.columns if "money" in one.type and one.name in columns):
        code = without_unit(own, _CODES)[1].upper()
        if code in CURRENCIES and {row[at].strip().upper() for row in rows if row[at].strip()} - {code}:
            named = mapping.model_copy(update={"constants": mapping.constants | {"currency": code}})
            rest = {name: place for name, place in columns.items() if name != "currency"}
            return named, rest, f"Amounts in {own} are taken for {code}, whatever {header[at]} says"
    return mapping, columns, ""
