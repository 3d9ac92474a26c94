"""A playbook of one's own: what is joined, what differs, how it ranks, and what is said of a mistake."""

import gc
import re
import weakref
from dataclasses import asdict
from pathlib import Path
from typing import get_args

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from motions.charts import playbook as charts
from motions.charts.style import LOOKS, look
from motions.chosen import named, of_deal, to_scenario, worth_comparing
from motions.economics.inputs.scenario import default_scenario
from motions.economics.model.deal import preset_deal
from motions.errors import ContentError, ScenarioError
from motions.names import NAMES, OWN, PUBLISHED, TABLE, filled
from motions.playbook import Answers, examples, growth, load_fit, load_playbook, rank
from motions.playbook.completions import MOST
from motions.playbook.conditions import truth
from motions.playbook.fit_models import GROWTH, LAYER, MOTION, TOPICS
from motions.playbook.models import Attributes
from motions.playbook.own import (
    MOST_BYTES,
    MOST_FACTS,
    MOST_QUESTIONS,
    MOST_RULES,
    original,
    own_playbook,
    rule_table,
    template,
)
from motions.playbook.tables import READING, STATED, YOURS, differences, matrix, sources
from tests.conftest import examples as at_most

PAGE = (Path(__file__).parents[2] / "docs" / "playbook.md").read_text("utf-8")
PARTS = yaml.safe_load(template())
FIVE, SIXTH = PARTS["motions"]["channel"], PARTS["motions"]["marketplace"]
QUESTION = '{id: q_one, kind: yes_no, title: Is it so, help: Whether it is., "yes": it is so, "no": it is not so}'


def own(text):
    return own_playbook("own.yaml", text.encode() if isinstance(text, str) else yaml.safe_dump(text).encode())


def rule(when, motions=("referral",), **more):
    said = {"id": "own_rule", "motions": list(motions), "role": "ranks", "effect": "for", "reason": "Because."}
    return said | {"when": when} | more


def refused(text):
    with pytest.raises(ContentError) as problem:
        own(text)
    said = str(problem.value)
    assert len(said) < 1000
    return said


ALL = own(template())

whole = st.fixed_dictionaries({
    one.id: st.sampled_from([900.0, 7000.0, 30_000.0, 2e6] if one.kind == "amount" else one.values)
    for one in ALL.fit.questions
})  # fmt: skip
known = st.fixed_dictionaries({}, optional={
    one.id: st.sampled_from([900.0, 30_000.0] if one.kind == "amount" else one.values) for one in load_fit().questions
})  # fmt: skip


# What is joined


@settings(max_examples=at_most(20))
@given(answers=known, topic=st.sampled_from(list(TOPICS.values())), equal=st.booleans())
def test_a_file_that_changes_nothing_ranks_as_the_original(answers, topic, equal):
    empty = own("name: Acme\nmotions:\nrules: []\n")
    assert rank(Answers(answers, empty.fit), topic, equal, empty.fit) == rank(Answers(answers), topic, equal)
    assert empty.changes == () == tuple(empty.yours)
    assert empty.playbook.motions == load_playbook().motions
    assert (empty.line, original().line) == ("With your playbook: Acme", "")


def test_the_same_words_as_in_the_original_are_no_change():
    channel = load_playbook().motion("channel")
    same = {"definition": channel.definition, "attributes": {"touch": channel.attributes.touch.model_dump(mode="json")}}
    ecosystem_price = next(one for one in load_fit().rules if one.id == "ecosystem_price")
    text = {
        "motions": {"channel": same}, "rules": [{"id": "ecosystem_price", "reason": ecosystem_price.reason}],
        "weights": {"A": load_fit().weights.A},
    }  # fmt: skip
    assert own(text).changes == ()


