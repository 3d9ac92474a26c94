"""The one page: the decision, three figures, one chart, which motion first and why, what would change it, risks."""

from collections.abc import Iterator, Sequence

from motions.charts import cohorts as health_charts
from motions.charts import economics as charts
from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import health as tables
from motions.cohorts.verdicts.verdicts import Verdict, in_short, stands_out
from motions.economics.answers import sensitivity
from motions.economics.answers.compare import chances
from motions.economics.answers.headline import comes_to
from motions.economics.files import tables as economics
from motions.economics.model.results import FIGURES
from motions.names import NAMES
from motions.out.pack import plots
from motions.out.pack.content import Plot, Said, Slide, Told, plain
from motions.out.pack.given import Given, Wishes
from motions.text import count, first_sentence, listed, money, month_name

_MOST = 3
"""figures, and risks"""
_REASONS = 2
_BY_NAME = {figure.name: figure for figure in FIGURES}
NO_RANGE = "no range: inputs have none"


def slide(given: Given, wishes: Wishes) -> Slide:
    """Return the page that an executive reads first, of what is there."""
    told = figures(given)
    return Slide(
        title=plain(wishes.decision) or decision(given),
        words=tuple(words(given)),
        figures=told,
        plot=plot(given),
        foot=_foot(told, given),
        source=sources(given),
    )


def decision(given: Given) -> str:
    """Return what is to be decided, as far as it follows from what is loaded."""
    if given.fit.first:
        first = listed([given.fit.topic.names[name].lower() for name in given.fit.first])
        return f"Decision: begin with {first}?"
    if given.scenario:
        return f"Decision: run {NAMES[given.focus].lower()} at these terms?"
    if given.program and given.settings:
        return in_short(given.program.ledger, given.settings, given.rules)
    return "Nothing is loaded yet"


def figures(given: Given) -> tuple[Told, ...]:
    """Return three figures: what the program would earn, and how it does; of one of the two where there is no more."""
    planned, found = list(of_scenario(given)), list(of_program(given))
    own = _MOST if not found else 1
    return tuple((planned[:own] + found)[:_MOST])


def of_scenario(given: Given) -> Iterator[Told]:
    """Return the figures of the scenario that are presented, with P10 to P90 and the difference to the pinned one."""
    if not given.scenario:
        return
    now, market = given.results[given.focus].figures, given.scenario.market
    before = given.before[given.focus].figures if given.focus in given.before else {}
    sample = given.samples.get(given.focus)
    for name in economics.PRESENTED:
        one = _BY_NAME[name]
        ends, known = (sample.percentiles(name), sample.known(name)) if sample else (None, 1.0)
        value = economics.shown(one.unit, now[name], market.months, market.currency, name)
        spread = economics.spread(one.unit, ends, market.months, market.currency, name, known)
        changed = economics.change(one.unit, now[name], before.get(name), market.currency)
        beside = economics.beside(name, now, market.months, market.currency)
        period = f" in {count(market.months, 'month')}" if name == "contribution" else ""
        yield Told(
            one.title,
            f"{NAMES[given.focus].lower()}{period}",
            value,
            spread or NO_RANGE,
            changed or beside,
            one.definition,
        )


def of_program(given: Given) -> Iterator[Told]:
    """Return the figures of the tiles, each with its 95 % interval, its verdict and what it is compared with."""
    for one in given.verdicts:
        if one.tile and one.figure.known():
            yield _told(one, given)


def _told(one: Verdict, given: Given) -> Told:
    currency = given.program.ledger.currency if given.program else None
    title, value = tables.tile(one, currency)
    low, high = one.figure.low, one.figure.high
    between = ""
    if low is not None and high is not None:
        between = f"95 %: {one.unit.said(low, currency or '')} to {one.unit.said(high, currency or '')}"
    against, *more = one.against.split(" · ")
    since = [part for part in more if " since " in part]
    whose = m.whole(given.program.ledger)[0].lower().removeprefix("all ") if given.program else ""
    return Told(
        plain(title), whose, value, between, plain("; ".join((_beside(one.said, against), *since))),
        m.BY_ID[one.shown].definition,
    )  # fmt: skip


def _beside(said: str, against: str) -> str:
    """Say a verdict with what it is against; what both name is named once.

    >>> _beside("better than blended CAC", "blended CAC $1,166"), _beside("up on a year before", "in 2025-09 $111k")
    ('better than blended CAC ($1,166)', 'up on a year before: in 2025-09 $111k')
    """
    words = against.split(" ")
    for at in range(len(words), 0, -1):
        if said.endswith(" ".join(words[:at])):
            return f"{said} ({' '.join(words[at:])})" if at < len(words) else said
    return f"{said}: {against}"


