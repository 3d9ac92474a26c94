"""What columns mean: exports of systems and in languages that no folder of situations holds."""

import pytest

from motions.cohorts.metrics import metrics as m
from motions.cohorts.reading.mapping import SAME, Mapping
from motions.cohorts.tables import files as tables
from motions.errors import FileError

GROUPS = {"Partner": m.PARTNER, "Organic": m.ORGANIC, "All": m.ALL}
WRITTEN = 2026 * 12 + 10
MONTHS = [f"{2025 + at // 12}-{at % 12 + 1:02d}" for at in range(22)]  # to 2026-10
ACCOUNTS = "account_id,signed_up_on,motion,partner_id\n" + "".join(
    f"A{at:02d},2024-11-05,{'affiliate' if at % 2 else ''},{f'P{at % 4 // 2 + 1}' if at % 2 else ''}\n"
    for at in range(20)
)
PARTNERS = "partner_id,name,motion,recruited_on\nP1,Nord,affiliate,2020-01-10\nP2,Süd GmbH,affiliate,2020-01-10\n"
REVENUE = "account_id,month,mrr\n" + "".join(f"A{at:02d},{month},100\n" for month in MONTHS for at in range(20))


def value(program, metric, side="All", as_of=None):
    chosen = m.Settings(as_of=as_of or program.ledger.last_month)
    return m.measure(m.BY_ID[metric], program.ledger, chosen, GROUPS[side]).value


def asked(program_or_error):
    return [question for file in program_or_error.sources for question in file.questions]


def answered(program_or_error, name, *answers):
    """What is corrected when a file's questions are answered: (part, key, value), …"""
    mapping = next(file for file in program_or_error.sources if file.name == name).complete()
    for part, key, value_ in answers:
        mapping = mapping.answered(part, key, value_)
    return {name: mapping}


def remarks(program):
    return " ".join(map(str, program.remarks))


# Rows that do not count

STATUSES = {
    "a shop": ("sub_no,subscription_status,customer_id,start_date,end_date,mrr", "wc-active wc-pending wc-cancelled"),
    "German": (
        "Vertrag,Vertragsstatus,Kundennummer,Vertragsbeginn,Vertragsende,Monatsbetrag",
        "Aktiv Testphase Gekündigt",
    ),
    "Spanish": ("contrato,Estado,ID cliente,Fecha de inicio,Fecha de fin,Importe mensual", "Activa Prueba Cancelada"),
    "French": ("contrat,Statut,client,date de début,date de fin,montant mensuel", "Actif Essai Résilié"),
    "billing": ("id,status,customer_id,started_at,ended_at,mrr", "past_due incomplete_expired canceled"),
}


@pytest.mark.parametrize("system", STATUSES)
def test_what_was_never_paid_is_no_customer_and_what_has_ended_counts_to_its_end(load, system):
    header, said = STATUSES[system]
    runs, never, ended = said.split()
    rows = []
    for at in range(20):
        word = (runs, never, ended)[at % 3]
        rows.append(f"s{at},{word},A{at:02d},2025-01-01,{'2026-06-01' if word == ended else ''},100")
    program = load({"a.csv": ACCOUNTS, "s.csv": f"{header}\n" + "\n".join(rows)}, written=WRITTEN)
    assert not asked(program)
    assert value(program, "mrr") == 700
    assert value(program, "mrr", as_of=2026 * 12 + 3) == 1300  # 7 that run and 6 that end in June
    report = next(file for file in program.files if file.name == "s.csv")
    assert (report.accepted, report.left_out, report.left[0][1:]) == (13, 7, (never, 7, "700.00"))
    assert f"7 rows with '{never}'" in remarks(program)


def test_words_of_a_status_that_nobody_knows_are_asked_with_their_rows_and_the_answer_is_kept(load):
    rows = [f"s{at},{'Active' if at % 2 else 'Dormant'},A{at:02d},2025-01-01,,100" for at in range(20)]
    files = {"a.csv": ACCOUNTS, "s.csv": "id,status,customer_id,start_date,end_date,mrr\n" + "\n".join(rows)}
    program = load(files, written=WRITTEN)
    assert [(one.part, one.key, one.options) for one in asked(program)] == [
        ("words", "Dormant", ("counts", "ended", "leave out"))
    ]
    assert "'Dormant' in status (10 rows, 1,000.00)" in asked(program)[0].asks
    for word, mrr in (("counts", 2000), ("leave out", 1000)):
        said = answered(program, "s.csv", ("words", "Dormant", word))
        again = load(files, written=WRITTEN, corrections=said)
        assert value(again, "mrr") == mrr
        assert not asked(again)
        next_month = load(files, written=WRITTEN, mappings=[said["s.csv"]])
        assert (value(next_month, "mrr"), asked(next_month)) == (mrr, [])


def test_a_rare_word_of_a_status_is_counted_said_and_no_figure_waits_for_it(load):
    rows = [f"s{at},{'Dormant' if at == 3 else 'Active'},A{at:02d},2025-01-01,,100" for at in range(20)]
    files = {"a.csv": ACCOUNTS, "s.csv": "id,status,customer_id,start_date,end_date,mrr\n" + "\n".join(rows)}
    program = load(files, written=WRITTEN)
    assert value(program, "mrr") == 2000
    assert [one.matters for one in asked(program)] == [False]


def test_a_column_that_is_called_like_a_status_and_is_none_is_not_used(load):
    rows = [f"s{at},Town {at},A{at:02d},2025-01-01,,100" for at in range(20)]
    files = {"a.csv": ACCOUNTS, "s.csv": "id,state,customer_id,start_date,end_date,mrr\n" + "\n".join(rows)}
    program = load(files, written=WRITTEN)
    assert (value(program, "mrr"), asked(program)) == (2000, [])


COMMISSIONS = {
    "English": ("commission_id,partner_id,commission,status,date", ("approved", "rejected", "pending", "chargeback")),
    "German": ("Beleg,partner,commission,Status,date", ("Genehmigt", "Storniert", "Offen", "Erstattet")),
    "French": ("no,partner,earnings,statut,date", ("Payée", "Refusée", "En attente", "Remboursée")),
}


@pytest.mark.parametrize("system", COMMISSIONS)
def test_commissions_that_are_not_earned_do_not_count(load, system):
    header, words = COMMISSIONS[system]
    rows = [f"c{at}-{month},P1,25,{words[at]},{month}-10" for month in MONTHS for at in range(4)]
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "p.csv": PARTNERS, "c.csv": f"{header}\n" + "\n".join(rows)})
    assert not asked(program)
    assert value(program, "payout_share", "Partner") == pytest.approx(50 / 1000)


