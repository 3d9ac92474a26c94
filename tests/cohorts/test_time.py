"""Files that give a wrong figure because of time: months, ends and beginnings. The right values are counted by hand.

Twenty accounts pay 100 a month from 2025-01 to 2026-10, those with odd numbers are brought by two affiliates.
"""

import pytest

from motions.cohorts.metrics import metrics as m
from tests.cohorts.test_meaning import ACCOUNTS, MONTHS, answered, asked, remarks, value
from tests.cohorts.test_siblings import EVERY, OLD, OTHERS, SOON, THEIRS, program, revenue

pytestmark = pytest.mark.proof

P1 = EVERY[1::4]


def rows(row, months=MONTHS, who=tuple(EVERY), header="account_id,month,mrr"):
    return f"{header}\n" + "".join(row(one, month) for month in months for one in who)


def paying(mrr, header="account_id,month,mrr"):
    """Rows of every account and month; of an amount of none there is no row."""
    said = {(one, month): mrr(one, month) for month in MONTHS for one in EVERY}
    return rows(lambda one, month: f"{one},{month},{said[one, month]}\n" if said[one, month] else "", header=header)


# Accounts that end together


@pytest.mark.parametrize("late", [2, 5])
def test_a_file_that_is_late_by_months_is_asked_and_said(load, late):
    files = {"theirs": revenue(MONTHS[:-late], THEIRS), "others": revenue(MONTHS, OTHERS)}
    found = program(load, **files)
    last = MONTHS[-late - 1]
    (question,) = asked(found)
    assert (question.file, question.part, question.matters) == ("theirs.csv", "ended", True)
    assert f"All 10 accounts of theirs.csv that pay in {last} pay last then, and others" in question.asks
    assert (value(found, "mrr"), remarks(found).count("pay last then")) == (None, 0)
    late_, left = question.options
    again = program(load, **files, corrections=answered(found, "theirs.csv", ("ended", "ended", late_)))
    assert (m.month_name(again.ledger.last_month), value(again, "mrr", "Partner")) == (last, 1000)
    assert (value(again, "customer_churn"), asked(again)) == (0, [])
    assert "is not in all files (theirs.csv)" in remarks(again)
    again = program(load, **files, corrections=answered(found, "theirs.csv", ("ended", "ended", left)))
    assert (value(again, "mrr"), asked(again)) == (1000, [])
    assert "pay last then" not in remarks(again)


def test_a_file_that_is_a_month_late_can_be_said_to_have_ended(load):
    files = {"theirs": revenue(MONTHS[:-1], THEIRS), "others": revenue(MONTHS, OTHERS)}
    said = answered(program(load, **files), "theirs.csv", ("ended", "ended", "they have left"))
    again = program(load, **files, corrections=said)
    assert (again.ledger.last_month, value(again, "mrr"), asked(again)) == (2026 * 12 + 9, 1000, [])


@pytest.mark.parametrize("last", ["2026-09", "2026-07", "2025-11"])
@pytest.mark.parametrize(
    ("who", "are"), [(P1, "brought by partner P1"), (THEIRS, "of motion affiliate")], ids=["a partner", "a motion"]
)
def test_accounts_of_one_partner_or_motion_that_end_together_are_named(load, last, who, are):
    found = program(load, r=paying(lambda one, month: "" if one in who and month > last else "100"))
    said = f"All {len(who)} accounts {are} that pay in {last} pay last then"
    if who is P1 or last != "2026-09":  # half of all in the last month is a month that looks unfinished
        assert said in remarks(found)


@pytest.mark.parametrize("header", ["source_system", "product", "region"])
def test_a_column_that_is_not_read_tells_who_ends_together(load, header):
    who = EVERY[:6]
    told = paying(
        lambda one, month: "" if one in who and month > "2026-08" else f"100,{'Old' if one in who else 'New'}",
        header=f"account_id,month,mrr,{header}",
    )
    assert f"All 6 accounts with 'Old' in {header} of r.csv that pay in 2026-08 pay last then" in remarks(
        program(load, r=told)
    )


def test_blank_cells_of_a_sheet_at_its_end_are_named(load):
    cells = {one: ["" if one in P1 and month > "2026-08" else "100" for month in MONTHS] for one in EVERY}
    sheet = f"Customer,{','.join(MONTHS)}\n" + "".join(f"{one},{','.join(cells[one])}\n" for one in EVERY)
    found = load({"a.csv": ACCOUNTS, "MRR.csv": sheet})
    assert "All 5 accounts brought by partner P1 that pay in 2026-08 pay last then" in remarks(found)


def test_a_file_that_lacks_several_months_between_is_said(load):
    theirs = revenue([month for month in MONTHS if month not in ("2026-05", "2026-06")], THEIRS)
    found = program(load, theirs=theirs, others=revenue(MONTHS, OTHERS))
    assert "theirs.csv has no row of 2026-05 to 2026-06, which other files have" in remarks(found)


def commissions(partner, months):
    rows_ = "".join(f"c{partner}{month},{partner},{month}-10,100\n" for month in months)
    return f"commission_id,partner_id,created_at,commission\n{rows_}"


