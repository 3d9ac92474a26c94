"""The simulator's computing: all draws against drawing alone, a tornado and a map against one full recompute."""

import itertools
import statistics
import time

import numpy as np

from motions.economics.answers.sensitivity import grid, tornado, with_swings
from motions.economics.answers.uncertainty import PERCENTILES, drawn, simulate
from motions.economics.inputs.assumptions import PROGRAMS as EVERY_PROGRAM
from motions.economics.inputs.assumptions import Market
from motions.economics.inputs.keys import places
from motions.economics.inputs.scenario import default_scenario
from motions.economics.inputs.terms import PayoutPlan, PercentOfRevenue
from motions.economics.model.projection import project
from motions.economics.model.run import run
from motions.names import OWN, PUBLISHED
from tests.benchmarks.limits import at_most

RUNS = 7
PROGRAMS = tuple(name for name in EVERY_PROGRAM if name != OWN)
"""those that everybody has: the seven that the lines below are about"""


def simulator():
    scenario = default_scenario().replace(shown=PROGRAMS, draws=10_000).with_market(months=60)
    for name in PROGRAMS:
        scenario = with_swings(scenario, name)
    normal = np.random.default_rng(1).normal(size=(len(PROGRAMS), 60, scenario.draws))
    at = [round(one / 100 * (scenario.draws - 1)) for one in PERCENTILES]
    by_key = {place.key: place for place in places(scenario, "reseller")}
    pair = by_key["reseller.payout.wholesale.discount"], by_key["reseller.customer_churn_rate"]
    steps = {
        "draw": lambda: drawn(scenario),
        "percentiles": lambda: [np.partition(fan, at, axis=1)[:, at] for fan in normal],
        "all": lambda: simulate(scenario),
        "tornado": lambda: tornado(scenario, "reseller", "contribution"),
        "map": lambda: grid(scenario, "reseller", "contribution", *pair),
    }
    times = {name: [] for name in steps}
    for _ in range(RUNS):
        for name, step in steps.items():
            start = time.perf_counter()
            step()
            times[name].append(time.perf_counter() - start)
    # The quietest run of each: whatever else the machine does only adds.
    best = {name: min(values) for name, values in times.items()}
    middle = statistics.median(times["all"])
    floor = best["draw"] + best["percentiles"]
    print(
        f"simulator: 7 programs × 60 months × 10,000 draws of {len(drawn(scenario))} ranges with percentiles: "
        f"{at_most(best['all'] / floor, 'drawing and percentiles alone', 3, limit=6, digits=2)}; "
        f"{best['all'] * 1000:.0f} ms (median {middle * 1000:.0f}) against {floor * 1000:.0f}"
    )
    _of_single_partners()
    _of_refunds()
    bars = len(tornado(scenario, "reseller", "contribution"))
    print(f"tornado of {bars} inputs: {at_most(best['tornado'] / best['all'], 'a full recompute', 6, 6, 3)}")
    print(f"map of 50 × 50 point estimates: {at_most(best['map'] / best['all'], 'a full recompute', 2, 2, 3)}")


def _of_single_partners():
    """Terms that look at a single partner's month, in all partner programs: 2,000 draws, and the point estimate."""
    terms = PercentOfRevenue(duration="lifetime", tiers="whole", tier_2_from=2000, tier_2_value=0.3, tier_3_from=0)
    plan = PayoutPlan(percent=terms, cap_payout=3000, minimum_payout=50).model_dump()
    scenario = default_scenario().replace(shown=PROGRAMS, draws=2000).with_market(months=60)
    for name in PUBLISHED:
        scenario = with_swings(scenario.with_program(name, payout=plan), name)
    numbers = np.random.default_rng(1).normal(size=(len(PROGRAMS), 60, scenario.draws))
    at = [round(one / 100 * (scenario.draws - 1)) for one in PERCENTILES]
    steps = {
        "floor": lambda: (drawn(scenario), [np.partition(fan, at, axis=1)[:, at] for fan in numbers]),
        "all": lambda: simulate(scenario),
        # Each time at another cost, as when a slider is moved: what has not moved is known.
        "point": lambda: run(scenario.moved("affiliate.program_cost", next(costs)), only="affiliate"),
    }
    best, costs = {}, itertools.count(4000, 100)
    for name, step in steps.items():
        best[name] = min(_seconds(step) for _ in range(3))
    print(
        f"single partners: five programs × 60 months × 2,000 draws of {len(drawn(scenario))} ranges: "
        f"{at_most(best['all'] / best['floor'], 'drawing and percentiles alone', 10, limit=200, digits=1)}; "
        f"{best['all'] * 1000:.0f} ms; one program's point estimate {best['point'] * 1000:.0f} ms"
    )


def _of_refunds():
    """One program's point estimate with refunds, which are followed only where a balance may fall below zero."""
    market, refunded = Market(months=60), Market(months=60, refund_rate=0.05)
    plan = PayoutPlan(percent=PercentOfRevenue(duration="lifetime"), hold_days=30)
    most = plan.model_copy(update={"cap_per_customer": 400.0})
    cases = {
        "plain": (plan, market),
        "inside the hold": (plan, refunded),
        "after it": (plan.model_copy(update={"hold_days": 0}), refunded),
        "beside a most per customer": (most, refunded),
    }
    best = {}
    for name, (payout, world) in cases.items():
        program = default_scenario().affiliate.model_copy(update={"payout": payout})
        best[name] = min(_seconds(lambda one=program, of=world: project(one, of)) for _ in range(5))
    ratios = {name: taken / best["plain"] for name, taken in best.items()}
    print(
        f"refunds, one program × 60 months: inside the hold "
        f"{at_most(ratios['inside the hold'], 'no refunds', 3, limit=8)}; beside a most per customer "
        f"{at_most(ratios['beside a most per customer'], 'no refunds', 15, limit=60)}; after it, where partners are "
        f"followed, {ratios['after it']:.0f} ×; no refunds {best['plain'] * 1000:.1f} ms"
    )


def _seconds(step):
    start = time.perf_counter()
    step()
    return time.perf_counter() - start
