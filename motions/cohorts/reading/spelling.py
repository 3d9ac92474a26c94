"""How the names of columns and the words of cells are compared."""

import re
from collections.abc import Sequence


def normal(name: str) -> str:
    """Return a column name or a word without case, spaces and signs; the two cases of camelCase are two words.

    >>> normal(" Signed up (on) "), normal("customerExternalId"), normal("MRR")
    ('signed_up_on', 'customer_external_id', 'mrr')
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_") or name.strip().casefold()


def normal_word(word: str) -> str:
    """Return a word of a cell as it is compared: small letters and digits, all else as one underscore.

    >>> normal_word("Refer a friend!"), normal_word("推荐")
    ('refer_a_friend', '推荐')
    """
    return re.sub(r"[^a-z0-9]+", "_", word.lower()).strip("_") or word.strip()


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
