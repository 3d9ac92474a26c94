"""One deal under each motion: the answer in a sentence, and what follows from it."""

from motions.deals import Offer, answer, meaning, offers
from motions.economics.model.deal import Deal, preset_deal
from motions.playbook.own import original


def offer(motion, kept, ends=None):
    name = original().names.get(motion, "Marketplaces")
    partner = None if kept is None else 1000.0 - 200 - kept
    return Offer(motion, name, Deal(motion, 1000.0, partner, 200.0, kept), "stated", ends)


AFFILIATE, RESELLER, ECOSYSTEM = (
    offer("affiliate", 600.0), offer("reseller", 240.0, (100.0, 300.0)), offer("ecosystem", None)
)  # fmt: skip


def test_the_one_that_leaves_most_comes_first_and_the_unknown_last():
    found = offers(original(), ("ecosystem", "reseller", "affiliate"), 300, 0.75, 24)
    assert [one.motion for one in found] == ["affiliate", "reseller", "ecosystem"]
    assert found[0].kept == preset_deal("affiliate", 300, 0.75, 24).contribution
    assert found[2].kept is None


def test_the_answer_names_price_margin_term_the_most_and_the_least():
    said = answer((AFFILIATE, RESELLER, ECOSYSTEM), 300, 0.75, 24)
    assert said == (
        "At $300 and 75 % you keep $600 of a customer over 24 months through affiliates, $240 through resellers."
    )
    alike = answer((AFFILIATE, offer("channel", 600.0)), 300, 0.75, 1)
    assert alike == "At $300 and 75 % you keep $600 of a customer over 1 month through affiliates or channels alike."


def test_what_is_not_stated_is_said_and_never_ranked():
    assert answer((AFFILIATE, ECOSYSTEM), 300, 0.75, 24).endswith(
        "$600 of a customer over 24 months through affiliates; no payout is stated for ecosystem."
    )
    assert "not known" in answer((ECOSYSTEM,), 300, 0.75, 24)
    assert meaning((AFFILIATE, ECOSYSTEM)) is None
    assert meaning((AFFILIATE, RESELLER, ECOSYSTEM)).lines[-1] == "Not ranked: ecosystem, as no payout is stated."


def test_a_motion_of_ones_own_keeps_its_name_as_it_is_written():
    assert "through Marketplaces" in answer((offer("mine", 700.0), RESELLER), 300, 0.75, 24)


def test_the_gap_and_how_many_customers_make_up_for_it():
    found = meaning((AFFILIATE, RESELLER))
    assert (found.title, found.gap, found.times) == (
        "More through affiliates than resellers",
        "$360",
        "2.5 times resellers",
    )
    assert found.lines == (
        "It takes 2.5 customers through resellers for what you keep of one through affiliates.",
        "No payout in the playbook's ranges puts another before affiliates.",
    )


def test_a_range_that_can_change_the_order_is_said():
    found = meaning((offer("channel", 320.0, (200.0, 400.0)), RESELLER))
    assert found.lines[-1] == (
        "The playbook's ranges can change the order: at the best end you keep $300 through resellers, at the worst "
        "$200 through channels."
    )


def test_without_anything_kept_there_is_no_multiple():
    found = meaning((AFFILIATE, offer("reseller", -10.0)))
    assert found.times == ""
    assert not any("customers" in line for line in found.lines)
