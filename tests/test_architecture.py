"""The arrows between the parts, and what pages must not hold."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
DOMAIN = sorted((ROOT / "motions").rglob("*.py"))
PAGES = sorted((ROOT / "pages").glob("*.py"))
SHARED = sorted([*(ROOT / "pages").glob("_*.py"), *(ROOT / "pages").glob("_*/*.py")])
WORDS = {"errors", "text", "names", "units", "fields", "limits", "work"}
BELOW = {
    "errors": set(),
    "text": set(),
    "names": set(),
    "limits": set(),
    "work": set(),
    "units": {"text"},
    "fields": {"units"},
    "content": {"errors", "text", "limits"},
    "playbook": {*WORDS, "content"},
    "economics": {*WORDS, "content"},
    "cohorts": {*WORDS, "content"},
    "replay": {*WORDS, "economics", "cohorts"},
    "calibrate": {*WORDS, "economics", "cohorts"},
    "forecast": {*WORDS, "economics", "cohorts", "calibrate"},
    "plan_segments": {*WORDS, "playbook", "economics"},
    "chosen": {*WORDS, "playbook", "economics"},
    "deals": {*WORDS, "playbook", "economics"},
    "readiness": {*WORDS, "content", "playbook", "economics", "cohorts", "calibrate"},
    "roadmap": {*WORDS, "playbook", "economics", "readiness"},
    "charts": {*WORDS, "playbook", "economics", "cohorts", "replay", "forecast", "roadmap", "deals"},
    "out": {*WORDS, "playbook", "economics", "cohorts", "replay", "chosen", "readiness", "roadmap", "charts"},
    "glossary": {"fields", "playbook", "economics", "cohorts"},
    "command_line": {*WORDS, "cohorts"},
    "command_simulate": {*WORDS, "economics", "command_line"},
    "command_statement": {*WORDS, "economics", "cohorts", "replay", "out", "command_line", "command_simulate"},
    "command_pack": {*WORDS, "playbook", "cohorts", "readiness", "roadmap", "out", "command_line", "command_simulate"},
    "__main__": {
        *WORDS,
        "playbook",
        "cohorts",
        "out",
        "command_line",
        "command_pack",
        "command_simulate",
        "command_statement",
    },
}
"""What each part of the domain may import beside itself."""
FIT = {"conditions", "fit_models"}
RANKED = {*FIT, "fit_load", "answers", "fit_result", "fit_words"}
KNOWN = {"contract", "coverage"}
READ = {*KNOWN, "reading"}
WINGS = {
    "cohorts": {
        "contract": set(),
        "coverage": set(),
        "reading": KNOWN,
        "ledger": READ,
        "metrics": {*KNOWN, "ledger"},
        "verdicts": {*KNOWN, "ledger", "metrics"},
        "program": {*READ, "ledger"},
        "remote": {*READ, "ledger", "program"},
        "tables": {*READ, "ledger", "metrics", "verdicts", "program"},
    },
    "readiness": {
        "reading": set(),
        "thresholds": {"reading"},
        "payout": {"reading"},
        "conditions": {"reading", "thresholds"},
        "principles": {"reading", "thresholds", "conditions"},
        "offers": {"reading", "thresholds", "conditions"},
        "hands": set(),
        "assess": {"reading", "thresholds", "payout", "conditions", "principles", "offers", "hands"},
    },
    "roadmap": {
        "gates": set(),
        "plan": {"gates"},
        "choices": {"gates", "plan"},
        "whole": set(),
        "waiting": {"gates", "plan", "whole"},
    },
    "economics": {
        "inputs": set(),
        "model": {"inputs"},
        "answers": {"inputs", "model"},
        "files": {"inputs", "model", "answers"},
    },
    "playbook": {
        "models": {"conditions"},
        "load": {"models"},
        "segment_plan": {"models"},
        "plan_rows": {"segment_plan"},
        "plan_files": {"load", "segment_plan", "plan_rows"},
        "conflicts": {"models", "load", "segment_plan"},
        "tables": {"models", "load", "fit_models", "fit_result", "own_models"},
        "conditions": set(),
        "completions": {"conditions"},
        "fit_models": {"models", "conditions"},
        "fit_load": {*FIT, "load"},
        "answers": {*FIT, "fit_load"},
        "thresholds": {*FIT, "fit_load"},
        "fit_result": FIT,
        "fit_words": {*FIT, "fit_result"},
        "fit": {*RANKED, "completions"},
        "growth": {*RANKED, "models", "fit"},
        "own_models": {*FIT, "models", "segment_plan"},
        "own": {*FIT, "fit_load", "models", "load", "completions", "fit", "own_models", "plan_rows"},
    },
}
"""The same inside of the large parts: one way, from files to tables, from inputs to files, from answers to words."""


def imports(path):
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_domain_imports_neither_streamlit_nor_upwards(path):
    names = set(imports(path))
    assert not {
        name for name in names if name.split(".")[0] in ("streamlit", "pages", "dashboard", "sample_data", "tests")
    }
    part = path.relative_to(ROOT / "motions").parts[0].removesuffix(".py")
    if part == "__init__":
        return
    used = {name.split(".")[1] for name in names if name.startswith("motions.")} - {part}
    assert used <= BELOW[part], f"{path.name} must not import {used - BELOW[part]}"


@pytest.mark.parametrize("path", DOMAIN, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_wings_of_a_part_import_one_way_only(path):
    part, *inside = path.relative_to(ROOT / "motions").parts
    if part not in WINGS or inside == ["__init__.py"]:
        return
    wing = inside[0].removesuffix(".py")
    used = {name.split(".")[2] for name in imports(path) if name.startswith(f"motions.{part}.")} - {wing}
    assert used <= WINGS[part][wing], f"{part}.{wing} must not import {used - WINGS[part][wing]}"


@pytest.mark.parametrize("path", [p for p in PAGES if not p.name.startswith("_")], ids=lambda path: path.name)
def test_pages_hold_no_arithmetic_no_functions_and_start_in_the_frame(path):
    tree = ast.parse(path.read_text("utf-8"))
    arithmetic = (ast.Sub, ast.Mult, ast.Div, ast.FloorDiv, ast.Mod, ast.Pow)
    sums = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, arithmetic)]
    assert not sums, f"arithmetic in lines {sums}"
    assert not [node.name for node in ast.walk(tree) if isinstance(node, (ast.FunctionDef, ast.ClassDef))]
    assert "_ui.require_frame()" in path.read_text("utf-8")
    assert len(path.read_text("utf-8").splitlines()) <= 160


@pytest.mark.parametrize("path", SHARED, ids=lambda path: str(path.relative_to(ROOT)))
def test_what_pages_share_holds_no_arithmetic_either(path):
    # A slash joins paths there.
    arithmetic = (ast.Sub, ast.Mult, ast.FloorDiv, ast.Mod, ast.Pow)
    tree = ast.parse(path.read_text("utf-8"))
    assert not [node for node in ast.walk(tree) if isinstance(node, ast.BinOp) and isinstance(node.op, arithmetic)]


def test_every_page_is_in_the_navigation():
    navigation = (ROOT / "pages" / "_ui.py").read_text("utf-8")
    assert all(f"pages/{path.name}" in navigation for path in PAGES if not path.name.startswith("_"))


def test_the_domain_loads_without_streamlit():
    source = "import sys; import motions.charts.cohorts, motions.glossary; sys.exit('streamlit' in sys.modules)"
    import subprocess  # noqa: PLC0415

    subprocess.run([sys.executable, "-c", source], cwd=ROOT, check=True)


def test_every_requirement_has_a_bound_and_a_reason():
    for name in ("requirements.txt", "requirements-dev.txt"):
        lines = [line for line in (ROOT / name).read_text("utf-8").splitlines() if line and line[0] not in "#-"]
        assert lines
        assert all(">=" in line and len(line.split("#", 1)[1]) > 10 for line in lines), name


def test_the_reduction_is_written_in_portable_sql():
    sql = (ROOT / "motions/cohorts/ledger/ledger.sql").read_text("utf-8")
    code = "\n".join(line for line in sql.splitlines() if not line.startswith("--"))
    for word in ("FILTER", "QUALIFY", "EXCLUDE", "BY NAME", "GROUP BY ALL", "::", "MATERIALIZED", "DECIMAL"):
        assert word not in code.upper(), f"{word} is not portable"
