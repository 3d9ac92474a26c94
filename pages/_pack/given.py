"""What the pack is made of in this session: the program, the scenario and the answers, as other pages have them."""

from datetime import UTC, datetime

import streamlit as st

from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import health as tables
from motions.fields import inputs
from motions.out.pack import Given
from pages._choose import address, readiness, roadmap
from pages._session import loaded, playbook
from pages._simulate import address as simulated


def current() -> Given:
    """Return what is there; nothing is asked for."""
    program = loaded.current()
    return Given(
        program=program,
        settings_=_settings(program.ledger) if program else None,
        rules=loaded.rules(),
        name=loaded.connection(),
        sample=loaded.is_sample(),
        scenario_=simulated.current(),
        focus_=st.session_state.get("sim_focus") or "",
        kept=simulated.kept(),
        answers=address.answers(),
        equal=address.equal(),
        fit_content=playbook.current().fit,
        hands=address.hands(),
        thresholds=readiness.thresholds(),
        choices=roadmap.kept(),
        today=datetime.now(UTC).date(),
    )


def _settings(ledger: Ledger) -> m.Settings:
    """The settings of program health as they were left there; a month that this program has not is the last one."""
    state = st.session_state
    found = {item.name: state[item.address] for item in inputs(m.Settings) if item.address in state}
    months = tables.months(ledger)
    return m.Settings(**{**found, "as_of": months.get(found.get("as_of", ""), ledger.last_month)})
