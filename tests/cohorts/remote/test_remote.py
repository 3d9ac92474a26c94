"""The same program in PostgreSQL and in Spark gives the same figures to the cent, the same checks and clear errors."""

import contextlib
import csv
import json
import random as chance
import socket
import threading
import time

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from streamlit.testing.v1 import AppTest

from motions import work
from motions.__main__ import main
from motions.cohorts.remote import engines
from motions.cohorts.remote.engines import connected
from motions.cohorts.remote.program import load_connection
from motions.errors import FileError, MixedCurrencies
from tests.conftest import FRAMES, SAMPLE, SAMPLE_FILES, TODAY, examples

# PySpark warns of the pandas that Streamlit comes with.
pytestmark = [
    pytest.mark.filterwarnings("ignore:PySpark does not yet fully support pandas"),
    pytest.mark.filterwarnings("ignore::ResourceWarning"),
]
ACCOUNTS = [["account_id", "signed_up_on", "motion"], ["A1", "2025-01-05", "affiliate"], ["A2", "2025-02-05", ""]]
REVENUE = [
    ["account_id", "month", "mrr"],
    ["A1", "2025-02", "100"],
    ["A1", "2025-03", "100.50"],
    ["A2", "2025-03", "80"],
]


# What is asked of both engines alike is asked of Spark in a test or two: a reading takes it ten seconds and more.
ON_POSTGRESQL = pytest.mark.parametrize("server", ["postgresql"], indirect=True)


@pytest.fixture(params=["postgresql", "spark"])
def server(request):
    return request.getfixturevalue(request.param)


@pytest.fixture
def read(server, tmp_path):
    """Load a program from tables that are put on the server."""

    def read_tables(tables, types=(), **options):
        return load_connection("warehouse", server.put(tables, types), tmp_path, TODAY, **options)

    return read_tables


def sample():
    return {name.removesuffix(".csv"): list(csv.reader(path.open(encoding="utf-8"))) for name, path in SAMPLE_FILES}


def ordered(frame):
    """A frame with its rows in the order of what they are of."""
    keys = [
        name
        for name, values in frame.items()
        if values.dtype == object or name in ("cohort", "month", "age", "ended_month")
    ]
    rows = sorted(range(len(frame[keys[0]])), key=lambda at: tuple(str(frame[name][at]) for name in keys))
    return {name: values[rows] for name, values in frame.items()}


def assert_same(one, other):
    for part in FRAMES:
        ours, theirs = ordered(getattr(one, part)), ordered(getattr(other, part))
        assert list(ours) == list(theirs)
        for name, values in ours.items():
            if values.dtype == np.float64:
                assert np.allclose(values, theirs[name], rtol=1e-9, atol=0), (part, name)
            else:
                assert values.tolist() == theirs[name].tolist(), (part, name)
    assert (one.last_month, one.has, one.currency) == (other.last_month, other.has, other.currency)


def assert_same_findings(ones, others):
    for one, other in zip(ones, others, strict=True):
        assert (one.name, one.count, sorted(one.rows)) == (other.name, other.count, sorted(other.rows))
        assert (one.moved is None) == (other.moved is None)
        for name in ("moved", "moved_partners", "spent"):
            mine, theirs = getattr(one, name), getattr(other, name)
            if mine is not None and theirs is not None:
                sums = [{key: float(v.sum()) for key, v in f.items() if v.dtype != object} for f in (mine, theirs)]
                assert sums[0] == pytest.approx(sums[1])


def test_the_sample_is_the_same_to_the_cent(read, sample_program):
    program = read(sample())
    assert_same(program.ledger, sample_program.ledger)
    assert_same_findings(program.findings, sample_program.findings)
    assert [(file.table, file.rows, file.accepted) for file in program.files] == [
        (file.table, file.rows, file.accepted) for file in sample_program.files
    ]
    assert (program.currencies, program.notes) == (sample_program.currencies, sample_program.notes)