def test_who_applied_is_no_partner_and_who_left_is_one_no_more(load):
    partners = "partner_id,motion,recruited_on,status\nP1,affiliate,2020-01-10,Active\nP2,affiliate,2020-01-10,Active\n"
    more = "P3,affiliate,2020-01-10,Applied\nP4,affiliate,2020-01-10,Rejected\nP5,affiliate,2020-01-10,Left\n"
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "p.csv": partners + more})
    assert value(program, "active_partners", "Partner") == 1.0
    assert "1 row with 'Applied'" in remarks(program)


@pytest.mark.parametrize(
    ("header", "yes", "no"), [("deleted", "true", "false"), ("is_test", "Ja", "Nein"), ("is_deleted", "1", "0")]
)
def test_rows_that_are_flagged_as_deleted_or_tests_do_not_count(load, header, yes, no):
    accounts = ACCOUNTS.splitlines()
    flagged = [f"{accounts[0]},{header}", *(f"{row},{yes if at < 4 else no}" for at, row in enumerate(accounts[1:]))]
    program = load({"a.csv": "\n".join(flagged), "r.csv": REVENUE})
    assert next(file.accepted for file in program.files if file.name == "a.csv") == 16


@pytest.mark.parametrize("header", ["is_trial", "trial"])
def test_a_subscription_that_is_a_trial_pays_nothing(load, header):
    rows = [f"s{at},A{at:02d},2025-01-01,,{'true' if at % 2 else 'false'},100" for at in range(20)]
    files = {"a.csv": ACCOUNTS, "s.csv": f"id,customer_id,start_date,end_date,{header},mrr\n" + "\n".join(rows)}
    program = load(files, written=WRITTEN)
    assert value(program, "mrr") == 1000
    assert value(program, "mrr", "Partner") == 0


def test_a_subscription_pays_from_the_end_of_its_trial_on_and_one_that_ends_with_it_never_paid(load):
    rows = ["1,A00,active,2026-01-01,2026-03-15,,100", "2,A01,canceled,2026-01-01,2026-02-01,2026-02-01,100",
            "3,A02,active,2026-10-01,2027-01-01,,100", "4,A03,active,2026-01-01,,,100"]  # fmt: skip
    header = "id,customer_id,status,start_date,trial_end,end_date,mrr\n"
    program = load({"a.csv": ACCOUNTS, "s.csv": header + "\n".join(rows)}, written=WRITTEN)
    of = {month: value(program, "mrr", as_of=2026 * 12 + month - 1) for month in (1, 2, 3, 10)}
    assert of == {1: 100, 2: 100, 3: 200, 10: 200}
    assert program.ledger.at("new_customers", 2026 * 12 + 2).sum() == 1


# Amounts

AMOUNTS = {
    "cents in the name": ("mrr_cents", "4900", 49),
    "minor units": ("MRR (minor units)", "4900.0", 49),
    "in cents": ("mrr in cents", "4900", 49),
    "a currency in the name": ("MRR (EUR)", "49.00", 49),
    "annual": ("ARR", "1200", 100),
    "annual, in cents": ("arr_cents", "120000", 100),
    "German": ("Jahresbetrag", "1.200,00", 100),
}


@pytest.mark.parametrize("name", AMOUNTS)
def test_an_amount_is_what_its_header_says(load, name):
    header, cell, each = AMOUNTS[name]
    rows = [f'A{at:02d};{month};"{cell}"' for month in MONTHS for at in range(20)]
    program = load({"a.csv": ACCOUNTS, "r.csv": f"account_id;month;{header}\n" + "\n".join(rows)})
    assert not asked(program)
    assert value(program, "mrr") == pytest.approx(20 * each)
    assert program.ledger.currency == ("EUR" if "EUR" in header else None)


INTERVALS = {
    "English": ("amount", "interval", {"month": 100, "year": 1200, "quarter": 300}),
    "German": ("Preis", "Abrechnungszeitraum", {"monatlich": 100, "jährlich": 1200, "vierteljährlich": 300}),
    "Spanish": ("precio", "periodicidad", {"mensual": 100, "anual": 1200, "trimestral": 300}),
}


@pytest.mark.parametrize("name", INTERVALS)
def test_an_amount_is_divided_by_its_interval(load, name):
    price, interval, words = INTERVALS[name]
    rows = []
    for at in range(20):
        word, amount = list(words.items())[at % 3]
        rows.append(f"s{at},A{at:02d},2025-01-01,,{amount},{word}")
    program = load(
        {"a.csv": ACCOUNTS, "s.csv": f"id,customer_id,start_date,end_date,{price},{interval}\n" + "\n".join(rows)},
        written=WRITTEN,
    )
    assert not asked(program)
    assert value(program, "mrr") == 2000


def test_mrr_is_not_divided_whatever_the_billing_and_a_price_without_an_interval_is_asked(load):
    rows = "".join(f"s{at},A{at:02d},2025-01-01,,100,annual\n" for at in range(20))
    monthly = "id,customer_id,start_date,end_date,mrr_amount,billing_frequency\n"
    assert value(load({"a.csv": ACCOUNTS, "s.csv": monthly + rows}, written=WRITTEN), "mrr") == 2000
    files = {"a.csv": ACCOUNTS, "s.csv": "id,customer_id,start_date,end_date,price,note\n" + rows}
    program = load(files, written=WRITTEN)
    assert [(one.part, one.key, one.options) for one in asked(program)] == [
        ("constants", "interval", ("1", "3", "6", "12", "24"))
    ]
    said = answered(program, "s.csv", ("constants", "interval", "12"))
    assert value(load(files, written=WRITTEN, corrections=said), "mrr") == pytest.approx(20 * 8.33)


def test_euros_and_dollars_row_by_row_are_what_they_say(load):
    rows = [f'A{at:02d},{month},"{"€" if at % 2 else "£"}100.00"' for month in MONTHS for at in range(20)]
    program = load({"a.csv": ACCOUNTS, "r.csv": "account_id,month,mrr\n" + "\n".join(rows)}, currency="GBP")
    assert program.currencies == ("EUR", "GBP")
    assert value(program, "mrr") == 1000


# Several rows a key


