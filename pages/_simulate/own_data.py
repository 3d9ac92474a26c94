"""The simulator fed by the program's own data: inputs from it, and other payout terms on its real revenue."""

from collections.abc import Callable
from typing import cast

import streamlit as st

from motions import calibrate as calibration
from motions import replay as replays
from motions.charts import replay as charts
from motions.cohorts.ledger.ledger import Ledger
from motions.cohorts.metrics import metrics as m
from motions.cohorts.program import Program
from motions.economics.inputs.assumptions import PartnerProgram
from motions.economics.inputs.scenario import Scenario
from motions.economics.inputs.terms import PayoutPlan
from motions.errors import MotionsError
from motions.names import NAMES, PARTNER_MOTIONS, offered
from pages import _ui
from pages._session import loaded
from pages._views import Shown

_WINDOW = m.Settings.model_fields["window"]


def offer(scenario: Scenario) -> None:
    """Offer a loaded program's own figures, as long as those of the programs are our defaults."""
    if loaded.current() is None or scenario.programs_touched:
        return
    sample = loaded.is_sample()
    whose = "The sample program" if sample else "Your program"
    label = "Use its figures" if sample else "Use your own figures"
    st.caption(f"{whose} is loaded, but the figures here come from our defaults.", width="content")
    st.button(label, key="own_offer", type="tertiary", icon=":material/arrow_forward:", on_click=open_inputs)


def open_inputs() -> None:
    """Open the view that sets inputs from the data (a button's callback)."""
    st.session_state["sim_view"] = "Your data"


def _open_forecast() -> None:
    st.session_state["sim_view"] = "Forecast"


def calibrate(scenario: Scenario, program: str, on_apply: Callable[[Scenario], None]) -> Shown | None:
    """Show what the program's data says of the inputs, and offer to set them: `on_apply` is given the new scenario."""
    actual = at_hand("Inputs can be set from your own accounts: churn, conversion, prices, partners and cost.")
    if actual is None:
        return None
    left, right = st.columns([1, 3])
    with left:
        settings = _settings(actual.ledger, "view_own_window")
    motions = offered(PARTNER_MOTIONS, {*scenario.shown, *actual.ledger.motions})
    chosen = right.multiselect(
        "Motions to set", motions, [name for name in scenario.shown if name in actual.ledger.motions] or motions,
        _ui.named(NAMES), key=f"view_own_motions_{program}",
        help="The direct baseline and the list price are set in any case.",
    )  # fmt: skip
    found = calibration.calibrate(actual.ledger, scenario, settings, tuple(chosen))
    with st.container(horizontal=True):
        st.button(
            "Set these inputs", key="own_apply", on_click=on_apply, args=(found.scenario,), disabled=not found.set,
            help="Values and ranges from the data replace those of the scenario, which then begins with the customers "
            "and partners that are there; payout terms stay.",
        )  # fmt: skip
        st.button("See the forecast", key="own_forecast_open", on_click=_open_forecast, type="tertiary")
    _ui.static_table(calibration.table(found, scenario).set_index("For"))
    for note in found.notes:
        st.caption(_ui.text(note))
    st.caption(
        "A range is the central 90 %: the ends of the 95 % interval, moved towards the value by 1.645 ÷ 1.960. What "
        "fewer than ten accounts or partners say is not set."
    )
    return Shown(calibration.sentence(found))


def replay(scenario: Scenario, program: str, pinned: Scenario | None = None) -> Shown | None:
    """Show what the scenario's payout terms would have paid the program's own partners, and who has more or less."""
    terms = scenario.program(program)
    if not isinstance(terms, PartnerProgram):
        st.info(_ui.text(f"{NAMES[program]} has no partners. Choose a partner motion under Key levers."))
        return None
    actual = at_hand("The payout terms of this scenario can be applied to your accounts' real revenue.")
    if actual is None:
        return None
    plan = terms.payout
    if said := replays.unavailable(actual):
        st.info(_ui.text(said))
        st.page_link("pages/health.py", label="Upload files")
    elif not plan.kinds:
        st.info(_ui.text(f"{NAMES[program]} has no payout terms in this scenario. Set some under All inputs, Payout."))
    else:
        return _replayed(scenario, program, plan, pinned, actual)
    return None


def _replayed(
    scenario: Scenario, program: str, plan: PayoutPlan, pinned: Scenario | None, actual: Program
) -> Shown | None:
    left, right = st.columns([1, 2])
    with left:
        settings = _settings(actual.ledger, "view_own_replay_window")
    before = cast(PartnerProgram, pinned.program(program)).payout if pinned else None
    sides = (replays.PAID, "The pinned scenario's terms") if before else (replays.PAID,)
    against = right.selectbox("Compare with", sides, key=f"view_own_against_{len(sides)}")
    try:
        found = _found(program, actual, settings, plan, None if against == replays.PAID else before)
    except MotionsError as problem:
        _ui.error(problem)
        return None
    if found is None:
        st.info(
            _ui.text(f"No account of {NAMES[program]} names a partner in your files, and no partner is listed for it.")
        )
        return None
    figures, drawn = st.columns([2, 3], gap="medium")
    with figures:
        _ui.static_table(replays.summary(found))
    with drawn:
        _ui.chart(charts.changes(found), "own_replay")
    table = replays.partners(found)
    _ui.table(
        table, "own_partners", "What each partner would have earned", hide_index=True, height=320,
        column_config={name: st.column_config.NumberColumn(format="%,.2f") for name in replays.amounts(table)},
    )  # fmt: skip
    st.caption(
        "Replayed: from what your customers really paid. The table of programs above is simulated from the inputs."
    )
    for note in replays.notes(found, scenario.market.currency):
        st.caption(_ui.text(note))
    _ui.download("Download partners (CSV)", "replay.csv", lambda: replays.rows(found), "own_replay_csv")
    return Shown(replays.sentence(found))


def _found(
    program: str, actual: Program, settings: m.Settings, plan: PayoutPlan, before: PayoutPlan | None
) -> replays.Replay | None:
    """The replay; the last one stays in the session, as a click elsewhere changes nothing of it."""
    asked, kept = (program, settings, plan, before), st.session_state.get("program_replay")
    if kept is None or kept[0] is not actual or kept[1] != asked:
        own = loaded.accounts().get(program)
        found = None if own is None else replays.replay(own, actual.ledger, settings, plan, before)
        kept = st.session_state["program_replay"] = (actual, asked, found)
    replayed: replays.Replay | None = kept[2]
    return replayed


def at_hand(why: str) -> Program | None:
    """Return the program of the session; without one, show what it would do here and what to do next."""
    actual = loaded.current()
    if actual is None:
        st.markdown(_ui.text(f"{why} No program is loaded yet."))
        with st.container(horizontal=True):
            st.page_link("pages/health.py", label="Upload files")
            st.button("Use the sample program", on_click=loaded.use_sample, key="own_sample")
    elif loaded.is_sample():
        st.caption("Sample data: the vendor, its partners and every figure of it are fictional.")
    return actual


def _settings(ledger: Ledger, key: str) -> m.Settings:
    """Ask over how many months figures are counted; they are read at the last month of the data."""
    window = st.selectbox(
        "Window (months)", (3, 6, 12, 24, 120), index=2, key=key, help=_ui.text(_WINDOW.description),
        bind="query-params",
    )  # fmt: skip
    return m.Settings(as_of=ledger.last_month, window=window)
