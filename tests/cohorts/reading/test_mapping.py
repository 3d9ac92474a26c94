"""Any export: forms told by the column, presets, mappings that are corrected and dropped in again, every trap."""

import random
import zipfile
from io import BytesIO

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from motions.cohorts.contract import BY_NAME, MOTION_WORDS, NOT_USED
from motions.cohorts.metrics import metrics as m
from motions.cohorts.reading.forms import decide_amount, decide_date
from motions.cohorts.reading.mapping import (
    LEAVE_OUT,
    NOBODY_KNOWS,
    Mapping,
    choose,
    presets,
    read_mappings,
    write_mappings,
)
from motions.cohorts.reading.recognise import recognise
from motions.errors import ContentError, FileError, MixedCurrencies
from tests.cohorts.reading.rows import ACCOUNTS, REVENUE, closing
from tests.conftest import examples


def questions(program_or_error):
    return [question for file in program_or_error.sources for question in file.questions]


def answer(sources, file, *answers):
    """The mapping of a file after answering: (part, key, value), …"""
    mapping = next(source for source in sources if source.name == file).complete()
    for part, key, value in answers:
        mapping = mapping.answered(part, key, value)
    return mapping


# How cells are written


@pytest.mark.parametrize(
    ("cells", "cents"),
    [
        (["$1,234.56", "$99.00"], 123456 + 9900),
        (["€1.234,56", "€99,00"], 123456 + 9900),
        (["1.234,5", "7"], 123450 + 700),
        (["USD 12.50", "1,000,000.00"], 1250 + 100_000_000),
        (["1 234.50", "5"], 123450 + 500),
        (["1'234.50", "5"], 123450 + 500),
        (["\u00a312.50", "\u00a37"], 1250 + 700),
        (["12,5 kr", "7 kr"], 1250 + 700),
        (["\u20b91,23,456.00", "12,34,567"], 12_345_600 + 123_456_700),
    ],
)
def test_money_as_text(load, cells, cents):
    rows = [["A1", f"2025-{at + 2:02d}", cell] for at, cell in enumerate(cells)]
    program = load({"a.csv": ACCOUNTS, "r.csv": [["account_id", "month", "mrr"], *rows]})
    assert program.rejects == ()
    assert closing(program) == cents


def test_negative_money_in_every_way_of_writing_it(load):
    amounts = ["(50.00)", "'-$50.00", "-50", "50.00-", "\u221250", "$1,050.00"]
    rows = [["2025-02", amount, "marketing"] for amount in amounts]
    program = load({"a.csv": ACCOUNTS, "s.csv": [["month", "amount", "kind"], *rows]})
    assert program.rejects == ()
    assert program.ledger.by_spend["amount"].sum() == -5 * 5000 + 105_000


def test_an_amount_that_could_be_thousands_or_decimals_is_asked(load):
    files = {"a.csv": ACCOUNTS, "r.csv": "account_id;month;mrr\nA1;2025-02;1.250\nA2;2025-02;900\n"}
    program = load(files)
    asked = questions(program)[0]
    assert (asked.file, asked.part, asked.key) == ("r.csv", "forms", "mrr")
    assert "'1.250'" in asked.asks
    assert "revenue" not in program.ledger.has  # unknown, not zero
    for form, cents in (("1.234,50", 125_000), ("1,234.50", 125)):
        mapping = answer(program.sources, "r.csv", ("forms", "mrr", form))
        again = load(files, mappings=[mapping])
        assert (closing(again), again.rejects) == (cents + 90_000, ())


def test_cents_in_one_file_and_whole_money_in_the_next(load):
    files = {
        "a.csv": ACCOUNTS,
        "cents.csv": "customer,month,mrr\nA1,2025-02,10000\nA1,2025-03,12.5\n",
        "whole.csv": "account_id,month,mrr\nA2,2025-03,80\n",
    }
    mapping = answer(load(files).sources, "cents.csv", ("forms", "mrr", "cents"))
    program = load(files, mappings=[mapping])
    assert closing(program) == 10_000 + 8_000
    assert [(reject.line, reject.value) for reject in program.rejects] == [(3, "12.5")]


def test_the_smallest_unit_of_a_currency_without_decimals_is_the_whole_one(load):
    files = {"a.csv": ACCOUNTS, "r.csv": "account_id,month,mrr,currency\nA1,2025-02,5000,JPY\n"}
    mapping = answer(load(files).sources, "r.csv", ("forms", "mrr", "cents"))
    assert m.mrr(load(files, mappings=[mapping]).ledger, m.Settings(as_of=2025 * 12 + 1), m.ALL).value == 5000


def test_two_currency_signs_without_a_currency_column_are_never_added(load):
    revenue = 'account_id,month,mrr\nA1,2025-02,"$1.50"\nA2,2025-02,"€1.50"\n'
    files = {"a.csv": ACCOUNTS, "r.csv": revenue}
    asked = questions(load(files))
    assert [(one.part, one.key) for one in asked] == [("words", "$")]
    assert "amounts in $ and EUR" in asked[0].asks
    mapping = answer(load(files).sources, "r.csv", ("words", "$", "CAD"))
    with pytest.raises(MixedCurrencies) as caught:
        load(files, mappings=[mapping])
    assert caught.value.currencies == ("CAD", "EUR")
    assert load(files, mappings=[mapping], currency="CAD").ledger.at("closing", 2025 * 12 + 1).sum() == 150


