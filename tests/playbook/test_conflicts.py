"""Conflicts of a segment plan: each is raised by one plan and not by its neighbour, and follows from the attributes."""

from itertools import combinations

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from motions.errors import ContentError
from motions.names import BASELINES, NAMES, OWN, PARTNER_MOTIONS
from motions.playbook import load_playbook
from motions.playbook.conflicts import SEVERITIES, find_conflicts, headline, load_rules, load_traits
from motions.playbook.load import CONTENT
from motions.playbook.segment_plan import PLANNED, same_customers
from tests.playbook.plans import FEW_WORDS, plan, plans, row

SMALL = {"customer_type": "Small", "geography": "EU", "price_from": 0, "price_to": 100}
NEXT = SMALL | {"price_from": 100, "price_to": 200}
OTHER = SMALL | {"geography": "UK"}
RULES = {rule.id: rule for rule in load_rules().rules}


def found(*segments, **known):
    return {one.rule for one in find_conflicts(plan(*segments), **known)}


CASES = {
    "two_owners": (
        [row(motions=["channel", "reseller"])],
        [row("A", ["channel"], **SMALL), row("B", ["reseller"], **OTHER)],
    ),
    "own_sales": ([row(motions=["sales_led", "channel"])], [row(motions=["sales_led", "ecosystem"])]),
    "two_prices": ([row(motions=["affiliate", "reseller"])], [row(motions=["affiliate", "referral"])]),
    "open_price": ([row(motions=["product_led", "reseller"])], [row(motions=["product_led", "affiliate"])]),
    "many_in_segment": (
        [row(motions=["ecosystem", "referral", "affiliate"])],
        [row(motions=["referral", "affiliate", "product_led", "sales_led"])],
    ),
    "many_in_plan": (
        [row("A", ["ecosystem", "referral"], **SMALL), row("B", ["affiliate", "reseller"], **OTHER)],
        [row("A", ["ecosystem", "referral", "product_led"], **SMALL), row("B", ["affiliate", "referral"], **OTHER)],
    ),
    "overlap_owners": (
        [row("A", ["channel"], **SMALL), row("B", ["affiliate"], **SMALL)],
        [row("A", ["channel"], **SMALL), row("B", ["affiliate"], **NEXT)],
    ),
    "maybe_overlap": (
        [row("A", ["channel"], **SMALL), row("B", ["affiliate"], geography="EU")],
        [row("A", ["channel"], **SMALL), row("B", ["affiliate"], geography="UK")],
    ),
    "counted_twice": ([row("A", ["channel"], **SMALL), row("B", ["channel"], **SMALL)],
                      [row("A", ["channel"], **SMALL), row("B", ["channel"], **OTHER)]),
    "no_motion": ([row()], [row(motions=["product_led"])]),
}  # fmt: skip


@pytest.mark.parametrize("rule", CASES)
def test_a_plan_raises_a_conflict_and_its_neighbour_does_not(rule):
    bad, good = CASES[rule]
    assert rule in found(*bad)
    assert rule not in found(*good)


@pytest.mark.parametrize(
    ("rule", "bad", "good"),
    [
        ("gate_not_met", {"gates": {"affiliate": "not met"}}, {"gates": {"affiliate": "met", "reseller": "not met"}}),
        ("gate_unknown", {"gates": {"affiliate": "unknown"}}, {"gates": {"affiliate": "not met"}}),
        ("ruled_out", {"ruled_out": ["affiliate"]}, {"ruled_out": ["reseller"]}),
    ],
)
def test_what_other_parts_found_out_counts_where_the_motion_is_planned(rule, bad, good):
    segments = row("A", ["affiliate"], **SMALL), row("B", ["affiliate"], **OTHER)
    (conflict,) = find_conflicts(plan(*segments), **bad)
    assert (conflict.rule, conflict.segments, conflict.motions) == (rule, ("A", "B"), ("affiliate",))
    assert rule not in found(*segments, **good)


def test_every_rule_has_such_a_pair_of_plans():
    assert {*CASES, "gate_not_met", "gate_unknown", "ruled_out"} == set(RULES)


def attributes(motion):
    """Owner, seller and price of a motion as the content has them; a baseline's are yours, by the second article."""
    if motion in BASELINES:
        return "Vendor", {"product_led": "Product", "sales_led": "Vendor"}[motion], "Vendor"
    if motion == OWN:  # nothing is known of it without its playbook
        return None, None, None
    of = load_playbook().motion(motion).attributes
    return of.customer_owner.value, of.seller.value, of.price_setter.value


def meeting(a, b):
    """What happens where two motions sell to one customer, read off their attributes; not symmetric."""
    (owner, seller, price), (other_owner, _, other_price) = attributes(a), attributes(b)
    partners = a in PARTNER_MOTIONS, b in PARTNER_MOTIONS
    if all(partners) and owner == other_owner == "Partner":
        yield "two_owners"
    if not partners[0] and seller == "Vendor" and partners[1] and other_owner == "Partner":
        yield "own_sales"
    if all(partners) and (seller, price, other_price) == ("Vendor", "Vendor", "Partner"):
        yield "two_prices"
    if not partners[0] and (seller, price, other_price) == ("Product", "Vendor", "Partner") and partners[1]:
        yield "open_price"


