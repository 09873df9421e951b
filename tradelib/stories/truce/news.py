"""The news of a day, for the head of a page: its title and its standfirst."""

from tradelib import catalogue, truce
from tradelib.news import DayNews
from tradelib.phrases import day_news, truce_clock
from tradelib.show.display import Text


def news_title(news: DayNews) -> str:
    """The news of the day in a sentence; `news` as `tradelib.news.day_news` gives it."""
    return day_news.title(news)


def news_standfirst(news: DayNews) -> Text:
    """Under the title: what else changed, what is law, what is only said; without links, and with the sources of all of it."""
    return Text(" ".join(day_news.standfirst(news)), catalogue.sources(*[frame for frame in news.rows if len(frame)]))


def truce_title(news: DayNews, status: truce.Status) -> str:
    """The news of the truce; on a quiet day how long it has run and will, or what goods pay where none runs."""
    if lead := day_news.title(news):
        return lead
    if status.word == "none" and not status.pause:
        return day_news.rates(news)
    return truce_clock.title(status) if status.word == "running" else truce_clock.idle(status)
