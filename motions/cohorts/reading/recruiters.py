"""Who recruited whom among partners: what can't be is said with its place, and nobody has an override of it.

A recruiter that can't be used is stored as an empty text, which is not known; null is nobody.
"""

from collections.abc import Mapping

from motions.cohorts.reading.engine import Bound, count
from motions.cohorts.reading.mapping import LITTLE
from motions.cohorts.reading.not_used import note_recruiters
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.tables import Tables
from motions.text import count as counted

SHOWN = 3
NOBODY = "Nobody gets an override there."


def check_recruiters(tables: Tables) -> None:
    """Set aside recruiters that are not in the list, that recruited themselves, or one another in a ring."""
    if not tables.has_rows("partners WHERE recruited_by <> ''"):
        return
    named = dict(
        tables.con.execute("SELECT partner_id, recruited_by FROM partners WHERE recruited_by <> ''").fetchall()
    )
    known = {row[0] for row in tables.con.execute("SELECT partner_id FROM partners").fetchall()}
    unlisted = [partner for partner, by in named.items() if by not in known]
    own = [partner for partner, by in named.items() if by == partner]
    rings = in_rings({partner: by for partner, by in named.items() if by != partner})
    _say(
        tables,
        unlisted,
        named,
        "{by}, who is to have recruited {partner}, is not in the list",
        "Add it, or correct it.",
    )
    _say(tables, own, named, "{partner} is to have recruited itself", "Correct it.")
    through = "{by} is to have recruited {partner}, and {partner} it, by itself or through others"
    _say(tables, rings, named, through, "Correct one of them.")
    note_recruiters(tables.con, [*unlisted, *own, *rings])
    unusable = "UPDATE partners SET recruited_by = '' WHERE partner_id IN (SELECT unnest(?))"
    tables.con.execute(unusable, [[*unlisted, *own, *rings]])


def in_rings(recruiter: Mapping[str, str]) -> list[str]:
    """Return who stands in a ring of recruiters, in the order given; who was recruited by one of a ring does not.

    >>> in_rings({"A": "B", "B": "C", "C": "B", "D": "A"})
    ['B', 'C']
    """
    done: dict[str, bool] = {}
    for start in recruiter:
        path: dict[str, int] = {}
        at = start
        while at in recruiter and at not in done and at not in path:
            path[at] = len(path)
            at = recruiter[at]
        since = path.get(at, len(path))
        done |= {one: place >= since for one, place in path.items()}
    return [one for one in recruiter if done[one]]


def _say(tables: Tables, partners: list[str], named: Mapping[str, str], words: str, repair: str) -> None:
    if not partners:
        return
    places = [_place(tables, partner) for partner in partners[:SHOWN]]
    said = [words.format(by=named[one][:40], partner=one[:40]) for one in partners[:SHOWN]]
    shown = "; ".join(f"{place}: {what}" for place, what in zip(places, said, strict=True))
    more = f" ({counted(len(partners), 'partner')} in all)" if len(partners) > SHOWN else ""
    share = len(partners) / max(count(tables.con, "partners"), 1)
    tables.remarks.append(Remark(f"{shown}{more}. {NOBODY}", repair, LITTLE * share))


def _place(tables: Tables, partner: str) -> str:
    """File, line and column of what is said of a partner; without the line where several files say it together."""
    bound = Bound()
    rows = bound.run(tables.con, f"SELECT file, line FROM partners WHERE partner_id = {bound(partner)}").fetchall()
    files = [one for one in tables.kinds["partners"].files if "recruited_by" in one.columns]
    file, line = tables.kinds["partners"].files[rows[0][0]], rows[0][1]
    if line is None or "recruited_by" not in file.columns:
        file, line = files[0], None
    column = file.header[file.columns["recruited_by"]]
    return f"{file.name}, {f'line {line}, ' if line else ''}column {column}"
