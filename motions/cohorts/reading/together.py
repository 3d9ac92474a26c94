"""Accounts that end, or begin, in the same month, nearly all that are of one file, partner, motion, segment or word.

By chance that hardly happens: they left, or began, at one stroke, or a part of an export is missing. Both are said, and
of a file that ends some months before the others it is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from motions.cohorts.coverage import Cover
from motions.cohorts.reading.by_account import by_account
from motions.cohorts.reading.engine import Bound, count
from motions.cohorts.reading.lacking import MOST_FILES, groups_of_files
from motions.cohorts.reading.mapping import HAVE_LEFT, LATE, LATENESS, Question
from motions.cohorts.reading.months import BEGINS_WITHIN
from motions.cohorts.reading.read import words_of_accounts
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.tables import Tables
from motions.text import month_name

FEW = 4
"""Accounts that end together from which on it may be no chance."""
NEARLY_ALL = 0.8
"""Of those of a group that pay in a month so many end, or begin, with it."""
CHANCE = 0.001
"""How often accounts that leave one by one may look like that, over all groups and months."""
RECENT = 6
"""Months since the end of a file up to which it is asked whether it is late."""
MANY = 0.1
"""Of all that pay in a month so many end with it where columns that are not read are looked at for what they share."""
MOST_WORDS, MOST_COLUMNS = 50, 10
"""Words of a column, and columns, that are looked at."""
NAMED = 3
"""Groups that are named, the largest of them."""

_SPANS = (
    "CREATE OR REPLACE TEMP TABLE spans AS SELECT r.account_id, r.first_month AS first, "
    "least(r.last_month, {last}) AS last, any_value(a.motion) AS motion, any_value(a.partner_id) AS partner_id, "
    f"any_value(a.segment) AS segment, coalesce(min(a.signup_month) < r.first_month - {BEGINS_WITHIN}, false) AS long "
    "FROM {by_account} r LEFT JOIN accounts a ON a.account_id = r.account_id "
    "WHERE r.paying > 0 AND r.first_month <= {last} GROUP BY r.account_id, r.first_month, r.last_month"
)
"""From which month to which each account pays, whose it is, and whether it signed up long before the first."""
_TOGETHER = (
    "WITH g AS (SELECT word, first, last, long, count(*) AS n FROM ({rows}) WHERE word <> '' GROUP BY ALL), "
    f"e AS (SELECT word, {{at}} AS month, sum(n) AS times FROM g WHERE {{counts}} GROUP BY ALL HAVING times >= {FEW}) "
    "SELECT e.word, e.month, e.times, sum(g.n) AS paying, (SELECT count(DISTINCT word) FROM g) FROM e JOIN g "
    "ON g.word = e.word AND g.first <= e.month AND g.last >= e.month GROUP BY ALL "
    f"HAVING e.times >= {NEARLY_ALL} * paying ORDER BY e.times DESC, e.month DESC, 1 LIMIT 1000"
)
"""Groups of which nearly all that pay in a month end, or begin, with it: how many, of how many, of how many groups."""


@dataclass(frozen=True)
class _Kind:
    """A way to tell accounts apart: rows of account and word, and what those of a word are, in words."""

    rows: str
    are: str
    files: Sequence[Recognised] = ()
    bound: Bound | None = None

    def named(self, word: str) -> str:
        return self.are.format(self.files[int(word)].name if self.files else word[:40])


@dataclass(frozen=True)
class _Found:
    """A group of accounts that end or begin together."""

    kind: _Kind
    word: str
    month: int
    times: int
    paying: int

    def words(self, then: str) -> str:
        """Say which accounts they are, and that they do something in their month."""
        who = f"All {self.times:,}" if self.times == self.paying else f"{self.times:,} of {self.paying:,}"
        month = month_name(self.month)
        return f"{who} accounts {self.kind.named(self.word)} that pay in {month} {then}"


def say_who_ends_together(tables: Tables, revenue: Cover, said: Sequence[int] = ()) -> bool:
    """Say which groups of accounts end or begin in one month; ask of a file whether it is late.

    Of months in `said` it is known already who begins. Returns whether figures wait for an answer.
    """
    if not tables.ends_known or not _several_at_once(tables, revenue):
        return False
    tables.con.execute(_SPANS.format(last=revenue.last, by_account=by_account(tables.con)))
    _without_what_has_ended(tables, revenue)
    total, months, ended = tables.con.execute(
        f"SELECT count(*), coalesce(sum(last - first + 1), 0), count(*) FILTER (WHERE last < {revenue.last}) FROM spans"
    ).fetchall()[0]
    kinds = [*_of_files(tables), *_of_lists(tables)]
    leaving = (int(ended), int(months), revenue.last - revenue.first)
    found = _ends(tables, kinds, revenue, leaving)
    if not found and _many_end(tables, revenue, leaving):
        found = _ends(tables, _of_words(tables), revenue, leaving)
    waits = [one for one in found if _ask_whether_it_is_late(tables, one, revenue)]
    for one in [one for one in found if one not in waits]:
        words = one.words("pay last then: they count as left.")
        tables.remarks.append(
            Remark(words, "If they have not, a part of an export is missing: add it.", one.times / total)
        )
    for one in [] if tables.derived else _begins(tables, kinds, revenue, said):
        words = one.words("first pay then, and signed up long before: they count as new.")
        tables.remarks.append(Remark(words, "If they paid before, add the months before.", one.times / total))
    tables.con.execute("DROP TABLE spans")
    return bool(waits)


def _several_at_once(tables: Tables, revenue: Cover) -> bool:
    """Whether some end in one month before the last, or begin in one after the first: in most files they do not."""
    rows = f"FROM {by_account(tables.con)} WHERE paying > 0 AND"
    ends = f"SELECT last_month {rows} last_month < {revenue.last} GROUP BY 1 HAVING count(*) >= {FEW}"
    begins = f"SELECT first_month {rows} first_month > {revenue.first} GROUP BY 1 HAVING count(*) >= {FEW}"
    return bool(tables.con.execute(f"{ends} UNION ALL {begins}").fetchall())


def _without_what_has_ended(tables: Tables, revenue: Cover) -> None:
    """Leave out accounts of files that are said to have ended: it is known why they end together."""
    files = [str(at) for at, file in enumerate(tables.kinds["revenue"].files) if file.mapping.ended == HAVE_LEFT]
    if files:
        theirs = f"SELECT account_id FROM revenue WHERE file IN ({', '.join(files)})"
        tables.con.execute(f"DELETE FROM spans WHERE last < {revenue.last} AND account_id IN ({theirs})")


def _of_files(tables: Tables) -> list[_Kind]:
    """Accounts by the files that state what they pay, where there are several; those that belong together are one."""
    kind = next((name for name in ("revenue", "subscriptions", "invoices") if tables.kinds[name].files), "revenue")
    files = tables.kinds[kind].files
    if not 1 < len(files) <= MOST_FILES:
        return []
    groups = groups_of_files(tables.con, len(files), kind)
    if len({*groups}) == 1:
        return []
    first = " ".join(f"WHEN {at} THEN '{one}'" for at, one in enumerate(groups))
    rows = (
        "SELECT s.*, f.word FROM spans s "
        f"JOIN (SELECT DISTINCT account_id, CASE file {first} END AS word FROM {kind}) f ON f.account_id = s.account_id"
    )
    return [_Kind(rows, "of {}", files)]


def _of_lists(tables: Tables) -> list[_Kind]:
    """Accounts by what their list says of each."""
    said = [("segment", "of segment {}"), ("partner_id", "brought by partner {}")]
    said += [("motion", "of motion {}")] if tables.motions_known else []
    return [_Kind(f"SELECT *, {column} AS word FROM spans", are) for column, are in said]


def _of_words(tables: Tables) -> list[_Kind]:
    """Accounts by columns that no figure looks at, such as the system that they are billed by."""
    found = []
    for name in ("revenue", "subscriptions", "accounts"):
        for file in tables.kinds[name].files:
            used = {at for column, at in file.columns.items() if column != "item"}
            for at in [at for at, own in enumerate(file.header) if own and at not in used][:MOST_COLUMNS]:
                bound = Bound()
                said = words_of_accounts(tables.con, file, at, MOST_WORDS, bound)
                if said:
                    rows = f"SELECT s.*, w.word FROM spans s JOIN ({said}) w ON w.account_id = s.account_id"
                    found.append(_Kind(rows, f"with '{{}}' in {file.header[at]} of {file.name}", bound=bound))
    return found


def _ends(tables: Tables, kinds: Sequence[_Kind], revenue: Cover, leaving: tuple[int, int, int]) -> list[_Found]:
    """The groups that end together, and not by chance; none that has paused and come back before, as a season does."""
    ended, months, span = leaving
    found = []
    for kind in kinds:
        for word, month, times, paying, words in _together(tables, kind, "last", f"last < {revenue.last}"):
            rate = (ended - times + 1) / (months + 1)
            if rate**times * words * span < CHANCE and not _has_paused(tables, kind, word, revenue):
                found.append(_Found(kind, word, month, times, paying))
    return _largest(found)


def _begins(tables: Tables, kinds: Sequence[_Kind], revenue: Cover, said: Sequence[int]) -> list[_Found]:
    """The groups that begin together after the first month, long after they signed up."""
    rows = [
        _Found(kind, word, month, times, paying)
        for kind in kinds
        for word, month, times, paying, _ in _together(tables, kind, "first", f"long AND first > {revenue.first}")
    ]
    return _largest([one for one in rows if revenue.has(one.month - 1) and one.month not in said])


def _together(tables: Tables, kind: _Kind, at: str, counts: str) -> list[tuple[str, int, int, int, int]]:
    query = _TOGETHER.format(rows=kind.rows, at=at, counts=counts)
    rows = (kind.bound or Bound()).run(tables.con, query).fetchall()
    return [(str(word), int(month), int(times), int(paying), int(of)) for word, month, times, paying, of in rows]


def _largest(found: Sequence[_Found]) -> list[_Found]:
    """Of groups that end in a month those of the kind that the largest is told by: others are parts of them."""
    kinds: dict[int, _Kind] = {}
    ordered = sorted(found, key=lambda one: -one.times)
    return [one for one in ordered if kinds.setdefault(one.month, one.kind) is one.kind][:NAMED]


def _has_paused(tables: Tables, kind: _Kind, word: str, revenue: Cover) -> bool:
    """Whether nobody of a group paid in a month between its first and its last, of those that are known."""
    bound = kind.bound or Bound()
    whose = f"SELECT account_id FROM ({kind.rows}) WHERE word = {bound(word)}"
    paid = {
        int(month)
        for (month,) in bound.run(
            tables.con, f"SELECT DISTINCT month FROM revenue WHERE mrr > 0 AND account_id IN ({whose})"
        ).fetchall()
    }
    return any(revenue.has(month) and month not in paid for month in range(min(paid), max(paid)))


def _many_end(tables: Tables, revenue: Cover, leaving: tuple[int, int, int]) -> bool:
    """Whether in a month many more end than usually do."""
    ended, months, _ = leaving
    rows = tables.con.execute(
        "SELECT e.times, sum(s.n) FROM (SELECT last AS month, count(*) AS times FROM spans "
        f"WHERE last < {revenue.last} GROUP BY 1 HAVING times >= {FEW}) e "
        "JOIN (SELECT first, last, count(*) AS n FROM spans GROUP BY ALL) s "
        "ON s.first <= e.month AND s.last >= e.month GROUP BY e.month, e.times"
    ).fetchall()
    usual = [(int(times), int(paying), (ended - times + 1) / (months + 1)) for times, paying in rows]
    return any(times >= MANY * paying and times > 3 * rate * paying for times, paying, rate in usual)


def _ask_whether_it_is_late(tables: Tables, found: _Found, revenue: Cover) -> bool:
    """Ask of a file of revenue that ends some months before the others whether it is late; say whether figures wait."""
    if not found.kind.files or not tables.kinds["revenue"].files or revenue.last - found.month > RECENT:
        return False
    file = found.kind.files[int(found.word)]
    there = count(tables.con, f"spans WHERE {found.month} BETWEEN first AND last")
    # Who pays in a month or two alone buys once: that its payments end is no sign of a file that is late.
    stayed = count(tables.con, f"spans WHERE last = {found.month} AND first < {found.month - 1}")
    asks = (
        f"{found.words('pay last then')}, and others pay up to {month_name(revenue.last)}. Have they left, or is the "
        f"file late ({LATE})?"
    )
    until = " Until it is said they count as left."
    question = Question(
        file.name, "ended", "ended", asks, LATENESS, min(found.times, stayed) / max(there, 1), read=True
    )
    asked = question if question.matters else replace(question, asks=asks + until)
    tables.sources[file.name] = tables.sources[file.name].asked([asked])
    return question.matters
