"""Makes the sample files: a fictional vendor, so that every page has something to show.

    python -m sample_data.generate                                the files in this folder
    python -m sample_data.generate --accounts 1000000 --busy --out DIR    a large one, for the benchmarks

Seeded: the same arguments give the same files. The story that the app should find in them is in README.md.
"""

import argparse
from pathlib import Path

import numpy as np
import pandas as pd

FIRST_MONTH = 2023 * 12 + 9  # 2023-10
MONTHS = 36
BUSY_MONTHS, BUSY_PAYERS = 22, 0.97
STAR = "P-001"  # the partner that carries a third of the partner MRR

# share of accounts, activation within two weeks, PQL after activation, customer after PQL, churn a month, MRR, growth
MOTIONS = pd.DataFrame(
    [
        ("organic", 0.36, 0.42, 0.70, 0.75, 0.018, 240, 0.004),
        ("product_led", 0.10, 0.44, 0.70, 0.75, 0.018, 230, 0.004),
        ("sales_led", 0.05, 0.55, 0.80, 0.80, 0.012, 820, 0.007),
        ("ecosystem", 0.06, 0.58, 0.85, 0.80, 0.010, 560, 0.010),
        ("channel", 0.10, 0.46, 0.78, 0.78, 0.015, 420, 0.006),
        ("referral", 0.11, 0.52, 0.80, 0.78, 0.013, 260, 0.006),
        ("affiliate", 0.15, 0.60, 0.72, 0.74, 0.062, 170, -0.002),
        ("reseller", 0.07, 0.44, 0.76, 0.78, 0.018, 380, 0.003),
    ],
    columns=["motion", "share", "activates", "qualifies", "buys", "churn", "mrr", "growth"],
)
PARTNER_MOTIONS = {"ecosystem": 10, "channel": 18, "referral": 40, "affiliate": 38, "reseller": 14}  # 120 partners
SEGMENTS = np.array(["small", "mid-market", "enterprise"])


