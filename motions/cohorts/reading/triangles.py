"""Which columns of a file make it a triangle of cohorts, in which of its forms, and how its cells are written.

Three forms: wide (a row a cohort, a column an age), long (a row a cohort and an age), transposed (a row an age, a
column a cohort).
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from motions.cohorts.contract import MOTIONS
from motions.cohorts.reading.forms import Decision, date_shape, decide_amount, decide_date
from motions.cohorts.reading.mapping import (
    AGES,
    KINDS_OF_FILE,
    LEAVE_OUT,
    STARTS,
    VALUES,
    Mapping,
    Question,
)
from motions.cohorts.reading.spelling import motion_words, normal, normal_word, position
from motions.cohorts.reading.wide import FEWEST, time_of
from motions.errors import closest
from motions.names import offered

_COHORT = (
    *("cohort", "cohort_month", "signup_month", "month", "acquisition_month", "signup_cohort"),
    *("cohort_quarter", "cohort_year", "signup_quarter", "signup_year"),
)
_MOTION = ("motion", "channel", "source", "program")
_SIZE = ("size", "cohort_size", "customers", "users", "accounts", "signups", "new_customers")
_SIZE_BESIDE = ("size", "cohort_size", "signups", "new_customers", "cohort_customers", "initial_customers")
"""what sizes are called where `customers` can be what is left"""
_AGE = ("age", "cohort_age", "cohort_index", "period", "period_number", "period_index", "tenure", "lifetime")
_OF_AGES = (
    "(?:age|tenure|lifetime)_(?:in_)?(month|quarter|year)s?|"
    "(month|quarter|year)s?_(?:since|number|index|after|of_life|in_life).*"
)
_VALUE = (
    *("value", "retained", "retention", "retention_rate", "retained_customers", "retained_users", "retained_accounts"),
    *("active", "active_customers", "active_users", "active_accounts", "customers", "users", "accounts", "count"),
    *("mrr", "revenue", "amount", "retained_mrr", "retained_revenue", "share", "percent", "percentage", "remaining"),
)
_UNITS = {"m": "months", "q": "quarters", "y": "years"}
_NUMBERED = r"(?:(?:(month|period|age|quarter|year)s?|([mqy]))[_ ]?)?\+?(\d{1,3})"


@dataclass(frozen=True)
class Form:
    """How a triangle is laid out, by its header. `places`: canonical column → position; `unit`: what an age is."""

    places: dict[str, int]
    unit: str = ""
    several: tuple[str, ...] = ()
    """the columns of a long one that could hold its values"""


def age_of(said: str) -> tuple[int, str] | None:
    """Return the age that a header or a cell names, and what it counts where that is said; none for no age.

    >>> age_of("Month 3"), age_of("+12"), age_of("Q2"), age_of("2025-01")
    ((3, 'months'), (12, ''), (2, 'quarters'), None)
    """
    found = re.fullmatch(_NUMBERED, said.strip(), re.IGNORECASE)
    if not found:
        return None
    word = (found[1] or found[2] or "").lower()
    return int(found[3]), "" if word in ("age", "period") else _UNITS.get(word[:1], "")


def form_of(header: Sequence[str], mapping: Mapping | None = None) -> Form | None:
    """Return the form of a triangle that has this header: none where it is no triangle."""
    names = [normal(column) for column in header]
    said = mapping.columns if mapping else {}
    own = {name: at for name, column in said.items() if column and (at := position(header, column)) is not None}
    return _wide(header, names, own) or _long(header, names, own) or _transposed(header, names, own)


def _first(names: Sequence[str], known: Sequence[str]) -> int | None:
    return next((names.index(word) for word in known if word in names), None)


def _beside(names: Sequence[str], own: dict[str, int], sizes: Sequence[str]) -> dict[str, int]:
    """The columns of cohorts, sizes and motions, those first that a mapping names."""
    known = {"cohort": _COHORT, "size": sizes, "motion": _MOTION}
    found = {name: own.get(name, _first(names, words)) for name, words in known.items()}
    return {name: at for name, at in found.items() if at is not None}


def _wide(header: Sequence[str], names: Sequence[str], own: dict[str, int]) -> Form | None:
    """The form of columns that are called 0, 1, 2 or Month 0, M1 and so on, three at least."""
    ages: dict[int, int] = {}
    units = set()
    for at, column in enumerate(header):
        if age := age_of(column):
            ages.setdefault(age[0], at)
            units.add(age[1])
    if len(ages) < FEWEST:
        return None
    beside = _beside(names, own, _SIZE)
    return Form(beside | {f"age {age}": at for age, at in sorted(ages.items())}, max(units))


def _long(header: Sequence[str], names: Sequence[str], own: dict[str, int]) -> Form | None:
    """The form of a column of cohorts, one of ages and one of values."""
    beside = _beside(names, own, _SIZE_BESIDE)
    named = [at for at, name in enumerate(names) if name in _AGE or re.fullmatch(_OF_AGES, name)]
    plain = [at for word in ("month", "quarter", "year") for at, name in enumerate(names) if name == word]
    free = [at for at in (*named, *plain) if at != beside.get("cohort")]
    age = own.get("age", free[0] if free else None)
    if age is None or "cohort" not in beside or ("cohort" not in own and names[beside["cohort"]] == "month"):
        return None
    values = [at for at, name in enumerate(names) if name in _VALUE and at not in (*beside.values(), age)]
    if not (values or "value" in own):
        return None
    value = own.get("value", values[0] if len(values) == 1 else None)
    places = beside | {"age": age} | ({} if value is None else {"value": value})
    return Form(places, _unit_of(names[age]), tuple(header[at] for at in values))


def _transposed(header: Sequence[str], names: Sequence[str], own: dict[str, int]) -> Form | None:
    """The form of a column of ages, and columns that are called after cohorts, three at least."""
    cohorts = [at for at, column in enumerate(header) if is_cohort(column)]
    others = [at for at in range(len(header)) if at not in cohorts]
    ages = [at for at in others if names[at] in (*_AGE, *_COHORT, "months") or re.fullmatch(_OF_AGES, names[at])]
    age = own.get("age", ages[0] if ages else None)
    if len(cohorts) < FEWEST or age is None or len(others) > 1:
        return None
    return Form({"age": age} | {f"cohort {at}": at for at in cohorts}, _unit_of(names[age]))


def _unit_of(name: str) -> str:
    """What ages count by the name of their column."""
    found = re.fullmatch(_OF_AGES, name)
    word = next((word for word in found.groups() if word), "") if found else name.removesuffix("s")
    return f"{word}s" if word in ("month", "quarter", "year") else ""


def is_cohort(said: str) -> bool:
    """Whether a header names a month, a quarter or a year that can be a cohort's.

    >>> is_cohort("Jan 2025"), is_cohort("2025-Q1"), is_cohort("2025"), is_cohort("Jan")
    (True, True, True, False)
    """
    time = time_of(said)
    return bool(re.fullmatch("(19|20)[0-9]{2}", said.strip())) or (time is not None and time.year is not None)


def is_wide(header: Sequence[str]) -> bool:
    """Whether a file with this header is a wide triangle: with a column of cohorts, and one for each age."""
    form = form_of(header)
    return form is not None and "cohort" in form.places and "age" not in form.places


def is_other(header: Sequence[str]) -> bool:
    """Whether a file with this header is a long triangle or a transposed one."""
    form = form_of(header)
    return form is not None and "age" in form.places


def triangle_columns(
    name: str, header: tuple[str, ...], mapping: Mapping
) -> tuple[Mapping, dict[str, int], list[Question]]:
    """Position of each column of a triangle, what the header says of ages, and what has to be asked."""
    form = form_of(header, mapping)
    if form is None:
        asks = (
            "No columns are named 0, 1, 2 or Month 0, Month 1, and none is of cohorts, of ages and of values: it is "
            "no triangle. What is it?"
        )
        kinds = tuple(kind for kind in KINDS_OF_FILE if kind != "triangle")
        return mapping, {}, [Question(name, "kind", "kind", asks, kinds)]
    questions = []
    if "cohort" not in form.places and "age" not in form.places:
        questions.append(Question(name, "columns", "cohort", "Which column is the month of the cohort?", header))
    if form.several and "value" not in form.places:
        asks = "Several columns could be what is left of a cohort. Which is it?"
        questions.append(Question(name, "columns", "value", asks, form.several))
    if "motion" not in form.places and "motion" not in mapping.constants:
        asks = "No column names the motion. Whose cohorts are these?"
        questions.append(Question(name, "constants", "motion", asks, offered(MOTIONS)))
    if form.unit and "ages" not in mapping.constants:
        mapping = mapping.model_copy(update={"constants": {**mapping.constants, "ages": form.unit}})
    return mapping, form.places, questions


def interpret_triangle(
    name: str,
    header: Sequence[str],
    mapping: Mapping,
    columns: dict[str, int],
    rows: Sequence[tuple[str, ...]],
) -> tuple[Mapping, dict[str, int], list[Question]]:
    """Decide how a triangle is written and what its ages and words mean; most are small, and wholly in the head."""
    forms, questions = dict(mapping.forms), list[Question]()
    for part, cells in _parts(header, columns, rows).items():
        if part in forms:
            continue
        decided = _written(part, cells)
        if decided.form:
            forms[part] = decided.form
        else:
            what = {"values": "cells", "size": "sizes", "cohort": "cohorts"}[part]
            asks = f"How are the {what} of the triangle written? It could be either."
            questions.append(Question(name, "forms", part, asks, decided.options))
    if "values" not in mapping.constants and _begins_with_its_size(columns, rows):
        mapping = mapping.model_copy(update={"constants": {**mapping.constants, "values": VALUES[0]}})
    columns, more = _begin(name, mapping, columns, rows)
    if columns and "values" not in mapping.constants:
        asks = "What do the cells of the triangle count?"
        questions.insert(0, Question(name, "constants", "values", asks, VALUES))
    questions += more + _what_ages_are(name, header, mapping, columns, rows)
    known = motion_words() | mapping.motion_words()
    found = {row[columns["motion"]].strip() for row in rows} - {""} if "motion" in columns else set()
    for word in sorted(word for word in found if normal_word(word) not in known):
        asks = f"Which motion is '{word[:60]}'?{closest(normal(word), offered(MOTIONS))}"
        questions.append(Question(name, "motions", word, asks, (*offered(MOTIONS), LEAVE_OUT)))
    return mapping.model_copy(update={"forms": forms}), columns, questions


def _begins_with_its_size(columns: dict[str, int], rows: Sequence[tuple[str, ...]]) -> bool:
    """Whether each cohort's size stands in month 0 too, and sizes differ: then all cells count customers."""
    if not {"size", "age 0"} <= {*columns}:
        return False
    pairs = [(row[columns["size"]].strip(), row[columns["age 0"]].strip()) for row in rows if any(row)]
    return len({*pairs}) > 1 and all(size == first and size.isdecimal() for size, first in pairs)


