"""How the cells of a file are read by SQL, what is stored of them, and why one does not fit."""

import re
from datetime import date

from motions.cohorts.contract import (
    BLANK,
    BLANK_DAY,
    CURRENCIES,
    FLAG_WORDS,
    INTERVAL_WORDS,
    INTERVALS,
    KIND_WORDS,
    KINDS,
    MOTIONS,
    MOVEMENT_WORDS,
    STATUS_WORDS,
    STATUSES,
    Column,
    Table,
    words,
)
from motions.cohorts.reading.engine import Bound, quoted
from motions.cohorts.reading.forms import (
    AMOUNTS,
    DATES,
    PLAIN_AMOUNT,
    PLAIN_DATE,
    QUARTER_FORM,
    SHARED_SIGNS,
    SIGNS,
    amount_sql,
    dash_sql,
    date_sql,
    has_day,
    rate_sql,
    says_nothing,
)
from motions.cohorts.reading.mapping import ENDS, LEAVE_OUT, Part
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.spelling import MARKED, UNMARKED, motion_words, normal_word
from motions.names import offered

USUAL_MONTHS = 120
"""before today, which a strict reading knows by their text"""


def table_of(file: Recognised) -> Table:
    """Return the kind of rows of a file that has some."""
    table = file.table
    if table is None:
        raise ValueError(f"{file.mapping.kind} has no rows")
    return table


WORDS: dict[str, tuple[str, Part, tuple[str, ...]]] = {
    "motion": ("motion", "motions", MOTIONS),
    "kind": ("kind of spend", "words", KINDS),
    "movement": ("movement", "words", tuple(MOVEMENT_WORDS)),
    "status": ("status", "words", STATUSES),
    "interval": ("number of months", "words", INTERVALS),
    "flag": ("yes or no", "words", tuple(FLAG_WORDS)),
}
"""Columns of words: what they are, where a mapping says what a word means, and the words that are ours."""


def known_words(file: Recognised, column: Column) -> dict[str, str]:
    """Every spelling that the file may use, in the form that they are compared in → our word or leave out."""
    if column.type == "motion":
        return motion_words() | file.mapping.motion_words()
    ours = {
        "kind": KIND_WORDS,
        "movement": MOVEMENT_WORDS,
        "status": STATUS_WORDS.get(file.mapping.kind, {}),
        "interval": INTERVAL_WORDS,
        "flag": FLAG_WORDS,
    }[column.type]
    return words(ours) | {normal_word(word): meaning for word, meaning in file.mapping.words.items()}


# What is stored of a column, and how a cell is read.

_PARTS = {
    "day": "datediff('day', DATE '1970-01-01', {day})",
    "month": "(year({day}) * 12 + month({day}) - 1)",
    "": "{day}",
}
_FREQUENT_CURRENCIES = " ".join(f"WHEN '{code}' THEN '{code}'" for code in CURRENCIES)
STORED = {
    "signed_up_on": (("signup_month", "month"), ("signup_day", "day")),
    "activated_on": (("activated_month", "month"), ("activated_day", "day")),
    "pql_on": (("pql_month", "month"),),
    "recruited_on": (("recruited_month", "month"), ("recruited_day", "day")),
    "started_on": (("started_month", "month"), ("started_day", "day")),
    "ended_on": (("ended_month", "month"), ("ended_day", "day")),
    "requested_on": (("requested_month", "month"),),
    "period_start": (("period_start", "month"),),
    **dict.fromkeys(
        (
            "item",
            "status",
            "deleted",
            "period_end",
            "ends_with_period",
            "trial_end",
            "trial",
            "interval",
            "interval_count",
            "quantity",
            "voided_on",
            "approved_on",
            "valid",
        ),
        (),
    ),
}
"""What is stored of a column, where that is not itself: (name, month or day of it); nothing of what changes others."""
NEVER_NULL = {"partner_id": "", "segment": ""}
"""What is stored of accounts where nothing is said; a motion stays null until the files have completed one another."""
NOT_KNOWN = dict.fromkeys(("activated_day", "pql_month", "commission_rate", "uplift", "own_reward"), "-1")
"""What is stored of accounts whose file does not have the column: not known, which is not the same as not so.

Of partners' own terms it is what can't be read, or not yet: nothing says what they are.
"""


def stored_names(column: Column) -> tuple[str, ...]:
    """Return what a column is called in the table: its day, its month, or both."""
    return tuple(name for name, _ in STORED.get(column.name, ((column.name, ""),)))


