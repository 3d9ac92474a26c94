"""A playbook of one's own on the pages, without a browser: shown apart, in its own session only, and as plain text."""

import json

import pytest
import yaml

from motions.playbook import decode, load_playbook, rank
from motions.playbook.answers import Answers
from motions.playbook.own import own_playbook, template
from motions.text import first_sentence
from tests.pages import test_pages
from tests.pages.test_pages import open_page

PARTS = yaml.safe_load(template())
NAME = "<b>$x$</b> [a](//b) =1"
HOSTILE = PARTS | {
    "name": "**Ours** ![i](http://evil.test)",
    "motions": PARTS["motions"] | {"marketplace": PARTS["motions"]["marketplace"] | {"name": NAME}},
    "questions": [PARTS["questions"][0] | {"title": "<i>Budgets</i> $y$ :bomb:"}],
    "rules": [PARTS["rules"][0] | {"reason": "[click](http://evil.test) $z$"}],
}
ANSWER = "choose_answer_commitments"


def texts(app):
    return test_pages.texts(app).replace("\\", "")


def drop(app, content, turn=0):
    content = content if isinstance(content, bytes) else yaml.safe_dump(content, allow_unicode=True).encode()
    app.get_by_key(f"own_file_{turn}").upload("mine.yaml", content).run()
    assert not app.exception, app.exception[0].message
    return app


def go(app, name):
    app.switch_page(f"pages/{name}.py").run()
    assert not app.exception, app.exception[0].message
    return app


def spec(app, at):
    return json.loads(app.get("plotly_chart")[at].proto.spec)


def words(app):
    """All that the page gives to Streamlit as Markdown: texts, labels, helps and cells."""
    found = [app.title[0].value, test_pages.texts(app)]
    for kind in ("button", "expander", "popover", "metric", "button_group", "number_input"):
        for one in app.get(kind):
            found += [getattr(one.proto, "label", ""), getattr(one.proto, "help", "")]
            found += [option.content for option in getattr(one.proto, "options", ())]
    for table in app.table:
        frame = table.value
        found += [str(cell) for cell in [*frame.columns, *frame.index, *frame.to_numpy().ravel()]]
    return "\n".join(found)


def test_compare_shows_six_motions_the_changes_and_the_way_back():
    app = drop(open_page("compare"), template().encode())
    assert "With your playbook: Our playbook" in texts(app)
    differs, found = app.table[0].value, app.table[1].value
    assert any("Channels: touch" in cell.replace("\\", "") for cell in differs["What"])
    assert list(found.columns)[-1] == "Marketplaces"
    assert found["Marketplaces"].str.contains("◆").all()
    drawn = spec(app, 0)
    names = [name.strip() for name in drawn["layout"]["yaxis"]["ticktext"]]
    (partner,) = (trace for trace in drawn["data"] if trace["name"] == "Partner gets")
    deal = {names[at]: x for at, x in zip(partner["y"], partner["x"], strict=True)}
    spend = 500 * (1 - 0.97**24) / 0.03  # the affiliate preset's customers leave at 3 % a month
    assert deal["Marketplaces"] < deal["Affiliates"]
    assert deal["Marketplaces"] < 0.05 * spend
    assert any("3 to 15 %" in note["text"] for note in drawn["layout"]["annotations"])
    app.session_state["table_deal"] = True
    assert "Channels at 25.0 % of the price and Marketplaces at 5.0 % of the price" in texts(app.run())
    assert "Its program starts as affiliates, which it is like" in texts(app)
    app.get_by_key("own_back").click().run()
    assert "With your playbook" not in texts(app)
    assert list(app.table[0].value.columns) == [one.name for one in load_playbook().motions]


def test_choose_ranks_by_it_and_says_which_rules_are_yours():
    app = drop(open_page("choose"), template().encode())
    app.get_by_key(ANSWER).set_value(True).run()
    mine = own_playbook("mine.yaml", template().encode())
    said = rank(Answers({"commitments": True}, mine.fit), content=mine.fit)
    assert said.headline.startswith(app.title[0].value.replace("\\", "").rstrip("."))
    assert "1 of 13 questions answered" in texts(app)
    assert "Our playbook (year not stated), grade B, yours; weight 2" in texts(app)
    assert "changed by you" in texts(app)
    assert app.get_by_key("choose_simulate").label.startswith("Simulate marketplaces and ")
    assert "Marketplaces" in spec(app, 0)["layout"]["yaxis"]["categoryarray"]
    assert first_sentence(said.headline)[0] in texts(go(app, "overview"))
    assert "With your playbook: Our playbook" in texts(app)
    assert "With your playbook" not in texts(go(app, "glossary"))


