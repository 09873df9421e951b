"""Answers for a terminal, and as CSV or JSON."""
