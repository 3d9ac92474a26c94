"""Numbers to text, and text from files to text that is only text."""

import csv
import io
import re
from collections.abc import Callable, Iterable, Sequence

UNKNOWN = "unknown"
SYMBOLS = {"USD": "$", "EUR": "€", "GBP": "£", "CAD": "CA$", "AUD": "A$", "INR": "₹", "JPY": "¥"}
_SCALES = ((1e12, "T"), (1e9, "B"), (1e6, "M"), (1e3, "k"))


def money(amount: float | None, currency: str = "USD") -> str:
    """Show an amount of whole units, short: three figures and k, M, B from 100,000 on; "" is no stated currency.

    >>> money(1234567), money(-2500), money(12.5), money(999_999), money(None), money(1e6, "CHF"), money(5, "")
    ('$1.23M', '−$2,500', '$12.50', '$1.00M', 'unknown', 'CHF 1.00M', '5')
    """
    return UNKNOWN if amount is None else _signed(amount, _short(abs(amount)), currency)


def money_exact(amount: float | None, currency: str = "USD", decimals: int = 2) -> str:
    """Show an amount in full, with thousands separated.

    >>> money_exact(1234567.5), money_exact(-0.004), money_exact(None)
    ('$1,234,567.50', '$0.00', 'unknown')
    """
    return UNKNOWN if amount is None else _signed(amount, f"{abs(amount):,.{decimals}f}", currency)


def _signed(amount: float, digits: str, currency: str) -> str:
    sign = "−" if amount < 0 and float(re.sub(r"[^0-9.]", "", digits)) > 0 else ""
    symbol = SYMBOLS.get(currency, f"{currency} " if currency else "")
    return f"{sign}{symbol}{digits}"


def _short(size: float) -> str:
    for scale, letter in _SCALES:
        if size >= max(scale * 0.9995, 99_999.5):
            return f"{_three_figures(size / scale)}{letter}"
    return f"{size:,.0f}" if size >= 99.995 or size == round(size) else f"{size:,.2f}"


def _three_figures(size: float) -> str:
    return f"{size:.0f}" if size >= 99.95 else f"{size:.1f}" if size >= 9.995 else f"{size:.2f}"


def percent(fraction: float | None, decimals: int = 1) -> str:
    """Show a fraction of 1 as percent.

    >>> percent(0.1243), percent(1.07, 0), percent(-0.00001), percent(None)
    ('12.4 %', '107 %', '0.0 %', 'unknown')
    """
    # Of all formats `z` takes the sign off what is rounded to zero.
    return UNKNOWN if fraction is None else f"{fraction * 100:z.{decimals}f} %".replace("-", "−")


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


def as_markdown(text: str) -> str:
    """Escape text so that Markdown shows it as it is: no links, images, formulas or HTML.

    >>> as_markdown("a_b $5 to $10")
    'a\\\\_b \\\\$5 to \\\\$10'
    """
    escaped = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", " ".join(text.split()))
    # A bare address is linked even without Markdown's signs; a word joiner stops that.
    return re.sub(r"(?i)(http|www|@)", "\\1\u2060", escaped)


def as_plotly(text: str) -> str:
    """Escape text for Plotly, which reads a subset of HTML in every label.

    >>> as_plotly("<a href='x'>")
    "&lt;a href='x'&gt;"
    """
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def as_cell(value: object) -> object:
    """Return a value for a CSV cell that no spreadsheet takes for a formula. Numbers stay numbers.

    >>> as_cell("=cmd()"), as_cell("-5"), as_cell(-5), as_cell("-x")
    ("'=cmd()", '-5', -5, "'-x")
    """
    if not isinstance(value, str) or value.lstrip()[:1] not in tuple("=+-@") or not value.strip():
        return value
    return value if re.fullmatch(r"[+-]?\d+(\.\d+)?", value) else "'" + value


def as_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """Write rows as UTF-8 CSV with a byte-order mark, every cell guarded by `as_cell`."""
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    writer.writerow([as_cell(cell) for cell in header])
    writer.writerows([as_cell(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")
