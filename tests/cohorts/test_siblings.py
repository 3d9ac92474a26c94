"""Situations like those of the folders, in other words, columns and shapes. The right values are counted by hand.

Twenty accounts pay 100 a month from 2025-01 to 2026-10, those with odd numbers are brought by two affiliates.
"""

import pytest

from motions.cohorts.metrics import metrics as m
from tests.cohorts.test_meaning import (
    ACCOUNTS,
    MONTHS,
    PARTNERS,
    REVENUE,
    WRITTEN,
    answered,
    asked,
    remarks,
    value,
)

pytestmark = pytest.mark.proof

EVERY = [f"A{at:02d}" for at in range(20)]
THEIRS, OTHERS = EVERY[1::2], EVERY[::2]
OLD = ACCOUNTS.replace("2024-11-05", "2021-03-05")
SOON = ACCOUNTS.replace("2024-11-05", "2026-05-03")  # ten affiliates' customers are new in the window


OPTIONS = ("written", "currency", "corrections")


def revenue(months, who=tuple(EVERY), mrr=lambda one, month: "100", header="account_id,month,mrr"):
    return f"{header}\n" + "".join(f"{one},{month},{mrr(one, month)}\n" for month in months for one in who)


def program(load, **files):
    named = {f"{name}.csv": content for name, content in files.items() if name not in OPTIONS}
    said = {name: files[name] for name in OPTIONS if name in files}
    return load({"a.csv": ACCOUNTS, "p.csv": PARTNERS} | named, **said)


# Months of a part of the accounts, and parts of months


@pytest.mark.parametrize("lacking", [["2026-10"], ["2026-05"]], ids=["the last", "one between"])
def test_a_month_that_the_files_of_some_accounts_lack_is_no_churn(load, lacking):
    theirs = revenue([month for month in MONTHS if month not in lacking], THEIRS).replace("A01,2026-10,100\n", "")
    others = revenue(MONTHS, OTHERS) + "A01,2026-10,100\n"  # one that is in both files makes them not one
    found = program(load, theirs=theirs, others=others)
    assert (value(found, "mrr", "Partner"), value(found, "customer_churn", "Partner")) == (1000, 0)
    assert f"Revenue of {lacking[0]} is not in all files (theirs.csv)" in remarks(found)


def test_accounts_of_a_file_that_ended_long_ago_have_left(load):
    found = program(load, theirs=revenue(MONTHS[:12], THEIRS), others=revenue(MONTHS, OTHERS))
    assert (value(found, "mrr"), value(found, "mrr", "Partner")) == (1000, 0)


def test_an_export_that_begins_within_a_month_makes_nobody_new(load):
    begins = revenue(["2025-11"], EVERY[::5]) + revenue(MONTHS[11:]).split("\n", 1)[1]
    found = program(load, a=OLD, r=begins)
    assert value(found, "new_customers") == 0
    assert "Revenue of 2025-11 looks unfinished, with under half of the month after" in remarks(found)
    young = program(load, a=OLD.replace("2021-03-05", "2025-11-20"), r=begins)
    assert value(young, "new_customers") == 20  # that signed up just before


def test_months_at_the_end_in_which_nobody_pays_have_not_been_filled_in(load):
    found = program(load, r=revenue(MONTHS, mrr=lambda _, month: "0" if month > "2026-08" else "100"))
    assert (found.ledger.last_month, value(found, "mrr")) == (2026 * 12 + 7, 2000)


def test_a_move_to_another_system_that_takes_some_days_makes_nobody_new(load):
    rows = "".join(f"s{at},A{at:02d},2026-02-{at % 3 + 1:02d},,100\n" for at in range(20))
    moved = program(load, a=OLD, s=f"subscription_id,customer_id,start_date,end_date,mrr\n{rows}", written=WRITTEN)
    assert (value(moved, "new_customers"), value(moved, "mrr")) == (0, 2000)
    (question,) = asked(moved)
    assert "from 2026-02-01 to 2026-02-03" in question.asks


