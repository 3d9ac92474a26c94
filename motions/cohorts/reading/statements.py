"""Files of SQL with several named statements."""

import re
from collections.abc import Iterator
from pathlib import Path


def statements(path: Path) -> Iterator[tuple[str, str]]:
    """Yield (name, SELECT) of each statement in a file, in order: each makes the table of its name."""
    for name, sql in re.findall(r"^-- name: (\S+)\n(.*?)(?=^-- name: |\Z)", path.read_text("utf-8"), re.S | re.M):
        several = re.match(r"-- for: (.+)\n", sql)
        for by in several.group(1).split(", ") if several else ("",):
            yield name.replace("{by}", by), sql.strip().replace("{by}", by)
