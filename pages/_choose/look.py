"""What the views of Choose look at, worked out once a run."""

from collections.abc import Mapping
from dataclasses import dataclass

from motions.cohorts.program import Program
from motions.economics.inputs.scenario import Scenario
from motions.playbook import Answers, Fit, Offer
from motions.playbook.conflicts import Gate
from motions.readiness.assess import Report
from motions.readiness.hands import Hands


@dataclass(frozen=True)
class Look:
    """A company's answers, what they come to, and the program and scenario that it is read from."""

    answers: Answers
    equal: bool
    """whether every rule weighs one"""
    fit: Fit
    report: Report
    scenario: Scenario
    program: Program | None
    gates: Mapping[str, Gate]
    """by partner motion: met, not met or unknown"""
    offers: Mapping[str, Offer]
    """answers that files or the scenario offer, by question"""
    hands: Hands
    unknown: Mapping[str, tuple[str, ...]]
    """by partner motion: the conditions of its gate that nobody has answered"""

    @property
    def ruled_out(self) -> tuple[str, ...]:
        """Motions that a rule rules out."""
        return tuple(self.fit.topic.program(one.id) for one in self.fit.ranking if one.ruled_out)