def test_items_of_an_account_and_month_add_up_and_one_that_stands_twice_counts_once(load):
    for header in ("product", "line_item_id", "Artikel"):
        rows = [f"A{at:02d},{month},{item},{mrr}" for month in MONTHS for at in range(20)
                for item, mrr in (("core", 100), ("addon", 20), ("seats", 7))]  # fmt: skip
        again = "A00,2026-10,addon,20"
        program = load({"a.csv": ACCOUNTS, "r.csv": f"customer_id,month,{header},mrr\n" + "\n".join([*rows, again])})
        assert value(program, "mrr") == 20 * 127
        report = next(file for file in program.files if file.name == "r.csv")
        assert (report.rows, report.accepted, report.rejected) == (len(rows) + 1, len(rows), 1)


def test_rows_that_only_differ_in_their_amount_are_asked(load):
    rows = [f"A{at:02d},{month},{mrr}" for month in MONTHS for at in range(20) for mrr in (100, 20)]
    files = {"a.csv": ACCOUNTS, "r.csv": "customer_id,month,mrr\n" + "\n".join(rows)}
    program = load(files)
    (question,) = asked(program)
    assert question.part == "several"
    assert "A00 in 2025-01: 100.00 and 20.00" in question.asks
    assert value(program, "mrr") is None
    for choice, mrr in (("they add up", 2400), ("one is a mistake", 2000)):
        again = load(files, corrections=answered(program, "r.csv", ("several", "several", choice)))
        assert (value(again, "mrr"), asked(again)) == (mrr, [])


def test_snapshots_in_a_file_each_count_at_the_end_of_their_month(load):
    days = ("2026-09-10", "2026-09-20", "2026-09-30", "2026-10-10", "2026-10-31")
    files = {"a.csv": ACCOUNTS}
    for number, day in enumerate(days):
        rows = [f"A{at:02d},{day},{100 + number}" for at in range(20 if number < 2 else 18)]
        files[f"snapshot {day}.csv"] = "customer_id,snapshot_date,mrr\n".replace("snapshot_date", "date") + "\n".join(
            rows
        )
    program = load(files)
    assert value(program, "mrr", as_of=2026 * 12 + 8) == 18 * 102
    assert value(program, "mrr") == 18 * 104
    assert sum(file.accepted + file.rejected for file in program.files) == sum(file.rows for file in program.files)


def test_refunds_and_shared_invoices_are_rows_of_their_own_and_what_is_exported_twice_counts_once(load):
    for header in ("transaction_id", "order_id", "commission_id"):
        rows = []
        for number, month in enumerate(MONTHS):
            rows += [f"t{number},{month}-03,P1,60", f"t{number},{month}-03,P2,40"]
            rows += [f"t{number},{month}-20,P1,-60"] if number % 2 else []
        rows += rows[-3:]
        program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "p.csv": PARTNERS,
                        "c.csv": f"{header},date,partner_id,commission\n" + "\n".join(rows)})  # fmt: skip
        assert value(program, "payout_share", "Partner") == pytest.approx((6 * 100 + 6 * 40) / 12_000)
        assert next(file.rejected for file in program.files if file.name == "c.csv") == 3


INVOICES = {
    "English": ("invoice_id,customer_id,invoice_date,total,status", "paid", "void"),
    "German": ("Rechnungsnummer,Kundennummer,Rechnungsdatum,Rechnungsbetrag,Status", "Bezahlt", "Storniert"),
    "orders": ("order_number,customer,order_date,order_total,financial_status", "paid", "refunded"),
}


@pytest.mark.parametrize("system", INVOICES)
def test_invoices_add_up_by_month_and_it_is_said_that_they_are_no_mrr(load, system):
    header, counts, never = INVOICES[system]
    rows = [f"{month}-{at}-{part},A{at:02d},{month}-05,{60 + part},{counts if part < 2 else never}"
            for month in MONTHS for at in range(20) for part in range(3)]  # fmt: skip
    program = load({"a.csv": ACCOUNTS, "i.csv": f"{header}\n" + "\n".join(rows)})
    assert not asked(program)
    assert value(program, "mrr") == 20 * 121
    assert "holds invoices or orders" in str(program.remarks[0])


@pytest.mark.parametrize("every", [3, 12])
def test_rows_of_now_and_then_are_asked_for_and_add_up_as_invoices(load, every):
    rows = [f"A{at:02d},{month},{100 * every}" for number, month in enumerate(MONTHS) for at in range(20)
            if number % every == at % every]  # fmt: skip
    files = {"a.csv": ACCOUNTS, "r.csv": "customer_id,month,mrr\n" + "\n".join(rows)}
    program = load(files)
    (question,) = asked(program)
    assert (question.part, question.options) == ("kind", ("invoices", "revenue"))
    again = load(files, corrections=answered(program, "r.csv", ("kind", "kind", "invoices")))
    assert not asked(again)
    assert "no MRR" in question.asks
    said = load(files, corrections=answered(program, "r.csv", ("kind", "kind", "revenue")))
    assert value(said, "customer_churn") is not None


# Ids

DRESSES = {
    "Excel": '"=""{}"""', "an apostrophe": "'{}", "a tab": "\t{}", "a float": "{}.0", "a wide space": "\u00a0{}",
}  # fmt: skip


@pytest.mark.parametrize("dress", DRESSES)
def test_what_stands_around_an_id_is_no_part_of_it(load, dress):
    accounts = ACCOUNTS.replace(",P1", ",00101").replace(",P2", ",00102")
    partners = "partner_id,motion,recruited_on\n" + "".join(
        f"{DRESSES[dress].format(one)},affiliate,2020-01-10\n" for one in ("00101", "00102")
    )
    program = load({"a.csv": accounts, "r.csv": REVENUE, "p.csv": partners})
    assert not asked(program)
    assert value(program, "active_partners", "Partner") == 1.0


MATCHES = {
    "names": ({"P1": "Nord", "P2": "Sued"}, "by name", 0.5),  # Süd GmbH is called otherwise
    "names in another spelling": ({"P1": "NORD", "P2": "Süd-GmbH"}, "by name", 1.0),
    "another case": ({"P1": "p1", "P2": "p2"}, "by spelling", 1.0),
    "signs and zeros": ({"P1": "P-01", "P2": "P 2"}, None, None),
}


@pytest.mark.parametrize("name", MATCHES)
def test_ids_that_are_written_otherwise_are_matched_when_the_user_says_so(load, name):
    spelled, how, active = MATCHES[name]
    accounts = ACCOUNTS
    for one, other in spelled.items():
        accounts = accounts.replace(f",{one}\n", f",{other}\n")
    files = {"a.csv": accounts, "r.csv": REVENUE, "p.csv": PARTNERS}
    program = load(files)
    assert value(program, "active_partners", "Partner") is None
    if how is None:
        return
    (question,) = asked(program)
    assert (question.part, question.key, question.options[0]) == ("match", "partner_id", how)
    again = load(files, corrections=answered(program, "a.csv", ("match", "partner_id", how)))
    assert value(again, "active_partners", "Partner") == active
    assert not asked(again)
    assert "were matched with partners" in remarks(again)
    left = load(files, corrections=answered(program, "a.csv", ("match", "partner_id", "as they are")))
    assert not asked(left)
    assert value(left, "active_partners", "Partner") is None


