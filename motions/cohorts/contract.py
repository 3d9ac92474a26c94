"""The accepted kinds of file: their columns, types, synonyms and meaning. Recognition, reading and help derive from it.

Four kinds are the tables that figures are made from: accounts, revenue, partners, spend. The others are brought into
that form: subscriptions, movements and invoices become revenue, customers become accounts, commissions and payouts
become spend.
A ledger and a triangle are already added up; they stand for themselves.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from motions.content import read_yaml
from motions.names import OF_ACCOUNTS, OWN, TABLE

MOTIONS = OF_ACCOUNTS
KINDS = ("payout", "program", "marketing", "sales")

MOTION_WORDS = {motion.id: motion.words for motion in TABLE if motion.id in MOTIONS and motion.id != OWN}
"""Words of the motions that everybody has; what a company calls its own is another thing in each session."""
MOTIONS_AS_ROWS = " UNION ALL ".join(
    f"SELECT '{motion.id}' AS motion, '{motion.role}' AS role" for motion in TABLE if motion.id in MOTIONS
)
"""The motions as the table `motions` that SQL joins, on any engine: motion, role."""
_WORDS = read_yaml(Path(__file__).with_name("words.yaml"))
HEADERS: dict[str, tuple[str, ...]] = {group: tuple(names) for group, names in _WORDS["headers"].items()}
"""Names that columns are known by, in groups that the columns below name."""


def _said(words: dict[str, list[str]]) -> dict[str, str]:
    return {ours: " ".join(theirs) for ours, theirs in words.items()}


KIND_WORDS = _said(_WORDS["kind"])
MOVEMENT_WORDS = _said(_WORDS["movement"])
INTERVAL_WORDS = _said(_WORDS["interval"])
FLAG_WORDS = _said(_WORDS["flag"])
STATES: dict[str, tuple[str, ...]] = {state: tuple(said) for state, said in _WORDS["states"].items()}
"""What a state is called in further languages."""


def _with_states(kind: str, words: dict[str, list[str]]) -> dict[str, list[str]]:
    """The words of a status of a kind of file, with those of the states that mean the same there."""
    more, known = _WORDS["states_of"].get(kind, {}), {word for theirs in words.values() for word in theirs}
    further = {ours: [one for state in states for one in STATES[state] if one not in known]
               for ours, states in more.items()}  # fmt: skip
    return {ours: [*theirs, *further.get(ours, ())] for ours, theirs in words.items()}


STATUS_WORDS = {kind: _said(_with_states(kind, words)) for kind, words in _WORDS["status"].items()}
"""For each kind of file, what the words of a status mean for its row: it counts, counts up to its end, is left out,
or takes back what others say."""
TAKES_BACK = "takes back"
"""What the words of a status mean for amounts that are written as any other, and take back what others say."""
DOCUMENT_TYPES, REFUNDS = (tuple(_WORDS[name]) for name in ("document_types", "refunds"))
"""Headers of columns that say which document a row is, and what takes back in them beside what does in a status."""
REVERSALS: tuple[str, ...] = tuple(dict.fromkeys((*_WORDS["reversals"], *STATES["refunded"])))
"""Words of a status that take back what other rows say, where their amounts are below zero."""
NOT_ALONE, HARMLESS = (tuple(_WORDS[name]) for name in ("not_alone", "harmless"))
"""Words of a status that say something else in columns that are none; parts of headers of columns of few words that say
whose a row is, or for what, and never whether it counts."""
STATUSES = ("counts", "ended", "leave out", TAKES_BACK)
INTERVALS = tuple(INTERVAL_WORDS)
"""Months that an amount can be for."""
INTERVAL_NAMES = {"1": "a month", "3": "a quarter", "6": "half a year", "12": "a year", "24": "two years"}
ACTIVATION = "activation is"
WITHIN = {f"within {days} days": days for days in (7, 14, 30, 60, 90)}
EVER = "ever, however late"
"""What a mapping states of a column that says of accounts whether they activated: within so many days, or ever."""
MONTH_WORDS: dict[str, int] = {word: int(month) for month, words in _WORDS["months"].items() for word in words}
"""What months are called, as `normal_word` leaves it → 1 to 12."""
TOTAL: tuple[str, ...] = tuple(_WORDS["total"])
"""What a row is called that adds the others up."""
BLANK: tuple[str, ...] = tuple(_WORDS["blank"])
BLANK_DAY: tuple[str, ...] = tuple(_WORDS["blank_day"])
"""What systems write for nothing, in small letters."""
SMALLEST_UNIT, A_MONTH, A_YEAR = (tuple(_WORDS[name]) for name in ("smallest_unit", "a_month", "a_year"))
"""What a header says of its amounts."""
THOUSANDS, THOUSANDS_BESIDE = (tuple(_WORDS[name]) for name in ("thousands", "thousands_beside"))
"""What a title says of amounts of a thousand or a million each: alone, and beside a currency or in brackets."""
COUNTED, WITH_COUNTS = (tuple(_WORDS[name]) for name in ("counted", "with_counts"))
"""What a title says of cells that are counted, and the words of amounts that it may have all the same."""
MAY_MATTER: tuple[str, ...] = tuple(_WORDS["may_matter"])
"""Parts of headers of columns that may change what counts."""
PERHAPS_CENTS: tuple[str, ...] = tuple(_WORDS["perhaps_cents"])
"""Names of amounts that some systems write in the smallest unit."""
TRAFFIC: tuple[str, ...] = tuple(_WORDS["traffic"])
"""Words of web traffic: a `referral` among them is a link on another site, and no partner's."""
TEST_PARTS, TEST_ACCOUNTS, PERHAPS_TESTS, NAMES_ACCOUNTS, BESIDE_TESTS = (
    tuple(_WORDS[name]) for name in ("test_parts", "test_accounts", "perhaps_tests", "of_accounts", "beside_tests")
)
"""Parts of headers of flags of tests: what says so alone, of accounts, only beside a word of accounts; such words; and
what else may stand there."""
PLANNED, ACTUAL, OF_SCENARIOS, OF_PLANS, OF_BEFORE, TRIALS = (
    tuple(_WORDS[name]) for name in ("planned", "actual", "of_scenarios", "of_plans", "of_before", "trials")
)
"""Words of what is planned, and of what is real; headers, or parts of them, of columns that say which; parts of headers
of plans, and of what was before; what trials are called there."""
ORIGIN: tuple[str, ...] = tuple(_WORDS["origin"])
"""Parts of headers of columns that may say how accounts came."""

