"""The accepted kinds of file: their columns, types, synonyms and meaning. Recognition, reading and help derive from it.

Four kinds are the tables that figures are made from: accounts, revenue, partners, spend. The others are brought into
that form: subscriptions and movements become revenue, customers become accounts, commissions and payouts become spend.
A ledger and a triangle are already added up; they stand for themselves.
"""

from dataclasses import dataclass
from typing import Literal

from motions.names import OF_ACCOUNTS, TABLE

MOTIONS = OF_ACCOUNTS
KINDS = ("payout", "program", "marketing", "sales")

MOTION_WORDS = {motion.id: motion.words for motion in TABLE if motion.id in MOTIONS}
MOTIONS_AS_ROWS = " UNION ALL ".join(
    f"SELECT '{motion.id}' AS motion, '{motion.role}' AS role" for motion in TABLE if motion.id in MOTIONS
)
"""The motions as the table `motions` that SQL joins, on any engine: motion, role."""
KIND_WORDS = {
    "payout": "payouts commission commissions partner_payout reward rewards partner_margin",
    "program": "program_cost partner_program enablement",
    "marketing": "ads advertising paid_media content",
    "sales": "sales_cost salaries headcount",
}
MOVEMENT_WORDS = {
    "new": "new_business new_mrr start",
    "expansion": "upgrade upsell expansion_mrr",
    "reactivation": "reactivated reactivation_mrr resurrected",
    "contraction": "downgrade contraction_mrr",
    "churn": "churned cancellation cancelled canceled churn_mrr",
}

Type = Literal[
    "text", "date", "past date", "month", "past month", "money", "positive money", "motion", "kind", "movement",
    "currency",
]  # fmt: skip
Need = Literal["every row", "header", "once", "optional"]
"""`header`: a file of this kind has the column, a row may leave it blank; `once`: the whole file may have one value."""


@dataclass(frozen=True)
class Column:
    """One column: canonical name, type, how far it is needed, other names it is known by, what it means."""

    name: str
    type: Type
    need: Need
    synonyms: str
    meaning: str

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

    def column(self, name: str) -> Column:
        """Return a column by its name."""
        return next(column for column in self.columns if column.name == name)


_ACCOUNT = Column(
    "account_id",
    "text",
    "every row",
    "account account_key customer customer_id company_id user_id workspace_id org_id organization_id tenant_id id "
    "customer_external_id record_id",
    "The account, by the same id in every file.",
)
_SIGNED_UP = Column(
    "signed_up_on",
    "past date",
    "every row",
    "signup_date signed_up_at signed_up signup signup_on signup_at sign_up_date created created_at created_on "
    "creation_date created_date create_date",
    "Day of the signup.",
)
_MOTION = "partner_motion acquisition_channel channel source motion_name partner_type program type"
_PARTNER = "partner partner_key affiliate_id referrer_id reseller_id referred_by"
_OF_ACCOUNT = Column("motion", "motion", "optional", _MOTION, "Which motion brought the account; blank is organic.")
_BROUGHT_BY = Column("partner_id", "text", "optional", _PARTNER, "The partner who brought it; blank for organic.")
_CURRENCY = Column(
    "currency", "currency", "optional", "currency_code iso_currency", "ISO code; two are never added up."
)
_MRR = Column(
    "mrr",
    "positive money",
    "every row",
    "monthly_recurring_revenue mrr_amount recurring_revenue monthly_amount",
    "Monthly recurring revenue of the account in that month, in whole money.",
)
_POSTED = Column(
    "month", "past month", "once", "period date posted_on posting_date created_at created_date paid_at paid_on",
    "The month of the posting.",
)  # fmt: skip
_POSTING = Column(
    "posting_id",
    "text",
    "optional",
    "id transaction_id invoice_id expense_id commission_id payout_id conversion_id referral_id movement_id",
    "What tells postings apart, so that one that is exported twice counts once.",
)
_MOVEMENT = Column("posting_id", "text", "optional", "movement_id transaction_id event_id", _POSTING.meaning)
_PAID_TO = Column("partner_id", "text", "optional", _PARTNER, "The partner it went to, if one.")
_EARNED_BY = Column("partner_id", "text", "header", _PARTNER, "The partner it went to.")
_SPENT_ON = Column("motion", "motion", "optional", _MOTION.replace(" type", ""), "The motion it was spent on, if one.")