def test_revenue_whose_ids_are_written_otherwise_is_not_an_mrr_of_zero(load):
    files = {"a.csv": ACCOUNTS, "r.csv": REVENUE.replace("\nA", "\na-")}
    program = load(files)
    assert value(program, "mrr") is None
    (question,) = asked(program)
    assert (question.file, question.part, question.key) == ("r.csv", "match", "account_id")
    again = load(files, corrections=answered(program, "r.csv", ("match", "account_id", "by spelling")))
    assert value(again, "mrr") == 2000
    assert next(one.count for one in again.findings if one.name == "revenue_without_account") == 0
    # A row that stands twice has all of them read again.
    files["r.csv"] = files["r.csv"].rstrip() + "\n" + files["r.csv"].rstrip().rpartition("\n")[2] + "\n"
    twice = load(files, corrections=answered(load(files), "r.csv", ("match", "account_id", "by spelling")))
    assert (value(twice, "mrr"), len(twice.rejects)) == (2000, 1)
    other = load({"a.csv": ACCOUNTS, "r.csv": REVENUE.replace("\nA", "\nZZ9")})
    assert value(other, "mrr") is None
    assert "none of 20" in str(other.refused[0])


def test_two_systems_that_number_from_1_are_told_apart_by_a_prefix(load):
    accounts = ACCOUNTS.replace(",P1", ",1").replace(",P2", ",2")
    head = "partner_id,name,motion,recruited_on\n"
    one = "1,Nord,affiliate,2020-01-10\n2,Sued,affiliate,2020-01-10\n"
    two = "1,West,reseller,2021-01-10\n2,Ost,reseller,2021-01-10\n"
    files = {"a.csv": accounts, "r.csv": REVENUE, "one.csv": head + one, "two.csv": head + two}
    program = load(files)
    (question,) = asked(program)
    assert (question.file, question.options) == ("two.csv", ("two:", SAME))
    assert value(program, "active_partners", "Partner") is None
    said = answered(program, "two.csv", ("prefix", "partner_id", "two:"))
    again = load(files, corrections=said)
    (whose,) = asked(again)
    assert (whose.file, whose.options) == ("a.csv", ("two:", SAME))
    done = load(files, corrections=said | answered(again, "a.csv", ("prefix", "partner_id", SAME)))
    assert not asked(done)
    assert value(done, "active_partners", "Partner") == 0.5


def test_ids_of_which_a_spreadsheet_has_cut_digits_are_refused(load):
    for cells in ("1.23457E+11", "1E+12", "4,5E+09"):
        rows = "".join(f'"{cells}",{month},100\n' for month in MONTHS)
        program = load({"a.csv": ACCOUNTS, "r.csv": "account_id,month,mrr\n" + rows})
        assert "cut the last digits" in str(program.refused[0])
        assert value(program, "mrr") is None


# Which accounts are partners'


def test_accounts_with_a_partner_and_no_motion_are_asked_for_by_one_question(load):
    accounts = "\n".join(
        ",".join((row.split(",")[0], row.split(",")[1], row.split(",")[3])) for row in ACCOUNTS.splitlines()
    )
    files = {"a.csv": accounts, "r.csv": REVENUE}
    program = load(files)
    (question,) = asked(program)
    assert "10 accounts name a partner" in question.asks
    assert value(program, "mrr", "Partner") is None
    again = load(files, corrections=answered(program, "a.csv", ("constants", question.key, "referral")))
    assert (value(again, "mrr", "Partner"), value(again, "mrr", "Organic")) == (1000, 1000)
    assert not asked(again)


WAYS = {
    "referral_source": {"organic": 8, "ads": 4, "partner": 8},
    "Lead Source": {"Web": 10, "Alliance": 10},
    "Kanal": {"Direkt": 12, "Händler": 8},
}


@pytest.mark.parametrize("header", WAYS)
def test_a_column_that_may_say_how_accounts_came_is_offered_with_its_words(load, header):
    words = [word for word, times in WAYS[header].items() for _ in range(times)]
    rows = [f"A{at:02d},2024-05-05,{words[at]}" for at in range(20)]
    files = {"a.csv": f"account_id,signed_up_on,{header}\n" + "\n".join(rows), "r.csv": REVENUE}
    program = load(files)
    (question,) = asked(program)
    assert (question.part, question.key) == ("columns", "motion")
    assert header in question.asks
    assert all(f"{word} ({times})" in question.asks for word, times in WAYS[header].items())
    assert value(program, "mrr") == 2000
    assert value(program, "mrr", "Partner") is None
    again = load(files, corrections=answered(program, "a.csv", ("columns", "motion", question.options[-1])))
    assert not asked(again)
    assert value(again, "mrr", "Partner") is None


@pytest.mark.parametrize("header", ["source", "Original Source", "utm_medium"])
def test_a_referral_of_web_traffic_is_no_motion_unless_the_user_says_so(load, header):
    rows = [f"A{at:02d},2024-05-05,{'Referral' if at % 2 else 'Direct'}" for at in range(20)]
    files = {"a.csv": f"account_id,signed_up_on,{header}\n" + "\n".join(rows), "r.csv": REVENUE}
    try:
        found = load(files)
    except FileError as error:
        found = error
    assert asked(found)


def test_a_partner_list_that_no_account_names_is_said_at_once(load):
    accounts = "account_id,signed_up_on,motion\n" + "".join(f"A{at:02d},2024-05-05,affiliate\n" for at in range(20))
    program = load({"a.csv": accounts, "r.csv": REVENUE, "p.csv": PARTNERS})
    assert "no account names one" in remarks(program)
    assert value(program, "active_partners", "Partner") is None


# Blanks and days


@pytest.mark.parametrize("nothing", ["NULL", "None", "\\N", "n/a", "nan", "(blank)", "-"])
def test_what_systems_write_for_nothing_is_blank_in_texts_too(load, nothing):
    rows = [
        f"A{at:02d},2024-05-05,{'affiliate' if at % 2 else nothing},{'P1' if at % 2 else nothing}" for at in range(20)
    ]
    program = load(
        {"a.csv": "account_id,signed_up_on,motion,partner_id\n" + "\n".join(rows), "r.csv": REVENUE, "p.csv": PARTNERS}
    )
    assert not [finding.name for finding in program.findings if finding.count]
    assert value(program, "mrr", "Partner") == 1000


