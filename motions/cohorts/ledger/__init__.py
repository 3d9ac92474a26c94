"""Checked tables to the cohort ledger, a few thousand rows of sums, and the attribution checks made on the way."""
