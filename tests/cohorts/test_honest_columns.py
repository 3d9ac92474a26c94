"""Columns and rows of honest files that look like what does not count. The right values are counted by hand.

Twenty accounts pay 100 a month from 2025-01 to 2026-10.
"""

import pytest

from tests.cohorts.test_meaning import ACCOUNTS, MONTHS, PARTNERS, REVENUE, WRITTEN, answered, asked, remarks, value
from tests.cohorts.test_siblings import EVERY, SOON, program, revenue

pytestmark = pytest.mark.proof


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


def beside(content, header, told):
    first, *lines = content.splitlines()
    return "\n".join([f"{first},{header}", *(f"{line},{told(at)}" for at, line in enumerate(lines))])


@pytest.mark.parametrize("header", ["Demo", "Internal", "Intern", "Prueba", "Prova", "Teste", "Demo held"])
def test_who_had_a_demo_or_is_served_from_within_is_a_customer(load, header):
    listed = beside(ACCOUNTS, header, lambda at: "yes" if at % 3 == 0 else "no")
    found = program(load, a=listed, r=REVENUE)
    assert (value(found, "mrr"), asked(found)) == (2000, [])
    paid = beside(REVENUE, header, lambda at: "yes" if at % 3 == 0 else "no")
    assert value(program(load, r=paid), "mrr") == 2000


def test_what_one_s_own_people_cost_is_spent_and_their_partners_are_there(load):
    rows = "".join(f"2026-{at:02d},100,payout,affiliate\n2026-{at:02d},50,program,affiliate\n" for at in range(5, 11))
    spend = beside(f"month,amount,kind,motion\n{rows}", "Internal", lambda at: "yes" if at % 2 else "no")
    partners = beside(PARTNERS, "Internal user", lambda at: "no" if at else "yes")
    found = program(load, a=SOON, r=revenue(MONTHS[16:]), x=spend, p=partners)
    assert value(found, "cpa", "Partner") == 90  # 900 for ten customers
    assert [file.accepted for file in found.files if file.name == "p.csv"] == [2]


@pytest.mark.parametrize("header", ["previous_plan", "subscription source", "from plan"])
def test_who_came_from_a_trial_pays(load, header):
    rows = "".join(f"s{at},A{at:02d},2025-01-05,,100,{'' if at % 4 else 'trial'}\n" for at in range(20))
    found = program(load, s=f"subscription_id,customer_id,start_date,end_date,mrr,{header}\n{rows}", written=WRITTEN)
    assert (value(found, "mrr"), asked(found)) == (2000, [])


def test_an_actual_price_is_no_figure_beside_a_plan(load):
    paid = beside(REVENUE, "price_type", lambda at: "target" if at % 5 == 0 else "actual")
    assert value(program(load, r=paid), "mrr") == 2000
    twice = "".join(f"{one},{month},100,actual\n{one},{month},120,target\n" for month in MONTHS for one in EVERY)
    assert value(program(load, r=f"account_id,month,mrr,price_type\n{twice}"), "mrr") == 2000  # both for the same
    rows = "".join(f"2026-{at:02d},100,payout,affiliate,{'booked' if at % 2 else 'target'}\n" for at in range(5, 11))
    found = program(load, a=SOON, r=revenue(MONTHS[16:]), x=f"month,amount,kind,motion,type\n{rows}")
    assert value(found, "cpa", "Partner") == 60


def test_accounts_flagged_as_tests_of_which_many_pay_are_asked_and_few_are_said(load):
    def listed(few):
        return beside(ACCOUNTS, "Demo account", lambda at: "yes" if at < few else "no")

    found = program(load, a=listed(2), r=REVENUE)
    assert (value(found, "mrr"), asked(found)) == (1800, [])
    assert "The revenue of 2 accounts is in no figure, as the accounts file has them left out." in remarks(found)
    assert "does not have them" not in remarks(found)
    found = program(load, a=listed(7), r=REVENUE)
    (question,) = asked(found)
    assert (value(found, "mrr"), question.options) == (None, ("Demo account", "not in this file"))
    for said, mrr in (("Demo account", 1300), ("not in this file", 2000)):
        again = program(
            load, a=listed(7), r=REVENUE, corrections=answered(found, "a.csv", ("columns", "deleted", said))
        )
        assert (value(again, "mrr"), asked(again)) == (mrr, [])


