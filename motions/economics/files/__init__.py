"""Scenarios as files and tables."""
