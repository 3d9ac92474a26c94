"""One chart of every function that draws one, and the list of these functions."""

import inspect
import pkgutil
from importlib import import_module

import numpy as np

from motions import charts
from motions.charts import cohorts, economics, forecast, playbook, roadmap
from motions.charts.replay import drawing as replay
from motions.charts.style import Chart
from motions.cohorts.ledger.checks import Finding
from motions.cohorts.metrics import metrics as m
from motions.cohorts.metrics import mix
from motions.cohorts.verdicts.rules import default_rules
from motions.deals import offers
from motions.economics.answers import sensitivity
from motions.economics.answers.budget import next_amount
from motions.economics.answers.capacity import capacity
from motions.economics.answers.compare import columns
from motions.economics.answers.explain import explain
from motions.economics.answers.goal import seek
from motions.economics.answers.portfolio import portfolio
from motions.economics.answers.split import split
from motions.economics.answers.typical import typical
from motions.economics.answers.uncertainty import simulate
from motions.economics.inputs.links import Named
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.partner_side import partner_side
from motions.economics.model.run import demands, mix_of_arr, run
from motions.forecast import BY_NAME, Bridge, Course
from motions.playbook import Answers, axis, rank
from motions.playbook.own import original
from motions.roadmap.whole import whole
from tests.charts.test_replay import CHANGES


def names():
    """Every function of the parts of `motions.charts` that returns a chart, as `part.function`."""
    parts = [part.name for part in pkgutil.iter_modules(charts.__path__) if part.ispkg]
    return [
        f"{part}.{name}"
        for part in parts
        for name, function in inspect.getmembers(import_module(f"motions.charts.{part}"), inspect.isfunction)
        if inspect.get_annotations(function).get("return") is Chart
    ]


def health(ledger, year):
    """Those of program health, of a small program."""
    found = [Finding("two_motions", "Two motions", "A meaning.", 3, (), ())]
    changed = mix.change("activation", ledger, year, m.PARTNER)
    return {
        "retention": cohorts.retention(ledger, year),
        "proof": cohorts.proof(ledger, year, default_rules()),
        "survival": cohorts.survival(ledger, year, m.PARTNER),
        "sources": cohorts.sources(ledger, year),
        "halves": cohorts.halves(ledger, year, m.PARTNER, 6),
        "evidence": cohorts.evidence(ledger, year, default_rules()),
        "checks": cohorts.checks(found),
        "change": cohorts.change(changed, m.BY_ID["activation"], year, "motion"),
        "triangle": cohorts.triangle(ledger, year, "All", m.PARTNER, "money"),
        "movements": cohorts.movements(ledger, year, "All", m.PARTNER),
        "mrr_by_motion": cohorts.mrr_by_motion(ledger, year),
        "funnel": cohorts.funnel(ledger, year),
        "activation_by_cohort": cohorts.activation_by_cohort(ledger, year, "All", m.PARTNER, [(0.1, 0.3, "A: b")]),
        "cost_trend": cohorts.cost_trend(ledger, year),
        "partner_curve": cohorts.partner_curve(ledger, year),
        "partners_by_mrr": cohorts.partners_by_mrr(ledger, year),
        "survival_of": cohorts.survival_of(ledger, year, "P1"),
        "kept_of": cohorts.kept_of(ledger, year, "P1"),
        "payouts_of": cohorts.payouts_of(ledger, year, "P1"),
    }


def simulated():
    """Those of the simulator, of two programs and ranges."""
    scenario = default_scenario().with_market(months=6)
    ranged = sensitivity.with_swings(scenario, "affiliate").replace(draws=1000)
    results, samples = run(ranged), simulate(ranged)
    across, up = sensitivity.movable(ranged, "affiliate")[:2]
    found = seek(scenario, "affiliate", across, "payout_share", 0.1)
    grid = sensitivity.grid(ranged, "affiliate", "payout_share", across, up, steps=3)
    before = scenario.with_market(list_price=100.0)
    ranked = sensitivity.tornado(ranged, "affiliate", "npv", samples["affiliate"])
    segments = [{"name": "One", "size": 200.0, "motions": ["affiliate", "reseller"]}]
    side = partner_side(ranged.affiliate, results["affiliate"])
    bars = sensitivity.tornado(ranged, "affiliate", "payout_share")
    return {
        "contribution": economics.contribution(results, results, "USD", samples),
        "cost_of_a_customer": economics.cost_of_a_customer(results, "USD"),
        "partner_side": economics.partner_side(side, "affiliate", "USD"),
        "arr_mix": economics.arr_mix(mix_of_arr(ranged, results), "USD"),
        "demand": economics.demand(demands(ranged.replace(segments=segments))),
        "goal": economics.goal(found, "affiliate", across, "payout_share", 0.1, "USD"),
        "tornado": economics.tornado(bars, "payout_share", None, "USD"),
        "spider": economics.spider(sensitivity.spider(ranged, "affiliate", "npv"), "npv", "USD"),
        "heat": economics.heat(grid, "payout_share", across, up, 0.1, (0.1, 5), "USD"),
        "explained": economics.explained(ranked, "npv", "USD"),
        "waterfall": economics.waterfall(explain(before, scenario, "affiliate", "npv"), "npv", ("A", "B"), "USD", 100),
        "side_by_side": economics.side_by_side(
            columns([Named(name="A", scenario=ranged)] * 2, "affiliate"), "npv", "USD"
        ),
        "statement": economics.statement(results["affiliate"], "affiliate", 6, "USD"),
        "timeline": economics.timeline(typical(scenario, "affiliate"), "affiliate", "USD"),
        "together": economics.together(portfolio(scenario, ["mrr"]), "mrr", 3),
        "channels": economics.channels(next_amount(scenario, 10_000), 6, "USD"),
        "splits": economics.splits(split(scenario), 6, "USD"),
        "capacity": economics.capacity(capacity(scenario, {"reseller": 2}, there=1)),
    }, ranged


def beside_real_months():
    """Those of a scenario beside a program's real months."""
    band = np.array([[90.0, 80.0], [100.0, 100.0], [110.0, 120.0]])
    mrr, january = BY_NAME["mrr"], 2026 * 12
    return {
        "course": forecast.course(
            Course(mrr, "affiliate", "USD", january, band[1], band, {january - 1: 95.0, january: 130.0})
        ),
        "bridge": forecast.bridge(
            Bridge(mrr, "USD", january, january, 100.0, (("List price", 20.0), ("Churn", -5.0)), 15.0, 130.0, ())
        ),
    }


def drawn_charts(ledger, year):
    """One chart of each function, by the name that `names` gives it."""
    programs, ranged = simulated()
    return {
        **{f"cohorts.{name}": chart for name, chart in health(ledger, year).items()},
        **{f"economics.{name}": chart for name, chart in programs.items()},
        **{f"forecast.{name}": chart for name, chart in beside_real_months().items()},
        "roadmap.whole": roadmap.whole(whole(ranged)),
        "replay.changes": replay.changes(CHANGES, "reseller", "Really paid", "USD"),
        "playbook.same_deal": playbook.same_deal(
            offers(original(), ("reseller", "affiliate"), 500, 0.8, 12), 12, "What counts."
        ),
        "playbook.places": playbook.places(rank(Answers())),
        "playbook.cuts": playbook.cuts(axis(12_000), 12_000),
    }
