"""A row as it is meant: columns of which other cells of the row say what they are, and rows that do not count."""

from datetime import date

from motions.cohorts.contract import TAKES_BACK
from motions.cohorts.reading.cells import plain_word, present, raw, read_cell, read_strict_cell
from motions.cohorts.reading.engine import Bound
from motions.cohorts.reading.mapping import LEAVE_OUT
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.spelling import normal_word, position

AHEAD = "a day after today"
"""Why an account does not count yet."""


def parsed(file: Recognised, source: str, bound: Bound, today: date, strict: bool, extra: str = "") -> str:
    """Return SQL: for each column of the table its text `raw_x` and the value `x` read from it."""
    cells, read = [], read_strict_cell if strict else read_cell
    for column in present(file):
        stated = column.name not in file.columns
        text = raw(file, column.name, bound) if strict or stated else f"raw_{column.name}"
        cells += [f"{text} AS raw_{column.name}", f"{read(file, column, text, bound, today)} AS {column.name}"]
    if strict:
        return f"SELECT {extra}{', '.join(cells)} FROM {source}"
    others = "".join(f", c{at}" for at in own_columns(file))
    said = f"SELECT {_as_meant(file, bound, today)} FROM (SELECT {extra}{', '.join(cells)}{others} FROM {source})"
    return f"SELECT *, {_left_out(file, bound, today)} FROM ({said})"


def _left_out(file: Recognised, bound: Bound, today: date) -> str:
    """SQL: the column and the value that a row is left out for, after the mapping or its own cells, or nulls."""
    told: dict[str, list[str]] = {"left_by": [], "left_out": []}
    for at, name, values in leave_out_columns(file):
        known = bound.all([normal_word(value) for value in values])
        when = f"WHEN {plain_word(f'c{at}')} IN ({known}) THEN"
        told["left_by"].append(f"{when} {bound(name)}")
        told["left_out"].append(f"{when} c{at}")
    rules = {
        "status": f"status = '{LEAVE_OUT}'",
        "interval": f"interval = '{LEAVE_OUT}'",
        "trial": "trial = 'yes'",
        "deleted": "deleted = 'yes'",
        "valid": "valid = 'no'",
        "voided_on": "voided_on IS NOT NULL",
        "approved_on": "approved_on IS NULL",
        # A trial that goes on, or that ended before anything was paid.
        "trial_end": f"(trial_end > DATE '{today}' OR trial_end >= ended_on)",
        "signed_up_on": f"(signed_up_on > DATE '{today}' AND signed_up_on <= DATE '{today}' + INTERVAL 2 YEAR)",
    }
    for column in present(file):
        if column.name in rules:
            when = f"WHEN {rules[column.name]} THEN"
            own = file.header[file.columns[column.name]] if column.name in file.columns else column.name
            told["left_by"].append(f"{when} {bound(own)}")
            said = f"coalesce(nullif(trim(raw_{column.name}), ''), 'nothing')"
            told["left_out"].append(f"{when} {repr(AHEAD) if column.name == 'signed_up_on' else said}")
    none = "CAST(NULL AS VARCHAR)"
    return ", ".join(
        f"{f'CASE {chr(32).join(cases)} END' if cases else none} AS {name}" for name, cases in told.items()
    )


def _as_meant(file: Recognised, bound: Bound, today: date) -> str:
    """SQL: columns as other cells of their row say that they are meant, such as an end that its status tells."""
    there = {column.name for column in present(file)}
    replaced, new = dict[str, str](), dict[str, str]()
    if {"interval", "interval_count", "quantity"} & there:
        times = "mrr * coalesce(quantity, 1)" if "quantity" in there else "mrr"
        months = "coalesce(TRY_CAST(interval AS INTEGER), 1)" if "interval" in there else "1"
        many = "coalesce(interval_count, 1)" if "interval_count" in there else "1"
        replaced["mrr"] = f"CAST(round({times} * 1.0 / nullif({months} * {many}, 0)) AS BIGINT)"
    amount = next((column.name for column in present(file) if column.type == "money"), "")
    back = [f"status = '{TAKES_BACK}'"] if "status" in there else []
    for at, _, values in _placed(file, file.mapping.takes_back):
        back.append(f"{plain_word(f'c{at}')} IN ({bound.all([normal_word(value) for value in values])})")
    if amount and back:
        replaced[amount] = f"CASE WHEN {' OR '.join(back)} THEN -abs({amount}) ELSE {amount} END"
    if "trial_end" in there:
        replaced["started_on"] = "CASE WHEN trial_end > started_on THEN trial_end ELSE started_on END"
    if file.told:
        own = "ended_on" if "ended_on" in there else "CAST(NULL AS DATE)"
        (replaced if "ended_on" in there else new)["ended_on"] = (
            f"CAST(coalesce({own}{_told_end(file, there, today)}) AS DATE)"
        )
        new["own_end"] = own
    said = ", ".join(f"{sql} AS {name}" for name, sql in replaced.items())
    return f"* {f'REPLACE ({said})' if said else ''}" + "".join(f", {sql} AS {name}" for name, sql in new.items())


def _told_end(file: Recognised, there: set[str], today: date) -> str:
    """SQL of the ends that other cells of a row tell, each after a comma."""
    if file.mapping.kind == "partners":
        # When one has left that says no day is not known: at the latest in the last full month.
        return f", CASE WHEN status = 'ended' THEN DATE '{today.replace(day=1)}' - INTERVAL 1 MONTH END"
    ends, over = [], ["status = 'ended'"] if "status" in there else []
    over += ["ends_with_period = 'yes'"] if "ends_with_period" in there else []
    if "period_end" in there and over:
        ends.append(f"CASE WHEN ({' OR '.join(over)}) AND period_end <= DATE '{today}' THEN period_end END")
    if "requested_on" in there and "status" in there:
        ends.append(f"CASE WHEN status = 'ended' AND requested_on <= DATE '{today}' THEN requested_on END")
    return "".join(f", {end}" for end in ends)


def leave_out_columns(file: Recognised) -> list[tuple[int, str, tuple[str, ...]]]:
    """Return position, name and values of the columns whose values leave a row out."""
    return _placed(file, file.mapping.leave_out)


def own_columns(file: Recognised) -> list[int]:
    """Return the positions of columns that are read under their own name: what leaves rows out, or takes back."""
    told = (*leave_out_columns(file), *_placed(file, file.mapping.takes_back))
    return sorted({at for at, _, _ in told})


def _placed(file: Recognised, said: dict[str, tuple[str, ...]]) -> list[tuple[int, str, tuple[str, ...]]]:
    found = ((position(file.header, name), name, values) for name, values in said.items())
    return [(at, name, values) for at, name, values in found if at is not None and values]
