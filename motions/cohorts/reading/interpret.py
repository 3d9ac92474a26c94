"""How the columns of a file are written and which words they hold: from each as a whole, or asked."""

import re
from dataclasses import replace

import duckdb

from motions import text
from motions.cohorts.contract import Column
from motions.cohorts.reading.cells import WORDS, known_words, plain_word, present, table_of
from motions.cohorts.reading.engine import Bound, count
from motions.cohorts.reading.forms import PARTS, SIGNS, Decision, currency_signs, decide_amount, decide_date
from motions.cohorts.reading.mapping import LEAVE_OUT, Question
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.spelling import normal
from motions.errors import FileError, closest
from motions.text import listed

MOST_WORDS = 25


def interpret(con: duckdb.DuckDBPyConnection, file: Recognised) -> Recognised:
    """Decide how the staged columns are written, from each as a whole; what they leave open becomes a question."""
    if not count(con, "(SELECT 1 FROM staged LIMIT 1)"):
        return file
    forms, questions = dict(file.mapping.forms), []
    for column in present(file):
        if column.name not in file.columns:
            continue
        own = forms.get(column.name, "")
        decided = Decision(own)
        if "money" in column.type:
            shapes = _shapes(con, column)
            file = _with_sign(file, column, shapes)
            decided = decided if own not in ("", "cents?") else decide_amount(shapes, own == "cents?")
        elif not own and ("date" in column.type or "month" in column.type):
            decided = decide_date(_shapes(con, column), *_largest(con, column))
        elif column.type in WORDS:
            questions += _unknown_words(con, file, column)
        if decided.form:
            forms[column.name] = decided.form
        elif decided.options:
            questions.append(_which_form(con, file, column, decided))
    mapping = file.mapping.model_copy(update={"forms": forms})
    return replace(file, mapping=mapping).asked(questions)


def _with_sign(file: Recognised, column: Column, shapes: dict[str, int]) -> Recognised:
    """Take the currency from the sign beside the amounts, where no column states it and it can mean one only.

    Raises FileError for amounts in two currencies of which no column says which is which.
    """
    if "currency" in file.columns or "currency" not in {one.name for one in table_of(file).columns}:
        return file
    signs = sorted({SIGNS.get(sign, sign) for sign in currency_signs(shapes)})
    if len(signs) > 1:
        where = f"column {file.header[file.columns[column.name]]}"
        repair = "Add a column with the currency of each row, or export one currency at a time."
        raise FileError(file.name, f"has amounts in {listed(signs)}; two currencies are never added", repair, where)
    if not signs or "currency" in file.mapping.constants:
        return file
    if not re.fullmatch("[A-Z]{3}", signs[0]):
        return replace(file, sign=signs[0])
    constants = file.mapping.constants | {"currency": signs[0]}
    return replace(file, mapping=file.mapping.model_copy(update={"constants": constants}))


def _shapes(con: duckdb.DuckDBPyConnection, column: Column) -> dict[str, int]:
    """The commonest ways in which a staged column is written, every digit as 9, with their counts."""
    shape = f"left(regexp_replace(trim(raw_{column.name}), '[0-9]', '9', 'g'), 60)"
    query = f"SELECT {shape} AS shape, count(*) AS times FROM staged WHERE trim(raw_{column.name}) <> '' GROUP BY 1"
    return dict(con.execute(f"{query} ORDER BY times DESC, shape LIMIT 500").fetchall())


def _largest(con: duckdb.DuckDBPyConnection, column: Column) -> tuple[int | None, int | None]:
    """The largest first and second number of days written with slashes."""
    parts = (f"max(TRY_CAST(regexp_extract(trim(raw_{column.name}), '^{PARTS}', {at}) AS INTEGER))" for at in (1, 2))
    found = con.execute(f"SELECT {', '.join(parts)} FROM staged").fetchall()[0]
    return found[0], found[1]


def _which_form(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column, decided: Decision) -> Question:
    query = f"SELECT DISTINCT raw_{column.name} FROM staged WHERE regexp_matches(raw_{column.name}, '[0-9]')"
    found = con.execute(f"{query} ORDER BY 1 DESC LIMIT 3").fetchall()
    examples = listed([f"'{row[0][:30]}'" for row in found])
    own = file.header[file.columns[column.name]]
    asks = f"How is column {own} written, with {examples}? It could be either."
    if "cents" in decided.options:
        asks = f"Does column {own} hold cents or whole money? It has whole numbers only, such as {examples}."
    return Question(file.name, "forms", column.name, asks, decided.options)


def _unknown_words(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> list[Question]:
    """Ask for each word that is none of the known ones; too many are no words of that kind."""
    bound = Bound()
    known = bound.all(list(known_words(file, column)))
    query = (
        f"SELECT trim(raw_{column.name}) AS word, count(*) AS times FROM staged WHERE trim(raw_{column.name}) <> '' "
        f"AND {plain_word(f'raw_{column.name}')} NOT IN ({known}) GROUP BY 1 ORDER BY times DESC, word"
    )
    found = bound.run(con, f"{query} LIMIT {MOST_WORDS + 1}").fetchall()
    what, part, choices = WORDS[column.type]
    if len(found) > MOST_WORDS:
        own = file.header[file.columns[column.name]]
        asks = f"Column {own} holds more than {MOST_WORDS} words that are no {what}, such as '{found[0][0][:60]}'. "
        others = tuple(cell for cell in file.header if cell and cell != own)
        return [Question(file.name, "columns", column.name, asks + f"Which column is the {what}?", others)]
    return [
        Question(
            file.name,
            part,
            str(word),
            f"Which {what} is '{str(word)[:60]}' ({text.count(times, 'row')})?{closest(normal(str(word)), choices)}",
            (*choices, LEAVE_OUT),
        )
        for word, times in found
    ]
