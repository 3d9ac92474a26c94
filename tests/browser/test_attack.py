"""What a file or a link says is only ever words: no request, no element, no cell comes of it.

Each word of hostile.WORDS goes through every place that words from outside reach, in a server started as `make run`
does, while every request and every element is watched.
"""

import contextlib
import csv
import io
import os
import re
import signal
import socket
import subprocess
import sys
import time
import zipfile
from itertools import cycle, islice
from urllib.parse import urlencode

import pytest
import yaml
from playwright.sync_api import TimeoutError

from motions.economics.inputs.links import Named, set_to_link, to_link
from motions.economics.inputs.scenario import default_scenario
from tests.browser.conftest import ROOT, calibrate, navigate, open_view, settle
from tests.browser.hostile import OUTSIDE, SHORT, STRANGE, WORDS, Watch

INPUT = "[data-testid=stFileUploaderDropzoneInput]"


@contextlib.contextmanager
def launched(**env):
    """Run the app as `make run` does, on a free port; yields its address and process."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "streamlit", "run", "pages/_server.py", "--server.port", str(port)]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **env}, **quiet)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
                break
            time.sleep(0.1)
        yield f"http://127.0.0.1:{port}", process
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture(scope="module")
def address():
    with launched() as (address, _):
        yield address


@pytest.fixture
def watch(chromium, address):
    context = chromium.new_context(viewport={"width": 1440, "height": 900}, accept_downloads=True)
    watch = Watch(context, address)
    yield watch
    context.close()


def visit(watch, path):
    page = watch.page()
    page.set_default_timeout(10_000)
    page.goto(watch.server + path)
    page.wait_for_selector("h1", timeout=60_000)
    settle(page)
    return page


def drop(page, *files):
    """Drop files, given as (name, content)."""
    before = page.query_selector(INPUT)
    before.set_input_files(
        [{"name": name, "mimeType": "text/csv", "buffer": text.encode() if isinstance(text, str) else text}
         for name, text in files],
    )  # fmt: skip
    page.wait_for_function("input => !input.isConnected", arg=before)  # the next uploader is another one
    settle(page)


def mark(word):
    return re.search(r"Z\d\d", word)[0]


def rows(header, lines):
    out = io.StringIO()
    csv.writer(out).writerows([header.split(","), *lines])
    return out.getvalue()


def go(page, name):
    navigate(page, name)
    page.wait_for_timeout(500)
    settle(page)


NEW = """(nodes, known) => {
    const whole = "[data-testid=stMetric], .stElementContainer, [data-testid=stPlotlyChart]";
    return nodes.map((node, at) => [at, node]).filter(([at, node]) => node.checkVisibility())
        .map(([at, node]) => [at, (node.closest(whole) || node).textContent.slice(0, 200)])
        .filter(([at, words]) => !known.includes(words));
}"""


FURTHER = """() => {
    const list = document.querySelector("[role=listbox]"), before = list?.textContent;
    if (!/Z\\d\\d/.test(before)) return false;
    const scroller = [list, list.parentElement, ...list.querySelectorAll("*")].find(
        one => one.scrollHeight > one.clientHeight + 1 && one.clientHeight > 0);
    if (!scroller || scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 1) return false;
    scroller.scrollTop += scroller.clientHeight;
    return true;
}"""


def drop_down(page, box):
    """Open a select box; a page that is just being drawn again closes it once more."""
    for _ in range(5):
        box.focus()
        box.press("ArrowDown")
        with contextlib.suppress(TimeoutError):
            page.wait_for_selector("[role=listbox]", timeout=2_000)
            page.wait_for_timeout(120)
            return
    raise AssertionError("a select box does not open")


def unseen(watch, page, selector):
    """What of a kind is visible and was not looked at before: a page's tabs have much in common."""
    known = watch.known.setdefault(selector, [])
    for at, words in page.locator(selector).evaluate_all(NEW, known):
        known.append(words)
        yield page.locator(selector).nth(at)


