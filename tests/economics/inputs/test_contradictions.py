"""A plan that contradicts itself is refused with reason and repair, in the same words wherever it comes from."""

import io

import openpyxl
import pytest
import yaml
from pydantic import ValidationError

from motions.economics.files.exchange import from_file, to_yaml
from motions.economics.inputs.links import Named, _packed, from_link, plain
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import PARTS, PayoutPlan
from motions.errors import ScenarioError

TIERS = {"tiers": "whole", "tier_2_from": 100, "tier_3_from": 0}
AGAIN = TIERS | {"tiers": "whole, rated again", "tier_period": "quarter"}
REFUSED = {
    "two sellers": ({"margin": {}, "wholesale": {}}, "not both"),
    "tiers that fall": ({"percent": {**TIERS, "tier_3_from": 50}}, "begin above the one before"),
    "tiers and rates by plan": ({"percent": {**TIERS, "rate_by": "plan"}}, "not by both"),
    "a tier that takes back": ({"percent": {**AGAIN, "rate": 0.5}}, "not below the one before it"),
    "a cap and what rates again": ({"percent": AGAIN, "cap_per_customer": 9}, "choose whole tiers"),
    "a cap and blocks": ({"wholesale": {}, "share": {}, "cap_per_customer": 9}, "leave it out"),
    "steps that fall": ({"rebate": {"step_1_from": 100, "step_2_from": 50}}, "begin above the one before"),
    "a bonus of no month": ({"bonus": {"from_month": 4, "to_month": 3}}, "let it end in the month in which it begins"),
    "milestones that fall": ({"milestones": {"milestone_1_at": 9, "milestone_2_at": 9}}, "put them in order"),
    "a milestone after none": ({"milestones": {"milestone_1_at": 9, "milestone_3_at": 10}}, "set 0 for none"),
    "a band upside down": ({"wholesale": {"band_low": 1.2, "band_high": 1}}, "not be above the highest"),
    "a band below cost": (
        {"wholesale": {"discount": 0.1, "band_low": 0.5, "band_high": 0.8}}, "raise the highest resale price"
    ),
    "more kept than paid": ({"margin": {"margin": 0.9}, "marketplace_fee": 0.15}, "lower the marketplace fee"),
    "more kept than paid, in a tier": (
        {"margin": {**TIERS, "margin": 0.1, "tier_2_value": 0.8}, "marketplace_fee": 0.25}, "lower the marketplace fee"
    ),
    "more kept than paid, by a distributor": (
        {"margin": {"margin": 0.8, "distributor_margin": 0.5}, "marketplace_fee": 0.15}, "lower the marketplace fee"
    ),
    "more kept than paid, resold": (
        {"wholesale": {"discount": 0.7, "resale_price": 1.2}, "marketplace_fee": 0.3}, "lower the marketplace fee"
    ),
    "never paid": (
        {"flat": {}, "cap_payout": 20, "minimum_payout": 100, "lapse_months": 3}, "let balances lapse later"
    ),
    "all deals are larger": ({"flat": {"rate_by": "deal size", "rate_size_from": 0}}, "let them begin above it"),
}  # fmt: skip
NAMED = {
    "two sellers": "Partner margin and Wholesale discount",
    "tiers that fall": "Percent of revenue, Tier 3 from and Tier 2 from",
    "tiers and rates by plan": "Percent of revenue, Tiers and Rate differs by",
    "a tier that takes back": "Percent of revenue, Tier 2 and Commission",
    "a cap and what rates again": "Most earned per customer and Tiers (Percent of revenue)",
    "a cap and blocks": "Most earned per customer",
    "steps that fall": "Rebate, Step 2 from and Rebate from",
    "a bonus of no month": "Dated bonus, Bonus until month and Bonus from month",
    "milestones that fall": "Milestones, Milestone 2 at and Milestone 1 at",
    "a milestone after none": "Milestones, Milestone 3 at and Milestone 2 at",
    "a band upside down": "Wholesale discount, Lowest resale price and Highest resale price",
    "a band below cost": "Wholesale discount, Highest resale price and Wholesale discount",
    "more kept than paid": "Marketplace fee and Partner margin",
    "more kept than paid, in a tier": "Marketplace fee and Tier 2 (Partner margin)",
    "more kept than paid, by a distributor": "Marketplace fee, Partner margin and Distributor's margin",
    "more kept than paid, resold": "Marketplace fee and Wholesale discount",
    "never paid": "Least paid at once, Most paid per partner and month and Balance lapses after",
    "all deals are larger": "Flat reward, Larger deals from",
}
"""Where each refusal says that it is: the inputs as the form calls them, nearest first."""
NEAR = (
    {"margin": {"margin": 0.85}, "marketplace_fee": 0.15},
    {"margin": {"margin": 0.8, "distributor_margin": 0.25}, "marketplace_fee": 0.15},
    {"margin": {"margin": 0.1, "tier_2_value": 0.95}, "marketplace_fee": 0.25},
    {"wholesale": {"discount": 0.7, "resale_price": 1.0}, "marketplace_fee": 0.3},
    {"wholesale": {"discount": 0.2, "band_low": 0.5, "band_high": 0.8}},
    {"flat": {}, "cap_payout": 25, "minimum_payout": 100, "lapse_months": 3},
    {"bonus": {"from_month": 4, "to_month": 4}},
    {"milestones": {"milestone_1_at": 9, "milestone_2_at": 9.5}},
    {"flat": {}, "cap_payout": 20, "minimum_payout": 100},
    {"flat": {"rate_by": "deal size", "rate_size_from": 50}},
    # Unwise, and possible: all of a first payment to the partner, and a part of it to others besides.
    {"percent": {"rate": 1, "duration": "first payment"}, "override_rate": 0.1, "marketplace_fee": 0.03},
    {"flat": {"reward": 500}, "cap_payout": 100},
    {"rebate": {"step_1_from": 0, "step_2_from": 100}},
    {"flat": {"tiers": "whole", "tier_2_from": 3, "tier_3_from": 0}},
    {"percent": {"rate": 0.25, "tiers": "whole, rated again", "tier_2_value": 0.25, "tier_3_from": 0}},
)
"""Plans as close to those, which can be."""


