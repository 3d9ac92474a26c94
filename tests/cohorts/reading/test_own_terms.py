"""What a partner list says of the terms of single partners: read as it is written, asked where it could be either."""

from pathlib import Path

import pytest

from motions.cohorts.contract import OF_TERMS
from motions.cohorts.ledger.accounts import NOBODY, NOT_SAID, read_attributed
from motions.cohorts.metrics import metrics as m
from motions.cohorts.reading.mapping import NOT_THERE, Mapping
from motions.cohorts.reading.recruiters import in_rings
from motions.command_line import complain_of_questions

FILES = {
    "accounts.csv": "account_id,signed_up_on,motion,partner_id\n"
    "A1,2026-01-03,affiliate,P1\nA2,2026-01-04,affiliate,P2\n",
    "revenue.csv": "account_id,month,mrr\nA1,2026-01,100\nA1,2026-02,100\nA2,2026-01,50\nA2,2026-02,50\n",
}
IDS = ("P1", "P2", "P3", "P4")


@pytest.fixture
def listed(load):
    """Load a partner list of four affiliates with one column more, or several; return program and what they have."""

    def read(header, *cells, name="partners.csv", more=None, **options):
        assert len(cells) == len(IDS)
        rows = [f"{one},Partner {one},affiliate,2025-12-01,{cell}" for one, cell in zip(IDS, cells, strict=True)]
        text = "\n".join([f"partner_id,name,motion,recruited_on,{header}", *rows])
        found = {}
        files = FILES | {name: text} | (more or {})
        program = load(files, then=lambda con: found.update(read_attributed(con)), **options)
        return program, found["affiliate"]

    return read


def source(program, name="partners.csv"):
    return next(one for one in program.sources if one.name == name)


def remarks(program):
    return " ".join(program.notes)


@pytest.mark.parametrize(
    ("cells", "rates"),
    [
        (("30 %", "12.5%", "", "0 %"), [300_000, 125_000, NOBODY, 0]),
        (("30", "12,5", "-", "100"), [300_000, 125_000, NOBODY, 1_000_000]),
        (("0.3", "0.125", "", "0.2"), [300_000, 125_000, NOBODY, 200_000]),
        (("0.3", "12.5 %", "", ""), [NOT_SAID, 125_000, NOBODY, NOBODY]),  # asked: 0.3 may be 0.3 %
        (("30 pct", " 12.5 percent ", "n/a", "None"), [300_000, 125_000, NOBODY, NOBODY]),
    ],
)
def test_a_rate_is_read_as_its_column_is_written(listed, cells, rates):
    cells = [f'"{cell}"' for cell in cells]
    program, partners = listed("Commission rate", *cells)
    assert partners.of_own("rate").tolist() == rates
    assert not program.rejects
    assert [one.key for one in source(program).questions] == (["commission_rate"] if NOT_SAID in rates else [])


def test_what_could_be_either_is_asked_once_and_nothing_waits_for_it(listed):
    program, partners = listed("commission_rate,uplift", "0.5,0.05", "1,", ",", "0.25,")
    (asked,) = source(program).questions  # the answer is that of both columns
    assert (asked.part, asked.key, asked.options) == ("forms", "commission_rate", ("percents", "parts of one"))
    assert not asked.matters
    assert "'1', '0.5' and '0.25'" in asked.asks
    assert partners.of_own("rate").tolist() == [NOT_SAID, NOT_SAID, NOBODY, NOT_SAID]
    assert partners.of_own("uplift").tolist() == [NOT_SAID, NOBODY, NOBODY, NOBODY]
    said = {
        "percents": ([5_000, 10_000, NOBODY, 2_500], 500),
        "parts of one": ([500_000, 10**6, NOBODY, 250_000], 50_000),
    }
    for answer, (rates, uplift) in said.items():
        mapping = source(program).complete().answered(asked.part, asked.key, answer)
        again, partners = listed(
            "commission_rate,uplift", "0.5,0.05", "1,", ",", "0.25,", corrections={"partners.csv": mapping}
        )
        assert not source(again).questions
        assert partners.of_own("rate").tolist() == rates
        assert partners.of_own("uplift").tolist() == [uplift, NOBODY, NOBODY, NOBODY]


