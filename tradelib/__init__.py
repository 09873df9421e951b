"""tradelib: the trade truce between the United States and China, read as of a day."""

__version__ = "2026.11.0"
