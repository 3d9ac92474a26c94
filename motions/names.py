"""The motions by id, and how they are called."""

PARTNER_MOTIONS = ("ecosystem", "channel", "referral", "affiliate", "reseller")
BASELINES = ("product_led", "sales_led")

NAMES = {
    "ecosystem": "Ecosystem",
    "channel": "Channels",
    "referral": "Referrals",
    "affiliate": "Affiliates",
    "reseller": "Resellers",
    "organic": "Organic",
    "product_led": "Product-led",
    "sales_led": "Sales-led",
    "unassigned": "Unassigned",
}
"""Short names, for charts, tabs and figures."""
