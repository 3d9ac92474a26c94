"""How the names of columns and the words of cells are compared."""

import re


def normal(name: str) -> str:
    """Return a column name or a word without case, spaces and signs; the two cases of camelCase are two words.

    >>> normal(" Signed up (on) "), normal("customerExternalId"), normal("MRR")
    ('signed_up_on', 'customer_external_id', 'mrr')
    """
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name)
    return re.sub(r"[^a-z0-9]+", "_", apart.lower()).strip("_")
