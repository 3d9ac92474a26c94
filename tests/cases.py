"""Worked examples that other people published: id, source, inputs and the result that the source states."""

import json
from pathlib import Path

CASES = {case["id"]: case for case in json.loads((Path(__file__).parent / "worked_examples.json").read_text("utf-8"))}


def case(name):
    """Return inputs and stated result of one example; its source is in worked_examples.json."""
    return CASES[name]["inputs"], CASES[name]["stated"]
