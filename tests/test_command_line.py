"""The command line among other programs: its exit codes, what it writes over, what it opens, and what it leaves."""

import json
import os
import pty
import signal
import subprocess
import sys
import time
import zipfile

import pptx
import pytest

from motions import __main__ as command
from motions.economics.files.exchange import to_yaml
from motions.economics.inputs.links import Named, to_link
from tests.conftest import SAMPLE, SAMPLE_FILES
from tests.out.packs import BASELINE, SCENARIO, template

FILES = [str(path) for _, path in SAMPLE_FILES]
ACCOUNTS = "account_id,signed_up_on,motion\nA1,2025-01-05,affiliate\n"


@pytest.fixture
def accounts(tmp_path):
    path = tmp_path / "accounts.csv"
    path.write_text(ACCOUNTS, "utf-8")
    return path


def run(capsysbinary, *arguments):
    code = command.main(["health", *map(str, arguments)])
    out = capsysbinary.readouterr()
    return code, out.out, out.err.decode()


def module(*arguments, **options):
    """The program as a process of its own."""
    whole = [sys.executable, "-m", "motions", "health", *arguments]
    return subprocess.Popen(whole, cwd=SAMPLE.parent, stdout=subprocess.PIPE, stderr=subprocess.PIPE, **options)


def test_a_fault_of_its_own_exits_with_3_and_a_sentence(capsysbinary, accounts, monkeypatch):
    def broken(form, report):
        raise KeyError("what \x1b[2J is missing")

    monkeypatch.setattr(command, "_made", broken)
    code, out, err = run(capsysbinary, accounts)
    assert (code, out) == (3, b"")
    assert err.count("\n") == 1
    assert "KeyError" in err
    assert "--traceback" in err
    assert "Traceback" not in err
    code, _, err = run(capsysbinary, accounts, "--traceback")
    assert code == 3
    assert "Traceback" in err
    assert "\x1b" not in err
    assert "3 a fault of the program" in command.__doc__
    assert "3 a fault of the program" in (SAMPLE.parent / "docs" / "operators.md").read_text("utf-8").replace("\n", " ")


@pytest.mark.parametrize("option", ["--output", "--rejected"])
def test_what_is_read_is_never_written_over(capsysbinary, accounts, tmp_path, option):
    mapping, rules = tmp_path / "mapping.yaml", tmp_path / "rules.yaml"
    mapping.write_text("mappings: [{kind: accounts, header: [account_id, signed_up_on, motion]}]\n", "utf-8")
    rules.write_bytes((SAMPLE.parent / "motions/cohorts/verdicts/rules.yaml").read_bytes())
    before = {path: path.read_bytes() for path in (accounts, mapping, rules)}
    (tmp_path / "symbolic").symlink_to(accounts)
    os.link(accounts, tmp_path / "hard")
    for path in (*before, tmp_path / "symbolic", tmp_path / "hard", tmp_path / "." / "accounts.csv"):
        code, _, err = run(capsysbinary, accounts, "--mapping", mapping, "--rules", rules, option, path)
        assert (code, "is one of the files that are read" in err) == (2, True)
    assert before == {path: path.read_bytes() for path in before}
    code, _, err = run(capsysbinary, accounts, "--output", tmp_path / "new", "--rejected", tmp_path / "new")
    assert (code, "Name two files" in err) == (2, True)


@pytest.mark.parametrize("option", ["", "--mapping", "--rules"])
def test_a_pipe_and_a_folder_are_refused_and_not_waited_for(capsysbinary, accounts, tmp_path, option):
    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path / "pipe", tmp_path):
        code, _, err = run(capsysbinary, *([accounts, option] if option else []), path)
        assert (code, "is a folder, a pipe or a device" in err) == (2, True)


def test_a_name_that_is_no_text_is_read_and_shown(capsysbinary, tmp_path):
    for name, rows in ((b"na\xffme.csv", "A2,never,\n"), (b"na\xfeme.csv", "A3,2025-01-05,\n")):
        with open(os.fsencode(tmp_path) + b"/" + name, "w") as file:
            file.write(ACCOUNTS + rows)
    paths = [path for path in tmp_path.iterdir() if path.suffix == ".csv"]
    rejected = tmp_path / "rejected.txt"
    for form in ("text", "json", "html", "xlsx", "ledger", "mapping"):
        code, out, err = run(capsysbinary, *paths, "--format", form, "--rejected", rejected)
        assert (code, err) == (0, "")
        assert out
    text = rejected.read_text("utf-8-sig")
    assert "na\ufffdme.csv" in text
    assert "A2,never," in text
    code, _, err = run(capsysbinary, tmp_path / os.fsdecode(b"\xff"))
    assert (code, "is not there" in err) == (2, True)


