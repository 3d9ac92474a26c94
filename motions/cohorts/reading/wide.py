"""Wide sheets: a row an account, a column a month or a quarter. They are written down as long ones, and read as such.

Every row of the sheet becomes as many lines as it has months, so that a line of the long file tells its row and column.
"""

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from uuid import uuid4

from motions import work
from motions.cohorts.contract import (
    A_MONTH,
    A_YEAR,
    BLANK,
    BY_NAME,
    COUNTED,
    CURRENCIES,
    HEADERS,
    MONTH_WORDS,
    SMALLEST_UNIT,
    THOUSANDS,
    THOUSANDS_BESIDE,
    TOTAL,
    WITH_COUNTS,
)
from motions.cohorts.reading.forms import NAMED_QUARTERS, currency_signs
from motions.cohorts.reading.mapping import HELD_AT_THE_END
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.spelling import normal, normal_word
from motions.text import count, listed

FEWEST = 3
"""columns of months that make a sheet a wide one"""
_OFTEN = 1000
"""rows between two looks at whether they are still wanted"""
NOTHING = {*BLANK, "-", "–", "—"}
"""what stands in a cell of a sheet where nothing was paid"""
_YEAR = r"(?P<year>(?:19|20)?\d\d)"
_FORMS = (
    r"(?P<year>(?:19|20)\d\d)[-/. ]?(?P<month>0[1-9]|1[0-2])(?:[-/.]\d\d?(?:[ T].*)?)?",
    r"(?P<month>0?[1-9]|1[0-2])[-/. ](?P<year>(?:19|20)\d\d)",
    rf"(?:\d\d?[-/. ])?(?P<name>[^\W\d_]{{3,10}})\.?[-/. ,']*{_YEAR}",
    r"(?P<year>(?:19|20)\d\d)[-/. ]*(?P<name>[^\W\d_]{3,10})\.?",
    *NAMED_QUARTERS,
    r"(?P<name>[^\W\d_]{3,10})\.?",
    r"[QT](?P<quarter>[1-4])",
    r"(?:month|monat|mes|mois|mese|m)?[ _]?(?P<month>0?[1-9]|1[0-2])",
)
"""How the header of a column names a month or a quarter; the last three say no year."""


@dataclass(frozen=True)
class Time:
    """What the header of a column names: a month, or a quarter by its first; no year where none is said."""

    year: int | None
    month: int
    """1 to 12"""
    months: int = 1
    """3 for a quarter"""


@dataclass(frozen=True)
class Wide:
    """A wide sheet: where it is, which of its columns are what, and the times that its other columns are of."""

    path: Path
    header_line: int
    account: int
    kept: tuple[int, ...]
    """columns that stay beside the account: its currency, what it pays for"""
    times: tuple[tuple[int, str, Time], ...]
    """position, header and time, in the order of time"""

    amount: str = "mrr"
    """what its cells are, as the header of a column would say it: a year's amount, or cents, where its title does;
    nothing where that says thousands"""
    no_money: str = ""
    """why its cells are not taken for money: what its name or its title says of them"""
    beside: tuple[str, ...] = ()
    """the names of the account's column and of those that stay beside it"""
    long: bool = False
    """whether it is no sheet, but a long file of quarters: its columns stay, its rows become those of months"""

    @property
    def header(self) -> tuple[str, ...]:
        """The columns of the long file that it is written down as."""
        return (*self.beside, "month", self.amount)

    @property
    def says_no_year(self) -> bool:
        """Whether the year has to be asked."""
        return self.times[0][2].year is None

    @property
    def of_quarters(self) -> bool:
        """Whether its columns are quarters."""
        return self.times[0][2].months == 3

    @property
    def lines(self) -> int:
        """How many lines of the long file a row of the sheet becomes."""
        return sum(time.months for _, _, time in self.times)

    def place(self, line: int) -> tuple[int, str]:
        """Return the line of the sheet and the column that a line of the long file comes from.

        >>> times = tuple((at, name, Time(2026, at)) for at, name in ((1, "Jan"), (2, "Feb"), (3, "Mar")))
        >>> [Wide(Path("x"), 1, 0, (), times).place(line) for line in (2, 4, 5)]
        [(2, 'Jan'), (2, 'Mar'), (3, 'Jan')]
        """
        row, at = divmod(line - 2, self.lines)
        names = [name for _, name, time in self.times for _ in range(time.months)]
        return self.header_line + 1 + row, names[at]


