"""Mappings: what a file is, which of its columns is which, and how its cells are written.

A preset for a known export, a mapping that was downloaded and dropped in again, and what the app found out by itself
are all the same: a Mapping. What stays open is a Question; an answer is a Mapping with one thing more.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

from motions.cohorts.contract import (
    ACTIVATION,
    ADDED_UP,
    BY_NAME,
    CURRENCIES,
    EVER,
    INTERVALS,
    KINDS,
    MOTIONS,
    MOVEMENT_WORDS,
    NOT_USED,
    PARTNERS,
    STATUSES,
    TRIALS,
    WITHIN,
)
from motions.cohorts.reading.forms import AMOUNTS, DATES, PERHAPS, RATES
from motions.cohorts.reading.spelling import normal, normal_word
from motions.content import read_yaml, validate
from motions.errors import closest
from motions.names import offered

PRESETS = Path(__file__).with_name("presets")
KINDS_OF_FILE = (*BY_NAME, *ADDED_UP, NOT_USED)
VALUES = ("customers", "money", "% of customers", "% of money")
"""What the cells of a triangle can be."""
STARTS = ("the cohort's own month", "one month later")
"""What column 1 of a triangle without a column 0 can be."""
AGES = ("months", "quarters", "years")
"""What an age of a triangle can count."""
YEAR, QUARTER = "year of the first month", "cells of a quarter"
"""What a mapping states of a wide sheet: the year, where its headers say none, and what stands under a quarter."""
HELD_AT_THE_END = "MRR, the same in its three months"
QUARTERS = ("revenue of the quarter, a third in each month", HELD_AT_THE_END)
LEAVE_OUT, COUNT = "leave out", "counts"
NOT_THERE = "not in this file"
"""The answer that none of a file's columns is the one that is asked for."""
NOBODY_KNOWS = "not known"
"""The answer that a word says nothing of how an account came: it counts among all, and on neither side."""
DELIMITERS = {",": "comma", ";": "semicolon", "\t": "tab", "|": "bar"}
ENCODINGS = ("utf-8", "utf-16", "windows-1252")

Part = Literal[
    "kind",
    "columns",
    "constants",
    "forms",
    "motions",
    "words",
    "written",
    "starts",
    "ends",
    "several",
    "match",
    "ids",
    "prefix",
    "counts",
    "ended",
    "leave_out",
]
BEGIN = ("the first payment", "a move from another system")
"""What the day can be on which most subscriptions of a file begin."""
ENDS = ("the first day not paid", "the last day paid")
"""What the end of a subscription can be."""
LATENESS = LATE, HAVE_LEFT = "later months are missing", "they have left"
"""What it can be that all accounts of a file of revenue end before those of others do."""
SEVERAL = ("they add up", "the last counts", "one is a mistake")
"""What several rows for an account and month can be."""
MATCHES = ("by spelling", "by name", "as they are")
"""How ids that are not found are matched with those of the list."""
COUNTS = ("this file", "the other file")
"""Which of two files about the same counts where they say something else."""

# More than these no file has use for, and each is looked for in every column or cell.
_Few = Annotated[dict[str, str], Field(max_length=50)]
_Words = Annotated[dict[str, str], Field(max_length=1000)]
_Lists = Annotated[dict[str, Annotated[tuple[str, ...], Field(max_length=100)]], Field(max_length=50)]


SAME = "the same: nothing is put before them"
"""The answer that ids are those of the other files."""


_FORMS = {"rate": RATES, "reward": AMOUNTS}


