"""Which accounts are partners': a motion of their own, else their partner's, else organic; and what nobody knows.

In a file that names motions, a blank one is organic: that is its own. A file without motions says nothing of them.
"""

from motions.cohorts.contract import ORIGIN, PARTNERS
from motions.cohorts.coverage import UNMATCHED
from motions.cohorts.reading.engine import Bound, count
from motions.cohorts.reading.mapping import LITTLE, NOT_THERE, Question
from motions.cohorts.reading.read import cell_words
from motions.cohorts.reading.recognise import Recognised
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.spelling import normal
from motions.cohorts.reading.tables import Tables
from motions.names import PARTNER_MOTIONS, offered
from motions.text import count as counted
from motions.text import listed


def attribute(tables: Tables) -> None:
    """Give every account a motion. One without, that names a listed partner, has its partner's; else it is asked."""
    con = tables.con
    told = con.execute(
        "UPDATE accounts SET motion = p.motion FROM partners p "
        "WHERE accounts.motion IS NULL AND accounts.partner_id <> '' AND p.partner_id = accounts.partner_id"
    ).fetchall()[0][0]
    accounts = count(con, "accounts")
    if told:
        words = f"{counted(told, 'account')} that name a partner and no motion have their partner's."
        tables.remarks.append(Remark(words, touches=told / accounts))
    asked = _ask_of_partners(tables, accounts)
    tables.motions_known = not asked and (not accounts or _says_motions(tables))
    if not tables.motions_known and not asked:
        _ask_for_a_column(tables)
    tables.partners_known = _matched(tables) and "accounts" not in tables.offered
    con.execute("UPDATE accounts SET motion = 'organic' WHERE motion IS NULL")


NOBODYS = "accounts WHERE motion IS NULL AND partner_id <> ''"
"""Accounts that partners brought, nobody says by which motion."""


def _ask_of_partners(tables: Tables, accounts: int) -> bool:
    """Give accounts with a partner the motion that their file was said to have; return whether it is asked for many."""
    files = [file for name in ("accounts", "customers") for file in tables.kinds[name].files]
    said = {file.mapping.constants[PARTNERS] for file in files if PARTNERS in file.mapping.constants}
    if said:
        bound = Bound()
        bound.run(tables.con, f"UPDATE {NOBODYS.replace(' WHERE', f' SET motion = {bound(min(said))} WHERE', 1)}")
    left = count(tables.con, NOBODYS)
    if left and any(file.waits and file.mapping.kind == "partners" for file in tables.sources.values()):
        return left > LITTLE * accounts  # the list may say it
    naming = [file for file in files if "partner_id" in file.columns]
    if not left or not naming or tables.offered & {"accounts"}:
        return False
    asks = (
        f"{counted(left, 'account')} name a partner, and nothing says by which motion they came. Which is it, for "
        "these accounts only? They count with the partners then, and are organic no more."
    )
    question = Question(
        naming[0].name, "constants", PARTNERS, asks, offered(PARTNER_MOTIONS), left / max(accounts, 1), read=True
    )
    tables.sources[naming[0].name] = tables.sources[naming[0].name].asked([question])
    return question.matters


MOST_WAYS = 12
"""Different words of a column that may say how accounts came."""


def _ask_for_a_column(tables: Tables) -> None:
    """Ask which column says how accounts came, where there are some with few words."""
    for file in tables.kinds["accounts"].files:
        found = _ways(tables, file)
        if found:
            shown = "; ".join(
                f"{name}: {listed([f'{word[:30]} ({times:,})' for word, times in ways[:5]])}"
                for name, ways in list(found.items())[:4]
            )
            asks = (
                f"No column says which accounts partners brought. Does one of these? {shown}. Each of its words is "
                "then asked for; without one, figures of partners stay unknown."
            )
            options = (*list(found)[:4], NOT_THERE)
            question = Question(file.name, "columns", "motion", asks, options, read=True)
            if file.mapping.columns.get("motion") != "":
                tables.sources[file.name] = tables.sources[file.name].asked([question])
            return


def _ways(tables: Tables, file: Recognised) -> dict[str, list[tuple[str, int]]]:
    """Unused columns of few words, each with its words and how many accounts have them; by what they are called."""
    used = {*file.columns.values()}
    found: dict[str, list[tuple[str, int]]] = {}
    for at, name in enumerate(file.header):
        if at in used or not name:
            continue
        ways = cell_words(tables.con, file, at, MOST_WAYS + 1)
        letters = [word for word, _ in ways if any(sign.isalpha() for sign in word)]
        if (
            2 <= len(ways) <= MOST_WAYS
            and len(letters) * 2 > len(ways)
            and sum(times for _, times in ways) > 2 * len(ways)
        ):
            found[name] = ways
    return {name: ways for name, ways in found.items() if {*normal(name).split("_")} & {*ORIGIN}}


def _says_motions(tables: Tables) -> bool:
    """Whether any account has a motion or a partner: else all of them would be organic, which nobody said."""
    return tables.has_rows("accounts WHERE motion IS NOT NULL OR partner_id <> ''")


def _matched(tables: Tables) -> bool:
    """Whether at least half of the accounts that name a partner name one of the list, where there are both."""
    naming = count(tables.con, "accounts WHERE partner_id <> ''")
    if not naming or not tables.has_rows("partners"):
        return True
    known = count(tables.con, "accounts WHERE partner_id IN (SELECT partner_id FROM partners)")
    if known * 2 < naming:
        words = f"{counted(naming - known, 'account')} of {naming:,} that name a partner name none of the partner list."
        tables.remarks.append(Remark(words, f"{UNMATCHED[0].upper()}{UNMATCHED[1:]}.", (naming - known) / naming))
    return known * 2 >= naming
