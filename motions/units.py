"""What figures are in: one `Unit` each, which says how a figure is shown, asked for, labelled and compared."""

import re
from typing import Literal

from motions.text import UNKNOWN, count, money, percent

Kind = Literal["money", "share", "count", "number", "amount"]


class Unit(str):
    """What a figure is in, and how it is said. As text it is its name: what JSON, CSV and the glossary hold.

    `money`: whole units of a currency. `share`: stored as a fraction of 1, shown as percent. `count`: shown whole, with
    the noun for one of what is counted. `number`: shown with `decimals`. `amount`: with as many of them as it has. What
    comes `after` a figure stands behind it, and behind its interval; `axis` is what an axis is labelled with, for which
    money names its currency; `sheet` is the format of a spreadsheet's cell, "" as the spreadsheet likes. Two units of
    one name may be shown differently.
    """

    def __new__(
        cls, name: str, kind: Kind = "number", *, noun: str = "", after: str = "", decimals: int = 2, axis: str = "",
        sheet: str = "",
    ) -> "Unit":  # fmt: skip
        """Return a unit of a name."""
        unit = super().__new__(cls, name)
        unit.kind, unit.noun, unit.after, unit.decimals = kind, noun, after, decimals
        unit.axis, unit.sheet = axis or ("{currency}" if kind == "money" else name), sheet
        return unit

    kind: Kind
    noun: str
    after: str
    decimals: int
    axis: str
    sheet: str

    @property
    def scale(self) -> int:
        """What a stored value is multiplied by to be shown as a number: 100 for a share."""
        return 100 if self.kind == "share" else 1

    def shown(self, stored: float) -> float:
        """Return a stored value as the number that is shown and asked for.

        >>> PERCENT.shown(0.125), MONEY.shown(500)
        (12.5, 500)
        """
        return round(stored * self.scale, 6) if self.scale != 1 else stored

    def stored(self, shown: float) -> float:
        """Return a shown number as it is stored: the inverse of `shown`.

        >>> PERCENT.stored(12.5), MONEY.stored(500)
        (0.125, 500)
        """
        return round(shown / self.scale, 8) if self.scale != 1 else shown

    def said(self, value: float | None, currency: str = "USD") -> str:
        """Show a value in its unit.

        >>> MONEY_A_MONTH.said(1200, "EUR"), PERCENT.said(0.125), MONTHS.said(1), TIMES.said(2.5), MONTHS.said(None)
        ('€1,200/month', '12.5 %', '1 month', '2.50 ×', 'unknown')
        """
        if value is None:
            return UNKNOWN
        figure = self._figure(value, currency)
        one = self.kind == "amount" and figure == "1"
        return f"{figure}{self.after.removesuffix('s') if one else self.after}"

    def between(self, value: float, low: float, high: float, currency: str = "USD") -> str:
        """Show a value with the ends of its interval; what comes after the figure is said once.

        >>> MEAN_MONTHS.between(7.25, 5, 9), PERCENT.between(0.5, 0.4, 0.6)
        ('7.2 (5.0 to 9.0) months', '50.0 % (40.0 % to 60.0 %)')
        """
        said, start, end = (self._figure(one, currency) for one in (value, low, high))
        return f"{said} ({start} to {end}){self.after}"

    def size(self, difference: float, currency: str = "USD") -> str:
        """Show how large a difference is, without its sign; one of shares is in percentage points.

        >>> PERCENT.size(-0.031), TIMES.size(0.5), MONTHS.size(-2)
        ('3.1 points', '0.50', '2 months')
        """
        if self.kind == "share":
            return f"{abs(difference) * 100:.1f} points"
        after = self.after if self.kind == "money" else ""
        return f"{self._figure(abs(difference), currency)}{after}"

    def same(self, difference: float, currency: str = "USD") -> bool:
        """Return whether a difference is too small to be seen in what is shown."""
        return abs(difference) < 1e-9 or not re.search("[1-9]", self.size(difference, currency))

    def difference(self, difference: float | None, currency: str = "USD") -> str:
        """Show a difference, always with its sign.

        >>> MONEY.difference(-2500), PERCENT.difference(0.02), PERCENT.difference(-0.00001), MONEY.difference(None)
        ('−$2,500', '+2.0 points', 'no difference', 'unknown')
        """
        if difference is None:
            return UNKNOWN
        if self.same(difference, currency):
            return "no difference"
        return f"{'−' if difference < 0 else '+'}{self.size(difference, currency)}"

    def named(self, currency: str = "USD") -> str:
        """Return the unit for an axis or a column.

        >>> MONEY.named("EUR"), MONEY_A_MONTH.named("EUR"), MONEY_PER_MONEY.named("EUR"), MONTHS.named()
        ('EUR', 'EUR a month', 'EUR per EUR', 'months')
        """
        return self.axis.replace("{currency}", currency)

    def label(self, title: str, currency: str = "USD") -> str:
        """Return a title with its unit, as a field or a column has it; a title that names the unit has it once.

        >>> PERCENT.label("Commission"), NONE.label("Paid in"), MONTHS.label("Months paid"), MONTHS.label("From month")
        ('Commission (%)', 'Paid in', 'Months paid', 'From month')
        """
        unit = self.named(currency)
        named = rf"\b{re.escape(unit.removesuffix('s'))}s?\b"
        return title if not unit or re.search(named, title, re.I) else f"{title} ({unit})"

    def _figure(self, value: float, currency: str) -> str:
        if self.kind == "money":
            return money(value, currency)
        if self.kind == "share":
            return percent(value)
        if self.kind == "count":
            return count(value, self.noun)
        said = f"{value:z,.{self.decimals}f}".replace("-", "−")
        return said.rstrip("0").rstrip(".") if self.kind == "amount" and self.decimals else said


def amount_of(what: str) -> Unit:
    """Return the unit of an amount of something, which may be a part of one.

    >>> [amount_of("licences").said(number) for number in (2.5, 30, 1)]
    ['2.5 licences', '30 licences', '1 licence']
    """
    return Unit(what, "amount", after=f" {what}")


NONE = Unit("")
"""of a word, or of yes and no"""
MONEY = Unit("money", "money", sheet="#,##0.00")
MONEY_A_MONTH = Unit("money/month", "money", after="/month", axis="{currency} a month", sheet="#,##0.00")
MONEY_PER_MONEY = Unit("ratio", "money", axis="{currency} per {currency}", sheet="0.00")
PERCENT = Unit("%", "share", sheet="0.0%")
MONTHS = Unit("months", "count", noun="month", sheet="0")
DAYS = Unit("days", "count", noun="day", sheet="0")
MEAN_MONTHS = Unit("months", after=" months", decimals=1, sheet="0.0")
"""estimated, so that a part of a month is shown"""
MEAN_DAYS = Unit("days", after=" days", decimals=1, sheet="0.0")
COUNT = Unit("count", "count", sheet="#,##0")
RATIO = Unit("ratio", sheet="0.00")
TIMES = Unit("×", after=" ×", sheet="0.00")
CUSTOMERS = Unit("customers", "count")
PARTNERS = amount_of("partners")
LEADS = amount_of("leads")
PER_PERCENT = amount_of("% per 1 %")
"""an elasticity"""
OF_LIST_PRICE = amount_of("× list price")
