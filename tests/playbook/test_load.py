"""Content is validated on load, and an error says file, key and repair."""

import shutil

import pytest
import yaml

from motions.errors import ContentError
from motions.playbook import ATTRIBUTES, load_playbook
from motions.playbook.load import CONTENT


@pytest.fixture
def broken(tmp_path):
    """A copy of the content, and a function that changes one file of it and loads."""
    folder = tmp_path / "content"
    shutil.copytree(CONTENT, folder)

    def load_with(name, change):
        path = folder / name
        content = yaml.safe_load(path.read_text("utf-8"))
        change(content)
        path.write_text(yaml.safe_dump(content), "utf-8")
        return load_playbook(folder)

    load_with.folder = folder
    return load_with


def test_the_five_motions_stand_in_the_order_of_the_article():
    assert [m.id for m in load_playbook().motions] == [
        "ecosystem",
        "channel",
        "referral",
        "affiliate",
        "reseller",
    ]


def test_only_the_figures_that_the_article_gives():
    figures = {m.id: [(f.low, f.high, f.unit) for f in m.figures] for m in load_playbook().motions}
    assert figures == {
        "ecosystem": [],
        "channel": [(0.30, 0.50, "share of price")],
        "referral": [(500, 500, "USD a year")],
        "affiliate": [(0.15, 0.15, "share of price")],
        "reseller": [(0.40, 0.60, "share of price")],
    }


def test_tables_are_whole():
    playbook = load_playbook()
    assert len(playbook.growth.rows) == 6
    assert len(playbook.readiness.conditions) == 6
    assert len(playbook.roadmap.steps) == 4
    assert [row.id for row in playbook.metrics.rows if row.neglected] == ["nrr", "cpa"]
    assert len(playbook.metrics.rows) == 6
    assert len(ATTRIBUTES) == 12
    assert {m for step in playbook.roadmap.steps for m in step.motions} == {m.id for m in playbook.motions}


def test_every_attribute_says_stated_or_reading_and_why():
    for motion in load_playbook().motions:
        for key, _, _ in ATTRIBUTES:
            attribute = getattr(motion.attributes, key)
            assert attribute.basis in {"stated", "reading"}
            assert len(attribute.note) > 10


@pytest.mark.parametrize(
    ("name", "change", "key", "says"),
    [
        ("channel.yaml", lambda c: c.update(colour="red"), "colour", "not a known key"),
        ("channel.yaml", lambda c: c.update(definitionn="x"), "definitionn", "Did you mean 'definition'"),
        ("channel.yaml", lambda c: c.pop("roi_driver"), "roi_driver", "is missing"),
        ("reseller.yaml", lambda c: c["figures"][0].update(low=0.7), "figures.0", "low is above high"),
        ("reseller.yaml", lambda c: c["figures"][0].update(low=40, high=60), "figures.0", "fraction of 1"),
        ("affiliate.yaml", lambda c: c["attributes"]["touch"].update(value="Huge"), "attributes.touch.value", "Low"),
        ("affiliate.yaml", lambda c: c.update(source="nobody"), "the file", "add it to sources.yaml"),
        ("sources.yaml", lambda c: c["sources"][1].pop("year"), "sources.1.year", "is missing"),
        ("roadmap.yaml", lambda c: c["steps"][0].update(motions=["referal"]), "steps.0.motions.0", "referral"),
    ],
)
def test_a_mistake_names_file_key_and_repair(broken, name, change, key, says):
    with pytest.raises(ContentError) as caught:
        broken(name, change)
    assert caught.value.key == key
    assert says in str(caught.value)
    assert str(caught.value).startswith(name if key != "the file" else "sources.yaml")


def test_broken_yaml_names_the_line(broken):
    (broken.folder / "roadmap.yaml").write_text("source: playbook\nsteps: [oops\n", "utf-8")
    with pytest.raises(ContentError, match=r"roadmap.yaml, line \d"):
        load_playbook(broken.folder)


def test_a_missing_file_says_where_it_belongs(broken):
    (broken.folder / "roadmap.yaml").unlink()
    with pytest.raises(ContentError, match=r"roadmap.yaml.*is missing"):
        load_playbook(broken.folder)
