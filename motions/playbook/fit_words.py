"""The words of a ranking: nothing is decided here."""

from collections.abc import Sequence

from motions.playbook.conditions import Value
from motions.playbook.fit_models import Question, Topic
from motions.playbook.fit_result import Ask, Candidate, Flip, Spoken
from motions.text import count, inside, listed, percent

EQUAL = "Every rule weighs the same."
ON_WEIGHTS = "With every rule at the same weight"
ON_OPINIONS = "Without rules of grade C, which are opinions"
ON_ARTICLES = "Without the rules of the two articles"
ON_RULING_OUT = "But for the rules that rule out"
_NUMBERS = ("none", "one", "two", "three", "four", "five", "six")


def number(many: int) -> str:
    """Return a small number in letters.

    >>> number(2), number(12)
    ('two', '12')
    """
    return _NUMBERS[many] if many < len(_NUMBERS) else str(many)


def stands(role: str, state: str) -> str:
    """Say how a rule stands.

    >>> stands("gate", "silent"), stands("ranks", "speaks"), stands("plan", "context")
    ('not met', 'applies', 'not asked')
    """
    yes, no = ("met", "not met") if role == "gate" else ("applies", "does not apply")
    return {"speaks": yes, "silent": no, "open": "unknown", "context": "not asked"}[state]


def _names(names: Sequence[str]) -> str:
    return listed([inside(name) for name in names])


def place(state: str, best: int, worst: int, ruled_out: bool, with_it: Sequence[str]) -> str:
    """Say a place by what is answered.

    >>> place("first", 2, 3, False, ["Channels"]), place("first", 4, 4, True, []), place("unanswered", 1, 5, False, [])
    ('places 2 to 3, shared with channels', 'ruled out', 'no answer yet')
    """
    if ruled_out:
        return "ruled out"
    if state == "unanswered":
        return "no answer yet"
    return f"place {best}" if best == worst else f"places {best} to {worst}, shared with {_names(with_it)}"


def reach(best: int, worst: int, of: int, out: float, combinations: int) -> str:
    """Say which places are possible, whatever the unknown answers turn out to be.

    >>> reach(1, 3, 5, 0.25, 8)
    'places 1 to 3 of 5 are possible; ruled out in 25 % of the combinations'
    >>> reach(2, 2, 5, 0, 8), reach(2, 3, 5, 0, 1), reach(5, 5, 5, 1, 8)
    ('place 2 of 5 for sure', 'places 2 to 3 of 5, shared, for sure', 'ruled out for sure')
    """
    if out == 1:
        return "ruled out for sure"
    if best == worst:
        said = f"place {best} of {of} for sure"
    else:
        said = f"places {best} to {worst} of {of}" + (" are possible" if combinations > 1 else ", shared, for sure")
    return said + (f"; ruled out in {_share(out)} of the combinations" if out else "")


def _share(share: float) -> str:
    return "less than 1 %" if share < 0.01 else "more than 99 %" if share > 0.99 else percent(share, 0)


def ruling(own: Sequence[Spoken], loud: Sequence[Spoken]) -> str:
    """Say by how many of the sources that could rule a candidate out it is; "" when by none."""
    could = {one.rule.source for one in own if one.rule.effect is None}
    do = {one.rule.source for one in loud if one.rule.effect is None}
    if not do:
        return ""
    if len(could) == 1:
        return "by the one source that has such a rule"
    if do == could:
        return f"by {'both' if len(could) == 2 else 'all ' + number(len(could))} sources that have such a rule"
    return f"by {number(len(do))} of {number(len(could))} sources"


def answers_by_first(
    question: Question, leads: Sequence[tuple[Value, tuple[str, ...]]]
) -> list[tuple[str, tuple[Value, ...], tuple[str, ...]]]:
    """Join the answers that make the same candidates first: (in words, the answers, who is first then).

    Of amounts, each stands for all up to the next; only neighbours are joined.
    """
    if question.kind == "amount":
        starts = [at for at, (_, first) in enumerate(leads) if at == 0 or first != leads[at - 1][1]]
        ends = [*starts[1:], None]
        spans = [
            (leads[at], None if end is None else float(leads[end][0])) for at, end in zip(starts, ends, strict=True)
        ]
        return [(question.span(float(low), high), (low,), first) for (low, first), high in spans]
    joined: dict[tuple[str, ...], list[Value]] = {}
    for value, first in leads:
        joined.setdefault(first, []).append(value)
    return [(listed([question.says(one) for one in same], "or"), tuple(same), first) for first, same in joined.items()]


def lead(topic: Topic, first: Sequence[str]) -> str:
    """Say who is first, without a full stop.

    >>> from motions.playbook.fit_models import LAYER, MOTION
    >>> lead(MOTION, ["referral", "affiliate"]), lead(MOTION, ["channel"]), lead(LAYER, [])
    ('Referrals and affiliates share first place', 'Channels first', 'Nothing leads')
    """
    names = listed([inside(topic.names[one]) for one in first])
    said = (topic.leads if len(first) == 1 else topic.ties).format(names) if first else "nothing leads"
    return said[:1].upper() + said[1:]


def flip(topic: Topic, first: Sequence[str], when: str, known: bool) -> str:
    """Say what another answer to one question would change."""
    return f"{lead(topic, first)} if {when} ({'answered otherwise' if known else 'unknown'})."


def ask(share: float) -> str:
    """Say how much hangs on an unanswered question."""
    return f"It alone changes who is first in {_share(share)} of the ways in which the others can turn out."


def hangs_on(topic: Topic, without: str, first: Sequence[str]) -> str:
    """Say who would be first in another way of counting."""
    return f"{without}: {inside(lead(topic, first))}."


def headline(
    topic: Topic, state: str, first: Sequence[str], ranking: Sequence[Candidate], flips: Sequence[Flip],
    asks: Sequence[Ask],
) -> str:  # fmt: skip
    """Return the answer in one to three sentences, right in every state."""
    begin = f" Begin with: {inside(asks[0].title)}?" if asks else ""
    ruled = _ruled_out(ranking)
    if state == "unanswered":
        return f"No answer yet.{begin}"
    if state == "all ruled out":
        return f"Everything is ruled out by at least one source.{ruled}"
    if state == "no lead":
        return f"Nothing leads: on balance, no rule that is settled speaks for anything.{ruled}{begin}"
    so_far = " so far" if asks else ""
    return f"{lead(topic, first)}{so_far}{_alternative(topic, first, flips)}.{_unknown(asks)}{ruled}"


def _alternative(topic: Topic, first: Sequence[str], flips: Sequence[Flip]) -> str:
    """Say who would be first by the unknown answer that most hangs on."""
    for one in flips:
        if not one.known and one.first:
            joins = set(first) < set(one.first)
            new = _names([topic.names[name] for name in one.first if not joins or name not in first])
            return f"; {topic.joins.format(new) if joins else new} if {one.when}"
    return ""


def _unknown(asks: Sequence[Ask]) -> str:
    if not asks:
        return " No unanswered question can change this."
    return f" {count(len(asks), 'unanswered question')} can still change this."


def _ruled_out(ranking: Sequence[Candidate]) -> str:
    by: dict[str, list[str]] = {}
    for one in ranking:
        if one.ruled_out:
            by.setdefault(one.ruling, []).append(one.name)
    return f" Ruled out: {'; '.join(f'{_names(names)} {how}' for how, names in by.items())}." if by else ""
