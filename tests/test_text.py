"""Text from outside in cells and on terminals: it is only text there, and comes back as it was."""

import csv
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from motions.text import as_cell, as_csv, for_terminal, from_cell, short, whole_letters

SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫"
LETTERS = st.text(st.sampled_from([*SIGNS, *" ;,\t\n\r\"'a1.\u200b\ufeff\u00a0\u2028\x0b"]), max_size=12)


def cells(line, delimiter):
    """The cells of a line as a spreadsheet splits it: a quote counts at the start of a cell only."""
    return next(csv.reader([line], delimiter=delimiter), [])


@pytest.mark.parametrize("sign", SIGNS)
@pytest.mark.parametrize(
    "before", ["", " ", "\t", "\n", "\u00a0", "\ufeff", "\u200b", '"', "x;", "x; ", 'x;"', "x\n", "x\t", "x\r\n"]
)
def test_no_sign_of_a_formula_stands_where_a_cell_can_begin(sign, before):
    evil = f"{before}{sign}1+cmd|' /C calc'!A0;y"
    guarded = as_cell(evil)
    assert f"'{sign}1+cmd" in guarded
    assert from_cell(guarded) == evil


@given(LETTERS)
def test_a_cell_comes_back_as_it_was(text):
    assert from_cell(as_cell(text)) == text


@given(LETTERS, LETTERS)
def test_wherever_a_spreadsheet_splits_no_cell_is_a_formula(one, other):
    content = as_csv(["a", "b"], [[one, other]]).decode("utf-8-sig")
    found = list(csv.reader(io.StringIO(content, newline="")))
    assert found[1] == [as_cell(one), as_cell(other)]
    # Where the separator is another one, a quote in the middle of a cell means nothing, and each line is a row.
    lines = re.split("[\r\n\x0b\x0c\x85\u2028\u2029]+", content)
    found += [cells(line, delimiter) for delimiter in ";\t" for line in lines]
    for cell in (cell for row in found for cell in row):
        plain = re.sub(r"^[\s\"\u200b\ufeff]+", "", cell)
        # A number is one, also where the next cell hangs on to it with its comma and quote.
        assert plain[:1] not in tuple(SIGNS) or re.match(r"[-+][0-9]+(\.[0-9]+)?(?![^\",])", plain), cell


def test_a_long_run_of_line_breaks_is_guarded_at_once():
    assert as_cell("\n" * 1_000_000 + "=1").endswith("\n'=1")  # a quadratic search would take hours


@given(st.text())
def test_a_terminal_gets_nothing_that_steers_it(text):
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", for_terminal(text))
    for_terminal(text + "\ud800").encode()


def test_half_a_letter_is_replaced_and_two_halves_are_one():
    assert whole_letters("\ud83d\ude00 \ude00\ud83d") == "\U0001f600 \ufffd\ufffd"
    assert as_csv(["\ud800"], []) == b'\xef\xbb\xbf"?"\r\n'


def test_any_value_is_shown_short():
    large = "x" * 10**6
    for value in ([large] * 10**5, {"a": [large]}, 10**100_000, "\x1b" * 10**6, ("a",) * 10**6, [[[[]]]], 1.5, None):
        assert len(short(value)) < 400
    assert short("it's") == '"it\'s"'