def test_commissions_of_one_platform_that_end_before_others_are_said(load):
    files = {"a": SOON, "r": revenue(MONTHS[16:]), "one": commissions("P1", MONTHS[10:])}
    found = program(load, **files, two=commissions("P2", MONTHS[10:-3]))
    assert "Spend on payout in two.csv ends with 2026-07, in other files with 2026-10" in remarks(found)


@pytest.mark.parametrize(
    "two",
    [
        commissions("P2", MONTHS[10:]),
        commissions("P2", [month for month in MONTHS if month[5:] in ("03", "06", "09", "12")]),  # by the quarter
        commissions("P2", MONTHS[:10]),  # of the year before
    ],
    ids=["as long", "by the quarter", "before"],
)
def test_commissions_that_end_with_others_or_are_paid_by_the_quarter_are_not_late(load, two):
    files = {"a": SOON, "r": revenue(MONTHS[16:]), "one": commissions("P1", MONTHS[10:])}
    assert "in other files with" not in remarks(program(load, **files, two=two))


# Accounts that begin together


def test_a_file_that_begins_later_than_its_accounts_is_said(load):
    found = program(load, a=OLD, theirs=revenue(MONTHS[17:], THEIRS), others=revenue(MONTHS, OTHERS))
    said = "All 10 accounts of theirs.csv that pay in 2026-06 first pay then, and signed up long before"
    assert said in remarks(found)
    young = program(load, a=SOON, theirs=revenue(MONTHS[17:], THEIRS), others=revenue(MONTHS, OTHERS))
    assert "first pay then" not in remarks(young)  # a launch


def test_a_first_month_that_may_be_a_part_of_one_is_said_where_spend_begins_with_it(load):
    begins = revenue(["2025-11"], EVERY[::5]) + revenue(MONTHS[11:]).split("\n", 1)[1]
    spend = rows(lambda _, month: f"{month},100,payout,affiliate\n", MONTHS[10:], ["P1"], "month,amount,kind,motion")
    found = program(load, a=OLD, r=begins, x=spend)
    said = "16 accounts that signed up long before first pay in 2025-12, the month after the first: they count as new."
    assert said in remarks(found)


@pytest.mark.parametrize("part", [(), ("A00", "A01", "A05", "A06")], ids=["missing", "unfinished"])
def test_who_may_have_begun_in_a_month_that_is_not_known_is_named(load, part):
    new = EVERY[:4]

    def mrr(one, month):
        return "" if (one in new and month < "2026-06") or (month == "2026-06" and one not in part) else "100"

    spend = rows(lambda _, month: f"{month},100,payout,affiliate\n", MONTHS, ["P1"], "month,amount,kind,motion")
    found = program(load, r=paying(mrr), x=spend)
    assert "4 customers with a first payment in 2026-07 may have begun in 2026-06, which is not known" in remarks(found)
    assert value(found, "cpa", "Partner") is None  # nobody knows how many of July's payouts they are of


# Amounts of another time than their month

YEAR_TO_DATE = paying(lambda _, month: 100 * int(month[5:]))
SINCE_THE_START = paying(lambda _, month: 100 * (MONTHS.index(month) + 1))


@pytest.mark.parametrize("sums", [YEAR_TO_DATE, SINCE_THE_START], ids=["of a year", "since the start"])
def test_sums_since_a_start_are_asked(load, sums):
    found = program(load, r=sums)
    (question,) = asked(found)
    assert (value(found, "mrr"), question.options) == (None, ("revenue", "not used"))
    assert "rise from nearly every month to the next" in question.asks
    again = program(load, r=sums, corrections=answered(found, "r.csv", ("kind", "kind", "revenue")))
    assert (value(again, "mrr"), asked(again)) == (20 * int(sums.strip().rsplit(",", 1)[1]), [])


@pytest.mark.parametrize(
    "mrr",
    [
        lambda one, month: 60 + 10 * int(month[5:]) + int(one[1:]) * int(month[5:]) % 7,
        lambda one, month: round(100 * 1.05 ** MONTHS.index(month)),
        lambda one, month: round(20 * 1.25 ** MONTHS.index(month)),
        lambda one, month: 50 + 10 * (MONTHS.index(month) + int(one[1:]) % 3),
    ],
    ids=["a season", "a rise in prices", "growth", "seats"],
)
def test_amounts_that_rise_are_no_sums(load, mrr):
    found = program(load, r=paying(mrr))
    assert (value(found, "mrr"), asked(found)) == (sum(mrr(one, "2026-10") for one in EVERY), [])


def test_periods_of_four_weeks_are_no_months(load):
    periods = [f"{year}-{at:02d}" for year in (2025, 2026) for at in range(1, 14) if (year, at) < (2026, 11)]
    found = program(load, r=revenue(periods))
    assert value(found, "mrr") is None
    assert "numbers its periods up to 13 ('2025-13')" in str(found.refused[0])


