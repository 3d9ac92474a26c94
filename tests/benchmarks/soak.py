"""A soak: visitors who come, upload, simulate and go, for as long as is said. `make soak MINUTES=30`

Every second the server's memory, open files and folders are looked at; they are drawn into out/soak.html. It ends with
1 where one of them grew, a visit failed, or a folder was left after everybody had been gone for twice the time-out.
What the sessions and their files explain is no growth: on a machine that becomes less busy more of them are there.
"""

import random
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import plotly.graph_objects as go
from plotly.subplots import make_subplots

from tests.benchmarks.ledger import memory
from tests.browser.conftest import SAMPLE, serving
from tests.fuzz.nasty import with_nasty_bytes
from tests.visitor import Visitor

OUT = Path(__file__).with_name("out") / "soak.html"
AT_ONCE = 6
TIME_OUT = 15
"""seconds after which a closed session's files may go"""
MOST = {"memory (MB)": 50, "open files": 10, "threads": 10}
"""what may come from the second fifth to the last, the first being for warming up"""
FILES = [(Path(path).name, Path(path).read_bytes()) for path in SAMPLE]
LARGE = b"account_id,month,mrr\n" + b"".join(
    b"A%07d,2025-%02d,%d\n" % (at // 12, 1 + at % 12, 10 + at % 90) for at in range(600_000)
)


def simulate(visitor, chance):
    for _ in range(20):
        lever = chance.choice(visitor.all("slider"))
        value = float(round(chance.uniform(lever.min, lever.max)))
        visitor.run({lever.id: ("double_array_value", [value])})


def sample(visitor, chance):
    visitor.upload(*FILES)
    assert visitor.all("metric"), visitor.text()[:200]
    for page in ("health", "files", "simulate", "pack"):
        visitor.open(page)


def broken(visitor, chance):
    for name, content in chance.sample(FILES, 3):
        cut = content[: chance.randrange(len(content))] if chance.random() < 0.5 else content
        visitor.upload((name, with_nasty_bytes(chance, cut)))
    if chance.random() < 0.5:
        visitor.press("Remove my files")


def large(visitor, chance):
    visitor.upload(("revenue.csv", LARGE), timeout=300)
    visitor.run()


VISITS = {simulate: ("simulate", 6), sample: ("health", 3), broken: ("files", 3), large: ("health", 1)}
"""what somebody comes for → the page, and how often"""


@dataclass
class Soak:
    """What was seen: a row of figures every second, what visitors did, and what went wrong."""

    started: float = field(default_factory=time.monotonic)
    seen: list = field(default_factory=list)
    visits: Counter = field(default_factory=Counter)
    failed: list = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def look(self, pid, folder):
        """Look at the server once."""
        kept = list(folder.glob("motions-*/*/"))
        size = sum(file.stat().st_size for path in kept for file in path.rglob("*") if file.is_file())
        process = Path(f"/proc/{pid}")
        figures = memory(pid), len(list((process / "fd").iterdir())), len(list((process / "task").iterdir()))
        self.seen.append((time.monotonic() - self.started, *figures, len(kept), size / 1e6))

    def watch(self, pid, folder):
        """Look at the server every second until it is over."""
        while not self.over.wait(1):
            try:
                self.look(pid, folder)
            except FileNotFoundError:
                continue  # a folder that went meanwhile

    def visit(self, address, number):
        """Come again and again."""
        chance = random.Random(number)
        while not self.over.is_set():
            what = chance.choices(list(VISITS), [often for _, often in VISITS.values()])[0]
            try:
                with Visitor(address, VISITS[what][0]) as visitor:
                    what(visitor, chance)
                    assert not visitor.all("exception")
                self.visits[what.__name__] += 1
            except Exception as problem:
                self.failed.append(f"{what.__name__}: {problem!r:.200}")
            self.over.wait(chance.uniform(0.2, 2))

    def growth(self, column):
        """What comes with time alone from the middle of the second fifth to that of the last, by least squares."""
        rows = np.array(self.seen[len(self.seen) // 5 :], dtype=float)
        when, held = rows[:, :1] - rows[0, 0], rows[:, 4:]
        (_, by_second, *_), *_ = np.linalg.lstsq(np.hstack([np.ones_like(when), when, held]), rows[:, column])
        return by_second * when[-1, 0] * 3 / 4

    def fifth(self, number, column):
        """The middle of what was seen in a fifth of the time."""
        length = len(self.seen) // 5
        return statistics.median(row[column] for row in self.seen[number * length : (number + 1) * length])


def soak(minutes):
    """Run it and say what came of it; returns what was wrong."""
    here = Soak()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        env = {
            "TMPDIR": place,
            "MALLOC_ARENA_MAX": "1",
            "STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL": str(TIME_OUT),
        }
        with serving(env=env) as (address, process):
            watching = threading.Thread(target=here.watch, args=(process.pid, folder))
            visitors = [threading.Thread(target=here.visit, args=(address, at)) for at in range(AT_ONCE)]
            for thread in (watching, *visitors):
                thread.start()
            time.sleep(60 * minutes)
            here.over.set()
            for thread in (watching, *visitors):
                thread.join()
            time.sleep(2 * TIME_OUT)
            seen = len(here.seen)
            here.look(process.pid, folder)
            left = here.seen.pop(seen)
    drawn(here)
    return said(here, left, minutes)


def said(here, left, minutes):
    kinds = Counter(one[:60] for one in here.failed).most_common(5)
    wrong = [f"{len(here.failed)} visits failed: {kinds}"] if here.failed else []
    figures = []
    for column, (name, most) in enumerate(MOST.items(), 1):
        before, after = here.fifth(1, column), here.fifth(4, column)
        grown = here.growth(column)
        figures.append(f"{name} {before:.0f} → {after:.0f}, {grown:+.0f} with time alone")
        if grown > most:
            wrong.append(f"{name} grew by {grown:.0f}, {most} are allowed")
    if left[4]:
        wrong.append(f"{left[4]} folders were left")
    visits = ", ".join(f"{number} {name}" for name, number in here.visits.most_common())
    folders = f"folders at most {max(row[4] for row in here.seen)}, {left[4]} left after twice the time-out"
    print(
        f"soak of {minutes:g} minutes, {AT_ONCE} at once, visits: {visits}; {'; '.join(figures)} (middle of the second "
        f"and of the last fifth); {folders}; memory then {left[1]:.0f} MB, drawn in {OUT}"
    )
    print("GROWTH OR FAULTS: " + "; ".join(wrong) if wrong else "No growth.")
    return wrong


def drawn(here):
    titles = (*MOST, "folders of sessions", "in them (MB)")
    figure = make_subplots(rows=len(titles), shared_xaxes=True, subplot_titles=titles, vertical_spacing=0.04)
    minutes = [(row[0] - here.seen[0][0]) / 60 for row in here.seen]
    for column in range(1, len(titles) + 1):
        line = go.Scatter(x=minutes, y=[row[column] for row in here.seen], line={"width": 1, "color": "#0b5c8a"})
        figure.add_trace(line, row=column, col=1)
        figure.update_yaxes(rangemode="tozero", row=column, col=1)
    figure.update_xaxes(title_text="minutes", row=len(titles), col=1)
    figure.update_layout(height=1100, showlegend=False, title="Soak: what the server holds while visitors come and go")
    OUT.parent.mkdir(exist_ok=True)
    figure.write_html(OUT, include_plotlyjs=True)


if __name__ == "__main__":
    sys.exit(1 if soak(float((sys.argv[1:] or ["30"])[0])) else 0)
