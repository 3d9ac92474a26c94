"""Every word of words.yaml is read as what it stands for there."""

import pytest

from motions.cohorts.contract import (
    BLANK,
    BLANK_DAY,
    FLAG_WORDS,
    HEADERS,
    INTERVAL_WORDS,
    KIND_WORDS,
    MOVEMENT_WORDS,
    ORIGIN,
    STATUS_WORDS,
    TRAFFIC,
    words,
)
from motions.cohorts.reading.spelling import normal, normal_word
from tests.cohorts.test_meaning import ACCOUNTS, WRITTEN, asked, value


def test_words_stand_as_they_are_compared():
    for group in (*HEADERS.values(), ORIGIN):
        assert [normal(word) for word in group] == list(group)
        assert len(set(group)) == len(group)
    for table in (KIND_WORDS, MOVEMENT_WORDS, INTERVAL_WORDS, FLAG_WORDS, *STATUS_WORDS.values()):
        spellings = [word for said in table.values() for word in said.split()]
        assert [normal_word(word) for word in spellings] == spellings
        assert len(set(spellings)) == len(spellings)
    assert [word.lower() for word in (*BLANK, *BLANK_DAY)] == [*BLANK, *BLANK_DAY]
    assert [normal_word(word) for word in TRAFFIC] == list(TRAFFIC)


ROWS = {
    "subscriptions": ("customer_id,start_date,end_date,mrr,status", "A{at:02d},2025-01-01,{end},100,{word}"),
    "commissions": ("id,date,partner_id,commission,status", "c{at},2025-02-01,P1,5,{word}"),
    "payouts": ("id,date,partner_id,payout,status", "c{at},2025-02-01,P1,5,{word}"),
    "partners": ("partner_id,motion,recruited_on,status", "P{at},affiliate,2024-01-01,{word}"),
    "invoices": ("invoice_id,customer_id,invoice_date,invoice_total,status", "i{at},A{at:02d},2025-02-01,5,{word}"),
    "revenue": ("customer_id,month,mrr,status", "A{at:02d},2025-02,5,{word}"),
    "spend": ("month,amount,kind,status", "2025-02,{at}7,marketing,{word}"),
    "movements": ("customer_id,month,mrr_change,movement,status", "A{at:02d},2025-02,5,new,{word}"),
    "accounts": ("account_id,signed_up_on,motion,deal_stage", "B{at},2025-02-01,affiliate,{word}"),
}


@pytest.mark.parametrize("kind", STATUS_WORDS)
def test_every_word_of_a_status_counts_or_not(load, kind):
    header, row = ROWS[kind]
    known = {word: ours for word, ours in words(STATUS_WORDS[kind]).items() if word not in STATUS_WORDS[kind]}
    text = f"{header}\n" + "\n".join(
        row.format(at=at, word=word, end="2026-08-01" if ours == "ended" else "")
        for at, (word, ours) in enumerate(known.items())
    )
    program = load({"a.csv": ACCOUNTS, "x.csv": text}, written=WRITTEN)
    assert not [question for question in asked(program) if question.file == "x.csv" and question.part == "words"]
    report = next(file for file in program.files if file.name == "x.csv")
    left = sum(ours == "leave out" for ours in known.values())
    assert (report.table, report.accepted, report.left_out) == (kind, len(known) - left, left)


def test_every_word_of_an_interval_divides_its_amount(load):
    known = words(INTERVAL_WORDS)
    accounts = "account_id,signed_up_on,motion\n" + "".join(f"E{at},2024-01-01,\n" for at in range(len(known)))
    text = "customer_id,start_date,end_date,price,interval\n"
    text += "".join(
        f"E{at},2025-01-01,,{int(months) * (1 + at)},{word}\n" for at, (word, months) in enumerate(known.items())
    )
    program = load({"a.csv": accounts, "s.csv": text}, written=WRITTEN)
    assert next(file.accepted for file in program.files if file.name == "s.csv") == len(known)
    assert value(program, "mrr") == sum(range(1, len(known) + 1))


def test_every_word_of_a_flag_is_yes_or_no(load):
    known = words(FLAG_WORDS)
    text = "account_id,signed_up_on,motion,is_test\n"
    text += "".join(f"B{at},2025-02-01,affiliate,{word}\n" for at, word in enumerate(known))
    (report,) = load({"x.csv": text}).files
    assert report.left_out == sum(ours == "yes" for ours in known.values())


def test_every_word_for_nothing_is_blank_as_a_text_and_as_a_day(load):
    text = "account_id,signed_up_on,motion,partner_id,activated_on\n"
    said = [word for word in (*BLANK, *BLANK_DAY) if word]
    text += "".join(
        f"B{at},2025-02-01,affiliate,{word if word in BLANK else ''},{word}\n" for at, word in enumerate(said)
    )
    text += "C1,2025-02-01,affiliate,P1,2025-02-02\n"
    program = load({"x.csv": text})
    (report,) = program.files
    assert (report.accepted, report.rejected, report.unread) == (len(said) + 1, 0, {})
    assert set(program.ledger.partners["partner_id"]) <= {"P1"}
    assert report.nothing["activated_on"][0] == len(said)


def test_every_word_of_spend_and_of_movements_is_known(load):
    spend = "month,amount,kind\n" + "".join(f"2025-02,1,{word}\n" for word in words(KIND_WORDS))
    moves = "customer_id,month,mrr_change,movement\n"
    for at, (word, ours) in enumerate(words(MOVEMENT_WORDS).items()):
        moves += f"D{at},2025-01,100,new\n" if ours != "new" else ""
        moves += f"D{at},2025-02,10,{word}\n"
    accounts = ACCOUNTS + "".join(f"D{at},2025-01-01,,\n" for at in range(len(words(MOVEMENT_WORDS))))
    program = load({"a.csv": accounts, "s.csv": spend, "m.csv": moves}, written=WRITTEN)
    assert not asked(program)
    assert all(file.rejected == 0 for file in program.files)
