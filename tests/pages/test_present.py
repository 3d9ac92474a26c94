"""The presentation of any view: from the session of who presents, and from the address."""

from motions.charts.style import Chart, figure
from motions.economics.inputs.links import Named, set_to_link, to_link
from motions.economics.inputs.scenario import default_scenario
from motions.text import as_markdown
from pages._present.entry import FIRST
from pages._present.room import BY_NAME, SHOWN
from tests.conftest import SAMPLE
from tests.pages.test_pages import open_page, texts


def opened(app, name, **query):
    """The presentation at a view, in the session of an app."""
    app.query_params.clear()
    for key, value in {"show": name, **query}.items():
        app.query_params[key] = value
    app.switch_page("pages/present.py").run()
    assert not app.exception, app.exception[0].message
    return app


def with_own_program():
    app = open_page("health")
    for number, name in enumerate(("accounts.csv", "revenue.csv")):
        app.get_by_key(f"upload_{number}").upload(name, (SAMPLE / name).read_bytes()).run()
    return app


def at(app):
    named = app.query_params["show"]
    return named if isinstance(named, str) else named[0]


def title(app):
    return app.title[0].value.replace("\\", "")


def test_each_view_can_be_presented_and_says_its_conclusion_once():
    app = open_page("health", data="sample")
    app = opened(app, "Choose: Fit", data="sample", a="")
    for one in SHOWN:
        if one.page == "Simulate":  # tests/pages/test_pages.py has these
            continue
        app = opened(app, one.name, data="sample")
        assert len(app.title) == 1
        assert app.get("plotly_chart"), one.name
        assert app.title[0].value not in [line.value for line in (*app.header, *app.markdown)], one.name
        assert not app.number_input, one.name


def test_a_view_of_ones_own_files_is_shown_from_the_session_as_it_was_looked_at():
    app = with_own_program()
    app.get_by_key("side").set_value("Resellers").run()
    app = opened(app, "Health: Retention")
    assert "your program · Resellers" in texts(app)
    assert app.get("plotly_chart")
    assert set(app.query_params) == {"show"}


def test_a_link_opened_elsewhere_says_what_it_does_not_hold():
    app = opened(open_page("compare"), "Health: Retention")
    assert "they stay in the tab that they were loaded in" in texts(app)
    assert not app.get("plotly_chart")


def test_the_keys_step_through_the_chosen_views_that_have_something_to_show():
    app = opened(open_page("health", data="sample"), FIRST[0], data="sample")
    steps = [at(app)]
    assert app.get_by_key("present_back").disabled
    while not app.get_by_key("present_on").disabled and len(steps) < len(FIRST):
        app.get_by_key("present_on").click().run()
        steps.append(at(app))
    # Nothing is answered, and no scenario is set: both are passed over.
    assert steps == [name for name in FIRST if name not in ("Choose: Fit", "Simulate: Over time")]
    app.get_by_key("present_back").click().run()
    assert at(app) == steps[-2]
    assert f"{len(steps) - 1} of {len(steps)}" in texts(app)


def test_the_views_chosen_on_a_page_count_in_the_presentation_and_back():
    app = open_page("compare")
    app.get_by_key("present_views").set_value(["Compare: One deal", "Choose: Roadmap"]).run()
    app = opened(app, "Compare: One deal")
    assert "2 of 2" in texts(app)
    app.get_by_key("present_back").click().run()
    assert at(app) == "Choose: Roadmap"
    app.switch_page("pages/compare.py").run()
    assert set(app.get_by_key("present_views").value) == {"Choose: Roadmap", "Compare: One deal"}


def test_the_deal_is_that_of_the_page_or_of_the_address():
    app = open_page("compare")
    app.get_by_key("price").set_value(300.0).run()
    app.get_by_key("term").set_value(12).run()
    assert "At $300 and 80 % you keep" in title(opened(app, "Compare: One deal"))
    link = {"price": "200", "deal_margin": "70", "term": "6", "motions": "affiliate"}
    said = opened(open_page("glossary"), "Compare: One deal", **link | {"motions": ["affiliate", "reseller"]})
    assert "At $200 and 70 % you keep" in title(said)
    assert "over 6 months" in title(said)
    damaged = opened(open_page("glossary"), "Compare: One deal", price="x", deal_margin="nan", term="700")
    assert "At $500 and 80 % you keep" in title(damaged)


def test_the_difference_to_the_pinned_scenario_is_shown():
    scenario = default_scenario().with_program("affiliate", leads_per_partner=9.0)
    kept = {"s": to_link(scenario), "kept": set_to_link((Named(name="Pinned", scenario=default_scenario()),))}
    for name in ("Simulate: Mix", "Overview: The answer"):
        app = opened(open_page("glossary"), name, sim_focus="affiliate", **kept)
        assert "more contribution, better" in texts(app)


def test_the_entry_of_each_page_leads_to_the_view_that_is_open():
    for page, query, name in (
        ("overview", {"data": "sample"}, "Overview: The answer"),
        ("choose", {"choose_view": "Roadmap"}, "Choose: Roadmap"),
        ("choose", {"choose_view": "Plan"}, "Choose: Fit"),
        ("compare", {}, "Compare: One deal"),
        ("health", {"data": "sample", "view": "Partners"}, "Health: Partners"),
    ):
        links = [one.proto for one in open_page(page, **query).get("page_link")]
        (there,) = [one.query_string for one in links if one.page == "present"]
        assert name in BY_NAME
        assert f"show={name.replace(': ', '%3A+').replace(' ', '+')}" in there


def test_what_a_room_reads_is_larger_and_widths_of_bars_are_not():
    bar = {"type": "bar", "x": [1], "y": [2], "width": 0.5, "text": ["<span style='font-size:10px'>a</span>"]}
    line = {"type": "scatter", "x": [1], "y": [2], "line": {"width": 2}, "marker": {"size": [4, 5]}}
    drawn = figure([bar, line], height=700, margin={"r": 100})
    large = Chart("T", drawn, "alt", None, {}).large(500).figure
    assert large.layout.font.size == 1.6 * drawn.layout.font.size
    assert large.layout.margin.r == 160
    assert large.layout.height >= 700
    assert (large.data[0].width, large.data[1].line.width) == (0.5, 2 * 1.6)
    assert large.data[0].text[0] == "<span style='font-size:16px'>a</span>"
    assert Chart("T", figure([line], height=100), "alt", None, {}).large(500).figure.layout.height == 500


def test_names_of_views_are_plain():
    assert all(as_markdown(one.view) == one.view for one in SHOWN)
