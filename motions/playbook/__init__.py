"""What the playbook says, as data: `models` is the shape, `content/` the words, `load` joins them.

`fit` ranks the motions by a company's answers, after published rules.
"""

from motions.playbook.answers import Answers, Decoded, Offer, decode, encode
from motions.playbook.fit import rank
from motions.playbook.fit_load import load_fit
from motions.playbook.fit_models import GROWTH, LAYER, MOTION, Question, Rule, Topic
from motions.playbook.fit_result import Ask, Candidate, Fit, Flip, Spoken
from motions.playbook.growth import ExampleFit, Growth, examples, growth
from motions.playbook.load import load_benchmarks, load_playbook
from motions.playbook.models import ATTRIBUTES, Attribute, Basis, Figure, Motion, Playbook
from motions.playbook.thresholds import AxisBand, axis, disagreements, placed

__all__ = [
    "ATTRIBUTES",
    "GROWTH",
    "LAYER",
    "MOTION",
    "Answers",
    "Ask",
    "Attribute",
    "AxisBand",
    "Basis",
    "Candidate",
    "Decoded",
    "ExampleFit",
    "Figure",
    "Fit",
    "Flip",
    "Growth",
    "Motion",
    "Offer",
    "Playbook",
    "Question",
    "Rule",
    "Spoken",
    "Topic",
    "axis",
    "decode",
    "disagreements",
    "encode",
    "examples",
    "growth",
    "load_benchmarks",
    "load_fit",
    "load_playbook",
    "placed",
    "rank",
]