def test_of_a_motion_only_what_is_written_differs_and_the_original_is_kept_beside_it():
    changed = own({"sources": PARTS["sources"], "motions": {"channel": FIVE}})
    was, now = load_playbook().motion("channel"), changed.playbook.motion("channel")
    assert changed.yours == {"channel": ("best_for.price_points", "figures", "attributes.touch")}
    assert [(one.part, one.original) for one in changed.changes] == [
        ("Channels: best for: price points", was.best_for.price_points),
        ("Channels: figures", "Partner margin 30.0 % to 50.0 % of the price"),
        ("Channels: touch", f"Medium (reading): {was.attributes.touch.note}"),
    ]
    assert (now.best_for.price_points, now.best_for.example) == ("From 20,000 a year", was.best_for.example)
    assert now.model_dump(exclude={"best_for", "figures", "attributes"}) == was.model_dump(
        exclude={"best_for", "figures", "attributes"}
    )
    others = [one for one in changed.playbook.motions if one.id != "channel"]
    assert others == [one for one in load_playbook().motions if one.id != "channel"]
    assert original().playbook is load_playbook()
    assert changed.cited(now).endswith("in our words. Yours: best for: price points, figures and touch.")
    assert changed.cited(others[0]).endswith("in our words.")


def test_a_changed_value_is_marked_and_so_is_all_of_a_sixth_motion():
    found = matrix(ALL.playbook.motions, yours=ALL.yours)
    plain = matrix(load_playbook().motions)
    assert (found != plain.reindex_like(found)).sum().to_dict() == {
        name: {"Channels": 1, "Marketplaces": 12}.get(name, 0) for name in found
    }
    assert found.loc["Touch", "Channels"] == f"{YOURS} High"
    assert found["Marketplaces"].str.startswith(YOURS).all()


def test_each_value_says_whose_it_is_and_why():
    found, values = sources(ALL.playbook.motions, ALL), matrix(ALL.playbook.motions, yours=ALL.yours)
    assert (list(found), list(found.index)) == (list(values), list(values.index))
    whose = {YOURS: "Yours, ", STATED: "Stated in the playbook: ", READING: "Our reading of it: "}
    for motion in values:
        for said, why in zip(values[motion], found[motion], strict=True):
            assert why.startswith(whose[said[0]]), (motion, said)


def test_a_sixth_motion_stands_beside_the_five_and_what_knows_it_not_is_said():
    assert tuple(ALL.names) == (*PUBLISHED, "marketplace")
    assert ALL.names["ecosystem"] == NAMES["ecosystem"]
    table = differences(ALL.changes).set_index("What")
    assert table.loc["Marketplaces in Simulate", "In yours"] == "A program that starts as affiliates, which it is like."
    said = "Accounts, partners and spend whose motion is 'marketplace' or 'Marketplaces'."
    assert table.loc["Marketplaces in files", "In yours"] == said
    assert table.loc["Rule pilots", "In yours"] == "Left out"
    assert table.loc["Rule store_budgets", "In the original"] == "–"
    fit = rank(Answers({"commitments": True}, ALL.fit), content=ALL.fit)
    assert {one.id for one in fit.ranking} == {*PUBLISHED, "marketplace"}
    assert fit.first == ("marketplace",)
    assert fit.headline.startswith("Marketplaces first")


def test_it_is_drawn_as_no_other_motion_is():
    mine = look("marketplace")
    assert mine == LOOKS[OWN]
    for motion in TABLE:
        if motion.id != OWN:
            assert mine.colour != motion.colour
            assert mine.dash != motion.dash
            assert mine.marker != motion.marker
    chart = charts.places(rank(Answers({"commitments": True}, ALL.fit), content=ALL.fit))
    mark = next(one for one in chart.figure.data if one.mode == "markers" and one.y[0] == "Marketplaces")
    assert (mark.marker.color, mark.marker.symbol) == (mine.colour, mine.marker)


