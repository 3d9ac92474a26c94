"""Figures to verdicts and to what should be done, by rules that a user can replace."""
