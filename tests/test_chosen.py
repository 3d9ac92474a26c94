"""From the choice of a motion to the simulator."""

import pytest

from motions.chosen import deal_of, named, of_deal, priced, to_scenario, worth_comparing
from motions.economics.inputs.scenario import default_scenario
from motions.playbook import Answers, Offer, rank
from motions.readiness.hands import from_text, ids, to_text
from motions.readiness.offers import Evidence, answers_offered

KNOWN = Answers(acv=12_000, sold="self_serve", satisfied=True, converts=True, packaging=True)


def test_the_first_and_the_next_are_simulated_at_the_companys_own_price():
    fit = rank(KNOWN)
    assert worth_comparing(fit) == ("referral", "affiliate")
    before = default_scenario()
    chosen = to_scenario(before, fit, KNOWN)
    assert chosen.shown == ("referral", "affiliate")
    assert chosen.market.list_price == 1000
    assert chosen == before.replace(shown=chosen.shown).with_market(list_price=1000.0)
    assert named(fit) == "referrals and affiliates"


def test_who_share_the_first_place_are_simulated_and_who_is_ruled_out_is_not():
    fit = rank(KNOWN.moved("trusted", True))
    assert set(worth_comparing(fit)) == {"referral", "affiliate"}
    for answers in (KNOWN, KNOWN.moved("acv", 30_000), KNOWN.moved("acv", 90_000).moved("sold", "field")):
        found = rank(answers)
        out = {one.id for one in found.ranking if one.ruled_out}
        assert not out & set(worth_comparing(found))


def test_where_nothing_leads_the_scenario_shows_what_it_did():
    scenario = default_scenario()
    assert worth_comparing(rank(Answers())) == ()
    assert to_scenario(scenario, rank(Answers()), Answers()) == scenario
    euro = scenario.with_market(currency="EUR")
    assert to_scenario(euro, rank(KNOWN), KNOWN).market.list_price == euro.market.list_price


@pytest.mark.parametrize("acv", [0.0, 0.05, 1e12])
def test_a_contract_value_that_can_be_no_price_leaves_the_price(acv):
    scenario = default_scenario()
    assert priced(scenario, Answers(acv=acv)) == scenario
    fit = rank(Answers(acv=acv, satisfied=True))
    assert to_scenario(scenario, fit, Answers(acv=acv)).market.list_price == 500
    assert priced(scenario, Answers(acv=11_000)).market.list_price == pytest.approx(11_000 / 12)


def test_a_deal_goes_to_the_simulator_with_its_motions_price_and_margin():
    before = default_scenario().with_market(currency="EUR")
    found = of_deal(before, ["reseller", "affiliate", "marketplace"], 300.0, 0.75, 24)
    assert found.shown == ("affiliate", "reseller")
    assert (found.market.list_price, found.market.gross_margin, found.market.currency) == (300, 0.75, "USD")
    assert found.market.months == 24
    assert found.affiliate == before.affiliate
    # A projection begins at six months.
    assert of_deal(before, ["reseller", "affiliate"], 300.0, 0.75, 1).market.months == before.market.months
    assert of_deal(before, ["marketplace"], 300.0, 0.75, 24).shown == before.shown


def test_a_deal_comes_back_from_the_simulator_as_it_went():
    there = of_deal(default_scenario(), ["reseller", "affiliate"], 300.0, 0.75, 24)
    back = {"deal_margin": "75", "term": "24", "price": "300", "motions": ["Affiliates", "Resellers"]}
    assert deal_of(there) == back
    assert deal_of(there.with_market(currency="EUR")) == {key: back[key] for key in ("deal_margin", "term", "motions")}
    assert deal_of(there.replace(shown=("reseller", "sales_led")).with_market(months=120)) == {
        "deal_margin": "75", "term": "60", "price": "300",
    }  # fmt: skip


# Answers that are offered


FOUND = [
    Evidence("acv", 9000.004, "12 × ARPA."),
    Evidence("self_serve", "no", "5 %."),
    Evidence("satisfied", None, "GRR: no revenue."),
    Evidence("revenue", 2e6, "ARR."),
    Evidence("standard_price", None, "First payments vary."),
]


def test_files_offer_answers_and_what_they_do_not_know_is_not_offered():
    offered = answers_offered(FOUND, "USD", default_scenario())
    assert offered == {
        "acv": Offer("acv", 9000.0, "12 × ARPA."), "converts": Offer("converts", False, "5 %."),
        "revenue": Offer("revenue", 2e6, "ARR."),
    }  # fmt: skip
    for one in offered.values():
        assert Answers({one.question: one.value})[one.question] == one.value


@pytest.mark.parametrize("currency", ["EUR", "JPY"])
def test_amounts_in_another_currency_are_not_offered_as_dollars(currency):
    assert set(answers_offered(FOUND, currency, None)) == {"converts"}


def test_a_scenario_offers_its_price_only_where_somebody_set_it():
    assert answers_offered([], None, default_scenario()) == {}
    moved = default_scenario().with_market(list_price=250.0)
    assert answers_offered([], None, moved)["acv"].value == 3000
    assert answers_offered([], None, moved.with_market(currency="EUR")) == {}
    assert answers_offered(FOUND, "USD", moved)["acv"].value == 9000


def test_answers_by_hand_go_into_an_address_and_come_back():
    for said in ({}, {"funnel": "no"}, dict.fromkeys(ids(), "yes")):
        assert from_text(to_text(said)) == said
    assert from_text("~~funnel~funnel-maybe~<b>-yes~voices-no") == {"voices": "no"}
    assert len(to_text(dict.fromkeys(ids(), "yes"))) < 200
