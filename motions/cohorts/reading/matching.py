"""Ids that are not found as they are written: partners of accounts and spend in the partner list, accounts of revenue.

Another spelling, or a name in place of an id, is an offer that the user takes; until then what needs it is unknown.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from motions.cohorts.reading.by_account import by_account, forget
from motions.cohorts.reading.engine import Bound, count
from motions.cohorts.reading.mapping import LITTLE, MATCHES, Question
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.tables import Kind, Tables
from motions.errors import FileError
from motions.text import count as counted
from motions.text import listed, month_name

BY_SPELLING, BY_NAME, AS_THEY_ARE = MATCHES
SHOWN = 3
MOST_ASKED = 5
"""Ids that could be several, and what each could be, that are asked."""


@dataclass(frozen=True)
class Join:
    """Ids of a table that are those of a list, the kinds of file that they come from, and what they are called."""

    table: str
    column: str
    list: str
    kinds: tuple[str, ...]
    named: bool = False
    """whether the list has names too"""
    waits: bool = True
    """whether figures wait for what is asked of it"""


PAYING = ("revenue", "subscriptions", "movements", "invoices")
PAID = ("spend", "commissions", "payouts")
"""Kinds of file that say what accounts pay, and what is spent."""
ACCOUNTS_PARTNERS = Join("accounts", "partner_id", "partners", ("accounts", "customers"), named=True)
JOINS = (
    Join("revenue", "account_id", "accounts", PAYING),
    ACCOUNTS_PARTNERS,
    Join("spend", "partner_id", "partners", PAID, named=True),
    Join("partners", "recruited_by", "partners", ("partners",), named=True, waits=False),
)


def match(tables: Tables) -> None:
    """Match ids as files were said to be, and ask where most of those that are not found could be matched."""
    if tables.has_rows("partners") and not tables.has_rows("partners WHERE partner_id = '0'"):
        # Systems write 0 where there is no partner.
        tables.con.execute("UPDATE accounts SET partner_id = '' WHERE partner_id = '0'")
        tables.con.execute("UPDATE spend SET partner_id = NULL WHERE partner_id = '0'")
        tables.con.execute("UPDATE partners SET recruited_by = NULL WHERE recruited_by = '0'")
    for join in JOINS:
        if tables.has_rows(join.list) and tables.has_rows(_naming(join)):
            _match(tables, join)
    if tables.has_rows("partners") and tables.has_rows("accounts") and not tables.has_rows(_naming(ACCOUNTS_PARTNERS)):
        listed_ = counted(count(tables.con, "partners"), "partner")
        words = (
            f"{tables.kinds['partners'].names} lists {listed_}, and no account names one: what each brought is unknown."
        )
        tables.remarks.append(Remark(words, "Add the partner's id to the accounts.", 0.4))


def say_twins(tables: Tables) -> None:
    """Say which partners look like one that stands under two ids: by name in the list, by spelling in the accounts."""
    for rows, by in (("partners", "name"), ("(SELECT DISTINCT partner_id FROM accounts)", "partner_id")):
        if by == "partner_id" and tables.has_rows("partners"):
            continue  # the list tells them apart
        if by == "name" and not tables.has_rows("partners"):
            continue
        twins = (
            f"(SELECT {spelled(by)} AS spelled, count(*) AS ids, list_sort(list(partner_id))[:2] AS two, "
            f"min({by}) AS called FROM {rows} WHERE {by} <> '' GROUP BY 1 HAVING count(*) > 1 AND spelled <> '')"
        )
        ((several, ids, two, called),) = tables.con.execute(
            f"SELECT count(*), sum(ids), arg_min(two, called), min(called) FROM {twins}"
        ).fetchall()
        # Where many share a name, names are no names of single partners.
        if several and (several <= SHOWN or ids * 5 <= count(tables.con, rows)):
            alike = f"both called {called[:40]}" if by == "name" else "the same but for their spelling"
            words = (
                f"{counted(int(ids), 'partner id')} look like {counted(several, 'partner')}: {two[0][:40]} and "
                f"{two[1][:40]} are {alike}. Each counts as a partner of its own."
            )
            share = int(ids) / max(count(tables.con, rows), 1)
            tables.remarks.append(Remark(words, "Give a partner one id in all files.", min(share, 0.3)))


def _naming(join: Join) -> str:
    return f"{join.table} WHERE {join.column} <> ''"


def match_again(tables: Tables) -> None:
    """Write the accounts of revenue as they were matched, after its rows were read anew; nothing is asked or said."""
    join = JOINS[0]
    files = _files(tables, join)
    for file in files:
        _as_said(tables, join, file.mapping.ids)
    for how in _said(join, files):
        if how != AS_THEY_ARE:
            _write(tables, join, how)


def _files(tables: Tables, join: Join) -> list[Recognised]:
    """The files that the ids come from."""
    return [
        file
        for name in join.kinds
        for file in tables.kinds[name].files
        if join.column in {*file.columns, *file.mapping.constants}
    ]


def _said(join: Join, files: Sequence[Recognised]) -> list[str]:
    """How files were said to be matched."""
    return [file.mapping.match[join.column] for file in files if join.column in file.mapping.match]


def _match(tables: Tables, join: Join) -> None:
    files = _files(tables, join)
    if not files:
        return
    for file in files:
        _as_said(tables, join, file.mapping.ids)
    said = _said(join, files)
    for how in said:
        if how != AS_THEY_ARE:
            _ask_which(tables, join, how, files[0])
            done, unclear = _write(tables, join, how)
            words = f"{counted(done, 'row')} of {join.table} were matched with {join.list} {how}."
            more = f" {counted(unclear, 'id')} could be several and stay as they are." if unclear else ""
            tables.remarks.append(Remark(words + more, touches=0.05))
    if join.list == "partners":
        _ask_of_several(tables, join, files[0])
    _check(tables, join, files, asks=not said)


def _as_said(tables: Tables, join: Join, ids: Mapping[str, str]) -> None:
    """Write ids as the user said which of the list they are."""
    for id_, other in ids.items():
        if other != AS_THEY_ARE:
            bound = Bound()
            bound.run(
                tables.con,
                f"UPDATE {join.table} SET {join.column} = {bound(other)} WHERE {join.column} = {bound(id_)}",
            )
            forget(tables.con)


def _ask_which(tables: Tables, join: Join, how: str, file: Recognised) -> None:
    """Ask for ids that could be several of the list, those of most rows first; until then they stay as they are."""
    naming = max(count(tables.con, _naming(join)), 1)
    rows = tables.con.execute(
        f"SELECT p.id, p.others, count(*) AS times FROM {_pairs(tables, join, how)} p "
        f"JOIN {join.table} t ON t.{join.column} = p.id WHERE p.several > 1 GROUP BY ALL "
        f"ORDER BY times DESC, 1 LIMIT {MOST_ASKED}"
    ).fetchall()
    asked = [
        Question(
            file.name,
            "ids",
            str(id_),
            f"'{id_[:40]}' ({counted(int(times), 'row')}) could be {listed([one[:40] for one in others])} of the list. "
            "Which is it?",
            (*others, AS_THEY_ARE),
            int(times) / naming if join.waits else LITTLE,
            read=True,
        )
        for id_, others, times in rows
        if id_ not in file.mapping.ids
    ]
    tables.sources[file.name] = tables.sources[file.name].asked(asked)
    if any(question.matters for question in asked):
        tables.offered.add(join.table)


def _ask_of_several(tables: Tables, join: Join, file: Recognised) -> None:
    """Ask which partner it is where a cell names several of the list; until then it is none of them."""
    naming = max(count(tables.con, _naming(join)), 1)
    known = {str(id_) for (id_,) in tables.con.execute("SELECT partner_id FROM partners").fetchall()}
    rows = tables.con.execute(
        f"SELECT id, count(*) AS times FROM {_unknown(tables, join)} u JOIN {join.table} t ON t.{join.column} = u.id "
        "WHERE regexp_matches(id, '[;,/|+&]') GROUP BY id ORDER BY times DESC, 1 LIMIT 1000"
    ).fetchall()
    several = [(str(id_), [part.strip() for part in re.split("[;,/|+&]", id_)], int(times)) for id_, times in rows]
    several = [one for one in several if {*one[1]} <= known and one[0] not in file.mapping.ids]
    asked = [
        Question(
            file.name,
            "ids",
            id_,
            f"'{id_[:40]}' ({counted(times, 'row')}) names {listed([part[:40] for part in parts])}. Which counts?",
            (*dict.fromkeys(parts), AS_THEY_ARE),
            sum(times for _, _, times in several) / naming,
            read=True,
        )
        for id_, parts, times in several[:MOST_ASKED]
    ]
    tables.sources[file.name] = tables.sources[file.name].asked(asked)
    if any(question.matters for question in asked):
        tables.offered.add(join.table)


def _check(tables: Tables, join: Join, files: Sequence[Recognised], asks: bool) -> None:
    """Ask, or say, what becomes of ids that are not in the list, where they are more than a few."""
    missing = count(tables.con, _unknown(tables, join))
    naming = count(tables.con, _ids(tables, join)) if missing else 0
    if missing <= LITTLE * naming:
        return
    file = files[0]
    if asks and (question := _offer(tables, join, file, missing, naming)):
        tables.sources[file.name] = tables.sources[file.name].asked([question])
        tables.offered.add(join.table)
        if join.table == "revenue":
            tables.asked_of.add(join.table)
            not_read(tables, join.table, join.kinds)
    elif join.table == "revenue" and (since := _other_ids_since(tables)):
        problem = f"has ids from {since} on that the accounts file does not have, and hardly any before"
        tables.refused.append(FileError(file.name, problem, "Give accounts one id in all files and months."))
        not_read(tables, join.table, join.kinds)
    elif join.table == "revenue" and missing == naming:
        problem = f"has no account that the accounts file has, none of {naming:,}"
        tables.refused.append(FileError(file.name, problem, "Compare the ids: both files need the same ones."))
        not_read(tables, join.table, join.kinds)


def _other_ids_since(tables: Tables) -> str:
    """The first month in which most accounts that pay are unknown, where hardly any were in the first; else nothing.

    That is what moving to another system looks like: the accounts have not left.
    """
    rows = tables.con.execute(
        "SELECT month, count(*), count(*) FILTER (WHERE account_id NOT IN (SELECT account_id FROM accounts)) "
        "FROM revenue WHERE mrr > 0 GROUP BY month ORDER BY month"
    ).fetchall()
    most = [month for month, paying, unknown in rows if unknown * 2 > paying]
    if not most or most[-1] != rows[-1][0] or rows[0][2] > LITTLE * rows[0][1]:
        return ""
    return month_name(int(most[0]))


def not_read(tables: Tables, table: str, kinds: Sequence[str]) -> None:
    """Leave out a table, and the files that it is made of: what they say is not known until something is answered."""
    tables.con.execute(f"DELETE FROM {table}")
    for name in kinds:
        tables.con.execute(f"DELETE FROM {name}")
        tables.kinds[name] = Kind()


def _unknown(tables: Tables, join: Join) -> str:
    """SQL of the ids that are not in the list."""
    return f"(SELECT id FROM {_ids(tables, join)} WHERE id NOT IN (SELECT {_id(join)} FROM {join.list}))"


def _ids(tables: Tables, join: Join) -> str:
    """SQL of the ids of a table: of many rows there are few, and joins are made of these."""
    if join.table == "revenue":
        return f"(SELECT account_id AS id FROM {by_account(tables.con)} WHERE account_id <> '')"
    return f"(SELECT DISTINCT {join.column} AS id FROM {_naming(join)})"


def _id(join: Join) -> str:
    return "account_id" if join.list == "accounts" else "partner_id"


def spelled(cell: str) -> str:
    """Return the SQL of an id or a name without case, accents, signs and zeros ahead."""
    plain = f"regexp_replace(lower(strip_accents({cell})), '[^a-z0-9]+', '', 'g')"
    return f"ltrim({plain}, '0')"


def _pairs(tables: Tables, join: Join, how: str) -> str:
    """SQL of ids and those of the list that they could be: id, other, and how many it could be."""
    by = "name" if how == BY_NAME else _id(join)
    listed_ = f"(SELECT {_id(join)} AS other, {spelled(by)} AS spelled FROM {join.list} WHERE {by} <> '')"
    return (
        f"(SELECT u.id, min(l.other) AS other, count(DISTINCT l.other) AS several, "
        f"list_sort(list(DISTINCT l.other))[:{MOST_ASKED}] AS others FROM {_unknown(tables, join)} u "
        f"JOIN {listed_} l ON l.spelled = {spelled('u.id')} WHERE l.spelled <> '' GROUP BY u.id)"
    )


def _write(tables: Tables, join: Join, how: str) -> tuple[int, int]:
    """Write ids as the list has them, those that can be one of it only; return their rows, and the other ids."""
    con = tables.con
    con.execute(f"CREATE OR REPLACE TEMP TABLE pairs AS SELECT * FROM {_pairs(tables, join, how)}")
    done = con.execute(
        f"UPDATE {join.table} SET {join.column} = p.other FROM pairs p "
        f"WHERE p.several = 1 AND p.id = {join.table}.{join.column}"
    ).fetchall()[0][0]
    forget(con)
    unclear = count(con, "pairs WHERE several > 1")
    con.execute("DROP TABLE pairs")
    return int(done), unclear


def _offer(tables: Tables, join: Join, file: Recognised, missing: int, naming: int) -> Question | None:
    """The question whether ids are matched in the way that finds most of them, if it finds half of the missing."""
    ways = (BY_SPELLING, BY_NAME) if join.named else (BY_SPELLING,)
    found = {how: count(tables.con, f"{_pairs(tables, join, how)} WHERE several = 1") for how in ways}
    best = max(ways, key=lambda how: found[how])
    if found[best] * 2 < missing:
        return None
    rows = (
        f"SELECT p.id, p.other, count(*) AS times FROM {_pairs(tables, join, best)} p "
        f"JOIN {join.table} t ON t.{join.column} = p.id WHERE p.several = 1 GROUP BY ALL "
        f"ORDER BY times DESC, 1 LIMIT {SHOWN}"
    )
    shown = [
        f"'{one[:40]}' is {other[:40]} ({counted(int(times), 'row')})"
        for one, other, times in tables.con.execute(rows).fetchall()
    ]
    own = file.header[file.columns[join.column]] if join.column in file.columns else join.column
    asks = (
        f"{missing:,} of {naming:,} ids in column {own} are not in {tables.kinds[join.list].names or join.list} as "
        f"they are written. {best.capitalize()} {found[best]:,} of them are: {listed(shown)}. Are they the same?"
    )
    share = missing / max(naming, 1) if join.waits else LITTLE
    return Question(file.name, "match", join.column, asks, (best, AS_THEY_ARE), share, read=True)
