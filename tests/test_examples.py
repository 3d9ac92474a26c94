"""What is understood from its docstring carries an example there. That the examples run is tested with the rest."""

import inspect

import pytest

from motions.cohorts.metrics import metrics
from motions.economics.inputs.terms import PARTS, PayoutPlan, Tiered
from motions.economics.model import payouts


def public(module):
    found = vars(module).items()
    return [
        one for name, one in found if inspect.isfunction(one) and one.__module__ == module.__name__ and name[0] != "_"
    ]


RULES = [*(model for _, _, model in PARTS), Tiered, PayoutPlan, *public(payouts)]
FIGURES = [one for one in public(metrics) if "ledger" in inspect.signature(one).parameters]


@pytest.mark.parametrize("one", [*FIGURES, *RULES], ids=lambda one: one.__name__)
def test_every_metric_and_payout_rule_carries_an_example(one):
    assert ">>>" in (one.__doc__ or "")


def test_every_metric_of_the_list_is_among_them():
    assert {metric.of for metric in metrics.METRICS} <= set(FIGURES)