@pytest.mark.proof
def test_small_points_alone_are_asked_and_large_ones_are_percents(listed):
    program, partners = listed("uplift", "0.5", "", "", "")
    assert [one.key for one in source(program).questions] == ["uplift"]
    assert partners.of_own("uplift").tolist() == [NOT_SAID, NOBODY, NOBODY, NOBODY]
    program, partners = listed("uplift", "5", "2.5", "", "")
    assert not source(program).questions
    assert partners.of_own("uplift").tolist() == [50_000, 25_000, NOBODY, NOBODY]
    # Beside rates in percent half a point is half a point.
    program, partners = listed("rate_uplift,commission rate", "0.5,20", ",25", ",", ",")
    assert not source(program).questions
    assert partners.of_own("uplift").tolist() == [5_000, NOBODY, NOBODY, NOBODY]


@pytest.mark.parametrize(
    ("column", "cell", "why"),
    [
        ("commission_rate", "-5", "no rate from 0 to 100 %"),
        ("commission_rate", "120", "no rate from 0 to 100 %"),
        ("uplift", "101 %", "no rate from 0 to 100 %"),
        ("uplift", "-1", "no rate from 0 to 100 %"),
        ("commission_rate", "as agreed", "no rate from 0 to 100 %"),
        ("own_reward", "-50", "no reward of zero or more"),
        ("own_reward", "99999999", "no reward of zero or more"),
    ],
)
def test_what_can_not_be_is_said_with_its_line_and_the_partner_stays(listed, column, cell, why):
    program, partners = listed(column, "20", cell, "", "30")
    name = {"commission_rate": "rate", "own_reward": "reward"}.get(column, column)
    assert partners.of_own(name).tolist() == [
        *([200_000, NOT_SAID, NOBODY, 300_000] if name != "reward" else [2000, NOT_SAID, NOBODY, 3000])
    ]
    said = (
        f"1 cell in column {column} of partners.csv is {why}, the first is '{cell}' in line 3: the plan's counts there."
    )
    assert f"{said} Correct it" in remarks(program)
    assert (program.ledger.partners["partner_id"].tolist(), program.rejects) == (list(IDS), ())


def test_a_column_of_words_is_no_column_of_rates(listed):
    program, partners = listed("Commission rate", "Gold", "Silver", "Gold", "20")
    assert partners.of_own("rate").tolist() == [NOBODY] * 4
    assert "Column Commission rate of partners.csv holds words where the rates of single partners" in remarks(program)


def test_rewards_are_amounts(listed):
    program, partners = listed("Reward per customer", "$50.00", "75.505", "", "0")
    assert partners.of_own("reward").tolist() == [5000, 7551, NOBODY, 0]
    assert not source(program).questions
    program, partners = listed("Reward per customer", "1.500", "2.500", "", "")
    assert [(one.key, one.matters) for one in source(program).questions] == [("own_reward", False)]
    assert partners.of_own("reward").tolist() == [NOT_SAID, NOT_SAID, NOBODY, NOBODY]


# Recruiters


def test_a_recruiter_is_a_partner_of_the_list(listed):
    program, partners = listed("Upline", "", "P1", "P2", "P1.0")
    assert partners.recruiters_known
    assert partners.of_own("recruiter").tolist() == [NOBODY, 0, 1, NOT_SAID]
    assert "partners.csv, line 5, column Upline: P1.0, who is to have recruited P4, is not in the list" in remarks(
        program
    )
    assert "Nobody gets an override there. Add it, or correct it." in remarks(program)


def test_nobody_recruits_itself_and_a_ring_recruits_nobody(listed):
    program, partners = listed("sponsor", "P1", "P3", "P2", "P3")
    # P2 and P3 are to have recruited one another; who P3 recruited is no matter of that.
    assert partners.of_own("recruiter").tolist() == [NOT_SAID, NOT_SAID, NOT_SAID, 2]
    said = remarks(program)
    assert "partners.csv, line 2, column sponsor: P1 is to have recruited itself." in said
    assert "line 3, column sponsor: P3 is to have recruited P2, and P2 it, by itself or through others; " in said
    assert in_rings({"A": "B", "B": "C", "C": "A", "D": "D2", "D2": "A"}) == ["A", "B", "C"]


def test_a_column_that_is_blank_or_missing_says_nothing_of_recruiters(listed, load):
    program, partners = listed("recruited_by", "", "", "", "")
    assert not partners.recruiters_known
    assert "partners.recruited_by" not in program.ledger.has
    program, partners = listed("recruited_by", "0", "P1", "0", "NULL")
    assert partners.of_own("recruiter").tolist() == [NOBODY, 0, NOBODY, NOBODY]
    assert not remarks(program).count("not in the list")


