"""The ranking: every rule can speak, speaks the right way, and what is said of unknown answers is so."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from motions.playbook import Answers, load_fit, rank
from motions.playbook.completions import MOST, Voice, combinations
from motions.playbook.conditions import asked, facts, parse, truth
from motions.playbook.fit_models import GROWTH, LAYER, MOTION, TOPICS, Rule, clause
from tests.conftest import examples

CONTENT = load_fit()
QUESTIONS = CONTENT.questions
TOPIC = pytest.mark.parametrize("topic", TOPICS.values(), ids=lambda topic: topic.id)
SCORED = [rule for rule in CONTENT.rules if rule.scored]
CUTS = {
    question.id: sorted({0.0} | {
        cut for rule in CONTENT.rules if rule.when for fact in facts(rule.when)
        if fact.question == question.id for cut in (fact.low, fact.high) if cut
    }) for question in QUESTIONS if question.kind == "amount"
}  # fmt: skip


def values(question):
    """Answers on every side of every cut."""
    return question.values or [*CUTS[question.id], *(cut + 1 for cut in CUTS[question.id])]


whole = st.fixed_dictionaries({question.id: st.sampled_from(values(question)) for question in QUESTIONS})
partial = st.fixed_dictionaries({}, optional={one.id: st.sampled_from(values(one)) for one in QUESTIONS})


def by_id(fit):
    return {one.id: one for one in fit.ranking}


def rule(when, motions, role="ranks", effect="for", grade="C", source="Somebody", **more):
    given_ = {"id": "own_rule", "when": when, "motions": motions, "role": role, "effect": effect} | more
    return Rule(**given_, reason="Because.", source=source, year=2020, grade=grade, basis="stated")


def ruled_by(*rules):
    return replace(CONTENT, rules=tuple(one.model_copy(update={"id": f"r{at}"}) for at, one in enumerate(rules)))


def profiles(when):
    questions = [question for question in QUESTIONS if question.id in asked(when)]
    for found in itertools.product(*(values(question) for question in questions)):
        yield dict(zip([question.id for question in questions], found, strict=True))


@pytest.mark.parametrize("one", [one for one in CONTENT.rules if one.when], ids=lambda one: one.id)
def test_every_rule_has_a_company_that_it_speaks_of_and_one_that_it_does_not(one):
    assert {truth(one.when, found) for found in profiles(one.when)} == {True, False}


@pytest.mark.parametrize("one", SCORED, ids=lambda one: one.id)
def test_a_rule_that_begins_to_speak_moves_its_motions_only_and_the_right_way(one):
    topic = TOPICS[one.topic]
    known = Answers(next(found for found in profiles(one.when) if truth(one.when, found)))
    without = replace(CONTENT, rules=tuple(rule for rule in CONTENT.rules if rule.id != one.id))
    before, after = by_id(rank(known, topic, content=without)), by_id(rank(known, topic))
    moved = {"for": 1, "against": -1, None: 0}[one.effect] * CONTENT.weights.of(one)
    for name in topic.names:
        assert after[name].points - before[name].points == (moved if name in one.motions else 0)
        if one.effect is None and name in one.motions:
            assert after[name].ruled_out
            assert after[name].worst == len(topic.names)
        elif name not in one.motions:
            assert after[name].ruled_out == before[name].ruled_out


@TOPIC
@settings(max_examples=examples(40))
@given(
    answers=whole, unknown=st.sets(st.sampled_from([question.id for question in QUESTIONS]), min_size=1), at=st.data()
)
def test_more_unknowns_never_narrow_and_every_completion_lies_within(topic, answers, unknown, at):
    fewer = Answers({name: value for name, value in answers.items() if name not in unknown})
    more = fewer.moved(at.draw(st.sampled_from(sorted(set(answers) - set(fewer)) + sorted(fewer))), None)
    exact, within, wider = (rank(one, topic) for one in (Answers(answers), fewer, more))
    assert set(exact.first) <= set(within.may_lead) <= set(wider.may_lead)
    assert wider.combinations >= within.combinations >= exact.combinations == 1
    for name in topic.names:
        ends = [(by_id(fit)[name].best, by_id(fit)[name].worst) for fit in (wider, within, exact)]
        assert ends[0][0] <= ends[1][0] <= ends[2][0] <= ends[2][1] <= ends[1][1] <= ends[0][1]
    if not within.ask:  # then nothing is left that could change it
        assert set(within.may_lead) == set(exact.first)


@TOPIC
@settings(max_examples=examples(40))
@given(answers=partial, question=st.sampled_from(QUESTIONS))
def test_flips_are_just_the_answers_that_change_who_is_first(topic, answers, question):
    known = Answers(answers)
    fit = rank(known, topic)
    firsts = {value: rank(known.moved(question.id, value), topic).first for value in values(question)}
    found = [flip for flip in fit.flips if flip.question == question.id]
    assert {flip.first for flip in found} == set(firsts.values()) - {fit.first}
    for flip in found:
        assert flip.known == (question.id in known)
        assert {firsts[value] for value in flip.values} == {flip.first}


@TOPIC
@settings(max_examples=examples(40))
@given(answers=partial)
def test_only_rules_that_rank_or_rule_out_enter_a_ranking(topic, answers):
    known = Answers(answers)
    fit = rank(known, topic)
    bare = rank(known, topic, content=replace(CONTENT, rules=CONTENT.scored(topic)))
    assert (bare.ranking, bare.first, bare.flips, bare.ask, bare.hangs_on) == (
        fit.ranking, fit.first, fit.flips, fit.ask, fit.hangs_on,
    )  # fmt: skip
    assert {one.rule.id for one in fit.context} == {
        one.id for one in CONTENT.rules if one.topic == topic.id and not one.scored
    }


@TOPIC
@given(answers=partial)
def test_points_are_the_weights_of_what_speaks_and_every_rule_is_shown_once(topic, answers):
    for equal in (False, True):
        fit = rank(Answers(answers), topic, equal)
        for one in fit.ranking:
            points = sum(said.weight for said in one.speaks_for) - sum(said.weight for said in one.speaks_against)
            assert one.points == points
            assert one.ruled_out == bool(one.rules_out) == bool(one.ruling)
            assert all(said.needs for said in one.open)
            assert not equal or {said.weight for said in one.speaks_for} <= {1}


@TOPIC
def test_all_unknown_leads_nowhere_and_stays_far_below_a_million_combinations(topic):
    fit = rank(Answers(), topic)
    assert (fit.state, fit.first, fit.hangs_on) == ("unanswered", (), ())
    assert fit.headline.startswith("No answer yet. Begin with: ")
    assert {one.place for one in fit.ranking} == {"no answer yet"}
    assert [one.id for one in fit.ranking] == list(topic.names)
    voices = [Voice(one.when, (0,), (False,)) for one in CONTENT.scored(topic)]
    assert combinations(voices, {one.id: one.values for one in QUESTIONS}, {}) == fit.combinations <= MOST / 10


def test_every_motion_can_come_first_and_every_question_of_a_ranking_can_matter():
    fit = rank(Answers())
    assert set(fit.may_lead) == set(MOTION.names)
    told = {name for one in CONTENT.scored(MOTION) for name in asked(one.when)}
    assert {one.question for one in fit.ask} == told
    shares = [one.share for one in fit.ask]
    assert shares == sorted(shares, reverse=True)


@given(partial)
def test_what_can_matter_and_what_can_not_are_the_unanswered_questions(answers):
    fit = rank(Answers(answers))
    titles = [one.title for one in fit.ask] + list(fit.settled)
    assert sorted(titles) == sorted(question.title for question in QUESTIONS if question.id not in answers)


def test_shared_places_are_said():
    fit = rank(Answers(expansion=True))
    assert (fit.state, fit.first) == ("shared", ("channel", "reseller"))
    assert fit.headline.startswith("Channels and resellers share first place")
    assert by_id(fit)["channel"].place == "places 1 to 2, shared with resellers"
    assert by_id(fit)["referral"].place == "places 3 to 5, shared with ecosystem and affiliates"


def test_what_one_of_two_sources_rules_out_is_said_to_be():
    fit = rank(Answers(acv=12_000, packaging=True, expansion=True))
    reseller = by_id(fit)["reseller"]
    assert reseller.ruled_out
    assert reseller.ruling == "by one of two sources"
    assert [one.rule.source for one in reseller.rules_out] == ["mbfinotti/partnerships-skills"]
    assert reseller.points > max(one.points for one in fit.ranking if not one.ruled_out)
    assert "But for the rules that rule out: resellers first." in fit.hangs_on
    assert "Ruled out: resellers by one of two sources" in fit.headline
    assert by_id(rank(Answers(acv=9_000)))["reseller"].ruling == "by both sources that have such a rule"


def test_first_place_that_hangs_on_weights_says_so():
    heavy = rule({"trusted": {"is": True}}, ("affiliate",), grade="A")
    light = rule({"trusted": {"is": True}}, ("referral",), grade="B")
    fit = rank(Answers(trusted=True), content=ruled_by(heavy, light))
    assert fit.first == ("affiliate",)
    assert fit.hangs_on == ("With every rule at the same weight: referrals and affiliates share first place.",)
    equal = rank(Answers(trusted=True), equal=True, content=ruled_by(heavy, light, light))
    assert equal.first == ("referral",)


def test_first_place_that_hangs_on_opinions_says_so():
    measured, opinion = rule({"trusted": {"is": True}}, ("affiliate",), grade="B"), {"trusted": {"is": True}}
    opinions = [rule(opinion, ("referral",)) for _ in range(3)]
    fit = rank(Answers(trusted=True), content=ruled_by(measured, *opinions))
    assert fit.first == ("referral",)
    assert "Without rules of grade C, which are opinions: affiliates first." in fit.hangs_on
    only = rank(Answers(trusted=True), content=ruled_by(*opinions))
    assert only.hangs_on == ("Without rules of grade C, which are opinions: nothing leads.",)


def test_a_headline_for_every_state():
    trusted = {"trusted": {"is": True}}
    out = ruled_by(rule(trusted, tuple(MOTION.names), "rules out", None))
    assert rank(Answers(trusted=True), content=out).headline == (
        "Everything is ruled out by at least one source. Ruled out: ecosystem, channels, referrals, affiliates and "
        "resellers by the one source that has such a rule."
    )
    against = ruled_by(rule(trusted, ("referral",), effect="against"), rule({"converts": {"is": True}}, ("referral",)))
    fit = rank(Answers(trusted=True), content=against)
    assert (fit.state, fit.first) == ("no lead", ())
    assert fit.headline == "Nothing leads: on balance, no rule that is settled speaks for anything."
    sure = ruled_by(rule(trusted, ("referral",)))
    assert rank(Answers(trusted=True), content=sure).headline == (
        "Referrals first. No unanswered question can change this."
    )
    either = ruled_by(rule(trusted, ("referral",)), rule({"converts": {"is": True}}, ("affiliate",), grade="B"))
    assert rank(Answers(trusted=True), content=either).headline == (
        "Referrals first so far; affiliates if self-serve converts. 1 unanswered question can still change this."
    )
    joined = ruled_by(rule(trusted, ("referral",)), rule({"converts": {"is": True}}, ("affiliate",)))
    assert rank(Answers(trusted=True), content=joined).headline == (
        "Referrals first so far; shared with affiliates if self-serve converts. 1 unanswered question can still change "
        "this."
    )


@TOPIC
@given(answers=partial)
def test_headlines_are_right_and_plain_in_every_state(topic, answers):
    fit = rank(Answers(answers), topic)
    assert fit.headline.endswith((".", "?"))
    assert "!" not in fit.headline
    if len(fit.first) == 1 and topic is not LAYER:
        assert fit.headline.startswith(f"{topic.names[fit.first[0]]} first")
    assert (fit.state == "no lead") == fit.headline.startswith("Nothing leads")
    assert ("Ruled out:" in fit.headline) == any(one.ruled_out for one in fit.ranking) or not fit.first
    for one in fit.flips:
        assert one.sentence.endswith("(answered otherwise)." if one.known else "(unknown).")


def test_gates_are_met_or_not_and_what_is_not_asked_says_so():
    fit = rank(Answers(revenue=300_000))
    said = {one.rule.id: one.said for one in fit.context}
    assert said["affiliate_mrr"] == "met"
    assert said["channel_arr"] == "not met"
    assert said["direct_first"] == "unknown"
    assert said["any_mrr"] == said["efficiency"] == "not asked"
    assert said["share_small"] == "does not apply"
    assert fit.state == "unanswered"  # revenue is in no rule that ranks


def test_every_answer_of_a_rule_is_worded():
    when = parse({"all": [{"acv": {"at least": 5000}}, {"not": {"sold": {"is": ["field", "inside"]}}}]})
    assert clause(when, CONTENT.question_by_id) == (
        "the contract value is $5,000 or more and it is not so that "
        "field sales sell it or inside sales or a mix sell it"
    )
    for one in CONTENT.rules:
        assert one.when is None or len(clause(one.when, CONTENT.question_by_id)) > 10


@given(partial)
def test_the_two_ways_to_sell_are_ranked_by_measured_cuts_and_partners_never_replace_them(answers):
    fit = rank(Answers(answers), GROWTH)
    assert {one.id for one in fit.ranking} == {"product_led", "sales_led"}
    assume("acv" in answers)
    assert any(one.rule.grade == "B" for cand in fit.ranking for one in cand.speaks_for)
