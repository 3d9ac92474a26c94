"""The sheet of a scenario's inputs: what is written there, where each input stands, and how it is read again.

A row is an input, a column a program. The second column says what formulas call an input, and by that it is read.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from xlsxwriter.utility import xl_col_to_name, xl_rowcol_to_cell

from motions.economics.files.live import name_of, why_values
from motions.economics.files.sheets import INPUT, NARROW, NOTE, TITLE, VALUE, Sheets, typed_as
from motions.economics.inputs.assumptions import AT_START, GROUPS, MODELS, DirectProgram, Market, PartnerProgram
from motions.economics.inputs.keys import input_of, owner_of, put
from motions.economics.inputs.links import Named, plain
from motions.economics.inputs.log import default_at
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import PARTS, PayoutPlan, Response
from motions.errors import closest
from motions.fields import Input, inputs
from motions.names import NAMES
from motions.text import listed, short

FIRST = 3
"""the column of the first value"""
WIDEST = FIRST + len(MODELS)
"""columns that are read"""
_MEANS = 66
"""how wide the explanation of an input is"""
_SETTINGS = ("draws", "seed", "payback_within")
_TERMS = "response_reference"
_TEXTS = ("ages_at_start", _TERMS)
_CHANGE = (
    "Change a blue cell: the months, the figures and the sheets beside this one follow. Or load this file in the app."
)


@dataclass(frozen=True)
class Line:
    """A row: what formulas call it, its title, and a value for each program, or one for all."""

    name: str
    title: str
    cells: tuple[Any, ...] = ()
    item: Input | None = None
    keys: tuple[str, ...] = ()
    """of the cells, where they are inputs"""
    head: bool = False
    fixed: bool = False
    """whether formulas hold for this value alone"""


@cache
def _groups() -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Headings, and the keys of inputs below each, without the program: its own, and the terms of all parts."""
    own = {title: [name for one, names in GROUPS if one == title for name in names] for title, _ in GROUPS}
    own["Leads"] = [name for name in own["Leads"] if name not in own["Partners"]]
    parts = {name: [f"payout.{kind}.{item.name}" for item in inputs(model)] for kind, name, model in PARTS}
    conditions = {"Conditions on payouts": [f"payout.{item.name}" for item in inputs(PayoutPlan)]}
    response = {"Response to terms": [f"response.{item.name}" for item in inputs(Response)]}
    return tuple((title, tuple(keys)) for title, keys in (own | parts | conditions | response).items())


@cache
def _items() -> dict[str, Input]:
    """Inputs by key, without the program."""
    found = {item.name: item for model in (PartnerProgram, DirectProgram) for item in inputs(model)}
    found |= {f"payout.{item.name}": item for item in inputs(PayoutPlan)}
    found |= {f"response.{item.name}": item for item in inputs(Response)}
    found |= {f"payout.{kind}.{item.name}": item for kind, _, model in PARTS for item in inputs(model)}
    return found | {f"market.{item.name}": item for item in inputs(Market)}


@cache
def _keys() -> dict[str, str]:
    """Keys, without the program, by what formulas call them."""
    return {name_of(key): key for key in _items()}


def _with_nobody(scenario: Scenario) -> dict[str, Any]:
    """The plain values of a scenario, and that no customers are there where a link says nothing: formulas ask."""
    values = plain(scenario)
    for name in values.keys() & MODELS.keys():
        program = scenario.program(name)
        values[name] = {
            field: getattr(program, field) for field in AT_START if field in MODELS[name].model_fields
        } | values[name]
    return values


