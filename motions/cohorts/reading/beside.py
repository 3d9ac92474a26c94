"""Columns of few words beside amounts of which nothing is read: from all rows, whether they may say which rows count.

What none of its words and no part of its name tells is counted, and said.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import duckdb

from motions.cohorts.contract import (
    ACTUAL,
    FLAG_WORDS,
    HARMLESS,
    MAY_MATTER,
    NOT_ALONE,
    OF_PLANS,
    PLANNED,
    STATES,
    STATUS_WORDS,
    TRIALS,
    words,
)
from motions.cohorts.reading.cells import plain_word
from motions.cohorts.reading.engine import Bound
from motions.cohorts.reading.mapping import COUNT, NOT_THERE, Question, choose, presets
from motions.cohorts.reading.recognise import CORRECTED, LOOKED_AT, OWN, Recognised
from motions.cohorts.reading.spelling import normal, normal_word
from motions.cohorts.reading.unnamed import NOT_ZERO, rows_told
from motions.text import count as counted
from motions.text import listed

MOST_STATES = 8
"""Different words of a column, up to which they may be states."""
OFTEN = 3
"""How often each of them stands there at least, on average."""
MOST_WORDS = 200
"""Different words of a column that are looked at: of those that say which rows count there are fewer."""
NAMED = 5
"""Words of a column that are named."""
BESIDE_AMOUNTS = ("revenue", "subscriptions", "invoices", "commissions", "payouts")
"""Kinds of file of which a column that is not read may say which amounts count."""
_STATES = {word for state in STATES if state not in ("active", "paid", "overdue") for word in STATES[state]}
_FLAGS = {*words(FLAG_WORDS)}


@dataclass(frozen=True)
class AllRows:
    """All rows of a file, as far as they are looked at: see `unnamed.Rows`."""

    con: duckdb.DuckDBPyConnection
    source: str
    bound: Bound
    number: int
    found: dict[int, list[tuple[str, int]]]
    """place of a column → its words, as they stand there, and the rows of each"""

    def said(self, at: int) -> set[str]:
        """Return the words of a column, as they are compared."""
        return {normal_word(word) for word, _ in self.found.get(at, ())}

    def planned_of(self, at: int, keys: Sequence[int]) -> tuple[int, int]:
        """Return of how many things a column says that they were planned, and of how many of these that they are."""
        of = ", ".join(f"c{key}" for key in keys)
        word = plain_word(f"c{at}")
        planned, real = (
            f"SELECT DISTINCT {of} FROM {self.source} WHERE {word} IN ({self.bound.all(said)})"
            for said in (PLANNED, ACTUAL)
        )
        query = f"SELECT (SELECT count(*) FROM ({planned})), (SELECT count(*) FROM ({planned} INTERSECT {real}))"
        ((both, shared),) = self.bound.run(self.con, query).fetchall()
        return int(both), int(shared)

    def trials(self, at: int, amounts: Sequence[int]) -> tuple[int, str]:
        """Return how many rows have a word of trials in a column and an amount that is not zero, and such a word."""
        paid = " OR ".join(f"regexp_matches(c{place}, '[{NOT_ZERO}]')" for place in amounts) or "false"
        where = f"{plain_word(f'c{at}')} IN ({self.bound.all(TRIALS)}) AND ({paid})"
        query = f"SELECT count(*), coalesce(min(c{at}), '') FROM {self.source} WHERE {where}"
        ((times, word),) = self.bound.run(self.con, query).fetchall()
        return int(times), str(word)


def told_by_all(
    con: duckdb.DuckDBPyConnection, file: Recognised, source: str, lines: int, bound: Bound | None = None
) -> Recognised:
    """Return the file with what all rows of its `source` say, where the first ones do not, and what is asked of them.

    Raises an error of the engine where a line does not fit.
    """
    places = [at for at in file.few if lines > LOOKED_AT or _may_say(file, at)]
    if not places:
        return file
    bound = bound or Bound()
    found = _words_of(con, source, places, bound)
    if lines - file.header_line > LOOKED_AT:
        rows = AllRows(con, _renamed(file, source), bound, lines - file.header_line, found)
        mapping, columns, asked = rows_told(file.name, file.header, file.mapping, file.columns, rows)
        file = replace(file, mapping=mapping, columns=columns).asked(asked)
    for at in places:
        file = _states(con, file, source, at, found[at], bound)
    return file


def _renamed(file: Recognised, source: str) -> str:
    """The rows with every cell under its place, which those that are staged have under our names."""
    if source != "staged":
        return source
    cells = ", ".join(f"raw_{name} AS c{at}" for name, at in file.columns.items() if at not in file.few)
    return f"(SELECT *, {cells} FROM staged)" if cells else source


def _words_of(
    con: duckdb.DuckDBPyConnection, source: str, places: Sequence[int], bound: Bound
) -> dict[int, list[tuple[str, int]]]:
    """The words of columns with their rows, most first: in one pass, as a file may be large."""
    cells = ", ".join(f"trim(c{at}) AS w{at}" for at in places)
    sets = ", ".join(f"(w{at})" for at in places)
    which = f"GROUPING({', '.join(f'w{at}' for at in places)})" if len(places) > 1 else "0"
    word = f"coalesce({', '.join(f'w{at}' for at in places)})"
    query = (
        f"SELECT {which} AS which, {word} AS word, count(*) AS times FROM (SELECT {cells} FROM {source}) "
        f"GROUP BY GROUPING SETS ({sets}) "
        f"QUALIFY row_number() OVER (PARTITION BY which ORDER BY times DESC, word) <= {MOST_WORDS} "
        "ORDER BY times DESC, word"
    )
    found: dict[int, list[tuple[str, int]]] = {at: [] for at in places}
    every = 2 ** len(places) - 1
    of = {(every - 2 ** (len(places) - 1 - nth)) if len(places) > 1 else 0: nth for nth in range(len(places))}
    for column, said, times in bound.run(con, query).fetchall():
        if said:
            found[places[of[int(column)]]].append((str(said), int(times)))
    return found


def _may_say(file: Recognised, at: int) -> bool:
    """Whether a column may say which amounts count: no part of its name is known to say something else."""
    own = normal(file.header[at])
    read = {*file.columns.values()} | {*_named(file)}
    kind = file.mapping.kind in BESIDE_AMOUNTS and "status" not in {*file.columns, *file.mapping.columns}
    made = file.found_by == OWN or (file.mapping.header and file.found_by != CORRECTED)
    known = made or (file.found_by == CORRECTED and choose(file.header, presets()) is not None)
    return kind and not known and at not in read and not {*own.split("_")} & {*HARMLESS, *OF_PLANS}


def _named(file: Recognised) -> list[int]:
    """Places of columns by whose words rows are left out, or take back what others say."""
    said = {normal(name) for name in (*file.mapping.leave_out, *file.mapping.takes_back)}
    return [at for at, own in enumerate(file.header) if normal(own) in said]


def _states(
    con: duckdb.DuckDBPyConnection,
    file: Recognised,
    source: str,
    at: int,
    found: Sequence[tuple[str, int]],
    bound: Bound,
) -> Recognised:
    """Ask whether a column is a status some of whose words are states of rows that do not count; else say it."""
    rows = sum(times for _, times in found)
    if not 2 <= len(found) <= MOST_STATES or rows < OFTEN * len(found) or not _may_say(file, at):
        return file
    known = words(STATUS_WORDS[file.mapping.kind])
    said = {word: normal_word(word) for word, _ in found}
    others = [one for one in said.values() if known.get(one) != COUNT]
    stops = [one for one in others if (one in known or one in _STATES) and one not in NOT_ALONE]
    own, named = file.header[at], _shown(found)
    if stops:
        share = sum(times for word, times in found if known.get(said[word]) != COUNT) / rows
        asks = (
            f"Column {own} holds {named}. Does it say which rows count (choose {own}; words of it that are not known "
            f"are asked then), or something else ({NOT_THERE}), so that all of them count?"
        )
        question = Question(file.name, "columns", "status", asks, (own, NOT_THERE), share)
        return (file if question.waits else file.remarked(*_counted(file, own, named, share))).asked([question])
    matters = {*normal(own).split("_")} & {*MAY_MATTER}  # that is said of any column of such a name
    if (
        not others
        or matters
        or not any(_is_word(word) for word in said)
        or _is_flag(con, file, source, at, said, bound)
    ):
        return file
    return file.remarked(*_counted(file, own, named, 1 - found[0][1] / rows))


def _counted(file: Recognised, own: str, named: str, share: float) -> tuple[str, str, float]:
    said = f"Column {own} of {file.name} is not read, and holds {named}: all of these rows count."
    return said, "Where some should not, leave them out under Your files.", 0.3 * share


def _shown(found: Sequence[tuple[str, int]]) -> str:
    return listed([f"'{word[:30]}' ({counted(times, 'row')})" for word, times in found[:NAMED]])


def _is_word(word: str) -> bool:
    return any(sign.isalpha() for sign in word)


def _is_flag(
    con: duckdb.DuckDBPyConnection, file: Recognised, source: str, at: int, said: dict[str, str], bound: Bound
) -> bool:
    """Whether a column says yes or no of each account, the same in all of its rows: that is true of who it is."""
    if not {*said.values()} <= _FLAGS:
        return False
    account = file.columns.get("account_id")
    if account is None:
        return True
    who = "raw_account_id" if source == "staged" else f"c{account}"
    each = f"SELECT count(DISTINCT trim(c{at})) AS ways FROM {source} GROUP BY {who}"
    ((changing, accounts),) = bound.run(con, f"SELECT count(*) FILTER (ways > 1), count(*) FROM ({each})").fetchall()
    return int(changing) * 10 < int(accounts)
