"""The accepted tables: their columns, types, synonyms and meaning. Recognition, reading and help derive from it."""

from dataclasses import dataclass
from typing import Literal

from motions.names import BASELINES, PARTNER_MOTIONS

MOTIONS = (*PARTNER_MOTIONS, "organic", *BASELINES)
KINDS = ("payout", "program", "marketing", "sales")

MOTION_WORDS = {
    "ecosystem": "ecosystem_partnership ecosystem_partnerships ecosystem_partner alliance alliances co_sell cosell",
    "channel": "channels channel_partner channel_partners msp distributor",
    "referral": "referrals referral_program referral_programs referrer refer_a_friend",
    "affiliate": "affiliates affiliate_program affiliate_partner",
    "reseller": "resellers var value_added_reseller",
    "organic": "direct none inbound unattributed",
    "product_led": "plg product_led_growth self_serve selfserve",
    "sales_led": "slg sales_led_growth sales outbound",
}
KIND_WORDS = {
    "payout": "payouts commission commissions partner_payout reward rewards partner_margin",
    "program": "program_cost partner_program enablement",
    "marketing": "ads advertising paid_media content",
    "sales": "sales_cost salaries headcount",
}

Type = Literal[
    "text", "date", "past date", "month", "past month", "money", "positive money", "motion", "kind", "currency"
]


@dataclass(frozen=True)
class Column:
    """One column: canonical name, type, whether a row needs it, other names it is known by, what it means."""

    name: str
    type: Type
    required: bool
    synonyms: str
    meaning: str


@dataclass(frozen=True)
class Table:
    """One table: canonical name, what a row is, its columns, and the columns that no two rows may share."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]

    def required(self) -> tuple[str, ...]:
        """Return the names of the columns that the table can't be read without."""
        return tuple(column.name for column in self.columns if column.required)


_ACCOUNT = Column(
    "account_id",
    "text",
    True,
    "account account_key customer customer_id company_id user_id workspace_id org_id organization_id tenant_id id",
    "The account, by the same id in every file.",
)
_CURRENCY = Column("currency", "currency", False, "currency_code iso_currency", "ISO code; two are never added up.")
_MOTION = "partner_motion acquisition_channel channel source motion_name partner_type program type"

TABLES: tuple[Table, ...] = (
    Table(
        "accounts",
        "signed-up account",
        ("account_id",),
        (
            _ACCOUNT,
            Column(
                "signed_up_on",
                "past date",
                True,
                "signup_date signed_up_at signed_up signup signup_on signup_at sign_up_date created created_at "
                "created_on creation_date",
                "Day of the signup.",
            ),
            Column("motion", "motion", False, _MOTION, "Which motion brought the account; blank is organic."),
            Column(
                "partner_id",
                "text",
                False,
                "partner partner_key affiliate_id referrer_id reseller_id referred_by",
                "The partner who brought it; blank for organic.",
            ),
            Column(
                "activated_on",
                "past date",
                False,
                "activated_at activated activation_date activation activated_date",
                "Day on which the account first reached the activation event.",
            ),
            Column(
                "pql_on",
                "past date",
                False,
                "pql_at pql_date pql qualified_on qualified_at product_qualified_on product_qualified_at",
                "Day on which it became a product-qualified lead.",
            ),
            _CURRENCY,
            Column("segment", "text", False, "plan size tier customer_segment", "Any grouping of yours."),
        ),
    ),
    Table(
        "revenue",
        "account and month",
        ("account_id", "month"),
        (
            _ACCOUNT,
            Column("month", "past month", True, "period date revenue_month snapshot_month", "The month of the MRR."),
            Column(
                "mrr",
                "positive money",
                True,
                "monthly_recurring_revenue mrr_amount recurring_revenue monthly_amount",
                "Monthly recurring revenue of the account in that month, in whole money.",
            ),
            _CURRENCY,
        ),
    ),
    Table(
        "partners",
        "recruited partner",
        ("partner_id",),
        (
            Column("partner_id", "text", True, "partner partner_key affiliate_id reseller_id id", "The partner."),
            Column("name", "text", False, "partner_name company company_name", "The partner's name."),
            Column("motion", "motion", True, _MOTION, "The motion that the partner belongs to."),
            Column(
                "recruited_on",
                "date",
                True,
                "recruited_at recruited joined joined_on joined_at join_date joining_date enrolled_at enrolled_on "
                "signed_up signed_up_on created_at created_on start_date",
                "Day on which the partner joined.",
            ),
            Column("ended_on", "date", False, "ended_at ended left_on left_at terminated_on end_date", "Day it left."),
        ),
    ),
    Table(
        "spend",
        "posting",
        (),
        (
            Column("month", "month", True, "period date posted_on posting_date", "The month of the posting."),
            Column("amount", "money", True, "cost spend value total", "What was spent, in whole money."),
            Column("kind", "kind", True, "type category cost_type", f"One of {', '.join(KINDS)}."),
            Column("motion", "motion", False, _MOTION.replace(" type", ""), "The motion it was spent on, if one."),
            Column("partner_id", "text", False, "partner partner_key affiliate_id", "The partner it went to, if one."),
            _CURRENCY,
        ),
    ),
)

BY_NAME = {table.name: table for table in TABLES}


def words(table: dict[str, str]) -> dict[str, str]:
    """Return every accepted spelling → canonical word, of MOTION_WORDS or KIND_WORDS; the canonical ones first.

    >>> words(KIND_WORDS)["commission"]
    'payout'
    """
    others = {spelling: word for word, spellings in table.items() for spelling in spellings.split()}
    return {word: word for word in table} | others