def open_everything(watch, page, where):
    """Open every expander, popover, select box and tooltip of a page, and look at it each time."""
    page.evaluate("() => document.querySelectorAll('details:not([open]) > summary').forEach(one => one.click())")
    page.wait_for_timeout(300)
    settle(page)
    watch.look(page, where)
    for button in unseen(watch, page, "[data-testid=stPopoverButton]"):
        button.click()
        page.wait_for_timeout(200)
        watch.look(page, f"{where}, popover")
        page.keyboard.press("Escape")
    boxes = unseen(watch, page, "[data-testid=stSelectbox] input, [data-testid=stMultiSelect] input")
    for box in islice(boxes, 12):  # of many questions all have the same options
        drop_down(page, box)
        watch.look(page, f"{where}, options")
        for _ in range(10):
            if not page.evaluate(FURTHER):
                break
            page.wait_for_timeout(60)
            watch.look(page, f"{where}, options")
        page.keyboard.press("Escape")
    for tip in unseen(watch, page, "[data-testid=stTooltipIcon]"):
        tip.hover(force=True)
        page.wait_for_timeout(120)
        watch.look(page, f"{where}, tooltip")
    for chart in unseen(watch, page, "[data-testid=stPlotlyChart] .nsewdrag"):
        box = chart.bounding_box()
        for part in (0.2, 0.5, 0.8):
            page.mouse.move(box["x"] + part * box["width"], box["y"] + 0.5 * box["height"])
            page.wait_for_timeout(60)
        watch.look(page, f"{where}, chart")
    # Templates hold no words of files, and a browser stops a page that downloads more than ten files at a stretch.
    for button in unseen(watch, page, "[data-testid=stDownloadButton] button:not(:has-text('Template for'))"):
        with page.expect_download() as download:
            button.click()
        inspect(watch, download.value, f"{where}, {download.value.suggested_filename}")


def inspect(watch, download, where):
    """Look into a file that was downloaded, as the program that opens it would."""
    kind = download.suggested_filename.rsplit(".", 1)[1]
    with open(download.path(), "rb") as file:
        content = file.read()
    watch.downloads.add(download.suggested_filename)
    if kind == "csv":
        for row in csv.reader(io.StringIO(content.decode("utf-8-sig"))):
            for cell in row:
                formula = cell.strip()[:1] in ("=", "+", "-", "@") and not re.fullmatch(
                    r"[+-]?[\d.]+(e[+-]?\d+)?", cell
                )
                watch.strange += [f"{where}: formula {cell[:60]}"] if formula else []
    elif kind == "xlsx":
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            parts = {name: book.read(name).decode("utf-8", "replace") for name in book.namelist()}
        for name, part in parts.items():
            if 'TargetMode="External"' in part or "<hyperlink" in part or re.search(r"<f>[^<]*evil", part):
                watch.strange.append(f"{where}: {name} leads outside")
    elif kind == "html":
        page = watch.page()
        page.set_content(content.decode())
        page.wait_for_timeout(500)
        strange = page.evaluate(STRANGE, OUTSIDE)
        watch.strange += [
            f"{where}: {one}" for one in strange if "Plotly.newPlot(" not in one and "* plotly.js" not in one
        ]
        page.close()
    elif kind == "yaml":
        assert yaml.safe_load(content)


def every_tab(watch, page, where):
    tabs = page.get_by_role("tab").all_inner_texts()
    for name in tabs or [""]:
        if name:
            page.get_by_role("tab", name=name, exact=True).first.click()
            page.wait_for_timeout(300)
            settle(page)
        open_everything(watch, page, f"{where} {name}")


PROGRAM = (
    ("accounts.csv", rows("account_id,signed_up_on,motion,partner_id,activated_on,segment", [
        *((f"A{at}", f"2025-{1 + at % 6:02d}-05", "affiliate", f"P{at}", "2025-07-01", word)
          for at, word in enumerate(WORDS)),
        *((f"O{at}", f"2025-{1 + at % 6:02d}-05", "", "", "", word) for at, word in enumerate(WORDS[:20]))])),
    ("revenue.csv", rows("account_id,month,mrr", [
        *((f"{kind}{at}", f"2025-{month:02d}", 10 + at + month)
          for kind in "AO" for at in range(len(WORDS)) for month in range(7, 13)),
        *((f"A{at}", word, word) for at, word in enumerate(WORDS))])),
    ("partners.csv", rows("partner_id,name,motion,recruited_on", [
        *((f"P{at}", word, "affiliate", "2025-01-01") for at, word in enumerate(WORDS)),
        *((word, word, "reseller", "2025-01-01") for word in SHORT)])),
    ("spend.csv", "month,amount,kind,motion\n2025-07,100,payout,affiliate\n2025-08,5,sales,\n"),
)  # fmt: skip


