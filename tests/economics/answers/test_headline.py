"""What a simulation comes to, in words: they are true of the figures."""

import numpy as np
import pytest

from motions.economics.answers.headline import AGAINST, against, changed, comes_to, headline, in_a_line, turns
from motions.economics.answers.sensitivity import with_swings
from motions.economics.answers.uncertainty import Sample, simulate
from motions.economics.files import tables
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.results import TITLES
from motions.economics.model.run import run
from motions.text import money


class Run:
    """A run of which only the figures are looked at."""

    def __init__(self, contribution, break_even=None, won=1.0):
        self.figures = dict.fromkeys(TITLES) | {
            "contribution": contribution,
            "break_even_month": break_even,
            "new_customers": won,
        }


@pytest.mark.parametrize(
    ("mine", "other", "said"),
    [
        (
            Run(300.0, 4),
            Run(100.0, 9),
            "Affiliates: $200 more than resellers in 12 months, break-even 5 months sooner.",
        ),
        (Run(100.0, 9), Run(300.0, 8), "Affiliates: $200 less than resellers in 12 months, break-even 1 month later."),
        (Run(100.0, 9), Run(100.0, 9), "Affiliates: as much as resellers in 12 months, break-even in the same month."),
        (Run(100.0, 9), Run(-5.0), "Affiliates: $105 more than resellers in 12 months, break-even in month 9."),
        (Run(-5.0), Run(-9.0), "Affiliates: −$5 in 12 months, $4 more than resellers, no break-even."),
        (Run(0.0, None, 0.0), Run(9.0), "Affiliates: nothing is spent and nobody is won in 12 months."),
    ],
)
def test_the_program_in_focus_is_held_against_the_best_of_the_others(mine, other, said):
    results = {"affiliate": mine, "channel": Run(-1e6), "reseller": other}
    assert headline(results, "affiliate", 12, "USD") == said


def drawn(*contributions):
    return Sample(np.zeros((3, 1)), {"contribution": np.array(contributions)})


@pytest.mark.parametrize(
    ("mine", "draws", "said"),
    [
        (300.0, range(50, 150), "Affiliates: $200 more than resellers in 12 months (P10–P90 $60 to $139 more), more in "
         "all draws."),
        (300.0, range(-10, 90), "Affiliates: $200 more than resellers in 12 months (P10–P90 $0 to $79 more), more in "
         "89 of 100 draws."),
        (300.0, range(-50, 50), "Affiliates: $200 more than resellers in 12 months (P10–P90 $40 less to $39 more), "
         "more in 49 of 100 draws."),
        (50.0, range(-150, -50), "Affiliates: $50 less than resellers in 12 months (P10–P90 $61 to $140 less), more in "
         "no draws."),
        (-5.0, range(-50, 50), "Affiliates: −$5 in 12 months (P10–P90 −$40 to $39), a loss in 50 of 100 draws, $105 "
         "less than resellers."),
    ],
)  # fmt: skip
def test_with_ranges_it_says_how_sure_the_difference_is_draw_by_draw(mine, draws, said):
    # The draws of both move together: what they share is no part of the difference.
    shared = 0 if mine < 0 else np.arange(100.0) * 1e6
    samples = {"affiliate": drawn(*(np.array(draws) + shared)), "reseller": drawn(*(np.zeros(100) + shared))}
    results = {"affiliate": Run(mine, 4), "reseller": Run(100.0, 9)}
    assert headline(results, "affiliate", 12, "USD", samples) == said


def test_with_ranges_one_program_alone_says_how_often_it_loses():
    said = headline({"affiliate": Run(7.0, 3)}, "affiliate", 12, "USD", {"affiliate": drawn(-1.0, *[9.0] * 99)})
    assert said == "Affiliates: $7 in 12 months (P10–P90 $9 to $9), a loss in 1 of 100 draws."


def test_one_program_alone_says_what_it_comes_to():
    assert (
        headline({"affiliate": Run(7.0, 3)}, "affiliate", 12, "EUR")
        == "Affiliates: €7 in 12 months, break-even in month 3."
    )
    assert in_a_line("affiliate", Run(7.0).figures, 12, "EUR") == "Affiliates: €7 in 12 months"