DATES = {
    "year-month-day": ["2025-01-31", "2025-02-05"],
    "with time zone": ["2025-01-31T23:30:00+02:00", "2025-02-05T00:00:00Z"],
    "day/month/year": ["31/01/2025", "05/02/2025"],
    "with points": ["31.1.2025", "5.2.2025"],
    "month/day/year": ["1/31/2025", "2/5/2025"],
    "year/month/day": ["2025/1/31", "2025/2/5"],
    "epoch seconds": ["1738281600", "1738713600"],
    "epoch milliseconds": ["1738281600000", "1738713600000"],
    "spreadsheet number": ["45688", "45693.5"],
    "digits": ["20250131", "20250205"],
    "month name": ["31 Jan 2025", "Feb 5, 2025"],
}


@pytest.mark.parametrize("days", DATES.values(), ids=DATES)
def test_every_way_of_writing_a_day(load, days):
    rows = [[f"A{at}", day] for at, day in enumerate(days)]
    program = load({"a.csv": [["account_id", "signed_up_on"], *rows]})
    assert program.rejects == ()
    assert sorted(program.ledger.by_cohort["cohort"].tolist()) == [2025 * 12, 2025 * 12 + 1]


@pytest.mark.parametrize("months", [["01/2025", "02/2025"], ["Jan 2025", "Feb-25"], ["202501", "202502"]])
def test_every_way_of_writing_a_month(load, months):
    rows = [["A1", month, 10] for month in months]
    program = load({"a.csv": ACCOUNTS, "r.csv": [["account_id", "month", "mrr"], *rows]})
    assert program.rejects == ()
    assert program.ledger.series("closing").sum(axis=0).tolist() == [1000, 1000]


def test_a_column_of_days_that_stays_open_is_asked_and_one_late_row_decides_it(load):
    rows = [[f"A{at}", f"0{at % 9 + 1}/0{at % 5 + 1}/2025"] for at in range(40)]
    header = ["account_id", "signed_up_on"]
    with pytest.raises(FileError, match="is not read yet") as caught:
        load({"a.csv": [header, *rows]})
    assert questions(caught.value)[0].options == ("day/month/year", "month/day/year")
    mapping = answer(caught.value.sources, "a.csv", ("forms", "signed_up_on", "month/day/year"))
    months = set(load({"a.csv": [header, *rows]}, mappings=[mapping]).ledger.by_cohort["cohort"].tolist())
    assert months == {2025 * 12 + at for at in range(9)}
    decided = load({"a.csv": [header, *rows, ["Z", "31/01/2025"]]})
    assert set(decided.ledger.by_cohort["cohort"].tolist()) == {2025 * 12 + at for at in range(5)}


@given(
    st.lists(
        st.tuples(st.integers(1, 28), st.integers(1, 12), st.integers(2020, 2025)), min_size=1, max_size=30, unique=True
    )
)
@settings(deadline=None, max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_days_are_read_right_or_asked_and_never_guessed(load, days):
    rows = [[f"A{at}", f"{day:02d}/{month:02d}/{year}"] for at, (day, month, year) in enumerate(days)]
    if all(day <= 12 for day, _, _ in days):
        with pytest.raises(FileError, match="is not read yet"):
            load({"a.csv": [["account_id", "signed_up_on"], *rows]})
        return
    cohorts = load({"a.csv": [["account_id", "signed_up_on"], *rows]}).ledger.by_cohort
    assert set(cohorts["cohort"].tolist()) == {year * 12 + month - 1 for _, month, year in days}


def test_slips_in_a_column_are_rejected_and_do_not_change_how_it_is_read():
    assert decide_amount({"99.99": 100, "$99,99": 1}).form == "1,234.50"
    assert decide_amount({"99.99": 3, "99,99": 3}).options
    assert decide_date({"9999-99-99": 100, "99/99/9999": 2}, 31, 12).form == "year-month-day"


# Encodings, separators, and what stands above the header


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "windows-1252"])
def test_encodings(load, encoding):
    partners = "partner_id,name,motion,recruited_on\nP1,Café Zürich – Böll,affiliate,2025-01-01\n"
    program = load(
        {"a.csv": ACCOUNTS, "p.csv": partners.encode(encoding), "r.csv": REVENUE.encode(encoding.removesuffix("-sig"))}
    )
    assert program.ledger.partners["name"].tolist() == ["Café Zürich – Böll"]
    assert closing(program) == 28_050
    assert program.rejects == ()


def test_a_file_in_windows_1252_with_a_byte_that_it_does_not_have_loses_that_row_only(load):
    partners = "partner_id,name,motion,recruited_on\nP1,Café,affiliate,2025-01-01\n".encode("windows-1252")
    program = load({"a.csv": ACCOUNTS, "p.csv": partners + b"P2,\x81,affiliate,2025-01-01\n"})
    assert program.ledger.partners["name"].tolist() == ["Café"]
    assert [reject.line for reject in program.rejects] == [3]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_separators_with_decimal_commas(load, separator):
    rows = [["account_id", "month", "mrr"], ["A1", "2025-02", "1.100,50"], ["A2", "2025-03", "80,00"]]
    quoted = [[f'"{cell}"' if "," in cell and separator == "," else cell for cell in row] for row in rows]
    program = load({"a.csv": ACCOUNTS, "r.csv": "\n".join(separator.join(row) for row in quoted) + "\n"})
    assert (closing(program), program.rejects) == (118_050, ())


