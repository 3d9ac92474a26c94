"""What is shown of files: what they are taken for, how they are read, which rows don't count, what became of each."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from motions.cohorts.contract import (
    CURRENCIES,
    INTERVAL_NAMES,
    INTERVALS,
    KINDS,
    MOTIONS,
    MOVEMENT_WORDS,
    PARTNERS,
    STATUSES,
    TABLES,
    Column,
    Table,
)
from motions.cohorts.program import Program
from motions.cohorts.reading.forms import AMOUNTS, DATES, RATES
from motions.cohorts.reading.mapping import LEAVE_OUT
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.records import Reject, read_lines
from motions.names import offered
from motions.text import count, listed

OPTIONS = {
    **{table.name: f"one row per {table.row}" for table in TABLES},
    **INTERVAL_NAMES,
    **RATES,
    "ended": "counts up to its end",
}
"""What is shown beside an option of a question that does not say by itself what it is."""


def taken_for(file: Recognised) -> str:
    """Say what a file is taken for."""
    if file.kind_is_open or file.table is None:
        return ""
    return f"It is taken for {file.mapping.kind}: one row per {file.table.row}."


def is_small(file: Recognised) -> bool:
    """Return whether no figure waits for what a file leaves open."""
    return not any(question.matters for question in file.questions)


def asks(file: Recognised, part: str, key: str) -> bool:
    """Return whether something is asked of a file."""
    return any((one.part, one.key) == (part, key) for one in file.questions)


def is_shared(part: str, key: str) -> bool:
    """Return whether an answer holds for every file with the same columns: a month is of one file only."""
    return part not in ("constants", "prefix", "counts") or key in ("motion", PARTNERS, "interval", "currency")


def asked_once(sources: Sequence[Recognised]) -> list[tuple[Recognised, int]]:
    """Return the files of which something is asked, what matters first, and of how many more the same is asked."""
    found: dict[object, list[Recognised]] = {}
    for file in sources:
        keys = tuple((one.part, one.key) for one in file.questions)
        alone = "" if all(is_shared(*one) for one in keys) else file.name
        if keys:
            found.setdefault((file.header, keys, alone), []).append(file)
    return sorted(((files[0], len(files) - 1) for files in found.values()), key=lambda one: is_small(one[0]))


def meanings(file: Recognised, meaning: str) -> tuple[str, ...]:
    """Return what a word of a file could mean instead of what it does."""
    if meaning in INTERVALS or meaning in CURRENCIES:
        return (*INTERVALS, LEAVE_OUT) if meaning in INTERVALS else CURRENCIES
    if file.table and meaning in STATUSES and "status" in file.columns:
        return file.table.statuses()
    return (*(MOVEMENT_WORDS if file.mapping.kind == "movements" else KINDS), LEAVE_OUT)


def left_out(program: Program | None, name: str) -> pd.DataFrame:
    """Return the words for which rows of a file don't count: column, word, rows, and what their amounts add up to."""
    reports = program.files if program else ()
    rows = [row for report in reports if report.name == name for row in report.left]
    return pd.DataFrame(
        [(column, word, count(times), money or "–") for column, word, times, money in rows],
        columns=["Column", "Word", "Rows", "Amounts"],
    )


def words_in(file: Recognised, name: str, words: Sequence[str]) -> list[str]:
    """Return words of a column to choose from: those that were chosen, and those of the first rows."""
    at = file.header.index(name) if name in file.header else None
    seen = [row[at].strip() for row in file.preview if at is not None and at < len(row)]
    return list(dict.fromkeys([*words, *sorted({word for word in seen if word})]))


def forms_of(column: Column) -> tuple[str, ...]:
    """Return the ways in which a column may be written, none for words."""
    if column.type == "rate":
        return tuple(RATES)
    if "money" in column.type or column.type == "reward":
        return tuple(form for form in AMOUNTS if form != "cents?")
    return tuple(DATES) if "date" in column.type or "month" in column.type else ()


def words_of(column: Column) -> tuple[str, ...]:
    """Return the words that a column may have for all rows, none where any text will do."""
    return {"motion": offered(MOTIONS), "kind": KINDS, "currency": CURRENCIES}.get(column.type, ())