def read_cell(file: Recognised, column: Column, text: str, bound: Bound, today: date) -> str:
    """Return SQL that reads the text of a cell: null when it does not fit. Months are numbers, days are dates."""
    if column.type == "text":
        own = undressed(text) if column.name in (*IDS, "recruited_by") else f"trim({text})"
        # Most ids are nothing but letters and digits: to see that is cheaper than to look for what they might be else.
        plain = f"regexp_full_match({text}, '[A-Za-z0-9_-]*[0-9][A-Za-z0-9_-]*')"
        own = f"CASE WHEN {plain} THEN {text} WHEN {is_blank(column, own)} THEN NULL ELSE {own} END"
        put = file.mapping.prefix.get({"recruited_by": "partner_id"}.get(column.name, column.name), "")
        return f"{bound(put)} || {own}" if put else own
    cell = f"nullif(trim({text}), '')"
    if "money" in column.type or column.type in ("rate", "reward"):
        return _number(file, column, cell, bound)
    if "month" in column.type or "date" in column.type:
        day = date_sql(file.mapping.forms.get(column.name, PLAIN_DATE), cell)
        day = _first_unpaid(file, day, cell) if column.name == "ended_on" else day
        # The cell stands in the SQL of a day many times, and the words for nothing only once.
        day = f"(CASE WHEN {text} LIKE '2%' OR NOT {is_blank(column, f'trim({text})')} THEN {day} END)"
        return _month(day) if "month" in column.type else day
    if column.type in ("currency", "count"):
        return _currency(file, cell, bound) if column.type == "currency" else f"TRY_CAST({cell} AS INTEGER)"
    known = {word: ours for word, ours in known_words(file, column).items() if column.changes_rows or ours != LEAVE_OUT}
    value = _one_of(cell, plain_word(cell), known, bound)
    if column.type != "motion" or file.mapping.kind not in ACCOUNTS:
        return value
    # How an account came that has a word of its own, of which little depends, is not known.
    left = bound.all([word for word, ours in known_words(file, column).items() if ours == LEAVE_OUT])
    silent = f"{is_blank(column, cell)} OR coalesce({plain_word(cell)} IN ({left}), false)"
    return f"coalesce({value}, CASE WHEN {cell} IS NOT NULL AND NOT ({silent}) THEN 'other' END)"


def _number(file: Recognised, column: Column, cell: str, bound: Bound) -> str:
    """SQL of an amount in minor units, or of what a partner has of its own."""
    if "money" not in column.type:
        return _own_term(file, column, cell)
    stated = raw(file, "currency", bound) if "currency" in file.mapping.constants else "NULL"
    currency = "raw_currency" if "currency" in file.columns else stated
    read = amount_sql(file.mapping.forms.get(column.name, PLAIN_AMOUNT), cell, currency)
    return f"coalesce({read}, CASE WHEN {dash_sql(cell)} THEN 0 END)"


MOST_REWARD = 10_000_000
"""The largest reward of a partner, in minor units: it is bounded as that of a plan is."""


def _own_term(file: Recognised, column: Column, cell: str) -> str:
    """SQL of a partner's own rate in millionths, or reward in minor units; -1 until it is said how it is meant."""
    form = file.mapping.forms.get(column.name, "")
    if column.type == "rate":
        read = rate_sql(form, cell)
    else:
        amount = amount_sql(form, cell) if form else "-1"
        read = f"CASE WHEN {amount} <= {MOST_REWARD} AND ({amount} >= 0 OR {not form}) THEN {amount} END"
    return f"CASE WHEN NOT {is_blank(column, cell)} THEN {read} END"


ACCOUNTS = ("accounts", "customers")
"""Kinds of file with a row for each account."""


def _currency(file: Recognised, cell: str, bound: Bound) -> str:
    """SQL of a currency: its code, or the one that the sign beside an amount stands for."""
    signs = SIGNS | {sign: code for sign, code in file.mapping.words.items() if sign in SHARED_SIGNS}
    # Those of several letters first: A$ is no $.
    found = sorted(signs, key=lambda sign: -len(sign))
    cases = "".join(f" WHEN contains({cell}, {bound(sign)}) THEN {bound(signs[sign])}" for sign in found)
    code = f"regexp_extract({cell}, '\\b[A-Z]{{3}}\\b')"
    code = f"CASE WHEN regexp_full_match({cell}, '[A-Za-z]{{3}}') THEN upper({cell}){cases} ELSE nullif({code}, '') END"
    return code