@pytest.mark.parametrize(
    "above", ["sep=;\n", "Revenue by account\n\n", "Revenue, by account\nExported 2026-11-01\n", "\n\n"]
)
def test_lines_above_the_header_are_skipped_and_lines_keep_their_numbers(load, above):
    sign = ";" if "sep" in above else ","
    text = above + (REVENUE + "A1,never,5\n").replace(",", sign)
    program = load({"a.csv": ACCOUNTS, "r.csv": text})
    assert closing(program) == 28_050
    assert [reject.line for reject in program.rejects] == [above.count("\n") + 5]
    file = next(one for one in program.files if one.name == "r.csv")
    assert (file.rows, file.accepted, file.rejected) == (4, 3, 1)


def test_a_total_line_at_the_end_is_rejected_with_its_reason(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE + "Total,,280.50\n"})
    assert [(reject.line, reject.column) for reject in program.rejects] == [(5, "month")]


def workbook():
    content = BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (workbook(), "be opened as a workbook"),
        (b"\x89PNG\r\n\x1a\n", "picture"),
        (b"<html><body>Sign in</body></html>", "web page"),
        (b"account_id,month,mrr\nA1,2025-02\x00,1\n", "line 2"),
        (b"", "is empty"),
        (b"account_id,month,mrr\n", "has no rows"),
    ],
    ids=["xlsx", "png", "html", "nul", "empty", "header-only"],
)
def test_what_is_no_table_of_text_says_so(load, content, says):
    with pytest.raises(FileError, match=says) as caught:
        load({"f.csv": content})
    assert str(caught.value).startswith("f.csv")


def test_a_file_cut_in_mid_row_and_a_quote_left_open_cost_their_rows(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE + '"A1,2025-04,1\nA1,2025-05,1\nA2,2025-0'})
    assert [reject.line for reject in program.rejects] == [5, 7]
    assert closing(program) == 28_150


# Kinds of file


def test_subscription_periods_become_months(load):
    subscriptions = (
        "subscription_id,customer_id,start_date,end_date,monthly_amount\n"
        "1,A1,2025-01-15,2025-04-01,50\n"  # January to March: on 1 April it is no longer paid
        "2,A1,2025-03-01,,25\n"  # a second one beside it, still running
        "3,A2,2025-02-10,2025-02-20,99\n"  # in no month to its end
        "4,A2,2025-05-01,2025-04-01,9\n"
    )
    program = load({"a.csv": ACCOUNTS, "s.csv": subscriptions}, written=2025 * 12 + 4)
    assert program.ledger.series("closing").sum(axis=0).tolist() == [5000, 5000, 7500, 2500]
    assert [(reject.line, reject.column) for reject in program.rejects] == [(5, "ended_on")]
    assert "is taken to run to 2025-04" in program.notes[0]


def test_movements_become_months_whatever_their_sign(load):
    movements = (
        "customer_id,month,mrr_change,type\nA1,2025-01,100,new\nA1,2025-02,20,Upgrade\nA1,2025-04,-120,churn\n"
        "A1,2025-06,60,reactivation\nA2,2025-02,40,new\nA2,2025-03,10,contraction\n"
    )
    program = load({"a.csv": ACCOUNTS, "m.csv": movements}, written=2025 * 12 + 6)
    moves = m.movements(program.ledger, m.ALL)
    assert moves["closing"].tolist() == [10000, 16000, 15000, 3000, 3000, 9000]
    assert (moves["churn"].sum(), moves["reactivation"].sum(), moves["contraction"].sum()) == (12000, 6000, 1000)


def test_movements_that_begin_in_the_middle_are_rejected_with_their_account(load):
    movements = "customer_id,month,mrr_change\nA1,2025-01,100\nA2,2025-02,-40\nA2,2025-03,90\n"
    program = load({"a.csv": ACCOUNTS, "m.csv": movements}, written=2025 * 12 + 3)
    assert [(reject.line, reject.value) for reject in program.rejects] == [(3, "A2"), (4, "A2")]
    assert program.ledger.series("closing").sum(axis=0).tolist() == [10000, 10000, 10000]
    assert all(file.accepted + file.rejected == file.rows for file in program.files)


def test_the_same_money_stated_twice_counts_once(load):
    subscriptions = "subscription_id,customer_id,start_date,end_date,monthly_amount\n1,A1,2025-02-01,2025-04-01,999\n"
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "s.csv": subscriptions})
    assert closing(program) == 28_050
    assert "s.csv" in str(program.refused[0])
    assert "both would count twice" in str(program.refused[0])
    spend = "month,amount,kind\n2025-02,10,payout\n2025-02,7,marketing\n"
    payouts = "month,payout_amount,partner\n2025-02,10,P1\n"
    program = load({"a.csv": ACCOUNTS, "sp.csv": spend, "po.csv": payouts})
    assert program.ledger.by_spend["amount"].sum() == 1700
    assert "po.csv" in str(program.refused[0])
    program = load({"a.csv": ACCOUNTS, "sp.csv": spend.replace("payout", "program"), "po.csv": payouts})
    assert (program.ledger.by_spend["amount"].sum(), program.refused) == (2700, ())