def time_of(header: str) -> Time | None:
    """Return the month or quarter that a column is called after, none where it is none.

    >>> time_of("Jan-25"), time_of("Q3 2025"), time_of("Februar"), time_of("Customer")
    (Time(year=2025, month=1, months=1), Time(year=2025, month=7, months=3), Time(year=None, month=2, months=1), None)
    """
    for form in _FORMS:
        if not (found := re.fullmatch(form, header.strip(), re.IGNORECASE)):
            continue
        said = found.groupdict()
        year = int(said["year"]) if said.get("year") else None
        year = year + 2000 if year is not None and year < 100 else year
        if said.get("quarter"):
            return Time(year, int(said["quarter"]) * 3 - 2, 3)
        month = int(said["month"]) if said.get("month") else MONTH_WORDS.get(normal_word(said.get("name") or ""))
        if month:
            return Time(year, month)
    return None


_CURRENCY = rf"(?:[€$£¥]|(?:{'|'.join(CURRENCIES)})\b)"
_MANY = rf"(?:{'|'.join(THOUSANDS_BESIDE)})"
_ALONE = rf"(?<![\w-])(?:{'|'.join(THOUSANDS)})(?![\w-])"
_THOUSANDS = re.compile(
    "|".join(
        (
            _ALONE,
            rf"(?<!\w)[kt]{_CURRENCY}",
            rf"(?<!\w){_CURRENCY} ?{_MANY}(?![\w-])",
            rf"(?<![\w-])(?<!\b\w ){_MANY}\.? {_CURRENCY}",
            rf"(?<!\w)(?:in|en|em)[ -](?:{_CURRENCY} ?)?{_MANY}(?![\w-])",
            rf"[(\[] ?(?:{_CURRENCY} ?)?{_MANY}\.? ?{_CURRENCY}? ?[)\]]",
            rf"(?<!\w)(?:['’]0{{3}}|{_CURRENCY} ?0{{3}}|0{{3}}s)(?!\w)",
        )
    ),
    re.IGNORECASE,
)
"""How a title says thousands: never by a letter or a word that may be one of a name, as A-K and T-Shirts are."""


def thousands_of(title: str) -> str:
    """Return the words of a title that say that amounts are of a thousand or a million each; empty without any.

    >>> [thousands_of(one) for one in ("ARR in kEUR.csv", "MRR (k)", "mrr_in_tsd.csv", "MRR EUR k", "MRR A-K EUR.csv")]
    ['kEUR', '(k)', 'in tsd', 'EUR k', '']
    >>> [thousands_of(one) for one in ("MRR T-Shirts.csv", "MRR Miles GmbH.csv", "MRR K.csv", "MRR Million Club")]
    ['', '', '', '']
    """
    found = _THOUSANDS.search(re.sub(r"\s*[-–—]\s*", "-", title.replace("_", " ")))
    return found[0].strip() if found else ""


_MONEY = {word for group in ("mrr", "yearly", "billed") for name in HEADERS[group] for word in name.split("_")}
_COUNTS = {*HEADERS["quantity"], *COUNTED}


def amount_of(title: str) -> str:
    """Return what cells are by the name and the title of a sheet of money.

    >>> amount_of("ARR by customer 2025"), amount_of("revenue"), amount_of("mrr in cents")
    ('arr', 'mrr', 'mrr_cents')
    """
    said = {*normal(title).split("_")}
    a_year = said & {*A_YEAR} - {"year", "jahr"} and not said & {*A_MONTH}  # "by year" says nothing of the cells
    return f"{'arr' if a_year else 'mrr'}{'_cents' if said & {*SMALLEST_UNIT} else ''}"


def no_money(title: str) -> str:
    """Say why cells are not taken for money by the name and the title of a sheet; empty where they are.

    >>> no_money("Logins monthly"), no_money("MRR by seats"), no_money("customers")
    ("Its name or title says 'logins', so that its cells are counted and are no money.", '', '')
    >>> no_money("ARR in kEUR")[:69]
    "Its name or title says 'kEUR', so that its amounts are in thousands o"
    """
    if many := thousands_of(title):
        what = "its amounts are in thousands or millions: upload it in whole money, under a name without that"
        return f"Its name or title says '{many}', so that {what}."
    said = normal(title).split("_")
    counts = [word for word in said if word in _COUNTS]
    if not counts or {*said} & _MONEY - {*WITH_COUNTS}:
        return ""
    return f"Its name or title says '{counts[0]}', so that its cells are counted and are no money."