@pytest.mark.parametrize("end", ["{month}-{day}T23:59:59Z", "{next}-01T04:59:59Z"], ids=["UTC", "New York"])
def test_the_last_second_of_a_month_is_of_that_month(load, end):
    days = dict(zip(range(1, 13), [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31], strict=True))
    after = dict(zip(MONTHS, [*MONTHS[1:], "2026-11"], strict=True))
    stamp = {month: end.format(month=month, day=days[int(month[5:])], next=after[month]) for month in MONTHS}
    rows = "".join(f"{one},{stamp[month]},{110 if month == '2026-10' else 100}\n" for month in MONTHS for one in EVERY)
    found = program(load, r=f"account_id,month,mrr\n{rows}")
    assert (found.ledger.last_month, value(found, "mrr")) == (2026 * 12 + 9, 2200)


# Rows that do not count


@pytest.mark.parametrize("header", ["is_demo", "Internal account", "Testkonto"])
def test_a_flag_of_tests_leaves_their_accounts_out_whatever_it_is_called(load, header):
    lines = ACCOUNTS.splitlines()
    flagged = [f"{lines[0]},{header}", *(f"{line},{'ja' if at < 3 else 'nein'}" for at, line in enumerate(lines[1:]))]
    assert value(program(load, a="\n".join(flagged), r=REVENUE), "mrr") == 1700
    had_one = "\n".join(flagged).replace(header, "Demo held")  # who had a demo is no demo
    assert value(program(load, a=had_one, r=REVENUE), "mrr") == 2000


def test_a_plan_that_is_a_trial_is_asked_where_it_has_amounts_and_pays_nothing_else(load):
    header = "subscription_id,customer_id,start_date,end_date,mrr,plan"

    def rows(amount):
        said = [(f"{amount},Free trial" if at % 4 == 0 else "100,Pro") for at in range(20)]
        return f"{header}\n" + "".join(f"s{at},A{at:02d},2025-01-05,,{one}\n" for at, one in enumerate(said))

    found = program(load, s=rows(0), written=WRITTEN)
    assert (value(found, "mrr"), asked(found)) == (1500, [])
    found = program(load, s=rows(100), written=WRITTEN)
    (question,) = asked(found)
    assert (value(found, "mrr"), question.part, question.options) == (None, "leave_out", ("counts", "leave out"))
    for said, mrr in (("counts", 2000), ("leave out", 1500)):
        taken = answered(found, "s.csv", ("leave_out", "plan", said))
        again = program(load, s=rows(100), written=WRITTEN, corrections=taken)
        assert (value(again, "mrr"), asked(again)) == (mrr, [])


@pytest.mark.parametrize(("header", "real", "planned"), [("scenario", "Actual", "Plan"), ("Version", "Ist", "Budget")])
def test_what_is_planned_is_not_added_to_what_was_spent(load, header, real, planned):
    rows = "".join(f"2026-{at:02d},100,payout,affiliate,{real}\n2026-{at:02d},120,payout,affiliate,{planned}\n"
                   for at in range(5, 11))  # fmt: skip
    spend = f"month,amount,kind,motion,{header}\n{rows}"
    assert value(program(load, a=SOON, r=revenue(MONTHS[16:]), x=spend), "cpa", "Partner") == 60
    paid = revenue(MONTHS, mrr=lambda *_: f"100,{real}", header=f"account_id,month,mrr,{header}")
    both = paid + "".join(f"{one},{month},120,{planned}\n" for month in MONTHS for one in EVERY)
    assert value(program(load, r=both), "mrr") == 2000


def test_credit_notes_of_an_own_type_are_taken_off(load):
    rows = "".join(f"i{month}{one},{one},{month}-05,100,invoice\nc{month}{one},{one},{month}-20,20,credit note\n"
                   for month in MONTHS for one in EVERY)  # fmt: skip
    found = program(load, i=f"invoice_number,customer_id,invoice_date,total,type\n{rows}")
    assert value(found, "mrr") == 1600


