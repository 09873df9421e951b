"""What became known: lately, as plain rows for the feed of a site; and on one day, the news first."""

from tradelib.news.day import RANKS, SUBJECTS, DayNews, Item, Rank, day_news
from tradelib.news.feed import DAYS, news

__all__ = ["DAYS", "RANKS", "SUBJECTS", "DayNews", "Item", "Rank", "day_news", "news"]
