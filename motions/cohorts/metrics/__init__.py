"""Ledger to figures, each with its interval."""