# Amounts


@pytest.mark.parametrize("sign", ["-{}", "({}.00)"])
def test_spend_that_is_below_zero_as_banks_write_it_is_spend(load, sign):
    rows = "".join(f"2026-{at:02d},{sign.format(100)},payout,affiliate\n" for at in range(5, 11))
    found = program(load, a=SOON, r=revenue(MONTHS[16:]), x=f"month,amount,kind,motion\n{rows}")
    assert value(found, "cpa", "Partner") == 60
    assert "are below zero (6 rows of 6)" in remarks(found)


@pytest.mark.parametrize(
    ("own", "others"), [("$1200 / yr", "$100 / mo"), ("100 USD/month", "100 USD per month"), ("CHF 100.–", "CHF 100.-")]
)
def test_what_stands_behind_an_amount_says_what_it_is_for(load, own, others):
    paid = revenue(MONTHS, mrr=lambda one, _: own if one in THEIRS else others)
    assert value(program(load, r=paid), "mrr") == 2000


def test_of_amounts_of_which_many_can_not_be_read_the_rest_is_no_figure(load):
    paid = revenue(MONTHS, mrr=lambda one, _: "1.2k" if one in THEIRS else "800")
    found = program(load, r=paid)
    assert (value(found, "mrr"), value(found, "mrr", "Partner")) == (None, None)
    assert "has 220 amounts of 440 that can't be used; the first is '1.2k'" in str(found.refused[0])
    assert (
        "220 amounts of 440 in r.csv can't be used: mend the file"
        in m.measure(m.BY_ID["mrr"], found.ledger, m.Settings(as_of=found.ledger.last_month), m.ALL).note
    )
    few = revenue(MONTHS, mrr=lambda one, _: "1.2k" if one == "A01" else "800")
    assert value(program(load, r=few), "mrr") == 19 * 800  # said with the rows that do not fit


def test_amounts_are_in_the_currency_that_their_header_names(load):
    paid = revenue(MONTHS, mrr=lambda one, _: f"100,{'EUR' if one in THEIRS else 'USD'}",
                   header="account_id,month,mrr_usd,original_currency")  # fmt: skip
    found = program(load, r=paid)
    assert (value(found, "mrr"), found.ledger.currency) == (2000, "USD")
    assert "Amounts in mrr_usd are taken for USD, whatever original_currency says" in remarks(found)


def test_a_sheet_of_thousands_is_not_read_as_money(load):
    sheet = f"Customer,{','.join(MONTHS)}\n" + "".join(f"{one}{',1.2' * len(MONTHS)}\n" for one in EVERY)
    found = load({"a.csv": ACCOUNTS, "ARR in kEUR.csv": sheet})
    assert value(found, "mrr") is None
    assert [one.part for one in asked(found)] == ["kind"]


# Ids


def test_accounts_that_have_other_ids_from_a_month_on_have_not_left(load):
    paid = revenue(MONTHS[:12]) + "".join(f"N{one},{month},100\n" for month in MONTHS[12:] for one in EVERY)
    found = program(load, r=paid)
    assert value(found, "mrr") is None
    assert "has ids from 2026-01 on that the accounts file does not have" in str(found.refused[0])


def test_a_cell_that_names_two_partners_is_asked(load):
    both = ACCOUNTS.replace(",P1\n", ",P1;P2\n")
    found = program(load, a=both, r=REVENUE)
    assert value(found, "active_partners", "Partner") is None
    (question,) = asked(found)
    assert (question.key, question.options) == ("P1;P2", ("P1", "P2", "as they are"))
    said = answered(found, "a.csv", ("ids", "P1;P2", "P1"))
    files = {"a.csv": both, "p.csv": PARTNERS, "r.csv": REVENUE}
    assert value(load(files, corrections=said), "active_partners", "Partner") == 1


def test_a_total_is_no_account_where_no_list_tells(load):
    found = load({"r.csv": REVENUE + "".join(f"Gesamt,{month},2000\n" for month in MONTHS)})
    assert (value(found, "mrr"), value(found, "arpa")) == (2000, 100)


