"""The motions, once. Everything else that knows them derives from this table: files, scenarios, SQL, charts, tables.

Another motion is an entry here, its content in `playbook/content/` and its defaults in `economics/inputs/presets.yaml`.
"""

from dataclasses import dataclass
from typing import Literal

Role = Literal["partner", "organic", "baseline", "other", "none"]


@dataclass(frozen=True)
class Motion:
    """A motion: what it is called, what it is, the words that files say for it, and how it is drawn.

    `words` are separated by spaces and written as `normal_word` leaves them. Colours are after Okabe and Ito, for
    colour-blind readers, greys are direct; dash and marker tell motions apart without colour.
    """

    id: str
    name: str
    """short, for charts, tabs and figures"""
    role: Role
    words: str
    colour: str
    dash: str
    marker: str
    content: str = ""
    """the file of a partner motion in the playbook's content"""


TABLE: tuple[Motion, ...] = (
    Motion(
        "ecosystem", "Ecosystem", "partner",
        "ecosystem_partnership ecosystem_partnerships ecosystem_partner alliance alliances co_sell cosell",
        "#0f7fc4", "solid", "circle", "ecosystem.yaml",
    ),
    Motion(
        "channel", "Channels", "partner",
        "channels channel_partner channel_partners msp distributor",
        "#d98f00", "dash", "square", "channel.yaml",
    ),
    Motion(
        "referral", "Referrals", "partner",
        "referrals referral_program referral_programs referrer refer_a_friend",
        "#009e73", "dot", "diamond", "referral.yaml",
    ),
    Motion(
        "affiliate", "Affiliates", "partner",
        "affiliates affiliate_program affiliate_partner",
        "#c46a9f", "dashdot", "triangle-up", "affiliate.yaml",
    ),
    Motion(
        "reseller", "Resellers", "partner",
        "resellers var value_added_reseller",
        "#d55e00", "longdash", "x", "reseller.yaml",
    ),
    Motion(
        "organic", "Organic", "organic",
        "direct none inbound unattributed",
        "#7d8893", "solid", "circle-open",
    ),
    Motion(
        "product_led", "Product-led", "baseline",
        "plg product_led_growth self_serve selfserve",
        "#7d8893", "dash", "square-open",
    ),
    Motion(
        "sales_led", "Sales-led", "baseline",
        "slg sales_led_growth sales outbound",
        "#7d8893", "dot", "diamond-open",
    ),
    Motion(
        "other", "Other ways", "other",
        "others other_ways other_than_partners no_partner",
        "#7d8893", "dashdot", "hexagon-open",
    ),
    Motion("unassigned", "Unassigned", "none", "", "#a9b2ba", "solid", "star"),
)  # fmt: skip
"""Every motion in the order shown. `other` is of accounts that came neither by partners nor by themselves, or nobody
knows how: they count among all and on neither side. `unassigned` is spend that names none; accounts always have one."""

NAMES = {motion.id: motion.name for motion in TABLE}


def _of(*roles: Role) -> tuple[str, ...]:
    return tuple(motion.id for motion in TABLE if motion.role in roles)


PARTNER_MOTIONS = _of("partner")
BASELINES = _of("baseline")
OF_ACCOUNTS = _of("partner", "organic", "baseline", "other")
"""What an account may have come by."""