def values_of(payout):
    """The values of a scenario with such a plan, as a link or a file holds them."""
    values = plain(default_scenario())
    return values | {"affiliate": values["affiliate"] | {"payout": payout}}


def by_form(payout):
    default_scenario().with_program("affiliate", payout=payout)


def by_link(payout):
    from_link(_packed(values_of(payout)))


def by_yaml(payout):
    found = yaml.safe_load(to_yaml([Named(name="A", scenario=default_scenario())]))
    found["scenarios"][0] |= values_of(payout)
    from_file("plans", yaml.safe_dump(found).encode())


def rows(values, prefix=""):
    for key, value in values.items():
        if isinstance(value, dict):
            yield from rows(value, f"{prefix}{key}.")
        else:
            yield f"{prefix}{key}", ", ".join(value) if isinstance(value, list) else value


def by_workbook(payout):
    book, out = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    sheet.title = "Inputs"
    sheet.append(["Scenario", "Input", "Value", "Low", "High", "What it is"])
    for key, value in rows(values_of(payout)):
        sheet.append(["A", key, value])
    for kind in (kind for kind, part in payout.items() if part == {}):
        sheet.append(["A", f"affiliate.payout.{kind}.tiers" if kind != "flat" else "affiliate.payout.flat.reward",
                      "none" if kind != "flat" else 500])  # fmt: skip
    book.save(out)
    from_file("plans", out.getvalue())


@pytest.mark.parametrize("name", REFUSED)
def test_a_plan_that_contradicts_itself_is_refused_in_the_same_words_wherever_it_comes_from(name):
    payout, repair = REFUSED[name]
    said = set()
    for way in (by_form, by_link, by_yaml, by_workbook):
        with pytest.raises(ScenarioError) as found:
            way(payout)
        said.add(str(found.value).removeprefix("plans: ").removeprefix("A: "))
    (words,) = said
    assert repair in words
    where = words.partition(": ")[0]
    assert where == f"Affiliates, {NAMED[name]}"


BOUNDS = {
    "a margin": ({"margin": {"margin": 0.96}}, "Affiliates, Partner margin, Partner margin: lies within 0 and 95 %"),
    "a reward": (
        {"flat": {"reward": 200_000}},
        "Affiliates, Flat reward, Reward per new customer: lies within 0 and 100,000",
    ),
    "a hold": ({"flat": {}, "hold_days": -1}, "Affiliates, Hold: lies within 0 and 365"),
}


@pytest.mark.parametrize("name", BOUNDS)
def test_what_is_out_of_bounds_is_named_as_the_form_names_it(name):
    payout, said = BOUNDS[name]
    for way in (by_form, by_link, by_yaml, by_workbook):
        with pytest.raises(ScenarioError) as found:
            way(payout)
        words = str(found.value).removeprefix("plans: ").removeprefix("A: ")
        assert words == f"{said}. Change it to a value within bounds."


def test_a_word_that_is_no_input_is_said_as_it_stands_in_the_file():
    with pytest.raises(ScenarioError, match=r"^Affiliates, Dated bonus, to mont: is no input.*Did you mean 'to_month'"):
        by_link({"bonus": {"to_mont": 3}})


def test_a_contradiction_names_inputs_that_there_are():
    """Of each part and of the plan: a name that no form has would be said to nobody."""
    for payout, _ in REFUSED.values():
        with pytest.raises(ValidationError) as found:
            PayoutPlan(**payout)
        (error,) = found.value.errors()
        fields = error["ctx"]["error"].fields
        models = {kind: model for kind, _, model in PARTS} | {"": PayoutPlan}
        assert fields
        for field in fields:
            kind, _, name = field.rpartition(".")
            assert models[kind or "".join(map(str, error["loc"]))].model_fields[name].title


@pytest.mark.parametrize("payout", NEAR)
def test_a_plan_that_can_be_is_not_refused(payout):
    assert PayoutPlan(**payout).kinds
    for way in (by_form, by_link, by_yaml):
        way(payout)
