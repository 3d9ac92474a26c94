"""Looks at the head of a file: how it is encoded and split, which kind it is, and which of its columns are which.

Reads at most 1 MB. What it can't tell is a question; only what is no table of text is an error.
"""

import codecs
import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from uuid import uuid4

from motions import limits
from motions.cohorts.contract import (
    A_MONTH,
    A_YEAR,
    ADDED_UP,
    BY_NAME,
    CURRENCIES,
    HEADERS,
    INSTEAD,
    INTERVALS,
    MOTIONS,
    NO_REVENUE,
    NOT_USED,
    ORIGIN,
    PERHAPS_CENTS,
    SMALLEST_UNIT,
    TABLES,
    TRAFFIC,
    Column,
    Table,
)
from motions.cohorts.reading.foreign import EXPORT, check_begins
from motions.cohorts.reading.forms import PERHAPS, SIGNS
from motions.cohorts.reading.mapping import (
    DELIMITERS,
    KINDS_OF_FILE,
    QUARTER,
    QUARTERS,
    YEAR,
    Mapping,
    Question,
    choose,
    presets,
)
from motions.cohorts.reading.quarters import SPREAD, as_months, is_quarter
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.spelling import motion_words, normal, normal_word, position, without_unit
from motions.cohorts.reading.triangles import interpret_triangle, is_other, is_wide, triangle_columns
from motions.cohorts.reading.unnamed import FirstRows, in_named_currency, rows_told
from motions.cohorts.reading.wide import Wide, as_long, said_of, wide
from motions.errors import FileError, closest
from motions.names import PARTNER_MOTIONS, offered
from motions.text import listed

HEAD = 1_000_000
LONGEST_HEADER = 64_000
MOST_COLUMNS = limits.COLUMNS.most
LINES_ABOVE = 10  # a title, a `sep=` line and blank lines that some exports put above the header
PREVIEWED = 8
LOOKED_AT = 1000
"""rows of a file whose words are looked at before it is read"""
OWN, CORRECTED = "your mapping", "your correction"
LEDGER_COLUMNS = ("cohort", "motion", "month", "closing", "retained_12")


@dataclass(frozen=True)
class Recognised:
    """A file that can be read: where it is, how it is split, and which of its columns are which.

    `path` is UTF-8; for a file in another encoding it is a copy. `found_by` says where the mapping came from.
    """

    name: str
    path: Path
    mapping: Mapping
    encoding: str
    delimiter: str
    header_line: int
    header: tuple[str, ...]
    columns: dict[str, int]
    """canonical column → position in the file, from 0"""
    preview: tuple[tuple[str, ...], ...]
    questions: tuple[Question, ...]
    found_by: str
    remarks: tuple[Remark, ...] = ()
    """what was found out about it that figures do not say"""
    sign: str = ""
    """what stands beside the amounts where it can mean several currencies, such as $"""
    few: tuple[int, ...] = ()
    """places of columns with few words among the first rows, of which nothing is read or which name what is paid for"""
    sheet: Wide | None = None
    """the sheet that it was written down from as a long file, where it is a wide one"""

    @property
    def original(self) -> Path:
        """Where the file is as it came, in UTF-8: what the lines of its rejected rows are counted in."""
        return self.sheet.path if self.sheet else self.path

    @property
    def plain(self) -> bool:
        """Whether nothing is known of the file that a strict reading would not understand."""
        own = self.mapping
        said = own.forms or own.leave_out or own.takes_back or own.prefix or own.ends
        there = {*self.columns, *self.mapping.constants}
        changed = any(
            (column.changes_rows or column.of_terms) and column.name in there for column in self.table_columns()
        )
        signs_alone = self.mapping.kind == "movements" and "movement" not in there
        return not said and not changed and not self.tells_traffic and not signs_alone

    @property
    def tells_traffic(self) -> bool:
        """Whether its column of motions may be one of web traffic: of accounts, and not called after motions."""
        at = self.columns.get("motion") if self.mapping.kind in ("accounts", "customers") else None
        return at is not None and not {*bare(self.header[at])[0].split("_")} & {"motion", "partner", "program"}

    def table_columns(self) -> tuple[Column, ...]:
        """Return the columns of its kind of rows, none for what has none."""
        return self.table.columns if self.table else ()

    @property
    def told(self) -> tuple[str, ...]:
        """The columns of its kind of rows that other columns of it tell."""
        by = {"subscriptions": {*INSTEAD["subscriptions"]["ended_on"]}, "partners": {"status"}}
        there = {*self.columns, *self.mapping.constants}
        return ("ended_on",) if by.get(self.mapping.kind, set()) & there else ()

    @property
    def waits(self) -> bool:
        """Whether it is not read before something is answered."""
        return any(question.waits for question in self.questions)

    @property
    def table(self) -> Table | None:
        """The kind of rows; none for what is added up already, not used or not known yet."""
        return BY_NAME.get(self.mapping.kind)

    def complete(self) -> Mapping:
        """Return the mapping with everything that was found out, so that it reads the next file the same way."""
        named = {name: self.header[at] for name, at in self.columns.items() if not name.startswith(("age ", "cohort "))}
        header = tuple(column for column in self.header if column)
        unknown = self.mapping.kind == NOT_USED
        name = self.mapping.name or ("" if unknown else f"{self.mapping.kind} like {self.name}"[:200])
        said = {"name": name, "header": header, "columns": {**self.mapping.columns, **named}}
        return self.mapping.model_copy(update=said)

    @property
    def kind_is_open(self) -> bool:
        """Whether nobody knows yet what the file is."""
        return any(question.part == "kind" for question in self.questions)

    def asked(self, questions: Sequence[Question]) -> "Recognised":
        """Return the file with more questions, what touches most first; none is asked twice."""
        found = {(one.part, one.key): one for one in (*self.questions, *questions)}
        return replace(self, questions=tuple(sorted(found.values(), key=lambda one: -one.weight)))

    def without(self, column: str) -> "Recognised":
        """Return the file with a column of it not used."""
        return replace(self, columns={name: at for name, at in self.columns.items() if name != column})

    def remarked(self, words: str, repair: str = "", touches: float = 0.0) -> "Recognised":
        """Return the file with one remark more."""
        return replace(self, remarks=(*self.remarks, Remark(words, repair, touches)))