@pytest.mark.parametrize("later", ["2025-01-05", "2026-03-15"], ids=["a version", "another plan"])
def test_rows_of_a_subscription_for_the_same_time_are_asked(load, later):
    rows = "".join(f"s{at},A{at:02d},2025-01-05,,100\ns{at},A{at:02d},{later},,120\n" for at in range(20))
    files = {"a.csv": ACCOUNTS, "s.csv": f"subscription_id,customer_id,start_date,end_date,mrr\n{rows}"}
    found = load(files, written=WRITTEN)
    question = next(one for one in asked(found) if one.matters)
    assert (value(found, "mrr"), question.options) == (None, ("they add up", "the last counts"))
    for said, mrr in (("they add up", 4400), ("the last counts", 2400)):
        taken = answered(found, "s.csv", ("several", "several", said))
        assert value(load(files, corrections=taken, written=WRITTEN), "mrr") == mrr


def test_a_word_in_place_of_a_day_of_activation_is_no_day(load):
    def listed(word):
        days = [f"{line},{word if at % 4 < 2 else '2026-05-06'}" for at, line in enumerate(SOON.splitlines()[1:])]
        return "\n".join(["account_id,signed_up_on,motion,partner_id,activated_on", *days])

    assert value(program(load, a=listed("not yet"), r=REVENUE), "activation", "Partner") == 0.5
    assert value(program(load, a=listed("tbd"), r=REVENUE), "activation", "Partner") is None


# What fresh eyes found honest files struck by


SHEET = f"Customer,{','.join(MONTHS)}\n" + "".join(f"{one}{',100' * len(MONTHS)}\n" for one in EVERY)


@pytest.mark.parametrize("name", ["MRR A-K", "MRR K", "MRR T-Shirts 2025", "MRR Miles GmbH", "MRR Million Dollar Club"])
def test_a_letter_or_a_word_of_a_name_is_no_thousands(load, name):
    found = load({"a.csv": ACCOUNTS, f"{name}.csv": SHEET})
    assert (value(found, "mrr"), asked(found)) == (2000, [])


@pytest.mark.parametrize(
    "name", ["MRR kEUR", "MRR TEUR", "mrr_k€", "MRR in k", "MRR in Tsd", "MRR (k)", "MRR in thousands", "MRR EUR k"]
)
def test_a_sheet_that_says_thousands_is_asked_in_these_words_and_said_to_be_in_no_figure(load, name):
    lines = SHEET.splitlines()
    half = "\n".join([lines[0], *lines[11:]])
    found = load({"a.csv": ACCOUNTS, f"{name}.csv": half, "MRR others.csv": "\n".join(lines[:11])})
    (question,) = asked(found)
    assert "in thousands or millions: upload it in whole money" in question.asks
    assert (question.waits, "revenue" in question.options) == (True, False)
    assert f"Every figure is without {name}.csv: answer what is asked first." in found.notes


@pytest.mark.parametrize("name", ["logins per month", "Support tickets 2026", "Sessions monthly", "Anrufe"])
def test_cells_that_are_counted_are_asked_and_read_where_they_are_said_to_be_revenue(load, name):
    sheet = SHEET.replace(",100", ",7")
    found = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, f"{name}.csv": sheet})
    (question,) = asked(found)
    assert (value(found, "mrr"), question.part, question.waits) == (2000, "kind", True)
    assert "counted and are no money" in question.asks
    said = answered(found, f"{name}.csv", ("kind", "kind", "revenue"))
    assert value(load({"a.csv": ACCOUNTS, f"{name}.csv": sheet}, corrections=said), "mrr") == 140