def wide(header: Sequence[str], path: Path, header_line: int, name: str = "") -> Wide | None:
    """Return what a file is as a wide sheet of accounts, and whether it is one of money; none for any other file."""
    times = [(at, name, time) for at, name in enumerate(header) if (time := time_of(name))]
    others = [at for at in range(len(header)) if at not in {one[0] for one in times}]
    account = _account(header, others)
    if account is None or not _follow([time for _, _, time in times], [name for _, name, _ in times]):
        return None
    revenue = BY_NAME["revenue"]
    stays = {name for column in ("currency", "item") for name in (column, *revenue.column(column).synonyms)}
    kept = tuple(at for at in others if at != account and normal(header[at]) in stays)
    if times[0][2].year is not None:
        times.sort(key=lambda one: (one[2].year, one[2].month))
    beside = (header[account] or "account_id", *(header[at] for at in kept))
    title = f"{name} {_title(path, header_line)}"
    amount = "" if thousands_of(title) else amount_of(title)
    return Wide(path, header_line, account, kept, tuple(times), amount, no_money(f"{title} {header[account]}"), beside)


def _title(path: Path, header_line: int) -> str:
    """What stands above the header."""
    with path.open(encoding="utf-8", errors="replace") as file:
        return " ".join(file.readline()[:1000] for _ in range(header_line - 1))


def _account(header: Sequence[str], others: Sequence[int]) -> int | None:
    """The column of accounts: known by its name, or the only one beside the months, unless it is one of partners."""
    named = {at: normal(header[at]) for at in others}
    cohorts = ("cohort", "cohort_month", "signup_cohort")
    if {*named.values()} & {*HEADERS["partner"], *HEADERS["partner_name"], "partner_id", *cohorts}:
        return None
    for known in (("account_id",), HEADERS["account"], HEADERS["own_id"]):
        if found := [at for at in others if named[at] in known]:
            return found[0]
    return others[0] if len(others) == 1 else None


def _follow(times: Sequence[Time], names: Sequence[str]) -> bool:
    """Whether columns are times of one kind, each another one; without a year they have to follow one another."""
    if len(times) < FEWEST or len({(time.months, time.year is None) for time in times}) > 1:
        return False
    if times[0].year is not None:
        return len({(time.year, time.month) for time in times}) == len(times)
    steps = {(later.month - time.month) % 12 for time, later in pairwise(times)}
    numbered = all(re.fullmatch(r"\d+", name.strip()) for name in names)  # ages have such names too, and go on
    return steps == {times[0].months} and len(times) <= 12 // times[0].months and (len(times) == 12 or not numbered)


def as_long(
    sheet: Wide, header: Sequence[str], delimiter: str, folder: Path, year: int | None, quarter: str
) -> tuple[Path, Wide, list[Remark]]:
    """Write a sheet as a long file into `folder`: account, what is kept, month, mrr. Returns it, the sheet, remarks.

    `year` is of the first month where the header says none, `quarter` what a cell of one holds. Cells without anything
    are no revenue; columns at the end without any are times that have not come. A row that adds the others up is left
    out, and one that has not the shape of the header becomes one line of another shape, which the reading rejects.
    """
    sheet, remarks = _until_the_last(sheet, len(header), delimiter)
    total, words = _total(sheet, len(header), delimiter)
    remarks += words
    path = folder / f"{uuid4().hex}.csv"
    cents = "cents" in sheet.amount
    months = [month for _, _, time in _dated(sheet, year) for month in months_of(time)]
    with path.open("w", encoding="utf-8", newline="", errors="surrogateescape") as out:
        writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
        writer.writerow(sheet.header)
        for at, row in enumerate(rows_below(sheet, delimiter)):
            if len(row) != len(header) or at == total:
                writer.writerow(["", *row, ""] if row and at != total else [])
                out.write("\n" * (sheet.lines - 1))
                continue
            front = [row[sheet.account], *(row[place] for place in sheet.kept)]
            cells = [cell for place, _, time in sheet.times for cell in in_each_month(row[place], time, quarter, cents)]
            writer.writerows([*front, month, cell] for month, cell in zip(months, cells, strict=True))
    return path, sheet, remarks


def rows_below(sheet: Wide, delimiter: str) -> Iterator[list[str]]:
    """Return the rows below the header; one that a reader of CSV can't take apart is empty."""
    with sheet.path.open(encoding="utf-8", errors="surrogateescape", newline="") as file:
        for _ in range(sheet.header_line):
            file.readline()
        rows = csv.reader((line.replace("\x00", "") for line in file), delimiter=delimiter)
        for at, row in enumerate(rows):
            if not at % _OFTEN:
                work.go_on()
            yield row


def _is_nothing(cell: str) -> bool:
    return cell.strip().casefold() in NOTHING


def _is_zero(cell: str) -> bool:
    return _is_nothing(cell) or not re.search("[1-9]", cell)