@pytest.mark.parametrize(("a", "b"), list(combinations(PLANNED, 2)))
def test_every_pair_of_motions_meets_as_the_table_of_attributes_says(a, b):
    assert found(row(motions=[a, b])) == {*meeting(a, b), *meeting(b, a)}
    disputed = "Partner" in (attributes(a)[0], attributes(b)[0])
    assert ("overlap_owners" in found(row("A", [a], **SMALL), row("B", [b], **SMALL))) is disputed


def test_the_pairs_that_the_playbook_leads_to():
    pairs = {rule: {pair for pair in combinations(PLANNED, 2) if rule in found(row(motions=pair))} for rule in RULES}
    assert pairs["two_owners"] == {("channel", "reseller")}
    assert pairs["own_sales"] == {("channel", "sales_led"), ("reseller", "sales_led")}
    assert pairs["two_prices"] == {
        ("channel", "referral"), ("channel", "affiliate"), ("referral", "reseller"), ("affiliate", "reseller"),
    }  # fmt: skip


@given(plans(5, **FEW_WORDS))
def test_a_whole_plan_has_the_conflicts_of_its_pairs(given_plan):
    expected = {}
    for one in given_plan.segments:
        for a in one.motions:
            for b in one.motions:
                for rule in meeting(a, b) if a != b else ():
                    expected.setdefault((rule, (one.name,)), set()).update((a, b))
    for one, other in combinations(given_plan.segments, 2):
        for a in one.motions:
            for b in other.motions:
                if a != b and "Partner" in (attributes(a)[0], attributes(b)[0]) and same_customers(one, other):
                    names = tuple(sorted((one.name, other.name), key=str.casefold))
                    expected.setdefault(("overlap_owners", names), set()).update((a, b))
    pairs = ("two_owners", "own_sales", "two_prices", "open_price", "overlap_owners")
    conflicts = [one for one in find_conflicts(given_plan) if one.rule in pairs]
    assert {(one.rule, one.segments): set(one.motions) for one in conflicts} == expected
    assert len(conflicts) == len(expected)


GATES = st.dictionaries(st.sampled_from(PLANNED), st.sampled_from(["met", "not met", "unknown"]))
OUT = st.sets(st.sampled_from(PLANNED))


@given(plans(5, **FEW_WORDS), GATES, OUT, st.data())
def test_another_motion_never_removes_a_conflict_of_others(given_plan, gates, out, data):
    """A segment that nothing sells into is no conflict of others; what others have may come to include the new one."""
    before = find_conflicts(given_plan, gates, out)
    segments = list(given_plan.segments)
    if not segments:
        return
    at = data.draw(st.integers(0, len(segments) - 1))
    more = (*segments[at].motions, data.draw(st.sampled_from(PLANNED)))
    segments[at] = row(**{**segments[at].model_dump(), "motions": more})
    after = find_conflicts(plan(*segments), gates, out)
    for one in before:
        assert one.rule == "no_motion" or any(
            one.rule == other.rule
            and {*one.segments} <= {*other.segments}
            and {*one.motions} <= {*other.motions}
            and one.severity == other.severity
            for other in after
        )


@given(plans(6, **FEW_WORDS), GATES, OUT, st.randoms())
def test_the_order_of_rows_makes_no_difference(given_plan, gates, out, random):
    turned = list(given_plan.segments)
    random.shuffle(turned)
    conflicts = find_conflicts(given_plan, gates, out)
    assert find_conflicts(plan(*turned), gates, out) == conflicts
    assert headline(plan(*turned), conflicts) == headline(given_plan, conflicts)
    assert [SEVERITIES.index(one.severity) for one in conflicts] == sorted(
        SEVERITIES.index(one.severity) for one in conflicts
    )
    for one in conflicts:
        assert all(NAMES[motion] in one.says for motion in one.motions)
        assert "{" not in one.says
        assert one.motion_names or not one.motions


def test_names_of_segments_are_text_and_not_filled_in():
    (conflict,) = find_conflicts(plan(row("{motions} %s $x")))
    assert conflict.says == "No motion sells into {motions} %s $x."


def test_every_conflict_says_why_what_to_do_and_on_whose_word():
    for bad, _ in CASES.values():
        for one in find_conflicts(plan(*bad)):
            assert all(text.endswith(".") for text in (one.says, one.why, one.way_out))
            assert one.source[-1] == ")"
            assert one.grade in "ABC"
    (owners,) = find_conflicts(plan(row(motions=["channel", "reseller"])))
    assert owners.source == "Juhi Saha, The Partner-Led Growth playbook (2026)"
    assert (owners.severity, owners.basis) == ("blocks", "our reading")
    assert owners.says == "Two partners would own each customer of A: Channels and Resellers."