IDS = ("account_id", "partner_id", "posting_id", "subscription_id")
SHORTENED = r"^[0-9]([.,][0-9]+)?E[+][0-9]+$"
"""How a spreadsheet writes a long number: its last digits are lost."""


def undressed(text: str) -> str:
    """Return SQL of an id without what spreadsheets and tables put around it: ="00123", 'x, a tab, the .0 of 101.0."""
    space = r"[\s\p{Z}\x{FEFF}\x{200B}]+"
    bare = f"regexp_replace({text}, '^{space}|{space}$', '', 'g')"
    bare = rf"regexp_replace({bare}, '^=\"(.*)\"$', '\1')"
    bare = rf"regexp_replace({bare}, '^''([^'']*)$', '\1')"
    return rf"regexp_replace({bare}, '^([0-9]+)[.]0+$', '\1')"


def _first_unpaid(file: Recognised, day: str, cell: str) -> str:
    """SQL of the first day not paid: an end at 23:59 is the day before it, and so is any, where the mapping says so."""
    if file.mapping.kind != "subscriptions":
        return day
    if file.mapping.ends == ENDS[1]:
        form = file.mapping.forms.get("ended_on", PLAIN_DATE)
        month, long = f"NOT {has_day(form, cell)}", 3 if form == QUARTER_FORM else 1
        return f"CAST({day} + CASE WHEN {month} THEN INTERVAL {long} MONTH ELSE INTERVAL 1 DAY END AS DATE)"
    if file.mapping.ends == ENDS[0]:
        return day
    return f"{day} + CASE WHEN length({cell}) > 10 AND regexp_matches({cell}, '[T ]23:59') THEN 1 ELSE 0 END"


def read_strict_cell(file: Recognised, column: Column, text: str, bound: Bound, today: date) -> str:
    """Return SQL that reads a cell of a clean file in plain forms: null when it does not fit.

    It may refuse what `read_cell` accepts (spaces around a value, more than two decimals), as the file is then read
    again; it accepts nothing that `read_cell` refuses. Patterns cost most and come last, as DuckDB's casts do nearly
    all of their work. But casts are lenient: a date may have spaces behind it, an amount an exponent or any number
    of decimals; so they stand only beside a check of how the cell looks.
    """
    if column.type == "text":
        return f"nullif({text}, '')"  # that it has no space around it is one of the faults
    if column.type == "currency":
        return f"CASE {text} {_FREQUENT_CURRENCIES} END"  # one comparison for the most frequent, unlike IN
    if "money" in column.type:
        amount = f"TRY_CAST({text} AS DECIMAL(14, 2))"
        cents = f"CAST({amount} * 100 AS BIGINT)"
        fits = f"regexp_full_match({text}, '-?[0-9]+(\\.[0-9][0-9]?)?')"
        return f"CASE WHEN CAST({amount} AS VARCHAR) = {text} THEN {cents} WHEN {fits} THEN {cents} END"
    if "date" in column.type or "month" in column.type:
        return _strict_day(file, column, text, today)
    return _one_of(text, f"lower({text})", known_words(file, column), bound)


