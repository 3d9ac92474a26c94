"""Files that state much the same rows as others, where nothing tells a row that is exported twice: they are asked."""

from collections.abc import Sequence

from motions import text
from motions.cohorts.contract import NOT_USED
from motions.cohorts.reading.engine import count
from motions.cohorts.reading.mapping import Question
from motions.cohorts.reading.matching import PAID, PAYING, not_read
from motions.cohorts.reading.read import cell_words
from motions.cohorts.reading.recognise import CORRECTED, Recognised
from motions.cohorts.reading.spelling import position
from motions.cohorts.reading.tables import BECOMES, Tables, names_of

MOST_WORDS = 1000
"""Words of a column of which it is looked whether another file has them too."""


def ask_of_copies(tables: Tables) -> None:
    """Ask of files that state much the same rows, where no column tells a row that is exported twice."""
    for name in ("subscriptions", "movements", "invoices", "spend", "commissions", "payouts"):
        files, id_ = tables.kinds[name].files, "subscription_id" if name == "subscriptions" else "posting_id"
        if len(files) < 2 or any(id_ in file.columns for file in files):
            continue
        for at in range(1, len(files)):
            if _ask_of_one(tables, name, files, at):
                return


def _ask_of_one(tables: Tables, name: str, files: Sequence[Recognised], at: int) -> bool:
    """Ask of the file at a place, beside those before it whose rows it repeats; say whether it is asked."""
    rows = f"SELECT * EXCLUDE (file, line) FROM {name} WHERE file"
    alike = [one for one in range(at) if not _told_apart(tables, files[at], files[one])]
    shared = [one for one in alike if count(tables.con, f"({rows} = {at} INTERSECT {rows} = {one})")]
    if not shared:
        return False
    places = ", ".join(map(str, shared))
    same = count(tables.con, f"({rows} = {at} INTERSECT {rows} IN ({places}))")
    own, theirs = (count(tables.con, f"{name} WHERE file IN ({of})") for of in (at, places))
    if same * 2 <= min(own, theirs):
        return False
    first = shared == [0] and theirs < own  # the one that has less besides
    again, others = (files[0], files[at : at + 1]) if first else (files[at], [files[one] for one in shared])
    _ask_of_copy(tables, name, again, others, same)
    return True


def _told_apart(tables: Tables, file: Recognised, other: Recognised) -> bool:
    """Whether a column that is not read has words in both files and none that is in both, as offices or systems have.

    Days and numbers may be those of the export.
    """
    used = {*file.columns.values()}
    for at, own in enumerate(file.header):
        there = position(other.header, own) if own and at not in used else None
        if there is None or there in other.columns.values():
            continue
        ours, theirs = (
            {word for word, _ in cell_words(tables.con, one, place, MOST_WORDS)}
            for one, place in ((file, at), (other, there))
        )
        words = ours | theirs
        if ours and theirs and not ours & theirs and all(any(sign.isalpha() for sign in word) for word in words):
            return True
    return False


def _ask_of_copy(tables: Tables, name: str, file: Recognised, others: Sequence[Recognised], same: int) -> None:
    """Ask whether a file is another one once more; until then what it is about is not known."""
    where = f"{text.count(same, 'row')} of {file.name} stand in {names_of(others)} too"
    words = f"{where}, and no column that is read tells them apart"
    if file.found_by == CORRECTED:
        tables.notes.append(f"{words}: they count twice.")
        return
    asks = f"{words}. Is it exported twice? Then it is {NOT_USED}; as {name} it counts beside {names_of(others)}."
    question = Question(file.name, "kind", "kind", asks, (name, NOT_USED), read=True)
    tables.sources[file.name] = tables.sources[file.name].asked([question])
    table = BECOMES.get(name, name)
    tables.asked_of.add(table)
    not_read(tables, table, next(kinds for kinds in (PAYING, PAID) if name in kinds))
