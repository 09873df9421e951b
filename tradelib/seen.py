"""How a source was seen: the text itself, a statement, statistics, a paper, the press, or at second hand."""

from urllib.parse import urlsplit

from tradelib import catalogue
from tradelib.kept import kept

SECOND_HAND = "second hand"
PRESS = "press"
_OFFICIAL = frozenset({"official text", "official statement", "official statistics"})
# How far an event was checked says more than the host of its link.
_CHECKED = {"digest_citing_primary": SECOND_HAND, "press_excerpt": PRESS}


def how(url: str, verification: str = "") -> str:
    """What kind of source a row rests on, from its first link and, of an event, from how far it was checked.

    Parameters
    ----------
    url : link; of several, separated by `|`, the first counts.
    verification : of an event, as its table has it; empty of other rows.

    Returns
    -------
    `official text`, `official statement`, `official statistics`, `paper`, `press` or `second hand`; empty without a link.

    Examples
    --------
    >>> how("https://www.whitehouse.gov/fact-sheets/2025/11/a/"), how("https://www.federalregister.gov/citation/90-FR-9817")
    ('official statement', 'official text')
    >>> how("https://www.mofcom.gov.cn/a", "digest_citing_primary"), how("https://example.org/blog")
    ('second hand', 'second hand')
    """
    first = str(url).split("|", maxsplit=1)[0].strip()
    if not first:
        return ""
    kind = _kind(first)
    return _CHECKED.get(verification, kind) if kind in _OFFICIAL or kind == PRESS else kind


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
def _addresses() -> dict[str, list[tuple[str, str]]]:
    """Paths and kinds by host, the longest path first."""
    found: dict[str, list[tuple[str, str]]] = {}
    for row in catalogue.load("hosts").itertuples():
        host, slash, path = row.address.partition("/")
        found.setdefault(host, []).append((slash + path, row.seen))
    return {host: sorted(paths, key=lambda item: -len(item[0])) for host, paths in found.items()}