def test_a_day_that_can_not_be_read_costs_itself_and_not_its_row(load):
    days = ["2024-05-07", "soon", *["2024-05-07"] * 8, *[""] * 10]
    rows = [f"A{at:02d},2024-05-05,{'affiliate' if at % 2 else ''},{days[at]}" for at in range(20)]
    program = load({"a.csv": "account_id,signed_up_on,motion,activated_on\n" + "\n".join(rows), "r.csv": REVENUE})
    report = next(file for file in program.files if file.name == "a.csv")
    assert (report.accepted, report.unread) == (20, {"activated_on": (1, "soon")})
    assert "1 cell in column activated_on of a.csv can't be read, the first is 'soon'" in remarks(program)
    assert value(program, "activation", "Partner", as_of=2024 * 12 + 5) == pytest.approx(4 / 9)


@pytest.mark.parametrize("form", ["{}T22:00:00Z", "{} 23:00:00+00:00"])
def test_months_that_begin_in_another_zone_are_these_months(load, form):
    before = {
        month: f"{2025 + (at - 1) // 12 if at else 2024}-{(at - 1) % 12 + 1:02d}" for at, month in enumerate(MONTHS)
    }
    last = {
        "01": 31,
        "02": 28,
        "03": 31,
        "04": 30,
        "05": 31,
        "06": 30,
        "07": 31,
        "08": 31,
        "09": 30,
        "10": 31,
        "11": 30,
        "12": 31,
    }
    rows = [
        f"A{at:02d},{form.format(f'{before[month]}-{last[before[month][5:]]}')},100"
        for month in MONTHS
        for at in range(20)
    ]
    program = load({"a.csv": ACCOUNTS, "r.csv": "account_id,month,mrr\n" + "\n".join(rows)})
    assert (program.ledger.last_month, value(program, "mrr")) == (2026 * 12 + 9, 2000)


ENDS = {
    "the last day": ("{}-15", "{}-14", 2000),
    "an instant before midnight": ("{}-01T00:00:00Z", "{}-28T23:59:59Z", 2000),
}


def test_ends_that_are_the_first_day_not_paid_stay_as_they_are(load):
    rows = [f"s{at}-{year},A{at:02d},{year}-01-01,{year + 1}-01-01,100" for at in range(20) for year in (2024, 2025)]
    program = load({"a.csv": ACCOUNTS, "s.csv": "id,customer_id,start_date,end_date,mrr\n" + "\n".join(rows)})
    assert value(program, "mrr", as_of=2025 * 12 + 11) == 2000
    assert "last day" not in remarks(program)


def test_an_end_by_request_or_period_needs_a_word_that_it_has_ended(load):
    header = "id,customer_id,status,start_date,canceled_at,current_period_end,cancel_at_period_end,mrr\n"
    rows = ["1,A00,active,2025-01-01,2026-03-03,2026-12-31,true,100",  # runs on to its end ahead
            "2,A01,active,2025-01-01,,2026-02-01,false,100",  # was to be renewed then
            "3,A02,canceled,2025-01-01,2026-03-03,2026-05-01,true,100",  # ended with its period
            "4,A03,canceled,2025-01-01,2026-03-03,,,100"]  # fmt: skip
    program = load({"a.csv": ACCOUNTS, "s.csv": header + "\n".join(rows)}, written=WRITTEN)
    of = {month: value(program, "mrr", as_of=2026 * 12 + month - 1) for month in (2, 3, 4, 5, 10)}
    assert of == {2: 400, 3: 300, 4: 300, 5: 200, 10: 200}


def test_whole_numbers_a_hundred_times_as_large_as_those_beside_them_are_asked(load):
    payouts = "month,amount,kind,motion,partner_id\n" + "".join(
        f"{month},100,payout,affiliate,P1\n" for month in MONTHS
    )
    files = {"a.csv": ACCOUNTS, "r.csv": REVENUE.replace(",100\n", ",10000\n"), "p.csv": PARTNERS, "s.csv": payouts}
    program = load(files)
    (question,) = asked(program)
    assert (question.file, question.part, question.key) == ("r.csv", "forms", "mrr")
    assert "10000 is 10,000.00, or 100.00" in question.asks
    assert value(program, "mrr") is None
    for form, mrr in (("cents", 2000), ("1,234.50", 200_000)):
        again = load(files, corrections=answered(program, "r.csv", ("forms", "mrr", form)))
        assert (value(again, "mrr"), asked(again)) == (mrr, [])
    exact = load(files | {"r.csv": REVENUE.replace(",100\n", ",9999.50\n")})
    assert not asked(exact)
    large = load(files | {"r.csv": REVENUE, "s.csv": payouts.replace(",100,", ",10000,")})
    assert [(one.file, one.part) for one in asked(large)] == [("s.csv", "forms")]


def test_a_mapping_that_fits_hardly_any_row_is_put_aside_and_said(load):
    header = ("account_id", "month", "mrr")
    own = Mapping(header=header, kind="revenue", columns=dict(zip(header, ("mrr", "month", "account_id"), strict=True)))
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE}, mappings=[own])
    assert value(program, "mrr") == 2000
    assert "put aside" in remarks(program)
    columns = {one: one for one in header}
    pinned = Mapping(
        header=header, kind="revenue", columns=columns, forms={"month": "epoch seconds", "mrr": "1.234,50"}
    )
    other = REVENUE.replace("-", "/").replace(",100\n", ",100.25\n")
    program = load({"a.csv": ACCOUNTS, "r.csv": other}, mappings=[pinned])
    assert value(program, "mrr") == 2005


def test_a_kind_that_leaves_amounts_unused_is_asked_and_no_figure_waits(load):
    accounts = "\n".join(f"{row},{'MRR' if not at else 120 + at}" for at, row in enumerate(ACCOUNTS.splitlines()))
    program = load({"a.csv": accounts, "r.csv": REVENUE})
    (question,) = asked(program)
    assert (question.part, question.options, question.matters) == ("kind", ("accounts", "revenue"), False)
    assert "column MRR is in no figure" in question.asks
    again = load(
        {"a.csv": accounts, "r.csv": REVENUE}, corrections=answered(program, "a.csv", ("kind", "kind", "accounts"))
    )
    assert not asked(again)


