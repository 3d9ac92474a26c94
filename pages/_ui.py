"""What pages share: the configuration check, charts, figures, errors, inputs and downloads."""

import math
import re
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any, Literal

import streamlit as st

from motions import glossary, limits, names
from motions.charts.style import Chart
from motions.cohorts.tables.overview import Tile
from motions.errors import LimitError, MotionsError
from motions.fields import Input
from motions.playbook.tables import STATED
from motions.text import as_csv, as_markdown
from pages._session import folders, log, slot, told  # noqa: F401  the third says what motions are called
from pages._session.wanted import within

_REQUIRED = {"browser.gatherUsageStats": False, "runner.postScriptGC": False, "client.showErrorDetails": "none"}
Tone = Literal["good", "bad", "open", "caution"]
_BADGES: dict[Tone, tuple[str, Literal["green", "red", "gray", "orange"]]] = {
    "good": (":material/check:", "green"),
    "bad": (":material/close:", "red"),
    "open": (":material/question_mark:", "gray"),
    "caution": (":material/warning:", "orange"),
}
Bind = Literal["query-params"] | None
MOST = 1_000_000_000_000_000
"""as large as a number that is typed may be, for the browser's sake"""
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
        "left in the temporary folder is looked for only with the first upload, a request under a foreign host name "
        "is refused where a session would begin, not before, browsers are not told what to forbid, and "
        "/_stcore/metrics is open. `make run` starts the launcher."
    )


_frame = threading.local()
_HERE = Path(__file__).parent


def navigation(more: Iterable[Any] = ()) -> Any:
    """Declare the pages, with some more at the end of the menu, and return the one that the address names."""
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
                st.Page("pages/pack.py", title="For the meeting", url_path="pack"),
                st.Page("pages/files.py", title="Your files", url_path="files"),
                st.Page("pages/glossary.py", title="Glossary", url_path="glossary"),
                *more,
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
        with within(limits.RUN):
            page.run()
    except LimitError as problem:
        log.event("limit")
        error(problem)
    finally:
        _frame.inside = False


def on_phone() -> bool:
    """Return whether the browser says that it is a phone; the server knows no width."""
    return "Mobi" in (st.context.headers.get("User-Agent") or "")


def foot() -> Any:
    """Return the bar that stays at the end of the screen, without the stripe of 50 pixels that Streamlit leaves below.

    That is room for the input of a chat; what is left is that which a phone's own bar covers.
    """
    st.html(
        "<style>[data-testid=stBottomBlockContainer]"
        "{padding-bottom:calc(0.75rem + env(safe-area-inset-bottom))}</style>"
    )
    return st.bottom


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


def chart(
    shown: Chart,
    key: str,
    on_point: Callable[[Any], None] | None = None,
    level: Literal[2, 3, 4] | None = None,
    titled: bool = True,
) -> None:
    """Show a chart below its conclusion; the text alternative goes to screen readers, the menu beside it has the rest.

    `on_point` is called with what stands behind a point that was clicked. Of a chart in which nothing would be drawn
    only the conclusion is shown, which says why. `level` makes the conclusion a heading; without it, it is bold text,
    for places where the order of headings isn't known. `titled` is off where it stands elsewhere on the page.
    """
    if shown.empty:
        st.info(text(shown.title))
        return
    _in_the_readers_colours(shown)
    with st.container(gap="xxsmall", width=_WIDEST):
        with st.container(horizontal=True, wrap=False, gap="small"):
            with st.container(gap=None):
                words = text(shown.title)
                if titled:
                    st.markdown(f"{_HEADINGS[level]} {words}" if level else f"**{words}**", anchors=False)
                if shown.measure:
                    st.caption(text(shown.measure))
            _menu(shown, key)
        options: dict[str, Any] = {"key": key, "theme": None, "config": _bar(shown), "alt": shown.alt}
        if on_point is None:
            st.plotly_chart(shown.figure, **options)
        else:
            _plotly_chart_with_points(shown, key, on_point, options)


_WIDEST = 1320
"""pixels, as a page at 1440 is wide: on a wall screen the ends of a chart of its own row are read together no more"""


def _in_the_readers_colours(shown: Chart) -> None:
    """Write a chart's words in ink that is read on the page's colour, which is its picture's too."""
    layout = shown.figure.layout
    layout.font.color, layout.paper_bgcolor = ("#b3bec8", "#0e141b") if is_dark() else ("#4d5965", "#ffffff")


def room_chart(shown: Chart, key: str, titled: bool, least: int) -> None:
    """Show a chart for a shared screen, at least so high [px]; `titled`: below its conclusion."""
    _in_the_readers_colours(shown)
    if titled:
        st.header(text(shown.title), anchor=False)
    if shown.measure:
        st.markdown(f":gray[{text(shown.measure)}]")
    if shown.empty:
        return
    drawn = shown if on_phone() else shown.large(least)
    st.plotly_chart(drawn.figure, key=key, theme=None, config={"displayModeBar": False}, alt=shown.alt)