class Mapping(BaseModel):
    """How a file is read. Columns are named as in the file's first line, whatever their case and spaces."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field(default="", max_length=200, description="Which export it is, for people.")
    header: tuple[str, ...] = Field(
        default=(),
        max_length=500,
        description="It counts for files whose header has all of these columns; the longest list wins.",
    )
    kind: str = Field(description="What a row is: " + ", ".join(KINDS_OF_FILE))
    columns: _Few = Field(default={}, description="Our column → the file's.")
    constants: _Few = Field(default={}, description="Our column → its value in every row.")
    forms: _Few = Field(default={}, description="Our column → how its amounts or days are written.")
    motions: _Words = Field(default={}, description="The file's word → motion, or leave out.")
    words: _Words = Field(
        default={},
        description="The file's word → kind of spend, movement of MRR, months of an interval, or whether a row counts.",
    )
    leave_out: _Lists = Field(
        default={}, description="The file's column → values whose rows don't count, such as a cancelled commission."
    )
    takes_back: _Lists = Field(
        default={},
        description="The file's column → values whose rows take back what others say, such as a credit note.",
    )
    ask: _Lists = Field(
        default={}, description="Our column → the file's columns to choose from; none: one value for all rows."
    )
    written: str = Field(
        default="",
        pattern="^([12][0-9]{3}-(0[1-9]|1[0-2]))?$",
        description="The month in which the file was written, such as 2026-11: what has no end ran on until then.",
    )
    starts: str = Field(
        default="",
        description="What the day is on which most subscriptions begin: " + ", or ".join(BEGIN) + ".",
    )
    counts: str = Field(
        default="",
        description="Which counts where files about the same say something else: " + ", or ".join(COUNTS) + ".",
    )
    ends: str = Field(default="", description="What the end of a subscription is: " + ", or ".join(ENDS) + ".")
    ended: str = Field(
        default="",
        description="What it is that a file of revenue ends before others: " + ", or ".join(LATENESS) + ".",
    )
    several: str = Field(
        default="", description="What several rows for an account and month are: " + ", or ".join(SEVERAL) + "."
    )
    match: _Few = Field(default={}, description="Our column of ids → how those that are not found are matched.")
    ids: _Words = Field(default={}, description="The file's id → that of the list, where it could be several.")
    prefix: _Few = Field(default={}, description="Our column of ids → what is put before each, to tell systems apart.")
    encoding: str = Field(default="", description="utf-8, utf-16 or windows-1252; empty is found out.")
    delimiter: str = Field(default="", description="What separates the fields; empty is found out.")
    note: str = Field(default="", max_length=500, description="What is good to know about this export.")

    @field_validator("encoding")
    @classmethod
    def _encoding(cls, value: str) -> str:
        return _known(value, ("", *ENCODINGS), "encoding")

    @field_validator("delimiter")
    @classmethod
    def _delimiter(cls, value: str) -> str:
        return _known(value, ("", *DELIMITERS), "separator")

    @field_validator("ends")
    @classmethod
    def _ends(cls, value: str) -> str:
        return _known(value, ("", *ENDS), "end of a subscription")

    @field_validator("starts")
    @classmethod
    def _starts(cls, value: str) -> str:
        return _known(value, ("", *BEGIN), "start of most subscriptions")

    @field_validator("counts")
    @classmethod
    def _counts(cls, value: str) -> str:
        return _known(value, ("", *COUNTS), "file that counts")

    @field_validator("ended")
    @classmethod
    def _ended(cls, value: str) -> str:
        return _known(value, ("", *LATENESS), "end of a file")

    @field_validator("several")
    @classmethod
    def _several(cls, value: str) -> str:
        return _known(value, ("", *SEVERAL), "meaning of several rows")

    @model_validator(mode="after")
    def _fits_its_kind(self) -> "Mapping":
        _known(self.kind, KINDS_OF_FILE, "kind")
        if table := BY_NAME.get(self.kind):
            names = tuple(column.name for column in table.columns)
            stated = (PARTNERS, *{"revenue": (YEAR, QUARTER), "accounts": (ACTIVATION,)}.get(self.kind, ()))
            for part in (self.columns, self.constants, self.forms, self.ask, self.match, self.prefix):
                for key in part:
                    _known(key, (*names, *stated) if part is self.constants else names, f"column of {self.kind}")
            for how in self.match.values():
                _known(how, MATCHES, "way to match ids")
            for key, value in self.constants.items():
                _stated(key, value, {PARTNERS: "motion"}.get(key) or (table.column(key).type if key in names else key))
            for key, form in self.forms.items():
                kind = table.column(key).type
                _known(form, tuple(_FORMS.get(kind, AMOUNTS if "money" in kind else DATES)), f"form of {key}")
        elif self.kind == "triangle":
            _known(self.constants.get("values", "money"), VALUES, "content of a triangle")
            _known(self.constants.get("starts", STARTS[0]), STARTS, "start of a triangle")
            _known(self.constants.get("ages", AGES[0]), AGES, "unit of ages")
            for key, form in self.forms.items():
                _known(key, ("values", "size", "cohort"), "part of a triangle")
                _known(form, tuple(DATES) if key == "cohort" else tuple(AMOUNTS)[:3], f"form of {key}")
        for word in self.words.values():
            known = (*KINDS, *MOVEMENT_WORDS, *INTERVALS, *STATUSES, *CURRENCIES)
            _known(word, known, "kind of spend, movement, interval, status or currency")
        for motion in self.motions.values():
            _known(motion, (*MOTIONS, NOBODY_KNOWS, LEAVE_OUT), "motion")
        _known(self.constants.get(PARTNERS, "organic"), MOTIONS, "motion")
        if self.constants.get("motion") == LEAVE_OUT:
            raise ValueError(f"A whole file can't be left out by its motion; make it kind: {NOT_USED} instead.")
        _known(self.constants.get("motion", "organic"), MOTIONS, "motion")
        return self

    def answered(self, part: Part, key: str, value: str) -> "Mapping":
        """Return the mapping with one thing more said. Another kind starts afresh, from a known export if it is one.

        Raises pydantic's ValidationError for what a mapping can't say.
        """
        if part == "kind":
            known = choose(self.header, [preset for preset in presets() if preset.kind == value])
            start = known or Mapping(kind=value)
            kept = {"header": self.header, "encoding": self.encoding, "delimiter": self.delimiter}
            return start.model_copy(update=kept)
        content = self.model_dump()
        value = "" if value == NOT_THERE else value
        if part == "prefix" and value == SAME:
            return Mapping.model_validate(content | {"prefix": content["prefix"] | {key: ""}})
        if part == "leave_out":
            said = {key: TRIALS if value == LEAVE_OUT else ()}
            return Mapping.model_validate(content | {"leave_out": content["leave_out"] | said})
        if part in ("written", "starts", "ends", "ended", "several", "counts"):
            return Mapping.model_validate(content | {part: value})
        content[part] = {name: said for name, said in content[part].items() if name != key} | (
            {key: value} if value else {}
        )
        if part == "columns":
            content["constants"].pop(key, None)
            if content["forms"].get(key) != PERHAPS:  # that is told by whichever column it is
                content["forms"].pop(key, None)
            if not value:  # said to be none: it is not looked for again
                content["columns"][key] = ""
        return Mapping.model_validate(content)

    def motion_words(self) -> dict[str, str]:
        """Return the file's words of motions, as they are compared → motion, or leave out."""
        known = {NOBODY_KNOWS: "other"}
        return {normal_word(word): known.get(motion, motion) for word, motion in self.motions.items()}

    def for_another(self) -> "Mapping":
        """Return the mapping without what is true of one file only: when it was written, which months it is of."""
        table = BY_NAME.get(self.kind)
        names = [column.name for column in table.columns if "month" in column.type] if table else []
        of_one = [key for key in self.constants if key in names or key == YEAR]
        return self.model_copy(
            update={
                "constants": {key: value for key, value in self.constants.items() if key not in of_one},
                "written": "",
                "counts": "",
                "ended": "",
            }
        )


