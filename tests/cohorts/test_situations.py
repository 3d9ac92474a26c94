"""What files cover: situations met in real exports, and months, columns and files taken away or apart."""

import json
from itertools import pairwise
from pathlib import Path

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from motions.charts import cohorts as charts
from motions.cohorts.metrics import metrics as m
from motions.cohorts.reading.mapping import read_mappings
from motions.cohorts.tables import coverage, overview
from motions.cohorts.verdicts.advice import advise
from motions.cohorts.verdicts.rules import PartnerRules, default_rules
from motions.cohorts.verdicts.verdicts import in_short
from motions.errors import FileError
from motions.out.report import Report, as_json, as_text
from motions.text import month_name
from tests.conftest import examples, loader, one_now

SITUATIONS = Path(__file__).parents[1] / "data" / "situations"
CASES = yaml.safe_load((SITUATIONS / "cases.yaml").read_text("utf-8"))
GROUPS = {"Partner": m.PARTNER, "Organic": m.ORGANIC, "All": m.ALL}
MEASURES = ("mrr", "nrr", "grr", "customer_churn", "new_customers", "cpa", "blended_cac", "payout_share", "quick_ratio",
            "activation", "pqls", "signups", "active_partners", "arpa", "ltv")  # fmt: skip


def figures(program):
    chosen = m.Settings(as_of=program.ledger.last_month)
    return {
        (name, side): m.measure(m.BY_ID[name], program.ledger, chosen, group)
        for name in MEASURES
        for side, group in GROUPS.items()
    }


def values(program):
    return {key: None if one.value is None else round(one.value, 9) for key, one in figures(program).items()}


def month_number(said):
    """2026-11 as 12 × year + month − 1."""
    return int(said[:4]) * 12 + int(said[5:7]) - 1


@pytest.mark.parametrize("name", CASES)
def test_a_situation_gives_what_its_files_carry_and_says_so(load, name):
    case = CASES[name]
    files = {path.name: path.read_bytes() for path in sorted((SITUATIONS / name).glob("*.csv"))}
    own = [mapping for path in sorted((SITUATIONS / name).glob("*.yaml")) for mapping in read_mappings(path)]
    written = month_number(case["written"]) if "written" in case else None
    program = load(files, currency=case.get("currency"), mappings=own, written=written)
    asked = [question.asks for file in program.sources for question in file.questions]
    for words, asks in zip(case.get("asks", []), asked, strict=True):
        assert words in asks
    for words, refused in zip(case.get("refuses", []), [*map(str, program.refused)] * 2, strict=False):
        assert words in refused
    chosen = m.Settings(as_of=month_number(case["settings_as_of"])) if "settings_as_of" in case else None
    report = json.loads(as_json(Report.of(program, chosen)))
    if "as_of" in case:
        assert report["as_of"] == case["as_of"]
    shown = {f"{one['metric']}.{one['group']}": one for one in report["metrics"]}
    for key, wanted in case["expect"].items():
        value = shown[key]["value"]
        assert any(value is None if one is None else value == pytest.approx(one, rel=0.002) for one in wanted), key
        assert value is not None or shown[key]["note"], key  # what is unknown says why
    kept = m.retention_by_age(program.ledger, program.ledger.last_month, m.PARTNER, "customers")
    for age, wanted in case.get("kept", {}).items():
        assert kept[age].value == pytest.approx(wanted, rel=0.002), age
    said = " ".join([*report["remarks"], *(f"{one['note']} {one['over']}" for one in report["metrics"])])
    assert [words for words in case["says"] if words not in said] == []


def test_every_situation_is_a_case():
    assert {path.name for path in SITUATIONS.iterdir() if path.is_dir()} == {*CASES}


# A program of 48 accounts over 24 months, of which nothing is missing

FIRST = 2024 * 12 + 10
MONTHS = [month_name(FIRST + at) for at in range(24)]


