"""Sweeps: one question of all days and values at once, on one machine or on a cluster, as one data set that can be gone on with."""

from tradelib.sweep.calculations import Swept, calculate
from tradelib.sweep.quantity import Quantity, quantities
from tradelib.sweep.store import read

__all__ = ["Quantity", "Swept", "calculate", "quantities", "read"]