def recognise(
    name: str, path: Path, folder: Path, mappings: Sequence[Mapping] = (), corrected: Mapping | None = None
) -> Recognised:
    """Say what a file is. `mappings` are the user's own, `corrected` is for this very file.

    `folder` takes the copy of a file that is not UTF-8. Raises FileError naming the file, the place and the repair when
    it is no table of text.
    """
    with path.open("rb") as file:
        head = file.read(HEAD)
    _check_content(name, head)
    encoding = _encoding(head)
    if corrected and corrected.encoding:
        encoding = corrected.encoding
    seen = _look(name, path, head, encoding, mappings, corrected)
    if seen.mapping.encoding and seen.mapping.encoding != encoding:
        seen = _look(name, path, head, seen.mapping.encoding, mappings, corrected)
    _check_nul(name, seen.path, seen.encoding, head)
    seen = seen if seen.encoding == "utf-8" else replace(seen, path=_as_utf8(name, path, folder, seen.encoding))
    seen = _spread(seen, folder, mappings, corrected) if _may_be_wide(seen, corrected) else seen
    return _of_months(seen, folder, mappings, corrected)


def _of_months(seen: Recognised, folder: Path, mappings: Sequence[Mapping], corrected: Mapping | None) -> Recognised:
    """Return a long file of quarters as the file of months that it is written down as; any other file as it is.

    What stands in a quarter is asked of revenue, as of a wide sheet; other amounts are a third in each month. An amount
    whose interval is known stands for its interval in each of them.
    """
    amount, said = SPREAD.get(seen.mapping.kind, ""), seen.mapping.constants
    if seen.sheet or not {"month", amount} <= {*seen.columns}:
        return seen
    places = (seen.columns["month"], seen.columns[amount])
    first = next((row[places[0]] for row in seen.preview if is_quarter(row[places[0]])), "")
    if not first:
        return seen
    known = bool({"interval", "interval_count"} & {*seen.columns, *said})
    held = QUARTERS[1] if known else said.get(QUARTER, QUARTERS[0])
    form = seen.mapping.forms.get(amount, "")
    path, sheet = as_months(seen.path, seen.header_line, seen.header, seen.delimiter, places, held, form, folder)
    with path.open("rb") as file:
        found = _look(seen.name, path, file.read(HEAD), "utf-8", mappings, corrected)
    found = replace(found, sheet=sheet, found_by=seen.found_by, remarks=seen.remarks)
    return found if known or QUARTER in said else _says_quarters(found, seen.header[places[0]], first)


