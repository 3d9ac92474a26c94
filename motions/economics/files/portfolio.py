"""What a portfolio and its budget come to, in words and as tables of text."""

from collections.abc import Sequence

import pandas as pd

from motions.economics.answers.budget import Channel, Needed
from motions.economics.answers.capacity import Capacity
from motions.economics.answers.portfolio import BY_NAME, MEASURES, Portfolio, names_of_periods
from motions.economics.answers.split import NEAR, Split
from motions.economics.inputs.keys import input_of
from motions.economics.model.results import INCREMENTAL
from motions.names import NAMES
from motions.text import count, listed, money, percent
from motions.units import CUSTOMERS, MONEY


def by_period(found: Portfolio, measure: str, length: int) -> pd.DataFrame:
    """Return periods × what all programs come to together, as text; P10 to P90 of one measure where there are draws."""
    names = names_of_periods(found.months, length)
    columns = {
        one.title: [one.unit.said(float(value), found.currency) for value in found.sums(one.name, length)]
        for one in MEASURES
    }
    if ends := found.ends(measure, length):
        columns[f"{BY_NAME[measure].title}, P10 to P90"] = [_between(measure, one, found.currency) for one in ends]
    return pd.DataFrame(columns, index=pd.Index(names, name="All programs"))


def _between(measure: str, ends: tuple[float, float], currency: str) -> str:
    low, high = (BY_NAME[measure].unit.said(one, currency) for one in ends)
    return f"{low} to {high}"


def by_program(found: Portfolio) -> pd.DataFrame:
    """Return programs, and all together, × what they come to in all months, as text."""
    rows = {
        _named(name, found): [one.unit.said(found.whole(name, one.name), found.currency) for one in MEASURES]
        for name in found.by_program
    }
    rows["Together"] = [one.unit.said(found.whole_sum(one.name), found.currency) for one in MEASURES]
    titles = [f"{one.title}, month {found.months}" if one.at_end else one.title for one in MEASURES]
    table = pd.DataFrame(rows, index=titles).T
    return table.rename_axis(index=f"In {count(found.months, 'month')}")


def _named(program: str, found: Portfolio) -> str:
    return f"{NAMES[program]} (direct baseline)" if program == found.direct else NAMES[program]


def definitions() -> list[str]:
    """Say what each measure of a portfolio is."""
    return [f"{one.title}: {one.definition}" for one in MEASURES]


def channels(found: Sequence[Channel], currency: str) -> pd.DataFrame:
    """Return motions × what an amount more for recruiting brings, the best first, as text."""
    rows = []
    for one in found:
        row = {
            "Motion": NAMES[one.program],
            "More partners": f"{_partners(one.partners * one.months)}, on {_partners(one.now * one.months)} now",
            "New customers": _customers(one),
            **{f"{percent(share, 0)} incremental": MONEY.difference(one.at[share], currency) for share in INCREMENTAL},
        }
        if any(not MONEY.same(other.as_set - other.at[1.0], currency) for other in found):
            row["As your inputs have it"] = MONEY.difference(one.as_set, currency)
        if ends := one.ends:
            row["P10 to P90"] = f"{MONEY.difference(ends[0], currency)} to {MONEY.difference(ends[1], currency)}"
        rows.append(row)
    return pd.DataFrame(rows).set_index("Motion")


def _partners(number: float) -> str:
    return f"{number:,.0f}" if number >= 10 else f"{number:,.1f}"


def _customers(one: Channel) -> str:
    said = CUSTOMERS.difference(one.customers)
    if ends := one.ends_of_customers:
        return f"{said} (P10 {CUSTOMERS.difference(ends[0])} to P90 {CUSTOMERS.difference(ends[1])})"
    return said