def random_program(seed):
    """A small program with gaps, orphans, mis-tagged accounts, unknown partners and amounts of odd cents."""
    choose = chance.Random(seed)
    day = lambda: f"202{choose.randint(4, 5)}-{choose.randint(1, 12):02d}-{choose.randint(1, 28):02d}"  # noqa: E731
    accounts = [["account_id", "signed_up_on", "motion", "partner_id", "activated_on", "pql_on", "segment"]]
    revenue = [["account_id", "month", "mrr", "currency"]]
    for number in range(choose.randint(1, 30)):
        motion = choose.choice(["", "organic", "Affiliate", "reseller", "channel"])
        partner = choose.choice(["", "P0", "P1", "P9"])
        maybe = [day() if choose.random() < 0.6 else "" for _ in range(2)]
        accounts.append([f"A{number}", day(), motion, partner, *maybe, choose.choice(["", "small", "large"])])
    for number in range(len(accounts) + 2):
        paid = choose.choice([0.1, 0.6, 0.97])
        for at in range(30):
            if choose.random() < paid:
                mrr = choose.choice(["0", "9.99", "10", "25.5", str(choose.randint(1, 10**6) / 100)])
                revenue.append([f"A{number}", f"{2024 + at // 12}-{at % 12 + 1:02d}", mrr, "USD"])
    choose.shuffle(revenue_rows := revenue[1:])
    partners = [["partner_id", "name", "motion", "recruited_on", "ended_on"]]
    partners += [[f"P{at}", f"Partner {at}", choose.choice(["affiliate", "reseller"]), day(), ""] for at in range(2)]
    spend = [["month", "amount", "kind", "motion", "partner_id", "currency"]]
    for _ in range(choose.randint(0, 12)):
        kind = choose.choice(["payout", "program", "marketing"])
        amount = f"{choose.randint(-500, 90_000) / 100}"
        whose = [choose.choice(["", "affiliate"]), choose.choice(["", "P0", "P7"])]
        spend.append([f"2025-{choose.randint(1, 12):02d}", amount, kind, *whose, "USD"])
    return {"accounts": accounts, "revenue": [revenue[0], *revenue_rows], "partners": partners, "spend": spend}


def as_files(tables):
    return {f"{name}.csv": rows for name, rows in tables.items()}


@pytest.mark.main
def test_one_program_is_the_same(read, load):
    tables = random_program(4)
    expected, program = load(as_files(tables)), read(tables)
    assert_same(program.ledger, expected.ledger)
    assert_same_findings(program.findings, expected.findings)
    assert any(finding.count for finding in program.findings)
    assert {"affiliate", "organic"} < set(program.ledger.by_cohort["motion"])


