"""Looks for inputs that break something.

python -m tests.fuzz --seconds 15          for so long, with a seed that it prints
python -m tests.fuzz --seconds 0           without end, until Ctrl+C or twenty faults
python -m tests.fuzz --seed 7 --example 3  one example again
python -m tests.fuzz --only links          one kind of input
"""

import argparse
import random
import sys

from tests.fuzz.runner import run, tried


def main():
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--seconds", type=float, default=15, help="how long; 0 is without end")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--first", type=int, default=0, help="the number of the first example")
    parser.add_argument("--example", type=int, help="try this one only, here")
    parser.add_argument("--only", default="", help="one kind of input")
    given = parser.parse_args()
    if given.example is not None:
        fault = tried(given.seed, given.example, given.only)
        print(fault or "no fault")
        return bool(fault)
    print(f"seed {given.seed}", flush=True)
    outcome = run(given.seed, given.seconds, given.only, given.first)
    print(outcome.said())
    return bool(outcome.faults)


if __name__ == "__main__":
    sys.exit(main())
