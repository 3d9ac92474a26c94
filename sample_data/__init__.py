"""The sample program and the script that makes it."""