def _says_quarters(file: Recognised, own: str, first: str) -> Recognised:
    """Ask, or say, what an amount of a quarter is taken for."""
    if file.mapping.kind == "revenue":
        return file.asked([_of_a_quarter(file.name, first)])
    words = f"Column {own} of {file.name} names quarters: a third of each amount is taken for each month."
    return file.remarked(words, "Export it by month.", 0.2)


def _may_be_wide(seen: Recognised, corrected: Mapping | None) -> bool:
    """Whether a file with months for columns is read as such a sheet: nobody says that it is something else."""
    if corrected or seen.found_by == OWN:
        return (corrected or seen.mapping).kind in ("revenue", NOT_USED)
    return seen.mapping.kind not in ADDED_UP


def _spread(seen: Recognised, folder: Path, mappings: Sequence[Mapping], corrected: Mapping | None) -> Recognised:
    """Return a wide sheet as the long file that it is written down as; any other file as it is."""
    sheet = wide(seen.header, seen.path, seen.header_line, seen.name)
    if sheet is None:
        return seen
    if sheet.no_money and not (sheet.amount and corrected and corrected.kind == "revenue"):
        asked = dict.fromkeys(_without_money(one, sheet) for one in seen.questions)
        return replace(seen, questions=tuple(asked))
    own = choose(sheet.header, mappings)
    mapping = corrected or own or Mapping(kind="revenue")
    year, quarter = mapping.constants.get(YEAR, ""), mapping.constants.get(QUARTER, "")
    unused = said_of(sheet, seen.header)
    path, sheet, remarks = as_long(
        sheet, seen.header, seen.delimiter, folder, int(year) if year else None, quarter or QUARTERS[0]
    )
    with path.open("rb") as file:
        head = file.read(HEAD)
    if mapping.kind == "revenue":
        # One that says no more than what the sheet is finds its other columns as any other does.
        afresh = {"header": ()} if corrected and not mapping.columns else {}
        mapping = mapping.model_copy(update={"columns": {"account_id": sheet.beside[0], **mapping.columns}, **afresh})
    found = _look(seen.name, path, head, "utf-8", mappings, mapping)
    found_by = CORRECTED if corrected else OWN if own else "its columns, one a month"
    found = replace(found, sheet=sheet, found_by=found_by, remarks=tuple(remarks))
    if mapping.kind == "revenue":
        what = {"arr": "ARR", "mrr": "MRR"}[sheet.amount[:3]] + (" in cents" if "cents" in sheet.amount else "")
        span = f"{sheet.times[0][1]} to {sheet.times[-1][1]}"
        taken = f"{seen.name} has a column a month, {span}: cells are taken for {what}."
        found = found.remarked(taken, "If they count something else, say what the file is.", 0.2)
    return (found.remarked(unused) if unused else found).asked(_of_times(seen.name, sheet, mapping))


def _without_money(question: Question, sheet: Wide) -> Question:
    """Say in the question what a sheet is, or which of its columns is the amount, why it is not taken for revenue."""
    if question.part not in ("kind", "columns"):
        return question
    kinds = tuple(kind for kind in KINDS_OF_FILE if kind != "ledger" and (sheet.amount or kind != "revenue"))
    asks = f"It has a column a month. {sheet.no_money} What is a row of it?"
    return Question(question.file, "kind", "kind", asks, kinds)


def _of_times(name: str, sheet: Wide, mapping: Mapping) -> list[Question]:
    """Ask of the columns of a wide sheet what their headers do not say."""
    if mapping.kind != "revenue":
        return []
    questions, first = [], sheet.times[0][1]
    if sheet.says_no_year and YEAR not in mapping.constants:
        asks = f"Its columns say no year. Of which year is the first, {first}? Write it as 2026."
        questions.append(Question(name, "constants", YEAR, asks))
    if sheet.of_quarters and QUARTER not in mapping.constants:
        questions.append(_of_a_quarter(name, first))
    return questions


def _of_a_quarter(name: str, first: str) -> Question:
    return Question(name, "constants", QUARTER, f"What stands under a quarter, such as {first}?", QUARTERS)


