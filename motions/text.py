"""Numbers to text, and text from files to text that is only text."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence
from math import floor

UNKNOWN = "unknown"
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "INR": "₹", "JPY": "¥"}
_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


def money(amount: float | None, currency: str = "USD") -> str:
    """Show an amount of whole units, short: three figures and k, M, B from 100,000 on; "" is no stated currency.

    >>> money(1234567), money(-2500), money(12.5), money(999_999), money(None), money(1e6, "CHF"), money(5, "")
    ('$1.23M', '−$2,500', '$12.50', '$1.00M', 'unknown', 'CHF 1.00M', '5')
    >>> money(212.5), money(213.5)
    ('$213', '$214')
    """
    return UNKNOWN if amount is None else _signed(amount, _short(abs(amount)), currency)


def money_exact(amount: float | None, currency: str = "USD", decimals: int = 2) -> str:
    """Show an amount in full, with thousands separated.

    >>> money_exact(1234567.5), money_exact(-0.004), money_exact(None)
    ('$1,234,567.50', '$0.00', 'unknown')
    """
    return UNKNOWN if amount is None else _signed(amount, f"{abs(amount):,.{decimals}f}", currency)


def money_to_add(amount: float, currency: str = "USD") -> str:
    """Show an amount short, as `money` does, with the cents that it has, so that a reader can add and multiply it.

    From 100,000 on it is short all the same.

    >>> money_to_add(112.5), money_to_add(2700), money_to_add(1234567.5)
    ('$112.50', '$2,700', '$1.23M')
    """
    whole = round(amount, 2) == round(amount) or abs(amount) >= 99_999.5
    return money(amount, currency) if whole else money_exact(amount, currency)


def _signed(amount: float, digits: str, currency: str) -> str:
    sign = "−" if amount < 0 and float(re.sub(r"[^0-9.]", "", digits)) > 0 else ""
    symbol = SYMBOLS.get(currency, f"{currency} " if currency else "")
    return f"{sign}{symbol}{digits}"


def _short(size: float) -> str:
    for scale, letter in _SCALES:
        if size >= max(scale * 0.9995, 99_999.5):
            return f"{_three_figures(size / scale)}{letter}"
    if size >= 99.995 or size == round(size):
        return f"{floor(size + 0.5):,}"  # a half goes up, as in statements; formatting would take it to the even one
    return f"{size:,.2f}"


def _three_figures(size: float) -> str:
    return f"{size:.0f}" if size >= 99.95 else f"{size:.1f}" if size >= 9.995 else f"{size:.2f}"


def percent(fraction: float | None, decimals: int = 1) -> str:
    """Show a fraction of 1 as percent.

    >>> percent(0.1243), percent(1.07, 0), percent(-0.00001), percent(None)
    ('12.4 %', '107 %', '0.0 %', 'unknown')
    """
    # Of all formats `z` takes the sign off what is rounded to zero.
    return UNKNOWN if fraction is None else f"{fraction * 100:z.{decimals}f} %".replace("-", "−")


def plain_percent(fraction: float) -> str:
    """Show a fraction of 1 as percent, without a decimal that says nothing.

    >>> plain_percent(0.03), plain_percent(0.125)
    ('3 %', '12.5 %')
    """
    return percent(fraction, 0 if abs(fraction * 100 - round(fraction * 100)) < 1e-9 else 1)


def points(difference: float | None) -> str:
    """Show a difference of two fractions in percentage points, always with its sign.

    >>> points(-0.031), points(0.02), points(-0.00001)
    ('−3.1 points', '+2.0 points', '+0.0 points')
    """
    return UNKNOWN if difference is None else f"{difference * 100:+z.1f} points".replace("-", "−")


def count(number: float | None, one: str = "", many: str = "") -> str:
    """Show a whole number with what is counted; fractions of a thing are rounded.

    >>> count(1, "month"), count(12345, "account"), count(0, "PQL"), count(None)
    ('1 month', '12,345 accounts', '0 PQLs', 'unknown')
    """
    if number is None:
        return UNKNOWN
    noun = one if round(number) == 1 else many or (one + "s" if one else "")
    return f"{round(number):,}".replace("-", "−") + (f" {noun}" if noun else "")


def interval(low: float, high: float, shown: Callable[[float], str] = percent) -> str:
    """Show an interval with the function that shows its ends.

    >>> interval(0.1, 0.25)
    '10.0 % to 25.0 %'
    """
    return f"{shown(low)} to {shown(high)}"


def month_name(month: int) -> str:
    """Show a month number (12 × year + month − 1) as year and month.

    >>> month_name(2026 * 12 + 8)
    '2026-09'
    """
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def listed(words: Sequence[str], last: str = "and") -> str:
    """Join words as in a sentence.

    >>> listed(["a", "b", "c"])
    'a, b and c'
    """
    return f" {last} ".join([", ".join(words[:-1]), words[-1]]) if len(words) > 1 else "".join(words)


def span(low: str, high: str) -> str:
    """Say two ends that are figures in words; a word or unit that both have is said once.

    >>> span("month 7", "month 15"), span("2 months", "5 months"), span("$60/month", "$125/month")
    ('month 7 to 15', '2 to 5 months', '$60 to $125/month')
    >>> span("$9", "$9"), span("month 7", "not within 36 months")
    ('$9', 'month 7 to not within 36 months')
    """
    if low == high:
        return low
    unit = re.search("[ /][a-z]+$", high)
    if unit and low.endswith(unit[0]):
        return f"{low.removesuffix(unit[0])} to {high}"
    lead, _, rest = high.partition(" ")
    return f"{low} to {rest}" if low.startswith(f"{lead} ") else f"{low} to {high}"


def inside(title: str) -> str:
    """Return a title as it stands inside a sentence; an abbreviation stays as it is.

    >>> inside("Contribution"), inside("NPV"), inside("New customers")
    ('contribution', 'NPV', 'new customers')
    """
    return title if title[1:2].isupper() else title[:1].lower() + title[1:]


def as_markdown(text: str) -> str:
    """Escape text so that Markdown shows it as it is: no links, images, formulas or HTML.

    What means nothing to Markdown stays as it is: what a field is called is read aloud with the signs that escape it.

    >>> as_markdown("a_b $5 to $10"), as_markdown("Commission (%)"), as_markdown("1) one")
    ('a\\\\_b \\\\$5 to \\\\$10', 'Commission (%)', '1\\\\) one')
    """
    escaped = re.sub(r"([!#$&*+\-./:<=>@\[-`{-~])", r"\\\1", " ".join(text.split()))
    escaped = re.sub(r"^(\d+)\)", r"\1\\)", escaped)  # the first of a list
    # A bare address is linked even without Markdown's signs; a word joiner stops that.
    return re.sub(r"(?i)(http|www|@)", "\\1\u2060", escaped)


def as_plotly(text: str) -> str:
    """Escape text for Plotly, which reads a subset of HTML in every label.

    >>> as_plotly("<a href='x'>")
    "&lt;a href='x'&gt;"
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