@pytest.mark.parametrize(
    ("segments", "refused", "says"),
    [
        ([], 0, "No segments yet: add one with its accounts and the motions that sell into it."),
        ([], 2, "sell into it. 2 rows can't be read and are not in it."),
        ([row(motions=["affiliate"])], 0, "1 segment, 1 motion; no conflicts found."),
        ([row(motions=["affiliate"])], 1, "no conflicts found. 1 row can't be read and is not in it."),
        ([row()], 0, "1 segment, 0 motions; no conflict blocks, 1 warns. No motion sells into A."),
        (
            [row(motions=["channel", "reseller"])],
            0,
            "1 segment, 2 motions; 1 conflict blocks. Two partners would own each customer of A: Channels and Res",
        ),
        (
            [row("A", ["channel", "reseller"], **SMALL), row("B", ["channel", "reseller"], **OTHER), row("C", **NEXT)],
            0,
            "3 segments, 2 motions; 2 conflicts block, 1 warns. Two partners",
        ),
        (
            [row("A", ["affiliate"], **SMALL), row("B", ["affiliate"], **SMALL)],
            0,
            "2 segments, 1 motion; no conflict blocks, 1 note. Accounts may be counted twice",
        ),
    ],
)
def test_the_headline_is_right_in_every_state(segments, refused, says):
    assert says in headline(plan(*segments), find_conflicts(plan(*segments)), refused)


def test_unknown_gates_and_unknown_customers_never_block():
    segments = [row("A", ["channel"]), row("B", ["reseller"])]
    conflicts = find_conflicts(plan(*segments), dict.fromkeys(PLANNED, "unknown"))
    assert {one.severity for one in conflicts} == {"notes"}
    assert {one.rule for one in conflicts} == {"maybe_overlap", "gate_unknown"}


def test_a_note_on_an_unknown_gate_names_what_is_to_be_answered():
    (found,) = [
        one
        for one in find_conflicts(
            plan(row(motions=["affiliate"])), {"affiliate": "unknown"}, unknown={"affiliate": ("satisfied customers",)}
        )
        if one.rule == "gate_unknown"
    ]
    assert found.way_out.endswith("Not known: satisfied customers.")
    without = find_conflicts(plan(row(motions=["affiliate"])), {"affiliate": "unknown"})
    assert not any("Not known" in one.way_out for one in without)


def test_only_rows_whose_motions_would_dispute_are_said_to_say_too_little():
    segments = [row("A", ["channel"], geography="EU"), row("B", ["reseller"], geography="EU"), row("C", geography="EU")]
    (conflict,) = [one for one in find_conflicts(plan(*segments)) if one.rule == "maybe_overlap"]
    assert conflict.segments == ("A", "B")


def test_traits_cover_every_motion_that_can_be_planned():
    assert set(load_traits()) == set(PLANNED)


@pytest.mark.parametrize(
    ("change", "key", "says"),
    [
        (lambda c: c["rules"][0].update(first={"customer_ownr": "Partner"}), "rules.0.first", "'customer_owner'"),
        (lambda c: c["rules"][0].update(first={"customer_owner": "Partners"}), "rules.0.first", "'Partner'"),
        (lambda c: c["rules"][0].pop("second"), "rules.0", "both of them"),
        (lambda c: c["rules"][4].update(first={}), "rules.4", "both of them"),
        (lambda c: c["rules"][4].pop("most"), "rules.4", "most goes with"),
        (lambda c: c["rules"][0].update(says="{motion} meet"), "rules.0.says", "can stand in braces"),
        (lambda c: c["rules"][0].update(says="{motions.__class__}"), "rules.0.says", "can stand in braces"),
        (lambda c: c["rules"][0].update(says="{motions"), "rules.0.says", "can stand in braces"),
        (lambda c: c["rules"][0].update(severity="stops"), "rules.0.severity", "blocks"),
        (lambda c: c["rules"][0].update(colour="red"), "rules.0.colour", "not a known key"),
        (lambda c: c["rules"][0].pop("why"), "rules.0.why", "is missing"),
        (lambda c: c["rules"].append(c["rules"][0]), "the file", "several rules are called two_owners"),
        (lambda c: c["baselines"].pop("sales_led"), "the file", "give the traits of each"),
    ],
)
def test_a_mistake_in_the_rules_names_file_key_and_repair(tmp_path, change, key, says):
    content = yaml.safe_load((CONTENT / "conflicts.yaml").read_text("utf-8"))
    change(content)
    path = tmp_path / "conflicts.yaml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    with pytest.raises(ContentError, match=r"^conflicts\.yaml") as caught:
        load_rules(path)
    assert caught.value.key == key
    assert says in str(caught.value)


def test_a_threshold_is_read_from_the_rules(tmp_path):
    content = yaml.safe_load((CONTENT / "conflicts.yaml").read_text("utf-8"))
    next(rule for rule in content["rules"] if rule["id"] == "many_in_segment")["most"] = 1
    path = tmp_path / "conflicts.yaml"
    path.write_text(yaml.safe_dump(content), "utf-8")
    (conflict,) = find_conflicts(plan(row(motions=["referral", "affiliate"])), rules=load_rules(path))
    assert conflict.says == "More partner motions than 1 sell into A: Referrals and Affiliates."