def _look(
    name: str, path: Path, head: bytes, encoding: str, mappings: Sequence[Mapping], corrected: Mapping | None
) -> Recognised:
    lines = _head_lines(name, head, encoding)
    number, delimiter, header, mapping, found_by = _header(name, lines, mappings)
    if corrected:
        mapping, found_by = corrected, CORRECTED
    elif found_by == OWN and (known := choose(header, presets())) and known.kind == mapping.kind:
        # What is known of an export counts where one's own mapping of it says nothing.
        mapping = mapping.model_copy(update={"forms": {**known.forms, **mapping.forms}})
    delimiter = mapping.delimiter or delimiter
    header = _unique(_cells(lines[number - 1], delimiter))
    if mapping.kind == "triangle":
        mapping, columns, questions = triangle_columns(name, header, mapping)
    else:
        columns, questions = _columns(name, header, mapping)
    mapping, columns, more = _units(name, header, mapping, columns)
    questions += more
    whole = _rows(lines[number:], delimiter, len(header))
    rows = list(whole if mapping.kind == "triangle" else islice(whole, LOOKED_AT))
    columns, questions = _ways(header, mapping, columns, rows, questions)
    mapping, columns, more = rows_told(name, header, mapping, columns, FirstRows(rows))
    questions = [*questions, *more]
    mapping, columns, named = in_named_currency(header, mapping, columns, rows)
    if mapping.kind == "triangle":
        mapping, columns, more = interpret_triangle(name, header, mapping, columns, rows)
        questions += more
    return Recognised(
        name=name,
        path=path,
        mapping=mapping,
        encoding=encoding,
        delimiter=delimiter,
        header_line=number,
        header=header,
        columns=columns,
        preview=tuple(rows[:PREVIEWED]),
        questions=tuple(questions),
        found_by=found_by,
        few=_few_words(header, mapping, columns, rows),
        remarks=(Remark(f"{named} in {name}.", "Remove the column that is wrong if they are not.", 0.3),)
        if named
        else (),
    )


FEW_WORDS = 30
"""Different words of a column, up to which it may say of rows what they are."""


def _few_words(
    header: Sequence[str], mapping: Mapping, columns: dict[str, int], rows: Sequence[Sequence[str]]
) -> tuple[int, ...]:
    """Places of columns with few words, of which nothing is read or which name what is paid for."""
    if mapping.kind not in BY_NAME:
        return ()
    used = {*columns.values()} - {columns.get("item")}
    free = (at for at, own in enumerate(header) if own and at not in used)
    return tuple(at for at in free if len({row[at].strip() for row in rows} - {""}) <= FEW_WORDS)


# Encoding and content


def _check_content(name: str, head: bytes) -> None:
    if not head.strip():
        raise FileError(name, "is empty", "Export it again and check that it has rows.")
    check_begins(name, head)


def _encoding(head: bytes) -> str:
    """What a file is encoded in, from its mark, its NUL bytes, or from whether it can be UTF-8."""
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    even, odd = head[:4000:2].count(0), head[1:4000:2].count(0)
    if abs(even - odd) > len(head[:4000]) // 5:
        return "utf-16-be" if even > odd else "utf-16-le"
    decoder = codecs.getincrementaldecoder("utf-8")()
    try:
        decoder.decode(head)
    except UnicodeDecodeError:
        # Bytes that make a letter in UTF-8 hardly ever do so by chance: then single bad lines are at fault.
        letters = head.decode("utf-8", "ignore")
        return "utf-8" if not letters.isascii() else "windows-1252"
    return "utf-8"


def _check_nul(name: str, path: Path, encoding: str, head: bytes) -> None:
    if encoding == "utf-8" and b"\x00" in head:
        line = head[: head.index(b"\x00")].count(b"\n") + 1
        raise FileError(name, "holds a NUL byte, so it is not plain text", EXPORT, f"line {line}")


def _as_utf8(name: str, path: Path, folder: Path, encoding: str) -> Path:
    """Write a copy in UTF-8. A byte that does not exist in the encoding stays as it is, and its row is rejected."""
    copy = folder / f"{uuid4().hex}.csv"
    errors = "replace" if encoding.startswith("utf-16") else "surrogateescape"
    with (
        path.open(encoding=encoding, errors=errors, newline="") as file,
        copy.open("w", encoding="utf-8", errors="surrogateescape", newline="") as out,
    ):
        try:
            while chunk := file.read(1 << 20):
                out.write(chunk)
        except UnicodeError:
            raise FileError(
                name, f"is not encoded as {encoding}", "Choose another encoding under Your files."
            ) from None
    return copy


