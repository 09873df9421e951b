"""What became known on a day, the news first."""

from tradelib.news.day import RANKS, SUBJECTS, DayNews, Item, Rank, day_news

__all__ = ["RANKS", "SUBJECTS", "DayNews", "Item", "Rank", "day_news"]
