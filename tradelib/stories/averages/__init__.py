"""Averages of duties, what was collected of them, and the gap."""
