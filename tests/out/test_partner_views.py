"""A partner's own page: its figures, and nothing of others."""

import io
import re
import zipfile
from datetime import date

import pytest

from motions.cohorts.metrics import metrics as m
from motions.out.partner_views import OTHERS, others_of, partner_page, partner_pages

TODAY = date(2026, 11, 22)
EVIL = "<script>alert(1)</script>/../x"


def program(load, partners, customers):
    """Affiliates with so many customers each, all paying from 2025-06 on."""
    months = [f"2025-{at:02d}" for at in range(4, 13)]
    accounts, revenue = "account_id,signed_up_on,motion,partner_id\n", "account_id,month,mrr\n"
    for name in partners:
        for at in range(customers):
            accounts += f"{name}{at},{months[at % 3]}-05,affiliate,{name}\n"
            revenue += "".join(f"{name}{at},{month},{10 + at}\n" for month in months[2:])
    listed = "partner_id,name,motion,recruited_on\n" + "".join(
        f'{name},"{EVIL if name == "P0" else f"Partner {name}"}",affiliate,2025-01-01\n' for name in partners
    )
    spend = "month,amount,kind,partner_id\n" + "".join(f"{month},175.5,payout,P1\n" for month in months[2:])
    ledger = load({"a.csv": accounts, "r.csv": revenue, "p.csv": listed, "s.csv": spend}).ledger
    return ledger, m.Settings(as_of=ledger.last_month)


@pytest.mark.parametrize(
    ("partners", "customers", "told"), [(OTHERS + 1, 10, True), (OTHERS, 10, False), (9, 9, False)]
)
def test_a_motion_stands_beside_only_where_enough_others_are_behind_it(load, partners, customers, told):
    ledger, settings = program(load, [f"P{at}" for at in range(partners)], customers)
    others = others_of(ledger, settings, "P1", "customer_churn")
    assert (others is not None) == told
    page = partner_page(ledger, settings, "P1", TODAY)
    assert ("Your motion" in page) == told
    if others is not None:
        assert m.signups(others, settings, m.PARTNER).value == (partners - 1) * customers


def test_a_figure_stands_beside_only_where_its_own_denominator_has_enough_others(load):
    """Two partners of two years and six of this year: NRR of the others would be that of one of them."""
    months = [f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(24)]
    accounts, revenue = "account_id,signed_up_on,motion,partner_id\n", "account_id,month,mrr\n"
    for number in range(8):
        start = 0 if number < 2 else 14
        for at in range(12):
            accounts += f"P{number}x{at},{months[start]}-05,affiliate,P{number}\n"
            revenue += "".join(f"P{number}x{at},{month},{37 if number == 1 else 50}\n" for month in months[start:])
    listed = "partner_id,name,motion,recruited_on\n" + "".join(f"P{at},N{at},affiliate,2024-01-01\n" for at in range(8))
    ledger = load({"a.csv": accounts, "r.csv": revenue, "p.csv": listed}).ledger
    settings = m.Settings(as_of=ledger.last_month)
    assert others_of(ledger, settings, "P0", "nrr") is None
    assert others_of(ledger, settings, "P0", "customer_churn") is not None
    # One that is most of the others is not hidden by them, and one that is in no list does not count.
    large = accounts + "".join(f"P7y{at},{months[14]}-05,affiliate,P7\n" for at in range(90))
    paying = revenue + "".join(f"P7y{at},{month},50\n" for at in range(90) for month in months[14:])
    ledger = load({"a.csv": large, "r.csv": paying, "p.csv": listed}).ledger
    assert others_of(ledger, settings, "P0", "customer_churn") is None
    few = "".join(listed.splitlines(keepends=True)[:6])
    ledger = load({"a.csv": accounts, "r.csv": revenue, "p.csv": few}).ledger
    assert others_of(ledger, settings, "P0", "customer_churn") is None


def test_who_left_after_a_month_that_nobody_knows_is_unknown(load):
    months = ["2025-04", "2025-05", "2025-07"]
    accounts = "account_id,signed_up_on,motion,partner_id\n" + "".join(
        f"A{at},2025-04-02,affiliate,P\n" for at in range(30)
    )
    revenue = "account_id,month,mrr\n" + "".join(
        f"A{at},{month},10\n" for month in months for at in range(15 if month == months[-1] else 30)
    )
    files = {
        "a.csv": accounts,
        "r.csv": revenue,
        "p.csv": "partner_id,name,motion,recruited_on\nP,P,affiliate,2025-01-01\n",
    }
    ledger = load(files, complete=[2025 * 12 + 6]).ledger
    page = partner_page(ledger, m.Settings(as_of=ledger.last_month), "P", TODAY)
    rows = {row[0]: row for row in re.findall("<tr>" + "<td>(.*?)</td>" * 7 + "</tr>", page)}
    assert rows["2025-05"][4] == "0"
    assert (rows["2025-04"][4], rows["2025-07"][4]) == ("unknown", "unknown")