def whole():
    accounts = [["account_id", "signed_up_on", "motion", "partner_id", "activated_on", "pql_on", "segment"]]
    revenue = [["account_id", "month", "mrr"]]
    for at in range(48):
        motion, partner = ("affiliate", f"P{at % 2 + 1}") if at % 2 else ("organic", "")
        since = at // 2
        day = f"{month_name(FIRST + since)}-03"
        accounts.append(
            [f"A{at:02d}", day, motion, partner, day if at % 3 else "", day if at % 4 else "", "s" if at % 5 else "l"]
        )
        revenue += [
            [f"A{at:02d}", month, str(100 + at + 5 * (number // 6))]
            for number, month in enumerate(MONTHS)
            if number >= since and not (at % 7 == 0 and number > 18)
        ]
    partners = [["partner_id", "motion", "recruited_on", "ended_on"], ["P1", "affiliate", "2024-01-01", ""],
                ["P2", "affiliate", "2024-01-01", "2026-02-01"]]  # fmt: skip
    spend = [["month", "amount", "kind", "motion", "partner_id"]]
    for month in MONTHS:
        spend += [[month, "200", "payout", "affiliate", "P1"], [month, "90", "program", "affiliate", ""],
                  [month, "300", "marketing", "organic", ""]]  # fmt: skip
    return {"accounts.csv": accounts, "revenue.csv": revenue, "partners.csv": partners, "spend.csv": spend}


@pytest.fixture(scope="module")
def as_one(tmp_path_factory):
    """The program of the whole files."""
    return loader(tmp_path_factory.mktemp("whole"))(whole())


def without_months(rows, gone):
    at = rows[0].index("month")
    return [row for row in rows if row[at] not in gone]


def without_columns(rows, gone):
    keep = [at for at, name in enumerate(rows[0]) if name not in gone]
    return [[row[at] for at in keep] for row in rows]


@settings(deadline=None, max_examples=examples(40), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.sampled_from(["revenue.csv", "spend.csv"]),
    gone=st.sets(st.sampled_from(MONTHS[1:-1]), min_size=1, max_size=5),
)
def test_months_that_are_taken_away_never_change_a_figure_without_being_named(load, as_one, table, gone):
    files = whole()
    after = load(files | {table: without_months(files[table], gone)})
    if values(as_one) != values(after):
        said = " ".join(after.notes)
        cover = coverage.line(after.ledger)
        named = [month for start, end in spans(sorted(gone)) for month in (start, end)]
        assert [month for month in named if month not in said] == [], said
        assert "without" in cover


def spans(months):
    """Runs of months, as (first, last)."""
    numbers = [int(one[:4]) * 12 + int(one[5:]) - 1 for one in months]
    ends = [numbers[0], *(x for one, other in pairwise(numbers) if other != one + 1 for x in (one, other)), numbers[-1]]
    return [(month_name(a), month_name(b)) for a, b in zip(ends[::2], ends[1::2], strict=True)]


@pytest.mark.parametrize("blanked", [False, True], ids=["dropped", "blank"])
@pytest.mark.parametrize(
    ("table", "columns", "unknown"),
    [
        ("accounts.csv", ["activated_on"], [("activation", "Partner"), ("activation", "All")]),
        ("accounts.csv", ["pql_on"], [("pqls", "Partner"), ("pqls", "All")]),
        ("accounts.csv", ["motion", "partner_id"], [("mrr", "Partner"), ("nrr", "Partner"), ("mrr", "Organic")]),
    ],
    ids=lambda value: "+".join(value) if isinstance(value, list) and isinstance(value[0], str) else "",
)
def test_a_column_that_is_not_there_makes_figures_unknown_and_never_zero(
    load, as_one, table, columns, unknown, blanked
):
    files = whole()
    if blanked:
        at = [files[table][0].index(name) for name in columns]
        changed = [files[table][0], *(["" if n in at else c for n, c in enumerate(row)] for row in files[table][1:])]
    else:
        changed = without_columns(files[table], columns)
    before, found = figures(as_one), figures(load(files | {table: changed}))
    for key in unknown:
        assert before[key].value is not None, key
        assert found[key].value is None, key
        assert found[key].note, key
    others = {key: one.value for key, one in found.items() if one.value is not None}
    assert others == {key: before[key].value for key in others}


def test_without_the_end_of_partners_the_ratio_stands_and_without_segments_everything_does(load, as_one):
    files = whole()
    before = values(as_one)
    ends = values(load(files | {"partners.csv": without_columns(files["partners.csv"], ["ended_on"])}))
    assert ends["active_partners", "Partner"] is not None
    assert values(load(files | {"accounts.csv": without_columns(files["accounts.csv"], ["segment"])})) == before


@settings(deadline=None, max_examples=examples(20), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    table=st.sampled_from(["accounts.csv", "revenue.csv", "partners.csv"]),
    seed=st.randoms(use_true_random=False), swapped=st.booleans(),
)  # fmt: skip
def test_a_file_in_two_by_rows_says_the_same(load, as_one, table, seed, swapped):
    files = whole()
    header, *rows = files.pop(table)
    side = [seed.random() < 0.5 for _ in rows]
    parts = [[header, *(row for row, here in zip(rows, side, strict=True) if here is which)] for which in (True, False)]
    named = {f"part{at}.csv": part for at, part in enumerate(parts[::-1] if swapped else parts) if len(part) > 1}
    assert values(load(files | named)) == values(as_one)


@pytest.mark.parametrize("swapped", one_now([False, True]))
@pytest.mark.parametrize(
    "moved", [["activated_on", "pql_on"], ["motion", "partner_id"], ["segment"], ["pql_on", "motion"]]
)
def test_a_file_in_two_by_columns_says_the_same(load, as_one, moved, swapped):
    files = whole()
    accounts = files.pop("accounts.csv")
    others = [name for name in accounts[0] if name not in (*moved, "account_id", "signed_up_on")]
    parts = [without_columns(accounts, moved), without_columns(accounts, others)]
    named = {f"part{at}.csv": part for at, part in enumerate(parts[::-1] if swapped else parts)}
    assert values(load(files | named)) == values(as_one)


def test_what_two_files_contradict_is_counted_and_the_first_counts(load):
    files = whole()
    other = [["account_id", "signed_up_on", "segment"], ["A01", "2024-11-03", "huge"]]
    program = load(files | {"other.csv": other})
    assert [(one.key, one.column, one.taken, one.other) for one in program.contradictions] == [
        ("A01", "segment", "s", "huge")
    ]
    assert coverage.contradictions(program)[1:] == [
        ["accounts", "A01", "segment", "s", "accounts.csv", "huge", "other.csv"]
    ]
    assert program.ledger.segments == ("l", "s")
    assert "segment of A01 is s in accounts.csv, huge in other.csv" in " ".join(program.notes)


def test_a_file_whose_rows_are_all_refused_is_not_said_to_be_missing(load):
    files = whole()
    accounts = [files["accounts.csv"][0], *(["", *row[1:]] for row in files["accounts.csv"][1:])]
    program = load(files | {"accounts.csv": accounts})
    note = figures(program)["pqls", "Partner"].note
    assert note == "48 of 48 rows of accounts were refused: mend the file"
    assert "add an accounts file" not in as_text(Report.of(program))
    assert program.remarks[0].touches == 1.0


def test_an_unfinished_month_is_set_aside_until_somebody_says_that_it_is_whole(load):
    files = whole()
    last = MONTHS[-1]
    rows = files["revenue.csv"]
    half = [rows[0], *(row for at, row in enumerate(rows[1:]) if row[1] != last or at % 5 == 0)]
    program = load(files | {"revenue.csv": half})
    assert month_name(program.ledger.last_month) == MONTHS[-2]
    assert f"Revenue of {last} looks unfinished" in " ".join(program.notes)
    strip = coverage.strip(program.ledger)
    assert strip.loc["Revenue", last] == coverage.UNFINISHED
    assert list(strip) == sorted(strip, reverse=True)  # the newest months first
    told = load(files | {"revenue.csv": half}, complete=[FIRST + 23])
    assert month_name(told.ledger.last_month) == last
    assert "unfinished" not in " ".join(told.notes)


def test_what_has_no_end_runs_to_the_month_before_the_file_was_written(load):
    accounts = "account_id,signed_up_on,motion\nA1,2025-01-05,affiliate\n"
    running = "subscription_id,customer_id,start_date,end_date,monthly_amount\n1,A1,2025-01-15,,50\n"
    with pytest.raises(FileError, match="In which month was it written") as asked:
        load({"a.csv": accounts, "s.csv": running})
    (question,) = [one for file in asked.value.sources for one in file.questions]
    assert question.options == ("2025-01", "2026-11")
    mapping = next(file for file in asked.value.sources if file.questions).mapping.answered(
        "written", "written", "2025-06"
    )
    program = load({"a.csv": accounts, "s.csv": running}, corrections={"s.csv": mapping})
    assert month_name(program.ledger.last_month) == "2025-05"
    assert mapping.for_another().written == ""
    ended = running.replace("2025-01-15,,", "2025-01-15,2025-03-01,")
    assert month_name(load({"a.csv": accounts, "s.csv": ended}).ledger.last_month) == "2025-02"  # nothing to ask
    recent = running + "2,A1,2026-10-02,,5\n"
    assert month_name(load({"a.csv": accounts, "s.csv": recent}).ledger.last_month) == "2026-10"


def test_partners_get_no_advice_while_their_ids_match_nothing(load):
    files = whole()
    other = [files["partners.csv"][0], *([f"X-{row[0]}", *row[1:]] for row in files["partners.csv"][1:])]
    program = load(files | {"partners.csv": other})
    advice = advise(program.ledger, m.Settings(as_of=program.ledger.last_month), PartnerRules())
    assert {one.step for one in advice} == {"unknown"}
    assert figures(program)["active_partners", "Partner"].value is None
    assert "24 accounts of 24" in program.notes[0]


def test_rejected_rows_are_stated_in_money(load):
    files = whole()
    rows = files["revenue.csv"]
    bad = [["A00", "2025-99", "70"], ["A00", "2024-13", "5.50"], ["", "2025-01", "x"]]
    program = load(files | {"revenue.csv": [*rows, *bad]})
    assert any("with amounts of 75.50" in one.words for one in coverage.limits(program))


def test_a_tile_says_which_months_its_cost_is_of(load):
    files = whole()
    late = [row for row in files["spend.csv"] if row[0] not in MONTHS[-2:]]
    program = load(files | {"spend.csv": late})
    tiles = {one.shown: one.beside for one in Report.of(program).judged if one.tile}
    assert f"over 10 of 12 months: {MONTHS[12]} to {MONTHS[-3]}" in tiles["cpa"]
    assert "over" not in tiles["mrr"]


# Only what accounts pay


def subscriptions(revenue):
    """The same revenue as subscriptions: one a run of months at one price, by the last month that it holds."""
    last = max(row[1] for row in revenue[1:])
    following = dict(zip(MONTHS, [*MONTHS[1:], ""], strict=True))
    rows = [["subscription_id", "account_id", "started_on", "ended_on", "mrr"]]
    for who in dict.fromkeys(row[0] for row in revenue[1:]):
        paid = {month: mrr for account, month, mrr in revenue[1:] if account == who}
        start = min(paid)
        for month in sorted(paid):
            after = following[month]
            if paid.get(after) != paid[month]:
                end = f"{after}-01" if month < last else ""
                rows.append([f"{who}-{len(rows)}", who, f"{start}-01", end, paid[month]])
                start = after
    return rows


@pytest.mark.parametrize("kind", ["revenue", "subscriptions"])
def test_what_accounts_pay_is_enough_for_mrr_movements_and_churn(load, kind):
    files = whole()
    paid = files["revenue.csv"] if kind == "revenue" else subscriptions(files["revenue.csv"])
    listed = load({"accounts.csv": files["accounts.csv"], "paid.csv": paid}, written=FIRST + 24)
    alone = load({"paid.csv": paid}, written=FIRST + 24)
    assert any("No file lists the accounts: the 47 accounts that pay" in note for note in alone.notes)
    known, found = figures(listed), figures(alone)
    for name in ("mrr", "nrr", "grr", "customer_churn", "arpa", "quick_ratio", "new_customers"):
        assert found[name, "All"].value == known[name, "All"].value is not None, name
        assert found[name, "Partner"].value is None
    for name in ("signups", "activation", "pqls", "cpa"):
        assert found[name, "All"].value is None
        assert found[name, "All"].note
    # Who pays in the first month of revenue may have paid before; of a subscription the start is known.
    whose, theirs = (program.ledger.by_age["customers"].sum() for program in (alone, listed))
    first = sum(month == MONTHS[0] for _, month, _ in files["revenue.csv"][1:])
    assert whose == theirs if kind == "subscriptions" else 0 < theirs - whose <= 24 * first


def test_accounts_are_not_made_up_where_a_list_waits_or_was_refused(load):
    files = whole()
    refused = [files["accounts.csv"][0], *(["", *row[1:]] for row in files["accounts.csv"][1:])]
    program = load({"accounts.csv": refused, "revenue.csv": files["revenue.csv"]})
    assert "accounts" not in program.ledger.has
    assert figures(program)["mrr", "All"].value is None
    program = load({"accounts.csv": b"PK\x03\x04 a workbook", "revenue.csv": files["revenue.csv"]})
    assert "accounts" not in program.ledger.has


def test_without_motions_pages_speak_of_all_customers_and_nothing_unknown_is_zero(load):
    """What a revenue file alone carries stands in the tiles; partners' share of it is drawn nowhere as nothing."""
    files = whole()
    ledger = load({"revenue.csv": files["revenue.csv"]}).ledger
    chosen = m.Settings(as_of=ledger.last_month)
    assert m.whole(ledger) == (m.ALL_CUSTOMERS, m.ALL)
    by_motion = charts.mrr_by_motion(ledger, chosen)
    assert list(by_motion.shown.columns) == ["month", "all"]
    assert by_motion.shown["all"].iloc[-1] == figures(load({"revenue.csv": files["revenue.csv"]}))["mrr", "All"].value
    assert "no file says" in by_motion.title
    assert "no file says" in charts.sources(ledger, chosen).title
    kept = charts.proof(ledger, chosen, default_rules())
    assert kept.title.startswith("All customers keep ")
    assert "ten customers" not in kept.title
    tiles = {one.label: one for one in overview.tiles(ledger, chosen, default_rules())}
    assert tiles["MRR"].value != "unknown" != tiles["NRR"].value
    assert in_short(ledger, chosen, default_rules()).endswith("no file says which of them partners brought.")
