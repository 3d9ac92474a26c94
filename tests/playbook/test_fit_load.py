"""Questions and published rules: whole, sourced, and a mistake in them names file, key and repair."""

import re
import shutil
from itertools import pairwise

import pytest
import yaml

from motions.errors import ContentError
from motions.playbook import load_fit
from motions.playbook.fit_models import MOST_QUESTIONS, TOPICS, Basis
from motions.playbook.load import CONTENT

FIT = load_fit()


@pytest.fixture
def broken(tmp_path):
    """A copy of the content, and a function that changes one file of it and loads."""
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder)

    def load_with(name, change):
        path = folder / name
        content = yaml.safe_load(path.read_text("utf-8"))
        change(content)
        path.write_text(yaml.safe_dump(content), "utf-8")
        return load_fit(folder)

    return load_with


def test_at_most_twelve_questions_each_with_a_help():
    assert len(FIT.questions) <= MOST_QUESTIONS == 12
    assert all(len(one.help) > 20 and not one.title.endswith("?") for one in FIT.questions)


def test_all_published_rules_are_there_each_with_source_grade_and_role():
    assert {rule.number for rule in FIT.rules} - {None} == set(range(1, 29))
    for rule in FIT.rules:
        assert rule.source in rule.cited
        assert f"grade {rule.grade}" in rule.cited
        assert ("our reading" in rule.cited) == (rule.basis is Basis.READING)
        assert len(rule.reason) > 15
    assert {rule.role for rule in FIT.rules} == {"ranks", "rules out", "gate", "threshold", "plan"}


def test_only_what_the_collection_grades_above_opinion_weighs_more():
    """The survey of what companies were seen to do is B, the study of partner types is A and ranks nothing."""
    above = {(rule.number, rule.grade) for rule in FIT.rules if rule.grade != "C"}
    assert above == {(4, "B"), (26, "A")}
    weights = {rule.id: FIT.weights.of(rule) for rule in FIT.rules if rule.scored}
    assert weights["kbcm_1_for"] == weights["referral_first"] == 2
    assert weights["referral_price"] == weights["pilots"] == 1


def test_every_motion_and_every_other_candidate_has_rules_of_its_own():
    for topic in TOPICS.values():
        assert {name for rule in FIT.scored(topic) for name in rule.motions} == set(topic.names)


def test_the_playbook_speaks_for_each_motion_of_its_own_roadmap():
    stated = {name for rule in FIT.rules if rule.source == "The playbook" and rule.basis == "stated" and rule.scored
              for name in rule.motions}  # fmt: skip
    assert stated == set(TOPICS["motion"].names)


def test_texts_are_plain():
    said = [text for name in ("fit.yaml", "thresholds.yaml", "examples.yaml")
            for text in re.findall(r"[^{}\n]+", (CONTENT / name).read_text("utf-8"))]  # fmt: skip
    assert not [text for text in said if "!" in text or re.search(r"\d%", text)]


def test_bands_of_a_source_follow_one_another():
    for one in FIT.cuts:
        for left, right in pairwise(one.bands):
            assert left.high == right.low


def rules(content):
    return {one["id"]: one for one in content["rules"]}


@pytest.mark.parametrize(
    ("name", "change", "key", "says"),
    [
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(when={"avc": {"below": 5}}),
         "rules.5.when (ecosystem_price)", "Did you mean 'acv'"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(when={"sold": {"is": "feild"}}),
         "rules.5.when (ecosystem_price)", "Did you mean 'field'"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(when={"converts": {"is": "maybe"}}),
         "rules.5.when (ecosystem_price)", "'converts' has no answer 'maybe'"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(when={"sold": {"below": 5}}),
         "rules.5.when (ecosystem_price)", "Use 'is'"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(when={"acv": {"is": "field"}}),
         "rules.5.when (ecosystem_price)", "Use 'at least' or 'below'"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(when={"acv": {"below": "low"}}),
         "rules.5.when", "needs a number"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(id="order"), "rules.4.id", "two are called 'order'"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].pop("source"), "rules.5.source", "is missing"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(grade="D"), "rules.5.grade", "'A', 'B' or 'C'"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(weight=3), "rules.5.weight", "not a known key"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(motions=["ecosytem"]), "rules.5.motions.0",
         "ecosystem"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(motions=["now"]), "rules.5",
         "now is not ranked under the topic motion"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].pop("effect"), "rules.5", "has an effect"),
        ("fit.yaml", lambda c: rules(c)["order"].update(effect="for"), "rules.4", "no other rule has one"),
        ("fit.yaml", lambda c: rules(c)["ecosystem_price"].update(motions=[]), "rules.5", "names its motions"),
        ("fit.yaml", lambda c: c.update(rules={}), "rules", "is no list"),
        ("fit.yaml", lambda c: c["weights"].pop("B"), "weights.B", "is missing"),
        ("fit.yaml", lambda c: c["questions"].append(c["questions"][0]), "questions.0.id", "two are called 'acv'"),
        ("fit.yaml", lambda c: c["questions"].append(c["questions"][0] | {"id": "other"}), "questions", "more than 12"),
        ("fit.yaml", lambda c: c["questions"][1].pop("options"), "questions.1", "of kind choice has options"),
        ("thresholds.yaml", lambda c: c["sources"][0]["bands"][1].update(to=1), "sources.0.bands.1",
         "from is not below to"),
        ("thresholds.yaml", lambda c: c["sources"][0]["bands"][1].pop("from"), "sources.0.bands.1.from", "is missing"),
        ("thresholds.yaml", lambda c: c["sources"][6]["bands"][0].update(given={"sells": {"is": "x"}}),
         "sources.6.bands.0.given (elinkages_affiliate)", "no question 'sells'"),
        ("thresholds.yaml", lambda c: c["sources"][1].update(id="kbcm"), "rules.", "two are called 'kbcm_1_for'"),
        ("examples.yaml", lambda c: c["examples"][0]["answers"][0].update(question="solld"),
         "examples.0.answers.0 (ecosystem)", "Did you mean 'sold'"),
    ],
)  # fmt: skip
def test_a_mistake_names_file_key_and_repair(broken, name, change, key, says):
    with pytest.raises(ContentError) as caught:
        broken(name, change)
    assert caught.value.key.startswith(key)
    assert says in str(caught.value)
    if key != "rules.":
        assert caught.value.file == name
