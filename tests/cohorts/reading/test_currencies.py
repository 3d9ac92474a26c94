"""Amounts in two currencies are never added."""

import pytest

from motions.errors import MixedCurrencies
from tests.cohorts.reading.rows import ACCOUNTS, REVENUE, closing


def test_two_currencies_are_never_added(load):
    files = {
        "a.csv": ACCOUNTS,
        "r.csv": "account_id,month,mrr,currency\nA1,2025-02,100,USD\nA2,2025-02,80,eur\nA2,2025-03,5,\n",
        "s.csv": "month,amount,kind,currency\n2025-02,10,payout,EUR\n",
    }
    with pytest.raises(MixedCurrencies) as caught:
        load(files)
    assert caught.value.currencies == ("EUR", "USD")
    program = load(files, currency="EUR")
    assert (closing(program), program.ledger.currency) == (8_000, "EUR")
    assert program.notes == (
        "Set aside: 1 row of revenue not in EUR.",
        "Set aside: 1 row of revenue without a currency, while others state one.",
    )
    assert program.currencies == ("EUR", "USD")
    assert all(file.accepted + file.rejected == file.rows for file in program.files)


def test_a_file_without_a_currency_beside_two_is_set_aside_whole(load):
    files = {
        "a.csv": ACCOUNTS,
        "r.csv": REVENUE,
        "s.csv": "month,amount,kind,currency\n2025-02,10,payout,EUR\n2025-02,9,payout,USD\n",
    }
    program = load(files, currency="USD")
    assert (closing(program), program.ledger.by_spend["amount"].sum()) == (0, 900)
    assert "Set aside: 3 rows of revenue without a currency, while others state one." in program.notes
    assert "revenue" not in program.ledger.has  # unknown, not zero


def test_a_currency_is_a_code(load):
    program = load({"a.csv": ACCOUNTS, "r.csv": "account_id,month,mrr,currency\nA1,2025-02,1,usd\nA1,2025-03,1,<b>\n"})
    assert (program.ledger.currency, len(program.rejects)) == ("USD", 1)
    assert "ISO code" in program.rejects[0].reason


def test_currencies_are_in_the_order_of_their_codes_however_a_file_is_read(load):
    rows = "account_id,month,mrr,currency\nA1,2025-01,1,USD\nA2,2025-01,2,AUD\n"
    for more in ("", "A3,never,1,USD\n", "A3,2025-01,1,XAU\n"):
        with pytest.raises(MixedCurrencies) as caught:
            load({"r.csv": rows + more})
        assert list(caught.value.currencies) == sorted(caught.value.currencies)
        assert load({"r.csv": rows + more}, currency="AUD").currencies == caught.value.currencies


def test_a_strict_file_and_one_with_a_rare_currency_stand_in_one_table(load):
    strict = "account_id,month,mrr,currency\nA1,2025-01,1,USD\n"
    rare = "account_id,month,mrr,currency\nA2,2025-01,2,XAU\n"
    for files in ({"a.csv": strict, "b.csv": rare}, {"a.csv": rare, "b.csv": strict}):
        assert closing(load({"accounts.csv": ACCOUNTS} | files, currency="USD")) == 100


def test_rare_currencies_of_tables_that_become_others_are_kept(load):
    subscriptions = "account_id,start_date,end_date,monthly_amount,currency\nA1,2025-01-01,2025-03-01,5,XAU\n"
    payouts = "paid_on,payout_amount,partner_id,currency\n2025-02-03,7,P1,XPT\n"
    program = load({"a.csv": ACCOUNTS, "s.csv": subscriptions})
    assert (program.currencies, closing(program)) == (("XAU",), 1000)
    program = load({"a.csv": ACCOUNTS, "r.csv": REVENUE, "o.csv": payouts})
    assert program.currencies == ("XPT",)
    spend = "month,amount,kind,currency\n2025-02,3,program,XAU\n"
    strict = REVENUE.replace("mrr\n", "mrr,currency\n").replace("00\n", "00,USD\n").replace("50\n", "50,USD\n")
    files = {"a.csv": ACCOUNTS, "r.csv": strict.replace("80\n", "80,USD\n"), "s.csv": spend}
    assert closing(load(files, currency="XAU")) == 0
    assert closing(load(files, currency="USD")) == 28050