CUSTOMERS = (
    "id,name,email,avatar,externalId,stripeCustomerId,country,sales,saleAmount,createdAt,firstSaleAt,"
    "subscriptionCanceledAt,partnerId\n"
    "c1,,,,A2,s1,,1,5,2025-02-05T10:00:00.000Z,,,P1\nc2,,,,A3,s2,,1,5,2025-03-05T10:00:00.000Z,,,P1\n"
    "c3,,,,A1,s3,,1,5,2025-01-05T10:00:00.000Z,,,P2\n"
)


def test_a_partner_platforms_customers_say_who_brought_an_account(load):
    accounts = "account_id,signed_up_on,motion,partner_id\nA1,2025-01-05,affiliate,P1\nA2,2025-02-05,,\n"
    files = {"a.csv": accounts, "dub.csv": CUSTOMERS, "r.csv": REVENUE}
    asked = questions(load(files))
    assert {(one.part, one.key) for one in asked} == {("columns", "account_id")}  # the motion may be the partner's
    mapping = answer(
        load(files).sources, "dub.csv", ("columns", "account_id", "externalId"), ("constants", "motion", "affiliate")
    )
    program = load(files, mappings=[mapping])
    motions = dict(zip(program.ledger.by_cohort["cohort"], program.ledger.by_cohort["motion"], strict=True))
    assert {motions[2025 * 12], motions[2025 * 12 + 1], motions[2025 * 12 + 2]} == {"affiliate"}
    found = {finding.name: finding for finding in program.findings}
    assert [row[0] for row in found["two_motions"].rows] == ["A1"]  # P1 in one file, P2 in the other
    assert "1 account that the accounts file has as organic took motion and partner" in " ".join(program.notes)


def test_nrr_from_commissions_alone_is_refused_with_the_reason(load):
    commissions = (
        "Affiliate ID,Email,Payment Email,Amount,Currency,Description,Campaign,Reference,Context,Status,Date\n"
        "7,a@b.c,,12.50,USD,,,A1,,paid,2025-03-01\n7,a@b.c,,2.50,USD,,,A1,,rejected,2025-03-01\n"
    )
    program = load({"a.csv": ACCOUNTS, "c.csv": commissions})
    assert program.ledger.by_spend["amount"].tolist() == [1250]
    assert [(reject.line, reject.column, reject.value) for reject in program.rejects] == [(3, "Status", "rejected")]
    nrr = m.measure(m.BY_ID["nrr"], program.ledger, m.Settings(as_of=program.ledger.last_month), m.PARTNER)
    assert "look like churn" in nrr.note


# Presets: the headers of shared/csv-formats.md, as named in the systems' source or import pages

EXPORTS = {
    "ChartMogul, MRR movements": "DATE,CUSTOMER_NAME,MRR_MOVEMENT,MRR,DESCRIPTION,MOVEMENT_TYPE,CURRENCY_CODE,"
    "CUSTOMER_EXTERNAL_ID,CUSTOMER_UUID,UUID,RANK",
    "Dub, commissions": "id,type,amount,earnings,currency,status,invoiceId,quantity,createdAt,partnerId",
    "Dub, payouts": "id,amount,currency,status,periodStart,periodEnd,initiatedAt,paidAt,partnerId",
    "Dub, customers": "id,name,email,avatar,externalId,stripeCustomerId,country,sales,saleAmount,createdAt,firstSaleAt,"
    "subscriptionCanceledAt",
    "Dub, partners": "ID,Name,Email,Country,Status,Group,Enrolled at,Payouts enabled at",
    "Refferq, partners": "Name,Email,Referral Code,Status,Signed Up,Clicks,Leads,Customers,Revenue,Earnings",
    "Refferq, customers": "Name,Email,Partner,Status,Created At,Total Paid,Total Commission",
    "Refferq, commissions (API)": "commissionId,affiliateName,affiliateEmail,amount,rate,status,conversionAmount,"
    "createdDate,approvedDate,paidDate",
    "AffiliateWP, affiliates": "Affiliate ID,Email,Payment Email,Username,Rate,Rate Type,Earnings,Referrals,Visits,"
    "Status,Date Registered",
    "AffiliateWP, referrals": "Affiliate ID,Email,Payment Email,Amount,Currency,Description,Campaign,Reference,Context,"
    "Status,Date",
    "SliceWP, payout": "ID,Name,Email,Amount,Currency",
    "Tapfiliate, conversions": "external_id,amount,created_at,affiliate_email,program",
    "Tapfiliate, conversions with commissions": "external_id,amount,created_at,affiliate_email,program,currency,"
    "customer_id,commission_status,commission_type,commission_amount",
    "Rewardful, affiliates": "stripe_customer_id,first_name,last_name,email",
    "Partnero, partners": "Name,Last name,Partner key,Email address,Joining date",
    "Everflow, conversions": "conversion_id,payout,revenue,sale_amount",
    "PartnerStack, all partners": "Partner,Owner,Group,Signups,Paid customers,Revenue,Last active,Signed up",
    "Subscription periods": "subscription_id,customer_id,start_date,end_date,monthly_amount",
}
OPEN = {
    "Dub, customers": {"account_id", "motion"},
    "Dub, partners": {"motion"},
    "Refferq, partners": {"partner_id", "motion"},
    "Refferq, customers": {"account_id"},
    "Refferq, commissions (API)": {"partner_id"},
    "SliceWP, payout": {"partner_id", "month"},
    "Tapfiliate, conversions": {"account_id"},
    "Rewardful, affiliates": {"partner_id", "recruited_on"},
    "Partnero, partners": {"motion"},
    "Everflow, conversions": {"month"},
    "PartnerStack, all partners": {"motion"},
}


