"""Which partner motion first, whether the time has come, in which order, and which of them where."""

import streamlit as st

from motions.chosen import priced
from motions.playbook import rank
from motions.readiness.assess import assess
from motions.readiness.hands import from_answers
from motions.readiness.offers import answers_offered
from motions.roadmap.gates import gates, unknown
from motions.text import first_sentence
from pages import _ui
from pages._choose import address, fit, plan, readiness, roadmap
from pages._choose.look import Look
from pages._present import entry
from pages._session import loaded, playbook
from pages._simulate import address as simulated

_ui.require_frame()
VIEWS = {"Fit": fit, "Readiness": readiness, "Roadmap": roadmap, "Plan": plan}
NAMED = {name: name for name in VIEWS}

program, scenario, own = loaded.current(), simulated.current(), playbook.current()
answers, hands, equal = address.answers(), address.hands(), address.equal()
playbook.line()
top = st.container(gap=None)
view = st.segmented_control(
    "View", tuple(VIEWS), default="Fit", format_func=_ui.marked(NAMED), key="choose_view", bind="query-params",
    required=True, label_visibility="collapsed",
)  # fmt: skip
said = {**from_answers(answers), **hands}  # what was answered as a question is not asked again
report = assess(program, None, scenario if scenario.touched else None, readiness.thresholds(), said)
offers = answers_offered(report.offers, program.ledger.currency if program else None, scenario)
fitted = rank(answers, equal=equal, content=own.fit)
steps = roadmap.states(answers, report)
look = Look(
    answers, equal, fitted, report, priced(scenario, answers), program, gates(steps), offers, hands, unknown(steps)
)  # fmt: skip
address.keep(answers, hands)
lead, rest = first_sentence(VIEWS[view].answer(look))
with top:
    sample = ":orange-badge[:material/science: Sample] " if loaded.is_sample() else ""
    answered = _ui.text(f"{len(answers)} of {len(own.fit.questions)} questions answered")
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"{sample}:small[:gray[Choose · {answered}]]", width="stretch")
        entry.offer("Choose", view)
    st.title(_ui.text(lead), anchor=False)
    if rest:
        st.markdown(_ui.text(rest))
VIEWS[view].show(look)
playbook.drop()
