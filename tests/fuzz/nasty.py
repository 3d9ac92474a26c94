"""What inputs are spoiled with: text, values, rows and bytes that have broken something somewhere."""

import copy
import math

TEXT = (
    "", " ", '"', '""', "'", "\\", "\x00", "\x1b[2J", "\x9b31m", "\u202e", "\u200b", "\ufeff", "\ud800", "²", "１２",
    ";", ",", "\t", "|", "\n", "\r", "\r\n\r\n", "\x85", "\u2028", "=1+1", ";=1+1;", "＝1", "-", "−5", "+", "@x", "%",
    "9" * 400, "1" * 19, "-1", "0", "1e999", "1e400", "NaN", "inf", "0x10", "1_0", "1:30:30", "1,234.50", "1.234,50",
    "1000000", "999999999999.99", "0000-01", "0001-01-01", "202²-01", "2026-0²", "9999-12", "2026-13", "2026-02-30",
    "31/12/2025", "2199-12-31", "1969-12", "true", "no", "null", "~", "<a href=x>y</a>", "<script>", "![i](http://x/y)",
    "$x^2$", "{{ 7*7 }}", "' OR 1=1 --", "read_text('/etc/passwd')", "leave out", "organic", "affiliate", "USD", "usd",
    "€", "$5", "sep=;", 'sep="', "*a", "&a [", "!!int ''", "!!bool z", "? [a]", "- - -", "[[[[", "{{{{", "%TAG", "---",
    "<<: *a", "x" * 3000,
)  # fmt: skip
NESTED = [[[[[[[[[["deep"]]]]]]]]]]
VALUES = (
    None, True, False, 0, 1, -1, 2, 10**19, 10**400, -(10**400), 0.5, 1e308, -1e308, math.inf, -math.inf, math.nan, [],
    {}, [[]], [{}], {"": ""}, {"a": {"b": {}}}, NESTED, ["x"] * 300, [1, 2], [2, 1], [1], [1, 2, 3], *TEXT,
)  # fmt: skip


def spoiled(rnd, text):
    """Return text with one to five things wrong with it."""
    for _ in range(rnd.randint(1, 5)):
        at, to = sorted(rnd.randint(0, len(text)) for _ in "ab")
        to = min(to, at + rnd.choice((0, 0, 1, 5, 60)))
        piece = rnd.choice((rnd.choice(TEXT), text[at:to] * rnd.randint(2, 40), "", text[to:at]))
        text = text[:at] + piece + text[to:]
    return text


def with_nasty_cells(rnd, rows, most=4):
    """Return a table, header first, with up to so many cells, rows or columns that are none."""
    rows = [list(row) for row in rows]
    for _ in range(rnd.randint(0, most)):
        row = rnd.choice(rows)
        what = rnd.random()
        if what < 0.75 and row:
            row[rnd.randrange(len(row))] = rnd.choice(TEXT)
        elif what < 0.85 and row:
            row.pop(rnd.randrange(len(row)))
        elif what < 0.95:
            rows.insert(rnd.randint(0, len(rows)), list(rnd.choice(rows)))
        else:
            row.append(rnd.choice(TEXT))
    return rows


def with_nasty_values(rnd, value, most=3):
    """Return nested lists and mappings in which up to so many values or keys are replaced."""
    value = copy.deepcopy(value)
    for _ in range(rnd.randint(1, most)):
        inner = value
        while True:
            keys = list(inner) if isinstance(inner, dict) else list(range(len(inner)))
            if not keys:
                break
            key = rnd.choice(keys)
            if not isinstance(inner[key], (dict, list)) or not inner[key] or rnd.random() < 0.15:
                _replace(rnd, inner, key)
                break
            inner = inner[key]
    return value


def _replace(rnd, inner, key):
    if isinstance(inner, dict) and rnd.random() < 0.3:
        inner[rnd.choice((*TEXT, *inner))] = inner.pop(key)
    else:
        inner[key] = copy.deepcopy(rnd.choice(VALUES))


def with_nasty_bytes(rnd, content):
    """Return bytes of which some are others, gone or there twice."""
    content = bytearray(content)
    for _ in range(rnd.randint(1, 6)):
        if not content:
            break
        at = rnd.randrange(len(content))
        what = rnd.random()
        if what < 0.6:
            content[at] = rnd.randrange(256)
        elif what < 0.8:
            del content[at : at + rnd.randint(1, 50)]
        else:
            content[at:at] = content[at : at + rnd.randint(1, 50)]
    return bytes(content)
