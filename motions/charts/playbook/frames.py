"""What one deal leaves to each side: the frame of the chart."""

from collections.abc import Sequence

import pandas as pd

from motions.charts.frame import framed
from motions.deals import Offer


def same_deal(offers: Sequence[Offer]) -> pd.DataFrame:
    """Return who gets what of one customer's payments, a row for each motion.

    motion: its id; name. spend [money]: what the customer pays. contribution, cost_of_revenue, partner_keeps [money]:
    what it is divided into; contribution and partner_keeps are missing where no payout is stated. worst, best [money]:
    the contribution at the ends of the playbook's range, missing without one. stated: the payout in words.
    """
    columns = (
        "motion", "name", "spend", "contribution", "cost_of_revenue", "partner_keeps", "worst", "best", "stated",
    )  # fmt: skip
    rows = []
    for one in offers:
        deal, (worst, best) = one.deal, one.ends or (None, None)
        parts = (deal.contribution, deal.cost_of_revenue, deal.partner_keeps)
        rows.append((one.motion, one.name, deal.spend, *parts, worst, best, one.stated))
    return framed(columns, rows)
