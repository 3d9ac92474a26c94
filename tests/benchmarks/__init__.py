"""Speed and memory as ratios within one run: `make bench`, or `python -m tests.benchmarks ledger upload …`."""