def test_words_of_files_stay_words_on_every_page(watch):
    page = visit(watch, "/health")
    drop(page, *PROGRAM)
    every_tab(watch, page, "health")
    page.get_by_role("tab", name="Partners", exact=True).click()
    settle(page)
    table = page.locator(".st-key-partner_table canvas").first
    table.scroll_into_view_if_needed()
    box = table.bounding_box()
    page.mouse.click(box["x"] + 18, box["y"] + 52)  # the box that ticks the first row
    link = page.locator("[data-testid=stPageLink] a", has_text="Open ").last
    link.wait_for()
    settle(page)
    watch.look(page, "partner link")
    link.click()
    page.locator(".st-key-partner_figures").wait_for()
    settle(page)
    open_everything(watch, page, "partner")
    for name in ("Your files", "Overview"):
        go(page, name)
        open_everything(watch, page, name)
    go(page, "Simulate")
    for name in ("From your own data", "Forecast, and a plan on your months", "Replay payouts on your accounts"):
        calibrate(page, name)
        page.wait_for_timeout(300)
        settle(page)
        open_everything(watch, page, name)
    assert len(watch.seen) > 40
    of_program = ("metrics.csv", "cohort-ledger.csv", "health.xlsx", "report.html", "partners.zip")
    for what in of_program:
        assert any(re.fullmatch(rf"program-[0-9]{{4}}-[0-9]{{2}}-{what}", one) for one in watch.downloads), what
    assert {"rejected-rows.csv", "mapping.yaml", "rules.yaml", "replay.csv"} <= watch.downloads
    watch.check()


def test_words_of_headers_questions_and_names_of_files_stay_words(watch):
    page = visit(watch, "/files")
    for at in range(0, len(WORDS), 20):
        words = list(WORDS[at : at + 20])
        accounts = rows("account_id,signed_up_on,motion", [(word, "2025-01-05", word) for word in words])
        spent = rows("month,amount,kind", [("2025-07", at, word) for word in words])
        drop(page, ("motions.csv", accounts), ("kinds.csv", spent), ("headers.csv", rows(",".join("abc"), [])))
        open_everything(watch, page, f"questions {at}")
    assert {mark(word) for word in WORDS} <= watch.seen
    watch.seen.clear()
    page.get_by_role("button", name="Remove my files").click()
    settle(page)
    header = io.StringIO()
    csv.writer(header).writerows([WORDS, WORDS])
    named = [word for word in SHORT if '"' not in word]  # a browser's form writes those otherwise
    drop(
        page, ("headers.csv", header.getvalue()), *((f"{word}.csv", f"a{at},b\n1,2\n") for at, word in enumerate(named))
    )
    listed = "most => document.querySelectorAll('[data-testid=stExpander]').length > most"
    page.wait_for_function(listed, arg=len(named), timeout=60_000)
    settle(page)
    open_everything(watch, page, "names of files")
    assert {mark(word) for word in named} <= watch.seen
    watch.check()


def test_words_of_mappings_rules_and_their_names_stay_words(watch):
    page = visit(watch, "/health")
    drop(page, *PROGRAM)
    rules = yaml.safe_load((ROOT / "motions/cohorts/verdicts/rules.yaml").read_text("utf-8"))
    for at, rule in enumerate(rules["rules"]):
        for number, key in enumerate(("means", "do", "keep", "stands_out")):
            rule[key] = WORDS[(4 * at + number) % len(WORDS)]
    mapping = {"kind": "accounts", "header": ["account_id"], "name": WORDS[0], "note": WORDS[20], "motions": {}}
    go(page, "Your files")
    drop(
        page, ("rules.yaml", yaml.safe_dump(rules)), ("mapping.yaml", yaml.safe_dump({"mappings": [mapping]})),
        *((f"{word}.yaml", yaml.safe_dump({word: word})) for word in SHORT if '"' not in word),
    )  # fmt: skip
    open_everything(watch, page, "mappings")
    go(page, "Health")
    open_everything(watch, page, "rules")
    assert len(watch.seen) > 50
    watch.check()


def linked():
    """Links whose scenarios carry the words as names and segments, six at a time."""
    scenario = default_scenario()
    for at in range(0, len(SHORT), 6):
        words = SHORT[at : at + 6]
        segments = [{"name": word[:40], "size": 100.0, "motions": ("affiliate", "reseller")} for word in words]
        kept = [Named(name=word, scenario=scenario.with_market(list_price=100.0 + at)) for word in words]
        yield words, {"s": to_link(scenario.replace(segments=tuple(segments[:5]))), "kept": set_to_link(kept)}


