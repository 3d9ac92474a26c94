"""What several charts say of themselves alike, and how a definition that is written elsewhere stands in a sentence."""

from motions.text import inside

INTERVAL = "Bands, and thin lines through marks, are 95 % intervals."
SPREAD = "Of ten draws of the ranges one ends below P10 and one above P90."


def defined(title: str, meaning: str, most: int = 1) -> str:
    """Return what something is, in so many sentences of its definition.

    >>> defined("ARPA", "MRR ÷ customers. At the as-of month.")
    'ARPA = MRR ÷ customers.'
    """
    return f"{title} = {inside('. '.join(meaning.removesuffix('.').split('. ')[:most]))}."