def value_places(columns: dict[str, int]) -> list[int]:
    """Return the positions of the columns that hold the cells of a triangle."""
    return [at for key, at in columns.items() if key.startswith(("age ", "cohort ")) or key == "value"]


def _parts(header: Sequence[str], columns: dict[str, int], rows: Sequence[tuple[str, ...]]) -> dict[str, list[str]]:
    places = value_places(columns)
    turned = "age" in columns and "value" not in columns
    sized = [row for row in rows if turned and is_size(row[columns["age"]])]
    return {
        "values": [row[at] for row in rows if row not in sized for at in places],
        "size": [row[columns["size"]] for row in rows if "size" in columns]
        + [row[at] for row in sized for at in places],
        "cohort": _cohorts(header, columns, rows),
    }


def is_size(said: str) -> bool:
    """Whether the row of a transposed triangle that is called so holds the sizes of its cohorts."""
    return normal(said) in _SIZE


def _cohorts(header: Sequence[str], columns: dict[str, int], rows: Sequence[tuple[str, ...]]) -> list[str]:
    """The cohorts of a triangle as they are written."""
    if "cohort" in columns:
        return [row[columns["cohort"]] for row in rows]
    return [header[at] for key, at in columns.items() if key.startswith("cohort ")]


def _written(part: str, cells: Sequence[str]) -> Decision:
    shapes = Counter[str]()
    for cell, times in Counter(cells).items():  # many cells are alike
        if cell.strip():
            shapes[re.sub("[0-9]", "9", cell.strip().rstrip("% "))] += times
    return _cohorts_written(shapes, cells) if part == "cohort" else decide_amount(shapes)


