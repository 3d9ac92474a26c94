"""What partners would have under other terms: the frame of the chart."""

import pandas as pd

from motions.charts.frame import framed
from motions.replay import Replay, order, word


def changes(found: Replay) -> pd.DataFrame:
    """Return what partners get, a row for each that earns or whose earnings change, the largest change first.

    partner, partner_id: as the files have them. new [money]: under the new terms. against [money]: what it is compared
    with; change [money]: new less that, both NaN without anything to compare with. result: more, less or the same.
    """
    return framed(
        ("partner", "partner_id", "new", "against", "change", "result"),
        [
            (
                found.names[at],
                found.accounts.partner_ids[at],
                int(found.new.earnings[at]) / 100,
                None if found.against is None else int(found.against.earnings[at]) / 100,
                None if found.against is None else found.changed(at) / 100,
                "" if found.against is None else word(found.changed(at)),
            )
            for at in order(found)
            if found.new.earnings[at] or found.changed(at)
        ],
    )
