"""The conclusion and the chart of the overview, which the presentation has too."""

from motions.charts import cohorts, economics
from motions.charts.style import Chart
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import Program
from motions.cohorts.verdicts.verdicts import in_short
from motions.economics.answers.headline import comes_to
from motions.economics.answers.uncertainty import if_ranged
from motions.economics.inputs.scenario import Scenario
from motions.economics.model.run import run
from motions.playbook import Fit
from motions.text import first_sentence
from pages._session import loaded


def conclusion(program: Program | None, settings: m.Settings | None, scenario: Scenario, fit: Fit) -> str:
    """Return the decision in a sentence: who is first, else how the program is, else what the scenario comes to."""
    if fit.first:
        return first_sentence(fit.headline)[0]
    if program and settings:
        return in_short(program.ledger, settings, loaded.rules())
    return earnings(scenario)[0]


def earnings(scenario: Scenario) -> list[str]:
    """Return what each program of a scenario comes to, in a sentence; with ranges, between which ends."""
    results, samples = run(scenario), if_ranged(scenario)
    return [comes_to(name, results, scenario.market, samples) for name in results]


def chart(program: Program | None, settings: m.Settings | None, scenario: Scenario) -> Chart | None:
    """Return what the scenario would earn, if somebody has set one; else whether the program's customers stay."""
    if scenario.touched:
        return economics.contribution(run(scenario), {}, scenario.market.currency, if_ranged(scenario), 320)
    if program and settings and "revenue" in program.ledger.has:
        return cohorts.proof(program.ledger, settings, loaded.rules())
    return None