_FORMULA = "=+@＝＋－＠﹦﹢﹣﹫-"  # the wide and the small ones are signs to spreadsheets of East Asia
# What a spreadsheet skips before the sign of a formula: spaces, quotes, and what has no width.
_SKIPPED = '[\\s"\\x00-\\x1f\\x7f-\\x9f\\u200b-\\u200f\\u2060\\ufeff]*+'
# Where a cell begins: also behind a line break, and behind a semicolon or tab, at which other locales split.
_BEGINS = "(?:^|[;\\t\\n\\v\\f\\r\\x85\\u2028\\u2029])"
# Each takes all that is skipped at once, so that a long run of line breaks is looked at once and not from each of them.
_UNGUARDED = re.compile(f"({_BEGINS}{_SKIPPED})('*+[{_FORMULA}])?")
_GUARDED = re.compile(f"({_BEGINS}{_SKIPPED})(?:'(?='*+[{_FORMULA}]))?")


def as_cell(value: object) -> object:
    """Return a value for a CSV cell that no spreadsheet takes for a formula, wherever it splits lines into cells.

    An apostrophe goes before each sign that could begin one; `from_cell` takes it away again. Numbers stay numbers.

    >>> as_cell("=cmd()"), as_cell("-5"), as_cell(-5), as_cell("-x"), as_cell("a;=1+1;b"), as_cell("'=x")
    ("'=cmd()", '-5', -5, "'-x", "a;'=1+1;b", "''=x")
    """
    if not isinstance(value, str) or re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", value):
        return value
    return _UNGUARDED.sub(lambda found: f"{found[1]}'{found[2]}" if found[2] else found[1], value)