LITTLE = 0.1
"""What an answer may touch of a file without figures waiting for it."""


@dataclass(frozen=True)
class Question:
    """What only the user can say of a file. Without `options` any text is an answer."""

    file: str
    part: Part
    key: str
    asks: str
    options: tuple[str, ...] = ()
    weight: float = 1.0
    """the share of rows, accounts or money that the answer touches"""
    read: bool = False
    """whether the file is read without it: what depends on the answer is unknown until then"""

    @property
    def matters(self) -> bool:
        """Whether figures wait for the answer: without it they could be off by more than a tenth."""
        return self.weight > LITTLE

    @property
    def waits(self) -> bool:
        """Whether the file is not read before the answer."""
        return self.matters and not self.read


class _Mappings(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    mappings: tuple[Mapping, ...] = Field(min_length=1, max_length=200)


def read_mappings(path: Path, name: str = "") -> tuple[Mapping, ...]:
    """Read a YAML file of mappings. Raises ContentError naming file, key and repair."""
    return validate(read_yaml(path, name), _Mappings, name or path.name).mappings


def write_mappings(mappings: Iterable[Mapping]) -> str:
    """Return mappings as YAML that `read_mappings` reads again, for other files with the same columns."""
    content = [mapping.for_another().model_dump(mode="json", exclude_defaults=True) for mapping in mappings]
    return yaml.safe_dump({"mappings": content}, sort_keys=False, allow_unicode=True, width=120)


@cache
def presets() -> tuple[Mapping, ...]:
    """Return the mappings of known exports."""
    return tuple(mapping for path in sorted(PRESETS.glob("*.yaml")) for mapping in read_mappings(path))


def choose(header: Sequence[str], known: Sequence[Mapping]) -> Mapping | None:
    """Return the mapping for a header: one for exactly these columns, else the one that names most; then the newest.

    It has to find all columns that it counts for, by the rule of `position`.
    """
    there, alike = set(header), Counter(normal(column) for column in header if column)
    fitting = [
        mapping
        for mapping in known
        if mapping.header and all(name in there or alike[normal(name)] == 1 for name in mapping.header)
    ]
    own = tuple(column for column in header if column)
    return max(reversed(fitting), key=lambda mapping: (mapping.header == own, len(mapping.header)), default=None)


def _stated(key: str, value: str, kind: str) -> None:
    """Check a value that stands for a whole column."""
    plain = "[12][0-9]{3}-(0[1-9]|1[0-2])(-[0-3][0-9])?"
    if kind != YEAR and ("date" in kind or "month" in kind) and not re.fullmatch(plain, value.strip()):
        raise ValueError(f"'{value[:60]}' is no day or month for {key}; write it as 2026-09-30 or 2026-09.")
    if kind == YEAR and not re.fullmatch("(19|20)[0-9]{2}", value.strip()):
        raise ValueError(f"'{value[:60]}' is no year; write it as 2026.")
    if kind == QUARTER:
        _known(value, QUARTERS, "content of a quarter")
    if kind == ACTIVATION:
        _known(value, (*WITHIN, EVER), "span of an activation")
    if kind == "kind":
        _known(value, KINDS, "kind of spend")
    if kind == "interval":
        _known(value, INTERVALS, "number of months of an interval")
    if kind == "currency" and not re.fullmatch("[A-Z]{3}", value):
        raise ValueError(f"'{value[:60]}' is no currency; write its ISO code, such as USD.")


def _known(value: str, known: tuple[str, ...], what: str) -> str:
    if value not in known:
        known = offered(known)
        raise ValueError(f"'{value[:60]}' is no {what}; use one of {', '.join(known)}.{closest(value, known)}")
    return value
