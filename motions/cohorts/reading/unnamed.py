"""Columns that change what counts and that no list of names knows: told by a part of their name and by their words.

Tests and accounts of one's own are flagged; plan and actual stand side by side; a plan is called a trial; amounts are
in the currency that their header names, and another column says in which they were billed.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from motions import text
from motions.cohorts.contract import (
    ACTUAL,
    BESIDE_TESTS,
    BY_NAME,
    CURRENCIES,
    DOCUMENT_TYPES,
    FLAG_WORDS,
    HEADERS,
    NAMES_ACCOUNTS,
    OF_BEFORE,
    OF_PLANS,
    OF_SCENARIOS,
    PERHAPS_TESTS,
    PLANNED,
    REFUNDS,
    REVERSALS,
    STATUS_WORDS,
    TAKES_BACK,
    TEST_ACCOUNTS,
    TEST_PARTS,
    TRIALS,
    words,
)
from motions.cohorts.reading.mapping import COUNT, LEAVE_OUT, Mapping, Question
from motions.cohorts.reading.spelling import normal, normal_word, without_unit

_CODES = tuple(code.lower() for code in CURRENCIES)
_FLAGS = {*words(FLAG_WORDS)}
_OF_CUSTOMERS = ("subscriptions", "revenue", "invoices", "movements")
"""Kinds of file of which a flag may say that the account of a row is a test."""


class Rows(Protocol):
    """Rows of a file, the first ones or all of them, as far as it is asked what they hold."""

    @property
    def number(self) -> int:
        """How many they are."""

    def said(self, at: int) -> set[str]:
        """Return the words of a column, as they are compared."""

    def planned_of(self, at: int, keys: Sequence[int]) -> tuple[int, int]:
        """Return of how many things a column says that they were planned, and of how many of these that they are."""

    def trials(self, at: int, amounts: Sequence[int]) -> tuple[int, str]:
        """Return how many rows have a word of trials in a column and an amount that is not zero, and such a word."""


@dataclass(frozen=True)
class FirstRows:
    """The rows at the head of a file."""

    rows: Sequence[Sequence[str]]

    @property
    def number(self) -> int:
        """How many they are."""
        return len(self.rows)

    def said(self, at: int) -> set[str]:
        """Return the words of a column, as they are compared."""
        return {normal_word(row[at]) for row in self.rows if row[at].strip()}

    def planned_of(self, at: int, keys: Sequence[int]) -> tuple[int, int]:
        """Return of how many things a column says that they were planned, and of how many of these that they are."""
        planned, real = (
            {tuple(row[place] for place in keys) for row in self.rows if normal_word(row[at]) in of}
            for of in (PLANNED, ACTUAL)
        )
        return len(planned), len(real & planned)

    def trials(self, at: int, amounts: Sequence[int]) -> tuple[int, str]:
        """Return how many rows have a word of trials in a column and an amount that is not zero, and such a word."""
        found = [
            row[at]
            for row in self.rows
            if normal_word(row[at]) in TRIALS and any(sign in NOT_ZERO for place in amounts for sign in row[place])
        ]
        return len(found), found[0] if found else ""


NOT_ZERO = "123456789"
"""Digits of an amount that is not zero."""


def rows_told(
    name: str, header: Sequence[str], mapping: Mapping, columns: dict[str, int], rows: Rows
) -> tuple[Mapping, dict[str, int], list[Question]]:
    """Return mapping and columns with what columns that no name is known of say of their rows, and what is asked.

    A mapping that was made for the file says it already, and is left as it is; not one that says its kind alone.
    """
    of_the_file = mapping.model_dump(include={"kind", "header", "encoding", "delimiter"})
    if mapping.kind not in BY_NAME or (mapping.header and mapping != Mapping.model_validate(of_the_file)):
        return mapping, columns, []
    mapping = _with_credit_notes(header, mapping, columns, rows)
    left, found, questions = dict(mapping.leave_out), dict(columns), list[Question]()
    for at, own in enumerate(header):
        said = rows.said(at) if own else set()
        if not said:
            continue
        if at not in columns.values() and "deleted" not in found and said <= _FLAGS and flags_tests(own, mapping.kind):
            found["deleted"] = at
        elif at not in columns.values() and _stands_beside_plans(at, own, said, mapping.kind, columns, rows):
            left[own] = PLANNED
        elif at == columns.get("status"):  # it says itself which rows count
            continue
        elif mapping.kind in ("subscriptions", "revenue") and said & {*TRIALS} and _names_plans(own):
            amounts = [columns[one] for one in _amounts(mapping.kind) if one in columns]
            paid, word = rows.trials(at, amounts)
            questions += [_of_trials(name, own, paid, word, rows.number)] if paid else []
            left |= {} if paid else {own: TRIALS}
    changed = mapping if left == mapping.leave_out else mapping.model_copy(update={"leave_out": left})
    return changed, found, questions


def _amounts(kind: str) -> list[str]:
    return [one.name for one in BY_NAME[kind].columns if "money" in one.type]


def _with_credit_notes(header: Sequence[str], mapping: Mapping, columns: dict[str, int], rows: Rows) -> Mapping:
    """Return the mapping with the columns that tell what takes back invoices, or earnings, beside a status."""
    if mapping.kind not in ("invoices", "commissions", "payouts"):
        return mapping
    back = (*STATUS_WORDS["invoices"][TAKES_BACK].split(), *REFUNDS)
    back += () if mapping.kind == "invoices" else REVERSALS
    found = {
        own: back
        for at, own in enumerate(header)
        if own
        and at not in columns.values()
        # Those of its name even where no credit note is among the first rows.
        and (normal(own) in (*HEADERS["row_type"], *DOCUMENT_TYPES) or rows.said(at) & {*back})
    }
    return mapping.model_copy(update={"takes_back": mapping.takes_back | found}) if found else mapping


def flags_tests(own: str, kind: str) -> bool:
    """Whether a header flags tests and nothing else: who had a demo is no demo, and what is done by one's own no test.

    >>> [flags_tests(own, "accounts") for own in ("Demo", "is_demo", "Testkonto", "Demo held", "internal user")]
    [False, True, True, False, True]
    >>> [flags_tests(own, kind) for own, kind in (("Internal", "spend"), ("is_demo", "revenue"))]
    [False, False]
    """
    parts = {*normal(own).split("_")}
    alone, accounts = bool(parts & {*TEST_PARTS}), bool(parts & {*TEST_ACCOUNTS, *NAMES_ACCOUNTS})
    if not parts <= {*TEST_PARTS, *TEST_ACCOUNTS, *PERHAPS_TESTS, *NAMES_ACCOUNTS, *BESIDE_TESTS}:
        return False
    tests = alone or bool(parts & {*TEST_ACCOUNTS}) or bool(parts & {*PERHAPS_TESTS} and (accounts or "is" in parts))
    return tests and (kind in ("accounts", "customers") or (kind in _OF_CUSTOMERS and accounts))


def _stands_beside_plans(at: int, own: str, said: set[str], kind: str, columns: dict[str, int], rows: Rows) -> bool:
    """Whether a column tells what was planned from what is real: by its name, or as both stand for the same."""
    if not said & {*ACTUAL} or not said <= {*ACTUAL, *PLANNED}:
        return False
    if normal(own) in OF_SCENARIOS or {*normal(own).split("_")} & {*OF_SCENARIOS}:
        return True
    others = {*_amounts(kind), "posting_id", "subscription_id"}
    planned, real = rows.planned_of(at, [place for one, place in columns.items() if one not in others])
    return real * 2 > planned


def _names_plans(own: str) -> bool:
    """Whether a header names the plan that is paid for, and not one of before."""
    parts = {*normal(own).split("_")}
    return bool(parts & {*OF_PLANS}) and not parts & {*OF_BEFORE}


def _of_trials(name: str, own: str, paid: int, word: str, rows: int) -> Question:
    """Ask whether rows of a plan that is called a trial are paid, where they have amounts."""
    asks = (
        f"{text.count(paid, 'row')} with '{word.strip()[:60]}' in {own} have an amount. Is it paid, so that "
        "they count, or is it what a trial would cost later, so that they are left out?"
    )
    return Question(name, "leave_out", own, asks, (COUNT, LEAVE_OUT), paid / rows)


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
