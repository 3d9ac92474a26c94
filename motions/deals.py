"""One deal under each motion side by side: what you keep, the playbook's range around it, and what that means."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from motions.economics.model.deal import Deal, deal_range, preset_deal
from motions.names import NAMES
from motions.playbook.models import Figure, Motion
from motions.playbook.own_models import Own
from motions.text import count, listed, money, percent

CURRENCY = "USD"
"""The playbook's amounts are in dollars, and so is the deal."""


@dataclass(frozen=True)
class Offer:
    """What one customer comes to under a motion, at the payout that the playbook states."""

    motion: str
    name: str
    deal: Deal
    stated: str
    """the payout as the playbook has it, in words"""
    ends: tuple[float, float] | None = None
    """[money] what the vendor keeps at the worst and the best end of the playbook's range; None without a range"""

    @property
    def kept(self) -> float | None:
        """What the vendor keeps; None where no payout is stated."""
        return self.deal.contribution

    @property
    def through(self) -> str:
        """The motion's name inside a sentence; a name of a company's own stays as it is written."""
        return self.name.lower() if self.motion in NAMES else self.name

    @property
    def best(self) -> float:
        """What the vendor keeps at the best end of the range, or without one."""
        return self.ends[1] if self.ends else self.kept or 0.0


def offers(own: Own, chosen: Sequence[str], list_price: float, gross_margin: float, term: int) -> tuple[Offer, ...]:
    """Return the deal under each chosen motion: where you keep most first, those without a stated payout last."""
    found = [
        _offer(own, motion, list_price, gross_margin, term) for motion in own.playbook.motions if motion.id in chosen
    ]
    return tuple(sorted(found, key=lambda one: (one.kept is None, -(one.kept or 0))))


def _offer(own: Own, motion: Motion, list_price: float, gross_margin: float, term: int) -> Offer:
    terms, deal = own.deal(motion.id), (list_price, gross_margin, term)
    ends, share = None, motion.share
    if share and share.low < share.high:
        dear, cheap = reversed(deal_range(terms.motion, (share.low, share.high), *deal))
        ends = (dear.contribution or 0.0, cheap.contribution or 0.0)
    worked_out = preset_deal(
        **asdict(terms), list_price=list_price, gross_margin=gross_margin, term=term,
    )  # fmt: skip
    return Offer(motion.id, own.names[motion.id], worked_out, stated(motion, own.of_motion(motion.id, "figures")), ends)


def stated(motion: Motion, yours: bool = False) -> str:
    """Return the payout that the playbook states, in words; `yours` where a company's own playbook has the figures."""
    example = "" if yours else ", one example"
    if motion.share is None:
        other = next(iter(motion.figures), None)
        if other is None:
            return "not stated"
        return _ends(other) + (" a year" if yours else f" credit a year{example}")
    low, high = motion.share.low, motion.share.high
    return f"{low * 100:.0f} to {percent(high, 0)}" if high > low else f"{percent(low, 0)}{example}"


def _ends(figure: Figure) -> str:
    return " to ".join(dict.fromkeys((money(figure.low), money(figure.high))))


def answer(found: Sequence[Offer], list_price: float, gross_margin: float, term: int) -> str:
    """Say what you keep of a customer through the motion where that is most, and where it is least."""
    known = [one for one in found if one.kept is not None]
    if not known:
        return "What you keep of a customer is not known: the playbook states no payout."
    said = f"At {money(list_price)} and {percent(gross_margin, 0)} you keep "
    most, least = known[0], known[-1]
    over = f"{money(most.kept)} of a customer over {count(term, 'month')}"
    if len(known) == 1:
        unknown = listed([one.through for one in found if one.kept is None], "or")
        return f"{said}{over} through {most.through}; no payout is stated for {unknown}."
    if money(most.kept) == money(least.kept):
        return f"{said}{over} through {listed([one.through for one in known], 'or')} alike."
    return f"{said}{over} through {most.through}, {money(least.kept)} through {least.through}."


@dataclass(frozen=True)
class Meaning:
    """What the deals mean beside one another: the gap, how many times the least it is, and what can be concluded."""

    title: str
    gap: str
    times: str
    lines: tuple[str, ...]


def meaning(found: Sequence[Offer]) -> Meaning | None:
    """Return what the best and the least motion mean beside one another; None where fewer than two payouts are stated.

    Nothing is concluded from a range that the playbook does not give.
    """
    known = [one for one in found if one.kept is not None]
    if len(known) < 2:
        return None
    most, least = known[0], known[-1]
    top, low = most.kept or 0.0, least.kept or 0.0
    ratio = top / low if low > 0 else None
    lines = []
    if ratio and ratio >= 1.05:
        lines.append(
            f"It takes {ratio:.1f} customers through {least.through} for what you keep of one through {most.through}."
        )
    lines.append(_order(known))
    if missing := [one.through for one in found if one.kept is None]:
        lines.append(f"Not ranked: {listed(missing)}, as no payout is stated.")
    times = f"{ratio:.1f} times {least.through}" if ratio else ""
    return Meaning(f"More through {most.through} than {least.through}", money(top - low), times, tuple(lines))


def _order(known: Sequence[Offer]) -> str:
    """Say whether the first one stays first within the playbook's ranges."""
    first = known[0]
    worst = first.ends[0] if first.ends else first.kept or 0.0
    ahead = [one for one in known[1:] if one.best > worst]
    if ahead:
        rival = max(ahead, key=lambda one: one.best)
        return (
            f"The playbook's ranges can change the order: at the best end you keep {money(rival.best)} through "
            f"{rival.through}, at the worst {money(worst)} through {first.through}."
        )
    return f"No payout in the playbook's ranges puts another before {first.through}."


def counted(own: Own) -> str:
    """Say what the deal is made of, for whoever asks about it."""
    return (
        "Each customer has the churn, support and expansion of the motion's preset in the simulator; no program cost "
        "is counted. The payout is the playbook's: the middle of its range, or its one example (a credit counted once, "
        "70 % of it redeemed, and a commission for 12 months: ours). The line below a bar is what is kept over the "
        f"playbook's range. {own.deals_said}"
    ).strip()