TABLES: tuple[Table, ...] = (
    Table(
        "accounts",
        "signed-up account",
        ("account_id",),
        (
            _ACCOUNT,
            _SIGNED_UP,
            _OF_ACCOUNT,
            _BROUGHT_BY,
            Column(
                "activated_on",
                "past date",
                "optional",
                "activated_at activated activation_date activation activated_date",
                "Day on which the account first reached the activation event.",
            ),
            Column(
                "pql_on",
                "past date",
                "optional",
                "pql_at pql_date pql qualified_on qualified_at product_qualified_on product_qualified_at",
                "Day on which it became a product-qualified lead.",
            ),
            _CURRENCY,
            Column("segment", "text", "optional", "plan size tier customer_segment", "Any grouping of yours."),
        ),
    ),
    Table(
        "revenue",
        "account and month",
        ("account_id", "month"),
        (
            _ACCOUNT,
            Column(
                "month", "past month", "every row", "period date revenue_month snapshot_month", "The month of the MRR."
            ),
            _MRR,
            _CURRENCY,
        ),
    ),
    Table(
        "partners",
        "recruited partner",
        ("partner_id",),
        (
            Column(
                "partner_id", "text", "every row", "partner partner_key affiliate_id reseller_id id", "The partner."
            ),
            Column("name", "text", "optional", "partner_name company company_name", "The partner's name."),
            Column("motion", "motion", "once", _MOTION, "The motion that the partner belongs to."),
            Column(
                "recruited_on",
                "date",
                "every row",
                "recruited_at recruited joined joined_on joined_at join_date joining_date enrolled_at enrolled_on "
                "signed_up signed_up_on created_at created_on start_date date_registered",
                "Day on which the partner joined.",
            ),
            Column(
                "ended_on", "date", "optional", "ended_at ended left_on left_at terminated_on end_date", "Day it left."
            ),
        ),
    ),
    Table(
        "spend",
        "posting",
        ("posting_id",),
        (
            Column("month", "month", "every row", "period date posted_on posting_date", "The month of the posting."),
            Column("amount", "money", "every row", "cost spend value total", "What was spent, in whole money."),
            Column("kind", "kind", "every row", "type category cost_type", f"One of {', '.join(KINDS)}."),
            _SPENT_ON,
            _PAID_TO,
            _POSTING,
            _CURRENCY,
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
                "subscription contract_id",
                "What tells subscriptions apart, so that one that is exported twice counts once.",
            ),
            Column("started_on", "date", "every row", "start_date started_at start started", "First day that is paid."),
            Column(
                "ended_on",
                "date",
                "header",
                "end_date ended_at end ended canceled_at cancelled_at",
                "First day that is no longer paid; blank is still running.",
            ),
            Column(
                "mrr",
                "positive money",
                "every row",
                "monthly_amount monthly_recurring_revenue mrr_amount recurring_revenue",
                "What it pays a month. It counts in every month on whose last day it runs.",
            ),
            _CURRENCY,
        ),
    ),
    Table(
        "movements",
        "change of an account's MRR",
        ("posting_id",),
        (
            _ACCOUNT,
            Column("month", "past month", "every row", "period date movement_date", "The month of the change."),
            Column(
                "change",
                "money",
                "every row",
                "mrr_change mrr_delta delta movement_amount mrr_movement change_in_mrr",
                "By how much the MRR changed. Churn and contraction lower it, with or without a minus.",
            ),
            Column(
                "movement",
                "movement",
                "optional",
                "movement_type type category change_type",
                f"One of {', '.join(MOVEMENT_WORDS)}; without it the sign of the change counts.",
            ),
            _MOVEMENT,
            _CURRENCY,
        ),
    ),
    Table(
        "customers",
        "customer that a partner brought",
        ("account_id",),
        (
            _ACCOUNT,
            _SIGNED_UP,
            Column("partner_id", "text", "optional", _PARTNER, "The partner who brought it."),
            Column("motion", "motion", "once", _MOTION, "Which motion brought it."),
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
                "commission commission_amount earnings earned total_commission",
                "What the partner earned, in whole money. It counts as payout in the month in which it was earned.",
            ),
            _EARNED_BY,
            _SPENT_ON,
            _POSTING,
            _CURRENCY,
        ),
    ),
    Table(
        "payouts",
        "payout to a partner",
        ("posting_id",),
        (
            _POSTED,
            Column("amount", "money", "every row", "payout payout_amount paid", "What was paid, in whole money."),
            _EARNED_BY,
            _SPENT_ON,
            _POSTING,
            _CURRENCY,
        ),
    ),
)

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