def test_it_goes_into_the_simulator_by_a_program_of_its_own_that_starts_as_the_one_it_is_like():
    fit = rank(Answers({"commitments": True}, ALL.fit), content=ALL.fit)
    assert worth_comparing(fit)[0] == OWN
    assert len(worth_comparing(fit)) == 2
    with filled(ALL.slot):
        assert named(fit).startswith("marketplaces and ")
        taken = to_scenario(default_scenario(), fit, Answers({}, ALL.fit))
        assert taken.shown == worth_comparing(fit)
        like, mine = taken.affiliate, taken.own
        assert mine.model_dump(exclude={"payout"}) == like.model_dump(exclude={"payout"})
        assert (mine.payout.percent.rate, mine.payout.percent.months) == (0.05, like.payout.percent.months)
        assert of_deal(taken, [ALL.program("marketplace"), "channel"], 900, 0.7, 24).shown == ("channel", OWN)
    assert worth_comparing(rank(Answers(satisfied=True, market_fit=True)))[0] in PUBLISHED


@pytest.mark.parametrize("share", [0.0, 0.3, 1.0])
@pytest.mark.parametrize("like", PUBLISHED)
def test_the_deal_of_a_sixth_motion_pays_its_own_share_of_the_price(like, share):
    mine = own({"sources": PARTS["sources"], "motions": {"mine": SIXTH | {"like": like, "deal_share": share}}})
    deal = preset_deal(**asdict(mine.deal("mine")), list_price=500, gross_margin=0.8, term=12)
    if like != "reseller":  # there the partner buys months in advance, and keeps what a customer leaves of them
        assert deal.partner_keeps == pytest.approx(deal.spend * share)
    assert deal.spend == pytest.approx(deal.partner_keeps + deal.cost_of_revenue + deal.contribution)
    assert f"Marketplaces at {share * 100:.1f} % of the price" in mine.deals_said


def test_without_a_share_of_its_own_the_deal_takes_the_middle_of_its_figure_or_the_preset():
    def terms(**more):
        mine = {key: value for key, value in SIXTH.items() if key != "deal_share"} | more
        return asdict(own({"sources": PARTS["sources"], "motions": {"mine": mine}}).deal("mine"))

    assert terms() == {"motion": "affiliate", "share": pytest.approx(0.09), "reward": None}
    assert terms(figures=[]) == {"motion": "affiliate", "share": None, "reward": None}
    assert asdict(original().deal("reseller")) == {"motion": "reseller", "share": None, "reward": None}
    assert ALL.deal("channel").share == pytest.approx(0.25)
    assert ALL.deal("reseller").share is None
    reward = {"name": "Credit", "low": 200, "high": 400, "unit": "USD a year", "payout": "reward", "note": "Ours.",
              "source": "playbook", "year": 2026}  # fmt: skip
    for motion in ("referral", "channel"):
        mine = own({"motions": {motion: {"figures": [reward]}}})
        assert asdict(mine.deal(motion)) == {"motion": motion, "share": None, "reward": 300}
        kept = preset_deal(**asdict(mine.deal(motion)), list_price=500, gross_margin=0.8, term=12).partner_keeps
        assert kept == pytest.approx({"referral": 300 * 0.7, "channel": 300}[motion])  # credit is redeemed in part


# How it ranks


def points_by_hand(fit, answers, candidate, equal):
    found = 0
    for one in fit.rules:
        if one.topic == "motion" and one.role == "ranks" and one.when and candidate in one.motions:
            weight = 1 if equal else fit.weights.of(one)
            found += weight * (truth(one.when, answers) or 0) * (1 if one.effect == "for" else -1)
    return found


changes = st.fixed_dictionaries({
    "grade": st.sampled_from("ABC"), "effect": st.sampled_from(["for", "against"]),
    "motions": st.lists(st.sampled_from([*PUBLISHED, "marketplace"]), min_size=1, max_size=3, unique=True),
})  # fmt: skip