def test_words_of_links_stay_words(watch):
    page = visit(watch, "/simulate")
    for number, (words, link) in enumerate(linked()):
        page.goto(f"{watch.server}/simulate?{urlencode(link)}")
        page.wait_for_selector("h1")
        settle(page)
        views = ("Scenarios", "Scenarios"), ("Scenarios", "Why they differ"), ("Result", "Mix")
        for group, name in views if number % 2 == 0 else views[:1]:
            open_view(page, group, name)
            page.wait_for_timeout(300)
            settle(page)
            watch.look(page, f"{name} of {words[0]}")
        assert {mark(word) for word in words} <= watch.seen
        if number % 3:
            continue
        page.goto(f"{watch.server}/present?{urlencode(link | {'sim_view': 'Scenarios'})}")
        page.wait_for_selector("h1")
        settle(page)
        watch.look(page, f"present {words[0]}")
    page.goto(f"{watch.server}/simulate?{urlencode(link)}")
    page.wait_for_selector("h1")
    settle(page)
    open_view(page, "Scenarios", "Scenarios")
    open_everything(watch, page, "scenarios")
    drop(page, ("![Z01](http://evil.test/Z01.png).yaml", "- [![Z02](//evil.test/Z02.png)"))
    watch.look(page, "a file of scenarios")
    watch.check()


PLACES = {
    "/simulate": ("s", "kept", "pinned", "sim_view", "sim_focus", "sim_tabs", "view_inputs"),
    "/choose": ("a", "r", "road", "plan", "choose_view", "choose_equal"),
    "/pack": ("s", "a", "data", "asof"),
    "/present": ("s", "kept", "sim_view", "sim_focus", "figures", "figure", "input", "target", "chart", "across", "up"),
    "/health": ("data", "view", "side", "segment", "cohort", "asof", "window", "days", "margin", "by", "kept"),
    "/partner": ("partner", "data", "asof"),
    "/glossary": ("find", "term"),
    "/compare": ("motions", "price", "deal_margin", "term", "differing"),
    "/": ("s", "data"),
    "/files": ("data",),
}


def test_words_in_an_address_stay_words(watch):
    page = visit(watch, "/glossary")
    words = cycle((*SHORT, SHORT[0]))  # one more, so that each place gets others in each turn
    for more in ({}, {"data": "sample"}):
        for path, names in PLACES.items():
            page.goto(f"{watch.server}{path}?{urlencode(dict(zip(names, words, strict=False)) | more)}")
            page.wait_for_selector("h1")
            settle(page)
            watch.look(page, path)
    watch.check()


def folders(parent):
    return list(parent.glob("motions-*/*/"))


def test_files_of_a_closed_tab_go_within_twice_the_time_out_with_nobody_else_there(chromium, tmp_path):
    env = {"TMPDIR": str(tmp_path), "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": "4"}
    with launched(**env) as (address, process):
        context = chromium.new_context()
        page = context.new_page()
        page.goto(f"{address}/health")
        page.wait_for_selector("h1")
        settle(page)
        drop(page, *PROGRAM)
        page.wait_for_selector("[data-testid=stMetric]", timeout=60_000)
        (own,) = folders(tmp_path)
        page.wait_for_timeout(9_000)
        assert own.is_dir()  # more than twice the time-out, and the tab is open
        context.close()
        closed = time.monotonic()
        while own.exists() and time.monotonic() < closed + 30:
            time.sleep(0.05)
        assert time.monotonic() - closed < 8
        assert process.poll() is None
        assert len(list(tmp_path.glob("motions-*"))) == 1


def test_the_server_told_to_stop_while_a_tab_is_open_leaves_nothing(chromium, tmp_path):
    with launched(TMPDIR=str(tmp_path)) as (address, process):
        page = chromium.new_page()
        page.goto(f"{address}/health")
        page.wait_for_selector("h1")
        settle(page)
        drop(page, *PROGRAM)
        page.wait_for_selector("[data-testid=stMetric]", timeout=60_000)
        assert len(folders(tmp_path)) == 1
        process.send_signal(signal.SIGTERM)
        process.wait(10)
        page.close()
        assert not list(tmp_path.glob("motions-*"))