def test_names_in_place_of_ids_are_offered(listed):
    program, partners = listed("Sponsor", "", "Partner P1", "partner p1", "")
    (asked,) = source(program).questions
    assert (asked.part, asked.key, asked.options[0]) == ("match", "recruited_by", "by name")
    assert not asked.matters
    mapping = source(program).complete().answered(asked.part, asked.key, asked.options[0])
    program, partners = listed("Sponsor", "", "Partner P1", "partner p1", "", corrections={"partners.csv": mapping})
    assert partners.of_own("recruiter").tolist() == [NOBODY, 0, 0, NOBODY]


def test_a_recruiter_of_another_motion_is_paid_where_its_recruits_sell(load):
    found = {}
    partners = (
        "partner_id,name,motion,recruited_on,recruited_by\nP1,A,affiliate,2025-12-01,R\nR,B,reseller,2025-12-01,\n"
    )
    load(FILES | {"partners.csv": partners}, then=lambda con: found.update(read_attributed(con)))
    assert found["affiliate"].partner_ids == ("P1", "P2", "R")
    # P2 is not in the list: who recruited it nobody knows.
    assert found["affiliate"].of_own("recruiter").tolist() == [2, NOT_SAID, NOBODY]


@pytest.mark.proof
def test_a_platform_that_names_the_parent_is_known(load):
    path, found = Path("tests/data/presets/firstpromoter-promoters.csv"), {}
    mapping = Mapping(kind="partners", columns={"partner_id": "id", "recruited_on": "created_at"},
                      constants={"motion": "affiliate"})  # fmt: skip
    for corrections in ({"p.csv": mapping}, {}):
        program = load({"p.csv": path.read_bytes()} | FILES, corrections=corrections)
        assert source(program, "p.csv").columns["recruited_by"] == 10
    load({"p.csv": path.read_bytes()} | FILES, corrections={"p.csv": mapping},
         then=lambda con: found.update(read_attributed(con)))  # fmt: skip
    affiliates = found["affiliate"]
    at = affiliates.partner_ids.index("12")
    assert affiliates.partner_ids[affiliates.of_own("recruiter")[at]] == "11"


def test_several_files_complete_one_another(listed):
    more = {"rates.csv": "partner_id,motion,recruited_on,commission_rate\nP1,affiliate,2025-12-01,25 %\n"
                         "P2,affiliate,2025-12-01,-3\nP3,affiliate,2025-12-01,40 %\n"}  # fmt: skip
    program, partners = listed("recruited_by,commission_rate", "P9,", "P1,", "P1,30 %", "P2,", more=more)
    assert partners.of_own("rate").tolist() == [250_000, NOT_SAID, 300_000, NOBODY]
    assert partners.of_own("recruiter").tolist() == [NOT_SAID, 0, 0, 1]
    assert "column recruited_by: P9, who is to have recruited P1" in remarks(program)
    (one,) = program.contradictions
    assert (one.column, one.taken, one.other) == ("commission_rate", "30 %", "40 %")


def test_what_single_partners_are_paid_changes_no_figure_of_health(listed, load):
    without, _ = listed("note", "a", "b", "c", "d")
    program, _ = listed("recruited_by,commission_rate,uplift,own_reward", "P9,20,5,9", "P1,,,", ",150,,x", "P4,,,")
    settings = m.Settings(as_of=program.ledger.last_month)
    for one in m.METRICS:
        assert repr(m.measure(one, program.ledger, settings, m.ALL)) == repr(
            m.measure(one, without.ledger, settings, m.ALL)
        )
    assert program.ledger.has - without.ledger.has == {f"partners.{name}" for name in OF_TERMS}


@pytest.mark.proof
def test_a_saved_mapping_of_before_finds_them_and_can_leave_them_out(listed):
    program, _ = listed("note", "a", "b", "c", "d")
    old = source(program).complete().model_copy(update={"header": ("partner_id", "recruited_on")})
    program, partners = listed("Commission rate", "30", "", "", "", mappings=[old])
    assert partners.of_own("rate").tolist() == [300_000, NOBODY, NOBODY, NOBODY]
    without = source(program).complete().answered("columns", "commission_rate", NOT_THERE)
    _, partners = listed("Commission rate", "30", "", "", "", corrections={"partners.csv": without})
    assert partners.of_own("rate").tolist() == [NOBODY] * 4


def test_the_choices_are_explained_on_the_command_line(listed, capsys):
    program, _ = listed("commission_rate", "1", "", "", "")
    complain_of_questions(program.sources)
    assert "percents: 20 or 20 % for a fifth; parts of one: 0.2 or 20 % for a fifth" in capsys.readouterr().err