@pytest.mark.parametrize("name", EXPORTS)
def test_a_known_export_is_recognised_by_its_header_and_asks_only_what_it_does_not_say(tmp_path, name):
    path = tmp_path / "export.csv"
    path.write_text(EXPORTS[name].upper() if name.startswith("Refferq, p") else EXPORTS[name] + "\n", "utf-8")
    found = recognise("export.csv", path, tmp_path)
    assert found.found_by == name
    assert {question.key for question in found.questions} == OPEN.get(name, set())
    preset = next(preset for preset in presets() if preset.name == name)
    optional = {"partnerId", "currency", "token", "commission_status"}
    used = {
        *preset.columns.values(),
        *(column for columns in preset.ask.values() for column in columns),
        *preset.leave_out,
    }
    assert {column.lower() for column in used - optional} <= {column.lower() for column in found.header} | {
        "customer_id"
    }


def test_every_preset_is_of_a_documented_export():
    """Those of billing systems and of the CRM have an export with rows: test_presets."""
    assert {*EXPORTS} < {preset.name for preset in presets()}
    assert {preset.kind for preset in presets()} <= set(BY_NAME)


def test_dub_amounts_are_cents_or_text_and_asked_when_only_whole_numbers_are_there(load):
    header = EXPORTS["Dub, commissions"]
    row = "c1,sale,{},{},usd,paid,i1,1,2025-03-01T10:00:00.000Z,P1\n"
    program = load({"a.csv": ACCOUNTS, "c.csv": f"{header}\n" + row.format("$100.00", "$20.50")})
    assert (program.ledger.by_spend["amount"].tolist(), program.ledger.currency) == ([2050], "USD")
    files = {"a.csv": ACCOUNTS, "c.csv": f"{header}\n" + row.format(10000, 2050)}
    program = load(files)
    assert questions(program)[0].options == ("cents", "1,234.50")
    mapping = answer(program.sources, "c.csv", ("forms", "amount", "cents"))
    assert load(files, mappings=[mapping]).ledger.by_spend["amount"].tolist() == [2050]


# Mappings


def test_a_corrected_mapping_is_written_read_and_counts_for_next_months_file(load, tmp_path):
    files = {"a.csv": "Konto;Anmeldung;Kanal\nA1;05.01.2025;Empfehlung\nA2;25.02.2025;\n"}
    with pytest.raises(FileError) as caught:
        load(files)
    mapping = answer(caught.value.sources, "a.csv", ("kind", "kind", "accounts"))
    for part, key, value in (
        ("columns", "account_id", "Konto"),
        ("columns", "signed_up_on", "Anmeldung"),
        ("columns", "motion", "Kanal"),
        ("motions", "Empfehlung", "referral"),
    ):
        mapping = mapping.answered(part, key, value)
    program = load(files, mappings=[mapping])
    assert set(program.ledger.by_cohort["motion"].tolist()) == {"referral", "organic"}
    path = tmp_path / "mapping.yaml"
    path.write_text(write_mappings([program.sources[0].complete()]), "utf-8")
    again = read_mappings(path)
    later = load({"march.csv": "Konto;Anmeldung;Kanal\nA3;03.04.2025;Empfehlung\n"}, mappings=again)
    assert later.ledger.by_cohort["cohort"].tolist() == [2025 * 12 + 3]  # day before month, as the mapping says
    assert later.ledger.by_cohort["motion"].tolist() == ["referral"]


def test_an_unknown_motion_is_asked_for_and_never_dropped(load):
    files = {"a.csv": ACCOUNTS + "A3,2025-02-06,influencers\nA4,2025-02-06,afiliate\n"}
    with pytest.raises(FileError) as caught:
        load(files)
    asked = {question.key: question for question in questions(caught.value)}
    assert set(asked) == {"influencers", "afiliate"}
    assert "Did you mean 'affiliate'?" in asked["afiliate"].asks
    assert asked["influencers"].options == (*MOTION_WORDS, NOBODY_KNOWS, LEAVE_OUT)
    mapping = answer(
        caught.value.sources, "a.csv", ("motions", "influencers", LEAVE_OUT), ("motions", "afiliate", "affiliate")
    )
    program = load(files, mappings=[mapping])
    assert [(reject.line, reject.reason) for reject in program.rejects] == [
        (4, "is a word that the mapping leaves out")
    ]
    assert program.files[0].accepted == 3