def _begin(
    name: str, mapping: Mapping, columns: dict[str, int], rows: Sequence[tuple[str, ...]]
) -> tuple[dict[str, int], list[Question]]:
    """Ask what age 1 is where none is 0; columns of ages are then called by what they are."""
    wide = [int(key[4:]) for key in columns if key.startswith("age ")]
    found = wide or [age[0] for row in rows if "age" in columns and (age := age_of(row[columns["age"]]))]
    starts = mapping.constants.get("starts", "")
    if min(found, default=0) != 1:
        return columns, []
    if starts != STARTS[1]:
        columns = {f"age {int(key[4:]) - 1}" if key.startswith("age ") else key: at for key, at in columns.items()}
    asks = "Its columns begin with 1. Which month is that?" if wide else "Its ages begin with 1. Which month is that?"
    return columns, [] if starts else [Question(name, "constants", "starts", asks, STARTS)]


def _what_ages_are(
    name: str, header: Sequence[str], mapping: Mapping, columns: dict[str, int], rows: Sequence[tuple[str, ...]]
) -> list[Question]:
    """Ask whether ages are months, where cohorts are quarters or years and no name says it."""
    usual = usual_length(_cohorts(header, columns, rows))
    said = {age[1] for row in rows if "age" in columns and (age := age_of(row[columns["age"]]))} - {""}
    if usual == 1 or said or "ages" in mapping.constants:
        return []
    own = AGES[1] if usual == 3 else AGES[2]
    asks = f"Its cohorts are {own}. Are their ages counted in months or in {own}?"
    return [Question(name, "constants", "ages", asks, (AGES[0], own))]