@pytest.mark.parametrize("header", ["type", "document_type", "Belegart", "note"])
@pytest.mark.parametrize("status", [",paid", ""])
@pytest.mark.parametrize("amount", ["20", "-20"])
def test_credit_notes_beside_a_status_are_taken_off(load, header, status, amount):
    bills = invoices(
        f"invoice_number,customer_id,invoice_date,total,{header}{',status' if status else ''}",
        "i{month}{one},{one},{month}-05,100,invoice" + status + "\n",
        "c{month}{one},{one},{month}-20," + amount + ",Credit Note" + status + "\n",
    )
    found = program(load, i=bills)
    assert (value(found, "mrr"), asked(found)) == (1600, [])
    void = bills.replace("Credit Note,paid", "Credit Note,void")
    assert not status or value(program(load, i=void), "mrr") == 2000


def test_a_type_beside_a_status_that_has_no_credit_notes_changes_nothing(load):
    bills = invoices("invoice_number,customer_id,invoice_date,total,type,status",
                     "i{month}{one},{one},{month}-05,100,invoice,paid\n", "")  # fmt: skip
    assert value(program(load, i=bills), "mrr") == 2000


def test_what_two_offices_spend_is_no_copy_where_a_column_says_whose_it_is(load):
    def spend(kind, office=""):
        rows = "".join(f"2026-{at:02d},100,{kind},affiliate{office}\n" for at in range(5, 11))
        return f"month,amount,kind,motion{',office' if office else ''}\n{rows}"

    files = {"a": SOON, "r": revenue(MONTHS[16:]), "x": spend("payout")}
    found = program(load, **files, x_berlin=spend("program", ",Berlin"), x_paris=spend("program", ",Paris"))
    assert (value(found, "cpa", "Partner"), asked(found)) == (180, [])  # 1,800 for ten customers
    found = program(load, **files, x_berlin=spend("program"), x_paris=spend("program").replace("10,100", "10,90"))
    (question,) = asked(found)
    assert (value(found, "cpa", "Partner"), question.file) == (None, "x_paris.csv")
    assert question.asks.startswith("5 rows of x_paris.csv stand in x_berlin.csv too, and no column that is read")


HARMLESS = {
    "plan": "Basic Pro", "Region": "EMEA APAC", "Owner": "Meier Schulz", "Industry": "Retail Health",
    "segment_name": "SMB Enterprise", "Country": "DE FR", "Branche": "Handel Industrie", "Sachbearbeiter": "Jana Uwe",
    "Zahlungsart": "Lastschrift Karte", "Kostenstelle": "K100 K200", "Pays": "France Suisse", "Secteur": "Santé Banque",
    "Commercial": "Luc Anne", "Mode de paiement (méthode)": "Virement Carte", "País": "España México",
    "Vendedor": "Ana Luis", "Método de pago": "Tarjeta Efectivo", "Settore": "Moda Auto", "Regione": "Lazio Puglia",
    "Bölge": "Ege Marmara", "Temsilci": "Ayşe Can", "Branża": "Handel Budowa", "Handlowiec": "Ewa Jan",
    "Odvětví": "Obchod IT", "Obchodník": "Petr Jana", "Säljare": "Lars Eva", "Bransch": "Bygg Handel",
    "Toimiala": "Kauppa IT", "Iparág": "Ipar IT", "产品": "标准版 专业版", "地区": "华东 华南", "業種": "小売 製造",
    "プラン": "基本 応用", "Регион": "Урал Сибирь", "Менеджер": "Анна Пётр",
    "VIP": "yes no", "Newsletter opt-in": "ja nein",
    "card network": "Visa Failed", "Billing method": "card invoice", "Delivery channel": "email post",
}  # fmt: skip


def test_columns_that_say_whose_a_bill_is_or_for_what_are_neither_asked_nor_said(load):
    said = [words.split(" ", 1) for words in HARMLESS.values()]
    row = "i{month}{one},{one},{month}-05,100"
    rows = "".join(
        f"{row.format(month=month, one=one)},{','.join(words[at % 2] for words in said)}\n"
        for month in MONTHS
        for at, one in enumerate(EVERY)
    )
    found = program(load, i=f"invoice_number,customer_id,invoice_date,total,{','.join(HARMLESS)}\n{rows}")
    assert (value(found, "mrr"), asked(found)) == (2000, [])
    assert "all of these rows count" not in remarks(found)
