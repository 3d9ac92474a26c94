"""Ready plans pay what their source's example says, or ours where it has none; to the cent."""

import pytest

from motions.economics.inputs.ready_plans import like, ready_plans
from motions.economics.model.statement import of_one
from motions.errors import ContentError


def months(runs):
    return [round(amount * 100) for amount, length in runs for _ in range(length)]


@pytest.mark.parametrize("name", ready_plans())
def test_a_ready_plan_pays_what_its_example_says(name):
    ready = ready_plans()[name]
    example = ready.example
    customers = [[example.price] * example.months] * example.customers
    found = of_one(ready.plan, *customers, months=example.months, leads=example.leads)
    assert found.earnings[0].tolist() == months(example.due)
    assert found.marketplace[0].tolist() == (months(example.marketplace) or [0] * example.months)
    assert found.friend[0].tolist() == (months(example.friend) or [0] * example.months)
    assert (found.paid + found.margin)[0].tolist() == months(example.paid or example.due)


def test_there_are_ten_and_more_and_each_is_another_plan():
    assert len(ready_plans()) >= 10
    assert all(like(one.plan) == name for name, one in ready_plans().items())


def test_each_says_its_source_its_year_and_whose_the_example_is():
    for one in ready_plans().values():
        said = " ".join(one.sentences("EUR"))
        assert f"read in {one.read}: {one.url}" in said
        assert "example" in said
        assert "in USD" in said


def test_a_plan_that_can_not_be_is_refused_by_name(tmp_path):
    path = tmp_path / "own.yaml"
    path.write_text(
        "mine: {name: A, source: B, url: 'https://c', read: 2024, leaves_out: '', plan: {rate: 3}}", "utf-8"
    )
    with pytest.raises(ContentError, match=r"own\.yaml.*mine"):
        ready_plans(path)
