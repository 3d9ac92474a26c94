"""Exports of known systems, dropped as they are: what is asked, and the figures, computed once more by hand."""

from motions.cohorts.metrics import metrics as m
from tests import shapes
from tests.cohorts.test_meaning import answered, asked, value

LAST = 2026 * 12 + 9


def test_stripe_and_dub_ask_which_id_and_which_motion_and_nothing_else(load):
    files = shapes.stripe_and_dub()
    program = load(files)
    assert {(one.file, one.key) for one in asked(program)} == {
        ("dub-customers.csv", "account_id"), ("dub-partners.csv", "motion"),
    }  # fmt: skip
    said = answered(program, "dub-customers.csv", ("columns", "account_id", "stripeCustomerId"))
    said |= answered(program, "dub-partners.csv", ("constants", "motion", "affiliate"))
    program = load(files, corrections=said)
    assert not asked(program)
    running = [at for at in range(shapes.COMPANIES) if at % 5 < 3]
    assert program.ledger.last_month == LAST
    assert value(program, "mrr") == 100 * len(running)
    assert value(program, "mrr", "Partner") == 100 * len([at for at in running if at in shapes.BROUGHT])
    # Those that end in June paid up to May.
    ending = [at for at in range(shapes.COMPANIES) if at % 5 == 3]
    assert value(program, "mrr", as_of=2026 * 12 + 4) == 100 * len(running + ending)
    paid = sum(20 for at in shapes.BROUGHT if at % 9 // 3 < 2) * 12
    theirs = sum(100 * (12 if at in running else 7) for at in shapes.BROUGHT if at in running or at in ending)
    assert value(program, "payout_share", "Partner") == paid / theirs
    assert value(program, "active_partners", "Partner") is not None


def test_hubspot_chargebee_and_partnerstack_ask_nothing(load):
    program = load(shapes.hubspot_chargebee_and_partnerstack())
    assert not asked(program)
    running = [at for at in range(shapes.COMPANIES) if at % 5 < 3]
    assert value(program, "mrr") == 100 * len(running)
    assert value(program, "mrr", "Partner") == 100 * len([at for at in running if at in shapes.BROUGHT])
    motions = {name: program.ledger.at("closing", LAST)[m.MOTIONS.index(name)] for name in ("reseller", "affiliate")}
    of = [len([at for at in running if at in shapes.BROUGHT and at % 2 == side]) for side in (0, 1)]
    assert motions == {"reseller": 10_000 * of[0], "affiliate": 10_000 * of[1]}


def test_salesforce_and_chartmogul_ask_nothing(load):
    program = load(shapes.salesforce_and_chartmogul())
    assert not asked(program)
    # Of six that change, those of even number keep three quarters.
    assert value(program, "mrr") == 100 * (shapes.COMPANIES - 3) - 25 * 3
    assert value(program, "nrr") == (100 * (shapes.COMPANIES - 3) - 75) / (100 * shapes.COMPANIES)
    assert program.ledger.currency == "USD"