@pytest.mark.parametrize(
    ("currency", "code", "says"), [("XYZ", 2, "the files hold USD"), ("USD", 0, ""), ("usd", 0, "")]
)
def test_a_currency_that_is_not_there_is_said(capsysbinary, currency, code, says):
    found, _, err = run(capsysbinary, *FILES, "--currency", currency)
    assert (found, says in err) == (code, True)


def test_a_currency_that_no_file_states_is_said(capsysbinary, accounts):
    code, _, err = run(capsysbinary, accounts, "--currency", "USD")
    assert (code, "no file states a currency" in err) == (2, True)


def test_nothing_from_a_file_steers_the_terminal(capsysbinary, tmp_path):
    evil = "\x1b[2J\x9b31m\u202e\x07"
    path = tmp_path / f"a{evil}.csv"
    path.write_text(f"account_id,signed_up_on,motion,partner_id,x{evil}\nA1,2025-01-05,{evil},{evil},\n", "utf-8")
    fine = tmp_path / f"b{evil}.csv"
    fine.write_text(ACCOUNTS, "utf-8")
    mapping = tmp_path / f"m{evil}.yaml"
    mapping.write_text(f'mappings: [{{kind: "{evil.encode("unicode_escape").decode()}"}}]', "utf-8")
    for arguments in ([path], [path, fine], [fine, "--mapping", mapping], [tmp_path / f"none{evil}"],
                      [fine, "--format", "json"], [path, fine, "--format", "json"]):  # fmt: skip
        _, out, err = run(capsysbinary, *arguments)
        for sign in evil.replace("[2J", "").replace("31m", ""):
            assert sign not in err
            assert sign not in out.decode()
    with pytest.raises(SystemExit):
        command.main(["health", f"--{evil}"])
    assert "\x1b" not in capsysbinary.readouterr().err.decode()


def test_a_terminal_gets_no_workbook_and_no_controls_of_a_table(tmp_path):
    evil = tmp_path / "accounts.csv"
    evil.write_text("account_id,signed_up_on,motion,segment\nA1,2025-01-05,affiliate,s\x1b[2Jt\n", "utf-8")
    for form, code in (("ledger", 0), ("xlsx", 2)):
        ours, theirs = pty.openpty()
        done = subprocess.run(
            [sys.executable, "-m", "motions", "health", str(evil), "--format", form],
            cwd=SAMPLE.parent, stdout=theirs, stderr=subprocess.PIPE, check=False,
        )  # fmt: skip
        os.close(theirs)
        seen = b""
        try:
            while more := os.read(ours, 65536):
                seen += more
        except OSError:  # all is read
            pass
        os.close(ours)
        assert done.returncode == code
        assert b"\x1b" not in seen
        assert (b"s\\u001b[2Jt" in seen) == (form == "ledger")


def test_a_reader_that_has_had_enough_is_no_fault():
    process = module(*FILES, "--format", "html")
    process.stdout.close()
    assert process.stderr.read() == b""
    assert process.wait() == 0
    process.stderr.close()


