"""What changed since an earlier ledger, against files that were changed by hand."""

import csv
import io
from dataclasses import replace

import pytest

from motions.cohorts.contract import MOTIONS
from motions.cohorts.metrics import metrics as m
from motions.cohorts.tables import since as tables
from motions.cohorts.verdicts.since import since
from motions.errors import FileError
from tests.conftest import SAMPLE_FILES

LAST = "2026-09"
EARLIER = "2026-08"


def sample(change=lambda name, row: row):
    """The files of the sample, each row as `change` leaves it; none leaves it out."""
    files = {}
    for name, path in SAMPLE_FILES:
        with path.open(newline="", encoding="utf-8") as file:
            rows = list(csv.DictReader(file))
        out = io.StringIO()
        writer = csv.DictWriter(out, rows[0])
        writer.writeheader()
        writer.writerows(row for row in (change(name, dict(row)) for row in rows) if row is not None)
        files[name] = out.getvalue()
    return files


def a_month_earlier(name, row):
    """The sample as it was at the end of August: nothing of September was there."""
    month = row.get("month") or row.get("signed_up_on") or row.get("recruited_on") or ""
    return None if month[:7] >= LAST else row


def test_partners_and_motions_that_moved_add_up_to_the_change(load):
    before, now = load(sample(a_month_earlier)).ledger, load(sample()).ledger
    assert before.last_month == now.last_month - 1
    settings = m.Settings(as_of=now.last_month)
    found = since(before, now, settings)
    change = m.mrr(now, settings, m.PARTNER).value - m.mrr(before, m.Settings(as_of=before.last_month), m.PARTNER).value
    assert sum(one.change for one in found.motions) == pytest.approx(change)
    assert sum(one.change for one in found.partners) + found.others == pytest.approx(change)
    files = {name: list(csv.DictReader(io.StringIO(text))) for name, text in sample().items()}
    whose = {row["account_id"]: row for row in files["accounts.csv"]}
    first = found.partners[0]
    mrr = dict.fromkeys((EARLIER, LAST), 0.0)
    for row in files["revenue.csv"]:
        account = whose[row["account_id"]]
        if account["partner_id"] == first.id and row["month"][:7] in mrr and account["motion"] in MOTIONS[:5]:
            mrr[row["month"][:7]] += float(row["mrr"])
    assert (first.before, first.now) == pytest.approx((mrr[EARLIER], mrr[LAST]))
    assert found.restated_months == ()
    mrr_change = next(one for one in found.changes if one.metric == "mrr")
    assert not mrr_change.is_restated
    assert "Since 2026-08 partner MRR" in tables.headline(found, now, settings)


def test_what_was_restated_is_said_with_its_months(load):
    def restated(name, row):
        if name == "revenue.csv" and row["month"] == "2026-05" and float(row["mrr"]) > 0:
            return row | {"mrr": str(float(row["mrr"]) + 1)}
        return row

    before, now = load(sample(a_month_earlier)).ledger, load(sample(restated)).ledger
    settings = m.Settings(as_of=now.last_month)
    found = since(before, now, settings)
    assert found.restated_months == (2026 * 12 + 4,)
    said = tables.headline(found, now, settings)
    assert "MRR of 1 month up to then is another today, the first is 2026-05" in said
    # A figure of August does not look at May alone: what is the same is said to be.
    told = {one.metric: one.is_restated for one in found.changes}
    assert not told["mrr"]


def test_a_figure_of_the_earlier_month_that_is_another_today_is_shown_as_both(load):
    def august(name, row):
        if name == "revenue.csv" and row["month"] == EARLIER and float(row["mrr"]) > 0:
            return row | {"mrr": str(float(row["mrr"]) * 1.5)}
        return row

    before, now = load(sample(a_month_earlier)).ledger, load(sample(august)).ledger
    settings = m.Settings(as_of=now.last_month)
    mrr = next(one for one in since(before, now, settings).changes if one.metric == "mrr")
    assert mrr.is_restated
    assert mrr.restated.value == pytest.approx(1.5 * mrr.before.value, rel=1e-4)
    shown = tables.changes(since(before, now, settings), now, settings).set_index("Metric")
    assert shown.loc["MRR", "2026-08, as it is today"] not in ("the same", shown.loc["MRR", "2026-08, as it was"])


def test_the_same_ledger_changes_nothing(load):
    ledger = load(sample()).ledger
    settings = m.Settings(as_of=ledger.last_month)
    found = since(ledger, ledger, settings)
    assert (found.partners, found.restated_months, found.others) == ((), (), 0)
    assert not any(one.is_restated for one in found.changes)
    assert "is the same" in tables.headline(found, ledger, settings)
    assert set(tables.changes(found, ledger, settings).iloc[:, 3]) == {"the same"}
    assert "unknown" not in set(tables.changes(found, ledger, settings).iloc[:, 1])
    assert len(tables.causes(found, ledger, settings).columns) == 6


def test_what_can_not_be_compared_is_not(load):
    ledger = load(sample()).ledger
    settings = m.Settings(as_of=ledger.last_month)
    with pytest.raises(FileError, match="two currencies are never compared"):
        since(replace(ledger, currency="EUR"), ledger, settings)
    with pytest.raises(FileError, match="after the as-of month 2026-05"):
        since(ledger, ledger, m.Settings(as_of=2026 * 12 + 4))
    files = sample()
    alone = load({"accounts.csv": files["accounts.csv"]}).ledger
    then = m.Settings(as_of=max(alone.last_month, ledger.last_month))
    found = since(alone, ledger, then)
    assert tables.headline(found, ledger, then).startswith("What moved partner MRR since")
    assert found.restated_months == ()
    assert tables.causes(found, ledger, then).empty


def test_most_of_it_is_said_only_of_most_of_it(load):
    accounts = "account_id,signed_up_on,motion,partner_id\nBIG,2025-01-02,affiliate,\n" + "".join(
        f"A{at},2025-01-02,affiliate,P{at}\n" for at in range(20)
    )

    def revenue(month, more):
        rows = "".join(
            f"A{at},{one},{10 + (more and one == month)}\n" for at in range(20) for one in ("2025-02", "2025-03", month)
        )
        return f"account_id,month,mrr\n{rows}" + "".join(
            f"BIG,{one},{9000 if more and one == month else 10}\n" for one in ("2025-02", "2025-03", month)
        )

    partners = "partner_id,name,motion,recruited_on\n" + "".join(
        f"P{at},N{at},affiliate,2024-01-01\n" for at in range(20)
    )
    files = {"a.csv": accounts, "p.csv": partners}
    before = load(files | {"r.csv": "".join(dict.fromkeys(revenue("2025-03", False).splitlines(keepends=True)))}).ledger
    now = load(files | {"r.csv": revenue("2025-04", True)}, complete=[2025 * 12 + 3]).ledger
    found = since(before, now, m.Settings(as_of=now.last_month))
    assert "of the partners most" in tables.headline(found, now, m.Settings(as_of=now.last_month))