@given(seed=st.integers(0, 10**9))
@settings(deadline=None, max_examples=examples(10), suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_random_program_is_the_same_in_postgresql(postgresql, load, tmp_path, seed):
    tables = random_program(seed)
    expected = load(as_files(tables))
    program = load_connection("warehouse", postgresql.put(tables), tmp_path, TODAY)
    assert_same(program.ledger, expected.ledger)
    assert_same_findings(program.findings, expected.findings)


@pytest.mark.long
@given(seed=st.integers(0, 10**9))
@settings(deadline=None, max_examples=1, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_random_program_is_the_same_in_spark(spark, load, tmp_path, seed):
    tables = random_program(seed)
    expected = load(as_files(tables))
    program = load_connection("lake", spark.put(tables), tmp_path, TODAY)
    assert_same(program.ledger, expected.ledger)
    assert_same_findings(program.findings, expected.findings)


@ON_POSTGRESQL
def test_two_tables_are_enough_and_columns_may_stand_in_any_order(read, load):
    tables = {"accounts": [row[::-1] for row in ACCOUNTS], "revenue": REVENUE}
    assert_same(read(tables).ledger, load(as_files(tables)).ledger)


# What can't be used


@ON_POSTGRESQL
def test_two_rows_for_an_account_and_month_are_refused(read):
    with pytest.raises(FileError, match="table revenue: has 1 row more than it should: account_id A1 in 2025-03"):
        read({"accounts": ACCOUNTS, "revenue": [*REVENUE, ["A1", "2025-03", "7"]]})
    with pytest.raises(FileError, match="table revenue: has 2 rows more than it should: account_id A1 in 2025-02"):
        read({"accounts": ACCOUNTS, "revenue": [*REVENUE, ["A1", "2025-02", "0"], ["A1", "2025-02", "0"]]})
    with pytest.raises(FileError, match="table accounts: has 2 rows more than it should: account_id A2 stands"):
        read({"accounts": [*ACCOUNTS, ACCOUNTS[2], ACCOUNTS[2]], "revenue": REVENUE})


@ON_POSTGRESQL
def test_rows_that_do_not_fit_are_counted_and_listed(read):
    tables = {
        "accounts": [*ACCOUNTS, ["", "2025-01-01", ""], ["A4", "2031-01-01", ""], ["A5", "", ""]],
        "revenue": [*REVENUE, ["A2", "2025-04", "-5"]],
    }
    program = read(tables)
    counts = [(file.name, file.rows, file.accepted, file.rejected) for file in program.files]
    assert counts == [("warehouse.accounts", 5, 2, 3), ("warehouse.revenue", 4, 3, 1)]
    assert {(one.file, one.column, one.value) for one in program.rejects} == {
        ("warehouse.accounts", "account_id", ""),
        ("warehouse.accounts", "signed_up_on", "2031-01-01"),
        ("warehouse.accounts", "signed_up_on", ""),
        ("warehouse.revenue", "mrr", "-5.00"),
    }
    said = {one.reason for one in program.rejects}
    assert "is no day of the calendar up to today (2026-11-22) (account_id A4)" in said
    assert "is no amount of zero or more, below a million million (account_id A2)" in said


@ON_POSTGRESQL
def test_two_currencies_are_never_added(read):
    mixed = [["account_id", "month", "mrr", "currency"]]
    mixed += [["A1", "2025-03", "100", "USD"], ["A2", "2025-03", "80", "eur"], ["A2", "2025-04", "1", ""]]
    tables = {"accounts": ACCOUNTS, "revenue": mixed}
    with pytest.raises(MixedCurrencies) as problem:
        read(tables)
    assert problem.value.currencies == ("EUR", "USD")
    program = read(tables, currency="EUR")
    assert int(program.ledger.series("closing").sum()) == 8000
    assert program.notes == (
        "Set aside: 1 row of revenue not in EUR.",
        "Set aside: 1 row of revenue without a currency, while others state one.",
        *program.notes[2:],
    )


@pytest.mark.parametrize(
    ("tables", "types", "says"),
    [
        ({"customers": ACCOUNTS}, (), "has none of the tables. Make tables or views called accounts"),
        ({"accounts": [["account_id"], ["A1"]]}, (), "table accounts, column signed_up_on: is missing"),
        (
            {"accounts": [*ACCOUNTS, ["A3", "2025-01-01", "barter"]]},
            (),
            r"table accounts, column motion: holds 'barter' \(1 row\). Use one of ecosystem",
        ),
        (
            {"accounts": ACCOUNTS, "revenue": REVENUE},
            ((("revenue", "mrr"), "varchar(20)"),),
            "table revenue, column mrr: is no number. Give it a numeric type",
        ),
        (
            {"accounts": ACCOUNTS[:1], "revenue": [REVENUE[0], ["A1", "2031-01", "5"]]},
            (),
            "has no row that fits.*month of warehouse.revenue is no day of the calendar up to today",
        ),
    ],
)
def test_what_cannot_be_used_says_why(read, tables, types, says):
    with pytest.raises(FileError, match=says):
        read(tables, types)


@ON_POSTGRESQL
def test_spend_in_another_currency_is_as_good_as_absent(read):
    spend = [["month", "amount", "kind", "currency"], ["2025-03", "7", "program", "EUR"]]
    revenue = [[*row, "USD" if at else "currency"] for at, row in enumerate(REVENUE)]
    program = read({"accounts": ACCOUNTS, "revenue": revenue, "spend": spend}, currency="USD")
    assert not any(name.startswith("spend") for name in program.ledger.has)
    silent = read({"accounts": ACCOUNTS, "revenue": revenue, "spend": [row[:3] for row in spend]})
    assert silent.notes[-1] == "spend states no currency and is taken as USD, like the others."
    assert "spend" in silent.ledger.has


@ON_POSTGRESQL
def test_a_rare_currency_is_as_good_as_another(read):
    revenue = [[*row, "XAU" if at else "currency"] for at, row in enumerate(REVENUE)]
    program = read({"accounts": ACCOUNTS, "revenue": revenue})
    assert (program.currencies, int(program.ledger.series("closing").sum())) == (("XAU",), 28050)


@ON_POSTGRESQL
def test_a_row_that_is_rejected_has_no_say_in_the_currency(read):
    revenue = [[*row, "USD" if at else "currency"] for at, row in enumerate(REVENUE)]
    revenue += [["A2", "2031-01", "5", "EUR"], ["A2", "2025-04", "5", "EURO"], ["A2", "2025-05", "5", "-"]]
    program = read({"accounts": ACCOUNTS, "revenue": revenue})
    assert program.currencies == ("USD",)
    assert [(one.rows, one.accepted) for one in program.files] == [(2, 2), (6, 4)]


@ON_POSTGRESQL
def test_a_posting_that_is_exported_twice_is_refused(read):
    spend = [["posting_id", "month", "amount", "kind"], *[["X1", "2025-03", "5", "program"]] * 2]
    with pytest.raises(FileError, match="table spend: has 1 row more than it should: posting_id X1 stands there twice"):
        read({"accounts": ACCOUNTS, "revenue": REVENUE, "spend": spend})


def test_amounts_are_rounded_once_and_counted_and_odd_values_cost_their_row(postgresql, tmp_path):
    revenue = [*REVENUE, ["A2", "2025-04", "1.0049999999"], ["A2", "2025-05", "NaN"], ["A2", "2025-06", "1e12"]]
    partners = [["partner_id", "motion", "recruited_on"], ["P1", "_Co--Sell!", "infinity"], ["P2", "MSP", "2025-02-01"]]
    months = [["2025-02-30", 1], ["2024-02-29", 1], ["-", 1], ["soon", 1], ["2025-13", 1], ["2025-12", 1]]
    spend = [["month", "amount", "kind"], *([month, str(amount), "Marketing"] for month, amount in months)]
    put = postgresql.put(
        {"accounts": ACCOUNTS, "revenue": revenue, "partners": partners, "spend": spend},
        ((("revenue", "mrr"), "numeric"),),
    )
    program = load_connection("warehouse", put, tmp_path, TODAY)
    found = {file.table: (file.rows, file.accepted, file.rounded) for file in program.files}
    assert found == {"accounts": (2, 2, 0), "revenue": (6, 4, 1), "partners": (2, 1, 0), "spend": (6, 2, 0)}
    assert int(program.ledger.at("closing", 24303).sum()) == 100
    assert program.ledger.partners["motion"].tolist() == ["channel"]


@ON_POSTGRESQL
def test_months_may_be_dates_and_ids_numbers(read, load):
    accounts = [[row[0].replace("A", "10"), *row[1:]] for row in ACCOUNTS]
    revenue = [REVENUE[0], *([row[0].replace("A", "10"), f"{row[1]}-01", row[2]] for row in REVENUE[1:])]
    tables = {"accounts": accounts, "revenue": revenue}
    types = (
        (("accounts", "account_id"), "int"),
        (("revenue", "account_id"), "int"),
        (("revenue", "month"), "date"),
    )
    assert_same(read(tables, types).ledger, load(as_files(tables)).ledger)


def test_spark_has_numbers_as_ids_dates_as_months_misfits_and_currencies(spark, load, tmp_path):
    accounts = [["account_id", "signed_up_on", "motion"], ["101", "2025-01-05", "affiliate"], ["102", "2025-02-05", ""]]
    revenue = [["account_id", "month", "mrr", "currency"], ["101", "2025-02-01", "100", "USD"]]
    revenue += [["102", "2025-03-01", "80", "eur"], ["102", "2025-04-01", "1", ""], ["102", "2031-04-01", "5", "EUR"]]
    revenue += [["102", "2025-05-01", "-5", "EUR"]]
    odd = [["", "2025-01-01", ""], ["104", "2031-01-01", ""], ["105", "", ""]]
    tables = {"accounts": [*accounts, *odd], "revenue": revenue}
    types = (
        (("accounts", "account_id"), "int"),
        (("revenue", "account_id"), "int"),
        (("revenue", "month"), "date"),
    )
    put = spark.put(tables, types)
    with pytest.raises(MixedCurrencies) as problem:
        load_connection("lake", put, tmp_path, TODAY)
    assert problem.value.currencies == ("EUR", "USD")
    program = load_connection("lake", put, tmp_path, TODAY, currency="EUR")
    assert [(file.name, file.rows, file.accepted) for file in program.files] == [
        ("lake.accounts", 5, 2),
        ("lake.revenue", 5, 3),
    ]
    assert {(one.file, one.column, one.value) for one in program.rejects} == {
        ("lake.accounts", "account_id", ""),
        ("lake.accounts", "signed_up_on", "2031-01-01"),
        ("lake.accounts", "signed_up_on", ""),
        ("lake.revenue", "month", "2031-04-01"),
        ("lake.revenue", "mrr", "-5.00"),
    }
    said = {one.reason for one in program.rejects}
    assert "is no day of the calendar up to today (2026-11-22) (account_id 104)" in said
    assert "is no amount of zero or more, below a million million (account_id 102)" in said
    assert program.notes[:2] == (
        "Set aside: 1 row of revenue not in EUR.",
        "Set aside: 1 row of revenue without a currency, while others state one.",
    )
    clean = {"accounts": accounts, "revenue": [revenue[0], revenue[2]]}
    assert_same(program.ledger, load(as_files(clean)).ledger)


def test_times_with_a_zone_the_end_of_time_and_floating_amounts(postgresql, load, tmp_path):
    partners = [["partner_id", "name", "motion", "recruited_on", "ended_on"], ["P1", "One", "affiliate", "2025-01-01"]]
    there = {
        "accounts": [ACCOUNTS[0], ["A1", "2025-01-05 00:30:00+00", "affiliate"], ["A2", "2025-02-05 23:30:00-00", ""]],
        "revenue": REVENUE,
        "partners": [partners[0], [*partners[1], "9999-12-31"]],
    }
    here = {"accounts": ACCOUNTS, "revenue": REVENUE, "partners": [partners[0], [*partners[1], ""]]}
    types = (
        (("accounts", "signed_up_on"), "timestamptz"),
        (("accounts", "motion"), "char(20)"),
        (("revenue", "mrr"), "double precision"),
    )
    program = load_connection("warehouse", postgresql.put(there, types), tmp_path, TODAY)
    assert_same(program.ledger, load(as_files(here)).ledger)


@pytest.mark.parametrize(
    ("tables", "types", "says"),
    [
        ({"accounts": [ACCOUNTS[0]], "spend": [["month", "amount", "kind"]]}, (), "has no row that fits"),
        ({"accounts": [['"Account_ID"', *ACCOUNTS[0][1:]], ACCOUNTS[1]]}, (), "column account_id: is missing"),
        (
            {"accounts": [ACCOUNTS[0], ["A1", "2025-01-05", "{}"]]},
            ((("accounts", "motion"), "json"),),
            r"column motion: holds '\{\}' \(1 row\)",
        ),
        ({"accounts": [ACCOUNTS[0], ["A1", "", "affiliate"]]}, (), "is empty; a row can't be used without it"),
    ],
)
def test_odd_tables_of_postgresql(postgresql, tmp_path, tables, types, says):
    with pytest.raises(FileError, match=says):
        load_connection("warehouse", postgresql.put(tables, types), tmp_path, TODAY)


def test_a_login_that_is_refused_tells_nothing_of_it(postgresql, tmp_path):
    wrong = {"url": postgresql.url.replace("secret", "guess-4711")}
    with pytest.raises(FileError) as problem:
        load_connection("warehouse", wrong, tmp_path, TODAY)
    assert str(problem.value).startswith("warehouse: does not answer, refuses the login")
    assert not any(word in str(problem.value) for word in ("guess-4711", "127.0.0.1", "postgres"))
    assert problem.value.__context__ is None


@pytest.mark.parametrize(
    "url", ["mysql://a:4711@b/c", "postgresql://a:4711@:::", "", "file:///etc/passwd", "sqlite://"]
)
def test_other_urls_are_refused_without_being_shown(tmp_path, url):
    with pytest.raises(FileError, match=r"is no connection that is known|has a url that can't be read") as problem:
        load_connection("warehouse", {"url": url}, tmp_path, TODAY)
    assert "4711" not in str(problem.value)


@pytest.mark.parametrize("url", ["sc://127.0.0.1:9/;token=hidden", "sc://127.0.0.1:many"])
def test_a_spark_that_is_not_there(spark, tmp_path, url):
    with pytest.raises(FileError, match="lake: does not answer") as problem:
        load_connection("lake", {"url": url}, tmp_path, TODAY)
    assert "hidden" not in str(problem.value)


def test_nothing_can_be_written_to_postgresql(postgresql):
    put = postgresql.put({"accounts": ACCOUNTS})
    with pytest.raises(FileError), connected("warehouse", put) as engine:
        engine.ask(f"DELETE FROM {put['schema']}.accounts RETURNING 1")
    with connected("warehouse", put) as engine:
        assert engine.ask(f"SELECT COUNT(*) FROM {engine.table('accounts')}") == [(2,)]


def test_a_login_without_rights_on_a_table(postgresql, tmp_path):
    import psycopg  # noqa: PLC0415

    put = postgresql.put({"accounts": ACCOUNTS})
    with psycopg.connect(postgresql.url) as connection:
        connection.execute("CREATE ROLE stranger LOGIN PASSWORD 'secret'")
        connection.execute(f"GRANT USAGE ON SCHEMA {put['schema']} TO stranger")
    with pytest.raises(FileError, match=r"refuses to read a table\. Grant the login SELECT"):
        load_connection("warehouse", put | {"url": put["url"].replace("motions:", "stranger:")}, tmp_path, TODAY)


@pytest.mark.parametrize("scheme", ["postgresql", "sc"])
def test_a_server_that_says_nothing_is_given_up(spark, tmp_path, monkeypatch, scheme):
    monkeypatch.setattr(engines, "PATIENCE", 2)
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen()
        with pytest.raises(FileError, match="does not answer"):
            load_connection("mute", {"url": f"{scheme}://127.0.0.1:{silent.getsockname()[1]}"}, tmp_path, TODAY)


def test_a_connection_lost_in_mid_reading_is_said_and_leaves_nothing(postgresql, tmp_path, monkeypatch):
    import psycopg  # noqa: PLC0415

    asked, ask = [], engines.PostgreSQL.ask

    def cut(self, select):
        asked.append(select)
        if len(asked) == 4:
            with psycopg.connect(postgresql.url) as other:
                other.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid()")
        return ask(self, select)

    put = postgresql.put({"accounts": ACCOUNTS, "revenue": REVENUE})
    monkeypatch.setattr(engines.PostgreSQL, "ask", cut)
    with pytest.raises(FileError, match="warehouse: does not answer, refuses the login, or broke off") as problem:
        load_connection("warehouse", put, tmp_path, TODAY)
    assert len(asked) == 4
    assert "127.0.0.1" not in str(problem.value)
    assert not list(tmp_path.iterdir())
    monkeypatch.undo()
    assert load_connection("warehouse", put, tmp_path, TODAY).ledger.last_month  # the next one goes well


class Wire:
    """A wire to a server that can be cut: whoever is at its end sees the connection go, and nobody answer any more."""

    def __init__(self, port):
        self._port, self._open, self._listening = port, [], socket.create_server(("127.0.0.1", 0))
        self.port = self._listening.getsockname()[1]
        threading.Thread(target=self._connect, daemon=True).start()

    def _connect(self):
        with contextlib.suppress(OSError):
            while True:
                near, far = self._listening.accept()[0], socket.create_connection(("127.0.0.1", self._port))
                self._open += [near, far]
                for one, other in ((near, far), (far, near)):
                    threading.Thread(target=self._carry, args=(one, other), daemon=True).start()

    def _carry(self, one, other):
        with contextlib.suppress(OSError):
            while content := one.recv(1 << 16):
                other.sendall(content)

    def cut(self):
        for one in (self._listening, *self._open):
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()


@pytest.mark.filterwarnings("ignore:.*RETRIES_EXCEEDED")
def test_a_spark_lost_in_mid_reading_is_said_soon_and_leaves_nothing(spark, tmp_path, monkeypatch):
    wire, asked, ask = Wire(int(spark.url.rsplit(":", 1)[1])), [], engines.Spark.ask

    def cut(self, select):
        asked.append(time.monotonic())
        if len(asked) == 2:
            wire.cut()
        return ask(self, select)

    put = spark.put({"accounts": ACCOUNTS, "revenue": REVENUE}) | {"url": f"sc://127.0.0.1:{wire.port}"}
    monkeypatch.setattr(engines.Spark, "ask", cut)
    with pytest.raises(FileError, match="lake: does not answer, or refuses to read") as problem:
        load_connection("lake", put, tmp_path, TODAY)
    assert len(asked) == 2
    assert time.monotonic() - asked[1] < 3 * engines.PATIENCE
    assert "127.0.0.1" not in str(problem.value)
    assert not list(tmp_path.iterdir())


# Where it is used


def secrets(folder, put):
    path = folder / "secrets.toml"
    path.write_text("[connections.warehouse]\n" + "\n".join(f"{key} = {json.dumps(put[key])}" for key in put), "utf-8")
    return path


def test_the_command_line_says_the_same_of_a_connection_as_of_files(postgresql, tmp_path, capsysbinary):
    path = secrets(tmp_path, postgresql.put(sample()))
    assert main(["health", "--connection", "warehouse", "--secrets", str(path), "--format", "json"]) == 0
    there = json.loads(capsysbinary.readouterr().out)
    assert main(["health", *(str(path) for _, path in SAMPLE_FILES), "--format", "json"]) == 0
    here = json.loads(capsysbinary.readouterr().out)
    assert [file.pop("file") for file in there["files"]] == [
        f"warehouse.{file.pop('file').removesuffix('.csv')}" for file in here["files"]
    ]
    assert there == here


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "Name either files or a --connection."),
        (["a.csv", "--connection", "warehouse"], "Name either files or a --connection."),
        (["--connection", "lake"], "the secrets have no [connections.lake]"),
    ],
)
def test_a_connection_that_is_not_named_well(tmp_path, capsysbinary, arguments, says):
    path = secrets(tmp_path, {"url": "postgresql://nobody:hidden@nowhere/x"})
    assert main(["health", *arguments, "--secrets", str(path)]) == 2
    said = capsysbinary.readouterr().err.decode()
    assert says in said
    assert "hidden" not in said


