"""Ratios with what they aim at, and the limit beyond which no busy machine explains them."""

BEYOND = []


def at_most(value, of, aim, limit, digits=1):
    """Say a ratio that should be small, and remember it when it is beyond its limit."""
    if not value <= limit:
        BEYOND.append(f"{value:.{digits}f} × {of}: the limit is {limit}")
    return f"{value:.{digits}f} × {of} (aim ≤ {aim})"


def at_least(value, of, aim, limit, digits=1):
    """Say a ratio that should be large, and remember it when it is below its limit."""
    if not value >= limit:
        BEYOND.append(f"{value:.{digits}f} × {of}: the limit is {limit}")
    return f"{value:.{digits}f} × {of} (aim ≥ {aim})"


def must(condition, says, otherwise):
    """Say that something is so, and remember it when it is not."""
    if not condition:
        BEYOND.append(otherwise)
    return says if condition else otherwise