class Layout:
    """Where the inputs of one scenario stand on its sheet."""

    def __init__(self, one: Named, sheet: str) -> None:
        self.one, self.sheet = one, sheet
        self.values = _with_nobody(one.scenario)
        self.programs = tuple(name for name in MODELS if name in self.values)
        self.lines = tuple(self._lines())
        self.rows = {line.name: row for row, line in enumerate(self.lines) if line.name}
        self.check = FIRST + len(self.programs)

    def _lines(self) -> Iterator[Line]:
        scenario, values = self.one.scenario, self.values
        yield Line("", f"Inputs of {self.one.name}")
        yield Line("", self._change())
        yield Line("", "Scenario", ("Value",), head=True)
        yield Line("name", "Name", (self.one.name,))
        yield Line("shown", "Programs shown", (", ".join(scenario.shown),), fixed=True)
        yield Line("direct", "Direct baseline", (scenario.direct,), fixed=True)
        for name in _SETTINGS:
            yield Line(name, str(Scenario.model_fields[name].title), (values[name],))
        if scenario.begins:
            yield Line("begins", "Month 1 is", (scenario.begins,))
        yield Line("", "Market", ("All programs",), head=True)
        for item in inputs(Market):
            key = f"market.{item.name}"
            # The sheets name the currency in words that no formula changes.
            fixed = item.name == "currency"
            yield Line(name_of(key), item.title, (values["market"][item.name],), item, (key,), fixed=fixed)
        yield Line("", "Programs", tuple(NAMES[name] for name in self.programs), head=True)
        yield Line("program", "What files call them", self.programs)
        for title, keys in _groups():
            if lines := [line for key in keys if (line := self._line(key))]:
                yield Line("", title, head=True)
                yield from lines
        yield from self._texts()
        yield from self._ranges()
        yield from self._segments()

    def _change(self) -> str:
        """What a changed cell does, and which programs do not follow it."""
        scenario = self.one.scenario
        still = [NAMES[name] for name in self.programs if why_values(scenario, scenario.program(name))]
        if not still:
            return _CHANGE
        return f"{listed(still)}: values, which no changed cell moves; load this file in the app for them. {_CHANGE}"

    def _line(self, key: str) -> Line | None:
        """The row of an input of programs; none where no program has it."""
        cells = tuple(_at(self.values[name], key) for name in self.programs)
        item, keys = _items()[key], tuple(f"{name}.{key}" for name in self.programs)
        return Line(name_of(key), item.title, cells, item, keys) if any(one is not None for one in cells) else None

    def _texts(self) -> Iterator[Line]:
        """What a program holds as text: who is there by age, and the terms that a response is measured from."""
        programs = [self.values[name] for name in self.programs]
        ages = tuple(one.get("ages_at_start") for one in programs)
        if any(ages):
            yield Line("ages_at_start", "Customers at the start by age (shares)", ages)
        terms = tuple(one["response"]["reference"] if one.get("response") else None for one in programs)
        if any(terms):
            told = tuple(None if one is None else json.dumps(one) for one in terms)
            yield Line(_TERMS, "Terms that the response is measured from", told, fixed=True)

    def _ranges(self) -> Iterator[Line]:
        ranges = self.values.get("ranges", {})
        if ranges:
            yield Line("", "Ranges: the central 90 % of what an input may be", ("Low", "High"), head=True)
        for key, ends in ranges.items():
            whose = NAMES.get(owner_of(key), "Market")
            yield Line(f"{_RANGE}{key}", f"{input_of(key).title}, {whose}", tuple(ends), input_of(key))

    def _segments(self) -> Iterator[Line]:
        segments = self.values.get("segments", [])
        if segments:
            yield Line("", "Segments", ("Name", "Size", "Motions"), head=True)
        for at, one in enumerate(segments):
            yield Line(f"{_SEGMENT}{at}", f"Segment {at + 1}", (one["name"], one["size"], ", ".join(one["motions"])))

    def cell(self, name: str, program: str = "") -> str:
        """Return where an input stands, `'Inputs'!$D$9`; without a program it is one for all."""
        column = FIRST + (self.programs.index(program) if program else 0)
        return f"'{self.sheet}'!{xl_rowcol_to_cell(self.rows[name], column, True, True)}"

    @property
    def wrong(self) -> str:
        """The formula of how many rows hold what is no allowed input."""
        letter = xl_col_to_name(self.check)
        return f"=SUMPRODUCT(--(LEN('{self.sheet}'!${letter}$4:${letter}${len(self.lines)})>0))"

    def changed(self, program: str) -> str:
        """The formula of how many cells of a program's terms are filled that were empty, or the other way round."""
        filled, empty = self._cells(program, True), self._cells(program, False)
        missing = [f"COUNTBLANK({self.cell(name, program)})" for name in filled]
        more = [f"COUNTA({self.cell(name, program)})" for name in empty]
        return f"={'+'.join([*missing, *more])}"

    def _cells(self, program: str, filled: bool) -> list[str]:
        at = self.programs.index(program)
        lines = [line for line in self.lines if line.keys and len(line.keys) == len(self.programs)]
        own = [line for line in lines if not line.keys[0].startswith("market.")]
        return [line.name for line in own if (line.cells[at] is not None) == filled]