def test_seats_multiply_a_price_of_one_when_the_user_says_so_and_never_an_mrr(load):
    rows = "".join(f"s{at},A{at:02d},2025-01-01,,{100},month,{at % 2 + 1}\n" for at in range(20))
    of = {}
    for header in ("mrr", "unit_price", "amount"):
        files = {"a.csv": ACCOUNTS, "s.csv": f"id,customer_id,start_date,end_date,{header},interval,seats\n{rows}"}
        of[header] = load(files, written=WRITTEN)
    assert (value(of["mrr"], "mrr"), value(of["unit_price"], "mrr")) == (2000, 3000)
    (question,) = asked(of["amount"])
    assert (question.key, "10 rows have more than one" in question.asks) == ("quantity", True)
    for choice, mrr in zip(question.options, (3000, 2000), strict=True):
        said = answered(of["amount"], "s.csv", ("columns", "quantity", choice))
        again = load(files, written=WRITTEN, corrections=said)
        assert (value(again, "mrr"), asked(again)) == (mrr, [])


# More systems, each of which once gave a sure and wrong figure


def subscriptions(load, header, row, **options):
    """A program of 20 subscriptions; `row` gives the cells of one by its number."""
    rows = [",".join(row(at)) for at in range(20)]
    return load({"a.csv": ACCOUNTS, "s.csv": f"{header}\n" + "\n".join(rows)}, **({"written": WRITTEN} | options))


def test_a_status_of_words_that_nobody_knows_is_asked_and_not_dropped(load):
    words = ("brrm", "krrk")
    program = subscriptions(
        load, "id,customer_id,start_date,end_date,mrr,status",
        lambda at: (f"s{at}", f"A{at:02d}", "2025-01-01", "", "100", words[at % 2]),
    )  # fmt: skip
    assert {question.key for question in asked(program)} == {*words}


@pytest.mark.parametrize("header", ["interval,interval_unit", "billing_period,billing_period_unit", "every,interval"])
def test_a_number_beside_its_unit_is_the_interval(load, header):
    program = subscriptions(
        load, f"id,customer_id,start_date,end_date,amount,{header}",
        lambda at: (f"s{at}", f"A{at:02d}", "2025-01-01", "", *("1200 1 years", "300 3 months")[at % 2].split()),
    )  # fmt: skip
    assert (asked(program), value(program, "mrr")) == ([], 2000)


def test_an_end_that_is_past_where_the_status_says_that_it_runs_is_asked(load):
    header = "id,customer_id,start_date,end_date,mrr,status"
    program = subscriptions(
        load, header, lambda at: (f"s{at}", f"A{at:02d}", "2025-01-01", "2026-01-01", "100", "active")
    )
    (question,) = asked(program)
    assert (question.part, question.key) == ("columns", "ended_on")
    renewed = answered(program, "s.csv", ("columns", "ended_on", question.options[1]))
    rows = [f"s{at},A{at:02d},2025-01-01,2026-01-01,100,active" for at in range(20)]
    files = {"a.csv": ACCOUNTS, "s.csv": f"{header}\n" + "\n".join(rows)}
    assert value(load(files, written=WRITTEN, corrections=renewed), "mrr") == 2000


def test_a_request_alone_is_asked_for_its_end(load):
    program = subscriptions(
        load, "id,customer_id,start_date,canceled_at,mrr",
        lambda at: (f"s{at}", f"A{at:02d}", "2025-01-01", "2026-03-03" if at % 2 else "", "100"),
    )  # fmt: skip
    assert [(one.part, one.key) for one in asked(program)] == [("columns", "ended_on")]


def test_ends_that_are_all_the_last_of_a_month_are_still_paid(load):
    program = subscriptions(
        load, "id,customer_id,start_date,end_date,mrr",
        lambda at: (f"s{at}", f"A{at:02d}", f"2025-01-{at + 3:02d}", "2026-04-30" if at % 2 else "", "100"),
    )  # fmt: skip
    assert (value(program, "mrr", as_of=2026 * 12 + 3), value(program, "mrr", as_of=2026 * 12 + 4)) == (2000, 1000)


@pytest.mark.parametrize("header", ["voided_at", "refunded_at", "rejected_on"])
def test_a_commission_with_the_day_of_its_refund_does_not_count(load, header):
    rows = [f"c{at}-{month},P1,25,{month}-10,{f'{month}-20' if at % 2 else ''}" for month in MONTHS for at in range(4)]
    commissions = f"commission_id,partner_id,commission,date,{header}\n" + "\n".join(rows)
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "p.csv": PARTNERS, "c.csv": commissions})
    assert value(program, "payout_share", "Partner") == pytest.approx(50 / 1000)


def test_a_partner_without_a_day_of_approval_is_an_applicant(load):
    partners = "partner_id,motion,recruited_on,approved_at\nP1,affiliate,2020-01-10,2020-01-11\n"
    more = "P2,affiliate,2020-01-10,2020-01-11\nP3,affiliate,2020-01-10,\n"
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "p.csv": partners + more})
    assert value(program, "active_partners", "Partner") == 1.0


def test_a_column_that_may_matter_and_is_not_read_is_said_with_what_it_holds(load):
    program = subscriptions(
        load, "id,customer_id,start_date,end_date,mrr,discount_percent",
        lambda at: (f"s{at}", f"A{at:02d}", "2025-01-01", "", "100", "50" if at < 5 else "0"),
    )  # fmt: skip
    assert "Column discount_percent of s.csv is not read, and holds '50' (5)" in remarks(program)


def test_invoices_once_a_year_leave_churn_unknown(load):
    rows = [f"i{year}-{at},A{at:02d},{year}-{at % 9 + 1:02d}-05,1200" for at in range(20) for year in (2025, 2026)]
    program = load({"a.csv": ACCOUNTS, "i.csv": "invoice_id,customer_id,invoice_date,total\n" + "\n".join(rows)})
    assert value(program, "customer_churn") is None
    assert value(program, "nrr") is None
    assert "Most accounts are billed in one of 12 months" in remarks(program)


def test_what_is_asked_of_several_files_with_the_same_columns_is_asked_once(load):
    files = {f"{month}.csv": f"customer_id,month,sum\nA00,{month},{at}\n" for at, month in enumerate(MONTHS[:5])}
    program = load({"a.csv": ACCOUNTS} | files)
    assert len(asked(program)) == 5
    ((file, alike),) = tables.asked_once(program.sources)
    assert (file.name, alike) == ("2025-01.csv", 4)


