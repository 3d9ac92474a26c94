"""The documentation says what is there: links, commands, files, modules, definitions, sources, pictures."""

import ast
import importlib
import re
import shlex
import subprocess
import sys

import pytest

from motions import glossary
from motions.__main__ import parser
from motions.cohorts.metrics.metrics import METRICS, Settings
from motions.cohorts.verdicts.verdicts import headline
from motions.economics.model.results import FIGURES
from tests.docs.pages import PAGES, ROOT, blocks, prose

README = ROOT / "README.md"
ALL = [*PAGES, README, ROOT / "SECURITY.md"]
ABOVE = re.compile(
    r"(?:motions|pages|docs|tests|sample_data|\.streamlit|\.ci)/[\w./*-]*|[\w.-]+\.(?:md|py|yaml|toml|txt|lock)"
)
"""What looks like a path from the project's folder."""
OF_THE_SITE = {"motions.toml", "plan.yaml", "mapping.yaml", "report.html", "playbook.yaml", ".streamlit/secrets.toml"}
"""Files that a reader has, and the project has not."""
each = pytest.mark.parametrize("page", ALL, ids=lambda page: page.name)


def words(page):
    """What a page has as code within its sentences."""
    return re.findall(r"`([^`\n]+)`", prose(page.read_text("utf-8")))


def anchors(page):
    text = prose(page.read_text("utf-8"))
    titles = [re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in re.findall(r"^#+ (.*)$", text, re.M)]
    return {*titles, *re.findall(r"^\(([\w-]+)\)=$", text, re.M)}


def lines_of_commands(page):
    """Every line of a block without a language or of the words, without what is said of it behind a #."""
    text = page.read_text("utf-8")
    within = [line for block in blocks(text) if block.language in ("", "text") for line in block.text.splitlines()]
    return [line.split(" #")[0].strip() for line in [*within, *words(page)]]


@each
def test_links_lead_to_pages_and_headings_that_are_there(page):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(page.read_text("utf-8"))):
        if target.startswith("http"):
            continue
        name, _, anchor = target.partition("#")
        # security.md is SECURITY.md, taken in
        at = (page.parent / name).resolve() if name else page
        assert at.exists(), target
        at = ROOT / "SECURITY.md" if at.name == "security.md" else at
        assert not anchor or anchor in anchors(at), target


@each
def test_commands_are_there_with_what_they_are_given(page):
    targets = " ".join(re.findall(r"^\.PHONY: (.*)$", (ROOT / "Makefile").read_text("utf-8"), re.M)).split()
    for line in lines_of_commands(page):
        if made := re.match(r"make ([a-z]+)( [A-Z]+=\S+)?$", line):
            assert made[1] in targets, line
        if line.startswith("python -m motions "):
            parser().parse_args(shlex.split(line)[3:])
        elif run := re.match(r"(?:\S*/)?python3? -m ([\w.]+)", line):
            assert run[1] == "venv" or importlib.util.find_spec(run[1]), line


@each
def test_files_and_modules_are_there(page):
    for word in words(page):
        if word in OF_THE_SITE or "_build" in word:
            continue
        if ABOVE.fullmatch(word):
            assert [*ROOT.glob(word.rstrip("/")), *(ROOT / "docs").glob(word)], f"{word} is not there"
        elif re.fullmatch(r"(motions|pages)(\.\w+)+", word):
            module, _, name = word.rpartition(".")
            path = ROOT / word.replace(".", "/")
            there = path.is_dir() or path.with_suffix(".py").exists()
            assert there or hasattr(importlib.import_module(module), name), word


def test_every_section_of_the_glossary_is_in_the_pages():
    shown = {line for page in PAGES for line in re.findall(r"^```\{(.*)$", page.read_text("utf-8"), re.M)}
    first, *others = glossary.SECTIONS
    assert "metrics}" in shown
    assert first.endswith("metrics")
    assert {f"defined}} {section}" for section in others} <= shown


def test_whoever_a_docstring_names_is_among_the_sources():
    method = (ROOT / "docs" / "method.md").read_text("utf-8")
    sources = method.split("## Sources")[1]
    named = set()
    for path in (ROOT / "motions").rglob("*.py"):
        named |= set(re.findall(r"([A-Z][a-z]+)(?: and [A-Z][a-z]+)? \(?((?:19|20)\d\d)\)", path.read_text("utf-8")))
    assert ("Holm", "1979") in named
    of_tests = method.split("## Tests")[1].split("###")[0]
    named |= set(re.findall(r"([A-Z][a-z]+)(?: and [A-Z][a-z]+)? (\d{4})", of_tests))
    assert {one for one in named if not re.search(rf"{one[0]}, .*\({one[1]}\)", sources)} == set()


def test_every_picture_is_made_by_the_script_and_shown():
    tree = ast.parse((ROOT / "docs" / "pictures.py").read_text("utf-8"))
    lists = {
        node.target.id if isinstance(node, ast.AnnAssign) else node.targets[0].id: node.value
        for node in tree.body
        if isinstance(node, (ast.AnnAssign, ast.Assign))
    }
    shots = {shot.elts[0].value for shot in lists["SHOTS"].elts}
    made = shots | {f"{name}-phone" for name in ast.literal_eval(lists["ON_A_PHONE"])}
    assert {path.stem for path in (ROOT / "docs" / "pictures").glob("*")} == made
    everything = "".join(page.read_text("utf-8") for page in ALL)
    assert all(f"pictures/{name}.png" in everything for name in made)


def test_what_the_tour_asks_to_press_is_in_the_app():
    code = "".join(path.read_text("utf-8") for part in ("pages", "motions") for path in (ROOT / part).rglob("*.py"))
    labels = re.findall(r"\*\*([^*]+)\*\*", (ROOT / "docs" / "tour.md").read_text("utf-8"))
    assert len(labels) > 10
    assert [label for label in labels if f'{label}"' not in code] == []


def test_the_readme_is_short():
    assert len(README.read_text("utf-8").splitlines()) <= 100


@pytest.mark.proof
def test_the_tour_tells_what_the_sample_says(sample_program):
    tour = " ".join((ROOT / "docs" / "tour.md").read_text("utf-8").split())
    said = headline(sample_program.ledger, Settings(as_of=sample_program.ledger.last_month))
    for one in ("Affiliates lose customers faster than organic", "Resellers cost more than blended CAC"):
        assert one in tour
        assert one in said
    (share,) = re.findall(r"carries (\d+ %) of partner MRR", tour)
    assert f"carries {share} of partner MRR" in said


@pytest.mark.proof
def test_the_pages_are_built_without_a_warning_and_ask_nothing_of_others(tmp_path):
    build = [sys.executable, "-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet"]
    build += ["-d", str(tmp_path / "trees"), "docs", str(tmp_path / "pages")]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    for path in (tmp_path / "pages").rglob("*.*"):
        if path.suffix in (".html", ".css"):
            fetched = re.findall(
                r"(?:src=|<link[^>]*href=|url\()[\"']?((?:https?:)?//[^\"')>]+)", path.read_text("utf-8")
            )
            assert not fetched, f"{path.name}: {fetched}"
    method = (tmp_path / "pages" / "method.html").read_text("utf-8")
    assert [one.title for one in METRICS if f'id="{glossary.slug(one.title)}"' not in method] == []
    assert [one.title for one in FIGURES if f"<strong>{one.title}</strong>" not in method] == []