_RANGE, _SEGMENT = "range.", "segment."


def _at(values: Any, key: str) -> Any:
    """A value of nested plain values; None where there is none."""
    for word in key.split("."):
        values = values.get(word) if isinstance(values, dict) else None
    return values


def write(book: Sheets, layout: Layout) -> None:
    """Write the sheet of a scenario's inputs."""
    count = len(layout.programs)
    widths = [34, 26, 11, *[15] * count, 18, _MEANS, 11, 11, *[15] * count]
    sheet = book.add(layout.sheet, widths, 2)
    for row, line in enumerate(layout.lines):
        if line.head:
            sheet.write_string(row, 0, line.title, book.form(bold=True, bottom=1))
            book.head(sheet, row, ("Name in formulas", "Unit"), 1)
            book.head(sheet, row, line.cells, FIRST, align="right")
        elif not line.name:
            sheet.write_string(row, 0, line.title, book.form(**(NOTE if row else TITLE)))
        else:
            _write_line(book, sheet, layout, row, line)
    titles = ("Check", "What it is", "Least", "Most", *(f"Default: {NAMES[name]}" for name in layout.programs))
    book.head(sheet, 2, titles, layout.check)
    sheet.print_area(0, 0, len(layout.lines) - 1, layout.check + 1)


def _write_line(book: Sheets, sheet: Any, layout: Layout, row: int, line: Line) -> None:
    item, how = line.item, typed_as(line.item)
    sheet.write_string(row, 0, line.title, book.form(**NARROW))
    sheet.write_string(row, 1, line.name, book.form(**NOTE, **NARROW))
    if item is not None:
        sheet.write_string(row, 2, item.unit.named(layout.values["market"]["currency"]), book.form(**NOTE))
    for column, cell in enumerate(line.cells, FIRST):
        if cell is not None:
            book.put(sheet, row, column, cell, **(VALUE if line.fixed or line.name == "program" else INPUT | how))
            _validate(sheet, row, column, line)
    if check := _check(line, row):
        sheet.write_formula(row, layout.check, check, book.form(font_color="#B3261E", bold=True), "")
    if item is not None:
        _explain(book, sheet, layout, row, line)


def _explain(book: Sheets, sheet: Any, layout: Layout, row: int, line: Line) -> None:
    """Write what an input is, its bounds, and its defaults."""
    item, how = line.item, typed_as(line.item)
    assert item is not None  # noqa: S101
    book.words_at(sheet, row, layout.check + 1, item.description, _MEANS)
    if not item.options:
        for column, end in enumerate((item.low, item.high), layout.check + 2):
            book.put(sheet, row, column, end, **NOTE, **how)
    for column, key in enumerate(line.keys, layout.check + 4):
        if line.cells[column - layout.check - 4] is not None:
            book.put(sheet, row, column, default_at(key), **NOTE, **how)


def _validate(sheet: Any, row: int, column: int, line: Line) -> None:
    """Have the spreadsheet refuse what the app would."""
    item = line.item
    if item is None:
        return
    rule: dict[str, Any] = {"validate": "list", "source": list(item.options)}
    if not item.options:
        kind = "integer" if item.whole else "decimal"
        rule = {"validate": kind, "criteria": "between", "minimum": item.low, "maximum": item.high}
    sheet.data_validation(
        row, column, row, column, rule | {"error_title": "Not allowed", "error_message": "See Least and Most."}
    )