@pytest.mark.parametrize("nothing", ["NULL", "n/a", "-", "$ -", "– €", ""])
def test_amounts_that_say_nothing_refuse_no_file(load, nothing):
    quiet = set(EVERY[:8])  # have left, and the export has a row of them all the same
    paid = revenue(MONTHS, mrr=lambda one, month: nothing if one in quiet and month > "2026-03" else "100")
    spend = "month,amount,kind,motion\n" + "".join(f"{month},300,payout,affiliate\n" for month in MONTHS)
    found = program(load, r=paid, x=spend.replace("2026-04,300", f"2026-04,{nothing}"))
    assert (value(found, "mrr"), value(found, "mrr", as_of=2026 * 12 + 2), found.refused) == (1200, 2000, ())


def test_a_dash_of_a_spreadsheet_is_a_month_without_spend_and_none_that_is_not_known(load):
    posted = {month: "$ -" if month == "2026-07" else "$ 120.00" for month in MONTHS}
    spend = "month,amount,kind,motion\n" + "".join(f"{month},{posted[month]},payout,affiliate\n" for month in MONTHS)
    found = program(load, a=SOON, r=revenue(MONTHS[16:]), x=spend, currency="USD")
    assert value(found, "cpa", "Partner") == 60  # five of six months, ten new customers


def test_amounts_below_zero_can_be_read_and_are_said(load):
    paid = revenue(MONTHS, mrr=lambda one, month: "-10" if one in EVERY[:4] else "100")
    found = program(load, r=paid)
    assert (value(found, "mrr"), found.refused) == (1600, ())
    assert "88 amounts of 440 in r.csv are below zero, the first in line 2: these rows do not count." in remarks(found)


def test_a_season_in_a_file_of_its_own_is_no_hole(load):
    winter = [month for month in MONTHS if month[5:] in ("11", "12", "01", "02", "03", "04")]
    skiers = "".join(f"S{at:02d},2024-11-05,affiliate,P1\n" for at in range(12))
    ski = revenue(winter, [f"S{at:02d}" for at in range(12)])
    found = program(load, a=ACCOUNTS + skiers, r=REVENUE, ski=ski)
    assert found.ledger.coverage.of("revenue").unfinished == ()
    assert (value(found, "mrr"), value(found, "mrr", as_of=2026 * 12 + 3)) == (2000, 3200)


def test_a_product_that_ended_in_a_file_of_its_own_moves_no_figure_back(load):
    old = "".join(f"L{at:02d},2024-11-05,affiliate,P1\n" for at in range(12))
    legacy = revenue(MONTHS[:-2], [f"L{at:02d}" for at in range(12)])
    files = {"a": ACCOUNTS + old, "r": REVENUE, "legacy": legacy}
    found = program(load, **files)  # it may be late as well, which no file tells
    said = answered(found, "legacy.csv", ("ended", "ended", "they have left"))
    found = program(load, **files, corrections=said)
    assert (found.ledger.last_month, value(found, "mrr")) == (2026 * 12 + 9, 2000)


def test_a_launch_to_which_spend_begins_is_no_export_that_begins_within_a_month(load):
    paid = revenue(["2026-01"], EVERY[:4]) + revenue(MONTHS[13:]).split("\n", 1)[1]
    spend = "month,amount,kind,motion\n" + "".join(f"{month},100,payout,affiliate\n" for month in MONTHS[12:])
    found = program(load, a=ACCOUNTS.replace("2024-11-05", "2024-05-10"), r=paid, x=spend)
    assert (found.ledger.coverage.of("revenue").first, value(found, "new_customers")) == (2026 * 12, 16)


# Columns that are not understood


STATES = {
    "Turkish": ("Durum", "Ödendi", "İptal"),
    "Polish": ("Status płatności", "Zapłacona", "Anulowana"),
    "Czech": ("Stav", "Zaplaceno", "Stornováno"),
    "Swedish": ("Betalningsstatus", "Betald", "Annullerad"),
    "Chinese": ("状态", "已付款", "已取消"),
    "Russian": ("Статус", "Оплачен", "ОТМЕНЕН"),
}


