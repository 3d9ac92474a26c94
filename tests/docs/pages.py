"""The documentation as tests see it: its pages, their headings and blocks, and a worked example applied to a copy."""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "docs").glob("*.md"))
FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
NEW_FILE = re.compile(r"# ((?:motions|pages|tests)/[\w./-]+)\n")


@dataclass(frozen=True)
class Block:
    """What stands between two fences, and what is said of it behind the first."""

    language: str
    text: str


def blocks(text):
    return [Block(language.strip(), body) for language, body in FENCE.findall(text)]


def prose(text):
    """A page without its blocks."""
    return FENCE.sub("", text)


def section(page, title):
    """What stands below a heading of the second level, up to the next."""
    found = re.findall(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", page.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert len(found) == 1, f"{page.name} has {len(found)} sections {title!r}"
    return found[0]


def examples(page):
    """Titles of the sections that change the project."""
    return re.findall(r"^## (Add a .*)$", page.read_text("utf-8"), re.MULTILINE)


def copy_of_the_project(folder):
    shutil.copytree(ROOT / "motions", folder / "motions", ignore=shutil.ignore_patterns("__pycache__"))


def applied(page, title, folder):
    """Apply the blocks of an example to a copy of the project; returns the Python that says what is true then."""
    claims = []
    for block in blocks(section(page, title)):
        if named := NEW_FILE.match(block.text):
            write(folder, named[1], block.text)
        elif block.language == "diff":
            changed(folder, block.text)
        elif block.language == "python":
            claims.append(block.text)
    return claims


def write(folder, name, text):
    assert not (folder / name).exists(), f"{name} is there already"
    (folder / name).write_text(text, "utf-8")


def changed(folder, diff):
    """Apply changes as they stand in the pages: without numbers of lines, as these are found by what they say."""
    for name, body in re.findall(r"^--- a/(\S+)\n\+\+\+ b/\1\n(.*?)(?=^--- a/|\Z)", diff, re.DOTALL | re.MULTILINE):
        path = folder / name
        for hunk in body.split("@@\n")[1:]:
            lines = hunk.splitlines(keepends=True)
            before = "".join(line[1:] for line in lines if line[0] != "+")
            after = "".join(line[1:] for line in lines if line[0] != "-")
            text = path.read_text("utf-8")
            assert text.count(before) == 1, f"{name} holds these lines {text.count(before)} times:\n{before}"
            path.write_text(text.replace(before, after), "utf-8")
