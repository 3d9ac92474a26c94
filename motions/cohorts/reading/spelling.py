"""How the names of columns and the words of cells are compared."""

import re
import unicodedata
from collections.abc import Sequence

from motions.cohorts.contract import MOTION_WORDS, words
from motions.names import OWN, in_force


def normal(name: str) -> str:
    """Return a column name or a word without case, spaces and signs; the two cases of camelCase are two words.

    >>> normal(" Signed up (on) "), normal("customerExternalId"), normal("MRR")
    ('signed_up_on', 'customer_external_id', 'mrr')
    >>> normal("Gekündigt am"), normal("№"), normal("顧客")
    ('gekundigt_am', '№', '顧客')
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", _plain(name))
    return re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_") or name.strip().casefold()


def _plain(word: str) -> str:
    """Return a text without the marks on its letters, as the engine's strip_accents does."""
    bare = "".join(sign for sign in unicodedata.normalize("NFD", word) if not unicodedata.combining(sign))
    return bare.translate(_BARE)


MARKED, UNMARKED = "łŁøØđĐı", "lLoOdDi"
"""Letters whose mark is a part of them, and what they are without it."""
_BARE = str.maketrans(MARKED, UNMARKED)


ZONES = ("utc", "gmt")


def without_unit(name: str, units: Sequence[str]) -> tuple[str, str]:
    """Return the name of a column, as `normal` writes it, without a unit or a zone at its end, and what that was.

    >>> without_unit("MRR (EUR)", ("eur", "cents")), without_unit("mrr_cents", ("eur", "cents"))
    (('mrr', 'eur'), ('mrr', 'cents'))
    >>> without_unit("Created (UTC)", ()), without_unit("cents", ("cents",))
    (('created', 'utc'), ('cents', ''))
    >>> without_unit("Amount in cents", ("cents",))
    ('amount', 'cents')
    """
    words = normal(name).split("_")
    for length in (2, 1):
        end = "_".join(words[-length:])
        if len(words) > length and end in {*units, *ZONES}:
            rest = words[:-length]
            return "_".join(rest[:-1] if len(rest) > 1 and rest[-1] == "in" else rest), end
    return "_".join(words), ""


def normal_word(word: str) -> str:
    """Return a word of a cell as it is compared: small letters and digits, all else as one underscore.

    >>> normal_word("Refer a friend!"), normal_word("推荐"), normal_word("Zapłacona")
    ('refer_a_friend', '推荐', 'zaplacona')
    """
    return re.sub(r"[^a-z0-9]+", "_", _plain(word).lower()).strip("_") or word.strip().lower()


def motion_words() -> dict[str, str]:
    """Return every accepted spelling → motion, as they are compared, with those of a motion of one's own.

    What a company calls its own motion is its own, whatever the word means to others.
    """
    slot = in_force()
    return words(MOTION_WORDS) | ({normal_word(word): OWN for word in (OWN, *slot.words)} if slot else {})


def position(header: Sequence[str], name: str) -> int | None:
    """Return where a column is: by its very name, else by the only one that is the same without case and signs.

    >>> position(("MRR ($)", "MRR (€)"), "MRR (€)"), position(("Account ID", "x"), "account_id")
    (1, 0)
    >>> position(("MRR ($)", "MRR (€)"), "mrr")
    """
    if name in header:
        return header.index(name)
    alike = [at for at, column in enumerate(header) if column and normal(column) == normal(name)]
    return alike[0] if len(alike) == 1 else None