def bills(header, word):
    rows = "".join(f"i{month}{one},{one},{month}-05,100,{word(at, month)}\n"
                   for month in MONTHS for at, one in enumerate(EVERY))  # fmt: skip
    return f"invoice_number,customer_id,invoice_date,total,{header}\n{rows}"


@pytest.mark.parametrize("language", STATES)
def test_a_status_of_another_language_says_which_bills_count(load, language):
    header, paid, void = STATES[language]
    found = program(load, i=bills(header, lambda at, _: void if at % 4 == 0 else paid))
    assert (value(found, "mrr"), asked(found)) == (1500, [])
    assert f"110 rows with '{void}' in {header}" in remarks(found)


@pytest.mark.parametrize("language", STATES)
def test_a_column_of_any_name_with_words_of_states_is_asked(load, language):
    _, paid, void = STATES[language]
    files = {"i": bills("Xyz", lambda at, _: void if at % 4 == 0 else paid)}
    found = program(load, **files)
    (question,) = asked(found)
    assert (value(found, "mrr"), question.options) == (None, ("Xyz", "not in this file"))
    assert f"'{paid}' (330 rows) and '{void}' (110 rows)" in question.asks
    for said, mrr in (("Xyz", 1500), ("not in this file", 2000)):
        taken = answered(found, "i.csv", ("columns", "status", said))
        again = program(load, **files, corrections=taken)
        assert (value(again, "mrr"), asked(again)) == (mrr, [])


def test_a_column_that_nobody_knows_is_said_with_its_words(load):
    found = program(load, i=bills("Xyz", lambda at, _: "blorp" if at % 4 == 0 else "flum"))
    assert (value(found, "mrr"), asked(found)) == (2000, [])
    said = (
        "Column Xyz of i.csv is not read, and holds 'flum' (330 rows) and 'blorp' (110 rows): all of these rows count."
    )
    assert said in remarks(found)


@pytest.mark.parametrize("words", [("actual", "plan"), ("Ist", "Budget")])
def test_what_is_planned_is_left_out_wherever_in_the_file_it_begins(load, words):
    real, planned = words
    few = [f"A{at:02d}" for at in range(20)] + [f"B{at:03d}" for at in range(100)]
    listed = ACCOUNTS + "".join(f"B{at:03d},2024-11-05,,\n" for at in range(100))
    rows = [f"{one},{month},100,{real}\n" for month in MONTHS for one in few]
    later = [f"{one},{month},120,{planned}\n" for month in MONTHS for one in few]
    found = program(load, a=listed, r="account_id,month,mrr,price_type\n" + "".join(rows + later))
    assert (len(rows), value(found, "mrr")) == (2640, 12000)


def test_trials_and_tests_are_found_wherever_in_the_file_they_begin(load):
    rows = [f"s{at},B{at:04d},2025-01-05,,{100 if at < 1200 else 0},{'Pro' if at < 1200 else 'Free trial'},"
            f"{'' if at < 1190 else 'yes'}\n" for at in range(1300)]  # fmt: skip
    listed = ACCOUNTS + "".join(f"B{at:04d},2024-11-05,,\n" for at in range(1300))
    header = "subscription_id,customer_id,start_date,end_date,mrr,plan,test_account_flag\n"
    found = program(load, a=listed, s=header + "".join(rows), written=WRITTEN)
    assert value(found, "mrr") == 119_000  # ten of those that pay are tests
    assert "100 rows with 'Free trial'" in remarks(found)


@pytest.mark.parametrize("content", [b"account_id\x00\x01\x02" * 400, b""], ids=["no text", "empty"])
def test_a_file_that_could_not_be_read_is_named_where_its_figures_would_stand(load, content):
    found = load({"a.csv": SOON, "p.csv": PARTNERS, "money.csv": content})
    said = m.measure(m.BY_ID["mrr"], found.ledger, m.Settings(as_of=2026 * 12 + 9), m.ALL)
    assert (said.value, said.note) == (None, "add a revenue file; money.csv could not be read")
    assert "could not be read" not in m.lacking(program(load, r=REVENUE).ledger, ("spend",))