def must_bring(found: Sequence[Needed], currency: str) -> pd.DataFrame:
    """Return motions × what money for enablement or the program must reach to bring itself back, as text."""
    rows = []
    for one in found:
        item = input_of(one.key)
        value = f"not even {item.said(one.most, currency)}" if one.value is None else item.said(one.value, currency)
        rows.append(
            {
                "Motion": NAMES[one.program], "Spent on": one.spent_on, "Must raise": item.title,
                "From": item.said(one.now, currency), "To at least": value, "That is": _rise(one),
            }
        )  # fmt: skip
    return pd.DataFrame(rows).set_index("Motion")


def _rise(one: Needed) -> str:
    return "" if one.value is None or not one.now else f"{percent(one.value / one.now - 1)} more"


RECRUITING = (
    "Money for recruiting buys partners at what one more takes: its onboarding, and its enablement as long as it is "
    "active in the months shown. It is spent evenly from the start of the program to the last month, so partners that "
    "come late have little time to bring anything. The people who recruit are in the fixed program cost, which stays."
)
ALIKE = (
    "Further partners are as good as those of the inputs, however many there are. What else they cause (payouts, cost "
    "of revenue, cost per customer) is taken off."
)
SEGMENTS = {
    True: "Segments limit what can be won: what one motion wins there, others do not, and that is counted.",
    False: "No segments are set, so nothing limits what can be won. Set them under All inputs, Market, to see where "
    "more money stops working.",
}
UNKNOWN_RESPONSE = (
    "What more enablement or a larger program brings no input says, so neither is ranked. The table says what the "
    "money would have to reach, with all else as it is, to bring itself back within the months shown."
)


def splits(found: Split, currency: str) -> pd.DataFrame:
    """Return motions × how a budget is split now and best, as text."""
    rows = [
        {
            "Motion": NAMES[one.program],
            "Now": money(one.now, currency),
            "Best": money(one.best, currency),
            "Nearly as good": f"{money(one.flat[0], currency)} to {money(one.flat[1], currency)}",
            "Bounds": f"{money(one.low, currency)} to {money(one.high, currency)}",
            f"Next {money(found.step, currency)} bring": MONEY.difference(one.more, currency),
        }
        for one in found.parts
    ]
    return pd.DataFrame(rows).set_index("Motion")


def gains(found: Split, currency: str) -> str:
    """Say how sure it is that the best split is better than what is spent now, over the draws."""
    low, high = (MONEY.difference(one, currency) for one in found.ends or (0.0, 0.0))
    better = percent(float((found.drawn > 0).mean()), 0)
    return f"Against what is spent now, P10 {low} to P90 {high}; better in {better} of the draws."


def assumptions(found: Split) -> list[str]:
    """Say what a split rests on."""
    slope = (
        "Shared segments fill up, so each further amount brings less; found by scipy.optimize (SLSQP) from several "
        "starts, which may miss a better split elsewhere."
        if found.shared
        else "Each further amount brings as much as the one before, so the best split lies at bounds: these decide it, "
        "and they are yours to set."
    )
    return [
        slope,
        f"Nearly as good: within {percent(NEAR, 0)} of what these motions contribute at the best, with the others set "
        "to fit; at least so wide, as only some splits are tried.",
        "A bound that is left empty is half of what is spent now, or double: our assumption.",
        "Sought is the most contribution of all programs, less the profit of customers that would have come anyway, "
        "by the share of incremental customers of each program.",
    ]


def hires(found: Capacity, currency: str) -> list[str]:
    """Say what a team costs, and what is not known of it."""
    said = []
    if found.there is None:
        said.append("People there today are not given: the first month has all that are needed then.")
    if found.cost is not None:
        said.append(
            f"All people together: {money(found.cost, currency)} in {count(len(found.work), 'month')}. It is not added "
            "to the program cost, which may have them in it already."
        )
    if found.unknown:
        said.append(f"Left out, as nobody has said how many partners one person can carry: {names(found.unknown)}.")
    return said


def names(programs: Sequence[str]) -> str:
    """Return the names of programs as in a sentence."""
    return listed([NAMES[name].lower() if at else NAMES[name] for at, name in enumerate(programs)])
