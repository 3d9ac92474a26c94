"""Which accounts are partners': a motion of their own, else their partner's, else organic; and what nobody knows.

In a file that names motions, a blank one is organic: that is its own. A file without motions says nothing of them.
"""

from motions.cohorts.coverage import UNMATCHED
from motions.cohorts.reading.engine import count
from motions.cohorts.reading.remarks import Remark
from motions.cohorts.reading.tables import Tables
from motions.text import count as counted


def attribute(tables: Tables) -> None:
    """Give every account a motion. One without any, that names a listed partner, has its partner's."""
    con = tables.con
    told = con.execute(
        "UPDATE accounts SET motion = p.motion FROM partners p "
        "WHERE accounts.motion IS NULL AND accounts.partner_id <> '' AND p.partner_id = accounts.partner_id"
    ).fetchall()[0][0]
    accounts = count(con, "accounts")
    if told:
        words = f"{counted(told, 'account')} that name a partner and no motion have their partner's."
        tables.remarks.append(Remark(words, touches=told / accounts))
    tables.motions_known = not accounts or _says_motions(tables)
    tables.partners_known = _matched(tables)
    con.execute("UPDATE accounts SET motion = 'organic' WHERE motion IS NULL")


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