def test_a_page_has_the_partners_own_figures_and_nothing_of_others(load):
    ledger, settings = program(load, [f"P{at}" for at in range(8)], 12)
    page = partner_page(ledger, settings, "P1", TODAY)
    own = ledger.of_partner("P1")
    assert f"<td>{m.signups(own, settings, m.PARTNER).value:,}</td>" in page
    assert "Partner P1" in page
    for other in ("P2", "P3", "Partner P4", "alert"):
        assert other not in page
    assert page.count("175.50") == 7  # what it earned, month by month
    assert "http" not in page.replace("http-equiv", "")
    assert "<script" not in page


def test_the_zip_has_a_page_for_each_partner_by_a_name_that_is_no_path(load):
    ledger, settings = program(load, ["P0", "P1", "P2"], 3)
    with zipfile.ZipFile(io.BytesIO(partner_pages(ledger, settings, TODAY))) as packed:
        names = packed.namelist()
        assert len(names) == 3
        assert all(re.fullmatch(r"[a-z0-9-]+\.html", name) for name in names)
        first = packed.read(next(name for name in names if "p0" in name)).decode()
    assert "&lt;script&gt;" in first
    assert "<script>" not in first


def test_how_long_customers_stay_is_the_partners_own_and_of_others_only_where_none_can_be_told(load):
    months = [f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(20)]

    def made(partners):
        accounts, revenue = "account_id,signed_up_on,motion,partner_id\n", "account_id,month,mrr\n"
        for number in range(partners):
            for at in range(16):
                paid = months[: 5 if at % 4 == number % 4 else 20]
                accounts += f"P{number}x{at},2024-01-05,affiliate,P{number}\n"
                revenue += "".join(f"P{number}x{at},{month},50\n" for month in paid)
        names = "".join(f"P{at},N{at},affiliate,2024-01-01\n" for at in range(partners))
        listed = f"partner_id,name,motion,recruited_on\n{names}"
        ledger = load({"a.csv": accounts, "r.csv": revenue, "p.csv": listed}).ledger
        return partner_page(ledger, m.Settings(as_of=ledger.last_month), "P0", TODAY)

    enough, few = made(OTHERS + 1), made(OTHERS)
    row = r"<tr><td>12</td><td>75\.0 % \([0-9. %to]+\)</td>"
    assert re.search(f"{row}<td>75\\.0 %", enough)
    assert re.search(f"{row}</tr>", few)
    assert '<polyline points="0,0.0 10,0.0' in few
    assert "50,25.0" in few


def test_a_large_partner_whose_customers_ended_early_does_not_stand_as_the_motion(load):
    months = [f"{2024 + at // 12}-{at % 12 + 1:02d}" for at in range(14)]
    accounts, revenue = "account_id,signed_up_on,motion,partner_id\n", "account_id,month,mrr\n"
    sizes = {"P0": 20, "BIG": 300, **{f"P{at}": 20 for at in range(1, OTHERS + 1)}}
    for partner, size in sizes.items():
        for at in range(size):
            accounts += f"{partner}x{at},2024-01-05,affiliate,{partner}\n"
            paid = months[:2] if partner == "BIG" else months
            revenue += "".join(f"{partner}x{at},{month},50\n" for month in paid)
    listed = "partner_id,name,motion,recruited_on\n" + "".join(f"{one},N,affiliate,2024-01-01\n" for one in sizes)
    ledger = load({"a.csv": accounts, "r.csv": revenue, "p.csv": listed}).ledger
    page = partner_page(ledger, m.Settings(as_of=ledger.last_month), "P0", TODAY)
    stays = page.split("How long your customers stay")[1].split("Month by month")[0]
    assert re.search(r"<tr><td>3</td><td>100.0 %", stays)
    assert not re.search(r"<tr><td>3</td><td>100.0 %[^<]*</td><td>[0-9]", stays)  # BIG's would be nearly all of it