def _check(line: Line, row: int) -> str:
    """The formula that says what is wrong in a row: what a validation refuses can still be pasted."""
    last = FIRST + max(len(line.cells), 1) - 1
    cells = f"{xl_rowcol_to_cell(row, FIRST)}:{xl_rowcol_to_cell(row, last)}"
    if line.fixed:
        return f'=IF({xl_rowcol_to_cell(row, FIRST)}<>"{line.cells[0]}","load this file in the app","")'
    item = line.item
    if item is None or not line.keys:
        return ""
    if item.options:
        wrong = f'({cells}<>"")' + "".join(f'*({cells}<>"{option}")' for option in item.options)
    else:
        outside = f"({cells}<{item.low!r})+({cells}>{item.high!r})"
        broken = f"+(MOD({cells},1)<>0)" if item.whole else ""
        wrong = f'({cells}<>"")*({outside}{broken})'
    missing = f"+COUNTBLANK({cells})" if line.keys[0].startswith("market.") else ""
    return f'=IFERROR(IF(SUMPRODUCT({wrong}){missing}>0,"outside of its bounds",""),"no number")'


def read(rows: Sequence[Sequence[Any]]) -> tuple[str, dict[str, Any]] | None:
    """Return the name and the plain values of a scenario from the cells of its sheet; None for any other sheet.

    Raises ValueError with the number of the row and its name, for what is no input.
    """
    names = [str(row[1] or "") if len(row) > 1 else "" for row in rows]
    if "name" not in names or "program" not in names:
        return None
    said = {name: tuple(row[FIRST:]) for name, row in zip(names, rows, strict=True) if name}
    programs = [str(name) for name in said["program"] if name in MODELS]
    values: dict[str, Any] = {name: {} for name in programs}
    for name in programs:
        if MODELS[name] is PartnerProgram:
            values[name]["payout"] = {}
    for number, (name, row) in enumerate(zip(names, rows, strict=True), 1):
        if name and name not in ("name", "program", "Name in formulas"):
            _take(values, programs, name, list(row[FIRST:]), number)
    return str(said["name"][0] if said["name"] and said["name"][0] is not None else ""), values


def _take(values: dict[str, Any], programs: Sequence[str], name: str, cells: list[Any], number: int) -> None:
    """Put the cells of one row where its name says."""
    first = cells[0] if cells else None
    if name == "shown":
        values["shown"] = _words(first)
    elif name in ("direct", "begins", *_SETTINGS):
        values[name] = first
    elif name in _TEXTS:
        for program, cell in zip(programs, cells, strict=False):
            if cell is not None:
                put(values[program], name.replace("_", ".", 1) if name == _TERMS else name, _told(name, cell, number))
    elif name.startswith(_RANGE):
        values.setdefault("ranges", {})[name.removeprefix(_RANGE)] = cells[:2]
    elif name.startswith(_SEGMENT):
        part = dict(zip(("name", "size", "motions"), [*cells[:2], _words(cells[2])], strict=True))
        values.setdefault("segments", []).append(part)
    elif name not in _keys():
        hint = closest(name[:60], tuple(_keys()))
        raise ValueError(f"row {number}, Name in formulas: {short(name)} is no input. Correct its name.{hint}")
    elif (key := _keys()[name]).startswith("market."):
        put(values, key, first)
    else:
        for program, cell in zip(programs, cells, strict=False):
            if cell is not None:
                put(values[program], key, cell)


def _told(name: str, cell: Any, number: int) -> Any:
    """What a cell of text says. Raises ValueError where terms can't be read."""
    if name != _TERMS:
        return str(cell)
    try:
        return json.loads(str(cell))
    except (ValueError, RecursionError):
        raise ValueError(f"row {number}, {_TERMS}: these terms can't be read. Download the file again.") from None


def _words(cell: Any) -> list[str]:
    return [word.strip() for word in str(cell or "").split(",") if word.strip()]