def _head_lines(name: str, head: bytes, encoding: str) -> list[str]:
    try:
        text = head.decode(encoding, "replace").removeprefix("\ufeff")
    except UnicodeError:
        raise FileError(name, f"is not encoded as {encoding}", "Choose another encoding under Your files.") from None
    lines = re.split(r"\r\n|\n|\r", text)
    if len(lines[0]) > LONGEST_HEADER:
        raise FileError(name, f"has a first line of more than {LONGEST_HEADER:,} bytes", EXPORT, "line 1")
    # The last line of the head may be cut.
    return lines[:-1] if len(head) == HEAD else lines


# The header


def _header(name: str, lines: list[str], mappings: Sequence[Mapping]) -> tuple[int, str, tuple[str, ...], Mapping, str]:
    """Line, separator and names of the header, and the mapping: the first line that is one of a known kind."""
    told, first = "", 0
    for number, line in enumerate(lines[:LINES_ABOVE], 1):
        if sign := re.fullmatch(r"\W?sep=(.)\W?", line.strip(), re.IGNORECASE):
            told = sign.group(1).replace('"', "")  # a quote separates nothing: then the header itself tells
            continue
        if not line.strip() or len(line) > LONGEST_HEADER:
            continue
        delimiter = told or max(DELIMITERS, key=lambda sign: len(_cells(line, sign)))
        header = _unique(_cells(line, delimiter))
        first = first or (number if len([cell for cell in header if cell]) > 1 else 0)
        mapping, found_by = _mapping(header, mappings)
        if mapping:
            _check_header(name, header, number)
            return number, delimiter, header, mapping, found_by
    number = first or 1
    if not lines[number - 1].strip():
        raise FileError(name, "has no column names", "A line has to name the columns.", "line 1")
    delimiter = told or max(DELIMITERS, key=lambda sign: len(_cells(lines[number - 1], sign)))
    header = _unique(_cells(lines[number - 1], delimiter))
    _check_header(name, header, number)
    return number, delimiter, header, Mapping(kind=NOT_USED), ""


def _mapping(header: tuple[str, ...], mappings: Sequence[Mapping]) -> tuple[Mapping | None, str]:
    if chosen := choose(header, mappings):
        return chosen, OWN
    names = {normal(column) for column in header}
    if set(LEDGER_COLUMNS) <= names:
        return Mapping(kind="ledger"), "its columns"
    # Our own names are clearer than a known export that happens to have the same columns among others.
    table = _table(header)
    if table and _tell(table) <= names:
        return Mapping(kind=table.name), "its columns"
    if chosen := choose(header, presets()):
        return chosen, chosen.name
    if is_wide(header) or (table is None and is_other(header)):
        return Mapping(kind="triangle"), "its columns"
    return (Mapping(kind=table.name), "its columns") if table else (None, "")


def names_a_kind(header: tuple[str, ...], mappings: Sequence[Mapping]) -> bool:
    """Whether a line is a header of a kind of file that is known, as a mapping or by its columns."""
    return len(header) > 1 and _mapping(_unique(header), mappings)[0] is not None


def _cells(line: str, delimiter: str) -> list[str]:
    try:
        return [cell.strip() for cell in next(csv.reader([line], delimiter=delimiter), [])]
    except csv.Error:
        return []


def _unique(cells: Sequence[str]) -> tuple[str, ...]:
    """Tell columns with the same name apart by their place."""
    return tuple(
        f"{cell} (column {at})" if cell and cells.count(cell) > 1 else cell for at, cell in enumerate(cells, 1)
    )


def _base(column: str) -> str:
    return normal(re.sub(r" \(column \d+\)$", "", column))


_CODES = tuple(code.lower() for code in CURRENCIES)


def _last(column: str) -> str:
    """The name of a column without the thing that it is of: of subscription.status the status."""
    return bare(column.rpartition(".")[2])[0] if re.fullmatch(r"\w+(\.\w+)+", column) else bare(column)[0]