def test_months_of_a_quarter_each_are_said(load):
    found = program(load, r=revenue([month for month in MONTHS if month[5:] in ("03", "06", "09", "12")]))
    assert "Only one month in 3 has revenue: if its amounts are of all 3, MRR is a part of what is shown" in remarks(
        found
    )


def test_a_year_that_is_paid_at_once_is_said(load):
    def mrr(one, month):
        prepays = one in EVERY[:8]
        return "100" if not prepays or month < "2026-04" else "1200" if month == "2026-04" else ""

    said = "8 accounts, such as A00, pay 9 to 13 times as much in their last month as before, as if for a year at once"
    assert said in remarks(program(load, r=paying(mrr)))
    grown = paying(lambda one, month: "1200" if one in EVERY[:8] and month > "2026-03" else "100")
    assert remarks(program(load, r=grown)) == ""  # and they stay


def test_ids_that_are_spelled_in_two_ways_are_said_where_no_list_tells(load):
    found = load({"r.csv": revenue(MONTHS) + "".join(f"{one.lower()},2026-10,100\n" for one in EVERY)})
    assert "40 account ids look like 20 accounts: A00 and a00 are the same but for their spelling" in remarks(found)


# What takes back, in files that are no invoices


@pytest.mark.parametrize("amount", ["20", "-20"])
@pytest.mark.parametrize(("status", "said"), [(",status", ",paid"), ("", "")])
def test_credit_notes_among_revenue_are_asked_and_taken_off(load, amount, status, said):
    paid = rows(
        lambda one, month: f"{one},{month},100,invoice{said}\n{one},{month},{amount},Credit note{said}\n",
        header=f"account_id,month,mrr,type{status}",
    )
    found = program(load, r=paid)
    (question,) = asked(found)
    assert (value(found, "mrr"), question.options) == (None, ("invoices", "revenue"))
    again = program(load, r=paid, corrections=answered(found, "r.csv", ("kind", "kind", "invoices")))
    assert (value(again, "mrr"), asked(again)) == (1600, [])


def test_what_is_clawed_back_from_partners_is_taken_off(load):
    earned = "".join(f"c{at},P1,{month}-10,100,paid,commission\nb{at},P1,{month}-11,10,paid,clawback\n"
                     for at, month in enumerate(MONTHS[16:]))  # fmt: skip
    header = "commission_id,partner_id,created_at,commission,status,type"
    found = program(load, a=SOON, r=revenue(MONTHS[16:]), c=f"{header}\n{earned}")
    assert (value(found, "cpa", "Partner"), asked(found)) == (54, [])


# Honest files


def test_a_season_that_ends_and_comes_back_has_not_left(load):
    winter = [month for month in MONTHS if month[5:] in ("11", "12", "01", "02", "03", "04")]
    skiers = [f"S{at:02d}" for at in range(12)]
    listed = ACCOUNTS + "".join(f"{one},2024-11-05,affiliate,P1\n" for one in skiers)
    for files in (
        {"r": revenue(MONTHS), "ski": revenue(winter, skiers)},
        {"r": revenue(MONTHS) + revenue(winter, skiers).split("\n", 1)[1]},
    ):
        found = program(load, a=listed, **files)
        assert (remarks(found), asked(found)) == ("", [])


@pytest.mark.parametrize("left", [("A01", "A05"), ("A01", "A05", "A09")])
def test_some_customers_of_a_partner_may_leave_in_a_month(load, left):
    found = program(load, r=paying(lambda one, month: "" if one in left and month > "2026-03" else "100"))
    assert (remarks(found), value(found, "mrr")) == ("", 2000 - 100 * len(left))


def test_files_of_a_month_or_a_year_each_end_and_begin_nobody(load):
    for spans in ([MONTHS[:12], MONTHS[12:]], [[month] for month in MONTHS]):
        found = program(load, **{f"r{months[0]}": revenue(months) for months in spans})
        assert (remarks(found), asked(found), value(found, "mrr")) == ("", [], 2000)


def test_accounts_that_leave_one_by_one_have_left(load):
    found = program(load, r=paying(lambda one, month: "" if int(one[1:]) < MONTHS.index(month) - 4 else "100"))
    assert (remarks(found), value(found, "mrr")) == ("", 300)


def test_a_slip_in_some_months_is_no_period_of_four_weeks(load):
    found = program(load, r=revenue(MONTHS) + "A00,2025-13,100\nA01,2025-13,100\nA02,2025-13,100\n")
    assert (value(found, "mrr"), found.refused) == (2000, ())


def test_payouts_are_a_share_of_the_revenue_of_every_month_that_both_have(load):
    spend = rows(lambda _, month: f"{month},100,payout,affiliate\n", MONTHS, ["P1"], "month,amount,kind,motion")
    found = program(load, r=revenue([month for month in MONTHS if month != "2026-06"]), x=spend)
    measured = m.measure(m.BY_ID["payout_share"], found.ledger, m.Settings(as_of=found.ledger.last_month), m.PARTNER)
    assert (measured.value, measured.over.split(":")[0]) == (0.1, "over 11 of 12 months")
