"""Days that name their month, as six languages write them. The names are those of the languages' calendars (CLDR)."""

import re
from datetime import date

import duckdb
import pytest

from motions.cohorts.contract import MONTH_WORDS
from motions.cohorts.reading.forms import date_shape, date_sql

CASES = {
    "Mär 2025": date(2025, 3, 1),
    "März 2025": date(2025, 3, 1),
    "1. März 2025": date(2025, 3, 1),
    "Okt-25": date(2025, 10, 1),
    "Mai 25": date(2025, 5, 1),
    "Jan '25": date(2025, 1, 1),
    "Sept 2025": date(2025, 9, 1),
    "août 2025": date(2025, 8, 1),
    "15 févr. 2026": date(2026, 2, 15),
    "5 de enero de 2026": date(2026, 1, 5),
    "31 dez 2025": date(2025, 12, 31),
    "gennaio 2026": date(2026, 1, 1),
    "Sep 30, 2026": date(2026, 9, 30),
    "30-Sep-2026": date(2026, 9, 30),
    "Sep 30, 2026 10:22": date(2026, 9, 30),
    "Foo 2025": None,
}


def read(text: str) -> date | None:
    ((found,),) = duckdb.execute(f"SELECT {date_sql('month name', '$1')}", [text]).fetchall()
    return found


@pytest.mark.parametrize("text", CASES)
def test_the_month_is_read(text: str) -> None:
    assert date_shape(re.sub("[0-9]", "9", text)) == "month name"
    assert read(text) == CASES[text]


def test_every_known_name_is_its_month() -> None:
    found = {word: read(f"{word} 2026") for word in MONTH_WORDS}
    assert found == {word: date(2026, month, 1) for word, month in MONTH_WORDS.items()}
    assert {*MONTH_WORDS.values()} == {*range(1, 13)}