def _until_the_last(sheet: Wide, width: int, delimiter: str) -> tuple[Wide, list[Remark]]:
    """The sheet without the columns at its end, and those at its beginning that are blank, in which nothing stands."""
    paid, there = set[int](), set[int]()
    for row in rows_below(sheet, delimiter):
        if len(row) == width and not ({*range(len(sheet.times))} <= paid):
            paid |= {at for at, (place, _, _) in enumerate(sheet.times) if not _is_zero(row[place])}
            there |= {at for at, (place, _, _) in enumerate(sheet.times) if not _is_nothing(row[place])}
    last, first = max(paid, default=len(sheet.times) - 1), min(there, default=0)
    gone = [name for at, (_, name, _) in enumerate(sheet.times) if at > last and at in there]
    found = replace(sheet, times=sheet.times[first : last + 1])
    if not gone:
        return found, []
    words = f"Nobody pays in {gone[0]}{f' to {gone[-1]}' if len(gone) > 1 else ''}: taken as months that have not come."
    return found, [Remark(words, "Remove these columns if they have not.", 0.2)]


def _total(sheet: Wide, width: int, delimiter: str) -> tuple[int | None, list[Remark]]:
    """Which row adds the others up: one that is called so, where its cells are nearly the sums of the columns."""
    sums = [0.0] * len(sheet.times)
    called: list[tuple[int, list[float], str]] = []
    for at, row in enumerate(rows_below(sheet, delimiter)):
        if len(row) != width:
            continue
        cells = [_number(row[place]) for place, _, _ in sheet.times]
        sums = [one + other for one, other in zip(sums, cells, strict=True)]
        if normal_word(row[sheet.account]) in TOTAL:
            called.append((at, cells, row[sheet.account].strip()))
    for at, cells, word in called:
        rest = [whole - own for whole, own in zip(sums, cells, strict=True)]
        equal = sum(abs(own - other) <= 0.01 * max(abs(own), 1.0) for own, other in zip(cells, rest, strict=True))
        if equal * 2 > len(cells):
            line = sheet.header_line + 1 + at
            return at, [Remark(f"Line {line} ({word}) adds the others up and is left out.", "", 0.2)]
    return None, []


def _number(cell: str) -> float:
    """About what a cell says, whichever sign separates its decimals: enough to compare sums."""
    found = re.search(r"-?\d[\d.,' ]*", cell)
    digits = re.sub("[' ]", "", found[0]) if found else "0"
    whole = re.sub(r"[.,](\d{1,2})$", r"_\1", digits.rstrip(".,"))
    return float(re.sub("[.,]", "", whole).replace("_", "."))


def _dated(sheet: Wide, year: int | None) -> tuple[tuple[int, str, Time], ...]:
    """The times with their years, counted on from that of the first."""
    if not sheet.says_no_year or year is None:
        return sheet.times
    first = sheet.times[0][2].month
    return tuple(
        (at, name, Time(year + (time.month < first), time.month, time.months)) for at, name, time in sheet.times
    )


def months_of(time: Time) -> list[str]:
    """Return the months of a time; a year that nobody has said yet is written so that no month is read."""
    year = f"{time.year:04}" if time.year is not None else "????"
    return [f"{year}-{month:02}" for month in range(time.month, time.month + time.months)]


def in_each_month(cell: str, time: Time, quarter: str, whole: bool = False) -> list[str]:
    """Return what stands for a time in each of its months: of a quarter's revenue a third, the last with what is left.

    `whole`: parts have no decimals where the cell has none, as cents have not.

    >>> in_each_month("$100", Time(2025, 7, 3), "revenue of the quarter, a third in each month")
    ['$33.33', '$33.33', '$33.34']
    """
    text = "0" if _is_nothing(cell) else cell
    if time.months == 1 or quarter == HELD_AT_THE_END:
        return [text] * time.months
    if re.search("[A-Za-z]{4}", text) or not re.search(r"\d", text):
        return [text] * time.months  # no amount: the reading says so
    unit = 1 if whole and _number(text) % 1 == 0 else 100
    parts = _thirds(round(_number(text) * unit) * (-1 if "(" in text else 1), time.months)
    sign = next(iter(sorted(currency_signs({f"9 {text}": 1}))), "")
    return [f"{'-' if part < 0 else ''}{sign}{abs(part) / unit:.{0 if unit == 1 else 2}f}" for part in parts]


def _thirds(whole: int, months: int) -> list[int]:
    """A whole number in equal parts, the last with what is left."""
    part = whole // months
    return [part] * (months - 1) + [whole - part * (months - 1)]


def said_of(sheet: Wide, header: Sequence[str]) -> str:
    """Say which other columns of a sheet nothing is read from; nothing where there are none."""
    used = {sheet.account, *sheet.kept, *(at for at, _, _ in sheet.times)}
    names = [name[:40] for at, name in enumerate(header) if name and at not in used]
    return f"{count(len(names), 'column')} of the sheet not read: {listed(names)}." if names else ""
