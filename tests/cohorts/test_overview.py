"""What the overview shows of a program: six figures, and what needs attention."""

import pytest

from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables.overview import SIX, attention, tiles
from motions.cohorts.verdicts.rules import default_rules


@pytest.fixture
def looked(sample_program):
    ledger = sample_program.ledger
    return ledger, m.Settings(as_of=ledger.last_month), default_rules()


def test_six_figures_with_a_years_change_that_is_the_difference_of_both_ends(looked):
    ledger, settings, _ = looked
    shown = dict(zip(SIX, tiles(*looked), strict=True))
    cost = shown["cpa"]
    ago = settings.model_copy(update={"as_of": settings.as_of - 12})
    now, then = (m.effective_cpa(ledger, at, m.PARTNER).value for at in (settings, ago))
    assert (cost.year, cost.rose) == (f"{(now / then - 1) * 100:.0f} %", True)
    assert (cost.course[0], cost.course[-1]) == (then, now)
    assert not shown["activation"].rose
    assert shown["activation"].year == "0.5 points"  # its size; the page writes the sign


def test_a_word_says_what_it_is_better_than_and_there_is_none_on_counts_and_amounts(looked):
    shown = dict(zip(SIX, tiles(*looked), strict=True))
    assert shown["cpa"].told == "better than blended CAC"
    assert shown["cpa"].beside.startswith("blended CAC $1,166")
    assert not any(shown[name].told for name in ("mrr", "pqls"))


def test_what_needs_attention_says_what_by_which_figures_and_what_to_do(looked):
    first, cost, largest = attention(*looked)
    assert first.finding == "Affiliates lose customers faster than organic."
    assert first.proof.startswith("Customers still there 38.6 %")
    assert first.next.startswith("Look at which motion")
    assert cost.proof == "A customer won through them costs $4,733, a customer overall $1,166."
    assert (largest.finding, largest.proof) == ("One partner, Ember Digital, carries 35 % of partner MRR.", "")
