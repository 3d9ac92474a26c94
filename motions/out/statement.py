"""A month's statement as one page of HTML: what the partners of each motion would have earned; it prints on A4."""

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
import pandas as pd

from motions.economics.inputs.plan_words import in_words
from motions.names import NAMES
from motions.replay import Replay, amounts, notes, partners, sentence
from motions.text import month_name

TEMPLATE = Path(__file__).with_name("statement.html")
_Cells = list[tuple[str, tuple[str, bool]]]


def statement_page(found: Sequence[Replay], made_on: date) -> str:
    """Return the page of the replays of one month, a section for each; self-contained, without a script."""
    first = found[0] if found else None
    return _template().render(
        month=month_name(first.settings.as_of) if first else "",
        currency=(first.ledger.currency if first else "") or "the currency of the files, which they do not name",
        made_on=made_on.isoformat(),
        motions=[_section(one) for one in found],
    )


@cache
def _template() -> jinja2.Template:
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined, trim_blocks=True)
    return environment.from_string(TEMPLATE.read_text("utf-8"))


def _section(found: Replay) -> dict[str, Any]:
    table = partners(found)
    in_money = amounts(table)
    columns = [(str(title), title in in_money) for title in table.columns]
    return {
        "name": NAMES[found.accounts.motion],
        "sentence": sentence(found),
        "terms": in_words(found.plan, found.ledger.currency or ""),
        "columns": columns,
        "rows": [_cells(row, columns) for row in table.itertuples(index=False)],
        "total": _cells(list(_total(table, in_money)), columns),
        "notes": notes(found),
    }


def _cells(row: Sequence[object], columns: Sequence[tuple[str, bool]]) -> _Cells:
    return [
        (f"{cell:,.2f}".replace("-", "−") if isinstance(cell, float) else str(cell), column)
        for cell, column in zip(row, columns, strict=True)
    ]


def _total(table: pd.DataFrame, in_money: Sequence[str]) -> Iterator[object]:
    """The sum of each column of amounts, of whole minor units so that it is exact."""
    for at, title in enumerate(table.columns):
        if title in in_money:
            yield int((table[title] * 100).round().sum()) / 100
        else:
            yield "" if at else "Together"