def main(accounts: int, out: Path, busy: bool = False, seed: int = 20261) -> None:
    """Write accounts.csv, revenue.csv, partners.csv and spend.csv into `out`.

    In a `busy` program nearly every account pays and none is young: about 16 rows of revenue an account instead of 4.
    """
    random = np.random.default_rng(seed)
    partners = make_partners(random, scale=max(1, accounts // 20_000))
    people = make_accounts(random, accounts, partners, busy)
    revenue = make_revenue(random, people)
    spend = make_spend(random, people, revenue, scale=accounts / 3000)
    out.mkdir(parents=True, exist_ok=True)
    write_accounts(people, out)
    revenue[["account_id", "month", "mrr"]].assign(currency="USD").to_csv(out / "revenue.csv", index=False)
    partners.drop(columns="weight").to_csv(out / "partners.csv", index=False)
    spend.assign(currency="USD").to_csv(out / "spend.csv", index=False)
    for name in ("accounts", "revenue", "partners", "spend"):
        print(f"{name}.csv  {(out / f'{name}.csv').stat().st_size / 1e6:.1f} MB")


def make_partners(random: np.random.Generator, scale: int) -> pd.DataFrame:
    """Partners of each motion with a skewed weight: a few bring most of the accounts."""
    motion = np.repeat(list(PARTNER_MOTIONS), [number * scale for number in PARTNER_MOTIONS.values()])
    random.shuffle(motion)
    motion[0] = "channel"
    number = len(motion)
    recruited = FIRST_MONTH + random.integers(0, 24, number)
    recruited[0] = FIRST_MONTH
    ended = random.random(number) < 0.12
    ended[0] = False
    weight = random.pareto(1.1, number) + 0.02
    weight[random.random(number) < 0.35] = 0.0  # recruited and never productive
    weight[0] = 0.0  # the star is given its accounts apart
    first, second = (random.integers(0, len(words), number) for words in (NAMES, KINDS))
    return pd.DataFrame(
        {
            "partner_id": [f"P-{i + 1:03d}" for i in range(number)],
            "name": [f"{NAMES[a]} {KINDS[b]}" for a, b in zip(first, second, strict=True)],
            "motion": motion,
            "recruited_on": day(recruited, random.integers(1, 28, number)),
            "ended_on": np.where(ended, day(np.minimum(recruited + 8, FIRST_MONTH + 34), 15), ""),
            "weight": weight,
        }
    )


NAMES = ("Alder", "Birch", "Cedar", "Dune", "Ember", "Fjord", "Gale", "Harbor", "Iris", "Juniper", "Kestrel", "Larch")
KINDS = ("Partners", "Consulting", "Media", "Systems", "Digital", "Labs", "Advisory", "Networks")


def make_accounts(random: np.random.Generator, number: int, partners: pd.DataFrame, busy: bool) -> pd.DataFrame:
    """Signed-up accounts with their way through the funnel; days are numbers since 1970."""
    motion = random.choice(len(MOTIONS), number, p=MOTIONS["share"])
    traits = MOTIONS.iloc[motion].reset_index(drop=True)
    growth = np.linspace(0.6, 1.4, MONTHS)
    if busy:
        growth[BUSY_MONTHS:] = 0
    month = FIRST_MONTH + random.choice(MONTHS, number, p=growth / growth.sum())
    signed = day_number(month, random.integers(1, 29, number))
    segment = random.choice(3, number, p=[0.7, 0.22, 0.08])
    people = pd.DataFrame(
        {"account_id": [f"A{i:07d}" for i in range(number)], "signed": signed, "signup_month": month}
    ).join(traits)
    people["segment"] = SEGMENTS[segment]
    people["price"] = people["mrr"] * np.array([0.75, 1.4, 2.6])[segment] * random.lognormal(0, 0.45, number)
    people["partner_id"] = ""
    for name in PARTNER_MOTIONS:
        where = np.flatnonzero(people["motion"] == name)
        of_motion = partners[(partners["motion"] == name) & (partners["weight"] > 0)]
        chosen = of_motion.iloc[
            random.choice(len(of_motion), len(where), p=of_motion["weight"] / of_motion["weight"].sum())
        ]
        people.loc[where, "partner_id"] = chosen["partner_id"].to_numpy()
        start = pd.to_datetime(chosen["recruited_on"]).to_numpy().astype("datetime64[D]").astype(int)
        # Nobody signs up before the partner was there: those that would have come later.
        late = np.maximum(people.loc[where, "signed"].to_numpy(), start + random.integers(1, 60, len(where)))
        people.loc[where, "signed"] = late
    give_to_star(random, people)
    people["signup_month"] = month_number(people["signed"].to_numpy())
    days = random.gamma(2.0, 3.0, number).astype(int)
    activated = random.random(number) < people["activates"] * 1.15
    qualified = activated & (random.random(number) < people["qualifies"])
    people["activated"] = np.where(activated, people["signed"] + days, -1)
    people["pql"] = np.where(qualified, people["activated"] + random.integers(1, 25, number), -1)
    buying = qualified & (random.random(number) < people["buys"])
    if busy:
        buying = random.random(number) < BUSY_PAYERS
    ready = np.where(qualified, people["pql"], people["signed"]) + random.integers(1, 25, number)
    people["first_month"] = np.where(buying, month_number(ready), 10**6)
    return people


def give_to_star(random: np.random.Generator, people: pd.DataFrame) -> None:
    """One channel partner brings most of its motion's accounts, and they are large."""
    channel = np.flatnonzero(people["motion"] == "channel")
    star = random.choice(channel, int(len(channel) * 0.7), replace=False)
    people.loc[star, "partner_id"] = STAR
    people.loc[star, "price"] *= 2.0


def make_revenue(random: np.random.Generator, people: pd.DataFrame) -> pd.DataFrame:
    """One row for each month in which an account pays, with expansion, contraction and some that come back."""
    last = FIRST_MONTH + MONTHS - 1
    buyers = people[people["first_month"] <= last].reset_index(drop=True)
    life = random.geometric(buyers["churn"].to_numpy())
    left = np.minimum(life, last - buyers["first_month"] + 1).to_numpy()
    rows = pd.DataFrame({"who": np.repeat(np.arange(len(buyers)), left)})
    starts = np.repeat(np.cumsum(left) - left, left)
    age = np.arange(len(rows)) - starts
    step = random.choice([0.0, 0.10, -0.08], len(rows), p=[0.93, 0.045, 0.025]) + np.repeat(
        buyers["growth"].to_numpy(), left
    )
    step[age == 0] = 0
    total = np.cumsum(step)
    level = total - total[starts]
    rows["month"] = np.repeat(buyers["first_month"].to_numpy(), left) + age
    rows["mrr"] = np.round(np.repeat(buyers["price"].to_numpy(), left) * np.exp(level), 2)
    gone = np.flatnonzero(random.random(len(buyers)) < 0.06)  # these pause for two months and come back
    pause = (age >= 6) & (age < 8) & np.isin(rows["who"], gone)
    rows = rows[~pause]
    rows["account_id"] = buyers["account_id"].to_numpy()[rows["who"]]
    rows["number"], rows["age"] = rows["month"], rows["month"] - buyers["first_month"].to_numpy()[rows["who"]]
    for column in ("motion", "partner_id"):
        rows[column] = buyers[column].to_numpy()[rows["who"]]
    rows = rows.sort_values(["number", "account_id"], kind="stable")
    rows["month"] = month_text(rows["number"].to_numpy())
    return rows


def make_spend(random: np.random.Generator, people: pd.DataFrame, revenue: pd.DataFrame, scale: float) -> pd.DataFrame:
    """Payouts by the terms of each motion, and what the programs, marketing and sales cost."""
    age = revenue["age"].to_numpy()
    rate = revenue["motion"].map({"channel": 0.04, "reseller": 0.55}).fillna(0).to_numpy()
    rate = np.where((revenue["motion"] == "affiliate") & (age < 12), 0.15, rate)
    paid = revenue.assign(amount=revenue["mrr"] * rate)
    paid.loc[(paid["motion"] == "referral") & (age == 0), "amount"] = 350
    paid = paid[paid["amount"] > 0].groupby(["month", "motion", "partner_id"], as_index=False)["amount"].sum()
    paid["kind"] = "payout"
    program = {"ecosystem": 900, "channel": 700, "referral": 300, "affiliate": 500, "reseller": 1500}
    other = [("program", name, cost) for name, cost in program.items()]
    other += [("marketing", "product_led", 5200), ("marketing", "organic", 9000), ("sales", "sales_led", 9500)]
    months = month_text(FIRST_MONTH + np.arange(MONTHS))
    fixed = pd.DataFrame(
        [
            (month, cost * scale * random.uniform(0.9, 1.1), kind, name, "")
            for month in months
            for kind, name, cost in other
        ],
        columns=["month", "amount", "kind", "motion", "partner_id"],
    )
    spend = pd.concat([paid[fixed.columns], fixed]).sort_values(["month", "kind", "motion", "partner_id"])
    spend["amount"] = spend["amount"].round(2)
    return spend


def write_accounts(people: pd.DataFrame, out: Path) -> None:
    """Write accounts.csv, some of them mis-tagged as tracking does it."""
    last_day = int(day_number(np.array([FIRST_MONTH + MONTHS]), np.array([1]))[0]) - 1
    number = np.arange(len(people))
    partner = people["partner_id"] != ""
    motion = people["motion"].where(people["motion"] != "organic", "")
    motion = motion.mask(partner & (number % 37 == 5), "")  # a partner's signup that counts as organic
    partner_id = people["partner_id"].mask(partner & (number % 61 == 7), "")  # nobody is credited
    kept = people["signed"] <= last_day
    pd.DataFrame(
        {
            "account_id": people["account_id"],
            "signed_up_on": day_text(people["signed"].to_numpy()),
            "motion": motion,
            "partner_id": partner_id,
            "activated_on": day_text(people["activated"].where(people["activated"] <= last_day, -1).to_numpy()),
            "pql_on": day_text(people["pql"].where(people["pql"] <= last_day, -1).to_numpy()),
            "segment": people["segment"],
        }
    )[kept].to_csv(out / "accounts.csv", index=False)


def month_text(month: np.ndarray) -> np.ndarray:
    """Month numbers (12 × year + month − 1) as `2026-09`."""
    return (np.asarray(month) - 1970 * 12).astype("datetime64[M]").astype(str)


def day_number(month: np.ndarray, of_month: np.ndarray) -> np.ndarray:
    """Days since 1970 of a day in a month."""
    return (np.asarray(month) - 1970 * 12).astype("datetime64[M]").astype("datetime64[D]").astype(int) + of_month - 1


def month_number(days: np.ndarray) -> np.ndarray:
    """Month number of days since 1970."""
    return np.asarray(days).astype("datetime64[D]").astype("datetime64[M]").astype(int) + 1970 * 12


def day_text(days: np.ndarray) -> np.ndarray:
    """Days since 1970 as `2026-09-30`, −1 as nothing."""
    return np.where(days < 0, "", np.asarray(days).astype("datetime64[D]").astype(str))


def day(month: np.ndarray, of_month: int | np.ndarray) -> np.ndarray:
    """Month and day of month as `2026-09-15`."""
    return day_text(day_number(month, np.asarray(of_month)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--accounts", type=int, default=3000)
    parser.add_argument("--busy", action="store_true", help="nearly every account pays, for a long time")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent)
    arguments = parser.parse_args()
    main(arguments.accounts, arguments.out, arguments.busy)
