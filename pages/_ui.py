"""What pages share: the configuration check, charts, figures, errors, inputs and downloads."""

import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from motions import names
from motions.charts.style import Chart
from motions.errors import MotionsError
from motions.fields import Input
from motions.text import as_csv, as_markdown
from pages._session import folders, slot  # noqa: F401  the second says what motions are called

_REQUIRED = {"browser.gatherUsageStats": False, "runner.postScriptGC": False, "client.showErrorDetails": "none"}
Tone = Literal["good", "bad", "open", "caution"]
_BADGES: dict[Tone, tuple[str, Literal["green", "red", "gray", "orange"]]] = {
    "good": (":material/check:", "green"),
    "bad": (":material/close:", "red"),
    "open": (":material/question_mark:", "gray"),
    "caution": (":material/warning:", "orange"),
}
_COLOURS: dict[str, Literal["green", "red"]] = {"better": "green", "worse": "red"}


def require_configuration() -> None:
    """Stop with the repair when the app was started in a way that lost .streamlit/config.toml."""
    lost = [name for name, value in _REQUIRED.items() if st.get_option(name) != value]
    if not folders.LAUNCHED.is_set():
        _say_what_is_missing()
        lost += [] if st.get_option("server.allowedHosts") else ["server.allowedHosts"]
    if lost:
        st.error(
            f"Motions was started without its configuration ({text(', '.join(lost))}). Start it with `make run`, or "
            "with `streamlit run dashboard.py` from the folder that holds dashboard.py.",
        )
        st.stop()


@cache
def _say_what_is_missing() -> None:
    """Tell the log, once, what an app started without pages/_server.py goes without."""
    folders.LOG.warning(
        "Started without its launcher, pages/_server.py. So the first visitor waits for imports, what a killed server "
        "left in the temporary folder is looked for only with the first upload, and a request under a foreign host "
        "name is refused where a session would begin, not before. `make run` starts the launcher."
    )


_frame = threading.local()
_HERE = Path(__file__).parent


def navigation() -> Any:
    """Declare the pages and return the one that the address names."""
    presenting = "/present" in (st.context.url or "")
    if not presenting:
        st.logo(str(_HERE / f"wordmark-{'dark' if is_dark() else 'light'}.svg"), size="large")
    return st.navigation(
        {
            "": [
                st.Page("pages/overview.py", title="Overview", default=True),
                st.Page("pages/choose.py", title="Choose", url_path="choose"),
                st.Page("pages/compare.py", title="Compare", url_path="compare"),
                st.Page("pages/simulate.py", title="Simulate", url_path="simulate"),
                st.Page("pages/health.py", title="Health", url_path="health"),
                st.Page("pages/partner.py", title="One partner", url_path="partner", visibility="hidden"),
                st.Page("pages/present.py", title="Present", url_path="present", visibility="hidden"),
            ],
            "More": [
                st.Page("pages/files.py", title="Your files", url_path="files"),
                st.Page("pages/glossary.py", title="Glossary", url_path="glossary"),
            ],
        },
        # The presentation view is for a shared screen: no controls.
        position="hidden" if presenting else "top",
    )


def is_dark() -> bool:
    """Return whether the reader has chosen a dark page."""
    return st.context.theme.type == "dark"


def run_framed(page: Any) -> None:
    """Run a page inside the frame of dashboard.py."""
    _frame.inside = True
    try:
        page.run()
    finally:
        _frame.inside = False


def require_frame() -> None:
    """Start again through dashboard.py when Streamlit ran a page without it.

    As long as a server has never run st.navigation, Streamlit answers a link to a page by running the file of pages/
    alone: no layout, no navigation, no configuration check. Declaring the pages ends that for the process.
    """
    if not getattr(_frame, "inside", False):
        navigation()
        st.rerun()