def files(program: Program) -> pd.DataFrame:
    """Return what became of each file."""
    return pd.DataFrame(
        [
            {
                "File": file.name,
                "Read as": file.table,
                "Rows": file.rows,
                "Accepted": file.accepted,
                "Rejected": file.rejected,
                "of these left out by the mapping": file.left_out,
                "Blank lines": file.blank_lines,
                "Rounded to the cent": file.rounded,
                "Columns": ", ".join(_source(canonical, own) for canonical, own in file.columns.items()),
                "Columns not used": ", ".join(file.unused),
            }
            for file in program.files
        ]
    )


def _source(canonical: str, own: str) -> str:
    return own if own == canonical else f"{own} → {canonical}"


def rejected_summary(program: Program) -> str:
    """Say how many rows of which files were rejected, and where they are; those left out on purpose are none."""
    bad = [
        f"{count(file.rejected - file.left_out)} of {count(file.rows, 'row')} of {file.name}"
        + (f" with amounts of {file.rejected_money}" if file.rejected_money else "")
        + (f", with {file.repeated_money} in rows that stand twice" if file.repeated_money else "")
        for file in program.files
        if file.rejected > file.left_out
    ]
    if not bad:
        return ""
    return f"Rejected: {listed(bad)}. The figures are without them; the reasons stand under Your files."


def reject_table(rejects: Sequence[Reject], most: int = 200) -> pd.DataFrame:
    """Return the first rejected rows with their reasons."""
    titles = ("File", "Line", "Column", "Value", "Reason")
    return pd.DataFrame(
        [(r.file, r.line or None, r.column, r.value, r.reason) for r in rejects[:most]], columns=list(titles)
    )


def rejects_csv(rejects: Sequence[Reject], paths: dict[str, Path]) -> Iterator[list[object]]:
    """Yield every rejected cell with its reason and the line as it stands in the file, header first.

    `paths` are the files by the name that is shown; a file that is gone leaves the line empty.
    """
    yield ["file", "line", "column", "value", "reason", "row"]
    wanted = {name: {reject.line for reject in rejects if reject.file == name} for name in paths}
    lines = {
        (name, number): text for name, path in paths.items() for number, text in read_lines(path, wanted[name]).items()
    }
    for r in rejects:
        yield [r.file, r.line or "", r.column, r.value, r.reason, lines.get((r.file, r.line), "")]


def accepted_columns(table: Table) -> pd.DataFrame:
    """Return the columns of a table of the contract: name, need, other names, meaning."""
    return pd.DataFrame(
        [
            {
                "Column": column.name,
                "Needed": {"once": "yes, or once for all rows", "optional": "no"}.get(column.need, "yes"),
                "Meaning": column.meaning,
                "Also known as": ", ".join(column.synonyms),
            }
            for column in table.columns
        ]
    )


def preview(file: Recognised) -> pd.DataFrame:
    """Return the first rows of a file; a column that is used is called by both of its names."""
    ours = {at: name for name, at in file.columns.items()}
    titles = [
        (f"{own} → {ours[at]}" if at in ours and ours[at] != own else own) or f"column {at + 1}"
        for at, own in enumerate(file.header)
    ]
    return pd.DataFrame(list(file.preview), columns=_apart(titles))


def not_used(file: Recognised) -> str:
    """Say which columns of a file nothing is read from, those with amounts and days first."""
    names = [(at, own) for at, own in enumerate(file.header) if own and at not in file.columns.values()]
    if not names:
        return "Every column is used."
    told = {at: _holds([row[at] for row in file.preview if at < len(row)]) for at, _ in names}
    first = [own for at, own in names if told[at]]
    others = [own for at, own in names if not told[at]]
    said = [f"Not used, though they look like amounts or days: {', '.join(first)}."] if first else []
    return " ".join([*said, f"Not used: {', '.join(others)}." if others else ""]).strip()


_AMOUNT, _DAY = r"[^\d\s]{0,3}\s?-?\d[\d.,' ]*\s?[^\d\s]{0,3}", r"\d{1,4}[-/.]\d{1,2}([-/.]\d{1,4})?([ T].*)?"


def _holds(cells: Sequence[str]) -> bool:
    """Whether cells look like amounts or days."""
    said = [cell.strip() for cell in cells if cell.strip()]
    return bool(said) and all(re.fullmatch(_AMOUNT, cell) or re.fullmatch(_DAY, cell) for cell in said)


def _apart(titles: Sequence[str]) -> list[str]:
    return [title if titles.index(title) == at else f"{title} ({at + 1})" for at, title in enumerate(titles)]