def test_a_connection_of_the_server_is_read_on_the_page(postgresql):
    app = AppTest.from_file(str(SAMPLE.parent / "dashboard.py"), default_timeout=60)
    lost = {"url": "postgresql://somebody:hidden@127.0.0.1:9/x"}
    app.secrets["connections"] = {"warehouse": postgresql.put(sample()), "lost": lost}
    app.run().switch_page("pages/health.py").run()
    app.selectbox(key="connection").select("warehouse").run()
    assert not app.exception
    assert {metric.label: metric.value for metric in app.metric}["NRR"].replace("\\", "") == "91.6 %"
    app.selectbox(key="connection").select("lost").run()
    said = app.error[0].value.replace("\\", "")
    assert said.startswith("lost: does not answer")
    assert "hidden" not in said
    app.button(key="read_again").click().run()
    assert app.error[0].value.replace("\\", "") == said
    app.button(key="remove_files").click().run()
    assert app.selectbox(key="connection").value is None
    assert not app.metric


def test_what_a_database_works_on_is_cancelled_when_its_session_has_gone(postgresql, monkeypatch):
    class GoneError(Exception):
        pass

    monkeypatch.setattr(work, "_asked", [lambda: GoneError])
    started = time.monotonic()
    with pytest.raises(GoneError), connected("warehouse", {"url": postgresql.url}) as engine:
        engine.ask("SELECT pg_sleep(60)")
    assert time.monotonic() - started < 30