def bare(column: str) -> tuple[str, str]:
    """The name of a column without unit, currency or zone at its end, and what that was."""
    return without_unit(re.sub(r" \(column \d+\)$", "", column), (*_CODES, *SMALLEST_UNIT))


def _check_header(name: str, header: tuple[str, ...], line: int) -> None:
    if len(header) > MOST_COLUMNS:
        repair = f"Keep those that are needed, {MOST_COLUMNS} at most."
        raise FileError(name, f"has {len(header):,} columns", repair, f"line {line}")


def _rows(lines: Sequence[str], delimiter: str, width: int) -> Iterator[tuple[str, ...]]:
    """Records of the head that have the shape of the header, for looking at; none of them is counted here."""
    reader = csv.reader((line + "\n" for line in lines if "\x00" not in line), delimiter=delimiter)
    try:
        for row in reader:
            if len(row) == width and any(cell.strip() for cell in row):
                yield tuple(row)
    except csv.Error:
        return


# Kind and columns


def _matches(header: tuple[str, ...], table: Table) -> dict[str, list[int]]:
    """Positions of the header for each canonical column: the canonical name before other ones, these by rank."""
    found: dict[str, list[int]] = {}
    names = [(_base(column), bare(column)[0], _last(column)) for column in header]
    ours = {column.name for column in table.columns}
    taken = {at for at, known in enumerate(names) if known[0] in ours}
    for column in table.columns:
        own = [at for at, known in enumerate(names) if known[0] == column.name]
        ranks = ((column.name,), *column.ranks())
        others = ([at for at, known in enumerate(names) if at not in taken and {*known} & {*rank}] for rank in ranks)
        positions = own or next((found for found in others if found), [])
        if positions:
            found[column.name] = positions
            taken |= set(positions)
    units = [at for at, known in enumerate(names) if {*known} & {*HEADERS["interval_unit"]}]
    if "interval" in found and units and found["interval"] != units:  # a number, beside what it is a number of
        found |= {"interval": units, "interval_count": found.get("interval_count", found["interval"])}
    return found


def _tell(table: Table) -> set[str]:
    """The columns that tell the kind, without those that others may stand for."""
    return {*table.telling()} - {*INSTEAD.get(table.name, {})}


def _fits(table: Table, found: dict[str, list[int]]) -> bool:
    """Whether the columns that tell a kind are there, or those that stand for them."""
    instead = INSTEAD.get(table.name, {})
    return all(column in found or any(one in found for one in instead.get(column, ())) for column in table.telling())


def _table(header: tuple[str, ...]) -> Table | None:
    """The kind whose telling columns are all there; of several, the one that knows most columns by name."""
    fitting = _tables(header)
    # A customer list of a partner platform has no column that accounts do not have: it is one by preset or by choice.
    alone = len(fitting) == 1 or [table.name for table in fitting] == ["accounts", "customers"]
    return fitting[0] if alone else None


def _tables(header: tuple[str, ...]) -> list[Table]:
    """The kinds whose telling columns are all there, and which know most columns by name."""
    known = [_base(column) for column in header]
    best: list[tuple[tuple[int, int], Table]] = []
    for table in TABLES:
        found = _matches(header, table)
        if _fits(table, found):
            # What changes rows stands in files of every kind, so that it tells nothing; who referred an account, and
            # at which discount, stands in files of accounts too.
            telling = [
                column
                for column in table.columns
                if column.name in found and not column.changes_rows and not column.of_terms
            ]
            named = sum(column.name in known and column.name != "amount" for column in telling)  # that says little
            best.append(((len(telling), named), table))
    if not best:
        return []
    if any(table.name == "revenue" for _, table in best):  # invoices have no MRR of their own
        best = [(score, table) for score, table in best if table.name != "invoices"]
    top = max(score for score, _ in best)
    return [table for score, table in best if score == top]