def test_who_is_above_zero_from_when_on():
    both = {"affiliate": Run(1.0, 9), "reseller": Run(1.0, 4)}
    assert turns(both, 12) == "Above zero: resellers from month 4 and affiliates from month 9"
    one = {"affiliate": Run(1.0, 9), "reseller": Run(-1.0)}
    assert turns(one, 12) == "Above zero: affiliates from month 9 and resellers not within 12 months"
    assert turns({"reseller": Run(-1.0)}, 12) == "Resellers: not above zero within 12 months"
    many = {"ecosystem": Run(-1.0), "channel": Run(1.0, 8), **both}
    assert turns(many, 12) == "3 of 4 programs are above zero within 12 months, resellers first"


def figures(**changed):
    return dict.fromkeys(TITLES) | changed


@pytest.mark.parametrize(
    ("name", "now", "before", "words", "way", "verdict"),
    [
        ("contribution", 5.0, 9.0, "$4 less contribution, worse", "down", "worse"),
        ("break_even_month", 5.0, 6.0, "1 month sooner break-even, better", "down", "better"),
        ("break_even_month", None, 6.0, "break-even is no longer reached, worse", "up", "worse"),
        ("break_even_month", 5.0, None, "break-even is reached, better", "down", "better"),
        ("effective_cpa", 120.0, 100.0, "$20 more per customer, worse", "up", "worse"),
        ("partner_earnings", 9.0, 4.0, "$5 a month more per partner", "up", ""),
    ],
)
def test_a_difference_to_the_pinned_scenario_is_judged_where_a_direction_is_good(
    name, now, before, words, way, verdict
):
    (found,) = against(figures(**{name: now}), figures(**{name: before}), "USD")
    assert (found.words, found.way, found.verdict) == (words, way, verdict)


def test_what_is_the_same_or_unknown_is_no_difference():
    same = {name: 4.0 for name, *_ in AGAINST}
    assert against(figures(**same), figures(**same), "USD") == []
    assert against(figures(contribution=1.0), figures(), "USD") == []


def test_what_was_changed_has_both_values_and_what_is_no_number_only_its_name():
    before = default_scenario()
    after = before.with_program("affiliate", payout={"flat": {"reward": 50}}, partners_recruited=2.0)
    said = changed(before, after, "affiliate", "USD")
    assert f"Partners recruited a month {before.affiliate.partners_recruited:g} partners → 2 partners" in said
    assert "Flat reward (Affiliates)" in said
    assert changed(before, after, "reseller", "USD") == []


def test_a_response_to_terms_is_a_change_as_soon_as_it_moves_something():
    before = default_scenario()
    said = [
        changed(before, before.with_program("affiliate", response={"leads": rise}), "affiliate", "USD")
        for rise in (0, 0.3)
    ]
    assert said == [[], ["Response to terms (Affiliates)"]]


def test_the_words_are_of_the_real_figures():
    results = run(default_scenario())
    gap = results["affiliate"].figures["contribution"] - results["reseller"].figures["contribution"]
    assert headline(results, "reseller", 36, "USD").startswith(f"Resellers: ${gap / 1000:.0f}k less than affiliates")


def test_with_ranges_each_figure_of_a_program_has_its_ends_and_so_has_the_sentence_on_it():
    scenario = with_swings(default_scenario(), "affiliate").replace(draws=1000, shown=("affiliate", "product_led"))
    scenario = scenario.with_program("affiliate", incrementality=0.5)  # so that its two costs of a customer differ
    results, samples = run(scenario), simulate(scenario)
    affiliate, direct = tables.programs(results, samples, 36, "USD")
    low, _, high = samples["affiliate"].percentiles("contribution")
    assert affiliate.ends[0] == f"{money(low)} to {money(high)}"
    assert all(affiliate.ends)
    at, costs = [title for title, _ in affiliate.figures].index(tables.COSTS), "incremental_cpa"
    assert affiliate.figures[at][1] == money(results["affiliate"].figures[costs])
    least, _, most = samples["affiliate"].percentiles(costs)
    assert affiliate.ends[at] == f"{money(least)} to {money(most)}"
    assert direct.ends[-1] == ""  # it has no partners that could get something
    assert not any(tables.programs(results, {}, 36, "USD")[0].ends)
    said = comes_to("affiliate", results, scenario.market, samples)
    assert f"in 36 months (P10–P90 {money(low)} to {money(high)}), break-even" in said
    assert "P10" not in comes_to("affiliate", results, scenario.market, {})