def _bar(shown: Chart) -> dict[str, Any]:
    """Plotly's own buttons: a picture of the chart, made in the browser. They show on hover, touch and focus."""
    name = "-".join(re.findall(r"\w+", shown.title.lower()))[:60] or "chart"
    return {"displayModeBar": "hover", "toImageButtonOptions": {"filename": name, "scale": 2}}


def _plotly_chart_with_points(shown: Chart, key: str, on_point: Callable[[Any], None], options: dict[str, Any]) -> None:
    def clicked() -> None:
        points = st.session_state[key]["selection"]["points"]
        if points and (behind := points[0].get("customdata")) is not None:
            on_point(behind[0] if isinstance(behind, list) else behind)

    st.plotly_chart(shown.figure, on_select=clicked, selection_mode="points", **options)


def _menu(shown: Chart, key: str) -> None:
    """Offer what a chart shows, its figures as a table, made only while it is open, and how to get a picture."""
    opened = st.popover("Figures", type="tertiary", key=f"table_{key}", on_change="rerun", help=_MENU)
    if not opened.open:
        return
    frame = shown.frame
    numbers = {name: st.column_config.NumberColumn(format="%,.2f") for name in frame if frame[name].dtype.kind == "f"}
    with opened:
        if said := " ".join(filter(None, (shown.measure and f"{shown.measure}.", shown.about))):
            st.markdown("**About this chart**")
            st.markdown(text(said))
        st.markdown("**The figures as a table**")
        table(frame, f"rows_{key}", shown.title, hide_index=True, height="auto", column_config=numbers)
        st.caption("As a picture (PNG): the camera in the chart's upper right corner, by pointer, touch or Tab.")


_HEADINGS = {2: "##", 3: "###", 4: "####"}
_MENU = "The figures as a table, a picture, and what is shown"


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
        delta_color=_COLOURS.get(word.partition(" ")[0], "gray"),
        delta_arrow="off",
        help=_explained(definition, label),
        chart_data=course or None,
    )
    if note:
        st.caption(text(note))


def link(page: str, label: str, **query: str) -> None:
    """Show a link to a page that looks like one, with an arrow."""
    st.page_link(page, label=f":blue[**{text(label)}** →]", query_params=query or None)


def _explained(meaning: str, label: str) -> str | None:
    """A help text, with the way to the glossary where it has the word; it opens beside the page."""
    term = glossary.term(label)
    if term is None:
        return text(meaning) or None
    return f"{text(meaning)} [In the glossary](glossary?term={term.slug})"


def tile(shown: Tile) -> None:
    """Show a figure with its change in a year, its course, its benchmark, and a word where a test says better or worse.

    The change is grey: green or red stands only beside what it is better or worse than.
    """
    st.metric(
        text(shown.label),
        text(shown.value),
        delta=f"{'+' if shown.rose else '−'}{text(shown.year)}" if shown.year else None,
        delta_color="gray",
        delta_arrow="up" if shown.rose else "down",
        delta_description="in a year" if shown.year and not on_phone() else None,  # no room for it on a phone
        help=_explained(shown.definition, shown.label),
        chart_data=shown.course or None,
    )
    if shown.word:
        badge(shown.word if on_phone() else shown.told, "good" if shown.word == "better" else "bad")
    if shown.beside:
        st.caption(text(shown.beside))


def primary(label: str, key: str, icon: Literal["", "tune", "explore"] = "", **options: Any) -> bool:
    """Show the one filled button of a screen, and return whether it was pressed.

    Streamlit writes white on the primary colour; the dark theme's is too light for that, so the label brings its ink.
    `options` are those of st.button; none of them is text.
    """
    if is_dark():
        inked = f':color[{_SIGNS[icon]} {text(label)}]{{foreground="#08131c"}}'
        return st.button(inked, type="primary", key=key, **options)
    return st.button(text(label), icon=_SIGNS[icon] or None, type="primary", key=key, **options)


_SIGNS = {"": "", "tune": ":material/tune:", "explore": ":material/explore:"}


def badge(words: str, tone: Tone) -> None:
    """Show a word or two on a tint, with a sign, so that colour is not the only signal."""
    icon, colour = _BADGES[tone]
    st.badge(text(words), icon=icon, color=colour)


def large(label: str, value: str, definition: str, *notes: str) -> None:
    """Show one figure as large as a heading, for a shared screen."""
    st.markdown(text(label), help=_explained(definition, label))
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
    told.tell(key, value if item.options else _shown(item, value))
    if item.options:
        return st.selectbox(text(label), item.options, key=key, help=_explained(means, item.title))
    if item.unit == "%" and item.step >= 0.01:
        low, high, step = _shown(item, item.low), _shown(item, item.high), _shown(item, item.step)
        return item.stored(
            st.slider(text(label), low, high, step=step, format="%g", key=key, help=_explained(means, item.title))
        )
    return amount(item, key, value, currency, label, means)