def test_a_column_full_of_other_words_is_no_motion_column(load):
    rows = "".join(f"A{at},2025-01-05,Campaign {at}\n" for at in range(40))
    with pytest.raises(FileError) as caught:
        load({"a.csv": "account_id,signed_up_on,source\n" + rows})
    assert [(one.part, one.key) for one in questions(caught.value)] == [("columns", "motion")]


def test_a_file_can_be_left_unused(load):
    files = {"a.csv": ACCOUNTS, "r.csv": REVENUE}
    mapping = answer(load(files).sources, "r.csv", ("kind", "kind", NOT_USED))
    program = load(files, mappings=[mapping])
    assert "revenue" not in program.ledger.has
    assert "r.csv is not used, as its mapping says." in program.notes


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ({"kind": "acounts"}, "Did you mean 'accounts'"),
        ({"kind": "accounts", "columns": {"acount_id": "x"}}, "Did you mean 'account_id'"),
        ({"kind": "revenue", "forms": {"mrr": "pounds"}}, "use one of 1234.50"),
        ({"kind": "customers", "constants": {"motion": "x"}}, "is no motion"),
        ({"kind": "payouts", "constants": {"month": "March"}}, "write it as"),
        ({"kind": "accounts", "encoding": "ebcdic"}, "is no encoding"),
        ({"kind": "accounts", "colums": {}}, "Extra inputs"),
    ],
)
def test_a_mapping_that_cant_be_used_says_what_is_wrong(content, says):
    with pytest.raises(ValidationError, match=says):
        Mapping.model_validate(content)


def test_a_broken_mapping_file_names_key_and_repair(tmp_path):
    path = tmp_path / "m.yaml"
    path.write_text("mappings:\n  - kind: acounts\n", "utf-8")
    with pytest.raises(ContentError, match=r"mine\.yaml, mappings\.0.*Did you mean"):
        read_mappings(path, "mine.yaml")


# Everything is counted, whatever is wrong


FAULTS = (
    "",
    "never",
    "31/31/2025",
    "1,2,3",
    "$",
    "12.3.4",
    "\u00a3\u00a3",
    "'",
    '"',
    "=1+1",
    "\u20ac1.000,5",
    "99.999",
)