def length_of(cohort: str) -> int:
    """Return the months that a cohort is of: 12 for a year, 3 for a quarter, else 1.

    >>> length_of("2025"), length_of("Q1 2025"), length_of("2025-Q1"), length_of("2025-01")
    (12, 3, 3, 1)
    """
    if re.fullmatch(" *(19|20)[0-9]{2} *", cohort):
        return 12
    time = time_of(cohort)
    return time.months if time and time.year is not None else 1


def usual_length(cohorts: Sequence[str]) -> int:
    """Return the months that most cohorts are of: what is of more among them adds others up."""
    lengths = Counter[int]()
    for cell, times in Counter(cohorts).items():
        lengths[length_of(cell)] += times if cell.strip() else 0
    return max(lengths, key=lambda length: lengths[length], default=1)


def _cohorts_written(shapes: dict[str, int], cells: Sequence[str]) -> Decision:
    """As for any column of days; the months of cohorts are first days, so a part that is always 1 is the day."""
    parts = [part.groups() for cell in cells if (part := re.match(r"\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{2,4}", cell))]
    largest = [max((int(part[at]) for part in parts), default=None) for at in (0, 1)]
    smallest = [min((int(part[at]) for part in parts), default=None) for at in (0, 1)]
    if parts and largest[0] == smallest[0] == 1:
        return Decision("day/month/year")
    if parts and largest[1] == smallest[1] == 1:
        return Decision("month/day/year")
    return decide_date({shape: times for shape, times in shapes.items() if date_shape(shape)}, *largest)