def amount(
    item: Input, key: str, value: Any, currency: str, label: str = "", means: str = "", bind: Bind = None
) -> Any:
    """Show a number field of an input, under a label of its own if wanted, and return the stored value.

    What is typed may be outside of the input's bounds, or nothing: below the field stands what counts then. Bounds of
    the field itself would leave the reader with a number in red, and without a word on the one that counts.
    """
    told.tell(key, _shown(item, value))
    step = int(item.step) if item.whole else _shown(item, item.step)
    least, most = (-MOST, MOST) if item.whole else (-float(MOST), float(MOST))
    # Without a value of its own a cleared field would become the lower bound.
    shown = st.number_input(
        text(label or item.label(currency)), least, most, None, step=step, format="%d" if item.whole else "%g",
        key=key, help=_explained(means, item.title) if means else None, bind=bind,
    )  # fmt: skip
    if said := item.refused(shown, value, currency):
        st.markdown(f":red[:small[{text(said)}]]")
    return item.taken(shown, value)


def slider(item: Input, key: str, means: str) -> Any:
    """Show a slider of an input that stands in the address, in whole numbers, and return the stored value.

    Streamlit drops what an address asks and the slider has not: what it was is kept, to say what counts instead.
    """
    low, high, default = (int(item.shown(one)) for one in (item.low, item.high, item.default))
    asked, link = f"{key}_asked", st.query_params.get(key)
    if link is not None and key not in st.session_state:
        st.session_state[asked] = _number(link)
    shown = st.slider(text(item.label()), low, high, default, key=key, help=text(means), bind="query-params")
    if shown != default:
        st.session_state.pop(asked, None)
    if asked in st.session_state and (said := item.refused(st.session_state[asked], item.default)):
        st.markdown(f":red[:small[{text(said)}]]")
    return item.taken(shown, item.default)


def _number(words: str) -> float:
    try:
        return float(words)
    except ValueError:
        return math.nan


def _shown(item: Input, value: float) -> float | int:
    return int(value) if item.whole else float(item.shown(value))


def static_table(frame: Any, hide_index: bool = False) -> None:
    """Show a small table that wraps its text; nothing in it, titles and row names included, is Markdown."""
    plain = frame.map(text).rename(columns=text)
    plain.index = plain.index.map(text)
    st.table(plain.rename_axis(text(frame.index.name) or None), border="horizontal", hide_index=hide_index)


def sentences(frame: Any) -> None:
    """Show a table of sentences, each column as wide as it needs; a cell of st.table breaks at 375 pixels.

    Nothing in it is Markdown but the table itself.
    """
    lines = [f"| {' | '.join(text(cell) for cell in row)} |" for row in (frame.columns, *frame.to_numpy())]
    under = "".join("| --- " for _ in frame.columns)
    with st.container(width=_WIDEST):
        st.markdown("\n".join((*lines[:1], f"{under}|", *lines[1:])))


def chips(frame: Any, sources: Any) -> None:
    """Show a small table of marked words as chips, `● Low`: amounts in three steps of one hue, sides in three hues.

    The mark and the word say all; a stated one (●) is bold, so that it differs without colour too. `sources`, of the
    same shape, says of each chip whose it is: the sign behind it shows that on hover, touch and focus.
    """
    plain = (frame.map(_chip) + sources.map(_tip)).rename(columns=text)
    plain.index = plain.index.map(text)
    st.table(plain.rename_axis(text(frame.index.name) or None), border="horizontal")


def _chip(cell: str) -> str:
    mark, _, word = cell.partition(" ")
    shown = f"**{text(word)}**" if mark == STATED else text(word)
    return f':color[{text(mark)}\u00a0{shown}]{{background="{_TINTS.get(word, _TINTS[""])}"}}'


def _tip(words: str) -> str:
    """The sign behind a word, as `help` draws it; what it shows is read as Markdown once more."""
    return f" :help[{text(text(words))}]" if words else ""


_TINTS = {
    **dict.fromkeys(("Low", "Short"), "rgba(15,127,196,0.10)"), "Medium": "rgba(15,127,196,0.24)",
    **dict.fromkeys(("High", "Long"), "rgba(15,127,196,0.42)"), "Vendor": "rgba(13,138,97,0.20)",
    "Both": "rgba(125,136,147,0.22)", "Partner": "rgba(213,94,0,0.22)", "": "rgba(125,136,147,0.12)",
}  # fmt: skip


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


def file(
    label: str, name: str, content: Callable[[], bytes] | str, key: str, means: str = "", primary: bool = False
) -> None:
    """Offer a file; it is made when somebody asks for it, in a request that has no session but its names of motions."""
    own = names.in_force()

    def made() -> bytes | str:
        with names.filled(own):
            return content() if callable(content) else content

    making = made if callable(content) else content
    # As of `primary`: white on the dark theme's blue can't be read.
    inked = f':color[{text(label)}]{{foreground="#08131c"}}' if primary and is_dark() else text(label)
    st.download_button(
        inked, making, name, key=key, on_click="ignore", help=text(means) or None,
        type="primary" if primary else "secondary",
    )  # fmt: skip
