"""How a source was seen: the text itself, a statement, statistics, a paper, the press, or at second hand."""

from urllib.parse import urlsplit

from tradelib import catalogue, ledger
from tradelib.kept import kept

SECOND_HAND = "second hand"
PRESS = "press"
_OFFICIAL = frozenset({"official text", "official statement", "official statistics"})
# How far an event was checked says more than the host of its link: the best of what its rows say counts.
_CHECKED = {"digest_citing_primary": SECOND_HAND, "press_excerpt": PRESS}
_BEST = (PRESS, SECOND_HAND)


def how(url: str) -> str:
    """What kind of source a row rests on, from its first link: the same for every table that names it.

    Parameters
    ----------
    url : link; of several, separated by `|`, the first counts. An address that is known only through an excerpt, a digest or the report
        of a third party is no official text; one from which the rates of a duty were taken is.

    Returns
    -------
    `official text`, `official statement`, `official statistics`, `paper`, `press` or `second hand`; empty without a link.

    Examples
    --------
    >>> how("https://www.whitehouse.gov/fact-sheets/2025/11/a/"), how("https://www.federalregister.gov/citation/90-FR-9817")
    ('official statement', 'official text')
    >>> how("https://example.org/blog")
    'second hand'
    """
    first = _first(url)
    if not first:
        return ""
    kind = _kind(first)
    return _unread().get(first, kind) if kind in _OFFICIAL or kind == PRESS else kind


def _kind(address: str) -> str:
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    known = _addresses()
    labels = host.split(".")
    for start in range(len(labels)):
        name = ".".join(labels[start:])
        fits = [seen for path, seen in known.get(name, ()) if parts.path.startswith(path)]
        if fits:
            return fits[0]
    return SECOND_HAND


@kept(maxsize=1)
def _unread() -> dict[str, str]:
    """Addresses that were not read themselves, and how they were seen instead."""
    events, evidence, steps = (catalogue.load(name) for name in ("events", "evidence", "tariff_steps"))
    seen = [(url, _CHECKED.get(checked, "")) for url, checked in zip(events["url"], events["verification"], strict=True)]
    seen += [(url, SECOND_HAND) for url in evidence.loc[evidence["standing"].eq("report"), "url"] if _kind(_first(url)) in _OFFICIAL]
    seen += [(url, "") for url in steps.loc[steps["standing"].isin(ledger.LAW), "url"]]
    found: dict[str, set[str]] = {}
    for url, words in seen:
        found.setdefault(_first(url), set()).add(words)
    return {url: min(words, key=_BEST.index) for url, words in found.items() if "" not in words}


def _first(url: str) -> str:
    return str(url).split("|", maxsplit=1)[0].strip()


@kept(maxsize=1)
def _addresses() -> dict[str, list[tuple[str, str]]]:
    """Paths and kinds by host, the longest path first."""
    found: dict[str, list[tuple[str, str]]] = {}
    rows = catalogue.load("hosts")
    for address, kind in zip(rows["address"], rows["seen"], strict=True):
        host, slash, path = address.partition("/")
        found.setdefault(host, []).append((slash + path, kind))
    return {host: sorted(paths, key=lambda item: -len(item[0])) for host, paths in found.items()}
