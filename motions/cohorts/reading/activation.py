"""Columns that say of activation less than its day, or say it otherwise: yes or no, and days since the signup."""

from dataclasses import replace

import duckdb

from motions.cohorts.contract import ACTIVATION, EVER, FLAG_WORDS, WITHIN, words
from motions.cohorts.reading.cells import plain_word
from motions.cohorts.reading.engine import count, quoted
from motions.cohorts.reading.forms import PLAIN_DATE, date_sql
from motions.cohorts.reading.mapping import Question
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.spelling import normal

_RAW = "trim(raw_activated_on)"


def days_of_activation(con: duckdb.DuckDBPyConnection, file: Recognised) -> Recognised:
    """Bring a staged column of activation into days, where it holds something else; else leave it as it is.

    Of yes and no it is asked whether they are of some days or of ever. Until then, and of ever, the column is not used:
    no rate can be told from it.
    """
    own = file.header[file.columns["activated_on"]]
    numbers = _most(con, f"regexp_full_match({_RAW}, '-?[0-9]{{1,4}}([.]0+)?')")
    if numbers and {*normal(own).split("_")} & {"days", "day"}:
        _write(con, file, f"CAST(TRY_CAST({_RAW} AS DOUBLE) AS INTEGER)", f"{_RAW} <> ''")
        return _plainly(_of_days(file))
    if _most(con, f"{plain_word(_RAW)} IN ({_listed(*WORDS)})"):
        return _yes_or_no(con, file)
    if not numbers:
        return _of_days(file)
    words_ = f"Column {own} of {file.name} holds numbers, and nobody knows of what: activation is not known."
    repair = "Call it days_to_activation if they are the days since the signup."
    return _of_days(file).without("activated_on").remarked(words_, repair, 1.0)


WORDS = words(FLAG_WORDS)
"""What cells say, as it is compared → yes or no."""


def _listed(*found: str) -> str:
    return ", ".join(quoted(word) for word in found)


def _most(con: duckdb.DuckDBPyConnection, condition: str) -> bool:
    """Whether most cells that say anything are so."""
    return count(con, f"staged WHERE {_RAW} <> '' AND {condition}") * 2 > count(con, f"staged WHERE {_RAW} <> ''")


def _yes_or_no(con: duckdb.DuckDBPyConnection, file: Recognised) -> Recognised:
    own, said = file.header[file.columns["activated_on"]], file.mapping.constants.get(ACTIVATION, "")
    if said in WITHIN:
        yes, no = (_listed(*(word for word, ours in WORDS.items() if ours == one)) for one in ("yes", "no"))
        some = f"SELECT 1 FROM staged WHERE {plain_word(_RAW)} IN ({no})"
        con.execute(
            f"UPDATE staged SET raw_activated_on = CASE WHEN {plain_word(_RAW)} IN ({no}) THEN '' "
            f"WHEN coalesce({_RAW}, '') = '' AND EXISTS ({some}) THEN '?' ELSE raw_activated_on END"
        )
        _write(con, file, str(WITHIN[said]), f"{plain_word(_RAW)} IN ({yes})")
        words_ = f"Column {own} of {file.name} says who activated {said}: other days, and ever, are not known."
        return _plainly(file).remarked(words_, "A column with the day of the activation says all.", 0.3)
    words_ = f"Column {own} of {file.name} says who activated, and not when: no activation rate can be told from it."
    columns = file.mapping.columns | {"activated_on": own}  # the answer is about it
    file = replace(file, mapping=file.mapping.model_copy(update={"columns": columns})).without("activated_on")
    file = file.remarked(words_, "Add the day, or the days since the signup.", 0.5)
    if said:
        return file
    asks = f"Column {own} holds yes and no. Activated within how many days of the signup, or ever?"
    return file.asked([Question(file.name, "constants", ACTIVATION, asks, (*WITHIN, EVER), read=True)])


def _write(con: duckdb.DuckDBPyConnection, file: Recognised, days: str, where: str) -> None:
    """Write days since the signup as days of the calendar; where either can't be read, that it is not known."""
    signup = date_sql(file.mapping.forms.get("signed_up_on", PLAIN_DATE), "nullif(trim(raw_signed_up_on), '')")
    day = f"strftime({signup} + {days}, '%Y-%m-%d')"
    con.execute(f"UPDATE staged SET raw_activated_on = coalesce({day}, '?') WHERE {where}")


def _plainly(file: Recognised) -> Recognised:
    forms = file.mapping.forms | {"activated_on": PLAIN_DATE}
    return replace(file, mapping=file.mapping.model_copy(update={"forms": forms}))


def _of_days(file: Recognised) -> Recognised:
    """The file without what was said of another one, whose column held yes and no."""
    constants = {key: value for key, value in file.mapping.constants.items() if key != ACTIVATION}
    if constants == file.mapping.constants:
        return file
    return replace(file, mapping=file.mapping.model_copy(update={"constants": constants}))