@given(seed=st.integers(0, 10**9), rows=st.integers(1, 80), share=st.sampled_from([0.0, 0.05, 0.3]))
@settings(deadline=None, max_examples=examples(30), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_accepted_and_rejected_are_all_rows_in_every_way_of_writing(load, seed, rows, share):
    choose = random.Random(seed)
    separator = choose.choice([",", ";", "\t"])
    amount = choose.choice(["{:.2f}", "${:,.2f}", "{}", "({:.2f})"])
    day = choose.choice(["2025-{m:02d}-{d:02d}", "{d:02d}/{m:02d}/2025", "{m:02d}/{d:02d}/2025"])
    lines, blank = [["month", "amount", "kind"]], 0
    for _ in range(rows):
        row = [
            day.format(m=choose.randint(1, 12), d=choose.randint(1, 28)),
            amount.format(choose.randint(1, 5000)),
            "sales",
        ]
        if choose.random() < share:
            fault = choose.choice(FAULTS)
            # Two quotes left open may well enclose a line break, and then two lines are one row.
            quoted = fault == '"' and any('"' in cell for line in lines for cell in line)
            row[choose.randrange(3)] = "never" if quoted else fault
        if choose.random() < share / 3:
            row, blank = [], blank + 1
        lines.append(row)
    text = "\n".join(separator.join(f'"{c}"' if separator in c else c for c in row) for row in lines) + "\n"
    try:
        program = load({"a.csv": ACCOUNTS, "s.csv": text.encode(choose.choice(["utf-8", "utf-16"]))})
    except FileError as problem:
        assert problem.file in ("s.csv", "a.csv")  # noqa: PT017
        return
    for file in program.files:
        assert file.accepted + file.rejected == file.rows
    read = [file for file in program.files if file.name == "s.csv"]
    if read:
        assert read[0].rows == rows - blank
        lines_rejected = {reject.line for reject in program.rejects if reject.file == "s.csv"}
        assert len(lines_rejected) == read[0].rejected
    else:
        assert questions(program) or program.refused


# What fresh eyes found


def test_two_files_with_the_same_columns_are_corrected_apart(load):
    header = "ID,Name,Email,Amount,Currency\n"
    files = {"a.csv": ACCOUNTS, "jan.csv": header + "P1,x,x,100.00,USD\n", "feb.csv": header + "P1,x,x,70.00,USD\n"}
    corrections = {}
    for name, month in (("jan.csv", "2026-01"), ("feb.csv", "2026-02")):
        sources = load(files, corrections=corrections).sources
        asked = {question.key for source in sources if source.name == name for question in source.questions}
        assert asked == {"partner_id", "month"}
        corrections[name] = answer(sources, name, ("columns", "partner_id", "ID"), ("constants", "month", month))
    program = load(files, corrections=corrections)
    spend = dict(
        zip(program.ledger.by_spend["month"].tolist(), program.ledger.by_spend["amount"].tolist(), strict=True)
    )
    assert spend == {2026 * 12: 10_000, 2026 * 12 + 1: 7_000}
    # The month of one file is not the month of the next: it is asked again.
    assert "2026" not in write_mappings(source.complete() for source in program.sources)


def test_columns_are_told_apart_by_their_very_names(load):
    revenue = "account_id,month,MRR (\u20ac),MRR ($)\nA1,2025-02,1,999\n"
    files = {"a.csv": ACCOUNTS, "r.csv": revenue}
    sources = load(files).sources
    assert sources[1].questions[0].options == ("MRR (\u20ac)", "MRR ($)")
    mapping = answer(sources, "r.csv", ("columns", "mrr", "MRR ($)"))
    assert closing(load(files, corrections={"r.csv": mapping})) == 99_900
    assert closing(load(files, mappings=[mapping])) == 99_900


def test_headers_in_another_script_are_not_all_the_same(load):
    files = {"a.csv": ACCOUNTS, "r.csv": "顧客,月,金額\nA1,2025-02,50\n"}
    mapping = answer(load(files).sources, "r.csv", ("kind", "kind", "revenue"))
    for key, value in (("account_id", "顧客"), ("month", "月"), ("mrr", "金額")):
        mapping = mapping.answered("columns", key, value)
    assert closing(load(files, mappings=[mapping])) == 5_000
    assert choose(("客户", "注册日期", "id"), [mapping]) is None


def test_signs_in_different_files_are_never_added(load):
    euro, dollar = "account_id,month,mrr\nA1,2025-02,€100.00\n", "account_id,month,mrr\nA2,2025-02,$100.00\n"
    with pytest.raises(FileError, match="has amounts in \\$, others are in EUR"):
        load({"a.csv": ACCOUNTS, "r1.csv": euro, "r2.csv": dollar})
    program = load({"a.csv": ACCOUNTS, "r1.csv": euro})
    assert program.ledger.currency == "EUR"
    stated = "account_id,month,mrr,currency\nA1,2025-02,1,USD\n"
    assert load({"a.csv": ACCOUNTS, "r1.csv": stated, "r2.csv": dollar}).ledger.currency == "USD"


def test_subscriptions_that_state_a_currency_here_and_there(load):
    header = "subscription_id,customer_id,start_date,end_date,monthly_amount,currency\n"
    rows = "1,A1,2025-01-01,2025-03-01,10,USD\n2,A1,2025-01-01,2025-03-01,5,\n"
    program = load({"a.csv": ACCOUNTS, "s.csv": header + rows})
    assert program.ledger.series("closing").sum(axis=0).tolist() == [1500, 1500]


def test_what_is_exported_twice_counts_once_or_is_pointed_out(load):
    header = "subscription_id,customer_id,start_date,end_date,monthly_amount\n"
    rows = [f"{n},A1,2025-0{n}-01,2025-06-01,10\n" for n in (1, 2, 3)]
    files = {"a.csv": ACCOUNTS, "s1.csv": header + "".join(rows[:2]), "s2.csv": header + "".join(rows)}
    program = load(files)
    assert program.ledger.series("closing").sum(axis=0).tolist() == [1000, 2000, 3000, 3000, 3000]
    assert [(reject.file, reject.line) for reject in program.rejects] == [("s2.csv", 2), ("s2.csv", 3)]
    spend = ["month,amount,kind\n", *(f"2025-0{n},10{n},sales\n" for n in (1, 2, 3))]
    program = load({"a.csv": ACCOUNTS, "s1.csv": "".join(spend[:3]), "s2.csv": "".join(spend)})
    (asked,) = questions(program)
    assert (asked.file, asked.options) == ("s1.csv", ("spend", "not used"))
    assert "2 rows of s1.csv stand in s2.csv too" in asked.asks
    for kind, amounts in (("not used", [10100, 10200, 10300]), ("spend", [20200, 20400, 10300])):
        said = answer(program.sources, "s1.csv", ("kind", "kind", kind))
        spent = load(
            {"a.csv": ACCOUNTS, "s1.csv": "".join(spend[:3]), "s2.csv": "".join(spend)}, corrections={"s1.csv": said}
        )
        assert spent.ledger.by_spend["amount"].tolist() == amounts


def test_a_kind_that_is_changed_and_changed_back_is_the_known_export_again(load):
    content = f"{EXPORTS['Dub, commissions']}\nc1,sale,$100.00,$20.50,usd,paid,i1,1,2025-03-01T10:00:00.000Z,P1\n"
    files = {"a.csv": ACCOUNTS, "c.csv": content}
    wrong = answer(load(files).sources, "c.csv", ("kind", "kind", "revenue"))
    program = load(files, corrections={"c.csv": wrong})
    assert "Commission rows are no revenue" in questions(program)[0].asks
    right = answer(program.sources, "c.csv", ("kind", "kind", "commissions"))
    assert load(files, corrections={"c.csv": right}).ledger.by_spend["amount"].tolist() == [2050]


def test_a_wrong_encoding_says_so_and_can_be_corrected_again(load):
    files = {"a.csv": ACCOUNTS, "p.csv": "partner_id,name,motion,recruited_on\nP1,Café,affiliate,2025-01-01\n"}
    wrong = load(files).sources[1].complete().model_copy(update={"encoding": "utf-16"})
    program = load(files, corrections={"p.csv": wrong})
    assert "p.csv" in str(program.refused[0])
    assert "encod" in str(program.refused[0])
    assert "It can't be read as corrected" in questions(program)[0].asks


def test_a_separator_can_be_set_wrong_and_right_again(load):
    files = {"a.csv": ACCOUNTS, "r.csv": REVENUE}
    wrong = load(files).sources[1].complete().model_copy(update={"delimiter": ";"})
    program = load(files, corrections={"r.csv": wrong})
    right = next(one for one in program.sources if one.name == "r.csv").complete().model_copy(update={"delimiter": ","})
    assert closing(load(files, corrections={"r.csv": right})) == 28_050


def test_words_for_kinds_of_spend_and_movements_are_asked(load):
    files = {"a.csv": ACCOUNTS, "s.csv": "month,amount,kind\n2025-02,10,Google Ads\n2025-02,5,sales\n"}
    asked = questions(load(files))[0]
    assert (asked.part, asked.key) == ("words", "Google Ads")
    mapping = answer(load(files).sources, "s.csv", ("words", "Google Ads", "marketing"))
    program = load(files, mappings=[mapping])
    assert sorted(program.ledger.by_spend["kind"].tolist()) == ["marketing", "sales"]


def test_a_gain_below_zero_is_rejected(load):
    movements = "customer_id,month,mrr_change,type\nA1,2025-01,100,new\nA1,2025-02,-20,expansion\n"
    program = load({"a.csv": ACCOUNTS, "m.csv": movements}, written=2025 * 12 + 2)
    assert [(reject.line, reject.column) for reject in program.rejects] == [(3, "change")]
    assert "the movement is a gain" in program.rejects[0].reason


def test_a_short_year_is_asked_and_brackets_come_in_pairs(load):
    with pytest.raises(FileError) as caught:
        load({"a.csv": "account_id,signed_up_on\nA1,23/01/15\nA2,24/05/12\n"})
    assert questions(caught.value)[0].options == ("day/month/year", "yy/mm/dd")
    program = load(
        {
            "a.csv": ACCOUNTS,
            "s.csv": "month,amount,kind\n2025-02,(5.50),sales\n2025-02,(5.50,sales\n2025-02,50),sales\n",
        }
    )
    assert program.ledger.by_spend["amount"].tolist() == [-550]
    assert [reject.line for reject in program.rejects] == [3, 4]


def test_what_systems_write_for_nothing_is_nothing(load):
    header = "subscription_id,customer_id,start_date,end_date,monthly_amount\n"
    rows = "1,A1,2025-01-01,null,10\n2,A2,2025-01-01,-,10\n3,A2,2025-02-01,9999-12-31,10\n"
    program = load({"a.csv": ACCOUNTS, "s.csv": header + rows}, written=2025 * 12 + 2)
    assert program.rejects == ()
    assert program.ledger.series("closing").sum(axis=0).tolist() == [2000, 3000]


def test_our_own_names_come_before_a_known_export_with_the_same_columns(tmp_path):
    for header, kind in (
        ("account_id,signed_up_on,motion,stripe_customer_id,first_name,last_name,email", "accounts"),
        ("id,name,email,amount,currency,month,kind", "spend"),
    ):
        path = tmp_path / "x.csv"
        path.write_text(header + "\n", "utf-8")
        assert recognise("x.csv", path, tmp_path).mapping.kind == kind
    for header in ("invoice,customer_id,date,paid", "id,email,created_at"):
        path.write_text(header + "\n", "utf-8")
        assert [question.part for question in recognise("x.csv", path, tmp_path).questions] == ["kind"]


@pytest.mark.parametrize("content", ["month: 2025-13-01\n", "[" * 3000, "a: [1\n", "- 1\n", "\x00"])
def test_any_broken_yaml_is_an_error_that_names_the_file(tmp_path, content):
    path = tmp_path / "dropped.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(ContentError, match=r"mine\.yaml"):
        read_mappings(path, "mine.yaml")


@pytest.mark.parametrize(
    "sign", [*"\"',;|:^~#$%&*/<>?@!+=.()[]{}\\ a5\t", "ä", "€", "😀", "\x1b", "\ufeff", "\x85", "\u2028"]
)
@pytest.mark.parametrize(
    "line", ["sep={}", *(pytest.param(line, marks=pytest.mark.proof) for line in ('"sep={}"', "SEP={}"))]
)
def test_any_separator_that_a_file_names_is_used_or_said(load, sign, line):
    rows = [("account_id", "signed_up_on", "motion"), ("A1", "2025-01-05", "affiliate")]
    text = "\n".join([line.format(sign), *(("," if sign == '"' else sign).join(row) for row in rows)]) + "\n"
    try:
        program = load({"s.csv": text})
    except FileError:  # it asks what the file is, or says that a value holds the separator
        assert sign in "_-0125Aaf. \ufeff" or not sign.isprintable()
        return
    assert (program.files[0].rows, program.files[0].accepted) == (1, 1)


@pytest.mark.proof
@pytest.mark.parametrize("preset", presets(), ids=lambda preset: preset.name)
@pytest.mark.parametrize("rows", ["", "one,field,more,than,there,are,columns" + "," * 60 + "\n"])
def test_a_known_export_without_a_row_says_so(load, preset, rows):
    header = dict.fromkeys((*preset.header, *preset.columns.values()))
    with pytest.raises(FileError):
        load({"export.csv": ",".join(header) + "\n" + rows})