@settings(max_examples=at_most(40))
@given(answers=whole, change=changes, weight=st.integers(1, 9), equal=st.booleans())
def test_changed_rules_and_weights_rank_as_adding_up_by_hand_does(answers, change, weight, equal):
    text = PARTS | {"weights": {"B": weight}, "rules": [
        {"id": "ecosystem_complex", "source": "Us", **change}, rule({"commitments": {"is": False}}, **change),
        {"id": "kbcm_1_for", "leave_out": True},
    ]}  # fmt: skip
    mine = own(text)
    fit = rank(Answers(answers, mine.fit), equal=equal, content=mine.fit)
    points = {one.id: one.points for one in fit.ranking}
    assert points == {name: points_by_hand(mine.fit, answers, name, equal) for name in points}
    standing = {one.id for one in fit.ranking if not one.ruled_out}
    most = max((points[name] for name in standing), default=0)
    assert set(fit.first) == {name for name in standing if points[name] == most > 0}


@settings(max_examples=at_most(20))
@given(answers=whole)
def test_an_own_question_left_open_gives_the_places_of_both_of_its_answers(answers):
    places = {name: [] for name in ALL.names}
    for value in (True, False):
        for one in rank(Answers(answers | {"commitments": value}, ALL.fit), content=ALL.fit).ranking:
            places[one.id] += [one.best, one.worst]
    left = rank(Answers(answers | {"commitments": None}, ALL.fit), content=ALL.fit)
    assert {one.id: (one.best, one.worst) for one in left.ranking} == {
        name: (min(found), max(found)) for name, found in places.items()
    }


def test_a_rule_says_whether_it_is_yours_or_changed_by_you():
    fit = rank(Answers({"commitments": True, "converts": True, "acv": 900}, ALL.fit), content=ALL.fit)
    cited = {one.rule.id: one.cited for each in fit.ranking for _, rules in each.rules for one in rules}
    assert "grade B, yours; weight 2" in cited["store_budgets"]
    assert "changed by you" in cited["affiliate_proven"]
    assert "pilots" not in cited
    assert sum("you" in said for said in cited.values()) == 2


def test_rules_of_the_other_rankings_can_be_changed_too():
    mine = own({"rules": [rule({"people": {"is": "nobody"}}, ("later",), topic="layer", grade="A")]})
    assert growth(Answers({"people": "nobody"}, mine.fit), content=mine.fit).layer.first == ("later",)
    assert growth(Answers(people="nobody")).layer.first == ()
    without = own({"rules": [{"id": "partner_led_name", "leave_out": True}]})
    assert growth(Answers({}, without.fit), content=without.fit).name == ""
    assert [one.motion for one in examples(content=ALL.fit)] == [one.motion for one in examples()]


def test_an_answer_to_an_own_question_means_nothing_to_the_original():
    with pytest.raises(ScenarioError, match="no question 'commitments'"):
        rank(Answers({"commitments": True}, ALL.fit))


def test_what_a_session_ranked_goes_with_its_playbook():
    mine = own(template())
    rank(Answers({"commitments": True}, mine.fit), content=mine.fit)
    gone = weakref.ref(mine.fit)
    del mine
    gc.collect()
    assert gone() is None
    assert len(load_fit().ranked) <= 256


# Files to begin with


def test_the_template_shows_every_part_and_every_word_that_may_stand_there():
    assert set(PARTS) == {"name", "sources", "motions", "questions", "rules", "weights"}
    assert set(SIXTH["attributes"]) == set(Attributes.model_fields)
    for field in Attributes.model_fields.values():
        for word in get_args(field.annotation.model_fields["value"].annotation):
            assert word in template()
    assert all(motion in template() for motion in PUBLISHED)
    assert f"{MOST_BYTES // 1000} kB" in template()


@pytest.mark.parametrize("kept", [(one,) for one in PARTS if one not in ("motions", "rules")] + [
    ("sources", "motions"), ("sources", "motions", "questions", "rules")])  # fmt: skip
def test_each_part_stands_alone(kept):
    mine = own({name: PARTS[name] for name in kept})
    assert bool(mine.changes) == bool({"motions", "questions", "rules"} & set(kept))