Type = Literal[
    "text", "date", "past date", "month", "past month", "money", "positive money", "motion", "kind", "movement",
    "currency", "status", "flag", "interval", "count", "rate", "reward",
]  # fmt: skip
Need = Literal["every row", "header", "once", "optional"]
"""`header`: a file of this kind has the column, a row may leave it blank; `once`: the whole file may have one value."""


CHANGING = ("requested_on", "period_end", "trial_end", "voided_on", "approved_on")
"""Days that change what counts of a row."""
OF_TERMS = ("recruited_by", "commission_rate", "uplift", "own_reward")
"""What a partner list says of the terms of single partners: replay and statement alone look at it."""


@dataclass(frozen=True)
class Column:
    """One column: canonical name, type, how far it is needed, groups of other names it is known by, what it means."""

    name: str
    type: Type
    need: Need
    groups: str
    meaning: str

    @property
    def synonyms(self) -> tuple[str, ...]:
        """Return the other names that it is known by, as `normal` writes them."""
        return tuple(name for rank in self.ranks() for name in rank if name != self.name)

    def ranks(self) -> tuple[tuple[str, ...], ...]:
        """Return these names by rank: those of a later one only count where a file has none of the earlier ones."""
        return tuple(
            tuple(name for group in rank.split("+") for name in HEADERS[group]) for rank in self.groups.split()
        )

    @property
    def changes_rows(self) -> bool:
        """Whether it says of a row whether, from when, up to when or how much of it counts, and is nothing itself."""
        return self.type in ("status", "flag", "interval", "count") or self.name in CHANGING

    @property
    def of_terms(self) -> bool:
        """Whether it says how a single partner is paid: no other figure depends on it."""
        return self.name in OF_TERMS

    @property
    def required(self) -> bool:
        """Whether a row can't be used without it."""
        return self.need in ("every row", "once")