def test_an_interval_that_is_none_is_asked_and_its_rows_can_be_left_out(load):
    header = "id,customer_id,start_date,end_date,amount,interval"
    rows = [
        f"s{at},A{at:02d},2025-01-01,,{1200 if at % 2 else 50},{'year' if at % 2 else 'one time'}" for at in range(20)
    ]
    files = {"a.csv": ACCOUNTS, "s.csv": f"{header}\n" + "\n".join(rows)}
    program = load(files, written=WRITTEN)
    (question,) = asked(program)
    assert (question.key, question.options[-1]) == ("one time", "leave out")
    said = answered(program, "s.csv", ("words", "one time", "leave out"))
    assert value(load(files, written=WRITTEN, corrections=said), "mrr") == 1000


def test_a_figure_does_not_ask_for_a_file_that_waits_for_an_answer(load):
    program = subscriptions(
        load, "id,customer_id,start_date,end_date,mrr,status",
        lambda at: (f"s{at}", f"A{at:02d}", "2025-01-01", "", "100", ("brrm", "active")[at % 2]),
    )  # fmt: skip
    chosen = m.Settings(as_of=program.ledger.last_month)
    assert m.measure(m.BY_ID["mrr"], program.ledger, chosen, m.ALL).note == "answer first what is asked of the files"


# What no header says, and no other column either


def test_two_files_of_which_one_is_in_cents_are_asked(load):
    whole = "".join(row for row in REVENUE.splitlines(keepends=True) if "2025-" in row)
    cents = "".join(f"{row.strip()}00\n" for row in REVENUE.splitlines() if "2026-" in row)
    header = REVENUE.splitlines(keepends=True)[0]
    files = {"a.csv": ACCOUNTS, "r1.csv": header + whole, "r2.csv": header + cents}
    program = load(files)
    (question,) = asked(program)
    assert (question.file, question.key) == ("r2.csv", "mrr")
    assert "100 times those of r1.csv" in question.asks
    assert value(program, "mrr") is None
    unknown = m.measure(m.BY_ID["mrr"], program.ledger, m.Settings(as_of=program.ledger.last_month), m.ALL)
    assert unknown.note == "answer first what is asked of the files"
    again = load(files, corrections=answered(program, "r2.csv", ("forms", "mrr", "cents")))
    assert (value(again, "mrr"), asked(again)) == (2000, [])


def test_a_file_of_other_accounts_that_pay_a_hundred_times_as_much_stops_no_figure(load):
    large = "account_id,month,mrr\n" + "".join(f"B{at:02d},{month},10000\n" for month in MONTHS for at in range(20))
    accounts = ACCOUNTS + "".join(f"B{at:02d},2024-11-05,,\n" for at in range(20))
    program = load({"a.csv": accounts, "r1.csv": REVENUE, "r2.csv": large})
    assert [(one.key, one.matters) for one in asked(program)] == [("mrr", False)]
    assert value(program, "mrr") == 202_000


@pytest.mark.parametrize(("spent", "waits"), [("", None), ("80", True), ("9000", False)])
def test_whole_numbers_like_prices_in_cents_are_asked_unless_spend_says_that_they_are_whole(load, spent, waits):
    files = {"a.csv": ACCOUNTS, "r.csv": REVENUE.replace(",100\n", ",4900\n")}
    if spent:
        files["s.csv"] = "month,amount,kind\n" + "".join(f"{month},{spent}.20,marketing\n" for month in MONTHS)
    program = load(files)
    found = [(one.key, one.matters) for one in asked(program)]
    assert found == ([] if waits is False else [("mrr", bool(waits))])
    assert value(program, "mrr") == (None if waits else 98_000)


def test_partners_that_look_like_one_are_said(load):
    twin = "P3,NORD.,affiliate,2020-01-10\n"
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "p.csv": PARTNERS + twin})
    assert "2 partner ids look like 1 partner: P1 and P3 are both called NORD." in remarks(program)
    spelled = load(
        {"a.csv": ACCOUNTS.replace("A01,2024-11-05,affiliate,P1", "A01,2024-11-05,affiliate,p-1"), "r.csv": REVENUE}
    )
    assert "P1 and p-1 are the same but for their spelling" in remarks(spelled)
    assert "look like" not in remarks(load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "p.csv": PARTNERS}))


def test_ids_that_could_be_several_are_asked_for_and_the_answer_counts(load):
    listed = "partner_id,name,motion,recruited_on\n" + "".join(
        f"P{at},{name},affiliate,2020-01-10\n" for at, name in enumerate(("Nord", "Nord", "Ost", "West"), 1)
    )
    names = {1: "nord", 3: "Ost", 5: "West"}
    accounts = "account_id,signed_up_on,motion,partner\n" + "".join(
        f"A{at:02d},2024-11-05,{'affiliate' if at % 2 else ''},{names.get(at % 6, '')}\n" for at in range(20)
    )
    files = {"a.csv": accounts, "r.csv": REVENUE, "p.csv": listed}
    program = load(files)
    (offer,) = asked(program)
    assert offer.part == "match"
    taken = answered(program, "a.csv", ("match", "partner_id", "by name"))
    named = load(files, corrections=taken)
    (which,) = asked(named)
    assert (which.part, which.key, which.options) == ("ids", "nord", ("P1", "P2", "as they are"))
    assert value(named, "active_partners", "Partner") is None
    done = load(files, corrections={"a.csv": taken["a.csv"].answered("ids", "nord", "P2")})
    assert asked(done) == []
    assert value(done, "active_partners", "Partner") == 0.75


@pytest.mark.parametrize("header", ["type", "entry_type", "Art"])
def test_a_column_of_types_says_which_rows_count(load, header):
    rows = "".join(
        f"c{at},P1,2026-{at % 9 + 1:02d}-05,{'-' if at % 4 == 1 else ''}50,{'Refunded' if at % 4 == 1 else 'Sale'}\n"
        for at in range(40)
    )
    spend = f"commission_id,partner_id,created_at,commission,{header}\n{rows}"
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "p.csv": PARTNERS, "c.csv": spend})
    assert not asked(program)
    # What is below zero takes back what another row says; a refund that is not is no commission.
    report = next(file for file in program.files if file.name == "c.csv")
    assert (report.accepted, report.left_out, program.ledger.by_spend["amount"].sum()) == (40, 0, 100_000)
    above = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "p.csv": PARTNERS, "c.csv": spend.replace(",-50", ",50")})
    assert next(file.left_out for file in above.files if file.name == "c.csv") == 10
    clawed = load(
        {"a.csv": ACCOUNTS, "r.csv": REVENUE, "p.csv": PARTNERS, "c.csv": spend.replace("Refunded", "Clawback")}
    )
    assert [(one.part, one.key) for one in asked(clawed)] == [("words", "Clawback")]