def test_the_example_of_the_documentation_is_read_and_does_what_is_said_of_it():
    (text,) = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    mine = own(text)
    assert mine.line == "With your playbook: Acme's playbook"
    assert mine.deal("channel").share == pytest.approx(0.25)  # the middle of 20 to 30 %; the original has 40 %
    assert (mine.sixth.id, mine.sixth.like, mine.deal("marketplace").share) == ("marketplace", "affiliate", 0.05)
    assert mine.questions == ("commitments",)
    assert rank(Answers({"commitments": True}, mine.fit), content=mine.fit).first == ("marketplace",)
    assert {one.id for one in load_fit().rules} - {one.id for one in mine.fit.rules} == {"pilots"}


def test_the_list_of_rules_has_every_id_that_a_file_may_name():
    header, *rows = rule_table()
    assert [row[0] for row in rows] == [one.id for one in load_fit().rules]
    assert {len(row) for row in rows} == {len(header)}


# Mistakes


def block(**changes):
    """A whole sixth motion as YAML, with some keys changed; None leaves one out."""
    mine = {key: value for key, value in (SIXTH | changes).items() if value is not None or key == "also_good_for"}
    return {"sources": PARTS["sources"], "motions": {"mine": mine}}


@pytest.mark.parametrize(
    ("text", "where", "says"),
    [
        ("nmae: Acme", "line 1, nmae:", "Did you mean 'name'"),
        ("name: Acme\nmotions:\n  channel: {definition: Ours}\n  channel: {definition: Other}", "line 4, channel:",
         "a second time"),
        ("name: A", "line 1, name:", "two letters"),
        (f"name: {'A' * 41}", "line 1, name:", "shorten it to 40"),
        ('name: "A\\u202eb"', "line 1, name:", "can't be seen"),
        ("\nmotions: [1]", "line 2, motions:", "dictionary"),
        ("motions: {channel: 3}", "line 1, motions.channel:", "dictionary"),
        ("motions:\n  chanel:\n    definition: Ours", "line 2, motions.chanel:", "Did you mean 'channel'"),
        ("motions:\n  channel:\n    definiton: Ours", "line 3, motions.channel.definiton:",
         "Did you mean 'definition'"),
        ("motions:\n  channel:\n    name: Ours", "line 3, motions.channel.name:", "can't be changed"),
        ("motions:\n  channel:\n    like: referral", "line 3, motions.channel.like:", "not a known key"),
        ("motions:\n  channel:\n    best_for:\n      prices: x", "line 4, motions.channel.best_for.prices:",
         "Did you mean 'price_points'"),
        ("motions:\n  channel:\n    attributes:\n      touhc: {value: Low}",
         "line 4, motions.channel.attributes.touhc:", "Did you mean 'touch'"),
        ("motions:\n  channel:\n    attributes:\n      touch: {value: Lwo, basis: stated, note: Ours}",
         "line 4, motions.channel.attributes.touch.value:", "Did you mean 'Low'"),
        ("motions:\n  channel:\n    attributes:\n      touch:\n        value: Low\n        basis: sated\n        note: "
         "Ours", "line 6, motions.channel.attributes.touch.basis:", "Did you mean 'stated'"),
        ("motions:\n  channel:\n    attributes:\n      touch: {value: Low, basis: stated}",
         "line 4, motions.channel.attributes.touch.note:", "is missing"),
        ("motions:\n  channel:\n    source: nobody", "line 3, motions.channel.source:", "no source 'nobody'"),
        ("motions:\n  channel:\n    figures:\n      - {name: Fee, low: 0.4, high: 0.2, unit: share of price, "
         "payout: commission, note: Ours, source: playbook, year: 2026}", "line 4, motions.channel.figures.0:",
         "swap them"),
        ("motions:\n  channel:\n    figures:\n      - name: Fee\n        low: .nan\n        high: .inf\n"
         "        unit: USD a year\n        payout: commission\n        note: No\n        source: playbook\n"
         "        year: 2026", "line 5, motions.channel.figures.0.low:", "0"),
        ("motions:\n  channel:\n    figures:\n      - {name: Fee, low: 0.1, high: 0.2, unit: share of price, "
         "payout: commission, note: Ours, source: playbok, year: 2026}", "line 4, motions.channel.figures.0.source:",
         "Did you mean 'playbook'"),
        ("motions:\n  organic:\n    like: referral", "line 2, motions.organic:", "something else"),
        ("motions:\n  Mine Own:\n    like: referral", "line 2, motions.Mine Own:", "no id"),
        ("motions:\n  mine:\n    like: referal", "motions.mine", "is missing"),
        (block(like="referal"), "motions.mine.like:", "Did you mean 'referral'"),
        (block(name="channels"), "motions.mine.name:", "another motion has"),
        (block(name="All partners"), "motions.mine.name:", "another part of the app"),
        (block(name="Accounts"), "motions.mine.name:", "another part of the app"),
        ("motions:\n  own:\n    like: referral", "line 2, motions.own:", "an id of its own, such as marketplace"),
        ("rules:\n  - id: pilots\n    motions: [own]", "line 3, rules.0.motions.0:", "Use one of ecosystem"),
        (block(like="own"), "motions.mine.like:", "'channel'"),
        (block(name="Ecosystem Partnerships"), "motions.mine.name:", "another motion has"),
        (block(name="A very long name of a motion"), "motions.mine.name:", "shorten it to 24"),
        (block(deal_share=1.5), "motions.mine.deal_share:", "less than or equal to 1"),
        (block(id="mine"), "motions.mine.id:", "set already"),
        (block(definition=None), "motions.mine.definition:", "is missing"),
        ({"sources": PARTS["sources"], "motions": {"mine": SIXTH, "second": SIXTH}}, "motions.second:",
         "second motion"),
        ("sources:\n  - {id: playbook, title: Ours, author: Us, year: 2026}", "line 2, sources.0.id:",
         "two are called"),
        (f"questions:\n  - {QUESTION}\n  - {QUESTION}", "line 2, questions.0.id:", "two questions"),
        ("questions:\n  - {id: acv, kind: amount, title: Pay, help: What is paid., clause: pay}",
         "line 2, questions.0.id:", "two questions"),
        ("questions:\n  - id: q_two\n    kind: yesno\n    title: Is it so\n    help: Whether.",
         "line 3, questions.0.kind:", "Did you mean 'yes_no'"),
        ("rules:\n  - id: pilot\n    grade: A", "line 2, rules.0.id:", "Did you mean 'pilots'"),
        ("rules:\n  - id: pilot\n    leave_out: yes", "line 2, rules.0.id:", "Did you mean 'pilots'"),
        ("rules:\n  - id: pilots\n    leave_out: no", "line 3, rules.0.leave_out:", "True"),
        ("rules:\n  - id: pilots\n    leave_out: yes\n    grade: A", "line 4, rules.0.grade:", "not a known key"),
        ("rules:\n  - id: pilots\n    grade: A\n  - id: pilots\n    grade: B", "line 4, rules.1.id:", "two entries"),
        ("rules:\n  - id: pilots\n    grade: D", "line 3, rules.0.grade:", "'A', 'B' or 'C'"),
        ("rules:\n  - id: pilots\n    motions: [referal]", "line 3, rules.0.motions.0:", "Did you mean 'referral'"),
        ("rules:\n  - id: pilots\n    when:\n      avc: {below: 5}", "line 3, rules.0.when:", "Did you mean 'acv'"),
        ("rules:\n  - id: pilots\n    when: {sold: {is: feild}}", "line 3, rules.0.when:", "Did you mean 'field'"),
        ("rules:\n  - id: pilots\n    when: {acv: {bellow: 5}}", "line 3, rules.0.when:", "Did you mean 'below'"),
        ("rules:\n  - id: pilots\n    effect: null", "line 2, rules.0:", "has an effect"),
        ("rules:\n  - {id: mine_one, role: ranks, effect: for, motions: [referral], when: {acv: {below: 5}}}",
         "line 2, rules.0.reason:", "is missing"),
        ("rules: {id: pilots}", "line 1, rules:", "tuple"),
        ("weights:\n  A: 30", "line 2, weights.A:", "less than or equal to 9"),
        ("weights:\n  note: Ours", "line 2, weights.note:", "not a known key"),
        ({"rules": [{"id": one.id, "leave_out": True} for one in load_fit().scored(LAYER)]}, "rules:",
         "leave none that ranks under the topic layer"),
        ({"questions": [yaml.safe_load(QUESTION) | {"id": f"q_{at}"} for at in "abcde"]}, "questions:",
         f"more than {MOST_QUESTIONS}"),
        ({"rules": [rule({"acv": {"below": 5}}, id=f"r{at}") for at in range(MOST_RULES + 1)]}, "rules:",
         f"more than {MOST_RULES}"),
        ({"rules": [rule({"any": [{"acv": {"below": 5}}] * (MOST_FACTS + 1)})]}, "rules:", f"more than {MOST_FACTS}"),
        ("", "the file:", "not a mapping"),
        ("a: [", "line 1", "not valid YAML"),
        ("name: Acme\n" + "#" * MOST_BYTES, "the file:", f"larger than {MOST_BYTES:,}"),
        ("? " + "x" * 60_000 + "\n: 1", "line 1", "not a known key"),
        ("motions:\n  ? " + "x" * 50_000 + "\n  : {like: referral}", "line ", "no id"),
        ("rules:\n  - {id: pilots, when: {? " + "x" * 60_000 + " : {}}}", "line 2, rules.0.when:", "needs one of"),
    ],
)  # fmt: skip
def test_a_mistake_is_named_by_file_line_and_key(text, where, says):
    said = refused(text)
    assert said.startswith("own.yaml, ")
    assert where in said
    assert says in said


