"""What is known to be weak in the versions of the locks: `make audit` asks OSV, the database that PyPI's own feeds.

    python -m tests.audit [LOCK…]

It sends names and versions to https://api.osv.dev, or to what AUDIT_SERVICE names. Ends with 0 where nothing is known,
1 where something is, and 2 where nothing was checked, as the service did not answer for all of them.
"""

import json
import os
import re
import sys
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[1]
SERVICE = "https://api.osv.dev"
LOCKS = ("requirements.lock", "requirements-dev.lock", "requirements-spark.lock")
"""what is run, tested with and connected to; the lowest versions are only tested with"""


def locked(paths):
    """Return (package, version) of every line of some locks.

    >>> len(locked([ROOT / "requirements.lock"])) > 30
    True
    """
    pins = (re.findall(r"^([a-z0-9-]+)==([^\s;\\]+)", path.read_text("utf-8"), re.MULTILINE) for path in paths)
    return sorted({pin for found in pins for pin in found})


def known(pins, service):
    """Return {(package, version): ids} of what something is known of. Raises OSError or ValueError where it is not."""
    asked = [{"package": {"ecosystem": "PyPI", "name": name}, "version": version} for name, version in pins]
    answers = _asked(f"{service}/v1/querybatch", {"queries": asked})["results"]
    if len(answers) != len(pins):
        raise ValueError(f"{len(answers)} answers to {len(pins)} questions")
    return {
        pin: [one["id"] for one in answer["vulns"]]
        for pin, answer in zip(pins, answers, strict=True)
        if answer.get("vulns")
    }


def told(weakness, service):
    """Return what a weakness is, in a line: its summary, and the versions in which it is mended."""
    found = _asked(f"{service}/v1/vulns/{weakness}")
    events = (event for one in found.get("affected", ()) for span in one.get("ranges", ()) for event in span["events"])
    mended = sorted({event["fixed"] for event in events if re.match(r"\d+\.", event.get("fixed", ""))})
    return f"{found.get('summary') or 'no summary'}; mended in {', '.join(mended) or 'no version'}"


def _asked(address, content=None):
    body = content and json.dumps(content).encode()
    request = urllib.request.Request(address, body, {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def main(names):
    service = os.environ.get("AUDIT_SERVICE", SERVICE).rstrip("/")
    pins = locked([ROOT / name for name in names or LOCKS])
    try:
        found = known(pins, service)
        lines = [
            f"{name} {version}: {id_}: {told(id_, service)}" for (name, version), ids in found.items() for id_ in ids
        ]
    except (OSError, ValueError, KeyError, TypeError) as problem:
        print(f"Nothing was checked: {service} did not answer ({problem}). Ask again from where it can be reached.")
        return 2
    print(*lines, f"{len(found)} of {len(pins)} locked versions are known to be weak.", sep="\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