def test_neither_the_file_nor_answers_to_its_questions_are_in_the_address():
    app = drop(open_page("choose"), template().encode())
    app.get_by_key(ANSWER).set_value(True).run()
    app.get_by_key("choose_answer_converts").set_value(True).run()
    (found,) = [app.query_params["a"]] if isinstance(app.query_params["a"], str) else app.query_params["a"]
    assert decode(found).answers == {"converts": True}
    go(go(app, "compare"), "choose")  # what was answered stays in the session
    assert app.get_by_key(ANSWER).value is True
    assert "2 of 13 questions answered" in texts(app)
    address = str(dict(go(app, "compare").query_params))
    assert not [word for word in ("marketplace", "commitments", "playbook") if word in address]


def test_back_at_the_original_nothing_of_it_is_left():
    app = drop(open_page("choose"), template().encode())
    app.get_by_key(ANSWER).set_value(True).run()
    app.get_by_key("own_remove").click().run()
    assert not app.exception
    assert not app.warning
    assert "0 of 12 questions answered" in texts(app)
    assert "own_playbook" not in app.session_state
    assert ANSWER not in app.session_state
    assert app.session_state["choose_own_answers"] == ""


def test_another_session_sees_the_original():
    mine, other = drop(open_page("compare"), template().encode()), open_page("compare")
    before = other.table[0].value
    assert "With your playbook" in texts(mine)
    assert "With your playbook" not in texts(other)
    assert list(before.columns) == [one.name for one in load_playbook().motions]
    assert not before.map(lambda cell: "◆" in cell).any(axis=None)
    choose = go(other, "choose")
    assert "of 12 questions answered" in texts(choose)
    assert "Marketplaces" not in texts(choose)


@pytest.mark.parametrize("page", ["compare", "choose"])
def test_what_is_wrong_is_said_and_the_one_in_force_stays(page):
    app = drop(open_page(page), template().encode())
    drop(app, b"name: Other\nmotions:\n  chanel:\n    definition: Ours\n", turn=1)
    (said,) = [one.value.replace("\\", "") for one in app.error]
    assert said.startswith("mine.yaml, line 3, motions.chanel: ")
    assert "Did you mean 'channel'" in said
    assert "With your playbook: Our playbook" in texts(app)
    drop(app, b"name: Other", turn=2)
    assert not app.error
    assert "With your playbook: Other" in texts(app)
    assert "the file changes nothing" in texts(app)


@pytest.mark.parametrize("page", ["compare", "choose"])
def test_words_of_the_file_are_shown_as_text(page):
    app = drop(open_page(page), HOSTILE)
    if page == "choose":
        app.get_by_key(ANSWER).set_value(True).run()
    assert not app.exception
    said = words(app)
    assert NAME.split(maxsplit=1)[0] in said.replace("\\", "")
    for raw in ("<b>", "$x$", "[a](", "![i](", "**Ours", "http://", "<i>", "$y$", "[click](", "$z$", " :bomb:"):
        assert raw not in said, raw
    drawn = json.dumps([spec(app, at) for at in range(len(app.get("plotly_chart")))])
    assert "&lt;b&gt;" in drawn
    assert "<b>$x$" not in drawn
    assert not app.error


def test_an_answer_to_a_question_that_means_something_else_now_is_forgotten():
    app = drop(open_page("choose"), template().encode())
    app.get_by_key(ANSWER).set_value(True).run()
    options = [{"id": f"way_{at}", "title": "A way", "clause": "it goes this way"} for at in "ab"]
    drop(app, {"questions": [{"id": "commitments", "kind": "choice", "title": "Which way", "help": "One of two.",
                              "options": options}]}, turn=1)  # fmt: skip
    assert app.get_by_key(ANSWER).value is None
    assert "0 of 13 questions answered" in texts(app)


@pytest.mark.parametrize("page", ["compare", "choose"])
def test_a_template_and_the_rules_can_be_downloaded(page):
    app = open_page(page)
    assert {"Download a template (YAML)", "Download the published rules (CSV)"} <= {
        one.proto.label for one in app.get("download_button")
    }
