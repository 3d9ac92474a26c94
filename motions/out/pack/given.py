"""What a pack is made of: what is loaded, and what its maker wishes. What is not there is None or empty."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

from motions.chosen import priced
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import Program
from motions.cohorts.verdicts.rules import Rules, default_rules
from motions.cohorts.verdicts.verdicts import Verdict, verdicts
from motions.economics.answers.uncertainty import Sample, if_ranged
from motions.economics.inputs.links import Kept
from motions.economics.inputs.scenario import Scenario, default_scenario
from motions.economics.model.run import Outcome, run
from motions.names import PARTNER_MOTIONS
from motions.playbook import Answers, Fit, Question, load_fit, rank
from motions.playbook.fit_models import FitContent
from motions.readiness.assess import Report, assess
from motions.readiness.hands import Hands, from_answers
from motions.readiness.thresholds import Thresholds
from motions.roadmap import gates
from motions.roadmap.choices import Choices
from motions.roadmap.gates import StepState
from motions.roadmap.plan import Plan, plan


@dataclass(frozen=True)
class Wishes:
    """What the maker of a pack writes and chooses; of sections the ids, all that can be had where none is named."""

    title: str = ""
    audience: str = ""
    decision: str = ""
    notes: str = ""
    sections: tuple[str, ...] = ()


@dataclass(frozen=True)
class Given:
    """A program, a scenario and answers, with how they are read. Everything else follows, each when first asked for."""

    program: Program | None = None
    settings_: m.Settings | None = None
    rules: Rules = field(default_factory=default_rules)
    name: str = ""
    """what the program is called: a connection, or nothing"""
    sample: bool = False
    scenario_: Scenario | None = None
    """what the simulator shows; None where nobody was there"""
    focus_: str = ""
    kept: Kept = ()
    """scenarios that are kept, the pinned one first"""
    answers: Answers = field(default_factory=Answers)
    equal: bool = False
    """whether every rule weighs one"""
    fit_content: FitContent | None = None
    """of a company's own playbook"""
    hands: Hands = field(default_factory=dict)
    thresholds: Thresholds = field(default_factory=Thresholds)
    choices: Choices = field(default_factory=Choices)
    today: date | None = None

    @cached_property
    def scenario(self) -> Scenario | None:
        """The scenario, if it is somebody's: what comes of defaults alone is nobody's figure."""
        return self.scenario_ if self.scenario_ is not None and self.scenario_.touched else None

    @cached_property
    def settings(self) -> m.Settings | None:
        """The settings of health, as of the last month where nobody has chosen."""
        if self.program is None:
            return None
        return self.settings_ or m.Settings(as_of=self.program.ledger.last_month)

    @cached_property
    def focus(self) -> str:
        """The program of the scenario that is looked at: the one chosen, else who is first, else who leaves most."""
        for name in (self.focus_, *(self.fit.first if self.answers else ())):
            if name in self.results:
                return name
        own = [name for name in self.results if name in PARTNER_MOTIONS] or list(self.results)
        return max(own, key=lambda name: self.results[name].figures["contribution"] or 0.0)

    @cached_property
    def results(self) -> Mapping[str, Outcome]:
        """What comes of the scenario, by program."""
        return run(self.scenario) if self.scenario else {}

    @cached_property
    def samples(self) -> Mapping[str, Sample]:
        """The draws of the scenario, where it has ranges."""
        return if_ranged(self.scenario) if self.scenario else {}

    @cached_property
    def baseline(self) -> Scenario | None:
        """The scenario that it is compared with, if that is another one in the same currency."""
        first = self.kept[0].scenario if self.kept else None
        if first is None or self.scenario is None or first == self.scenario:
            return None
        return first if first.market.currency == self.scenario.market.currency else None

    @cached_property
    def before(self) -> Mapping[str, Outcome]:
        """What comes of the pinned scenario, by program."""
        return run(self.baseline) if self.baseline else {}

    @cached_property
    def fit(self) -> Fit:
        """Which motion first, by the answers."""
        return rank(self.answers, equal=self.equal, content=self.fit_content)

    @property
    def fit_questions(self) -> Mapping[str, Question]:
        """The questions that the answers are to, by id."""
        return (self.fit_content or load_fit()).question_by_id

    @cached_property
    def report(self) -> Report:
        """Readiness, by files, the scenario, answers and by hand."""
        said = {**from_answers(self.answers), **self.hands}
        return assess(self.program, self.settings, self.scenario, self.thresholds, said)

    @cached_property
    def states(self) -> tuple[StepState, ...]:
        """The steps of the roadmap and their gates."""
        return gates.steps(self.answers, self.report, self.choices.overruled)

    @cached_property
    def planned_on(self) -> Scenario:
        """The scenario that the roadmap is planned on, at the price that was answered."""
        return priced(self.scenario or default_scenario(), self.answers)

    @cached_property
    def planned(self) -> Plan:
        """When each step of the roadmap begins."""
        return plan(self.planned_on, self.states, self.choices.planned)

    @cached_property
    def verdicts(self) -> tuple[Verdict, ...]:
        """The verdicts on all partners together; none without a program."""
        if self.program is None or self.settings is None:
            return ()
        return verdicts(self.program.ledger, self.settings, m.whole(self.program.ledger)[1], self.rules)
