"""How the columns of a file are written and which words they hold: from each as a whole, or asked."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import duckdb

from motions import text
from motions.cohorts.contract import (
    CURRENCIES,
    INTERVAL_WORDS,
    REVERSALS,
    STATUS_WORDS,
    TAKES_BACK,
    TRAFFIC,
    Column,
)
from motions.cohorts.contract import (
    words as spellings,
)
from motions.cohorts.reading.activation import days_of_activation
from motions.cohorts.reading.cells import (
    ACCOUNTS,
    IDS,
    WORDS,
    is_blank,
    is_shortened,
    known_words,
    plain_word,
    present,
    table_of,
)
from motions.cohorts.reading.engine import Bound, count, quoted
from motions.cohorts.reading.forms import (
    ENDS_IN_UTC,
    IN_UTC,
    PARTS,
    PARTS_OF_ONE,
    PERCENTS,
    PERHAPS,
    PLAIN_DATE,
    QUARTER_FORM,
    SHARED_SIGNS,
    SIGNS,
    Decision,
    amount_sql,
    currency_signs,
    date_sql,
    decide_amount,
    decide_date,
    decide_rate,
    has_day,
    instant_sql,
    rate_counts_sql,
    rate_sql,
)
from motions.cohorts.reading.mapping import COUNT, ENDS, LEAVE_OUT, LITTLE, NOBODY_KNOWS, NOT_THERE, Question
from motions.cohorts.reading.recognise import CORRECTED, OWN, Recognised, bare
from motions.cohorts.reading.spelling import normal, normal_word
from motions.errors import FileError, closest
from motions.names import PARTNER_MOTIONS, offered
from motions.text import listed, money_exact

MOST_WORDS = 25
WEAK = (
    *("state", "phase", "stage", "situacion", "zustand", "lifecycle_stage", "etapa", "etat", "estado"),
    *("type", "subscription_type", "record_type", "entry_type", "event_type", "transaction_type", "row_type"),
    *("account_type", "account_status", "customer_type", "workspace_type"),
    *("commission_type", "payout_type", "invoice_type", "typ", "art", "tipo"),
)
"""Names of a status that other columns have too: without a word that is known they are none."""
MOST_STATUSES = 12
"""Words of a status that nobody knows, above which the column is none."""


def interpret(con: duckdb.DuckDBPyConnection, file: Recognised, today: date) -> Recognised:
    """Decide how the staged columns are written, from each as a whole; what they leave open becomes a question."""
    if not count(con, "(SELECT 1 FROM staged LIMIT 1)"):
        return file
    for column in present(file):
        if column.name not in file.columns:
            continue
        if "money" in column.type:
            file = _amounts(con, file, column)
        elif column.type in ("rate", "reward"):
            file = _own_terms(con, file, column)
        elif "date" in column.type or "month" in column.type:
            file = _days(con, file, column)
        elif column.type in WORDS:
            file = _words(con, file, column)
        elif column.name in IDS:
            _check_ids(con, file, column)
        elif column.name == "quantity":
            file = _units_of(con, file)
        elif column.type == "count" and _no_numbers(con, column):
            file = file.without(column.name)
    if file.mapping.kind == "movements":
        file = _never_falls(con, file)
    if file.mapping.kind == "subscriptions":
        file = _run_on(con, _ends(con, file), today)
    return file


def _run_on(con: duckdb.DuckDBPyConnection, file: Recognised, today: date) -> Recognised:
    """Ask what an end is that is past where the status says that the subscription runs: a term that is renewed?"""
    if not {"status", "ended_on"} <= {*file.columns} or file.found_by in (OWN, CORRECTED) or file.waits:
        return file
    bound = Bound()
    runs = [word for word in STATUS_WORDS["subscriptions"]["counts"].split() if "won" not in word]
    end = date_sql(file.mapping.forms.get("ended_on", PLAIN_DATE), "nullif(trim(raw_ended_on), '')")
    where = f"{plain_word('trim(raw_status)')} IN ({bound.all(runs)}) AND {end} < DATE '{today}'"
    times = int(bound.run(con, f"SELECT count(*) FROM staged WHERE {where}").fetchall()[0][0])
    own, status = (file.header[file.columns[name]] for name in ("ended_on", "status"))
    if not times:
        return file
    asks = (
        f"{text.count(times, 'row')} have an end in {own} that is past, and run by their {status}. Have they ended "
        f"then (choose {own}), or is it a term that is renewed (not in this file)?"
    )
    share = times / count(con, "staged")
    return file.asked([Question(file.name, "columns", "ended_on", asks, (own, NOT_THERE), share)])


def _never_falls(con: duckdb.DuckDBPyConnection, file: Recognised) -> Recognised:
    """Ask which column says what a change is, where none is below zero and nothing tells gains from losses."""
    if "movement" in {*file.columns, *file.mapping.constants} or "change" not in file.columns:
        return file
    form = file.mapping.forms.get("change", "")
    change = amount_sql(form, "trim(raw_change)") if form else "TRY_CAST(raw_change AS DECIMAL(18, 2))"
    ((rows, below, accounts),) = con.execute(
        f"SELECT count({change}), count(*) FILTER (WHERE {change} < 0), count(DISTINCT raw_account_id) FROM staged"
    ).fetchall()
    if below or (rows < 2 * accounts and rows < MANY_GAINS) or rows == accounts:
        return file
    own = file.header[file.columns["change"]]
    free = [name for at, name in enumerate(file.header) if name and at not in file.columns.values()]
    if file.mapping.columns.get("movement") == "" or not free:
        words = f"No change in column {own} of {file.name} is below zero: no account ever pays less, or leaves."
        return file.remarked(words, "Export losses with a minus, or with a column that names them.", 1.0)
    asks = (
        f"No change in column {own} is below zero, so that no account ever pays less, or leaves. Which column says "
        "which changes are losses?"
    )
    return file.asked([Question(file.name, "columns", "movement", asks, (*free, NOT_THERE))])


MANY_GAINS = 20
"""Changes of which one would be a loss."""


def _check_ids(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> None:
    """Raise FileError for a column of ids of which a spreadsheet has cut the last digits: nothing can be joined."""
    raw = f"trim(raw_{column.name})"
    cut = count(con, f"staged WHERE {is_shortened(raw)}")
    if cut and cut * 2 > count(con, f"staged WHERE {raw} <> ''"):
        ((first,),) = con.execute(f"SELECT first({raw}) FROM staged WHERE {is_shortened(raw)}").fetchall()
        raise FileError(
            file.name,
            f"has ids of which a spreadsheet has cut the last digits ('{first}'), so that they can't be told apart",
            "Export it again, and don't save it from a spreadsheet before the column is formatted as text.",
            f"column {file.header[file.columns[column.name]]}",
        )


def _no_numbers(con: duckdb.DuckDBPyConnection, column: Column) -> bool:
    """Whether most cells of a staged column are no numbers."""
    raw = f"trim(raw_{column.name})"
    said = count(con, f"staged WHERE {raw} <> ''")
    return count(con, f"staged WHERE TRY_CAST({raw} AS INTEGER) IS NOT NULL") * 2 < said or not said


def _units_of(con: duckdb.DuckDBPyConnection, file: Recognised) -> Recognised:
    """Ask whether an amount is for one of several units or for all of them, where its name does not say."""
    several = count(con, "staged WHERE trim(raw_quantity) NOT IN ('', '0', '1', '1.0')")
    own, by = (file.header[file.columns[name]] for name in ("mrr", "quantity"))
    if not several or file.found_by in (OWN, CORRECTED) or "unit" in normal(own).split("_"):
        return file
    asks = (
        f"Is the amount in column {own} for one unit, to be multiplied by {by} (choose {by}), or for all of them? "
        f"{text.count(several, 'row')} have more than one."
    )
    share = several / count(con, "staged")
    return file.asked([Question(file.name, "columns", "quantity", asks, (by, NOT_THERE), share)])


def _amounts(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> Recognised:
    own, shapes = file.mapping.forms.get(column.name, ""), _shapes(con, column)
    if any(re.search(f"{_PER}|{_NO_CENTS}", shape) for shape in shapes):
        file = _undressed(con, file, column)
        shapes = _shapes(con, column)
    file = _with_sign(con, file, column, shapes)
    if own == "cents" and file.found_by != CORRECTED and _has_decimals(con, column):
        own = ""  # whatever the header or the mapping says
    if own not in ("", PERHAPS) and not _misfits(con, file, column):
        return file
    return _decided(con, file, column, decide_amount(shapes, own == PERHAPS))


_PER = r"^(.*[0-9].*?)\s*(?:/|\b(?:per|pro|par|por|al|je)\b)\s*([^\W\d_]+)[.]?$"
_NO_CENTS = r"([0-9])[.,][-–—]{1,2}(\s|$)"
"""100 USD / month; CHF 1'200.– for a whole amount."""


