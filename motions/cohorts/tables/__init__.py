"""What program health shows as text and tables, and what can be downloaded of it."""
