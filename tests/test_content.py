"""YAML from anybody: plain values, bounded before anything is built of them, and messages that stay short."""

import time

import pytest
import yaml

from motions.cohorts.reading.mapping import Mapping, choose, read_mappings
from motions.cohorts.verdicts.rules import read_rules
from motions.content import DEEPEST, MOST_BYTES, MOST_VALUES, parse_yaml
from motions.economics.files.exchange import from_file
from motions.errors import ContentError, MotionsError
from motions.playbook import conflicts, plan_files
from motions.playbook.own import own_playbook

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]\n" for n in range(1, 10)
)
MANY_WORDS = "[" + "w," * 1_000_000 + "]"
READERS = {
    "mappings": read_mappings,
    "rules": read_rules,
    "plans": lambda path: plan_files.from_file(path.name, path.read_bytes()),
    "conflicts": conflicts.load_rules,
    "playbooks": lambda path: own_playbook(path.name, path.read_bytes()),
    "scenarios": lambda path: from_file(path.name, path.read_bytes()),
}


def refused(tmp_path, reader, text):
    """What a reader says of a text, which it has to say at once and in few words."""
    path = tmp_path / "own.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    start = time.monotonic()
    with pytest.raises(MotionsError, match=r"own\.yaml") as problem:
        READERS[reader](path)
    assert time.monotonic() - start < 10  # hours, or no memory, without bounds
    said = str(problem.value)
    assert len(said) < 1000
    said.encode()
    return said


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "last",
    ["rules: *a9", "mappings: *a9", "rules: [{metric: *a9}]", "mappings: [{kind: accounts, header: *a9}]",
     "version: *a9\nscenarios: []", "mappings: [{<<: *a9}]", "? *a9\n: b"],
)  # fmt: skip
def test_aliases_of_aliases_are_refused_before_they_are_built(tmp_path, reader, last):
    refused(tmp_path, reader, BOMB + last)


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    "text",
    [
        f"rules: {MANY_WORDS}",
        f"mappings: [{{kind: accounts, header: {MANY_WORDS}}}]",
        f"version: 2\nscenarios: {MANY_WORDS}",
        "rules: " + "[" * 100_000,
        "&a mappings: &b [*b]",
        "rules: 1" + ":0" * 200_000,
        "mappings: !!int ''",
        "rules: !!bool z",
        "version: !!timestamp 'abc'\nscenarios: []",
        "mappings: [{kind: !!python/name:os.system x}]",
        "rules: !<tag:yaml.org,2002:float> x",
        "rules: 2026-02-31",
        "version: " + "9" * 5000 + "\nscenarios: []",
        "version: 0x" + "f" * 5000 + "\nscenarios: []",
        "rules: [{metric: " + "x" * 100_000 + "}]",
        "mappings: [{kind: " + "x" * 100_000 + "}]",
        "mappings: [{" + "x" * 100_000 + ": 1}]",
        "scenarios: [{name: a, " + "x" * 50_000 + ": 1}]\nversion: 2",
        'mappings: [{kind: "\\ud800"}]',
        "{[1, 2]: 3}",
        "\ud800: 1",
    ],
)
def test_what_is_too_much_or_no_plain_value_is_refused_by_name(tmp_path, reader, text):
    refused(tmp_path, reader, text)


def test_what_an_alias_stands_for_counts_as_often_as_it_is_used():
    word = "w" * 24
    fits = f"a: &a [{', '.join([word] * 99)}]\nb: [{', '.join(['*a'] * 190)}]\n"
    assert len(parse_yaml(fits.encode(), "f")["b"][189]) == 99
    with pytest.raises(ContentError, match=f"line 2: holds more than {MOST_VALUES:,} values"):
        parse_yaml(fits.replace("*a]", "*a" + ", *a" * 20 + "]").encode(), "f")
    with pytest.raises(ContentError, match=f"nested more than {DEEPEST}"):
        parse_yaml(("a: " + "[" * DEEPEST + "]" * DEEPEST).encode(), "f")
    with pytest.raises(ContentError, match=f"larger than {MOST_BYTES:,} bytes"):
        parse_yaml(b"a: b\n" + b"#" * MOST_BYTES, "f")


def test_values_are_text_numbers_and_yes_or_no_and_keys_are_text():
    text = "{1: 1, yes: yes, 2026-01-01: 2026-01-01, e: 1:30, f: 017, g: 1.5e+3, h: .5, i: ~, j: , k: '1', l: -1_000}"
    assert parse_yaml(text.encode(), "f") == {
        "1": 1, "yes": True, "2026-01-01": "2026-01-01", "e": "1:30", "f": "017", "g": 1500.0, "h": 0.5, "i": None,
        "j": None, "k": "1", "l": -1000,
    }  # fmt: skip
    assert parse_yaml(b"a: &x {b: 1, c: 2}\nd: {<<: *x, c: 3}\n", "f")["d"] == {"b": 1, "c": 3}
    assert parse_yaml(b'\xef\xbb\xbfa: "\\ud83d\\ude00 \\ud800"', "f") == {"a": "\U0001f600 \ufffd"}


def test_what_is_written_here_is_read_as_by_any_other_reader():
    values = {
        "a": [1, 2.5, -3e20, 1e-7, True, None, "yes", "1:30", "2026-01-01", "017", "x: y", "a\nb", "ä", ""],
        "b": {},
    }
    assert parse_yaml(yaml.safe_dump(values, allow_unicode=True).encode(), "f") == values


def test_a_folder_or_a_pipe_is_no_yaml(tmp_path):
    import os  # noqa: PLC0415

    os.mkfifo(tmp_path / "pipe")
    for path in (tmp_path, tmp_path / "pipe"):
        with pytest.raises(ContentError, match="is a folder, a pipe or a device"):
            read_rules(path)


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("metric: ''", "is no metric"),
        ("threshold: .nan", "finite"),
        ("threshold: .inf", "finite"),
    ],
)
def test_a_rule_without_a_metric_or_with_a_threshold_that_is_no_number_is_refused(tmp_path, change, says):
    rule = {"metric": "metric: nrr", "threshold": "threshold: 1", "against": "against: threshold",
            "rest": "better: higher, severity: note, means: m, do: d"}  # fmt: skip
    rule[change.split(":")[0]] = change
    path = tmp_path / "rules.yaml"
    path.write_text(f"rules: [{{{', '.join(rule.values())}}}]", "utf-8")
    with pytest.raises(ContentError, match=says):
        read_rules(path)


def test_the_mapping_for_a_header_is_found_at_once_among_large_ones():
    header = tuple(f"Column {at}" for at in range(500))
    known = [Mapping(kind="accounts", header=tuple(f"column_{at}" for at in range(500))) for _ in range(40)]
    start = time.monotonic()
    assert choose(header, known) is known[-1]
    assert time.monotonic() - start < 5  # half a minute when each name was looked for in each column
    with pytest.raises(ValueError, match="at most 500"):
        Mapping(kind="accounts", header=tuple(f"c{at}" for at in range(501)))