def _undressed(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> Recognised:
    """Take what is written behind amounts off them: the months that each is for, and a dash for no cents."""
    raw, months = f"raw_{column.name}", ", ".join(quoted(word) for word in spellings(INTERVAL_WORDS))
    con.execute(f"UPDATE staged SET {raw} = regexp_replace({raw}, '{_NO_CENTS}', '\\1\\2')")
    word = plain_word(f"regexp_extract(trim({raw}), '{_PER}', 2)")
    intervals = "interval" in {one.name for one in table_of(file).columns}
    if not intervals or not count(con, f"staged WHERE {word} IN ({months})"):
        return file
    con.execute("ALTER TABLE staged ADD COLUMN IF NOT EXISTS raw_interval VARCHAR")
    amount = f"regexp_extract(trim({raw}), '{_PER}', 1)"
    own = file.columns.get("interval", at := file.columns[column.name]) != at
    con.execute(
        f"UPDATE staged SET raw_interval = CASE WHEN {word} IN ({months}) THEN {word} "
        f"{'ELSE raw_interval ' if own else ''}END, {raw} = CASE WHEN {word} IN ({months}) THEN {amount} ELSE {raw} END"
    )
    constants = {key: said for key, said in file.mapping.constants.items() if key != "interval"}
    mapping = file.mapping.model_copy(update={"constants": constants})
    return replace(file, mapping=mapping, columns={"interval": at} | file.columns)


def _own_terms(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> Recognised:
    """Say how the own rates or rewards of partners are written: nothing but what they are paid hangs on it."""
    if column.type == "rate":
        seen = con.execute(f"SELECT {rate_counts_sql(f'trim(raw_{column.name})')} FROM staged").fetchall()[0]
        numbers, decided = sum(seen), decide_rate(*seen)
    else:
        numbers = count(con, f"staged WHERE regexp_matches(raw_{column.name}, '^[^a-zA-Z]*[0-9]')")
        decided = decide_amount(_shapes(con, column))
    said = count(con, f"staged WHERE NOT {is_blank(column, f'trim(raw_{column.name})')}")
    own = file.header[file.columns[column.name]]
    if numbers * 2 < said:
        words = f"Column {own} of {file.name} holds words where the {_OWN[column.type]} of single partners would stand."
        return file.without(column.name).remarked(f"{words} It is not used.", "Write numbers.", 0.05)
    if file.mapping.forms.get(column.name) and not _misfits(con, file, column):
        return file
    if column.name == "uplift" and decided.form != PERCENTS:
        return _as_beside(con, file, column)
    return _decided(con, file, column, decided)


def _as_beside(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> Recognised:
    """Take points that are all small as the own rates beside them are written; where there are none, ask."""
    beside = file.mapping.forms.get("commission_rate", "")
    if "commission_rate" in file.columns and not beside:
        return file  # it is asked, and the answer is that of both
    return _decided(con, file, column, Decision(beside, (PERCENTS, PARTS_OF_ONE)))


_OWN = {"rate": "rates", "reward": "rewards"}


def _days(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> Recognised:
    if column.name == "activated_on":
        file = days_of_activation(con, file)
        if "activated_on" not in file.columns:
            return file
    file = _zones(con, file, column)
    if column.name == "approved_on" and not count(con, f"staged WHERE NOT {is_blank(column, 'trim(raw_approved_on)')}"):
        return file.without(column.name)  # blank in every row it says nothing
    if file.mapping.forms.get(column.name) and not _misfits(con, file, column):
        return file
    decided = decide_date(_shapes(con, column), *_largest(con, column))
    if decided.form == QUARTER_FORM and column.name != "ended_on":
        own = file.header[file.columns[column.name]]
        words = f"Column {own} of {file.name} names quarters: each is taken for its first month."
        file = file.remarked(words, "Export it with months or days.", 1.0)
    if "month" in column.type and decided.form:
        decided = Decision(decided.form + _of_instants(con, column, decided.form))
    return _decided(con, file, column, decided)


def _decided(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column, decided: Decision) -> Recognised:
    if not decided.form and decided.options:
        question = _which_form(con, file, column, decided)
        if column.of_terms:  # no figure waits for it, but for what these partners are paid
            question = replace(question, weight=LITTLE, read=True)
        return file.asked([question])
    forms = file.mapping.forms | ({column.name: decided.form} if decided.form else {})
    return replace(file, mapping=file.mapping.model_copy(update={"forms": forms}))


def _has_decimals(con: duckdb.DuckDBPyConnection, column: Column) -> bool:
    """Whether most amounts of a staged column have decimals, which cents have not."""
    raw = f"trim(raw_{column.name})"
    having = count(con, f"staged WHERE regexp_matches({raw}, '[.,][0-9]*[1-9][0-9]?$')")
    return having * 2 > count(con, f"staged WHERE {raw} <> ''")


def _misfits(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> bool:
    """Whether a column is written otherwise than a mapping for another file says; what was said of this one holds."""
    if file.found_by == CORRECTED:
        return False
    bound, raw = Bound(), f"raw_{column.name}"
    form = file.mapping.forms[column.name]
    how = {"rate": rate_sql, "reward": amount_sql}.get(column.type, amount_sql if "money" in column.type else date_sql)
    read = how(form, f"trim({raw})")
    said = f"staged WHERE NOT {is_blank(column, f'trim({raw})')}"
    fitting = bound.run(con, f"SELECT count(*) FROM {said} AND ({read}) IS NOT NULL").fetchall()[0][0]
    return int(fitting) * 2 < count(con, said)


_OFFSET = "regexp_extract(trim({raw}), '[T ][0-9:.]+ ?(Z|UTC|[+-][0-9]{{2}}:?[0-9]{{0,2}})$', 1)"


def _zones(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> Recognised:
    """Say it of a column whose times stand in several zones: the written day counts, whatever the zone."""
    offset = _OFFSET.format(raw=f"raw_{column.name}")
    zone = f"CASE WHEN {offset} IN ('Z', 'UTC', '+00:00', '+0000', '+00', '-00:00') THEN 'UTC' ELSE {offset} END"
    query = f"SELECT {zone} AS zone, count(*) FROM staged WHERE {offset} <> '' GROUP BY zone ORDER BY 2 DESC, 1"
    found = con.execute(query).fetchall()
    if len(found) < 2:
        return file
    words = (
        f"Column {file.header[file.columns[column.name]]} of {file.name} mixes time zones "
        f"({listed([str(zone) for zone, _ in found[:4]])}): the day as it is written counts."
    )
    others = sum(times for _, times in found[1:])
    return file.remarked(words, "Export it in one zone.", others / max(count(con, "staged"), 1))


def _of_instants(con: duckdb.DuckDBPyConnection, column: Column, form: str) -> str:
    """What is added to the form of months that are written as instants near the start of one, or near its end.

    Nothing where the written day is of the month that is meant. Zones differ by hours and their halves: any other time
    is one at which something was done. An end is the last second of one of them.
    """
    instant = instant_sql(form, f"trim(raw_{column.name})")
    moved = f"({instant} + INTERVAL 14 HOUR)"
    near = f"{moved} < date_trunc('month', {moved}) + INTERVAL 28 HOUR"
    crosses = f"date_trunc('month', {moved}) > date_trunc('month', {instant})"
    query = (
        f"SELECT bool_and({near}), bool_or({crosses}), bool_and({crosses}), "
        f"bool_and(minute({instant}) IN (0, 30) AND second({instant}) = 0), "
        f"bool_and(minute({instant}) IN (29, 59) AND second({instant}) = 59) FROM staged WHERE {instant} IS NOT NULL"
    )
    near_one, some, every, starts, ends = con.execute(query).fetchall()[0]
    if ends:
        return ENDS_IN_UTC if near_one and not every else ""
    return IN_UTC if starts and near_one and some else ""


def _ends(con: duckdb.DuckDBPyConnection, file: Recognised) -> Recognised:
    """Say what ends are that name a month alone: of a month that is paid where starts name months too, else asked."""
    if file.mapping.ends or "ended_on" not in file.columns:
        return file
    ends, starts = _months_alone(con, file, "ended_on"), _months_alone(con, file, "started_on")
    if not ends:
        return file
    own = file.header[file.columns["ended_on"]]
    what = "quarter" if file.mapping.forms.get("ended_on") == QUARTER_FORM else "month"
    if starts * 2 > count(con, "staged"):
        words = f"Ends in {own} of {file.name} are {what}s, as starts are: the {what} of the end is still paid."
        told = replace(file, mapping=file.mapping.model_copy(update={"ends": ENDS[1]}))
        return told.remarked(words, "Change it under Your files if it is not.", ends / count(con, "staged"))
    asks = (
        f"{text.count(ends, 'end')} in column {own} name a {what} without a day. What is an end here? As the last day "
        f"paid, MRR of that {what} has them; as the first day not paid, it is without them."
    )
    return file.asked([Question(file.name, "ends", "ends", asks, ENDS, ends / count(con, "staged"))])


def _months_alone(con: duckdb.DuckDBPyConnection, file: Recognised, name: str) -> int:
    """How many staged days name their month only."""
    raw, form = f"trim(raw_{name})", file.mapping.forms.get(name, PLAIN_DATE)
    return count(con, f"staged WHERE ({date_sql(form, raw)}) IS NOT NULL AND NOT {has_day(form, f'raw_{name}')}")


def _words(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> Recognised:
    """Ask for words that nobody knows, and note which of a status, an interval or a flag the file has."""
    bound = Bound()
    raw, known = f"trim(raw_{column.name})", known_words(file, column)
    query = (
        f"SELECT {raw} AS word, {plain_word(raw)} AS plain, count(*) AS times FROM staged "
        f"WHERE NOT {is_blank(column, raw)} OR {plain_word(raw)} IN ({bound.all(list(known))}) "
        "GROUP BY 1, 2 ORDER BY times DESC, word LIMIT 1000"
    )
    found = bound.run(con, query).fetchall()
    unknown = [(str(word), int(times)) for word, plain, times in found if plain not in known]
    if column.type == "motion":
        unknown += _of_the_web(file, column, [(str(word), plain, int(times)) for word, plain, times in found])
    if not column.changes_rows:
        return _with_small_ways(con, file, column, _asked_words(con, file, column, unknown))
    told = {str(word): known[plain] for word, plain, _ in found if plain in known}
    weak = column.type != "status" or bare(file.header[file.columns[column.name]])[0] in WEAK
    other = (not told and weak) or (column.type == "flag" and unknown) or len(unknown) > MOST_STATUSES
    if other and column.name not in file.mapping.columns:
        return file.without(column.name)  # it is called like one, and is none
    if column.type == "status":
        told |= {word: COUNT for word in _taken_back(con, file, column) if told.get(word) == LEAVE_OUT}
    if column.type != "flag":
        own = {word: said for word, said in told.items() if word not in file.mapping.words}
        words = file.mapping.words | own
        file = replace(file, mapping=file.mapping.model_copy(update={"words": words}))
    rows = count(con, "staged")
    for word, times in unknown if column.type == "status" else ():
        if _weights([times], rows)[0] <= LITTLE:
            known_as = f"'{word[:40]}' in {file.header[file.columns[column.name]]} of {file.name}"
            words_ = f"{known_as} ({text.count(times, 'row')}) is no status that is known here, and counts."
            file = file.remarked(words_, "Say under Your files if it does not.", times / rows)
    return file.asked(_asked_words(con, file, column, unknown))


def _taken_back(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> list[str]:
    """Words of a reversal whose amounts are all below zero: such rows take back what others say, and count.

    What is void, a draft, failed or rejected never was, whatever its sign.
    """
    money = next((one for one in present(file) if one.type == "money" and one.name in file.columns), None)
    if money is None or money.name not in file.mapping.forms:
        return []
    amount = amount_sql(file.mapping.forms[money.name], f"trim(raw_{money.name})")
    query = f"SELECT trim(raw_{column.name}) FROM staged GROUP BY 1 HAVING max({amount}) < 0"
    return [str(word) for (word,) in con.execute(query).fetchall() if normal_word(str(word)) in REVERSALS]


def _codes(sign: str) -> tuple[str, ...]:
    return tuple(code for code in SHARED_SIGNS[sign] if code in CURRENCIES)


def _with_sign(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column, shapes: dict[str, int]) -> Recognised:
    """Take the currency from the sign beside the amounts, where no column states it and it can mean one only.

    Of amounts in several currencies each is in that of its own sign; of a sign that several share it is asked which.
    """
    if "currency" in file.columns or "currency" not in {one.name for one in table_of(file).columns}:
        return file
    signs = sorted({SIGNS.get(sign, sign) for sign in currency_signs(shapes)})
    if len(signs) > 1 and "currency" not in file.mapping.constants:
        own = file.header[file.columns[column.name]]
        shared = [sign for sign in signs if sign in SHARED_SIGNS and sign not in file.mapping.words]
        asks = "Column {} holds amounts in {}. Which currency is {}?"
        asked = [
            Question(file.name, "words", sign, asks.format(own, listed(signs), sign), _codes(sign)) for sign in shared
        ]
        with_currency = replace(file, columns=file.columns | {"currency": file.columns[column.name]})
        con.execute("ALTER TABLE staged ADD COLUMN IF NOT EXISTS raw_currency VARCHAR")
        con.execute(f"UPDATE staged SET raw_currency = raw_{column.name}")
        return with_currency.asked(asked)
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
    if column.type == "rate":
        asks = f"Does column {own} hold percents or parts of one, with {examples}? It could be either."
    return Question(file.name, "forms", column.name, asks, decided.options)


def _with_small_ways(
    con: duckdb.DuckDBPyConnection, file: Recognised, column: Column, asked: Sequence[Question]
) -> Recognised:
    """Say how accounts are taken whose word is asked for and touches little."""
    small = [question for question in asked if not question.matters]
    if column.type != "motion" or not small or any(question.waits for question in asked):
        return file.asked(asked)
    said = listed([f"'{question.key[:40]}'" for question in small[:4]])
    own = file.header[file.columns[column.name]]
    words = (
        f"{said} in {own} of {file.name} is no motion that is known here: these accounts count among all, on no side."
    )
    return file.remarked(words, "Say under Your files which it is.", sum(one.weight for one in small)).asked(asked)


def _of_the_web(file: Recognised, column: Column, found: Sequence[tuple[str, str, int]]) -> list[tuple[str, int]]:
    """Words of web traffic that are called like a motion, where the column is of such traffic and not of partners."""
    said = {normal_word(word) for word in file.mapping.motions}
    plain = {one for _, one, _ in found}
    partners = {word for word, motion in known_words(file, column).items() if motion in PARTNER_MOTIONS}
    if not file.tells_traffic or plain & (partners - {*TRAFFIC}) or not plain & {*TRAFFIC}:
        return []
    return [
        (word, times)
        for word, one, times in found
        if one in TRAFFIC and one in known_words(file, column) and one not in said
    ]


def _asked_words(
    con: duckdb.DuckDBPyConnection, file: Recognised, column: Column, unknown: Sequence[tuple[str, int]]
) -> list[Question]:
    """Ask for words, each with its rows; too many are no words of that kind."""
    what, part, known = WORDS[column.type]
    choices = offered(known)
    own, rows = file.header[file.columns[column.name]], max(count(con, "staged"), 1)
    if len(unknown) > MOST_WORDS:
        asks = f"Column {own} holds more than {MOST_WORDS} words that are no {what}, such as '{unknown[0][0][:60]}'. "
        others = tuple(cell for cell in file.header if cell and cell != own)
        return [Question(file.name, "columns", column.name, asks + f"Which column is the {what}?", others)]
    options = choices if column.changes_rows else (*choices, LEAVE_OUT)
    if column.type == "motion" and file.mapping.kind in ACCOUNTS:
        options = (*choices, NOBODY_KNOWS, LEAVE_OUT)
    few = column.type == "status" or NOBODY_KNOWS in options
    weights = _weights([times for _, times in unknown], rows) if few else [1.0] * len(unknown)
    asked, then = f"Which {what} is", ""
    if column.type == "status":
        asked, then = "Do rows count that have", " Left out, they are in no figure; ended, they count up to their end."
        options = table_of(file).statuses()
        then += " Those that take back count with their amounts below zero." if TAKES_BACK in options else ""
    if column.type == "interval":
        asked, options = "For how many months is an amount with", (*choices, LEAVE_OUT)
    if NOBODY_KNOWS in options:
        then = " A motion of partners makes these accounts theirs; other ways, or not known, puts them on neither side."

    amounts = _amounts_of(con, file, column) if column.changes_rows else {}

    def near(word: str) -> str:
        return "" if column.changes_rows else closest(normal(word), choices)

    return [
        Question(
            file.name,
            part,
            word,
            f"{asked} '{word[:60]}' in {own} ({text.count(times, 'row')}{amounts.get(word, '')})?{near(word)}{then}",
            options,
            weight,
        )
        for (word, times), weight in zip(unknown, weights, strict=True)
    ]


def _amounts_of(con: duckdb.DuckDBPyConnection, file: Recognised, column: Column) -> dict[str, str]:
    """What the amounts add up to of the rows of each word, as text; nothing in a file without amounts."""
    money = next((one for one in present(file) if "money" in one.type and one.name in file.columns), None)
    if money is None or money.name not in {*file.mapping.forms}:
        return {}
    amount = amount_sql(file.mapping.forms[money.name], f"trim(raw_{money.name})")
    query = f"SELECT trim(raw_{column.name}), sum({amount}) FROM staged GROUP BY 1 HAVING sum({amount}) IS NOT NULL"
    return {str(word): f", {money_exact(int(total) / 100, '')}" for word, total in con.execute(query).fetchall()}


def _weights(times: Sequence[int], rows: int) -> list[float]:
    """The shares of rows that answers touch, most first: no figure waits for the rarest, as long as they are few."""
    left = sum(times)
    found = []
    for one in times:
        found.append(max(one / rows, 2 * LITTLE) if left > LITTLE * rows else one / rows)
        left -= one
    return found