def text(words: object) -> str:
    """Return words so that Markdown shows them as they are: no link, image, formula, icon or HTML, on one line.

    Every word that does not stand in pages/ itself passes through here before Streamlit gets it, as nearly all it
    shows is Markdown. What would turn the letters after it around, or is no letter at all, is shown as �.
    """
    letters = _TURNING.sub("�", str("" if words is None else words))
    return as_markdown(_DRAWN.sub(lambda found: _JOINER.join(found[0]), _ICON.sub(f":{_JOINER}", letters)))


_TURNING = re.compile("[\0-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
# What Streamlit replaces after Markdown has been read, so that no sign of Markdown prevents it: icons, and arrows.
_ICON = re.compile(r":(?=[\w+-]+:)")
_DRAWN = re.compile(r"(?<!\S)(<->|->|<-|--|>=|<=|~=)(?!\S)")
_JOINER = "\u2060"
"""between two letters it is not seen, and makes two of them"""


def named(names: Mapping[str, str]) -> Callable[[str], str]:
    """Return what shows the options of a select box by their names; Streamlit takes these for plain text."""
    return lambda key: names.get(key, key)


def marked(names: Mapping[str, str]) -> Callable[[str], str]:
    """Return what shows pills and segments by their names; Streamlit takes these for Markdown."""
    return lambda key: text(names.get(key, key))


def chart(shown: Chart, key: str, on_point: Callable[[Any], None] | None = None, as_table: bool = True) -> None:
    """Show a chart below its conclusion; the text alternative goes to screen readers, the figures open as a table.

    `on_point` is called with what stands behind a point that was clicked. Of a chart in which nothing would be drawn
    only the conclusion is shown, which says why. `as_table` is False where nothing may be opened.
    """
    if shown.empty:
        st.info(text(shown.title))
        return
    st.markdown(f"**{text(shown.title)}**")
    options: dict[str, Any] = {"key": key, "theme": None, "config": {"displayModeBar": False}, "alt": shown.alt}
    if on_point is None:
        st.plotly_chart(shown.figure, **options)
    else:
        _plotly_chart_with_points(shown, key, on_point, options)
    if as_table:
        _figures_as_table(shown, key)


def _plotly_chart_with_points(shown: Chart, key: str, on_point: Callable[[Any], None], options: dict[str, Any]) -> None:
    def clicked() -> None:
        points = st.session_state[key]["selection"]["points"]
        if points and (behind := points[0].get("customdata")) is not None:
            on_point(behind[0] if isinstance(behind, list) else behind)

    st.plotly_chart(shown.figure, on_select=clicked, selection_mode="points", **options)


def _figures_as_table(shown: Chart, key: str) -> None:
    """Offer what a chart shows as a table, which is made only while it is open."""
    opened = st.expander("The figures as a table", type="compact", key=f"table_{key}", on_change="rerun")
    if opened.open:
        frame = shown.frame
        numbers = {
            name: st.column_config.NumberColumn(format="%,.2f") for name in frame if frame[name].dtype.kind == "f"
        }
        with opened:
            table(frame, f"rows_{key}", shown.title, hide_index=True, height="auto", column_config=numbers)


def figures(columns: int, key: str) -> Any:
    """Return a grid that figures are put into, with fewer columns where they don't fit: two on a phone."""
    return st.grid(columns, min_column_width=145, key=key)


def figure(
    label: str, value: str, definition: str, word: str = "", note: str = "", course: Sequence[float] = ()
) -> None:
    """Show one figure, its definition a click away, a word of judgement, its course and what it is compared with."""
    st.metric(
        text(label),
        text(value),
        delta=None if word == "unknown" else text(word) or None,
        delta_color=_COLOURS.get(word, "gray"),
        delta_arrow="off",
        help=text(definition),
        chart_data=course or None,
    )
    if note:
        st.caption(text(note))


def link(page: str, label: str, **query: str) -> None:
    """Show a link to a page that looks like one, with an arrow."""
    st.page_link(page, label=f":blue[**{text(label)}** →]", query_params=query or None)


def badge(words: str, tone: Tone) -> None:
    """Show a word or two on a tint, with a sign, so that colour is not the only signal."""
    icon, colour = _BADGES[tone]
    st.badge(text(words), icon=icon, color=colour)


def large(label: str, value: str, definition: str, *notes: str) -> None:
    """Show one figure as large as a heading, for a shared screen."""
    st.markdown(text(label), help=text(definition))
    # As large as two figures beside one another leave room for, on a phone.
    size = "font-size:clamp(1.7rem,7vw,2.6rem);font-weight:600;line-height:1.2;margin:0"
    st.html(f'<p style="{size}">{escape(value)}</p>')
    for note in notes:
        if note:
            st.markdown(text(note))


def error(problem: MotionsError) -> None:
    """Show what is wrong, where, and the repair."""
    st.error(text(str(problem)))


def field(item: Input, key: str, value: Any, currency: str, more: str = "") -> Any:
    """Show the widget of an input and return the stored value. `value` counts until the widget is touched."""
    means = f"{item.description} {more}".strip()
    label = item.label(currency)
    if key not in st.session_state:
        st.session_state[key] = value if item.options else _shown(item, value)
    if item.options:
        return st.selectbox(text(label), item.options, key=key, help=text(means))
    if item.unit == "%" and item.step >= 0.01:
        low, high, step = _shown(item, item.low), _shown(item, item.high), _shown(item, item.step)
        return item.stored(st.slider(text(label), low, high, step=step, format="%g", key=key, help=text(means)))
    return amount(item, key, value, currency, label, means)


def amount(item: Input, key: str, value: Any, currency: str, label: str = "", means: str = "") -> Any:
    """Show a number field of an input, under a label of its own if wanted, and return the stored value."""
    st.session_state.setdefault(key, _shown(item, value))
    whole, low, high = item.whole, _shown(item, item.low), _shown(item, item.high)
    step = int(item.step) if whole else _shown(item, item.step)
    # Without a value of its own a cleared field would become the lower bound.
    shown = st.number_input(
        text(label or item.label(currency)), low, high, None, step=step, format="%d" if whole else "%g", key=key,
        help=text(means) or None,
    )  # fmt: skip
    if shown is None:  # the field was cleared: the last value counts until there is another
        return value
    return int(shown) if whole else item.stored(shown)


def _shown(item: Input, value: float) -> float | int:
    return int(value) if item.whole else float(item.shown(value))


def static_table(frame: Any, hide_index: bool = False) -> None:
    """Show a small table that wraps its text; nothing in it, titles and row names included, is Markdown."""
    plain = frame.map(text).rename(columns=text)
    plain.index = plain.index.map(text)
    st.table(plain.rename_axis(text(frame.index.name) or None), border="horizontal", hide_index=hide_index)


def table(frame: Any, key: str, alt: str, **options: Any) -> Any:
    """Show a table whose cells are text or numbers, never Markdown; it says to screen readers what it is.

    `options` are those of st.dataframe; none of them is text from outside.
    """
    return st.dataframe(frame, key=key, alt=alt, **{"height": "content", "placeholder": "unknown", **options})


def download(label: str, name: str, rows: Callable[[], Iterable[Sequence[object]]], key: str, means: str = "") -> None:
    """Offer rows, header first, as a CSV file; they are made when somebody asks for them."""

    def content() -> bytes:
        header, *others = rows()
        return as_csv([str(cell) for cell in header], others)

    file(label, name, content, key, means)


def file(label: str, name: str, content: Callable[[], bytes] | str, key: str, means: str = "") -> None:
    """Offer a file; it is made when somebody asks for it, in a request that has no session but its names of motions."""
    own = names.in_force()

    def made() -> bytes | str:
        with names.filled(own):
            return content() if callable(content) else content

    making = made if callable(content) else content
    st.download_button(text(label), making, name, key=key, on_click="ignore", help=text(means) or None)