def test_movements_of_which_none_is_below_zero_are_asked_for_what_they_are(load):
    rows = "".join(
        f"A{at:02d},2025-0{month},{100 if month == 1 else 40},{'start' if month == 1 else 'minus'}\n"
        for at in range(20)
        for month in (1, 3)
    )
    files = {"a.csv": ACCOUNTS, "m.csv": f"customer_id,month,mrr_change,what happened\n{rows}"}
    program = load(files, written=WRITTEN)
    (question,) = asked(program)
    assert (question.part, question.key, question.options) == (
        "columns",
        "movement",
        ("what happened", "not in this file"),
    )
    none = answered(program, "m.csv", ("columns", "movement", "not in this file"))
    assert "no account ever pays less, or leaves" in remarks(load(files, corrections=none, written=WRITTEN))
    fell = answered(program, "m.csv", ("columns", "movement", "what happened"), ("words", "minus", "contraction"))
    assert value(load(files, corrections=fell, written=WRITTEN), "mrr") == 20 * 60


# Two exports, and a day on which everything begins


def test_a_newer_export_counts_where_the_user_says_so(load):
    newer = ACCOUNTS.replace("affiliate,P1", "reseller,P1")
    files = {"old.csv": ACCOUNTS, "new.csv": newer, "r.csv": REVENUE}
    program = load(files)
    (question,) = asked(program)
    assert (question.file, question.part, question.matters) == ("new.csv", "counts", False)
    again = load(files, corrections=answered(program, "new.csv", ("counts", "counts", "this file")))
    assert asked(again) == []
    assert again.contradictions[0].file == "new.csv"


def test_of_subscriptions_in_two_exports_the_one_counts_that_is_said_to(load):
    rows = [f"s{at},A{at:02d},2025-01-01,{{}},100" for at in range(20)]
    header = "subscription_id,account_id,started_on,ended_on,mrr\n"
    old = header + "\n".join(row.format("") for row in rows)
    new = header + "\n".join(row.format("2026-02-01" if at < 15 else "") for at, row in enumerate(rows))
    files = {"a.csv": ACCOUNTS, "old.csv": old, "new.csv": new}
    program = load(files, written=WRITTEN)
    assert value(program, "mrr") == 2000
    (question,) = asked(program)
    assert "share 20 rows by their ids" in question.asks
    again = load(files, corrections=answered(program, "new.csv", ("counts", "counts", "this file")), written=WRITTEN)
    assert (value(again, "mrr"), asked(again)) == (500, [])


def test_a_day_on_which_most_subscriptions_begin_is_a_move_until_it_is_said_to_be_their_first_payment(load):
    accounts = ACCOUNTS.replace("2024-11-05", "2023-02-05")
    rows = [f"s{at},A{at:02d},{'2025-06-01' if at < 14 else f'2025-{at - 7:02d}-03'},,100" for at in range(19)]
    rows.append("s19,A19,2025-03-03,,100")  # begins before the move, and what else was paid then is not in the file
    files = {"a.csv": accounts, "s.csv": "subscription_id,account_id,started_on,ended_on,mrr\n" + "\n".join(rows)}
    program = load(files, written=WRITTEN)
    (question,) = asked(program)
    assert (question.part, question.options[1], question.matters) == ("starts", "a move from another system", False)
    assert "14 accounts of 20 signed up earlier and begin to pay on 2025-06-01" in remarks(program)
    assert value(program, "mrr") == 2000

    def new(one):
        return int(one.ledger.between("new_customers", one.ledger.first_month, one.ledger.last_month).sum())

    assert new(program) == 5
    # They are carried into their first month, and have not come back to it.
    moves = m.movements(program.ledger, m.ALL)
    assert int(moves["reactivation"].sum()) == 0
    assert program.ledger.coverage.of("revenue").first == 2025 * 12 + 5
    assert "MRR is known from 2025-06 on" in remarks(program)
    first = load(
        files, written=WRITTEN, corrections=answered(program, "s.csv", ("starts", "starts", "the first payment"))
    )
    assert (new(first), asked(first)) == (20, [])
    moved = load(
        files, written=WRITTEN, corrections=answered(program, "s.csv", ("starts", "starts", question.options[1]))
    )
    assert (new(moved), asked(moved)) == (5, [])


def test_an_account_that_signs_up_after_today_is_marked_and_changes_nothing(load):
    ahead = ACCOUNTS + "Z1,2027-02-01,affiliate,P1\nZ2,2026-12-24,,\nZ3,2202-12-24,,\n"
    program = load({"a.csv": ahead, "r.csv": REVENUE})
    report = next(file for file in program.files if file.name == "a.csv")
    assert report.left == (("signed_up_on", "a day after today", 2, ""),)
    assert (report.accepted, report.rejected) == (20, 3)
    assert "2 rows with 'a day after today' in signed_up_on" in remarks(program)


def test_what_a_mapping_leaves_out_can_be_taken_back(load):
    rows = "".join(f"A{at:02d},{month},100,{'test' if at == 3 else 'eu'}\n" for at in range(20) for month in MONTHS)
    own = Mapping(
        kind="revenue",
        header=("customer_id", "region"),
        columns={"account_id": "customer_id", "month": "month", "mrr": "mrr"},
        leave_out={"region": ("test",)},
    )
    files = {"a.csv": ACCOUNTS, "r.csv": f"customer_id,month,mrr,region\n{rows}"}
    program = load(files, mappings=[own])
    assert value(program, "mrr") == 1900
    source = next(file for file in program.sources if file.name == "r.csv")
    back = source.complete().model_copy(update={"leave_out": {"region": ()}})
    assert value(load(files, corrections={"r.csv": back}), "mrr") == 2000


@pytest.mark.parametrize("header", ["account_type", "Workspace Type", "customer type"])
def test_accounts_that_are_tests_by_their_type_do_not_count(load, header):
    rows = "".join(f"A{at:02d},2024-11-05,,{'test' if at < 8 else 'live'}\n" for at in range(20))
    program = load({"a.csv": f"account_id,signed_up_on,motion,{header}\n{rows}", "r.csv": REVENUE})
    assert not asked(program)
    assert "8 rows with 'test'" in remarks(program)
    assert next(file for file in program.files if file.name == "a.csv").accepted == 12
    plans = rows.replace("test", "Enterprise").replace("live", "Startup")
    other = load({"a.csv": f"account_id,signed_up_on,motion,{header}\n{plans}", "r.csv": REVENUE})
    assert (next(file for file in other.files if file.name == "a.csv").accepted, asked(other)) == (20, [])
