"""Charts of the simulator: each is a frame of an answer, and a drawing of it."""

from collections.abc import Mapping, Sequence

from motions.charts.economics import (
    answer_drawing,
    answer_frames,
    portfolio_drawing,
    portfolio_frames,
    program_drawing,
    program_frames,
)
from motions.charts.economics import statement as _statement
from motions.charts.economics import timeline as _timeline
from motions.charts.economics.answer_drawing import unit_title
from motions.charts.economics.program_frames import Results
from motions.charts.style import Chart
from motions.economics.answers.budget import Channel
from motions.economics.answers.capacity import Capacity
from motions.economics.answers.compare import Column
from motions.economics.answers.explain import Waterfall
from motions.economics.answers.goal import Answer
from motions.economics.answers.portfolio import BY_NAME, Portfolio
from motions.economics.answers.sensitivity import Bar, Grid, Web
from motions.economics.answers.split import Split
from motions.economics.answers.typical import Typical
from motions.economics.answers.uncertainty import Sample
from motions.economics.inputs.keys import Place
from motions.economics.model.partner_side import PartnerSide
from motions.economics.model.run import Outcome
from motions.economics.model.segments import Demand

__all__ = ["unit_title"]


def contribution(
    results: Results, pinned: Results, currency: str, samples: Mapping[str, Sample] | None = None, height: int = 312
) -> Chart:
    """Draw the cumulative contribution of each program over time; the pinned ones as faint dotted lines.

    `samples` adds the band from P10 to P90 of the draws behind each line.
    """
    frame = program_frames.contribution(results, pinned, samples or {})
    return program_drawing.contribution(frame, currency, height)


def cost_of_a_customer(results: Results, currency: str) -> Chart:
    """Draw effective CPA at 100, 70 and 40 % incremental beside blended CAC; without customers there is no bar."""
    return program_drawing.cost_of_a_customer(program_frames.cost_of_a_customer(results), currency)


def partner_side(side: PartnerSide, program: str, currency: str) -> Chart:
    """Draw what a typical, a low and a high earning partner makes a month, against what makes it worth their time."""
    return program_drawing.partner_side(program_frames.partner_side(side), program, currency)


def arr_mix(shares: Sequence[tuple[str, float]], currency: str) -> Chart:
    """Draw the closing ARR of each motion as one bar; `shares` are motions and amounts."""
    return program_drawing.arr_mix(program_frames.arr_mix(shares), currency)


def demand(found: Sequence[Demand]) -> Chart:
    """Draw who wins the customers of each segment, and how many two motions reach that only one can win."""
    return program_drawing.demand(program_frames.demand(found))


def goal(answer: Answer, program: str, place: Place, goal_: str, target: float, currency: str) -> Chart:
    """Draw a figure over the range of an input, with its target and the values at which it is reached."""
    frame = answer_frames.goal(answer, target)
    return answer_drawing.goal(frame, answer.sentence, program, place, goal_, target, currency)


def tornado(bars: Sequence[Bar], name: str, now: float | None, currency: str, most: int = 10) -> Chart:
    """Draw how far each input moves a figure, the strongest on top, from where the figure is now."""
    generic = not any(bar.ranged for bar in bars)
    return answer_drawing.tornado(answer_frames.tornado(bars, now, currency, most), name, currency, generic)


def spider(web: Web, name: str, currency: str) -> Chart:
    """Draw the figure while one input at a time is moved by a share of its value."""
    return answer_drawing.spider(answer_frames.spider(web), name, currency)


def heat(
    found: Grid, name: str, across: Place, up: Place, target: float, now: tuple[float, float], currency: str
) -> Chart:
    """Draw a figure over two inputs, with the contour of its target and where the inputs are now."""
    return answer_drawing.heat(answer_frames.heat(found), name, across, up, target, now, currency)


def explained(bars: Sequence[Bar], name: str, currency: str, most: int = 10) -> Chart:
    """Draw the share of a figure's variance that each drawn input explains alone, in the order of the tornado."""
    shares = [(bar.place.name, bar.share) for bar in bars if bar.share is not None]
    return answer_drawing.explained(answer_frames.explained(shares, most), name, currency)


def waterfall(found: Waterfall, name: str, names: tuple[str, str], currency: str, unit: int) -> Chart:
    """Draw how each changed input leads from one scenario's figure to another's."""
    return answer_drawing.waterfall(answer_frames.waterfall(found, names, unit), name, currency)


def side_by_side(columns: Sequence[Column], name: str, currency: str) -> Chart:
    """Draw a figure of each scenario, with P10 to P90 where there are ranges."""
    return answer_drawing.side_by_side(answer_frames.side_by_side(columns, name), name, currency)


def statement(outcome: Outcome, program: str, months: int, currency: str) -> Chart:
    """Draw what is taken off the revenue of a program until its contribution is left."""
    return _statement.chart(_statement.frame(outcome), program, months, currency)


def timeline(found: Typical, program: str, currency: str) -> Chart:
    """Draw what one typical customer makes its partner: earned, held and paid so far, month by month."""
    return _timeline.chart(_timeline.frame(found), found.pays, program, currency, found.each)


def together(found: Portfolio, measure: str, length: int) -> Chart:
    """Draw a measure of all programs by periods of so many months, the direct baseline at the foot of each stack."""
    frame = portfolio_frames.together(found, measure, length)
    return portfolio_drawing.together(frame, BY_NAME[measure], length, found.months, found.currency)


def channels(found: Sequence[Channel], months: int, currency: str) -> Chart:
    """Draw what an amount more for recruiting brings in each motion, by the share of incremental customers."""
    return portfolio_drawing.channels(portfolio_frames.channels(found), found[0].amount, months, currency)


def splits(found: Split, months: int, currency: str) -> Chart:
    """Draw how a budget is split now and best, with bounds and what is nearly as good."""
    frame = portfolio_frames.splits(found)
    return portfolio_drawing.splits(frame, found.gain, found.left, found.step, found.shared, months, currency)


def capacity(found: Capacity) -> Chart:
    """Draw the people that active partners take, and in which months they are hired."""
    return portfolio_drawing.capacity(portfolio_frames.capacity(found), found.there is not None)