def keys(node):
    """Where each key of a YAML text begins: line and column, from 0."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    for key, _ in pairs:
        if key.value not in ("marketplace", "yes", "no"):  # another id is no mistake; two words are in quotes
            yield key.start_mark.line, key.start_mark.column
    for inner in [value for _, value in pairs] or (node.value if isinstance(node, yaml.SequenceNode) else ()):
        yield from keys(inner)


KEYS = sorted(keys(yaml.compose(template())))


@pytest.mark.parametrize("at", range(0, len(KEYS), 6))
def test_whatever_key_is_misspelt_its_own_line_is_named(at):
    line, column = KEYS[at]
    lines = template().splitlines(keepends=True)
    lines[line] = f"{lines[line][:column]}zz{lines[line][column:]}"
    assert f"own.yaml, line {line + 1}," in refused("".join(lines))


def test_what_an_alias_stands_for_is_changed_in_both_places():
    mine = own(
        "motions:\n  channel: &same {attributes: {touch: {value: Low, basis: stated, note: Ours}}}\n  reseller: *same"
    )
    assert mine.yours == {"channel": ("attributes.touch",), "reseller": ("attributes.touch",)}
    merged = own(
        "motions:\n  channel: &same\n    definition: Ours and theirs\n    also_good_for: Others\n"
        "  reseller:\n    <<: *same\n    definition: Ours alone\n"
    )
    assert merged.playbook.motion("reseller").definition == "Ours alone"
    assert merged.yours["reseller"] == ("definition", "also_good_for")


def test_more_ways_to_answer_than_the_app_goes_through_are_refused():
    options = [{"id": f"o_{'abcdefghij'[at]}", "title": "An option", "clause": "it is so"} for at in range(10)]
    asked = [{"id": f"q_{at}", "kind": "choice", "title": "Which", "help": "One of ten.", "options": options}
             for at in "abcd"]  # fmt: skip
    rules = [rule({one["id"]: {"is": each["id"]}}, id=f"{one['id']}_{each['id']}") for one in asked for each in options]
    assert f"the app goes through {MOST:,} at most" in refused({"questions": asked, "rules": rules})
    few = own({"questions": asked, "rules": rules[:10]})  # of one of them alone
    assert rank(Answers({}, few.fit), content=few.fit).combinations == 10 * rank(Answers()).combinations
    assert few.fit.topics[GROWTH.id] is TOPICS["growth"]
    assert few.fit.topics[MOTION.id].names == MOTION.names