def _ways(
    header: tuple[str, ...],
    mapping: Mapping,
    columns: dict[str, int],
    rows: Sequence[tuple[str, ...]],
    questions: list[Question],
) -> tuple[dict[str, int], list[Question]]:
    """Take a column for that of motions whose words are all motions, whatever it is called; then it is not asked."""
    there = {*columns, *mapping.constants, *mapping.columns, *mapping.ask}
    if mapping.kind not in ("accounts", "customers", "partners") or "motion" in there:
        return columns, questions
    known = motion_words()
    for at, name in enumerate(header):
        said = {normal_word(row[at]) for row in rows if row[at].strip()} if at not in columns.values() else set()
        ours = {known.get(word, "") for word in said}
        if mapping.kind == "accounts" and not {*bare(name)[0].split("_")} & {*ORIGIN}:
            continue  # what an account is says not how it came
        theirs = {known[word] for word in said - {*TRAFFIC} if word in known} & {*PARTNER_MOTIONS}
        if theirs and "" not in ours:
            left = [question for question in questions if question.key != "motion"]
            return columns | {"motion": at}, left
    return columns, questions


def _units(
    name: str, header: tuple[str, ...], mapping: Mapping, columns: dict[str, int]
) -> tuple[Mapping, dict[str, int], list[Question]]:
    """Take what the header says of its amounts: the smallest unit, a currency, a month or a year; or ask it."""
    table = BY_NAME.get(mapping.kind)
    amounts = [column.name for column in table.columns if "money" in column.type] if table else []
    forms, constants, questions = dict(mapping.forms), dict(mapping.constants), list[Question]()
    for amount in (one for one in amounts if one in columns):
        own = header[columns[amount]]
        base, unit = _last(own), bare(own)[1]
        words = {*base.split("_")}
        if amount not in forms and (unit in SMALLEST_UNIT or words & {*SMALLEST_UNIT}):
            forms[amount] = "cents"
        elif amount not in forms and base in PERHAPS_CENTS:
            forms[amount] = PERHAPS
        code = unit.upper() if unit in _CODES else next((SIGNS[sign] for sign in SIGNS if sign in own), "")
        if (
            code
            and "currency" not in {*columns, *constants}
            and table
            and "currency" in {c.name for c in table.columns}
        ):
            constants["currency"] = code
        if table is None or "interval" not in {column.name for column in table.columns}:
            continue
        if base not in HEADERS["price"]:  # it is what is paid, whatever the number of seats
            columns = {key: at for key, at in columns.items() if key != "quantity"}
        if words & {*A_MONTH}:  # it is MRR whatever the billing
            columns = {key: at for key, at in columns.items() if key not in ("interval", "interval_count")}
        elif words & {*A_YEAR} and "interval" not in constants:
            columns = {key: at for key, at in columns.items() if key not in ("interval", "interval_count")}
            constants["interval"] = "12"
        elif base in HEADERS["price"] and not {"interval"} & {*columns, *constants}:
            asks = f"For how many months is the amount in column {own}? 1 is a month, 3 a quarter, 12 a year."
            questions.append(Question(name, "constants", "interval", asks, INTERVALS))
    if forms == mapping.forms and constants == mapping.constants:
        return mapping, columns, questions
    return mapping.model_copy(update={"forms": forms, "constants": constants}), columns, questions


def _columns(name: str, header: tuple[str, ...], mapping: Mapping) -> tuple[dict[str, int], list[Question]]:
    """Position of each canonical column, and what has to be asked."""
    table = BY_NAME.get(mapping.kind)
    if mapping.kind in MRR_KINDS and _holds_commissions(header):
        kinds = tuple(kind for kind in KINDS_OF_FILE if kind not in (*MRR_KINDS, "ledger"))
        return {}, [Question(name, "kind", "kind", f"It holds commissions. {NO_REVENUE}. What is it?", kinds)]
    if table is None:
        return {}, [] if mapping.kind != NOT_USED or mapping.header else [_which_kind(name, header)]
    columns, questions = {}, []
    said = table.name == "invoices" and bool(mapping.header)  # they are told from others by a number that they can lack
    # A mapping that names columns is complete, but for those that say which rows count.
    matches = _not_said(_matches(header, table), header, table, mapping)
    for column in table.columns:
        own = mapping.columns.get(column.name)
        instead = {*matches} & {*INSTEAD.get(table.name, {}).get(column.name, ())} - {
            "requested_on"
        }  # ends nothing alone
        if column.name in mapping.constants:
            continue
        if own and (at := position(header, own)) is not None:
            columns[column.name] = at
        elif column.name in mapping.ask and own != "":
            questions.append(_asked(name, header, column, mapping.ask[column.name]))
        elif column.name in matches and own is None:
            positions = matches[column.name]
            if len(positions) == 1:
                columns[column.name] = positions[0]
            else:
                asks = f"Several columns could be {column.name}. Which is it? {column.meaning}"
                questions.append(Question(name, "columns", column.name, asks, tuple(header[at] for at in positions)))
        elif column.need == "once":
            # A customer of a partner has the partner's motion.
            theirs = table.name == "customers" and column.name == "motion" and "partner_id" in columns
            questions += [] if theirs else [_once(name, column)]
        elif column.need == "every row" or (column.need == "header" and matches and not (own == "" or instead or said)):
            asks = f"Which column is {column.name}? {column.meaning}"
            questions.append(Question(name, "columns", column.name, asks, tuple(cell for cell in header if cell)))
    return columns, questions