@pytest.mark.parametrize(
    "sign",
    [signal.SIGTERM, *(pytest.param(other, marks=pytest.mark.proof) for other in (signal.SIGINT, signal.SIGHUP))],
)
def test_a_signal_leaves_nothing_behind(tmp_path, sign):
    large = tmp_path / "revenue.csv"
    large.write_text("account_id,month,mrr\n" + "".join(f"A{n},2025-01,x\n" for n in range(15_000)), "utf-8")
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    process = module(str(large), *FILES, env={**os.environ, "TMPDIR": str(scratch)})
    while not list(scratch.glob("motions-*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(sign)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 128 + sign
    assert b"Traceback" not in err
    assert list(scratch.iterdir()) == []


@pytest.mark.proof
def test_what_changed_since_an_earlier_ledger_is_said(capsysbinary, tmp_path):
    earlier = tmp_path / "august.csv"
    code, _, _ = run(capsysbinary, *FILES, "--as-of", "2026-08", "--format", "ledger", "--output", earlier)
    assert code == 0
    code, out, _ = run(capsysbinary, *FILES, "--before", earlier, "--name", "Acme & Co")
    assert code == 0
    assert "Since 2026-09 partner MRR is the same" in out.decode()  # a ledger has all that its files had
    code, out, _ = run(capsysbinary, *FILES, "--before", earlier, "--format", "html", "--name", "Acme & Co")
    assert b"Program health of Acme &amp; Co, 2026-09" in out
    assert b"What changed since 2026-09" in out
    code, out, _ = run(capsysbinary, *FILES, "--before", earlier, "--format", "json")
    assert json.loads(out)["since"]["restated_months"] == []
    code, _, err = run(capsysbinary, *FILES, "--before", FILES[0])
    assert (code, "is no cohort ledger" in err) == (2, True)
    code, _, err = run(capsysbinary, *FILES, "--before", earlier, "--output", earlier)
    assert (code, "is one of the files that are read" in err) == (2, True)


def test_the_pages_of_partners_are_a_zip(capsysbinary, tmp_path):
    path = tmp_path / "partners.zip"
    assert run(capsysbinary, *FILES, "--format", "partners", "--output", path)[0] == 0
    with zipfile.ZipFile(path) as packed:
        assert len(packed.namelist()) > 100


# The pack


def pack(capsysbinary, *arguments):
    code = command.main(["pack", *map(str, arguments)])
    out = capsysbinary.readouterr()
    return code, out.out, out.err.decode()


def test_the_pack_is_made_of_files_a_scenario_and_answers(capsysbinary, tmp_path):
    plan, output = tmp_path / "plan.yaml", tmp_path / "pack.pptx"
    plan.write_bytes(to_yaml((*BASELINE, Named(name="Now", scenario=SCENARIO))))
    options = ["--scenario", plan, "--answers", "market_fit-yes~acv-3600", "--title", "Plan", "--as-of", "2026-06"]
    code, _, err = pack(capsysbinary, *FILES, *options, "--sample", "--output", output)
    assert (code, err) == (0, "")
    deck = pptx.Presentation(str(output))
    said = [shape.text_frame.text for slide in deck.slides for shape in slide.shapes if shape.has_text_frame]
    assert said[0] == "Plan"
    assert any("Economics · As of 2026-06 · Sample data" in one for one in said)
    assert any("less contribution than Budget" in one for one in said)


def test_an_address_of_a_page_brings_what_is_in_it(capsysbinary):
    address = f"http://127.0.0.1:8501/choose?a=market_fit-yes&r=voices-yes&s={to_link(SCENARIO)}"
    code, out, _ = pack(capsysbinary, "--scenario", address, "--format", "html", "--sections", "one,fit,economics")
    assert code == 0
    assert "Every figure of the scenario" in out.decode()
    assert "Which motion first" in out.decode()
    code, other, _ = pack(capsysbinary, "--scenario", to_link(SCENARIO), "--format", "html", "--sections", "economics")
    assert code == 0
    assert "Every figure of the scenario" in other.decode()


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ([], "nothing to make a pack of"),
        (["--answers", "market_fit-yes", "--sections", "economics"], "--sections economics: Set price"),
        (["--answers", "market_fit-yes", "--sections", "fitt"], "Did you mean 'fit'?"),
        (["--scenario", "none.yaml"], "is not there"),
        (["--scenario", "2.damaged"], "damaged"),
        (["--answers", "market_fit-yes", "--template", __file__], "is no PowerPoint file"),
    ],
)
def test_what_no_pack_can_be_made_of_is_said(capsysbinary, options, says, tmp_path):
    code, _, err = pack(capsysbinary, *options, "--output", tmp_path / "pack.pptx")
    assert (code, says in err) == (2, True), err


def test_a_pack_never_overwrites_what_it_is_made_of(capsysbinary, tmp_path):
    own = tmp_path / "ours.pptx"
    own.write_bytes(before := template())
    code, _, err = pack(capsysbinary, "--answers", "market_fit-yes", "--template", own, "--output", own)
    assert (code, "is one of the files that are read" in err) == (2, True)
    assert own.read_bytes() == before
