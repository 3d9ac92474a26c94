"""Columns and rows of honest files that look like what does not count. The right values are counted by hand.

Twenty accounts pay 100 a month from 2025-01 to 2026-10.
"""

import pytest

from tests.cohorts.test_meaning import MONTHS, REVENUE, WRITTEN, asked, value
from tests.cohorts.test_siblings import EVERY, program


def invoices(header, row, back):
    rows = "".join(row.format(month=month, one=one) + back.format(month=month, one=one)
                   for month in MONTHS for one in EVERY)  # fmt: skip
    return f"{header}\n{rows}"


@pytest.mark.parametrize(("status", "mrr"), [("void", 2000), ("draft", 2000), ("failed", 2000), ("refunded", 1600)])
def test_what_never_was_takes_nothing_back_and_a_refund_does(load, status, mrr):
    back = "c{month}{one},{one},{month}-20,-20," + status + "\n"
    bills = invoices(
        "invoice_number,customer_id,invoice_date,total,status", "i{month}{one},{one},{month}-05,100,paid\n", back
    )
    assert value(program(load, i=bills), "mrr") == mrr


def test_a_rejected_clawback_lowers_no_payout(load):
    rows = "".join(f"c{m},P1,{m}-10,100,paid\nb{m},P1,{m}-11,-10,rejected\n" for m in MONTHS)
    found = program(load, r=REVENUE, c=f"commission_id,partner_id,created_at,commission,status\n{rows}")
    report = next(file for file in found.files if file.name == "c.csv")
    assert (report.accepted, report.left_out) == (22, 22)


@pytest.mark.parametrize(("invoice", "credit"), [("Rechnung", "Gutschrift"), ("Facture", "Avoir")])
def test_what_an_invoice_is_called_elsewhere_is_known(load, invoice, credit):
    bills = invoices(
        "invoice_number,customer_id,invoice_date,total,type",
        "i{month}{one},{one},{month}-05,100," + invoice + "\n",
        "c{month}{one},{one},{month}-20,20," + credit + "\n",
    )
    found = program(load, i=bills)
    assert (value(found, "mrr"), asked(found)) == (1600, [])


@pytest.mark.parametrize("stamp", ["01T00:59:00Z", "01T02:15:10Z", "28T23:59:59"])
def test_a_time_that_is_no_start_of_a_month_elsewhere_stands_in_the_month_that_is_written(load, stamp):
    rows = "".join(f"{one},{m}-{stamp},{110 if m == '2026-10' else 100}\n" for m in MONTHS for one in EVERY)
    found = program(load, r=f"account_id,month,mrr\n{rows}")
    assert (found.ledger.last_month, value(found, "mrr")) == (2026 * 12 + 9, 2200)


@pytest.mark.parametrize(
    ("end", "after", "month", "mrr"),
    [
        ("2026-03-01", "2026-03-01", 2, 2400),
        ("2026-03-02", "2026-03-01", 2, 2400),
        ("2026-03-02", "2026-02-27", 1, 2400),  # both run at the end of February
    ],
)
def test_a_term_that_ends_some_days_late_is_no_second_one(load, end, after, month, mrr):
    rows = "".join(f"s{at},A{at:02d},2025-01-05,{end},100\ns{at},A{at:02d},{after},,120\n" for at in range(20))
    found = program(load, s=f"subscription_id,customer_id,start_date,end_date,mrr\n{rows}", written=WRITTEN)
    assert [one for one in asked(found) if one.part == "several"] == []
    assert value(found, "mrr", as_of=2026 * 12 + month) == mrr