def _asked(name: str, header: tuple[str, ...], column: Column, among: Sequence[str]) -> Question:
    """The question of which column it is, of those that an export may have, else of all; or of one value for all."""
    choices = tuple(known for known in among if position(header, known) is not None)
    if not choices and column.type not in ("text", "money"):
        return _once(name, column)
    asks = f"Which column is {column.name}? {column.meaning}"
    return Question(name, "columns", column.name, asks, choices or tuple(cell for cell in header if cell))


def _not_said(
    matches: dict[str, list[int]], header: tuple[str, ...], table: Table, mapping: Mapping
) -> dict[str, list[int]]:
    """Columns found by name that a mapping says nothing of: one that names columns is complete, but for a few.

    A currency is among them: a file that names several is never added up because nobody spoke of it. So are the terms
    of single partners, which a platform exports where it is asked to.
    """
    if not (mapping.header and mapping.columns):
        return matches
    used = {position(header, own) for own in (*mapping.columns.values(), *mapping.leave_out) if own}
    changing = [
        column.name for column in table.columns if column.changes_rows or column.of_terms or column.name == "currency"
    ]
    return {key: at for key, at in matches.items() if key in changing and not used & {*at}}


MRR_KINDS = ("revenue", "subscriptions", "movements", "invoices")
"""Kinds of file that say what accounts pay."""


def _holds_commissions(header: tuple[str, ...]) -> bool:
    """Whether a header is of a known export of commissions, or has both commissions and who they go to."""
    names = {_base(column) for column in header}
    earned = names & {"commission", "commission_id", "commission_amount", "total_commission", "earnings"}
    someone = any(name.startswith(("affiliate", "partner", "referral", "referrer")) for name in names)
    known = choose(header, presets())
    return bool(earned and someone) or (known is not None and known.kind in ("commissions", "payouts"))


def _once(name: str, column: Column) -> Question:
    if column.type == "motion":
        asks = f"No column names the motion. Which is it for all rows? {column.meaning}"
        return Question(name, "constants", column.name, asks, offered(MOTIONS))
    form = "year-month, as in 2026-09" if "month" in column.type else "year-month-day, as in 2026-09-30"
    asks = f"No column is {column.name}: {column.meaning} Which is it for all rows? Write it as {form}."
    return Question(name, "constants", column.name, asks)


def _which_kind(name: str, header: tuple[str, ...]) -> Question:
    shown = ", ".join(column[:30] for column in header[:12] if column)
    if fitting := _tables(header):
        names = [table.name for table in fitting if table.name != "customers" or len(fitting) == 1]
        asks = f"It has the columns of {listed(names, 'or')}: {shown}. What is a row of it?"
        return Question(name, "kind", "kind", asks, (*names, *(kind for kind in KINDS_OF_FILE if kind not in names)))
    nearest = max(TABLES[:4], key=lambda table: len(_matches(header, table)))
    missing = [column for column in nearest.telling() if column not in _matches(header, nearest)]
    # What is known as another column is no slip of the pen.
    known = {name for table in TABLES for column in table.columns for name in (column.name, *column.synonyms)}
    slips = tuple(cell for cell in (normal(cell) for cell in header) if cell not in known)
    hints = {column: closest(column, slips) for column in missing}
    renamed = "".join(f" For '{column}':{hint}" for column, hint in hints.items() if hint)
    asks = (
        f"Its columns are those of no kind of file that is known here. It comes nearest to {nearest.name}, but has no "
        f"column {' and no '.join(missing)}; it has {shown}.{renamed} What is a row of it?"
    )
    return Question(name, "kind", "kind", asks, tuple(kind for kind in KINDS_OF_FILE if kind != "ledger"))
