"""The chart of a replay: what partners get, worked out by hand, and how it is drawn."""

import math

import pytest

from motions.charts import replay as charts
from motions.charts.frame import framed
from motions.charts.replay import drawing, frames
from motions.charts.style import LOOKS, ORGANIC
from motions.cohorts.ledger.accounts import read_attributed
from motions.cohorts.metrics import metrics as m
from motions.economics.inputs.terms import PayoutPlan, PercentOfRevenue
from motions.replay import replay
from tests.charts.drawn import named, names, points

FILES = {
    "accounts.csv": """account_id,signed_up_on,motion,partner_id
A1,2026-01-03,affiliate,P1
A2,2026-01-05,affiliate,P2
A3,2026-02-10,affiliate,P3
""",
    "revenue.csv": """account_id,month,mrr,currency
A1,2026-01,100,USD
A1,2026-02,100,USD
A2,2026-02,50,USD
A3,2026-02,30,USD
""",
    "partners.csv": """partner_id,name,motion,recruited_on
P1,Uno,affiliate,2025-12-01
P2,Due,affiliate,2025-12-01
P3,Tre,affiliate,2025-12-01
P4,Quattro,affiliate,2025-12-01
""",
    "spend.csv": """month,amount,kind,motion,partner_id,currency
2026-01,90,payout,affiliate,P1,USD
2026-02,2,payout,affiliate,P2,USD
2026-02,7.50,payout,affiliate,P3,USD
""",
}
QUARTER = PayoutPlan(percent=PercentOfRevenue(rate=0.25, duration="lifetime"))
FEBRUARY = m.Settings(as_of=2026 * 12 + 1, window=3)


@pytest.fixture
def found(load):
    accounts = {}
    program = load(FILES, then=lambda con: accounts.update(read_attributed(con)))
    return replay(accounts["affiliate"], program.ledger, FEBRUARY, QUARTER)


def test_what_partners_get_by_hand(found):
    # A quarter of 200, 50 and 30, less what was posted; the largest change first, who earns nothing left out.
    assert frames.changes(found).to_numpy().tolist() == [
        ["Uno", "P1", 50.0, 90.0, -40.0, "less"],
        ["Due", "P2", 12.5, 2.0, 10.5, "more"],
        ["Tre", "P3", 7.5, 7.5, 0.0, "the same"],
    ]
    chart = charts.changes(found)
    assert chart.title == "Affiliates: 1 partner would earn more, 1 less"
    assert chart.alt == (
        f"{chart.title}. New terms by partner: Uno $50 instead of $90, Due $12.50 instead of $2 and Tre $7.50 instead "
        "of $7.50."
    )


def test_without_payouts_there_is_nothing_to_compare_with(load):
    accounts = {}
    files = {name: text for name, text in FILES.items() if name != "spend.csv"}
    program = load(files, then=lambda con: accounts.update(read_attributed(con)))
    found = replay(accounts["affiliate"], program.ledger, FEBRUARY, QUARTER)
    frame = frames.changes(found)
    assert frame["new"].tolist() == [50.0, 12.5, 7.5]
    assert all(math.isnan(value) for value in (*frame["against"], *frame["change"]))
    chart = charts.changes(found)
    assert names(chart) == ["New terms"]
    assert chart.title == "Affiliates: 3 partners would have earned $70 under the new terms"
    assert chart.frame.columns.tolist() == ["Partner", "Partner id", "New terms (USD)"]


COLUMNS = ("partner", "partner_id", "new", "against", "change", "result")
CHANGES = framed(
    COLUMNS,
    [
        ("Same <b>", "P1", 500.0, 100.0, 400.0, "more"),
        ("Same <b>", "P2", 50.0, 150.0, -100.0, "less"),
        ("Tre", "P3", 7.0, 7.0, 0.0, "the same"),
    ],
)


def test_new_terms_stand_beside_what_they_are_compared_with():
    chart = drawing.changes(CHANGES, "reseller", "Really paid", "USD")
    assert names(chart) == ["Really paid", "New terms"]
    labels = ["Same &lt;b&gt; (P1) ▲", "Same &lt;b&gt; (P2) ▼", "Tre ="]
    assert points(named(chart, "New terms")) == list(zip([500, 50, 7], labels, strict=True))
    assert points(named(chart, "Really paid")) == list(zip([100, 150, 7], labels, strict=True))
    assert named(chart, "New terms").marker.color == LOOKS["reseller"].colour
    assert named(chart, "Really paid").marker.color == ORGANIC.colour
    assert named(chart, "Really paid").hovertext[1] == "Same &lt;b&gt; (P2) ▼: really paid $150.00"
    assert chart.figure.layout.barmode == "group"
    assert chart.figure.layout.yaxis.autorange == "reversed"
    assert chart.title == "Resellers: 1 partner would earn more, 1 less"
    # What is what stands behind the shortest bars, where there is most room.
    assert named(chart, "New terms").text == ("$500", "$50", "$7 <b>new terms</b>")
    assert named(chart, "Really paid").text == ("$100", "$150", "$7 <b>really paid</b>")


def test_ten_are_drawn_and_all_are_counted():
    rows = [(f"N{at}", f"P{at}", 100.0 - at, 50.0, 50.0 - at, "more") for at in range(14)]
    chart = drawing.changes(framed(COLUMNS, rows), "affiliate", "Really paid", "USD")
    assert len(named(chart, "New terms").x) == 10
    assert chart.title == "Affiliates: 14 partners would earn more, none less; the 10 largest changes"
    assert len(chart.frame) == 14


def test_the_larger_number_is_said_first():
    rows = [(f"N{at}", f"P{at}", 1.0, 2.0, -1.0, "less") for at in range(3)]
    assert drawing.changes(framed(COLUMNS, rows), "affiliate", "Really paid", "USD").title == (
        "Affiliates: 3 partners would earn less, none more"
    )


def test_nobody_earns():
    chart = drawing.changes(framed(COLUMNS, []), "affiliate", "Really paid", "USD")
    assert chart.empty
    assert chart.alt.endswith("New terms by partner: there are none.")