def _strict_day(file: Recognised, column: Column, text: str, today: date) -> str:
    """SQL of a day or a month of a clean file."""
    # Of times it is looked whether they stand in several zones.
    day = (
        f"CASE WHEN {text} LIKE '____-__-__' AND right({text}, 1) >= '0' THEN TRY_CAST({text} AS DATE) "
        f"WHEN regexp_matches({text}, '^.{{10}}.*[+-]') THEN NULL ELSE {date_sql(PLAIN_DATE, text)} END"
    )
    if column.name == "ended_on" and file.mapping.kind == "subscriptions":
        # An end of a month, or with a time, may mean the day after.
        return f"CASE WHEN length({text}) = 10 THEN {day} END"
    if "date" in column.type:
        return day
    # Instants may be the starts of months in another zone.
    day = f"CASE WHEN length({text}) <= 10 THEN {day} END"
    # There are few months: to compare with each of them is cheaper than to read a date.
    newest = 12 * today.year + today.month - 1
    known = ((month // 12, month % 12 + 1, month) for month in range(newest, newest - USUAL_MONTHS, -1))
    cases = " ".join(f"WHEN '{year}-{month:02d}' THEN {number}" for year, month, number in known)
    return f"CASE {text} {cases} ELSE {_month(day)} END"


def _month(day: str) -> str:
    """SQL of the month number of a date: 12 × year + month − 1."""
    return f"datediff('month', DATE '1970-01-01', {day}) + {12 * 1970}"


def _one_of(cell: str, plain: str, spellings: dict[str, str], bound: Bound) -> str:
    cases = " ".join(f"WHEN {bound(spelling)} THEN {bound(word)}" for spelling, word in spellings.items())
    return f"CASE WHEN {cell} IS NULL THEN NULL ELSE CASE {plain} {cases} END END"


def plain_word(cell: str) -> str:
    """SQL of what `normal_word` does; a word without a Latin letter stays itself, in small letters."""
    bare = f"lower(translate(strip_accents({cell}), '{MARKED}', '{UNMARKED}'))"
    return f"coalesce(nullif(trim(regexp_replace({bare}, '[^a-z0-9]+', '_', 'g'), '_'), ''), lower(trim({cell})))"


def reason(file: Recognised, column: Column, value: str, today: date) -> str:
    """Say why the value of a cell can't be used, and the repair."""
    if not value.strip() or ("money" in column.type and says_nothing(value)):
        return "is empty; a row can't be used without it"
    if column.type in ("date", "past date", "month", "past month"):
        return _reason_of_date(column, value, today, file.mapping.forms.get(column.name, PLAIN_DATE))
    if column.name in IDS and re.match(SHORTENED, value.strip()):
        return "is a number of which a spreadsheet has cut the last digits; export it again as text"
    form = file.mapping.forms.get(column.name, PLAIN_AMOUNT)
    amount = f"the column is read as {AMOUNTS[form]}" if form in AMOUNTS else ""
    if column.name == "change" and (why := _reason_of_change(value)):
        return why
    if LEAVE_OUT in (file.mapping.motions.get(value.strip()), file.mapping.words.get(value.strip())):
        return "is a word that the mapping leaves out"
    return {
        "text": "can't be read as text",
        "status": "has ended, and no column says when; add the day of the end",
        "flag": "is neither yes nor no",
        "interval": "is no interval; use a month, a quarter or a year",
        "count": "is no whole number of one or more",
        "rate": "is no rate from 0 to 100 %; write 20 % for a fifth, and leave it blank where the plan's counts",
        "reward": f"is no reward from 0 to {MOST_REWARD // 100:,}; leave it blank where the plan's counts",
        "money": f"is not an amount below a million million; {amount}",
        "positive money": f"is not an amount of zero or more, below a million million; {amount}",
        "motion": f"is no known motion; use one of {', '.join(offered(MOTIONS))}",
        "currency": "is not a currency; write its ISO code, such as USD",
        "kind": f"is no known kind of spend; use one of {', '.join(KINDS)}",
        "movement": f"is no known movement; use one of {', '.join(MOVEMENT_WORDS)}",
    }[column.type]


def _reason_of_change(value: str) -> str:
    """Say why a change of MRR that can be read does not fit its movement, or nothing."""
    if re.fullmatch(r"[-0., ]+", value.strip()):
        return "is a churn of nothing, which ends nothing; write the MRR that is lost"
    below = re.match(r"[(']?[-−(]", value.strip())
    return "is below zero, but the movement is a gain; correct one of the two" if below else ""


def _reason_of_date(column: Column, value: str, today: date, used: str) -> str:
    if column.name == "ended_on" and re.match(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value.strip()):
        return "is no day, or one before the start; correct one of the two"
    what, form = (
        ("month", "year-month, as in 2026-09")
        if "month" in column.type
        else ("day", "year-month-day, as in 2026-09-30")
    )
    if re.fullmatch(r"[1-9][0-9]{4}(\.[0-9]+)?", value.strip()):
        return f"looks like a spreadsheet's number for a date, unlike the rest of the column; write it as {form}"
    if re.match(r"[0-9]{4}-[0-9]{2}", value.strip()) and "past" in column.type:
        return f"is not a {what} of the calendar up to today ({today}); write it as {form}"
    if used != PLAIN_DATE:
        form = f"{DATES[used]}, like the rest of the column"
    return f"is not a {what} written as {form}; change the format of the column, or how it is read under Your files"


def present(file: Recognised) -> list[Column]:
    """Return the columns that the file has, or that its mapping states for every row."""
    there = {*file.columns, *file.mapping.constants}
    return [column for column in table_of(file).columns if column.name in there]


def raw(file: Recognised, column: str, bound: Bound) -> str:
    """Return SQL of the text of a column: a cell of the file, or the value that the mapping states."""
    at = file.columns.get(column)
    return f"CAST({bound(file.mapping.constants[column])} AS VARCHAR)" if at is None else f"c{at}"


COSTS_ITSELF = {
    "accounts": ("activated_on", "pql_on"),
    "partners": ("ended_on", "commission_rate", "uplift", "own_reward"),
    "subscriptions": ("requested_on",),
}
"""Columns of which a cell that can't be read is not known; the rest of its row counts."""


def costs_itself(file: Recognised, column: Column) -> bool:
    """Return whether a cell of the column that can't be read costs its value, and not its row."""
    return column.name in COSTS_ITSELF.get(file.mapping.kind, ())


def is_blank(column: Column, cell: str) -> str:
    """Return SQL: whether a cell says nothing, in one of the ways in which systems write that."""
    days = BLANK_DAY if "date" in column.type or "month" in column.type else ()
    said = f"lower({cell}) IN ({', '.join(quoted(word) for word in (*BLANK, *days))})"
    return f"({said} OR {cell} LIKE '9999-%' OR {cell} LIKE '%_9999')" if days else said  # the end of time is no end


def is_shortened(cell: str) -> str:
    """Return SQL: whether an id is a number of which a spreadsheet has cut the last digits."""
    return f"(contains({cell}, 'E+') AND regexp_matches(trim({cell}), '{SHORTENED}'))"


def bad(file: Recognised, column: Column, today: date, strict: bool = False) -> str:
    """Return SQL that is true for a cell that does not fit; for others it is false, or null.

    `strict`: of a clean file, of which it was seen whether there is anything around its ids.
    """
    name = column.name
    missing = f"{name} IS NULL"
    if name == "ended_on" and table_of(file).name == "subscriptions" and file.told:
        missing = "own_end IS NULL"
    faults = [missing if column.required else f"({missing} AND NOT {is_blank(column, f'trim(raw_{name})')})"]
    last = today if "past" in column.type else date(2200, 1, 1)
    if "month" in column.type:
        faults.append(f"NOT {name} BETWEEN {12 * 1970 + 1} AND {12 * last.year + last.month - 1}")
    if "date" in column.type:
        faults.append(f"NOT {name} BETWEEN DATE '1970-01-02' AND DATE '{last}'")
    if name == "change" and "movement" in {*file.columns, *file.mapping.constants}:
        faults.append("change < 0 AND movement IN ('new', 'expansion', 'reactivation')")
        faults.append("change = 0 AND movement = 'churn'")
    if column.type == "positive money":
        faults.append(f"{name} < 0")
    if name == "ended_on" and table_of(file).name == "subscriptions":
        faults.append("ended_on < started_on")
    if name == "status":  # a word that nobody knows counts until it is said not to
        return "(status = 'ended' AND ended_on IS NULL)" if table_of(file).name == "subscriptions" else "false"
    if name in IDS and not strict:
        faults.append(is_shortened(f"raw_{name}"))
    if column.type == "count":
        faults.append(f"NOT {name} BETWEEN 1 AND 1000000")
    return f"({' OR '.join(faults)})"


def stored(file: Recognised, number: int, line: str) -> str:
    """Return the select list that stores parsed values in the table's columns, absent ones too."""
    cells = []
    there = {*file.columns, *file.mapping.constants, *file.told}
    accounts = table_of(file).name in ("accounts", "customers")
    for column in table_of(file).columns:
        default = NEVER_NULL.get(column.name) if accounts else None
        for name, part in STORED.get(column.name, ((column.name, ""),)):
            absent = NOT_KNOWN.get(name, "NULL") if accounts else "NULL"
            value = _PARTS[part].format(day=column.name) if column.name in there else absent
            if name in NOT_KNOWN and column.name in file.columns and costs_itself(file, column):
                # A cell that says something that can't be read is not known, unlike one that says nothing.
                unread = f"{column.name} IS NULL AND NOT {is_blank(column, f'trim(raw_{column.name})')}"
                value = f"CASE WHEN {unread} THEN {NOT_KNOWN[name]} ELSE {value} END"
            if name == "signup_day":
                form = file.mapping.forms.get(column.name, PLAIN_DATE)
                value = f"CASE WHEN {has_day(form, f'raw_{column.name}')} THEN {value} END"
            cells.append(f"coalesce({value}, '{default}')" if default is not None else value)
    return ", ".join([*cells, str(number), line])