def from_cell(text: str) -> str:
    """Return the text that `as_cell` has guarded.

    >>> from_cell("a;'=1+1;b"), from_cell("''=x"), from_cell("'tis")
    ('a;=1+1;b', "'=x", "'tis")
    """
    return _GUARDED.sub(r"\1", text)


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write rows as UTF-8 CSV with a byte-order mark, every cell guarded by `as_cell`; half a letter becomes `?`."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([as_cell(cell) for cell in header])
    writer.writerows([as_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig", "replace")


def whole_letters(text: str) -> str:
    """Return text in which no letter is half of a pair (a lone surrogate), which no file and no page can hold.

    >>> whole_letters("a\\ud83d\\ude00b") == "a\\U0001f600b", whole_letters("a\\ud800b") == "a\\ufffdb"
    (True, True)
    """
    if not re.search("[\ud800-\udfff]", text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def short(value: object, most: int = 60) -> str:
    """Show any value that came from outside in `most` letters, without building all of its text first.

    >>> short("x" * 1000, 5), short({"a": [1]}), short(["a", ["b"], 3, 4]), short(10**5000)
    ("'xxxxx…", '{…}', "['a', […], 3, …]", 'a number of 16610 bits')
    """
    if isinstance(value, str):
        return (
            repr(whole_letters(value[:most])) if len(value) <= most else f"'{repr(whole_letters(value[:most]))[1:-1]}…"
        )
    if isinstance(value, (list, tuple)):
        inner = [_inside(one, most) for one in value[:3]] + ["…"] * (len(value) > 3)
        return f"[{', '.join(inner)}]"
    if isinstance(value, int) and value.bit_length() > 256:
        return f"a number of {value.bit_length()} bits"
    if value is None or isinstance(value, (bool, int, float)):
        return repr(value)
    return "{…}" if isinstance(value, dict) else type(value).__name__


def _inside(value: object, most: int) -> str:
    return "[…]" if isinstance(value, (list, tuple)) else short(value, most // 3)


def for_terminal(text: str) -> str:
    """Return text for a terminal: what would steer it, or turn its letters round, is shown as an escape.

    The escapes are those of JSON, in whose strings they mean the same letters.

    >>> print(for_terminal("a\\x1b[2J b\\u202e"))
    a\\u001b[2J b\\u202e
    """
    return _STEERING.sub(lambda found: f"\\u{ord(found.group()):04x}", text)


# All controls but tab and line feed, the marks that turn the direction of text, line separators, and half letters.
_STEERING = re.compile(
    "[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\u061c\\u200e\\u200f\\u2028-\\u202e\\u2066-\\u2069\\ud800-\\udfff]"
)


def first_sentence(words: str) -> tuple[str, str]:
    """Return a text's first sentence and the rest.

    >>> first_sentence("Referrals first. 5 answers can change this.")
    ('Referrals first.', '5 answers can change this.')
    """
    lead, dot, rest = words.partition(". ")
    return (f"{lead}.", rest) if dot else (words, "")
