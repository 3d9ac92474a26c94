"""Spaces of any kind around an id are no part of it."""

import pytest

from motions.cohorts.reading import read
from tests.cohorts.reading.rows import ACCOUNTS, closing
from tests.conftest import one_now


def test_spaces_of_any_kind_around_an_id_are_no_part_of_it(load):
    clean = "account_id,month,mrr\n\u00a0A1,2025-02,100\nA1\u3000,2025-03,100.50\n"
    for revenue in (clean, clean + "A2,2025-03,80.001\n"):
        program = load({"a.csv": ACCOUNTS.replace("A1", "\u2003A1"), "r.csv": revenue})
        closing_of_march = {clean: 10050}.get(revenue, 18050)
        assert int(program.ledger.at("closing", 24302).sum()) == closing_of_march


SPACES = [" ", "\u00a0", "\u3000", "\u2003"]


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("cell", ["{}A1", "A1{}", "{}A1{}"])
def test_a_space_is_seen_wherever_it_is_in_a_file(tmp_path, space, end, cell):
    path = tmp_path / "r.csv"
    rows = [f"{cell.replace('{}', space)},2025-02,100", *(f"B{n},2025-03,1" for n in range(2_000))]
    for lines in (rows, rows[::-1]):
        path.write_text(end.join(["account_id,month,mrr", *lines, ""]), "utf-8", newline="")
        assert read.look_through(path, 1)[1]
    path.write_text("\n".join(["Account ID,month,mrr", *rows[1:], ""]), "utf-8", newline="")
    assert not read.look_through(path, 1)[1]


@pytest.mark.parametrize("space", SPACES)
@pytest.mark.parametrize("end", one_now(["\n", "\r\n", "\r"]))
def test_spaces_around_an_id_are_no_part_of_it(load, space, end):
    files, months = {"a.csv": ACCOUNTS}, iter(range(1, 13))
    for layout in ("first middle last", "first", "middle", "last"):
        rows = [f"B-{layout}-{at},2025-03,1" for at in range(2_000)]
        for place in layout.split():
            who = {"first": f"{space}A1", "middle": f"{space}A1{space}", "last": f"A1{space}"}[place]
            at = {"first": 0, "middle": 1_000, "last": len(rows)}[place]
            rows.insert(at, f"{who},2025-{next(months):02d},100")
        files[f"{layout}.csv"] = end.join(["account_id,month,mrr", *rows, ""])
    program = load(files)
    accepted = [file.accepted for file in program.files if file.table == "revenue"]
    assert (accepted, closing(program)) == ([2_003, 2_001, 2_001, 2_001], 60_000)
