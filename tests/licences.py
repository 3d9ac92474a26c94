"""The licence of everything that is installed: `make licences` lists them, a test checks them against a list."""

import re
from importlib.metadata import distributions

PERMISSIVE = {
    "MIT",
    "MIT-0",
    "MIT-CMU",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "0BSD",
    "ISC",
    "Apache-2.0",
    "PSF-2.0",
    "Zlib",
    "CC0-1.0",
    "CC-PDDC",
}
# Whoever alters these files themselves must publish how; we only call them.
BY_FILE = {"MPL-2.0", "LGPL-3.0-only"}
ALLOWED = PERMISSIVE | BY_FILE

# How packages that do not name theirs by its SPDX identifier write it.
WORDS = {
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "Apache License 2.0": "Apache-2.0",
    "Apache 2.0": "Apache-2.0",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
}

# What a package states for files that its wheel may not hold. Of docutils one is under the GPL, an Emacs mode; its
# COPYING names the licence of each file.
BUT_FOR = {"docutils": (".el", "CC-PDDC AND BSD-2-Clause AND BSD-3-Clause")}


def licence(metadata):
    """Return the licence that a package states, as an SPDX expression where we know how to say it, or ''."""
    classifiers = [
        one.rsplit(" :: ", 1)[1] for one in metadata.get_all("Classifier") or [] if one.startswith("License ::")
    ]
    words = [WORDS.get(one, one) for one in classifiers if one != "OSI Approved"]
    # The old field may hold the whole text; its first line is then the name, or a copyright that names nothing.
    first_line = (metadata.get("License") or "").strip().split("\n")[0]
    return metadata.get("License-Expression") or " AND ".join(words) or WORDS.get(first_line, first_line)


def allowed(expression):
    """Whether each part that applies is allowed; of parts joined by OR one is enough.

    >>> allowed("MIT OR GPL-3.0-only"), allowed("MIT AND GPL-3.0-only"), allowed("(MIT OR GPL-3.0-only) AND 0BSD")
    (True, False, True)
    """
    return all(ALLOWED & set(re.split(r"\s+OR\s+", part.strip(" ()"))) for part in re.split(r"\s+AND\s+", expression))


def installed():
    """Return (package, version, licence) of everything in this environment."""
    found = {
        (one.name.lower(), one.version, but_for(one) or licence(one.metadata) or in_file(one))
        for one in distributions()
    }
    return sorted(found)


def but_for(package):
    """Return the licence of a package whose files under another are not installed, or nothing."""
    ending, stated = BUT_FOR.get(package.name.lower(), ("", ""))
    return "" if any(str(file).endswith(ending) for file in package.files or ()) else stated


def in_file(package):
    """Return the licence that the first line of a package's licence file names, for one that states it nowhere else."""
    text = package.read_text("licenses/LICENSE") or ""
    return WORDS.get(text.strip().split("\n")[0], "")


if __name__ == "__main__":
    for name, version, stated in installed():
        print(f"{name} {version}: {stated or 'states none'}{'' if allowed(stated) else ' (NOT ALLOWED)'}")  # noqa: T201