def plot(given: Given) -> Plot | None:
    """Return the chart that proves it: what the scenario leaves, else whether the program's customers stay."""
    if given.scenario:
        drawn = charts.contribution(given.results, given.before, given.scenario.market.currency, given.samples)
        return plots.contribution(drawn)
    if given.program and given.settings and {"revenue", "ages"} & given.program.ledger.has:
        return plots.by_age(health_charts.proof(given.program.ledger, given.settings, given.rules))
    return None


def words(given: Given) -> Iterator[Said]:
    """Return which motion first and why, what would change it, and risks."""
    yield from _first(given)
    yield from (Said(line, "Would change it") for line in changing(given)[:_REASONS])
    yield from (Said(line, "Risk") for line in risks(given)[:_MOST])


def _first(given: Given) -> Iterator[Said]:
    if not given.answers:
        if given.scenario:
            line = comes_to(given.focus, given.results, given.scenario.market, given.samples)
            yield Said(line, "What it comes to")
        return
    yield Said(first_sentence(given.fit.headline)[0], "Which first")
    ahead = [one for one in given.fit.ranking if one.first]
    for one in [rule for candidate in ahead[:1] for rule in candidate.speaks_for][:_REASONS]:
        yield Said(one.rule.reason, "Why")


def changing(given: Given) -> list[str]:
    """Return what would change the decision: other answers, and the input that moves the contribution most."""
    found = [flip.sentence for flip in given.fit.flips[:1]] if given.answers else []
    if given.scenario:
        name, figure = given.focus, "contribution"
        bars = sensitivity.tornado(given.scenario, name, figure, given.samples.get(name))
        drawn = charts.tornado(
            bars, figure, given.results[name].figures[figure], given.scenario.market.currency
        ).title  # fmt: skip
        found.append(f"{NAMES[name]}: {drawn}.")
    return [plain(one) for one in found + ([flip.sentence for flip in given.fit.flips[1:]] if given.answers else [])]


def risks(given: Given) -> list[str]:
    """Return what speaks against it: what stands out in the program, a chance of a loss, what is not ready."""
    found = []
    if given.program and given.settings:
        found += [one.sentence for one in stands_out(given.program.ledger, given.settings, given.rules)]
    if given.scenario:
        found += _of_loss(given)
    wanting = [one for one in given.report.conditions if one.verdict == "not yet"]
    found += [(one.disqualifier and f"{one.disqualifier}.") or f"Not yet: {one.title.lower()}." for one in wanting]
    return [plain(one) for one in found]


def _of_loss(given: Given) -> list[str]:
    assert given.scenario is not None  # noqa: S101  asked before
    if sample := given.samples.get(given.focus):
        loss = chances(given.scenario, given.focus, sample, None)[-1]
        said = f"{loss.said[:1].upper()}{loss.said[1:]} ({NAMES[given.focus].lower()})."
        return [said] if loss.share else []
    left = given.results[given.focus].figures["contribution"]
    if left is not None and left < 0:
        return [f"{NAMES[given.focus]} lose {money(-left, given.scenario.market.currency)} at these inputs."]
    return ["No input has a range: how far the figures may be off is not known."]


def _foot(told: Sequence[Told], given: Given) -> str:
    said = [f"{one.named}: {first_sentence(one.definition)[0]}" for one in told]
    return " ".join((*said, as_of(given)))


def as_of(given: Given) -> str:
    """Return of which month, or which scenario, the figures are."""
    if given.program and given.settings:
        return f"As of {month_name(given.settings.as_of)}"
    return f"Made on {given.today.isoformat()}" if given.today else ""


def sources(given: Given) -> tuple[str, ...]:
    """Return where figures come from, and the settings that they were made with."""
    found = []
    if given.program and given.settings:
        found.append(f"Program: {tables.in_force(given.settings, given.program.ledger.currency)}.")
    if given.scenario:
        found.append(of_inputs(given))
    if given.answers:
        found.append(f"Fit: {count(len(given.answers), 'question')} answered. {given.fit.weights}")
    return tuple(plain(one) for one in found)


def of_inputs(given: Given) -> str:
    """Return the settings of the scenario in a sentence or two."""
    assert given.scenario is not None  # noqa: S101  asked before
    market, ranges = given.scenario.market, given.samples
    drawn = f"{given.scenario.draws:,} draws, seed {given.scenario.seed}" if ranges else "one run, no ranges"
    against = f" The pinned scenario is {given.kept[0].name}." if given.baseline else ""
    return (
        f"Scenario: {count(market.months, 'month')}, amounts in {market.currency}; {drawn}. Programs shown: "
        f"{listed([NAMES[name].lower() for name in given.results])}.{against}"
    )
