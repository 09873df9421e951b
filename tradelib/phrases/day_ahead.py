"""What a day ahead brings; a row of `truce.dates_ahead`, or of `today.coming`, names the thing and its kind."""

import re

_END = ("suspension", "truce")
# What a thing that ends is called, before what it is of or for.
_HEAD = re.compile(r"(.*?)(?: (?:of|for|between|in|on|to) .*)?")


def brings(what: str, kind: str) -> str:
    """The thing, and that it ends, where its day is its end.

    Examples
    --------
    >>> brings("US Section 301 product exclusions", "suspension"), brings("US TikTok enforcement delay", "suspension")
    ('US Section 301 product exclusions end', 'US TikTok enforcement delay ends')
    >>> brings("APEC leaders' meeting in Shenzhen", "event")
    "APEC leaders' meeting in Shenzhen"
    """
    if kind not in _END:
        return what
    named = _HEAD.fullmatch(what)
    several = named is not None and named[1].endswith("s") and not named[1].endswith("ss")
    return f"{what} {'end' if several else 'ends'}"