@dataclass(frozen=True)
class Table:
    """One kind of file: name, what a row is, its columns, and the columns that no two rows may share."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def telling(self) -> tuple[str, ...]:
        """Return the names of the columns that a file of this kind is recognised by."""
        return tuple(column.name for column in self.columns if column.need in ("every row", "header"))

    def statuses(self) -> tuple[str, ...]:
        """Return what a word of its status can mean: only amounts that may be below zero take others back."""
        signed = any(column.type == "money" for column in self.columns)
        return STATUSES if signed else STATUSES[:-1]

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)


_ACCOUNT = Column("account_id", "text", "every row", "account own_id", "The account, by the same id in every file.")
_LISTED_ACCOUNT = Column("account_id", "text", "every row", "account+own_id", _ACCOUNT.meaning)
_SIGNED_UP = Column("signed_up_on", "past date", "every row", "signed_up_on", "Day of the signup.")
_OF_ACCOUNT = Column("motion", "motion", "optional", "motion", "Which motion brought the account; blank is organic.")
_BROUGHT_BY = Column(
    "partner_id", "text", "optional", "partner partner_name", "The partner who brought it; blank for organic."
)
_CURRENCY = Column("currency", "currency", "optional", "currency", "ISO code; two are never added up.")
_POSTED = Column("month", "past month", "once", "posted_on", "The month of the posting.")
_POSTING = Column(
    "posting_id",
    "text",
    "optional",
    "posting own_id document",
    "What tells postings apart, so that one that is exported twice counts once.",
)
_MOVEMENT = Column("posting_id", "text", "optional", "movement_id", _POSTING.meaning)
_PAID_TO = Column("partner_id", "text", "optional", "partner partner_name", "The partner it went to, if one.")
_EARNED_BY = Column("partner_id", "text", "header", "partner partner_name", "The partner it went to.")
_SPENT_ON = Column("motion", "motion", "optional", "spent_on", "The motion it was spent on, if one.")
_STATUS = Column(
    "status", "status", "optional", "status", "What became of it: whether the row counts, counts up to its end, or not."
)
_STATUS_OR_TYPE = replace(_STATUS, groups="status row_type")
_DELETED = Column("deleted", "flag", "optional", "deleted", "Rows of which this is so don't count: deleted, or a test.")
_INTERVAL = Column(
    "interval",
    "interval",
    "optional",
    "interval_unit interval",
    "The months that the amount is for: 1, 3, 6, 12, 24; blank is one.",
)
_INTERVALS = Column(
    "interval_count", "count", "optional", "interval_count interval", "How many of these intervals the amount is for."
)

_VOIDED = Column(
    "voided_on", "date", "optional", "voided_on", "Day on which it was refunded, rejected or voided: it counts no more."
)
_VALID = Column("valid", "flag", "optional", "valid", "Rows of which this is not so don't count: approved, no test.")

TABLES: tuple[Table, ...] = (
    Table(
        "accounts",
        "signed-up account",
        ("account_id",),
        (
            _LISTED_ACCOUNT,
            _SIGNED_UP,
            _OF_ACCOUNT,
            _BROUGHT_BY,
            Column(
                "activated_on",
                "past date",
                "optional",
                "activated_on days_to_activation",
                "Day on which the account first reached the activation event.",
            ),
            Column("pql_on", "past date", "optional", "pql_on", "Day on which it became a product-qualified lead."),
            _CURRENCY,
            Column("segment", "text", "optional", "segment", "Any grouping of yours."),
            Column("status", "status", "optional", "stage", "The stage of a deal: a lost one brought no account."),
            _DELETED,
        ),
    ),
    Table(
        "revenue",
        "account and month",
        ("account_id", "month"),
        (
            _ACCOUNT,
            Column("month", "past month", "every row", "month", "The month of the MRR."),
            Column(
                "mrr",
                "positive money",
                "every row",
                "mrr yearly",
                "Monthly recurring revenue of the account in that month, in whole money.",
            ),
            _CURRENCY,
            Column(
                "item", "text", "optional", "item", "What the account pays for: rows of other items of a month add up."
            ),
            _INTERVAL,
            _INTERVALS,
            _STATUS,
            _VALID,
            _DELETED,
        ),
    ),
    Table(
        "partners",
        "recruited partner",
        ("partner_id",),
        (
            Column("partner_id", "text", "every row", "listed_partner own_id partner_name", "The partner."),
            Column("name", "text", "optional", "name", "The partner's name."),
            Column("motion", "motion", "once", "motion", "The motion that the partner belongs to."),
            Column("recruited_on", "date", "every row", "recruited_on", "Day on which the partner joined."),
            Column("ended_on", "date", "optional", "left_on", "Day it left."),
            Column(
                "recruited_by",
                "text",
                "optional",
                "recruited_by",
                "The partner that recruited it, by the same ids: it gets the override of a plan that has one.",
            ),
            Column(
                "commission_rate",
                "rate",
                "optional",
                "commission_rate",
                "Its own rate, such as 25 %, in place of the plan's first one with its tiers; blank is the plan's.",
            ),
            Column(
                "uplift",
                "rate",
                "optional",
                "uplift",
                "What it gets on top of its rate, in points: with 5 % a rate of 20 % is 25 %.",
            ),
            Column(
                "own_reward",
                "reward",
                "optional",
                "own_reward",
                "Its own reward per new customer, in whole money, in place of the plan's; blank is the plan's.",
            ),
            _STATUS,
            Column(
                "approved_on", "date", "optional", "approved_on", "Day on which it was accepted; blank is an applicant."
            ),
            _VOIDED,
            _VALID,
            _DELETED,
        ),
    ),
    Table(
        "spend",
        "posting",
        ("posting_id",),
        (
            Column("month", "month", "every row", "month_of_spend", "The month of the posting."),
            Column("amount", "money", "every row", "amount", "What was spent, in whole money."),
            Column("kind", "kind", "every row", "kind", f"One of {', '.join(KINDS)}."),
            _SPENT_ON,
            _PAID_TO,
            _POSTING,
            _CURRENCY,
            _STATUS,
            _VOIDED,
            _DELETED,
        ),
    ),
    Table(
        "subscriptions",
        "subscription and time with one price",
        ("subscription_id", "started_on"),
        (
            _ACCOUNT,
            Column(
                "subscription_id",
                "text",
                "optional",
                "subscription own_id",
                "What tells subscriptions apart, so that one that is exported twice counts once.",
            ),
            Column("started_on", "date", "every row", "started_on", "First day that is paid."),
            Column(
                "ended_on", "date", "header", "ended_on", "First day that is no longer paid; blank is still running."
            ),
            Column(
                "mrr",
                "positive money",
                "every row",
                "mrr price yearly",
                "What it pays a month, or in its interval. It counts in every month on whose last day it runs.",
            ),
            _CURRENCY,
            _STATUS_OR_TYPE,
            Column(
                "requested_on",
                "date",
                "optional",
                "requested_on",
                "Day on which its end was asked for. It ends nothing, unless the status says that it has ended.",
            ),
            Column(
                "period_end",
                "date",
                "optional",
                "period_end",
                "End of the time that is paid: its end where it ends with it, else the next renewal.",
            ),
            Column("period_start", "date", "optional", "period_start", "Start of the time that is paid."),
            Column("ends_with_period", "flag", "optional", "ends_with_period", "Whether it ends with that time."),
            Column("trial_end", "date", "optional", "trial_end", "End of the trial: it pays from then on."),
            Column("trial", "flag", "optional", "trial", "Whether it is a trial, which pays nothing."),
            _INTERVAL,
            _INTERVALS,
            Column("quantity", "count", "optional", "quantity", "How many units it is for, each at the amount."),
            _VALID,
            _DELETED,
        ),
    ),
    Table(
        "movements",
        "change of an account's MRR",
        ("posting_id",),
        (
            _ACCOUNT,
            Column("month", "past month", "every row", "month_of_movement", "The month of the change."),
            Column(
                "change",
                "money",
                "every row",
                "change",
                "By how much the MRR changed. Churn and contraction lower it, with or without a minus.",
            ),
            Column(
                "movement",
                "movement",
                "optional",
                "movement",
                f"One of {', '.join(MOVEMENT_WORDS)}; without it the sign of the change counts.",
            ),
            _MOVEMENT,
            _CURRENCY,
            _STATUS,
            _DELETED,
        ),
    ),
    Table(
        "invoices",
        "invoice or order",
        ("posting_id",),
        (
            _ACCOUNT,
            Column("month", "past month", "every row", "billed_on", "The month in which it was billed or paid."),
            Column(
                "amount", "money", "every row", "billed mrr", "What it came to, in whole money; below zero is a refund."
            ),
            Column("posting_id", "text", "header", "invoice own_id", "The number of the invoice, or of the order."),
            _CURRENCY,
            _STATUS_OR_TYPE,
            _VOIDED,
            _VALID,
            _DELETED,
        ),
    ),
    Table(
        "customers",
        "customer that a partner brought",
        ("account_id",),
        (
            _LISTED_ACCOUNT,
            _SIGNED_UP,
            Column("partner_id", "text", "optional", "partner partner_name", "The partner who brought it."),
            Column("motion", "motion", "once", "motion", "Which motion brought it; without, that of its partner."),
            _DELETED,
        ),
    ),
    Table(
        "commissions",
        "commission earned",
        ("posting_id",),
        (
            _POSTED,
            Column(
                "amount",
                "money",
                "every row",
                "commission",
                "What the partner earned, in whole money. It counts as payout in the month in which it was earned.",
            ),
            _EARNED_BY,
            _SPENT_ON,
            _POSTING,
            _CURRENCY,
            _STATUS_OR_TYPE,
            _VOIDED,
            _VALID,
            _DELETED,
        ),
    ),
    Table(
        "payouts",
        "payout to a partner",
        ("posting_id",),
        (
            _POSTED,
            Column("amount", "money", "every row", "payout", "What was paid, in whole money."),
            _EARNED_BY,
            _SPENT_ON,
            _POSTING,
            _CURRENCY,
            _STATUS_OR_TYPE,
            _VOIDED,
            _VALID,
            _DELETED,
        ),
    ),
)

PARTNERS = "motion of partners"
"""What a mapping states of accounts that have a partner and no motion."""
INSTEAD = {"subscriptions": {"ended_on": ("period_end", "status", "requested_on")}}
"""Columns that say what another one would: a file with one of them need not have it."""
BY_NAME = {table.name: table for table in TABLES}
CURRENCIES = (
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "INR", "CNY",
    "HKD", "SGD", "KRW", "BRL", "MXN", "ZAR", "ILS", "TRY", "AED",
)  # fmt: skip
"""The frequent ones, which are offered; any other code is read too."""
ADDED_UP = {
    "ledger": "the cohort ledger itself: signup cohort, motion, month and their sums",
    "triangle": "a triangle of a spreadsheet: a row a cohort, a column a month since",
}
"""Kinds without a table of rows: they are read whole."""
NOT_USED = "not used"
NO_REVENUE = (
    "Commission rows are no revenue: they end with the commission, which would look like churn, and some platforms "
    "write none for zero"
)


def words(table: dict[str, str]) -> dict[str, str]:
    """Return every accepted spelling → canonical word, of one of the tables of words; the canonical ones first.

    >>> words(KIND_WORDS)["commission"]
    'payout'
    """
    others = {spelling: word for word, spellings in table.items() for spelling in spellings.split()}
    return {word: word for word in table} | others
