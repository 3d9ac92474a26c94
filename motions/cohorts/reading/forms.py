"""How amounts and days are written in a file: told from the column as a whole, and read by SQL.

A column is looked at through its shapes: each cell with every digit as 9, and how often. What the shapes leave open
(is 03/04/2025 in March or in April, is 1.234 a thousand) is never guessed.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from motions.cohorts.contract import BLANK, MONTH_WORDS

PERHAPS = "cents?"
"""The form of an amount that some files of an export write as cents."""
AMOUNTS = {
    "1234.50": "digits and a decimal point",
    "1,234.50": "decimal point, perhaps thousands separated and a currency sign",
    "1.234,50": "decimal comma, perhaps thousands separated and a currency sign",
    "cents": "whole numbers of the smallest unit, such as cents",
    PERHAPS: "cents or whole money: told by the column where it has decimals, asked where it has none",
}
PERCENTS, PARTS_OF_ONE = "percents", "parts of one"
RATES = {PERCENTS: "20 or 20 % for a fifth", PARTS_OF_ONE: "0.2 or 20 % for a fifth"}
DATES = {
    "year-month-day": "2026-09-30, or 2026-09 for a month",
    "day/month/year": "30/09/2026",
    "month/day/year": "09/30/2026",
    "year/month/day": "2026/09/30",
    "yy/mm/dd": "26/09/30",
    "month/year": "09/2026",
    "month name": "Sep 2026, 30 Sep 2026, Sep 30, 2026",
    "quarter": "Q3 2026, or 2026-Q3: its first day",
    "digits": "20260930, or 202609 for a month",
    "epoch seconds": "1790726400",
    "epoch milliseconds": "1790726400000",
    "spreadsheet number": "46295, the days since 1899-12-30",
    "year-month-day, in UTC": "2026-08-31T22:00:00Z for September, which begins then in another zone",
    "epoch seconds, in UTC": "1788213600 for September, which begins then in another zone",
    "epoch milliseconds, in UTC": "1788213600000 for September, which begins then in another zone",
    "year-month-day, ends in UTC": "2026-10-01T03:59:59Z for September, which ends then in another zone",
    "epoch seconds, ends in UTC": "1790827199 for September, which ends then in another zone",
    "epoch milliseconds, ends in UTC": "1790827199000 for September, which ends then in another zone",
}
QUARTER_FORM = "quarter"
NAMED_QUARTERS = (
    r"[QT](?P<quarter>[1-4])[-/. ']*(?P<year>(?:19|20)?\d\d)",
    r"(?P<quarter>[1-4])[QT][-/. ']*(?P<year>(?:19|20)?\d\d)",
    r"(?P<year>(?:19|20)\d\d)[-/. ]*[QT](?P<quarter>[1-4])",
)
"""How a quarter of a year is named, in headers and in cells; the T is of the Romance languages."""
IN_UTC = ", in UTC"
"""What is added to the form of a month whose start is written as an instant: which month it is, other zones tell."""
ENDS_IN_UTC = ", ends in UTC"
"""The same of a month whose last second is written."""
PLAIN_AMOUNT, PLAIN_DATE = "1234.50", "year-month-day"
ZERO_DECIMALS = ("JPY", "KRW", "VND", "CLP", "ISK", "UGX", "XAF", "XOF", "XPF", "PYG", "RWF")
THREE_DECIMALS = ("KWD", "BHD", "JOD", "OMR", "TND", "IQD", "LYD")
"""Currencies whose smallest unit is the whole one, or a thousandth."""
SIGNS = {"€": "EUR", "£": "GBP", "₹": "INR", "zł": "PLN", "US$": "USD", "CA$": "CAD", "A$": "AUD", "AU$": "AUD"}
"""Signs that can only mean one currency."""
SHARED_SIGNS = {
    "$": ("USD", "CAD", "AUD", "NZD", "SGD", "HKD", "MXN", "CLP", "COP", "ARS", "TWD"),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
}
"""Signs that can mean several."""

_SIGN = r"(?:[A-Z]{0,3}[$€£¥₹]|[A-Z]{3}|kr|zł)"
_SPACE = r"[ \x{00A0}\x{202F}]"
_BETWEEN = {"1,234.50": r"[, '’\x{00A0}\x{202F}]", "1.234,50": r"[. '’\x{00A0}\x{202F}]"}
_POINT = {"1,234.50": r"\.", "1.234,50": ","}


@dataclass(frozen=True)
class Decision:
    """What the shapes of a column say: the form, or that it has to be asked, and between which."""

    form: str
    options: tuple[str, ...] = ()


# Amounts


def amount_pattern(form: str) -> str:
    """Return the pattern (RE2) of an amount with thousands, sign, brackets and currency."""
    sign = _BETWEEN[form]
    lakh = rf"[0-9]{{1,2}}(?:{sign}[0-9]{{2}})+{sign}[0-9]{{3}}"
    digits = rf"(?:[0-9]{{1,3}}(?:{sign}[0-9]{{3}})+|{lakh}|[0-9]+)(?:{_POINT[form]}[0-9]+)?"
    beside = rf"{_SPACE}*{_SIGN}?{_SPACE}*"
    return rf"'?(?:\({beside}{digits}{beside}\)|[-−+]?{beside}[-−]?{_SPACE}*{digits}{beside}-?)"


def amount_sql(form: str, cell: str, currency: str = "NULL", decimals: int = 2) -> str:
    """SQL that reads the text of a cell as an integer with so many decimals, null when it does not fit.

    >>> "regexp" in amount_sql("1,234.50", "c1")
    True
    """
    if form == PERHAPS:  # no cell has told, as there is none with an amount
        return amount_sql("1,234.50", cell, currency, decimals)
    if form == "cents":
        # Below a million million whole units, so that no sum of money can overflow.
        fits = f"regexp_full_match({cell}, '-?[0-9]{{1,14}}([.,]0+)?')"
        whole = f"CASE WHEN {fits} THEN CAST(regexp_extract({cell}, '^-?[0-9]+') AS BIGINT) END"
        zero, three = (", ".join(f"'{code}'" for code in codes) for codes in (ZERO_DECIMALS, THREE_DECIMALS))
        code = f"upper({currency})"
        tenth = f"CAST(round({whole} / 10) AS BIGINT)"
        return f"CASE WHEN {code} IN ({zero}) THEN {whole} * 100 WHEN {code} IN ({three}) THEN {tenth} ELSE {whole} END"
    if form == PLAIN_AMOUNT:
        fits = f"regexp_full_match({cell}, '-?[0-9]+(\\.[0-9]+)?')"
        return f"CASE WHEN {fits} THEN {_scaled(cell, decimals)} END"
    keep = "[^0-9.]" if form == "1,234.50" else "[^0-9,]"
    number = f"replace(regexp_replace({cell}, '{keep}', '', 'g'), ',', '.')"
    sign = f"CASE WHEN regexp_matches({cell}, '[-−(]') THEN -1 ELSE 1 END"
    pattern = amount_pattern(form).replace("'", "''")
    return f"CASE WHEN regexp_full_match({cell}, '{pattern}') THEN {_scaled(number, decimals)} * {sign} END"


def dash_sql(cell: str) -> str:
    """Return SQL: whether the cell of an amount is a dash, as spreadsheets show zero, with or without a currency."""
    return f"regexp_full_match({cell}, '{_SIGN}?{_SPACE}*[-–—]{_SPACE}*{_SIGN}?')"


_BESIDE = r"[A-Z]{0,3}[$€£¥₹]|\b[A-Z]{3}\b|\bkr\b|zł"


def says_nothing(cell: str) -> bool:
    """Return whether the cell of an amount says nothing, in one of the ways of systems, with or without a currency.

    >>> [says_nothing(one) for one in ("", "NULL", "n/a", "$ -", "n/a EUR", "12", "1.2k", "TBD")]
    [True, True, True, True, True, False, False, False]
    """
    whole, bare = (text.strip().lower() for text in (cell, re.sub(_BESIDE, "", cell)))
    return whole in BLANK or (bare != "" and bare in BLANK)


def is_below_zero(cell: str) -> bool:
    """Return whether a cell is an amount below zero, whichever sign separates its decimals.

    >>> [is_below_zero(one) for one in ("-10", "($1,200.00)", "€ -5,00", "10-", "10", "-", "-x")]
    [True, True, True, True, False, False, False]
    """
    digits = r"\d[\d.,'’\s]*"
    return bool(re.fullmatch(rf"[-−(]\s*{digits}[)]?|{digits}-", re.sub(_BESIDE, "", cell).strip()))


def _scaled(number: str, decimals: int) -> str:
    read = f"TRY_CAST({number} AS DECIMAL({12 + decimals}, {decimals}))"
    # The product needs so many digits more than the number.
    return f"CAST(CAST({read} AS DECIMAL({12 + 2 * decimals}, {decimals})) * {10**decimals} AS BIGINT)"


def decide_amount(shapes: Mapping[str, int], perhaps_cents: bool = False) -> Decision:
    """Say how the amounts of a column are written, from its shapes and their counts.

    >>> decide_amount({"$9,999.99": 3}).form, decide_amount({"9.999,99 €": 1, "99": 5}).form
    ('1,234.50', '1.234,50')
    >>> decide_amount({"9.999": 4}).options
    ('1,234.50', '1.234,50')
    """
    votes = {"1,234.50": 0, "1.234,50": 0}
    open_ones = 0
    for shape, times in shapes.items():
        number = re.search(r"9[9.,'’  \u202f]*", shape)
        digits = number.group().rstrip(".,'’ ") if number else ""
        separators = [sign for sign in digits if sign in ".,"]
        if not separators:
            continue
        last, after = separators[-1], len(digits) - 1 - max(digits.rfind("."), digits.rfind(","))
        other = "1.234,50" if last == "." else "1,234.50"
        own = "1,234.50" if last == "." else "1.234,50"
        if len(set(separators)) == 2:
            votes[own] += times  # the last of two is the decimal one
        elif len(separators) > 1:
            votes[other] += times  # several of one kind are thousands
        elif after != 3 or len(digits) > 7:
            votes[own] += times
        else:
            open_ones += times
    few, many = sorted(votes, key=lambda form: votes[form])
    # Single cells of the other kind are slips: they don't fit and are rejected.
    if votes[many] and votes[many] >= 9 * votes[few]:
        return Decision(many)
    if votes[many] or open_ones:
        return Decision("", ("1,234.50", "1.234,50"))
    if perhaps_cents and not currency_signs(shapes):
        return Decision("", ("cents", "1,234.50"))
    return Decision("1,234.50")


def currency_signs(shapes: Mapping[str, int]) -> set[str]:
    """Return the currency signs and codes that stand beside the amounts of a column."""
    signs = r"[A-Z]{0,3}[$€£¥₹]|\b[A-Z]{3}\b|kr\b|zł"
    return {match for shape in shapes if "9" in shape for match in re.findall(signs, shape)}


# Rates

_RATE = "^[+]?{space}*([0-9]+(?:[.,][0-9]+)?|[.,][0-9]+){space}*(%|percent|pct|pp|pts|points|percentage points)?$"
_RATE_PATTERN = _RATE.format(space=_SPACE)
ONE = 1_000_000
"""A rate of 100 %: they are kept in millionths."""


def rate_sql(form: str, cell: str) -> str:
    """SQL that reads the text of a cell as a rate in millionths: null for none from 0 to 100 %, -1 where it is open.

    With a sign it is in percent, whatever the column; without one it is open until the column has a form.
    """
    fits, number = rate_number_sql(cell)
    percent = f"CAST(round({number} * {ONE // 100}) AS BIGINT)"
    plain = {PERCENTS: percent, PARTS_OF_ONE: f"CAST(round({number} * {ONE}) AS BIGINT)"}.get(form, "-1")
    read = f"CASE WHEN {_has_sign(cell)} THEN {percent} ELSE {plain} END"
    return f"CASE WHEN {fits} AND ({read}) <= {ONE} THEN {read} END"


def rate_number_sql(cell: str) -> tuple[str, str]:
    """Return SQL: whether a cell is written as a rate, and its number as it stands there."""
    number = f"replace(regexp_extract(lower({cell}), '{_RATE_PATTERN}', 1), ',', '.')"
    return f"regexp_full_match(lower({cell}), '{_RATE_PATTERN}')", f"TRY_CAST({number} AS DECIMAL(18, 9))"


def _has_sign(cell: str) -> str:
    return f"regexp_extract(lower({cell}), '{_RATE_PATTERN}', 2) <> ''"


def rate_counts_sql(cell: str) -> str:
    """SQL of what `decide_rate` looks at, of all cells: with a sign; without, below one, one, and above one."""
    fits, number = rate_number_sql(cell)
    plain = f"{fits} AND NOT {_has_sign(cell)} AND {number}"
    return (
        f"count(*) FILTER (WHERE {fits} AND {_has_sign(cell)}), "
        f"count(*) FILTER (WHERE {plain} > 0 AND {number} < 1), "
        f"count(*) FILTER (WHERE {plain} = 1), count(*) FILTER (WHERE {plain} > 1)"
    )


def decide_rate(signed: int, below: int, one: int, above: int) -> Decision:
    """Say how the rates of a column are written, from how many cells have a sign, are below 1, are 1 and above it.

    >>> decide_rate(0, 0, 1, 9).form, decide_rate(0, 4, 0, 0).form, decide_rate(3, 0, 0, 0).form
    ('percents', 'parts of one', 'percents')
    >>> decide_rate(0, 3, 1, 0).options, decide_rate(0, 3, 0, 4).form
    (('percents', 'parts of one'), '')
    """
    if above >= max(9 * below, 1) or not below + one:
        return Decision(PERCENTS)
    if below and not one + above + signed:
        return Decision(PARTS_OF_ONE)
    return Decision("", (PERCENTS, PARTS_OF_ONE))


# Days and months

_TIME = r"(?:[ T,].*)?"
_NAME = r"[^\W\d_]{3,10}\.?"
_SHAPES = (
    (r"(?i:[QT]9[-/. ']*(99)?99|9[QT][-/. ']*(99)?99|9999[-/. ]*[QT]9)", QUARTER_FORM),
    (rf"9999-99(-99)?{_TIME}", "year-month-day"),
    (rf"9999[/.]99?([/.]99?)?{_TIME}", "year/month/day"),
    # A year of two digits only after slashes and points: 26-01-02 may well start with the year.
    (rf"99?[/.-]99?[/.-]9999{_TIME}", "slashes"),
    (rf"99?[/.]99?[/.]99{_TIME}", "short year"),
    (r"99?[/.-]9999", "month/year"),
    (r"9{8}|9{6}", "digits"),
    (r"9{9,10}(\.9+)?", "epoch seconds"),
    (r"9{12,13}(\.9+)?", "epoch milliseconds"),
    (r"9{5}(\.9+)?", "spreadsheet number"),
    (rf"{_NAME}[ -]('?99|9999)|99?[. -]+(de )?{_NAME}( de)?[ ,-]*9999.*|{_NAME} 99?,? 9999.*", "month name"),
)


def date_shape(shape: str) -> str:
    """Return which way of writing a shape belongs to, or nothing.

    >>> date_shape("99/99/9999"), date_shape("9999-99-99T99:99:99Z"), date_shape("never")
    ('slashes', 'year-month-day', '')
    """
    return next((form for pattern, form in _SHAPES if re.fullmatch(pattern, shape.strip())), "")


def decide_date(shapes: Mapping[str, int], first: int | None, second: int | None) -> Decision:
    """Say how the days of a column are written. `first` and `second`: the largest numbers before the slashes.

    >>> decide_date({"99/99/9999": 9}, 31, 12).form, decide_date({"99/99/9999": 9}, 12, 12).options
    ('day/month/year', ('day/month/year', 'month/day/year'))
    """
    votes: dict[str, int] = {}
    for shape, times in shapes.items():
        if form := date_shape(shape):
            votes[form] = votes.get(form, 0) + times
    form = max(votes, key=lambda name: votes[name], default=PLAIN_DATE)
    late = [number is not None and number > 12 for number in (first, second)]
    if form == "short year":  # 23/01/15 may begin with its year as well as with its day
        possible = ["day/month/year", "yy/mm/dd"] if late[0] else ["day/month/year", "month/day/year", "yy/mm/dd"]
        return Decision("month/day/year") if late[1] else Decision("", tuple(possible))
    if form != "slashes":
        return Decision(form)
    if late == [True, False]:
        return Decision("day/month/year")
    if late == [False, True]:
        return Decision("month/day/year")
    if all("." in shape for shape in shapes if date_shape(shape) == "slashes"):
        return Decision("day/month/year")  # nobody writes the month first and points behind
    return Decision("", ("day/month/year", "month/day/year"))


_NAMED = ("%b %y", "%b-%y", "%b %Y", "%b-%Y", "%d %b %Y", "%d-%b-%Y", "%b %d, %Y", "%b %d %Y")
"""The ways of writing days with the name of a month, once it is a short English one."""
_ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _in_english(cell: str) -> str:
    """SQL of the text of a day with its month in English, as three letters, without points, quotes and `de`."""
    plain = f"regexp_replace(strip_accents(lower({cell})), '[.'']|\\bde\\b ?', '', 'g')"
    word = f"regexp_extract({plain}, '[a-z]{{3,}}')"
    names = {at: [name for name, month in MONTH_WORDS.items() if month == at] for at in range(1, 13)}
    known = {at: ", ".join(f"'{name}'" for name in found) for at, found in names.items()}
    short = " ".join(f"WHEN {word} IN ({known[at]}) THEN '{name}'" for at, name in enumerate(_ENGLISH, 1))
    return f"regexp_replace({plain}, '[a-z]{{3,}}', CASE {short} ELSE '' END)"


PARTS = r"([0-9]{1,2})[/.-]([0-9]{1,2})(?:[/.-]([12][0-9]{3})|[/.]([0-9]{2}))"


def date_sql(form: str, cell: str) -> str:
    """SQL that reads the text of a cell as a DATE, null when it does not fit; year-month-day is always understood."""
    if form == PLAIN_DATE:
        return _iso(cell)
    if form.endswith(ENDS_IN_UTC):
        after = f"date_trunc('month', {instant_sql(form.removesuffix(ENDS_IN_UTC), cell)} + INTERVAL 14 HOUR)"
        return f"CAST({after} - INTERVAL 1 DAY AS DATE)"
    if form.endswith(IN_UTC):
        return f"CAST({instant_sql(form.removesuffix(IN_UTC), cell)} + INTERVAL 14 HOUR AS DATE)"
    if form == QUARTER_FORM:
        return f"coalesce({_iso(cell)}, {_quarter(cell)})"
    return f"coalesce({_iso(cell)}, {_other(form, cell)})"


def instant_sql(form: str, cell: str) -> str:
    """Return SQL of the instant that a cell writes, as its own clock shows it; null for another form."""
    whole = f"TRY_CAST(split_part({cell}, '.', 1) AS BIGINT)"
    return {
        PLAIN_DATE: f"TRY_CAST(left(replace({cell}, 'T', ' '), 19) AS TIMESTAMP)",
        "epoch seconds": f"make_timestamp({whole} * 1000000)",
        "epoch milliseconds": f"make_timestamp({whole} * 1000)",
    }.get(form, "CAST(NULL AS TIMESTAMP)")


def has_day(form: str, cell: str) -> str:
    """Return SQL that is true where the text of a date names a day, and not its month alone.

    >>> has_day("year-month-day", "c1")
    'length(trim(c1)) > 7'
    """
    iso, text = f"trim({cell}) LIKE '____-__-__%'", f"trim({cell})"
    return {
        PLAIN_DATE: f"length({text}) > 7",
        QUARTER_FORM: iso,
        "month/year": iso,
        "year/month/day": f"({iso} OR regexp_matches({text}, '[0-9][/.][0-9]{{1,2}}[/.][0-9]'))",
        "month name": f"({iso} OR regexp_matches({text}, '[0-9].*[^0-9].*[0-9]{{4}}'))",
        "digits": f"({iso} OR length({text}) = 8)",
    }.get(form, "true")


def _iso(cell: str) -> str:
    fits = f"regexp_full_match({cell}, '[12][0-9]{{3}}-[0-9]{{2}}(-[0-9]{{2}}([T ][0-9].*)?)?')"
    month, day = f"TRY_CAST({cell} || '-01' AS DATE)", f"TRY_CAST(left({cell}, 10) AS DATE)"
    return f"CASE WHEN {fits} THEN CASE WHEN length({cell}) = 7 THEN {month} ELSE {day} END END"


def _quarter(cell: str) -> str:
    """SQL of the first day of a quarter."""
    cases = []
    for form in NAMED_QUARTERS:
        pattern = f"'(?i){form.replace(chr(39), chr(39) * 2)}'"
        year, quarter = (f"regexp_extract({cell}, {pattern}, {at})" for at in _groups(form))
        year = f"right('20' || {year}, 4)"
        first = f"TRY_CAST({year} || '-' || (TRY_CAST({quarter} AS INTEGER) * 3 - 2) || '-1' AS DATE)"
        cases.append(f"WHEN regexp_full_match({cell}, {pattern}) THEN {first}")
    return f"CASE {' '.join(cases)} END"


def _groups(form: str) -> tuple[int, int]:
    """The numbers of the groups of year and quarter."""
    known = re.compile(form).groupindex
    return known["year"], known["quarter"]


_YEAR_FIRST = "([12][0-9]{3})[/.]([0-9]{1,2})(?:[/.]([0-9]{1,2}))?"
_MONTH_YEAR = "([0-9]{1,2})[/.-]([12][0-9]{3})"


def _other(form: str, cell: str) -> str:
    """SQL of one of the other forms. <1> to <4> are the parts of its pattern."""
    whole = f"split_part({cell}, '.', 1)"
    year = "coalesce(nullif(<3>, ''), '20' || <4>)"
    last = f"CASE WHEN length({cell}) = 8 THEN right({cell}, 2) ELSE '01' END"
    named = ", ".join(f"'{name}'" for name in _NAMED)
    day = f"regexp_replace({_in_english(cell)}, ',? [0-9]{{1,2}}:[0-9]{{2}}.*$', '')"  # without the time
    pattern, value = {
        "day/month/year": (PARTS + _TIME, f"TRY_CAST({year} || '-' || <2> || '-' || <1> AS DATE)"),
        "month/day/year": (PARTS + _TIME, f"TRY_CAST({year} || '-' || <1> || '-' || <2> AS DATE)"),
        "year/month/day": (
            _YEAR_FIRST + _TIME,
            "TRY_CAST(<1> || '-' || <2> || '-' || coalesce(nullif(<3>, ''), '1') AS DATE)",
        ),
        "yy/mm/dd": (
            "([0-9]{2})[/.]([0-9]{1,2})[/.]([0-9]{1,2})",
            "TRY_CAST('20' || <1> || '-' || <2> || '-' || <3> AS DATE)",
        ),
        "month/year": (_MONTH_YEAR, "TRY_CAST(<2> || '-' || <1> || '-1' AS DATE)"),
        "digits": (
            "[12][0-9]{5}(?:[0-9]{2})?",
            f"TRY_CAST(left({cell}, 4) || '-' || substr({cell}, 5, 2) || '-' || {last} AS DATE)",
        ),
        "epoch seconds": (
            "[0-9]{9,10}(?:[.][0-9]+)?",
            f"CAST(make_timestamp(TRY_CAST({whole} AS BIGINT) * 1000000) AS DATE)",
        ),
        "epoch milliseconds": (
            "[0-9]{12,13}(?:[.][0-9]+)?",
            f"CAST(make_timestamp(TRY_CAST({whole} AS BIGINT) * 1000) AS DATE)",
        ),
        "spreadsheet number": ("[0-9]{5}(?:[.][0-9]+)?", f"(DATE '1899-12-30' + TRY_CAST({whole} AS INTEGER))"),
        "month name": (
            ".*\\p{L}.*",
            f"CAST(try_strptime({day}, [{named}]) AS DATE)",
        ),
    }[form]
    for at in (1, 2, 3, 4):
        value = value.replace(f"<{at}>", f"regexp_extract({cell}, '{pattern}', {at})")
    return f"CASE WHEN regexp_full_match({cell}, '{pattern}') THEN {value} END"


def shown_forms(names: Sequence[str]) -> dict[str, str]:
    """Return forms with an example or a description, for choosing one."""
    return {name: {**AMOUNTS, **RATES, **DATES}[name] for name in names}
