"""Segment plans for tests: any that can be, and single rows."""

from hypothesis import strategies as st

from motions.playbook.segment_plan import MOST_ACCOUNTS, MOST_LETTERS, MOST_PRICE, MOST_ROWS, PLANNED, Plan, Row

HIDDEN = "".join(map(chr, (*range(32), *range(0x7F, 0xA0), 0x61C, 0x200E, 0x200F, *range(0x2028, 0x202F))))
HIDDEN += "".join(map(chr, range(0x2066, 0x206A)))
LETTERS = st.characters(exclude_categories=["Cs"], exclude_characters=HIDDEN)
WORDS = st.text(st.sampled_from("=+-@'\"ab;,|<*_ ÄＡ＝5:#{}[]&!%\t\n") | LETTERS, max_size=MOST_LETTERS).map(
    lambda text: " ".join(text.split())
)
BANDS = st.tuples(*[st.none() | st.integers(0, MOST_PRICE)] * 2).map(
    lambda ends: ends if None in ends else tuple(sorted(ends))
)
SELLING = st.lists(st.sampled_from(PLANNED), unique=True)


@st.composite
def rows(draw, words=WORDS, bands=BANDS):
    low, high = draw(bands)
    return Row(
        name=draw(words.filter(bool)), customer_type=draw(words), geography=draw(words), price_from=low, price_to=high,
        accounts=draw(st.integers(1, MOST_ACCOUNTS)), motions=draw(SELLING),
    )  # fmt: skip


def plans(most=MOST_ROWS, **of_rows):
    found = st.lists(rows(**of_rows), max_size=most, unique_by=lambda row: row.name.casefold())
    return found.map(lambda segments: Plan(segments=tuple(segments)))


FEW_WORDS = {
    "words": st.sampled_from(["", "Small", "small", "Large", "EU", "UK", "a", "b", "c", "d"]),
    "bands": st.sampled_from([(None, None), (0, 100), (100, 200), (50, 150), (100, 100), (None, 100), (100, None)]),
}
"""So few that rows often hold the same customers."""


def row(name="A", motions=(), **fields):
    return Row(name=name, motions=motions, **{"accounts": 100} | fields)


def plan(*segments):
    return Plan(segments=segments)
