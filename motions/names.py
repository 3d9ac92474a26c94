"""The motions, once. Everything else that knows them derives from this table: files, scenarios, SQL, charts, tables.

Another motion is an entry here, its content in `playbook/content/` and its defaults in `economics/inputs/presets.yaml`.
One of them is a slot: the motion that a company adds in its own playbook. Scenarios, links, ledgers and SQL always have
it; what it is called is another thing in each session, and it is offered only where it is in use.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Literal

Role = Literal["partner", "organic", "baseline", "other", "none"]


@dataclass(frozen=True)
class Motion:
    """A motion: what it is called, what it is, the words that files say for it, and how it is drawn.

    `words` are separated by spaces and written as `normal_word` leaves them. Colours are after Okabe and Ito, for
    colour-blind readers, greys are direct; dash and marker tell motions apart without colour. Charts of pages name
    lines where they end, and dash only what partner motions are held against.
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
    Motion("own", "Own motion", "partner", "", "#6a51a3", "longdashdot", "pentagon"),
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

OWN = "own"
"""The slot of a motion of one's own: a playbook gives it a name, it has no content here."""
PLAIN_NAMES = {motion.id: motion.name for motion in TABLE}
"""Names that may stand in an address: a company's name for its own motion is not among them."""


@dataclass(frozen=True)
class Slot:
    """What a company has made of the slot: the name, the words of files for it, and what its program starts as.

    `words` are as those of a motion. The program starts as that of the motion `like`, with another share of the price
    [fraction of 1] or reward for each new customer [USD] where one is given.
    """

    name: str
    like: str
    words: tuple[str, ...] = ()
    share: float | None = None
    reward: float | None = None


_told: ContextVar[Slot | Literal["ask"] | None] = ContextVar("slot", default="ask")
_asked: list[Callable[[], Slot | None]] = []


def ask(session: Callable[[], Slot | None]) -> None:
    """Let the slot be what `session` returns each time, wherever `filled` says nothing else: pages have sessions."""
    _asked[:] = [session]


@contextmanager
def filled(slot: Slot | None) -> Iterator[None]:
    """Let the slot be this one inside of the block, in this thread alone; None is the slot without a playbook.

    >>> with filled(Slot("Marketplaces", "affiliate")):
    ...     NAMES["own"]
    'Marketplaces'
    >>> NAMES["own"]
    'Own motion'
    """
    before = _told.set(slot)
    try:
        yield
    finally:
        _told.reset(before)


def in_force() -> Slot | None:
    """Return what the slot is here and now; None where no playbook fills it."""
    told = _told.get()
    if told != "ask":
        return told
    return _asked[0]() if _asked else None


def offered(motions: Iterable[str], used: Collection[str] = ()) -> tuple[str, ...]:
    """Return the motions that can be chosen or shown: the slot only where a playbook fills it, or it is `used`.

    >>> offered(("reseller", "own")), offered(("reseller", "own"), ["own"])
    (('reseller',), ('reseller', 'own'))
    """
    return tuple(one for one in motions if one != OWN or OWN in used or in_force() is not None)


class _Names(Mapping[str, str]):
    """Names by id; that of the slot is the one in force, so keep no sentence with it beyond a session."""

    def __getitem__(self, motion: str) -> str:
        slot = in_force() if motion == OWN else None
        return slot.name if slot else PLAIN_NAMES[motion]

    def __iter__(self) -> Iterator[str]:
        return iter(PLAIN_NAMES)

    def __len__(self) -> int:
        return len(PLAIN_NAMES)


NAMES = _Names()


def _of(*roles: Role) -> tuple[str, ...]:
    return tuple(motion.id for motion in TABLE if motion.role in roles)


PARTNER_MOTIONS = _of("partner")
PUBLISHED = tuple(motion.id for motion in TABLE if motion.content)
"""The partner motions that the playbook describes: all but the slot."""
BASELINES = _of("baseline")
OF_ACCOUNTS = _of("partner", "organic", "baseline", "other")
"""What an account may have come by."""
