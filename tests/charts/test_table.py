"""The figures of a chart as a table."""

import re
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from motions.charts import cohorts, style
from motions.charts.frame import framed, readable
from motions.charts.style import LOOKS, Chart, figure, line

HOSTILE = "<b>x</b> [y](https://example.com) **z** $a$"


@pytest.fixture
def charts(every):
    """Charts of program health that are drawn of a ledger's sums, by the name of their function."""
    drawn = ("retention", "triangle", "movements", "mrr_by_motion", "funnel", "activation_by_cohort", "cost_trend",
             "partner_curve", "partners_by_mrr")  # fmt: skip
    return {name: every[f"cohorts.{name}"] for name in drawn}


def test_a_table_has_the_rows_of_the_frame_under_titles_with_units(charts):
    for name, chart in charts.items():
        table = chart.frame
        assert len(table) == len(chart.shown) > 0, name
        assert table.columns.tolist() == list(chart.titles.values()), name
        assert table.columns.is_unique, name
        for column, title in chart.titles.items():
            numbers = chart.shown[column]
            if title.endswith("(%)"):
                assert table[title].tolist() == pytest.approx((numbers * 100).tolist(), nan_ok=True), title
            elif numbers.dtype.kind == "f":
                assert "(USD)" in title, f"{title} has no unit"
                assert table[title].tolist() == pytest.approx(numbers.tolist(), nan_ok=True), title


def test_what_is_drawn_is_what_the_table_says(charts):
    table = charts["retention"].frame
    for side in ("Partner", "Organic"):
        (curve,) = [trace for trace in charts["retention"].figure.data if trace.name == side]
        column = table.loc[table["Side"] == side, "Kept of first MRR (%)"]
        assert list(curve.y) == [None if value != value else pytest.approx(value) for value in column]  # noqa: PLR0124
    churn = next(trace for trace in charts["movements"].figure.data if trace.name == "Churn")
    assert list(churn.y) == pytest.approx(charts["movements"].frame["Churn (USD)"].tolist())


def test_every_amount_and_share_of_the_simulator_has_its_unit_too(every):
    found = [chart for name, chart in every.items() if name.startswith(("economics", "roadmap", "playbook.same"))]
    for chart in found:
        table = chart.frame
        assert len(table) > 0
        assert table.columns.tolist() == list(chart.titles.values())
        assert table.columns.is_unique, chart.title
        for title in table:
            named = title.endswith(")") or re.search(r"\b(months|leads|partners|customers)\b", title, re.IGNORECASE)
            assert table[title].dtype.kind != "f" or named, f"{title} has no unit"


def test_frames_know_nothing_of_how_they_are_drawn():
    found = sorted(Path(cohorts.__file__).parents[1].rglob("*frames.py"))
    assert len(found) == 12
    for path in found:
        source = path.read_text("utf-8")
        assert "plotly" not in source, path
        assert "charts.style" not in source, path
        assert "drawing" not in source, path


def test_motions_are_called_by_their_names_and_words_of_files_stay():
    frame = framed(("program", "name", "share"), [("reseller", HOSTILE, 0.5), ("organic", "&", None)])
    table = readable(frame, {"program": "Program", "name": "Name", "share": "Share (%)"})
    assert table["Program"].tolist() == ["Resellers", "Organic"]
    assert table["Name"].tolist() == [HOSTILE, "&"]
    assert table["Share (%)"].tolist() == pytest.approx([50, float("nan")], nan_ok=True)


def page():
    import pandas as pd  # noqa: PLC0415

    from motions.charts.style import LOOKS, Chart, figure, line  # noqa: PLC0415
    from pages import _ui  # noqa: PLC0415

    words = "<b>x</b> [y](https://example.com) **z** $a$"
    frame = pd.DataFrame({"partner": [words, "Due"], "share": [0.25, None]})
    titles = {"partner": "Partner", "share": "Share (%)"}
    for key, ys in {"one": [1.0, 2.0], "none": [None, None]}.items():
        drawn = figure([line("x", LOOKS["channel"], [1, 2], ys, [])])
        _ui.chart(Chart(f"Title of {key}", drawn, "alt", frame, titles), key)


def test_the_table_is_made_only_while_it_is_open(monkeypatch):
    made = []

    def counted(*args):
        made.append(args)
        return readable(*args)

    monkeypatch.setattr(style, "readable", counted)
    app = AppTest.from_function(page).run()
    assert not app.exception
    # One for the chart that is drawn, none for the one that is not.
    assert [one.proto.popover.label for one in app.get("popover")] == ["Figures"]
    assert not app.dataframe
    assert not made
    app.session_state["table_one"] = True
    app.run()
    assert not app.exception
    (table,) = app.dataframe
    assert table.value.columns.tolist() == ["Partner", "Share (%)"]
    assert table.value["Partner"].tolist() == [HOSTILE, "Due"]
    assert table.value["Share (%)"].iloc[0] == 25
    assert len(made) == 1
    assert not [one for one in app.markdown if "example" in one.value]


def test_a_large_chart_keeps_its_frame():
    frame = pd.DataFrame({"y": [2.0]})
    chart = Chart("Title", figure([line("x", LOOKS["channel"], [1], [2], [])]), "alt", frame, {"y": "Y"})
    assert chart.large(500).frame.to_numpy().tolist() == [[2]]
    assert chart.large(500).figure.layout.height >= 500 > chart.figure.layout.height
    assert chart.large(0).figure.layout.height == chart.figure.layout.height * 1.25
    chart.figure.add_annotation(text="moved apart from another", yshift=10)
    assert chart.large(0).figure.layout.height == chart.figure.layout.height * 1.6


def headed():
    import pandas as pd  # noqa: PLC0415

    from motions.charts.style import LOOKS, Chart, figure, line  # noqa: PLC0415
    from pages import _ui  # noqa: PLC0415

    drawn, frame = figure([line("x", LOOKS["channel"], [1], [2], [])]), pd.DataFrame({"y": [2.0]})
    _ui.chart(
        Chart("A *title*", drawn, "alt", frame, {"y": "Y"}, "MRR, USD", "Bands are *P10* to P90."), "one", level=2
    )


def test_a_chart_has_its_conclusion_as_a_heading_its_measure_below_and_what_it_shows_in_its_menu():
    app = AppTest.from_function(headed).run()
    assert "## A \\*title\\*" in [one.value for one in app.markdown]
    assert [one.value for one in app.caption] == ["MRR, USD"]
    app.session_state["table_one"] = True
    app.run()
    assert not app.exception
    assert "MRR, USD\\. Bands are \\*P10\\* to P90\\." in [one.value for one in app.markdown]
